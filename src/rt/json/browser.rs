//! Values in the browser: those of JavaScript.
use std::cell::RefCell;

use js_sys::{Array, JSON, Object};
use wasm_bindgen::prelude::*;

use super::{JsonError, Kind};

/// A JSON value of the platform.
pub type Value = JsValue;

#[wasm_bindgen]
extern "C" {
    /// Any object; a getter that throws counts as absent.
    type Fieldwise;
    #[wasm_bindgen(method, indexing_getter, catch)]
    fn get(this: &Fieldwise, name: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, indexing_setter)]
    fn set(this: &Fieldwise, name: &JsValue, value: JsValue);
}

thread_local! {
    /// Field names as JavaScript strings, by where they lie: making one anew for each field of each
    /// object would cost more than all else.
    static NAMES: RefCell<Vec<(*const u8, usize, JsValue)>> = const { RefCell::new(Vec::new()) };
}

fn with_name<R>(name: &'static str, then: impl FnOnce(&JsValue) -> R) -> R {
    NAMES.with_borrow_mut(|names| {
        let place = (name.as_ptr(), name.len());
        let found = names.binary_search_by_key(&place, |entry| (entry.0, entry.1));
        let index = found.unwrap_or_else(|index| {
            names.insert(index, (place.0, place.1, JsValue::from_str(name)));
            index
        });
        then(&names[index].2)
    })
}

/// An object in the making.
pub(super) struct Fields(Object);

impl Default for Fields {
    fn default() -> Self {
        Fields(Object::new())
    }
}

impl Fields {
    pub(super) fn put(&mut self, name: &'static str, value: Value) {
        with_name(name, |name| {
            self.0.unchecked_ref::<Fieldwise>().set(name, value)
        });
    }
}

impl From<Fields> for Value {
    fn from(fields: Fields) -> Value {
        fields.0.into()
    }
}

fn error(cause: JsValue) -> JsonError {
    JsonError(js_sys::Error::from(cause).message().into())
}

/// JSON text as a platform value.
pub fn parse(text: &str) -> Result<Value, JsonError> {
    JSON::parse(text).map_err(error)
}

/// A platform value as compact JSON text.
pub fn stringify(value: &Value) -> Result<String, JsonError> {
    let text = JSON::stringify(value).map_err(error)?;
    // `stringify(undefined)` is undefined, not text.
    text.as_string()
        .ok_or_else(|| JsonError("not a JSON value".into()))
}

/// Whether a value says nothing.
pub fn is_null(value: &Value) -> bool {
    value.is_null() || value.is_undefined()
}

/// A field of an object; `None` if it is absent or null.
pub fn field(value: &Value, name: &str) -> Option<Value> {
    present(value, &JsValue::from_str(name))
}

fn present(value: &Value, name: &JsValue) -> Option<Value> {
    let field = value.unchecked_ref::<Fieldwise>().get(name).ok()?;
    (!is_null(&field)).then_some(field)
}

/// An object of these fields.
pub fn object(fields: Vec<(&str, Value)>) -> Value {
    let object = Object::new();
    for (name, value) in fields {
        let object = object.unchecked_ref::<Fieldwise>();
        object.set(&JsValue::from_str(name), value);
    }
    object.into()
}

/// A copy of an object with some fields set.
pub fn with(value: &Value, fields: Vec<(&str, Value)>) -> Value {
    let own = Object::entries(value.unchecked_ref());
    let copy = Object::from_entries(&own).unwrap_or_default();
    for (name, value) in fields {
        let copy = copy.unchecked_ref::<Fieldwise>();
        copy.set(&JsValue::from_str(name), value);
    }
    copy.into()
}

/// An array of these items.
pub fn array(items: Vec<Value>) -> Value {
    items.into_iter().collect::<Array>().into()
}

/// The items of an array; none of anything else.
pub fn items(value: &Value) -> Vec<Value> {
    if Array::is_array(value) {
        Array::from(value).iter().collect()
    } else {
        Vec::new()
    }
}

pub(super) fn named(value: &Value, name: &'static str) -> Option<Value> {
    with_name(name, |name| present(value, name))
}

pub(super) fn entries(value: &Value) -> Vec<(String, Value)> {
    let entries = Object::entries(value.unchecked_ref());
    let pair = |pair: JsValue| {
        let pair: Array = pair.unchecked_into();
        (pair.get(0).as_string().unwrap_or_default(), pair.get(1))
    };
    entries.iter().map(pair).collect()
}

pub(super) fn kind(value: &Value) -> Kind {
    if value.is_string() {
        Kind::Text
    } else if value.as_f64().is_some() {
        Kind::Number
    } else if value.as_bool().is_some() {
        Kind::Flag
    } else if Array::is_array(value) {
        Kind::Array
    } else if value.is_object() {
        Kind::Object
    } else {
        Kind::Null
    }
}

pub(super) fn text(value: &Value) -> Option<String> {
    value.as_string()
}

pub(super) fn flag(value: &Value) -> Option<bool> {
    value.as_bool()
}

pub(super) fn number(value: &Value) -> Option<f64> {
    value.as_f64()
}

/// A whole number that JavaScript holds exactly.
pub(super) fn integer(value: &Value) -> Option<i64> {
    let number = value.as_f64()?;
    let whole = number as i64;
    (whole as f64 == number).then_some(whole)
}

pub(super) fn from_integer(number: i64) -> Value {
    JsValue::from_f64(number as f64)
}

pub(super) fn null() -> Value {
    JsValue::NULL
}
