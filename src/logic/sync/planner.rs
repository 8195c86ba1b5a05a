//! What to fetch next. Pure: it is told what channels look like and what became of requests, and says
//! which ranges to ask for and when to look again (design §3, rules 7–9).
//!
//! Only channels that want something are in it, in the order in which they are served: the cost of a
//! push or a plan does not grow with the number of conversations.
use super::channel::Channel;
use super::ranges::RangeSet;
use crate::logic::ids;
use crate::rt::map::{Map, Set};

/// Seqs in one request.
pub const REQUEST_SEQS_MAX: i64 = 400;
/// Seqs in one range: a block of the store. It also bounds notification channels, where the server
/// ignores `num`.
pub const RANGE_SEQS_MAX: i64 = 128;
/// Back-off of a channel whose pull failed.
pub const RETRY_MS_MIN: i64 = 500;
/// The longest back-off.
pub const RETRY_MS_MAX: i64 = 60_000;
/// So many failures in a row, and a sync does not wait for the channel any more.
const FAILURES_AWAITED: u32 = 3;

/// One request: at most one range a channel, as first and last seq.
pub type Plan = Vec<(String, i64, i64)>;

/// Place in the queue: viewed conversations, notifications, pinned ones, then by recency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// 0 viewed, 1 notifications, 2 pinned, 3 the rest.
    pub class: u8,
    /// The older, the later: minus the latest message's time, Unix milliseconds.
    pub age: i64,
}

/// The queue.
#[derive(Clone, Default)]
pub struct Planner {
    tasks: Map<String, Task>,
    ready: Set<(Rank, String)>,
    later: Set<(i64, String)>,
    held: Set<(i64, String)>,
}

/// A channel that wants something.
#[derive(Clone, Default)]
struct Task {
    /// Where it stands.
    place: Place,
    /// When its waiting news are told in any case.
    release_at: Option<i64>,
    /// Pulls without progress, one after the other.
    failures: u32,
    /// Not to be pulled before.
    retry_at: i64,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Place {
    /// Nowhere: it wants nothing.
    #[default]
    Idle,
    /// In `ready`.
    Ready(Rank),
    /// In `later`.
    Later(i64),
    /// Asked for.
    Pulling,
}

/// What of a channel is to be fetched now, in the order of asking: of a conversation the newest first,
/// of notifications, which are commands, all of them from the oldest on.
fn next_range(id: &str, channel: &Channel, now: i64) -> Option<(i64, i64)> {
    if !ids::is_notification(id) {
        return pieces(&channel.align.wanted(now)).next();
    }
    let align = &channel.align;
    let askable = align.askable(align.first(), align.last(), now);
    let (first, last) = askable.iter().next()?;
    Some((first, last.min(first + RANGE_SEQS_MAX - 1)))
}

/// When a channel that wants nothing now will.
fn next_due(id: &str, channel: &Channel) -> Option<i64> {
    if ids::is_notification(id) {
        channel.align.next_due(channel.align.first())
    } else {
        channel.align.next_wanted()
    }
}

/// A set in ranges of at most [`RANGE_SEQS_MAX`], from the newest on.
pub fn pieces(set: &RangeSet) -> impl Iterator<Item = (i64, i64)> + use<> {
    let ranges: Vec<(i64, i64)> = set.iter().rev().collect();
    ranges.into_iter().flat_map(|(first, last)| {
        let pieces = (last - first) / RANGE_SEQS_MAX + 1;
        (0..pieces).map(move |n| {
            let last = last - n * RANGE_SEQS_MAX;
            ((last - RANGE_SEQS_MAX + 1).max(first), last)
        })
    })
}

impl Planner {
    /// Looks at a channel after it changed.
    pub fn note(&mut self, id: &str, channel: &Channel, rank: Rank, now: i64) {
        let release_at = channel.release_at();
        let wants = next_range(id, channel, now).is_some();
        let due = next_due(id, channel);
        if !self.tasks.contains_key(id) {
            if !wants && due.is_none() && release_at.is_none() {
                return;
            }
            self.tasks.insert(id.to_owned(), Task::default());
        }
        let Some(task) = self.tasks.get_mut(id) else {
            return;
        };
        if task.release_at != release_at {
            if let Some(at) = std::mem::replace(&mut task.release_at, release_at) {
                self.held.remove(&(at, id.to_owned()));
            }
            if let Some(at) = release_at {
                self.held.insert((at, id.to_owned()));
            }
        }
        if task.place == Place::Pulling {
            return;
        }
        let place = match (wants, due) {
            (true, _) if task.retry_at > now => Place::Later(task.retry_at),
            (true, _) => Place::Ready(rank),
            (false, Some(at)) => Place::Later(at.max(task.retry_at)),
            (false, None) => Place::Idle,
        };
        self.put(id, place);
    }

    /// Moves a channel to another place.
    fn put(&mut self, id: &str, place: Place) {
        let Some(task) = self.tasks.get_mut(id) else {
            return;
        };
        let was = std::mem::replace(&mut task.place, place);
        let is_done = place == Place::Idle && task.release_at.is_none();
        if is_done {
            self.tasks.remove(id);
        }
        if was == place {
            return;
        }
        match was {
            Place::Ready(rank) => drop(self.ready.remove(&(rank, id.to_owned()))),
            Place::Later(at) => drop(self.later.remove(&(at, id.to_owned()))),
            Place::Pulling | Place::Idle => {}
        }
        match place {
            Place::Ready(rank) => drop(self.ready.insert((rank, id.to_owned()))),
            Place::Later(at) => drop(self.later.insert((at, id.to_owned()))),
            Place::Pulling | Place::Idle => {}
        }
    }

    /// The next request, if there is something to ask for. Its channels are being pulled from now on,
    /// until [`Self::landed`].
    pub fn plan(&mut self, channels: &Map<String, Channel>, now: i64) -> Option<Plan> {
        let mut plan = Plan::new();
        let mut budget = REQUEST_SEQS_MAX;
        while budget > 0 {
            let Some((_, id)) = self.ready.iter().next().cloned() else {
                break;
            };
            let channel = channels.get(&id);
            let range = channel.and_then(|channel| next_range(&id, channel, now));
            let Some((first, last)) = range else {
                self.put(&id, Place::Idle);
                continue;
            };
            // What does not fit any more is cut where the channel goes on later.
            let (first, last) = match ids::is_notification(&id) {
                true => (first, last.min(first + budget - 1)),
                false => (first.max(last - budget + 1), last),
            };
            budget -= last - first + 1;
            self.put(&id, Place::Pulling);
            plan.push((id, first, last));
        }
        (!plan.is_empty()).then_some(plan)
    }

    /// A channel's range was answered, or not: progress is what counts, as an answer that leaves a range
    /// out has not answered it. The caller notes the channel afterwards. `chance` spreads retries.
    pub fn landed(&mut self, id: &str, progressed: bool, now: i64, chance: u64) {
        let Some(task) = self.tasks.get_mut(id) else {
            return;
        };
        task.place = Place::Idle;
        if progressed {
            task.failures = 0;
            task.retry_at = 0;
        } else {
            task.failures += 1;
            let delay = RETRY_MS_MIN << task.failures.min(8);
            task.retry_at = now + delay.min(RETRY_MS_MAX) + (chance % 256) as i64;
        }
    }

    /// A new link: nothing waits for its back-off. The channels to note.
    pub fn retry_now(&mut self) -> Vec<String> {
        let tasks = self.tasks.iter().filter(|(_, task)| task.failures > 0);
        let failing: Vec<String> = tasks.map(|(id, _)| id.clone()).collect();
        for id in &failing {
            if let Some(task) = self.tasks.get_mut(id) {
                (task.failures, task.retry_at) = (0, 0);
            }
        }
        failing
    }

    /// Channels whose time has come, to be noted again.
    pub fn due(&self, now: i64) -> Vec<String> {
        upto(&self.later, now)
    }

    /// Channels whose waiting news are to be told now.
    pub fn to_release(&self, now: i64) -> Vec<String> {
        upto(&self.held, now)
    }

    /// When the next channel is due.
    pub fn next_due(&self) -> Option<i64> {
        let first = |set: &Set<(i64, String)>| set.iter().next().map(|(at, _)| *at);
        [first(&self.later), first(&self.held)]
            .into_iter()
            .flatten()
            .min()
    }

    /// Until when a channel waits after a failure.
    pub fn waits(&self, id: &str) -> Option<i64> {
        let task = self.tasks.get(id);
        task.map(|task| task.retry_at).filter(|at| *at > 0)
    }

    /// Channels of which something that is wanted now has not come yet. One that keeps failing is not
    /// counted.
    pub fn open(&self) -> usize {
        let tasks = self.tasks.values();
        tasks
            .filter(|task| match task.place {
                Place::Ready(_) | Place::Pulling => task.failures < FAILURES_AWAITED,
                Place::Later(at) => {
                    task.retry_at == at && (1..FAILURES_AWAITED).contains(&task.failures)
                }
                Place::Idle => false,
            })
            .count()
    }
}

fn upto(set: &Set<(i64, String)>, now: i64) -> Vec<String> {
    let due = set.iter().take_while(|(at, _)| *at <= now);
    due.map(|(_, id)| id.clone()).collect()
}
