//! What changes members of a group: mutes, roles, names (data.md §2.4, §5.2).
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::group_changes::has_twice;
use super::groups::{ADMIN, ORDINARY, OWNER};
use super::rest::{merge, text};
use super::tokens::Caller;
use super::versions::{Change, ORDER_CHANGED};
use super::{Answer, Model, refuse};

impl Model {
    /// Mutes a member for some seconds, or no more.
    pub(super) fn mute_member(
        &mut self,
        now: i64,
        caller: &Caller,
        id: &str,
        user: &str,
        seconds: Option<i64>,
    ) -> Answer<Value> {
        let role = self.role_of(id, user)?;
        if !caller.is_admin {
            let own = self.role_of(id, &caller.user_id)?;
            if own < ADMIN || own <= role {
                return refuse(1002, "no right over this member");
            }
        }
        let until = seconds.map_or(0, |seconds| now + seconds * 1000);
        self.patch_member(id, user, &json!({ "muteEndTime": until }));
        let mut tips = json!({"mutedUser": self.member(id, user)});
        let kind = match seconds {
            Some(seconds) => {
                tips["mutedSeconds"] = json!(seconds);
                1512
            }
            None => 1513,
        };
        self.tell_group(now, &caller.user_id, id, kind, tips, true);
        Ok(Value::Null)
    }

    /// Changes a member's row; a role changes the order of the list too.
    fn patch_member(&mut self, id: &str, user: &str, patch: &Value) {
        let keys = ["nickname", "faceURL", "roleLevel", "ex", "muteEndTime"];
        if keys.iter().all(|key| patch[*key].is_null()) {
            return;
        }
        if let Some(group) = self.groups.get_mut(id)
            && let Some(member) = group.members.get_mut(user)
        {
            merge(member, patch, &keys);
        }
        let mut changed = vec![user];
        if !patch["roleLevel"].is_null() {
            changed.insert(0, ORDER_CHANGED);
        }
        self.versions.bump("members", id, &changed, Change::Update);
    }

    pub(super) fn set_members(&mut self, now: i64, caller: &Caller, body: &Value) -> Answer<Value> {
        let patches = body["members"].as_array().cloned().unwrap_or_default();
        if patches.is_empty() {
            return refuse(1001, "no members");
        }
        for patch in &patches {
            match patch["roleLevel"].as_i64() {
                Some(OWNER) => return refuse(1002, "ownership is transferred"),
                None | Some(ADMIN | ORDINARY) => {}
                Some(_) => return refuse(1001, "roleLevel is invalid"),
            }
        }
        if has_twice(
            patches
                .iter()
                .map(|p| (text(p, "groupID"), text(p, "userID"))),
        ) {
            return refuse(1001, "a member is there twice");
        }
        for patch in &patches {
            self.may_set_member(caller, patch)?;
        }
        // All that is told of a group names the last change of its order.
        let mut sorted = BTreeMap::new();
        for patch in &patches {
            let version = self.set_member(patch);
            let last: &mut u64 = sorted.entry(text(patch, "groupID")).or_default();
            *last = version.max(*last);
        }
        for patch in &patches {
            self.tell_member_set(now, caller, patch, sorted[text(patch, "groupID")]);
        }
        Ok(Value::Null)
    }

    fn may_set_member(&self, caller: &Caller, patch: &Value) -> Answer<()> {
        let (id, user) = (text(patch, "groupID"), text(patch, "userID"));
        let roles = self.groups.get(id);
        let role_of = |user: &str| roles.map_or(0, |group| group.role(user));
        let (own, its) = (role_of(&caller.user_id), role_of(user));
        if caller.is_admin {
            return match its {
                0 => refuse(1001, "not a member"),
                _ => Ok(()),
            };
        }
        let is_self = caller.user_id == user;
        match (own, its) {
            (0, 0) if !is_self => return refuse(1001, "not a member"),
            (0, _) => return refuse(1002, "the caller is no member"),
            (_, 0) => return refuse(1001, "not a member"),
            _ => {}
        }
        if !is_self && (own < ADMIN || own <= its) {
            return refuse(1002, "no right over this member");
        }
        match patch["roleLevel"].as_i64() {
            Some(role) if is_self && role > own => refuse(1002, "no right to rise"),
            Some(_) if is_self && own == OWNER => refuse(1001, "the owner stays"),
            _ => Ok(()),
        }
    }

    /// Changes a member; the version of the list's order if it is another now.
    fn set_member(&mut self, patch: &Value) -> u64 {
        let id = text(patch, "groupID");
        self.patch_member(id, text(patch, "userID"), patch);
        match patch["roleLevel"].is_null() {
            true => 0,
            false => self.versions.newest("members", id),
        }
    }

    fn tell_member_set(&mut self, now: i64, caller: &Caller, patch: &Value, sorted: u64) {
        let (id, user) = (text(patch, "groupID"), text(patch, "userID"));
        let tips = json!({"changedUser": self.member(id, user), "groupSortVersion": sorted});
        let by = &caller.user_id;
        if let Some(role) = patch["roleLevel"].as_i64() {
            let kind = if role == ADMIN { 1517 } else { 1518 };
            self.tell_group(now, by, id, kind, tips.clone(), true);
        }
        let named = ["nickname", "faceURL", "ex"];
        if named.iter().any(|key| !patch[*key].is_null()) {
            self.tell_group(now, by, id, 1516, tips, true);
        }
    }
}
