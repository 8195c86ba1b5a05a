//! Opening, upgrading, losing the database; and what its errors mean.
use std::cell::Cell;
use std::rc::Rc;

use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use indexed_db_futures::KeyPath;
use indexed_db_futures::database::{Database, VersionChangeEvent};
use indexed_db_futures::error::{Error, OpenDbError};
use indexed_db_futures::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

use crate::store::StoreError;
use crate::store::schema::{BLOCK_IDS, BLOCKS, LOOSE, LOOSE_ID, ROWS, VERSION};

/// Opening can hang for ever (an upgrade blocked by another tab, Safari's first open).
const OPEN_MS_MAX: u32 = 10_000;

/// Opens or creates the database. `closed` is set when another page needs it gone.
pub(super) async fn open(name: &str, closed: Rc<Cell<bool>>) -> Result<Database, StoreError> {
    let request = Database::open(name)
        .with_version(VERSION)
        .with_on_upgrade_needed(upgrade)
        .into_future();
    let opened = match select(request, TimeoutFuture::new(OPEN_MS_MAX)).await {
        Either::Left((opened, _)) => opened.map_err(|error| unavailable(&error))?,
        Either::Right(((), request)) => {
            // If it opens later, nobody must be kept waiting by it.
            spawn_local(async move {
                if let Ok(late) = request.await {
                    late.close();
                }
            });
            return Err(StoreError::Unavailable(
                "opening took too long: another page may hold an older version".into(),
            ));
        }
    };
    watch(&opened, closed);
    Ok(opened)
}

/// One step per version; old steps stay as they were.
fn upgrade(event: VersionChangeEvent, db: Database) -> Result<(), Error> {
    if event.old_version() < 1.0 {
        db.create_object_store(ROWS).build()?;
        let blocks = db.create_object_store(BLOCKS).build()?;
        let ids = blocks.create_index(BLOCK_IDS, KeyPath::One(BLOCK_IDS));
        ids.with_unique(true).with_multi_entry(true).build()?;
        let loose = db.create_object_store(LOOSE).build()?;
        loose
            .create_index(LOOSE_ID, KeyPath::One(LOOSE_ID))
            .build()?;
    }
    Ok(())
}

/// A newer page that wants to upgrade gets the database at once; this one reads no more.
fn watch(db: &Database, closed: Rc<Cell<bool>>) {
    let Ok(mut changes) = db.version_changes() else {
        return;
    };
    let db = db.clone();
    spawn_local(async move {
        if changes.recv().await.is_some() {
            closed.set(true);
            db.close();
        }
    });
}

fn unavailable(error: &OpenDbError) -> StoreError {
    StoreError::Unavailable(match error {
        OpenDbError::Base(Error::DomException(error)) => error.message(),
        OpenDbError::Base(error) => words(error),
        _ => "there is no IndexedDB here".into(),
    })
}

/// An error that the browser has no name for. Not by the crate's own texts, which print floats: 17 KB.
fn words(error: &Error) -> String {
    match error {
        Error::MissingData(what) => what.to_string(),
        Error::Serialisation(_) => "a value cannot be stored".into(),
        _ => "the browser did not say why".into(),
    }
}

/// What to do about an error.
pub(super) enum Cause {
    /// The browser took the connection away: open anew.
    ConnectionLost,
    /// Tell it.
    Store(StoreError),
}

/// Sorts an error by its DOM name.
pub(super) fn cause(error: &Error) -> Cause {
    let Error::DomException(error) = error else {
        return Cause::Store(StoreError::Other(words(error)));
    };
    let value: JsValue = error.clone().into();
    match value.dyn_ref::<web_sys::DomException>() {
        Some(error) => cause_of(error),
        None => Cause::Store(StoreError::Other(error.message())),
    }
}

/// Sorts a DOM exception by its name.
pub(super) fn cause_of(error: &web_sys::DomException) -> Cause {
    let (name, message) = (error.name(), error.message());
    Cause::Store(match name.as_str() {
        "ConstraintError" => StoreError::Duplicate,
        "QuotaExceededError" => StoreError::Quota(message),
        // The last one: nobody here aborts a transaction that is still waited for.
        "InvalidStateError" | "UnknownError" | "AbortError" => return Cause::ConnectionLost,
        _ => StoreError::Other([&name, ": ", &message].concat()),
    })
}
