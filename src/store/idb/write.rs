//! Writes as requests: prepared outside, issued in one burst.
use wasm_bindgen::JsValue;

use super::IdbStore;
use super::tx::Burst;
use super::value::{
    Held, SEQ_MAX, bound, bytes, conversation_range, key, loose_key, loose_value, prefix_range,
    range_of,
};
use crate::rt::order;
use crate::store::schema::{BLOCKS, FENCE, LOOSE, ROWS};
use crate::store::{Durability, MessageRow, StoreError, Write, blocks};

/// Rows further apart than this are not worth being read together.
const REPLACE_SPAN: i64 = 512;

/// One request of a write transaction.
pub(super) enum Op {
    /// Sets a value.
    Put(&'static str, JsValue, JsValue),
    /// Removes a range.
    Delete(&'static str, JsValue),
    /// Sets a block of a conversation; `new` if nothing may be there.
    Block { id: String, held: Held, new: bool },
    /// Removes the blocks of a conversation that end at a seq or below.
    Cut { id: String, up_to: i64 },
}

impl Op {
    /// Removes the blocks of a conversation whose last seqs are in a range.
    pub(super) fn blocks_gone(id: &str, first: i64, last: i64) -> Self {
        Op::Delete(BLOCKS, range_of(&bound(id, first), &bound(id, last)))
    }

    fn store(&self) -> &'static str {
        match self {
            Op::Put(store, ..) | Op::Delete(store, _) => store,
            Op::Block { .. } | Op::Cut { .. } => BLOCKS,
        }
    }
}

/// Where a seq is when the writes so far are done.
enum Place {
    /// In the block of this request.
    Here(usize),
    Deleted,
    /// Where it was before.
    Stored,
}

/// What is stored at the first seq of a batch or above.
enum Above {
    /// Nothing: that was known without reading.
    Known,
    /// The next block, if any.
    Read(Option<Held>),
}

/// The requests of one transaction; each write sees what those before it did.
#[derive(Default)]
pub(super) struct Planned {
    ops: Vec<Op>,
    /// What is stored at or above each inserted batch that has not been looked at yet, in order.
    above: std::vec::IntoIter<Above>,
}

impl Planned {
    fn place(&self, id: &str, seq: i64) -> Place {
        for (at, op) in self.ops.iter().enumerate().rev() {
            match op {
                Op::Block { id: of, held, .. } if of == id && held.block.holds(seq) => {
                    return Place::Here(at);
                }
                Op::Cut { id: of, up_to } if of == id && seq <= *up_to => return Place::Deleted,
                _ => {}
            }
        }
        Place::Stored
    }

    /// What is deleted of a conversation so far, and whether a seq of a range is held by a block of a
    /// request.
    fn holds(&self, id: &str, first: i64, last: i64) -> (i64, bool) {
        let mut cut = 0;
        for op in self.ops.iter().rev() {
            match op {
                Op::Block { id: of, held, .. } if of == id => {
                    let lowest = held.block.first().max(cut + 1);
                    if lowest <= last && held.block.last() >= first.max(lowest) {
                        return (cut, true);
                    }
                }
                Op::Cut { id: of, up_to } if of == id => cut = cut.max(*up_to),
                _ => {}
            }
        }
        (cut, false)
    }
}

impl IdbStore {
    /// Turns writes into requests; reads the blocks they change or might collide with.
    pub(super) async fn prepare(&self, writes: Vec<Write>) -> Result<Vec<Op>, StoreError> {
        let mut planned = Planned {
            above: self.above_inserted(&writes).await?.into_iter(),
            ..Planned::default()
        };
        for write in writes {
            self.prepare_one(write, &mut planned).await?;
        }
        Ok(planned.ops)
    }

    async fn prepare_one(&self, write: Write, planned: &mut Planned) -> Result<(), StoreError> {
        let op = match write {
            Write::InsertMessages {
                conversation_id,
                rows,
            } => return self.insert(conversation_id, rows, planned).await,
            Write::ReplaceMessages {
                conversation_id,
                rows,
            } => return self.replace(&conversation_id, rows, planned).await,
            Write::DeleteMessages {
                conversation_id,
                up_to,
            } => return self.delete(conversation_id, up_to, planned).await,
            Write::Put {
                table,
                key: name,
                value,
            } => Op::Put(ROWS, key(table, &name), bytes(&value)),
            Write::Delete { table, key: name } => Op::Delete(ROWS, key(table, &name)),
            Write::DeletePrefix { table, prefix } => Op::Delete(ROWS, prefix_range(table, &prefix)),
            Write::PutLoose {
                conversation_id: id,
                row,
            } => Op::Put(
                LOOSE,
                loose_key(&id, &row.client_msg_id),
                loose_value(&id, &row),
            ),
            Write::DeleteLoose {
                conversation_id: id,
                client_msg_id,
            } => Op::Delete(LOOSE, loose_key(&id, &client_msg_id)),
            Write::ClearLoose { conversation_id } => {
                Op::Delete(LOOSE, conversation_range(&conversation_id))
            }
        };
        planned.ops.push(op);
        Ok(())
    }

    /// What is stored at or above each inserted batch. One transaction for all, as the first sync inserts
    /// into hundreds of conversations.
    async fn above_inserted(&self, writes: &[Write]) -> Result<Vec<Above>, StoreError> {
        let mut above = Vec::new();
        let mut places = Vec::new();
        for write in writes {
            if let Write::InsertMessages {
                conversation_id: id,
                rows,
            } = write
                && let Some(row) = rows.first()
            {
                above.push(match self.top(id).is_some_and(|top| top < row.seq) {
                    true => Above::Known,
                    false => Above::Read(None),
                });
                if matches!(above.last(), Some(Above::Read(_))) {
                    places.push((id.clone(), row.seq));
                }
            }
        }
        let mut found = self.next_blocks(&places).await?.into_iter();
        for above in &mut above {
            if let Above::Read(next) = above {
                *next = found.next().flatten();
            }
        }
        Ok(above)
    }

    /// The unique index sees to the IDs; that no seq is held twice is seen to here, as a block's key
    /// tells its last seq only.
    async fn insert(
        &self,
        id: String,
        rows: Vec<MessageRow>,
        planned: &mut Planned,
    ) -> Result<(), StoreError> {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return Ok(());
        };
        let (first, last) = (first.seq, last.seq);
        // Nothing of it is held if the next block begins above it; else run by run.
        let mut stored = match planned.above.next() {
            Some(Above::Read(Some(held))) => held.block.first() <= last,
            Some(Above::Read(None)) => {
                self.note_top(&id, first - 1);
                false
            }
            _ => false,
        };
        for run in blocks::runs(rows) {
            let held = Held::of(&run)?;
            let (first, last) = (held.block.first(), held.block.last());
            let (cut, twice) = planned.holds(&id, first, last);
            if twice {
                return Err(StoreError::Duplicate);
            }
            if stored && last > cut {
                let from = (id.clone(), first.max(cut + 1));
                let next = self
                    .next_blocks(&[from])
                    .await?
                    .into_iter()
                    .flatten()
                    .next();
                stored = next.is_some();
                if next.is_some_and(|held| held.block.first() <= last) {
                    return Err(StoreError::Duplicate);
                }
            }
            let id = id.clone();
            planned.ops.push(Op::Block {
                id,
                held,
                new: true,
            });
        }
        Ok(())
    }

    async fn replace(
        &self,
        id: &str,
        mut rows: Vec<MessageRow>,
        planned: &mut Planned,
    ) -> Result<(), StoreError> {
        // Stable: of two for one seq the later stays the later.
        order::sort_by_key(&mut rows, |row| row.seq);
        let mut read_to = 0;
        for at in 0..rows.len() {
            let row = &rows[at];
            if matches!(planned.place(id, row.seq), Place::Stored) && row.seq > read_to {
                let near = |other: &&MessageRow| other.seq - row.seq < REPLACE_SPAN;
                read_to = rows[at..]
                    .iter()
                    .take_while(near)
                    .last()
                    .map_or(0, |r| r.seq);
                for held in self.blocks(id, row.seq, read_to).await? {
                    // What is in a request already is newer than what is stored.
                    let changes = rows[at..].iter().any(|row| held.block.holds(row.seq));
                    if changes && matches!(planned.place(id, held.block.last()), Place::Stored) {
                        let id = id.to_owned();
                        planned.ops.push(Op::Block {
                            id,
                            held,
                            new: false,
                        });
                    }
                }
            }
            if let Place::Here(at) = planned.place(id, row.seq)
                && let Op::Block { held, .. } = &mut planned.ops[at]
            {
                held.block.replace(row)?;
            }
        }
        Ok(())
    }

    async fn delete(
        &self,
        id: String,
        up_to: i64,
        planned: &mut Planned,
    ) -> Result<(), StoreError> {
        let up_to = up_to.min(SEQ_MAX);
        let crossing = match planned.place(&id, up_to) {
            Place::Here(at) => match &planned.ops[at] {
                Op::Block { held, .. } => Some(held.clone()),
                _ => None,
            },
            Place::Deleted => None,
            Place::Stored => {
                let place = [(id.clone(), up_to)];
                self.next_blocks(&place).await?.into_iter().flatten().next()
            }
        };
        planned.ops.push(Op::Cut {
            id: id.clone(),
            up_to,
        });
        if let Some(mut held) = crossing
            && held.block.holds(up_to)
            && held.block.last() > up_to
        {
            held.cut(up_to)?;
            planned.ops.push(Op::Block {
                id,
                held,
                new: false,
            });
        }
        Ok(())
    }

    /// One transaction: all requests in one burst, then its commit.
    pub(super) async fn commit(
        &self,
        ops: &[Op],
        durability: Durability,
    ) -> Result<(), StoreError> {
        let begun = js_sys::Date::now() as i64;
        let mut stores = vec![FENCE];
        for op in ops {
            if !stores.contains(&op.store()) {
                stores.push(op.store());
            }
        }
        self.run(async |db| {
            let mut burst = Burst::write(db, &stores, durability, self.writer, self.at_once)?;
            for op in ops {
                let store = burst.store(op.store())?;
                burst.send(match op {
                    Op::Put(_, key, value) => store.put_with_key(value, key),
                    Op::Block { id, held, new } => {
                        let (key, value) = (bound(id, held.block.last()), held.value(id));
                        match new {
                            true => store.add_with_key(&value, &key),
                            false => store.put_with_key(&value, &key),
                        }
                    }
                    Op::Delete(_, query) => store.delete(query),
                    Op::Cut { id, up_to } => {
                        store.delete(&range_of(&bound(id, 0), &bound(id, *up_to)))
                    }
                })?;
            }
            burst.commit().await
        })
        .await?;
        self.confirmed.set(begun);
        Ok(())
    }
}
