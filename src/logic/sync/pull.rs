//! Missing ranges become requests, answers become one batch each. Requests are bounded, several are
//! in flight, a channel that fails backs off without stopping the others (design §3, rules 7–9).
use std::rc::Rc;

use futures_util::future::{Either, FutureExt, LocalBoxFuture, select};
use futures_util::stream::{FuturesUnordered, StreamExt};

use super::planner::{Plan, Rank, pieces};
use crate::api::error::Result;
use crate::logic::message::clear::ASCENDING;
use crate::logic::message::receive::Source;
use crate::logic::state::State;
use crate::logic::{Session, ids};
use crate::net::NetError;
use crate::net::wire::{pb, req};
use crate::rt::Level;
use crate::rt::map::Map;
use crate::store::rows::ConversationRow;

/// Requests under way at a time.
const IN_FLIGHT_MAX: usize = 4;
/// An answer may take this long.
const PULL_WAIT_MS: u32 = 15_000;
/// The task looks at the clock at least this often while something is due.
const IDLE_MS_MAX: i64 = 60_000;

impl Session {
    /// The task that fetches what is missing; ends with the session.
    pub(crate) async fn run_pulls(self: Rc<Self>) {
        let mut wakes = self.signals.pull_wakes();
        let mut flights: FuturesUnordered<LocalBoxFuture<'static, ()>> = FuturesUnordered::new();
        while !self.ended.get() {
            self.note_due();
            while flights.len() < IN_FLIGHT_MAX {
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

    /// Place of a channel in the queue.
    fn rank(&self, conversation: Option<&ConversationRow>, id: &str) -> Rank {
        let class = if self.signals.is_viewed(id) {
            0
        } else if ids::is_notification(id) {
            1
        } else {
            3 - u8::from(conversation.is_some_and(|c| c.is_pinned))
        };
        let age = conversation.map_or(0, |c| -c.latest_send_time);
        Rank { class, age }
    }

    /// Tells the planner what a channel looks like now.
    pub(crate) fn note(&self, state: &mut State, id: &str) {
        let rank = self.rank(state.conversations.get(id), id);
        let now = self.now();
        if let Some(channel) = state.channels.get(id) {
            state.planner.note(id, channel, rank, now);
        }
    }

    /// The same for many, by ascending ID.
    pub(crate) fn note_these<'i>(&self, state: &mut State, ids: impl Iterator<Item = &'i String>) {
        let State {
            conversations,
            channels,
            planner,
            ..
        } = state;
        let noted = ids.filter_map(|id| {
            let rank = self.rank(conversations.get(id), id);
            Some((id, channels.get(id)?, rank))
        });
        planner.note_many(noted.collect(), self.now());
    }

    /// Tells the planner what was stored.
    pub(crate) fn note_all(&self) {
        let mut state = self.state.borrow_mut();
        let ids: Vec<String> = state.channels.keys().cloned().collect();
        self.note_these(&mut state, ids.iter());
    }

    /// The user looks at this conversation: it is pulled first.
    pub(crate) fn view(&self, id: &str) {
        if self.signals.view(id) {
            self.note(&mut self.state.borrow_mut(), id);
        }
    }

    /// The next request; nothing while there is no link.
    fn plan(&self) -> Option<Plan> {
        let mut state = self.state.borrow_mut();
        if !self.conn.is_connected() || !state.begun {
            return None;
        }
        let State {
            planner, channels, ..
        } = &mut *state;
        planner.plan(channels, self.now())
    }

    /// Looks again at the channels whose time has come.
    fn note_due(&self) {
        let mut state = self.state.borrow_mut();
        for id in state.planner.due(self.now()) {
            self.note(&mut state, &id);
        }
    }

    /// A new link: nothing waits for its back-off.
    pub(crate) fn retry_all_now(&self) {
        let mut state = self.state.borrow_mut();
        for id in state.planner.retry_now() {
            self.note(&mut state, &id);
        }
    }

    async fn pull(self: Rc<Self>, plan: Plan) {
        let fetched = self.fetch(&plan, Source::Pull).await;
        if let Err(error) = &fetched {
            self.log(Level::Warn, &error.message);
        }
        // What is below a conversation's minimum is answered with silence.
        for id in self.landed(&plan, fetched.is_ok()) {
            if let Err(error) = self.learn_minimum(&id).await {
                self.log(Level::Warn, &error.message);
            }
        }
    }

    /// Tells the planner what became of a plan; of an answer the channels that it left out.
    fn landed(&self, plan: &Plan, is_answered: bool) -> Vec<String> {
        let now = self.now();
        let mut left_out = Vec::new();
        let mut state = self.state.borrow_mut();
        for (id, first, last) in plan {
            // Progress is what counts: a range of which all is still to be asked was not answered.
            let open = state.channels.get(id).map_or(0, |channel| {
                channel.align.askable(*first, *last, now).count()
            });
            let progressed = is_answered && open < last - first + 1;
            let chance = self.core.rt.random();
            state.planner.landed(id, progressed, now, chance);
            self.note(&mut state, id);
            if is_answered && !progressed {
                left_out.push(id.clone());
            }
        }
        left_out
    }

    /// Asks for ranges and takes the answer in. Ranges the server leaves out stay missing. Error 10000
    /// before the newest seqs were learnt: a notification about what is fetched could not be told from
    /// old ones.
    pub(crate) async fn fetch(
        self: &Rc<Self>,
        ranges: &[(String, i64, i64)],
        source: Source,
    ) -> Result<()> {
        if !self.state.borrow().begun {
            return Err(NetError::NotConnected.into());
        }
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
        let channels: Map<String, pb::PullMsgs> = answer
            .msgs
            .into_iter()
            .chain(answer.notification_msgs)
            .map(|list| (list.key, list.value))
            .collect();
        self.take_pulled(channels, source).await
    }

    /// An answer holds one entry for every seq of its range that is visible; one that begins later
    /// than asked tells where the visible part begins (sync.md §2.4, clamp).
    async fn learn_minima(
        self: &Rc<Self>,
        ranges: &[(String, i64, i64)],
        answer: &pb::PullMessageBySeqsResp,
    ) -> Result<()> {
        let chats = ranges.iter().filter(|(id, ..)| !ids::is_notification(id));
        let minima: Vec<(&str, i64)> = chats
            .filter_map(|(id, low, _)| {
                let list = answer.msgs.iter().find(|list| list.key == *id)?;
                let seqs = list.value.msgs.iter().map(|m| m.seq);
                let first = seqs.filter(|seq| *seq > 0).min()?;
                (first > *low).then_some((id.as_str(), first))
            })
            .collect();
        if minima.is_empty() {
            return Ok(());
        }
        let mut changes = self.changes().await;
        for (id, first) in minima {
            self.take_minimum(&mut changes, id, first);
        }
        changes.commit().await
    }

    /// Fetches what of `first..=last` is missing, whatever the eager zone, in bounded requests.
    pub(crate) async fn fill(self: &Rc<Self>, id: &str, first: i64, last: i64) -> Result<()> {
        for (first, last) in self.askable(id, first, last) {
            self.fetch(&[(id.to_owned(), first, last)], Source::History)
                .await?;
            if self.is_open(id, first, last) {
                self.learn_bounds(id, first, last).await?;
            }
            if self.is_open(id, first, last) {
                let left_out = "the server left messages out of its answer";
                return Err(NetError::Malformed(left_out.into()).into());
            }
        }
        Ok(())
    }

    /// What is not between the bounds of a conversation is answered with silence: asks the server for them.
    async fn learn_bounds(self: &Rc<Self>, id: &str, first: i64, last: i64) -> Result<()> {
        self.learn_minimum(id).await?;
        if ids::is_notification(id) || !self.is_open(id, first, last) {
            return Ok(());
        }
        let Some(end) = self.ask_bound(id, last, ASCENDING).await? else {
            return Ok(());
        };
        // Who was taken out of a group and came back at once may be given only what he saw before. What he
        // is not given is as good as not stored yet.
        let mut changes = self.changes().await;
        let align = &mut changes.channel(id).align;
        for seq in first.max(end + 1)..=last {
            align.placeholder(seq, self.now());
        }
        changes.commit().await
    }

    /// Whether all of a range is still to be asked for.
    fn is_open(&self, id: &str, first: i64, last: i64) -> bool {
        let open = self.askable(id, first, last);
        open.iter()
            .map(|(first, last)| last - first + 1)
            .sum::<i64>()
            > last - first
    }

    fn askable(&self, id: &str, first: i64, last: i64) -> Vec<(i64, i64)> {
        let state = self.state.borrow();
        let channel = state.channels.get(id);
        let askable = channel.map(|c| c.align.askable(first, last, self.now()));
        pieces(&askable.unwrap_or_default()).collect()
    }

    /// Learns a conversation's newest seq from the server and fetches what is missing from `first` on.
    pub(crate) async fn align_from(self: &Rc<Self>, id: &str, first: i64) -> Result<()> {
        self.refresh_seqs(&[id.to_owned()]).await?;
        // From the oldest on, so that what is new is told in order.
        for (first, last) in self.askable(id, first, i64::MAX).into_iter().rev() {
            self.fetch(&[(id.to_owned(), first, last)], Source::Pull)
                .await?;
        }
        Ok(())
    }

    /// Tells messages whose gap could not be filled in time.
    async fn release_held(self: &Rc<Self>) {
        let late = self.state.borrow().planner.to_release(self.now());
        if late.is_empty() {
            return;
        }
        let mut changes = self.changes().await;
        for id in late {
            let rows = changes.channel(&id).release();
            crate::logic::message::receive::tell_messages(self, &mut changes, rows);
        }
        if let Err(error) = changes.commit().await {
            self.log(Level::Error, &error.message);
        }
    }

    /// Milliseconds until something is due without an outside cause.
    fn next_due_ms(&self) -> u32 {
        let now = self.now();
        let due = self.state.borrow().planner.next_due();
        let due = due.unwrap_or(now + IDLE_MS_MAX);
        (due - now).clamp(20, IDLE_MS_MAX) as u32
    }
}
