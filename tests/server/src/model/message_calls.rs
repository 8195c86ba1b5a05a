//! Calls about messages: reading, revoking, deleting, clearing, sending as the administrator
//! (data.md §2.6, sync.md §6).
use openim_web::net::wire::pb;
use serde_json::{Value, json};

use super::pulls::REVOKED;
use super::rest::{int, ints, list, text, texts};
use super::tokens::{ADMIN_USER, Caller};
use super::versions::Change;
use super::{Answer, Model, refuse};

/// Content types that `send_msg` takes.
const SENT_BY_API: [i32; 10] = [101, 102, 103, 104, 105, 106, 110, 114, 118, 1400];

/// The database has no place for a seq below 1.
const NO_PLACE: &str = "no such place in a block";

/// `appMangerLevel` of who may send as the application.
const APP_ADMIN: i64 = 2;

/// What the content of a message that the application sends must have.
fn needed_content(kind: i32) -> &'static [&'static str] {
    match kind {
        101 | 118 => &["/content"],
        102 => &[
            "/sourcePicture/type",
            "/sourcePicture/width",
            "/sourcePicture/height",
            "/sourcePicture/url",
            "/bigPicture/type",
            "/bigPicture/width",
            "/bigPicture/height",
            "/bigPicture/url",
            "/snapshotPicture/type",
            "/snapshotPicture/width",
            "/snapshotPicture/height",
            "/snapshotPicture/url",
        ],
        103 => &["/sourceUrl", "/duration"],
        104 => &[
            "/videoUrl",
            "/videoType",
            "/videoSize",
            "/duration",
            "/snapshotUrl",
            "/snapshotWidth",
            "/snapshotHeight",
        ],
        105 => &["/sourceUrl", "/fileName", "/fileSize"],
        106 => &["/atUserList"],
        110 => &["/data"],
        1400 => &["/notificationName", "/notificationType", "/text"],
        _ => &[],
    }
}

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
                    pinned if body["returnPinned"] == true => json!(pinned),
                    _ => Value::Null,
                };
                Ok(json!({"seqs": seqs, "pinnedConversationIDs": pinned}))
            }
            "/msg/newest_seq" => Ok(json!({"maxSeqs": self.newest_seqs(now, &user)})),
            "/msg/get_server_time" => Ok(json!({"serverTime": now})),
            "/msg/search_msg" => self.search_messages(body),
            "/msg/send_msg" => self.admin_send(now, caller, body),
            "/msg/batch_send_msg" => {
                let mut sent = Vec::new();
                for user in texts(body, "recvIDs") {
                    let mut one = body.clone();
                    one["recvID"] = json!(user);
                    let mut answer = self.admin_send(now, caller, &one)?;
                    answer["recvID"] = json!(user);
                    sent.push(answer);
                }
                Ok(json!({"results": list(sent), "failedUserIDs": null}))
            }
            "/msg/send_business_notification" => self.business(now, caller, body),
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

    fn admin_send(&mut self, now: i64, caller: &Caller, body: &Value) -> Answer<Value> {
        if !caller.is_admin {
            return refuse(1002, "for administrators");
        }
        let kind = int(body, "contentType") as i32;
        let needed = needed_content(kind);
        let lacks = |field: &&str| {
            let value = body["content"].pointer(field).unwrap_or(&Value::Null);
            value.is_null() || *value == "" || *value == 0
        };
        if body["content"].is_object() && needed.iter().any(lacks) {
            return refuse(500, "content lacks something");
        }
        if body["content"].is_null() || !SENT_BY_API.contains(&kind) {
            return refuse(1001, "contentType or content is invalid");
        }
        let Some(sender) = self.users.get(text(body, "sendID")) else {
            return refuse(1004, "sender does not exist");
        };
        if kind == 1400 && int(sender, "appMangerLevel") < APP_ADMIN {
            return refuse(1002, "no account for notifications");
        }
        let number = self.number();
        let mut msg = pb::MsgData {
            send_id: text(body, "sendID").to_owned(),
            recv_id: text(body, "recvID").to_owned(),
            group_id: text(body, "groupID").to_owned(),
            sender_nickname: text(body, "senderNickname").to_owned(),
            sender_face_url: text(body, "senderFaceURL").to_owned(),
            sender_platform_id: int(body, "senderPlatformID") as i32,
            client_msg_id: format!("{number:032x}"),
            session_type: int(body, "sessionType") as i32,
            content_type: kind,
            msg_from: 200,
            content: body["content"].to_string().into_bytes(),
            create_time: now,
            send_time: int(body, "sendTime"),
            ex: text(body, "ex").to_owned(),
            ..Default::default()
        };
        if kind == 106 {
            msg.at_user_id_list = texts(&body["content"], "atUserList");
        }
        if kind == 1400 {
            msg.session_type = 4;
            msg.content = json!({"detail": body["content"].to_string()})
                .to_string()
                .into_bytes();
        }
        if body["isOnlineOnly"] == true {
            for name in ["history", "persistent", "senderSync", "conversationUpdate"] {
                msg.set_option(name, false);
            }
        }
        if body["notOfflinePush"] == true {
            msg.set_option("offlinePush", false);
        }
        if let push @ Value::Object(_) = &body["offlinePushInfo"] {
            msg.offline_push_info = Some(pb::OfflinePushInfo {
                title: text(push, "title").to_owned(),
                desc: text(push, "desc").to_owned(),
                ex: text(push, "ex").to_owned(),
                ..Default::default()
            });
        }
        self.send_as_system(now, msg)
    }

    fn business(&mut self, now: i64, caller: &Caller, body: &Value) -> Answer<Value> {
        let (user, group) = (text(body, "recvUserID"), text(body, "recvGroupID"));
        if text(body, "sendUserID").is_empty() || user.is_empty() == group.is_empty() {
            return refuse(1001, "sendUserID, and one of recvUserID and recvGroupID");
        }
        if !caller.is_admin {
            return refuse(1002, "for administrators");
        }
        let tips = json!({"key": text(body, "key"), "data": text(body, "data")});
        let stored = int(body, "reliabilityLevel") == 2;
        let from = text(body, "sendUserID").to_owned();
        let mut msg = pb::MsgData {
            recv_id: user.to_owned(),
            group_id: group.to_owned(),
            session_type: if group.is_empty() { 1 } else { 3 },
            offline_push_info: None,
            send_time: 0,
            ..self.notice(now, &from, 2001, &tips, stored)
        };
        if body["sendMsg"] == true {
            msg.set_option("isSendMsg", true);
            msg.set_option("unreadCount", true);
        }
        self.send_as_system(now, msg)
    }

    fn send_as_system(&mut self, now: i64, msg: pb::MsgData) -> Answer<Value> {
        let ack = self.send(now, msg, ADMIN_USER)?;
        Ok(
            json!({"serverMsgID": ack.server_msg_id, "clientMsgID": ack.client_msg_id, "sendTime": ack.send_time}),
        )
    }
}
