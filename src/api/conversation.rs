//! Conversations (api.md §4, §13.3).
use crate::rt::json::{Read, Write};

use super::Done;
use crate::method;

/// A conversation as listed.
#[derive(Clone, Debug, Default, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "ConversationItem"))]
pub struct Conversation {
    /// `si_…` single, `sg_…` group, `sn_…` notifications.
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    #[serde(rename = "conversationType")]
    #[cfg_attr(test, ts(type = "SessionType"))]
    pub conversation_type: i32,
    /// The other user of a single chat.
    #[serde(rename = "userID")]
    pub user_id: String,
    #[serde(rename = "groupID")]
    pub group_id: String,
    #[serde(rename = "showName")]
    pub show_name: String,
    #[serde(rename = "faceURL")]
    pub face_url: String,
    #[serde(rename = "recvMsgOpt")]
    #[cfg_attr(test, ts(type = "MessageReceiveOptType"))]
    pub recv_msg_opt: i32,
    #[serde(rename = "unreadCount")]
    pub unread_count: i64,
    #[serde(rename = "groupAtType")]
    #[cfg_attr(test, ts(type = "GroupAtType"))]
    pub group_at_type: i32,
    /// JSON **text** of a MessageItem, "" when there is none.
    #[serde(rename = "latestMsg")]
    pub latest_msg: String,
    /// Unix milliseconds; 0 for conversations that are not listed.
    #[serde(rename = "latestMsgSendTime")]
    pub latest_msg_send_time: i64,
    #[serde(rename = "draftText")]
    pub draft_text: String,
    /// Unix milliseconds.
    #[serde(rename = "draftTextTime")]
    pub draft_text_time: i64,
    /// Seconds after reading that a private message lives.
    #[serde(rename = "burnDuration")]
    pub burn_duration: i32,
    /// Seconds that messages live if `isMsgDestruct`.
    #[serde(rename = "msgDestructTime")]
    pub msg_destruct_time: i64,
    #[serde(rename = "isPinned")]
    pub is_pinned: bool,
    /// The user has left the group.
    #[serde(rename = "isNotInGroup")]
    pub is_not_in_group: bool,
    #[serde(rename = "isPrivateChat")]
    pub is_private_chat: bool,
    #[serde(rename = "isMsgDestruct")]
    pub is_msg_destruct: bool,
    /// Only with the enterprise server: always false here.
    #[serde(rename = "isMarked")]
    pub is_marked: bool,
    #[serde(rename = "attachedInfo")]
    pub attached_info: String,
    /// Application data.
    #[cfg_attr(test, ts(optional, as = "Option<String>"))]
    pub ex: String,
    /// Only with the enterprise server.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub remark: Option<String>,
    /// Newest message's number.
    #[serde(rename = "maxSeq")]
    #[cfg_attr(test, ts(optional, as = "Option<i64>"))]
    pub max_seq: i64,
    /// First visible message's number.
    #[serde(rename = "minSeq")]
    #[cfg_attr(test, ts(optional, as = "Option<i64>"))]
    pub min_seq: i64,
}

/// All listed conversations: pinned first, then by time of the last message or draft, newest first.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetAllConversationList;
method!(GetAllConversationList, "getAllConversationList" -> Vec<Conversation>);

/// A page of the conversation list; `[]` beyond the end.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "SplitConversationParams"))]
pub struct GetConversationListSplit {
    pub offset: i64,
    pub count: i64,
}
method!(GetConversationListSplit, "getConversationListSplit" -> Vec<Conversation>);

/// The other side of a conversation.
#[derive(Clone, Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "GetOneConversationParams"))]
pub struct ConversationSource {
    /// User ID or group ID.
    #[serde(rename = "sourceID")]
    pub source_id: String,
    /// 1 single, 3 group, 4 notifications.
    #[serde(rename = "sessionType")]
    pub session_type: i32,
}

/// The conversation with a user or a group, also one that does not exist yet.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetOneConversation(pub ConversationSource);
method!(GetOneConversation, "getOneConversation" -> Conversation);

/// The ID of the conversation with a user or a group.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetConversationIdBySessionType(pub ConversationSource);
method!(GetConversationIdBySessionType, "getConversationIDBySessionType" -> String);

/// Conversations by ID, hidden ones too. Unknown IDs are absent.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetMultipleConversation(pub Vec<String>);
method!(GetMultipleConversation, "getMultipleConversation" -> Vec<Conversation>);

/// Conversations by ID, for their `recvMsgOpt`. Unknown IDs are absent.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetConversationRecvMessageOpt(pub Vec<String>);
method!(GetConversationRecvMessageOpt, "getConversationRecvMessageOpt" -> Vec<Conversation>);

/// Unread messages of all listed conversations that notify.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetTotalUnreadMsgCount;
method!(GetTotalUnreadMsgCount, "getTotalUnreadMsgCount" -> i64);

/// Changes settings of a conversation; what is absent stays. Rejects with 1004 if it is unknown.
#[derive(Clone, Debug, Default, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "SetConversationParams"))]
pub struct SetConversation {
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    #[serde(default, rename = "recvMsgOpt")]
    #[cfg_attr(test, ts(optional, type = "MessageReceiveOptType"))]
    pub recv_msg_opt: Option<i32>,
    #[serde(default, rename = "groupAtType")]
    #[cfg_attr(test, ts(optional, type = "GroupAtType"))]
    pub group_at_type: Option<i32>,
    /// Seconds.
    #[serde(default, rename = "burnDuration")]
    #[cfg_attr(test, ts(optional))]
    pub burn_duration: Option<i32>,
    /// Seconds.
    #[serde(default, rename = "msgDestructTime")]
    #[cfg_attr(test, ts(optional))]
    pub msg_destruct_time: Option<i64>,
    #[serde(default, rename = "isPinned")]
    #[cfg_attr(test, ts(optional))]
    pub is_pinned: Option<bool>,
    #[serde(default, rename = "isPrivateChat")]
    #[cfg_attr(test, ts(optional))]
    pub is_private_chat: Option<bool>,
    #[serde(default, rename = "isMsgDestruct")]
    #[cfg_attr(test, ts(optional))]
    pub is_msg_destruct: Option<bool>,
    /// Only with the enterprise server: ignored.
    #[serde(default, rename = "isMarked")]
    #[cfg_attr(test, ts(optional))]
    pub is_marked: Option<bool>,
    /// Only with the enterprise server: ignored.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub remark: Option<String>,
    /// Application data.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub ex: Option<String>,
    #[serde(default, rename = "attachedInfo")]
    #[cfg_attr(test, ts(optional))]
    pub attached_info: Option<String>,
}
method!(SetConversation, "setConversation" -> Done);

/// Switches messages of a single chat to be deleted after reading.
///
/// @deprecated Use setConversation instead.
#[derive(Debug, Read)]
#[cfg_attr(
    test,
    derive(ts_rs::TS),
    ts(rename = "SetConversationPrivateStateParams")
)]
pub struct SetConversationPrivateChat {
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    #[serde(rename = "isPrivate")]
    pub is_private: bool,
}
method!(SetConversationPrivateChat, "setConversationPrivateChat" -> Done);

/// Sets how long private messages live after reading.
///
/// @deprecated Use setConversation instead.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "SetBurnDurationParams"))]
pub struct SetConversationBurnDuration {
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    /// Seconds.
    #[serde(rename = "burnDuration")]
    pub burn_duration: i32,
}
method!(SetConversationBurnDuration, "setConversationBurnDuration" -> Done);

/// Sets the application data of a conversation.
///
/// @deprecated Use setConversation instead.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "SetConversationExParams"))]
pub struct SetConversationEx {
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    pub ex: String,
}
method!(SetConversationEx, "setConversationEx" -> Done);

/// Pins a conversation to the top of the list.
///
/// @deprecated Use setConversation instead.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "SetConversationPinParams"))]
pub struct PinConversation {
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    #[serde(rename = "isPinned")]
    pub is_pinned: bool,
}
method!(PinConversation, "pinConversation" -> Done);

/// Sets whether messages of a conversation are received and notified.
///
/// @deprecated Use setConversation instead.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "SetConversationRecvOptParams"))]
pub struct SetConversationRecvMessageOpt {
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    #[cfg_attr(test, ts(type = "MessageReceiveOptType"))]
    pub opt: i32,
}
method!(SetConversationRecvMessageOpt, "setConversationRecvMessageOpt" -> Done);

/// Switches the deletion of old messages by the server.
#[derive(Debug, Read)]
#[cfg_attr(
    test,
    derive(ts_rs::TS),
    ts(rename = "SetConversationMsgDestructParams")
)]
pub struct SetConversationIsMsgDestruct {
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    #[serde(rename = "isMsgDestruct")]
    pub is_msg_destruct: bool,
}
method!(SetConversationIsMsgDestruct, "setConversationIsMsgDestruct" -> Done);

/// Sets the age at which the server deletes messages.
#[derive(Debug, Read)]
#[cfg_attr(
    test,
    derive(ts_rs::TS),
    ts(rename = "SetConversationMsgDestructTimeParams")
)]
pub struct SetConversationMsgDestructTime {
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    /// Seconds.
    #[serde(rename = "msgDestructTime")]
    pub msg_destruct_time: i64,
}
method!(SetConversationMsgDestructTime, "setConversationMsgDestructTime" -> Done);

/// Clears the mark that somebody named the user in a group.
///
/// @deprecated Use setConversation instead.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ResetConversationGroupAtType(pub String);
method!(ResetConversationGroupAtType, "resetConversationGroupAtType" -> Done);

/// Keeps a draft on this device; "" removes it.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "SetConversationDraftParams"))]
pub struct SetConversationDraft {
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    #[serde(rename = "draftText")]
    pub draft_text: String,
}
method!(SetConversationDraft, "setConversationDraft" -> Done);

/// Takes a conversation off the list until its next message; messages stay. On this device only.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HideConversation(pub String);
method!(HideConversation, "hideConversation" -> Done);

/// Same as `hideConversation`.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeleteConversation(pub String);
method!(DeleteConversation, "deleteConversation" -> Done);

/// Hides all conversations, as `hideConversation` does one.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeleteAllConversationFromLocal;
method!(DeleteAllConversationFromLocal, "deleteAllConversationFromLocal" -> Done);

/// Deletes the messages of a conversation here and at the server for the user; it stays on the list.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ClearConversationAndDeleteAllMsg(pub String);
method!(ClearConversationAndDeleteAllMsg, "clearConversationAndDeleteAllMsg" -> Done);

/// Deletes the messages of a conversation as `clearConversationAndDeleteAllMsg` does, and hides it.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeleteConversationAndDeleteAllMsg(pub String);
method!(DeleteConversationAndDeleteAllMsg, "deleteConversationAndDeleteAllMsg" -> Done);
