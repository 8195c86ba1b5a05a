//! Users (data.md §2.2).
use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::rest::{int, list, merge, page, text, texts};
use super::tokens::{ADMIN_USER, Caller};
use super::{Answer, Model, refuse, rules};

/// The highest level of users who are nothing else.
const ORDINARY_LEVEL: i64 = 1;

impl Model {
    /// Registers a user.
    pub fn add_user(&mut self, now: i64, user_id: &str, nickname: &str, face_url: &str) {
        let level = if user_id == ADMIN_USER { 2 } else { 0 };
        let user = json!({"userID": user_id, "nickname": nickname, "faceURL": face_url, "ex": "",
                          "createTime": now, "appMangerLevel": level, "globalRecvMsgOpt": 0});
        self.users.insert(user_id.to_owned(), user);
    }

    pub(crate) fn rest_user(
        &mut self,
        now: i64,
        path: &str,
        caller: &Caller,
        body: &Value,
    ) -> Answer<Value> {
        match path {
            "/user/get_users_info" => {
                let mut seen = BTreeSet::new();
                let ids = texts(body, "userIDs");
                let ids = ids.iter().filter(|id| seen.insert(id.as_str()));
                let found = ids.filter_map(|id| self.users.get(id).cloned());
                Ok(json!({"usersInfo": list(found.collect())}))
            }
            // The old path sets what is not empty, and not 0.
            "/user/update_user_info" => {
                let mut patch = body["userInfo"].clone();
                if let Some(fields) = patch.as_object_mut() {
                    fields.retain(|_, value| *value != "" && *value != 0);
                }
                self.change_user(now, caller, text(&patch, "userID"), &patch)
            }
            "/user/update_user_info_ex" => {
                let patch = &body["userInfo"];
                self.change_user(now, caller, text(patch, "userID"), patch)
            }
            // Anybody's, by anybody.
            "/user/set_global_msg_recv_opt" => {
                let patch = json!({"globalRecvMsgOpt": int(body, "globalRecvMsgOpt")});
                self.change_user(now, caller, text(body, "userID"), &patch)
            }
            "/user/user_register" => {
                if !caller.is_admin {
                    return refuse(1002, "for administrators");
                }
                let users = body["users"].as_array().cloned().unwrap_or_default();
                rules::check_new_users(&users)?;
                let different: BTreeSet<&str> = users.iter().map(|u| text(u, "userID")).collect();
                if different.len() < users.len() {
                    return refuse(1001, "userID repeated");
                }
                if different.iter().any(|id| self.users.contains_key(*id)) {
                    return refuse(1102, "user exists");
                }
                for user in &users {
                    let id = text(user, "userID");
                    self.add_user(now, id, text(user, "nickname"), text(user, "faceURL"));
                    if let Some(row) = self.users.get_mut(id) {
                        merge(row, user, &["ex", "appMangerLevel", "globalRecvMsgOpt"]);
                    }
                }
                Ok(Value::Null)
            }
            "/user/get_users" => {
                // Ordinary users of which a part of the ID or of the name is given, in any letters.
                let given = [("userID", "userID"), ("nickName", "nickname")];
                let given = given.map(|(key, field)| (text(body, key).to_lowercase(), field));
                let given: Vec<_> = given.iter().filter(|(part, _)| !part.is_empty()).collect();
                let has = |user: &Value, part: &str, field| {
                    text(user, field).to_lowercase().contains(part)
                };
                let found = self.users.values().filter(|user| {
                    int(user, "appMangerLevel") <= ORDINARY_LEVEL
                        && (given.is_empty() || given.iter().any(|(part, f)| has(user, part, f)))
                });
                let found: Vec<Value> = found.cloned().collect();
                let total = found.len();
                Ok(json!({"total": total, "users": list(page(body, found)?)}))
            }
            "/user/get_all_users_uid" => {
                let ids = self.users.keys().map(|id| json!(id)).collect();
                Ok(json!({"total": self.users.len(), "userIDs": list(page(body, ids)?)}))
            }
            "/user/get_users_status" => {
                let ids = texts(body, "userIDs");
                let rows = ids.iter().map(|id| {
                    let platforms = self.presence(id).online_platform_ids;
                    let platforms: Vec<Value> = platforms.into_iter().map(Value::from).collect();
                    json!({"userID": id, "status": i32::from(!platforms.is_empty()),
                           "platformIDs": list(platforms)})
                });
                Ok(json!({"statusList": list(rows.collect())}))
            }
            "/user/account_check" => {
                let ids = texts(body, "checkUserIDs");
                let different: BTreeSet<&String> = ids.iter().collect();
                if different.len() < ids.len() {
                    return refuse(1001, "userID repeated");
                }
                if !caller.is_admin {
                    return refuse(1002, "for administrators");
                }
                let rows = ids.iter().map(|id| {
                    json!({"userID": id, "accountStatus": i32::from(self.users.contains_key(id))})
                });
                Ok(json!({"results": list(rows.collect())}))
            }
            "/user/subscribe_users_status" | "/user/get_subscribe_users_status" => {
                Ok(json!({"statusList": null}))
            }
            _ => self.rest_accounts(now, path, caller, body),
        }
    }

    /// Told to oneself, changed or not; a new name or face to friends and groups, too.
    fn change_user(&mut self, now: i64, caller: &Caller, id: &str, patch: &Value) -> Answer<Value> {
        let before = self.profile(id);
        let Some(user) = self.users.get_mut(id) else {
            return refuse(1004, "");
        };
        let keys = ["nickname", "faceURL", "ex", "globalRecvMsgOpt"];
        merge(user, patch, &keys);
        let by = &caller.user_id;
        self.notify_user(now, by, id, 1303, &json!({"userID": id}), false);
        if before != self.profile(id) {
            self.tell_friends(now, by, id);
            self.rename_member(now, by, id);
        }
        Ok(Value::Null)
    }
}

impl Model {
    /// Name and picture of a user; empty if there is none.
    pub fn profile(&self, id: &str) -> (String, String) {
        let user = self.users.get(id);
        user.map(|u| {
            (
                text(u, "nickname").to_owned(),
                text(u, "faceURL").to_owned(),
            )
        })
        .unwrap_or_default()
    }

    /// A number nobody had before, for IDs.
    pub fn fresh_number(&mut self) -> u64 {
        self.number()
    }
}
