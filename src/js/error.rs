//! Errors as JavaScript sees them, and what happens when the engine panics.
use std::cell::RefCell;

use js_sys::Function;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::api::error::{Error, code};

thread_local! {
    /// Who is told of a panic. All clients of a page share the module, and die together.
    static WATCHERS: RefCell<Vec<Function>> = const { RefCell::new(Vec::new()) };
}

/// What a call rejects with.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rejection<'a> {
    err_code: i32,
    err_msg: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    cause: &'a str,
}

/// `{errCode, errMsg, cause}`.
pub(super) fn to_js(error: &Error) -> JsValue {
    let rejection = Rejection {
        err_code: error.code,
        err_msg: &error.message,
        cause: &error.cause,
    };
    serde_wasm_bindgen::to_value(&rejection).unwrap_or_else(JsValue::from)
}

/// A call on a closed client.
pub(super) fn closed() -> Error {
    Error::new(code::NOT_INIT, "the client is closed")
}

/// Calls `died(cause)` when code of this module panics. A panic leaves the module's memory in an
/// unknown state, so that nothing of it can be used afterwards.
pub(super) fn watch_panics(died: Function) {
    WATCHERS.with_borrow_mut(|watchers| watchers.push(died));
}

/// What every panic calls before it traps: the build puts this call in the place of the panic's own
/// words (`xtask/src/panics.rs`).
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "wasm-bindgen exports public functions only")]
pub fn panicked() {
    let cause = JsValue::from_str("internal error: a panic");
    // A panic inside this very borrow would have nobody to tell.
    let watchers = WATCHERS.with(|w| w.try_borrow_mut().map(|mut w| std::mem::take(&mut *w)));
    for died in watchers.unwrap_or_default() {
        let _ = died.call1(&JsValue::NULL, &cause);
    }
}
