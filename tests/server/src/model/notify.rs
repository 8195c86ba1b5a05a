//! Notifications: content in content, stored or only pushed, with a copy for the chat where the kind
//! has one (sync.md §7).
use openim_web::net::wire::pb::{MsgData, OfflinePushInfo};
use serde_json::{Value, json};

use super::Model;
use super::groups::Group;
use super::rest::text;

/// Kinds that also leave a stored line in the chat, as the shipped configuration has it.
const WITH_CHAT_COPY: [i32; 15] = [
    1201, 1501, 1504, 1507, 1508, 1509, 1510, 1511, 1512, 1513, 1514, 1515, 1519, 1520, 1701,
];

/// Kinds that a phone shows while nobody is connected.
const OFFLINE_PUSH: [i32; 6] = [1201, 1202, 1203, 1503, 1505, 1506];

/// Kinds that the shipped configuration has no word about.
const NOT_CONFIGURED: [i32; 7] = [1517, 1518, 1703, 2001, 2101, 2102, 2200];

/// A group is dismissed.
const DISMISSED: i32 = 1511;

/// Kinds that name their sender.
const NAMED: [i32; 2] = [1502, 1519];

/// What a phone would show.
fn offline_push(kind: i32) -> OfflinePushInfo {
    if NOT_CONFIGURED.contains(&kind) {
        return OfflinePushInfo::default();
    }
    OfflinePushInfo {
        title: format!("{kind} title"),
        desc: format!("{kind} desc"),
        ex: format!("{kind} ext"),
        ..Default::default()
    }
}

/// Options that are false in every notification.
const OFF: [&str; 10] = [
    "history",
    "offlinePush",
    "unreadCount",
    "conversationUpdate",
    "senderConversationUpdate",
    "notPrivate",
    "isNotNotification",
    "isSendMsg",
    "persistent",
    "reactionFromCache",
];

impl Model {
    /// To a user, in the pair's channel.
    pub(crate) fn notify_user(
        &mut self,
        now: i64,
        from: &str,
        to: &str,
        kind: i32,
        tips: &Value,
        stored: bool,
    ) {
        let msg = self.notice(now, from, kind, tips, stored);
        let msg = MsgData {
            session_type: 1,
            recv_id: to.to_owned(),
            ..msg
        };
        self.enqueue(now, msg);
    }

    /// To a group. Without `line` nothing is left in the chat.
    pub(crate) fn notify_group(
        &mut self,
        now: i64,
        from: &str,
        group: &str,
        kind: i32,
        tips: &Value,
        line: bool,
    ) {
        // Nothing is told in a dismissed group but that it is one.
        let is_dismissed = self.groups.get(group).is_some_and(Group::is_dismissed);
        if is_dismissed && kind != DISMISSED {
            return;
        }
        let msg = self.notice(now, from, kind, tips, false);
        let mut msg = MsgData {
            session_type: 3,
            recv_id: group.to_owned(),
            group_id: group.to_owned(),
            ..msg
        };
        if NAMED.contains(&kind) {
            (msg.sender_nickname, msg.sender_face_url) = self.profile(from);
        }
        if !line {
            msg.set_option("isSendMsg", false);
            msg.set_option("unreadCount", false);
        }
        self.enqueue(now, msg);
    }

    /// To a group, or in the channel of a pair.
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn notify_in(
        &mut self,
        now: i64,
        session_type: i32,
        from: &str,
        to: &str,
        kind: i32,
        tips: &Value,
        stored: bool,
    ) {
        if session_type != 3 {
            // One's own reading is not kept.
            let is_own_reading = kind == 2200 && from == to;
            let msg = MsgData {
                session_type,
                recv_id: to.to_owned(),
                ..self.notice(now, from, kind, tips, stored && !is_own_reading)
            };
            return self.enqueue(now, msg);
        }
        let msg = MsgData {
            session_type: 3,
            recv_id: to.to_owned(),
            group_id: to.to_owned(),
            ..self.notice(now, from, kind, tips, stored)
        };
        self.enqueue(now, msg);
    }

    /// To the other side of a conversation: `row` is one of `from`.
    pub(crate) fn notify_about(
        &mut self,
        now: i64,
        row: &Value,
        from: &str,
        kind: i32,
        tips: &Value,
        stored: bool,
    ) {
        let session_type = row["conversationType"].as_i64().unwrap_or(1) as i32;
        let to = match session_type {
            3 => text(row, "groupID"),
            _ => text(row, "userID"),
        };
        self.notify_in(now, session_type, from, to, kind, tips, stored);
    }

    pub(crate) fn notice(
        &mut self,
        now: i64,
        from: &str,
        kind: i32,
        tips: &Value,
        stored: bool,
    ) -> MsgData {
        let number = self.number();
        let mut msg = MsgData {
            send_id: from.to_owned(),
            client_msg_id: format!("{number:032x}"),
            server_msg_id: format!("server{number:026}"),
            msg_from: 200,
            content_type: kind,
            content: json!({ "detail": tips.to_string() })
                .to_string()
                .into_bytes(),
            send_time: now,
            create_time: now,
            offline_push_info: Some(offline_push(kind)),
            ..Default::default()
        };
        for name in OFF {
            msg.set_option(name, false);
        }
        msg.set_option("senderSync", true);
        if OFFLINE_PUSH.contains(&kind) {
            msg.set_option("offlinePush", true);
        }
        if stored {
            msg.set_option("history", true);
            msg.set_option("persistent", true);
        }
        if WITH_CHAT_COPY.contains(&kind) {
            msg.set_option("isSendMsg", true);
            msg.set_option("unreadCount", true);
        }
        msg
    }
}
