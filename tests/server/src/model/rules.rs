//! What a REST call must carry before the server looks anything up: required fields, limits, and whose lists a user
//! may ask for (data.md §2). A path without rules has none.
use serde_json::Value;

use super::rest::text;
use super::tokens::Caller;
use super::{Answer, refuse};

/// One rule. Fields are JSON pointers.
enum Rule {
    /// A text that is not empty.
    Text(&'static str),
    /// One of two texts at least.
    OneOf(&'static str, &'static str),
    /// A number that is not 0.
    Number(&'static str),
    /// A list that is not empty, without the same text twice.
    Unique(&'static str),
    /// A list that is not empty.
    List(&'static str),
    /// An object.
    Object(&'static str),
    /// A number of at least, and of at most, so much.
    Within(&'static str, i64, i64),
    /// 1 or -1: an answer to an application.
    Decision(&'static str),
    /// No 0 in a list of numbers.
    NoZero(&'static str),
    /// `pagination` with a page number of at least 1.
    Page,
    /// The caller's own user ID; administrators may name anybody.
    Own(&'static str),
    /// The same, or nothing.
    OwnOrNone(&'static str),
    /// One of two users is the caller.
    OneIs(&'static str, &'static str),
    /// Each of a list is the caller.
    AllOwn(&'static str),
    /// For administrators.
    Admin,
}
use Rule::{
    Admin, AllOwn, Decision, List, NoZero, Number, Object, OneIs, OneOf, Own, OwnOrNone, Page,
    Text, Unique, Within,
};

/// The rules of a path, in the order in which they are looked at.
#[rustfmt::skip]
fn rules(path: &str) -> &'static [Rule] {
    match path {
        "/auth/get_admin_token" => &[Text("/userID")],
        "/auth/parse_token" => &[Text("/token")],
        "/auth/get_user_token" => &[Admin],
        "/auth/force_logout" => &[Text("/userID"), Within("/platformID", 1, 12), Admin],

        "/user/user_register" => &[List("/users")],
        "/user/get_users_info" | "/user/get_users_status" => &[List("/userIDs")],
        "/user/account_check" => &[List("/checkUserIDs")],
        "/user/get_user_client_config" => &[OwnOrNone("/userID")],
        "/user/update_user_info" | "/user/update_user_info_ex"
            => &[Text("/userInfo/userID"), Own("/userInfo/userID")],
        "/user/set_global_msg_recv_opt" => &[Within("/globalRecvMsgOpt", 0, 2), Text("/userID")],
        "/user/get_all_users_uid" | "/user/get_users" => &[Page],
        "/user/subscribe_users_status"
            => &[Text("/userID"), List("/userIDs"), Within("/genre", 1, 2)],
        "/user/get_subscribe_users_status" => &[Text("/userID")],
        "/user/process_user_command_add" | "/user/process_user_command_delete"
        | "/user/process_user_command_update"
            => &[Text("/userID"), Number("/type"), Text("/uuid"), Own("/userID")],
        "/user/process_user_command_get"
            => &[Text("/userID"), Number("/type"), Own("/userID")],
        "/user/process_user_command_get_all" => &[Text("/userID"), Own("/userID")],
        "/user/set_user_client_config" | "/user/del_user_client_config"
        | "/user/page_user_client_config" => &[Admin],
        "/user/add_notification_account" => &[Text("/nickName"), Admin],
        "/user/update_notification_account"
            => &[Text("/userID"), OneOf("/nickName", "/faceURL"), Admin],
        "/user/search_notification_account" => &[Page, Admin],

        "/friend/get_friend_list" | "/friend/get_black_list" | "/friend/get_friend_apply_list"
        | "/friend/get_self_friend_apply_list" => &[Page, Text("/userID"), Own("/userID")],
        "/friend/get_designated_friends"
            => &[Text("/ownerUserID"), Unique("/friendUserIDs"), Own("/ownerUserID")],
        "/friend/get_designated_friend_apply"
            => &[Text("/fromUserID"), Text("/toUserID"), OneIs("/fromUserID", "/toUserID")],
        "/friend/get_friend_id" => &[Text("/userID"), Own("/userID")],
        "/friend/get_full_friend_user_ids" => &[Text("/userID"), Own("/userID")],
        "/friend/get_incremental_friends" | "/friend/get_incremental_blacks"
        | "/friend/get_self_unhandled_apply_count" => &[Own("/userID")],
        "/friend/add_friend" => &[Text("/toUserID"), Text("/fromUserID"), Own("/fromUserID")],
        "/friend/add_friend_response"
            => &[Text("/toUserID"), Text("/fromUserID"), Own("/toUserID"), Decision("/handleResult")],
        "/friend/delete_friend" | "/friend/set_friend_remark"
            => &[Text("/ownerUserID"), Text("/friendUserID"), Own("/ownerUserID")],
        "/friend/update_friends"
            => &[Text("/ownerUserID"), List("/friendUserIDs"), Own("/ownerUserID"), Unique("/friendUserIDs")],
        "/friend/import_friend" => &[Text("/ownerUserID"), List("/friendUserIDs"), Admin],
        "/friend/add_black" | "/friend/remove_black"
            => &[Text("/ownerUserID"), Text("/blackUserID"), Own("/ownerUserID")],
        "/friend/get_specified_blacks" => &[Own("/ownerUserID"), Unique("/userIDList")],
        "/friend/get_specified_friends_info"
            => &[Text("/ownerUserID"), Unique("/userIDList"), Own("/ownerUserID")],
        "/friend/is_friend" => &[Text("/userID1"), Text("/userID2"), OneIs("/userID1", "/userID2")],

        "/group/create_group" => &[
            Object("/groupInfo"), Within("/groupInfo/groupType", 0, 2), Text("/ownerUserID"),
            Within("/groupInfo/groupType", 2, 2), Own("/ownerUserID"),
        ],
        "/group/get_groups_info" => &[List("/groupIDs")],
        "/group/get_group_abstract_info" => &[Unique("/groupIDs")],
        "/group/get_joined_group_list" | "/group/get_recv_group_applicationList"
            => &[Page, Text("/fromUserID"), Own("/fromUserID")],
        "/group/get_user_req_group_applicationList"
            => &[Text("/userID"), Page, Own("/userID")],
        "/group/get_group_users_req_application_list" => &[Text("/groupID"), List("/userIDs")],
        "/group/get_groups" => &[Page],
        "/group/set_group_info" => &[Object("/groupInfoForSet"), Text("/groupInfoForSet/groupID")],
        "/group/get_full_join_group_ids" => &[Text("/userID"), Own("/userID")],
        "/group/get_incremental_join_groups" | "/group/get_group_application_unhandled_count"
            => &[Own("/userID")],
        "/group/get_group_member_list" => &[Text("/groupID"), Page, Within("/filter", 0, 5)],
        "/group/get_group_members_info" => &[Text("/groupID"), List("/userIDs")],
        "/group/get_full_group_member_user_ids" | "/group/get_group_member_user_id"
        | "/group/dismiss_group" | "/group/mute_group" | "/group/cancel_mute_group"
            => &[Text("/groupID")],
        "/group/quit_group" => &[Text("/groupID"), OwnOrNone("/userID")],
        "/group/transfer_group"
            => &[Text("/groupID"), Text("/oldOwnerUserID"), Text("/newOwnerUserID")],
        "/group/join_group" => &[Text("/groupID"), Within("/joinSource", 1, 4)],
        "/group/group_application_response"
            => &[Text("/groupID"), Text("/fromUserID"), Decision("/handleResult")],
        "/group/kick_group" => &[Text("/groupID"), Unique("/kickedUserIDs")],
        "/group/invite_user_to_group" => &[Text("/groupID"), Unique("/invitedUserIDs")],
        "/group/mute_group_member"
            => &[Text("/groupID"), Text("/userID"), Within("/mutedSeconds", 1, i64::MAX)],
        "/group/cancel_mute_group_member" => &[Text("/groupID"), Text("/userID")],
        "/group/set_group_member_info" => &[List("/members")],

        "/conversation/get_sorted_conversation_list" => &[Text("/userID"), Page, Own("/userID")],
        "/conversation/get_all_conversations" => &[Text("/ownerUserID"), Own("/ownerUserID")],
        "/conversation/get_conversation"
            => &[Text("/ownerUserID"), Text("/conversationID"), Own("/ownerUserID")],
        "/conversation/get_conversations"
            => &[Text("/ownerUserID"), List("/conversationIDs"), Own("/ownerUserID")],
        "/conversation/set_conversations" => &[
            List("/userIDs"), Object("/conversation"),
            Within("/conversation/conversationType", 1, i64::MAX), AllOwn("/userIDs"),
        ],
        "/conversation/get_owner_conversation" | "/conversation/get_incremental_conversations"
        | "/conversation/get_full_conversation_ids" | "/conversation/get_not_notify_conversation_ids"
        | "/conversation/get_pinned_conversation_ids" => &[Own("/userID")],

        "/msg/newest_seq" | "/msg/pull_msg_by_seq" => &[Own("/userID")],
        "/msg/get_conversations_has_read_and_max_seq" => &[Text("/userID"), Own("/userID")],
        "/msg/mark_conversation_as_read" => &[
            Text("/conversationID"), Text("/userID"), Within("/hasReadSeq", 1, i64::MAX),
            NoZero("/seqs"), Own("/userID"),
        ],
        "/msg/mark_msgs_as_read"
            => &[Text("/conversationID"), List("/seqs"), Text("/userID"), NoZero("/seqs"), Own("/userID")],
        "/msg/set_conversation_has_read_seq" => &[
            Text("/conversationID"), Text("/userID"), Within("/hasReadSeq", 1, i64::MAX), Own("/userID"),
        ],
        "/msg/revoke_msg" => &[
            Text("/conversationID"), Within("/seq", 1, i64::MAX), Text("/userID"), Own("/userID"),
        ],
        "/msg/delete_msgs"
            => &[Text("/conversationID"), Text("/userID"), List("/seqs"), Own("/userID")],
        "/msg/delete_msg_phsical_by_seq" => &[Admin],
        "/msg/delete_msg_physical" => &[List("/conversationIDs"), Admin],
        "/msg/clear_conversation_msg"
            => &[List("/conversationIDs"), Text("/userID"), Own("/userID")],
        "/msg/user_clear_all_msg" => &[Text("/userID"), Own("/userID")],

        "/third/fcm_update_token"
            => &[Within("/platformID", 1, i64::MAX), Text("/fcmToken"), Text("/account")],
        "/third/set_app_badge" => &[Text("/userID"), Own("/userID")],
        _ => &[],
    }
}

/// Refuses a call that breaks one of its path's rules.
pub(crate) fn check(path: &str, caller: &Caller, body: &Value) -> Answer<()> {
    for rule in rules(path) {
        rule.check(caller, body)?;
    }
    Ok(())
}

impl Rule {
    fn check(&self, caller: &Caller, body: &Value) -> Answer<()> {
        let at = |field: &str| body.pointer(field).unwrap_or(&Value::Null);
        let list = |field: &str| at(field).as_array().map(Vec::as_slice).unwrap_or_default();
        let has_text = |field: &str| at(field).as_str().is_some_and(|text| !text.is_empty());
        let is_own = |field: &str| caller.is_admin || at(field).as_str() == Some(&caller.user_id);
        match self {
            Text(field) => given(field, has_text(field)),
            OneOf(one, other) => given(one, has_text(one) || has_text(other)),
            Number(field) => given(field, at(field).as_i64().is_some_and(|number| number != 0)),
            List(field) => given(field, !list(field).is_empty()),
            Unique(field) => {
                let all = list(field);
                let twice = (1..all.len()).any(|n| all[..n].contains(&all[n]));
                given(field, !all.is_empty() && !twice)
            }
            Object(field) => given(field, at(field).is_object()),
            Within(field, least, most) => {
                let number = at(field).as_i64().unwrap_or(0);
                given(field, (*least..=*most).contains(&number))
            }
            Decision(field) => given(field, matches!(at(field).as_i64(), Some(1 | -1))),
            NoZero(field) => given(field, !list(field).iter().any(|seq| seq == 0)),
            Page => given(
                "/pagination",
                at("/pagination/pageNumber").as_i64().unwrap_or(0) >= 1,
            ),
            Own(field) => allowed(is_own(field)),
            OwnOrNone(field) => {
                let none = at(field).as_str().unwrap_or_default().is_empty();
                allowed(none || is_own(field))
            }
            OneIs(one, other) => allowed(is_own(one) || is_own(other)),
            AllOwn(field) => {
                let others = list(field).iter().any(|id| *id != *caller.user_id);
                allowed(caller.is_admin || !others)
            }
            Admin => allowed(caller.is_admin),
        }
    }
}

fn given(field: &str, holds: bool) -> Answer<()> {
    if holds {
        return Ok(());
    }
    refuse(1001, format!("{} is empty or invalid", &field[1..]))
}

fn allowed(holds: bool) -> Answer<()> {
    if holds {
        return Ok(());
    }
    refuse(1002, "for the user or an administrator")
}

/// Names of what is a number, what is yes or no, and what is a text.
#[rustfmt::skip]
const NUMBERS: [&str; 36] = [
    "pageNumber", "showNumber", "hasReadSeq", "seq", "handleResult", "joinSource", "filter",
    "platformID", "time", "conversationType", "recvMsgOpt", "burnDuration", "groupAtType",
    "msgDestructTime", "minSeq", "maxSeq", "globalRecvMsgOpt", "roleLevel", "groupType",
    "needVerification", "lookMemberInfo", "applyMemberFriend", "sessionType", "senderPlatformID",
    "sendTime", "reliabilityLevel", "size", "genre", "count", "begin",
    "end", "num", "maxParts", "partSize", "appMangerLevel", "appManagerLevel",
];
#[rustfmt::skip]
const SWITCHES: [&str; 10] = [
    "isPinned", "isPrivateChat", "isMsgDestruct", "IsSyncSelf", "IsSyncOther", "sendMsg",
    "sendMessage", "deleteMember", "noNotification", "returnPinned",
];
#[rustfmt::skip]
const TEXTS: [&str; 28] = [
    "userID", "ownerUserID", "fromUserID", "toUserID", "groupID", "conversationID", "friendUserID",
    "blackUserID", "sendID", "recvID", "inviterUserID", "oldOwnerUserID", "newOwnerUserID", "nickname",
    "faceURL", "groupName", "notification", "introduction", "reqMsg", "handleMsg", "handledMsg", "remark",
    "versionID", "keyword", "token", "hash", "name", "uploadID",
];

/// Whether a value is of the kind that its name tells: what ends with `IDs` and the like is a list, what counts
/// is a number. A body with another kind cannot be read. What a message says is not looked into.
pub(crate) fn readable(body: &Value) -> bool {
    let Value::Object(fields) = body else {
        return body.is_null();
    };
    fields.iter().all(|(key, value)| match key.as_str() {
        _ if value.is_null() => true,
        "content" => true,
        "pagination" | "deleteSyncOpt" | "conversation" | "groupInfo" | "groupInfoForSet"
        | "userInfo" => readable(value),
        "members" | "reqList" | "users" | "seqRanges" => value
            .as_array()
            .is_some_and(|rows| rows.iter().all(readable)),
        "seqs" | "handleResults" | "partNumbers" => value
            .as_array()
            .is_some_and(|rows| rows.iter().all(Value::is_i64)),
        "userIDs" | "groupIDs" | "conversationIDs" | "parts" => texts_only(value),
        "query" => value.is_object(),
        key if key.ends_with("UserIDs") => texts_only(value),
        "configs" => value
            .as_object()
            .is_some_and(|all| all.values().all(Value::is_string)),
        // A version of an application is a text.
        "version" if fields.contains_key("fileURLs") => value.is_string(),
        "version" | "idHash" | "mutedSeconds" => value.is_u64(),
        key if NUMBERS.contains(&key) => value.is_i64(),
        key if SWITCHES.contains(&key) => value.is_boolean(),
        key if TEXTS.contains(&key) => value.is_string(),
        _ => true,
    })
}

fn texts_only(value: &Value) -> bool {
    let list = value.as_array();
    list.is_some_and(|list| list.iter().all(|text| text.is_string() || text.is_null()))
}

/// Whether a new user's ID is one: letters of any alphabet, digits, `_`.
pub(crate) fn is_user_id(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Users who are to be registered: each with an ID and a name.
pub(crate) fn check_new_users(users: &[Value]) -> Answer<()> {
    let valid =
        |user: &Value| is_user_id(text(user, "userID")) && !text(user, "nickname").is_empty();
    given("/users", users.iter().all(valid))
}
