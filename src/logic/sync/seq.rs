//! ALIGNMENT of one channel with the server: what is held, what is missing, what counts as unread,
//! what may be told as new. Pure: no clock, no I/O, no await (design §3).
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

/// A seq the server answered without a message: maybe a hole, maybe only not visible yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provisional {
    /// Which.
    pub seq: i64,
    /// How often it was answered so.
    pub asked: usize,
    /// When to ask again, Unix milliseconds.
    pub again_at: i64,
}

/// State of one channel. The durable part is [`AlignmentRow`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alignment {
    /// Held, or known not to exist.
    pub covered: RangeSet,
    /// The server's newest seq as far as known.
    pub server_max: i64,
    /// Nothing below is visible to this user.
    pub min_seq: i64,
    /// Read by this user up to here; only grows.
    pub has_read_seq: i64,
    /// The visible end after leaving a group; 0 while a member.
    pub frozen_max: i64,
    /// Seqs above `has_read_seq` that are covered but do not count as unread.
    pub uncounted: RangeSet,
    /// Not covered, but not to be asked for before their time.
    pub provisional: Vec<Provisional>,
    /// From here upwards missing seqs are fetched without being asked for. Memory only.
    pub eager_from: i64,
    /// Everything up to here has been told or is history. Memory only.
    pub told: i64,
}

impl Alignment {
    /// Restores the durable part. What was covered is history: it is not told again.
    pub fn from_row(row: &AlignmentRow) -> Self {
        let covered = RangeSet::from_pairs(&row.covered);
        let told = covered.last().unwrap_or(0);
        Self {
            server_max: row.server_max,
            min_seq: row.min_seq,
            has_read_seq: row.has_read_seq,
            frozen_max: row.frozen_max,
            uncounted: RangeSet::from_pairs(&row.uncounted),
            provisional: row
                .provisional
                .chunks_exact(3)
                .map(|c| Provisional {
                    seq: c[0],
                    asked: c[1].max(0) as usize,
                    again_at: c[2],
                })
                .collect(),
            eager_from: told + 1,
            told,
            covered,
        }
    }

    /// The durable part.
    pub fn to_row(&self) -> AlignmentRow {
        AlignmentRow {
            covered: self.covered.to_pairs(),
            server_max: self.server_max,
            min_seq: self.min_seq,
            has_read_seq: self.has_read_seq,
            provisional: self
                .provisional
                .iter()
                .flat_map(|p| [p.seq, p.asked as i64, p.again_at])
                .collect(),
            frozen_max: self.frozen_max,
            uncounted: self.uncounted.to_pairs(),
        }
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

    /// What to fetch now without being asked: missing, eager, and not waiting for its time.
    pub fn wanted(&self, now: i64) -> RangeSet {
        let mut wanted = self.covered.gaps(self.eager_first(), self.last());
        for p in self.provisional.iter().filter(|p| p.again_at > now) {
            wanted.remove(p.seq, p.seq);
        }
        wanted
    }

    /// Lowest seq that is fetched without being asked for.
    fn eager_first(&self) -> i64 {
        let last = self.last();
        let from = self.eager_from.min(last - WINDOW + 1);
        from.max(last - EAGER_MAX + 1).max(self.first())
    }

    /// When the next provisional seq of the eager zone is due.
    pub fn next_due(&self) -> Option<i64> {
        let from = self.eager_first();
        let eager = self.provisional.iter().filter(|p| p.seq >= from);
        eager.map(|p| p.again_at).min()
    }

    /// The server's newest seq grew (it never shrinks; a smaller value is an older answer).
    pub fn see_max(&mut self, max: i64) {
        self.server_max = self.server_max.max(max);
    }

    /// A fresh client begins with the newest window; all below is history on demand, and nothing that
    /// exists now is told as new (design §3, rule 12).
    pub fn start_fresh(&mut self) {
        self.told = self.last();
        self.eager_from = self.told + 1;
    }

    /// A channel whose past does not matter (notifications before the first sync).
    pub fn skip_past(&mut self) {
        self.covered.insert(self.first(), self.last());
        self.told = self.last();
        self.eager_from = self.told + 1;
    }

    /// A message of `seq` is held from now on. Returns whether the seq was missing: only then may the
    /// message be told as new.
    pub fn cover(&mut self, seq: i64, counts_as_unread: bool) -> bool {
        let was_missing = !self.covered.contains(seq);
        self.see_max(seq);
        self.covered.insert(seq, seq);
        self.provisional.retain(|p| p.seq != seq);
        if seq > self.has_read_seq {
            match counts_as_unread {
                true => self.uncounted.remove(seq, seq),
                false => self.uncounted.insert(seq, seq),
            }
        }
        was_missing
    }

    /// The server answered `seq` with a bare placeholder. After the last delay it is a hole: covered.
    pub fn placeholder(&mut self, seq: i64, now: i64) {
        if self.covered.contains(seq) {
            return;
        }
        let known = self.provisional.iter_mut().find(|p| p.seq == seq);
        let asked = known.as_ref().map_or(0, |p| p.asked);
        match (PLACEHOLDER_DELAYS_MS.get(asked), known) {
            (None, _) => {
                self.cover(seq, false);
            }
            (Some(delay), Some(p)) => (p.asked, p.again_at) = (asked + 1, now + delay),
            (Some(delay), None) => self.provisional.push(Provisional {
                seq,
                asked: 1,
                again_at: now + delay,
            }),
        }
    }

    /// Nothing below `min` is visible any more.
    pub fn raise_min(&mut self, min: i64) {
        if min > self.min_seq {
            self.min_seq = min;
            self.covered.insert(1, min - 1);
            self.provisional.retain(|p| p.seq >= min);
            self.uncounted.remove(1, min - 1);
        }
    }

    /// Read up to `seq`; a lower value than known is ignored, as the server does.
    pub fn read_to(&mut self, seq: i64) {
        if seq > self.has_read_seq {
            self.has_read_seq = seq;
            self.uncounted.remove(1, seq);
        }
    }

    /// Unread messages: derived, never counted up (design §3, rule 11). Missing seqs count.
    pub fn unread(&self) -> i64 {
        let from = self.has_read_seq.max(self.first() - 1) + 1;
        let all = (self.last() - from + 1).max(0);
        all - self.uncounted.within(from, self.last()).count()
    }

    /// Up to which seq messages may be told as new, in order: to the end of the covered run behind
    /// what was told; over a gap that is too large to wait for, to the end of what is covered.
    pub fn may_tell(&self) -> i64 {
        let run_end = self
            .covered
            .range_of(self.told + 1)
            .map_or(self.told, |(_, b)| b);
        let last = self.covered.last().unwrap_or(0);
        let waiting = self.covered.gaps(run_end + 1, last).count();
        if waiting > HELD_GAP_MAX {
            last
        } else {
            run_end
        }
    }

    /// Messages up to `seq` are told or history; gaps below are not waited for.
    pub fn tell_to(&mut self, seq: i64) {
        self.told = self.told.max(seq);
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
            now += delay;
            assert_eq!(a.wanted(now).to_pairs(), [5, 5]);
        }
        let mut late = a.clone();
        assert!(late.cover(5, true), "a late message is new");
        a.placeholder(5, now);
        assert!(a.missing().is_empty(), "the hole is confirmed");
        assert_eq!(a.unread(), 4, "a hole does not count");
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
        assert!(a.cover(12, true));
        assert_eq!(a.may_tell(), 10, "12 waits for 11");
        assert!(a.cover(11, true));
        assert_eq!(a.may_tell(), 12);
        a.tell_to(12);
        assert!(!a.cover(12, true), "a repeat is not new");
        assert!(a.cover(12 + HELD_GAP_MAX + 2, true));
        assert_eq!(
            a.may_tell(),
            12 + HELD_GAP_MAX + 2,
            "a large gap is not waited for"
        );
    }

    #[test]
    fn a_fresh_client_asks_for_the_newest_window_and_tells_nothing() {
        let mut a = Alignment::default();
        a.see_max(100);
        a.start_fresh();
        assert_eq!(a.wanted(0).to_pairs(), [81, 100]);
        a.cover(100, true);
        assert_eq!(a.may_tell(), 100);
        a.see_max(101);
        assert!(a.cover(101, true));
        assert_eq!(a.may_tell(), 101);
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
