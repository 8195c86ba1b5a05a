//! ALIGNMENT of one channel with the server: what is held, what is missing, what counts as unread,
//! what may be told as new. Pure: no clock, no I/O, no await (design §3, SPEC.md).
//!
//! A seq is *covered* when this client holds its message or knows that there is none. Everything else
//! between `min_seq` and the server's maximum is *missing* and stays so until an answer covers it.
use super::ranges::RangeSet;
use crate::store::rows::AlignmentRow;

/// Delays between questions for a seq that was answered with a bare placeholder; after the last one
/// the hole is confirmed. The server itself may cache a placeholder (sync.md §2.2).
pub const PLACEHOLDER_DELAYS_MS: [i64; 5] = [500, 2_000, 10_000, 60_000, 600_000];

/// The newest seqs of a channel that are always fetched without being asked for.
pub const WINDOW: i64 = 20;

/// How far below the newest seq missing messages are fetched without being asked for: what a client
/// that was away for longer missed before that is history on demand.
pub const EAGER_MAX: i64 = 1_000;

/// A push behind a gap of at most this many seqs waits for the gap; behind a larger one it is told at
/// once and the gap becomes history.
pub const HELD_GAP_MAX: i64 = 500;
/// What is said to lie above is no seq: JavaScript cannot count to it.
const SEQ_MAX: i64 = (1 << 53) - 1;

/// A seq the server answered without a message: maybe a hole, maybe only not visible yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Provisional {
    /// Which.
    pub seq: i64,
    /// How often it was answered so.
    pub asked: usize,
    /// When to ask again, Unix milliseconds.
    pub again_at: i64,
}

/// State of one channel. The durable part is [`AlignmentRow`]. Under 100 bytes without gaps.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alignment {
    /// Held, or known not to exist.
    pub covered: RangeSet,
    /// The server's newest seq as far as known.
    pub server_max: i64,
    /// Nothing below is visible to this user.
    pub min_seq: i64,
    /// Read by this user up to here. It grows; only a clear may set it back ([`Self::read_back`]).
    pub has_read_seq: i64,
    /// The visible end after leaving a group; 0 while a member.
    pub frozen_max: i64,
    /// From here upwards missing seqs are fetched without being asked for. Memory only.
    pub eager_from: i64,
    /// Nothing up to here is news: it was there when the page began, or lies in a gap that was too
    /// large to wait for. Memory only.
    pub past: i64,
    /// How far telling in order has come. Memory only.
    pub told: i64,
    /// What most channels have nothing of.
    rare: Option<Box<Rare>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Rare {
    /// Seqs above `has_read_seq` that are covered but do not count as unread.
    uncounted: RangeSet,
    /// Covered seqs that were taken for holes.
    holes: RangeSet,
    /// Not covered, but not to be asked for before their time.
    provisional: Vec<Provisional>,
}

/// What to do with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// Nothing: its seq is covered, or not visible.
    Pass,
    /// Store it.
    Store {
        /// It was never there before in this page's life: to be told as new, once.
        is_news: bool,
    },
}

impl Alignment {
    /// Restores the durable part. What was covered is history: it is not told again.
    pub fn from_row(row: &AlignmentRow) -> Self {
        let covered = RangeSet::from_pairs(&row.covered);
        let told = covered.last().unwrap_or(0);
        let rare = Rare {
            uncounted: RangeSet::from_pairs(&row.uncounted),
            holes: RangeSet::from_pairs(&row.holes),
            provisional: row
                .provisional
                .chunks_exact(3)
                .map(|c| Provisional {
                    seq: c[0],
                    asked: c[1].max(0) as usize,
                    again_at: c[2],
                })
                .collect(),
        };
        let mut alignment = Self {
            server_max: row.server_max,
            min_seq: row.min_seq,
            has_read_seq: row.has_read_seq,
            frozen_max: row.frozen_max,
            eager_from: told + 1,
            past: told,
            told,
            covered,
            rare: Some(Box::new(rare)),
        };
        alignment.trim();
        alignment
    }

    /// The durable part.
    pub fn to_row(&self) -> AlignmentRow {
        let rare = self.rare.as_deref();
        AlignmentRow {
            covered: self.covered.to_pairs(),
            server_max: self.server_max,
            min_seq: self.min_seq,
            has_read_seq: self.has_read_seq,
            provisional: self
                .provisional()
                .iter()
                .flat_map(|p| [p.seq, p.asked as i64, p.again_at])
                .collect(),
            frozen_max: self.frozen_max,
            uncounted: rare.map_or_else(Vec::new, |rare| rare.uncounted.to_pairs()),
            holes: rare.map_or_else(Vec::new, |rare| rare.holes.to_pairs()),
        }
    }

    fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// Frees what is empty.
    fn trim(&mut self) {
        if self.rare.as_deref() == Some(&Rare::default()) {
            self.rare = None;
        }
    }

    /// Seqs that were answered without a message, and when to ask for them again.
    pub fn provisional(&self) -> &[Provisional] {
        self.rare.as_ref().map_or(&[], |rare| &rare.provisional)
    }

    /// Whether the seq is covered because it was taken for a hole.
    fn is_hole(&self, seq: i64) -> bool {
        let rare = self.rare.as_ref();
        rare.is_some_and(|rare| rare.holes.contains(seq))
    }

    /// Lowest visible seq.
    pub fn first(&self) -> i64 {
        self.min_seq.max(1)
    }

    /// Highest visible seq.
    pub fn last(&self) -> i64 {
        match self.frozen_max {
            0 => self.server_max,
            frozen => self.server_max.min(frozen),
        }
    }

    /// Everything visible that is not covered.
    pub fn missing(&self) -> RangeSet {
        self.covered.gaps(self.first(), self.last())
    }

    /// What of `first..=last` is missing and not waiting for its time.
    pub fn askable(&self, first: i64, last: i64, now: i64) -> RangeSet {
        let (first, last) = (first.max(self.first()), last.min(self.last()));
        let mut askable = self.covered.gaps(first, last);
        for p in self.provisional().iter().filter(|p| p.again_at > now) {
            askable.remove(p.seq, p.seq);
        }
        askable
    }

    /// What to fetch now without being asked: missing, eager, and not waiting for its time.
    pub fn wanted(&self, now: i64) -> RangeSet {
        self.askable(self.eager_first(), self.last(), now)
    }

    /// The highest range of [`Self::wanted`].
    pub fn newest_wanted(&self, now: i64) -> Option<(i64, i64)> {
        match self.rare {
            // Nearly always; this is asked at every push.
            None => self.covered.last_gap(self.eager_first(), self.last()),
            Some(_) => self.wanted(now).iter().next_back(),
        }
    }

    /// Lowest seq that is fetched without being asked for.
    fn eager_first(&self) -> i64 {
        let last = self.last();
        let from = self.eager_from.min(last - WINDOW + 1);
        from.max(last - EAGER_MAX + 1).max(self.first())
    }

    /// When the next provisional seq from `first` on is due.
    pub fn next_due(&self, first: i64) -> Option<i64> {
        let waiting = self.provisional().iter().filter(|p| p.seq >= first);
        waiting.map(|p| p.again_at).min()
    }

    /// When the next provisional seq that is fetched without being asked for is due.
    pub fn next_wanted(&self) -> Option<i64> {
        self.next_due(self.eager_first())
    }

    /// The server's newest seq grew (it never shrinks; a smaller value is an older answer).
    pub fn see_max(&mut self, max: i64) {
        self.server_max = self.server_max.max(max.min(SEQ_MAX));
    }

    /// A fresh client begins with the newest window; all below is history on demand, and nothing that
    /// exists now is told as new (design §3, rule 12).
    pub fn start_fresh(&mut self) {
        self.told = self.told.max(self.last());
        self.past = self.past.max(self.last());
        self.eager_from = self.told + 1;
    }

    /// A channel whose past does not matter (notifications before the first sync).
    pub fn skip_past(&mut self) {
        self.covered.insert(self.first(), self.last());
        self.start_fresh();
    }

    /// What to do with a message of this seq. A hole that has a message after all is filled.
    pub fn take(&self, seq: i64) -> Take {
        let is_held = self.covered.contains(seq) && !self.is_hole(seq);
        if is_held || seq < self.first() {
            return Take::Pass;
        }
        Take::Store {
            is_news: seq > self.past,
        }
    }

    /// A message of `seq` is held from now on, or known not to exist.
    pub fn cover(&mut self, seq: i64, counts_as_unread: bool) {
        self.see_max(seq);
        self.covered.insert(seq, seq);
        if let Some(rare) = &mut self.rare {
            rare.provisional.retain(|p| p.seq != seq);
            rare.holes.remove(seq, seq);
            rare.uncounted.remove(seq, seq);
        }
        if seq > self.has_read_seq && !counts_as_unread {
            self.rare().uncounted.insert(seq, seq);
        }
        self.trim();
    }

    /// The server answered `seq` with a bare placeholder. After the last delay it is a hole: covered.
    pub fn placeholder(&mut self, seq: i64, now: i64) {
        if self.covered.contains(seq) {
            return;
        }
        let provisional = &mut self.rare().provisional;
        let known = provisional.iter_mut().find(|p| p.seq == seq);
        let asked = known.as_ref().map_or(0, |p| p.asked);
        match (PLACEHOLDER_DELAYS_MS.get(asked), known) {
            (None, _) => {
                self.cover(seq, false);
                self.rare().holes.insert(seq, seq);
            }
            // Asked by somebody else before its time: that says nothing new.
            (Some(_), Some(p)) if p.again_at > now => {}
            (Some(delay), Some(p)) => (p.asked, p.again_at) = (asked + 1, now + delay),
            (Some(delay), None) => provisional.push(Provisional {
                seq,
                asked: 1,
                again_at: now + delay,
            }),
        }
    }

    /// Nothing below `min` is visible any more.
    pub fn raise_min(&mut self, min: i64) {
        let min = min.min(SEQ_MAX + 1);
        if min > self.min_seq {
            self.min_seq = min;
            self.covered.insert(1, min - 1);
            if let Some(rare) = &mut self.rare {
                rare.provisional.retain(|p| p.seq >= min);
                rare.holes.remove(1, min - 1);
                rare.uncounted.remove(1, min - 1);
            }
            self.trim();
        }
    }

    /// Read up to `seq`; a lower value than known is ignored, as the server does.
    pub fn read_to(&mut self, seq: i64) {
        let seq = seq.min(SEQ_MAX);
        if seq > self.has_read_seq {
            self.has_read_seq = seq;
            if let Some(rare) = &mut self.rare {
                rare.uncounted.remove(1, seq);
            }
            self.trim();
        }
    }

    /// The server's position is lower than the one that was known, as after a clear. `uncounted` are the
    /// seqs between the two that do not count as unread.
    pub fn read_back(&mut self, seq: i64, uncounted: impl IntoIterator<Item = i64>) {
        if seq >= self.has_read_seq {
            return;
        }
        let counted_to = std::mem::replace(&mut self.has_read_seq, seq);
        for other in uncounted {
            if (seq + 1..=counted_to).contains(&other) {
                self.rare().uncounted.insert(other, other);
            }
        }
    }

    /// Unread messages: derived, never counted up (design §3, rule 11). Missing seqs count.
    pub fn unread(&self) -> i64 {
        let from = self.has_read_seq.max(self.first() - 1) + 1;
        let all = (self.last() - from + 1).max(0);
        let rare = self.rare.as_ref();
        all - rare.map_or(0, |rare| rare.uncounted.within(from, self.last()).count())
    }

    /// Up to which seq messages may be told as new, in order: to the end of the covered run behind
    /// what was told; over a gap that is too large to wait for, to the end of what is covered.
    fn may_tell(&self) -> i64 {
        let next = self.covered.range_of(self.told + 1);
        let run_end = next.map_or(self.told, |(_, last)| last);
        let last = self.covered.last().unwrap_or(0);
        let waiting = self.covered.gaps(run_end + 1, last).count();
        if waiting > HELD_GAP_MAX {
            last
        } else {
            run_end
        }
    }

    /// Tells what is in order now; up to where. A gap that is too large becomes history.
    pub fn tell(&mut self) -> i64 {
        let upto = self.may_tell();
        if self.covered.gaps(self.told + 1, upto).count() > 0 {
            self.past = upto;
        }
        self.tell_to(upto);
        upto
    }

    /// Messages up to `seq` are told; what comes below is late, and told when it comes.
    pub fn tell_to(&mut self, seq: i64) {
        self.told = self.told.max(seq);
    }

    /// Everything up to `last` is gone from sight; what comes later is new.
    pub fn clear(&mut self, last: i64) {
        self.read_to(last);
        self.raise_min(last + 1);
        self.told = self.told.max(last);
        self.past = self.past.max(last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_fetched_unasked_is_bounded() {
        let mut a = Alignment::default();
        a.covered.insert(1, 10);
        a.tell_to(10);
        a.eager_from = 11;
        a.see_max(10 + EAGER_MAX);
        assert_eq!(a.wanted(0).count(), EAGER_MAX);
        a.see_max(5_000);
        assert_eq!(a.wanted(0).to_pairs(), [5_001 - EAGER_MAX, 5_000]);
    }

    fn held(pairs: &[i64], max: i64) -> Alignment {
        let mut a = Alignment::from_row(&AlignmentRow {
            covered: pairs.to_vec(),
            server_max: max,
            ..Default::default()
        });
        a.eager_from = 1;
        a
    }

    #[test]
    fn missing_is_what_is_visible_and_not_covered() {
        let mut a = held(&[3, 5, 8, 8], 10);
        assert_eq!(a.missing().to_pairs(), [1, 2, 6, 7, 9, 10]);
        a.raise_min(5);
        assert_eq!(a.missing().to_pairs(), [6, 7, 9, 10]);
        a.frozen_max = 9;
        assert_eq!(a.missing().to_pairs(), [6, 7, 9, 9]);
    }

    #[test]
    fn a_placeholder_is_asked_again_and_a_late_message_wins() {
        let mut a = held(&[1, 4], 5);
        let mut now = 0;
        for delay in PLACEHOLDER_DELAYS_MS {
            a.placeholder(5, now);
            assert!(a.wanted(now).is_empty());
            assert_eq!(a.newest_wanted(now), None);
            now += delay;
            assert_eq!(a.newest_wanted(now), Some((5, 5)));
            assert_eq!(a.wanted(now).to_pairs(), [5, 5]);
        }
        let mut late = a.clone();
        assert_eq!(late.take(5), Take::Store { is_news: true });
        late.cover(5, true);
        assert_eq!(late.take(5), Take::Pass);
        a.placeholder(5, now);
        assert!(a.missing().is_empty(), "the hole is confirmed");
        assert_eq!(a.unread(), 4, "a hole does not count");
        assert_eq!(a.take(5), Take::Store { is_news: true }, "a hole was none");
        let mut filled = Alignment::from_row(&a.to_row());
        filled.cover(5, true);
        assert_eq!((filled.unread(), filled.take(5)), (5, Take::Pass));
    }

    #[test]
    fn unread_is_derived_from_the_read_position() {
        let mut a = held(&[1, 10], 12);
        assert_eq!(a.unread(), 12);
        a.read_to(6);
        a.cover(11, false);
        assert_eq!(a.unread(), 5);
        a.read_to(3);
        assert_eq!(a.has_read_seq, 6, "never goes down");
        a.raise_min(13);
        assert_eq!(a.unread(), 0);
    }

    #[test]
    fn new_messages_are_told_in_order_and_once() {
        let mut a = held(&[1, 10], 10);
        let news = Take::Store { is_news: true };
        assert_eq!(a.take(12), news);
        a.cover(12, true);
        assert_eq!(a.tell(), 10, "12 waits for 11");
        a.cover(11, true);
        assert_eq!(a.tell(), 12);
        assert_eq!(a.take(12), Take::Pass, "a repeat is not new");
        a.cover(12 + HELD_GAP_MAX + 1, true);
        assert_eq!(a.tell(), 12, "a gap that is waited for");
        let far = 12 + HELD_GAP_MAX + 2;
        let mut b = held(&[1, 12], 12);
        b.cover(far, true);
        assert_eq!(b.tell(), far, "a larger gap is not waited for");
        assert_eq!(b.take(20), Take::Store { is_news: false }, "it is history");
        assert_eq!(b.take(far + 1), news);
    }

    #[test]
    fn what_comes_after_its_gap_timed_out_is_late_and_still_news() {
        let mut a = held(&[1, 10], 10);
        a.cover(12, true);
        a.tell_to(12);
        assert_eq!(a.take(11), Take::Store { is_news: true });
        a.cover(11, true);
        assert_eq!(a.tell(), 12);
    }

    #[test]
    fn a_fresh_client_asks_for_the_newest_window_and_tells_nothing() {
        let mut a = Alignment::default();
        a.see_max(100);
        a.start_fresh();
        assert_eq!(a.wanted(0).to_pairs(), [81, 100]);
        assert_eq!(a.newest_wanted(0), Some((81, 100)));
        assert_eq!(a.take(100), Take::Store { is_news: false });
        a.cover(100, true);
        assert_eq!(a.tell(), 100);
        a.see_max(101);
        assert_eq!(a.take(101), Take::Store { is_news: true });
        a.cover(101, true);
        assert_eq!(a.tell(), 101);
    }

    #[test]
    fn numbers_that_no_server_counts_to_are_no_harm() {
        let mut a = held(&[1, 2], 2);
        a.read_to(i64::MAX);
        assert_eq!(a.unread(), 0);
        a.see_max(i64::MAX);
        a.clear(a.last());
        assert_eq!((a.unread(), a.missing().count()), (0, 0));
        a.raise_min(i64::MAX);
        assert_eq!((a.unread(), a.missing().count()), (0, 0));
    }

    #[test]
    fn clearing_hides_what_is_known_and_nothing_that_comes_later() {
        let mut a = held(&[1, 3], 5);
        a.clear(a.last());
        assert_eq!((a.unread(), a.missing().count()), (0, 0));
        assert_eq!(a.take(4), Take::Pass);
        assert_eq!(a.take(6), Take::Store { is_news: true });
    }

    #[test]
    fn a_placeholder_before_its_time_says_nothing_new() {
        let mut a = held(&[1, 4], 5);
        for _ in 0..50 {
            a.placeholder(5, 100);
        }
        let asked = Provisional {
            seq: 5,
            asked: 1,
            again_at: 600,
        };
        assert_eq!(a.provisional(), [asked]);
    }

    #[test]
    fn what_is_fetched_unasked_begins_behind_what_was_there() {
        let row = |covered: &[i64]| AlignmentRow {
            covered: covered.to_vec(),
            server_max: 100,
            ..Default::default()
        };
        let a = Alignment::from_row(&row(&[1, 3, 5, 5]));
        assert_eq!(a.wanted(0).to_pairs(), [6, 100], "4 is history");
        let mut a = Alignment::from_row(&row(&[]));
        a.start_fresh();
        a.see_max(150);
        assert_eq!(a.wanted(0).to_pairs(), [101, 150]);
        let mut a = Alignment::from_row(&row(&[]));
        a.skip_past();
        assert!(a.missing().is_empty());
        assert_eq!((a.past, a.told, a.eager_from), (100, 100, 101));
    }

    #[test]
    fn what_is_below_the_first_visible_seq_is_forgotten() {
        let mut a = held(&[1, 2, 5, 7], 10);
        for seq in [3, 4, 8] {
            a.placeholder(seq, 0);
        }
        for seq in [2, 5, 7] {
            a.cover(seq, false);
        }
        let mut now = 0;
        for delay in PLACEHOLDER_DELAYS_MS {
            a.placeholder(9, now);
            a.placeholder(10, now);
            now += delay;
        }
        a.placeholder(9, now);
        a.raise_min(5);
        let waiting: Vec<i64> = a.provisional().iter().map(|p| p.seq).collect();
        assert_eq!(waiting, [8, 10]);
        let rare = a.rare.clone().unwrap();
        assert_eq!(rare.uncounted.to_pairs(), [5, 5, 7, 7, 9, 9]);
        assert_eq!(rare.holes.to_pairs(), [9, 9]);
        a.raise_min(9);
        let rare = a.rare.clone().unwrap();
        assert_eq!(rare.uncounted.to_pairs(), [9, 9]);
        assert_eq!(rare.holes.to_pairs(), [9, 9], "9 is visible still");
        a.raise_min(11);
        assert!(a.rare.is_none());
    }

    #[test]
    fn the_first_gap_counts_from_the_first_seq() {
        let mut a = Alignment::default();
        a.cover(HELD_GAP_MAX + 1, true);
        assert_eq!(a.tell(), 0, "a gap that is waited for");
        let mut a = Alignment::default();
        a.cover(1, true);
        assert_eq!((a.tell(), a.past), (1, 0), "no gap, no history");
    }

    #[test]
    fn a_channel_without_gaps_is_small() {
        assert!(size_of::<Alignment>() <= 96);
        let mut a = held(&[1, 10], 12);
        a.cover(12, false);
        a.read_to(12);
        assert!(a.rare.is_none(), "nothing is kept for what is read");
        a.cover(12, false);
        assert!(a.rare.is_none());
    }

    #[test]
    fn the_row_keeps_the_durable_part() {
        let mut a = held(&[2, 3, 7, 9], 12);
        a.placeholder(10, 5);
        a.read_to(2);
        a.cover(11, false);
        let row = a.to_row();
        assert_eq!(Alignment::from_row(&row).to_row(), row);
    }
}
