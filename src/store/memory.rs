//! A store in memory: for tests, and where the browser has no lasting one (private mode).
use std::cell::{Cell, RefCell};
use std::ops::RangeInclusive;
use std::rc::Rc;

use async_trait::async_trait;

use super::{Durability, MessageRow, Store, StoreError, Stores, Table, Write};
use crate::rt::map::Map;

/// Databases by name; they live as long as this value, across closing and opening.
#[derive(Default)]
pub struct MemoryStores {
    databases: RefCell<Map<String, Rc<RefCell<Data>>>>,
    /// Applies that still succeed before one fails with this error.
    fail: Rc<RefCell<Option<(u32, StoreError)>>>,
}

#[derive(Clone, Default)]
struct Data {
    rows: Map<(Table, String), Vec<u8>>,
    messages: Map<(String, i64), MessageRow>,
    /// (conversation, seq) by clientMsgID.
    ids: Map<String, (String, i64)>,
    loose: Map<(String, String), MessageRow>,
}

struct MemoryStore {
    data: Rc<RefCell<Data>>,
    closed: Cell<bool>,
    fail: Rc<RefCell<Option<(u32, StoreError)>>>,
}

impl MemoryStores {
    /// After `successes` more transactions, one fails with `error`. For tests.
    pub fn fail_after(&self, successes: u32, error: StoreError) {
        *self.fail.borrow_mut() = Some((successes, error));
    }

    /// No transaction fails any more.
    pub fn fail_never(&self) {
        *self.fail.borrow_mut() = None;
    }

    /// A copy of all databases as they are now: what a crash at this moment leaves behind.
    #[cfg(any(test, feature = "testing"))]
    pub fn snapshot(&self) -> Self {
        let copy = Self::default();
        for (name, data) in self.databases.borrow().iter() {
            let data = Rc::new(RefCell::new(data.borrow().clone()));
            copy.databases.borrow_mut().insert(name.clone(), data);
        }
        copy
    }
}

#[async_trait(?Send)]
impl Stores for MemoryStores {
    async fn open(&self, name: &str) -> Result<Rc<dyn Store>, StoreError> {
        let data = self
            .databases
            .borrow_mut()
            .or_default(name.to_owned())
            .clone();
        Ok(Rc::new(MemoryStore {
            data,
            closed: Cell::new(false),
            fail: self.fail.clone(),
        }))
    }
}

impl MemoryStore {
    fn data(&self) -> Result<&RefCell<Data>, StoreError> {
        if self.closed.get() {
            return Err(StoreError::Closed);
        }
        Ok(&self.data)
    }
}

#[async_trait(?Send)]
impl Store for MemoryStore {
    async fn rows(&self, table: Table, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let data = self.data()?.borrow();
        let from = data.rows.range((table, prefix.to_owned())..);
        let rows = from.take_while(|((t, key), _)| *t == table && key.starts_with(prefix));
        Ok(rows
            .map(|((_, key), value)| (key.clone(), value.clone()))
            .collect())
    }

    async fn row(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self
            .data()?
            .borrow()
            .rows
            .get(&(table, key.to_owned()))
            .cloned())
    }

    async fn messages(
        &self,
        conversation_id: &str,
        range: RangeInclusive<i64>,
        limit: usize,
        newest: bool,
    ) -> Result<Vec<MessageRow>, StoreError> {
        if range.is_empty() {
            return Ok(Vec::new());
        }
        let data = self.data()?.borrow();
        let key = |seq: &i64| (conversation_id.to_owned(), *seq);
        let held = data.messages.range(key(range.start())..=key(range.end()));
        let held = held.map(|(_, row)| row.clone());
        if !newest {
            return Ok(held.take(limit).collect());
        }
        let mut rows: Vec<MessageRow> = held.rev().take(limit).collect();
        rows.reverse();
        Ok(rows)
    }

    async fn messages_by_id(
        &self,
        client_msg_ids: &[String],
    ) -> Result<Vec<(String, MessageRow)>, StoreError> {
        let data = self.data()?.borrow();
        let find = |id: &String| {
            if let Some(key) = data.ids.get(id) {
                return Some((key.0.clone(), data.messages.get(key)?.clone()));
            }
            let loose = data.loose.iter().find(|((_, loose), _)| loose == id);
            loose.map(|((conversation, _), row)| (conversation.clone(), row.clone()))
        };
        Ok(client_msg_ids.iter().filter_map(find).collect())
    }

    async fn loose(&self, conversation_id: &str) -> Result<Vec<MessageRow>, StoreError> {
        let data = self.data()?.borrow();
        let from = data
            .loose
            .range((conversation_id.to_owned(), String::new())..);
        let rows = from.take_while(|((conversation, _), _)| conversation == conversation_id);
        Ok(rows.map(|(_, row)| row.clone()).collect())
    }

    async fn apply(&self, writes: Vec<Write>, _: Durability) -> Result<(), StoreError> {
        let data = self.data()?;
        {
            let mut fail = self.fail.borrow_mut();
            match &mut *fail {
                Some((0, error)) => {
                    let error = error.clone();
                    *fail = None;
                    return Err(error);
                }
                Some((successes, _)) => *successes -= 1,
                None => {}
            }
        }
        check(&data.borrow(), &writes)?;
        let mut data = data.borrow_mut();
        writes.into_iter().for_each(|write| data.apply(write));
        Ok(())
    }

    async fn close(&self) {
        self.closed.set(true);
    }
}

/// Inserted seqs and clientMsgIDs must be new when their turn comes: against what is held then, which
/// deletions before them in the same transaction have cut.
fn check(data: &Data, writes: &[Write]) -> Result<(), StoreError> {
    // The same types as in `Data`: each new one would be a tree more in the module.
    let mut cuts: Map<String, i64> = Map::new();
    let mut seqs: Map<(String, i64), ()> = Map::new();
    let mut ids: Map<String, (String, i64)> = Map::new();
    for write in writes {
        match write {
            Write::DeleteMessages {
                conversation_id,
                up_to,
            } => {
                let cut = cuts.or_insert_with(conversation_id.clone(), || *up_to);
                *cut = (*cut).max(*up_to);
                let kept = |key: &(String, i64)| key.0 != *conversation_id || key.1 > *up_to;
                seqs.retain(|key, ()| kept(key));
                ids.retain(|_, key| kept(key));
            }
            Write::InsertMessages {
                conversation_id,
                rows,
            } => {
                let cut = |id: &str| cuts.get(id).copied().unwrap_or(i64::MIN);
                for row in rows {
                    let key = (conversation_id.clone(), row.seq);
                    let seq_held =
                        data.messages.contains_key(&key) && row.seq > cut(conversation_id);
                    let holder = data.ids.get(&row.client_msg_id);
                    let id_held = holder.is_some_and(|(id, seq)| *seq > cut(id));
                    let seq_twice = seqs.insert(key.clone(), ()).is_some();
                    let id_twice = ids.insert(row.client_msg_id.clone(), key).is_some();
                    if seq_held || id_held || seq_twice || id_twice {
                        return Err(StoreError::Duplicate);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

impl Data {
    fn apply(&mut self, write: Write) {
        match write {
            Write::Put { table, key, value } => drop(self.rows.insert((table, key), value)),
            Write::Delete { table, key } => drop(self.rows.remove(&(table, key))),
            Write::DeletePrefix { table, prefix } => {
                self.rows
                    .retain(|(t, key), _| *t != table || !key.starts_with(&prefix));
            }
            Write::InsertMessages {
                conversation_id,
                rows,
            } => {
                for row in rows {
                    let key = (conversation_id.clone(), row.seq);
                    self.ids.insert(row.client_msg_id.clone(), key.clone());
                    self.messages.insert(key, row);
                }
            }
            Write::ReplaceMessages {
                conversation_id,
                rows,
            } => {
                for row in rows {
                    if let Some(held) = self.messages.get_mut(&(conversation_id.clone(), row.seq)) {
                        *held = row;
                    }
                }
            }
            Write::DeleteMessages {
                conversation_id,
                up_to,
            } => {
                let gone = |key: &(String, i64)| key.0 == conversation_id && key.1 <= up_to;
                self.messages.retain(|key, _| !gone(key));
                self.ids.retain(|_, key| !gone(key));
            }
            Write::PutLoose {
                conversation_id,
                row,
            } => {
                self.loose
                    .insert((conversation_id, row.client_msg_id.clone()), row);
            }
            Write::DeleteLoose {
                conversation_id,
                client_msg_id,
            } => {
                self.loose.remove(&(conversation_id, client_msg_id));
            }
            Write::ClearLoose { conversation_id } => {
                self.loose
                    .retain(|(conversation, _), _| *conversation != conversation_id);
            }
        }
    }
}
