//! Layer 3: what survives a reload. Knows neither the network nor the API types, and never emits.
//!
//! A store holds small rows by table and key, and messages by conversation. Writes are data: a slice
//! of [`Write`] is one transaction, applied whole or not at all. There is one writer: whoever
//! opened the database last, so a read followed by a write is not raced.
use std::ops::RangeInclusive;
use std::rc::Rc;

use async_trait::async_trait;

pub mod blocks;
#[cfg(any(test, feature = "testing"))]
pub mod conformance;
#[cfg(target_arch = "wasm32")]
pub mod idb;
pub mod memory;
pub mod rows;
pub mod schema;
pub mod write;

pub use rows::MessageRow;
pub use write::{Durability, Table, Write};

/// A database of one user at one server.
#[async_trait(?Send)]
pub trait Store {
    /// All rows of a table whose key begins with `prefix` ("" for all), ascending by key.
    async fn rows(&self, table: Table, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError>;

    /// One row.
    async fn row(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Held messages of a conversation whose seq is in `range`, ascending by seq, at most `limit`:
    /// those nearest to the range's end if `newest`, to its begin otherwise.
    async fn messages(
        &self,
        conversation_id: &str,
        range: RangeInclusive<i64>,
        limit: usize,
        newest: bool,
    ) -> Result<Vec<MessageRow>, StoreError>;

    /// Held messages by clientMsgID, with and without seq, each with its conversation; unknown IDs
    /// are absent. The order is that of `client_msg_ids`.
    async fn messages_by_id(
        &self,
        client_msg_ids: &[String],
    ) -> Result<Vec<(String, MessageRow)>, StoreError>;

    /// Messages of a conversation that have no seq (being sent, failed, local only), by clientMsgID.
    async fn loose(&self, conversation_id: &str) -> Result<Vec<MessageRow>, StoreError>;

    /// Applies all writes in order in one transaction, or none.
    async fn apply(&self, writes: Vec<Write>, durability: Durability) -> Result<(), StoreError>;

    /// That this store may still write was true less than [`CONFIRMED_MS`] ago when this returns: for what
    /// must not be done by a tab that slept while another took over. Costs a transaction only if nothing
    /// has been written lately.
    async fn confirm(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Releases the database; later calls fail with [`StoreError::Closed`].
    async fn close(&self);
}

/// A tab takes over from one that has been silent for longer than this (`pkg-template/src/leader.ts`).
pub const CONFIRMED_MS: i64 = 600;

/// Opens databases.
#[async_trait(?Send)]
pub trait Stores {
    /// Opens or creates the database `name` (it holds server address, user ID and platform). Whoever had it
    /// open cannot write any more.
    async fn open(&self, name: &str) -> Result<Rc<dyn Store>, StoreError>;
}

/// Why the store did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// An inserted message's clientMsgID or seq is held already; nothing was written.
    Duplicate,
    /// The disk or the browser's quota is full; nothing was written.
    Quota(String),
    /// Another tab has taken the database over; nothing was written.
    Fenced,
    /// The database is closed, deleted or taken by a newer version of the page.
    Closed,
    /// The database could not be opened in time (blocked by another page, hanging, forbidden).
    Unavailable(String),
    /// Rows that cannot be read.
    Corrupt(String),
    /// Anything else the browser said.
    Other(String),
}
