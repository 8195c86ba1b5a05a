//! THE TABLE OF COMMANDS: methods that are one HTTP call each (api.md §7, §8; data.md §2.3, §2.4). A
//! name that is the same on both sides is written once.
use super::command::{
    Command, Reply, Then, fixed, flag, me, number, numbers, object, text, texts, whole,
};
use super::sync::lists::List::{Blacks, Friends, Groups};

macro_rules! commands {
    ($($(#[$doc:meta])* $type:ident($params:literal) -> $reply:ty {
        $name:literal => $path:literal $(/ $off:literal => $off_path:literal)?,
        [$($arg:expr),* $(,)?] $(in $wrap:literal)? $(if $check:ident)?, $then:expr, $resolve:expr
    })*) => {
        /// All of them.
        static COMMANDS: &[Command] = &[$(Command {
            name: $name,
            path: $path,
            off: commands!(@off $($off $off_path)?),
            args: &[$($arg),*],
            wrap: concat!($($wrap)?),
            check: commands!(@check $($check)?),
            then: $then,
            reply: $resolve,
        }),*];

        /// Tells a visitor every command with its parameters and reply.
        #[cfg(test)]
        pub(crate) fn describe(f: &mut impl crate::js::dts::Describe) {
            $(
                $(#[$doc])*
                #[allow(dead_code)]
                #[derive(crate::rt::json::Read, ts_rs::TS)]
                struct $type(#[ts(type = $params)] serde_json::Value);
                crate::method!($type, $name -> $reply);
                f.method::<$type>();
            )*
        }
    };
    (@check) => { super::command::any };
    (@check $check:ident) => { super::command::$check };
    (@off) => { None };
    (@off $off:literal $path:literal) => { Some(($off, $path)) };
}

/// Names of all of them.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|command| command.name)
}

/// The command of this name.
pub(crate) fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

#[cfg(test)]
use crate::api::{
    Done,
    group::{Group, GroupApplication},
    relation::FriendApplication,
};

commands! {
    // Friends

    /// Asks a user for friendship. Both sides are told by `OnFriendApplicationAdded`. Rejects with
    /// `oneself` (1301), `alreadyFriend` (1304), `userNotFound` (1004).
    AddFriend("AddFriendParams") -> Done {
        "addFriend" => "/friend/add_friend",
        [me("fromUserID"), text("toUserID"), text("reqMsg")],
        Then::Nothing, Reply::Done
    }
    /// Accepts an application for friendship; `toUserID` is the applicant. `OnFriendAdded` comes before
    /// the promise resolves. Rejects with `alreadyHandled` (1001) if it was answered before.
    AcceptFriendApplication("AccessFriendApplicationParams") -> Done {
        "acceptFriendApplication" => "/friend/add_friend_response",
        [text("toUserID").to("fromUserID"), me("toUserID"), fixed("handleResult", 1), text("handleMsg")],
        Then::Sync(Friends), Reply::Done
    }
    /// Refuses an application for friendship; `toUserID` is the applicant. Rejects with `alreadyHandled`
    /// (1305) if it was answered before.
    RefuseFriendApplication("AccessFriendApplicationParams") -> Done {
        "refuseFriendApplication" => "/friend/add_friend_response",
        [text("toUserID").to("fromUserID"), me("toUserID"), fixed("handleResult", -1), text("handleMsg")],
        Then::Nothing, Reply::Done
    }
    /// Applications for friendship that others made. Without `count`: all.
    GetFriendApplicationListAsRecipient("GetFriendApplicationListAsRecipientParams | null") -> Vec<FriendApplication> {
        "getFriendApplicationListAsRecipient" => "/friend/get_friend_apply_list",
        [me("userID"), numbers("handleResults").optional()],
        Then::Nothing, Reply::Pages("FriendRequests")
    }
    /// Applications for friendship that the user made. Without `count`: all.
    GetFriendApplicationListAsApplicant("GetFriendApplicationListAsApplicationParams | null") -> Vec<FriendApplication> {
        "getFriendApplicationListAsApplicant" => "/friend/get_self_friend_apply_list",
        [me("userID")],
        Then::Nothing, Reply::Pages("friendRequests")
    }
    /// How many applications for friendship since `time` (Unix milliseconds, 0 = ever) wait for an
    /// answer.
    GetFriendApplicationUnhandledCount("GetSelfUnhandledApplyCountParams") -> u32 {
        "getFriendApplicationUnhandledCount" => "/friend/get_self_unhandled_apply_count",
        [me("userID"), number("time")],
        Then::Nothing, Reply::Field("count")
    }
    /// Ends a friendship on this side. The conversation stays.
    DeleteFriend("string") -> Done {
        "deleteFriend" => "/friend/delete_friend",
        [me("ownerUserID"), whole("friendUserID")],
        Then::Sync(Friends), Reply::Done
    }
    /// Changes remark, pin or `ex` of friends; what is absent stays. Users who are no friends are passed
    /// over.
    UpdateFriends("UpdateFriendsParams") -> Done {
        "updateFriends" => "/friend/update_friends",
        [me("ownerUserID"), texts("friendUserIDs"), flag("isPinned").optional(),
         text("remark").optional(), text("ex").optional()],
        Then::Sync(Friends), Reply::Done
    }
    /// Sets the own name for a friend.
    ///
    /// @deprecated Use updateFriends instead.
    SetFriendRemark("RemarkFriendParams") -> Done {
        "setFriendRemark" => "/friend/update_friends",
        [me("ownerUserID"), text("toUserID").in_list("friendUserIDs"), text("remark")],
        Then::Sync(Friends), Reply::Done
    }
    /// Puts friends on top of the list.
    ///
    /// @deprecated Use updateFriends instead.
    PinFriends("PinFriendParams") -> Done {
        "pinFriends" => "/friend/update_friends",
        [me("ownerUserID"), texts("toUserIDs").to("friendUserIDs"), flag("isPinned")],
        Then::Sync(Friends), Reply::Done
    }
    /// Sets the application's own text of friends.
    ///
    /// @deprecated Use updateFriends instead.
    SetFriendsEx("SetFriendExParams") -> Done {
        "setFriendsEx" => "/friend/update_friends",
        [me("ownerUserID"), texts("toUserIDs").to("friendUserIDs"), text("ex")],
        Then::Sync(Friends), Reply::Done
    }
    /// Puts a user on the black list: what he sends is refused. A friendship stays. Rejects with
    /// `userNotFound` (1004), `alreadyBlocked` (500).
    AddBlack("AddBlackParams") -> Done {
        "addBlack" => "/friend/add_black",
        [me("ownerUserID"), text("toUserID").to("blackUserID"), text("ex").optional()],
        Then::Sync(Blacks), Reply::Done
    }
    /// Takes a user off the black list.
    RemoveBlack("string") -> Done {
        "removeBlack" => "/friend/remove_black",
        [me("ownerUserID"), whole("blackUserID")],
        Then::Sync(Blacks), Reply::Done
    }

    // Groups

    /// Creates a group; the user becomes its owner. `groupInfo.groupType` must be 2.
    /// `OnJoinedGroupAdded` comes before the promise resolves.
    CreateGroup("CreateGroupParams") -> Group {
        "createGroup" => "/group/create_group",
        [texts("memberUserIDs"), object("groupInfo").by("creatorUserID"), texts("adminUserIDs").optional(), me("ownerUserID")] if new_group,
        Then::Sync(Groups), Reply::Field("groupInfo")
    }
    /// Joins a group, or applies for it where that needs approval (`OnGroupApplicationAdded`). Rejects with
    /// `groupNotFound` (1004), `alreadyMember` (1001).
    JoinGroup("JoinGroupParams") -> Done {
        "joinGroup" => "/group/join_group",
        [text("groupID"), text("reqMsg").to("reqMessage"), number("joinSource"), me("inviterUserID"),
         text("ex").optional()],
        Then::Sync(Groups), Reply::Done
    }
    /// Leaves a group. Its owner cannot (1002). The conversation stays.
    QuitGroup("string") -> Done {
        "quitGroup" => "/group/quit_group",
        [whole("groupID"), me("userID")],
        Then::Sync(Groups), Reply::Done
    }
    /// Dismisses a group for everybody; only its owner can.
    DismissGroup("string") -> Done {
        "dismissGroup" => "/group/dismiss_group",
        [whole("groupID")],
        Then::Sync(Groups), Reply::Done
    }
    /// Brings users into a group, or applies for them where that needs approval. If one of them is a
    /// member already nobody comes in: `alreadyMember` (500).
    InviteUserToGroup("AccessToGroupParams") -> Done {
        "inviteUserToGroup" => "/group/invite_user_to_group",
        [text("groupID"), text("reason"), texts("userIDList").to("invitedUserIDs")],
        Then::Members, Reply::Done
    }
    /// Removes members; administrators can remove ordinary members, the owner everybody else.
    KickGroupMember("AccessToGroupParams") -> Done {
        "kickGroupMember" => "/group/kick_group",
        [text("groupID"), text("reason"), texts("userIDList").to("kickedUserIDs")],
        Then::Members, Reply::Done
    }
    /// Mutes a group or ends that. Owner and administrators can still write.
    ChangeGroupMute("ChangeGroupMuteParams") -> Done {
        "changeGroupMute" => "/group/mute_group" / "isMute" => "/group/cancel_mute_group",
        [text("groupID"), flag("isMute")],
        Then::Members, Reply::Done
    }
    /// Mutes a member for some seconds; 0 ends that.
    ChangeGroupMemberMute("ChangeGroupMemberMuteParams") -> Done {
        "changeGroupMemberMute" => "/group/mute_group_member"
            / "mutedSeconds" => "/group/cancel_mute_group_member",
        [text("groupID"), text("userID"), number("mutedSeconds")],
        Then::Members, Reply::Done
    }
    /// Hands a group to another member, whose role the old owner gets.
    TransferGroupOwner("TransferGroupParams") -> Done {
        "transferGroupOwner" => "/group/transfer_group",
        [text("groupID"), me("oldOwnerUserID"), text("newOwnerUserID")],
        Then::Members, Reply::Done
    }
    /// Changes a group's name, announcement, face, settings; what is absent stays. For owner and
    /// administrators.
    SetGroupInfo("Partial<GroupItem> & { groupID: string }") -> Done {
        "setGroupInfo" => "/group/set_group_info_ex",
        [text("groupID"), text("groupName").optional(), text("notification").optional(),
         text("introduction").optional(), text("faceURL").optional(), text("ex").optional(),
         number("needVerification").optional(), number("lookMemberInfo").optional(),
         number("applyMemberFriend").optional()],
        Then::Members, Reply::Done
    }
    /// Whether members may become friends through the group.
    ///
    /// @deprecated Use setGroupInfo instead.
    SetGroupApplyMemberFriend("SetMemberPermissionParams") -> Done {
        "setGroupApplyMemberFriend" => "/group/set_group_info_ex",
        [text("groupID"), number("rule").to("applyMemberFriend")],
        Then::Members, Reply::Done
    }
    /// Whether members may look at each other.
    ///
    /// @deprecated Use setGroupInfo instead.
    SetGroupLookMemberInfo("SetMemberPermissionParams") -> Done {
        "setGroupLookMemberInfo" => "/group/set_group_info_ex",
        [text("groupID"), number("rule").to("lookMemberInfo")],
        Then::Members, Reply::Done
    }
    /// How one comes into the group.
    ///
    /// @deprecated Use setGroupInfo instead.
    SetGroupVerification("SetGroupVerificationParams") -> Done {
        "setGroupVerification" => "/group/set_group_info_ex",
        [text("groupID"), number("verification").to("needVerification")],
        Then::Members, Reply::Done
    }
    /// Changes a member's name, face, role (20 or 60, by owner and administrators), `ex`; what is
    /// absent stays. Ordinary members change only themselves.
    SetGroupMemberInfo("UpdateMemberInfoParams") -> Done {
        "setGroupMemberInfo" => "/group/set_group_member_info",
        [text("groupID"), text("userID"), text("nickname").optional(), text("faceURL").optional(),
         number("roleLevel").optional(), text("ex").optional()] in "members",
        Then::Members, Reply::Done
    }
    /// Changes a member's name in the group.
    ///
    /// @deprecated Use setGroupMemberInfo instead.
    SetGroupMemberNickname("SetGroupMemberNickParams") -> Done {
        "setGroupMemberNickname" => "/group/set_group_member_info",
        [text("groupID"), text("userID"), text("groupMemberNickname").to("nickname")] in "members",
        Then::Members, Reply::Done
    }
    /// Makes a member an administrator (60) or an ordinary member (20).
    ///
    /// @deprecated Use setGroupMemberInfo instead.
    SetGroupMemberRoleLevel("SetGroupRoleParams") -> Done {
        "setGroupMemberRoleLevel" => "/group/set_group_member_info",
        [text("groupID"), text("userID"), number("roleLevel")] in "members",
        Then::Members, Reply::Done
    }
    /// Applications for membership in groups the user owns or administers. Without `count`: all.
    GetGroupApplicationListAsRecipient("GetGroupApplicationListParams | null") -> Vec<GroupApplication> {
        "getGroupApplicationListAsRecipient" => "/group/get_recv_group_applicationList",
        [me("fromUserID"), texts("groupID").optional().to("groupIDs"), numbers("handleResults").optional()],
        Then::Nothing, Reply::GroupApplications("groupRequests")
    }
    /// Applications for membership that the user made. Without `count`: all.
    GetGroupApplicationListAsApplicant("GetGroupApplicationListParams | null") -> Vec<GroupApplication> {
        "getGroupApplicationListAsApplicant" => "/group/get_user_req_group_applicationList",
        [me("userID"), texts("groupID").optional().to("groupIDs"), numbers("handleResults").optional()],
        Then::Nothing, Reply::GroupApplications("groupRequests")
    }
    /// How many applications for membership since `time` (Unix milliseconds, 0 = ever) wait for the
    /// user's answer.
    GetGroupApplicationUnhandledCount("GetSelfUnhandledApplyCountParams") -> u32 {
        "getGroupApplicationUnhandledCount" => "/group/get_group_application_unhandled_count",
        [me("userID"), number("time")],
        Then::Nothing, Reply::Field("count")
    }
    /// Lets an applicant into a group. Rejects with `alreadyHandled` (1206) if it was answered before.
    AcceptGroupApplication("AccessGroupApplicationParams") -> Done {
        "acceptGroupApplication" => "/group/group_application_response",
        [text("groupID"), text("fromUserID"), text("handleMsg").to("handledMsg"), fixed("handleResult", 1)],
        Then::Members, Reply::Done
    }
    /// Refuses an applicant.
    RefuseGroupApplication("AccessGroupApplicationParams") -> Done {
        "refuseGroupApplication" => "/group/group_application_response",
        [text("groupID"), text("fromUserID"), text("handleMsg").to("handledMsg"), fixed("handleResult", -1)],
        Then::Nothing, Reply::Done
    }
}
