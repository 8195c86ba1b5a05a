//! Messages: sending, seqs, storage, fan-out, pulling (sync.md §1, §2, §4).
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use openim_web::net::wire::envelope::Response;
use openim_web::net::wire::{pb, req};
use openim_web::rt::proto::Message as _;
use pb::{MsgData, PullMsgs, PushMessages};
use serde_json::{Value, json};

use super::{Answer, Effect, Model, Queued, Stored, refuse};

/// Status of a placeholder and of a deleted message on the wire.
const GONE: i32 = 4;

/// Whether the message goes to a notification channel.
pub fn is_notification(msg: &MsgData) -> bool {
    !msg.option("isNotNotification")
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
        if msg.send_id != by && by != super::tokens::ADMIN_USER {
            return refuse(1002, "sendID is not the connected user");
        }
        if msg.send_id.is_empty() || msg.content.is_empty() {
            return refuse(1001, "sendID or content is empty");
        }
        if (msg.session_type == 4) != (msg.content_type == 1400) {
            return refuse(1001, "sessionType 4 and contentType 1400 belong together");
        }
        match msg.session_type {
            1 | 4 => self.check_single(&msg)?,
            3 => self.check_group(now, &msg)?,
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

    pub(crate) fn enqueue(&mut self, now: i64, msg: MsgData) {
        let channel = channel_of(&msg);
        let at = now + self.store_delay(&channel, now);
        // In the order of sending, within a channel.
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

    fn check_single(&self, msg: &MsgData) -> Answer<()> {
        if !self.users.contains_key(&msg.recv_id) {
            return refuse(1101, "receiver does not exist");
        }
        let blocked = self
            .blacks
            .get(&msg.recv_id)
            .is_some_and(|rows| rows.has(&msg.send_id));
        if blocked {
            return refuse(1302, "blocked by the receiver");
        }
        let row = self.rows.get(&(msg.recv_id.clone(), channel_of(msg)));
        let global = &self.users[&msg.recv_id]["globalRecvMsgOpt"];
        if row.is_some_and(|row| row["recvMsgOpt"] == 1) || *global == 1 {
            return refuse(1001, "message is not sent");
        }
        Ok(())
    }

    fn check_group(&self, now: i64, msg: &MsgData) -> Answer<()> {
        if msg.group_id.is_empty() {
            return refuse(1001, "groupID is empty");
        }
        let Some(group) = self.groups.get(&msg.group_id) else {
            return refuse(1004, "group does not exist");
        };
        if group.info["status"] == 2 {
            return refuse(1204, "group is dismissed");
        }
        let Some(member) = group.members.get(&msg.send_id) else {
            // 1203 where the server has the members at hand.
            return refuse(1002, "not a member");
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
            channel.max += 1 + self.faults.take_hole(&id);
            msg.seq = channel.max;
            let stored = Stored {
                msg: msg.clone(),
                deleted_by: Default::default(),
            };
            channel.messages.insert(msg.seq, stored);
            if !id.starts_with("n_") {
                self.ensure_rows(&msg, &id);
                self.raise_read(&msg.send_id.clone(), &id, msg.seq);
                self.mark_at(now, &msg, &id);
            }
        }
        // What its sender calls under way has arrived; notifications have no status.
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
        let mut users: Vec<String> = match msg.session_type {
            3 => self.push_to_group(now, msg),
            _ => vec![msg.recv_id.clone(), msg.send_id.clone()],
        };
        users.sort();
        users.dedup();
        if !msg.option("senderSync") {
            users.retain(|user| *user != msg.send_id);
        }
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
            operation_id: msg.client_msg_id.clone(),
            data: push.encode_to_vec(),
            ..Default::default()
        };
        // Whom the push service does not know to be online gets nothing.
        users.retain(|user| self.is_online(user));
        for user in users {
            for conn in self.conns_of(&user) {
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

    /// Visible range of a channel for a user: what 1002 and 1005 clamp to.
    fn visible(&self, user: &str, id: &str) -> Option<(i64, i64)> {
        let channel = self.channels.get(id);
        let (min, max) = channel.map_or((0, 0), |c| (c.min, c.max));
        if id.starts_with("n_") {
            return Some((min.max(1), max));
        }
        let row = self.rows.get(&(user.to_owned(), id.to_owned()))?;
        let own_min = row["minSeq"].as_i64().unwrap_or(0);
        let own_max = row["maxSeq"].as_i64().unwrap_or(0);
        Some((
            min.max(own_min),
            if own_max > 0 { max.min(own_max) } else { max },
        ))
    }

    /// 1002 (sync.md §2.4).
    pub fn pull_ranges(&self, ask: &pb::PullMessageBySeqsReq) -> pb::PullMessageBySeqsResp {
        let mut answer = pb::PullMessageBySeqsResp::default();
        for range in &ask.seq_ranges {
            let id = &range.conversation_id;
            let asked = (ask.user_id.clone(), id.clone());
            *self.pulls.borrow_mut().entry(asked).or_default() += 1;
            let Some((min, max)) = self.visible(&ask.user_id, id) else {
                continue;
            };
            let is_notice = id.starts_with("n_");
            let mut begin = range.begin.max(min);
            let end = range.end.min(max);
            if begin > end || self.faults.absent.contains(id) {
                continue;
            }
            if !is_notice {
                begin = begin.max(end - range.num + 1);
            }
            let msgs = (begin..=end)
                .map(|seq| self.as_seen(&ask.user_id, id, seq))
                .collect();
            let is_end = if ask.order == 0 {
                max <= range.end
            } else {
                range.begin <= min
            };
            let list = PullMsgs {
                msgs,
                is_end: is_end && !is_notice,
                end_seq: 0,
            };
            let into = if is_notice {
                &mut answer.notification_msgs
            } else {
                &mut answer.msgs
            };
            into.push((id.to_owned(), list).into());
        }
        answer
    }

    /// 1005 (sync.md §2.5).
    pub fn pull_seqs(&self, ask: &pb::GetSeqMessageReq) -> pb::PullMessageBySeqsResp {
        let mut answer = pb::PullMessageBySeqsResp::default();
        for wanted in &ask.conversations {
            let id = &wanted.conversation_id;
            let (min, max) = self.visible(&ask.user_id, id).unwrap_or_default();
            let inside = |seq: &&i64| **seq > 0 && (min..=max).contains(*seq);
            let mut list = PullMsgs {
                msgs: wanted
                    .seqs
                    .iter()
                    .filter(inside)
                    .map(|seq| self.as_seen(&ask.user_id, id, *seq))
                    .collect(),
                ..Default::default()
            };
            let below = wanted.seqs.iter().any(|seq| *seq < min);
            let above = wanted.seqs.iter().any(|seq| *seq > max);
            if ask.order == 1 && below {
                (list.is_end, list.end_seq) = (true, min);
            } else if ask.order == 0 && above {
                (list.is_end, list.end_seq) = (true, max);
            }
            let into = if id.starts_with("n_") {
                &mut answer.notification_msgs
            } else {
                &mut answer.msgs
            };
            into.push((id.to_owned(), list).into());
        }
        answer
    }

    /// A seq as a user sees it: message, deleted message, or placeholder (sync.md §2.6).
    fn as_seen(&self, user: &str, id: &str, seq: i64) -> MsgData {
        let held = self
            .channels
            .get(id)
            .and_then(|channel| channel.messages.get(&seq));
        let placeholder = MsgData {
            seq,
            status: GONE,
            ..Default::default()
        };
        match held {
            _ if self.faults.is_placeholder(id, seq) => placeholder,
            None => placeholder,
            Some(stored) if stored.deleted_by.contains(user) => MsgData {
                status: GONE,
                content: Vec::new(),
                ..stored.msg.clone()
            },
            Some(stored) => stored.msg.clone(),
        }
    }

    /// 1001: the newest seq of everything the user has, notification channels included.
    pub fn newest_seqs(&self, user: &str) -> BTreeMap<String, i64> {
        let mut ids = vec![format!("n_{user}_{user}")];
        for (_, id) in self.rows.keys().filter(|(owner, _)| owner == user) {
            ids.push(id.clone());
            if let Some((_, rest)) = id.split_once('_') {
                ids.push(format!("n_{rest}"));
            }
        }
        let max = |id: &String| self.channels.get(id).map_or(0, |channel| channel.max);
        ids.into_iter()
            .map(|id| (id.clone(), max(&id)))
            .filter(|(_, max)| *max > 0)
            .collect()
    }

    /// 1006: read position and newest seq.
    pub fn read_seqs(&self, user: &str, wanted: &[String]) -> BTreeMap<String, pb::Seqs> {
        let rows = self
            .rows
            .iter()
            .filter(|((owner, id), _)| owner == user && (wanted.is_empty() || wanted.contains(id)));
        rows.map(|((_, id), row)| {
            let channel = self.channels.get(id);
            let max = channel.map_or(0, |c| c.max);
            let own_max = row["maxSeq"].as_i64().unwrap_or(0);
            let seqs = pb::Seqs {
                max_seq: if own_max > 0 { own_max } else { max },
                has_read_seq: self
                    .has_read
                    .get(&(user.to_owned(), id.clone()))
                    .copied()
                    .unwrap_or(0),
                max_seq_time: channel
                    .and_then(|c| c.messages.get(&max))
                    .map_or(0, |s| s.msg.send_time),
            };
            (id.clone(), seqs)
        })
        .collect()
    }

    /// 1007: the newest kept message.
    pub fn last_messages(&self, user: &str, wanted: &[String]) -> BTreeMap<String, MsgData> {
        let last = |id: &String| {
            let seq = *self.channels.get(id)?.messages.keys().next_back()?;
            Some((id.clone(), self.as_seen(user, id, seq)))
        };
        wanted.iter().filter_map(last).collect()
    }

    /// Replaces a message by its revoked form and tells everybody.
    pub(crate) fn revoke(&mut self, now: i64, user: &str, id: &str, seq: i64) -> Answer<Value> {
        if seq < 1 {
            return refuse(1001, "seq is invalid");
        }
        let held = self
            .channels
            .get(id)
            .and_then(|c| c.messages.get(&seq))
            .map(|s| s.msg.clone());
        let Some(msg) = held else {
            return refuse(1004, "no such message");
        };
        if msg.content_type == 2101 {
            return refuse(1404, "revoked already");
        }
        let role = |user: &str| {
            let member = self
                .groups
                .get(&msg.group_id)
                .and_then(|g| g.members.get(user));
            member.and_then(|m| m["roleLevel"].as_i64()).unwrap_or(0)
        };
        let own_role = role(user);
        let allowed = msg.send_id == user
            || own_role == 100
            || (own_role == 60 && role(&msg.send_id) < 60)
            || user == super::tokens::ADMIN_USER;
        if !allowed {
            return refuse(1002, "no right to revoke");
        }
        let nickname = self
            .users
            .get(user)
            .map(|u| u["nickname"].clone())
            .unwrap_or_default();
        let detail = json!({
            "revokerID": user, "revokerRole": own_role, "clientMsgID": msg.client_msg_id,
            "revokerNickname": nickname, "revokeTime": now, "sourceMessageSendTime": msg.send_time,
            "sourceMessageSendID": msg.send_id, "sourceMessageSenderNickname": msg.sender_nickname,
            "sessionType": msg.session_type, "seq": seq, "ex": msg.ex, "isAdminRevoke": user == super::tokens::ADMIN_USER,
        });
        let content = json!({ "detail": detail.to_string() }).to_string();
        if let Some(stored) = self
            .channels
            .get_mut(id)
            .and_then(|c| c.messages.get_mut(&seq))
        {
            stored.msg.content_type = 2101;
            stored.msg.content = content.into_bytes();
        }
        let tips = json!({
            "revokerUserID": user, "clientMsgID": msg.client_msg_id, "revokeTime": now,
            "sesstionType": msg.session_type, "seq": seq, "conversationID": id,
            "isAdminRevoke": user == super::tokens::ADMIN_USER,
        });
        let other = if msg.send_id == user {
            &msg.recv_id
        } else {
            &msg.send_id
        };
        self.notify_in(now, &msg, user, other, 2101, &tips, true);
        Ok(json!({}))
    }

    /// Messages that a channel holds, by seq.
    pub fn messages_of(&self, id: &str) -> Vec<&MsgData> {
        let channel = self.channels.get(id).into_iter();
        channel
            .flat_map(|channel| channel.messages.values())
            .map(|stored| &stored.msg)
            .collect()
    }

    /// Marks messages of a single chat as read by the peer.
    pub(crate) fn mark_read(&mut self, id: &str, seqs: &[i64]) {
        if let Some(channel) = self.channels.get_mut(id) {
            for seq in seqs {
                if let Some(stored) = channel.messages.get_mut(seq) {
                    stored.msg.is_read = true;
                }
            }
        }
    }
}
