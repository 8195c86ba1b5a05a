//! Reading: every function is one transaction, whose requests all go out before the first is awaited.
use std::ops::RangeInclusive;

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::IdbCursorDirection;

use super::tx::Burst;
use super::value::{self, Held, SEQ_MAX, bound, bytes_of, field, range_of};
use super::{IdbStore, Table};
use crate::store::schema::{BLOCK_IDS, BLOCK_MAX, BLOCKS, LOOSE, LOOSE_ID, ROWS};
use crate::store::{MessageRow, StoreError, blocks};

impl IdbStore {
    /// Values of a store by keys or key ranges, each with its limit (none = 0), ascending.
    pub(super) async fn all(
        &self,
        store: &str,
        queries: &[(JsValue, u32)],
    ) -> Result<Vec<Vec<JsValue>>, StoreError> {
        let found = self.run(async |db| {
            let mut burst = Burst::read(db, &[store], self.at_once)?;
            let from = burst.store(store)?;
            for (query, limit) in queries {
                // 0 is no limit to the browser as well.
                burst.send(from.get_all_with_key_and_limit(query, *limit))?;
            }
            burst.answers().await
        });
        Ok(found.await?.iter().map(items).collect())
    }

    /// Keys and values of the rows of a table.
    pub(super) async fn pairs(
        &self,
        table: Table,
        prefix: &str,
    ) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let range = value::prefix_range(table, prefix);
        let found = self.run(async |db| {
            let mut burst = Burst::read(db, &[ROWS], self.at_once)?;
            let store = burst.store(ROWS)?;
            burst.send(store.get_all_keys_with_key(&range))?;
            burst.send(store.get_all_with_key(&range))?;
            burst.answers().await
        });
        let found = found.await?;
        let pairs = items(&found[0]).into_iter().zip(items(&found[1]));
        Ok(pairs
            .map(|(key, value)| (value::name_of(&key), bytes_of(&value)))
            .collect())
    }

    /// For each conversation and seq the block that holds it, or the next above it.
    pub(super) async fn next_blocks(
        &self,
        places: &[(String, i64)],
    ) -> Result<Vec<Option<Held>>, StoreError> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let from = |(id, seq): &(String, i64)| (range_of(&bound(id, *seq), &bound(id, SEQ_MAX)), 1);
        let ranges: Vec<_> = places.iter().map(from).collect();
        let found = self.all(BLOCKS, &ranges).await?;
        let first = found.iter().map(|values| values.first().map(Held::read));
        first.map(Option::transpose).collect()
    }

    /// Blocks that hold seqs of a range, ascending, and no others but perhaps one above it.
    pub(super) async fn blocks(
        &self,
        id: &str,
        first: i64,
        last: i64,
    ) -> Result<Vec<Held>, StoreError> {
        // The last seq may be in a block that ends above it: the first one that does.
        let inside = (range_of(&bound(id, first), &bound(id, last)), 0);
        let above = (range_of(&bound(id, last + 1), &bound(id, SEQ_MAX)), 1);
        let found = match last < SEQ_MAX {
            true => self.all(BLOCKS, &[inside, above]).await?,
            false => self.all(BLOCKS, &[inside]).await?,
        };
        found.iter().flatten().map(Held::read).collect()
    }

    /// The highest held seq that is not above `seq`.
    async fn highest(&self, id: &str, seq: i64) -> Result<Option<i64>, StoreError> {
        let below = range_of(&bound(id, 0), &bound(id, seq));
        let above = range_of(&bound(id, seq), &bound(id, SEQ_MAX));
        let found = self.run(async |db| {
            let mut burst = Burst::read(db, &[BLOCKS], self.at_once)?;
            let store = burst.store(BLOCKS)?;
            let back = IdbCursorDirection::Prev;
            burst.send(store.open_key_cursor_with_range_and_direction(&below, back))?;
            burst.send(store.get_all_with_key_and_limit(&above, 1))?;
            burst.answers().await
        });
        let found = found.await?;
        if let Some(above) = items(&found[1]).first()
            && Held::read(above)?.block.holds(seq)
        {
            return Ok(Some(seq));
        }
        // Without a match there is no cursor.
        let key = field(&found[0], "primaryKey");
        Ok((!key.is_undefined()).then(|| value::seq_of(&key)))
    }

    /// Rows of a range, ascending.
    async fn window(
        &self,
        id: &str,
        range: RangeInclusive<i64>,
    ) -> Result<Vec<MessageRow>, StoreError> {
        let mut rows = Vec::new();
        for held in self.blocks(id, *range.start(), *range.end()).await? {
            held.block.rows(&range, &mut rows)?;
        }
        Ok(rows)
    }

    /// At most `limit` rows of a range, those nearest to its end. Reads as wide as the page, and over a
    /// hole jumps to what is held below it: how much is held does not matter.
    pub(super) async fn newest(
        &self,
        id: &str,
        first: i64,
        last: i64,
        limit: usize,
    ) -> Result<Vec<MessageRow>, StoreError> {
        let mut width = i64::try_from(limit).unwrap_or(SEQ_MAX);
        let mut end = match self.top(id) {
            Some(top) => last.min(top),
            // A range without an end: begin at the newest.
            None if last == SEQ_MAX => {
                let top = self.highest(id, last).await?.unwrap_or(0);
                self.note_top(id, top);
                top
            }
            None => last,
        };
        let mut pages = Vec::new();
        let mut count = 0;
        while end >= first {
            let from = first.max(end - width + 1);
            let mut page = self.window(id, from..=end).await?;
            page.drain(..page.len().saturating_sub(limit - count));
            count += page.len();
            pages.push(page);
            if count == limit || from == first {
                break;
            }
            end = match self.highest(id, from - 1).await? {
                Some(end) => end,
                None => break,
            };
            width = width.saturating_mul(2);
        }
        Ok(pages.into_iter().rev().flatten().collect())
    }

    /// At most `limit` rows of a range, those nearest to its begin.
    pub(super) async fn oldest(
        &self,
        id: &str,
        first: i64,
        last: i64,
        limit: usize,
    ) -> Result<Vec<MessageRow>, StoreError> {
        let width = i64::try_from(limit).unwrap_or(SEQ_MAX);
        let mut end = last.min(first.saturating_add(width - 1));
        let mut rows = self.window(id, first..=end).await?;
        // Seqs are missing: by blocks then, more each time, as a block may hold one row or many.
        let mut blocks = 2;
        while rows.len() < limit && end < last {
            let above = range_of(&bound(id, end + 1), &bound(id, SEQ_MAX));
            let found = self.all(BLOCKS, &[(above, blocks)]).await?;
            let found = found.into_iter().flatten().collect::<Vec<_>>();
            for value in &found {
                let held = Held::read(value)?;
                held.block.rows(&(end + 1..=last), &mut rows)?;
                end = held.block.last();
            }
            if found.len() < blocks as usize {
                break;
            }
            blocks *= 2;
        }
        rows.truncate(limit);
        Ok(rows)
    }

    /// Messages by clientMsgID, each with its conversation.
    pub(super) async fn by_id(
        &self,
        client_msg_ids: &[String],
    ) -> Result<Vec<(String, MessageRow)>, StoreError> {
        let found = self.run(async |db| {
            let mut burst = Burst::read(db, &[BLOCKS, LOOSE], self.at_once)?;
            let by_ids = burst.store(BLOCKS)?.index(BLOCK_IDS);
            let by_ids = burst.or_abort(by_ids)?;
            let by_id = burst.store(LOOSE)?.index(LOOSE_ID);
            let by_id = burst.or_abort(by_id)?;
            for id in client_msg_ids {
                let id = JsValue::from_str(id);
                burst.send(by_ids.get(&id))?;
                burst.send(by_id.get(&id))?;
            }
            burst.answers().await
        });
        let found = found.await?;
        let mut rows = Vec::new();
        for (id, pair) in client_msg_ids.iter().zip(found.chunks_exact(2)) {
            let conversation = |value| field(value, "c").as_string().unwrap_or_default();
            let [held, loose] = pair else { continue };
            if !held.is_undefined() {
                let value = held;
                let held = Held::read(value)?;
                let place = held.ids.index_of(&JsValue::from_str(id), 0);
                let seq = held.block.first() + i64::from(place);
                let mut found = Vec::new();
                held.block.rows(&(seq..=seq), &mut found)?;
                rows.extend(found.into_iter().map(|row| (conversation(value), row)));
            } else if !loose.is_undefined() {
                let value = loose;
                let found = blocks::decode(&bytes_of(&field(value, "b")))?;
                rows.extend(found.into_iter().map(|row| (conversation(value), row)));
            }
        }
        Ok(rows)
    }

    /// Blocks whose last seq lies in a range and a block's length below it.
    pub(super) async fn blocks_before(
        &self,
        id: &str,
        first: i64,
        last: i64,
    ) -> Result<Vec<Held>, StoreError> {
        let range = range_of(&bound(id, first - BLOCK_MAX as i64), &bound(id, last));
        let found = self.all(BLOCKS, &[(range, 0)]).await?;
        found.iter().flatten().map(Held::read).collect()
    }
}

/// What `getAll` answers with.
fn items(array: &JsValue) -> Vec<JsValue> {
    Array::from(array).to_vec()
}
