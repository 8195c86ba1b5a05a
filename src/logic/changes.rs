//! The only way to write or to tell: rows and events are gathered, the rows are committed in one
//! transaction, then memory follows, then the events go out (design §2, "persist comes before tell").
//!
//! Conversation events are not raised by handlers: they are derived here from what changed.

use super::state::State;
use super::sync::channel::Channel;
use super::{Session, conversation};
use crate::api::Event;
use crate::api::error::Result;
use crate::api::events::{
    Deposed, OnConversationChanged, OnNewConversation, OnTotalUnreadMessageCountChanged, Told,
};
use crate::rt::json::Value;
use crate::rt::map::Map;
use crate::rt::proto::{self, Message as _};
use crate::rt::turns::Turn;
use crate::store::rows::{ConversationRow, NewsRow, VersionRow};
use crate::store::{Durability, MessageRow, StoreError, Table, Write};

/// Name of the row of news that may not have been told.
pub(crate) const NEWS: &str = "news";

/// What memory does after the commit.
type Later = Box<dyn FnOnce(&mut State)>;

/// Changes of one handler; holds the session's gate, so nobody else writes between reading the state
/// and the end of [`Changes::commit`].
pub struct Changes<'s> {
    session: &'s Session,
    gate: Turn<'s>,
    writes: Vec<Write>,
    before: Vec<Told>,
    after: Vec<Told>,
    conversations: Map<String, ConversationRow>,
    channels: Map<String, Channel>,
    later: Vec<Later>,
    /// clientMsgIDs of the messages that this tells as new.
    news: Vec<String>,
    durability: Durability,
    silent: bool,
}

/// An event of the contract, ready to go out.
pub(crate) fn told<E: Event>(event: E, data: &E::Data) -> Told {
    Told::new(event, data)
}

impl Session {
    /// Waits for its turn and begins a set of changes.
    pub(crate) async fn changes(&self) -> Changes<'_> {
        Changes {
            gate: self.gate.turn().await,
            session: self,
            writes: Vec::new(),
            before: Vec::new(),
            after: Vec::new(),
            conversations: Map::new(),
            channels: Map::new(),
            later: Vec::new(),
            news: Vec::new(),
            durability: Durability::Relaxed,
            silent: false,
        }
    }
}

impl Changes<'_> {
    /// The first sync raises no conversation events (events.md §4.1).
    pub(crate) fn silent(&mut self) {
        self.silent = true;
    }

    /// On disk before the commit ends: for what the server cannot give again.
    pub(crate) fn strict(&mut self) {
        self.durability = Durability::Strict;
    }

    /// Goes out before the conversation events of this commit.
    pub(crate) fn tell<E: Event>(&mut self, event: E, data: &E::Data) {
        self.before.push(told(event, data));
    }

    /// As [`Self::tell`], of what the server says and applications get unchanged.
    pub(crate) fn tell_value(&mut self, name: &'static str, data: Value) {
        self.before.push(Told::of_value(name, data));
    }

    /// Goes out after the conversation events of this commit.
    pub(crate) fn tell_after<E: Event>(&mut self, event: E, data: &E::Data) {
        self.after.push(told(event, data));
    }

    /// A message is told as new: noted, so that it is told even if the tab goes away meanwhile.
    pub(crate) fn note_news(&mut self, client_msg_id: &str) {
        self.news.push(client_msg_id.to_owned());
    }

    /// One more write.
    pub(crate) fn write(&mut self, write: Write) {
        self.writes.push(write);
    }

    /// Sets a row of a small table.
    pub(crate) fn put(&mut self, table: Table, key: &str, row: &impl proto::Message) {
        self.writes.push(Write::Put {
            table,
            key: key.to_owned(),
            value: row.encode_to_vec(),
        });
    }

    /// Removes a row of a small table.
    pub(crate) fn delete(&mut self, table: Table, key: &str) {
        self.writes.push(Write::Delete {
            table,
            key: key.to_owned(),
        });
    }

    /// A versioned list is at this version.
    pub(crate) fn set_version(&mut self, key: String, version: VersionRow) {
        self.put(Table::Versions, &key, &version);
        self.then(move |state| drop(state.versions.insert(key, version)));
    }

    /// A versioned list is not held any more.
    pub(crate) fn drop_version(&mut self, key: String) {
        self.delete(Table::Versions, &key);
        self.then(move |state| drop(state.versions.remove(&key)));
    }

    /// What memory does once the database has the writes.
    pub(crate) fn then(&mut self, apply: impl FnOnce(&mut State) + 'static) {
        self.later.push(Box::new(apply));
    }

    /// Replaces a held message, in the preview too.
    pub(crate) fn rewrite(&mut self, conversation_id: &str, row: MessageRow) {
        let is_latest = self
            .conversation(conversation_id)
            .and_then(|c| c.latest)
            .is_some_and(|latest| latest.client_msg_id == row.client_msg_id);
        if is_latest && let Some(conversation) = self.edit(conversation_id) {
            conversation.latest = Some(row.clone());
        }
        self.channel(conversation_id)
            .amend(row.seq, |_| Some(row.clone()));
        let conversation_id = conversation_id.to_owned();
        self.write(if row.seq > 0 {
            Write::ReplaceMessages {
                conversation_id,
                rows: vec![row],
            }
        } else {
            Write::PutLoose {
                conversation_id,
                row,
            }
        });
    }

    /// A conversation as it will be.
    pub(crate) fn conversation(&self, id: &str) -> Option<ConversationRow> {
        self.conversations
            .get(id)
            .or(self.session.state.borrow().conversations.get(id))
            .cloned()
    }

    /// A conversation to change; `None` if there is none.
    pub(crate) fn edit(&mut self, id: &str) -> Option<&mut ConversationRow> {
        if !self.conversations.contains_key(id) {
            let row = self.session.state.borrow().conversations.get(id).cloned()?;
            self.conversations.insert(id.to_owned(), row);
        }
        self.conversations.get_mut(id)
    }

    /// Sets a conversation.
    pub(crate) fn set_conversation(&mut self, row: ConversationRow) {
        self.conversations.insert(row.conversation_id.clone(), row);
    }

    /// A channel to change; a new one where there is none.
    pub(crate) fn channel(&mut self, id: &str) -> &mut Channel {
        let state = &self.session.state;
        self.channels.or_insert_with(id.to_owned(), || {
            state.borrow().channels.get(id).cloned().unwrap_or_default()
        })
    }

    /// Commits the rows, then changes memory, then tells. On an error nothing has changed.
    pub(crate) async fn commit(self) -> Result<()> {
        Ok(self.try_commit().await?)
    }

    /// As [`Self::commit`], with the store's own error: a batch with a clientMsgID that is held
    /// already is built anew by the caller.
    pub(crate) async fn try_commit(mut self) -> std::result::Result<(), StoreError> {
        self.gather_rows();
        if !self.writes.is_empty() {
            let writes = std::mem::take(&mut self.writes);
            let applied = self.session.store.apply(writes, self.durability).await;
            if applied == Err(StoreError::Fenced) {
                self.session.core.emit(told(Deposed, &()));
            }
            applied?;
        }
        self.publish();
        Ok(())
    }

    fn gather_rows(&mut self) {
        self.gather_news();
        let state = self.session.state.borrow();
        for (id, row) in &self.conversations {
            if state.conversations.get(id) != Some(row) {
                self.writes.push(Write::Put {
                    table: Table::Conversations,
                    key: id.clone(),
                    value: row.encode_to_vec(),
                });
            }
        }
        for (id, channel) in &self.channels {
            let row = channel.align.to_row();
            if state.channels.get(id).map(|c| c.align.to_row()) != Some(row.clone()) {
                self.writes.push(Write::Put {
                    table: Table::Alignment,
                    key: id.clone(),
                    value: row.encode_to_vec(),
                });
            }
        }
    }

    /// What is told now or still waits to be told.
    fn gather_news(&mut self) {
        let state = self.session.state.borrow();
        let mut ids = std::mem::take(&mut self.news);
        for channel in self.channels.values() {
            ids.extend(channel.waiting_ids());
        }
        if ids.is_empty() {
            return;
        }
        for (id, waiting) in &state.waiting {
            if !self.channels.contains_key(id) {
                ids.extend_from_slice(waiting);
            }
        }
        let at = self.session.now();
        drop(state);
        self.put(Table::Meta, NEWS, &NewsRow { ids, at });
    }

    fn publish(self) {
        let session = self.session;
        let mut state = session.state.borrow_mut();
        let mut touched: Map<String, (Option<ConversationRow>, i64)> = Map::new();
        for id in self.conversations.keys().chain(self.channels.keys()) {
            touched.or_insert_with(id.clone(), || {
                (state.conversations.get(id).cloned(), state.unread(id))
            });
        }
        for (id, channel) in &self.channels {
            let waiting = channel.waiting_ids();
            match waiting.is_empty() {
                true => drop(state.waiting.remove(id)),
                false => drop(state.waiting.insert(id.clone(), waiting)),
            }
        }
        state.channels.extend(self.channels);
        state.conversations.extend(self.conversations);
        for apply in self.later {
            apply(&mut state);
        }
        session.note_these(&mut state, touched.keys());
        let derived = ConversationEvents::derive(&mut state, touched);
        drop(state);
        drop(self.gate);

        let mut events = self.before;
        if !self.silent {
            events.extend(derived.events());
        }
        events.extend(self.after);
        for event in events {
            session.core.emit(event);
        }
    }
}

/// What a commit means for the conversation list.
#[derive(Default)]
struct ConversationEvents {
    new: Vec<crate::api::conversation::Conversation>,
    changed: Vec<crate::api::conversation::Conversation>,
    total: Option<i64>,
}

impl ConversationEvents {
    fn derive(state: &mut State, touched: Map<String, (Option<ConversationRow>, i64)>) -> Self {
        let mut derived = Self::default();
        let mut total = state.total_unread;
        for (id, (old, old_unread)) in touched {
            let Some(row) = state.conversations.get(&id) else {
                continue;
            };
            let unread = state.unread(&id);
            total += State::counted_unread(row, unread);
            total -= old
                .as_ref()
                .map_or(0, |old| State::counted_unread(old, old_unread));
            let was_shown = old.as_ref().is_some_and(|old| old.latest_send_time > 0);
            let is_shown = row.latest_send_time > 0;
            let same = old.as_ref() == Some(row) && old_unread == unread;
            match (was_shown, is_shown) {
                (false, true) => derived.new.push(conversation::to_api(state, row)),
                (true, true) if !same => derived.changed.push(conversation::to_api(state, row)),
                _ => {}
            }
        }
        derived.total = (total != state.total_unread).then_some(total);
        state.total_unread = total;
        derived
    }

    fn events(self) -> impl Iterator<Item = Told> {
        let new = (!self.new.is_empty()).then(|| told(OnNewConversation, &self.new));
        let changed =
            (!self.changed.is_empty()).then(|| told(OnConversationChanged, &self.changed));
        let total = self
            .total
            .map(|total| told(OnTotalUnreadMessageCountChanged, &total));
        new.into_iter().chain(changed).chain(total)
    }
}
