//! Gathering: messages that came one by one are blocks of one, and a page of them is as many values.
//! Sixty-four in a row become one block, in a transaction of their own, so that a crash leaves either
//! form. The counter is in memory; what an earlier visit left is found by looking back once.
use super::IdbStore;
use super::value::Held;
use super::write::Op;
use crate::store::schema::{BLOCK_MAX, MERGE_AT};
use crate::store::{Durability, StoreError};

impl IdbStore {
    /// Notes what was committed, and gathers where enough has come together.
    pub(super) async fn committed(&self, ops: &[Op]) {
        for op in ops {
            if let Op::Block {
                id,
                held,
                new: true,
            } = op
            {
                self.raise_top(id, held.block.last());
                if let Some((first, last)) = self.note_single(id, held) {
                    // The messages are stored; how they lie is only a matter of speed.
                    let _ = self.merge(id, first, last).await;
                }
            }
        }
    }

    /// A stretch of small blocks that is long enough to be merged.
    fn note_single(&self, id: &str, held: &Held) -> Option<(i64, i64)> {
        let (first, last) = (held.block.first(), held.block.last());
        let mut singles = self.singles.borrow_mut();
        if held.block.len() >= MERGE_AT {
            singles.remove(id);
            return None;
        }
        let first = match singles.get(id) {
            Some((from, to)) if to + 1 == first => *from,
            _ => first,
        };
        if last - first + 1 < MERGE_AT as i64 {
            singles.insert(id.to_owned(), (first, last));
            return None;
        }
        singles.remove(id);
        Some((first, last))
    }

    async fn merge(&self, id: &str, first: i64, last: i64) -> Result<(), StoreError> {
        // From the end backwards, as long as seqs follow each other and a block is not full.
        let mut run: Vec<Held> = Vec::new();
        let mut length = 0;
        for held in self.blocks_before(id, first, last).await?.into_iter().rev() {
            length += held.block.len();
            let next = run.last().map_or(last + 1, |held| held.block.first());
            if held.block.last() + 1 != next || length > BLOCK_MAX {
                break;
            }
            run.push(held);
        }
        let Some(mut merged) = run.pop() else {
            return Ok(());
        };
        let first = merged.block.last();
        while let Some(next) = run.pop() {
            merged.append(next);
        }
        let ops = [
            Op::blocks_gone(id, first, merged.block.last()),
            Op::Block {
                id: id.to_owned(),
                held: merged,
                new: true,
            },
        ];
        self.commit(&ops, Durability::Relaxed).await
    }
}
