//! `Transport` on the browser's WebSocket.
use std::cell::RefCell;
use std::rc::Rc;

use async_trait::async_trait;
use futures_channel::{mpsc, oneshot};
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

use super::{NetError, Socket, SocketEvent, SocketSender, Transport};

/// Opens WebSockets of a page or a worker.
pub struct WebSocketTransport;

#[async_trait(?Send)]
impl Transport for WebSocketTransport {
    async fn dial(&self, url: &str) -> Result<Socket, NetError> {
        let socket = WebSocket::new(url).map_err(|error| unreachable(&error))?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let (opened, open) = oneshot::channel();
        let (sender, events) = mpsc::unbounded();
        // Dropped with this future if the dial is given up: that closes the socket.
        let sender = BrowserSocket::listen(socket, opened, sender);
        match open.await {
            Ok(()) => Ok(Socket {
                sender: Box::new(sender),
                events,
            }),
            // The browser does not say why: refused, TLS, proxy or a closed door all look alike.
            Err(_) => Err(NetError::Unreachable(
                "the WebSocket closed before it was open".into(),
            )),
        }
    }
}

/// A socket with its handlers. They are taken off before they are dropped: a closure that is called
/// after that throws.
struct BrowserSocket {
    socket: WebSocket,
    _on_open: Closure<dyn FnMut()>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut(CloseEvent)>,
}

impl BrowserSocket {
    fn listen(
        socket: WebSocket,
        opened: oneshot::Sender<()>,
        events: mpsc::UnboundedSender<SocketEvent>,
    ) -> Self {
        let opened = Rc::new(RefCell::new(Some(opened)));
        let waiting = opened.clone();
        let on_open = Closure::new(move || {
            if let Some(opened) = waiting.borrow_mut().take() {
                // Nobody waits when the dial was given up meanwhile.
                let _ = opened.send(());
            }
        });
        let messages = events.clone();
        let on_message = Closure::new(move |event: MessageEvent| {
            if let Some(event) = frame(&event.data()) {
                let _ = messages.unbounded_send(event);
            }
        });
        let on_close = Closure::new(move |event: CloseEvent| {
            opened.borrow_mut().take();
            let _ = events.unbounded_send(SocketEvent::Closed(event.code()));
            events.close_channel();
        });
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        BrowserSocket {
            socket,
            _on_open: on_open,
            _on_message: on_message,
            _on_close: on_close,
        }
    }

    fn ready(&self) -> Result<(), NetError> {
        // A closing socket swallows what is sent without a word.
        match self.socket.ready_state() {
            WebSocket::OPEN => Ok(()),
            _ => Err(NetError::NotConnected),
        }
    }
}

impl SocketSender for BrowserSocket {
    fn send_binary(&self, bytes: &[u8]) -> Result<(), NetError> {
        self.ready()?;
        self.socket
            .send_with_u8_array(bytes)
            .map_err(|_| NetError::NotConnected)
    }

    fn send_text(&self, text: &str) -> Result<(), NetError> {
        self.ready()?;
        self.socket
            .send_with_str(text)
            .map_err(|_| NetError::NotConnected)
    }

    fn close(&self) {
        // Throws only for wrong codes; there is none.
        let _ = self.socket.close();
    }
}

impl Drop for BrowserSocket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        self.close();
    }
}

fn frame(data: &JsValue) -> Option<SocketEvent> {
    if let Some(buffer) = data.dyn_ref::<ArrayBuffer>() {
        return Some(SocketEvent::Binary(Uint8Array::new(buffer).to_vec()));
    }
    data.as_string().map(SocketEvent::Text)
}

fn unreachable(error: &JsValue) -> NetError {
    let text = error.dyn_ref::<js_sys::Error>();
    NetError::Unreachable(text.map_or_else(String::new, |error| error.message().into()))
}
