//! Keys and values as JavaScript sees them.
use indexed_db_futures::KeyRange;
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::JsValue;

use crate::store::{MessageRow, StoreError, Table, blocks};

/// Key of a small row.
pub(super) fn key(table: Table, name: &str) -> JsValue {
    Array::of2(
        &JsValue::from_f64(f64::from(table as u8)),
        &JsValue::from_str(name),
    )
    .into()
}

/// The name in a small row's key.
pub(super) fn name_of(key: &JsValue) -> String {
    Array::from(key).get(1).as_string().unwrap_or_default()
}

/// All rows of a table whose name begins with `prefix`.
pub(super) fn prefix_range(table: Table, prefix: &str) -> KeyRange<JsValue> {
    if prefix.is_empty() {
        let next = Array::of1(&JsValue::from_f64(f64::from(table as u8 + 1)));
        return KeyRange::Bound(key(table, ""), false, next.into(), true);
    }
    // No name has a higher character behind the prefix.
    let end = [prefix, "\u{ffff}"].concat();
    KeyRange::Bound(key(table, prefix), false, key(table, &end), false)
}

/// Key of a block.
pub(super) fn bound(id: &str, seq: i64) -> JsValue {
    Array::of2(&JsValue::from_str(id), &JsValue::from_f64(seq as f64)).into()
}

/// Key of a loose message.
pub(super) fn loose_key(id: &str, client_msg_id: &str) -> JsValue {
    Array::of2(&JsValue::from_str(id), &JsValue::from_str(client_msg_id)).into()
}

/// Both ends inclusive.
pub(super) fn range_of(first: &JsValue, last: &JsValue) -> KeyRange<JsValue> {
    KeyRange::Bound(first.clone(), false, last.clone(), false)
}

/// Everything under a conversation: arrays sort after all numbers and texts.
pub(super) fn conversation_range(id: &str) -> KeyRange<JsValue> {
    let id = JsValue::from_str(id);
    let end = Array::of2(&id, &Array::new());
    KeyRange::Bound(Array::of1(&id).into(), false, end.into(), true)
}

/// A property; undefined where there is none.
pub(super) fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// Bytes of a `Uint8Array`.
pub(super) fn bytes_of(value: &JsValue) -> Vec<u8> {
    Uint8Array::new(value).to_vec()
}

/// Bytes as a `Uint8Array`.
pub(super) fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// A plain object.
pub(super) fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // A fresh object takes every property.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}

/// A block as read.
#[derive(Clone)]
pub(super) struct Block {
    pub(super) rows: Vec<MessageRow>,
}

impl Block {
    pub(super) fn read(value: &JsValue) -> Result<Self, StoreError> {
        let rows = blocks::decode(&bytes_of(&field(value, "b")))?;
        if rows.is_empty() {
            return Err(StoreError::Corrupt("an empty block".into()));
        }
        Ok(Self { rows })
    }

    pub(super) fn first(&self) -> i64 {
        self.rows.first().map_or(0, |row| row.seq)
    }

    pub(super) fn last(&self) -> i64 {
        self.rows.last().map_or(0, |row| row.seq)
    }
}

/// The value of a block.
pub(super) fn block_value(id: &str, rows: &[MessageRow]) -> JsValue {
    let ids: Array = rows
        .iter()
        .map(|row| JsValue::from_str(&row.client_msg_id))
        .collect();
    object(&[
        ("c", JsValue::from_str(id)),
        ("ids", ids.into()),
        ("b", bytes(&blocks::encode(rows))),
    ])
}

/// The value of a loose message.
pub(super) fn loose_value(id: &str, row: &MessageRow) -> JsValue {
    object(&[
        ("c", JsValue::from_str(id)),
        ("id", JsValue::from_str(&row.client_msg_id)),
        ("b", bytes(&blocks::encode(std::slice::from_ref(row)))),
    ])
}
