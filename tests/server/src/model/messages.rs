//! Messages: sending, seqs, storage, fan-out (sync.md §1, §2, §4).
use std::hash::{DefaultHasher, Hash, Hasher};

use openim_web::net::wire::envelope::Response;
use openim_web::net::wire::{pb, req};
use openim_web::rt::proto::Message as _;
use pb::{MsgData, PullMsgs, PushMessages};

use super::tokens::ADMIN_USER;
use super::{Answer, Effect, Model, Queued, Stored, refuse};

/// Content types of "is typing", of a revocation in the old form, and of a receipt.
const TYPING: i32 = 113;
const OLD_REVOKE: i32 = 111;
const RECEIPT: i32 = 2200;
/// What a typing message with any option gets.
pub(crate) const TYPING_OFF: [&str; 7] = [
    "history",
    "persistent",
    "senderSync",
    "conversationUpdate",
    "senderConversationUpdate",
    "unreadCount",
    "offlinePush",
];

/// Options that are off in a message of this kind that has any.
fn forced_off(kind: i32) -> &'static [&'static str] {
    match kind {
        TYPING => &TYPING_OFF,
        // Without what concerns storing and the sender's devices.
        RECEIPT => &TYPING_OFF[3..],
        OLD_REVOKE => &TYPING_OFF[5..],
        _ => &[],
    }
}
/// Platform that hears nothing in the background.
const IOS: i32 = 1;
/// The database keeps so many messages together.
const BLOCK: i64 = 100;
/// What was marked is not read from the cache for so long.
const UNCACHED_MS: i64 = 10_000;

/// Whether the message goes to a notification channel.
pub fn is_notification(msg: &MsgData) -> bool {
    !msg.option("isNotNotification")
}

/// Whether neither black list nor membership matter: it is the system's.
fn is_unchecked(msg: &MsgData) -> bool {
    msg.send_id == ADMIN_USER || (1_000..=5_000).contains(&msg.content_type)
}

/// A service's messages are of one content type, and that content type is a service's.
fn is_kind_of_session(msg: &MsgData) -> bool {
    (msg.session_type == 4) == (msg.content_type == 1400)
}

/// The channel of a message.
pub fn channel_of(msg: &MsgData) -> String {
    let pair = |prefix: &str| {
        let mut ids = [msg.send_id.as_str(), msg.recv_id.as_str()];
        ids.sort_unstable();
        format!("{prefix}_{}_{}", ids[0], ids[1])
    };
    match (msg.session_type, is_notification(msg)) {
        (3, true) => format!("n_{}", msg.group_id),
        (3, false) => format!("sg_{}", msg.group_id),
        (_, true) => pair("n"),
        (4, false) => pair("sn"),
        (_, false) => pair("si"),
    }
}

impl Model {
    /// Accepts a message: checks, queues, acknowledges. Its seq does not exist yet.
    pub fn send(&mut self, now: i64, mut msg: MsgData, by: &str) -> Answer<pb::SendMsgResp> {
        if msg.send_id.is_empty() || msg.content.is_empty() {
            return refuse(1001, "sendID or content is empty");
        }
        if msg.send_id != by && by != ADMIN_USER {
            return refuse(1002, "sendID is not the connected user");
        }
        if !is_kind_of_session(&msg) {
            return refuse(1001, "sessionType 4 and contentType 1400 belong together");
        }
        if !msg.options.is_empty() {
            let off = forced_off(msg.content_type);
            off.iter().for_each(|name| msg.set_option(name, false));
        }
        match msg.session_type {
            1 => self.check_single(&mut msg)?,
            3 => self.check_group(now, &msg, by)?,
            // Nobody is asked whether he wants it.
            4 => {}
            _ => return refuse(1001, "unknown sessionType"),
        }
        if msg.send_time == 0 {
            msg.send_time = now - now % self.clock_step_ms;
        }
        msg.server_msg_id = format!("server{:026}", self.number());
        let ack = pb::SendMsgResp {
            server_msg_id: msg.server_msg_id.clone(),
            client_msg_id: msg.client_msg_id.clone(),
            send_time: msg.send_time,
            modify: None,
        };
        self.enqueue(now, msg);
        Ok(ack)
    }

    /// Queues a message. A notification that leaves a line in the chat is two: the line, with the same
    /// clientMsgID, and the notification without what the line does.
    pub(crate) fn enqueue(&mut self, now: i64, mut msg: MsgData) {
        if is_notification(&msg) && msg.option("isSendMsg") {
            let mut line = msg.clone();
            line.options.clear();
            for name in ["offlinePush", "unreadCount"] {
                line.set_option(name, msg.option(name));
                msg.set_option(name, false);
            }
            self.queue_in_order(now, line);
        }
        self.queue_in_order(now, msg);
    }

    /// In the order of sending, within a channel.
    fn queue_in_order(&mut self, now: i64, msg: MsgData) {
        let channel = channel_of(&msg);
        let at = now + self.store_delay(&channel, now);
        let before = self.queue.iter().filter(|q| q.channel == channel);
        let at = before.map(|queued| queued.at).chain([at]).max();
        self.queue.push_back(Queued {
            at: at.unwrap_or(now),
            channel,
            msg,
        });
    }

    /// Conversations are stored by different workers: no order holds among them. A line in a chat and the
    /// notification that it belongs to are one batch.
    fn store_delay(&self, channel: &str, now: i64) -> i64 {
        let (least, most) = self.store_delay_ms.clone().into_inner();
        let key = channel.split_once('_').map_or(channel, |(_, key)| key);
        let mut hasher = DefaultHasher::new();
        (key, now).hash(&mut hasher);
        least + (hasher.finish() % (most - least + 1).max(1) as u64) as i64
    }

    fn check_single(&self, msg: &mut MsgData) -> Answer<()> {
        if msg.recv_id.is_empty() {
            return refuse(1001, "recvID is empty");
        }
        if !is_unchecked(msg) && !self.users.contains_key(&msg.send_id) {
            return refuse(1004, "sender does not exist");
        }
        let blocked = self
            .blacks
            .get(&msg.recv_id)
            .is_some_and(|rows| rows.has(&msg.send_id));
        if blocked && !is_unchecked(msg) {
            return refuse(1302, "blocked by the receiver");
        }
        if is_notification(msg) {
            return Ok(());
        }
        let Some(receiver) = self.users.get(&msg.recv_id) else {
            return refuse(1004, "receiver does not exist");
        };
        let row = self.rows.get(&(msg.recv_id.clone(), channel_of(msg)));
        let own = row.and_then(|row| row["recvMsgOpt"].as_i64()).unwrap_or(0);
        let global = receiver["globalRecvMsgOpt"].as_i64().unwrap_or(0);
        match (global, own) {
            (1, _) | (0, 1) => return refuse(1001, "message is not sent"),
            (2, _) | (_, 2) => msg.set_option("offlinePush", false),
            _ => {}
        }
        Ok(())
    }

    fn check_group(&self, now: i64, msg: &MsgData, by: &str) -> Answer<()> {
        if msg.group_id.is_empty() {
            return refuse(1001, "groupID is empty");
        }
        let Some(group) = self.groups.get(&msg.group_id) else {
            return refuse(1004, "group does not exist");
        };
        if group.info["status"] == 2 {
            return refuse(1204, "group is dismissed");
        }
        if is_unchecked(msg) {
            return Ok(());
        }
        let Some(member) = group.members.get(&msg.send_id) else {
            // A cold cache asks for the members in the caller's name.
            let may_ask = self.warm_members || by == ADMIN_USER;
            let code = if may_ask { 1203 } else { 1002 };
            return refuse(code, "not a member");
        };
        let role = member["roleLevel"].as_i64().unwrap_or(20);
        if role < 100 && member["muteEndTime"].as_i64().unwrap_or(0) >= now {
            return refuse(1402, "muted");
        }
        if role < 60 && group.info["status"] == 3 {
            return refuse(1403, "group is muted");
        }
        Ok(())
    }

    /// A message leaves the queue: it gets its seq, is stored, and pushed.
    pub(crate) fn store_and_push(&mut self, mut msg: MsgData, now: i64) {
        let id = channel_of(&msg);
        if msg.option("history") {
            let channel = self.channels.entry(id.clone()).or_default();
            let is_first = channel.max == 0;
            channel.max += 1 + self.faults.take_hole(&id);
            channel.given_at = now;
            msg.seq = channel.max;
            let early = channel.early.remove(&msg.seq);
            let mut kept = msg.clone();
            if let Some(push) = &mut kept.offline_push_info {
                push.signal_info.clear();
            }
            let stored = Stored {
                msg: kept,
                is_read: false,
                in_database: early.is_some_and(|at| now < at + UNCACHED_MS),
                born_read: early.is_some(),
                deleted_by: Default::default(),
            };
            channel.messages.insert(msg.seq, stored);
            if !id.starts_with("n_") {
                if is_first {
                    self.ensure_rows(&msg, &id);
                }
                self.raise_read(&msg.send_id.clone(), &id, msg.seq);
                self.mark_at(now, &msg, &id);
            }
        }
        // "Sending" is "sent" for who hears of it.
        if msg.status == 1 {
            msg.status = 2;
        }
        self.push(now, &id, &msg);
    }

    /// Rows of a conversation's first message; no 1300 is sent for it.
    fn ensure_rows(&mut self, msg: &MsgData, id: &str) {
        let owners: Vec<(String, String)> = match msg.session_type {
            3 => {
                let members = self
                    .groups
                    .get(&msg.group_id)
                    .map(|g| g.members.keys().cloned().collect());
                let members: Vec<String> = members.unwrap_or_default();
                members.into_iter().map(|m| (m, String::new())).collect()
            }
            4 => vec![(msg.recv_id.clone(), msg.send_id.clone())],
            _ => vec![
                (msg.send_id.clone(), msg.recv_id.clone()),
                (msg.recv_id.clone(), msg.send_id.clone()),
            ],
        };
        for (owner, peer) in owners {
            self.ensure_row(&owner, id, msg.session_type, &peer, &msg.group_id);
        }
    }

    pub(crate) fn raise_read(&mut self, user: &str, id: &str, seq: i64) {
        let read = self
            .has_read
            .entry((user.to_owned(), id.to_owned()))
            .or_default();
        *read = (*read).max(seq);
    }

    /// Pushes to all connections of everybody concerned.
    fn push(&mut self, now: i64, id: &str, msg: &MsgData) {
        // The gateway takes from the push service what it would take from a client.
        if !is_kind_of_session(msg) {
            return;
        }
        let mut users: Vec<String> = match msg.session_type {
            3 => self.push_to_group(now, msg),
            _ if msg.option("senderSync") => vec![msg.recv_id.clone(), msg.send_id.clone()],
            _ => vec![msg.recv_id.clone()],
        };
        users.sort();
        users.dedup();
        let list = PullMsgs {
            msgs: vec![msg.clone()],
            ..Default::default()
        };
        let mut push = PushMessages::default();
        let into = if id.starts_with("n_") {
            &mut push.notification_msgs
        } else {
            &mut push.msgs
        };
        into.push((id.to_owned(), list).into());
        let frame = Response {
            req_identifier: req::PUSH_MSG,
            operation_id: msg.server_msg_id.clone(),
            data: push.encode_to_vec(),
            ..Default::default()
        };
        // Whom the push service does not know to be online gets nothing.
        users.retain(|user| self.is_online(user));
        for user in users {
            for conn in self.conns_of(&user) {
                let is_deaf = |c: &super::Conn| c.platform_id == IOS && c.is_in_background;
                if self.conns.get(&conn).is_some_and(is_deaf) {
                    continue;
                }
                for (frame, delay_ms) in self.faults.on_push(&user, frame.clone()) {
                    self.effect(Effect::Send {
                        conn,
                        frame,
                        delay_ms,
                    });
                }
            }
        }
    }

    /// Messages that a channel holds, by seq.
    pub fn messages_of(&self, id: &str) -> Vec<&MsgData> {
        let channel = self.channels.get(id).into_iter();
        channel
            .flat_map(|channel| channel.messages.values())
            .map(|stored| &stored.msg)
            .collect()
    }

    /// Marks messages as read; the reader's own stay as they are. Seqs to come are marked, too, as far as
    /// the database has room for them.
    pub(crate) fn mark_read(&mut self, now: i64, reader: &str, id: &str, seqs: &[i64]) {
        let Some(channel) = self.channels.get_mut(id) else {
            return;
        };
        let block_end = (channel.max - 1) / BLOCK * BLOCK + BLOCK;
        for seq in seqs {
            if let Some(stored) = channel.messages.get_mut(seq) {
                stored.is_read |= stored.msg.send_id != reader;
                stored.in_database = true;
            } else if (channel.max + 1..=block_end).contains(seq) {
                channel.early.insert(*seq, now);
            }
        }
    }
}
