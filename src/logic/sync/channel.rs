//! One channel as a session keeps it: its alignment, and the news that wait for the gap before them.
use super::seq::{Alignment, Take};
use crate::rt::map::Map;
use crate::store::MessageRow;

/// A message waits at most this long for the gap before it.
pub const HOLD_MS_MAX: i64 = 5_000;

/// State of one channel; pure, like [`Alignment`].
#[derive(Clone, Default)]
pub struct Channel {
    /// What is held and missing.
    pub align: Alignment,
    held: Option<Box<Held>>,
}

/// News that are stored and not told yet.
#[derive(Clone, Default)]
struct Held {
    /// By seq.
    rows: Map<i64, MessageRow>,
    /// Since when they wait, Unix milliseconds.
    since: i64,
}

impl Channel {
    /// Covers the seq of a message that [`Alignment::take`] wants stored. `news` is the row to tell, if
    /// it is one to be told at all.
    pub fn store(&mut self, seq: i64, counts_as_unread: bool, news: Option<MessageRow>) {
        let take = self.align.take(seq);
        self.align.cover(seq, counts_as_unread);
        if let (Take::Store { is_news: true }, Some(row)) = (take, news) {
            self.held.get_or_insert_default().rows.insert(seq, row);
        }
    }

    /// News whose turn has come, in order; what stays waits for the gap before it.
    pub fn tell(&mut self, now: i64) -> Vec<MessageRow> {
        let upto = self.align.tell();
        let Some(held) = &mut self.held else {
            return Vec::new();
        };
        let waiting = held.rows.split_off(&(upto + 1));
        let told = std::mem::replace(&mut held.rows, waiting);
        if held.rows.is_empty() {
            self.held = None;
        } else if held.since == 0 {
            held.since = now;
        }
        told.into_values().collect()
    }

    /// News that have waited too long: their gap is told when it comes.
    pub fn release(&mut self) -> Vec<MessageRow> {
        let Some(held) = self.held.take() else {
            return Vec::new();
        };
        let last = held.rows.keys().last().copied().unwrap_or(0);
        self.align.tell_to(last);
        held.rows.into_values().collect()
    }

    /// When the waiting news are told whether their gap is filled or not.
    pub fn release_at(&self) -> Option<i64> {
        let held = self.held.as_ref().filter(|held| held.since > 0);
        held.map(|held| held.since + HOLD_MS_MAX)
    }

    /// Seqs of the waiting news.
    pub fn waiting(&self) -> impl Iterator<Item = i64> {
        let held = self.held.iter();
        held.flat_map(|held| held.rows.keys().copied())
    }

    /// clientMsgIDs of the waiting news.
    pub fn waiting_ids(&self) -> Vec<String> {
        let rows = self.held.iter().flat_map(|held| held.rows.values());
        rows.map(|row| row.client_msg_id.clone()).collect()
    }

    /// A waiting message was changed or deleted: `change` answers with what is to be told of it.
    pub fn amend(&mut self, seq: i64, change: impl FnOnce(MessageRow) -> Option<MessageRow>) {
        if let Some(held) = &mut self.held
            && let Some(row) = held.rows.remove(&seq)
            && let Some(row) = change(row)
        {
            held.rows.insert(seq, row);
        }
    }

    /// Everything up to `last` is gone from sight, the waiting news too.
    pub fn clear(&mut self, last: i64) {
        self.align.clear(last);
        self.forget_below(last + 1);
    }

    /// Nothing below `min` is visible any more.
    pub fn raise_min(&mut self, min: i64) {
        self.align.raise_min(min);
        self.forget_below(min);
    }

    fn forget_below(&mut self, min: i64) {
        if let Some(held) = &mut self.held {
            held.rows = held.rows.split_off(&min);
            if held.rows.is_empty() {
                self.held = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(seq: i64) -> MessageRow {
        MessageRow {
            seq,
            client_msg_id: format!("m{seq}"),
            ..Default::default()
        }
    }

    fn seqs(rows: &[MessageRow]) -> Vec<i64> {
        rows.iter().map(|row| row.seq).collect()
    }

    #[test]
    fn news_wait_for_their_gap_and_not_longer_than_they_may() {
        let mut channel = Channel::default();
        for seq in [1, 3, 5] {
            channel.store(seq, true, Some(row(seq)));
        }
        assert_eq!(channel.release_at(), None, "they have not waited yet");
        assert_eq!(channel.waiting().collect::<Vec<_>>(), [1, 3, 5]);
        assert_eq!(channel.waiting_ids(), ["m1", "m3", "m5"]);
        assert_eq!(seqs(&channel.tell(100)), [1]);
        assert_eq!(channel.release_at(), Some(100 + HOLD_MS_MAX));
        channel.store(2, true, Some(row(2)));
        assert_eq!(seqs(&channel.tell(200)), [2, 3]);
        assert_eq!(channel.release_at(), Some(100 + HOLD_MS_MAX), "5 waits on");
        assert_eq!(seqs(&channel.release()), [5]);
        assert_eq!(channel.release_at(), None);
        channel.store(4, true, Some(row(4)));
        assert_eq!(seqs(&channel.tell(300)), [4], "late, and told");
        channel.store(4, true, Some(row(4)));
        assert!(channel.tell(300).is_empty(), "once");
    }

    #[test]
    fn what_is_deleted_while_it_waits_is_not_told() {
        let mut channel = Channel::default();
        channel.store(2, true, Some(row(2)));
        channel.store(3, true, Some(row(3)));
        assert!(channel.tell(1).is_empty());
        channel.amend(2, |_| None);
        assert_eq!(seqs(&channel.release()), [3]);
        channel.store(5, true, Some(row(5)));
        channel.tell(1);
        channel.clear(channel.align.last());
        assert!(channel.release().is_empty());
    }

    #[test]
    fn a_channel_without_gaps_is_small() {
        assert!(size_of::<Channel>() < 100 + 8);
    }
}
