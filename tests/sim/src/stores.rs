//! Databases that can lose their page at any transaction, and their last transactions with it.
use std::cell::{Cell, RefCell};
use std::ops::RangeInclusive;
use std::rc::Rc;

use async_trait::async_trait;
use openim_web::store::memory::MemoryStores;
use openim_web::store::{Durability, MessageRow, Store, StoreError, Stores, Table, Write};

/// A transaction as it was asked for.
type Transaction = (String, Vec<Write>, Durability);

/// The disk of a device under one page. What the page does after its death does not reach it.
pub(crate) struct Disk {
    held: Rc<MemoryStores>,
    /// As it was when the page began.
    before: MemoryStores,
    done: RefCell<Vec<Transaction>>,
    dead: Cell<bool>,
    /// The page dies at the transaction after so many; with it done, or not.
    dies_in: Cell<Option<(u32, bool)>>,
}

impl Disk {
    /// A disk on which a page begins.
    pub(crate) fn new(held: Rc<MemoryStores>) -> Rc<Self> {
        Rc::new(Self {
            before: held.snapshot(),
            held,
            done: RefCell::default(),
            dead: Cell::new(false),
            dies_in: Cell::new(None),
        })
    }

    /// The page will die at a transaction.
    pub(crate) fn die_in(&self, transactions: u32, done: bool) {
        self.dies_in.set(Some((transactions, done)));
    }

    /// One of the next transactions fails.
    pub(crate) fn fail_in(&self, transactions: u32) {
        let error = StoreError::Quota("the disk is full".into());
        self.held.fail_after(transactions, error);
    }

    /// No failure is due any more.
    pub(crate) fn heal(&self) {
        self.held.fail_never();
        self.dies_in.set(None);
    }

    /// Whether the page has died.
    pub(crate) fn is_dead(&self) -> bool {
        self.dead.get()
    }

    /// The page is dead.
    pub(crate) fn kill(&self) {
        self.dead.set(true);
    }

    /// What is left after the machine lost its power: of the transactions since the last strict one
    /// `lost` at most are gone, the last ones.
    pub(crate) async fn after_power_loss(&self, lost: usize) -> Rc<MemoryStores> {
        let left = Rc::new(self.before.snapshot());
        let done = self.done.borrow().clone();
        let strict = |(_, _, durability): &Transaction| *durability == Durability::Strict;
        let safe = done.iter().rposition(strict).map_or(0, |at| at + 1);
        let kept = done.len().saturating_sub(lost).max(safe);
        for (name, writes, durability) in &done[..kept] {
            let store = left.open(name).await.expect("memory opens");
            let again = store.apply(writes.clone(), *durability).await;
            again.expect("what was applied once is applied again");
        }
        left
    }
}

/// The databases of one page.
pub(crate) struct PageStores(pub(crate) Rc<Disk>);

#[async_trait(?Send)]
impl Stores for PageStores {
    async fn open(&self, name: &str) -> Result<Rc<dyn Store>, StoreError> {
        let store = self.0.held.open(name).await?;
        let (disk, name) = (self.0.clone(), name.to_owned());
        Ok(Rc::new(PageStore { store, disk, name }))
    }
}

struct PageStore {
    store: Rc<dyn Store>,
    disk: Rc<Disk>,
    name: String,
}

impl PageStore {
    /// A dead page waits for ever.
    async fn alive(&self) {
        if self.disk.is_dead() {
            std::future::pending::<()>().await;
        }
    }
}

#[async_trait(?Send)]
impl Store for PageStore {
    async fn rows(&self, table: Table, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.alive().await;
        self.store.rows(table, prefix).await
    }

    async fn row(&self, table: Table, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.alive().await;
        self.store.row(table, name).await
    }

    async fn messages(
        &self,
        conversation_id: &str,
        range: RangeInclusive<i64>,
        limit: usize,
        newest: bool,
    ) -> Result<Vec<MessageRow>, StoreError> {
        self.alive().await;
        let rows = self.store.messages(conversation_id, range, limit, newest);
        rows.await
    }

    async fn messages_by_id(
        &self,
        client_msg_ids: &[String],
    ) -> Result<Vec<(String, MessageRow)>, StoreError> {
        self.alive().await;
        self.store.messages_by_id(client_msg_ids).await
    }

    async fn loose(&self, conversation_id: &str) -> Result<Vec<MessageRow>, StoreError> {
        self.alive().await;
        self.store.loose(conversation_id).await
    }

    async fn apply(&self, writes: Vec<Write>, durability: Durability) -> Result<(), StoreError> {
        self.alive().await;
        let death = self.disk.dies_in.get();
        if let Some((left, done)) = death {
            self.disk
                .dies_in
                .set(left.checked_sub(1).map(|left| (left, done)));
            if left == 0 && !done {
                self.disk.kill();
                self.alive().await;
            }
        }
        self.store.apply(writes.clone(), durability).await?;
        let transaction = (self.name.clone(), writes, durability);
        self.disk.done.borrow_mut().push(transaction);
        if let Some((0, true)) = death {
            self.disk.kill();
            self.alive().await;
        }
        Ok(())
    }

    async fn close(&self) {
        if !self.disk.is_dead() {
            self.store.close().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use openim_web::store::conformance::{Transactions, run};

    /// Nothing here waits, but for a dead page.
    fn now<T>(future: impl Future<Output = T>) -> T {
        future.now_or_never().expect("memory answers at once")
    }

    #[test]
    fn a_page_s_store_does_what_a_store_must() {
        let disk = Disk::new(Rc::default());
        for (case, result) in now(run(&PageStores(disk), "page")) {
            assert_eq!(result, Ok(()), "{case}");
        }
    }

    /// Random transactions; some are refused, the page dies at one of them, the power goes: what is left
    /// is what the transactions before leave, each whole.
    #[test]
    fn a_crash_leaves_whole_transactions_in_order() {
        for seed in 1..=400_u64 {
            let count = 5 + seed % 20;
            let disk = Disk::new(Rc::default());
            let store = now(PageStores(disk.clone()).open("d")).expect("memory opens");
            let mut held = now(Transactions::new(seed)).expect("a model");
            let mut done = Vec::new();
            disk.die_in((seed * 7 % count) as u32, seed % 2 == 0);
            for n in 0..count {
                if (seed + n) % 6 == 0 {
                    disk.fail_in(0);
                }
                let writes = now(held.next()).expect("writes");
                let durability = match (seed / 3 + n) % 4 {
                    0 => Durability::Strict,
                    _ => Durability::Relaxed,
                };
                // A dead page waits for ever, whether its last transaction was done or not.
                match store.apply(writes.clone(), durability).now_or_never() {
                    Some(Ok(())) => {}
                    None if seed % 2 == 0 && disk.done.borrow().len() > done.len() => {}
                    Some(Err(_)) => continue,
                    None => break,
                }
                let applied = now(held.apply(writes.clone()));
                assert_eq!(applied, Ok(()), "seed {seed}: {n} should be refused");
                done.push((writes, durability));
                if disk.is_dead() {
                    break;
                }
            }
            disk.heal();
            let lost = (seed % 5) as usize;
            let strict = done
                .iter()
                .rposition(|(_, durability)| *durability == Durability::Strict);
            let kept = done
                .len()
                .saturating_sub(lost)
                .max(strict.map_or(0, |at| at + 1));
            let expected = now(Transactions::new(seed)).expect("a model");
            for (writes, _) in &done[..kept] {
                now(expected.apply(writes.clone())).expect("applied before");
            }
            let left = now(disk.after_power_loss(lost));
            let left = now(left.open("d")).expect("memory opens");
            now(expected.check(&left)).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        }
    }
}
