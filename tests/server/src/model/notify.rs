//! Notifications: content in content, stored or only pushed, with a copy for the chat where the kind
//! has one (sync.md §7).
use openim_web::net::wire::pb::{MsgData, OfflinePushInfo};
use serde_json::{Value, json};

use super::Model;

/// Kinds that also leave a stored line in the chat, as the shipped configuration has it.
const WITH_CHAT_COPY: [i32; 15] = [
    1201, 1501, 1504, 1507, 1508, 1509, 1510, 1511, 1512, 1513, 1514, 1515, 1519, 1520, 1701,
];

/// Kinds that a phone shows while nobody is connected.
const OFFLINE_PUSH: [i32; 6] = [1201, 1202, 1203, 1503, 1505, 1506];

/// Kinds that the shipped configuration has no word about.
const NOT_CONFIGURED: [i32; 7] = [1517, 1518, 1703, 2001, 2101, 2102, 2200];

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
    "persistent",
    "offlinePush",
    "unreadCount",
    "conversationUpdate",
    "senderConversationUpdate",
    "notPrivate",
    "isNotNotification",
    "isSendMsg",
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
        self.copy_to_chat(now, &msg);
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
        match line {
            true => self.copy_to_chat(now, &msg),
            false => msg.set_option("isSendMsg", false),
        }
        self.enqueue(now, msg);
    }

    /// In the channel of a message: to its group, or to `other` in a single chat.
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn notify_in(
        &mut self,
        now: i64,
        about: &MsgData,
        from: &str,
        other: &str,
        kind: i32,
        tips: &Value,
        stored: bool,
    ) {
        let msg = self.notice(now, from, kind, tips, stored);
        let msg = match about.session_type {
            3 => MsgData {
                session_type: 3,
                recv_id: about.group_id.clone(),
                group_id: about.group_id.clone(),
                ..msg
            },
            _ => MsgData {
                session_type: 1,
                recv_id: other.to_owned(),
                ..msg
            },
        };
        self.enqueue(now, msg);
    }

    fn notice(&mut self, now: i64, from: &str, kind: i32, tips: &Value, stored: bool) -> MsgData {
        let number = self.number();
        let mut msg = MsgData {
            send_id: from.to_owned(),
            client_msg_id: format!("{number:032x}"),
            server_msg_id: format!("server{number:026}"),
            msg_from: 200,
            offline_push_info: Some(offline_push(kind)),
            content_type: kind,
            content: json!({ "detail": tips.to_string() })
                .to_string()
                .into_bytes(),
            send_time: now,
            create_time: now,
            ..Default::default()
        };
        for name in OFF {
            msg.set_option(name, false);
        }
        msg.set_option("senderSync", true);
        // A phone shows the line in the chat, where there is one.
        if WITH_CHAT_COPY.contains(&kind) {
            msg.set_option("isSendMsg", true);
        } else if OFFLINE_PUSH.contains(&kind) {
            msg.set_option("offlinePush", true);
        }
        if stored {
            msg.set_option("history", true);
            msg.set_option("persistent", true);
        }
        msg
    }

    /// The line in the chat: a stored message with the same clientMsgID.
    fn copy_to_chat(&mut self, now: i64, notice: &MsgData) {
        if !WITH_CHAT_COPY.contains(&notice.content_type) {
            return;
        }
        let mut copy = notice.clone();
        copy.options.clear();
        copy.set_option("offlinePush", OFFLINE_PUSH.contains(&notice.content_type));
        copy.set_option("unreadCount", true);
        self.enqueue(now, copy);
    }
}
