//! Groups and members: what is kept, what is asked for (data.md §2.4, §5.2). What changes them is in
//! `group_changes.rs`, what is told of it in `group_tips.rs`.
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::rest::{int, page, text, texts};
use super::tokens::Caller;
use super::versions::{Change, INFO_CHANGED};
use super::{Answer, Model, refuse};

pub(super) const OWNER: i64 = 100;
pub(super) const ADMIN: i64 = 60;
pub(super) const ORDINARY: i64 = 20;
/// Group status: it is no more.
pub(super) const DISMISSED: i64 = 2;
/// Changed elements in one answer for several groups.
const BATCH_MAX: usize = 500;

/// What versions of the server do otherwise with groups; all off as in the real one.
#[derive(Clone, Debug, Default)]
pub struct GroupHabits {
    /// Applications say everything: their group in notifications; who answered, when and what in lists.
    pub full_requests: bool,
    /// A new group conversation is in the incremental answer at once.
    pub rows_at_once: bool,
    /// Members' incremental answers have the group only where its info changed.
    pub bare_deltas: bool,
}

/// A group.
#[derive(Clone, Debug)]
pub struct Group {
    /// `GroupInfo` of the API; owner and number of members follow from the members.
    pub info: Value,
    /// `GroupMemberFullInfo` by user ID. Without a name or face of the group's own they are "", and the
    /// user's are shown.
    pub members: BTreeMap<String, Value>,
    /// When they came: the larger the later.
    came: BTreeMap<String, u64>,
}

impl Group {
    /// Owner, administrators, others; who came first within these.
    pub(super) fn ordered(&self) -> Vec<String> {
        let mut ids: Vec<String> = self.members.keys().cloned().collect();
        ids.sort_by_key(|id| self.place(id));
        ids
    }

    /// Its place in a list by role and coming.
    fn place(&self, user: &str) -> (i64, u64) {
        (-self.role(user), self.came.get(user).copied().unwrap_or(0))
    }

    pub(super) fn role(&self, user: &str) -> i64 {
        self.members.get(user).map_or(0, |m| int(m, "roleLevel"))
    }

    pub(super) fn owner(&self) -> Option<&String> {
        let mut owners = self.members.iter();
        let owner = owners.find(|(_, m)| int(m, "roleLevel") == OWNER);
        owner.map(|(id, _)| id)
    }

    pub(super) fn is_dismissed(&self) -> bool {
        self.info["status"] == DISMISSED
    }

    pub(crate) fn info(&self) -> Value {
        let mut info = self.info.clone();
        info["memberCount"] = json!(self.members.len());
        info["ownerUserID"] = json!(self.owner().map_or("", String::as_str));
        info
    }
}

/// IDs of a request, each once.
fn distinct(body: &Value, key: &str) -> Vec<String> {
    let mut ids = texts(body, key);
    let mut seen = std::collections::BTreeSet::new();
    ids.retain(|id| seen.insert(id.clone()));
    ids
}

/// As the server writes lists: null where there is nothing.
pub(super) fn or_null(list: Vec<Value>) -> Value {
    match list.is_empty() {
        true => Value::Null,
        false => Value::Array(list),
    }
}

/// Who comes into a group, and how.
pub(super) struct Entry<'a> {
    pub(super) role: i64,
    pub(super) inviter: &'a str,
    pub(super) operator: &'a str,
    /// `joinSource`: 2 by invitation, 3 by search, 4 by a code.
    pub(super) source: i64,
}

impl Model {
    /// Creates a group; the first user is the owner.
    pub fn add_group(&mut self, now: i64, id: &str, name: &str, users: &[&str]) {
        let info = json!({"groupName": name, "groupType": 2});
        let roles = users.iter().enumerate().map(|(n, user)| match n {
            0 => (*user, OWNER),
            _ => (*user, ORDINARY),
        });
        self.new_group(now, id, &info, &roles.collect::<Vec<_>>(), users[0]);
    }

    /// A group of these users with their roles, made by `operator`.
    pub(super) fn new_group(
        &mut self,
        now: i64,
        id: &str,
        given: &Value,
        users: &[(&str, i64)],
        operator: &str,
    ) {
        let mut info = json!({
            "groupID": id, "groupName": "", "notification": "", "introduction": "", "faceURL": "",
            "ownerUserID": "", "createTime": now, "memberCount": 0, "ex": "", "status": 0,
            "creatorUserID": "", "groupType": 2, "needVerification": 0, "lookMemberInfo": 0,
            "applyMemberFriend": 0, "notificationUpdateTime": 0, "notificationUserID": "",
        });
        if let (Some(info), Some(given)) = (info.as_object_mut(), given.as_object()) {
            let computed = ["groupID", "ownerUserID", "createTime", "memberCount"];
            let given = given.iter().filter(|(key, value)| {
                info.contains_key(*key) && !value.is_null() && !computed.contains(&key.as_str())
            });
            let given: Vec<_> = given.map(|(k, v)| (k.clone(), v.clone())).collect();
            info.extend(given);
        }
        let group = Group {
            info,
            members: BTreeMap::new(),
            came: BTreeMap::new(),
        };
        self.groups.insert(id.to_owned(), group);
        for (user, role) in users {
            let entry = Entry {
                role: *role,
                inviter: operator,
                operator,
                source: 2,
            };
            self.add_member(now, id, user, &entry);
        }
        let users: Vec<&str> = users.iter().map(|(user, _)| *user).collect();
        self.versions.bump("members", id, &users, Change::Insert);
    }

    /// The row of a new member; the caller tells the log of members.
    pub(super) fn add_member(&mut self, now: i64, id: &str, user: &str, entry: &Entry<'_>) {
        let place = self.number();
        let member = json!({
            "groupID": id, "userID": user, "roleLevel": entry.role, "joinTime": now, "nickname": "",
            "faceURL": "", "appMangerLevel": 0, "joinSource": entry.source,
            "operatorUserID": entry.operator, "ex": "", "muteEndTime": 0, "inviterUserID": entry.inviter,
        });
        if let Some(group) = self.groups.get_mut(id) {
            group.members.insert(user.to_owned(), member);
            group.came.insert(user.to_owned(), place);
        }
        self.versions.bump("groups", user, &[id], Change::Insert);
    }

    /// The member rows go. It comes before the notification, which has the version after it.
    pub(super) fn remove_members(&mut self, id: &str, users: &[String]) {
        for user in users {
            if let Some(group) = self.groups.get_mut(id) {
                group.members.remove(user);
                group.came.remove(user);
            }
            self.versions.bump("groups", user, &[id], Change::Delete);
        }
        let users: Vec<&str> = users.iter().map(String::as_str).collect();
        self.versions.bump("members", id, &users, Change::Delete);
    }

    /// Nobody is in a dismissed group any more, and nothing is remembered of its members.
    pub(super) fn empty_group(&mut self, id: &str) {
        let Some(group) = self.groups.get_mut(id) else {
            return;
        };
        group.came.clear();
        for user in std::mem::take(&mut group.members).into_keys() {
            self.versions.bump("groups", &user, &[id], Change::Delete);
        }
        self.versions.forget("members", id);
    }

    /// The group's info changed: an entry of the members' log (data.md §4.2).
    pub(super) fn group_changed(&mut self, id: &str) {
        self.versions
            .bump("members", id, &[INFO_CHANGED], Change::Update);
    }

    /// A member as the API shows him.
    pub(super) fn member(&self, id: &str, user: &str) -> Option<Value> {
        let mut member = self.groups.get(id)?.members.get(user)?.clone();
        let profile = &self.users[user];
        for key in ["nickname", "faceURL"] {
            if member[key] == "" {
                member[key] = profile[key].clone();
            }
        }
        Some(member)
    }

    pub(super) fn members_of(&self, id: &str, users: &[String]) -> Vec<Value> {
        users
            .iter()
            .filter_map(|user| self.member(id, user))
            .collect()
    }

    /// A user's new name or face, set by `by`, in all groups that show it.
    pub(crate) fn rename_member(&mut self, now: i64, by: &str, user: &str) {
        let shown = self.groups.iter().filter(|(_, group)| {
            let member = group.members.get(user);
            member.is_some_and(|m| m["nickname"] == "" || m["faceURL"] == "")
        });
        let ids: Vec<String> = shown.map(|(id, _)| id.clone()).collect();
        for id in ids {
            self.versions.bump("members", &id, &[user], Change::Update);
            let tips = json!({"changedUser": self.member(&id, user), "groupSortVersion": 0});
            self.tell_group(now, by, &id, 1516, tips, true);
        }
    }

    pub(super) fn group_of(&self, id: &str) -> Answer<&Group> {
        match self.groups.get(id) {
            Some(group) => Ok(group),
            None => refuse(1004, "group does not exist"),
        }
    }

    /// The role of who must be a member.
    pub(super) fn role_of(&self, id: &str, user: &str) -> Answer<i64> {
        match self.groups.get(id).map_or(0, |group| group.role(user)) {
            0 => refuse(1004, "not a member"),
            role => Ok(role),
        }
    }

    /// Refuses who is not in the group with this role at least.
    pub(super) fn needs_role(&self, caller: &Caller, id: &str, role: i64) -> Answer<()> {
        let own = self.groups.get(id).map_or(0, |g| g.role(&caller.user_id));
        if caller.is_admin || own >= role {
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
        let id = text(body, "groupID");
        match path {
            "/group/get_joined_group_list" => {
                let user = text(body, "fromUserID");
                caller.may_act_for(user)?;
                let joined = self.joined(user);
                let total = joined.len();
                let rows = joined.iter().map(|id| self.groups[id].info()).collect();
                Ok(json!({"total": total, "groups": or_null(page(body, rows)?)}))
            }
            "/group/get_incremental_join_groups" => {
                let user = text(body, "userID");
                caller.may_act_for(user)?;
                let (version_id, version) = (text(body, "versionID"), int(body, "version") as u64);
                let row = |id: &str| self.groups.get(id).map(super::groups::Group::info);
                Ok(self
                    .versions
                    .answer("groups", user, version_id, version, row))
            }
            "/group/get_full_join_group_ids" => {
                let user = text(body, "userID");
                caller.may_act_for(user)?;
                let ids = self.joined(user);
                Ok(self
                    .versions
                    .full_ids("groups", user, "groupIDs", &ids, body))
            }
            "/group/get_groups_info" => {
                let ids = distinct(body, "groupIDs");
                let found = ids.iter().filter_map(|id| self.groups.get(id));
                Ok(json!({ "groupInfos": or_null(found.map(Group::info).collect()) }))
            }
            "/group/get_group_member_list" => {
                self.needs_role(caller, id, ORDINARY)?;
                // The filter is not looked at, and a keyword is taken for the ID of a group.
                let ids = match text(body, "keyword") {
                    "" => self.group_of(id)?.ordered(),
                    _ => Vec::new(),
                };
                let total = ids.len();
                let ids = page(body, ids.into_iter().map(Value::from).collect())?;
                let rows = ids
                    .iter()
                    .filter_map(|user| self.member(id, user.as_str()?));
                Ok(json!({"total": total, "members": or_null(rows.collect())}))
            }
            "/group/get_group_members_info" => {
                self.needs_role(caller, id, ORDINARY)?;
                let rows = self.members_of(id, &distinct(body, "userIDs"));
                Ok(json!({ "members": or_null(rows) }))
            }
            "/group/get_full_group_member_user_ids" => {
                self.needs_role(caller, id, ORDINARY)?;
                let ids = self.group_of(id)?.ordered();
                Ok(self.versions.full_ids("members", id, "userIDs", &ids, body))
            }
            "/group/get_group_member_user_id" => {
                self.needs_role(caller, id, ORDINARY)?;
                Ok(json!({ "userIDs": self.group_of(id)?.ordered() }))
            }
            "/group/get_group_abstract_info" => self.abstracts(caller, body),
            "/group/get_groups" => self.find_groups(body),
            "/group/get_group_users_req_application_list" => {
                self.needs_role(caller, id, ADMIN)?;
                Ok(self.applications_of(id, &texts(body, "userIDs"), false))
            }
            "/group/get_specified_user_group_request_info" => {
                let user = text(body, "userID");
                if user != caller.user_id {
                    self.needs_role(caller, id, ADMIN)?;
                }
                Ok(self.applications_of(id, &[user.to_owned()], true))
            }
            "/group/get_incremental_group_members" => self.members_since(caller, body),
            "/group/get_incremental_group_members_batch" => self.members_since_batch(caller, body),
            "/group/get_recv_group_applicationList" => self.applications_received(caller, body),
            "/group/get_user_req_group_applicationList" => {
                let user = text(body, "userID");
                caller.may_act_for(user)?;
                if !self.users.contains_key(user) {
                    return refuse(1004, "");
                }
                self.group_applications(body, |r| r["userID"] == *user)
            }
            "/group/get_group_application_unhandled_count" => self.count_applications(caller, body),
            _ => self.change_group(now, path, caller, body, id),
        }
    }

    /// How many members groups have, and a number that changes with them.
    fn abstracts(&self, caller: &Caller, body: &Value) -> Answer<Value> {
        let mut rows = Vec::new();
        for id in texts(body, "groupIDs") {
            self.needs_role(caller, &id, ORDINARY)?;
        }
        for id in texts(body, "groupIDs") {
            let ids = self.groups.get(&id).map(Group::ordered);
            let ids = ids.unwrap_or_default();
            if ids.is_empty() {
                return refuse(1201, "no such group, or nobody in it");
            }
            let hash = super::versions::id_hash(&ids);
            rows.push(
                json!({"groupID": id, "groupMemberNumber": ids.len(), "groupMemberListHash": hash}),
            );
        }
        Ok(json!({ "groupAbstractInfos": rows }))
    }

    /// Groups by their ID, or by a part of their name, newest first, with their owners; anybody may ask.
    fn find_groups(&self, body: &Value) -> Answer<Value> {
        let (id, name) = (text(body, "groupID"), text(body, "groupName"));
        let found = self.groups.iter().filter(|(key, group)| match id {
            "" => !group.is_dismissed() && text(&group.info, "groupName").contains(name),
            id => *key == id,
        });
        let mut found: Vec<_> = found.collect();
        found.sort_by_key(|(_, group)| -int(&group.info, "createTime"));
        let rows = found.into_iter().map(|(_, group)| {
            let owner = group.owner().map_or("", String::as_str);
            let named = group.members.get(owner);
            let named = named.map_or("", |member| text(member, "nickname"));
            json!({"groupInfo": group.info(), "groupOwnerUserID": owner, "groupOwnerUserName": named})
        });
        let rows: Vec<Value> = rows.collect();
        let total = rows.len();
        let rows = if id.is_empty() {
            page(body, rows)?
        } else {
            rows
        };
        Ok(json!({"total": total, "groups": or_null(rows)}))
    }

    /// Groups of a user by their names, then as they were made. One alone is told though it is dismissed.
    fn joined(&self, user: &str) -> Vec<String> {
        let own = self.groups.iter();
        let own = own.filter(|(_, group)| group.members.contains_key(user));
        let mut own: Vec<_> = own.collect();
        if own.len() > 1 {
            own.retain(|(_, group)| !group.is_dismissed());
        }
        own.sort_by_key(|(_, group)| {
            let made = int(&group.info, "createTime");
            (text(&group.info, "groupName"), made, group.place(user))
        });
        own.into_iter().map(|(id, _)| id.clone()).collect()
    }

    fn members_since(&self, caller: &Caller, ask: &Value) -> Answer<Value> {
        let id = text(ask, "groupID");
        self.needs_role(caller, id, ORDINARY)?;
        let group = self.group_of(id)?;
        if group.is_dismissed() {
            return refuse(1204, "group is dismissed");
        }
        let (version_id, version) = (text(ask, "versionID"), int(ask, "version") as u64);
        let row = |user: &str| self.member(id, user);
        let mut answer = self
            .versions
            .answer("members", id, version_id, version, row);
        let is_changed = match self.group_habits.bare_deltas {
            true => self.versions.has_info("members", id, version),
            false => answer["version"] != version,
        };
        let is_changed = is_changed || answer["full"] == true;
        if is_changed && group.owner().is_none() {
            return refuse(1004, "the group has no owner");
        }
        answer["group"] = match is_changed {
            true => group.info(),
            false => Value::Null,
        };
        Ok(answer)
    }

    /// One refusal refuses all; dismissed groups are left out.
    fn members_since_batch(&self, caller: &Caller, body: &Value) -> Answer<Value> {
        let asked = body["reqList"].as_array().cloned().unwrap_or_default();
        let mut answers = serde_json::Map::new();
        let mut changed = 0;
        for ask in asked {
            if answers.contains_key(text(&ask, "groupID")) {
                continue;
            }
            let answer = match self.members_since(caller, &ask) {
                Err(refusal) if refusal.code == 1204 => continue,
                answer => answer?,
            };
            for key in ["delete", "insert", "update"] {
                changed += answer[key].as_array().map_or(0, Vec::len);
            }
            answers.insert(text(&ask, "groupID").to_owned(), answer);
            // What does not fit in is left out: the client asks again (data.md §4.4).
            if changed >= BATCH_MAX {
                break;
            }
        }
        Ok(match answers.is_empty() {
            true => json!({}),
            false => json!({ "respList": answers }),
        })
    }
}
