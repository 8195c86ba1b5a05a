//! Blocks of messages as bytes, and runs of seqs.
//!
//! A block is a run of consecutive seqs, so that a row is found by counting; rows that nobody asked for
//! are never decoded, and changing one row leaves the bytes of the others as they are.
use std::ops::RangeInclusive;

use super::schema::BLOCK_MAX;
use super::{MessageRow, StoreError};
use crate::rt::proto::{DecodeError, Message, delimited, write_delimited};

/// Messages one after the other, each with its length before it.
pub fn encode(rows: &[MessageRow]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for row in rows {
        write_delimited(row, &mut bytes);
    }
    bytes
}

/// Reads what [`encode`] wrote.
pub fn decode(bytes: &[u8]) -> Result<Vec<MessageRow>, StoreError> {
    let mut rest = bytes;
    let mut rows = Vec::new();
    while !rest.is_empty() {
        rows.push(next_row(&mut rest)?);
    }
    Ok(rows)
}

/// Reads a row off the front.
fn next_row(rest: &mut &[u8]) -> Result<MessageRow, StoreError> {
    let row = delimited(rest).map_err(corrupt)?;
    MessageRow::decode(row).map_err(corrupt)
}

fn corrupt(error: DecodeError) -> StoreError {
    StoreError::Corrupt(error.to_string())
}

/// Cuts ascending rows into runs of consecutive seqs of at most a block.
pub fn runs(rows: Vec<MessageRow>) -> Vec<Vec<MessageRow>> {
    let mut runs: Vec<Vec<MessageRow>> = Vec::new();
    for row in rows {
        match runs.last_mut() {
            Some(run)
                if run.len() < BLOCK_MAX && run.last().is_some_and(|l| l.seq + 1 == row.seq) =>
            {
                run.push(row);
            }
            _ => runs.push(vec![row]),
        }
    }
    runs
}

/// A run of messages with consecutive seqs. Never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    last: i64,
    bytes: Vec<u8>,
    /// Where each row begins.
    starts: Vec<usize>,
}

impl Block {
    /// A block of a run as [`runs`] makes it.
    pub fn of(run: &[MessageRow]) -> Result<Self, StoreError> {
        Self::read(run.last().map_or(0, |row| row.seq), encode(run))
    }

    /// A block as stored.
    pub fn read(last: i64, bytes: Vec<u8>) -> Result<Self, StoreError> {
        let mut starts = Vec::new();
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            starts.push(bytes.len() - rest.len());
            delimited(&mut rest).map_err(corrupt)?;
        }
        if starts.is_empty() {
            return Err(StoreError::Corrupt("a block is empty".into()));
        }
        Ok(Self {
            last,
            bytes,
            starts,
        })
    }

    /// What is stored.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many messages it holds.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Its lowest seq.
    pub fn first(&self) -> i64 {
        self.last - self.len() as i64 + 1
    }

    /// Its highest seq.
    pub fn last(&self) -> i64 {
        self.last
    }

    /// Whether it holds the seq.
    pub fn holds(&self, seq: i64) -> bool {
        (self.first()..=self.last).contains(&seq)
    }

    /// Adds its rows of a range to `rows`.
    pub fn rows(
        &self,
        range: &RangeInclusive<i64>,
        rows: &mut Vec<MessageRow>,
    ) -> Result<(), StoreError> {
        let first = self.first();
        for seq in first.max(*range.start())..=self.last.min(*range.end()) {
            let start = self.starts[(seq - first) as usize];
            rows.push(next_row(&mut &self.bytes[start..])?);
        }
        Ok(())
    }

    /// Puts a row in the place of the one of the same seq, which it must hold.
    pub fn replace(&mut self, row: &MessageRow) -> Result<(), StoreError> {
        let place = (row.seq - self.first()) as usize;
        let start = self.starts[place];
        let end = self.starts.get(place + 1).copied();
        let range = start..end.unwrap_or(self.bytes.len());
        self.bytes.splice(range, encode(std::slice::from_ref(row)));
        *self = Self::read(self.last, std::mem::take(&mut self.bytes))?;
        Ok(())
    }

    /// Takes out all seqs up to one, which must be below its last.
    pub fn cut(&mut self, up_to: i64) -> Result<(), StoreError> {
        let gone = (up_to - self.first() + 1).max(0) as usize;
        let bytes = self.bytes.split_off(self.starts[gone]);
        *self = Self::read(self.last, bytes)?;
        Ok(())
    }

    /// Adds the run that follows it.
    pub fn append(&mut self, next: Self) {
        let offset = self.bytes.len();
        self.starts
            .extend(next.starts.iter().map(|start| start + offset));
        self.bytes.extend(next.bytes);
        self.last = next.last;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(seq: i64) -> MessageRow {
        MessageRow {
            seq,
            client_msg_id: seq.to_string(),
            content: "é".repeat(seq as usize % 70),
            ..Default::default()
        }
    }

    #[test]
    fn rows_come_back_and_broken_bytes_are_an_error() {
        let rows: Vec<MessageRow> = (1..40).map(row).collect();
        let bytes = encode(&rows);
        assert_eq!(decode(&bytes), Ok(rows));
        for broken in [&bytes[..bytes.len() - 1], &[], &[0x80]] {
            let read = Block::read(39, broken.to_vec());
            assert!(matches!(read, Err(StoreError::Corrupt(_))), "{read:?}");
        }
        assert!(matches!(decode(&bytes[1..]), Err(StoreError::Corrupt(_))));
    }

    #[test]
    fn runs_end_at_gaps_and_at_the_size_of_a_block() {
        let rows = (1..=200).filter(|seq| *seq != 150).map(row).collect();
        let ends: Vec<(i64, i64)> = runs(rows)
            .iter()
            .map(|run| (run[0].seq, run[run.len() - 1].seq))
            .collect();
        assert_eq!(ends, [(1, 128), (129, 149), (151, 200)]);
    }

    #[test]
    fn a_block_changes_without_touching_its_other_rows() -> Result<(), StoreError> {
        let mut block = Block::of(&(11..=60).map(row).collect::<Vec<_>>())?;
        block.append(Block::of(&(61..=100).map(row).collect::<Vec<_>>())?);
        let longer = MessageRow {
            content: "x".repeat(500),
            ..row(60)
        };
        block.replace(&longer)?;
        block.replace(&row(11))?;
        block.replace(&row(100))?;
        block.cut(57)?;
        assert_eq!((block.first(), block.last(), block.len()), (58, 100, 43));
        assert!(block.holds(58) && !block.holds(57) && !block.holds(101));
        let mut rows = Vec::new();
        block.rows(&(1..=61), &mut rows)?;
        block.rows(&(99..=i64::MAX), &mut rows)?;
        assert_eq!(rows, [row(58), row(59), longer, row(61), row(99), row(100)]);
        block.cut(3)?;
        assert_eq!(Block::read(100, block.bytes().to_vec()), Ok(block));
        Ok(())
    }
}
