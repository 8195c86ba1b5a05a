//! Values natively: those of `serde_json`.
use std::fmt;

use super::{JsonError, Kind};

/// A JSON value of the platform.
pub type Value = serde_json::Value;

/// An object in the making.
#[derive(Default)]
pub(super) struct Fields(serde_json::Map<String, Value>);

impl Fields {
    pub(super) fn put(&mut self, name: &'static str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }
}

impl From<Fields> for Value {
    fn from(fields: Fields) -> Value {
        Value::Object(fields.0)
    }
}

fn error(cause: impl fmt::Display) -> JsonError {
    JsonError(cause.to_string())
}

/// JSON text as a platform value.
pub fn parse(text: &str) -> Result<Value, JsonError> {
    serde_json::from_str(text).map_err(error)
}

/// A platform value as compact JSON text.
pub fn stringify(value: &Value) -> Result<String, JsonError> {
    serde_json::to_string(value).map_err(error)
}

/// Whether a value says nothing.
pub fn is_null(value: &Value) -> bool {
    value.is_null()
}

/// A field of an object; `None` if it is absent or null.
pub fn field(value: &Value, name: &str) -> Option<Value> {
    value.get(name).filter(|field| !field.is_null()).cloned()
}

/// An object of these fields.
pub fn object(fields: Vec<(&str, Value)>) -> Value {
    let fields = fields.into_iter();
    Value::Object(
        fields
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

/// A copy of an object with some fields set.
pub fn with(value: &Value, fields: Vec<(&str, Value)>) -> Value {
    let mut object = value.as_object().cloned().unwrap_or_default();
    object.extend(
        fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value)),
    );
    Value::Object(object)
}

/// An array of these items.
pub fn array(items: Vec<Value>) -> Value {
    Value::Array(items)
}

/// The items of an array; none of anything else.
pub fn items(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

pub(super) fn named(value: &Value, name: &'static str) -> Option<Value> {
    field(value, name)
}

pub(super) fn entries(value: &Value) -> Vec<(String, Value)> {
    let entries = value.as_object().into_iter().flatten();
    entries
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

pub(super) fn kind(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Null,
        Value::Bool(_) => Kind::Flag,
        Value::Number(_) => Kind::Number,
        Value::String(_) => Kind::Text,
        Value::Array(_) => Kind::Array,
        Value::Object(_) => Kind::Object,
    }
}

pub(super) fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

pub(super) fn flag(value: &Value) -> Option<bool> {
    value.as_bool()
}

pub(super) fn number(value: &Value) -> Option<f64> {
    value.as_f64()
}

/// A whole number, also if it is written with a point as `1.0`.
pub(super) fn integer(value: &Value) -> Option<i64> {
    let whole = |number: f64| (number.trunc() == number).then_some(number as i64);
    value.as_i64().or_else(|| value.as_f64().and_then(whole))
}

pub(super) fn from_integer(number: i64) -> Value {
    Value::from(number)
}

pub(super) fn null() -> Value {
    Value::Null
}
