//! Reading: every function is one transaction, whose requests all go out before the first is awaited.
use std::ops::RangeInclusive;

use indexed_db_futures::KeyRange;
use indexed_db_futures::cursor::CursorDirection;
use indexed_db_futures::error::Error;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::TransactionMode;
use wasm_bindgen::JsValue;

use super::value::{self, Held, SEQ_MAX, bound, bytes_of, field, range_of};
use super::{IdbStore, Table, in_turn};
use crate::store::schema::{BLOCK_IDS, BLOCK_MAX, BLOCKS, LOOSE, LOOSE_ID, ROWS};
use crate::store::{MessageRow, StoreError, blocks};

impl IdbStore {
    /// Values of a store by key ranges, each with its limit (none = 0), ascending.
    pub(super) async fn all(
        &self,
        store: &str,
        ranges: &[(KeyRange<JsValue>, u32)],
    ) -> Result<Vec<Vec<JsValue>>, StoreError> {
        self.run(async |db| {
            let tx = db
                .transaction(store)
                .with_mode(TransactionMode::Readonly)
                .build()?;
            let from = tx.object_store(store)?;
            let mut requests = Vec::new();
            for (range, limit) in ranges {
                // 0 is no limit to the browser as well.
                let all = from.get_all::<JsValue>().with_limit(*limit);
                requests.push(all.with_query::<JsValue, _>(range.clone()).primitive()?);
            }
            let found = in_turn(requests).await;
            found.into_iter().map(|values| values?.collect()).collect()
        })
        .await
    }

    /// Keys and values of the rows of a table.
    pub(super) async fn pairs(
        &self,
        table: Table,
        prefix: &str,
    ) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let range = value::prefix_range(table, prefix);
        self.run(async |db| {
            let tx = db
                .transaction(ROWS)
                .with_mode(TransactionMode::Readonly)
                .build()?;
            let store = tx.object_store(ROWS)?;
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
        let (below, above) = self
            .run(async |db| {
                let tx = db
                    .transaction(BLOCKS)
                    .with_mode(TransactionMode::Readonly)
                    .build()?;
                let store = tx.object_store(BLOCKS)?;
                let below = store
                    .open_key_cursor()
                    .with_query::<JsValue, _>(below.clone())
                    .with_direction(CursorDirection::Prev)
                    .primitive()?;
                let above = store
                    .get_all::<JsValue>()
                    .with_query::<JsValue, _>(above.clone())
                    .with_limit(1)
                    .primitive()?;
                let (below, above) = futures_util::join!(below, above);
                let below = match below? {
                    Some(cursor) => cursor.primary_key::<JsValue>()?,
                    None => None,
                };
                Ok((below, above?.next().transpose()?))
            })
            .await?;
        if let Some(above) = above
            && Held::read(&above)?.block.holds(seq)
        {
            return Ok(Some(seq));
        }
        Ok(below.map(|key| value::seq_of(&key)))
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
                in_turn(held)
                    .await
                    .into_iter()
                    .collect::<Result<Vec<Option<JsValue>>, Error>>()
            })
            .await?;
        let mut rows = Vec::new();
        for (id, pair) in client_msg_ids.iter().zip(found.chunks_exact(2)) {
            let conversation = |value| field(value, "c").as_string().unwrap_or_default();
            if let Some(value) = &pair[0] {
                let held = Held::read(value)?;
                let place = held.ids.index_of(&JsValue::from_str(id), 0);
                let seq = held.block.first() + i64::from(place);
                let mut found = Vec::new();
                held.block.rows(&(seq..=seq), &mut found)?;
                rows.extend(found.into_iter().map(|row| (conversation(value), row)));
            } else if let Some(value) = &pair[1] {
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
