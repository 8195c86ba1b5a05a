//! `Http` on the browser's fetch.
use async_trait::async_trait;
use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Response};

use super::{Http, HttpReply, HttpRequest, NetError};

#[wasm_bindgen]
extern "C" {
    // The global function: pages and workers have it, `Window::fetch` is only in pages.
    #[wasm_bindgen(catch)]
    fn fetch(url: &str, init: &Object) -> Result<Promise, JsValue>;
}

/// Requests of a page or a worker.
pub struct FetchHttp;

#[async_trait(?Send)]
impl Http for FetchHttp {
    async fn post(&self, request: HttpRequest) -> Result<HttpReply, NetError> {
        exchange(request).await.map_err(|error| unreachable(&error))
    }
}

async fn exchange(request: HttpRequest) -> Result<HttpReply, JsValue> {
    // Dropped with this future, when the caller's time is up.
    let abort = AbortOnDrop(AbortController::new()?);
    let headers = Object::new();
    set(&headers, "Content-Type", "application/json".into());
    for (name, value) in &request.headers {
        set(&headers, name, value.as_str().into());
    }
    let init = Object::new();
    set(&init, "method", "POST".into());
    set(&init, "headers", headers.into());
    set(&init, "body", request.body.into());
    set(&init, "signal", abort.0.signal().into());
    let answer = JsFuture::from(fetch(&request.url, &init)?).await?;
    let answer: Response = answer.dyn_into()?;
    let body = JsFuture::from(answer.text()?).await?;
    Ok(HttpReply {
        status: answer.status(),
        body: body.as_string().unwrap_or_default(),
    })
}

struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        // Without effect on a request that has ended.
        self.0.abort();
    }
}

fn set(object: &Object, key: &str, value: JsValue) {
    // Setting a field of a fresh object cannot fail.
    let _ = Reflect::set(object, &key.into(), &value);
}

fn unreachable(error: &JsValue) -> NetError {
    let text = error.dyn_ref::<js_sys::Error>();
    NetError::Unreachable(text.map_or_else(String::new, |error| error.message().into()))
}
