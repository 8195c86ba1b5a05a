//! Friends, their applications, black lists (data.md §2.3, §5.1).
use serde_json::{Value, json};

use super::rest::{int, ints, list, merge, page, text, texts};
use super::tokens::{ADMIN_USER, Caller};
use super::versions::{Change, ORDER_CHANGED};
use super::{Answer, Model, refuse};

/// How a friendship came about.
const BY_IMPORT: i32 = 1;
const BY_APPLICATION: i32 = 2;

/// What the database says of a row that exists already.
const DUPLICATE: &str =
    "bulk write exception: write errors: [E11000 duplicate key error collection: openim_v3.black]";

impl Model {
    /// Makes two users friends of each other, as if `a` had applied; told to nobody.
    pub fn befriend(&mut self, now: i64, a: &str, b: &str) {
        self.become_friends(now, a, b, BY_APPLICATION, a);
    }

    fn become_friends(&mut self, now: i64, a: &str, b: &str, source: i32, operator: &str) {
        for (owner, friend) in [(a, b), (b, a)] {
            self.list_friends(now, owner, &[friend], source, operator);
        }
    }

    /// Who is listed already keeps his row.
    fn list_friends(&mut self, now: i64, owner: &str, ids: &[&str], source: i32, operator: &str) {
        let row = json!({"ownerUserID": owner, "remark": "", "createTime": now / 1000,
                         "addSource": source, "operatorUserID": operator, "ex": "", "isPinned": false});
        let friends = self.friends.entry(owner.to_owned()).or_default();
        let mut added = ids.to_vec();
        added.retain(|id| friends.add(id, row.clone()));
        if !added.is_empty() {
            let insert = Change::Insert;
            self.versions.bump("friends", owner, &added, insert);
        }
    }

    /// Whether `owner` lists a user as a friend.
    fn lists(&self, owner: &str, id: &str) -> bool {
        self.friends.get(owner).is_some_and(|rows| rows.has(id))
    }

    /// A row of a friend list; its user has no more than name, face and ex.
    fn friend(&self, owner: &str, id: &str) -> Option<Value> {
        let mut row = self.friends.get(owner)?.get(id)?.clone();
        row["friendUser"] = self.users.get(id).cloned().unwrap_or(Value::Null);
        for (key, zero) in [
            ("createTime", 0),
            ("appMangerLevel", 0),
            ("globalRecvMsgOpt", 0),
        ] {
            row["friendUser"][key] = json!(zero);
        }
        Some(row)
    }

    /// What somebody is to `owner`: his profile, and the rows of the lists he is in. Milliseconds here.
    fn relation(&self, owner: &str, id: &str) -> Option<Value> {
        let user = self.users.get(id)?;
        let row = |mut row: Value, key: &str| {
            row["createTime"] = json!(int(&row, "createTime") * 1000);
            row[key] = Value::Null;
            row
        };
        let black = self
            .black(owner, id)
            .map(|black| row(black, "blackUserInfo"));
        let friend = self
            .friend(owner, id)
            .map(|friend| row(friend, "friendUser"));
        Some(json!({"userInfo": user, "friendInfo": friend, "blackInfo": black}))
    }

    /// Pinned first, otherwise in the order in which they came.
    pub(crate) fn friend_ids(&self, owner: &str) -> Vec<String> {
        let rows = self.friends.get(owner);
        let mut rows: Vec<_> = rows.into_iter().flat_map(|rows| rows.iter()).collect();
        rows.sort_by_key(|(_, row)| row["isPinned"] != true);
        rows.into_iter().map(|(id, _)| id.clone()).collect()
    }

    fn black(&self, owner: &str, id: &str) -> Option<Value> {
        let mut row = self.blacks.get(owner)?.get(id)?.clone();
        let user = self.users.get(id)?;
        row["blackUserInfo"] = json!({"userID": id, "nickname": user["nickname"],
                                      "faceURL": user["faceURL"], "ex": user["ex"]});
        Some(row)
    }

    pub(crate) fn rest_friend(
        &mut self,
        now: i64,
        path: &str,
        caller: &Caller,
        body: &Value,
    ) -> Answer<Value> {
        match path {
            "/friend/add_friend_response" => return self.answer_friend(now, caller, body),
            "/friend/import_friend" => return self.import_friends(now, body),
            "/friend/is_friend" => {
                let (a, b) = (text(body, "userID1"), text(body, "userID2"));
                return Ok(
                    json!({"inUser1Friends": self.lists(a, b), "inUser2Friends": self.lists(b, a)}),
                );
            }
            "/friend/get_designated_friend_apply" => {
                let (from, to) = (text(body, "fromUserID"), text(body, "toUserID"));
                let between = |r: &Value| {
                    (r["fromUserID"] == *from && r["toUserID"] == *to)
                        || (r["fromUserID"] == *to && r["toUserID"] == *from)
                };
                let found = self.friend_requests.iter().filter(|r| between(r));
                let found = found.map(|r| self.application_row(r)).collect();
                return Ok(json!({"friendRequests": list(found)}));
            }
            _ => {}
        }
        let owner = ["ownerUserID", "userID", "fromUserID"];
        let owner = owner
            .iter()
            .map(|key| text(body, key))
            .find(|id| !id.is_empty());
        let owner = owner.unwrap_or_default().to_owned();
        match path {
            "/friend/get_friend_list" => {
                let ids = self.friend_ids(&owner);
                let rows: Vec<Value> = ids
                    .iter()
                    .filter_map(|id| self.friend(&owner, id))
                    .collect();
                let total = rows.len();
                Ok(json!({"friendsInfo": list(page(body, rows)?), "total": total}))
            }
            "/friend/get_designated_friends" => {
                // In the order of the list.
                let asked = texts(body, "friendUserIDs");
                let ids = self
                    .friends
                    .get(&owner)
                    .into_iter()
                    .flat_map(|rows| rows.ids());
                let ids = ids.filter(|id| asked.contains(id));
                let rows = ids.filter_map(|id| self.friend(&owner, id));
                Ok(json!({"friendsInfo": list(rows.collect())}))
            }
            "/friend/get_friend_id" => Ok(json!({"friendIDs": self.friend_ids(&owner)})),
            "/friend/get_specified_friends_info" => {
                let ids = texts(body, "userIDList");
                let rows = ids.iter().filter_map(|id| self.relation(&owner, id));
                Ok(json!({"infos": rows.collect::<Vec<_>>()}))
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
            "/friend/add_friend" => self.apply_for_friend(now, &owner, body),
            "/friend/delete_friend" => self.delete_friend(now, &owner, body),
            "/friend/update_friends" => self.update_friends(now, &owner, body),
            // The old path of remarks; the friend hears of it, too.
            "/friend/set_friend_remark" => {
                let id = text(body, "friendUserID");
                let rows = self.friends.entry(owner.clone()).or_default();
                let Some(row) = rows.get_mut(id) else {
                    return refuse(1004, "no such friend");
                };
                merge(row, body, &["remark"]);
                self.versions.bump("friends", &owner, &[id], Change::Update);
                let tips = json!({"fromToUserID": {"fromUserID": owner, "toUserID": id},
                                  "friendVersion": 0, "friendVersionID": "", "friendSortVersion": 0});
                self.notify_user(now, &owner, id, 1206, &tips, false);
                Ok(Value::Null)
            }
            "/friend/get_incremental_blacks" => {
                refuse(500, "method GetIncrementalBlacks not implemented")
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
                        && (since == 0 || int(r, "createTime") > since)
                };
                Ok(json!({"count": self.friend_requests.iter().filter(open).count()}))
            }
            _ => self.rest_black(now, path, caller, &owner, body),
        }
    }

    fn rest_black(
        &mut self,
        now: i64,
        path: &str,
        caller: &Caller,
        owner: &str,
        body: &Value,
    ) -> Answer<Value> {
        match path {
            "/friend/get_black_list" => {
                let rows = self.blacks.get(owner);
                let ids = rows.into_iter().flat_map(|rows| rows.ids());
                let rows: Vec<Value> = ids.filter_map(|id| self.black(owner, id)).collect();
                let total = rows.len();
                Ok(json!({"blacks": list(page(body, rows)?), "total": total}))
            }
            "/friend/get_specified_blacks" => {
                let ids = texts(body, "userIDList");
                let mut rows: Vec<Value> =
                    ids.iter().filter_map(|id| self.black(owner, id)).collect();
                // Milliseconds here, seconds in the list.
                for row in &mut rows {
                    row["createTime"] = json!(int(row, "createTime") * 1000);
                }
                Ok(json!({"total": rows.len(), "blacks": rows}))
            }
            "/friend/add_black" => {
                let id = text(body, "blackUserID");
                self.must_exist(&[owner, id])?;
                let row = json!({"ownerUserID": owner, "createTime": now / 1000, "addSource": 0,
                                 "operatorUserID": caller.user_id, "ex": text(body, "ex")});
                let blacks = self.blacks.entry(owner.to_owned()).or_default();
                if !blacks.add(id, row) {
                    return refuse(500, DUPLICATE);
                }
                self.tell_pair(now, owner, id, 1207, json!({}));
                Ok(Value::Null)
            }
            "/friend/remove_black" => {
                let id = text(body, "blackUserID");
                let blacks = self.blacks.entry(owner.to_owned()).or_default();
                blacks.remove(id);
                self.tell_pair(now, owner, id, 1208, json!({}));
                Ok(Value::Null)
            }
            // The server has the path, and nothing behind it.
            "/friend/get_incremental_blacks" => refuse(500, path),
            _ => refuse(404, path),
        }
    }

    /// Refuses users who are unknown, or named twice.
    fn must_exist(&self, ids: &[&str]) -> Answer<()> {
        let found: std::collections::BTreeSet<_> = ids
            .iter()
            .filter(|id| self.users.contains_key(**id))
            .collect();
        match found.len() == ids.len() {
            true => Ok(()),
            false => refuse(1004, "user not found"),
        }
    }

    /// What one user does to another is told to both.
    fn tell_pair(&mut self, now: i64, from: &str, to: &str, kind: i32, mut tips: Value) {
        tips["fromToUserID"] = json!({"fromUserID": from, "toUserID": to});
        self.notify_user(now, from, to, kind, &tips, false);
    }

    /// Newest first.
    fn applications(&self, body: &Value, side: &str, owner: &str, key: &str) -> Answer<Value> {
        let results = ints(body, "handleResults");
        let wanted = |r: &&Value| {
            r[side] == *owner && (results.is_empty() || results.contains(&int(r, "handleResult")))
        };
        let rows = self.friend_requests.iter().filter(wanted);
        let mut rows: Vec<Value> = rows.map(|r| self.application_row(r)).collect();
        rows.sort_by_key(|r| -int(r, "createTime"));
        let total = rows.len();
        Ok(json!({key: list(page(body, rows)?), "total": total}))
    }

    /// An application with the names that both have now.
    fn application_row(&self, request: &Value) -> Value {
        let mut row = request.clone();
        for (id, name, face) in [
            ("fromUserID", "fromNickname", "fromFaceURL"),
            ("toUserID", "toNickname", "toFaceURL"),
        ] {
            let profile = self.profile(text(request, id));
            row[name] = json!(profile.0);
            row[face] = json!(profile.1);
        }
        row
    }

    fn application(&mut self, from: &str, to: &str) -> Option<&mut Value> {
        let mut all = self.friend_requests.iter_mut();
        all.find(|r| r["fromUserID"] == *from && r["toUserID"] == *to)
    }

    fn apply_for_friend(&mut self, now: i64, from: &str, body: &Value) -> Answer<Value> {
        let to = text(body, "toUserID").to_owned();
        if from == to {
            return refuse(1301, "oneself");
        }
        self.must_exist(&[&to, from])?;
        if self.lists(from, &to) && self.lists(&to, from) {
            return refuse(1304, "already friends has f");
        }
        if self.application(from, &to).is_none() {
            self.friend_requests
                .push(json!({"fromUserID": from, "toUserID": to,
                                             "handlerUserID": "", "handleTime": 0}));
        }
        let anew = json!({"handleResult": 0, "handleMsg": "", "reqMsg": text(body, "reqMsg"),
                          "ex": text(body, "ex"), "createTime": now});
        let keys = ["handleResult", "handleMsg", "reqMsg", "ex", "createTime"];
        let request = self.application(from, &to).map(|row| {
            merge(row, &anew, &keys);
            row.clone()
        });
        let request = request.map(|row| self.application_row(&row));
        self.tell_pair(now, from, &to, 1203, json!({"request": request}));
        Ok(Value::Null)
    }

    fn answer_friend(&mut self, now: i64, caller: &Caller, body: &Value) -> Answer<Value> {
        let (from, to) = (text(body, "fromUserID"), text(body, "toUserID"));
        let result = int(body, "handleResult");
        let Some(request) = self.application(from, to) else {
            return refuse(1004, "");
        };
        if request["handleResult"] != 0 {
            return match result {
                1 => refuse(1001, "the friend request has been processed"),
                _ => refuse(1305, "friend request has already been processed"),
            };
        }
        request["handleResult"] = json!(result);
        request["handleMsg"] = json!(text(body, "handleMsg"));
        request["handleTime"] = json!(now);
        if result == 1 {
            request["handlerUserID"] = json!(caller.user_id);
        }
        let request = request.clone();
        let mut tips = json!({"fromToUserID": {"fromUserID": from, "toUserID": to},
                              "handleMsg": text(body, "handleMsg"),
                              "request": self.application_row(&request)});
        if result != 1 {
            self.notify_user(now, to, from, 1202, &tips, false);
            return Ok(Value::Null);
        }
        // An application the other way is answered with it.
        if let Some(other) = self
            .application(to, from)
            .filter(|r| r["handleResult"] == 0)
        {
            other["handleResult"] = json!(1);
            other["handlerUserID"] = json!(caller.user_id);
            other["handleTime"] = json!(now);
        }
        self.become_friends(now, from, to, BY_APPLICATION, from);
        tips["friendVersion"] = json!(0);
        tips["friendVersionID"] = json!("");
        self.notify_user(now, to, from, 1201, &tips, false);
        Ok(Value::Null)
    }

    /// The administrator makes friends; who is one already is told once more.
    fn import_friends(&mut self, now: i64, body: &Value) -> Answer<Value> {
        let owner = text(body, "ownerUserID");
        let ids = texts(body, "friendUserIDs");
        let mut all = vec![owner];
        all.extend(ids.iter().map(String::as_str));
        self.must_exist(&all)?;
        self.list_friends(now, owner, &all[1..], BY_IMPORT, ADMIN_USER);
        for id in &ids {
            self.list_friends(now, id, &[owner], BY_IMPORT, ADMIN_USER);
        }
        for id in &ids {
            let tips = json!({"fromToUserID": {"fromUserID": owner, "toUserID": id}, "handleMsg": "",
                              "friendVersion": 0, "friendVersionID": "", "request": null});
            self.notify_user(now, id, owner, 1201, &tips, false);
        }
        Ok(Value::Null)
    }

    /// Also of who is no friend: the log then has an entry more.
    fn delete_friend(&mut self, now: i64, owner: &str, body: &Value) -> Answer<Value> {
        let id = text(body, "friendUserID");
        self.friends.entry(owner.to_owned()).or_default().remove(id);
        self.versions.bump("friends", owner, &[id], Change::Delete);
        let version = json!({"friendVersion": 0, "friendVersionID": ""});
        self.tell_pair(now, owner, id, 1205, version);
        Ok(Value::Null)
    }

    /// Users who are no friends get an entry in the log, too; without a change it gets none.
    fn update_friends(&mut self, now: i64, owner: &str, body: &Value) -> Answer<Value> {
        let ids = texts(body, "friendUserIDs");
        let keys = ["isPinned", "remark", "ex"];
        let rows = self.friends.entry(owner.to_owned()).or_default();
        for id in &ids {
            if let Some(row) = rows.get_mut(id) {
                merge(row, body, &keys);
            }
        }
        let mut changed: Vec<&str> = ids.iter().map(String::as_str).collect();
        if !body["isPinned"].is_null() {
            changed.push(ORDER_CHANGED);
        }
        if keys.iter().any(|key| !body[*key].is_null()) {
            let update = Change::Update;
            self.versions.bump("friends", owner, &changed, update);
        }
        let tips = json!({"fromToUserID": {"fromUserID": "", "toUserID": owner}, "friendIDs": ids,
                          "friendVersion": 0, "friendVersionID": ""});
        self.notify_user(now, owner, owner, 1210, &tips, false);
        Ok(Value::Null)
    }

    /// A new name or face: the friends whom the user lists hear of it, whether they list him or not.
    pub(crate) fn tell_friends(&mut self, now: i64, by: &str, id: &str) {
        let friends = self.friend_ids(id);
        for friend in &friends {
            self.versions.bump("friends", friend, &[id], Change::Update);
        }
        for friend in &friends {
            self.notify_user(now, by, friend, 1209, &json!({"userID": id}), false);
        }
    }
}
