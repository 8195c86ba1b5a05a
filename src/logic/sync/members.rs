//! MEMBERS AND INFO OF GROUPS. Each group has a version log of its own, which also says when the
//! group's info changed; the log of joined groups only tells of coming and going (data.md §4).
//!
//! Of every joined group the version is held. The rows are loaded when they are first asked for, and
//! kept up to date from then on: a group of 10,000 costs nothing until somebody looks at it, and only
//! its changes afterwards.
use std::rc::Rc;

use super::lists::{Delta, List, gone, member_key, version_key};
use crate::api::error::Result;
use crate::api::events::*;
use crate::logic::changes::Changes;
use crate::logic::conversation::Renamed;
use crate::logic::{Session, errors, group, ids};
use crate::net::rest;
use crate::rt::Level;
use crate::rt::map::{Map, Set};
use crate::rt::proto::Message as _;
use crate::store::Table;
use crate::store::rows::{GroupRow, MemberRow, VersionRow};

/// Most groups asked for in one call (data.md §4.4).
const GROUPS_MAX: usize = 500;

impl Session {
    /// Held members of a group by user ID.
    pub(crate) async fn members(&self, group_id: &str) -> Result<Map<String, MemberRow>> {
        let rows = self
            .store
            .rows(Table::Members, &member_key(group_id, ""))
            .await?;
        let rows = rows.into_iter().filter_map(|(_, bytes)| {
            let row = MemberRow::decode(&bytes).ok()?;
            Some((row.user_id.clone(), row))
        });
        Ok(rows.collect())
    }

    /// Whether a group's members are held.
    pub(crate) fn has_members(&self, group_id: &str) -> bool {
        let held = self.version(List::Members, group_id);
        held.version > 0 && !held.without_rows
    }

    /// Loads a group's members, if they are not held.
    pub(crate) async fn load_members(self: &Rc<Self>, group_id: &str) -> Result<()> {
        if self.has_members(group_id) {
            self.check_members(group_id);
            return Ok(());
        }
        let _turn = self.list_turns[List::Members as usize].turn().await;
        if self.has_members(group_id) {
            return Ok(());
        }
        self.checked_members
            .borrow_mut()
            .insert(group_id.to_owned());
        self.load_all_members(group_id).await
    }

    /// Loads a group's members anew, with events of what is another.
    pub(super) async fn reload_members(self: &Rc<Self>, group_id: &str) -> Result<()> {
        let _turn = self.list_turns[List::Members as usize].turn().await;
        self.load_all_members(group_id).await
    }

    async fn load_all_members(self: &Rc<Self>, group_id: &str) -> Result<()> {
        // From version 0 on is everything.
        let mut answers = self.ask_members(&[group_id.to_owned()], true).await?;
        match answers.remove(group_id) {
            Some(answer) => self.take_members(group_id, answer, true).await,
            None => Ok(()),
        }
    }

    /// Compares held members with the server's, once a session and in the background.
    fn check_members(self: &Rc<Self>, group_id: &str) {
        let id = group_id.to_owned();
        if !self.conn.is_connected() || !self.checked_members.borrow_mut().insert(id.clone()) {
            return;
        }
        let session = self.clone();
        self.core.rt.spawn(Box::pin(async move {
            if session.check_list(List::Members, &id).await.is_err() {
                session.checked_members.borrow_mut().remove(&id);
            }
        }));
    }

    /// Brings members and info of some groups up to date. Answers may leave groups out: they are asked
    /// for again as long as others come.
    pub(crate) async fn sync_members(self: &Rc<Self>, group_ids: &[String]) -> Result<()> {
        let _turn = self.list_turns[List::Members as usize].turn().await;
        let mut open = self.joined_of(group_ids.iter());
        while !open.is_empty() {
            let some: Vec<String> = open.iter().take(GROUPS_MAX).cloned().collect();
            let mut answers = match self.ask_members(&some, false).await {
                Err(error) if !errors::is_transient(error.code) => {
                    // One group spoils the answer for all, mostly one that the user is in no more.
                    self.sync_list(List::Groups, false).await?;
                    open = self.joined_of(open.iter());
                    self.each_on_its_own(&open).await?
                }
                answers => answers?,
            };
            self.recount(&mut answers).await?;
            let answered: Vec<String> = answers.keys().cloned().collect();
            for (id, answer) in answers {
                self.take_members(&id, answer, false).await?;
            }
            // What is not answered is dismissed or left, which the groups' log tells.
            let before = open.len();
            let asked: &[String] = if answered.is_empty() {
                &some
            } else {
                &answered
            };
            for id in asked {
                open.remove(id);
            }
            if open.len() == before {
                break;
            }
        }
        Ok(())
    }

    /// Which of these groups the user is in.
    fn joined_of<'a>(&self, ids: impl Iterator<Item = &'a String>) -> Set<String> {
        let state = self.state.borrow();
        ids.filter(|id| state.groups.contains_key(*id))
            .cloned()
            .collect()
    }

    async fn each_on_its_own(
        self: &Rc<Self>,
        ids: &Set<String>,
    ) -> Result<Map<String, rest::MembersSince>> {
        let mut answers = Map::new();
        for id in ids.iter() {
            match self.ask_members(std::slice::from_ref(id), false).await {
                Ok(answer) => answers.extend(answer),
                Err(error) if errors::is_transient(error.code) => return Err(error),
                Err(error) => self.log(Level::Warn, &[id.as_str(), ": ", &error.message].concat()),
            }
        }
        Ok(answers)
    }

    async fn ask_members(
        self: &Rc<Self>,
        ids: &[String],
        anew: bool,
    ) -> Result<Map<String, rest::MembersSince>> {
        let ask = |id: &String| {
            let held = match anew {
                true => VersionRow::default(),
                false => self.version(List::Members, id),
            };
            rest::GetIncrementalGroupMember {
                group_id: id.clone(),
                version_id: held.version_id,
                version: held.version,
            }
        };
        let call = rest::GetIncrementalGroupMembersBatch {
            user_id: self.me.clone(),
            req_list: ids.iter().map(ask).collect(),
        };
        Ok(self.api(&self.operation_id(), &call).await?.resp_list)
    }

    /// One group's answer. `load`: its rows are wanted even if they are not held.
    async fn take_members(
        self: &Rc<Self>,
        id: &str,
        answer: rest::MembersSince,
        load: bool,
    ) -> Result<()> {
        let held = self.version(List::Members, id);
        let with_rows = load || self.has_members(id);
        let mut upsert = answer.insert;
        upsert.extend(answer.update);
        let mut delta = Delta {
            version: VersionRow {
                version_id: answer.version_id,
                version: answer.version,
                without_rows: !with_rows,
            },
            full: answer.full,
            delete: answer.delete,
            upsert,
        };
        if delta.full && with_rows {
            delta.upsert = self.all_members(id).await?;
        }
        let mut changes = self.changes().await;
        let mut renamed = Vec::new();
        if with_rows && !delta.is_empty() {
            // The first load is no news.
            let told = held.version > 0 && !held.without_rows;
            let delta = Delta {
                version: delta.version.clone(),
                ..delta
            };
            renamed = self.merge_members(&mut changes, id, delta, told).await?;
        } else if delta.version != held {
            changes.set_version(version_key(List::Members, id), delta.version);
        }
        if let Some(info) = answer.group {
            self.merge_info(&mut changes, group::row_from_rest(info));
        }
        changes.commit().await?;
        self.rename_senders(renamed);
        self.rename_conversations().await
    }

    async fn all_members(self: &Rc<Self>, id: &str) -> Result<Vec<rest::GroupMemberFullInfo>> {
        let operation = self.operation_id();
        self.all_pages(async |pagination| {
            let call = rest::GetGroupMemberList {
                pagination,
                group_id: id.to_owned(),
                filter: 0,
                keyword: String::new(),
            };
            Ok(self.api(&operation, &call).await?.members)
        })
        .await
    }

    /// Returns members with another name or face than before.
    async fn merge_members(
        &self,
        changes: &mut Changes<'_>,
        id: &str,
        delta: Delta<rest::GroupMemberFullInfo>,
        told: bool,
    ) -> Result<Vec<Renamed>> {
        let mut renamed = Vec::new();
        let rows: Map<String, MemberRow> = delta
            .upsert
            .into_iter()
            .map(|info| (info.user_id.clone(), group::member_from_rest(info)))
            .collect();
        let old = self.members(id).await?;
        for user in gone(&old, &rows, delta.full, &delta.delete) {
            changes.delete(Table::Members, &member_key(id, &user));
            if let Some(row) = old.get(&user).filter(|_| told) {
                changes.tell(OnGroupMemberDeleted, &group::member_to_api(row));
            }
        }
        for (user, row) in &rows {
            if old.get(user) == Some(row) {
                continue;
            }
            changes.put(Table::Members, &member_key(id, user), row);
            if old
                .get(user)
                .is_some_and(|old| old.nickname != row.nickname || old.face_url != row.face_url)
            {
                renamed.push(Renamed {
                    conversation_id: ids::group(id),
                    user_id: user.clone(),
                    nickname: row.nickname.clone(),
                    face_url: row.face_url.clone(),
                });
            }
            match old.get(user) {
                _ if !told => {}
                None => changes.tell(OnGroupMemberAdded, &group::member_to_api(row)),
                Some(_) => changes.tell(OnGroupMemberInfoChanged, &group::member_to_api(row)),
            }
        }
        changes.set_version(version_key(List::Members, id), delta.version);
        Ok(renamed)
    }

    /// A group's info as the server has it now.
    fn merge_info(&self, changes: &mut Changes<'_>, row: GroupRow) {
        match self.state.borrow().groups.get(&row.group_id) {
            None => return,
            Some(old) if *old == row => return,
            Some(_) => {}
        }
        changes.put(Table::Groups, &row.group_id, &row);
        let item = group::to_api(&row);
        if row.status == group::DISMISSED {
            changes.tell(OnGroupDismissed, &item);
        } else {
            changes.tell(OnGroupInfoChanged, &item);
        }
        changes.then(move |state| drop(state.groups.insert(row.group_id.clone(), row)));
    }

    /// Who came and who left does not say how many there are now: that is asked for.
    async fn recount(self: &Rc<Self>, answers: &mut Map<String, rest::MembersSince>) -> Result<()> {
        let moved = answers.iter().filter(|(_, answer)| {
            answer.group.is_none() && !(answer.insert.is_empty() && answer.delete.is_empty())
        });
        let group_ids: Vec<String> = moved.map(|(id, _)| id.clone()).collect();
        if group_ids.is_empty() {
            return Ok(());
        }
        let call = rest::GetGroupsInfo { group_ids };
        for info in self.api(&self.operation_id(), &call).await?.group_infos {
            if let Some(answer) = answers.get_mut(&info.group_id) {
                answer.group = Some(info);
            }
        }
        Ok(())
    }
}
