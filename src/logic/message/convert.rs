//! Messages between their three forms: wire, row, API.
use crate::rt::json::{Read, Write};

use crate::api::element::OfflinePush;
use crate::api::message::Message;
use crate::logic::ids;
use crate::net::wire::pb::{FlagEntry, MsgData, OfflinePushInfo};
use crate::rt::json::{self, RawJson};
use crate::rt::order;
use crate::store::MessageRow;

/// Message status (sync.md §8.1).
pub mod status {
    /// On its way.
    pub const SENDING: i32 = 1;
    /// Sent, or received.
    pub const SENT: i32 = 2;
    /// Not sent.
    pub const FAILED: i32 = 3;
    /// Deleted by this user; on the wire also a placeholder.
    pub const DELETED: i32 = 4;
}

/// Content types the logic itself knows (sync.md §8).
pub mod kind {
    pub const TEXT: i32 = 101;
    pub const AT_TEXT: i32 = 106;
    pub const MERGER: i32 = 107;
    pub const TYPING: i32 = 113;
    pub const QUOTE: i32 = 114;
    pub const ADVANCED_TEXT: i32 = 117;
    pub const MARKDOWN: i32 = 118;
    pub const OA_NOTIFICATION: i32 = 1400;
    pub const ANNOUNCEMENT: i32 = 1519;
    pub const REVOKED: i32 = 2101;
}

/// Whether a row's option is on.
pub fn row_option(row: &MessageRow, name: &str) -> bool {
    !row.options_off.iter().any(|off| off == name)
}

/// Content as it is held. What the server writes for an application begins with a capital, `Content`.
fn content_from_wire(content_type: i32, content: Vec<u8>) -> String {
    let text = String::from_utf8(content)
        .unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned());
    match text.strip_prefix("{\"Content\":") {
        Some(rest) if content_type == kind::MARKDOWN => ["{\"content\":", rest].concat(),
        _ => text,
    }
}

/// A received message as it is held. Status 4 stays (deleted), anything else is "received".
pub fn row_from_wire(msg: MsgData) -> MessageRow {
    let mut options_off: Vec<String> = msg
        .options
        .into_iter()
        .filter(|option| !option.value)
        .map(|option| option.key)
        .collect();
    order::sort_by(&mut options_off, Ord::cmp);
    MessageRow {
        client_msg_id: msg.client_msg_id,
        server_msg_id: msg.server_msg_id,
        create_time: msg.create_time,
        send_time: msg.send_time,
        session_type: msg.session_type,
        send_id: msg.send_id,
        recv_id: msg.recv_id,
        group_id: msg.group_id,
        msg_from: msg.msg_from,
        content_type: msg.content_type,
        sender_platform_id: msg.sender_platform_id,
        sender_nickname: msg.sender_nickname,
        sender_face_url: msg.sender_face_url,
        content: content_from_wire(msg.content_type, msg.content),
        seq: msg.seq,
        is_read: msg.is_read,
        status: match msg.status {
            status::DELETED => status::DELETED,
            _ => status::SENT,
        },
        attached_info: msg.attached_info,
        ex: msg.ex,
        options_off,
        at_user_id_list: msg.at_user_id_list,
        ..Default::default()
    }
}

/// An own message as it goes to the server: time and seq are the server's to give (sync.md §4.1).
pub fn wire_from_row(row: &MessageRow) -> MsgData {
    MsgData {
        send_id: row.send_id.clone(),
        recv_id: row.recv_id.clone(),
        group_id: row.group_id.clone(),
        client_msg_id: row.client_msg_id.clone(),
        sender_platform_id: row.sender_platform_id,
        sender_nickname: row.sender_nickname.clone(),
        sender_face_url: row.sender_face_url.clone(),
        session_type: row.session_type,
        msg_from: row.msg_from,
        content_type: row.content_type,
        content: row.content.clone().into_bytes(),
        create_time: row.create_time,
        status: status::SENDING,
        options: row
            .options_off
            .iter()
            .map(|off| FlagEntry {
                key: off.clone(),
                value: false,
            })
            .collect(),
        offline_push_info: offline_push(row),
        at_user_id_list: row.at_user_id_list.clone(),
        attached_info: row.attached_info.clone(),
        ex: row.ex.clone(),
        ..Default::default()
    }
}

fn offline_push(row: &MessageRow) -> Option<OfflinePushInfo> {
    let push: OfflinePush = json::from_text(&row.offline_push).ok()?;
    Some(OfflinePushInfo {
        title: push.title,
        desc: push.desc,
        ex: push.ex,
        ios_push_sound: push.ios_push_sound,
        ios_badge_count: push.ios_badge_count,
        signal_info: String::new(),
    })
}

/// What the SDK itself reads and writes of `attachedInfo`; applications find all of it.
#[derive(Clone, Debug, Default, PartialEq, Write, Read)]
#[serde(default, rename_all = "camelCase")]
pub struct AttachedInfo {
    /// Of a group's message.
    pub group_has_read_info: GroupHasReadInfo,
    /// Burn after reading.
    pub is_private_chat: bool,
    /// Not used.
    pub is_encryption: bool,
    /// Not used.
    pub in_encrypt_status: bool,
    /// Seconds.
    pub burn_duration: i32,
    /// When the peer read it, Unix milliseconds.
    pub has_read_time: i64,
}

/// How many could read a group's message when it was sent; readers are not counted by this server.
#[derive(Clone, Debug, Default, PartialEq, Write, Read)]
#[serde(default, rename_all = "camelCase")]
pub struct GroupHasReadInfo {
    /// Readers.
    pub has_read_count: i32,
    /// Members, the sender included.
    pub group_member_count: u32,
}

/// A held message as applications get it.
pub fn to_api(row: &MessageRow) -> Message {
    let mut message = Message {
        client_msg_id: row.client_msg_id.clone(),
        server_msg_id: row.server_msg_id.clone(),
        create_time: row.create_time,
        send_time: row.send_time,
        session_type: row.session_type,
        send_id: row.send_id.clone(),
        recv_id: row.recv_id.clone(),
        msg_from: row.msg_from,
        sender_platform_id: row.sender_platform_id,
        sender_nickname: row.sender_nickname.clone(),
        sender_face_url: row.sender_face_url.clone(),
        group_id: row.group_id.clone(),
        seq: row.seq,
        is_read: row.is_read,
        status: row.status,
        attached_info: row.attached_info.clone(),
        ex: row.ex.clone(),
        local_ex: row.local_ex.clone(),
        ..Default::default()
    };
    message.set_content(row.content_type, &row.content);
    message.attached_info_elem = attached_info_elem(row);
    message
}

/// With what every message that was received, or is read again, has beside it.
pub fn noted(mut message: Message) -> Message {
    message
        .attached_info_elem
        .get_or_insert_with(|| RawJson(json::to_text(&AttachedInfo::default())));
    message
}

/// Every message of the server has one, whatever its sender attached; a message under way need not.
fn attached_info_elem(row: &MessageRow) -> Option<RawJson> {
    if row.attached_info.is_empty() && row.seq == 0 {
        return None;
    }
    if row.has_read_time == 0 && row.attached_info.contains("groupHasReadInfo") {
        return Some(RawJson(row.attached_info.clone()));
    }
    let mut info: AttachedInfo = json::from_text(&row.attached_info).unwrap_or_default();
    info.has_read_time = row.has_read_time;
    Some(RawJson(json::to_text(&info)))
}

/// An application's message as it is held before it is sent.
pub fn row_from_api(mut message: Message) -> MessageRow {
    MessageRow {
        content: message.take_content().unwrap_or_default(),
        client_msg_id: message.client_msg_id,
        server_msg_id: message.server_msg_id,
        create_time: message.create_time,
        send_time: message.send_time,
        session_type: message.session_type,
        send_id: message.send_id,
        recv_id: message.recv_id,
        group_id: message.group_id,
        msg_from: message.msg_from,
        content_type: message.content_type,
        sender_platform_id: message.sender_platform_id,
        sender_nickname: message.sender_nickname,
        sender_face_url: message.sender_face_url,
        seq: message.seq,
        is_read: message.is_read,
        status: message.status,
        attached_info: message.attached_info,
        ex: message.ex,
        local_ex: message.local_ex,
        ..Default::default()
    }
}

/// The conversation a message belongs to, by its sender and receiver.
pub fn conversation_of(me: &str, row: &MessageRow) -> String {
    let source = if row.group_id.is_empty() {
        peer_of(me, row)
    } else {
        &row.group_id
    };
    ids::of_session(me, source, row.session_type).unwrap_or_default()
}

/// The other side of a single chat.
pub fn peer_of<'a>(me: &str, row: &'a MessageRow) -> &'a str {
    if row.send_id == me {
        &row.recv_id
    } else {
        &row.send_id
    }
}
