//! THE LINK: drives the connection machine over a socket, matches answers to requests. Every request
//! settles: by its answer, its time-out, or the end of the link.
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::rt::json::Read;
use futures_channel::{mpsc, oneshot};
use futures_util::future::{Either, FutureExt, select};
use futures_util::stream::StreamExt;

use super::conn::{Action, Input, Machine};
use super::wire::envelope::{Request, Response};
use super::wire::{gzip, pb, req};
use super::{NetError, Socket, SocketEvent, SocketSender, Transport};
use crate::rt::map::Map;
use crate::rt::{self, Level, Runtime, json, proto};

/// The server drops a link on a larger frame (wire.md §3).
const FRAME_BYTES_MAX: usize = 51_200;
/// Longest time between two looks at the clock: a sleep of the machine is found within it.
const TICK_MS_MAX: i64 = 5_000;
/// A timer this late was not late: the machine or the page slept.
const LATE_MS: i64 = 3_000;

/// Where and as whom to connect.
#[derive(Clone, Debug)]
pub struct ConnConfig {
    /// `ws…` address of the gateway.
    pub ws_addr: String,
    /// Token's owner.
    pub user_id: String,
    /// Login token.
    pub token: String,
    /// Platform of the token (wire.md §9.2).
    pub platform_id: i32,
}

/// What the link tells. The queue is not bounded: pushes cannot be asked to wait, and one that is
/// dropped has to be fetched again, which costs more memory than keeping it.
#[derive(Clone, Debug, PartialEq)]
pub enum ConnEvent {
    /// A try begins.
    Connecting,
    /// Requests may be sent.
    Connected,
    /// A try failed; another follows.
    Failed {
        /// 0, or the server's code.
        code: i32,
        /// Text to it.
        message: String,
    },
    /// The token is refused; nothing follows.
    Fatal {
        /// 1501 to 1507.
        code: i32,
        /// Text to it.
        message: String,
    },
    /// Another login took this one's place; nothing follows.
    Kicked,
    /// The link is gone; a try follows.
    Lost,
    /// Messages.
    Push(pb::PushMessages),
    /// Presence of subscribed users.
    Presence(pb::SubUserOnlineStatusTips),
    /// A frame could not be read: something may have been missed.
    Resync,
}

type Answer = Result<Vec<u8>, NetError>;

/// The link of one login. Clones are the same link.
#[derive(Clone)]
pub struct Connection(Rc<Inner>);

struct Inner {
    rt: Rc<dyn Runtime>,
    user_id: String,
    up: Cell<bool>,
    ended: Cell<bool>,
    background: Cell<bool>,
    sender: RefCell<Option<Box<dyn SocketSender>>>,
    pending: RefCell<Map<String, oneshot::Sender<Answer>>>,
    waiting: RefCell<Vec<oneshot::Sender<()>>>,
    next: Cell<u64>,
    orders: mpsc::UnboundedSender<Input>,
}

impl Connection {
    /// Starts connecting; events come until the link ends.
    pub fn start(
        rt: Rc<dyn Runtime>,
        transport: Rc<dyn Transport>,
        config: ConnConfig,
    ) -> (Self, mpsc::UnboundedReceiver<ConnEvent>) {
        let (orders, incoming) = mpsc::unbounded();
        let (events, told) = mpsc::unbounded();
        let inner = Rc::new(Inner {
            rt: rt.clone(),
            user_id: config.user_id.clone(),
            up: Cell::new(false),
            ended: Cell::new(false),
            background: Cell::new(false),
            sender: RefCell::new(None),
            pending: RefCell::default(),
            waiting: RefCell::default(),
            next: Cell::new(rt.random() >> 16),
            orders,
        });
        let driver = Driver {
            inner: inner.clone(),
            transport,
            config,
            machine: Machine::default(),
            socket: None,
            dialing: None,
            events,
            answered: false,
        };
        rt.spawn(driver.run(incoming).boxed_local());
        (Self(inner), told)
    }

    /// Sends a request and waits for its answer.
    pub async fn request<Q, R>(
        &self,
        id: i32,
        operation_id: &str,
        request: &Q,
        timeout_ms: u32,
    ) -> Result<R, NetError>
    where
        Q: proto::Message,
        R: proto::Message + Default,
    {
        let data = request.encode_to_vec();
        let answer = self
            .request_bytes(id, operation_id, data, timeout_ms)
            .await?;
        R::decode(answer.as_slice()).map_err(|e| NetError::Malformed(e.to_string()))
    }

    async fn request_bytes(
        &self,
        id: i32,
        operation_id: &str,
        data: Vec<u8>,
        timeout_ms: u32,
    ) -> Answer {
        let inner = &self.0;
        if !inner.up.get() {
            return Err(NetError::NotConnected);
        }
        let number = inner.next.get();
        inner.next.set(number + 1);
        let msg_incr = [&inner.user_id, "_", &number.to_string()].concat();
        let request = Request {
            req_identifier: id,
            token: String::new(),
            send_id: inner.user_id.clone(),
            operation_id: operation_id.to_owned(),
            msg_incr: msg_incr.clone(),
            data,
        };
        let frame = gzip::pack(&request.encode_gob(), FRAME_BYTES_MAX);
        if frame.len() > FRAME_BYTES_MAX {
            return Err(NetError::TooLarge { bytes: frame.len() });
        }
        let (done, answer) = oneshot::channel();
        inner.pending.borrow_mut().insert(msg_incr.clone(), done);
        let sent = match &*inner.sender.borrow() {
            Some(sender) => sender.send_binary(&frame),
            None => Err(NetError::NotConnected),
        };
        if let Err(error) = sent {
            inner.pending.borrow_mut().remove(&msg_incr);
            return Err(error);
        }
        let answer = rt::timeout(&*inner.rt, timeout_ms, answer).await;
        inner.pending.borrow_mut().remove(&msg_incr);
        match answer {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(NetError::Lost),
            Err(_) => Err(NetError::Timeout),
        }
    }

    /// Whether requests may be sent.
    pub fn is_connected(&self) -> bool {
        self.0.up.get()
    }

    /// Waits until requests may be sent.
    pub async fn wait_connected(&self, timeout_ms: u32) -> Result<(), NetError> {
        if self.0.up.get() {
            return Ok(());
        }
        if self.0.ended.get() {
            return Err(NetError::NotConnected);
        }
        let (done, up) = oneshot::channel();
        self.0.waiting.borrow_mut().push(done);
        match rt::timeout(&*self.0.rt, timeout_ms, up).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(NetError::NotConnected),
        }
    }

    /// The page or the network is back: probes a link that is up, dials at once where none is.
    pub fn wake(&self) {
        self.order(Input::Wake);
    }

    /// Drops the link and dials anew.
    pub fn reconnect(&self) {
        self.order(Input::Reconnect);
    }

    /// Told to the server at the next dial.
    pub fn set_background(&self, background: bool) {
        self.0.background.set(background);
    }

    /// Ends the link; what waits fails.
    pub async fn close(&self) {
        self.order(Input::Close);
        self.0.end();
    }

    fn order(&self, input: Input) {
        // The driver is gone once the link has ended.
        let _ = self.0.orders.unbounded_send(input);
    }
}

impl Inner {
    /// Fails what waits for an answer of this socket.
    fn drop_socket(&self) {
        self.up.set(false);
        if let Some(sender) = self.sender.borrow_mut().take() {
            sender.close();
        }
        for (_, waiting) in std::mem::take(&mut *self.pending.borrow_mut()) {
            let _ = waiting.send(Err(NetError::Lost));
        }
    }

    fn end(&self) {
        self.ended.set(true);
        self.drop_socket();
        self.waiting.borrow_mut().clear();
    }
}

type Dialing = futures_util::future::LocalBoxFuture<'static, Result<Socket, NetError>>;

struct Driver {
    inner: Rc<Inner>,
    transport: Rc<dyn Transport>,
    config: ConnConfig,
    machine: Machine,
    socket: Option<mpsc::UnboundedReceiver<SocketEvent>>,
    dialing: Option<Dialing>,
    events: mpsc::UnboundedSender<ConnEvent>,
    /// The first text frame of this socket has come.
    answered: bool,
}

/// What the driver woke up for.
enum Woken {
    Order(Option<Input>),
    Dialed(Result<Socket, NetError>),
    Socket(Option<SocketEvent>),
    Time,
    /// Later than it was to be.
    Late,
}

#[derive(Read)]
struct ConnectAnswer {
    #[serde(rename = "errCode")]
    code: i32,
    #[serde(rename = "errMsg", default)]
    message: String,
    #[serde(rename = "errDlt", default)]
    detail: String,
}

impl Driver {
    async fn run(mut self, mut orders: mpsc::UnboundedReceiver<Input>) {
        self.step(Input::Start);
        while !self.machine.is_ended() {
            match self.next(&mut orders).await {
                Woken::Order(Some(input)) => self.step(input),
                // All handles are gone: nobody can ask for anything any more.
                Woken::Order(None) => self.step(Input::Close),
                Woken::Dialed(Ok(socket)) => {
                    *self.inner.sender.borrow_mut() = Some(socket.sender);
                    self.socket = Some(socket.events);
                    self.answered = false;
                }
                Woken::Dialed(Err(error)) => self.step(Input::DialFailed(describe(error))),
                Woken::Socket(Some(event)) => self.take(event),
                Woken::Socket(None) => self.take(SocketEvent::Closed(1006)),
                Woken::Time => self.step(Input::Tick),
                Woken::Late => self.step(Input::Wake),
            }
        }
        self.inner.end();
    }

    async fn next(&mut self, orders: &mut mpsc::UnboundedReceiver<Input>) -> Woken {
        let now = self.inner.rt.now_ms();
        let due = self.machine.deadline().unwrap_or(now + TICK_MS_MAX);
        let time = self
            .inner
            .rt
            .sleep((due - now).clamp(0, TICK_MS_MAX) as u32);
        let late = due.clamp(now, now + TICK_MS_MAX) + LATE_MS;
        let dialing = &mut self.dialing;
        let socket = &mut self.socket;
        let network = async {
            if let Some(dial) = dialing {
                let dialed = dial.await;
                *dialing = None;
                return Woken::Dialed(dialed);
            }
            match socket {
                Some(socket) => Woken::Socket(socket.next().await),
                None => std::future::pending().await,
            }
        };
        let order = async { Woken::Order(orders.next().await) };
        futures_util::pin_mut!(network, order);
        match select(select(order, network), time).await {
            Either::Left((Either::Left((woken, _)) | Either::Right((woken, _)), _)) => woken,
            Either::Right(_) if self.inner.rt.now_ms() > late => Woken::Late,
            Either::Right(_) => Woken::Time,
        }
    }

    fn step(&mut self, input: Input) {
        let now = self.inner.rt.now_ms();
        for action in self.machine.step(input, now, self.inner.rt.random()) {
            self.act(action);
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Dial => {
                let url = self.url();
                let transport = self.transport.clone();
                self.dialing = Some(async move { transport.dial(&url).await }.boxed_local());
            }
            Action::Drop => {
                self.dialing = None;
                self.socket = None;
                self.inner.drop_socket();
            }
            Action::Ping => {
                if let Some(sender) = &*self.inner.sender.borrow() {
                    // A socket that cannot send will not answer either.
                    let _ = sender.send_text(r#"{"type":"ping"}"#);
                }
            }
            Action::TellConnecting => self.tell(ConnEvent::Connecting),
            Action::TellConnected => {
                self.inner.up.set(true);
                for waiting in self.inner.waiting.borrow_mut().drain(..) {
                    let _ = waiting.send(());
                }
                self.tell(ConnEvent::Connected);
            }
            Action::TellLost => self.tell(ConnEvent::Lost),
            Action::TellFailed { code, message } => self.tell(ConnEvent::Failed { code, message }),
            Action::TellFatal { code, message } => self.tell(ConnEvent::Fatal { code, message }),
            Action::TellKicked => self.tell(ConnEvent::Kicked),
        }
    }

    fn tell(&self, event: ConnEvent) {
        // Nobody listens any more after a logout.
        let _ = self.events.unbounded_send(event);
    }

    fn take(&mut self, event: SocketEvent) {
        match event {
            SocketEvent::Closed(_) => {
                self.socket = None;
                self.step(Input::Closed);
            }
            SocketEvent::Text(text) if !self.answered => {
                self.answered = true;
                self.step(match json::from_text::<ConnectAnswer>(&text) {
                    Ok(answer) => Input::Answer {
                        code: answer.code,
                        message: [answer.message.as_str(), &answer.detail]
                            .join(" ")
                            .trim()
                            .to_owned(),
                    },
                    Err(_) => Input::DialFailed("the server's first frame cannot be read".into()),
                });
            }
            SocketEvent::Text(_) => self.step(Input::Frame),
            SocketEvent::Binary(bytes) => {
                self.step(Input::Frame);
                self.take_frame(&bytes);
            }
        }
    }

    fn take_frame(&mut self, bytes: &[u8]) {
        let plain = gzip::unpack(bytes);
        let Some(Ok(frame)) = plain.map(|plain| Response::decode_gob(&plain)) else {
            return self.missed("a frame that is not an envelope");
        };
        let waiting = match frame.msg_incr.is_empty() {
            true => None,
            false => self.inner.pending.borrow_mut().remove(&frame.msg_incr),
        };
        if let Some(waiting) = waiting {
            let answer = match frame.err_code {
                0 => Ok(frame.data),
                code => Err(NetError::Server {
                    code,
                    message: frame.err_msg,
                }),
            };
            // Whoever asked may have stopped waiting.
            let _ = waiting.send(answer);
            return;
        }
        match frame.req_identifier {
            req::PUSH_MSG => match proto::Message::decode(frame.data.as_slice()) {
                Ok(push) => self.tell(ConnEvent::Push(push)),
                Err(_) => self.missed("a push that is not a message"),
            },
            req::KICK_ONLINE => self.step(Input::Kicked),
            req::SUB_USER_ONLINE if frame.msg_incr.is_empty() => {
                match proto::Message::decode(frame.data.as_slice()) {
                    Ok(tips) => self.tell(ConnEvent::Presence(tips)),
                    Err(_) => self.missed("a presence frame that cannot be read"),
                }
            }
            // A late answer, or something a newer server says.
            _ => {}
        }
    }

    /// The link is kept; what may have been in the frame is fetched.
    fn missed(&self, what: &str) {
        self.inner.rt.log(Level::Warn, what);
        self.tell(ConnEvent::Resync);
    }

    fn url(&self) -> String {
        let c = &self.config;
        let platform = c.platform_id.to_string();
        let operation = self.inner.rt.random().to_string();
        let background = if self.inner.background.get() {
            "true"
        } else {
            "false"
        };
        let mut url = c.ws_addr.clone();
        url.push(if url.contains('?') { '&' } else { '?' });
        for (n, (key, value)) in [
            ("sendID", c.user_id.as_str()),
            ("token", &c.token),
            ("platformID", &platform),
            ("operationID", &operation),
            ("isBackground", background),
            ("isMsgResp", "true"),
            ("compression", "gzip"),
        ]
        .iter()
        .enumerate()
        {
            if n > 0 {
                url.push('&');
            }
            url.push_str(key);
            url.push('=');
            percent_encode(&mut url, value);
        }
        url
    }
}

fn describe(error: NetError) -> String {
    match error {
        NetError::Unreachable(why) => why,
        _ => "the socket could not be opened".into(),
    }
}

/// Everything but unreserved characters (RFC 3986 §2.3) as `%XX`.
fn percent_encode(out: &mut String, text: &str) {
    let digits = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(digits[usize::from(byte >> 4)]));
            out.push(char::from(digits[usize::from(byte & 15)]));
        }
    }
}
