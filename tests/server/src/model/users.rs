//! Users (data.md §2.2).
use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::rest::{int, list, merge, page, text, texts};
use super::tokens::{ADMIN_USER, Caller};
use super::{Answer, Model, refuse, rules};

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
            // The old path sets what is not empty.
            "/user/update_user_info" => {
                let mut patch = body["userInfo"].clone();
                if let Some(fields) = patch.as_object_mut() {
                    fields.retain(|_, value| *value != "");
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
                for user in &users {
                    let id = text(user, "userID");
                    if self.users.contains_key(id) {
                        return refuse(1102, "user exists");
                    }
                    self.add_user(now, id, text(user, "nickname"), text(user, "faceURL"));
                }
                Ok(Value::Null)
            }
            "/user/get_users" => {
                let (id, name) = (text(body, "userID"), text(body, "nickName"));
                let found = self.users.values().filter(|user| {
                    (id.is_empty() || user["userID"] == id)
                        && (name.is_empty() || text(user, "nickname").contains(name))
                });
                let found: Vec<Value> = found.cloned().collect();
                let total = found.len();
                Ok(json!({"total": total, "users": list(page(body, found)?)}))
            }
            "/user/get_user_client_config" => Ok(json!({})),
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
            "/user/get_users_online_status" => {
                if !caller.is_admin {
                    return refuse(1002, "only app manager");
                }
                let ids = texts(body, "userIDs");
                Ok(list(ids.iter().map(|id| self.connections(id)).collect()))
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
            _ => match path.strip_prefix("/user/process_user_command_") {
                Some(deed) => self.command(now, deed, body),
                None => refuse(404, path),
            },
        }
    }

    /// Entries that an application keeps with a user.
    fn command(&mut self, now: i64, deed: &str, body: &Value) -> Answer<Value> {
        let (kind, uuid) = (int(body, "type"), text(body, "uuid"));
        let own = self
            .commands
            .entry(text(body, "userID").to_owned())
            .or_default();
        let is_named = |row: &Value| row["type"] == kind && row["uuid"] == uuid;
        match deed {
            "add" => own.push(
                json!({"type": kind, "uuid": uuid, "value": text(body, "value"),
                                     "ex": text(body, "ex"), "createTime": now / 1000}),
            ),
            "update" => {
                let Some(row) = own.iter_mut().find(|row| is_named(row)) else {
                    return refuse(1004, "no such entry");
                };
                for key in ["value", "ex"] {
                    row[key] = json!(text(body, key));
                }
            }
            "delete" => own.retain(|row| !is_named(row)),
            "get" | "get_all" => {
                let fits = |row: &&Value| deed == "get_all" || row["type"] == kind;
                return Ok(
                    json!({"CommandResp": list(own.iter().filter(fits).cloned().collect())}),
                );
            }
            _ => return refuse(404, deed),
        }
        Ok(Value::Null)
    }

    /// One's connections, as the administrator sees them.
    fn connections(&self, id: &str) -> Value {
        let own = self.conns.iter().filter(|(_, conn)| conn.user_id == id);
        let rows = own.map(|(number, conn)| {
            json!({"platformID": conn.platform_id, "connID": format!("{number:032x}"),
                   "isBackground": false, "token": conn.token})
        });
        let rows: Vec<Value> = rows.collect();
        json!({"userID": id, "status": i32::from(!rows.is_empty()), "detailPlatformStatus": list(rows)})
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
