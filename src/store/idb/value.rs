//! Keys and values as JavaScript sees them.
use js_sys::{Array, JsString, Object, Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::IdbKeyRange;

use crate::store::blocks::{self, Block};
use crate::store::{MessageRow, StoreError, Table};

/// The highest seq: what a number of JavaScript can count to.
pub(super) const SEQ_MAX: i64 = (1 << 53) - 1;

/// Key of a small row.
pub(super) fn key(table: Table, name: &str) -> JsValue {
    Array::of2(&number(table), &JsValue::from_str(name)).into()
}

fn number(table: Table) -> JsValue {
    JsValue::from_f64(f64::from(table as u8))
}

/// The name in a small row's key.
pub(super) fn name_of(key: &JsValue) -> String {
    Array::from(key).get(1).as_string().unwrap_or_default()
}

/// All rows of a table whose name begins with `prefix`.
pub(super) fn prefix_range(table: Table, prefix: &str) -> JsValue {
    // Where the prefix ends, counted up by one in the units that keys are sorted by: UTF-16.
    let mut units: Vec<u16> = prefix.encode_utf16().collect();
    while units.last() == Some(&u16::MAX) {
        units.pop();
    }
    let end = match units.last_mut() {
        Some(last) => {
            *last += 1;
            Array::of2(&number(table), &JsString::from_char_code(&units))
        }
        None => Array::of1(&JsValue::from_f64(f64::from(table as u8 + 1))),
    };
    range_before(&key(table, prefix), &end.into())
}

/// Key of a block.
pub(super) fn bound(id: &str, seq: i64) -> JsValue {
    Array::of2(&JsValue::from_str(id), &JsValue::from_f64(seq as f64)).into()
}

/// The seq in a block's key.
pub(super) fn seq_of(key: &JsValue) -> i64 {
    Array::from(key).get(1).as_f64().unwrap_or(0.0) as i64
}

/// Key of a loose message.
pub(super) fn loose_key(id: &str, client_msg_id: &str) -> JsValue {
    Array::of2(&JsValue::from_str(id), &JsValue::from_str(client_msg_id)).into()
}

/// Both ends inclusive.
pub(super) fn range_of(first: &JsValue, last: &JsValue) -> JsValue {
    query(IdbKeyRange::bound(first, last))
}

/// With the first, without the end.
fn range_before(first: &JsValue, end: &JsValue) -> JsValue {
    query(IdbKeyRange::bound_with_lower_open_and_upper_open(
        first, end, false, true,
    ))
}

/// A range as what the browser is asked with. One that ends before it begins throws there; here it holds
/// nothing, like the key that nothing is stored under.
fn query(range: Result<IdbKeyRange, JsValue>) -> JsValue {
    range.map_or_else(|_| Array::new().into(), Into::into)
}

/// Everything under a conversation: arrays sort after all numbers and texts.
pub(super) fn conversation_range(id: &str) -> JsValue {
    let id = JsValue::from_str(id);
    let end = Array::of2(&id, &Array::new());
    range_before(&Array::of1(&id).into(), &end.into())
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

/// A block with the clientMsgIDs of its messages, for their index.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) block: Block,
    pub(super) ids: Array,
}

impl Held {
    /// A block of a run. An ID that is in it twice is refused here: an index with several entries a
    /// value takes it for one.
    pub(super) fn of(run: &[MessageRow]) -> Result<Self, StoreError> {
        let ids = run.iter().map(|row| JsValue::from_str(&row.client_msg_id));
        let ids: Array = ids.collect();
        if js_sys::Set::new(&ids).size() != ids.length() {
            return Err(StoreError::Duplicate);
        }
        let block = Block::of(run)?;
        Ok(Self { block, ids })
    }

    /// A block as stored.
    pub(super) fn read(value: &JsValue) -> Result<Self, StoreError> {
        let last = field(value, "s").as_f64().unwrap_or(0.0) as i64;
        let block = Block::read(last, bytes_of(&field(value, "b")))?;
        let ids = Array::from(&field(value, "ids"));
        if ids.length() as usize != block.len() {
            return Err(StoreError::Corrupt("a block and its IDs differ".into()));
        }
        Ok(Self { block, ids })
    }

    /// Takes out all seqs up to one, which must be below its last.
    pub(super) fn cut(&mut self, up_to: i64) -> Result<(), StoreError> {
        let length = self.ids.length();
        self.block.cut(up_to)?;
        self.ids = self.ids.slice(length - self.block.len() as u32, length);
        Ok(())
    }

    /// Adds the run that follows it.
    pub(super) fn append(&mut self, next: Self) {
        self.block.append(next.block);
        self.ids = self.ids.concat(&next.ids);
    }

    /// What is stored.
    pub(super) fn value(&self, id: &str) -> JsValue {
        object(&[
            ("c", JsValue::from_str(id)),
            ("s", JsValue::from_f64(self.block.last() as f64)),
            ("ids", self.ids.clone().into()),
            ("b", bytes(self.block.bytes())),
        ])
    }
}

/// The value of a loose message.
pub(super) fn loose_value(id: &str, row: &MessageRow) -> JsValue {
    object(&[
        ("c", JsValue::from_str(id)),
        ("id", JsValue::from_str(&row.client_msg_id)),
        ("b", bytes(&blocks::encode(std::slice::from_ref(row)))),
    ])
}
