//! Groups and their members, as far as they are read (api.md §8, §13.5).
use crate::rt::json::{Read, Write};

use super::relation::{Page, Search};
use crate::method;

/// A group.
#[derive(Clone, Debug, Default, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "GroupItem"))]
pub struct Group {
    #[serde(rename = "groupID")]
    pub group_id: String,
    #[serde(rename = "groupName")]
    pub group_name: String,
    /// Announcement.
    pub notification: String,
    #[serde(rename = "notificationUserID")]
    pub notification_user_id: String,
    /// Unix milliseconds.
    #[serde(rename = "notificationUpdateTime")]
    pub notification_update_time: i64,
    pub introduction: String,
    #[serde(rename = "faceURL")]
    pub face_url: String,
    #[serde(rename = "ownerUserID")]
    pub owner_user_id: String,
    /// Unix milliseconds.
    #[serde(rename = "createTime")]
    pub create_time: i64,
    #[serde(rename = "memberCount")]
    pub member_count: u32,
    #[cfg_attr(test, ts(type = "GroupStatus"))]
    pub status: i32,
    #[serde(rename = "creatorUserID")]
    pub creator_user_id: String,
    #[serde(rename = "groupType")]
    #[cfg_attr(test, ts(type = "GroupType"))]
    pub group_type: i32,
    #[serde(rename = "needVerification")]
    #[cfg_attr(test, ts(type = "GroupVerificationType"))]
    pub need_verification: i32,
    /// Application data.
    pub ex: String,
    #[serde(rename = "applyMemberFriend")]
    #[cfg_attr(test, ts(type = "AllowType"))]
    pub apply_member_friend: i32,
    #[serde(rename = "lookMemberInfo")]
    #[cfg_attr(test, ts(type = "AllowType"))]
    pub look_member_info: i32,
    /// Only with the enterprise server: always false here.
    #[serde(rename = "displayIsRead")]
    pub display_is_read: bool,
    #[serde(rename = "attachedInfo")]
    #[cfg_attr(test, ts(optional, as = "Option<String>"))]
    pub attached_info: String,
}

/// A member of a group.
#[derive(Clone, Debug, Default, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "GroupMemberItem"))]
pub struct Member {
    #[serde(rename = "groupID")]
    pub group_id: String,
    #[serde(rename = "userID")]
    pub user_id: String,
    pub nickname: String,
    #[serde(rename = "faceURL")]
    pub face_url: String,
    #[serde(rename = "roleLevel")]
    #[cfg_attr(test, ts(type = "GroupMemberRole"))]
    pub role_level: i32,
    /// Muted until then, Unix milliseconds.
    #[serde(rename = "muteEndTime")]
    pub mute_end_time: i64,
    /// Unix milliseconds.
    #[serde(rename = "joinTime")]
    pub join_time: i64,
    #[serde(rename = "joinSource")]
    #[cfg_attr(test, ts(type = "GroupJoinSource"))]
    pub join_source: i32,
    #[serde(rename = "inviterUserID")]
    pub inviter_user_id: String,
    #[serde(rename = "operatorUserID")]
    pub operator_user_id: String,
    /// Application data.
    pub ex: String,
    #[serde(rename = "attachedInfo")]
    #[cfg_attr(test, ts(optional, as = "Option<String>"))]
    pub attached_info: String,
}

/// An application for membership.
#[derive(Clone, Debug, Default, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "GroupApplicationItem"))]
pub struct GroupApplication {
    /// Unix milliseconds; of the group.
    #[serde(rename = "createTime")]
    pub create_time: i64,
    #[serde(rename = "creatorUserID")]
    pub creator_user_id: String,
    pub ex: String,
    #[serde(rename = "groupFaceURL")]
    pub group_face_url: String,
    #[serde(rename = "groupID")]
    pub group_id: String,
    #[serde(rename = "groupName")]
    pub group_name: String,
    #[serde(rename = "groupType")]
    #[cfg_attr(test, ts(type = "GroupType"))]
    pub group_type: i32,
    #[serde(rename = "handleResult")]
    #[cfg_attr(test, ts(type = "ApplicationHandleResult"))]
    pub handle_result: i32,
    #[serde(rename = "handleUserID")]
    pub handle_user_id: String,
    #[serde(rename = "handledMsg")]
    pub handled_msg: String,
    /// Unix milliseconds.
    #[serde(rename = "handledTime")]
    pub handled_time: i64,
    pub introduction: String,
    #[serde(rename = "memberCount")]
    pub member_count: u32,
    pub nickname: String,
    pub notification: String,
    #[serde(rename = "ownerUserID")]
    pub owner_user_id: String,
    #[serde(rename = "reqMsg")]
    pub req_msg: String,
    /// Unix milliseconds.
    #[serde(rename = "reqTime")]
    pub req_time: i64,
    #[serde(rename = "joinSource")]
    #[cfg_attr(test, ts(type = "GroupJoinSource"))]
    pub join_source: i32,
    #[cfg_attr(test, ts(type = "GroupStatus"))]
    pub status: i32,
    #[serde(rename = "userFaceURL")]
    pub user_face_url: String,
    #[serde(rename = "userID")]
    pub user_id: String,
    #[serde(rename = "inviterUserID")]
    #[cfg_attr(test, ts(optional, as = "Option<String>"))]
    pub inviter_user_id: String,
}

/// The groups the user is in.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetJoinedGroupList;
method!(GetJoinedGroupList, "getJoinedGroupList" -> Vec<Group>);

/// Groups by ID, also those the user is not in. Unknown IDs are absent.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetSpecifiedGroupsInfo(pub Vec<String>);
method!(GetSpecifiedGroupsInfo, "getSpecifiedGroupsInfo" -> Vec<Group>);

/// Members of a group: owner first, then administrators, then members. `[]` if the user is not in it.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "GetGroupMemberParams"))]
pub struct GetGroupMemberList {
    #[serde(rename = "groupID")]
    pub group_id: String,
    #[cfg_attr(test, ts(type = "GroupMemberFilter"))]
    pub filter: i32,
    pub offset: i64,
    /// 0 for all.
    pub count: i64,
}
method!(GetGroupMemberList, "getGroupMemberList" -> Vec<Member>);

/// Some users of a group.
#[derive(Debug, Read)]
pub struct GroupUsers {
    #[serde(rename = "groupID")]
    pub group_id: String,
    #[serde(rename = "userIDList")]
    pub user_id_list: Vec<String>,
}

/// Members of a group by user ID. `[]` if the user is not in the group.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetSpecifiedGroupMembersInfo(
    #[cfg_attr(test, ts(type = "Omit<AccessToGroupParams, 'reason'>"))] pub GroupUsers,
);
method!(GetSpecifiedGroupMembersInfo, "getSpecifiedGroupMembersInfo" -> Vec<Member>);

/// Which of some users are members of a group.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetUsersInGroup(
    #[cfg_attr(test, ts(type = "Omit<AccessToGroupParams, 'reason'>"))] pub GroupUsers,
);
method!(GetUsersInGroup, "getUsersInGroup" -> Vec<String>);

/// Whether the user is in a group.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct IsJoinGroup(pub String);
method!(IsJoinGroup, "isJoinGroup" -> bool);

/// A page of the groups the user is in. Behind its end: `[]`.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetJoinedGroupListPage(#[cfg_attr(test, ts(type = "OffsetParams"))] pub Page);
method!(GetJoinedGroupListPage, "getJoinedGroupListPage" -> Vec<Group>);

/// Joined groups by ID or name. Rejects with 10002 if there is nothing to look for or nowhere to look.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SearchGroups(#[cfg_attr(test, ts(type = "SearchGroupParams"))] pub Search);
method!(SearchGroups, "searchGroups" -> Vec<Group>);

/// Members of a group by user ID or name. Rejects with 10002 if there is nothing to look for or nowhere
/// to look.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SearchGroupMembers(#[cfg_attr(test, ts(type = "SearchGroupMemberParams"))] pub Search);
method!(SearchGroupMembers, "searchGroupMembers" -> Vec<Member>);

/// Owner and administrators of a group.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetGroupMemberOwnerAndAdmin(pub String);
method!(GetGroupMemberOwnerAndAdmin, "getGroupMemberOwnerAndAdmin" -> Vec<Member>);

/// Members who joined within a time, the latest first.
#[derive(Debug, Read)]
pub struct JoinedWithin {
    #[serde(rename = "groupID")]
    pub group_id: String,
    /// To leave out.
    #[serde(rename = "filterUserIDList")]
    pub filter_user_id_list: Vec<String>,
    pub offset: i64,
    /// 0 for all.
    pub count: i64,
    /// Unix milliseconds.
    #[serde(rename = "joinTimeBegin")]
    pub join_time_begin: i64,
    /// Unix milliseconds, 0 for now.
    #[serde(rename = "joinTimeEnd")]
    pub join_time_end: i64,
}

/// Members who joined within a time, the latest first, without some users.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetGroupMemberListByJoinTimeFilter(
    #[cfg_attr(test, ts(type = "GetGroupMemberByTimeParams"))] pub JoinedWithin,
);
method!(GetGroupMemberListByJoinTimeFilter, "getGroupMemberListByJoinTimeFilter" -> Vec<Member>);
