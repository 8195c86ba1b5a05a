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
    /// The same call was under way in a tab that went away (set by the front): it is answered with what
    /// became of the message, which is sent only if it was not.
    #[serde(default)]
    #[cfg_attr(test, ts(skip))]
    pub again: Option<bool>,
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

/// A message and how many to get around it.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "FetchSurroundingParams"))]
pub struct SurroundingPage {
    /// The message in the middle, as it was found.
    #[serde(rename = "startMessage")]
    pub start_message: Box<Message>,
    #[serde(default, rename = "viewType")]
    #[cfg_attr(test, ts(type = "ViewType"))]
    pub view_type: i32,
    /// At most this many older ones.
    pub before: i64,
    /// At most this many newer ones.
    pub after: i64,
}

/// A message with the messages before and after it, oldest first: for jumping to a message found.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FetchSurroundingMessages(pub SurroundingPage);
method!(FetchSurroundingMessages, "fetchSurroundingMessages" -> SurroundingInline);

/// Reply of `fetchSurroundingMessages`.
#[derive(Clone, Debug, Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SurroundingInline(
    #[cfg_attr(test, ts(type = "{ messageList: MessageItem[] }"))] pub MessageList,
);

/// Messages, oldest first.
#[derive(Clone, Debug, Write)]
pub struct MessageList {
    #[serde(rename = "messageList")]
    pub message_list: Vec<Message>,
}

/// Where a page of history begins, in the old way of naming a conversation.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "GetHistoryMsgParams"))]
pub struct OldHistoryPage {
    /// The peer of a single chat.
    #[serde(default, rename = "userID")]
    pub user_id: String,
    /// The group, if it is one.
    #[serde(default, rename = "groupID")]
    pub group_id: String,
    /// At most this many messages.
    pub count: i64,
    /// The message before the page, "" for the oldest that is held.
    #[serde(default, rename = "startClientMsgID")]
    pub start_client_msg_id: String,
    /// Instead of `userID` and `groupID`.
    #[serde(default, rename = "conversationID")]
    #[cfg_attr(test, ts(optional))]
    pub conversation_id: Option<String>,
}

/// Messages newer than a message, the oldest of them; oldest first.
///
/// Of the older API: `getAdvancedHistoryMessageListReverse` is the same by conversationID.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetHistoryMessageListReverse(pub OldHistoryPage);
method!(GetHistoryMessageListReverse, "getHistoryMessageListReverse" -> History);

/// What to look for.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "SearchLocalParams"))]
pub struct SearchLocal {
    /// "" for all conversations.
    #[serde(default, rename = "conversationID")]
    pub conversation_id: String,
    /// Texts; may be empty if there are message types.
    #[serde(default, rename = "keywordList")]
    pub keyword_list: Vec<String>,
    /// 0: any keyword is enough, 1: all must be there.
    #[serde(default, rename = "keywordListMatchType")]
    #[cfg_attr(test, ts(optional))]
    pub keyword_list_match_type: Option<i32>,
    /// Only messages of these users.
    #[serde(default, rename = "senderUserIDList")]
    #[cfg_attr(test, ts(optional))]
    pub sender_user_id_list: Option<Vec<String>>,
    /// Only messages of these content types. Default: text, files and texts that name users.
    #[serde(default, rename = "messageTypeList")]
    #[cfg_attr(test, ts(optional, type = "MessageType[]"))]
    pub message_type_list: Option<Vec<i32>>,
    /// Newest time, Unix seconds. Default 0: now.
    #[serde(default, rename = "searchTimePosition")]
    #[cfg_attr(test, ts(optional))]
    pub search_time_position: Option<i64>,
    /// Seconds to look back from there. Default 0: without end.
    #[serde(default, rename = "searchTimePeriod")]
    #[cfg_attr(test, ts(optional))]
    pub search_time_period: Option<i64>,
    /// From 1; for one conversation.
    #[serde(default, rename = "pageIndex")]
    #[cfg_attr(test, ts(optional))]
    pub page_index: Option<i64>,
    /// Messages a page; for one conversation.
    #[serde(default, rename = "count")]
    #[cfg_attr(test, ts(optional))]
    pub count: Option<i64>,
}

/// Looks for messages that are on this device, in one conversation by pages or in all at once.
///
/// Letters of the ASCII alphabet match in both cases. `totalCount` and `messageCount` count all that
/// was found, `messageList` has the page, newest first.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SearchLocalMessages(pub SearchLocal);
method!(SearchLocalMessages, "searchLocalMessages" -> SearchResult);

/// Some messages of a conversation, to be deleted.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "DeleteMessagesParams"))]
pub struct MessagesToDelete {
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    #[serde(rename = "clientMsgIDs")]
    pub client_msg_ids: Vec<String>,
    /// False: for this user. True: **for everybody in the conversation**, on all devices.
    #[serde(rename = "isSync")]
    pub is_sync: bool,
}

/// Deletes messages here and at the server. Unknown IDs are passed over.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeleteMessages(pub MessagesToDelete);
method!(DeleteMessages, "deleteMessages" -> Done);

/// Deletes all messages of all conversations on this device. The conversations stay.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeleteAllMsgFromLocal;
method!(DeleteAllMsgFromLocal, "deleteAllMsgFromLocal" -> Done);

/// Deletes all messages of all conversations for this user, here and at the server. The conversations
/// stay.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeleteAllMsgFromLocalAndSvr;
method!(DeleteAllMsgFromLocalAndSvr, "deleteAllMsgFromLocalAndSvr" -> Done);

/// Sets the content of a message on this device to that of another of the same clientMsgID.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "SetMessageLocalContentParams"))]
pub struct SetMessageLocalContent {
    #[serde(rename = "conversationID")]
    pub conversation_id: String,
    pub message: Box<Message>,
}
method!(SetMessageLocalContent, "setMessageLocalContent" -> Done);
