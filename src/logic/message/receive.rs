//! RECEIVING: messages of pushes and answers become rows, coverage, conversations and events, all in
//! one transaction per batch (design §3, rules 1–5; sync.md §5).
use std::rc::Rc;

use super::convert::{self, kind, noted, row_from_wire, row_option, status, to_api};
use super::marks;
use crate::api::error::Result;
use crate::api::events::{OnRecvNewMessages, OnRecvOfflineNewMessages};
use crate::api::message::Message;
use crate::logic::changes::Changes;
use crate::logic::sync::lists::List;
use crate::logic::sync::seq::Take;
use crate::logic::{Session, ids, notice};
use crate::net::wire::pb::{MsgData, PullMsgs, PushMessages};
use crate::rt::map::{Map, Set};
use crate::rt::order;
use crate::store::rows::ConversationRow;
use crate::store::{MessageRow, StoreError, Table, Write};

/// Why messages came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The server pushed them.
    Push,
    /// The sync asked for them.
    Pull,
    /// The application asked for older or newer messages.
    History,
}

/// Messages by channel.
pub type Batch = Vec<(String, Vec<MsgData>)>;

impl Session {
    /// Takes pushes in: one transaction for all of them.
    pub(crate) async fn take_pushes(self: &Rc<Self>, pushes: Vec<PushMessages>) -> Result<()> {
        let mut chats: Map<String, Vec<MsgData>> = Map::new();
        let mut notices: Map<String, Vec<MsgData>> = Map::new();
        let begun = self.state.borrow().begun;
        for mut push in pushes {
            if !begun {
                self.only_see(&mut push).await?;
            }
            for list in push.msgs.into_iter().chain(push.notification_msgs) {
                let into = if ids::is_notification(&list.key) {
                    &mut notices
                } else {
                    &mut chats
                };
                into.or_default(list.key).extend(list.value.msgs);
            }
        }
        let taken = self
            .take_messages(chats.into_iter().collect(), Source::Push)
            .await;
        notice::take(self, notices.into_iter().collect(), Source::Push).await?;
        self.signals.pull();
        taken
    }

    /// Takes what has a seq out of a push that came before the newest seqs were learnt: it is there to be
    /// fetched.
    async fn only_see(self: &Rc<Self>, push: &mut PushMessages) -> Result<()> {
        let mut changes = self.changes().await;
        for list in push.msgs.iter_mut().chain(&mut push.notification_msgs) {
            for msg in &list.value.msgs {
                changes.channel(&list.key).align.see_max(msg.seq);
            }
            list.value.msgs.retain(|msg| msg.seq == 0);
        }
        changes.commit().await
    }

    /// Takes the answer to a pull in.
    pub(crate) async fn take_pulled(
        self: &Rc<Self>,
        answer: impl IntoIterator<Item = (String, PullMsgs)>,
        source: Source,
    ) -> Result<()> {
        let (notices, chats): (Batch, Batch) = answer
            .into_iter()
            .map(|(id, list)| (id, list.msgs))
            .partition(|(id, _)| ids::is_notification(id));
        self.take_messages(chats, source).await?;
        notice::take(self, notices, source).await
    }

    /// Chat messages of any origin.
    async fn take_messages(self: &Rc<Self>, batch: Batch, source: Source) -> Result<()> {
        if batch.is_empty() {
            return Ok(());
        }
        // Second copies of a clientMsgID are rare: the store finds them by itself, and only then is
        // every ID of the batch looked up.
        match self.try_take(&batch, source, false).await {
            Err(StoreError::Duplicate) => Ok(self.try_take(&batch, source, true).await?),
            done => Ok(done?),
        }
    }

    async fn try_take(
        self: &Rc<Self>,
        batch: &Batch,
        source: Source,
        look_up_all: bool,
    ) -> std::result::Result<(), StoreError> {
        let mut changes = self.changes().await;
        if source == Source::Pull && !self.state.borrow().synced_before {
            changes.silent();
        }
        let known = self.known_rows(batch, look_up_all).await?;
        let mut intake = Intake {
            session: self,
            changes,
            source,
            known,
            seen: Set::new(),
            online_only: Vec::new(),
            done: Vec::new(),
        };
        for (conversation_id, msgs) in batch {
            let mut msgs: Vec<&MsgData> = msgs.iter().collect();
            order::sort_by_key(&mut msgs, |msg| msg.seq);
            intake.take(conversation_id, &msgs);
        }
        intake.finish().await
    }

    /// Rows that may be another copy of a message of the batch: for own ones always (a send that is
    /// unfinished or was marked failed), for others on demand.
    async fn known_rows(
        &self,
        batch: &Batch,
        all: bool,
    ) -> std::result::Result<Map<String, (String, MessageRow)>, StoreError> {
        let ids: Vec<String> = batch
            .iter()
            .flat_map(|(_, msgs)| msgs)
            .filter(|msg| msg.seq > 0 && !msg.client_msg_id.is_empty())
            .filter(|msg| all || msg.send_id == self.me)
            .map(|msg| msg.client_msg_id.clone())
            .collect();
        if ids.is_empty() {
            return Ok(Map::new());
        }
        let rows = self.store.messages_by_id(&ids).await?;
        Ok(rows
            .into_iter()
            .map(|(conversation_id, row)| (row.client_msg_id.clone(), (conversation_id, row)))
            .collect())
    }
}

/// One batch on its way into the store.
struct Intake<'s> {
    session: &'s Rc<Session>,
    changes: Changes<'s>,
    source: Source,
    known: Map<String, (String, MessageRow)>,
    /// clientMsgIDs of this batch.
    seen: Set<String>,
    online_only: Vec<MessageRow>,
    /// Own sends that turned out to be on the server.
    done: Vec<MessageRow>,
}

impl Intake<'_> {
    fn take(&mut self, conversation_id: &str, msgs: &[&MsgData]) {
        let mut rows = Vec::new();
        let now = self.session.now();
        for msg in msgs {
            if msg.seq <= 0 {
                self.take_online_only(conversation_id, msg);
            } else if msg.status == status::DELETED && msg.client_msg_id.is_empty() {
                self.changes
                    .channel(conversation_id)
                    .align
                    .placeholder(msg.seq, now);
            } else if self.changes.channel(conversation_id).align.take(msg.seq) != Take::Pass {
                rows.push(self.take_stored(conversation_id, msg));
            }
        }
        if !rows.is_empty() {
            self.changes.write(Write::InsertMessages {
                conversation_id: conversation_id.to_owned(),
                rows,
            });
        }
        self.tell_new(conversation_id);
    }

    fn take_online_only(&mut self, conversation_id: &str, msg: &MsgData) {
        if msg.content_type == kind::TYPING {
            super::typing::heard(self.session, conversation_id, msg);
        } else if msg.send_id != self.session.me {
            self.online_only.push(row_from_wire(msg.clone()));
        }
    }

    /// A message that was missing: its row, and what it means for channel and conversation.
    fn take_stored(&mut self, conversation_id: &str, msg: &MsgData) -> MessageRow {
        let own = msg.send_id == self.session.me;
        let mut row = row_from_wire(msg.clone());
        super::revoke::read_quote(&mut row);
        super::revoke::read_revoked(&mut row);
        self.session.apply_early(conversation_id, &mut row);
        let sent_here = self.merge_known(conversation_id, &mut row);
        let shown = is_shown(&row);
        // What was sent in one tab is new to the others; what an earlier page left they have read.
        let session = self.session;
        let is_left =
            sent_here && !session.takes_over && !session.outbox.is_recent(&row.client_msg_id);
        let counts = counts(session, &row);

        let is_told = shown && !is_left && row_option(&row, "conversationUpdate");
        let channel = self.changes.channel(conversation_id);
        // Reading back lists no chat that was hidden; what is newer than all that is held does.
        let is_past = row.seq <= channel.align.told && Some(row.seq) < channel.align.covered.last();
        let is_back = is_past && self.source == Source::History;
        channel.store(row.seq, counts, is_told.then(|| row.clone()));
        if own {
            // The server moves the sender's read position to the own message (sync.md §2.2).
            channel.align.read_to(row.seq);
        }
        self.update_conversation(conversation_id, &row, shown && !is_back);
        let mark = marks::of_message(&session.me, &row);
        if mark > 0 && counts && !row.group_id.is_empty() {
            let align = self.changes.channel(conversation_id).align.clone();
            if let Some(conversation) = self.changes.edit(conversation_id) {
                marks::mark(conversation, &align, mark, row.seq);
            }
        }
        // The line in the chat outlives a lost notification (sync.md §7).
        if self.source == Source::Push {
            let signals = &self.session.signals;
            if let Some(list) = notice::list_of(row.content_type) {
                signals.list(list, "");
            }
            if notice::is_of_group(row.content_type) && !row.group_id.is_empty() {
                signals.list(List::Members, &row.group_id);
            }
        }
        row
    }

    /// Joins the row with the copy that is known of its clientMsgID. Returns whether it was sent here.
    fn merge_known(&mut self, conversation_id: &str, row: &mut MessageRow) -> bool {
        let known = self.known.get(&row.client_msg_id);
        match known {
            Some((at, old)) if old.seq == 0 && at == conversation_id => {
                row.local_ex = old.local_ex.clone();
                row.is_read |= old.is_read;
                if old.status == status::SENT && old.content_type == row.content_type {
                    // It may have been changed on this device.
                    row.content.clone_from(&old.content);
                }
                self.changes.write(Write::DeleteLoose {
                    conversation_id: at.clone(),
                    client_msg_id: row.client_msg_id.clone(),
                });
                self.changes.delete(Table::Outbox, &row.client_msg_id);
                self.done.push(row.clone());
                self.seen.insert(row.client_msg_id.clone());
                true
            }
            Some(_) => {
                mark_second_copy(row);
                false
            }
            None if row.client_msg_id.is_empty()
                || !self.seen.insert(row.client_msg_id.clone()) =>
            {
                mark_second_copy(row);
                false
            }
            None => false,
        }
    }

    /// Makes the message the conversation's latest, if it is newer; makes the conversation, if new.
    fn update_conversation(&mut self, conversation_id: &str, row: &MessageRow, may_show: bool) {
        let own = row.send_id == self.session.me;
        let updates = row_option(row, "conversationUpdate")
            && (!own || row_option(row, "senderConversationUpdate"));
        if !may_show || !updates {
            return;
        }
        if self.changes.conversation(conversation_id).is_none() {
            let new = self.session.begin_conversation(conversation_id, row);
            self.changes.set_conversation(new);
        }
        if let Some(conversation) = self.changes.edit(conversation_id) {
            show_latest(conversation, row);
        }
    }

    /// Tells the messages that are in order now.
    fn tell_new(&mut self, conversation_id: &str) {
        let now = self.session.now();
        let told = self.changes.channel(conversation_id).tell(now);
        tell_messages(self.session, &mut self.changes, told);
    }

    async fn finish(mut self) -> std::result::Result<(), StoreError> {
        let online_only = std::mem::take(&mut self.online_only);
        tell_messages(self.session, &mut self.changes, online_only);
        self.changes.try_commit().await?;
        for row in self.done {
            self.session.outbox.landed(&row);
        }
        Ok(())
    }
}

/// A second copy of a clientMsgID keeps its seq, under an ID of its own, and is never shown.
fn mark_second_copy(row: &mut MessageRow) {
    row.duplicate = true;
    row.client_msg_id = [&row.client_msg_id, "#", &row.seq.to_string()].concat();
}

/// Whether a message counts as unread above the read position.
pub(crate) fn counts(session: &Session, row: &MessageRow) -> bool {
    row.send_id != session.me && is_shown(row) && row_option(row, "unreadCount")
}

/// Whether a message is for the user's eyes.
pub fn is_shown(row: &MessageRow) -> bool {
    row.status != status::DELETED && !row.duplicate && row.content_type != kind::TYPING
}

/// Makes `row` the conversation's latest message unless it has a newer one: the preview never goes
/// back. Order is by seq where both have one (sender's clocks are not trusted, sync.md §10 W18).
pub fn show_latest(conversation: &mut ConversationRow, row: &MessageRow) {
    let newer = conversation.latest.as_ref().is_none_or(|latest| {
        latest.client_msg_id == row.client_msg_id
            || match (latest.seq, row.seq) {
                (a, b) if a > 0 && b > 0 => b > a,
                _ => row.send_time >= latest.send_time,
            }
    });
    if newer {
        conversation.latest_send_time = row.send_time.max(1);
        conversation.latest = Some(row.clone());
    }
}

/// Tells messages as new, under the name the app's state asks for (events.md §2).
pub(crate) fn tell_messages(session: &Session, changes: &mut Changes, rows: Vec<MessageRow>) {
    let background = session.background.get();
    let muted_all = background && session.global_recv_opt() != 0;
    let messages: Vec<Message> = rows
        .iter()
        .filter(|row| !background || (!muted_all && !is_muted(session, row)))
        .map(to_api)
        .map(noted)
        .collect();
    if messages.is_empty() {
        return;
    }
    for message in &messages {
        changes.note_news(&message.client_msg_id);
    }
    if background {
        changes.tell(OnRecvOfflineNewMessages, &messages);
    } else {
        changes.tell(OnRecvNewMessages, &messages);
    }
}

fn is_muted(session: &Session, row: &MessageRow) -> bool {
    let id = convert::conversation_of(&session.me, row);
    let state = session.state.borrow();
    state
        .conversations
        .get(&id)
        .is_some_and(|c| c.recv_msg_opt != 0)
}

/// Whether a wire message is online-only.
pub fn is_online_only(msg: &MsgData) -> bool {
    msg.seq == 0 && !msg.option("history")
}
