//! Errors as JavaScript sees them.
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::api::error::{Error, code};

/// What a call rejects with.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rejection<'a> {
    err_code: i32,
    err_name: &'a str,
    err_msg: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    cause: &'a str,
}

/// `{errCode, errName, errMsg, cause}`.
pub(super) fn to_js(error: &Error) -> JsValue {
    let rejection = Rejection {
        err_code: error.code,
        err_name: error.name,
        err_msg: &error.message,
        cause: &error.cause,
    };
    serde_wasm_bindgen::to_value(&rejection).unwrap_or_else(JsValue::from)
}

/// A call on a closed client.
pub(super) fn closed() -> Error {
    Error::new(code::NOT_INIT, "the client is closed")
}
