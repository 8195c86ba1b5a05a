//! What changes groups, and who may (data.md §2.4, §5.2).
use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::groups::{ADMIN, Entry, ORDINARY, OWNER};
use super::rest::{int, merge, text, texts};
use super::tokens::Caller;
use super::versions::{Change, ORDER_CHANGED};
use super::{Answer, Model, refuse};

/// Verification: an ordinary member's invitations are applications too.
const ALL_APPLY: i64 = 1;
/// Verification: everybody comes in at once.
const OPEN: i64 = 2;
/// IDs that the server gives have ten digits.
const FIRST_ID: u64 = 1_000_000_000;
/// Invited users come in so many at a time.
const INVITED_AT_ONCE: usize = 50;

pub(super) fn has_twice<T: Ord>(list: impl IntoIterator<Item = T>) -> bool {
    let mut seen = BTreeSet::new();
    list.into_iter().any(|item| !seen.insert(item))
}

/// Whether a change is to leave a line in the chat.
fn wants_line(body: &Value) -> bool {
    body["sendMessage"] != false
}

impl Model {
    pub(super) fn change_group(
        &mut self,
        now: i64,
        path: &str,
        caller: &Caller,
        body: &Value,
        id: &str,
    ) -> Answer<Value> {
        match path {
            "/group/create_group" => self.create_group(now, caller, body),
            "/group/invite_user_to_group" => self.invite(now, caller, id, body),
            "/group/join_group" => self.join(now, caller, id, body),
            "/group/kick_group" => self.kick_members(now, caller, id, body),
            "/group/quit_group" => self.quit(now, caller, id, body),
            "/group/dismiss_group" => self.dismiss(now, caller, id, body),
            "/group/set_group_info_ex" => {
                let mut patch = body.clone();
                if let Some(announced) = body["notification"].as_str() {
                    patch["notification"] = json!(announced.trim());
                }
                // A blank name is no error, but nothing else is done then either.
                let name = body["groupName"].as_str();
                let is_blank = name.is_some_and(|name| name.trim().is_empty());
                self.set_info(
                    now,
                    caller,
                    id,
                    if is_blank { &Value::Null } else { &patch },
                )
            }
            // The old path sets what is not empty; blanks are a text as others are.
            "/group/set_group_info" => {
                let mut patch = body["groupInfoForSet"].clone();
                for key in ["groupName", "notification", "introduction", "faceURL"] {
                    if patch[key] == "" {
                        patch[key] = Value::Null;
                    }
                }
                let id = text(&patch, "groupID").to_owned();
                self.set_info(now, caller, &id, &patch)
            }
            "/group/mute_group" | "/group/cancel_mute_group" => {
                self.needs_role(caller, id, ADMIN)?;
                let (status, kind) = match path {
                    "/group/mute_group" => (3, 1514),
                    _ => (0, 1515),
                };
                if let Some(group) = self.groups.get_mut(id) {
                    group.info["status"] = json!(status);
                }
                self.group_changed(id);
                self.tell_group(now, &caller.user_id, id, kind, json!({}), true);
                Ok(Value::Null)
            }
            "/group/mute_group_member" => {
                let seconds = int(body, "mutedSeconds");
                self.mute_member(now, caller, id, text(body, "userID"), Some(seconds))
            }
            "/group/cancel_mute_group_member" => {
                self.mute_member(now, caller, id, text(body, "userID"), None)
            }
            "/group/transfer_group" => self.transfer(now, caller, id, body),
            "/group/set_group_member_info" => self.set_members(now, caller, body),
            "/group/group_application_response" => self.answer_group(now, caller, id, body),
            _ => refuse(404, path),
        }
    }

    fn create_group(&mut self, now: i64, caller: &Caller, body: &Value) -> Answer<Value> {
        let info = &body["groupInfo"];
        if int(info, "groupType") != 2 {
            return refuse(1001, "groupType must be 2");
        }
        let owner = text(body, "ownerUserID");
        if owner.is_empty() {
            return refuse(1001, "ownerUserID is empty");
        }
        caller.may_act_for(owner)?;
        let (admins, members) = (texts(body, "adminUserIDs"), texts(body, "memberUserIDs"));
        let mut users = vec![(owner, OWNER)];
        users.extend(admins.iter().map(|user| (user.as_str(), ADMIN)));
        users.extend(members.iter().map(|user| (user.as_str(), ORDINARY)));
        if has_twice(users.iter().map(|(user, _)| *user)) {
            return refuse(1001, "a user is there twice");
        }
        if users
            .iter()
            .any(|(user, _)| !self.users.contains_key(*user))
        {
            return refuse(1101, "user does not exist");
        }
        let id = match text(info, "groupID") {
            "" => (FIRST_ID + self.number()).to_string(),
            id => id.to_owned(),
        };
        if self.groups.contains_key(&id) {
            return refuse(1202, "groupID is taken");
        }
        let by = &caller.user_id;
        self.new_group(now, &id, info, &users, by);
        let mut answer = self.groups[&id].info();
        // Who makes it is counted, in it or not.
        if !users.iter().any(|(user, _)| user == by) {
            answer["memberCount"] = json!(users.len() + 1);
        }
        // The list ends with who makes the group, and has no faces; the owner has no name either.
        let level = |user: &str| self.users[user]["appMangerLevel"].clone();
        let mut owner_row = self.groups[&id].members[owner].clone();
        owner_row["faceURL"] = json!("");
        owner_row["appMangerLevel"] = level(owner);
        let known = users.iter().position(|(user, _)| user == by);
        let known = known.map_or(&users[..], |at| &users[..=at]);
        let list = known.iter().filter_map(|(user, _)| {
            let mut member = self.member(&id, user)?;
            member["faceURL"] = json!("");
            member["appMangerLevel"] = level(user);
            Some(member)
        });
        let tips = json!({"memberList": list.collect::<Vec<_>>(), "groupOwnerUser": owner_row,
                          "group": answer});
        self.tell_group(now, by, &id, 1501, tips, wants_line(body));
        if answer["notification"] != "" {
            self.tell_group(now, by, &id, 1519, json!({ "group": answer }), true);
        }
        Ok(json!({ "groupInfo": answer }))
    }

    fn invite(&mut self, now: i64, caller: &Caller, id: &str, body: &Value) -> Answer<Value> {
        let invited = texts(body, "invitedUserIDs");
        if invited.is_empty() || has_twice(&invited) {
            return refuse(1001, "nobody is invited, or somebody twice");
        }
        if self.group_of(id)?.is_dismissed() {
            return refuse(1204, "group is dismissed");
        }
        self.needs_role(caller, id, ORDINARY)?;
        if invited.iter().any(|u| !self.users.contains_key(u)) {
            return refuse(1004, "user does not exist");
        }
        let group = &self.groups[id];
        let by = &caller.user_id;
        let needs_approval = int(&group.info, "needVerification") == ALL_APPLY
            && group.role(by) < ADMIN
            && !caller.is_admin;
        if needs_approval {
            for user in &invited {
                self.apply_for_group(now, caller, id, user, by, &json!({"joinSource": 2}));
            }
            return Ok(Value::Null);
        }
        for users in invited.chunks(INVITED_AT_ONCE) {
            if users.iter().any(|user| self.groups[id].role(user) > 0) {
                return refuse(500, "duplicate key");
            }
            let entry = Entry {
                role: ORDINARY,
                inviter: by,
                operator: by,
                source: 2,
            };
            for user in users {
                self.add_member(now, id, user, &entry);
            }
            let ids: Vec<&str> = users.iter().map(String::as_str).collect();
            self.versions.bump("members", id, &ids, Change::Insert);
            self.welcome(now, caller, id, users, by, wants_line(body));
        }
        Ok(Value::Null)
    }

    /// Who is a member now can see the chat, and all are told. Without inviter he came by himself.
    pub(super) fn welcome(
        &mut self,
        now: i64,
        caller: &Caller,
        id: &str,
        users: &[String],
        inviter: &str,
        line: bool,
    ) {
        self.open_conversations(id, users);
        self.set_end(now, id, users, 0, Some(caller));
        let mut rows = self.members_of(id, users);
        let (kind, tips) = if inviter.is_empty() {
            (1510, json!({ "entrantUser": rows.pop() }))
        } else {
            let inviter = self.operator(inviter, id);
            (
                1509,
                json!({"invitedUserList": rows, "inviterUser": inviter}),
            )
        };
        self.tell_group(now, &caller.user_id, id, kind, tips, line);
    }

    /// Who comes in is named as his own inviter.
    fn join(&mut self, now: i64, caller: &Caller, id: &str, body: &Value) -> Answer<Value> {
        let user = text(body, "inviterUserID");
        if !self.users.contains_key(user) {
            return refuse(1004, "user does not exist");
        }
        let group = self.group_of(id)?;
        if group.is_dismissed() {
            return refuse(1204, "group is dismissed");
        }
        if group.role(user) > 0 {
            return refuse(1001, "a member already");
        }
        if int(&group.info, "needVerification") != OPEN {
            self.apply_for_group(now, caller, id, user, user, body);
            return Ok(Value::Null);
        }
        let entry = Entry {
            role: ORDINARY,
            inviter: user,
            operator: &caller.user_id,
            source: 0,
        };
        self.add_member(now, id, user, &entry);
        self.versions.bump("members", id, &[user], Change::Insert);
        self.welcome(now, caller, id, &[user.to_owned()], "", true);
        Ok(Value::Null)
    }

    fn kick_members(&mut self, now: i64, caller: &Caller, id: &str, body: &Value) -> Answer<Value> {
        let kicked = texts(body, "kickedUserIDs");
        let group = self.group_of(id)?;
        if kicked.is_empty() || has_twice(&kicked) || kicked.contains(&caller.user_id) {
            return refuse(1001, "nobody is removed, somebody twice, or oneself");
        }
        let Some(owner) = group.owner() else {
            return refuse(1004, "the group has no owner");
        };
        if kicked.contains(owner) {
            return refuse(1001, "the owner cannot be removed");
        }
        let own = group.role(&caller.user_id);
        for user in &kicked {
            let role = group.role(user);
            if role == 0 {
                return refuse(1101, "not a member");
            }
            if !caller.is_admin && (own < ADMIN || own <= role) {
                return refuse(1002, "no right over this member");
            }
        }
        let tips = json!({ "kickedUserList": self.members_of(id, &kicked) });
        self.remove_members(id, &kicked);
        self.end_conversations(now, id, &kicked, Some(caller));
        self.tell_group(now, &caller.user_id, id, 1508, tips, wants_line(body));
        Ok(Value::Null)
    }

    fn quit(&mut self, now: i64, caller: &Caller, id: &str, body: &Value) -> Answer<Value> {
        let user = match text(body, "userID") {
            "" => &caller.user_id,
            user => user,
        };
        caller.may_act_for(user)?;
        if self.role_of(id, user)? == OWNER {
            return refuse(1002, "the owner cannot quit");
        }
        let tips = json!({"quitUser": self.member(id, user)});
        let leaving = [user.to_owned()];
        self.remove_members(id, &leaving);
        self.end_conversations(now, id, &leaving, Some(caller));
        self.tell_group(now, &caller.user_id, id, 1504, tips, true);
        Ok(Value::Null)
    }

    fn dismiss(&mut self, now: i64, caller: &Caller, id: &str, body: &Value) -> Answer<Value> {
        let Some(owner) = self.groups.get(id).and_then(|group| group.owner()) else {
            return refuse(1004, "no group that has an owner");
        };
        if !caller.is_admin && *owner != caller.user_id {
            return refuse(1002, "not the owner");
        }
        let silently = body["deleteMember"] == true;
        if !silently && self.groups[id].is_dismissed() {
            return refuse(1204, "group is dismissed");
        }
        if let Some(group) = self.groups.get_mut(id) {
            group.info["status"] = json!(super::groups::DISMISSED);
        }
        if silently {
            self.empty_group(id);
            return Ok(Value::Null);
        }
        self.group_changed(id);
        let line = wants_line(body);
        self.tell_group(now, &caller.user_id, id, 1511, json!({}), line);
        Ok(Value::Null)
    }

    fn set_info(&mut self, now: i64, caller: &Caller, id: &str, patch: &Value) -> Answer<Value> {
        if !caller.is_admin && self.role_of(id, &caller.user_id)? < ADMIN {
            return refuse(1002, "no right in the group");
        }
        if self.group_of(id)?.is_dismissed() {
            return refuse(1204, "group is dismissed");
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
        let mut patch = patch.clone();
        if patch["notification"].is_string() {
            patch["notificationUpdateTime"] = json!(now);
            patch["notificationUserID"] = json!(caller.user_id);
        }
        if let Some(group) = self.groups.get_mut(id) {
            merge(&mut group.info, &patch, &keys);
            let announcement = ["notificationUpdateTime", "notificationUserID"];
            merge(&mut group.info, &patch, &announcement);
        }
        self.group_changed(id);
        let by = &caller.user_id;
        if let Some(announced) = patch["notification"].as_str() {
            let line = !announced.is_empty();
            if line {
                self.mark_announced(now, caller, id);
            }
            self.tell_group(now, by, id, 1519, json!({}), line);
        }
        if patch["groupName"].is_string() {
            self.tell_group(now, by, id, 1520, json!({}), true);
        }
        if keys[2..].iter().any(|key| !patch[*key].is_null()) {
            self.tell_group(now, by, id, 1502, json!({"muteTime": 0}), true);
        }
        Ok(Value::Null)
    }

    /// Old and new owner exchange their roles.
    fn transfer(&mut self, now: i64, caller: &Caller, id: &str, body: &Value) -> Answer<Value> {
        let (old, new) = (text(body, "oldOwnerUserID"), text(body, "newOwnerUserID"));
        let group = self.group_of(id)?;
        if group.is_dismissed() {
            return refuse(1204, "group is dismissed");
        }
        let role = group.role(new);
        if old == new || group.role(old) == 0 || role == 0 {
            return refuse(1001, "not two members");
        }
        if !caller.is_admin && (caller.user_id != old || group.role(old) != OWNER) {
            return refuse(1002, "not the owner");
        }
        if int(&group.members[new], "muteEndTime") > now {
            self.mute_member(now, caller, id, new, None)?;
        }
        if let Some(group) = self.groups.get_mut(id) {
            for (user, role) in [(old, role), (new, OWNER)] {
                if let Some(member) = group.members.get_mut(user) {
                    member["roleLevel"] = json!(role);
                }
            }
        }
        let changed = [ORDER_CHANGED, old, new];
        self.versions.bump("members", id, &changed, Change::Update);
        let tips = json!({"newGroupOwner": self.member(id, new), "oldGroupOwner": "",
                          "oldGroupOwnerInfo": self.member(id, old)});
        self.tell_group(now, &caller.user_id, id, 1507, tips, true);
        Ok(Value::Null)
    }
}
