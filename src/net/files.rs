//! `Files` on the browser's `Blob`s, which pages and workers hand on by reference.
//!
//! Parts go out by `XMLHttpRequest`: `fetch` says nothing of what it has sent so far.
use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;

use async_trait::async_trait;
use futures_channel::mpsc;
use futures_util::StreamExt;
use js_sys::{ArrayBuffer, Function, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{FileInfo, Files, NetError, Put};
use crate::rt::json::Value;

#[wasm_bindgen]
extern "C" {
    type Blob;
    #[wasm_bindgen(method, getter)]
    fn size(this: &Blob) -> f64;
    #[wasm_bindgen(method, getter, js_name = type)]
    fn mime(this: &Blob) -> String;
    /// Of a `File`; a `Blob` has none.
    #[wasm_bindgen(method, getter)]
    fn name(this: &Blob) -> Option<String>;
    #[wasm_bindgen(method)]
    fn slice(this: &Blob, begin: f64, end: f64) -> Blob;
    #[wasm_bindgen(method, js_name = arrayBuffer)]
    fn array_buffer(this: &Blob) -> Promise;

    type XMLHttpRequest;
    #[wasm_bindgen(constructor)]
    fn new() -> XMLHttpRequest;
    #[wasm_bindgen(method, catch)]
    fn open(this: &XMLHttpRequest, method: &str, url: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = setRequestHeader)]
    fn set_header(this: &XMLHttpRequest, name: &str, value: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn send(this: &XMLHttpRequest, body: &Blob) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    fn abort(this: &XMLHttpRequest);
    #[wasm_bindgen(method, getter)]
    fn status(this: &XMLHttpRequest) -> u16;
    #[wasm_bindgen(method, getter)]
    fn upload(this: &XMLHttpRequest) -> Handlers;

    /// What both the request and its upload have.
    type Handlers;
    #[wasm_bindgen(method, setter, js_name = onloadend)]
    fn on_end(this: &Handlers, handler: Option<&Function>);
    #[wasm_bindgen(method, setter, js_name = onprogress)]
    fn on_progress(this: &Handlers, handler: Option<&Function>);

    type ProgressEvent;
    #[wasm_bindgen(method, getter)]
    fn loaded(this: &ProgressEvent) -> f64;
}

/// Files of a page or a worker.
pub struct BlobFiles;

/// Headers that are the browser's to set.
const OWN_HEADERS: [&str; 2] = ["host", "content-length"];

fn part(file: &Value, bytes: &Range<i64>) -> Blob {
    let file: &Blob = file.unchecked_ref();
    file.slice(bytes.start as f64, bytes.end as f64)
}

#[async_trait(?Send)]
impl Files for BlobFiles {
    fn info(&self, file: &Value) -> Option<FileInfo> {
        // By its shape: a page and its frames each have a class `Blob` of their own.
        let is_blob = js_sys::Reflect::get(file, &"arrayBuffer".into());
        if !file.is_object() || !is_blob.is_ok_and(|method| method.is_function()) {
            return None;
        }
        let file: &Blob = file.unchecked_ref();
        Some(FileInfo {
            name: file.name().unwrap_or_default(),
            size: file.size() as i64,
            mime: file.mime(),
        })
    }

    async fn read(&self, file: &Value, bytes: Range<i64>) -> Option<Vec<u8>> {
        let wanted = bytes.end - bytes.start;
        let read = JsFuture::from(part(file, &bytes).array_buffer()).await;
        let buffer: ArrayBuffer = read.ok()?.dyn_into().ok()?;
        // A file that was cut short meanwhile gives less.
        (i64::from(buffer.byte_length()) == wanted).then(|| Uint8Array::new(&buffer).to_vec())
    }

    async fn put(&self, put: Put<'_>, sent: &dyn Fn(i64) -> bool) -> Result<u16, NetError> {
        let (request, mut moved) = Request::begin(&put).map_err(|_| failed())?;
        while moved.next().await.is_some() {
            if !sent(request.loaded.get() as i64) {
                return Err(NetError::Lost);
            }
        }
        match request.inner.status() {
            0 => Err(failed()),
            status => Ok(status),
        }
    }
}

/// A request with its handlers. Dropping it ends it.
struct Request {
    inner: XMLHttpRequest,
    /// Bytes that are out.
    loaded: Rc<Cell<f64>>,
    _on_progress: Closure<dyn FnMut(ProgressEvent)>,
    _on_end: Closure<dyn FnMut()>,
}

impl Request {
    /// Sends the part; the stream has an item whenever more of it is out, and ends with the request.
    fn begin(put: &Put<'_>) -> Result<(Self, mpsc::UnboundedReceiver<()>), JsValue> {
        let inner = XMLHttpRequest::new();
        inner.open("PUT", &put.url)?;
        for (name, value) in &put.headers {
            if !OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
                inner.set_header(name, value)?;
            }
        }
        let (more, moved) = mpsc::unbounded();
        let loaded: Rc<Cell<f64>> = Rc::default();
        let (seen, end) = (loaded.clone(), more.clone());
        let on_progress = Closure::new(move |event: ProgressEvent| {
            seen.set(event.loaded());
            let _ = more.unbounded_send(());
        });
        let on_end = Closure::new(move || end.close_channel());
        let upload = inner.upload();
        upload.on_progress(Some(on_progress.as_ref().unchecked_ref()));
        let own: &Handlers = inner.unchecked_ref();
        own.on_end(Some(on_end.as_ref().unchecked_ref()));
        inner.send(&part(put.file, &put.bytes))?;
        let request = Request {
            inner,
            loaded,
            _on_progress: on_progress,
            _on_end: on_end,
        };
        Ok((request, moved))
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        // A handler that is called after it was dropped throws.
        self.inner.upload().on_progress(None);
        let own: &Handlers = self.inner.unchecked_ref();
        own.on_end(None);
        // Without effect on a request that has ended.
        self.inner.abort();
    }
}

fn failed() -> NetError {
    NetError::Unreachable("the object storage cannot be reached".into())
}
