//! Layer 1: bytes in and out. Knows neither the store nor the API types.
//!
//! `Transport`, `Http` and `Files` are the only doors to the network; the browser's are in
//! `websocket.rs`, `fetch.rs` and `files.rs`, the simulated ones in the tests.
use std::ops::Range;

use async_trait::async_trait;
use futures_channel::mpsc;

use crate::rt::json::Value;

pub mod conn;
#[cfg(target_arch = "wasm32")]
pub mod fetch;
#[cfg(target_arch = "wasm32")]
pub mod files;
pub mod link;
pub mod rest;
#[cfg(target_arch = "wasm32")]
pub mod websocket;
pub mod wire;

/// Opens WebSockets.
#[async_trait(?Send)]
pub trait Transport {
    /// Resolves when the socket is open, fails if it closes before that.
    async fn dial(&self, url: &str) -> Result<Socket, NetError>;
}

/// An open WebSocket: one end to write, one stream to read. Dropping it closes it.
pub struct Socket {
    /// Where frames are written.
    pub sender: Box<dyn SocketSender>,
    /// What arrives; ends after [`SocketEvent::Closed`].
    pub events: mpsc::UnboundedReceiver<SocketEvent>,
}

/// The writing end of a socket. Frames go out in the order of the calls.
pub trait SocketSender {
    /// Sends a binary frame.
    fn send_binary(&self, bytes: &[u8]) -> Result<(), NetError>;
    /// Sends a text frame.
    fn send_text(&self, text: &str) -> Result<(), NetError>;
    /// Closes the socket; [`SocketEvent::Closed`] follows.
    fn close(&self);
}

/// What a socket tells.
#[derive(Clone, Debug, PartialEq)]
pub enum SocketEvent {
    /// A text frame.
    Text(String),
    /// A binary frame.
    Binary(Vec<u8>),
    /// The end, with the browser's close code (nearly always 1006, wire.md §8.2).
    Closed(u16),
}

/// Sends HTTP requests.
#[async_trait(?Send)]
pub trait Http {
    /// POSTs JSON text; resolves with any HTTP status, fails only if there was no answer.
    async fn post(&self, request: HttpRequest) -> Result<HttpReply, NetError>;
}

/// One POST with a JSON body.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpRequest {
    /// Whole address.
    pub url: String,
    /// Headers beside `Content-Type: application/json`.
    pub headers: Vec<(&'static str, String)>,
    /// JSON text.
    pub body: String,
}

/// An HTTP answer.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpReply {
    /// HTTP status; application errors come with 200 (data.md §1).
    pub status: u16,
    /// The whole body as text.
    pub body: String,
}

/// Reads files of the application, which stay where they are, and sends them in parts.
#[async_trait(?Send)]
pub trait Files {
    /// What a value is, if it is a file.
    fn info(&self, file: &Value) -> Option<FileInfo>;

    /// Some bytes of a file; `None` if it cannot be read (any more).
    async fn read(&self, file: &Value, bytes: Range<i64>) -> Option<Vec<u8>>;

    /// PUTs some bytes of a file; resolves with any HTTP status, fails only if there was no answer.
    /// `sent` is told how many bytes are out, and answers whether to go on.
    async fn put(&self, put: Put<'_>, sent: &dyn Fn(i64) -> bool) -> Result<u16, NetError>;
}

/// A file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileInfo {
    /// Without folders.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// MIME type; "" if unknown.
    pub mime: String,
}

/// One PUT with a part of a file as its body.
#[derive(Debug)]
pub struct Put<'a> {
    /// Whole address.
    pub url: String,
    /// Headers that are signed.
    pub headers: Vec<(String, String)>,
    /// Of this file.
    pub file: &'a Value,
    /// These bytes.
    pub bytes: Range<i64>,
}

/// Why the network did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetError {
    /// There is no connection; nothing was sent.
    NotConnected,
    /// The connection went away after the request was sent: it may or may not have taken effect.
    Lost,
    /// No answer in time: it may or may not have taken effect.
    Timeout,
    /// The server answered with an error code (wire.md §9.1).
    Server {
        /// Its number.
        code: i32,
        /// Its short name and detail.
        message: String,
    },
    /// An answer that is not what the protocol says: what it was, for the developer.
    Malformed(String),
    /// The frame would be larger than the server takes (51,200 bytes, compressed; wire.md §3).
    TooLarge {
        /// Bytes of the frame.
        bytes: usize,
    },
    /// HTTP status other than 200.
    Http {
        /// The status.
        status: u16,
        /// Beginning of the body.
        body: String,
    },
    /// The request could not be made or there was no answer (refused, DNS, CORS, offline): a text of the browser.
    Unreachable(String),
}
