//! The server on a port of this machine: the sans-IO [`Server`] behind a lock, axum around it.
use std::collections::HashMap;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use futures_util::SinkExt;
use futures_util::stream::{SplitSink, SplitStream, StreamExt};
use tokio::sync::mpsc::{self, error::TrySendError};
use tower_http::services::ServeDir;

use crate::http;
use crate::model::{ConnId, Model};
use crate::server::{Output, QUEUE, Server, Upgrade};

/// A closed connection has this long for its last bytes.
const LINGER: Duration = Duration::from_millis(50);

/// The running server.
#[derive(Clone)]
pub struct Shell(Arc<Mutex<Inner>>);

struct Inner {
    server: Server,
    writers: HashMap<ConnId, mpsc::Sender<Output>>,
}

/// Wall clock, Unix milliseconds.
pub fn now_ms() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    since.as_millis() as i64
}

impl Shell {
    /// Runs `model`; its queue is worked off in the background.
    pub fn start(model: Model) -> Self {
        let shell = Self(Arc::new(Mutex::new(Inner {
            server: Server::new(model),
            writers: HashMap::new(),
        })));
        let ticking = shell.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(2)).await;
                let now = now_ms();
                let deadline = ticking.lock().server.next_deadline();
                if deadline.is_some_and(|at| at <= now) {
                    ticking.run(|server| server.tick(now));
                }
            }
        });
        shell
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn run<T>(&self, act: impl FnOnce(&mut Server) -> T) -> T {
        let mut inner = self.lock();
        let value = act(&mut inner.server);
        inner.flush();
        value
    }

    /// Uses the model, then does what it wants done.
    pub fn with<T>(&self, act: impl FnOnce(&mut Model) -> T) -> T {
        self.run(|server| server.with(now_ms(), act))
    }

    /// A connection and what it is told, or why there is none.
    fn accept(&self, query: &str) -> Result<(ConnId, mpsc::Receiver<Output>), String> {
        let mut inner = self.lock();
        let answer = match inner.server.upgrade(now_ms(), query) {
            Upgrade::Refused(body) => Err(body),
            Upgrade::Accepted(conn) => {
                let (writer, outputs) = mpsc::channel(QUEUE);
                inner.writers.insert(conn, writer);
                Ok((conn, outputs))
            }
        };
        inner.flush();
        answer
    }
}

impl Inner {
    fn flush(&mut self) {
        loop {
            let outputs = self.server.drain();
            if outputs.is_empty() {
                return;
            }
            for (conn, output) in outputs {
                let is_last = matches!(output, Output::End | Output::Close(..));
                let full = self.writers.get(&conn).map(|w| w.try_send(output));
                let full = matches!(full, Some(Err(TrySendError::Full(_))));
                if full {
                    self.server.gone(now_ms(), conn);
                }
                if full || is_last {
                    self.writers.remove(&conn);
                }
            }
        }
    }
}

/// All routes: an upgrade on any path is the gateway, what [`http::answer`] does not answer is a file of
/// `files`.
pub fn router(shell: Shell, files: Option<PathBuf>) -> Router {
    let files = files.unwrap_or_else(|| PathBuf::from("/nonexistent"));
    Router::new()
        .fallback_service(ServeDir::new(files))
        .layer(middleware::from_fn_with_state(shell, door))
}

async fn door(State(shell): State<Shell>, request: Request, next: Next) -> Response {
    if request.method() == Method::GET && request.headers().contains_key(header::UPGRADE) {
        return upgrade(shell, request).await;
    }
    let mut response = match rest(&shell, request).await {
        Ok(response) => response,
        Err(request) => next.run(request).await,
    };
    for (name, value) in http::CORS {
        let name = HeaderName::from_static(name);
        let headers = response.headers_mut();
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Answers, or gives back the request for a file.
async fn rest(shell: &Shell, request: Request) -> Result<Response, Request> {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, http::BODY_BYTES_MAX).await else {
        return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response());
    };
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers = parts.headers.iter();
    let asked = http::Request {
        method: parts.method.as_str().into(),
        path: parts.uri.path().into(),
        query: parts.uri.query().unwrap_or_default().into(),
        headers: headers
            .map(|(name, value)| (name.as_str().into(), text(value)))
            .collect(),
        body: body.into(),
    };
    let answer = shell.run(|server| http::answer(server, now_ms(), &asked));
    let Some(reply) = answer else {
        return Err(Request::from_parts(parts, Body::empty()));
    };
    tokio::time::sleep(Duration::from_millis(reply.delay_ms)).await;
    if reply.cut {
        let broken = std::io::Error::other("the connection is cut on purpose");
        let body = futures_util::stream::iter([Err::<Bytes, _>(broken)]);
        return Ok(Body::from_stream(body).into_response());
    }
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    let response = response.body(Body::from(reply.body));
    Ok(response.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response()))
}

async fn upgrade(shell: Shell, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let Ok(ws) = WebSocketUpgrade::from_request_parts(&mut parts, &()).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let (conn, outputs) = match shell.accept(parts.uri.query().unwrap_or_default()) {
        Ok(accepted) => accepted,
        Err(body) => return ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
    };
    let failed = shell.clone();
    ws.max_message_size(1 << 22)
        .on_failed_upgrade(move |_| failed.run(|server| server.gone(now_ms(), conn)))
        .on_upgrade(move |socket| serve(shell, conn, outputs, socket))
}

async fn serve(shell: Shell, conn: ConnId, outputs: mpsc::Receiver<Output>, socket: WebSocket) {
    let (sink, stream) = socket.split();
    // Whichever side ends first ends the connection.
    futures_util::future::select(pin!(write(sink, outputs)), pin!(read(&shell, conn, stream)))
        .await;
    shell.run(|server| server.gone(now_ms(), conn));
    shell.lock().writers.remove(&conn);
}

async fn write(mut sink: SplitSink<WebSocket, Message>, mut outputs: mpsc::Receiver<Output>) {
    while let Some(output) = outputs.recv().await {
        let message = match output {
            Output::Text(text) => Message::Text(text.into()),
            Output::Binary(bytes) => Message::Binary(bytes.into()),
            Output::Ping => Message::Ping(Vec::new().into()),
            Output::Close(code, reason) => Message::Close(Some(CloseFrame {
                code,
                reason: reason.into(),
            })),
            Output::End => return,
        };
        let is_close = matches!(message, Message::Close(_));
        if sink.send(message).await.is_err() {
            return;
        }
        if is_close {
            return tokio::time::sleep(LINGER).await;
        }
    }
}

async fn read(shell: &Shell, conn: ConnId, mut stream: SplitStream<WebSocket>) {
    while let Some(Ok(message)) = stream.next().await {
        let now = now_ms();
        shell.run(|server| match message {
            Message::Binary(bytes) => server.binary(now, conn, &bytes),
            Message::Text(text) => server.text(now, conn, &text),
            Message::Ping(_) | Message::Pong(_) => server.heard(now, conn),
            // Answered by the library; the stream ends next.
            Message::Close(_) => {}
        });
    }
}
