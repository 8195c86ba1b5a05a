//! Groups and members (data.md §2.4, §5.2).
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::rest::{int, merge, page, text, texts};
use super::tokens::Caller;
use super::versions::Change;
use super::{Answer, Model, refuse};

const OWNER: i64 = 100;
const ADMIN: i64 = 60;
const ORDINARY: i64 = 20;

/// A group.
#[derive(Clone, Debug)]
pub struct Group {
    /// `GroupInfo` of the API.
    pub info: Value,
    /// `GroupMemberFullInfo` by user ID.
    pub members: BTreeMap<String, Value>,
}

impl Group {
    /// Owner, admins, then by time of joining.
    fn ordered(&self) -> Vec<Value> {
        let mut rows: Vec<Value> = self.members.values().cloned().collect();
        rows.sort_by_key(|m| {
            (
                -int(m, "roleLevel"),
                int(m, "joinTime"),
                text(m, "userID").to_owned(),
            )
        });
        rows
    }

    fn role(&self, user: &str) -> i64 {
        self.members.get(user).map_or(0, |m| int(m, "roleLevel"))
    }

    fn info(&self) -> Value {
        let mut info = self.info.clone();
        info["memberCount"] = json!(self.members.len());
        info
    }
}

impl Model {
    /// Creates a group; the first user is the owner.
    pub fn add_group(&mut self, now: i64, id: &str, name: &str, users: &[&str]) {
        let info = json!({
            "groupID": id, "groupName": name, "notification": "", "introduction": "", "faceURL": "",
            "ownerUserID": users[0], "createTime": now, "memberCount": users.len(), "ex": "", "status": 0,
            "creatorUserID": users[0], "groupType": 2, "needVerification": 0, "lookMemberInfo": 0,
            "applyMemberFriend": 0, "notificationUpdateTime": 0, "notificationUserID": "",
        });
        self.groups.insert(
            id.to_owned(),
            Group {
                info,
                members: BTreeMap::new(),
            },
        );
        for (n, user) in users.iter().enumerate() {
            self.add_member(
                now,
                id,
                user,
                if n == 0 { OWNER } else { ORDINARY },
                users[0],
            );
        }
    }

    fn add_member(&mut self, now: i64, id: &str, user: &str, role: i64, inviter: &str) {
        let Some(profile) = self.users.get(user) else {
            return;
        };
        let member = json!({
            "groupID": id, "userID": user, "roleLevel": role, "joinTime": now, "nickname": profile["nickname"],
            "faceURL": profile["faceURL"], "appMangerLevel": 1, "joinSource": 2, "operatorUserID": inviter,
            "ex": "", "muteEndTime": 0, "inviterUserID": inviter,
        });
        if let Some(group) = self.groups.get_mut(id) {
            group.members.insert(user.to_owned(), member);
        }
        self.versions.bump("members", id, &[user], Change::Insert);
        self.versions.bump("groups", user, &[id], Change::Insert);
        // A conversation that was frozen when the user left is open again.
        self.set_row(user, &format!("sg_{id}"), &json!({"maxSeq": 0}));
        if self.channels.contains_key(&format!("sg_{id}")) {
            self.ensure_row(user, &format!("sg_{id}"), 3, "", id);
        }
    }

    /// The member row goes; the conversation stays, with its visible end frozen.
    fn remove_member(&mut self, id: &str, user: &str) {
        if let Some(group) = self.groups.get_mut(id) {
            group.members.remove(user);
        }
        self.versions.bump("members", id, &[user], Change::Delete);
        self.versions.bump("groups", user, &[id], Change::Delete);
        let conversation = format!("sg_{id}");
        let max = self.channels.get(&conversation).map_or(0, |c| c.max);
        self.set_row(user, &conversation, &json!({ "maxSeq": max }));
    }

    fn group_changed(&mut self, id: &str) {
        let members: Vec<String> = self
            .groups
            .get(id)
            .map(|g| g.members.keys().cloned().collect())
            .unwrap_or_default();
        for user in members {
            self.versions.bump("groups", &user, &[id], Change::Update);
        }
    }

    /// A user's new name and face in all groups.
    pub(crate) fn rename_member(&mut self, now: i64, user: &str, profile: &Value) {
        let ids: Vec<String> = self
            .groups
            .iter()
            .filter(|(_, g)| g.members.contains_key(user))
            .map(|(id, _)| id.clone())
            .collect();
        for id in ids {
            if let Some(member) = self
                .groups
                .get_mut(&id)
                .and_then(|g| g.members.get_mut(user))
            {
                merge(member, profile, &["nickname", "faceURL"]);
            }
            self.versions.bump("members", &id, &[user], Change::Update);
            self.tell_group(
                now,
                user,
                &id,
                1516,
                json!({"changedUser": {"userID": user}}),
                &[],
            );
        }
    }

    fn tell_group(
        &mut self,
        now: i64,
        by: &str,
        id: &str,
        kind: i32,
        mut tips: Value,
        leaving: &[String],
    ) {
        let (version_id, version) = self.versions.current("members", id);
        if let Some(group) = self.groups.get(id) {
            tips["group"] = group.info();
            tips["opUser"] = group.members.get(by).cloned().unwrap_or(Value::Null);
        }
        tips["operationTime"] = json!(now);
        tips["groupMemberVersion"] = json!(version);
        tips["groupMemberVersionID"] = json!(version_id);
        self.notify_group(now, by, id, kind, &tips, leaving);
    }

    fn group_of(&self, id: &str) -> Answer<&Group> {
        let Some(group) = self.groups.get(id) else {
            return refuse(1201, "group does not exist");
        };
        if group.info["status"] == 2 {
            return refuse(1204, "group is dismissed");
        }
        Ok(group)
    }

    fn needs_role(&self, caller: &Caller, id: &str, role: i64) -> Answer<()> {
        if caller.is_admin || self.group_of(id)?.role(&caller.user_id) >= role {
            return Ok(());
        }
        refuse(1002, "no right in the group")
    }

    pub(crate) fn rest_group(
        &mut self,
        now: i64,
        path: &str,
        caller: &Caller,
        body: &Value,
    ) -> Answer<Value> {
        let id = text(body, "groupID").to_owned();
        let user = ["userID", "fromUserID"]
            .iter()
            .map(|k| text(body, k))
            .find(|u| !u.is_empty());
        let user = user.unwrap_or(&caller.user_id).to_owned();
        match path {
            "/group/get_joined_group_list" => {
                let joined: Vec<Value> = self
                    .joined(&user)
                    .iter()
                    .map(|id| self.groups[id].info())
                    .collect();
                let total = joined.len();
                Ok(json!({"total": total, "groups": page(body, joined)?}))
            }
            "/group/get_incremental_join_groups" => {
                let (version_id, version) = (text(body, "versionID"), int(body, "version") as u64);
                let row = |id: &str| {
                    self.groups
                        .get(id)
                        .filter(|g| g.members.contains_key(&user))
                        .map(Group::info)
                };
                Ok(self
                    .versions
                    .answer("groups", &user, version_id, version, row))
            }
            "/group/get_full_join_group_ids" => {
                let (version_id, version) = self.versions.current("groups", &user);
                Ok(
                    json!({"version": version, "versionID": version_id, "equal": false, "groupIDs": self.joined(&user)}),
                )
            }
            "/group/get_groups_info" => {
                let found: Vec<Value> = texts(body, "groupIDs")
                    .iter()
                    .filter_map(|id| self.groups.get(id))
                    .map(Group::info)
                    .collect();
                Ok(json!({ "groupInfos": found }))
            }
            "/group/get_group_member_list" => {
                let rows = self.group_of(&id)?.ordered();
                let total = rows.len();
                Ok(json!({"total": total, "members": page(body, rows)?}))
            }
            "/group/get_group_members_info" => {
                let wanted = texts(body, "userIDs");
                let group = self.group_of(&id)?;
                let rows: Vec<Value> = wanted
                    .iter()
                    .filter_map(|id| group.members.get(id))
                    .cloned()
                    .collect();
                Ok(json!({ "members": rows }))
            }
            "/group/get_full_group_member_user_ids" => {
                let (version_id, version) = self.versions.current("members", &id);
                let rows = self.group_of(&id)?.ordered();
                let ids: Vec<&str> = rows.iter().map(|m| text(m, "userID")).collect();
                Ok(
                    json!({"version": version, "versionID": version_id, "equal": false, "userIDs": ids}),
                )
            }
            "/group/get_incremental_group_members" => self.members_since(body),
            "/group/get_incremental_group_members_batch" => {
                let asked = body["reqList"].as_array().cloned().unwrap_or_default();
                let mut answers = serde_json::Map::new();
                for ask in asked {
                    if let Ok(answer) = self.members_since(&ask) {
                        answers.insert(text(&ask, "groupID").to_owned(), answer);
                    }
                }
                Ok(if answers.is_empty() {
                    json!({})
                } else {
                    json!({ "respList": answers })
                })
            }
            "/group/get_recv_group_applicationList"
            | "/group/get_user_req_group_applicationList" => {
                Ok(json!({"total": 0, "groupRequests": null}))
            }
            "/group/get_group_application_unhandled_count" => Ok(json!({"count": 0})),
            _ => self.change_group(now, path, caller, body, &id, &user),
        }
    }

    fn joined(&self, user: &str) -> Vec<String> {
        let own = self
            .groups
            .iter()
            .filter(|(_, g)| g.members.contains_key(user) && g.info["status"] != 2);
        own.map(|(id, _)| id.clone()).collect()
    }

    fn members_since(&self, ask: &Value) -> Answer<Value> {
        let id = text(ask, "groupID");
        let group = self.group_of(id)?;
        let (version_id, version) = (text(ask, "versionID"), int(ask, "version") as u64);
        let mut answer = self
            .versions
            .answer("members", id, version_id, version, |user| {
                group.members.get(user).cloned()
            });
        answer["group"] = group.info();
        Ok(answer)
    }

    fn change_group(
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
            "/group/invite_user_to_group" => {
                self.needs_role(caller, id, ORDINARY)?;
                let invited = texts(body, "invitedUserIDs");
                invited
                    .iter()
                    .for_each(|u| self.add_member(now, id, u, ORDINARY, &caller.user_id));
                self.group_changed(id);
                let list: Vec<Value> = invited
                    .iter()
                    .filter_map(|u| self.groups[id].members.get(u).cloned())
                    .collect();
                self.tell_group(
                    now,
                    &caller.user_id,
                    id,
                    1509,
                    json!({"invitedUserList": list}),
                    &[],
                );
                Ok(Value::Null)
            }
            "/group/join_group" => {
                let me = caller.user_id.clone();
                if self.group_of(id)?.members.contains_key(&me) {
                    return refuse(1001, "a member already");
                }
                self.add_member(now, id, &me, ORDINARY, &me);
                self.group_changed(id);
                let entrant = self.groups[id].members[&me].clone();
                self.tell_group(now, &me, id, 1510, json!({"entrantUser": entrant}), &[]);
                Ok(Value::Null)
            }
            "/group/kick_group" | "/group/quit_group" => {
                let is_kick = path == "/group/kick_group";
                let leaving = if is_kick {
                    texts(body, "kickedUserIDs")
                } else {
                    vec![user.to_owned()]
                };
                if is_kick {
                    self.needs_role(caller, id, ADMIN)?;
                } else if self.group_of(id)?.role(user) == OWNER {
                    return refuse(1002, "the owner cannot quit");
                }
                let rows: Vec<Value> = leaving
                    .iter()
                    .filter_map(|u| self.group_of(id).ok()?.members.get(u).cloned())
                    .collect();
                let tips = if is_kick {
                    json!({"kickedUserList": rows})
                } else {
                    json!({"quitUser": rows.first()})
                };
                self.tell_group(
                    now,
                    &caller.user_id,
                    id,
                    if is_kick { 1508 } else { 1504 },
                    tips,
                    &leaving,
                );
                leaving.iter().for_each(|u| self.remove_member(id, u));
                self.group_changed(id);
                Ok(Value::Null)
            }
            "/group/dismiss_group" => {
                self.needs_role(caller, id, OWNER)?;
                let members: Vec<String> = self.groups[id].members.keys().cloned().collect();
                self.tell_group(now, &caller.user_id, id, 1511, json!({}), &members);
                if let Some(group) = self.groups.get_mut(id) {
                    group.info["status"] = json!(2);
                }
                members
                    .iter()
                    .for_each(|u| self.versions.bump("groups", u, &[id], Change::Delete));
                Ok(Value::Null)
            }
            "/group/set_group_info_ex" | "/group/set_group_info" => {
                self.needs_role(caller, id, ADMIN)?;
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
                if let Some(group) = self.groups.get_mut(id) {
                    merge(&mut group.info, body, &keys);
                }
                self.group_changed(id);
                let kind = match (
                    body["groupName"].is_string(),
                    body["notification"].is_string(),
                ) {
                    (true, _) => 1520,
                    (false, true) => 1519,
                    _ => 1502,
                };
                self.tell_group(now, &caller.user_id, id, kind, json!({}), &[]);
                Ok(Value::Null)
            }
            "/group/mute_group" | "/group/cancel_mute_group" => {
                self.needs_role(caller, id, ADMIN)?;
                let mute = path == "/group/mute_group";
                if let Some(group) = self.groups.get_mut(id) {
                    group.info["status"] = json!(if mute { 3 } else { 0 });
                }
                self.group_changed(id);
                self.tell_group(
                    now,
                    &caller.user_id,
                    id,
                    if mute { 1514 } else { 1515 },
                    json!({}),
                    &[],
                );
                Ok(Value::Null)
            }
            "/group/mute_group_member" | "/group/cancel_mute_group_member" => {
                self.needs_role(caller, id, ADMIN)?;
                let seconds = int(body, "mutedSeconds");
                let until = if seconds > 0 { now + seconds * 1000 } else { 0 };
                if let Some(member) = self
                    .groups
                    .get_mut(id)
                    .and_then(|g| g.members.get_mut(user))
                {
                    member["muteEndTime"] = json!(until);
                }
                self.versions.bump("members", id, &[user], Change::Update);
                let tips = json!({"mutedUser": self.groups[id].members.get(user), "mutedSeconds": seconds});
                self.tell_group(
                    now,
                    &caller.user_id,
                    id,
                    if seconds > 0 { 1512 } else { 1513 },
                    tips,
                    &[],
                );
                Ok(Value::Null)
            }
            "/group/transfer_group" => {
                self.needs_role(caller, id, OWNER)?;
                let (old, new) = (
                    text(body, "oldOwnerUserID").to_owned(),
                    text(body, "newOwnerUserID").to_owned(),
                );
                self.set_role(id, &old, ORDINARY);
                self.set_role(id, &new, OWNER);
                if let Some(group) = self.groups.get_mut(id) {
                    group.info["ownerUserID"] = json!(new);
                }
                self.group_changed(id);
                let tips = json!({"newGroupOwner": self.groups[id].members.get(&new),
                                  "oldGroupOwner": old, "oldGroupOwnerInfo": self.groups[id].members.get(&old)});
                self.tell_group(now, &caller.user_id, id, 1507, tips, &[]);
                Ok(Value::Null)
            }
            "/group/set_group_member_info" => {
                let members = body["members"].as_array().cloned().unwrap_or_default();
                for patch in members {
                    self.set_member(now, caller, &patch)?;
                }
                Ok(Value::Null)
            }
            _ => refuse(404, path),
        }
    }

    fn set_role(&mut self, id: &str, user: &str, role: i64) {
        if let Some(member) = self
            .groups
            .get_mut(id)
            .and_then(|g| g.members.get_mut(user))
        {
            member["roleLevel"] = json!(role);
        }
        self.versions.bump("members", id, &[user], Change::Update);
    }

    fn set_member(&mut self, now: i64, caller: &Caller, patch: &Value) -> Answer<()> {
        let (id, user) = (
            text(patch, "groupID").to_owned(),
            text(patch, "userID").to_owned(),
        );
        let own = caller.user_id == user && patch["roleLevel"].is_null();
        if !own {
            self.needs_role(
                caller,
                &id,
                if patch["roleLevel"].is_null() {
                    ADMIN
                } else {
                    OWNER
                },
            )?;
        }
        if let Some(member) = self
            .groups
            .get_mut(&id)
            .and_then(|g| g.members.get_mut(&user))
        {
            merge(member, patch, &["nickname", "faceURL", "roleLevel", "ex"]);
        }
        self.versions.bump("members", &id, &[&user], Change::Update);
        let kind = match int(patch, "roleLevel") {
            ADMIN => 1517,
            ORDINARY => 1518,
            _ => 1516,
        };
        let tips = json!({"changedUser": self.group_of(&id)?.members.get(&user)});
        self.tell_group(now, &caller.user_id, &id, kind, tips, &[]);
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
        let owner = caller.user_id.clone();
        let mut users = vec![owner.clone()];
        users.extend(texts(body, "memberUserIDs"));
        users.extend(texts(body, "adminUserIDs"));
        if users.iter().any(|u| !self.users.contains_key(u)) {
            return refuse(1101, "user does not exist");
        }
        let users: Vec<&str> = users.iter().map(String::as_str).collect();
        self.add_group(now, &id, text(info, "groupName"), &users);
        for admin in texts(body, "adminUserIDs") {
            self.set_role(&id, &admin, ADMIN);
        }
        if let Some(group) = self.groups.get_mut(&id) {
            merge(
                &mut group.info,
                info,
                &[
                    "notification",
                    "introduction",
                    "faceURL",
                    "ex",
                    "needVerification",
                ],
            );
        }
        let members: Vec<Value> = self.groups[&id].ordered();
        let tips =
            json!({"memberList": members, "groupOwnerUser": self.groups[&id].members.get(&owner)});
        self.tell_group(now, &owner, &id, 1501, tips, &[]);
        Ok(json!({"groupInfo": self.groups[&id].info()}))
    }
}
