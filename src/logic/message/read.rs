//! READ POSITIONS: own ones to the server, the peer's from it (sync.md §6.1).
use std::rc::Rc;

use super::burn::is_private;
use super::early::Notice;
use super::receive::is_shown;
use crate::api::Done;
use crate::api::error::{Error, Result};
use crate::api::events::{OnRecvC2CReadReceipt, ReadReceipt};
use crate::api::messaging::MarkConversationMessageAsRead;
use crate::logic::changes::Changes;
use crate::logic::{Cx, Session, ids};
use crate::net::rest;
use crate::store::{MessageRow, Write};

/// Most messages of which the peer is told in one call that they are read.
const RECEIPTS_MAX: usize = 1_000;
/// Most messages that are looked through for those that somebody read.
const ROWS_MAX: i64 = 10_000;

/// Marks all of a conversation as read, here, on the user's other devices and, in a single chat, for
/// the peer.
pub async fn mark_conversation(cx: &Cx, p: MarkConversationMessageAsRead) -> Result<Done> {
    let session = cx.session()?;
    let id = p.0;
    let (kind, first, position, last) = {
        let state = session.state.borrow();
        let row = state.conversations.get(&id);
        let row = row.ok_or_else(|| Error::not_found("the conversation is not known"))?;
        let align = state.channels.get(&id).map(|c| &c.align);
        let (first, position, last) =
            align.map_or((1, 0, 0), |a| (a.first(), a.has_read_seq, a.last()));
        (row.conversation_type, first, position, last)
    };
    // An own message moved the position over what came before it: the peer still waits for a word.
    let unread = match kind {
        ids::SINGLE => session.unread_rows(&id, first, last).await?,
        _ => Vec::new(),
    };
    if last <= position.max(first - 1) && unread.is_empty() {
        return Ok(Done);
    }
    let call = rest::MarkConversationAsRead {
        conversation_id: id.clone(),
        user_id: session.me.clone(),
        has_read_seq: last,
        seqs: unread.iter().map(|row| row.seq).collect(),
    };
    session.api(&cx.operation_id, &call).await?;
    let mut changes = session.changes().await;
    changes.channel(&id).align.read_to(last);
    if kind != ids::SINGLE {
        preview_is_read(&mut changes, &id, &session.me);
    }
    if !unread.is_empty() {
        // As they are now: one may have been revoked or deleted during the call. What came meanwhile was
        // not named: its sender waits for the next time.
        let mut unread = session.unread_rows(&id, first, last).await?;
        unread.retain(|row| call.seqs.contains(&row.seq));
        let now = session.now();
        session.set_read(&mut changes, &id, &mut unread, now);
        changes.commit().await?;
        session.burn_in_time(&id, &unread);
        return Ok(Done);
    }
    changes.commit().await?;
    Ok(Done)
}

/// Of a group nobody is told; the preview says that it is read all the same, as in the official core.
fn preview_is_read(changes: &mut Changes<'_>, id: &str, me: &str) {
    let latest = changes.edit(id).and_then(|row| row.latest.as_mut());
    if let Some(latest) = latest.filter(|row| row.send_id != me) {
        latest.is_read = true;
    }
}

fn mark_latest_read(changes: &mut Changes<'_>, id: &str, rows: &[MessageRow]) {
    if let Some(conversation) = changes.edit(id)
        && let Some(latest) = &mut conversation.latest
        && let Some(row) = rows
            .iter()
            .find(|row| row.client_msg_id == latest.client_msg_id)
    {
        latest.is_read = true;
        latest.has_read_time = row.has_read_time;
    }
}

impl Session {
    /// Messages of others among the newest [`RECEIPTS_MAX`] that are not marked as read.
    async fn unread_rows(&self, id: &str, first: i64, last: i64) -> Result<Vec<MessageRow>> {
        if last < first {
            return Ok(Vec::new());
        }
        let rows = self.store.messages(id, first..=last, RECEIPTS_MAX, true);
        let mut rows = rows.await?;
        rows.retain(|row| row.send_id != self.me && !row.is_read && is_shown(row));
        Ok(rows)
    }

    /// Held messages of these seqs that `reader` did not send; of what is not held the reading is noted.
    async fn named_rows(
        &self,
        id: &str,
        reader: &str,
        seqs: &[i64],
        time: i64,
    ) -> Result<Vec<MessageRow>> {
        let stored = seqs.iter().filter(|seq| **seq > 0);
        let (Some(&low), Some(&high)) = (stored.clone().min(), stored.max()) else {
            return Ok(Vec::new());
        };
        let limit = (high - low).min(ROWS_MAX) as usize + 1;
        let range = low..=high;
        let mut rows = self.store.messages(id, range, limit, true).await?;
        for seq in seqs {
            if !rows.iter().any(|row| row.seq == *seq) {
                let by = reader.to_owned();
                self.note_early(id, *seq, Notice::Read { by, time });
            }
        }
        rows.retain(|row| row.send_id != reader && seqs.contains(&row.seq));
        Ok(rows)
    }

    /// Messages of others were read then.
    fn set_read(&self, changes: &mut Changes<'_>, id: &str, rows: &mut [MessageRow], time: i64) {
        for row in rows.iter_mut() {
            row.is_read = true;
            if is_private(row) {
                row.has_read_time = time;
            }
        }
        mark_latest_read(changes, id, rows);
        changes.write(Write::ReplaceMessages {
            conversation_id: id.to_owned(),
            rows: rows.to_vec(),
        });
    }

    /// This user read elsewhere: up to a position, which only grows (W34), and of a single chat the
    /// messages that are named. Private ones begin to burn here too.
    pub(crate) async fn read_elsewhere(
        self: &Rc<Self>,
        id: &str,
        position: i64,
        seqs: &[i64],
        time: i64,
    ) -> Result<()> {
        let mut changes = self.changes().await;
        changes.channel(id).align.read_to(position);
        let mut rows = self.named_rows(id, &self.me, seqs, time).await?;
        rows.retain(|row| !row.is_read);
        if !rows.is_empty() {
            self.set_read(&mut changes, id, &mut rows, time);
        }
        changes.commit().await?;
        self.burn_in_time(id, &rows);
        Ok(())
    }

    /// The peer read some messages of a single chat.
    pub(crate) async fn read_by_peer(
        self: &Rc<Self>,
        conversation_id: &str,
        reader: &str,
        seqs: &[i64],
        time: i64,
    ) -> Result<()> {
        let mut changes = self.changes().await;
        let named = self.named_rows(conversation_id, reader, seqs, time);
        let mut rows = named.await?;
        // One that was pulled after it was read says so already, but not when.
        rows.retain(|row| row.send_id == self.me && row.has_read_time == 0);
        if rows.is_empty() {
            return Ok(());
        }
        for row in &mut rows {
            row.is_read = true;
            row.has_read_time = time;
        }
        let receipt = ReadReceipt {
            user_id: reader.to_owned(),
            group_id: String::new(),
            msg_id_list: rows.iter().map(|row| row.client_msg_id.clone()).collect(),
            read_time: time,
            msg_from: 0,
            content_type: 0,
            session_type: ids::SINGLE,
        };
        changes.tell(OnRecvC2CReadReceipt, &[receipt]);
        mark_latest_read(&mut changes, conversation_id, &rows);
        changes.write(Write::ReplaceMessages {
            conversation_id: conversation_id.to_owned(),
            rows: rows.clone(),
        });
        changes.commit().await?;
        self.burn_in_time(conversation_id, &rows);
        Ok(())
    }
}
