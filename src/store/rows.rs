//! Row types: protobuf messages, so that a newer version's unknown fields do no harm. Not the API types:
//! these are bound to old databases, those to applications. Times are Unix milliseconds unless said.
use crate::rt::proto::Message;

/// A message as held. `content` is the element's JSON as it came (UTF-8, verbatim).
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct MessageRow {
    #[prost(string, tag = "1")]
    pub client_msg_id: String,
    #[prost(string, tag = "2")]
    pub server_msg_id: String,
    #[prost(int64, tag = "3")]
    pub create_time: i64,
    #[prost(int64, tag = "4")]
    pub send_time: i64,
    #[prost(int32, tag = "5")]
    pub session_type: i32,
    #[prost(string, tag = "6")]
    pub send_id: String,
    #[prost(string, tag = "7")]
    pub recv_id: String,
    #[prost(string, tag = "8")]
    pub group_id: String,
    #[prost(int32, tag = "9")]
    pub msg_from: i32,
    #[prost(int32, tag = "10")]
    pub content_type: i32,
    #[prost(int32, tag = "11")]
    pub sender_platform_id: i32,
    #[prost(string, tag = "12")]
    pub sender_nickname: String,
    #[prost(string, tag = "13")]
    pub sender_face_url: String,
    #[prost(string, tag = "14")]
    pub content: String,
    #[prost(int64, tag = "15")]
    pub seq: i64,
    #[prost(bool, tag = "16")]
    pub is_read: bool,
    /// 1 sending, 2 sent or received, 3 failed, 4 deleted (sync.md §8.1).
    #[prost(int32, tag = "17")]
    pub status: i32,
    #[prost(string, tag = "18")]
    pub attached_info: String,
    #[prost(string, tag = "19")]
    pub ex: String,
    /// Set by the application on this device only.
    #[prost(string, tag = "20")]
    pub local_ex: String,
    /// Options that are false (sync.md §4.3), by name.
    #[prost(string, repeated, tag = "21")]
    pub options_off: Vec<String>,
    #[prost(string, repeated, tag = "22")]
    pub at_user_id_list: Vec<String>,
    /// Set on a second copy of a clientMsgID: kept for its seq, never shown. `client_msg_id` then
    /// carries a suffix that makes it unique.
    #[prost(bool, tag = "23")]
    pub duplicate: bool,
    /// When the peer read it; 0 unknown.
    #[prost(int64, tag = "24")]
    pub has_read_time: i64,
    /// JSON of the push text for the receivers' phones; only of own messages that are not sent yet.
    #[prost(string, tag = "25")]
    pub offline_push: String,
}

/// Alignment of one channel with the server (design §3).
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct AlignmentRow {
    /// Covered seqs as pairs first, last, ascending.
    #[prost(int64, repeated, tag = "1")]
    pub covered: Vec<i64>,
    #[prost(int64, tag = "2")]
    pub server_max: i64,
    #[prost(int64, tag = "3")]
    pub min_seq: i64,
    #[prost(int64, tag = "4")]
    pub has_read_seq: i64,
    /// Seqs answered with a bare placeholder, in triples seq, number of times asked, when to ask again.
    #[prost(int64, repeated, tag = "5")]
    pub provisional: Vec<i64>,
    /// Where the visible end is frozen after leaving a group; 0 = not frozen.
    #[prost(int64, tag = "6")]
    pub frozen_max: i64,
    /// Covered seqs above `has_read_seq` that do not count as unread (own, tips, holes …), as pairs.
    #[prost(int64, repeated, tag = "7")]
    pub uncounted: Vec<i64>,
    /// Covered seqs that are taken for holes, as pairs: a message that comes for one of them after all
    /// is stored.
    #[prost(int64, repeated, tag = "8")]
    pub holes: Vec<i64>,
}

/// A conversation as listed. `latest` is what the list shows of it.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct ConversationRow {
    #[prost(string, tag = "1")]
    pub conversation_id: String,
    /// 1 single, 3 group, 4 notification.
    #[prost(int32, tag = "2")]
    pub conversation_type: i32,
    #[prost(string, tag = "3")]
    pub user_id: String,
    #[prost(string, tag = "4")]
    pub group_id: String,
    #[prost(string, tag = "5")]
    pub show_name: String,
    #[prost(string, tag = "6")]
    pub face_url: String,
    #[prost(int32, tag = "7")]
    pub recv_msg_opt: i32,
    #[prost(int32, tag = "8")]
    pub group_at_type: i32,
    #[prost(message, optional, tag = "9")]
    pub latest: Option<MessageRow>,
    /// 0 hides the conversation from the lists.
    #[prost(int64, tag = "10")]
    pub latest_send_time: i64,
    #[prost(string, tag = "11")]
    pub draft_text: String,
    #[prost(int64, tag = "12")]
    pub draft_text_time: i64,
    /// Seconds.
    #[prost(int32, tag = "13")]
    pub burn_duration: i32,
    /// Seconds.
    #[prost(int64, tag = "14")]
    pub msg_destruct_time: i64,
    #[prost(bool, tag = "15")]
    pub is_pinned: bool,
    #[prost(bool, tag = "16")]
    pub is_not_in_group: bool,
    #[prost(bool, tag = "17")]
    pub is_private_chat: bool,
    #[prost(bool, tag = "18")]
    pub is_msg_destruct: bool,
    #[prost(string, tag = "19")]
    pub attached_info: String,
    #[prost(string, tag = "20")]
    pub ex: String,
    /// The server has a row of it (it may not yet, before the first message is stored).
    #[prost(bool, tag = "21")]
    pub on_server: bool,
    /// The mark that unread messages give it, where the server sets none.
    #[prost(int32, tag = "22")]
    pub mark: i32,
    /// The newest of those messages: the mark is there until it is read.
    #[prost(int64, tag = "23")]
    pub marked_seq: i64,
    /// The last seq that the server gives to who is out of the group; 0: none was said.
    #[prost(int64, tag = "24")]
    pub end_seq: i64,
}

/// A send that is not finished: durable before the first byte leaves (design §4).
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct OutboxRow {
    #[prost(string, tag = "1")]
    pub conversation_id: String,
    #[prost(string, tag = "2")]
    pub client_msg_id: String,
    /// Order of sending.
    #[prost(int64, tag = "3")]
    pub number: i64,
    /// The server's newest seq of the conversation when it was queued: the own copy lies above it.
    #[prost(int64, tag = "4")]
    pub after_seq: i64,
    /// When it was queued.
    #[prost(int64, tag = "6")]
    pub queued_at: i64,
    /// Its media are not uploaded yet: it cannot be on the server.
    #[prost(bool, tag = "7")]
    pub is_uploading: bool,
}

/// An upload that is not finished: the next one of the same file goes on with it (data.md §6.1).
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct UploadRow {
    #[prost(string, tag = "1")]
    pub upload_id: String,
    /// Bytes.
    #[prost(int64, tag = "2")]
    pub part_size: i64,
    /// A bit a part, lowest first: the storage has it.
    #[prost(bytes = "vec", tag = "3")]
    pub done: Vec<u8>,
    /// Unix milliseconds.
    #[prost(int64, tag = "4")]
    pub expires: i64,
}

/// Messages that were about to be told as new when their transaction ended, or wait for the gap before
/// them. A tab that takes over tells them: who has heard of them knows them by their IDs.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct NewsRow {
    /// clientMsgIDs.
    #[prost(string, repeated, tag = "1")]
    pub ids: Vec<String>,
    /// When, Unix milliseconds.
    #[prost(int64, tag = "2")]
    pub at: i64,
}

/// A profile: oneself, or somebody seen.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct UserRow {
    #[prost(string, tag = "1")]
    pub user_id: String,
    #[prost(string, tag = "2")]
    pub nickname: String,
    #[prost(string, tag = "3")]
    pub face_url: String,
    #[prost(string, tag = "4")]
    pub ex: String,
    #[prost(int64, tag = "5")]
    pub create_time: i64,
    #[prost(int32, tag = "6")]
    pub app_manger_level: i32,
    #[prost(int32, tag = "7")]
    pub global_recv_msg_opt: i32,
}

/// A friend. `create_time` is in seconds (data.md §5.1).
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct FriendRow {
    #[prost(message, optional, tag = "1")]
    pub user: Option<UserRow>,
    #[prost(string, tag = "2")]
    pub remark: String,
    #[prost(int64, tag = "3")]
    pub create_time: i64,
    #[prost(int32, tag = "4")]
    pub add_source: i32,
    #[prost(string, tag = "5")]
    pub operator_user_id: String,
    #[prost(string, tag = "6")]
    pub ex: String,
    #[prost(bool, tag = "7")]
    pub is_pinned: bool,
}

/// A black-list entry. `create_time` is in seconds.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct BlackRow {
    #[prost(message, optional, tag = "1")]
    pub user: Option<UserRow>,
    #[prost(int64, tag = "2")]
    pub create_time: i64,
    #[prost(int32, tag = "3")]
    pub add_source: i32,
    #[prost(string, tag = "4")]
    pub operator_user_id: String,
    #[prost(string, tag = "5")]
    pub ex: String,
}

/// A group the user is in.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct GroupRow {
    #[prost(string, tag = "1")]
    pub group_id: String,
    #[prost(string, tag = "2")]
    pub group_name: String,
    #[prost(string, tag = "3")]
    pub notification: String,
    #[prost(string, tag = "4")]
    pub introduction: String,
    #[prost(string, tag = "5")]
    pub face_url: String,
    #[prost(string, tag = "6")]
    pub owner_user_id: String,
    #[prost(int64, tag = "7")]
    pub create_time: i64,
    #[prost(uint32, tag = "8")]
    pub member_count: u32,
    #[prost(string, tag = "9")]
    pub ex: String,
    #[prost(int32, tag = "10")]
    pub status: i32,
    #[prost(string, tag = "11")]
    pub creator_user_id: String,
    #[prost(int32, tag = "12")]
    pub group_type: i32,
    #[prost(int32, tag = "13")]
    pub need_verification: i32,
    #[prost(int32, tag = "14")]
    pub look_member_info: i32,
    #[prost(int32, tag = "15")]
    pub apply_member_friend: i32,
    #[prost(int64, tag = "16")]
    pub notification_update_time: i64,
    #[prost(string, tag = "17")]
    pub notification_user_id: String,
}

/// A member of a group.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct MemberRow {
    #[prost(string, tag = "1")]
    pub group_id: String,
    #[prost(string, tag = "2")]
    pub user_id: String,
    #[prost(string, tag = "3")]
    pub nickname: String,
    #[prost(string, tag = "4")]
    pub face_url: String,
    #[prost(int32, tag = "5")]
    pub role_level: i32,
    #[prost(int64, tag = "6")]
    pub join_time: i64,
    #[prost(int32, tag = "7")]
    pub join_source: i32,
    #[prost(string, tag = "8")]
    pub inviter_user_id: String,
    #[prost(string, tag = "9")]
    pub operator_user_id: String,
    #[prost(string, tag = "10")]
    pub ex: String,
    #[prost(int64, tag = "11")]
    pub mute_end_time: i64,
}

/// What was told of the answer to an application for membership.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct AnswerRow {
    /// Of the application, by which it is known from a later one.
    #[prost(int64, tag = "1")]
    pub req_time: i64,
    #[prost(string, tag = "2")]
    pub handle_msg: String,
    #[prost(string, tag = "3")]
    pub handle_user_id: String,
    #[prost(int64, tag = "4")]
    pub handle_time: i64,
}

/// Which applications, and answers to them, were told; the latest last.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct ToldRow {
    #[prost(string, repeated, tag = "1")]
    pub ids: Vec<String>,
}

/// How far a versioned list is synced (data.md §4).
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub struct VersionRow {
    #[prost(string, tag = "1")]
    pub version_id: String,
    #[prost(uint64, tag = "2")]
    pub version: u64,
    /// Only the version is held, not the rows: members of a group nobody has asked for yet.
    #[prost(bool, tag = "3")]
    pub without_rows: bool,
}
