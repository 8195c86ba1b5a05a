//! Parameters from values to types, replies from types to values, on any platform.
use serde::Serialize;

use crate::api::Method;
use crate::api::error::{Error, Result};
#[cfg(not(target_arch = "wasm32"))]
use crate::rt::json::JsonError;
use crate::rt::json::{self, Value};

/// The parameters of a method, or error 10002 naming what is wrong.
pub(super) fn decode<P: Method>(params: Value) -> Result<P> {
    // In the browser the reader itself names the field.
    #[cfg(target_arch = "wasm32")]
    let decoded = json::from_value::<P>(params);
    #[cfg(not(target_arch = "wasm32"))]
    let decoded = json::from_value::<P>(params.clone())
        .map_err(|error| blame(&params, error, &|v| json::from_value::<P>(v).err()));
    decoded.map_err(|error| wrong(P::NAME, &error.0))
}

#[inline(never)]
fn wrong(method: &str, why: &str) -> Error {
    Error::args([method, ": ", why].concat())
}

/// The reply as a value.
pub(super) fn encode<R: Serialize>(reply: &R) -> Result<Value> {
    json::to_value(reply).map_err(|error| Error::internal(error.0))
}

/// Finds the parameter an error is about: the one without which the error is another. Serde names
/// missing fields, but not those of a wrong type.
#[cfg(not(target_arch = "wasm32"))]
fn blame(
    params: &Value,
    error: JsonError,
    retry: &dyn Fn(Value) -> Option<JsonError>,
) -> JsonError {
    let Some(object) = params.as_object() else {
        return error;
    };
    let culprit = object.keys().find(|key| {
        let mut without = object.clone();
        without.remove(*key);
        retry(Value::Object(without)).as_ref() != Some(&error)
    });
    match culprit {
        Some(key) => JsonError([key, ": ", &error.0].concat()),
        None => error,
    }
}
