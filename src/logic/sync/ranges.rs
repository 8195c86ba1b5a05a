//! Sets of seqs as sorted, disjoint, non-adjacent inclusive ranges. Every question of alignment is an
//! operation on such sets. Cost is by the number of ranges, not of seqs.

/// A set of seqs. Nearly always one range, which lies in place: a hundred thousand conversations have
/// such sets.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RangeSet {
    ranges: Ranges,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Ranges {
    #[default]
    None,
    One((i64, i64)),
    Many(Box<[(i64, i64)]>),
}

impl From<Vec<(i64, i64)>> for Ranges {
    fn from(ranges: Vec<(i64, i64)>) -> Self {
        match ranges[..] {
            [] => Ranges::None,
            [one] => Ranges::One(one),
            _ => Ranges::Many(ranges.into()),
        }
    }
}

impl RangeSet {
    /// The set of all seqs `first..=last`; empty if `first > last`.
    pub fn of(first: i64, last: i64) -> Self {
        let mut set = Self::default();
        set.insert(first, last);
        set
    }

    /// Reads the flat form of [`Self::to_pairs`]; odd or descending input is passed over.
    pub fn from_pairs(pairs: &[i64]) -> Self {
        let mut set = Self::default();
        for pair in pairs.chunks_exact(2) {
            set.insert(pair[0], pair[1]);
        }
        set
    }

    /// first, last, first, last, … ascending.
    pub fn to_pairs(&self) -> Vec<i64> {
        self.ranges().iter().flat_map(|&(a, b)| [a, b]).collect()
    }

    fn ranges(&self) -> &[(i64, i64)] {
        match &self.ranges {
            Ranges::None => &[],
            Ranges::One(one) => std::slice::from_ref(one),
            Ranges::Many(many) => many,
        }
    }

    /// Puts `new` in the place of the ranges `from..to`.
    fn splice(&mut self, from: usize, to: usize, new: &[(i64, i64)]) {
        let mut ranges = self.ranges().to_vec();
        ranges.splice(from..to, new.iter().copied());
        self.ranges = ranges.into();
    }

    /// The ranges, ascending.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (i64, i64)> + '_ {
        self.ranges().iter().copied()
    }

    /// No seq at all.
    pub fn is_empty(&self) -> bool {
        self.ranges().is_empty()
    }

    /// How many seqs.
    pub fn count(&self) -> i64 {
        self.ranges().iter().map(|&(a, b)| b - a + 1).sum()
    }

    /// The highest seq.
    pub fn last(&self) -> Option<i64> {
        self.ranges().last().map(|&(_, b)| b)
    }

    /// The lowest seq.
    pub fn first(&self) -> Option<i64> {
        self.ranges().first().map(|&(a, _)| a)
    }

    /// Whether `seq` is in the set.
    pub fn contains(&self, seq: i64) -> bool {
        let at = self.ranges().partition_point(|&(_, b)| b < seq);
        self.ranges().get(at).is_some_and(|&(a, _)| a <= seq)
    }

    /// The range that holds `seq`.
    pub fn range_of(&self, seq: i64) -> Option<(i64, i64)> {
        let at = self.ranges().partition_point(|&(_, b)| b < seq);
        self.ranges().get(at).copied().filter(|&(a, _)| a <= seq)
    }

    /// Adds `first..=last`; nothing if `first > last`.
    pub fn insert(&mut self, first: i64, last: i64) {
        if first > last {
            return;
        }
        // Ranges that touch or overlap the new one, adjacency included.
        let from = self.ranges().partition_point(|&(_, b)| b < first - 1);
        let to = self.ranges().partition_point(|&(a, _)| a <= last + 1);
        let (mut a, mut b) = (first, last);
        if from < to {
            a = a.min(self.ranges()[from].0);
            b = b.max(self.ranges()[to - 1].1);
        }
        self.splice(from, to, &[(a, b)]);
    }

    /// Takes `first..=last` out.
    pub fn remove(&mut self, first: i64, last: i64) {
        if first > last {
            return;
        }
        let from = self.ranges().partition_point(|&(_, b)| b < first);
        let to = self.ranges().partition_point(|&(a, _)| a <= last);
        if from >= to {
            return;
        }
        let (head, tail) = (self.ranges()[from].0, self.ranges()[to - 1].1);
        let left = (head < first).then_some((head, first - 1));
        let right = (tail > last).then_some((last + 1, tail));
        let rest: Vec<_> = left.into_iter().chain(right).collect();
        self.splice(from, to, &rest);
    }

    /// The part of the set inside `first..=last`.
    pub fn within(&self, first: i64, last: i64) -> Self {
        let from = self.ranges().partition_point(|&(_, b)| b < first);
        let ranges: Vec<_> = self.ranges()[from..]
            .iter()
            .take_while(|&&(a, _)| a <= last)
            .map(|&(a, b)| (a.max(first), b.min(last)))
            .collect();
        Self {
            ranges: ranges.into(),
        }
    }

    /// The highest gap of `first..=last`, as [`Self::gaps`] has it, without making them all.
    pub fn last_gap(&self, first: i64, last: i64) -> Option<(i64, i64)> {
        let end = self.range_of(last).map_or(last, |(a, _)| a - 1);
        let below = self.ranges().partition_point(|&(_, b)| b < end);
        let before = below.checked_sub(1).map(|at| self.ranges()[at].1 + 1);
        (end >= first).then(|| (before.unwrap_or(first).max(first), end))
    }

    /// What of `first..=last` is not in the set.
    pub fn gaps(&self, first: i64, last: i64) -> Self {
        let mut ranges = Vec::new();
        let mut next = first;
        for (a, b) in self.within(first, last).iter() {
            if next < a {
                ranges.push((next, a - 1));
            }
            next = b + 1;
        }
        if next <= last {
            ranges.push((next, last));
        }
        Self {
            ranges: ranges.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn model(set: &RangeSet) -> BTreeSet<i64> {
        set.iter().flat_map(|(a, b)| a..=b).collect()
    }

    fn is_normal(set: &RangeSet) -> bool {
        set.ranges().iter().all(|&(a, b)| a <= b)
            && set.ranges().windows(2).all(|w| w[0].1 + 1 < w[1].0)
    }

    #[test]
    fn ends_and_emptiness() {
        let mut set = RangeSet::default();
        assert!(set.is_empty());
        assert_eq!((set.first(), set.last()), (None, None));
        set.insert(5, 4);
        assert!(set.is_empty(), "a range that ends before it begins");
        set.insert(7, 9);
        assert!(matches!(set.ranges, Ranges::One((7, 9))), "in place");
        set.insert(3, 3);
        assert!(!set.is_empty());
        assert_eq!((set.first(), set.last()), (Some(3), Some(9)));
        set.remove(3, 3);
        assert!(matches!(set.ranges, Ranges::One((7, 9))), "in place again");
        set.remove(9, 7);
        set.remove(1, 6);
        assert_eq!(set, RangeSet::of(7, 9));
        assert_eq!(RangeSet::of(2, 1), RangeSet::default());
    }

    #[test]
    fn agrees_with_a_plain_set_over_random_operations() {
        let mut random = 0x9E37_79B9_7F4A_7C15_u64;
        let mut next = |n: u64| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (random % n) as i64
        };
        for _ in 0..200 {
            let mut set = RangeSet::default();
            let mut plain = BTreeSet::new();
            for _ in 0..60 {
                let first = next(40) + 1;
                let last = first + next(8) - 1;
                if next(3) == 0 {
                    set.remove(first, last);
                    (first..=last).for_each(|seq| {
                        plain.remove(&seq);
                    });
                } else {
                    set.insert(first, last);
                    plain.extend(first..=last);
                }
                assert!(is_normal(&set), "{set:?}");
                assert_eq!(model(&set), plain);
                assert_eq!(set.count(), plain.len() as i64);
                let (lo, hi) = (next(30), next(50));
                let gaps: BTreeSet<i64> = (lo..=hi).filter(|s| !plain.contains(s)).collect();
                assert_eq!(model(&set.gaps(lo, hi)), gaps);
                assert_eq!(set.last_gap(lo, hi), set.gaps(lo, hi).iter().next_back());
                let inside: BTreeSet<i64> = plain
                    .iter()
                    .copied()
                    .filter(|s| (lo..=hi).contains(s))
                    .collect();
                assert_eq!(model(&set.within(lo, hi)), inside);
                let seq = next(50);
                assert_eq!(set.contains(seq), plain.contains(&seq));
                assert_eq!(set.range_of(seq).is_some(), plain.contains(&seq));
            }
            assert_eq!(RangeSet::from_pairs(&set.to_pairs()), set);
        }
    }
}
