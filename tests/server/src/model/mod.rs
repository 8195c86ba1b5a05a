//! The server as a state: every entry point takes the time, effects are drained afterwards. Ordered
//! maps only, so that the same calls give the same effects.
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::RangeInclusive;

use openim_web::net::wire::envelope::Response;
use openim_web::net::wire::pb::MsgData;
use serde_json::Value;

mod accounts;
pub mod conversations;
pub mod faults;
pub mod friends;
pub mod group_changes;
mod group_members;
pub mod group_requests;
pub mod group_tips;
pub mod groups;
pub mod message_calls;
pub mod messages;
pub mod notify;
pub mod objects;
pub(crate) mod online;
mod posting;
pub mod pulls;
pub mod requests;
pub mod rest;
pub mod rows;
mod rules;
mod search;
pub mod storage;
mod third;
pub mod tokens;
pub mod users;
pub mod versions;

use faults::Faults;
use rows::Rows;
use versions::Versions;

/// A connection's number.
pub type ConnId = u64;

/// What the shell does after a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send a frame.
    Send {
        /// To whom.
        conn: ConnId,
        /// What.
        frame: Response,
        /// After this many milliseconds.
        delay_ms: u64,
    },
    /// Send these bytes as a binary frame, as they are.
    Raw {
        /// To whom.
        conn: ConnId,
        /// What.
        bytes: Vec<u8>,
    },
    /// Close without a close frame.
    Close {
        /// Whom.
        conn: ConnId,
    },
}

/// A refused call: code, short name, detail (wire.md §9.1).
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// Number.
    pub code: i32,
    /// Short name.
    pub message: &'static str,
    /// Detail.
    pub detail: String,
    /// HTTP status of the answer.
    pub status: u16,
}

/// Answer of a model call.
pub type Answer<T> = Result<T, Refusal>;

/// A refusal of one of the codes this server gives.
pub fn refuse<T>(code: i32, detail: impl Into<String>) -> Answer<T> {
    let message = match code {
        500 => "ServerInternalError",
        1001 => "ArgsError",
        1002 => "NoPermissionError",
        1004 => "RecordNotFoundError",
        1101 => "UserIDNotFoundError",
        1102 => "RegisteredAlreadyError",
        1201 => "GroupIDNotFoundError",
        1202 => "GroupIDExisted",
        1203 => "NotInGroupYetError",
        1204 => "DismissedAlreadyError",
        1206 => "GroupRequestHandled",
        1301 => "CanNotAddYourselfError",
        1302 => "BlockedByPeer",
        1304 => "RelationshipAlreadyError",
        1305 => "FriendRequestHandled",
        1402 => "MutedInGroup",
        1403 => "MutedGroup",
        1404 => "MsgAlreadyRevoke",
        1501 => "TokenExpiredError",
        1502 => "TokenInvalidError",
        1503 => "TokenMalformedError",
        1505 => "signature is invalid",
        1506 => "TokenKickedError",
        1507 => "TokenNotExistError",
        1601 => "ConnOverMaxNumLimit",
        1602 => "args err, need token, sendID, platformID",
        _ => "UnknownCode",
    };
    Err(Refusal {
        code,
        message,
        detail: detail.into(),
        status: 200,
    })
}

/// A connection of a user.
#[derive(Clone, Debug)]
pub struct Conn {
    /// Whose.
    pub user_id: String,
    /// Platform of the token.
    pub platform_id: i32,
    /// Its token.
    pub token: String,
    /// Users whose presence it wants.
    pub subscribed: BTreeSet<String>,
    /// Its client said that it is in the background.
    pub is_in_background: bool,
}

/// Messages of one channel, by seq.
#[derive(Clone, Debug, Default)]
pub struct Channel {
    /// Last seq given.
    pub max: i64,
    /// Nothing below is kept.
    pub min: i64,
    /// What is kept; a missing number is a hole.
    pub messages: BTreeMap<i64, Stored>,
    /// When the last seq was given.
    pub given_at: i64,
    /// Seqs that were marked as read before there was a message, and when.
    pub early: BTreeMap<i64, i64>,
}

/// A kept message.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The message, revoked ones in their revoked form. What it says of having been read is the
    /// sender's word.
    pub msg: MsgData,
    /// Read by the receiver.
    pub is_read: bool,
    /// It is read from the database, no longer from the cache.
    pub in_database: bool,
    /// It was marked as read before it came: the database has it as read, the cache not.
    pub born_read: bool,
    /// Users who deleted it.
    pub deleted_by: BTreeSet<String>,
}

/// A message on its way into storage.
#[derive(Clone, Debug)]
struct Queued {
    at: i64,
    channel: String,
    msg: MsgData,
}

/// The server.
pub struct Model {
    /// Milliseconds between a send's acknowledgement and its storage and push, at least and at most.
    pub store_delay_ms: RangeInclusive<i64>,
    /// Milliseconds between two reports of who is online: a fresh connection gets no pushes before. 0: at once.
    pub online_tick_ms: i64,
    /// The clock goes by steps of this many milliseconds: messages have the same time.
    pub clock_step_ms: i64,
    /// Multi-login policy (wire.md §8.1): 0 nobody is kicked, 1 the same platform is.
    pub login_policy: i32,
    /// Conversations are marked for who is named in a message, and for announcements. No server was
    /// seen to: its own call is refused inside it.
    pub marks: bool,
    /// Who is no member is told so when he sends, and not that he has no permission.
    pub warm_members: bool,
    /// Messages are read from the database as if no cache had them.
    pub from_database: bool,
    /// What versions of the server do otherwise with groups.
    pub group_habits: groups::GroupHabits,
    /// What goes wrong on purpose.
    pub faults: Faults,
    /// Object storage.
    pub objects: objects::Objects,
    /// Time of the last message of the control endpoint.
    pub last_said: i64,
    pub(crate) users: BTreeMap<String, Value>,
    /// What applications keep with a user.
    pub(crate) commands: BTreeMap<String, Vec<Value>>,
    /// Settings of a user's clients, made by the application.
    pub(crate) client_configs: BTreeMap<String, BTreeMap<String, Value>>,
    pub(crate) tokens: BTreeMap<String, tokens::Token>,
    pub(crate) conns: BTreeMap<ConnId, Conn>,
    pub(crate) online: online::Online,
    pub(crate) channels: BTreeMap<String, Channel>,
    /// Conversation rows by (user, conversation).
    pub(crate) rows: BTreeMap<(String, String), Value>,
    /// Rows that lists do not have yet, and until when: the server remembers that there was none.
    pub(crate) unseen_rows: BTreeMap<(String, String), i64>,
    pub(crate) has_read: BTreeMap<(String, String), i64>,
    pub(crate) friends: BTreeMap<String, Rows<Value>>,
    pub(crate) friend_requests: Vec<Value>,
    pub(crate) blacks: BTreeMap<String, Rows<Value>>,
    pub(crate) groups: BTreeMap<String, groups::Group>,
    pub(crate) group_requests: Vec<Value>,
    /// Dismissed groups, and when their members are taken out.
    pub(crate) emptying: Vec<(i64, String)>,
    /// Version logs of lists.
    pub versions: Versions,
    /// How often ranges of a channel were asked for, by user and channel.
    pub(crate) pulls: std::cell::RefCell<BTreeMap<(String, String), u32>>,
    /// When somebody first asked for the newest seq of what has none.
    pub(crate) asked_empty: std::cell::RefCell<BTreeMap<String, i64>>,
    queue: VecDeque<Queued>,
    effects: Vec<Effect>,
    next: u64,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            store_delay_ms: 60..=120,
            online_tick_ms: 1_000,
            clock_step_ms: 1,
            login_policy: 1,
            marks: false,
            warm_members: false,
            from_database: false,
            group_habits: Default::default(),
            faults: Faults::default(),
            objects: objects::Objects::default(),
            last_said: 0,
            users: BTreeMap::new(),
            commands: BTreeMap::new(),
            client_configs: BTreeMap::new(),
            tokens: BTreeMap::new(),
            conns: BTreeMap::new(),
            online: online::Online::default(),
            channels: BTreeMap::new(),
            rows: BTreeMap::new(),
            unseen_rows: BTreeMap::new(),
            has_read: BTreeMap::new(),
            friends: BTreeMap::new(),
            friend_requests: Vec::new(),
            blacks: BTreeMap::new(),
            groups: BTreeMap::new(),
            group_requests: Vec::new(),
            emptying: Vec::new(),
            versions: Versions::default(),
            pulls: Default::default(),
            asked_empty: Default::default(),
            queue: VecDeque::new(),
            effects: Vec::new(),
            next: 1,
        }
    }
}

impl Model {
    /// What the calls since the last time want done.
    pub fn drain_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// When [`Self::tick`] has something to do.
    pub fn next_deadline(&self) -> Option<i64> {
        let queued = self.queue.iter().map(|queued| queued.at);
        let emptied = self.emptying.iter().map(|(at, _)| *at);
        queued
            .chain(emptied)
            .chain(self.online.next_deadline())
            .min()
    }

    /// Stores and pushes what is due.
    pub fn tick(&mut self, now: i64) {
        self.report_online(now);
        self.empty_groups(now);
        let (due, rest): (VecDeque<_>, VecDeque<_>) = std::mem::take(&mut self.queue)
            .into_iter()
            .partition(|queued| queued.at <= now);
        self.queue = rest;
        // Chat messages of a batch come before its notifications (sync.md §2.2).
        let (notices, chats): (Vec<_>, Vec<_>) = due
            .into_iter()
            .partition(|queued| messages::is_notification(&queued.msg));
        for queued in chats.into_iter().chain(notices) {
            self.store_and_push(queued.msg, now);
        }
    }

    /// How often a user asked for ranges of a channel.
    pub fn pulls_of(&self, user: &str, channel: &str) -> u32 {
        let key = (user.to_owned(), channel.to_owned());
        self.pulls.borrow().get(&key).copied().unwrap_or(0)
    }

    /// A number nobody had before.
    pub(crate) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Gives no number that `older` gave: connections of its time may still be about to end.
    pub(crate) fn number_after(&mut self, older: &Model) {
        self.next = self.next.max(older.next);
    }

    pub(crate) fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(crate) fn conns_of(&self, user_id: &str) -> Vec<ConnId> {
        let own = self
            .conns
            .iter()
            .filter(|(_, conn)| conn.user_id == user_id);
        own.map(|(id, _)| *id).collect()
    }
}
