//! The browser's clock, timers, tasks, randomness and console; the same in a page and in a worker.
use futures_util::future::LocalBoxFuture;
use gloo_timers::future::TimeoutFuture;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::{Level, Runtime};

#[wasm_bindgen]
extern "C" {
    // `crypto.getRandomValues` exists on pages without TLS too, unlike `crypto.randomUUID`.
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &Uint8Array);
}

/// The runtime of a page or a worker.
pub struct BrowserRuntime;

impl Runtime for BrowserRuntime {
    fn now_ms(&self) -> i64 {
        js_sys::Date::now() as i64
    }

    fn sleep(&self, ms: u32) -> LocalBoxFuture<'static, ()> {
        Box::pin(TimeoutFuture::new(ms))
    }

    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        wasm_bindgen_futures::spawn_local(task);
    }

    fn random(&self) -> u64 {
        let bytes = Uint8Array::new_with_length(8);
        get_random_values(&bytes);
        let mut number = [0; 8];
        bytes.copy_to(&mut number);
        u64::from_le_bytes(number)
    }

    fn log(&self, level: Level, text: &str) {
        let line = JsValue::from_str(&["openim-web: ", text].concat());
        match level {
            Level::Error => web_sys::console::error_1(&line),
            Level::Warn => web_sys::console::warn_1(&line),
            Level::Debug => web_sys::console::debug_1(&line),
        }
    }
}
