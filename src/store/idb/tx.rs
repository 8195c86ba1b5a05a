//! Transactions: all requests go out in one burst; when the last is answered, all are.
//!
//! By itself the browser commits a transaction when this thread has taken its last answer: if the thread
//! hangs meanwhile, the tab that takes over cannot write until it wakes. So a burst ends with its commit,
//! where that is safe ([`may_commit_at_once`]).
use indexed_db_futures::database::Database;
use indexed_db_futures::internals::SystemRepr;
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransaction};

use super::open::{Cause, cause};
use super::value::{field, object};
use crate::store::schema::{FENCE, FENCE_ONLY};
use crate::store::{Durability, StoreError};

#[wasm_bindgen]
extern "C" {
    /// A database whose transactions take options, which `web-sys` counts as unstable.
    #[wasm_bindgen(extends = IdbDatabase)]
    type Transacting;

    #[wasm_bindgen(catch, method, js_name = transaction)]
    fn begin(
        this: &Transacting,
        stores: &Array,
        mode: &str,
        options: &JsValue,
    ) -> Result<IdbTransaction, JsValue>;

    /// A transaction that can be told that no more requests come, which old browsers do not know.
    #[wasm_bindgen(extends = IdbTransaction)]
    type Ending;

    #[wasm_bindgen(catch, method)]
    fn commit(this: &Ending) -> Result<(), JsValue>;
}

/// Whether transactions may be told to commit ahead of their answers: in Chromium, which alone has this
/// property. Firefox writes the rest of one of which a request is refused, and with it what the fence must
/// keep out; WebKit keeps one whose worker ends meanwhile, and with it the database, for a minute.
pub(super) fn may_commit_at_once() -> bool {
    let navigator = field(&js_sys::global(), "navigator");
    field(&navigator, "userAgentData").is_object()
}

/// A transaction and the requests that it was given.
pub(super) struct Burst {
    tx: IdbTransaction,
    requests: Vec<IdbRequest>,
    /// The first request is the writer's entry.
    fenced: bool,
    /// It is committed without waiting for the answers.
    at_once: bool,
}

impl Burst {
    /// A transaction that reads. `at_once`: what [`may_commit_at_once`] says.
    pub(super) fn read(db: &Database, stores: &[&str], at_once: bool) -> Result<Self, Cause> {
        let mut burst = Self::begin(db, stores, "readonly", &JsValue::UNDEFINED)?;
        burst.at_once = at_once;
        Ok(burst)
    }

    /// A transaction that writes, as long as `writer` is the one that may.
    pub(super) fn write(
        db: &Database,
        stores: &[&str],
        durability: Durability,
        writer: f64,
        at_once: bool,
    ) -> Result<Self, Cause> {
        let mut burst = Self::begin_write(db, stores, durability)?;
        burst.fenced = true;
        burst.at_once = at_once;
        burst.enter(writer)?;
        Ok(burst)
    }

    /// A transaction that makes `writer` the one that may write.
    pub(super) fn claim(db: &Database, writer: f64) -> Result<Self, Cause> {
        let mut burst = Self::begin_write(db, &[FENCE], Durability::Relaxed)?;
        burst.send(burst.store(FENCE)?.clear())?;
        burst.enter(writer)?;
        Ok(burst)
    }

    fn enter(&mut self, writer: f64) -> Result<(), Cause> {
        let entry = object(&[(FENCE_ONLY, 1.into())]);
        let fence = self.store(FENCE)?;
        self.send(fence.put_with_key(&entry, &writer.into()))
    }

    fn begin_write(db: &Database, stores: &[&str], durability: Durability) -> Result<Self, Cause> {
        let durability = match durability {
            Durability::Relaxed => "relaxed",
            Durability::Strict => "strict",
        };
        let options = object(&[("durability", durability.into())]);
        Self::begin(db, stores, "readwrite", &options)
    }

    fn begin(db: &Database, stores: &[&str], mode: &str, options: &JsValue) -> Result<Self, Cause> {
        let names: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
        let db: &Transacting = db.as_sys().unchecked_ref();
        let tx = db.begin(&names, mode, options).map_err(|e| cause(&e))?;
        let requests = Vec::new();
        Ok(Self {
            tx,
            requests,
            fenced: false,
            at_once: false,
        })
    }

    /// A store of the transaction.
    pub(super) fn store(&self, name: &str) -> Result<IdbObjectStore, Cause> {
        self.or_abort(self.tx.object_store(name))
    }

    /// Takes a request that was issued.
    pub(super) fn send(&mut self, request: Result<IdbRequest, JsValue>) -> Result<(), Cause> {
        let request = self.or_abort(request)?;
        self.requests.push(request);
        Ok(())
    }

    /// A part of a transaction must not be committed by the browser.
    pub(super) fn or_abort<T>(&self, result: Result<T, JsValue>) -> Result<T, Cause> {
        result.map_err(|error| {
            let _ = self.tx.abort();
            cause(&error)
        })
    }

    /// The results of the requests, in their order.
    pub(super) async fn answers(self) -> Result<Vec<JsValue>, Cause> {
        self.end();
        // They are answered in their order, and one that fails ends those after it.
        if let Some(last) = self.requests.last()
            && !settled(|good, bad| {
                last.set_onsuccess(Some(good));
                last.set_onerror(Some(bad));
            })
            .await
        {
            return Err(self.failure());
        }
        let results = self.requests.iter().map(|request| request.result());
        results
            .collect::<Result<_, _>>()
            .map_err(|error| cause(&error))
    }

    /// No more requests come. Browsers that do not know the call commit after the last answer.
    fn end(&self) {
        if self.at_once {
            let _ = self.tx.unchecked_ref::<Ending>().commit();
        }
    }

    /// Ends when everything is on its way to the disk, as durably as was asked for.
    pub(super) async fn commit(self) -> Result<(), Cause> {
        self.end();
        let done = settled(|good, bad| {
            self.tx.set_oncomplete(Some(good));
            self.tx.set_onabort(Some(bad));
        });
        match done.await {
            true => Ok(()),
            false => Err(self.failure()),
        }
    }

    /// Why the transaction was aborted. A full disk shows itself at the transaction only, a lost
    /// connection nowhere at all.
    fn failure(&self) -> Cause {
        if self.fenced
            && let Some(Ok(Some(refused))) = self.requests.first().map(IdbRequest::error)
            && refused.name() == "ConstraintError"
        {
            return Cause::Store(StoreError::Fenced);
        }
        let errors = self.requests.iter().map(|request| request.error());
        let first = errors.filter_map(|error| error.ok().flatten()).next();
        match self.tx.error().or(first) {
            Some(error) => cause(&error),
            None => Cause::ConnectionLost,
        }
    }
}

/// Waits for one of two events; whether it was the first. The handlers are those of a promise, so none
/// has to be freed.
async fn settled(listen: impl Fn(&js_sys::Function, &js_sys::Function)) -> bool {
    let promise = Promise::new(&mut |good, bad| listen(&good, &bad));
    JsFuture::from(promise).await.is_ok()
}
