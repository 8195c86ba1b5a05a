//! `Store` on IndexedDB.
//!
//! A transaction ends when control returns to the event loop, and wakes of Rust futures are not
//! guaranteed inside its callbacks. So everything is prepared first, then all requests of a transaction
//! are issued in one burst; nothing else is awaited inside one.
use std::cell::{Cell, RefCell};
use std::ops::RangeInclusive;
use std::rc::Rc;

use async_trait::async_trait;
use indexed_db_futures::database::Database;

use super::schema::{LOOSE, ROWS};
use super::{
    CONFIRMED_MS, Durability, MessageRow, Store, StoreError, Stores, Table, Write, blocks,
};
use crate::rt::map::Map;
use crate::rt::turns::Turns;

mod merge;
mod open;
mod read;
mod tx;
mod value;
mod write;

use open::Cause;
use tx::Burst;
use value::{SEQ_MAX, bytes_of, field, key};

/// Databases of this origin.
#[derive(Clone, Copy, Debug, Default)]
pub struct IdbStores;

#[async_trait(?Send)]
impl Stores for IdbStores {
    async fn open(&self, name: &str) -> Result<Rc<dyn Store>, StoreError> {
        let store = IdbStore {
            name: name.to_owned(),
            db: RefCell::default(),
            opening: Turns::default(),
            closed: Rc::new(Cell::new(false)),
            writing: Turns::default(),
            writer: js_sys::Math::random(),
            at_once: tx::may_commit_at_once(),
            confirmed: Cell::new(0),
            tops: RefCell::default(),
            singles: RefCell::default(),
        };
        let claim = store.run(async |db| Burst::claim(db, store.writer)?.commit().await);
        claim.await?;
        Ok(Rc::new(store))
    }
}

/// One open database.
struct IdbStore {
    name: String,
    db: RefCell<Option<Rc<Database>>>,
    /// It is opened once at a time.
    opening: Turns,
    closed: Rc<Cell<bool>>,
    /// A write reads what it changes before its transaction; two at a time would undo each other.
    writing: Turns,
    /// This store's entry in the fence.
    writer: f64,
    /// Transactions are committed without waiting for their answers.
    at_once: bool,
    /// When the last transaction that succeeded began, Unix milliseconds.
    confirmed: Cell<i64>,
    /// By conversation: nothing is held above this seq.
    tops: RefCell<Map<String, i64>>,
    /// Blocks of one since the last merge, by conversation: first and last seq.
    singles: RefCell<Map<String, (i64, i64)>>,
}

impl IdbStore {
    /// The database; opened anew if the browser took it away.
    async fn database(&self) -> Result<Rc<Database>, StoreError> {
        if self.closed.get() {
            return Err(StoreError::Closed);
        }
        let _turn = self.opening.turn().await;
        if let Some(db) = &*self.db.borrow() {
            return Ok(db.clone());
        }
        let db = Rc::new(open::open(&self.name, self.closed.clone()).await?);
        if self.closed.get() {
            (*db).clone().close();
            return Err(StoreError::Closed);
        }
        *self.db.borrow_mut() = Some(db.clone());
        Ok(db)
    }

    /// Runs one transaction; once more on a new connection if the browser lost the old one (WebKit in
    /// the background, memory pressure; users-and-browsers §2.2).
    async fn run<T>(
        &self,
        act: impl AsyncFn(&Database) -> Result<T, Cause>,
    ) -> Result<T, StoreError> {
        let mut again = true;
        loop {
            let db = self.database().await?;
            match act(&db).await {
                Ok(value) => return Ok(value),
                Err(Cause::Store(error)) => return Err(error),
                Err(Cause::ConnectionLost) if again => {
                    again = false;
                    let mut held = self.db.borrow_mut();
                    // Another call may have opened it anew already.
                    if held.as_ref().is_some_and(|held| Rc::ptr_eq(held, &db)) {
                        held.take();
                        (*db).clone().close();
                    }
                }
                Err(Cause::ConnectionLost) => return Err(StoreError::Closed),
            }
        }
    }

    /// A seq above which nothing of a conversation is held, if one is known.
    fn top(&self, id: &str) -> Option<i64> {
        self.tops.borrow().get(id).copied()
    }

    /// Nothing is stored above `seq`.
    fn note_top(&self, id: &str, seq: i64) {
        let mut tops = self.tops.borrow_mut();
        let top = tops.or_insert_with(id.to_owned(), || seq);
        *top = seq.max(*top);
    }

    /// A block that ends at `seq` was stored; there may be others above it.
    fn raise_top(&self, id: &str, seq: i64) {
        if let Some(top) = self.tops.borrow_mut().get_mut(id) {
            *top = seq.max(*top);
        }
    }
}

#[async_trait(?Send)]
impl Store for IdbStore {
    async fn rows(&self, table: Table, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.pairs(table, prefix).await
    }

    async fn row(&self, table: Table, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let values = self.all(ROWS, &[(key(table, name), 1)]).await?;
        Ok(values.iter().flatten().next().map(bytes_of))
    }

    async fn messages(
        &self,
        conversation_id: &str,
        range: RangeInclusive<i64>,
        limit: usize,
        newest: bool,
    ) -> Result<Vec<MessageRow>, StoreError> {
        // Seqs begin at 1 and are numbers that JavaScript can count to.
        let (first, last) = ((*range.start()).max(1), (*range.end()).min(SEQ_MAX));
        if self.closed.get() {
            return Err(StoreError::Closed);
        }
        if first > last || limit == 0 {
            return Ok(Vec::new());
        }
        match newest {
            true => self.newest(conversation_id, first, last, limit).await,
            false => self.oldest(conversation_id, first, last, limit).await,
        }
    }

    async fn messages_by_id(
        &self,
        client_msg_ids: &[String],
    ) -> Result<Vec<(String, MessageRow)>, StoreError> {
        self.by_id(client_msg_ids).await
    }

    async fn loose(&self, conversation_id: &str) -> Result<Vec<MessageRow>, StoreError> {
        let range = value::conversation_range(conversation_id);
        let mut rows = Vec::new();
        for value in self.all(LOOSE, &[(range, 0)]).await?.iter().flatten() {
            rows.extend(blocks::decode(&bytes_of(&field(value, "b")))?);
        }
        Ok(rows)
    }

    async fn apply(&self, writes: Vec<Write>, durability: Durability) -> Result<(), StoreError> {
        let _alone = self.writing.turn().await;
        let ops = self.prepare(writes).await?;
        if !ops.is_empty() {
            self.commit(&ops, durability).await?;
        }
        self.committed(&ops).await;
        Ok(())
    }

    async fn confirm(&self) -> Result<(), StoreError> {
        // A slow disk is not a long sleep: not without end.
        for _ in 0..3 {
            if js_sys::Date::now() as i64 - self.confirmed.get() <= CONFIRMED_MS {
                break;
            }
            let _alone = self.writing.turn().await;
            self.commit(&[], Durability::Relaxed).await?;
        }
        Ok(())
    }

    async fn close(&self) {
        self.closed.set(true);
        let _turn = self.opening.turn().await;
        if let Some(db) = self.db.take() {
            (*db).clone().close();
        }
    }
}
