//! Databases that take their time: between what is asked of them in turn, other things happen.
use std::cell::Cell;
use std::ops::RangeInclusive;
use std::rc::Rc;

use async_trait::async_trait;
use openim_web::rt::Runtime;
use openim_web::rt::sim::SimRuntime;
use openim_web::store::{Durability, MessageRow, Store, StoreError, Stores, Table, Write};

/// The databases of `stores`, each of whose transactions takes at most `slowest_ms`.
pub struct SlowStores {
    pub stores: Rc<dyn Stores>,
    pub rt: Rc<SimRuntime>,
    pub slowest_ms: u64,
}

#[async_trait(?Send)]
impl Stores for SlowStores {
    async fn open(&self, name: &str) -> Result<Rc<dyn Store>, StoreError> {
        Ok(Rc::new(SlowStore {
            store: self.stores.open(name).await?,
            rt: self.rt.clone(),
            slowest_ms: self.slowest_ms,
            free_at: Cell::new(0),
        }))
    }
}

struct SlowStore {
    store: Rc<dyn Store>,
    rt: Rc<SimRuntime>,
    slowest_ms: u64,
    /// When all that was asked for so far is done.
    free_at: Cell<i64>,
}

impl SlowStore {
    /// Waits until what was asked for before is done, and this: one after the other, as in IndexedDB.
    async fn turn(&self) {
        let now = self.rt.now_ms();
        let takes = self.rt.random() % (self.slowest_ms + 1);
        let end = self.free_at.get().max(now) + takes as i64;
        self.free_at.set(end);
        self.rt.sleep((end - now) as u32).await;
    }
}

#[async_trait(?Send)]
impl Store for SlowStore {
    async fn rows(&self, table: Table, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.turn().await;
        self.store.rows(table, prefix).await
    }

    async fn row(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.turn().await;
        self.store.row(table, key).await
    }

    async fn messages(
        &self,
        conversation_id: &str,
        range: RangeInclusive<i64>,
        limit: usize,
        newest: bool,
    ) -> Result<Vec<MessageRow>, StoreError> {
        self.turn().await;
        let rows = self.store.messages(conversation_id, range, limit, newest);
        rows.await
    }

    async fn messages_by_id(
        &self,
        client_msg_ids: &[String],
    ) -> Result<Vec<(String, MessageRow)>, StoreError> {
        self.turn().await;
        self.store.messages_by_id(client_msg_ids).await
    }

    async fn loose(&self, conversation_id: &str) -> Result<Vec<MessageRow>, StoreError> {
        self.turn().await;
        self.store.loose(conversation_id).await
    }

    async fn apply(&self, writes: Vec<Write>, durability: Durability) -> Result<(), StoreError> {
        self.turn().await;
        self.store.apply(writes, durability).await
    }

    async fn confirm(&self) -> Result<(), StoreError> {
        self.store.confirm().await
    }

    async fn close(&self) {
        self.turn().await;
        self.store.close().await;
    }
}
