//! BURN AFTER READING: messages of a private chat go some seconds after they were read, on both sides:
//! from the pages, the database, the preview, and out of the user's sight at the server. The official
//! client compares seconds with milliseconds and never hides any (sync.md §10, W32).
use std::rc::Rc;

use super::convert::{AttachedInfo, row_option};
use super::receive::is_shown;
use crate::logic::Session;
use crate::net::rest;
use crate::rt::{Level, json};
use crate::store::MessageRow;

/// Seconds where the message says nothing (data.md §5.3).
const BURN_DEFAULT: i32 = 30;
/// Longest single wait: timers of browsers are 31 bits wide.
const WAIT_MS_MAX: i64 = 86_400_000;

/// Whether a message is of a private chat.
pub(crate) fn is_private(row: &MessageRow) -> bool {
    !row_option(row, "notPrivate") || row.attached_info.contains("\"isPrivateChat\":true")
}

/// When a message goes, Unix milliseconds; `None` if it stays or is not read yet.
fn burns_at(row: &MessageRow) -> Option<i64> {
    if !row.is_read || !is_private(row) {
        return None;
    }
    let info: AttachedInfo = json::from_text(&row.attached_info).unwrap_or_default();
    let seconds = match info.burn_duration {
        ..=0 => BURN_DEFAULT,
        seconds => seconds,
    };
    // Fetched again later, a message says that it was read, and not when.
    let known = [row.has_read_time, info.has_read_time, row.send_time];
    let read = known.into_iter().find(|time| *time > 0)?;
    Some(read + i64::from(seconds) * 1_000)
}

/// Whether a message has gone.
pub(crate) fn is_burnt(row: &MessageRow, now: i64) -> bool {
    burns_at(row).is_some_and(|at| at <= now)
}

impl Session {
    /// Sees to it that those of these messages go that are to go, when their time comes.
    pub(crate) fn burn_in_time(self: &Rc<Self>, conversation_id: &str, rows: &[MessageRow]) {
        for row in rows {
            let (Some(at), true) = (burns_at(row), is_shown(row)) else {
                continue;
            };
            let id = row.client_msg_id.clone();
            if !self.burning.borrow_mut().insert(id.clone()) {
                continue;
            }
            let (session, conversation_id) = (self.clone(), conversation_id.to_owned());
            self.core.rt.spawn(Box::pin(async move {
                session.burn(&conversation_id, &id, at).await;
                session.burning.borrow_mut().remove(&id);
            }));
        }
    }

    async fn burn(self: &Rc<Self>, conversation_id: &str, client_msg_id: &str, at: i64) {
        while self.now() < at {
            let wait = (at - self.now()).min(WAIT_MS_MAX);
            self.core.rt.sleep(wait as u32).await;
            if self.ended.get() {
                return;
            }
        }
        let ids = [client_msg_id.to_owned()];
        let held = self.store.messages_by_id(&ids).await.unwrap_or_default();
        let rows: Vec<MessageRow> = held
            .into_iter()
            .map(|(_, row)| row)
            .filter(is_shown)
            .collect();
        let seqs: Vec<i64> = rows.iter().map(|row| row.seq).filter(|s| *s > 0).collect();
        if let Err(error) = self.delete_rows(conversation_id, rows).await {
            self.log(Level::Warn, &error.message);
        }
        if seqs.is_empty() {
            return;
        }
        let call = rest::DeleteMsgs {
            conversation_id: conversation_id.to_owned(),
            seqs,
            user_id: self.me.clone(),
            delete_sync_opt: None,
        };
        // Where this fails, other devices hide it by themselves.
        let _ = self.api(&self.operation_id(), &call).await;
    }

    /// Messages that previews show: their time may have come while nobody was there.
    pub(crate) fn burn_previews(self: &Rc<Self>) {
        let latest: Vec<(String, MessageRow)> = {
            let state = self.state.borrow();
            let rows = state.conversations.values();
            rows.filter_map(|row| Some((row.conversation_id.clone(), row.latest.clone()?)))
                .collect()
        };
        for (id, row) in latest {
            self.burn_in_time(&id, &[row]);
        }
    }
}
