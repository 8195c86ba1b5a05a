//! DELETING single messages (sync.md §6.3). A deleted message keeps its seq, so that nothing is fetched
//! again.
use std::rc::Rc;

use super::convert::{status, to_api};
use super::receive::{is_shown, show_latest};
use crate::api::Done;
use crate::api::error::{Error, Result, code};
use crate::api::events::OnMsgDeleted;
use crate::api::messaging::{DeleteMessage, DeleteMessageFromLocalStorage, DeleteMessages};
use crate::logic::changes::Changes;
use crate::logic::{Cx, Session};
use crate::net::rest;
use crate::store::{MessageRow, Write};

/// Messages looked at in one step for a conversation's next preview.
const PREVIEW_STEP: usize = 50;

/// Deletes a message for this user, at the server and here.
pub async fn delete(cx: &Cx, p: DeleteMessage) -> Result<Done> {
    let session = cx.session()?;
    let row = session
        .held(&p.0.conversation_id, &p.0.client_msg_id)
        .await?;
    session
        .delete_everywhere(cx, &p.0.conversation_id, vec![row], None)
        .await?;
    Ok(Done)
}

/// Deletes messages for this user or for everybody, at the server and here.
pub async fn delete_several(cx: &Cx, p: DeleteMessages) -> Result<Done> {
    let session = cx.session()?;
    let (id, sync) = (p.0.conversation_id, p.0.is_sync);
    let held = session.store.messages_by_id(&p.0.client_msg_ids).await?;
    let held = held
        .into_iter()
        .filter(|(at, row)| *at == id && is_shown(row));
    let rows = held.map(|(_, row)| row).collect();
    let sync = sync.then_some(rest::DeleteSyncOpt {
        is_sync_self: true,
        is_sync_other: true,
    });
    session.delete_everywhere(cx, &id, rows, sync).await?;
    Ok(Done)
}

/// Deletes a message here only.
pub async fn delete_local(cx: &Cx, p: DeleteMessageFromLocalStorage) -> Result<Done> {
    let session = cx.session()?;
    let row = session
        .held(&p.0.conversation_id, &p.0.client_msg_id)
        .await?;
    session.delete_rows(&p.0.conversation_id, vec![row]).await?;
    Ok(Done)
}

impl Session {
    /// Deletes held messages at the server, where it has them, and here.
    async fn delete_everywhere(
        self: &Rc<Self>,
        cx: &Cx,
        id: &str,
        mut rows: Vec<MessageRow>,
        delete_sync_opt: Option<rest::DeleteSyncOpt>,
    ) -> Result<()> {
        let unnumbered = |row: &MessageRow| row.seq == 0 && row.status == status::SENT;
        if rows.iter().any(unnumbered) {
            // Acknowledged, but its number has not come yet.
            let last = self
                .state
                .borrow()
                .channels
                .get(id)
                .map_or(0, |c| c.align.told);
            self.align_from(id, last + 1).await?;
            let ids: Vec<String> = rows.into_iter().map(|row| row.client_msg_id).collect();
            let held = self.store.messages_by_id(&ids).await?;
            rows = held.into_iter().map(|(_, row)| row).collect();
        }
        let sending = |row: &MessageRow| {
            let id = &row.client_msg_id;
            row.seq == 0 && row.status == status::SENDING && !self.outbox.is_uploading(id)
        };
        if rows.iter().any(sending) {
            return Err(Error::new(code::NO_SEQ, "the message is being sent"));
        }
        let seqs: Vec<i64> = rows.iter().map(|row| row.seq).filter(|s| *s > 0).collect();
        if !seqs.is_empty() {
            let call = rest::DeleteMsgs {
                conversation_id: id.to_owned(),
                seqs,
                user_id: self.me.clone(),
                delete_sync_opt,
            };
            self.api(&cx.operation_id, &call).await?;
        }
        self.delete_rows(id, rows).await
    }

    async fn held(&self, conversation_id: &str, client_msg_id: &str) -> Result<MessageRow> {
        let held = self
            .store
            .messages_by_id(&[client_msg_id.to_owned()])
            .await?;
        let found = held
            .into_iter()
            .find(|(id, row)| id == conversation_id && is_shown(row));
        found
            .map(|(_, row)| row)
            .ok_or_else(|| Error::not_found("the message is not known"))
    }

    /// Hides held messages: seq and row stay, with status 4.
    pub(crate) async fn delete_rows(
        self: &Rc<Self>,
        id: &str,
        rows: Vec<MessageRow>,
    ) -> Result<()> {
        let mut changes = self.changes().await;
        let latest = changes.conversation(id).and_then(|c| c.latest);
        let mut latest_gone = false;
        for row in rows {
            latest_gone |= latest
                .as_ref()
                .is_some_and(|l| l.client_msg_id == row.client_msg_id);
            changes.tell_after(OnMsgDeleted, &to_api(&row));
            if row.seq == 0 {
                self.outbox.end_upload(&row.client_msg_id);
                changes.write(Write::DeleteLoose {
                    conversation_id: id.to_owned(),
                    client_msg_id: row.client_msg_id,
                });
                continue;
            }
            let channel = changes.channel(id);
            channel.align.cover(row.seq, false);
            channel.amend(row.seq, |_| None);
            let gone = MessageRow {
                status: status::DELETED,
                content: String::new(),
                ..row
            };
            changes.write(Write::ReplaceMessages {
                conversation_id: id.to_owned(),
                rows: vec![gone.clone()],
            });
        }
        if latest_gone && let Some(gone) = latest {
            self.show_previous(&mut changes, id, &gone).await?;
        }
        changes.commit().await
    }

    /// The preview becomes the newest message that is left.
    async fn show_previous(
        &self,
        changes: &mut Changes<'_>,
        id: &str,
        gone: &MessageRow,
    ) -> Result<()> {
        let mut candidates = self.store.loose(id).await?;
        let mut high = changes.channel(id).align.last();
        while high > 0 {
            let rows = self
                .store
                .messages(id, 1..=high, PREVIEW_STEP, true)
                .await?;
            let Some(first) = rows.first().map(|row| row.seq) else {
                break;
            };
            let shown =
                |row: &&MessageRow| is_shown(row) && row.client_msg_id != gone.client_msg_id;
            if let Some(row) = rows.iter().rev().find(shown) {
                candidates.push(row.clone());
                break;
            }
            high = first - 1;
        }
        candidates.retain(|row| is_shown(row) && row.client_msg_id != gone.client_msg_id);
        if let Some(conversation) = changes.edit(id) {
            // The conversation keeps its place in the list.
            let time = conversation.latest_send_time;
            conversation.latest = None;
            candidates
                .iter()
                .for_each(|row| show_latest(conversation, row));
            conversation.latest_send_time = conversation
                .latest
                .as_ref()
                .map_or(time, |row| row.send_time);
        }
        Ok(())
    }
}
