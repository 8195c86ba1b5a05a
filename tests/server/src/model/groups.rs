//! Groups and members (data.md §2.4, §5.2).
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::rest::{int, merge, page, text, texts};
use super::tokens::Caller;
use super::versions::{Change, INFO_CHANGED};
use super::{Answer, Model, refuse};

pub(super) const OWNER: i64 = 100;
pub(super) const ADMIN: i64 = 60;
pub(super) const ORDINARY: i64 = 20;
/// Changed elements in one answer for several groups.
const BATCH_MAX: usize = 500;

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
    pub(super) fn ordered(&self) -> Vec<Value> {
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

    pub(super) fn role(&self, user: &str) -> i64 {
        self.members.get(user).map_or(0, |m| int(m, "roleLevel"))
    }

    pub(super) fn info(&self) -> Value {
        let mut info = self.info.clone();
        info["memberCount"] = json!(self.members.len());
        info
    }
}

/// Member filters (data.md §5.2).
fn passes(filter: i64, role: i64) -> bool {
    match filter {
        1 => role == OWNER,
        2 => role == ADMIN,
        3 => role == ORDINARY,
        4 => role < OWNER,
        5 => role >= ADMIN,
        _ => true,
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

    pub(super) fn add_member(&mut self, now: i64, id: &str, user: &str, role: i64, inviter: &str) {
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

    /// The member rows go. It comes before the notification, which has the version after it.
    pub(super) fn remove_members(&mut self, id: &str, users: &[String]) {
        for user in users {
            if let Some(group) = self.groups.get_mut(id) {
                group.members.remove(user);
            }
            self.versions.bump("groups", user, &[id], Change::Delete);
        }
        let users: Vec<&str> = users.iter().map(String::as_str).collect();
        self.versions.bump("members", id, &users, Change::Delete);
    }

    /// The conversation of who left stays, with its visible end frozen.
    pub(super) fn freeze_conversations(&mut self, id: &str, users: &[String]) {
        let conversation = format!("sg_{id}");
        let max = self.channels.get(&conversation).map_or(0, |c| c.max);
        for user in users {
            self.set_row(user, &conversation, &json!({ "maxSeq": max }));
        }
    }

    /// The group's info changed: an entry of the members' log (data.md §4.2).
    pub(super) fn group_changed(&mut self, id: &str) {
        self.versions
            .bump("members", id, &[INFO_CHANGED], Change::Update);
    }

    /// A user's new name and face in all groups.
    pub(crate) fn rename_member(&mut self, now: i64, by: &str, user: &str, profile: &Value) {
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
            let changed = self.groups[&id].members.get(user).cloned();
            let tips = json!({ "changedUser": changed });
            self.tell_group(now, by, &id, 1516, tips, &[]);
        }
    }

    pub(super) fn tell_group(
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

    pub(super) fn group_of(&self, id: &str) -> Answer<&Group> {
        let Some(group) = self.groups.get(id) else {
            return refuse(1201, "group does not exist");
        };
        if group.info["status"] == 2 {
            return refuse(1204, "group is dismissed");
        }
        Ok(group)
    }

    pub(super) fn needs_role(&self, caller: &Caller, id: &str, role: i64) -> Answer<()> {
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
                let ids = self.joined(&user);
                Ok(self
                    .versions
                    .full_ids("groups", &user, "groupIDs", &ids, body))
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
                let mut rows = self.group_of(&id)?.ordered();
                let (filter, keyword) = (int(body, "filter"), text(body, "keyword"));
                rows.retain(|m| {
                    passes(filter, int(m, "roleLevel"))
                        && (text(m, "nickname").contains(keyword) || text(m, "userID") == keyword)
                });
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
                let rows = self.group_of(&id)?.ordered();
                let ids: Vec<String> = rows.iter().map(|m| text(m, "userID").to_owned()).collect();
                Ok(self
                    .versions
                    .full_ids("members", &id, "userIDs", &ids, body))
            }
            "/group/get_incremental_group_members" => self.members_since(body),
            "/group/get_incremental_group_members_batch" => {
                let asked = body["reqList"].as_array().cloned().unwrap_or_default();
                let mut answers = serde_json::Map::new();
                let mut changed = 0;
                for ask in asked {
                    // What does not fit in is left out: the client asks again (data.md §4.4).
                    if changed >= BATCH_MAX {
                        break;
                    }
                    let id = text(&ask, "groupID");
                    if self.groups.get(id).is_some_and(|g| g.info["status"] == 2) {
                        continue;
                    }
                    if !caller.is_admin && self.group_of(id)?.role(&user) == 0 {
                        return refuse(1002, "no member of the group");
                    }
                    let answer = self.members_since(&ask)?;
                    for key in ["delete", "insert", "update"] {
                        changed += answer[key].as_array().map_or(0, Vec::len);
                    }
                    answers.insert(id.to_owned(), answer);
                }
                Ok(if answers.is_empty() {
                    json!({})
                } else {
                    json!({ "respList": answers })
                })
            }
            "/group/get_recv_group_applicationList" => {
                let led = |id: &str| self.groups.get(id).is_some_and(|g| g.role(&user) >= ADMIN);
                self.group_applications(body, |r| led(text(r, "groupID")))
            }
            "/group/get_user_req_group_applicationList" => {
                self.group_applications(body, |r| r["userID"] == *user)
            }
            "/group/get_group_application_unhandled_count" => {
                let since = int(body, "time");
                let led = |id: &str| self.groups.get(id).is_some_and(|g| g.role(&user) >= ADMIN);
                let open = self.group_requests.iter().filter(|r| {
                    led(text(r, "groupID")) && r["handleResult"] == 0 && int(r, "reqTime") >= since
                });
                Ok(json!({ "count": open.count() }))
            }
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
        if answer["full"] == true || answer["group"] == true {
            answer["group"] = group.info();
        }
        Ok(answer)
    }
}
