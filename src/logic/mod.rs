//! Layer 2: what the SDK does. Platform-independent: sees the world only through traits.
//!
//! A handler is `async fn name(cx: &Cx, params) -> Result<Reply>`. [`Core`] lives as long as the client,
//! [`Session`] from login to logout. The one way to write or to tell is [`changes::Changes`].
use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::Rc;

use crate::api::error::{Error, Result};
use crate::api::events::Told;
use crate::net::link::Connection;
use crate::net::rest::Rest;
use crate::net::{Files, Http, Transport};
use crate::rt::Runtime;
use crate::rt::map::Set;
use crate::rt::turns::Turns;
use crate::store::{Store, Stores};

pub(crate) mod applications;
pub mod changes;
pub(crate) mod command;
pub(crate) mod commands;
pub mod conversation;
pub mod enterprise;
pub mod errors;
pub mod export;
pub mod files;
pub mod group;
pub mod ids;
pub mod message;
pub mod notice;
pub mod presence;
pub mod relation;
pub mod session;
mod signs;
pub(crate) mod social;
pub mod state;
pub mod sync;
pub(crate) mod upload;
pub mod user;

use state::State;

/// What a client is built from.
pub struct Parts {
    /// Clock, timers, tasks.
    pub rt: Rc<dyn Runtime>,
    /// WebSockets.
    pub transport: Rc<dyn Transport>,
    /// HTTP.
    pub http: Rc<dyn Http>,
    /// Files of the application.
    pub files: Rc<dyn Files>,
    /// Databases.
    pub stores: Rc<dyn Stores>,
    /// Databases in memory, for where there are no lasting ones.
    pub memory: Rc<dyn Stores>,
    /// Where events go, in order.
    pub emit: Box<dyn Fn(Told)>,
}

/// A client.
pub struct Core {
    /// Clock, timers, tasks.
    pub rt: Rc<dyn Runtime>,
    pub(crate) transport: Rc<dyn Transport>,
    pub(crate) http: Rc<dyn Http>,
    pub(crate) files: Rc<dyn Files>,
    /// Files to be uploaded, by uuid.
    pub(crate) held_files: files::Held,
    pub(crate) stores: Rc<dyn Stores>,
    pub(crate) memory: Rc<dyn Stores>,
    emit: Box<dyn Fn(Told)>,
    login: RefCell<session::LoginState>,
    /// One login or logout at a time; the later waits for the earlier.
    turn: Turns,
}

impl Core {
    /// A client that is logged out.
    pub fn new(parts: Parts) -> Rc<Self> {
        Rc::new(Self {
            rt: parts.rt,
            transport: parts.transport,
            http: parts.http,
            files: parts.files,
            held_files: Default::default(),
            stores: parts.stores,
            memory: parts.memory,
            emit: parts.emit,
            login: RefCell::default(),
            turn: Turns::default(),
        })
    }

    /// Tells the application. Only [`changes::Changes`] and the session's own state use it.
    pub(crate) fn emit(&self, event: Told) {
        (self.emit)(event);
    }
}

/// One call: the client and the operation's ID.
pub struct Cx {
    /// The client.
    pub core: Rc<Core>,
    /// For tracing; goes to the server with every request of the call.
    pub operation_id: String,
}

impl Deref for Cx {
    type Target = Core;

    fn deref(&self) -> &Core {
        &self.core
    }
}

impl Cx {
    /// The session, or error 10009.
    pub fn session(&self) -> Result<Rc<Session>> {
        match &*self.core.login.borrow() {
            session::LoginState::LoggedIn(session) => Ok(session.clone()),
            _ => Err(Error::not_logged_in()),
        }
    }
}

/// What a login holds.
pub struct Session {
    /// The client, for its runtime and events.
    pub core: Rc<Core>,
    /// User ID of oneself.
    pub me: String,
    /// Platform of this client (wire.md §9.2).
    pub platform_id: i32,
    /// Whether sends that an earlier life left unfinished are sent again.
    pub auto_resend: bool,
    /// The database.
    pub store: Rc<dyn Store>,
    /// The link to the gateway.
    pub conn: Connection,
    /// The HTTP API.
    pub rest: Rest,
    /// What the database holds of conversations, channels, relations; kept equal to it by `Changes`.
    pub state: RefCell<State>,
    /// Held from reading the state to the end of the commit: one writer at a time.
    gate: Turns,
    /// Wakes the tasks of the session when there is work.
    pub(crate) signals: sync::Signals,
    /// One sync of a list at a time, by list.
    pub(crate) list_turns: [Turns; 7],
    /// Conversations of which the newest seq is being asked for.
    pub(crate) asking: RefCell<Set<String>>,
    pub(crate) seen_tips: RefCell<applications::SeenTips>,
    pub(crate) presence: RefCell<presence::Presence>,
    pub(crate) outbox: message::outbox::Outbox,
    pub(crate) early: message::early::Early,
    pub(crate) typing: RefCell<message::typing::Typing>,
    /// Other tabs have been part of it before.
    pub(crate) takes_over: bool,
    /// Lists were compared with the server's.
    pub(crate) is_checked: Cell<bool>,
    /// Groups whose members were.
    pub(crate) checked_members: RefCell<Set<String>>,
    /// Conversations whose read position may be lower at the server: their next answer counts.
    pub(crate) read_anew: RefCell<Set<String>>,
    /// Messages that go when their time comes, by clientMsgID.
    pub(crate) burning: RefCell<Set<String>>,
    /// How large the parts of uploads may be, once it is known.
    pub(crate) part_limit: Cell<Option<crate::net::rest::PartLimit>>,
    /// The app said that it is in the background.
    pub(crate) background: Cell<bool>,
    /// Set by logout, kick or a refused token; tasks of the session end.
    pub(crate) ended: Cell<bool>,
    /// Token errors are told once.
    pub(crate) token_told: Cell<bool>,
}

impl Session {
    /// Now, Unix milliseconds.
    pub fn now(&self) -> i64 {
        self.core.rt.now_ms()
    }

    /// A line for the developer.
    pub(crate) fn log(&self, level: crate::rt::Level, text: &str) {
        self.core.rt.log(level, text);
    }
}
