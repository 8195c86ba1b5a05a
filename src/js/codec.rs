//! Parameters from values to types.
use crate::api::Method;
use crate::api::error::{Error, Result};
use crate::rt::json::{self, JsonError, Value};

/// The parameters of a method, or error 10002 naming what is wrong.
pub(super) fn decode<P: Method>(params: &Value) -> Result<P> {
    json::from_value(params).map_err(|error| wrong(P::NAME, &error))
}

#[inline(never)]
fn wrong(method: &str, error: &JsonError) -> Error {
    Error::args([method, ": ", &error.0].concat())
}
