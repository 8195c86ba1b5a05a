//! Writes as requests: prepared outside, issued in one burst.

use futures_util::future::join_all;
use indexed_db_futures::KeyRange;
use indexed_db_futures::error::Error;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{TransactionDurability, TransactionMode, TransactionOptions};
use wasm_bindgen::JsValue;

use super::IdbStore;
use super::value::{
    Block, block_value, bound, bytes, key, loose_key, loose_value, prefix_range, range_of,
};
use crate::rt::map::Map;
use crate::rt::order;
use crate::store::schema::{BLOCKS, LOOSE, ROWS};
use crate::store::{Durability, MessageRow, StoreError, Write, blocks};

/// One request of a write transaction.
pub(super) enum Op {
    /// Sets a value.
    Put(&'static str, JsValue, JsValue),
    /// Sets a value that must be new.
    Add(&'static str, JsValue, JsValue),
    /// Removes a range.
    Delete(&'static str, KeyRange<JsValue>),
}

impl Op {
    /// A new block.
    pub(super) fn add_block(id: &str, rows: &[MessageRow]) -> Self {
        let last = rows.last().map_or(0, |row| row.seq);
        Op::Add(BLOCKS, bound(id, last), block_value(id, rows))
    }

    fn store(&self) -> &'static str {
        match self {
            Op::Put(store, ..) | Op::Add(store, ..) | Op::Delete(store, _) => store,
        }
    }
}

/// Blocks that the writes of one transaction change, by conversation and last seq.
#[derive(Default)]
pub(super) struct Changed(Map<(String, i64), Block>);

impl Changed {
    fn holding(&mut self, id: &str, seq: i64) -> Option<&mut Block> {
        let next = self.0.first_from_mut(&(id.to_owned(), seq));
        let next = next.filter(|((conversation, _), _)| conversation == id);
        next.map(|(_, block)| block)
            .filter(|block| block.first() <= seq)
    }

    /// The requests.
    pub(super) fn ops(self) -> impl Iterator<Item = Op> {
        let blocks = self.0.into_iter();
        blocks.map(|((id, last), block)| {
            Op::Put(BLOCKS, bound(&id, last), block_value(&id, &block.rows))
        })
    }
}

impl IdbStore {
    /// Turns a write into requests; reads the blocks it changes.
    pub(super) async fn prepare(
        &self,
        write: Write,
        ops: &mut Vec<Op>,
        changed: &mut Changed,
        inserted: &mut Vec<(String, Vec<MessageRow>)>,
    ) -> Result<(), StoreError> {
        match write {
            Write::Put {
                table,
                key: name,
                value,
            } => ops.push(Op::Put(ROWS, key(table, &name), bytes(&value))),
            Write::Delete { table, key: name } => {
                ops.push(Op::Delete(ROWS, KeyRange::Only(key(table, &name))))
            }
            Write::DeletePrefix { table, prefix } => {
                ops.push(Op::Delete(ROWS, prefix_range(table, &prefix)))
            }
            Write::InsertMessages {
                conversation_id,
                rows,
            } => {
                for run in blocks::runs(rows) {
                    ops.push(Op::add_block(&conversation_id, &run));
                    inserted.push((conversation_id.clone(), run));
                }
            }
            Write::ReplaceMessages {
                conversation_id,
                rows,
            } => {
                for row in rows {
                    self.replace(&conversation_id, row, changed).await?;
                }
            }
            Write::DeleteMessages {
                conversation_id: id,
                up_to,
            } => {
                ops.push(Op::Delete(
                    BLOCKS,
                    range_of(&bound(&id, 0), &bound(&id, up_to)),
                ));
                if let Some(mut block) = self.block_of(&id, up_to).await?
                    && block.last() > up_to
                {
                    let last = block.last();
                    block.rows.retain(|row| row.seq > up_to);
                    changed.0.insert((id, last), block);
                }
            }
            Write::PutLoose {
                conversation_id: id,
                row,
            } => {
                ops.push(Op::Put(
                    LOOSE,
                    loose_key(&id, &row.client_msg_id),
                    loose_value(&id, &row),
                ));
            }
            Write::DeleteLoose {
                conversation_id: id,
                client_msg_id,
            } => {
                ops.push(Op::Delete(
                    LOOSE,
                    KeyRange::Only(loose_key(&id, &client_msg_id)),
                ));
            }
            Write::ClearLoose { conversation_id } => {
                ops.push(Op::Delete(
                    LOOSE,
                    super::value::conversation_range(&conversation_id),
                ));
            }
        }
        Ok(())
    }

    async fn replace(
        &self,
        id: &str,
        row: MessageRow,
        changed: &mut Changed,
    ) -> Result<(), StoreError> {
        if changed.holding(id, row.seq).is_none() {
            let Some(block) = self.block_of(id, row.seq).await? else {
                return Ok(());
            };
            changed.0.insert((id.to_owned(), block.last()), block);
        }
        let block = changed.holding(id, row.seq);
        if let Some(held) = block.and_then(|b| b.rows.iter_mut().find(|held| held.seq == row.seq)) {
            *held = row;
        }
        Ok(())
    }

    /// One transaction: all requests in one burst, then its commit.
    pub(super) async fn commit(
        &self,
        ops: Vec<Op>,
        durability: Durability,
    ) -> Result<(), StoreError> {
        if ops.is_empty() {
            return Ok(());
        }
        let mut stores: Vec<&'static str> = ops.iter().map(Op::store).collect();
        order::sort_by(&mut stores, Ord::cmp);
        stores.dedup();
        let mut options = TransactionOptions::new();
        options.set_durability(match durability {
            Durability::Relaxed => TransactionDurability::Relaxed,
            Durability::Strict => TransactionDurability::Strict,
        });
        self.run(async |db| {
            let tx = db
                .transaction(stores.as_slice())
                .with_mode(TransactionMode::Readwrite)
                .with_options(options.clone())
                .build()?;
            let mut sets = Vec::new();
            let mut deletes = Vec::new();
            for op in &ops {
                let store = tx.object_store(op.store())?;
                match op {
                    Op::Put(_, key, value) => {
                        sets.push(
                            store
                                .put(value.clone())
                                .with_key(key.clone())
                                .without_key_type()
                                .primitive()?,
                        );
                    }
                    Op::Add(_, key, value) => {
                        sets.push(
                            store
                                .add(value.clone())
                                .with_key(key.clone())
                                .without_key_type()
                                .primitive()?,
                        );
                    }
                    Op::Delete(_, range) => {
                        deletes.push(store.delete::<JsValue, _>(range.clone()).primitive()?)
                    }
                }
            }
            // The requests tell why they failed; a failed commit has forgotten it.
            let (sets, deletes, committed) =
                futures_util::join!(join_all(sets), join_all(deletes), tx.commit());
            sets.into_iter().collect::<Result<Vec<_>, Error>>()?;
            deletes.into_iter().collect::<Result<Vec<_>, Error>>()?;
            committed
        })
        .await
    }
}
