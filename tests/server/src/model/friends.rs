//! Friends, their applications, black lists (data.md §2.3, §5.1).
use serde_json::{Value, json};

use super::rest::{int, ints, merge, page, text, texts};
use super::tokens::Caller;
use super::versions::{Change, ORDER_CHANGED};
use super::{Answer, Model, refuse};

impl Model {
    /// Makes two users friends of each other.
    pub fn befriend(&mut self, now: i64, a: &str, b: &str) {
        for (owner, friend) in [(a, b), (b, a)] {
            let row = json!({"ownerUserID": owner, "remark": "", "createTime": now / 1000, "addSource": 2,
                             "operatorUserID": owner, "ex": "", "isPinned": false});
            self.friends
                .entry(owner.to_owned())
                .or_default()
                .insert(friend.to_owned(), row);
            self.versions
                .bump("friends", owner, &[friend], Change::Insert);
        }
    }

    fn friend(&self, owner: &str, id: &str) -> Option<Value> {
        let mut row = self.friends.get(owner)?.get(id)?.clone();
        row["friendUser"] = self.users.get(id).cloned().unwrap_or(Value::Null);
        Some(row)
    }

    /// Pinned first.
    fn friend_ids(&self, owner: &str) -> Vec<String> {
        let list = self.friends.get(owner);
        let mut ids: Vec<_> = list
            .into_iter()
            .flatten()
            .map(|(id, row)| (row["isPinned"] != true, id))
            .collect();
        ids.sort();
        ids.into_iter().map(|(_, id)| id.clone()).collect()
    }

    fn black(&self, owner: &str, id: &str) -> Option<Value> {
        let mut row = self.blacks.get(owner)?.get(id)?.clone();
        row["blackUserInfo"] = self.users.get(id).cloned().unwrap_or(Value::Null);
        Some(row)
    }

    pub(crate) fn rest_friend(
        &mut self,
        now: i64,
        path: &str,
        caller: &Caller,
        body: &Value,
    ) -> Answer<Value> {
        let owner = ["ownerUserID", "userID", "fromUserID", "userID1"];
        let owner = owner
            .iter()
            .map(|key| text(body, key))
            .find(|id| !id.is_empty())
            .unwrap_or_default()
            .to_owned();
        if path != "/friend/add_friend_response" && path != "/friend/is_friend" {
            caller.may_act_for(&owner)?;
        }
        match path {
            "/friend/get_friend_list" => {
                let rows: Vec<Value> = self
                    .friend_ids(&owner)
                    .iter()
                    .filter_map(|id| self.friend(&owner, id))
                    .collect();
                let total = rows.len();
                Ok(json!({"friendsInfo": page(body, rows)?, "total": total}))
            }
            "/friend/get_designated_friends" => {
                let rows: Vec<Value> = texts(body, "friendUserIDs")
                    .iter()
                    .filter_map(|id| self.friend(&owner, id))
                    .collect();
                Ok(json!({ "friendsInfo": rows }))
            }
            "/friend/get_incremental_friends" => {
                let (id, version) = (text(body, "versionID"), int(body, "version") as u64);
                Ok(self
                    .versions
                    .answer("friends", &owner, id, version, |id| self.friend(&owner, id)))
            }
            "/friend/get_full_friend_user_ids" => {
                let ids = self.friend_ids(&owner);
                Ok(self
                    .versions
                    .full_ids("friends", &owner, "userIDs", &ids, body))
            }
            "/friend/get_black_list" | "/friend/get_specified_blacks" => {
                let ids = self
                    .blacks
                    .get(&owner)
                    .map(|list| list.keys().cloned().collect());
                let ids: Vec<String> = ids.unwrap_or_default();
                let rows: Vec<Value> = ids.iter().filter_map(|id| self.black(&owner, id)).collect();
                let total = rows.len();
                let rows = if path.ends_with("list") {
                    page(body, rows)?
                } else {
                    rows
                };
                Ok(json!({"blacks": rows, "total": total}))
            }
            "/friend/is_friend" => {
                let (a, b) = (text(body, "userID1"), text(body, "userID2"));
                let has =
                    |a: &str, b: &str| self.friends.get(a).is_some_and(|list| list.contains_key(b));
                Ok(json!({"inUser1Friends": has(a, b), "inUser2Friends": has(b, a)}))
            }
            "/friend/add_friend" => self.apply_for_friend(now, &owner, body),
            "/friend/add_friend_response" => self.answer_friend(now, caller, body),
            "/friend/delete_friend" => {
                let id = text(body, "friendUserID").to_owned();
                let gone = self
                    .friends
                    .get_mut(&owner)
                    .and_then(|list| list.remove(&id));
                if gone.is_none() {
                    return refuse(1004, "not a friend");
                }
                self.versions
                    .bump("friends", &owner, &[&id], Change::Delete);
                let tips = json!({"fromToUserID": {"fromUserID": owner, "toUserID": id}});
                self.notify_user(now, &owner, &owner, 1205, &tips, false);
                Ok(Value::Null)
            }
            "/friend/update_friends" => self.update_friends(now, &owner, body),
            "/friend/add_black" | "/friend/remove_black" => {
                let id = text(body, "blackUserID").to_owned();
                if !self.users.contains_key(&id) {
                    return refuse(1101, "user does not exist");
                }
                let list = self.blacks.entry(owner.clone()).or_default();
                let kind = if path.ends_with("add_black") {
                    let row = json!({"ownerUserID": owner, "createTime": now / 1000, "addSource": 0,
                                     "operatorUserID": owner, "ex": text(body, "ex")});
                    list.insert(id.clone(), row);
                    1207
                } else {
                    list.remove(&id);
                    1208
                };
                let tips = json!({"fromToUserID": {"fromUserID": owner, "toUserID": id}});
                self.notify_user(now, &owner, &owner, kind, &tips, false);
                Ok(Value::Null)
            }
            "/friend/get_friend_apply_list" => {
                self.applications(body, "toUserID", &owner, "FriendRequests")
            }
            "/friend/get_self_friend_apply_list" => {
                self.applications(body, "fromUserID", &owner, "friendRequests")
            }
            "/friend/get_self_unhandled_apply_count" => {
                let since = int(body, "time");
                let open = |r: &&Value| {
                    r["toUserID"] == *owner
                        && r["handleResult"] == 0
                        && int(r, "createTime") >= since
                };
                Ok(json!({"count": self.friend_requests.iter().filter(open).count()}))
            }
            _ => refuse(404, path),
        }
    }

    fn applications(&self, body: &Value, side: &str, owner: &str, key: &str) -> Answer<Value> {
        let results = ints(body, "handleResults");
        let wanted = |r: &&Value| {
            r[side] == *owner && (results.is_empty() || results.contains(&int(r, "handleResult")))
        };
        let rows: Vec<Value> = self
            .friend_requests
            .iter()
            .filter(wanted)
            .cloned()
            .collect();
        let total = rows.len();
        Ok(json!({key: page(body, rows)?, "total": total}))
    }

    fn apply_for_friend(&mut self, now: i64, from: &str, body: &Value) -> Answer<Value> {
        let to = text(body, "toUserID").to_owned();
        if from == to {
            return refuse(1301, "oneself");
        }
        let (Some(me), Some(peer)) = (self.users.get(from).cloned(), self.users.get(&to).cloned())
        else {
            return refuse(1101, "user does not exist");
        };
        let has = |a: &str, b: &str| self.friends.get(a).is_some_and(|list| list.contains_key(b));
        if has(from, &to) && has(&to, from) {
            return refuse(1304, "friends already");
        }
        let request = json!({
            "fromUserID": from, "fromNickname": me["nickname"], "fromFaceURL": me["faceURL"],
            "toUserID": to, "toNickname": peer["nickname"], "toFaceURL": peer["faceURL"],
            "handleResult": 0, "reqMsg": text(body, "reqMsg"), "createTime": now,
            "handlerUserID": "", "handleMsg": "", "handleTime": 0, "ex": text(body, "ex"),
        });
        self.friend_requests
            .retain(|r| r["fromUserID"] != *from || r["toUserID"] != *to);
        self.friend_requests.push(request.clone());
        let tips =
            json!({"fromToUserID": {"fromUserID": from, "toUserID": to}, "request": request});
        self.notify_user(now, from, &to, 1203, &tips, false);
        Ok(Value::Null)
    }

    fn answer_friend(&mut self, now: i64, caller: &Caller, body: &Value) -> Answer<Value> {
        let (from, to) = (
            text(body, "fromUserID").to_owned(),
            text(body, "toUserID").to_owned(),
        );
        caller.may_act_for(&to)?;
        let open = self
            .friend_requests
            .iter_mut()
            .find(|r| r["fromUserID"] == *from && r["toUserID"] == *to);
        let Some(request) = open else {
            return refuse(1004, "no such application");
        };
        if request["handleResult"] != 0 {
            return refuse(1305, "handled already");
        }
        request["handleResult"] = json!(int(body, "handleResult"));
        request["handleMsg"] = json!(text(body, "handleMsg"));
        request["handlerUserID"] = json!(to);
        request["handleTime"] = json!(now);
        let accepted = int(body, "handleResult") == 1;
        let tips = json!({"fromToUserID": {"fromUserID": from, "toUserID": to},
                          "handleMsg": text(body, "handleMsg"), "request": request.clone()});
        if accepted {
            self.befriend(now, &from, &to);
        }
        self.notify_user(
            now,
            &to,
            &from,
            if accepted { 1201 } else { 1202 },
            &tips,
            false,
        );
        Ok(Value::Null)
    }

    fn update_friends(&mut self, now: i64, owner: &str, body: &Value) -> Answer<Value> {
        let ids = texts(body, "friendUserIDs");
        let distinct: std::collections::BTreeSet<&String> = ids.iter().collect();
        if ids.is_empty() || distinct.len() < ids.len() {
            return refuse(1001, "friendUserIDs is empty or repeats itself");
        }
        let list = self.friends.entry(owner.to_owned()).or_default();
        let mut changed: Vec<&str> = Vec::new();
        for id in &ids {
            if let Some(row) = list.get_mut(id) {
                merge(row, body, &["isPinned", "remark", "ex"]);
                changed.push(id);
            }
        }
        if changed.is_empty() {
            return Ok(Value::Null);
        }
        if !body["isPinned"].is_null() {
            changed.push(ORDER_CHANGED);
        }
        let ids = changed;
        self.versions.bump("friends", owner, &ids, Change::Update);
        let tips = json!({"fromToUserID": {"fromUserID": owner, "toUserID": ""}, "friendIDs": ids});
        self.notify_user(now, owner, owner, 1206, &tips, false);
        Ok(Value::Null)
    }
}
