//! What a group's members are told of a change, and what follows from the telling.
use openim_web::net::wire::pb::MsgData;
use serde_json::{Value, json};

use super::Model;
use super::groups::ADMIN;
use super::messages::is_notification;
use super::tokens::{ADMIN_USER, Caller};
use super::versions::Change;

/// Notifications that do not say who did it.
const WITHOUT_OPERATOR: [i32; 2] = [1504, 1510];
/// Notifications that say when.
const WITH_TIME: [i32; 2] = [1501, 1510];
/// Notifications without a field for the time; all others have 0 there.
const WITHOUT_TIME: [i32; 3] = [1502, 1519, 1520];

/// Milliseconds after its end was told until a dismissed group has no members any more.
const EMPTY_MS: i64 = 10;

impl Model {
    /// Takes the members out of dismissed groups whose time has come.
    pub(super) fn empty_groups(&mut self, now: i64) {
        let (due, rest) = std::mem::take(&mut self.emptying)
            .into_iter()
            .partition::<Vec<_>, _>(|(at, _)| *at <= now);
        self.emptying = rest;
        for (_, id) in due {
            self.empty_group(&id);
        }
    }

    /// Tells a group, with a line in the chat for the kinds that have one, unless `line` is false.
    pub(super) fn tell_group(
        &mut self,
        now: i64,
        by: &str,
        id: &str,
        kind: i32,
        mut tips: Value,
        line: bool,
    ) {
        if tips["group"].is_null() {
            tips["group"] = self.groups.get(id).map(|g| g.info()).unwrap_or_default();
        }
        if !WITHOUT_OPERATOR.contains(&kind) {
            tips["opUser"] = self.operator(by, id);
        }
        if !WITHOUT_TIME.contains(&kind) {
            tips["operationTime"] = match WITH_TIME.contains(&kind) {
                true => json!(now),
                false => json!(0),
            };
        }
        if kind != 1511 {
            tips["groupMemberVersion"] = json!(self.versions.newest("members", id));
            tips["groupMemberVersionID"] = json!(self.versions.id("members", id));
        }
        self.notify_group(now, by, id, kind, &tips, line);
    }

    /// Who did it, as a member of the group.
    pub(super) fn operator(&self, by: &str, id: &str) -> Value {
        let (nickname, face) = self.profile(by);
        let blank = json!({
            "groupID": id, "userID": by, "roleLevel": 0, "joinTime": 0, "nickname": nickname,
            "faceURL": face, "appMangerLevel": 0, "joinSource": 0, "operatorUserID": "", "ex": "",
            "muteEndTime": 0, "inviterUserID": "",
        });
        if by == ADMIN_USER {
            let mut admin = blank;
            admin["roleLevel"] = json!(ADMIN);
            admin["appMangerLevel"] = json!(2);
            return admin;
        }
        self.member(id, by).unwrap_or_else(|| {
            let mut stranger = blank;
            stranger["operatorUserID"] = json!(by);
            stranger
        })
    }

    /// Who gets a message to a group: its members, and who was in it until this very message. What the
    /// push service does besides: it ends the conversation of who left, and sees to it that a
    /// dismissed group gets empty.
    pub(crate) fn push_to_group(&mut self, now: i64, msg: &MsgData) -> Vec<String> {
        let id = msg.group_id.as_str();
        let group = self.groups.get(id);
        let mut users: Vec<String> = group
            .map(|group| group.members.keys().cloned().collect())
            .unwrap_or_default();
        match msg.content_type {
            1504 | 1508 => {
                let gone = leaving(msg);
                self.end_conversations(now, id, &gone, None);
                users.extend(gone);
            }
            1511 if is_notification(msg) => {
                self.emptying.push((now + EMPTY_MS, id.to_owned()));
            }
            _ => {}
        }
        users
    }

    /// What who left may see ends with what is there now. Told to those on whose behalf it is done: to
    /// all by the server itself, by a user only to himself.
    pub(super) fn end_conversations(
        &mut self,
        now: i64,
        id: &str,
        users: &[String],
        by: Option<&Caller>,
    ) {
        let max = self
            .channels
            .get(&format!("sg_{id}"))
            .map_or(0, |channel| channel.max);
        self.set_end(now, id, users, max, by);
    }

    /// A group's conversation begins, or goes on, for who came in.
    pub(super) fn open_conversations(&mut self, id: &str, users: &[String]) {
        let conversation = format!("sg_{id}");
        for user in users {
            match self.rows.get_mut(&(user.clone(), conversation.clone())) {
                Some(row) => {
                    row["maxSeq"] = json!(0);
                    let changed = [conversation.as_str()];
                    self.versions
                        .bump_unseen("conversations", user, &changed, Change::Update);
                }
                None => self.ensure_row(user, &conversation, 3, "", id),
            }
        }
    }

    /// Where the conversation of these users ends; 0: nowhere.
    pub(super) fn set_end(
        &mut self,
        now: i64,
        id: &str,
        users: &[String],
        end: i64,
        by: Option<&Caller>,
    ) {
        let conversation = format!("sg_{id}");
        for user in users {
            if let Some(row) = self.rows.get_mut(&(user.clone(), conversation.clone())) {
                row["maxSeq"] = json!(end);
                let changed = [conversation.as_str()];
                self.versions
                    .bump("conversations", user, &changed, Change::Update);
            }
            let told = by.is_none_or(|caller| caller.is_admin || caller.user_id == *user);
            if told {
                self.tell_changed(now, user, &[&conversation]);
            }
        }
    }
}

/// Who left, as the notification says.
fn leaving(msg: &MsgData) -> Vec<String> {
    let content: Value = serde_json::from_slice(&msg.content).unwrap_or_default();
    let detail = content["detail"].as_str().unwrap_or_default();
    let tips: Value = serde_json::from_str(detail).unwrap_or_default();
    let one = tips["quitUser"]["userID"].as_str();
    let many = tips["kickedUserList"].as_array().into_iter().flatten();
    let many = many.filter_map(|user| user["userID"].as_str());
    one.into_iter().chain(many).map(str::to_owned).collect()
}
