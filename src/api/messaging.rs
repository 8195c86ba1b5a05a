//! Sending, history, revoking, deleting, reading, typing (api.md §4, §6).
use crate::rt::json::{Read, Write};

use super::element::OfflinePush;
use super::{Done, Message};
use crate::method;

/// Sends a message made by one of the `create…Message` methods.
///
/// Resolves with the sent message, rejects if the server refuses it or cannot be reached in time; the
/// message then has status 3 and the same call sends it again.
#[derive(Clone, Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "SendMsgParams"))]
pub struct SendMessage {
    /// The receiver of a single chat, "" for a group.
    #[serde(default, rename = "recvID")]
    pub recv_id: String,
    /// The group, "" for a single chat.
    #[serde(default, rename = "groupID")]
    pub group_id: String,
    /// What phones show.
    #[serde(default, rename = "offlinePushInfo")]
    #[cfg_attr(test, ts(optional))]
    pub offline_push_info: Option<OfflinePush>,
    pub message: Message,
    /// Deliver to whoever is online, store nowhere.
    #[serde(default, rename = "isOnlineOnly")]
    #[cfg_attr(test, ts(optional))]
    pub is_online_only: Option<bool>,
}
method!(SendMessage, "sendMessage" -> Message);

/// As `sendMessage`, for media messages whose URLs are set: nothing is uploaded.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SendMessageNotOss(pub SendMessage);
method!(SendMessageNotOss, "sendMessageNotOss" -> Message);

/// Puts a message into a single chat on this device only; it is not sent.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "InsertSingleMsgParams"))]
pub struct InsertSingleMessageToLocalStorage {
    pub message: Message,
    #[serde(rename = "recvID")]
    pub recv_id: String,
    #[serde(rename = "sendID")]
    pub send_id: String,
}
method!(InsertSingleMessageToLocalStorage, "insertSingleMessageToLocalStorage" -> Message);

/// Puts a message into a group chat on this device only; it is not sent.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "InsertGroupMsgParams"))]
pub struct InsertGroupMessageToLocalStorage {
    pub message: Message,
    #[serde(rename = "groupID")]
    pub group_id: String,
    #[serde(rename = "sendID")]
    pub send_id: String,
}
method!(InsertGroupMessageToLocalStorage, "insertGroupMessageToLocalStorage" -> Message);

/// One message of a conversation.
#[derive(Clone, Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "AccessMessageParams"))]
pub struct MessageRef {
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    #[serde(rename = "clientMsgID")]
    pub client_msg_id: String,
}

/// Takes a message back for everybody: one's own, or as owner or administrator of the group.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RevokeMessage(pub MessageRef);
method!(RevokeMessage, "revokeMessage" -> Done);

/// Deletes a message for the user, here and at the server. Others keep it.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeleteMessage(pub MessageRef);
method!(DeleteMessage, "deleteMessage" -> Done);

/// Deletes a message on this device only.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeleteMessageFromLocalStorage(pub MessageRef);
method!(DeleteMessageFromLocalStorage, "deleteMessageFromLocalStorage" -> Done);

/// Marks all messages of a conversation as read.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MarkConversationMessageAsRead(pub String);
method!(MarkConversationMessageAsRead, "markConversationMessageAsRead" -> Done);

/// Tells the others that the user types (`true`) or stopped. Call it at every key stroke: the SDK
/// decides what to send.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "ChangeInputStatesParams"))]
pub struct ChangeInputStates {
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    pub focus: bool,
}
method!(ChangeInputStates, "changeInputStates" -> Done);

/// On which platforms a user types in a conversation just now.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "GetInputstatesParams"))]
pub struct GetInputStates {
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    #[serde(rename = "userID")]
    pub user_id: String,
}
method!(GetInputStates, "getInputstates" -> Platforms);

/// `Platform` numbers.
#[derive(Clone, Debug, Default, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Platforms(#[cfg_attr(test, ts(type = "Platform[]"))] pub Vec<i32>);

/// Tells one user that the own user types ("yes") or stopped (anything else).
///
/// @deprecated Use changeInputStates instead.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "TypingUpdateParams"))]
pub struct TypingStatusUpdate {
    #[serde(rename = "recvID")]
    pub recv_id: String,
    #[serde(rename = "msgTip")]
    pub msg_tip: String,
}
method!(TypingStatusUpdate, "typingStatusUpdate" -> Done);

/// Where a page of history begins and how long it is.
#[derive(Clone, Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "GetAdvancedHistoryMsgParams"))]
pub struct HistoryPage {
    /// At most this many messages.
    pub count: i64,
    #[serde(default, rename = "viewType")]
    #[cfg_attr(test, ts(type = "ViewType"))]
    pub view_type: i32,
    /// The message beside the page, "" for the newest (or, reversed, the oldest).
    #[serde(default, rename = "startClientMsgID")]
    pub start_client_msg_id: String,
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
}

/// A page of history.
#[derive(Clone, Debug, Default, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "AdvancedGetMessageResult"))]
pub struct History {
    /// There are no more messages in that direction.
    #[serde(rename = "isEnd")]
    pub is_end: bool,
    /// 100 if the server could not be asked and the page may have gaps, else 0.
    #[serde(rename = "errCode")]
    pub err_code: i32,
    #[serde(rename = "errMsg")]
    pub err_msg: String,
    /// Oldest first.
    #[serde(rename = "messageList")]
    pub message_list: Vec<Message>,
}

/// Messages older than a message, the newest of them; oldest first.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetAdvancedHistoryMessageList(pub HistoryPage);
method!(GetAdvancedHistoryMessageList, "getAdvancedHistoryMessageList" -> History);

/// Messages newer than a message, the oldest of them; oldest first.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetAdvancedHistoryMessageListReverse(pub HistoryPage);
method!(GetAdvancedHistoryMessageListReverse, "getAdvancedHistoryMessageListReverse" -> History);

/// Some messages of a conversation.
#[derive(Clone, Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "FindMessageParams"))]
pub struct MessagesRef {
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    #[serde(rename = "clientMsgIDList")]
    pub client_msg_id_list: Vec<String>,
}

/// Messages by clientMsgID, from this device. What is not held is absent.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FindMessageList(pub Vec<MessagesRef>);
method!(FindMessageList, "findMessageList" -> SearchResult);

/// Messages found, by conversation.
#[derive(Clone, Debug, Default, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "SearchMessageResult"))]
pub struct SearchResult {
    #[serde(rename = "totalCount")]
    pub total_count: i64,
    /// Of `searchLocalMessages`.
    #[serde(rename = "searchResultItems", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub search_result_items: Option<Vec<SearchResultItem>>,
    /// Of `findMessageList`.
    #[serde(rename = "findResultItems", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub find_result_items: Option<Vec<SearchResultItem>>,
}

/// Messages found in one conversation.
#[derive(Clone, Debug, Default, PartialEq, Write)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "SearchMessageResultItem"))]
pub struct SearchResultItem {
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    #[serde(rename = "messageCount")]
    pub message_count: i64,
    #[serde(rename = "conversationType")]
    #[cfg_attr(test, ts(type = "SessionType"))]
    pub conversation_type: i32,
    #[serde(rename = "showName")]
    pub show_name: String,
    #[serde(rename = "faceURL")]
    pub face_url: String,
    #[serde(rename = "messageList")]
    pub message_list: Vec<Message>,
}

/// Sets application data of a message on this device. An unknown message is ignored.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "SetMessageLocalExParams"))]
pub struct SetMessageLocalEx {
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    #[serde(rename = "clientMsgID")]
    pub client_msg_id: String,
    #[serde(rename = "localEx")]
    pub local_ex: String,
}
method!(SetMessageLocalEx, "setMessageLocalEx" -> Done);
