//! Protobuf messages of the WebSocket gateway, tags as in wire.md §5.
//!
//! Unknown fields are ignored by both sides. All integers are plain varints. What is a map in the
//! `.proto` files is a list of its pairs here, as it is on the wire: hash maps alone cost 6 KB of wasm.
use crate::rt::proto::Message;

/// A pair of a map whose values are messages.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct Entry<V: Message + Default> {
    #[prost(string, tag = "1")]
    pub key: String,
    #[prost(message, required, tag = "2")]
    pub value: V,
}

/// A pair of a map whose values are numbers.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct NumberEntry {
    #[prost(string, tag = "1")]
    pub key: String,
    #[prost(int64, tag = "2")]
    pub value: i64,
}

/// A pair of a map whose values are yes or no.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct FlagEntry {
    #[prost(string, tag = "1")]
    pub key: String,
    #[prost(bool, tag = "2")]
    pub value: bool,
}

impl<V: Message + Default> From<(String, V)> for Entry<V> {
    fn from((key, value): (String, V)) -> Self {
        Entry { key, value }
    }
}

impl From<(String, i64)> for NumberEntry {
    fn from((key, value): (String, i64)) -> Self {
        NumberEntry { key, value }
    }
}

impl MsgData {
    /// Whether an option is on; every option is, unless it says otherwise (sync.md §4.3).
    pub fn option(&self, name: &str) -> bool {
        let mut options = self.options.iter();
        let found = options.find(|option| option.key == name);
        found.is_none_or(|option| option.value)
    }

    /// Turns an option on or off.
    pub fn set_option(&mut self, name: &str, value: bool) {
        self.options.retain(|option| option.key != name);
        let key = name.to_owned();
        self.options.push(FlagEntry { key, value });
    }
}

/// One chat message or notification (`sdkws.MsgData`). `content` is UTF-8 JSON for every standard
/// content type. Times are Unix milliseconds. There is no tag 13.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct MsgData {
    #[prost(string, tag = "1")]
    pub send_id: String,
    #[prost(string, tag = "2")]
    pub recv_id: String,
    #[prost(string, tag = "3")]
    pub group_id: String,
    #[prost(string, tag = "4")]
    pub client_msg_id: String,
    #[prost(string, tag = "5")]
    pub server_msg_id: String,
    #[prost(int32, tag = "6")]
    pub sender_platform_id: i32,
    #[prost(string, tag = "7")]
    pub sender_nickname: String,
    #[prost(string, tag = "8")]
    pub sender_face_url: String,
    #[prost(int32, tag = "9")]
    pub session_type: i32,
    #[prost(int32, tag = "10")]
    pub msg_from: i32,
    #[prost(int32, tag = "11")]
    pub content_type: i32,
    #[prost(bytes = "vec", tag = "12")]
    pub content: Vec<u8>,
    #[prost(int64, tag = "14")]
    pub seq: i64,
    #[prost(int64, tag = "15")]
    pub send_time: i64,
    #[prost(int64, tag = "16")]
    pub create_time: i64,
    #[prost(int32, tag = "17")]
    pub status: i32,
    #[prost(bool, tag = "18")]
    pub is_read: bool,
    /// Only keys that deviate from the default, which is `true` for every key (sync.md §4.3).
    #[prost(message, repeated, tag = "19")]
    pub options: Vec<FlagEntry>,
    #[prost(message, optional, tag = "20")]
    pub offline_push_info: Option<OfflinePushInfo>,
    #[prost(string, repeated, tag = "21")]
    pub at_user_id_list: Vec<String>,
    #[prost(string, tag = "22")]
    pub attached_info: String,
    #[prost(string, tag = "23")]
    pub ex: String,
}

/// What a phone vendor's push service shows (`sdkws.OfflinePushInfo`).
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct OfflinePushInfo {
    #[prost(string, tag = "1")]
    pub title: String,
    #[prost(string, tag = "2")]
    pub desc: String,
    #[prost(string, tag = "3")]
    pub ex: String,
    #[prost(string, tag = "4")]
    pub ios_push_sound: String,
    #[prost(bool, tag = "5")]
    pub ios_badge_count: bool,
    #[prost(string, tag = "6")]
    pub signal_info: String,
}

/// Messages of one conversation in an answer or push (`sdkws.PullMsgs`).
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct PullMsgs {
    #[prost(message, repeated, tag = "1")]
    pub msgs: Vec<MsgData>,
    #[prost(bool, tag = "2")]
    pub is_end: bool,
    /// Set only by 1005.
    #[prost(int64, tag = "3")]
    pub end_seq: i64,
}

/// Push 2001 (`sdkws.PushMessages`), by conversation ID.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct PushMessages {
    #[prost(message, repeated, tag = "1")]
    pub msgs: Vec<Entry<PullMsgs>>,
    #[prost(message, repeated, tag = "2")]
    pub notification_msgs: Vec<Entry<PullMsgs>>,
}

/// Request 1001.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct GetMaxSeqReq {
    #[prost(string, tag = "1")]
    pub user_id: String,
}

/// Answer to 1001. The server never fills `min_seqs` and leaves out conversations whose maximum is 0.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct GetMaxSeqResp {
    #[prost(message, repeated, tag = "1")]
    pub max_seqs: Vec<NumberEntry>,
    #[prost(message, repeated, tag = "2")]
    pub min_seqs: Vec<NumberEntry>,
}

/// Request 1002: pull by ranges.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct PullMessageBySeqsReq {
    #[prost(string, tag = "1")]
    pub user_id: String,
    #[prost(message, repeated, tag = "2")]
    pub seq_ranges: Vec<SeqRange>,
    /// 0 ascending, 1 descending; influences only `is_end` of the answer.
    #[prost(int32, tag = "3")]
    pub order: i32,
}

/// One range of 1002, both ends inclusive. Of a longer range only the last `num` seqs are answered;
/// `num` is ignored for notification channels.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct SeqRange {
    #[prost(string, tag = "1")]
    pub conversation_id: String,
    #[prost(int64, tag = "2")]
    pub begin: i64,
    #[prost(int64, tag = "3")]
    pub end: i64,
    #[prost(int64, tag = "4")]
    pub num: i64,
}

/// Answer to 1002 and 1005. A range that failed or is empty is absent.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct PullMessageBySeqsResp {
    #[prost(message, repeated, tag = "1")]
    pub msgs: Vec<Entry<PullMsgs>>,
    #[prost(message, repeated, tag = "2")]
    pub notification_msgs: Vec<Entry<PullMsgs>>,
}

/// Answer to 1003, whose request is a bare [`MsgData`].
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct SendMsgResp {
    #[prost(string, tag = "1")]
    pub server_msg_id: String,
    #[prost(string, tag = "2")]
    pub client_msg_id: String,
    #[prost(int64, tag = "3")]
    pub send_time: i64,
    /// Present only if a webhook of the server changed the message.
    #[prost(message, optional, tag = "4")]
    pub modify: Option<MsgData>,
}

/// Request 1005: pull by lists of seqs. Answered with [`PullMessageBySeqsResp`].
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct GetSeqMessageReq {
    #[prost(string, tag = "1")]
    pub user_id: String,
    #[prost(message, repeated, tag = "2")]
    pub conversations: Vec<ConversationSeqs>,
    #[prost(int32, tag = "3")]
    pub order: i32,
}

/// One conversation of 1005. Its tags start at 2.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct ConversationSeqs {
    #[prost(string, tag = "2")]
    pub conversation_id: String,
    #[prost(int64, repeated, tag = "3")]
    pub seqs: Vec<i64>,
}

/// Request 1006. No conversation IDs means all of the user's conversations.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct GetConversationsHasReadAndMaxSeqReq {
    #[prost(string, tag = "1")]
    pub user_id: String,
    #[prost(string, repeated, tag = "2")]
    pub conversation_ids: Vec<String>,
    #[prost(bool, tag = "3")]
    pub return_pinned: bool,
}

/// Answer to 1006.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct GetConversationsHasReadAndMaxSeqResp {
    #[prost(message, repeated, tag = "1")]
    pub seqs: Vec<Entry<Seqs>>,
    #[prost(string, repeated, tag = "2")]
    pub pinned_conversation_ids: Vec<String>,
}

/// Read position and maximum of one conversation; `max_seq_time` is the newest message's send time.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct Seqs {
    #[prost(int64, tag = "1")]
    pub max_seq: i64,
    #[prost(int64, tag = "2")]
    pub has_read_seq: i64,
    #[prost(int64, tag = "3")]
    pub max_seq_time: i64,
}

/// Request 1007.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct GetLastMessageReq {
    #[prost(string, tag = "1")]
    pub user_id: String,
    #[prost(string, repeated, tag = "2")]
    pub conversation_ids: Vec<String>,
}

/// Answer to 1007; conversations without a message are absent.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct GetLastMessageResp {
    #[prost(message, repeated, tag = "1")]
    pub msgs: Vec<Entry<MsgData>>,
}

/// Request 2003 (logout); the answer has no fields.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct DelUserPushTokenReq {
    #[prost(string, tag = "1")]
    pub user_id: String,
    #[prost(int32, tag = "2")]
    pub platform_id: i32,
}

/// Request 2004; the answer has no data.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct SetAppBackgroundStatusReq {
    #[prost(string, tag = "1")]
    pub user_id: String,
    #[prost(bool, tag = "2")]
    pub is_background: bool,
}

/// Request 2005: presence subscriptions, which live with the connection.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct SubUserOnlineStatus {
    #[prost(string, repeated, tag = "1")]
    pub subscribe_user_id: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    pub unsubscribe_user_id: Vec<String>,
}

/// Answer to 2005, and the unsolicited change with the same identifier.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct SubUserOnlineStatusTips {
    #[prost(message, repeated, tag = "1")]
    pub subscribers: Vec<SubUserOnlineStatusElem>,
}

/// Platforms one user is connected with; none means offline.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct SubUserOnlineStatusElem {
    #[prost(string, tag = "1")]
    pub user_id: String,
    #[prost(int32, repeated, tag = "2")]
    pub online_platform_ids: Vec<i32>,
}
