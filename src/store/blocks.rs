//! Blocks of messages as bytes, and runs of seqs.
use prost::Message;

use super::schema::BLOCK_MAX;
use super::{MessageRow, StoreError};

/// Messages one after the other, each with its length before it.
pub fn encode(rows: &[MessageRow]) -> Vec<u8> {
    let size = rows.iter().map(|row| row.encoded_len() + 5).sum();
    let mut bytes = Vec::with_capacity(size);
    for row in rows {
        // A Vec grows as needed: encoding into it cannot fail.
        let _ = row.encode_length_delimited(&mut bytes);
    }
    bytes
}

/// Reads what [`encode`] wrote.
pub fn decode(bytes: &[u8]) -> Result<Vec<MessageRow>, StoreError> {
    let mut rest = bytes;
    let mut rows = Vec::new();
    while !rest.is_empty() {
        let row = MessageRow::decode_length_delimited(&mut rest);
        rows.push(row.map_err(|e| StoreError::Corrupt(e.to_string()))?);
    }
    Ok(rows)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn row(seq: i64) -> MessageRow {
        MessageRow {
            seq,
            client_msg_id: seq.to_string(),
            content: "é".repeat(seq as usize % 7),
            ..Default::default()
        }
    }

    #[test]
    fn rows_come_back_and_broken_bytes_are_an_error() {
        let rows: Vec<MessageRow> = (1..40).map(row).collect();
        let bytes = encode(&rows);
        assert_eq!(decode(&bytes), Ok(rows));
        assert!(matches!(
            decode(&bytes[..bytes.len() - 1]),
            Err(StoreError::Corrupt(_))
        ));
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
}
