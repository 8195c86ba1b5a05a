//! The model behind a lock, and the wires to its connections.
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::mpsc::{Sender, error::TrySendError};

use crate::model::{ConnId, Effect, Model};
use openim_web::net::wire::envelope::Response;

/// What a connection's writer is told.
#[derive(Debug)]
pub enum Outgoing {
    /// An envelope.
    Frame(Response),
    /// Bytes as they are.
    Raw(Vec<u8>),
    /// The end.
    Close,
}

/// The running server.
#[derive(Clone)]
pub struct Shell(Arc<Mutex<Inner>>);

struct Inner {
    model: Model,
    writers: HashMap<ConnId, Sender<Outgoing>>,
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
            model,
            writers: HashMap::new(),
        })));
        let ticking = shell.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(2)).await;
                let now = now_ms();
                let due = ticking
                    .lock()
                    .model
                    .next_deadline()
                    .is_some_and(|at| at <= now);
                if due {
                    ticking.with(|model| model.tick(now));
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

    /// Uses the model, then does what it wants done.
    pub fn with<T>(&self, act: impl FnOnce(&mut Model) -> T) -> T {
        let mut inner = self.lock();
        let value = act(&mut inner.model);
        for effect in inner.model.drain_effects() {
            inner.perform(effect, self);
        }
        value
    }

    /// Registers a connection's writer.
    pub fn attach(&self, conn: ConnId, writer: Sender<Outgoing>) {
        self.lock().writers.insert(conn, writer);
    }

    /// The connection is gone.
    pub fn detach(&self, conn: ConnId) {
        self.lock().writers.remove(&conn);
        self.with(|model| model.disconnect(conn));
    }
}

impl Inner {
    fn perform(&mut self, effect: Effect, shell: &Shell) {
        match effect {
            Effect::Send {
                conn,
                frame,
                delay_ms: 0,
            } => self.send(conn, Outgoing::Frame(frame)),
            Effect::Send {
                conn,
                frame,
                delay_ms,
            } => {
                let shell = shell.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(delay_ms)).await;
                    shell.lock().send(conn, Outgoing::Frame(frame));
                });
            }
            Effect::Raw { conn, bytes } => self.send(conn, Outgoing::Raw(bytes)),
            Effect::Close { conn } => {
                self.send(conn, Outgoing::Close);
                self.writers.remove(&conn);
            }
        }
    }

    /// A full queue ends the connection, as the real gateway does (wire.md §3).
    fn send(&mut self, conn: ConnId, what: Outgoing) {
        let full = self.writers.get(&conn).map(|writer| writer.try_send(what));
        if let Some(Err(TrySendError::Full(_))) = full {
            self.writers.remove(&conn);
            self.model.disconnect(conn);
        }
    }
}
