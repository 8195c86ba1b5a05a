//! THE REST TABLE: path, request and reply of every HTTP call, and how one is made (data.md §1, §2).
//!
//! Requests are written, replies are read; a null or absent field reads as empty.
use std::rc::Rc;

use crate::rt::json::{Read, Write};

use super::{Http, HttpRequest, NetError};
use crate::rt::map::Map;
use crate::rt::{self, Runtime, json};

/// A call is answered within this time or has failed.
const CALL_WAIT_MS: u32 = 10_000;
/// How much of an unreadable answer is shown to the developer.
const EXCERPT_CHARS: usize = 200;

/// One HTTP call: the request's fields are its JSON.
pub trait Endpoint: Write {
    /// Path below the API address.
    const PATH: &'static str;
    /// `data` of the answer.
    type Reply: Read + Default;
}

/// The HTTP API as one user.
pub struct Rest {
    http: Rc<dyn Http>,
    rt: Rc<dyn Runtime>,
    api_addr: String,
    token: String,
}

/// What every answer is wrapped in, but for its `data`.
#[derive(Read)]
#[serde(default)]
#[derive(Default)]
struct Envelope {
    #[serde(rename = "errCode")]
    err_code: i32,
    #[serde(rename = "errMsg")]
    err_msg: String,
    #[serde(rename = "errDlt")]
    err_dlt: String,
}

impl Rest {
    /// Calls go to `api_addr` (`http…`, no trailing path) with `token`.
    pub fn new(http: Rc<dyn Http>, rt: Rc<dyn Runtime>, api_addr: String, token: String) -> Self {
        let api_addr = api_addr.trim_end_matches('/').to_owned();
        Self {
            http,
            rt,
            api_addr,
            token,
        }
    }

    /// Makes one call with its JSON text; `data` of the answer. An `errCode` is [`NetError::Server`].
    /// The types of request and reply are left to the caller and [`reply`], so that this is compiled once.
    pub async fn call(
        &self,
        path: &'static str,
        operation_id: &str,
        body: String,
    ) -> Result<Option<json::Value>, NetError> {
        data(&self.post(path, operation_id, body).await?)
    }

    /// The body of an answer with HTTP status 200.
    async fn post(&self, path: &str, operation_id: &str, body: String) -> Result<String, NetError> {
        let request = HttpRequest {
            url: [&self.api_addr, path].concat(),
            headers: vec![
                ("token", self.token.clone()),
                ("operationID", operation_id.to_owned()),
            ],
            body,
        };
        let reply = rt::timeout(&*self.rt, CALL_WAIT_MS, self.http.post(request)).await;
        let reply = reply.unwrap_or(Err(NetError::Timeout))?;
        if reply.status != 200 {
            return Err(NetError::Http {
                status: reply.status,
                body: excerpt(&reply.body),
            });
        }
        Ok(reply.body)
    }
}

/// `data` of an answer as the reply; an answer without is an empty one.
pub fn reply<E: Endpoint>(data: Option<json::Value>) -> Result<E::Reply, NetError> {
    match data {
        Some(data) => json::from_value(&data).map_err(|e| NetError::Malformed(e.0)),
        None => Ok(E::Reply::default()),
    }
}

/// `data` of an answer; its `errCode` is an error.
fn data(text: &str) -> Result<Option<json::Value>, NetError> {
    let malformed = |_| NetError::Malformed(excerpt(text));
    let answer: json::Value = json::parse(text).map_err(malformed)?;
    let data = json::field(&answer, "data");
    let envelope: Envelope = json::from_value(&answer).map_err(malformed)?;
    if envelope.err_code == 0 {
        return Ok(data);
    }
    let (short, detail) = (envelope.err_msg, envelope.err_dlt);
    // A failure without a code of its own is told in the same words twice.
    let message = match short == detail {
        true => short,
        false => [short, detail].join(" "),
    };
    Err(NetError::Server {
        code: envelope.err_code,
        message: message.trim().to_owned(),
    })
}

fn excerpt(text: &str) -> String {
    text.chars().take(EXCERPT_CHARS).collect()
}

/// A request: `request!(Name "/path" -> Reply { field "jsonKey": Type, … })`.
macro_rules! request {
    ($(#[$doc:meta])* $name:ident $path:literal -> $reply:ty {
        $($field:ident $key:literal: $ty:ty),* $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Write)]
        pub struct $name { $(#[serde(rename = $key)] #[allow(missing_docs)] pub $field: $ty),* }
        impl Endpoint for $name {
            const PATH: &'static str = $path;
            type Reply = $reply;
        }
    };
}

/// A part of a reply: `reply!(Name { field "jsonKey": Type, … })`.
macro_rules! reply {
    ($(#[$doc:meta])* $name:ident { $($field:ident $key:literal: $ty:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, Read)]
        #[serde(default)]
        pub struct $name {
            $(#[serde(rename = $key)] #[allow(missing_docs)] pub $field: $ty),*
        }
    };
}

/// An answer without content.
#[derive(Clone, Debug, Default, Read)]
pub struct Empty {}

/// A page, counted from 1.
#[derive(Clone, Debug, Write)]
pub struct Pagination {
    /// From 1.
    #[serde(rename = "pageNumber")]
    pub page_number: i32,
    /// Rows a page.
    #[serde(rename = "showNumber")]
    pub show_number: i32,
}

/// Answer of an incremental list (data.md §4.2): `full` means that the whole list must be loaded.
#[derive(Clone, Debug, Read)]
#[serde(default)]
pub struct Incremental<T> {
    /// Counter of the list.
    pub version: u64,
    /// Identity of the counter.
    #[serde(rename = "versionID")]
    pub version_id: String,
    /// The whole list must be loaded.
    pub full: bool,
    /// IDs that left.
    pub delete: Vec<String>,
    /// Rows that came.
    pub insert: Vec<T>,
    /// Rows that changed.
    pub update: Vec<T>,
}

impl<T> Default for Incremental<T> {
    fn default() -> Self {
        Self {
            version: 0,
            version_id: String::new(),
            full: false,
            delete: Vec::new(),
            insert: Vec::new(),
            update: Vec::new(),
        }
    }
}

reply! {
    /// A user.
    UserInfo {
        user_id "userID": String,
        nickname "nickname": String,
        face_url "faceURL": String,
        ex "ex": String,
        create_time "createTime": i64,
        app_manger_level "appMangerLevel": i32,
        global_recv_msg_opt "globalRecvMsgOpt": i32,
    }
}
reply! {
    /// A friend; `create_time` in seconds.
    FriendInfo {
        remark "remark": String,
        create_time "createTime": i64,
        friend_user "friendUser": Option<UserInfo>,
        add_source "addSource": i32,
        operator_user_id "operatorUserID": String,
        ex "ex": String,
        is_pinned "isPinned": bool,
    }
}
reply! {
    /// A black-list entry; `create_time` in seconds.
    BlackInfo {
        create_time "createTime": i64,
        black_user_info "blackUserInfo": Option<UserInfo>,
        add_source "addSource": i32,
        operator_user_id "operatorUserID": String,
        ex "ex": String,
    }
}
reply! {
    /// A group.
    GroupInfo {
        group_id "groupID": String,
        group_name "groupName": String,
        notification "notification": String,
        introduction "introduction": String,
        face_url "faceURL": String,
        owner_user_id "ownerUserID": String,
        create_time "createTime": i64,
        member_count "memberCount": u32,
        ex "ex": String,
        status "status": i32,
        creator_user_id "creatorUserID": String,
        group_type "groupType": i32,
        need_verification "needVerification": i32,
        look_member_info "lookMemberInfo": i32,
        apply_member_friend "applyMemberFriend": i32,
        notification_update_time "notificationUpdateTime": i64,
        notification_user_id "notificationUserID": String,
    }
}
reply! {
    /// A member of a group.
    GroupMemberFullInfo {
        group_id "groupID": String,
        user_id "userID": String,
        role_level "roleLevel": i32,
        join_time "joinTime": i64,
        nickname "nickname": String,
        face_url "faceURL": String,
        join_source "joinSource": i32,
        operator_user_id "operatorUserID": String,
        ex "ex": String,
        mute_end_time "muteEndTime": i64,
        inviter_user_id "inviterUserID": String,
    }
}
reply! {
    /// A conversation's settings at the server.
    Conversation {
        conversation_id "conversationID": String,
        recv_msg_opt "recvMsgOpt": i32,
        conversation_type "conversationType": i32,
        user_id "userID": String,
        group_id "groupID": String,
        is_pinned "isPinned": bool,
        attached_info "attachedInfo": String,
        is_private_chat "isPrivateChat": bool,
        group_at_type "groupAtType": i32,
        ex "ex": String,
        burn_duration "burnDuration": i32,
        min_seq "minSeq": i64,
        max_seq "maxSeq": i64,
        msg_destruct_time "msgDestructTime": i64,
        is_msg_destruct "isMsgDestruct": bool,
    }
}

reply! {
    /// Answer of [`GetUsersInfo`].
    UsersInfo { users_info "usersInfo": Vec<UserInfo> }
}
request! {
    /// Profiles by user ID.
    GetUsersInfo "/user/get_users_info" -> UsersInfo { user_ids "userIDs": Vec<String> }
}

reply! {
    /// Where a user is online.
    OnlineStatus { user_id "userID": String, platform_ids "platformIDs": Vec<i32> }
}
reply! {
    /// Answer of [`GetUsersStatus`].
    StatusList { status_list "statusList": Vec<OnlineStatus> }
}
request! {
    /// Who is online.
    GetUsersStatus "/user/get_users_status" -> StatusList {
        user_id "userID": String, user_ids "userIDs": Vec<String>,
    }
}

/// What changes of the own profile; absent stays.
#[derive(Clone, Debug, Write)]
pub struct UserInfoWithEx {
    /// Oneself.
    #[serde(rename = "userID")]
    pub user_id: String,
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// Picture.
    #[serde(rename = "faceURL", skip_serializing_if = "Option::is_none")]
    pub face_url: Option<String>,
    /// The application's own text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ex: Option<String>,
    /// How single chats are received.
    #[serde(rename = "globalRecvMsgOpt", skip_serializing_if = "Option::is_none")]
    pub global_recv_msg_opt: Option<i32>,
}
request! {
    /// Changes the own profile.
    UpdateUserInfoEx "/user/update_user_info_ex" -> Empty { user_info "userInfo": UserInfoWithEx }
}

request! {
    /// Friends by version.
    GetIncrementalFriends "/friend/get_incremental_friends" -> Incremental<FriendInfo> {
        user_id "userID": String, version_id "versionID": String, version "version": u64,
    }
}
reply! {
    /// Answer of [`GetFriendList`].
    FriendList { friends_info "friendsInfo": Vec<FriendInfo> }
}
request! {
    /// A page of friends.
    GetFriendList "/friend/get_friend_list" -> FriendList {
        pagination "pagination": Pagination, user_id "userID": String,
    }
}
reply! {
    /// Answer of [`GetBlackList`].
    BlackList { blacks "blacks": Vec<BlackInfo> }
}
request! {
    /// A page of the black list.
    GetBlackList "/friend/get_black_list" -> BlackList {
        user_id "userID": String, pagination "pagination": Pagination,
    }
}

request! {
    /// Joined groups by version.
    GetIncrementalJoinGroups "/group/get_incremental_join_groups" -> Incremental<GroupInfo> {
        user_id "userID": String, version_id "versionID": String, version "version": u64,
    }
}
reply! {
    /// Answer of [`GetJoinedGroupList`].
    GroupList { groups "groups": Vec<GroupInfo> }
}
request! {
    /// A page of joined groups.
    GetJoinedGroupList "/group/get_joined_group_list" -> GroupList {
        pagination "pagination": Pagination, from_user_id "fromUserID": String,
    }
}
reply! {
    /// Answer of [`GetGroupsInfo`].
    GroupInfos { group_infos "groupInfos": Vec<GroupInfo> }
}
request! {
    /// Groups by ID.
    GetGroupsInfo "/group/get_groups_info" -> GroupInfos { group_ids "groupIDs": Vec<String> }
}

/// One group of [`GetIncrementalGroupMembersBatch`].
#[derive(Clone, Debug, Write)]
pub struct GetIncrementalGroupMember {
    /// Which.
    #[serde(rename = "groupID")]
    pub group_id: String,
    /// As held.
    #[serde(rename = "versionID")]
    pub version_id: String,
    /// As held.
    pub version: u64,
}
reply! {
    /// As [`Incremental`], with the group's info if that changed or everything is to be loaded.
    MembersSince {
        version "version": u64,
        version_id "versionID": String,
        full "full": bool,
        delete "delete": Vec<String>,
        insert "insert": Vec<GroupMemberFullInfo>,
        update "update": Vec<GroupMemberFullInfo>,
        group "group": Option<GroupInfo>,
    }
}
reply! {
    /// Answer of [`GetIncrementalGroupMembersBatch`]: groups may be missing.
    MembersBatch { resp_list "respList": Map<String, MembersSince> }
}
request! {
    /// Members of groups by version.
    GetIncrementalGroupMembersBatch "/group/get_incremental_group_members_batch" -> MembersBatch {
        user_id "userID": String, req_list "reqList": Vec<GetIncrementalGroupMember>,
    }
}
reply! {
    /// Answer of [`GetGroupMemberList`].
    MemberList { members "members": Vec<GroupMemberFullInfo> }
}
request! {
    /// A page of a group's members.
    GetGroupMemberList "/group/get_group_member_list" -> MemberList {
        pagination "pagination": Pagination, group_id "groupID": String,
        filter "filter": i32, keyword "keyword": String,
    }
}

reply! {
    /// An application for membership.
    GroupRequest {
        user_info "userInfo": Option<UserInfo>,
        group_info "groupInfo": Option<GroupInfo>,
        handle_result "handleResult": i32,
        req_msg "reqMsg": String,
        handle_msg "handleMsg": String,
        req_time "reqTime": i64,
        handle_user_id "handleUserID": String,
        handle_time "handleTime": i64,
        ex "ex": String,
        join_source "joinSource": i32,
        inviter_user_id "inviterUserID": String,
    }
}

request! {
    /// Conversations by version.
    GetIncrementalConversations "/conversation/get_incremental_conversations" -> Incremental<Conversation> {
        user_id "userID": String, version_id "versionID": String, version "version": u64,
    }
}
reply! {
    /// Answer of [`GetAllConversations`].
    ConversationList { conversations "conversations": Vec<Conversation> }
}
request! {
    /// All conversations.
    GetAllConversations "/conversation/get_all_conversations" -> ConversationList {
        owner_user_id "ownerUserID": String,
    }
}

request! {
    /// Some conversations.
    GetConversations "/conversation/get_conversations" -> ConversationList {
        owner_user_id "ownerUserID": String, conversation_ids "conversationIDs": Vec<String>,
    }
}

/// What changes of a conversation's settings; absent stays.
#[derive(Clone, Debug, Write)]
pub struct ConversationReq {
    /// Which.
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    /// 1, 3 or 4.
    #[serde(rename = "conversationType")]
    pub conversation_type: i32,
    /// Peer of a single chat.
    #[serde(rename = "userID")]
    pub user_id: String,
    /// Group of a group chat.
    #[serde(rename = "groupID")]
    pub group_id: String,
    /// 0 receive, 1 refuse, 2 without notification.
    #[serde(rename = "recvMsgOpt", skip_serializing_if = "Option::is_none")]
    pub recv_msg_opt: Option<i32>,
    /// On top of the list.
    #[serde(rename = "isPinned", skip_serializing_if = "Option::is_none")]
    pub is_pinned: Option<bool>,
    /// Opaque.
    #[serde(rename = "attachedInfo", skip_serializing_if = "Option::is_none")]
    pub attached_info: Option<String>,
    /// Burn after reading.
    #[serde(rename = "isPrivateChat", skip_serializing_if = "Option::is_none")]
    pub is_private_chat: Option<bool>,
    /// The application's own text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ex: Option<String>,
    /// Seconds.
    #[serde(rename = "burnDuration", skip_serializing_if = "Option::is_none")]
    pub burn_duration: Option<i32>,
    /// The @ mark.
    #[serde(rename = "groupAtType", skip_serializing_if = "Option::is_none")]
    pub group_at_type: Option<i32>,
    /// Seconds.
    #[serde(rename = "msgDestructTime", skip_serializing_if = "Option::is_none")]
    pub msg_destruct_time: Option<i64>,
    /// The server deletes old messages.
    #[serde(rename = "isMsgDestruct", skip_serializing_if = "Option::is_none")]
    pub is_msg_destruct: Option<bool>,
}
request! {
    /// Changes a conversation's settings for users (oneself).
    SetConversations "/conversation/set_conversations" -> Empty {
        user_ids "userIDs": Vec<String>, conversation "conversation": ConversationReq,
    }
}

request! {
    /// Marks a conversation as read.
    MarkConversationAsRead "/msg/mark_conversation_as_read" -> Empty {
        conversation_id "conversationID": String, user_id "userID": String,
        has_read_seq "hasReadSeq": i64, seqs "seqs": Vec<i64>,
    }
}
request! {
    /// Revokes a message.
    RevokeMsg "/msg/revoke_msg" -> Empty {
        conversation_id "conversationID": String, seq "seq": i64, user_id "userID": String,
    }
}

/// Who else a deletion reaches; none of both: only this device's user view.
#[derive(Clone, Debug, Write)]
pub struct DeleteSyncOpt {
    /// The user's other devices.
    #[serde(rename = "IsSyncSelf")]
    pub is_sync_self: bool,
    /// Everybody.
    #[serde(rename = "IsSyncOther")]
    pub is_sync_other: bool,
}
request! {
    /// Deletes messages.
    DeleteMsgs "/msg/delete_msgs" -> Empty {
        conversation_id "conversationID": String, seqs "seqs": Vec<i64>, user_id "userID": String,
        delete_sync_opt "deleteSyncOpt": Option<DeleteSyncOpt>,
    }
}
request! {
    /// Empties conversations.
    ClearConversationMsg "/msg/clear_conversation_msg" -> Empty {
        conversation_ids "conversationIDs": Vec<String>, user_id "userID": String,
        delete_sync_opt "deleteSyncOpt": Option<DeleteSyncOpt>,
    }
}

reply! {
    /// IDs of a list, unless their hash is the one that was asked with.
    FullIds {
        version "version": u64,
        version_id "versionID": String,
        equal "equal": bool,
        user_ids "userIDs": Vec<String>,
        group_ids "groupIDs": Vec<String>,
        conversation_ids "conversationIDs": Vec<String>,
    }
}

reply! {
    /// Answer of [`GetPartLimit`]: bytes, bytes, count.
    PartLimit {
        min_part_size "minPartSize": i64,
        max_part_size "maxPartSize": i64,
        max_num_size "maxNumSize": i64,
    }
}
request! {
    /// How large the parts of an upload may be.
    GetPartLimit "/object/part_limit" -> PartLimit {}
}
reply! {
    /// A query parameter or a header.
    KeyValues { key "key": String, values "values": Vec<String> }
}
reply! {
    /// Where a part goes, beside what is the same for all.
    SignPart {
        part_number "partNumber": i64,
        url "url": String,
        query "query": Vec<KeyValues>,
        header "header": Vec<KeyValues>,
    }
}
reply! {
    /// Where parts go.
    AuthSignParts {
        url "url": String,
        query "query": Vec<KeyValues>,
        header "header": Vec<KeyValues>,
        parts "parts": Vec<SignPart>,
    }
}
reply! {
    /// An upload that has begun.
    UploadInfo {
        upload_id "uploadID": String,
        part_size "partSize": i64,
        sign "sign": Option<AuthSignParts>,
        expire_time "expireTime": i64,
    }
}
reply! {
    /// Answer of [`InitiateUpload`]: an upload, or the address if the storage has the file already.
    Initiated { url "url": String, upload "upload": Option<UploadInfo> }
}
request! {
    /// Begins an upload.
    InitiateUpload "/object/initiate_multipart_upload" -> Initiated {
        hash "hash": String, size "size": i64, part_size "partSize": i64, max_parts "maxParts": i64,
        cause "cause": String, name "name": String, content_type "contentType": String,
        url_prefix "urlPrefix": String,
    }
}
request! {
    /// Where more parts of an upload go.
    AuthSign "/object/auth_sign" -> AuthSignParts {
        upload_id "uploadID": String, part_numbers "partNumbers": Vec<i64>,
    }
}
reply! {
    /// Answer of [`CompleteUpload`].
    Uploaded { url "url": String }
}
request! {
    /// Ends an upload; `parts` are the MD5 of its parts.
    CompleteUpload "/object/complete_multipart_upload" -> Uploaded {
        upload_id "uploadID": String, parts "parts": Vec<String>, name "name": String,
        content_type "contentType": String, cause "cause": String, url_prefix "urlPrefix": String,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_and_absent_fields_read_as_empty() {
        let text = r#"{"errCode":0,"data":{"version":3,"versionID":"a","full":false,"delete":null,
            "insert":[{"friendUser":{"userID":"u"},"remark":null}],"sortVersion":1}}"#;
        let answer: Incremental<FriendInfo> =
            json::from_value(&data(text).unwrap().unwrap()).unwrap();
        assert_eq!(
            (answer.version, answer.delete.len(), answer.update.len()),
            (3, 0, 0)
        );
        assert_eq!(answer.insert[0].friend_user.as_ref().unwrap().user_id, "u");
        let empty = [
            r#"{"errCode":0,"errMsg":"","errDlt":""}"#,
            r#"{"errCode":0,"data":null}"#,
        ];
        assert!(empty.iter().all(|text| data(text).unwrap().is_none()));
        let refused = data(r#"{"errCode":1001,"errMsg":"ArgsError","errDlt":"x"}"#);
        let (code, message) = (1001, "ArgsError x".into());
        assert_eq!(refused, Err(NetError::Server { code, message }));
        let failed = data(r#"{"errCode":500,"errMsg":"s3 disabled","errDlt":"s3 disabled"}"#);
        let (code, message) = (500, "s3 disabled".into());
        assert_eq!(failed, Err(NetError::Server { code, message }), "said once");
        assert!(matches!(data("<html>"), Err(NetError::Malformed(_))));
    }

    #[test]
    fn keys_are_those_of_the_api() {
        let call = DeleteMsgs {
            conversation_id: "c".into(),
            seqs: vec![1],
            user_id: "u".into(),
            delete_sync_opt: Some(DeleteSyncOpt {
                is_sync_self: true,
                is_sync_other: false,
            }),
        };
        let expected = r#"{"conversationID":"c","seqs":[1],"userID":"u",
            "deleteSyncOpt":{"IsSyncSelf":true,"IsSyncOther":false}}"#;
        assert_eq!(json::to_value(&call), json::parse(expected).unwrap());
    }
}
