//! Missing ranges become requests, answers become one batch each. Requests are bounded, several are
//! in flight, a channel that fails backs off without stopping the others (design §3, rules 7–9).
use std::rc::Rc;

use futures_util::future::{Either, FutureExt, LocalBoxFuture, select};
use futures_util::stream::{FuturesUnordered, StreamExt};

use super::ranges::RangeSet;
use crate::api::error::Result;
use crate::logic::message::receive::Source;
use crate::logic::{Session, ids};
use crate::net::wire::{pb, req};
use crate::rt::Level;
use crate::rt::order;

/// Seqs in one request.
const REQUEST_SEQS_MAX: i64 = 400;
/// Seqs in one range: a block of the store. It also bounds notification channels, where the server
/// ignores `num`.
const RANGE_SEQS_MAX: i64 = 128;
/// Requests under way at a time.
const IN_FLIGHT_MAX: usize = 4;
/// An answer may take this long.
const PULL_WAIT_MS: u32 = 15_000;
/// Back-off of a channel whose pull failed.
const RETRY_MS_MIN: i64 = 500;
const RETRY_MS_MAX: i64 = 60_000;
/// A message waits at most this long for the gap before it.
const HOLD_MS_MAX: i64 = 5_000;
/// The task looks at the clock at least this often while something is due.
const IDLE_MS_MAX: i64 = 60_000;

/// One request: at most one range a channel.
type Plan = Vec<(String, i64, i64)>;

impl Session {
    /// The task that fetches what is missing; ends with the session.
    pub(crate) async fn run_pulls(self: Rc<Self>) {
        let mut wakes = self.signals.pull_wakes();
        let mut flights: FuturesUnordered<LocalBoxFuture<'static, ()>> = FuturesUnordered::new();
        while !self.ended.get() {
            while flights.len() < IN_FLIGHT_MAX && self.conn.is_connected() {
                let Some(plan) = self.plan() else { break };
                let session = self.clone();
                flights.push(async move { session.pull(plan).await }.boxed_local());
            }
            if flights.is_empty() {
                self.signals.pulls_idle();
            }
            self.release_held().await;
            let rest = self.core.rt.sleep(self.next_due_ms());
            let landing = async {
                match flights.next().await {
                    Some(()) => {}
                    None => std::future::pending().await,
                }
            };
            let woken = select(wakes.next(), rest);
            futures_util::pin_mut!(landing);
            match select(landing, woken).await {
                Either::Left(_) | Either::Right(_) => {}
            }
        }
    }

    /// The next request: conversations the user looks at first, then pinned ones, then by recency,
    /// newest seqs first. Marks its channels as being pulled.
    fn plan(&self) -> Option<Plan> {
        let now = self.now();
        let mut state = self.state.borrow_mut();
        let mut wanting: Vec<(u8, bool, i64, String)> = Vec::new();
        for (id, channel) in &state.channels {
            if channel.pulling || channel.retry_at > now || channel.align.wanted(now).is_empty() {
                continue;
            }
            let conversation = state.conversations.get(id);
            let rank = if ids::is_notification(id) {
                1
            } else {
                u8::from(!self.signals.is_viewed(id)) * 2
            };
            let pinned = conversation.is_some_and(|c| c.is_pinned);
            let time = conversation.map_or(0, |c| c.latest_send_time);
            wanting.push((rank, !pinned, -time, id.clone()));
        }
        order::sort_by(&mut wanting, Ord::cmp);
        let mut plan = Plan::new();
        let mut budget = REQUEST_SEQS_MAX;
        for (.., id) in wanting {
            let Some(channel) = state.channels.get_mut(&id) else {
                continue;
            };
            // One range a channel: the server answers by channel, and a second range of the same one
            // would take the first one's place.
            let Some((first, last)) = newest_first(&channel.align.wanted(now)).next() else {
                continue;
            };
            let first = first.max(last - budget + 1);
            plan.push((id, first, last));
            channel.pulling = true;
            budget -= last - first + 1;
            if budget <= 0 {
                break;
            }
        }
        (!plan.is_empty()).then_some(plan)
    }

    async fn pull(self: Rc<Self>, plan: Plan) {
        let fetched = self.fetch(&plan, Source::Pull).await;
        if let Err(error) = &fetched {
            self.log(Level::Warn, &error.message);
        }
        let now = self.now();
        let mut state = self.state.borrow_mut();
        for (id, first, last) in &plan {
            let Some(channel) = state.channels.get_mut(id) else {
                continue;
            };
            channel.pulling = false;
            // Progress is what counts: a range that is still wanted was not answered.
            let open = channel.align.wanted(now).within(*first, *last);
            if fetched.is_ok() && open.count() < last - first + 1 {
                channel.failures = 0;
                channel.retry_at = 0;
            } else {
                channel.failures += 1;
                let delay = RETRY_MS_MIN << channel.failures.min(8);
                let jitter = (self.core.rt.random() % 256) as i64;
                channel.retry_at = now + delay.min(RETRY_MS_MAX) + jitter;
            }
        }
    }

    /// Asks for ranges and takes the answer in. Ranges the server leaves out stay missing.
    pub(crate) async fn fetch(
        self: &Rc<Self>,
        ranges: &[(String, i64, i64)],
        source: Source,
    ) -> Result<()> {
        let ask = pb::PullMessageBySeqsReq {
            user_id: self.me.clone(),
            seq_ranges: ranges
                .iter()
                .map(|(id, first, last)| pb::SeqRange {
                    conversation_id: id.clone(),
                    begin: *first,
                    end: *last,
                    num: last - first + 1,
                })
                .collect(),
            order: 0,
        };
        let operation = self.operation_id();
        let answer: pb::PullMessageBySeqsResp = self
            .conn
            .request(req::PULL_BY_RANGE, &operation, &ask, PULL_WAIT_MS)
            .await?;
        self.learn_minima(ranges, &answer).await?;
        let channels = answer.msgs.into_iter().chain(answer.notification_msgs);
        self.take_pulled(channels.collect::<Vec<_>>(), source).await
    }

    /// An answer holds one entry for every seq of its range that is visible; one that begins later
    /// than asked tells where the visible part begins (sync.md §2.4, clamp).
    async fn learn_minima(
        &self,
        ranges: &[(String, i64, i64)],
        answer: &pb::PullMessageBySeqsResp,
    ) -> Result<()> {
        let chats = ranges.iter().filter(|(id, ..)| !ids::is_notification(id));
        let minima: Vec<(&str, i64)> = chats
            .filter_map(|(id, low, _)| {
                let seqs = answer.msgs.get(id)?.msgs.iter().map(|m| m.seq);
                let first = seqs.filter(|seq| *seq > 0).min()?;
                (first > *low).then_some((id.as_str(), first))
            })
            .collect();
        if minima.is_empty() {
            return Ok(());
        }
        let mut changes = self.changes().await;
        for (id, first) in minima {
            changes.channel(id).align.raise_min(first);
        }
        changes.commit().await
    }

    /// Fetches what of `first..=last` is missing, whatever the eager zone, in bounded requests.
    pub(crate) async fn fill(self: &Rc<Self>, id: &str, first: i64, last: i64) -> Result<()> {
        let missing = {
            let state = self.state.borrow();
            let now = self.now();
            state
                .channels
                .get(id)
                .map_or_else(RangeSet::default, |channel| {
                    let mut missing = channel.align.missing().within(first, last);
                    for p in channel
                        .align
                        .provisional
                        .iter()
                        .filter(|p| p.again_at > now)
                    {
                        missing.remove(p.seq, p.seq);
                    }
                    missing
                })
        };
        for (first, last) in newest_first(&missing) {
            self.fetch(&[(id.to_owned(), first, last)], Source::History)
                .await?;
        }
        Ok(())
    }

    /// Learns a conversation's newest seq from the server and fetches what is missing from `first` on.
    pub(crate) async fn align_from(self: &Rc<Self>, id: &str, first: i64) -> Result<()> {
        self.refresh_seqs(&[id.to_owned()]).await?;
        let last = self
            .state
            .borrow()
            .channels
            .get(id)
            .map_or(0, |c| c.align.last());
        let mut ranges = self.wanted_of(id, first, last);
        while let Some((first, last)) = ranges.pop() {
            self.fetch(&[(id.to_owned(), first, last)], Source::Pull)
                .await?;
        }
        Ok(())
    }

    fn wanted_of(&self, id: &str, first: i64, last: i64) -> Vec<(i64, i64)> {
        let state = self.state.borrow();
        let wanted = state
            .channels
            .get(id)
            .map(|c| c.align.missing().within(first, last));
        newest_first(&wanted.unwrap_or_default()).collect()
    }

    /// Tells messages whose gap could not be filled in time.
    async fn release_held(self: &Rc<Self>) {
        let limit = self.now() - HOLD_MS_MAX;
        let late: Vec<String> = {
            let state = self.state.borrow();
            let channels = state.channels.iter();
            channels
                .filter(|(_, c)| !c.held.is_empty() && c.held_since <= limit)
                .map(|(id, _)| id.clone())
                .collect()
        };
        if late.is_empty() {
            return;
        }
        let mut changes = self.changes().await;
        for id in late {
            let channel = changes.channel(&id);
            let held = std::mem::take(&mut channel.held);
            channel.held_since = 0;
            let upto = held.keys().last().copied().unwrap_or(0);
            channel.align.tell_to(upto);
            let rows = held.into_values().collect();
            crate::logic::message::receive::tell_messages(self, &mut changes, rows);
        }
        if let Err(error) = changes.commit().await {
            self.log(Level::Error, &error.message);
        }
    }

    /// Milliseconds until something is due without an outside cause.
    fn next_due_ms(&self) -> u32 {
        let now = self.now();
        let state = self.state.borrow();
        let due = state
            .channels
            .values()
            .flat_map(|c| {
                let retry = (c.retry_at > now).then_some(c.retry_at);
                let held = (c.held_since > 0).then_some(c.held_since + HOLD_MS_MAX);
                [retry, held, c.align.next_due()].into_iter().flatten()
            })
            .min()
            .unwrap_or(now + IDLE_MS_MAX);
        (due - now).clamp(20, IDLE_MS_MAX) as u32
    }
}

/// A set in pieces of at most a block, from the newest on.
fn newest_first(set: &RangeSet) -> impl Iterator<Item = (i64, i64)> + use<> {
    let ranges: Vec<(i64, i64)> = set.iter().rev().collect();
    ranges.into_iter().flat_map(|(first, last)| {
        let pieces = (last - first) / RANGE_SEQS_MAX + 1;
        (0..pieces).map(move |n| {
            let last = last - n * RANGE_SEQS_MAX;
            ((last - RANGE_SEQS_MAX + 1).max(first), last)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_the_set_newest_first() {
        let mut set = RangeSet::of(1, 300);
        set.insert(400, 400);
        let pieces: Vec<_> = newest_first(&set).collect();
        assert_eq!(pieces, [(400, 400), (173, 300), (45, 172), (1, 44)]);
    }
}
