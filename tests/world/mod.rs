//! The SDK and the server's model in one process under virtual time: several clients, one server,
//! everything through the real router, logic, link and store.
// Every test program takes of it what it needs; what it finds wrong, it panics about.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::rc::Rc;

use async_trait::async_trait;
use futures_channel::mpsc;
use openim_server::model::{ConnId, Effect, Model};
use openim_server::{control, seed};
use openim_web::api::error::Error;
use openim_web::api::events::Told;
use openim_web::js::router;
use openim_web::logic::{Core, Parts};
use openim_web::net::wire::envelope::{Request, Response};
use openim_web::net::wire::gzip;
use openim_web::net::{
    FileInfo, Files, Http, HttpReply, HttpRequest, NetError, Put, Socket, SocketEvent,
    SocketSender, Transport,
};
use openim_web::rt::Runtime;
use openim_web::rt::sim::SimRuntime;
use openim_web::store::Stores;
use openim_web::store::memory::MemoryStores;
use serde_json::{Value, json};

pub mod files;
pub mod groups;
pub mod people;
pub mod slow;

/// Most bytes of a frame that the server looks at.
const FRAME_BYTES_MAX: usize = 51_200;
/// One way over the network, milliseconds.
const LATENCY_MS: u32 = 3;

/// The server and the wires to it.
pub struct Net {
    pub rt: Rc<SimRuntime>,
    pub model: RefCell<Model>,
    /// By connection: the page it is of, and where its events go.
    pub sockets: RefCell<BTreeMap<ConnId, (String, mpsc::UnboundedSender<SocketEvent>)>>,
    /// Ends of sockets that are dead without knowing it.
    zombies: RefCell<Vec<mpsc::UnboundedSender<SocketEvent>>>,
    /// Pages whose network is cut.
    pub cut: RefCell<Vec<String>>,
    /// Files of the pages, by the name that stands for them in parameters: `{"file": name}`.
    pub files: RefCell<BTreeMap<String, TestFile>>,
    /// HTTP calls so far, by path.
    pub calls: RefCell<BTreeMap<String, u32>>,
    /// When the model will next be woken.
    woken_at: Cell<i64>,
}

impl Net {
    fn pump(self: &Rc<Self>) {
        let effects = self.model.borrow_mut().drain_effects();
        for effect in effects {
            let (conn, event, delay) = match effect {
                Effect::Send {
                    conn,
                    frame,
                    delay_ms,
                } => (
                    conn,
                    SocketEvent::Binary(gzip::pack(&frame.encode_gob(), FRAME_BYTES_MAX)),
                    delay_ms as u32,
                ),
                Effect::Raw { conn, bytes } => (conn, SocketEvent::Binary(bytes), 0),
                Effect::Close { conn } => (conn, SocketEvent::Closed(1006), 0),
            };
            let net = self.clone();
            self.rt.spawn(Box::pin(async move {
                net.rt.sleep(LATENCY_MS + delay).await;
                let is_end = matches!(event, SocketEvent::Closed(_));
                if let Some((_, socket)) = net.sockets.borrow().get(&conn) {
                    let _ = socket.unbounded_send(event);
                }
                if is_end {
                    net.sockets.borrow_mut().remove(&conn);
                }
            }));
        }
        self.wake_in_time();
    }

    /// Wakes the model when it has something to do.
    fn wake_in_time(self: &Rc<Self>) {
        let Some(at) = self.model.borrow().next_deadline() else {
            return;
        };
        let now = self.rt.now_ms();
        if self.woken_at.get() > now && self.woken_at.get() <= at {
            return;
        }
        self.woken_at.set(at.max(now + 1));
        let net = self.clone();
        self.rt.spawn(Box::pin(async move {
            let pause = net.woken_at.get() - net.rt.now_ms();
            net.rt.sleep(pause.max(0) as u32).await;
            net.with(|model, now| model.tick(now));
        }));
    }

    /// A page's connections break, and no new ones come about until it is taken out of `cut`.
    pub fn cut_off(self: &Rc<Self>, page: &str) {
        self.cut.borrow_mut().push(page.to_owned());
        self.break_links(page);
    }

    /// A page's connections break.
    pub fn break_links(self: &Rc<Self>, page: &str) {
        let sockets = self.sockets.borrow();
        let own = sockets.iter().filter(|(_, (of, _))| of == page);
        let own: Vec<ConnId> = own.map(|(conn, _)| *conn).collect();
        drop(sockets);
        for conn in own {
            if let Some((_, socket)) = self.sockets.borrow_mut().remove(&conn) {
                let _ = socket.unbounded_send(SocketEvent::Closed(1006));
            }
            self.with(|model, now| model.disconnect(now, conn));
        }
    }

    /// A page's connections die without a word: the server is rid of them, the page waits.
    pub fn deaden_links(self: &Rc<Self>, page: &str) {
        let mut sockets = self.sockets.borrow_mut();
        let own = sockets.iter().filter(|(_, (of, _))| of == page);
        let own: Vec<ConnId> = own.map(|(conn, _)| *conn).collect();
        let dead: Vec<_> = own.iter().filter_map(|conn| sockets.remove(conn)).collect();
        drop(sockets);
        self.zombies
            .borrow_mut()
            .extend(dead.into_iter().map(|(_, socket)| socket));
        for conn in own {
            self.with(|model, now| model.disconnect(now, conn));
        }
    }

    /// Uses the model, then does what it wants done.
    pub fn with<T>(self: &Rc<Self>, act: impl FnOnce(&mut Model, i64) -> T) -> T {
        let now = self.rt.now_ms();
        let value = act(&mut self.model.borrow_mut(), now);
        self.pump();
        value
    }
}

struct Wire {
    net: Rc<Net>,
    page: String,
    alive: Rc<Cell<bool>>,
}

impl Wire {
    /// A page that is gone never comes back, whatever its name may do.
    fn is_cut(&self) -> bool {
        !self.alive.get() || self.net.cut.borrow().contains(&self.page)
    }
}

struct Sender {
    net: Rc<Net>,
    conn: ConnId,
    closed: Cell<bool>,
}

impl SocketSender for Sender {
    fn send_binary(&self, bytes: &[u8]) -> Result<(), NetError> {
        assert!(bytes.len() <= FRAME_BYTES_MAX, "the server would hang up");
        let plain = gzip::unpack(bytes).expect("the SDK sends whole frames");
        let request = Request::decode_gob(&plain).expect("the SDK sends envelopes");
        let (net, conn) = (self.net.clone(), self.conn);
        self.net.rt.spawn(Box::pin(async move {
            net.rt.sleep(LATENCY_MS).await;
            if net.sockets.borrow().contains_key(&conn) {
                net.with(|model, now| model.frame(now, conn, &request));
            }
        }));
        Ok(())
    }

    fn send_text(&self, _: &str) -> Result<(), NetError> {
        let (net, conn) = (self.net.clone(), self.conn);
        self.net.rt.spawn(Box::pin(async move {
            net.rt.sleep(2 * LATENCY_MS).await;
            if let Some((_, socket)) = net.sockets.borrow().get(&conn) {
                let _ = socket
                    .unbounded_send(SocketEvent::Text(r#"{"type":"pong","body":null}"#.into()));
            }
        }));
        Ok(())
    }

    fn close(&self) {
        if !self.closed.replace(true) {
            self.net.sockets.borrow_mut().remove(&self.conn);
            self.net.with(|model, now| model.disconnect(now, self.conn));
        }
    }
}

#[async_trait(?Send)]
impl Transport for Wire {
    async fn dial(&self, url: &str) -> Result<Socket, NetError> {
        self.net.rt.sleep(LATENCY_MS).await;
        if self.is_cut() {
            return Err(NetError::Unreachable("the network is cut".into()));
        }
        let query: HashMap<&str, &str> = url
            .split_once('?')
            .map(|(_, query)| {
                query
                    .split('&')
                    .filter_map(|pair| pair.split_once('='))
                    .collect()
            })
            .unwrap_or_default();
        let platform: i32 = query["platformID"].parse().expect("a number");
        let (sender, events) = mpsc::unbounded();
        let now = self.net.rt.now_ms();
        let allowed =
            self.net
                .model
                .borrow()
                .may_connect(now, query["sendID"], platform, query["token"]);
        if let Err(refusal) = allowed {
            if refusal.code == 1601 {
                // No browser gets to read this one (wire.md §1.3).
                return Err(NetError::Unreachable("the connect was refused".into()));
            }
            let body = json!({"errCode": refusal.code, "errMsg": refusal.message, "errDlt": refusal.detail});
            let _ = sender.unbounded_send(SocketEvent::Text(body.to_string()));
            let _ = sender.unbounded_send(SocketEvent::Closed(1006));
            let sender = Sender {
                net: self.net.clone(),
                conn: 0,
                closed: Cell::new(false),
            };
            return Ok(Socket {
                sender: Box::new(sender),
                events,
            });
        }
        let _ = sender.unbounded_send(SocketEvent::Text(
            r#"{"errCode":0,"errMsg":"","errDlt":""}"#.into(),
        ));
        let conn = self
            .net
            .with(|model, now| model.connect(now, query["sendID"], platform, query["token"]));
        let page = (self.page.clone(), sender);
        self.net.sockets.borrow_mut().insert(conn, page);
        let sender = Sender {
            net: self.net.clone(),
            conn,
            closed: Cell::new(false),
        };
        Ok(Socket {
            sender: Box::new(sender),
            events,
        })
    }
}

#[async_trait(?Send)]
impl Http for Wire {
    async fn post(&self, request: HttpRequest) -> Result<HttpReply, NetError> {
        self.net.rt.sleep(LATENCY_MS).await;
        if self.is_cut() {
            return Err(NetError::Unreachable("the network is cut".into()));
        }
        let path = request.url.trim_start_matches("http://server").to_owned();
        *self.net.calls.borrow_mut().entry(path.clone()).or_default() += 1;
        let header = |name: &str| {
            let found = request.headers.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let body: Value = serde_json::from_str(&request.body).expect("the SDK sends JSON");
        let fault = self.net.model.borrow_mut().faults.take_rest(&path);
        if let Some(fault) = fault {
            use openim_server::model::faults::RestFault::*;
            let (status, body) = match fault {
                TooMany => (429, "slow down"),
                Broken => (500, "broken"),
                Refused => (200, r#"{"errCode":1002,"errMsg":"NoPermissionError"}"#),
                Html => (200, "<html>"),
                Hang => {
                    self.net.rt.sleep(300_000).await;
                    (504, "")
                }
            };
            return Ok(HttpReply {
                status,
                body: body.into(),
            });
        }
        let answer = self.net.with(|model, now| {
            model.rest(now, &path, &header("token"), &header("operationID"), &body)
        });
        self.net.rt.sleep(LATENCY_MS).await;
        let body = match answer {
            Ok(Value::Null) => json!({"errCode": 0, "errMsg": "", "errDlt": ""}),
            Ok(data) => json!({"errCode": 0, "errMsg": "", "errDlt": "", "data": data}),
            Err(refusal) => {
                json!({"errCode": refusal.code, "errMsg": refusal.message, "errDlt": refusal.detail})
            }
        };
        Ok(HttpReply {
            status: 200,
            body: body.to_string(),
        })
    }
}

/// A file: its bytes are made when they are read, so that it may be large.
#[derive(Clone)]
pub struct TestFile {
    pub size: i64,
    pub mime: String,
    /// Files of one seed and size are the same.
    pub seed: u8,
    /// It can be read.
    pub readable: bool,
    /// Most bytes that were read at once.
    pub most: Rc<Cell<i64>>,
}

impl TestFile {
    pub fn new(size: i64, seed: u8) -> Self {
        TestFile {
            size,
            mime: "image/png".into(),
            seed,
            readable: true,
            most: Rc::default(),
        }
    }

    pub fn bytes(&self, range: Range<i64>) -> Vec<u8> {
        let byte = |at: i64| ((at * 31 + (at >> 8) * 7) as u8) ^ self.seed;
        range.map(byte).collect()
    }
}

impl Wire {
    fn file(&self, value: &Value) -> Option<(String, TestFile)> {
        let name = value["file"].as_str()?;
        let file = self.net.files.borrow().get(name).cloned()?;
        Some((name.to_owned(), file))
    }
}

#[async_trait(?Send)]
impl Files for Wire {
    fn info(&self, value: &Value) -> Option<FileInfo> {
        let (name, file) = self.file(value)?;
        Some(FileInfo {
            name,
            size: file.size,
            mime: file.mime,
        })
    }

    async fn read(&self, value: &Value, bytes: Range<i64>) -> Option<Vec<u8>> {
        let (_, file) = self.file(value).filter(|(_, file)| file.readable)?;
        file.most.set(file.most.get().max(bytes.end - bytes.start));
        Some(file.bytes(bytes))
    }

    async fn put(&self, put: Put<'_>, sent: &dyn Fn(i64) -> bool) -> Result<u16, NetError> {
        let cut = || NetError::Unreachable("the network is cut".into());
        let size = put.bytes.end - put.bytes.start;
        // Half of it, then all.
        for bytes in [size / 2, size] {
            self.net.rt.sleep(5 * LATENCY_MS).await;
            if self.is_cut() {
                return Err(cut());
            }
            if !sent(bytes) {
                return Err(NetError::Lost);
            }
        }
        let (_, file) = self.file(put.file).expect("a file");
        let target = put.url.strip_prefix("http://server/storage/");
        let target = target.expect("an address of the storage");
        let bytes = file.bytes(put.bytes);
        let answer = self
            .net
            .with(|model, now| model.objects.storage.put(now, target, &put.headers, &bytes));
        self.net.rt.sleep(LATENCY_MS).await;
        answer.ok_or_else(cut)
    }
}

/// Everything.
pub struct World {
    pub rt: Rc<SimRuntime>,
    pub net: Rc<Net>,
}

/// A device: its databases outlive the page.
pub struct Device {
    pub stores: Rc<MemoryStores>,
}

/// A page that runs the SDK.
pub struct Client {
    pub world: Rc<World>,
    pub core: Rc<Core>,
    pub user: String,
    /// Its name on the network: the user's, unless another was given.
    pub name: String,
    pub platform: i32,
    pub token: String,
    pub events: Rc<RefCell<Vec<(String, Value)>>>,
    alive: Rc<Cell<bool>>,
}

impl World {
    /// A server with the demo's users, and virtual time.
    pub fn new(seed_number: u64) -> Rc<Self> {
        let rt = SimRuntime::new(seed_number);
        let model = seed::model("demo", rt.now_ms()).unwrap();
        let net = Rc::new(Net {
            rt: rt.clone(),
            model: RefCell::new(model),
            sockets: RefCell::default(),
            zombies: RefCell::default(),
            cut: RefCell::default(),
            files: RefCell::default(),
            calls: RefCell::default(),
            woken_at: Cell::new(0),
        });
        net.model.borrow_mut().objects.base = "http://server".into();
        Rc::new(Self { rt, net })
    }

    /// The server stores and pushes at once: for tests that are about something else than its pace.
    pub fn quick(self: Rc<Self>) -> Rc<Self> {
        self.control("config", json!({"storeDelayMs": 5, "onlineTickMs": 0}));
        self
    }

    /// A new token of a user.
    pub fn token(&self, user: &str) -> String {
        let now = self.rt.now_ms();
        self.net.model.borrow_mut().issue_token(now, user, 5)
    }

    /// A fresh device.
    pub fn device(&self) -> Device {
        Device {
            stores: Rc::default(),
        }
    }

    /// A page of a user on a device, not logged in yet.
    pub fn page(self: &Rc<Self>, user: &str, token: &str, device: &Device) -> Client {
        self.page_on(user, user, 5, token, device.stores.clone())
    }

    /// A page under a name of its own, on a platform, with any stores.
    pub fn page_on(
        self: &Rc<Self>,
        name: &str,
        user: &str,
        platform: i32,
        token: &str,
        stores: Rc<dyn Stores>,
    ) -> Client {
        let events: Rc<RefCell<Vec<(String, Value)>>> = Rc::default();
        let alive = Rc::new(Cell::new(true));
        let (heard, living) = (events.clone(), alive.clone());
        let wire = Rc::new(Wire {
            net: self.net.clone(),
            page: name.to_owned(),
            alive: alive.clone(),
        });
        let core = Core::new(Parts {
            rt: self.rt.clone(),
            transport: wire.clone(),
            http: wire.clone(),
            files: wire,
            stores,
            memory: Rc::<MemoryStores>::default(),
            emit: Box::new(move |told: Told| {
                if living.get() {
                    heard.borrow_mut().push((told.name.to_owned(), told.data));
                }
            }),
        });
        Client {
            world: self.clone(),
            core,
            user: user.to_owned(),
            name: name.to_owned(),
            platform,
            token: token.to_owned(),
            events,
            alive,
        }
    }

    /// A logged-in page whose first sync is done, and to which the server pushes.
    pub fn ready(self: &Rc<Self>, user: &str) -> (Client, Device) {
        let device = self.device();
        let client = self.page(user, &self.token(user), &device);
        client.login();
        client.wait_for("OnSyncServerFinish");
        client.until("the server pushes to it", |client| {
            client.world.net.model.borrow().is_online(&client.user)
        });
        (client, device)
    }

    /// A file of that name; the value that stands for it in parameters.
    pub fn file(&self, name: &str, file: TestFile) -> Value {
        self.net.files.borrow_mut().insert(name.to_owned(), file);
        json!({ "file": name })
    }

    /// Sends as a user who has no page.
    pub fn say(self: &Rc<Self>, from: &str, to: &str, text: &str) -> String {
        let body = json!({"from": from, "to": to, "text": text});
        let sent = self
            .net
            .with(|model, now| control::act(model, now, "send", &body));
        sent.expect("the message is accepted")["clientMsgIDs"][0]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Sends to a group as a user who has no page.
    pub fn say_group(self: &Rc<Self>, from: &str, group: &str, text: &str) {
        self.control(
            "send",
            json!({"from": from, "groupID": group, "text": text}),
        );
    }

    /// The server sends a frame to all connections of a user.
    pub fn push(self: &Rc<Self>, user: &str, req_identifier: i32, data: Vec<u8>) {
        self.net.with(|model, _| {
            for conn in model.conns_of_user(user) {
                let frame = Response {
                    req_identifier,
                    data: data.clone(),
                    ..Default::default()
                };
                model.redo(Effect::Send {
                    conn,
                    frame,
                    delay_ms: 0,
                });
            }
        });
    }

    /// How often a path of the API was called so far.
    pub fn calls(&self, path: &str) -> u32 {
        self.net.calls.borrow().get(path).copied().unwrap_or(0)
    }

    /// A control action.
    pub fn control(self: &Rc<Self>, action: &str, body: Value) -> Value {
        let done = self
            .net
            .with(|model, now| control::act(model, now, action, &body));
        done.unwrap_or_else(|| panic!("control {action} {body}"))
    }

    /// A call of the administrator.
    pub fn admin(self: &Rc<Self>, path: &str, body: Value) -> Value {
        let secret = json!({"secret": "openIM123", "userID": "imAdmin"});
        let done = self.net.with(|model, now| {
            let answer = model.rest(now, "/auth/get_admin_token", "", "op", &secret)?;
            let token = answer["token"].as_str().unwrap_or_default().to_owned();
            model.rest(now, path, &token, "op", &body)
        });
        done.unwrap_or_else(|refusal| panic!("{path}: {refusal:?}"))
    }

    /// Messages of a channel at the server: (seq, clientMsgID).
    pub fn log(self: &Rc<Self>, id: &str) -> Vec<(i64, String)> {
        let state = self.control("state", json!({}));
        let messages = state["channels"][id]["messages"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let pair = |m: &Value| {
            (
                m["seq"].as_i64().unwrap(),
                m["clientMsgID"].as_str().unwrap().to_owned(),
            )
        };
        messages.iter().map(pair).collect()
    }

    /// Cuts or restores a user's network.
    pub fn network(self: &Rc<Self>, user: &str, on: bool) {
        self.net.cut.borrow_mut().retain(|page| page != user);
        if !on {
            self.net.cut_off(user);
        }
    }
}

impl Client {
    /// Calls a method as JavaScript would.
    pub async fn call(&self, method: &str, params: Value) -> Result<Value, Error> {
        router::call(&self.core, method, params, "op").await
    }

    /// Calls a method and expects it to work.
    pub fn ok(&self, method: &str, params: Value) -> Value {
        let answer = self.world.rt.block_on(self.call(method, params));
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Calls a method and expects it to fail.
    pub fn err(&self, method: &str, params: Value) -> Error {
        match self.world.rt.block_on(self.call(method, params)) {
            Ok(value) => panic!("{method} answered {value}"),
            Err(error) => error,
        }
    }

    pub fn login(&self) {
        self.ok("login", self.login_params());
    }

    pub fn login_params(&self) -> Value {
        json!({
            "userID": self.user, "token": self.token, "platformID": self.platform,
            "apiAddr": "http://server", "wsAddr": "ws://server",
        })
    }

    /// Sends a text to a user; the sent message.
    pub fn text(&self, to: &str, text: &str) -> Value {
        let message = self.ok("createTextMessage", json!(text));
        self.ok(
            "sendMessage",
            json!({"recvID": to, "groupID": "", "message": message}),
        )
    }

    /// Events of a name so far.
    pub fn heard(&self, name: &str) -> Vec<Value> {
        let events = self.events.borrow();
        events
            .iter()
            .filter(|(n, _)| n == name)
            .map(|(_, data)| data.clone())
            .collect()
    }

    /// Messages told as new, in order.
    pub fn new_messages(&self) -> Vec<Value> {
        let lists = self.heard("OnRecvNewMessages");
        lists
            .iter()
            .flat_map(|list| list.as_array().unwrap().clone())
            .collect()
    }

    pub fn forget_events(&self) {
        self.events.borrow_mut().clear();
    }

    /// Waits until a condition holds; at most ten virtual minutes.
    pub fn until(&self, what: &str, mut holds: impl FnMut(&Client) -> bool) {
        for _ in 0..60_000 {
            if holds(self) {
                return;
            }
            self.world.rt.run_for(10);
        }
        panic!(
            "{}: {what} never came true; events: {:?}; log: {:?}",
            self.user,
            self.events
                .borrow()
                .iter()
                .map(|(n, _)| n.clone())
                .collect::<Vec<_>>(),
            self.world.rt.log()
        );
    }

    /// Waits for an event.
    pub fn wait_for(&self, name: &str) {
        self.until(name, |client| !client.heard(name).is_empty());
    }

    pub fn conversation(&self, id: &str) -> Value {
        self.ok("getMultipleConversation", json!([id]))[0].clone()
    }

    /// All history of a conversation, oldest first.
    pub fn history(&self, id: &str) -> Vec<Value> {
        self.try_history(id).unwrap_or_else(|why| panic!("{why}"))
    }

    /// The same; an error if a page ends at a gap.
    pub fn try_history(&self, id: &str) -> Result<Vec<Value>, String> {
        let mut all: Vec<Value> = Vec::new();
        let mut start = String::new();
        loop {
            let page = self.ok(
                "getAdvancedHistoryMessageList",
                json!({
                    "conversationID": id, "startClientMsgID": start, "count": 17, "viewType": 0,
                }),
            );
            if page["errCode"] != 0 {
                return Err(format!("{} has a gap in {id}: {page}", self.name));
            }
            let list = page["messageList"].as_array().unwrap().clone();
            if let Some(first) = list.first() {
                start = first["clientMsgID"].as_str().unwrap().to_owned();
            }
            assert!(
                !list.is_empty() || page["isEnd"] == true,
                "an empty page that is not the end"
            );
            all.splice(0..0, list);
            if page["isEnd"] == true {
                return Ok(all);
            }
        }
    }

    /// Whether the page is still there.
    pub fn is_alive(&self) -> bool {
        self.alive.get()
    }

    /// The page is gone: nothing of it runs or is heard any more.
    pub fn kill(&self) {
        self.alive.set(false);
        self.world.net.cut_off(&self.name);
    }
}

pub fn ids(messages: &[Value]) -> Vec<String> {
    messages
        .iter()
        .map(|m| m["clientMsgID"].as_str().unwrap().to_owned())
        .collect()
}

pub fn texts(messages: &[Value]) -> Vec<String> {
    messages
        .iter()
        .map(|m| m["textElem"]["content"].as_str().unwrap_or("-").to_owned())
        .collect()
}
