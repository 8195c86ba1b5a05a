//! VERSIONED LISTS: friends, groups, members, conversations by the server's version logs; black list
//! and own profile whole (data.md §4). Rows and version are one transaction, so a crash leaves the
//! list at its old version (data.md §4.5).
use std::rc::Rc;

use crate::api::error::Result;
use crate::api::events::*;
use crate::logic::changes::Changes;
use crate::logic::conversation::Renamed;
use crate::logic::{Session, conversation, group, ids, relation};
use crate::net::rest;
use crate::rt::map::{Map, Set};
use crate::store::rows::{BlackRow, ConversationRow, FriendRow, GroupRow, VersionRow};
use crate::store::{Table, Write};

/// Rows a page of a full load.
const PAGE: i32 = 100;
/// So many conversations that the list does not tell are asked for at a time.
const UNLISTED_MAX: usize = 100;

/// A list the server keeps for the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum List {
    /// Friends.
    Friends,
    /// Black list.
    Blacks,
    /// Members and info of one group, or of all joined ones.
    Members,
    /// Joined groups.
    Groups,
    /// Conversations: their settings.
    Conversations,
    /// The own profile.
    Myself,
    /// Applications for friendship and membership.
    Applications,
}

/// Name of a list's version row.
pub(super) fn version_key(list: List, entity: &str) -> String {
    match list {
        List::Friends => "friends".into(),
        List::Groups => "groups".into(),
        List::Conversations => "conversations".into(),
        List::Blacks => "blacks".into(),
        _ => ["members\t", entity].concat(),
    }
}

/// Key of a member's row.
pub(crate) fn member_key(group_id: &str, user_id: &str) -> String {
    [group_id, "\t", user_id].concat()
}

/// What an incremental answer means, or the whole list.
pub(super) struct Delta<T> {
    pub(super) version: VersionRow,
    /// Everything that is not in `upsert` is gone.
    pub(super) full: bool,
    pub(super) delete: Vec<String>,
    pub(super) upsert: Vec<T>,
}

impl<T> Delta<T> {
    /// There is nothing to apply. The version may have moved all the same, for what the list does not
    /// have (a friend of the past has a new name). It is kept: with an older one the check would always
    /// find that the list is not up to date, and compare nothing.
    pub(super) fn is_empty(&self) -> bool {
        !self.full && self.delete.is_empty() && self.upsert.is_empty()
    }

    /// Whether a deletion may be hidden in it. The log has an element's last change only, and one that
    /// comes after a deletion (a friend of the past has a new name) is not answered: its row is gone.
    fn may_hide(&self, held: &VersionRow) -> bool {
        let steps = self.version.version.saturating_sub(held.version);
        !self.full && steps > (self.delete.len() + self.upsert.len()) as u64
    }
}

impl Session {
    pub(super) fn version(&self, list: List, entity: &str) -> VersionRow {
        let key = version_key(list, entity);
        self.state
            .borrow()
            .versions
            .get(&key)
            .cloned()
            .unwrap_or_default()
    }

    /// Brings one list up to date. `fresh`: without events.
    /// Of two syncs of a list the later one begins when the earlier has ended: else an old answer could
    /// undo a newer one.
    pub(crate) async fn sync_list(self: &Rc<Self>, list: List, fresh: bool) -> Result<()> {
        let turn = self.list_turns[list as usize].turn().await;
        match list {
            List::Friends => self.sync_friends(fresh).await?,
            List::Groups => self.sync_groups(fresh).await?,
            List::Conversations => {
                self.sync_conversations(fresh).await?;
                return self.sync_unlisted().await;
            }
            List::Blacks => return self.sync_blacks(fresh).await,
            List::Myself => return self.sync_myself(&self.operation_id()).await,
            List::Applications => return self.sync_applications().await,
            List::Members => return Ok(()),
        }
        drop(turn);
        self.rename_conversations().await
    }

    async fn sync_friends(self: &Rc<Self>, fresh: bool) -> Result<()> {
        let operation = self.operation_id();
        let held = self.version(List::Friends, "");
        let call = rest::GetIncrementalFriends {
            user_id: self.me.clone(),
            version_id: held.version_id.clone(),
            version: held.version,
        };
        let answer = self.api(&operation, &call).await?;
        let mut delta = delta(answer);
        if delta.full {
            delta.upsert = self
                .all_pages(async |pagination| {
                    let call = rest::GetFriendList {
                        pagination,
                        user_id: self.me.clone(),
                    };
                    Ok(self.api(&operation, &call).await?.friends_info)
                })
                .await?;
        }
        if delta.is_empty() && delta.version == held {
            return Ok(());
        }
        if delta.may_hide(&held) {
            self.is_checked.set(false);
        }
        let rows: Map<String, FriendRow> =
            delta.upsert.into_iter().map(relation::friend_row).collect();
        let mut changes = self.changes().await;
        let mut renamed = Vec::new();
        let gone = {
            let state = self.state.borrow();
            let gone = gone(&state.friends, &rows, delta.full, &delta.delete);
            let silent = fresh || (delta.full && state.friends.is_empty());
            for id in &gone {
                changes.delete(Table::Friends, id);
                if let Some(row) = state.friends.get(id).filter(|_| !silent) {
                    changes.tell(OnFriendDeleted, &relation::friend_to_api(&self.me, row));
                }
            }
            for (id, row) in &rows {
                let old = state.friends.get(id);
                if old == Some(row) {
                    continue;
                }
                changes.put(Table::Friends, id, row);
                let item = relation::friend_to_api(&self.me, row);
                match old {
                    _ if silent => {}
                    None => changes.tell(OnFriendAdded, &item),
                    Some(_) => changes.tell(OnFriendInfoChanged, &item),
                }
                if let Some(now) = old.and_then(|old| self.renamed_friend(old, row)) {
                    renamed.push(now);
                }
            }
            gone
        };
        changes.set_version(version_key(List::Friends, ""), delta.version);
        changes.then(move |state| {
            gone.iter().for_each(|id| drop(state.friends.remove(id)));
            state.friends.extend(rows);
        });
        changes.commit().await?;
        self.rename_senders(renamed);
        Ok(())
    }

    /// A friend whose messages are to be shown under another name or face.
    fn renamed_friend(&self, old: &FriendRow, new: &FriendRow) -> Option<Renamed> {
        let shown = |row: &FriendRow| {
            let user = row.user.clone().unwrap_or_default();
            let name = if row.remark.is_empty() {
                user.nickname
            } else {
                row.remark.clone()
            };
            (user.user_id, name, user.face_url)
        };
        let (user_id, nickname, face_url) = shown(new);
        (shown(old) != shown(new)).then(|| Renamed {
            conversation_id: ids::single(&self.me, &user_id),
            user_id,
            nickname,
            face_url,
        })
    }

    async fn sync_groups(self: &Rc<Self>, fresh: bool) -> Result<()> {
        let operation = self.operation_id();
        let held = self.version(List::Groups, "");
        let call = rest::GetIncrementalJoinGroups {
            user_id: self.me.clone(),
            version_id: held.version_id.clone(),
            version: held.version,
        };
        let answer = self.api(&operation, &call).await?;
        let mut delta = delta(answer);
        if delta.full {
            delta.upsert = self
                .all_pages(async |pagination| {
                    let call = rest::GetJoinedGroupList {
                        pagination,
                        from_user_id: self.me.clone(),
                    };
                    Ok(self.api(&operation, &call).await?.groups)
                })
                .await?;
        }
        if delta.is_empty() && delta.version == held {
            return Ok(());
        }
        let wanted: Vec<String> = delta.upsert.iter().map(|g| g.group_id.clone()).collect();
        let rows: Map<String, GroupRow> = delta
            .upsert
            .into_iter()
            .map(|info| (info.group_id.clone(), group::row_from_rest(info)))
            .collect();
        let mut changes = self.changes().await;
        let (gone, came) = {
            let state = self.state.borrow();
            let gone = gone(&state.groups, &rows, delta.full, &delta.delete);
            let came = rows.keys().filter(|id| !state.groups.contains_key(*id));
            let came: Vec<String> = came.cloned().collect();
            let silent = fresh || (delta.full && state.groups.is_empty());
            for id in &gone {
                changes.delete(Table::Groups, id);
                changes.write(Write::DeletePrefix {
                    table: Table::Members,
                    prefix: member_key(id, ""),
                });
                changes.drop_version(version_key(List::Members, id));
                if let Some(row) = state.groups.get(id).filter(|_| !silent) {
                    let item = crate::api::group::Group {
                        member_count: 0,
                        ..group::to_api(row)
                    };
                    changes.tell(OnJoinedGroupDeleted, &item);
                }
            }
            for (id, row) in &rows {
                let old = state.groups.get(id);
                if old == Some(row) {
                    continue;
                }
                changes.put(Table::Groups, id, row);
                let item = group::to_api(row);
                match old {
                    _ if silent => {}
                    None => changes.tell(OnJoinedGroupAdded, &item),
                    Some(_) if row.status == group::DISMISSED => {
                        changes.tell(OnGroupDismissed, &item)
                    }
                    Some(_) => changes.tell(OnGroupInfoChanged, &item),
                }
            }
            (gone, came)
        };
        mark_membership(&mut changes, &gone, &rows);
        changes.set_version(version_key(List::Groups, ""), delta.version);
        changes.then(move |state| {
            gone.iter().for_each(|id| drop(state.groups.remove(id)));
            state.groups.extend(rows);
        });
        changes.commit().await?;
        // The log of joined groups tells of coming and going; what changes in a group is in its own.
        for id in wanted {
            if self.version(List::Members, &id).version == 0 {
                self.signals.list(List::Members, &id);
            }
        }
        if !came.is_empty() {
            self.signals.pull();
        }
        Ok(())
    }

    async fn sync_conversations(self: &Rc<Self>, fresh: bool) -> Result<()> {
        let operation = self.operation_id();
        let held = self.version(List::Conversations, "");
        let call = rest::GetIncrementalConversations {
            user_id: self.me.clone(),
            version_id: held.version_id.clone(),
            version: held.version,
        };
        let answer = self.api(&operation, &call).await?;
        let mut delta = delta(answer);
        if delta.full {
            let call = rest::GetAllConversations {
                owner_user_id: self.me.clone(),
            };
            delta.upsert = self.api(&operation, &call).await?.conversations;
        }
        if delta.is_empty() && delta.version == held {
            return self.rename_conversations().await;
        }
        let mut changes = self.changes().await;
        if fresh {
            changes.silent();
        }
        // Conversations the server dropped stay: their messages are here (data.md §4.4).
        for settings in delta.upsert {
            self.take_settings(&mut changes, settings);
        }
        changes.set_version(version_key(List::Conversations, ""), delta.version);
        changes.commit().await?;
        self.signals.pull();
        self.read_anew().await?;
        self.rename_conversations().await
    }

    /// The settings of conversations that are held here and that the list never told. The server remembers
    /// for a minute that a row is not there, and tells a list without it if it is made meanwhile; its
    /// version log never tells it again (data.md §4.4). The newest are asked for.
    async fn sync_unlisted(self: &Rc<Self>) -> Result<()> {
        let mut unlisted: Vec<(i64, String)> = {
            let state = self.state.borrow();
            let rows = state.conversations.values().filter(|row| !row.on_server);
            rows.map(|row| (-row.latest_send_time, row.conversation_id.clone()))
                .collect()
        };
        if unlisted.is_empty() {
            return Ok(());
        }
        unlisted.sort();
        unlisted.truncate(UNLISTED_MAX);
        let call = rest::GetConversations {
            owner_user_id: self.me.clone(),
            conversation_ids: unlisted.into_iter().map(|(_, id)| id).collect(),
        };
        let answer = self.api(&self.operation_id(), &call).await?;
        let mut changes = self.changes().await;
        for settings in answer.conversations {
            self.take_settings(&mut changes, settings);
        }
        changes.commit().await
    }

    fn take_settings(self: &Rc<Self>, changes: &mut Changes<'_>, settings: rest::Conversation) {
        let id = settings.conversation_id.clone();
        self.take_minimum(changes, &id, settings.min_seq);
        let held = changes.conversation(&id);
        let mut row = held.unwrap_or_else(|| conversation::blank(&id, settings.conversation_type));
        // The end of what may be seen is set by leaving (data.md §5.3). Who was back before the server had
        // set it is a member all the same, and hears what is new.
        row.end_seq = settings.max_seq;
        let is_member = self.state.borrow().groups.contains_key(&settings.group_id);
        row.is_not_in_group |=
            settings.conversation_type == ids::GROUP && settings.max_seq > 0 && !is_member;
        changes.channel(&id).align.frozen_max = if is_member { 0 } else { row.end_seq };
        settings_to_row(settings, &mut row);
        conversation::name(&self.state.borrow(), &mut row);
        changes.set_conversation(row);
    }

    async fn sync_blacks(self: &Rc<Self>, fresh: bool) -> Result<()> {
        let operation = self.operation_id();
        let all = self
            .all_pages(async |pagination| {
                let call = rest::GetBlackList {
                    user_id: self.me.clone(),
                    pagination,
                };
                Ok(self.api(&operation, &call).await?.blacks)
            })
            .await?;
        let rows: Map<String, BlackRow> = all.into_iter().map(relation::black_row).collect();
        let mut changes = self.changes().await;
        let key = version_key(List::Blacks, "");
        // The list has no version at the server; here one says that it was loaded once.
        let first = fresh || self.version(List::Blacks, "").version == 0;
        if first {
            let version = VersionRow {
                version: 1,
                ..Default::default()
            };
            changes.set_version(key, version);
        }
        {
            let state = self.state.borrow();
            for (id, row) in state
                .blacks
                .iter()
                .filter(|(id, _)| !rows.contains_key(*id))
            {
                changes.delete(Table::Blacks, id);
                changes.tell(OnBlackDeleted, &relation::black_to_api(&self.me, row));
            }
            for (id, row) in rows
                .iter()
                .filter(|(id, row)| state.blacks.get(*id) != Some(*row))
            {
                changes.put(Table::Blacks, id, row);
                if !first && !state.blacks.contains_key(id) {
                    changes.tell(OnBlackAdded, &relation::black_to_api(&self.me, row));
                }
            }
        }
        changes.then(move |state| state.blacks = rows);
        changes.commit().await
    }

    /// Pages until one is short.
    pub(super) async fn all_pages<T>(
        &self,
        page: impl AsyncFn(rest::Pagination) -> Result<Vec<T>>,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        for page_number in 1.. {
            let rows = page(rest::Pagination {
                page_number,
                show_number: PAGE,
            })
            .await?;
            let short = rows.len() < PAGE as usize;
            all.extend(rows);
            if short {
                break;
            }
        }
        Ok(all)
    }
}

fn delta<T>(answer: rest::Incremental<T>) -> Delta<T> {
    let version = VersionRow {
        version_id: answer.version_id,
        version: answer.version,
        without_rows: false,
    };
    let mut upsert = answer.insert;
    upsert.extend(answer.update);
    Delta {
        version,
        full: answer.full,
        delete: answer.delete,
        upsert,
    }
}

/// IDs that leave the list.
pub(super) fn gone<T>(
    old: &Map<String, T>,
    new: &Map<String, T>,
    full: bool,
    delete: &[String],
) -> Vec<String> {
    let delete: Set<&String> = delete.iter().collect();
    let leaves = |id: &&String| {
        if full {
            !new.contains_key(*id)
        } else {
            delete.contains(*id)
        }
    };
    old.keys().filter(leaves).cloned().collect()
}

/// Group chats say whether the user is still a member. Who comes in again sees what follows on what he
/// saw when he left: the server tells nobody that the end he had then is lifted.
fn mark_membership(changes: &mut Changes<'_>, gone: &[String], here: &Map<String, GroupRow>) {
    let left = gone.iter().map(|id| (id, true));
    for (id, is_out) in left.chain(here.keys().map(|id| (id, false))) {
        let chat = ids::group(id);
        let Some(row) = changes.edit(&chat) else {
            continue;
        };
        row.is_not_in_group = is_out;
        let end = if is_out { row.end_seq } else { 0 };
        changes.channel(&chat).align.frozen_max = end;
    }
}

/// Settings of the server; what is local stays (W13).
fn settings_to_row(settings: rest::Conversation, row: &mut ConversationRow) {
    row.on_server = true;
    row.user_id = settings.user_id;
    row.group_id = settings.group_id;
    row.recv_msg_opt = settings.recv_msg_opt;
    row.is_pinned = settings.is_pinned;
    row.attached_info = settings.attached_info;
    row.is_private_chat = settings.is_private_chat;
    row.group_at_type = settings.group_at_type;
    row.ex = settings.ex;
    row.burn_duration = settings.burn_duration;
    row.msg_destruct_time = settings.msg_destruct_time;
    row.is_msg_destruct = settings.is_msg_destruct;
}
