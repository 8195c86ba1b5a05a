//! CLEARING conversations (sync.md §6.3): for this user, on this device only, or for everybody. The
//! server says what is gone by a minimum: of the user's row, or of the conversation itself. A cleared
//! conversation keeps its alignment (W35).
use std::rc::Rc;

use super::convert::status;
use crate::api::Done;
use crate::api::conversation::{
    ClearConversationAndDeleteAllMsg, DeleteConversationAndDeleteAllMsg,
};
use crate::api::error::{Error, Result};
use crate::api::messaging::{DeleteAllMsgFromLocal, DeleteAllMsgFromLocalAndSvr};
use crate::logic::changes::Changes;
use crate::logic::{Cx, Session, ids};
use crate::net::rest;
use crate::net::wire::{pb, req};
use crate::rt::Level;
use crate::rt::json;
use crate::store::{MessageRow, Write};

/// A question for a bound may take this long.
const BOUND_WAIT_MS: u32 = 15_000;
/// The server stores what it acknowledged within a second, or a few where it has much to do (sync.md §2.2).
const STORED_WITHIN_MS: u32 = 6_000;
/// Descending, what lies below the minimum is answered with the minimum (sync.md §2.5).
const DESCENDING: i32 = 1;
/// Ascending, what lies above the maximum is answered with the maximum (sync.md §2.5).
pub(crate) const ASCENDING: i32 = 0;

/// Empties all conversations here.
pub async fn delete_all_local(cx: &Cx, _: DeleteAllMsgFromLocal) -> Result<Done> {
    let session = cx.session()?;
    let unread = session.unread_ends();
    let ends = session.ends();
    session.clear_all_local(ends).await?;
    session.read_everywhere(cx, unread).await;
    Ok(Done)
}

/// Empties all conversations, at the server and here.
pub async fn delete_all(cx: &Cx, _: DeleteAllMsgFromLocalAndSvr) -> Result<Done> {
    let session = cx.session()?;
    let me = json::Value::from(session.me.as_str());
    let body = json::stringify(&json::object(vec![("userID", me)]))?;
    let ends = session.ends();
    session
        .exchange("/msg/user_clear_all_msg", &cx.operation_id, body)
        .await?;
    session.clear_all_local(ends).await?;
    Ok(Done)
}

/// Empties a conversation, at the server and here; it stays in the list.
pub async fn clear(cx: &Cx, p: ClearConversationAndDeleteAllMsg) -> Result<Done> {
    let session = cx.session()?;
    session.clear_conversation(cx, &p.0, false).await?;
    Ok(Done)
}

/// Empties a conversation and takes it out of the list.
pub async fn clear_and_hide(cx: &Cx, p: DeleteConversationAndDeleteAllMsg) -> Result<Done> {
    let session = cx.session()?;
    session.clear_conversation(cx, &p.0, true).await?;
    Ok(Done)
}

impl Session {
    /// Conversations and their last known seqs.
    fn ends(&self) -> Vec<(String, i64)> {
        let state = self.state.borrow();
        let last = |id: &String| state.channels.get(id).map_or(0, |c| c.align.last());
        let ids = state.conversations.keys();
        ids.map(|id| (id.clone(), last(id))).collect()
    }

    /// Those of them with unread messages.
    fn unread_ends(&self) -> Vec<(String, i64)> {
        let mut ends = self.ends();
        let state = self.state.borrow();
        ends.retain(|(id, _)| state.unread(id) > 0);
        ends
    }

    async fn clear_all_local(&self, ends: Vec<(String, i64)>) -> Result<()> {
        for (id, last) in ends {
            self.clear_local(&id, last, false).await?;
        }
        Ok(())
    }

    /// What is gone here is not unread on other devices. It is gone whether the server learns of that or
    /// not.
    async fn read_everywhere(self: &Rc<Self>, cx: &Cx, conversations: Vec<(String, i64)>) {
        for (id, last) in conversations {
            let body = json::object(vec![
                ("conversationID", json::Value::from(id.as_str())),
                ("userID", json::Value::from(self.me.as_str())),
                ("hasReadSeq", json::Value::from(last as f64)),
            ]);
            let path = "/msg/set_conversation_has_read_seq";
            let told = match json::stringify(&body) {
                Ok(body) => self.exchange(path, &cx.operation_id, body).await.map(drop),
                Err(error) => Err(Error::args(error.0)),
            };
            if let Err(error) = told {
                self.log(Level::Warn, &error.message);
                break;
            }
        }
    }

    async fn clear_conversation(self: &Rc<Self>, cx: &Cx, id: &str, hide: bool) -> Result<()> {
        if !self.state.borrow().conversations.contains_key(id) {
            return Err(Error::not_found("the conversation is not known"));
        }
        // What is known before is gone for certain; how much more is, the row says when it comes.
        let channel = self.state.borrow().channels.get(id).cloned();
        let last = channel.map_or(0, |channel| channel.align.last());
        let call = rest::ClearConversationMsg {
            conversation_ids: vec![id.to_owned()],
            user_id: self.me.clone(),
            delete_sync_opt: None,
        };
        self.api(&cx.operation_id, &call).await?;
        self.clear_local(id, last, hide).await
    }

    /// Everything up to `last` is gone; what comes later is new.
    async fn clear_local(&self, id: &str, last: i64, hide: bool) -> Result<()> {
        let mut changes = self.changes().await;
        changes.channel(id).clear(last);
        if let Some(conversation) = changes.edit(id) {
            conversation.group_at_type = 0;
            conversation.marked_seq = 0;
            let gone = |row: &MessageRow| row.seq <= last;
            if conversation.latest.as_ref().is_some_and(gone) {
                conversation.latest = None;
            }
            if hide {
                conversation.latest = None;
                conversation.latest_send_time = 0;
                conversation.draft_text.clear();
                conversation.draft_text_time = 0;
            }
        }
        changes.write(Write::DeleteMessages {
            conversation_id: id.to_owned(),
            up_to: last,
        });
        changes.write(Write::ClearLoose {
            conversation_id: id.to_owned(),
        });
        changes.commit().await
    }

    /// The server says where the visible part of a conversation begins: what lies before it goes, from
    /// the preview too. A position beyond it may have been set back: the next answer about it counts.
    pub(crate) fn take_minimum(self: &Rc<Self>, changes: &mut Changes<'_>, id: &str, min: i64) {
        let channel = changes.channel(id);
        if min <= channel.align.min_seq {
            return;
        }
        let is_beyond = channel.align.has_read_seq >= min;
        let may_hold = channel.align.covered.first().is_some_and(|seq| seq < min);
        channel.raise_min(min);
        let settled = self.clone().settle_sent(id.to_owned());
        self.core.rt.spawn(Box::pin(settled));
        if is_beyond {
            self.read_anew.borrow_mut().insert(id.to_owned());
        }
        let gone = |row: &MessageRow| (1..min).contains(&row.seq);
        let latest = changes.conversation(id).and_then(|row| row.latest);
        if latest.as_ref().is_some_and(gone)
            && let Some(conversation) = changes.edit(id)
        {
            conversation.latest = None;
        }
        if may_hold {
            changes.write(Write::DeleteMessages {
                conversation_id: id.to_owned(),
                up_to: min - 1,
            });
        }
    }

    /// A message that was sent shortly before and has no seq yet may lie below the new minimum, and then
    /// never gets one: it is gone, too.
    async fn settle_sent(self: Rc<Self>, id: String) {
        let settled = async {
            let sent = self
                .sent_without_seq(&id, self.outbox.without_seq())
                .await?;
            if sent.is_empty() {
                return Ok(());
            }
            self.core.rt.sleep(STORED_WITHIN_MS).await;
            let channel = self.state.borrow().channels.get(&id).cloned();
            let told = channel.map_or(0, |channel| channel.align.told);
            self.align_from(&id, told + 1).await?;
            let sent = sent.into_iter().map(|row| row.client_msg_id).collect();
            let left = self.sent_without_seq(&id, sent).await?;
            self.delete_rows(&id, left).await
        };
        if let Err(error) = settled.await {
            self.log(Level::Warn, &error.message);
        }
    }

    /// Which of the messages the server took, and gave no seq that is known here.
    async fn sent_without_seq(
        &self,
        id: &str,
        client_msg_ids: Vec<String>,
    ) -> Result<Vec<MessageRow>> {
        if client_msg_ids.is_empty() {
            return Ok(Vec::new());
        }
        let held = self.store.messages_by_id(&client_msg_ids).await?;
        let mut rows: Vec<MessageRow> = held
            .into_iter()
            .filter_map(|(of, row)| (of == id).then_some(row))
            .collect();
        rows.retain(|row| row.seq == 0 && row.status == status::SENT);
        Ok(rows)
    }

    /// Asks the server where a conversation begins: what was cleared for everybody is in no row, and who
    /// was away did not hear of it.
    pub(crate) async fn learn_minimum(self: &Rc<Self>, id: &str) -> Result<()> {
        if ids::is_notification(id) {
            return Ok(());
        }
        let channel = self.state.borrow().channels.get(id).cloned();
        let first = channel.map_or(1, |channel| channel.align.first());
        let Some(min) = self.ask_bound(id, first, DESCENDING).await? else {
            return Ok(());
        };
        let mut changes = self.changes().await;
        self.take_minimum(&mut changes, id, min);
        changes.commit().await?;
        self.read_anew().await
    }

    /// Where a conversation ends ([`ASCENDING`]) or begins ([`DESCENDING`]), if `seq` lies beyond it.
    pub(crate) async fn ask_bound(
        self: &Rc<Self>,
        id: &str,
        seq: i64,
        order: i32,
    ) -> Result<Option<i64>> {
        let ask = pb::GetSeqMessageReq {
            user_id: self.me.clone(),
            conversations: vec![pb::ConversationSeqs {
                conversation_id: id.to_owned(),
                seqs: vec![seq],
            }],
            order,
        };
        let operation = self.operation_id();
        let answer: pb::PullMessageBySeqsResp = self
            .conn
            .request(req::PULL_BY_SEQS, &operation, &ask, BOUND_WAIT_MS)
            .await?;
        let list = answer.msgs.into_iter().find(|list| list.key == id);
        let list = list.filter(|list| list.value.is_end);
        Ok(list.map(|list| list.value.end_seq))
    }

    /// Asks for the read positions that may have been set back.
    pub(crate) async fn read_anew(self: &Rc<Self>) -> Result<()> {
        let ids: Vec<String> = self.read_anew.borrow().iter().cloned().collect();
        match ids.is_empty() {
            true => Ok(()),
            false => self.refresh_seqs(&ids).await,
        }
    }
}
