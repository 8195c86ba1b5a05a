//! What to fetch next. Pure: it is told what channels look like and what became of requests, and says
//! which ranges to ask for and when to look again (design §3, rules 7–9).
//!
//! Only channels that want something are in it, in the order in which they are served: the cost of a
//! push or a plan does not grow with the number of conversations.
use super::channel::Channel;
use super::ranges::RangeSet;
use crate::logic::ids;
use crate::rt::map::{Map, Set};
use crate::rt::order;

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
    /// By channel; never walked in an order that matters.
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

#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
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
        let (first, last) = channel.align.newest_wanted(now)?;
        return Some((first.max(last - RANGE_SEQS_MAX + 1), last));
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
        if let Some((was, place)) = self.look(id, channel, rank, now) {
            self.requeue(id, was, place);
        }
    }

    /// The same for many. Given by ascending ID nothing is moved: not their tasks, and not the queue,
    /// which is filled in its own order.
    pub fn note_many(&mut self, channels: Vec<(&String, &Channel, Rank)>, now: i64) {
        let looked = channels.into_iter().filter_map(|(id, channel, rank)| {
            let (was, place) = self.look(id, channel, rank, now)?;
            Some((place, id, was))
        });
        let mut moves: Vec<(Place, &String, Place)> = looked.collect();
        order::sort_by_key(&mut moves, |(place, ..)| *place);
        for (place, id, was) in moves {
            self.requeue(id, was, place);
        }
    }

    /// Where a channel stood, and where it stands from now on.
    fn look(
        &mut self,
        id: &str,
        channel: &Channel,
        rank: Rank,
        now: i64,
    ) -> Option<(Place, Place)> {
        let release_at = channel.release_at();
        let wants = next_range(id, channel, now).is_some();
        let due = next_due(id, channel);
        let is_idle = !wants && due.is_none() && release_at.is_none();
        let task = if is_idle {
            self.tasks.get_mut(id)?
        } else {
            self.tasks.or_default(id.to_owned())
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
            return None;
        }
        let place = match (wants, due) {
            (true, _) if task.retry_at > now => Place::Later(task.retry_at),
            (true, _) => Place::Ready(rank),
            (false, Some(at)) => Place::Later(at.max(task.retry_at)),
            (false, None) => Place::Idle,
        };
        let was = std::mem::replace(&mut task.place, place);
        if place == Place::Idle && release_at.is_none() {
            self.tasks.remove(id);
        }
        (was != place).then_some((was, place))
    }

    /// Moves a channel from one queue to another.
    fn requeue(&mut self, id: &str, was: Place, place: Place) {
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
            let Some((rank, id)) = self.ready.iter().next().cloned() else {
                break;
            };
            self.requeue(&id, Place::Ready(rank), Place::Pulling);
            let channel = channels.get(&id);
            let range = channel.and_then(|channel| next_range(&id, channel, now));
            let Some((first, last)) = range else {
                self.tasks.remove(&id);
                continue;
            };
            if let Some(task) = self.tasks.get_mut(&id) {
                task.place = Place::Pulling;
            }
            // What does not fit any more is cut where the channel goes on later.
            let (first, last) = match ids::is_notification(&id) {
                true => (first, last.min(first + budget - 1)),
                false => (first.max(last - budget + 1), last),
            };
            budget -= last - first + 1;
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
        let mut failing: Vec<String> = tasks.map(|(id, _)| id.clone()).collect();
        order::sort_by(&mut failing, Ord::cmp);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logic::sync::seq::{PLACEHOLDER_DELAYS_MS, WINDOW};
    use crate::rt::Runtime;
    use crate::rt::sim::SimRuntime;
    use crate::store::MessageRow;

    const NOW: i64 = 1_000_000;

    fn channel(covered: &[i64], max: i64) -> Channel {
        let mut channel = Channel::default();
        channel.align.covered = RangeSet::from_pairs(covered);
        channel.align.eager_from = channel.align.covered.last().unwrap_or(0) + 1;
        channel.align.see_max(max);
        channel
    }

    fn hold(channel: &mut Channel, first: i64, last: i64) {
        (first..=last).for_each(|seq| channel.align.cover(seq, true));
    }

    fn rank(class: u8, age: i64) -> Rank {
        Rank { class, age }
    }

    /// A planner that has noted some channels.
    fn planner(channels: &[(&str, Channel, Rank)]) -> (Planner, Map<String, Channel>) {
        let mut planner = Planner::default();
        let mut map = Map::new();
        for (id, channel, rank) in channels {
            planner.note(id, channel, *rank, NOW);
            map.insert((*id).to_owned(), channel.clone());
        }
        (planner, map)
    }

    #[test]
    fn pieces_cover_the_set_newest_first() {
        let mut set = RangeSet::of(1, 300);
        set.insert(400, 400);
        let all: Vec<_> = pieces(&set).collect();
        assert_eq!(all, [(400, 400), (173, 300), (45, 172), (1, 44)]);
        let whole: Vec<_> = pieces(&RangeSet::of(1, RANGE_SEQS_MAX)).collect();
        assert_eq!(whole, [(1, RANGE_SEQS_MAX)]);
    }

    #[test]
    fn who_is_looked_at_comes_first_then_by_class_and_recency() {
        let one = || channel(&[1, 10], 11);
        let (mut planner, map) = planner(&[
            ("old", one(), rank(3, -5)),
            ("new", one(), rank(3, -9)),
            ("pinned", one(), rank(2, 0)),
            ("n_x", one(), rank(1, 0)),
            ("viewed", one(), rank(0, 0)),
            ("whole", channel(&[1, 11], 11), rank(0, 0)),
        ]);
        assert_eq!(planner.open(), 5);
        let plan = planner.plan(&map, NOW).unwrap();
        let ids: Vec<&str> = plan.iter().map(|(id, ..)| id.as_str()).collect();
        assert_eq!(ids, ["viewed", "n_x", "pinned", "new", "old"]);
        assert!(
            plan.iter()
                .all(|(_, first, last)| (*first, *last) == (11, 11))
        );
        assert_eq!(planner.plan(&map, NOW), None, "they are being pulled");
        assert_eq!(planner.open(), 5, "and still open");
    }

    #[test]
    fn a_rank_that_changed_counts() {
        let (mut planner, map) = planner(&[
            ("a", channel(&[], 1), rank(3, -1)),
            ("b", channel(&[], 1), rank(3, -2)),
        ]);
        planner.note("a", &map["a"], rank(0, 0), NOW);
        let plan = planner.plan(&map, NOW).unwrap();
        assert_eq!(plan[0].0, "a");
        assert_eq!(plan.len(), 2);
    }

    #[test]
    fn a_request_is_bounded_and_the_rest_comes_later() {
        let (mut planner, mut map) = planner(&[
            ("a", channel(&[1, 1], 301), rank(0, 0)),
            ("b", channel(&[1, 1], 301), rank(1, 0)),
            ("c", channel(&[1, 1], 301), rank(2, 0)),
            ("n_d", channel(&[1, 1], 301), rank(3, 0)),
            ("e", channel(&[1, 1], 301), rank(3, 0)),
        ]);
        let plan = planner.plan(&map, NOW).unwrap();
        let expected = [
            ("a", 174, 301),
            ("b", 174, 301),
            ("c", 174, 301),
            ("e", 286, 301),
        ];
        assert_eq!(plan.len(), expected.len());
        for ((id, first, last), wanted) in plan.iter().zip(expected) {
            assert_eq!((id.as_str(), *first, *last), wanted);
        }
        let plan = planner.plan(&map, NOW).unwrap();
        assert_eq!(
            plan,
            [("n_d".to_owned(), 2, 129)],
            "notifications from the oldest on"
        );
        // What was answered goes on below.
        let a = map.get_mut("a").unwrap();
        a.align.covered.insert(174, 301);
        planner.landed("a", true, NOW, 0);
        planner.note("a", &map["a"], rank(0, 0), NOW);
        assert_eq!(
            planner.plan(&map, NOW).unwrap(),
            [("a".to_owned(), 46, 173)]
        );
    }

    #[test]
    fn a_notification_channel_is_cut_at_its_end() {
        let (mut planner, map) = planner(&[
            ("a", channel(&[1, 1], 301), rank(0, 0)),
            ("b", channel(&[1, 1], 301), rank(0, 1)),
            ("c", channel(&[1, 1], 301), rank(0, 2)),
            ("n_d", channel(&[1, 1], 301), rank(1, 0)),
        ]);
        let plan = planner.plan(&map, NOW).unwrap();
        assert_eq!(plan[3], ("n_d".to_owned(), 2, 17));
        assert_eq!(
            plan.iter().map(|(_, a, b)| b - a + 1).sum::<i64>(),
            REQUEST_SEQS_MAX
        );
    }

    #[test]
    fn failures_back_off_and_a_new_link_begins_anew() {
        let (mut planner, map) = planner(&[("a", channel(&[], 5), rank(0, 0))]);
        let mut now = NOW;
        let mut pauses = Vec::new();
        for failures in 1..=12 {
            assert!(planner.plan(&map, now).is_some());
            planner.landed("a", false, now, 7);
            planner.note("a", &map["a"], rank(0, 0), now);
            assert_eq!(planner.plan(&map, now), None, "it waits");
            let at = planner.next_due().unwrap();
            assert_eq!(planner.waits("a"), Some(at));
            assert_eq!(planner.open(), usize::from(failures < FAILURES_AWAITED));
            assert!(planner.due(at - 1).is_empty());
            assert_eq!(planner.due(at), ["a"]);
            pauses.push(at - now - 7);
            now = at;
            planner.note("a", &map["a"], rank(0, 0), now);
            assert_eq!(planner.open(), usize::from(failures < FAILURES_AWAITED));
        }
        assert_eq!(pauses[..4], [1_000, 2_000, 4_000, 8_000]);
        assert_eq!(pauses[7..], [RETRY_MS_MAX; 5]);
        planner.landed("a", false, now, 255);
        planner.note("a", &map["a"], rank(0, 0), now);
        assert_eq!(planner.next_due(), Some(now + RETRY_MS_MAX + 255));
        assert_eq!(planner.retry_now(), ["a"]);
        planner.note("a", &map["a"], rank(0, 0), now);
        assert_eq!(planner.next_due(), None);
        assert!(planner.plan(&map, now).is_some());
        planner.landed("a", true, now, 0);
        assert_eq!(planner.waits("a"), None);
        assert!(planner.retry_now().is_empty());
    }

    #[test]
    fn while_it_is_pulled_a_channel_stays_out_of_the_queue() {
        let (mut planner, mut map) = planner(&[("a", channel(&[], 5), rank(0, 0))]);
        planner.plan(&map, NOW).unwrap();
        map.get_mut("a").unwrap().align.see_max(9);
        planner.note("a", &map["a"], rank(0, 0), NOW);
        assert_eq!(planner.plan(&map, NOW), None);
        planner.landed("a", true, NOW, 0);
        planner.note("a", &map["a"], rank(0, 0), NOW);
        assert_eq!(planner.plan(&map, NOW).unwrap(), [("a".to_owned(), 1, 9)]);
    }

    #[test]
    fn what_waits_as_a_placeholder_is_asked_in_its_time() {
        for id in ["a", "n_a"] {
            let mut one = channel(&[1, 4], 5);
            one.align.placeholder(5, NOW);
            let (mut planner, map) = planner(&[(id, one, rank(0, 0))]);
            assert_eq!(planner.plan(&map, NOW), None);
            assert_eq!(planner.open(), 0, "a sync does not wait for it");
            let at = NOW + PLACEHOLDER_DELAYS_MS[0];
            assert_eq!(planner.next_due(), Some(at));
            planner.note(id, &map[id], rank(0, 0), at);
            assert_eq!(planner.plan(&map, at).unwrap(), [(id.to_owned(), 5, 5)]);
            assert_eq!(planner.next_due(), None);
        }
    }

    #[test]
    fn a_notification_does_not_wait_behind_a_placeholder() {
        let mut one = channel(&[1, 4], 7);
        one.align.placeholder(5, NOW);
        let (mut planner, map) = planner(&[("n_a", one, rank(0, 0))]);
        assert_eq!(planner.plan(&map, NOW).unwrap(), [("n_a".to_owned(), 6, 7)]);
    }

    #[test]
    fn waiting_news_are_released_in_time() {
        let mut one = channel(&[1, 4], 4);
        let row = MessageRow {
            seq: 6,
            ..Default::default()
        };
        one.align.tell_to(4);
        one.store(6, true, Some(row));
        one.tell(NOW);
        let at = one.release_at().unwrap();
        let (mut planner, mut map) = planner(&[("a", one, rank(0, 0))]);
        planner.plan(&map, NOW).unwrap();
        assert_eq!(planner.next_due(), Some(at));
        assert!(planner.to_release(at - 1).is_empty());
        assert_eq!(planner.to_release(at), ["a"], "even while it is pulled");
        map.get_mut("a").unwrap().release();
        planner.note("a", &map["a"], rank(0, 0), at);
        assert!(planner.to_release(at + 9).is_empty());
        assert_eq!(planner.next_due(), None);
    }

    #[test]
    fn the_queue_forgets_what_wants_nothing() {
        let (mut planner, mut map) = planner(&[("a", channel(&[], 5), rank(0, 0))]);
        map.get_mut("a").unwrap().align.covered.insert(1, 5);
        planner.note("a", &map["a"], rank(0, 0), NOW);
        assert!(planner.tasks.is_empty() && planner.ready.is_empty());
        assert_eq!((planner.plan(&map, NOW), planner.open()), (None, 0));
        // One that got whole without being noted is passed over.
        let (mut planner, mut map) = super::tests::planner(&[("a", channel(&[], 5), rank(0, 0))]);
        map.get_mut("a").unwrap().align.covered.insert(1, 5);
        assert_eq!(planner.plan(&map, NOW), None);
        assert!(planner.tasks.is_empty());
    }

    /// Against the plain rule: every channel that wants something is asked for, once, within bounds.
    #[test]
    fn random_channels_are_all_served() {
        let rt = SimRuntime::new(5);
        let below = |n: u64| (rt.random() % n) as i64;
        for _ in 0..300 {
            let mut now = NOW;
            let mut planner = Planner::default();
            let mut map: Map<String, Channel> = Map::new();
            for n in 0..8 {
                let id = format!("{}{n}", ["si_", "n_"][below(2) as usize]);
                let max = below(700);
                let mut one = channel(&[1, below(30), 40, 40 + below(20)], max);
                one.align.eager_from = 1 + below(60);
                if below(3) == 0 {
                    one.align.placeholder(max.max(1), now);
                }
                map.insert(id, one);
            }
            for _ in 0..60 {
                let all = map.iter();
                let all = all.map(|(id, one)| (id, one, rank(below(4) as u8, -below(9))));
                let all: Vec<_> = all.collect();
                if below(2) == 0 {
                    planner.note_many(all, now);
                } else {
                    all.into_iter()
                        .for_each(|(id, one, rank)| planner.note(id, one, rank, now));
                }
                let open: Vec<&String> = map
                    .iter()
                    .filter(|(id, one)| next_range(id, one, now).is_some())
                    .map(|(id, _)| id)
                    .collect();
                let mut asked = Vec::new();
                while let Some(plan) = planner.plan(&map, now) {
                    let seqs: i64 = plan.iter().map(|(_, a, b)| b - a + 1).sum();
                    assert!(seqs <= REQUEST_SEQS_MAX);
                    asked.extend(plan);
                }
                let mut ids: Vec<&String> = asked.iter().map(|(id, ..)| id).collect();
                ids.sort();
                let waits = |id: &&&String| planner.waits(id).is_none_or(|at| at <= now);
                let must: Vec<&String> = open.iter().filter(waits).copied().collect();
                assert_eq!(ids, must);
                for (id, first, last) in asked {
                    assert!(first <= last && last - first < RANGE_SEQS_MAX);
                    let one = map.get_mut(&id).unwrap();
                    let askable = one.align.askable(first, last, now);
                    assert_eq!(
                        askable.count(),
                        last - first + 1,
                        "nothing is asked for in vain"
                    );
                    let works = below(4) > 0;
                    if works {
                        hold(one, first, last);
                    }
                    planner.landed(&id, works, now, rt.random());
                }
                now += 1 + below(3_000);
            }
            now += 1_000_000;
            for _ in 0..40 {
                for (id, one) in map.iter() {
                    planner.note(id, one, Rank::default(), now);
                }
                while let Some(plan) = planner.plan(&map, now) {
                    for (id, first, last) in plan {
                        hold(map.get_mut(&id).unwrap(), first, last);
                        planner.landed(&id, true, now, 0);
                        planner.note(&id, &map[&id], Rank::default(), now);
                    }
                }
            }
            for (id, one) in map.iter() {
                let wanted = match ids::is_notification(id) {
                    true => one.align.missing(),
                    false => one
                        .align
                        .missing()
                        .within(one.align.last() - WINDOW + 1, i64::MAX),
                };
                assert!(wanted.is_empty(), "{id} lacks {wanted:?}");
            }
            assert_eq!((planner.open(), planner.next_due()), (0, None));
        }
    }
}
