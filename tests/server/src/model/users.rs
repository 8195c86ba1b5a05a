//! Users (data.md §2.2).
use serde_json::{Value, json};

use super::rest::{int, merge, text, texts};
use super::tokens::Caller;
use super::{Answer, Model, refuse, rules};

impl Model {
    /// Registers a user.
    pub fn add_user(&mut self, now: i64, user_id: &str, nickname: &str, face_url: &str) {
        let level = if user_id == super::tokens::ADMIN_USER {
            2
        } else {
            0
        };
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
                let found: Vec<&Value> = texts(body, "userIDs")
                    .iter()
                    .filter_map(|id| self.users.get(id))
                    .collect();
                Ok(json!({ "usersInfo": found }))
            }
            "/user/update_user_info_ex" | "/user/update_user_info" => {
                let patch = &body["userInfo"];
                caller.may_act_for(text(patch, "userID"))?;
                self.change_user(now, text(patch, "userID"), patch)
            }
            "/user/set_global_msg_recv_opt" => {
                let user = text(body, "userID");
                caller.may_act_for(user)?;
                self.change_user(
                    now,
                    user,
                    &json!({"globalRecvMsgOpt": int(body, "globalRecvMsgOpt")}),
                )
            }
            "/user/user_register" => {
                if !caller.is_admin {
                    return refuse(1002, "for administrators");
                }
                let users = body["users"].as_array().cloned().unwrap_or_default();
                rules::check_new_users(&users)?;
                for user in &users {
                    let id = text(user, "userID");
                    if self.users.contains_key(id) {
                        return refuse(1102, "user exists");
                    }
                    self.add_user(now, id, text(user, "nickname"), text(user, "faceURL"));
                }
                Ok(Value::Null)
            }
            "/user/get_user_client_config" => Ok(json!({})),
            "/user/get_users_status" => {
                let list: Vec<Value> = texts(body, "userIDs")
                    .iter()
                    .map(|id| {
                        let platforms = self.presence(id).online_platform_ids;
                        json!({"userID": id, "status": i32::from(!platforms.is_empty()), "platformIDs": platforms})
                    })
                    .collect();
                Ok(json!({ "statusList": list }))
            }
            "/user/subscribe_users_status" | "/user/get_subscribe_users_status" => {
                Ok(json!({"statusList": null}))
            }
            "/user/process_user_command_get" | "/user/process_user_command_get_all" => {
                Ok(json!({"CommandResp": null}))
            }
            _ => refuse(404, path),
        }
    }

    /// A changed profile is told to oneself, friends and groups.
    fn change_user(&mut self, now: i64, id: &str, patch: &Value) -> Answer<Value> {
        let Some(user) = self.users.get_mut(id) else {
            return refuse(1101, "user does not exist");
        };
        let before = user.clone();
        let keys = ["nickname", "faceURL", "ex", "globalRecvMsgOpt"];
        if !merge(user, patch, &keys) {
            return Ok(Value::Null);
        }
        let user = user.clone();
        let tips = json!({ "userID": id });
        self.notify_user(now, id, id, 1303, &tips, false);
        let befriended: Vec<String> = self
            .friends
            .iter()
            .filter(|(_, list)| list.contains_key(id))
            .map(|(owner, _)| owner.clone())
            .collect();
        for owner in befriended {
            self.versions
                .bump("friends", &owner, &[id], super::versions::Change::Update);
            self.notify_user(now, id, &owner, 1209, &tips, false);
        }
        if text(&before, "nickname") != text(&user, "nickname")
            || text(&before, "faceURL") != text(&user, "faceURL")
        {
            self.rename_member(now, id, &user);
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
