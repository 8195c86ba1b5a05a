//! THE SESSION: login, logout, kick, refused token; one tagged state (api.md §2, wire.md §8).
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::mpsc;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::StreamExt;

use super::changes::{NEWS, told};
use super::message::convert::to_api;
use super::state::State;
use super::sync::{BEGUN, Job, Look, SYNCED, Signals, seq::Alignment};
use super::{Core, Cx, Session, errors};
use crate::api::Done;
use crate::api::error::{Error, Result, code};
use crate::api::events::*;
use crate::api::session::*;
use crate::net::link::{ConnConfig, ConnEvent, Connection};
use crate::net::rest::{self, Endpoint, Rest};
use crate::net::wire::{pb, req};
use crate::rt::proto::{DecodeError, Message};
use crate::rt::turns::Turns;
use crate::rt::{Level, json};
use crate::store::rows::{AlignmentRow, NewsRow};
use crate::store::{Store, StoreError, Table};

/// The server's answer to a logout is waited for at most this long; logging out does not depend on it.
const LOGOUT_WAIT_MS: u32 = 2_000;
/// The HTTP API takes a token for kicked as soon as another is made, which may be that of the user's next tab:
/// it has this time to hand it over.
const NEWER_TOKEN_WAIT_MS: u32 = 3_000;
/// Pushes taken in one transaction.
const PUSH_BATCH_MAX: usize = 500;

/// Who is logged in.
#[derive(Default)]
pub(crate) enum LoginState {
    /// Nobody.
    #[default]
    LoggedOut,
    /// A login is under way.
    LoggingIn,
    /// This session.
    LoggedIn(Rc<Session>),
}

/// Opens the database and starts connecting. Resolves without waiting for the network, so that
/// everything stored can be read offline.
pub async fn login(cx: &Cx, p: Login) -> Result<Done> {
    check(&p)?;
    // A login while a logout runs waits for it.
    let _turn = cx.core.turn.turn().await;
    if !matches!(*cx.core.login.borrow(), LoginState::LoggedOut) {
        return Err(Error::new(
            code::LOGIN_REPEAT,
            "logged in already: call logout() first",
        ));
    }
    *cx.core.login.borrow_mut() = LoginState::LoggingIn;
    match start(&cx.core, p).await {
        Ok(session) => {
            *cx.core.login.borrow_mut() = LoginState::LoggedIn(session);
            Ok(Done)
        }
        Err(error) => {
            *cx.core.login.borrow_mut() = LoginState::LoggedOut;
            Err(error)
        }
    }
}

fn check(p: &Login) -> Result<()> {
    let wrong = |what: &str| Err(Error::args(what));
    if p.user_id.is_empty() {
        return wrong("userID is empty");
    }
    if p.token.is_empty() {
        return wrong("token is empty");
    }
    if p.platform_id <= 0 {
        return wrong("platformID must be one of the Platform enum");
    }
    if !p.api_addr.starts_with("http") {
        return wrong("apiAddr must begin with http:// or https://");
    }
    if !p.ws_addr.starts_with("ws") {
        return wrong("wsAddr must begin with ws:// or wss://");
    }
    Ok(())
}

/// Logs out: local state is released, the database stays.
pub async fn logout(cx: &Cx, _: Logout) -> Result<Done> {
    let _turn = cx.core.turn.turn().await;
    let session = cx.session()?;
    let ask = pb::DelUserPushTokenReq {
        user_id: session.me.clone(),
        platform_id: session.platform_id,
    };
    let answer: std::result::Result<(), _> = session
        .conn
        .request(req::LOGOUT, &cx.operation_id, &ask, LOGOUT_WAIT_MS)
        .await;
    if answer.is_err() {
        session.log(Level::Debug, "the server was not told of the logout");
    }
    session.end().await;
    Ok(Done)
}

/// 1 logged out, 2 logging in, 3 logged in (locally; it says nothing of the connection).
pub async fn status(cx: &Cx, _: GetLoginStatus) -> Result<LoginStatus> {
    Ok(match *cx.core.login.borrow() {
        LoginState::LoggedOut => LoginStatus::LOGOUT,
        LoginState::LoggingIn => LoginStatus::LOGGING,
        LoginState::LoggedIn(_) => LoginStatus::LOGGED,
    })
}

/// Who is logged in.
pub async fn user_id(cx: &Cx, _: GetLoginUserId) -> Result<String> {
    Ok(cx.session()?.me.clone())
}

/// The app went to the background or came back: then it is brought up to date.
pub async fn set_background(cx: &Cx, p: SetAppBackgroundStatus) -> Result<Done> {
    let session = cx.session()?;
    session.background.set(p.0);
    session.conn.set_background(p.0);
    let tell = pb::SetAppBackgroundStatusReq {
        user_id: session.me.clone(),
        is_background: p.0,
    };
    let answer: std::result::Result<(), _> = session
        .conn
        .request(req::SET_BACKGROUND, &cx.operation_id, &tell, 10_000)
        .await;
    if !p.0 {
        session.conn.wake();
        session.signals.look(Look::Owed);
    }
    // The flag matters to the server only for iOS (wire.md §4.1); without connection it is told with
    // the next dial.
    match answer {
        Ok(()) | Err(crate::net::NetError::NotConnected) => Ok(Done),
        Err(error) => Err(error.into()),
    }
}

/// The network changed: the link is made anew.
pub async fn network_changed(cx: &Cx, _: NetworkStatusChanged) -> Result<Done> {
    cx.session()?.conn.reconnect();
    Ok(Done)
}

async fn start(core: &Rc<Core>, p: Login) -> Result<Rc<Session>> {
    let takes_over = p.take_over.unwrap_or(false);
    let store = open_store(core, &p).await?;
    let state = load(&*store).await?;
    let config = ConnConfig {
        ws_addr: p.ws_addr,
        user_id: p.user_id.clone(),
        token: p.token.clone(),
        platform_id: p.platform_id,
    };
    let (conn, events) = Connection::start(core.rt.clone(), core.transport.clone(), config);
    let (signals, work) = Signals::new();
    let is_empty = state.versions.is_empty();
    let session = Rc::new(Session {
        core: core.clone(),
        me: p.user_id,
        platform_id: p.platform_id,
        auto_resend: p.auto_resend.unwrap_or(false),
        store,
        conn,
        rest: Rest::new(core.http.clone(), core.rt.clone(), p.api_addr, p.token),
        state: RefCell::new(state),
        gate: Turns::default(),
        signals,
        list_turns: Default::default(),
        asking: RefCell::default(),
        seen_tips: RefCell::default(),
        presence: RefCell::default(),
        outbox: Default::default(),
        early: Default::default(),
        typing: RefCell::default(),
        // What is loaded from nothing need not be compared.
        is_checked: Cell::new(is_empty),
        takes_over,
        checked_members: RefCell::default(),
        read_anew: RefCell::default(),
        burning: RefCell::default(),
        part_limit: Cell::default(),
        background: Cell::new(false),
        ended: Cell::new(false),
        token_told: Cell::new(false),
    });
    session.note_all();
    if takes_over {
        session.tell_untold().await?;
    }
    session.resume_outbox().await?;
    session.burn_previews();
    let rt = &core.rt;
    rt.spawn(Box::pin(session.clone().run_sync(work.jobs)));
    rt.spawn(Box::pin(session.clone().run_looks(work.looks)));
    rt.spawn(Box::pin(session.clone().run_pulls()));
    rt.spawn(Box::pin(session.clone().run_link(events)));
    Ok(session)
}

/// One database per server, user and platform; in memory where there is no lasting one, and the log says so.
async fn open_store(core: &Rc<Core>, p: &Login) -> Result<Rc<dyn Store>> {
    let platform = p.platform_id.to_string();
    // The front names the lock of the leading tab like it (pkg-template/src/tab.ts).
    let name = ["openim-web/", &p.api_addr, "/", &p.user_id, "/", &platform].concat();
    if p.in_memory.unwrap_or(false) {
        return Ok(core.memory.open(&name).await?);
    }
    match core.stores.open(&name).await {
        Err(StoreError::Unavailable(why)) => {
            core.rt
                .log(Level::Warn, &["no lasting database: ", &why].concat());
            Ok(core.memory.open(&name).await?)
        }
        opened => Ok(opened?),
    }
}

/// Reads what is kept in memory.
async fn load(store: &dyn Store) -> Result<State> {
    let mut state = State::default();
    let (conversations, channels, friends, blacks, groups, users, versions, synced, begun) = futures_util::join!(
        store.rows(Table::Conversations, ""),
        store.rows(Table::Alignment, ""),
        store.rows(Table::Friends, ""),
        store.rows(Table::Blacks, ""),
        store.rows(Table::Groups, ""),
        store.rows(Table::Users, ""),
        store.rows(Table::Versions, ""),
        store.row(Table::Meta, SYNCED),
        store.row(Table::Meta, BEGUN),
    );
    state.conversations = decode(conversations?)?;
    for (id, row) in decode::<AlignmentRow>(channels?)? {
        state.channels.or_default(id).align = Alignment::from_row(&row);
    }
    state.friends = decode(friends?)?;
    state.blacks = decode(blacks?)?;
    state.groups = decode(groups?)?;
    state.users = decode(users?)?;
    state.versions = decode(versions?)?;
    state.synced_before = synced?.is_some();
    state.begun = begun?.is_some();
    state.total_unread = state
        .conversations
        .values()
        .map(|row| State::counted_unread(row, state.unread(&row.conversation_id)))
        .sum();
    Ok(state)
}

fn decode<T: Message + Default>(
    rows: Vec<(String, Vec<u8>)>,
) -> Result<crate::rt::map::Map<String, T>> {
    let decoded = rows
        .into_iter()
        .map(|(key, bytes)| Ok((key, T::decode(&bytes)?)));
    let decoded: std::result::Result<_, DecodeError> = decoded.collect();
    decoded.map_err(|e| StoreError::Corrupt(e.to_string()).into())
}

impl Core {
    /// The page is looked at again or the network is back: the link is probed, or dialled at once.
    pub fn wake(&self) {
        if let LoginState::LoggedIn(session) = &*self.login.borrow() {
            session.conn.wake();
        }
    }

    /// Ends the session, if there is one, without telling the server: the page goes, the user stays
    /// logged in.
    pub async fn close(&self) {
        let _turn = self.turn.turn().await;
        let session = match &*self.login.borrow() {
            LoginState::LoggedIn(session) => Some(session.clone()),
            _ => None,
        };
        if let Some(session) = session {
            session.end().await;
        }
    }

    /// Lets go of the session of a page that is dead, where nothing ends any more.
    #[cfg(any(test, feature = "testing"))]
    pub fn forget(&self) {
        self.login.take();
    }
}

impl Session {
    /// Tells what a tab that went away stored and may not have told.
    async fn tell_untold(&self) -> Result<()> {
        let Some(bytes) = self.store.row(Table::Meta, NEWS).await? else {
            return Ok(());
        };
        let news = NewsRow::decode(&bytes).unwrap_or_default();
        let rows = self.store.messages_by_id(&news.ids).await?;
        let messages: Vec<_> = rows.iter().map(|(_, row)| to_api(row)).collect();
        if !messages.is_empty() {
            self.core
                .emit(told(Recovered, &messages).with_error(1, news.at.to_string()));
        }
        Ok(())
    }

    /// Follows the link; ends with it.
    async fn run_link(self: Rc<Self>, mut events: mpsc::UnboundedReceiver<ConnEvent>) {
        while let Some(event) = events.next().await {
            if self.ended.get() {
                return;
            }
            match event {
                ConnEvent::Push(first) => self.take_burst(first, &mut events).await,
                event => self.follow(event).await,
            }
        }
    }

    /// All pushes that have arrived so far are one transaction.
    async fn take_burst(
        self: &Rc<Self>,
        first: pb::PushMessages,
        events: &mut mpsc::UnboundedReceiver<ConnEvent>,
    ) {
        let mut burst = vec![first];
        let mut after = None;
        while burst.len() < PUSH_BATCH_MAX {
            match events.try_recv() {
                Ok(ConnEvent::Push(push)) => burst.push(push),
                Ok(event) => {
                    after = Some(event);
                    break;
                }
                Err(_) => break,
            }
        }
        if let Err(error) = self.take_pushes(burst).await {
            // Nothing is lost: what is not stored is not covered, and is asked for again.
            self.log(Level::Error, &[&error.message, " ", &error.cause].concat());
            self.signals.look(Look::Owed);
        }
        if let Some(event) = after {
            self.follow(event).await;
        }
    }

    async fn follow(self: &Rc<Self>, event: ConnEvent) {
        match event {
            ConnEvent::Connecting => self.core.emit(told(OnConnecting, &())),
            ConnEvent::Connected => {
                self.core.emit(told(OnConnectSuccess, &()));
                self.retry_all_now();
                self.resubscribe();
                self.signals.job(Job::Connected);
                self.signals.look(Look::Connected);
            }
            ConnEvent::Failed { code, message } => {
                let failed = told(OnConnectFailed, &()).with_error(code::NETWORK, message);
                self.core.emit(failed);
                if code == 0 {
                    self.ask_why();
                }
            }
            ConnEvent::Fatal { code, message } => self.refused(code, message).await,
            ConnEvent::Kicked => self.refused(code::TOKEN_KICKED, String::new()).await,
            ConnEvent::Resync => self.signals.look(Look::Owed),
            ConnEvent::Push(push) => {
                if let Err(error) = self.take_pushes(vec![push]).await {
                    self.log(Level::Error, &error.message);
                }
            }
            ConnEvent::Presence(tips) => self.take_presence(tips),
            ConnEvent::Lost => {}
        }
    }

    /// Asks the HTTP API, which says why a token is refused. The gateway says so too, but closes in the
    /// same breath, and Firefox then mostly gives its word to nobody.
    fn ask_why(self: &Rc<Self>) {
        let session = self.clone();
        self.core.rt.spawn(Box::pin(async move {
            // Another try to connect follows, whatever the answer is.
            let _ = session.sync_myself(&session.operation_id()).await;
        }));
    }

    /// Calls the HTTP API. A refused token ends the session, as on the link (data.md §1).
    pub(crate) async fn api<E: Endpoint>(
        self: &Rc<Self>,
        operation_id: &str,
        request: &E,
    ) -> Result<E::Reply> {
        let body = json::to_text(request);
        let data = self.exchange(E::PATH, operation_id, body).await?;
        Ok(rest::reply::<E>(data)?)
    }

    /// What does not depend on the types of request and reply.
    pub(crate) fn exchange<'a>(
        self: &'a Rc<Self>,
        path: &'static str,
        operation_id: &'a str,
        body: String,
    ) -> LocalBoxFuture<'a, Result<Option<json::Value>>> {
        Box::pin(async move {
            let answer = self.rest.call(path, operation_id, body).await;
            let answer = answer.map_err(|error| errors::of_call(path, error));
            if let Err(error) = &answer
                && errors::is_token(error.code)
            {
                let session = self.clone();
                let (code, message) = (error.code, error.message.clone());
                self.core.rt.spawn(Box::pin(async move {
                    if code == code::TOKEN_KICKED {
                        session.core.rt.sleep(NEWER_TOKEN_WAIT_MS).await;
                    }
                    session.refused(code, message).await;
                }));
            }
            answer
        })
    }

    /// The token is no good any more: told once, then logged out locally.
    async fn refused(self: &Rc<Self>, code: i32, message: String) {
        if self.ended.get() || self.token_told.replace(true) {
            return;
        }
        let told = match code {
            code::TOKEN_EXPIRED => told(OnUserTokenExpired, &()),
            code::TOKEN_KICKED => told(OnKickedOffline, &()),
            _ => told(OnUserTokenInvalid, &()),
        };
        self.end().await;
        self.core.emit(told.with_error(code, message));
    }

    /// Ends tasks, link and database, and settles what waits.
    async fn end(self: &Rc<Self>) {
        if self.ended.replace(true) {
            return;
        }
        self.outbox.end_all();
        self.core.held_files.clear();
        self.signals.end();
        self.conn.close().await;
        // A commit under way ends before the database closes.
        drop(self.gate.turn().await);
        self.store.close().await;
        *self.core.login.borrow_mut() = LoginState::LoggedOut;
    }
}
