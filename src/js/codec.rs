//! Parameters from values to types, replies from types to values, on any platform.
use serde::Serialize;

use crate::api::Method;
use crate::api::error::{Error, Result};
use crate::rt::json::{self, JsonError, Value};

/// The parameters of a method, or error 10002 naming what is wrong.
pub(super) fn decode<P: Method>(params: Value) -> Result<P> {
    json::from_value::<P>(params.clone())
        .map_err(|error| blame(P::NAME, &params, error, &|v| json::from_value::<P>(v).err()))
}

/// The reply as a value.
pub(super) fn encode<R: Serialize>(reply: &R) -> Result<Value> {
    json::to_value(reply).map_err(|error| Error::internal(error.0))
}

/// Finds the parameter an error is about: the one without which the error is another. Serde names
/// missing fields, but not those of a wrong type.
fn blame(
    method: &str,
    params: &Value,
    error: JsonError,
    retry: &dyn Fn(Value) -> Option<JsonError>,
) -> Error {
    let text = error.0.strip_prefix("Error: ").unwrap_or(&error.0);
    let culprit = keys(params)
        .into_iter()
        .find(|key| retry(without(params, key)).as_ref() != Some(&error));
    let mut cause = String::from(method);
    cause.push_str(": ");
    if let Some(key) = culprit {
        cause.push_str(&key);
        cause.push_str(": ");
    }
    cause.push_str(text);
    Error::args(cause)
}

#[cfg(target_arch = "wasm32")]
fn keys(value: &Value) -> Vec<String> {
    use wasm_bindgen::JsCast;
    match value.dyn_ref::<js_sys::Object>() {
        Some(object) if !js_sys::Array::is_array(value) => js_sys::Object::keys(object)
            .iter()
            .filter_map(|key| key.as_string())
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(target_arch = "wasm32")]
fn without(value: &Value, key: &str) -> Value {
    let copy = js_sys::Object::new();
    js_sys::Object::assign(&copy, value.unchecked_ref());
    // Deleting an own property of a plain object cannot fail.
    let _ = js_sys::Reflect::delete_property(&copy, &key.into());
    copy.into()
}

#[cfg(target_arch = "wasm32")]
use wasm_bindgen::JsCast as _;

#[cfg(not(target_arch = "wasm32"))]
fn keys(value: &Value) -> Vec<String> {
    value
        .as_object()
        .map(|object| object.keys().cloned().collect())
        .unwrap_or_default()
}

#[cfg(not(target_arch = "wasm32"))]
fn without(value: &Value, key: &str) -> Value {
    let mut copy = value.clone();
    if let Some(object) = copy.as_object_mut() {
        object.remove(key);
    }
    copy
}
