//! The store on IndexedDB as a page runs it: conformance cases, and how long things take.
//!
//! A crate of its own, so that the package's module holds nothing of it.
#![cfg(target_arch = "wasm32")]
use std::rc::Rc;

use js_sys::{Array, Date, Object, Reflect};
use openim_web::store::idb::IdbStores;
use openim_web::store::{
    Durability, MessageRow, Store, StoreError, Stores, Table, Write, conformance,
};
use wasm_bindgen::prelude::*;

fn thrown(error: StoreError) -> JsValue {
    JsValue::from_str(&format!("{error:?}"))
}

/// Runs all conformance cases on fresh databases whose names begin with `tag`; pairs of the case's name
/// and what is wrong ("" = nothing).
#[wasm_bindgen]
pub async fn conform(tag: String) -> Array {
    let results = conformance::run(&IdbStores, &tag).await;
    let pairs = results.into_iter().map(|(name, result)| {
        let wrong = result.err().unwrap_or_default();
        Array::of2(&name.into(), &wrong.into())
    });
    pairs.collect()
}

/// Opens a database; "ok" or the error.
#[wasm_bindgen]
pub async fn open_error(name: String) -> String {
    match IdbStores.open(&name).await {
        Ok(_) => "ok".into(),
        Err(error) => format!("{error:?}"),
    }
}

/// A store that a test holds open.
#[wasm_bindgen]
pub struct Held(Rc<dyn Store>);

#[wasm_bindgen]
impl Held {
    /// Opens a database.
    pub async fn open(name: String) -> Result<Held, JsValue> {
        Ok(Held(IdbStores.open(&name).await.map_err(thrown)?))
    }

    /// Stores a value; "ok" or the error.
    pub async fn put(&self, key: String, value: String) -> String {
        let write = Write::Put {
            table: Table::Meta,
            key,
            value: value.into_bytes(),
        };
        match self.0.apply(vec![write], Durability::Relaxed).await {
            Ok(()) => "ok".into(),
            Err(error) => format!("{error:?}"),
        }
    }

    /// Reads a value; its text or the error.
    pub async fn get(&self, key: String) -> String {
        match self.0.row(Table::Meta, &key).await {
            Ok(row) => String::from_utf8_lossy(&row.unwrap_or_default()).into_owned(),
            Err(error) => format!("{error:?}"),
        }
    }
}

/// A message of the usual size: 300 bytes.
fn message(conversation: &str, seq: i64) -> MessageRow {
    MessageRow {
        client_msg_id: format!("{conversation}_{seq:032x}"),
        server_msg_id: format!("{seq:032x}"),
        create_time: 1_700_000_000_000 + seq,
        send_time: 1_700_000_000_000 + seq,
        session_type: 1,
        send_id: "5318543822".into(),
        recv_id: "9003591784".into(),
        content_type: 101,
        sender_nickname: "Somebody".into(),
        content: format!(
            "{{\"content\":\"message {seq} {}\"}}",
            "lorem ipsum ".repeat(7)
        ),
        seq,
        status: 2,
        ..Default::default()
    }
}

fn insert(conversation: &str, seqs: impl Iterator<Item = i64>) -> Write {
    Write::InsertMessages {
        conversation_id: conversation.to_owned(),
        rows: seqs.map(|seq| message(conversation, seq)).collect(),
    }
}

/// Milliseconds since `begin` a time.
fn each(begin: f64, times: usize) -> f64 {
    (Date::now() - begin) / times as f64
}

/// How long the usual things take, on a fresh database; figures by name.
#[wasm_bindgen]
pub async fn measure(name: String) -> Result<Object, JsValue> {
    let store = IdbStores.open(&name).await.map_err(thrown)?;
    let relaxed = Durability::Relaxed;
    let figures = Object::new();
    let note = |name: &str, value: f64| Reflect::set(&figures, &name.into(), &value.into());

    // History: a transaction holds four blocks, as a pull of some hundred messages makes them.
    let begin = Date::now();
    for first in (1..=50_000).step_by(512) {
        let last = (first + 511).min(50_000);
        let writes = vec![insert("pulled", first..=last)];
        store.apply(writes, relaxed).await.map_err(thrown)?;
    }
    note("inserted 50,000, messages/s", 1000.0 / each(begin, 50_000))?;

    // The same, newest first: below what is held.
    let begin = Date::now();
    for last in (1..=10_000).rev().step_by(512) {
        let writes = vec![insert("backward", (last - 511).max(1)..=last)];
        store.apply(writes, relaxed).await.map_err(thrown)?;
    }
    note(
        "inserted 10,000 newest first, messages/s",
        1000.0 / each(begin, 10_000),
    )?;

    let row = vec![7; 300];
    let begin = Date::now();
    let mut longest = 0f64;
    for seq in 1..=300 {
        let put = |table: Table| Write::Put {
            table,
            key: "live".into(),
            value: row.clone(),
        };
        let writes = vec![
            insert("live", seq..=seq),
            put(Table::Conversations),
            put(Table::Alignment),
        ];
        let one = Date::now();
        store.apply(writes, relaxed).await.map_err(thrown)?;
        longest = longest.max(Date::now() - one);
    }
    note("push, ms each of 300", each(begin, 300))?;
    note("push, longest ms", longest)?;

    store
        .apply(vec![insert("page", 1..=10_000)], relaxed)
        .await
        .map_err(thrown)?;
    for (name, conversation, range) in [
        ("newest page of 20 among 10,000, ms", "page", 1..=i64::MAX),
        ("page of 20 within 10,000, ms", "page", 1..=5_000),
        ("newest page of 20 among pushes, ms", "live", 1..=290),
    ] {
        let begin = Date::now();
        for _ in 0..100 {
            let rows = store
                .messages(conversation, range.clone(), 20, true)
                .await
                .map_err(thrown)?;
            if rows.len() != 20 {
                return Err(name.into());
            }
        }
        note(name, each(begin, 100))?;
    }

    let begin = Date::now();
    for seq in 1..=100 {
        let id = message("page", seq * 97).client_msg_id;
        let rows = store.messages_by_id(&[id]).await.map_err(thrown)?;
        if rows.len() != 1 {
            return Err("lookup".into());
        }
    }
    note("lookup by ID, ms", each(begin, 100))?;

    let begin = Date::now();
    for seq in 1..=100 {
        let rows = vec![MessageRow {
            is_read: true,
            ..message("page", seq * 97)
        }];
        let writes = vec![Write::ReplaceMessages {
            conversation_id: "page".into(),
            rows,
        }];
        store.apply(writes, relaxed).await.map_err(thrown)?;
    }
    note("replacing one among 10,000, ms", each(begin, 100))?;
    store.close().await;

    let begin = Date::now();
    let store = IdbStores.open(&name).await.map_err(thrown)?;
    let rows = store
        .messages("page", 1..=i64::MAX, 20, true)
        .await
        .map_err(thrown)?;
    note("opening and first page, ms", each(begin, 1))?;
    store.close().await;
    if rows.len() != 20 {
        return Err("reopened".into());
    }
    Ok(figures)
}
