//! `Store` on IndexedDB.
//!
//! A transaction ends when control returns to the event loop, and wakes of Rust futures are not
//! guaranteed inside its callbacks. So everything is prepared first, then all requests of a transaction
//! are issued in one burst together with its commit; nothing else is awaited inside one.
use std::cell::{Cell, RefCell};
use std::ops::RangeInclusive;
use std::rc::Rc;

use async_trait::async_trait;
use futures_util::future::join_all;
use indexed_db_futures::KeyRange;
use indexed_db_futures::database::Database;
use indexed_db_futures::error::Error;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::TransactionMode;
use wasm_bindgen::JsValue;

use super::schema::{BLOCK_IDS, BLOCK_MAX, BLOCKS, LOOSE, LOOSE_ID, MERGE_AT, ROWS};
use super::{Durability, MessageRow, Store, StoreError, Stores, Table, Write, blocks};
use crate::rt::map::Map;

mod open;
mod value;
mod write;

use open::{Cause, cause};
use value::{Block, bound, bytes_of, field, key, range_of};
use write::Op;

/// Databases of this origin.
#[derive(Clone, Copy, Debug, Default)]
pub struct IdbStores;

#[async_trait(?Send)]
impl Stores for IdbStores {
    async fn open(&self, name: &str) -> Result<Rc<dyn Store>, StoreError> {
        let store = IdbStore {
            name: name.to_owned(),
            db: RefCell::new(None),
            closed: Rc::new(Cell::new(false)),
            singles: RefCell::default(),
        };
        store.database().await?;
        Ok(Rc::new(store))
    }
}

/// One open database.
struct IdbStore {
    name: String,
    db: RefCell<Option<Rc<Database>>>,
    closed: Rc<Cell<bool>>,
    /// Blocks of one since the last merge, by conversation: first and last seq.
    singles: RefCell<Map<String, (i64, i64)>>,
}

impl IdbStore {
    /// The database; opened anew if the browser took it away.
    async fn database(&self) -> Result<Rc<Database>, StoreError> {
        if self.closed.get() {
            return Err(StoreError::Closed);
        }
        if let Some(db) = &*self.db.borrow() {
            return Ok(db.clone());
        }
        let db = Rc::new(open::open(&self.name, self.closed.clone()).await?);
        *self.db.borrow_mut() = Some(db.clone());
        Ok(db)
    }

    /// Runs one transaction; once more on a new connection if the browser lost the old one (WebKit in
    /// the background, memory pressure; users-and-browsers §2.2).
    async fn run<T>(
        &self,
        act: impl AsyncFn(&Database) -> Result<T, Error>,
    ) -> Result<T, StoreError> {
        let mut again = true;
        loop {
            let db = self.database().await?;
            match act(&db).await {
                Ok(value) => return Ok(value),
                Err(error) => match cause(&error) {
                    Cause::ConnectionLost if again => {
                        again = false;
                        self.db.borrow_mut().take();
                    }
                    Cause::ConnectionLost => return Err(StoreError::Closed),
                    Cause::Store(error) => return Err(error),
                },
            }
        }
    }

    /// Values of a store in a key range, ascending.
    async fn all(
        &self,
        store: &str,
        range: KeyRange<JsValue>,
        limit: Option<u32>,
    ) -> Result<Vec<JsValue>, StoreError> {
        self.run(async |db| {
            let tx = db
                .transaction(store)
                .with_mode(TransactionMode::Readonly)
                .build()?;
            let from = tx.object_store(store)?;
            let all = from
                .get_all::<JsValue>()
                .with_query::<JsValue, _>(range.clone());
            let values = match limit {
                Some(limit) => all.with_limit(limit).primitive()?.await?,
                None => all.primitive()?.await?,
            };
            values.collect()
        })
        .await
    }

    /// Blocks of a conversation whose last seq lies in `first..=last`.
    async fn blocks(
        &self,
        id: &str,
        first: i64,
        last: i64,
        limit: Option<u32>,
    ) -> Result<Vec<Block>, StoreError> {
        if first > last {
            return Ok(Vec::new());
        }
        let range = range_of(&bound(id, first), &bound(id, last));
        let values = self.all(BLOCKS, range, limit).await?;
        values.iter().map(Block::read).collect()
    }

    /// The block that holds `seq`, if any does.
    async fn block_of(&self, id: &str, seq: i64) -> Result<Option<Block>, StoreError> {
        let next = self
            .blocks(id, seq, seq + BLOCK_MAX as i64, Some(1))
            .await?;
        Ok(next.into_iter().next().filter(|block| block.first() <= seq))
    }

    /// Makes one block of many blocks of one: reading is by the block. Its own transaction, so that a
    /// crash leaves either form.
    async fn merge(&self, id: &str, first: i64, last: i64) -> Result<(), StoreError> {
        let held = self.blocks(id, first, last, None).await?;
        let rows: Vec<MessageRow> = held.into_iter().flat_map(|block| block.rows).collect();
        let mut ops = vec![Op::Delete(
            BLOCKS,
            range_of(&bound(id, first), &bound(id, last)),
        )];
        ops.extend(
            blocks::runs(rows)
                .into_iter()
                .map(|run| Op::add_block(id, &run)),
        );
        self.commit(ops, Durability::Relaxed).await
    }

    /// Notes inserted messages; a stretch of blocks of one that is long enough to be merged.
    fn note_singles(&self, id: &str, run: &[MessageRow]) -> Option<(i64, i64)> {
        let mut singles = self.singles.borrow_mut();
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            return None;
        };
        let stretch = match singles.get(id) {
            Some((from, to)) if to + 1 == first.seq => (*from, last.seq),
            _ => (first.seq, last.seq),
        };
        if run.len() >= MERGE_AT {
            singles.remove(id);
            return None;
        }
        if stretch.1 - stretch.0 + 1 >= MERGE_AT as i64 {
            singles.remove(id);
            return Some(stretch);
        }
        singles.insert(id.to_owned(), stretch);
        None
    }
}

#[async_trait(?Send)]
impl Store for IdbStore {
    async fn rows(&self, table: Table, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let range = value::prefix_range(table, prefix);
        self.run(async |db| {
            let tx = db
                .transaction(ROWS)
                .with_mode(TransactionMode::Readonly)
                .build()?;
            let store = tx.object_store(ROWS)?;
            // Both go out before either is awaited.
            let keys = store
                .get_all_keys::<JsValue>()
                .with_query::<JsValue, _>(range.clone())
                .primitive()?;
            let values = store
                .get_all::<JsValue>()
                .with_query::<JsValue, _>(range.clone())
                .primitive()?;
            let (keys, values) = futures_util::join!(keys, values);
            let pairs = keys?
                .zip(values?)
                .map(|(key, value)| Ok((value::name_of(&key?), bytes_of(&value?))));
            pairs.collect()
        })
        .await
    }

    async fn row(&self, table: Table, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let range = KeyRange::Only(key(table, name));
        let values = self.all(ROWS, range, Some(1)).await?;
        Ok(values.first().map(bytes_of))
    }

    async fn messages(
        &self,
        conversation_id: &str,
        range: RangeInclusive<i64>,
        limit: usize,
        newest: bool,
    ) -> Result<Vec<MessageRow>, StoreError> {
        let (first, last) = (*range.start(), *range.end());
        if first > last || limit == 0 {
            return Ok(Vec::new());
        }
        // The block that holds the last seq may end after it, by less than a block.
        let end = last.saturating_add(BLOCK_MAX as i64 - 1);
        let inside = |blocks: Vec<Block>| -> Vec<MessageRow> {
            let rows = blocks.into_iter().flat_map(|block| block.rows);
            rows.filter(|row| (first..=last).contains(&row.seq))
                .collect()
        };
        if !newest {
            let count = u32::try_from(limit).unwrap_or(u32::MAX);
            let mut rows = inside(
                self.blocks(conversation_id, first, end, Some(count))
                    .await?,
            );
            rows.truncate(limit);
            return Ok(rows);
        }
        // As wide as the page; wider only where seqs are missing.
        let mut width = limit as i64;
        loop {
            let from = first.max(last.saturating_sub(width) + 1);
            let mut rows = inside(self.blocks(conversation_id, from, end, None).await?);
            if rows.len() >= limit || from == first {
                rows.drain(..rows.len().saturating_sub(limit));
                return Ok(rows);
            }
            width = width.saturating_mul(4);
        }
    }

    async fn messages_by_id(
        &self,
        client_msg_ids: &[String],
    ) -> Result<Vec<(String, MessageRow)>, StoreError> {
        let found = self
            .run(async |db| {
                let tx = db
                    .transaction([BLOCKS, LOOSE])
                    .with_mode(TransactionMode::Readonly)
                    .build()?;
                let (blocks, loose) = (tx.object_store(BLOCKS)?, tx.object_store(LOOSE)?);
                let (by_ids, by_id) = (blocks.index(BLOCK_IDS)?, loose.index(LOOSE_ID)?);
                let mut held = Vec::new();
                for id in client_msg_ids {
                    let id = JsValue::from_str(id);
                    held.push(by_ids.get::<JsValue, _, _>(id.clone()).primitive()?);
                    held.push(by_id.get::<JsValue, _, _>(id).primitive()?);
                }
                join_all(held)
                    .await
                    .into_iter()
                    .collect::<Result<Vec<Option<JsValue>>, Error>>()
            })
            .await?;
        let mut rows = Vec::new();
        for (id, pair) in client_msg_ids.iter().zip(found.chunks_exact(2)) {
            let Some(value) = pair[0].as_ref().or(pair[1].as_ref()) else {
                continue;
            };
            let conversation = field(value, "c").as_string().unwrap_or_default();
            let held = blocks::decode(&bytes_of(&field(value, "b")))?;
            rows.extend(
                held.into_iter()
                    .find(|row| row.client_msg_id == *id)
                    .map(|row| (conversation, row)),
            );
        }
        Ok(rows)
    }

    async fn loose(&self, conversation_id: &str) -> Result<Vec<MessageRow>, StoreError> {
        let values = self
            .all(LOOSE, value::conversation_range(conversation_id), None)
            .await?;
        let mut rows = Vec::new();
        for value in values {
            rows.extend(blocks::decode(&bytes_of(&field(&value, "b")))?);
        }
        Ok(rows)
    }

    async fn apply(&self, writes: Vec<Write>, durability: Durability) -> Result<(), StoreError> {
        let mut inserted = Vec::new();
        let mut ops = Vec::new();
        let mut changed = write::Changed::default();
        for write in writes {
            self.prepare(write, &mut ops, &mut changed, &mut inserted)
                .await?;
        }
        ops.extend(changed.ops());
        self.commit(ops, durability).await?;
        for (id, run) in inserted {
            if let Some((first, last)) = self.note_singles(&id, &run) {
                // The messages are stored; how they lie is only a matter of speed.
                let _ = self.merge(&id, first, last).await;
            }
        }
        Ok(())
    }

    async fn close(&self) {
        self.closed.set(true);
        if let Some(db) = self.db.borrow_mut().take() {
            (*db).clone().close();
        }
    }
}
