//! What changes groups, and who may (data.md §2.4, §5.2).
use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::groups::{ADMIN, ORDINARY, OWNER};
use super::rest::{int, merge, text, texts};
use super::tokens::Caller;
use super::versions::{Change, ORDER_CHANGED};
use super::{Answer, Model, refuse};

impl Model {
    pub(super) fn change_group(
        &mut self,
        now: i64,
        path: &str,
        caller: &Caller,
        body: &Value,
        id: &str,
        user: &str,
    ) -> Answer<Value> {
        match path {
            "/group/create_group" => self.create_group(now, caller, body),
            "/group/invite_user_to_group" => self.invite(now, caller, id, body),
            "/group/join_group" => self.join(now, caller, id, body),
            "/group/kick_group" => self.kick_members(now, caller, id, body),
            "/group/quit_group" => {
                match self.group_of(id)?.role(user) {
                    0 => return refuse(1004, "not a member"),
                    OWNER => return refuse(1002, "the owner cannot quit"),
                    _ => {}
                }
                let tips = json!({"quitUser": self.groups[id].members.get(user)});
                let leaving = [user.to_owned()];
                self.remove_members(id, &leaving);
                self.tell_group(now, &caller.user_id, id, 1504, tips, &leaving);
                self.freeze_conversations(id, &leaving);
                Ok(Value::Null)
            }
            "/group/dismiss_group" => {
                self.needs_role(caller, id, OWNER)?;
                let members: Vec<String> = self.groups[id].members.keys().cloned().collect();
                if let Some(group) = self.groups.get_mut(id) {
                    group.info["status"] = json!(2);
                }
                self.tell_group(now, &caller.user_id, id, 1511, json!({}), &members);
                members
                    .iter()
                    .for_each(|u| self.versions.bump("groups", u, &[id], Change::Delete));
                Ok(Value::Null)
            }
            "/group/set_group_info_ex" => self.set_info(now, caller, id, body),
            "/group/set_group_info" => {
                self.set_info(now, caller, id, &body["groupInfoForSet"].clone())
            }
            "/group/mute_group" | "/group/cancel_mute_group" => {
                self.needs_role(caller, id, ADMIN)?;
                let mute = path == "/group/mute_group";
                if let Some(group) = self.groups.get_mut(id) {
                    group.info["status"] = json!(if mute { 3 } else { 0 });
                }
                self.group_changed(id);
                let kind = if mute { 1514 } else { 1515 };
                self.tell_group(now, &caller.user_id, id, kind, json!({}), &[]);
                Ok(Value::Null)
            }
            "/group/mute_group_member" | "/group/cancel_mute_group_member" => {
                self.mute_member(now, caller, id, user, body)
            }
            "/group/transfer_group" => self.transfer(now, caller, id, body),
            "/group/set_group_member_info" => {
                for patch in body["members"].as_array().cloned().unwrap_or_default() {
                    self.set_member(now, caller, &patch)?;
                }
                Ok(Value::Null)
            }
            "/group/group_application_response" => self.answer_group(now, caller, id, body),
            _ => refuse(404, path),
        }
    }

    fn invite(&mut self, now: i64, caller: &Caller, id: &str, body: &Value) -> Answer<Value> {
        self.needs_role(caller, id, ORDINARY)?;
        let mut invited = texts(body, "invitedUserIDs");
        if invited.iter().any(|u| !self.users.contains_key(u)) {
            return refuse(1004, "user does not exist");
        }
        let group = &self.groups[id];
        invited.retain(|u| group.role(u) == 0);
        let needs_approval = int(&group.info, "needVerification") == 1
            && group.role(&caller.user_id) < ADMIN
            && !caller.is_admin;
        if needs_approval {
            let why = json!({"reqMessage": text(body, "reason")});
            for user in &invited {
                self.apply_for_group(now, id, user, &caller.user_id, &why);
            }
            return Ok(Value::Null);
        }
        invited
            .iter()
            .for_each(|u| self.add_member(now, id, u, ORDINARY, &caller.user_id));
        let members = &self.groups[id].members;
        let list: Vec<Value> = invited
            .iter()
            .filter_map(|u| members.get(u).cloned())
            .collect();
        let tips = json!({"invitedUserList": list, "inviterUser": members.get(&caller.user_id)});
        self.tell_group(now, &caller.user_id, id, 1509, tips, &[]);
        Ok(Value::Null)
    }

    fn join(&mut self, now: i64, caller: &Caller, id: &str, body: &Value) -> Answer<Value> {
        let me = caller.user_id.clone();
        let group = self.group_of(id)?;
        if group.role(&me) > 0 {
            return refuse(1001, "a member already");
        }
        if int(&group.info, "needVerification") != 2 {
            self.apply_for_group(now, id, &me, "", body);
            return Ok(Value::Null);
        }
        self.add_member(now, id, &me, ORDINARY, "");
        if let Some(member) = self.groups.get_mut(id).and_then(|g| g.members.get_mut(&me)) {
            member["joinSource"] = json!(int(body, "joinSource"));
        }
        let entrant = self.groups[id].members[&me].clone();
        self.tell_group(now, &me, id, 1510, json!({ "entrantUser": entrant }), &[]);
        Ok(Value::Null)
    }

    fn kick_members(&mut self, now: i64, caller: &Caller, id: &str, body: &Value) -> Answer<Value> {
        self.needs_role(caller, id, ADMIN)?;
        let kicked = texts(body, "kickedUserIDs");
        let group = &self.groups[id];
        let own = group.role(&caller.user_id);
        for user in &kicked {
            match group.role(user) {
                0 => return refuse(1101, "not a member"),
                OWNER => return refuse(1001, "the owner cannot be removed"),
                _ if *user == caller.user_id => return refuse(1001, "oneself"),
                ADMIN if own != OWNER && !caller.is_admin => {
                    return refuse(1002, "an administrator");
                }
                _ => {}
            }
        }
        let rows: Vec<&Value> = kicked.iter().filter_map(|u| group.members.get(u)).collect();
        let tips = json!({ "kickedUserList": rows });
        self.remove_members(id, &kicked);
        self.tell_group(now, &caller.user_id, id, 1508, tips, &kicked);
        self.freeze_conversations(id, &kicked);
        Ok(Value::Null)
    }

    fn set_info(&mut self, now: i64, caller: &Caller, id: &str, patch: &Value) -> Answer<Value> {
        self.needs_role(caller, id, ADMIN)?;
        let mut patch = patch.clone();
        if text(&patch, "groupName").trim().is_empty() {
            patch["groupName"] = Value::Null;
        }
        let keys = [
            "groupName",
            "notification",
            "introduction",
            "faceURL",
            "ex",
            "needVerification",
            "lookMemberInfo",
            "applyMemberFriend",
        ];
        if keys.iter().all(|key| patch[*key].is_null()) {
            return Ok(Value::Null);
        }
        let Some(group) = self.groups.get_mut(id) else {
            return refuse(1201, "group does not exist");
        };
        merge(&mut group.info, &patch, &keys);
        let announces = patch["notification"].is_string();
        if announces {
            group.info["notificationUpdateTime"] = json!(now);
            group.info["notificationUserID"] = json!(caller.user_id);
        }
        let members: Vec<String> = group.members.keys().cloned().collect();
        self.group_changed(id);
        let by = &caller.user_id;
        if announces {
            for member in members {
                self.set_row(&member, &format!("sg_{id}"), &json!({"groupAtType": 4}));
                let tips = json!({"userID": member, "conversationIDList": [format!("sg_{id}")]});
                self.notify_user(now, &member, &member, 1300, &tips, false);
            }
            self.tell_group(now, by, id, 1519, json!({}), &[]);
        }
        if patch["groupName"].is_string() {
            self.tell_group(now, by, id, 1520, json!({}), &[]);
        }
        if keys[2..].iter().any(|key| !patch[*key].is_null()) {
            self.tell_group(now, by, id, 1502, json!({}), &[]);
        }
        Ok(Value::Null)
    }

    fn mute_member(
        &mut self,
        now: i64,
        caller: &Caller,
        id: &str,
        user: &str,
        body: &Value,
    ) -> Answer<Value> {
        self.needs_role(caller, id, ADMIN)?;
        let group = &self.groups[id];
        match group.role(user) {
            0 => return refuse(1004, "not a member"),
            role if !caller.is_admin && role >= group.role(&caller.user_id) => {
                return refuse(1002, "no right over this member");
            }
            _ => {}
        }
        let seconds = int(body, "mutedSeconds");
        let until = if seconds > 0 { now + seconds * 1000 } else { 0 };
        self.patch_member(id, user, &json!({ "muteEndTime": until }));
        let tips = json!({"mutedUser": self.groups[id].members.get(user), "mutedSeconds": seconds});
        let kind = if seconds > 0 { 1512 } else { 1513 };
        self.tell_group(now, &caller.user_id, id, kind, tips, &[]);
        Ok(Value::Null)
    }

    fn transfer(&mut self, now: i64, caller: &Caller, id: &str, body: &Value) -> Answer<Value> {
        self.needs_role(caller, id, OWNER)?;
        let (old, new) = (text(body, "oldOwnerUserID"), text(body, "newOwnerUserID"));
        if old == new || self.groups[id].role(new) == 0 {
            return refuse(1001, "the new owner is no other member");
        }
        self.patch_member(id, old, &json!({ "roleLevel": ORDINARY }));
        self.patch_member(id, new, &json!({ "roleLevel": OWNER }));
        if let Some(group) = self.groups.get_mut(id) {
            group.info["ownerUserID"] = json!(new);
        }
        self.group_changed(id);
        let members = &self.groups[id].members;
        let tips = json!({"newGroupOwner": members.get(new), "oldGroupOwner": old,
                          "oldGroupOwnerInfo": members.get(old)});
        self.tell_group(now, &caller.user_id, id, 1507, tips, &[]);
        Ok(Value::Null)
    }

    /// Changes a member's row; a role changes the order of the list too.
    fn patch_member(&mut self, id: &str, user: &str, patch: &Value) {
        let member = self
            .groups
            .get_mut(id)
            .and_then(|g| g.members.get_mut(user));
        let keys = ["nickname", "faceURL", "roleLevel", "ex", "muteEndTime"];
        if member.is_none_or(|member| !merge(member, patch, &keys)) {
            return;
        }
        let mut changed = vec![user];
        if !patch["roleLevel"].is_null() {
            changed.push(ORDER_CHANGED);
        }
        self.versions.bump("members", id, &changed, Change::Update);
    }

    fn set_member(&mut self, now: i64, caller: &Caller, patch: &Value) -> Answer<()> {
        let (id, user) = (text(patch, "groupID"), text(patch, "userID"));
        let group = self.group_of(id)?;
        let (own, its) = (group.role(&caller.user_id), group.role(user));
        if its == 0 {
            return refuse(1004, "not a member");
        }
        let role = int(patch, "roleLevel");
        if !caller.is_admin {
            match role {
                OWNER => return refuse(1002, "ownership is transferred"),
                0 | ADMIN | ORDINARY => {}
                _ => return refuse(1001, "roleLevel is invalid"),
            }
            let allowed = match role {
                0 => caller.user_id == user || own > its,
                _ => own == OWNER && caller.user_id != user,
            };
            if !allowed {
                return refuse(1002, "no right over this member");
            }
        }
        self.patch_member(id, user, patch);
        let kind = match role {
            ADMIN => 1517,
            ORDINARY => 1518,
            _ => 1516,
        };
        let tips = json!({"changedUser": self.groups[id].members.get(user)});
        self.tell_group(now, &caller.user_id, id, kind, tips, &[]);
        Ok(())
    }

    fn create_group(&mut self, now: i64, caller: &Caller, body: &Value) -> Answer<Value> {
        let info = &body["groupInfo"];
        if int(info, "groupType") != 2 {
            return refuse(1001, "groupType must be 2");
        }
        let id = match text(info, "groupID") {
            "" => self.number().to_string(),
            id => id.to_owned(),
        };
        if self.groups.contains_key(&id) {
            return refuse(1202, "groupID is taken");
        }
        let owner = match text(body, "ownerUserID") {
            "" => caller.user_id.clone(),
            owner => owner.to_owned(),
        };
        caller.may_act_for(&owner)?;
        let mut users = vec![owner.clone()];
        users.extend(texts(body, "memberUserIDs"));
        users.extend(texts(body, "adminUserIDs"));
        let distinct: BTreeSet<&String> = users.iter().collect();
        if distinct.len() < users.len() {
            return refuse(1001, "a user is there twice");
        }
        if users.iter().any(|u| !self.users.contains_key(u)) {
            return refuse(1101, "user does not exist");
        }
        let users: Vec<&str> = users.iter().map(String::as_str).collect();
        self.add_group(now, &id, text(info, "groupName"), &users);
        for admin in texts(body, "adminUserIDs") {
            self.patch_member(&id, &admin, &json!({ "roleLevel": ADMIN }));
        }
        if let Some(group) = self.groups.get_mut(&id) {
            let keys = [
                "notification",
                "introduction",
                "faceURL",
                "ex",
                "needVerification",
                "lookMemberInfo",
                "applyMemberFriend",
            ];
            merge(&mut group.info, info, &keys);
        }
        let members: Vec<Value> = self.groups[&id].ordered();
        let tips =
            json!({"memberList": members, "groupOwnerUser": self.groups[&id].members.get(&owner)});
        self.tell_group(now, &owner, &id, 1501, tips, &[]);
        Ok(json!({"groupInfo": self.groups[&id].info()}))
    }
}
