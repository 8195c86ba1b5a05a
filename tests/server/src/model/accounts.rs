//! What applications do with users besides registering them: accounts that send notices, settings of clients, entries
//! that they keep, who is connected with which token.
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::rest::{int, list, page, text, texts};
use super::tokens::{ADMIN_USER, Caller};
use super::{Answer, Model, refuse};

/// Levels from here on are of accounts that send notices, and that nobody signs in with.
pub(super) const NOTICE_LEVEL: i64 = 3;
/// IDs that the server gives have ten digits.
const FIRST_ID: u64 = 2_000_000_000;

impl Model {
    pub(super) fn rest_accounts(
        &mut self,
        now: i64,
        path: &str,
        caller: &Caller,
        body: &Value,
    ) -> Answer<Value> {
        let id = text(body, "userID");
        match path {
            "/user/get_users_online_status" => {
                if !caller.is_admin {
                    return refuse(1002, "only app manager");
                }
                let ids = texts(body, "userIDs");
                Ok(ids.iter().map(|id| self.connections(id)).collect())
            }
            // Who may not ask is told of nobody.
            "/user/get_users_online_token_detail" => {
                let asked = if caller.is_admin {
                    texts(body, "userIDs")
                } else {
                    Vec::new()
                };
                let rows = asked.iter().filter_map(|id| self.tokens_online(id));
                Ok(rows.collect())
            }
            "/user/get_user_client_config" => {
                self.must_be_user(id)?;
                Ok(match self.client_configs.get(id) {
                    Some(configs) if !configs.is_empty() => json!({ "configs": configs }),
                    _ => json!({}),
                })
            }
            "/user/set_user_client_config" => {
                self.must_be_user(id)?;
                let given = body["configs"].as_object().into_iter().flatten();
                let given = given.map(|(key, value)| (key.clone(), value.clone()));
                let own = self.client_configs.entry(id.to_owned()).or_default();
                own.extend(given);
                Ok(Value::Null)
            }
            "/user/del_user_client_config" => {
                let keys = texts(body, "keys");
                if let Some(own) = self.client_configs.get_mut(id) {
                    own.retain(|key, _| !keys.contains(key));
                }
                Ok(Value::Null)
            }
            "/user/page_user_client_config" => {
                let wanted = text(body, "key");
                let all = self.client_configs.iter();
                let all = all.filter(|(user, _)| id.is_empty() || *user == id);
                let rows = all.flat_map(|(user, configs)| {
                    let fits = configs
                        .iter()
                        .filter(|(key, _)| wanted.is_empty() || *key == wanted);
                    fits.map(
                        move |(key, value)| json!({"userID": user, "key": key, "value": value}),
                    )
                });
                let rows: Vec<Value> = rows.collect();
                let total = rows.len();
                Ok(json!({"total": total, "configs": list(page(body, rows)?)}))
            }
            "/user/add_notification_account" => self.add_notice_account(now, body),
            "/user/update_notification_account" => {
                let Some(user) = self.users.get_mut(id) else {
                    return refuse(1001, "no such user");
                };
                for (field, key) in [("nickName", "nickname"), ("faceURL", "faceURL")] {
                    if !text(body, field).is_empty() {
                        user[key] = body[field].clone();
                    }
                }
                Ok(Value::Null)
            }
            "/user/search_notification_account" => {
                let found = self.notice_accounts(body);
                let total = found.len();
                Ok(json!({"total": total, "notificationAccounts": list(page(body, found)?)}))
            }
            _ => match path.strip_prefix("/user/process_user_command_") {
                Some(deed) => self.command(now, deed, body),
                None => refuse(404, path),
            },
        }
    }

    /// A user who is named is one.
    fn must_be_user(&self, id: &str) -> Answer<()> {
        match id.is_empty() || self.users.contains_key(id) {
            true => Ok(()),
            false => refuse(1004, ""),
        }
    }

    fn add_notice_account(&mut self, now: i64, body: &Value) -> Answer<Value> {
        let level = int(body, "appMangerLevel");
        if level < NOTICE_LEVEL {
            return refuse(1001, "app level not supported");
        }
        let id = match text(body, "userID") {
            "" => (FIRST_ID + self.number()).to_string(),
            id => id.to_owned(),
        };
        if self.users.contains_key(&id) {
            return refuse(1001, "userID is used");
        }
        let (name, face) = (text(body, "nickName"), text(body, "faceURL"));
        self.add_user(now, &id, name, face);
        if let Some(user) = self.users.get_mut(&id) {
            user["appMangerLevel"] = json!(level);
        }
        Ok(json!({"userID": id, "nickName": name, "faceURL": face, "appMangerLevel": level}))
    }

    /// By their ID, or else by their whole name; all without a keyword.
    fn notice_accounts(&self, body: &Value) -> Vec<Value> {
        let (keyword, level) = (text(body, "keyword"), &body["appManagerLevel"]);
        let all = self.users.values().filter(|user| {
            int(user, "appMangerLevel") >= NOTICE_LEVEL
                && user["userID"] != ADMIN_USER
                && (level.is_null() || user["appMangerLevel"] == *level)
        });
        let by = |key: &str| -> Vec<Value> {
            let found = all.clone();
            let found = found.filter(|user| keyword.is_empty() || user[key] == keyword);
            let row = |user: &Value| {
                json!({"userID": user["userID"], "nickName": user["nickname"], "faceURL": user["faceURL"],
                       "appMangerLevel": user["appMangerLevel"]})
            };
            found.map(row).collect()
        };
        match by("userID") {
            found if found.is_empty() => by("nickname"),
            found => found,
        }
    }

    /// Entries that an application keeps with a user. What is given as `ex` is kept as the value.
    fn command(&mut self, now: i64, deed: &str, body: &Value) -> Answer<Value> {
        let (kind, uuid) = (int(body, "type"), text(body, "uuid"));
        let own = self
            .commands
            .entry(text(body, "userID").to_owned())
            .or_default();
        let is_named = |row: &Value| row["type"] == kind && row["uuid"] == uuid;
        match deed {
            "add" => {
                let value = ["ex", "value"].map(|key| &body[key]);
                let value = value.into_iter().find_map(Value::as_str);
                own.push(
                    json!({"type": kind, "uuid": uuid, "value": value.unwrap_or_default(), "ex": "",
                           "createTime": now / 1000}),
                );
            }
            "update" => {
                let given = ["value", "ex"].map(|key| (key, &body[key]));
                let given = given.into_iter().filter(|(_, value)| !value.is_null());
                let given: Vec<_> = given.collect();
                if given.is_empty() {
                    return Ok(Value::Null);
                }
                let Some(row) = own.iter_mut().find(|row| is_named(row)) else {
                    return refuse(1004, "no such entry");
                };
                for (key, value) in given {
                    row[key] = value.clone();
                }
            }
            "delete" => {
                let Some(at) = own.iter().position(is_named) else {
                    return refuse(1004, "no such entry");
                };
                own.remove(at);
            }
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
                   "isBackground": conn.is_in_background, "token": conn.token})
        });
        let rows: Vec<Value> = rows.collect();
        json!({"userID": id, "status": i32::from(!rows.is_empty()), "detailPlatformStatus": list(rows)})
    }

    /// The tokens of one's connections, by platform; nothing of who has none.
    fn tokens_online(&self, id: &str) -> Option<Value> {
        let mut platforms: BTreeMap<i32, Vec<&str>> = BTreeMap::new();
        for conn in self.conns.values().filter(|conn| conn.user_id == id) {
            let tokens = platforms.entry(conn.platform_id).or_default();
            tokens.push(&conn.token);
        }
        if platforms.is_empty() {
            return None;
        }
        let rows = platforms.into_iter().map(|(platform, tokens)| {
            json!({"platformID": platform, "total": tokens.len(), "token": tokens})
        });
        let rows: Vec<Value> = rows.collect();
        Some(json!({"userID": id, "status": 1, "singlePlatformToken": rows}))
    }
}
