//! Calls about messages: reading, revoking, deleting, clearing, sending as the administrator
//! (data.md §2.6, sync.md §6).
use openim_web::net::wire::pb;
use serde_json::{Value, json};

use super::rest::{int, ints, text, texts};
use super::tokens::{ADMIN_USER, Caller};
use super::{Answer, Model, refuse};

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
        match path {
            "/msg/mark_conversation_as_read" => {
                let upto = int(body, "hasReadSeq");
                if upto < 1 {
                    return refuse(1001, "hasReadSeq is invalid");
                }
                self.mark_conversation(now, &user, &id, upto, ints(body, "seqs"))
            }
            "/msg/mark_msgs_as_read" => {
                let seqs = ints(body, "seqs");
                let Some(&last) = seqs.last() else {
                    return refuse(1001, "seqs is empty");
                };
                if last > self.channels.get(&id).map_or(0, |c| c.max) {
                    return refuse(1001, "seq is above the newest");
                }
                self.mark_conversation(now, &user, &id, last, seqs)
            }
            "/msg/set_conversation_has_read_seq" => {
                self.raise_read(&user, &id, int(body, "hasReadSeq"));
                self.tell_read(now, &user, &user, &id, &[], int(body, "hasReadSeq"), false);
                Ok(Value::Null)
            }
            "/msg/revoke_msg" => self.revoke(now, &user, &id, int(body, "seq")),
            "/msg/delete_msgs" => {
                self.delete_msgs(now, &user, &id, &ints(body, "seqs"), &body["deleteSyncOpt"])
            }
            "/msg/clear_conversation_msg" => self.clear(
                now,
                &user,
                texts(body, "conversationIDs"),
                &body["deleteSyncOpt"],
            ),
            "/msg/user_clear_all_msg" => {
                let own = self.rows.keys().filter(|(owner, _)| *owner == user);
                let all = own.map(|(_, id)| id.clone()).collect();
                self.clear(now, &user, all, &body["deleteSyncOpt"])
            }
            "/msg/get_conversations_has_read_and_max_seq" => {
                let seqs = self.read_seqs(&user, &texts(body, "conversationIDs"));
                let seqs: serde_json::Map<_, _> = seqs
                    .into_iter()
                    .map(|(id, s)| {
                        (id, json!({"maxSeq": s.max_seq, "hasReadSeq": s.has_read_seq, "maxSeqTime": s.max_seq_time}))
                    })
                    .collect();
                Ok(json!({"seqs": seqs, "pinnedConversationIDs": self.pinned(&user)}))
            }
            "/msg/newest_seq" => Ok(json!({"maxSeqs": self.newest_seqs(&user)})),
            "/msg/get_server_time" => Ok(json!({"serverTime": now})),
            "/msg/search_msg" => self.search_messages(body),
            "/msg/send_msg" => self.admin_send(now, caller, body),
            "/msg/send_business_notification" => self.business(now, caller, body),
            _ => refuse(404, path),
        }
    }

    fn mark_conversation(
        &mut self,
        now: i64,
        user: &str,
        id: &str,
        upto: i64,
        mut seqs: Vec<i64>,
    ) -> Answer<Value> {
        let Some(row) = self.rows.get(&(user.to_owned(), id.to_owned())).cloned() else {
            return refuse(1004, "no such conversation");
        };
        let old = self
            .has_read
            .get(&(user.to_owned(), id.to_owned()))
            .copied()
            .unwrap_or(0);
        self.raise_read(user, id, upto);
        if row["conversationType"] == 1 {
            seqs.extend(old + 1..=upto);
            seqs.sort_unstable();
            seqs.dedup();
            self.mark_read(id, &seqs);
            let peer = text(&row, "userID").to_owned();
            self.tell_read(now, user, &peer, id, &seqs, upto, true);
        } else {
            self.tell_read(now, user, user, id, &[], upto, false);
        }
        Ok(Value::Null)
    }

    #[allow(clippy::too_many_arguments)]
    fn tell_read(
        &mut self,
        now: i64,
        user: &str,
        to: &str,
        id: &str,
        seqs: &[i64],
        upto: i64,
        stored: bool,
    ) {
        let seqs = if seqs.is_empty() {
            Value::Null
        } else {
            json!(seqs)
        };
        let tips = json!({"markAsReadUserID": user, "conversationID": id, "seqs": seqs, "hasReadSeq": upto});
        self.notify_user(now, user, to, 2200, &tips, stored);
    }

    fn delete_msgs(
        &mut self,
        now: i64,
        user: &str,
        id: &str,
        seqs: &[i64],
        sync: &Value,
    ) -> Answer<Value> {
        let Some(channel) = self.channels.get_mut(id) else {
            return refuse(1004, "no such conversation");
        };
        let for_all = sync["IsSyncOther"] == true;
        let about = seqs.iter().find_map(|seq| channel.messages.get(seq));
        let about = about.map(|stored| stored.msg.clone());
        for seq in seqs {
            if for_all {
                channel.messages.remove(seq);
            } else if let Some(stored) = channel.messages.get_mut(seq) {
                stored.deleted_by.insert(user.to_owned());
            }
        }
        let tips = json!({"userID": user, "conversationID": id, "seqs": seqs});
        if for_all && let Some(about) = about {
            let peer = self.peer(user, id);
            self.notify_in(now, &about, user, &peer, 2102, &tips, true);
        } else if sync["IsSyncSelf"] == true {
            self.notify_user(now, user, user, 2102, &tips, true);
        }
        Ok(Value::Null)
    }

    fn clear(&mut self, now: i64, user: &str, ids: Vec<String>, sync: &Value) -> Answer<Value> {
        for id in &ids {
            let max = self.channels.get(id).map_or(0, |c| c.max);
            self.raise_read(user, id, max);
            if sync["IsSyncOther"] == true
                && let Some(channel) = self.channels.get_mut(id)
            {
                channel.min = max + 1;
            }
            self.set_row(user, id, &json!({"minSeq": max + 1}));
        }
        if sync["IsSyncSelf"] == true {
            let tips = json!({"userID": user, "conversationIDs": ids});
            self.notify_user(now, user, user, 1703, &tips, false);
        }
        Ok(Value::Null)
    }

    fn admin_send(&mut self, now: i64, caller: &Caller, body: &Value) -> Answer<Value> {
        if !caller.is_admin {
            return refuse(1002, "for administrators");
        }
        let number = self.number();
        let msg = pb::MsgData {
            send_id: text(body, "sendID").to_owned(),
            recv_id: text(body, "recvID").to_owned(),
            group_id: text(body, "groupID").to_owned(),
            sender_nickname: text(body, "senderNickname").to_owned(),
            client_msg_id: format!("{number:032x}"),
            session_type: int(body, "sessionType") as i32,
            content_type: int(body, "contentType") as i32,
            msg_from: 100,
            content: body["content"].to_string().into_bytes(),
            create_time: now,
            ..Default::default()
        };
        let ack = self.send(now, msg, ADMIN_USER)?;
        Ok(
            json!({"serverMsgID": ack.server_msg_id, "clientMsgID": ack.client_msg_id, "sendTime": ack.send_time}),
        )
    }

    fn business(&mut self, now: i64, caller: &Caller, body: &Value) -> Answer<Value> {
        if !caller.is_admin {
            return refuse(1002, "for administrators");
        }
        let tips = json!({"key": text(body, "key"), "data": text(body, "data")});
        let from = text(body, "sendUserID");
        let from = if from.is_empty() { ADMIN_USER } else { from };
        let stored = int(body, "reliabilityLevel") == 2;
        self.notify_user(now, from, text(body, "recvUserID"), 2001, &tips, stored);
        Ok(Value::Null)
    }
}
