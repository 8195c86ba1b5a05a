//! EXPORT: what this device holds of the user, as lines of JSON (api.md §2, row 9).
use super::message::convert::to_api as message_to_api;
use super::{Cx, Session, conversation, group, relation};
use crate::api::error::Result;
use crate::api::files::{ExportDb, UnknownInline};
use crate::rt::json::{self, Write};

/// Messages read in one step.
const STEP: usize = 500;

/// All lines, in pieces.
pub async fn export(cx: &Cx, _: ExportDb) -> Result<UnknownInline> {
    let session = cx.session()?;
    let mut pieces = vec![session.export_lists()];
    let ids: Vec<String> = session
        .state
        .borrow()
        .conversations
        .keys()
        .cloned()
        .collect();
    for id in ids {
        let mut rows = session.store.loose(&id).await?;
        let mut next = 1;
        loop {
            let mut piece = String::new();
            for row in &rows {
                line(&mut piece, "message", &message_to_api(row));
            }
            pieces.push(piece);
            rows = session
                .store
                .messages(&id, next..=i64::MAX, STEP, false)
                .await?;
            match rows.last() {
                Some(row) => next = row.seq + 1,
                None => break,
            }
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    Ok(UnknownInline(pieces))
}

fn line(out: &mut String, kind: &'static str, row: &dyn Write) {
    let line = json::object(vec![(kind, row.write())]);
    *out += &json::stringify(&line).unwrap_or_default();
    out.push('\n');
}

impl Session {
    fn export_lists(&self) -> String {
        let state = self.state.borrow();
        let mut out = String::new();
        line(&mut out, "userID", &self.me);
        for row in state.conversations.values() {
            line(&mut out, "conversation", &conversation::to_api(&state, row));
        }
        for row in state.friends.values() {
            line(&mut out, "friend", &relation::friend_to_api(&self.me, row));
        }
        for row in state.blacks.values() {
            line(&mut out, "black", &relation::black_to_api(&self.me, row));
        }
        for row in state.groups.values() {
            line(&mut out, "group", &group::to_api(row));
        }
        out
    }
}
