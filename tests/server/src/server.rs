//! The whole server without I/O: what a shell hears goes in with the time, what it has to do comes out.
//! The shells (`shell.rs`, and Node's in `npm/`) only move bytes and wait for [`Server::next_deadline`].
use std::collections::BTreeMap;

use openim_web::net::wire::envelope::Response;

use crate::gateway::{self, Connect};
use crate::model::{ConnId, Effect, Model};

/// Frames that may wait for a slow client; with more it is dropped, as by the real gateway (wire.md §3).
pub const QUEUE: usize = 4_096;
/// Largest frame of a client that is looked at; more is refused, see [`Output::Close`].
const FRAME_BYTES_MAX: usize = 51_200;
/// A connection without a frame of its client is dropped.
const READ_WAIT_MS: i64 = 30_000;
/// The server's own ping, for web clients.
const PING_EVERY_MS: i64 = 27_000;
/// Platform that gets pings.
const WEB: i32 = 5;

/// What a shell does for a connection.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Send a text frame.
    Text(String),
    /// Send a binary frame.
    Binary(Vec<u8>),
    /// Send a ping frame.
    Ping,
    /// Send a close frame with this code and reason, then end.
    Close(u16, &'static str),
    /// End without a close frame. What was to be sent before is sent.
    End,
}

/// The answer to an upgrade.
#[derive(Clone, Debug, PartialEq)]
pub enum Upgrade {
    /// HTTP 200 with this JSON, no WebSocket.
    Refused(String),
    /// A WebSocket of this number. Its outputs may come before the upgrade is through.
    Accepted(ConnId),
}

/// The server.
pub struct Server {
    /// What it knows.
    pub model: Model,
    links: BTreeMap<ConnId, Link>,
    /// Frames that are sent later, by time and number.
    later: BTreeMap<(i64, u64), (ConnId, Response)>,
    outputs: Vec<(ConnId, Output)>,
}

struct Link {
    connect: Connect,
    read_until: i64,
    ping_at: i64,
}

impl Server {
    /// A server that begins with `model`.
    pub fn new(model: Model) -> Self {
        Self {
            model,
            links: BTreeMap::new(),
            later: BTreeMap::new(),
            outputs: Vec::new(),
        }
    }

    /// What is to be done since the last time, in order.
    pub fn drain(&mut self) -> Vec<(ConnId, Output)> {
        std::mem::take(&mut self.outputs)
    }

    /// When [`Self::tick`] has something to do.
    pub fn next_deadline(&self) -> Option<i64> {
        let links = self.links.values();
        let later = self.later.keys().next().map(|(at, _)| *at);
        links
            .map(|link| link.read_until.min(link.ping_at))
            .chain(later)
            .chain(self.model.next_deadline())
            .min()
    }

    /// Does what is due.
    pub fn tick(&mut self, now: i64) {
        if self.model.next_deadline().is_some_and(|at| at <= now) {
            self.with(now, |model| model.tick(now));
        }
        let rest = self.later.split_off(&(now + 1, 0));
        for (conn, frame) in std::mem::replace(&mut self.later, rest).into_values() {
            self.send(conn, &frame);
        }
        let due = |at: i64| at <= now;
        let silent: Vec<ConnId> = self
            .links
            .iter()
            .filter(|(_, link)| due(link.read_until))
            .map(|(conn, _)| *conn)
            .collect();
        silent.into_iter().for_each(|conn| self.end(now, conn));
        for (conn, link) in &mut self.links {
            if due(link.ping_at) {
                link.ping_at = now + PING_EVERY_MS;
                self.outputs.push((*conn, Output::Ping));
            }
        }
    }

    /// Uses the model, then does what it wants done.
    pub fn with<T>(&mut self, now: i64, act: impl FnOnce(&mut Model) -> T) -> T {
        let value = act(&mut self.model);
        for effect in self.model.drain_effects() {
            match effect {
                Effect::Send {
                    conn,
                    frame,
                    delay_ms: 0,
                } => self.send(conn, &frame),
                Effect::Send {
                    conn,
                    frame,
                    delay_ms,
                } => {
                    let key = (now + delay_ms as i64, self.model.fresh_number());
                    self.later.insert(key, (conn, frame));
                }
                Effect::Raw { conn, bytes } => self.outputs.push((conn, Output::Binary(bytes))),
                Effect::Close { conn } => {
                    if self.links.remove(&conn).is_some() {
                        self.outputs.push((conn, Output::End));
                    }
                }
            }
        }
        value
    }

    /// Somebody wants a WebSocket; `query` is what follows the question mark.
    pub fn upgrade(&mut self, now: i64, query: &str) -> Upgrade {
        let connect = match gateway::parse(query) {
            Ok(connect) => connect,
            Err(refusal) => return Upgrade::Refused(gateway::body(&refusal)),
        };
        let Connect {
            user_id,
            platform_id,
            token,
            wants_answer,
            ..
        } = connect.clone();
        let allowed = self.model.may_connect(now, &user_id, platform_id, &token);
        match allowed {
            // The connection count is checked before the arguments are known: never readable (wire.md §1.3).
            Err(refusal) if !wants_answer || refusal.code == 1601 => {
                Upgrade::Refused(gateway::body(&refusal))
            }
            Err(refusal) => {
                let conn = self.model.fresh_number();
                let text = Output::Text(gateway::body(&refusal));
                self.outputs.extend([(conn, text), (conn, Output::End)]);
                Upgrade::Accepted(conn)
            }
            Ok(()) => {
                let conn = self.with(now, |model| {
                    model.connect(now, &user_id, platform_id, &token)
                });
                let is_web = platform_id == WEB;
                let link = Link {
                    connect,
                    read_until: now + READ_WAIT_MS,
                    ping_at: if is_web {
                        now + PING_EVERY_MS
                    } else {
                        i64::MAX
                    },
                };
                self.links.insert(conn, link);
                if wants_answer {
                    let hello = r#"{"errCode":0,"errMsg":"","errDlt":""}"#;
                    self.outputs.push((conn, Output::Text(hello.into())));
                }
                Upgrade::Accepted(conn)
            }
        }
    }

    /// A frame of any kind came; ping and pong frames have nothing else to say.
    pub fn heard(&mut self, now: i64, conn: ConnId) {
        if let Some(link) = self.links.get_mut(&conn) {
            link.read_until = now + READ_WAIT_MS;
        }
    }

    /// A text frame: a ping or a pong; anything else ends the connection.
    pub fn text(&mut self, now: i64, conn: ConnId, text: &str) {
        self.heard(now, conn);
        if !self.links.contains_key(&conn) {
            return;
        }
        match gateway::pong(text) {
            Some(Some(answer)) => self.outputs.push((conn, Output::Text(answer))),
            Some(None) => {}
            None => self.end(now, conn),
        }
    }

    /// A binary frame: a request.
    pub fn binary(&mut self, now: i64, conn: ConnId, bytes: &[u8]) {
        self.heard(now, conn);
        let Some(link) = self.links.get(&conn) else {
            return;
        };
        if bytes.len() > FRAME_BYTES_MAX {
            return self.close(now, conn, 1009, "message too big");
        }
        match gateway::unpack(&link.connect, bytes) {
            Some(request) => self.with(now, |model| model.frame(now, conn, &request)),
            None => self.end(now, conn),
        }
    }

    /// The connection is gone.
    pub fn gone(&mut self, now: i64, conn: ConnId) {
        if self.links.remove(&conn).is_some() {
            self.with(now, |model| model.disconnect(now, conn));
        }
    }

    fn end(&mut self, now: i64, conn: ConnId) {
        self.outputs.push((conn, Output::End));
        self.gone(now, conn);
    }

    fn close(&mut self, now: i64, conn: ConnId, code: u16, reason: &'static str) {
        self.outputs.push((conn, Output::Close(code, reason)));
        self.gone(now, conn);
    }

    fn send(&mut self, conn: ConnId, frame: &Response) {
        if let Some(link) = self.links.get(&conn) {
            let bytes = gateway::pack(&link.connect, frame);
            self.outputs.push((conn, Output::Binary(bytes)));
        }
    }
}
