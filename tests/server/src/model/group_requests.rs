//! Applications for membership (data.md §2.4, §5.2).
use serde_json::{Value, json};

use super::groups::ADMIN;
use super::rest::{int, ints, page, text, texts};
use super::tokens::Caller;
use super::{Answer, Model, refuse};

impl Model {
    /// Owner and administrators of a group.
    fn leaders(&self, id: &str) -> Vec<String> {
        let members = self.groups.get(id).map(|g| g.ordered()).unwrap_or_default();
        let led = members.iter().filter(|m| int(m, "roleLevel") >= ADMIN);
        led.map(|m| text(m, "userID").to_owned()).collect()
    }

    /// `GroupRequest` of the API.
    fn group_request(&self, request: &Value) -> Value {
        let mut row = request.clone();
        row["userInfo"] = self.users[text(request, "userID")].clone();
        row["groupInfo"] = match self.groups.get(text(request, "groupID")) {
            Some(group) => group.info(),
            None => Value::Null,
        };
        row
    }

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
        let rows: Vec<Value> = rows.map(|r| self.group_request(r)).collect();
        let total = rows.len();
        Ok(json!({"total": total, "groupRequests": page(body, rows)?}))
    }

    /// `user` wants to come in; `body` says why.
    pub(super) fn apply_for_group(
        &mut self,
        now: i64,
        id: &str,
        user: &str,
        inviter: &str,
        body: &Value,
    ) {
        let request = json!({
            "groupID": id, "userID": user, "handleResult": 0, "reqMsg": text(body, "reqMessage"),
            "handleMsg": "", "reqTime": now, "handleUserID": "", "handleTime": 0, "ex": text(body, "ex"),
            "joinSource": if inviter.is_empty() { int(body, "joinSource") } else { 2 },
            "inviterUserID": inviter,
        });
        self.group_requests
            .retain(|r| r["groupID"] != *id || r["userID"] != *user);
        self.group_requests.push(request.clone());
        let row = self.group_request(&request);
        let tips = json!({"group": row["groupInfo"], "applicant": row["userInfo"],
                          "reqMsg": row["reqMsg"], "request": row, "uuid": self.uuid()});
        for to in self.leaders(id) {
            self.notify_user(now, user, &to, 1503, &tips, false);
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
        self.needs_role(caller, id, ADMIN)?;
        let user = text(body, "fromUserID").to_owned();
        let result = int(body, "handleResult");
        if result != 1 && result != -1 {
            return refuse(1001, "handleResult is invalid");
        }
        let open = self
            .group_requests
            .iter_mut()
            .find(|r| r["groupID"] == *id && r["userID"] == *user);
        let Some(request) = open else {
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
            self.add_member(now, id, &user, super::groups::ORDINARY, &inviter);
        }
        let row = self.group_request(&request);
        let tips = json!({"group": row["groupInfo"], "handleMsg": row["handleMsg"], "receiverAs": 0,
                          "request": row, "uuid": self.uuid()});
        let kind = if result == 1 { 1505 } else { 1506 };
        let mut told = self.leaders(id);
        told.push(user.clone());
        for to in told {
            self.notify_user(now, &caller.user_id, &to, kind, &tips, false);
        }
        if joins {
            let entrant = self.groups[id].members.get(&user).cloned();
            let tips = json!({ "entrantUser": entrant });
            self.tell_group(now, &caller.user_id, id, 1510, tips, &[]);
        }
        Ok(Value::Null)
    }
}
