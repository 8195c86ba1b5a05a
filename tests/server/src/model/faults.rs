//! What goes wrong on purpose; set by the control endpoint and by tests.
use std::collections::{BTreeMap, BTreeSet};

use openim_web::net::wire::envelope::Response;

/// What happens to pushes of a user.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PushFaults {
    /// Lose this many.
    pub drop: u32,
    /// Send this many twice.
    pub duplicate: u32,
    /// Hold this many back behind the one that follows.
    pub reorder: u32,
    /// Milliseconds every push waits.
    pub delay_ms: u64,
    held: Vec<Response>,
}

/// What happens to a send (1003).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendFault {
    /// Stored, but the acknowledgement is lost and the connection cut.
    LoseAck,
    /// Neither stored nor acknowledged, and the connection cut.
    LoseMessage,
    /// Stored; never acknowledged, the connection stays.
    NoAnswer,
}

/// What a REST path answers with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RestFault {
    /// HTTP 429.
    TooMany,
    /// HTTP 500 with text.
    Broken,
    /// The API says no.
    Refused,
    /// HTTP 200 with a web page.
    Html,
    /// Nothing, until the client gives up.
    Hang,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// By user.
    pub pushes: BTreeMap<String, PushFaults>,
    /// The next sends of a user, in order.
    pub sends: BTreeMap<String, Vec<SendFault>>,
    /// The next calls of a path, in order.
    pub rest: BTreeMap<String, Vec<RestFault>>,
    /// Seqs skipped before the next message of a channel.
    pub holes: BTreeMap<String, i64>,
    /// Seqs answered with a placeholder, and how often still; `None` for good.
    pub placeholders: BTreeMap<(String, i64), std::cell::Cell<Option<u32>>>,
    /// Channels that answers leave out.
    pub absent: BTreeSet<String>,
    /// Connects are refused.
    pub refuse_connects: bool,
}

impl Faults {
    /// What is sent for a push, with delays.
    pub(crate) fn on_push(&mut self, user: &str, frame: Response) -> Vec<(Response, u64)> {
        let Some(faults) = self.pushes.get_mut(user) else {
            return vec![(frame, 0)];
        };
        if faults.drop > 0 {
            faults.drop -= 1;
            return Vec::new();
        }
        if faults.reorder > 0 {
            faults.reorder -= 1;
            faults.held.push(frame);
            return Vec::new();
        }
        let mut frames = vec![frame];
        if faults.duplicate > 0 {
            faults.duplicate -= 1;
            frames.push(frames[0].clone());
        }
        frames.append(&mut faults.held);
        let delay = faults.delay_ms;
        frames.into_iter().map(|frame| (frame, delay)).collect()
    }

    pub(crate) fn take_hole(&mut self, channel: &str) -> i64 {
        self.holes.remove(channel).unwrap_or(0)
    }

    pub(crate) fn is_placeholder(&self, channel: &str, seq: i64) -> bool {
        match self.placeholders.get(&(channel.to_owned(), seq)) {
            None => false,
            Some(left) => match left.get() {
                None => true,
                Some(0) => false,
                Some(n) => {
                    left.set(Some(n - 1));
                    true
                }
            },
        }
    }

    /// The fault of a user's next send.
    pub fn take_send(&mut self, user: &str) -> Option<SendFault> {
        let list = self.sends.get_mut(user)?;
        (!list.is_empty()).then(|| list.remove(0))
    }

    /// The fault of a path's next call.
    pub fn take_rest(&mut self, path: &str) -> Option<RestFault> {
        let list = self.rest.get_mut(path)?;
        (!list.is_empty()).then(|| list.remove(0))
    }
}
