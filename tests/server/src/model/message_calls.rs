//! Calls about messages: reading, revoking, deleting, clearing, pulling (data.md §2.6, sync.md §6).
use serde_json::{Value, json};

use super::pulls::REVOKED;
use super::rest::{int, ints, text, texts};
use super::tokens::Caller;
use super::versions::Change;
use super::{Answer, Model, refuse};

/// The database has no place for a seq below 1.
const NO_PLACE: &str = "no such place in a block";

impl Model {
    pub(crate) fn rest_msg(
        &mut self,
        now: i64,
        path: &str,
        caller: &Caller,
        body: &Value,
    ) -> Answer<Value> {
        let id = text(body, "conversationID").to_owned();
        let user = text(body, "userID").to_owned();
        if !user.is_empty() {
            caller.may_act_for(&user)?;
        }
        let sync = &body["deleteSyncOpt"];
        match path {
            "/msg/mark_conversation_as_read" => {
                let (upto, seqs) = (int(body, "hasReadSeq"), ints(body, "seqs"));
                self.mark_conversation(now, &user, &id, upto, seqs)
            }
            "/msg/mark_msgs_as_read" => self.mark_messages(now, &user, &id, ints(body, "seqs")),
            "/msg/set_conversation_has_read_seq" => {
                let upto = int(body, "hasReadSeq");
                if upto < 1 || upto > self.newest_seq(now, &id) {
                    return refuse(1001, "hasReadSeq is invalid");
                }
                self.raise_read(&user, &id, upto);
                self.tell_read_self(now, &user, &id, upto);
                Ok(Value::Null)
            }
            "/msg/revoke_msg" => self.revoke(now, caller, &user, &id, int(body, "seq")),
            "/msg/delete_msgs" => self.delete_msgs(now, &user, &id, &ints(body, "seqs"), sync),
            "/msg/delete_msg_phsical_by_seq" => {
                self.delete_for_all(&id, &ints(body, "seqs"))?;
                Ok(Value::Null)
            }
            // What is older than a time of which seconds are taken for milliseconds: nothing.
            "/msg/delete_msg_physical" => Ok(Value::Null),
            "/msg/clear_conversation_msg" => {
                self.clear(now, &user, texts(body, "conversationIDs"), sync)
            }
            "/msg/user_clear_all_msg" => {
                let own = self.rows.keys().filter(|(owner, _)| *owner == user);
                let all = own.map(|(_, id)| id.clone()).collect();
                self.clear(now, &user, all, sync)
            }
            "/msg/get_conversations_has_read_and_max_seq" => {
                let seqs = self.read_seqs(now, &user, &texts(body, "conversationIDs"));
                let seqs: serde_json::Map<_, _> = seqs
                    .into_iter()
                    .map(|(id, s)| {
                        (id, json!({"maxSeq": s.max_seq, "hasReadSeq": s.has_read_seq, "maxSeqTime": s.max_seq_time}))
                    })
                    .collect();
                let pinned = match self.pinned(&user) {
                    pinned if body["returnPinned"] == true && !pinned.is_empty() => json!(pinned),
                    _ => Value::Null,
                };
                Ok(json!({"seqs": seqs, "pinnedConversationIDs": pinned}))
            }
            "/msg/newest_seq" => Ok(json!({"maxSeqs": self.newest_seqs(now, &user)})),
            "/msg/get_server_time" => Ok(json!({"serverTime": now})),
            "/msg/search_msg" => self.search_messages(body),
            "/msg/pull_msg_by_seq" => Ok(self.pull_by_call(now, body)),
            _ => refuse(404, path),
        }
    }

    /// A conversation is read up to here; of a single chat also messages by their seqs, and the peer
    /// is told.
    fn mark_conversation(
        &mut self,
        now: i64,
        user: &str,
        id: &str,
        upto: i64,
        named: Vec<i64>,
    ) -> Answer<Value> {
        let key = (user.to_owned(), id.to_owned());
        let Some(row) = self.rows.get(&key).cloned() else {
            return refuse(1004, "no such conversation");
        };
        let old = self.has_read.get(&key).copied().unwrap_or(0);
        let position = old.max(upto);
        if row["conversationType"] != 1 {
            self.raise_read(user, id, upto);
            self.tell_read_self(now, user, id, position);
            return Ok(Value::Null);
        }
        if named.iter().any(|seq| *seq < 1) {
            return refuse(500, NO_PLACE);
        }
        self.raise_read(user, id, upto);
        let mut seqs: Vec<i64> = (old + 1..=upto).collect();
        for seq in named {
            if !seqs.contains(&seq) {
                seqs.push(seq);
            }
        }
        self.mark_read(now, user, id, &seqs);
        self.tell_read(now, &row, user, &seqs, position);
        Ok(Value::Null)
    }

    fn mark_messages(&mut self, now: i64, user: &str, id: &str, seqs: Vec<i64>) -> Answer<Value> {
        let Some(&last) = seqs.last() else {
            return refuse(1001, "seqs is empty");
        };
        if last > self.newest_seq(now, id) {
            return refuse(1001, "seq is above the newest");
        }
        let Some(row) = self.rows.get(&(user.to_owned(), id.to_owned())).cloned() else {
            return refuse(1004, "no such conversation");
        };
        if seqs.iter().any(|seq| *seq < 1) {
            return refuse(500, NO_PLACE);
        }
        self.mark_read(now, user, id, &seqs);
        self.raise_read(user, id, last);
        self.tell_read(now, &row, user, &seqs, last);
        Ok(Value::Null)
    }

    /// Both sides of a single chat, or a group, hear what a member read.
    fn tell_read(&mut self, now: i64, row: &Value, user: &str, seqs: &[i64], upto: i64) {
        // What was read may be said only later: by then the position has moved on with the newest.
        if let Some(&last) = seqs.iter().max() {
            self.raise_read(user, text(row, "conversationID"), last);
        }
        let seqs = match seqs.is_empty() {
            true => Value::Null,
            false => json!(seqs),
        };
        let tips = json!({"markAsReadUserID": user, "conversationID": row["conversationID"],
                          "seqs": seqs, "hasReadSeq": upto});
        self.notify_about(now, row, user, 2200, &tips, true);
    }

    /// The reader's own connections hear how far.
    fn tell_read_self(&mut self, now: i64, user: &str, id: &str, upto: i64) {
        let tips = json!({"markAsReadUserID": user, "conversationID": id, "seqs": null, "hasReadSeq": upto});
        self.notify_user(now, user, user, 2200, &tips, false);
    }

    /// Replaces a message by its revoked form and tells everybody: the receiver in the name of
    /// `user`, who need not be the caller.
    fn revoke(
        &mut self,
        now: i64,
        caller: &Caller,
        user: &str,
        id: &str,
        seq: i64,
    ) -> Answer<Value> {
        if id.is_empty() || seq < 1 {
            return refuse(1001, "conversationID or seq is invalid");
        }
        let Some(revoker) = self.users.get(user) else {
            return refuse(1004, "user does not exist");
        };
        let nickname = revoker["nickname"].clone();
        let (min, max) = self.bounds(user, id);
        let channel = self.channels.get(id);
        let held = channel.and_then(|c| c.messages.get(&seq));
        let msg = match held {
            _ if !(min..=max).contains(&seq) => return refuse(1004, "no such message"),
            // There is a number and nothing that it is of.
            None => return refuse(500, "sessionType not supported"),
            Some(stored) => stored.msg.clone(),
        };
        if msg.content_type == REVOKED {
            return refuse(1404, "revoked already");
        }
        if msg.session_type == 4 && !caller.is_admin {
            return refuse(500, "sessionType not supported");
        }
        let group = self.groups.get(&msg.group_id);
        let role = |user: &str| group.map_or(0, |group| group.role(user));
        let own_role = role(user);
        let is_outside = msg.session_type == 3 && role(&caller.user_id) == 0;
        let allowed = caller.is_admin
            || (msg.send_id == user && !is_outside)
            || own_role == 100
            || (own_role == 60 && role(&msg.send_id) < 60);
        if !allowed {
            return refuse(1002, "no right to revoke");
        }
        let detail = json!({
            "revokerID": user, "revokerRole": if caller.is_admin { 0 } else { own_role },
            "clientMsgID": msg.client_msg_id, "revokerNickname": nickname, "revokeTime": now,
            "sourceMessageSendTime": msg.send_time, "sourceMessageSendID": msg.send_id,
            "sourceMessageSenderNickname": msg.sender_nickname, "sessionType": msg.session_type,
            "seq": seq, "ex": msg.ex,
        });
        let content = json!({ "detail": detail.to_string() }).to_string();
        let channel = self.channels.get_mut(id);
        if let Some(stored) = channel.and_then(|c| c.messages.get_mut(&seq)) {
            stored.msg.content_type = REVOKED;
            stored.msg.content = content.into_bytes();
            stored.in_database = true;
        }
        let tips = json!({
            "revokerUserID": caller.user_id, "clientMsgID": msg.client_msg_id, "revokeTime": now,
            "sesstionType": msg.session_type, "seq": seq, "conversationID": id,
            "isAdminRevoke": caller.is_admin,
        });
        let to = match msg.session_type {
            3 => &msg.group_id,
            _ => &msg.recv_id,
        };
        self.notify_in(now, msg.session_type, user, to, 2101, &tips, true);
        Ok(Value::Null)
    }

    fn delete_msgs(
        &mut self,
        now: i64,
        user: &str,
        id: &str,
        seqs: &[i64],
        sync: &Value,
    ) -> Answer<Value> {
        let for_all = sync["IsSyncOther"] == true;
        if for_all {
            self.delete_for_all(id, seqs)?;
        } else if seqs.iter().any(|seq| *seq < 1) {
            return refuse(500, NO_PLACE);
        } else if let Some(channel) = self.channels.get_mut(id) {
            for seq in seqs {
                if let Some(stored) = channel.messages.get_mut(seq) {
                    stored.deleted_by.insert(user.to_owned());
                    stored.in_database = true;
                }
            }
        }
        let tips = json!({"userID": user, "conversationID": id, "seqs": seqs});
        if for_all {
            let Some(row) = self.rows.get(&(user.to_owned(), id.to_owned())).cloned() else {
                return refuse(1004, "no such conversation");
            };
            self.notify_about(now, &row, user, 2102, &tips, true);
        } else if sync["IsSyncSelf"] == true {
            self.notify_user(now, user, user, 2102, &tips, true);
        }
        Ok(Value::Null)
    }

    fn delete_for_all(&mut self, id: &str, seqs: &[i64]) -> Answer<()> {
        if seqs.iter().any(|seq| *seq < 1) {
            return refuse(500, NO_PLACE);
        }
        if let Some(channel) = self.channels.get_mut(id) {
            channel.messages.retain(|seq, _| !seqs.contains(seq));
        }
        Ok(())
    }

    /// Empties conversations for the user, or for everybody: then only the conversation's own minimum
    /// rises. The user's read position becomes the newest seq, wherever it was.
    fn clear(&mut self, now: i64, user: &str, ids: Vec<String>, sync: &Value) -> Answer<Value> {
        let is_first = |n: usize| !ids[..n].contains(&ids[n]);
        let row = |n: usize| self.rows.get(&(user.to_owned(), ids[n].clone())).cloned();
        let own = (0..ids.len()).filter(|n| is_first(*n)).filter_map(row);
        let rows: Vec<Value> = own.collect();
        let ids: Vec<&str> = rows.iter().map(|row| text(row, "conversationID")).collect();
        let for_all = sync["IsSyncOther"] == true;
        if !for_all && sync["IsSyncSelf"] == true {
            let named = if ids.is_empty() {
                Value::Null
            } else {
                json!(ids)
            };
            let tips = json!({"userID": user, "conversationIDs": named});
            self.notify_user(now, user, user, 1703, &tips, false);
        }
        for (row, id) in rows.iter().zip(ids) {
            let max = self.channels.get(id).map_or(0, |c| c.max);
            if for_all {
                if let Some(channel) = self.channels.get_mut(id) {
                    channel.min = max + 1;
                }
                let tips = json!({"userID": user, "conversationIDs": [id]});
                self.notify_about(now, row, user, 1703, &tips, false);
            } else {
                if !self.set_row(user, id, &json!({"minSeq": max + 1})) {
                    let change = Change::Update;
                    self.versions.bump("conversations", user, &[id], change);
                }
                self.tell_changed(now, user, &[id]);
            }
            self.has_read.insert((user.to_owned(), id.to_owned()), max);
        }
        Ok(Value::Null)
    }
}
