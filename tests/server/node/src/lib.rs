//! The test server for Node: [`Server`] as a class. The shell, which has the sockets and the clock, is in
//! `tests/server/npm/`.
#![cfg(target_arch = "wasm32")]
use js_sys::{Array, Uint8Array};
use openim_server::server::{Output, Upgrade};
use openim_server::{http, seed, server};
use wasm_bindgen::prelude::*;

/// The server. Times are Unix milliseconds, connections are numbers.
#[wasm_bindgen]
pub struct Server(server::Server);

#[wasm_bindgen]
impl Server {
    /// A server with a seed: its name, or its JSON.
    #[wasm_bindgen(constructor)]
    pub fn new(now: f64, seed: &str) -> Result<Self, JsError> {
        let model = seed::model(seed, now as i64).map_err(|why| JsError::new(&why))?;
        Ok(Self(server::Server::new(model)))
    }

    /// Frames that may wait for a slow client.
    pub fn queue() -> usize {
        server::QUEUE
    }

    /// Largest body of a request, bytes.
    pub fn body_bytes_max() -> usize {
        http::BODY_BYTES_MAX
    }

    /// The answer to an upgrade: a connection's number, or the text why there is none.
    pub fn upgrade(&mut self, now: f64, query: &str) -> JsValue {
        match self.0.upgrade(now as i64, query) {
            Upgrade::Accepted(conn) => JsValue::from_f64(conn as f64),
            Upgrade::Refused(body) => JsValue::from_str(&body),
        }
    }

    /// A text frame.
    pub fn text(&mut self, now: f64, conn: f64, text: &str) {
        self.0.text(now as i64, conn as u64, text);
    }

    /// A binary frame.
    pub fn binary(&mut self, now: f64, conn: f64, bytes: &[u8]) {
        self.0.binary(now as i64, conn as u64, bytes);
    }

    /// A frame of another kind.
    pub fn heard(&mut self, now: f64, conn: f64) {
        self.0.heard(now as i64, conn as u64);
    }

    /// A connection is gone.
    pub fn gone(&mut self, now: f64, conn: f64) {
        self.0.gone(now as i64, conn as u64);
    }

    /// `[status, delay in ms, [[name, value]], body]` for a request; `null`: cut the connection; `undefined`:
    /// look for a file.
    pub fn answer(
        &mut self,
        now: f64,
        method: String,
        path: String,
        query: String,
        headers: Array,
        body: Vec<u8>,
    ) -> JsValue {
        let text = |value: JsValue| value.as_string().unwrap_or_default();
        let pair = |pair: JsValue| {
            let pair = Array::from(&pair);
            (text(pair.get(0)), text(pair.get(1)))
        };
        let request = http::Request {
            method,
            path,
            query,
            headers: headers.iter().map(pair).collect(),
            body,
        };
        let Some(reply) = http::answer(&mut self.0, now as i64, &request) else {
            return JsValue::UNDEFINED;
        };
        if reply.cut {
            return JsValue::NULL;
        }
        let own = &reply.headers;
        let headers = http::CORS
            .iter()
            .filter(|(name, _)| own.iter().all(|(other, _)| other != name))
            .map(|(name, value)| (*name, (*value).to_owned()))
            .chain(own.iter().cloned())
            .map(|(name, value)| Array::of2(&name.into(), &value.into()))
            .collect::<Array>();
        Array::of4(
            &reply.status.into(),
            &JsValue::from_f64(reply.delay_ms as f64),
            &headers,
            &Uint8Array::from(reply.body.as_slice()),
        )
        .into()
    }

    /// Does what is due.
    pub fn tick(&mut self, now: f64) {
        self.0.tick(now as i64);
    }

    /// When there is something to do; `undefined` if never.
    pub fn deadline(&self) -> Option<f64> {
        self.0.next_deadline().map(|at| at as f64)
    }

    /// What is to be done: connection and a string (text frame), bytes (binary frame), `true` (ping),
    /// `[code, reason]` (close frame, then the end) or `null` (the end), one after the other.
    pub fn drain(&mut self) -> Array {
        let all = Array::new();
        for (conn, output) in self.0.drain() {
            all.push(&JsValue::from_f64(conn as f64));
            all.push(&match output {
                Output::Text(text) => text.into(),
                Output::Binary(bytes) => Uint8Array::from(bytes.as_slice()).into(),
                Output::Ping => JsValue::TRUE,
                Output::Close(code, reason) => Array::of2(&code.into(), &reason.into()).into(),
                Output::End => JsValue::NULL,
            });
        }
        all
    }
}
