//! NOTICES THAT COME BEFORE THEIR MESSAGE. A notification is applied at once; an answer that left the
//! server before it may still bring the message in its older form. What was said of a message that is
//! not held is remembered for as long as such an answer can be under way.
use std::cell::RefCell;

use super::burn::is_private;
use super::convert::status;
use super::revoke::Revocation;
use crate::logic::Session;
use crate::store::MessageRow;

/// Longer than any answer or push is under way.
const KEPT_MS: i64 = 120_000;

/// What was said of a message.
#[derive(Clone)]
pub(crate) enum Notice {
    /// It is revoked.
    Revoked(Revocation),
    /// It is deleted for this user.
    Deleted,
    /// Somebody read it, unless it is his own.
    Read {
        /// Who.
        by: String,
        /// When, Unix milliseconds.
        time: i64,
    },
}

/// Notices of messages that are not held, oldest first: when, conversation, seq, what.
#[derive(Default)]
pub(crate) struct Early(RefCell<Vec<(i64, String, i64, Notice)>>);

impl Session {
    /// Remembers a notice.
    pub(crate) fn note_early(&self, conversation_id: &str, seq: i64, notice: Notice) {
        let now = self.now();
        let mut early = self.early.0.borrow_mut();
        early.retain(|(at, ..)| *at > now - KEPT_MS);
        early.push((now, conversation_id.to_owned(), seq, notice));
    }

    /// Applies what was said of a message that comes only now.
    pub(crate) fn apply_early(&self, conversation_id: &str, row: &mut MessageRow) {
        let early = self.early.0.borrow();
        for (_, of, seq, notice) in early.iter() {
            if of != conversation_id || *seq != row.seq {
                continue;
            }
            match notice {
                Notice::Revoked(notice) => {
                    self.revoked(notice, row);
                }
                Notice::Deleted => row.status = status::DELETED,
                Notice::Read { by, time } if *by != row.send_id => {
                    row.is_read = true;
                    if row.send_id == self.me || is_private(row) {
                        row.has_read_time = *time;
                    }
                }
                Notice::Read { .. } => {}
            }
        }
    }
}
