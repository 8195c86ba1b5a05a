//! Applications for membership (data.md §2.4, §5.2).
use serde_json::{Value, json};

use super::groups::{ADMIN, Entry, ORDINARY, or_null};
use super::rest::{int, ints, page, text, texts};
use super::tokens::Caller;
use super::versions::Change;
use super::{Answer, Model, refuse};

impl Model {
    /// Owner and administrators of a group.
    fn leaders(&self, id: &str) -> Vec<String> {
        let Some(group) = self.groups.get(id) else {
            return Vec::new();
        };
        let mut leaders = group.ordered();
        leaders.retain(|user| group.role(user) >= ADMIN);
        leaders
    }

    /// `PublicUserInfo` of the API.
    fn public_user(&self, user: &str) -> Value {
        let profile = &self.users[user];
        json!({"userID": user, "nickname": profile["nickname"], "faceURL": profile["faceURL"],
               "ex": profile["ex"]})
    }

    /// `GroupRequest` of the API. What was answered, by whom and when the server does not find again.
    fn group_request(&self, request: &Value, with_group: bool) -> Value {
        let mut row = json!({
            "userInfo": self.public_user(text(request, "userID")), "groupInfo": null,
            "handleResult": request["handleResult"], "reqMsg": request["reqMsg"], "handleMsg": "",
            "reqTime": request["reqTime"], "handleUserID": "", "handleTime": 0, "ex": request["ex"],
            "joinSource": request["joinSource"], "inviterUserID": request["inviterUserID"],
        });
        if with_group || self.group_habits.full_requests {
            let group = self.groups.get(text(request, "groupID"));
            row["groupInfo"] = group.map(|group| group.info()).unwrap_or_default();
        }
        if self.group_habits.full_requests {
            for key in ["handleMsg", "handleUserID", "handleTime"] {
                row[key] = request[key].clone();
            }
        }
        row
    }

    /// Newest first.
    pub(super) fn group_applications(
        &self,
        body: &Value,
        is_wanted: impl Fn(&Value) -> bool,
    ) -> Answer<Value> {
        let (groups, results) = (texts(body, "groupIDs"), ints(body, "handleResults"));
        let rows = self.group_requests.iter().filter(|r| {
            is_wanted(r)
                && (groups.is_empty() || groups.iter().any(|id| r["groupID"] == *id))
                && (results.is_empty() || results.contains(&int(r, "handleResult")))
        });
        let mut rows: Vec<&Value> = rows.collect();
        rows.sort_by_key(|r| -int(r, "reqTime"));
        let rows: Vec<Value> = rows.iter().map(|r| self.group_request(r, true)).collect();
        let total = rows.len();
        Ok(json!({"total": total, "groupRequests": or_null(page(body, rows)?)}))
    }

    /// Applications of these users to a group, by user.
    pub(super) fn applications_of(&self, id: &str, users: &[String], named: bool) -> Value {
        let found = self.group_requests.iter().filter(|r| r["groupID"] == *id);
        let found = found.filter(|r| users.iter().any(|user| r["userID"] == **user));
        let mut found: Vec<&Value> = found.collect();
        found.sort_by_key(|r| text(r, "userID"));
        let rows = found.into_iter().map(|r| {
            let mut row = self.group_request(r, true);
            if !named {
                row["userInfo"] = Value::Null;
            }
            row
        });
        let rows: Vec<Value> = rows.collect();
        json!({"total": rows.len(), "groupRequests": or_null(rows)})
    }

    fn leads(&self, user: &str, id: &str) -> bool {
        self.groups.get(id).is_some_and(|g| g.role(user) >= ADMIN)
    }

    pub(super) fn applications_received(&self, caller: &Caller, body: &Value) -> Answer<Value> {
        let user = text(body, "fromUserID");
        caller.may_act_for(user)?;
        let groups = texts(body, "groupIDs");
        for id in &groups {
            self.needs_role(caller, id, ADMIN)?;
        }
        let found = self.group_applications(body, |r| {
            !groups.is_empty() || self.leads(user, text(r, "groupID"))
        })?;
        // Looked at only where there is something to tell.
        let is_unknown = |id: &String| !self.groups.contains_key(id);
        if !found["groupRequests"].is_null() && groups.iter().any(is_unknown) {
            return refuse(1201, "no such group");
        }
        Ok(found)
    }

    pub(super) fn count_applications(&self, caller: &Caller, body: &Value) -> Answer<Value> {
        let (user, since) = (text(body, "userID"), int(body, "time"));
        caller.may_act_for(user)?;
        let open = self.group_requests.iter().filter(|r| {
            self.leads(user, text(r, "groupID"))
                && r["handleResult"] == 0
                && (since == 0 || int(r, "reqTime") > since)
        });
        Ok(json!({ "count": open.count() }))
    }

    /// `user` is to come in; `by` asks for it, `about` says how. Whoever asked before asks anew. Leaders, `by` and the
    /// caller are told, in the caller's name.
    pub(super) fn apply_for_group(
        &mut self,
        now: i64,
        caller: &Caller,
        id: &str,
        user: &str,
        by: &str,
        about: &Value,
    ) {
        let request = json!({
            "groupID": id, "userID": user, "handleResult": 0, "reqMsg": text(about, "reqMessage"),
            "handleMsg": "", "reqTime": now, "handleUserID": "", "handleTime": 0, "ex": text(about, "ex"),
            "joinSource": int(about, "joinSource"), "inviterUserID": if by == user { "" } else { by },
        });
        self.group_requests
            .retain(|r| r["groupID"] != *id || r["userID"] != *user);
        self.group_requests.push(request.clone());
        let tips = json!({"group": self.groups[id].info(), "applicant": self.public_user(by),
                          "reqMsg": request["reqMsg"], "request": self.group_request(&request, false),
                          "uuid": self.uuid()});
        let mut told = self.leaders(id);
        for concerned in [by, &caller.user_id] {
            if !told.iter().any(|user| user == concerned) {
                told.push(concerned.to_owned());
            }
        }
        for to in told {
            self.notify_user(now, &caller.user_id, &to, 1503, &tips, false);
        }
    }

    fn uuid(&mut self) -> String {
        format!("uuid{}", self.number())
    }

    pub(super) fn answer_group(
        &mut self,
        now: i64,
        caller: &Caller,
        id: &str,
        body: &Value,
    ) -> Answer<Value> {
        let result = int(body, "handleResult");
        if result != 1 && result != -1 {
            return refuse(1001, "handleResult is invalid");
        }
        if !caller.is_admin && self.role_of(id, &caller.user_id)? < ADMIN {
            return refuse(1002, "no right in the group");
        }
        self.group_of(id)?;
        let user = text(body, "fromUserID").to_owned();
        let mut requests = self.group_requests.iter_mut();
        let request = requests.find(|r| r["groupID"] == *id && r["userID"] == *user);
        let Some(request) = request else {
            return refuse(1004, "no such application");
        };
        if request["handleResult"] != 0 {
            return refuse(1206, "handled already");
        }
        request["handleResult"] = json!(result);
        request["handleMsg"] = json!(text(body, "handledMsg"));
        request["handleUserID"] = json!(caller.user_id);
        request["handleTime"] = json!(now);
        let (request, inviter) = (request.clone(), text(request, "inviterUserID").to_owned());
        let joins = result == 1 && self.groups[id].role(&user) == 0;
        if joins {
            let entry = Entry {
                role: ORDINARY,
                inviter: &inviter,
                operator: &caller.user_id,
                source: int(&request, "joinSource"),
            };
            self.add_member(now, id, &user, &entry);
            self.versions.bump("members", id, &[&user], Change::Insert);
        }
        let tips = json!({"group": self.groups[id].info(), "handleMsg": request["handleMsg"],
                          "opUser": self.operator(&caller.user_id, id), "receiverAs": 0,
                          "request": self.group_request(&request, false), "uuid": self.uuid()});
        let kind = if result == 1 { 1505 } else { 1506 };
        let mut told = self.leaders(id);
        told.push(user.clone());
        for to in told {
            self.notify_user(now, &caller.user_id, &to, kind, &tips, false);
        }
        if joins {
            self.welcome(now, caller, id, &[user], &inviter, true);
        }
        Ok(Value::Null)
    }
}
