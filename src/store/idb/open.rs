//! Opening, upgrading, losing the database; and what its errors mean.
use std::cell::Cell;
use std::rc::Rc;

use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use indexed_db_futures::Build;
use indexed_db_futures::database::Database;
use indexed_db_futures::error::{Error, OpenDbError};
use indexed_db_futures::internals::SystemRepr;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{IdbDatabase, IdbIndexParameters, IdbOpenDbRequest, IdbVersionChangeEvent};

use super::value;
use crate::store::StoreError;
use crate::store::schema::{BLOCK_IDS, BLOCKS, FENCE, FENCE_ONLY, LOOSE, LOOSE_ID, ROWS, VERSION};

/// Opening can hang for ever (an upgrade blocked by another tab, Safari's first open).
const OPEN_MS_MAX: u32 = 10_000;

/// Opens or creates the database. `closed` is set when another page needs it gone.
pub(super) async fn open(name: &str, closed: Rc<Cell<bool>>) -> Result<Database, StoreError> {
    let request = Database::open(name).with_version(VERSION).build();
    let request = request.map_err(|error| unavailable(&error))?;
    // Not by the crate's own listener: its texts of errors print floats, which is 17 KB of code.
    let upgrade = Closure::once(upgrade);
    request
        .as_sys()
        .set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let opened = match select(request, TimeoutFuture::new(OPEN_MS_MAX)).await {
        Either::Left((opened, _)) => opened.map_err(|error| unavailable(&error))?,
        Either::Right(((), request)) => {
            // If it opens later, nobody must be kept waiting by it.
            spawn_local(async move {
                let late = request.await;
                drop(upgrade);
                if let Ok(late) = late {
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

/// One step per version; old steps stay as they were. An error here fails the opening.
fn upgrade(event: IdbVersionChangeEvent) -> Result<(), JsValue> {
    let request: IdbOpenDbRequest = event.target().ok_or(JsValue::NULL)?.unchecked_into();
    let db: IdbDatabase = request.result()?.unchecked_into();
    if event.old_version() < 1.0 {
        db.create_object_store(ROWS)?;
        let blocks = db.create_object_store(BLOCKS)?;
        let many = IdbIndexParameters::new();
        many.set_unique(true);
        many.set_multi_entry(true);
        blocks.create_index_with_str_and_optional_parameters(BLOCK_IDS, BLOCK_IDS, &many)?;
        let loose = db.create_object_store(LOOSE)?;
        loose.create_index_with_str(LOOSE_ID, LOOSE_ID)?;
    }
    if event.old_version() < 2.0 {
        let fence = db.create_object_store(FENCE)?;
        let unique = IdbIndexParameters::new();
        unique.set_unique(true);
        fence.create_index_with_str_and_optional_parameters(FENCE_ONLY, FENCE_ONLY, &unique)?;
    }
    Ok(())
}

/// A newer page that wants to upgrade gets the database at once; this one reads no more.
fn watch(db: &Database, closed: Rc<Cell<bool>>) {
    let database = db.as_sys().clone();
    let give_way = Closure::once_into_js(move || {
        closed.set(true);
        database.close();
    });
    db.as_sys()
        .set_onversionchange(Some(give_way.unchecked_ref()));
}

fn unavailable(error: &OpenDbError) -> StoreError {
    StoreError::Unavailable(match error {
        OpenDbError::Base(Error::DomException(error)) => error.message(),
        OpenDbError::Base(_) => "the browser did not say why".into(),
        _ => "there is no IndexedDB here".into(),
    })
}

/// What to do about an error.
pub(super) enum Cause {
    /// The browser took the connection away: open anew.
    ConnectionLost,
    /// Tell it.
    Store(StoreError),
}

/// Sorts what the browser threw by its DOM name.
pub(super) fn cause(error: &JsValue) -> Cause {
    // Not every realm's exceptions are instances of this one's class: by their properties.
    let text = |name| value::field(error, name).as_string().unwrap_or_default();
    let (name, message) = (text("name"), text("message"));
    Cause::Store(match name.as_str() {
        "ConstraintError" => StoreError::Duplicate,
        "QuotaExceededError" => StoreError::Quota(message),
        // The last one: nobody here aborts a transaction that is still waited for.
        "InvalidStateError" | "UnknownError" | "AbortError" => return Cause::ConnectionLost,
        _ => StoreError::Other([&name, ": ", &message].concat()),
    })
}
