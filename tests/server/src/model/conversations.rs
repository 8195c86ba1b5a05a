//! Conversation rows: settings by user (data.md §2.5, §5.3).
use std::collections::{BTreeMap, BTreeSet};

use openim_web::net::wire::pb::MsgData;
use serde_json::{Value, json};

use super::rest::{int, list, merge, text, texts};
use super::tokens::Caller;
use super::versions::Change;
use super::{Answer, Model, refuse};

/// What a client may set, each for himself.
const SETTINGS: [&str; 8] = [
    "recvMsgOpt",
    "isPinned",
    "attachedInfo",
    "ex",
    "burnDuration",
    "groupAtType",
    "msgDestructTime",
    "isMsgDestruct",
];
/// What the server sets beside that.
const INTERNAL: [&str; 3] = ["isPrivateChat", "minSeq", "maxSeq"];
/// The server remembers for so long that there is no row, also where there is one by now.
const MISSING_MS: i64 = 60_000;
/// The time of what has not happened: the year 1.
pub(crate) const NEVER: i64 = -62_135_596_800_000;

impl Model {
    pub(crate) fn ensure_row(&mut self, owner: &str, id: &str, kind: i32, peer: &str, group: &str) {
        let key = (owner.to_owned(), id.to_owned());
        if self.rows.contains_key(&key) {
            return;
        }
        let row = new_row(owner, id, kind, peer, group);
        self.rows.insert(key, row);
        // Of a group's the list hears only with the next change of another.
        match kind == 3 && !self.group_habits.rows_at_once {
            true => self
                .versions
                .bump_unseen("conversations", owner, &[id], Change::Insert),
            false => self
                .versions
                .bump("conversations", owner, &[id], Change::Insert),
        }
    }

    /// Sets fields of a row without telling. Returns whether something changed.
    pub(crate) fn set_row(&mut self, owner: &str, id: &str, patch: &Value) -> bool {
        let Some(row) = self.rows.get_mut(&(owner.to_owned(), id.to_owned())) else {
            return false;
        };
        let keys = [&SETTINGS[..], &INTERNAL].concat();
        let changed = merge(row, patch, &keys);
        if changed {
            self.versions
                .bump("conversations", owner, &[id], Change::Update);
        }
        changed
    }

    /// A row as lists have it.
    pub(crate) fn listed_row(&self, now: i64, owner: &str, id: &str) -> Option<&Value> {
        let key = (owner.to_owned(), id.to_owned());
        let is_unseen = self.unseen_rows.get(&key).is_some_and(|until| now < *until);
        self.rows.get(&key).filter(|_| !is_unseen)
    }

    pub(crate) fn pinned(&self, owner: &str) -> Vec<String> {
        let own = self
            .rows
            .iter()
            .filter(|((user, _), row)| user == owner && row["isPinned"] == true);
        own.map(|((_, id), _)| id.clone()).collect()
    }

    /// @ marks of a message's receivers (sync.md §5.2), where the server sets them.
    pub(crate) fn mark_at(&mut self, now: i64, msg: &MsgData, id: &str) {
        if !self.marks || msg.content_type != 106 || msg.session_type != 3 {
            return;
        }
        let Some(group) = self.groups.get(&msg.group_id) else {
            return;
        };
        let all = msg.at_user_id_list.iter().any(|at| at == "AtAllTag");
        let members: Vec<String> = group
            .members
            .keys()
            .filter(|m| **m != msg.send_id)
            .cloned()
            .collect();
        for member in members {
            let me = msg.at_user_id_list.contains(&member);
            let mark = match (me, all) {
                (true, true) => 3,
                (false, true) => 2,
                (true, false) => 1,
                (false, false) => continue,
            };
            if self.set_row(&member, id, &json!({ "groupAtType": mark })) {
                self.tell_changed(now, &member, &[id]);
            }
        }
    }

    pub(crate) fn tell_changed(&mut self, now: i64, owner: &str, ids: &[&str]) {
        let tips = json!({"userID": owner, "conversationIDList": ids});
        self.notify_user(now, owner, owner, 1300, &tips, false);
    }

    /// The mark of an announcement, at all members: by the administrator, or where the server sets marks.
    pub(crate) fn mark_announced(&mut self, now: i64, caller: &Caller, group: &str) {
        if !self.marks && !caller.is_admin {
            return;
        }
        let id = format!("sg_{group}");
        let members = self.groups.get(group).map(|g| g.members.keys());
        let members: Vec<String> = members.into_iter().flatten().cloned().collect();
        for member in members {
            if self.set_row(&member, &id, &json!({"groupAtType": 4})) {
                self.tell_changed(now, &member, &[&id]);
            }
        }
    }

    pub(crate) fn rest_conversation(
        &mut self,
        now: i64,
        path: &str,
        caller: &Caller,
        body: &Value,
    ) -> Answer<Value> {
        let owner = ["ownerUserID", "userID"];
        let owner = owner
            .iter()
            .map(|key| text(body, key))
            .find(|id| !id.is_empty());
        let owner = owner.unwrap_or(&caller.user_id).to_owned();
        caller.may_act_for(&owner)?;
        let ids = || {
            self.rows
                .keys()
                .filter(|(user, _)| *user == owner)
                .map(|(_, id)| id.clone())
        };
        let row = |id: &str| self.listed_row(now, &owner, id).cloned();
        match path {
            "/conversation/get_incremental_conversations" => {
                let (id, version) = (text(body, "versionID"), int(body, "version") as u64);
                Ok(self
                    .versions
                    .answer("conversations", &owner, id, version, row))
            }
            "/conversation/get_full_conversation_ids" => {
                let ids: Vec<String> = ids().collect();
                let key = "conversationIDs";
                Ok(self
                    .versions
                    .full_ids("conversations", &owner, key, &ids, body))
            }
            "/conversation/get_all_conversations" => {
                let rows: Vec<Value> = ids().filter_map(|id| row(&id)).collect();
                Ok(json!({"conversations": list(rows)}))
            }
            "/conversation/get_owner_conversation" => {
                let all: Vec<Value> = ids().map(Value::from).collect();
                let total = all.len();
                // There is no page 0, and nothing wrong with it.
                let page = super::rest::page(body, all).unwrap_or_default();
                let rows = page.iter().filter_map(|id| row(id.as_str()?));
                Ok(json!({"total": total, "conversations": list(rows.collect())}))
            }
            "/conversation/get_conversations" => {
                let asked = texts(body, "conversationIDs");
                let each: BTreeSet<&String> = asked.iter().collect();
                let rows = each.into_iter().filter_map(|id| row(id));
                Ok(json!({"conversations": list(rows.collect())}))
            }
            "/conversation/get_conversation" => match row(text(body, "conversationID")) {
                Some(row) => Ok(json!({ "conversation": row })),
                None => refuse(1004, "no such conversation"),
            },
            "/conversation/get_pinned_conversation_ids" => {
                Ok(json!({"conversationIDs": self.pinned(&owner)}))
            }
            "/conversation/get_not_notify_conversation_ids" => {
                let ids: Vec<String> = ids()
                    .filter(|id| row(id).is_some_and(|r| r["recvMsgOpt"] == 2))
                    .collect();
                let ids = list(ids.into_iter().map(Value::from).collect());
                Ok(json!({ "conversationIDs": ids }))
            }
            "/conversation/set_conversations" => self.set_conversations(now, caller, body),
            "/conversation/delete_conversations" => {
                for id in texts(body, "conversationIDs") {
                    self.rows.remove(&(owner.clone(), id.clone()));
                    self.versions
                        .bump("conversations", &owner, &[&id], Change::Delete);
                }
                Ok(Value::Null)
            }
            "/jssdk/get_active_conversations" => {
                let count = usize::try_from(int(body, "count"))
                    .ok()
                    .filter(|n| (1..=500).contains(n))
                    .unwrap_or(100);
                let ids: Vec<String> = ids().collect();
                Ok(self.active(&owner, ids, count))
            }
            "/jssdk/get_conversations" => {
                Ok(self.active(&owner, texts(body, "conversationIDs"), usize::MAX))
            }
            _ => refuse(404, path),
        }
    }

    fn set_conversations(&mut self, now: i64, caller: &Caller, body: &Value) -> Answer<Value> {
        let patch = &body["conversation"];
        let (users, peer) = (texts(body, "userIDs"), text(patch, "userID"));
        let (id, kind) = (
            text(patch, "conversationID"),
            int(patch, "conversationType") as i32,
        );
        let nobody = match kind {
            1 => peer.is_empty(),
            3 => text(patch, "groupID").is_empty(),
            _ => kind == 0,
        };
        if users.is_empty() || nobody {
            return refuse(1001, "userIDs or conversation is invalid");
        }
        for user in &users {
            caller.may_act_for(user)?;
        }
        let given = SETTINGS.iter().filter(|key| !patch[**key].is_null());
        let settings: serde_json::Map<_, _> = given
            .map(|key| ((*key).to_owned(), patch[*key].clone()))
            .collect();
        let is_set = !settings.is_empty();
        let settings = Value::Object(settings);
        for user in users.iter().filter(|_| is_set) {
            let key = (user.clone(), id.to_owned());
            let is_told = match self.rows.contains_key(&key) {
                // What the server took for missing it sets in any case, and sees it from then on.
                true => self.set_row(user, id, &settings) | self.unseen_rows.remove(&key).is_some(),
                false => {
                    let mut row = new_row(user, id, kind, peer, text(patch, "groupID"));
                    merge(&mut row, &settings, &SETTINGS);
                    self.rows.insert(key.clone(), row);
                    self.unseen_rows.insert(key, now + MISSING_MS);
                    self.versions
                        .bump_unseen("conversations", user, &[id], Change::Insert);
                    true
                }
            };
            if is_told {
                self.tell_changed(now, user, &[id]);
            }
        }
        if let (Some(is_private), true) = (patch["isPrivateChat"].as_bool(), kind != 3) {
            for user in users {
                self.set_private(now, &user, peer, (id, kind), is_private);
            }
        }
        Ok(Value::Null)
    }

    /// Burn after reading, for both sides: a line in the chat and a notification, also where nothing
    /// changed.
    fn set_private(
        &mut self,
        now: i64,
        user: &str,
        peer: &str,
        (id, kind): (&str, i32),
        is_private: bool,
    ) {
        for (owner, other) in [(user, peer), (peer, user)] {
            let key = (owner.to_owned(), id.to_owned());
            let is_new = !self.rows.contains_key(&key);
            if !is_new {
                self.unseen_rows.remove(&key);
            } else if owner == user {
                self.unseen_rows.insert(key.clone(), now + MISSING_MS);
            }
            let row = self.rows.entry(key);
            let row = row.or_insert_with(|| new_row(owner, id, kind, other, ""));
            row["isPrivateChat"] = json!(is_private);
            let change = if is_new {
                Change::Insert
            } else {
                Change::Update
            };
            self.versions.bump("conversations", owner, &[id], change);
        }
        let tips =
            json!({"recvID": peer, "sendID": user, "isPrivate": is_private, "conversationID": id});
        self.notify_user(now, user, peer, 1701, &tips, false);
    }

    /// Conversations with their last message, newest first: what the pure-JS client begins with.
    fn active(&self, owner: &str, ids: Vec<String>, count: usize) -> Value {
        let reads = self.read_seqs(0, owner, &[]);
        let unread: i64 = reads
            .values()
            .map(|s| (s.max_seq - s.has_read_seq).max(0))
            .sum();
        let mut rows: Vec<(bool, i64, Value)> = ids
            .iter()
            .filter_map(|id| {
                let row = self.rows.get(&(owner.to_owned(), id.clone()))?;
                let seqs = reads.get(id).cloned().unwrap_or_default();
                let last = self
                    .last_messages(owner, std::slice::from_ref(id))
                    .remove(id);
                let (user, group) = (text(row, "userID"), text(row, "groupID"));
                let item = json!({
                    "conversation": row, "lastMsg": last.map(|msg| message_json(&msg)),
                    "user": self.users.get(user), "friend": null,
                    "group": self.groups.get(group).map(|g| g.info()),
                    "maxSeq": seqs.max_seq, "readSeq": seqs.has_read_seq,
                });
                Some((row["isPinned"] != true, -seqs.max_seq_time, item))
            })
            .collect();
        rows.sort_by_key(|(unpinned, time, _)| (*unpinned, *time));
        let rows: Vec<Value> = rows
            .into_iter()
            .take(count)
            .map(|(_, _, item)| item)
            .collect();
        json!({"unreadCount": unread, "conversations": rows})
    }
}

/// A row as it begins.
fn new_row(owner: &str, id: &str, kind: i32, peer: &str, group: &str) -> Value {
    json!({
        "ownerUserID": owner, "conversationID": id, "recvMsgOpt": 0, "conversationType": kind,
        "userID": peer, "groupID": group, "isPinned": false, "attachedInfo": "",
        "isPrivateChat": false, "groupAtType": 0, "ex": "", "burnDuration": 0, "minSeq": 0,
        "maxSeq": 0, "msgDestructTime": 0, "latestMsgDestructTime": NEVER, "isMsgDestruct": false,
    })
}

/// A message in the API's JSON: content is base64.
pub fn message_json(msg: &MsgData) -> Value {
    use base64::Engine;
    let content = base64::engine::general_purpose::STANDARD.encode(&msg.content);
    let options = msg.options.iter();
    let options: BTreeMap<&str, bool> = options.map(|o| (o.key.as_str(), o.value)).collect();
    let push = msg.offline_push_info.as_ref().map(|push| {
        json!({
            "title": push.title, "desc": push.desc, "ex": push.ex, "iOSPushSound": push.ios_push_sound,
            "iOSBadgeCount": push.ios_badge_count, "signalInfo": push.signal_info,
        })
    });
    let named = msg.at_user_id_list.iter().map(|user| json!(user)).collect();
    let mut row = json!({
        "sendID": msg.send_id, "recvID": msg.recv_id, "groupID": msg.group_id,
        "clientMsgID": msg.client_msg_id, "serverMsgID": msg.server_msg_id,
        "senderPlatformID": msg.sender_platform_id, "senderNickname": msg.sender_nickname,
        "senderFaceURL": msg.sender_face_url, "sessionType": msg.session_type, "msgFrom": msg.msg_from,
        "contentType": msg.content_type, "content": content, "seq": msg.seq, "sendTime": msg.send_time,
        "createTime": msg.create_time, "status": msg.status, "isRead": msg.is_read,
        "offlinePushInfo": push, "atUserIDList": list(named), "attachedInfo": msg.attached_info, "ex": msg.ex,
    });
    if !options.is_empty() {
        row["options"] = json!(options);
    }
    row
}
