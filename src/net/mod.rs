//! Layer 1: bytes in and out. Knows neither the store nor the API types.
//!
//! `Transport` and `Http` are the only doors to the network; the browser's are in `websocket.rs` and
//! `fetch.rs`, the simulated ones in the tests.
use async_trait::async_trait;
use futures_channel::mpsc;

pub mod conn;
#[cfg(target_arch = "wasm32")]
pub mod fetch;
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
    /// The frame would be larger than the server takes (51,200 bytes, wire.md §3).
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
