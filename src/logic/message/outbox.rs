//! THE OUTBOX: sends in order per conversation, conversations side by side; durable before the first
//! byte leaves (design §4).
//!
//! The server does not dedup. So wherever it is unknown whether a send took effect (link lost, no
//! answer, an earlier life of the page), the conversation is first aligned and searched for the own
//! clientMsgID: found means sent. Not found after a while means failed, or sent again with
//! `autoResend`. Nothing stays "sending" for ever.
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::FutureExt;

use super::convert::{kind, status, wire_from_row};
use super::media::Medium;
use super::receive::show_latest;
use crate::api::error::{Error, Result, code};
use crate::logic::{Session, errors, ids};
use crate::net::NetError;
use crate::net::wire::{pb, req};
use crate::rt::Level;
use crate::rt::map::{Map, Set};
use crate::rt::order;
use crate::rt::proto::Message as _;
use crate::store::rows::OutboxRow;
use crate::store::{MessageRow, Table, Write};

/// How long a send waits for the connection before it fails.
const CONNECT_WAIT_MS: u32 = 30_000;
/// How long the server may take to acknowledge a send.
const ACK_WAIT_MS: u32 = 10_000;
/// Pauses between looks for an own message whose fate is unknown; the server stores within a second
/// of receiving (sync.md §2.2).
const LOOKS_MS: [u32; 5] = [100, 400, 1_000, 2_000, 3_000];

/// Pauses between attempts to note a fate on a disk that refuses it.
const RECORD_PAUSE_MS_MIN: u32 = 1_000;
const RECORD_PAUSE_MS_MAX: u32 = 60_000;

/// Sends that are not finished.
#[derive(Default)]
pub(crate) struct Outbox {
    lanes: RefCell<Map<String, VecDeque<Entry>>>,
    waiting: RefCell<Map<String, oneshot::Sender<Result<MessageRow>>>>,
    /// Messages whose media are on their way to the storage.
    uploading: RefCell<Set<String>>,
    /// Sent in this session and without a seq so far.
    recent: RefCell<Set<String>>,
    number: Cell<i64>,
}

struct Entry {
    row: MessageRow,
    conversation_id: String,
    after_seq: i64,
    /// How often to look for it first: it may be on the server already if it failed before or is left
    /// over from an earlier life of the page.
    looks: usize,
    /// Send it if it is not on the server.
    send: bool,
}

impl Outbox {
    /// The fate of a send is known. Nothing if nobody waits for it any more.
    fn settle(&self, client_msg_id: &str, fate: Result<MessageRow>) {
        if let Some(waiting) = self.waiting.borrow_mut().remove(client_msg_id) {
            let _ = waiting.send(fate);
        }
    }

    /// Whether the send is still open.
    pub(crate) fn is_open(&self, client_msg_id: &str) -> bool {
        self.waiting.borrow().contains_key(client_msg_id)
    }

    /// Whether it was sent in this session, and not by an earlier life of the page.
    pub(crate) fn is_recent(&self, client_msg_id: &str) -> bool {
        self.recent.borrow().contains(client_msg_id)
    }

    /// Those that were sent in this session and have no seq so far.
    pub(crate) fn without_seq(&self) -> Vec<String> {
        self.recent.borrow().iter().cloned().collect()
    }

    /// A message has its seq.
    pub(crate) fn landed(&self, row: &MessageRow) {
        self.recent.borrow_mut().remove(&row.client_msg_id);
        self.settle(&row.client_msg_id, Ok(row.clone()));
    }

    /// Whether the media of a message are being uploaded.
    pub(crate) fn is_uploading(&self, client_msg_id: &str) -> bool {
        self.uploading.borrow().contains(client_msg_id)
    }

    /// Ends the upload of a message's media: its send fails.
    pub(crate) fn end_upload(&self, client_msg_id: &str) {
        self.uploading.borrow_mut().remove(client_msg_id);
    }

    /// The fate of an open send that nobody waits for: one that was taken up from its note.
    pub(crate) fn watch(
        &self,
        client_msg_id: &str,
    ) -> Option<oneshot::Receiver<Result<MessageRow>>> {
        let mut waiting = self.waiting.borrow_mut();
        let open = waiting.get_mut(client_msg_id)?;
        let (done, fate) = oneshot::channel();
        *open = done;
        Some(fate)
    }

    /// Ends every open send: the session is over.
    pub(crate) fn end_all(&self) {
        self.lanes.borrow_mut().clear();
        *self.uploading.borrow_mut() = Set::new();
        for (_, waiting) in std::mem::take(&mut *self.waiting.borrow_mut()) {
            let _ = waiting.send(Err(logged_out()));
        }
    }
}

fn logged_out() -> Error {
    Error::new(code::LOGGED_OUT, "logged out before the message was sent")
}

impl Session {
    /// The row and the durable note that it is being sent; commits strictly. The caller then calls
    /// [`Self::enqueue`].
    pub(crate) async fn note_send(
        &self,
        conversation_id: &str,
        row: &MessageRow,
        is_uploading: bool,
    ) -> Result<i64> {
        let mut changes = self.changes().await;
        changes.strict();
        let after_seq = changes
            .channel(conversation_id)
            .align
            .covered
            .last()
            .unwrap_or(0);
        let number = self.outbox.number.get() + 1;
        self.outbox.number.set(number);
        changes.write(Write::PutLoose {
            conversation_id: conversation_id.to_owned(),
            row: row.clone(),
        });
        let note = OutboxRow {
            conversation_id: conversation_id.to_owned(),
            client_msg_id: row.client_msg_id.clone(),
            number,
            after_seq,
            queued_at: self.now(),
            is_uploading,
        };
        changes.put(Table::Outbox, &row.client_msg_id, &note);
        if let Some(conversation) = changes.edit(conversation_id) {
            show_latest(conversation, row);
        }
        changes.commit().await?;
        Ok(after_seq)
    }

    /// Sends a noted message behind those of its conversation and waits for its fate. Media are uploaded
    /// before it takes its place there: what is written meanwhile is not held up.
    pub(super) async fn deliver(
        self: &Rc<Self>,
        conversation_id: &str,
        row: MessageRow,
        after_seq: i64,
        looks: usize,
        media: Vec<Medium>,
    ) -> Result<MessageRow> {
        // A logout that came while the note was written has ended all sends that it saw.
        if self.ended.get() {
            return Err(logged_out());
        }
        let (done, fate) = oneshot::channel();
        let id = row.client_msg_id.clone();
        self.outbox.waiting.borrow_mut().insert(id.clone(), done);
        self.outbox.recent.borrow_mut().insert(id.clone());
        let entry = Entry {
            row,
            conversation_id: conversation_id.to_owned(),
            after_seq,
            looks,
            send: true,
        };
        if media.is_empty() {
            self.enqueue(entry);
        } else {
            self.outbox.uploading.borrow_mut().insert(id);
            let upload = self.clone().upload_and_enqueue(entry, media);
            self.core.rt.spawn(upload.boxed_local());
        }
        fate.await.unwrap_or_else(|_| Err(logged_out()))
    }

    /// Takes up what an earlier life of the page left unfinished.
    pub(crate) async fn resume_outbox(self: &Rc<Self>) -> Result<()> {
        let mut notes: Vec<OutboxRow> = Vec::new();
        for (_, bytes) in self.store.rows(Table::Outbox, "").await? {
            notes.extend(OutboxRow::decode(&bytes).ok());
        }
        order::sort_by_key(&mut notes, |note: &OutboxRow| note.number);
        let ids: Vec<String> = notes.iter().map(|n| n.client_msg_id.clone()).collect();
        self.outbox
            .number
            .set(notes.last().map_or(0, |note| note.number));
        if ids.is_empty() {
            return Ok(());
        }
        let rows: Map<String, MessageRow> = self
            .store
            .messages_by_id(&ids)
            .await?
            .into_iter()
            .map(|(_, row)| (row.client_msg_id.clone(), row))
            .collect();
        for note in notes {
            match rows.get(&note.client_msg_id) {
                Some(row) if row.seq == 0 => {
                    let entry = Entry {
                        row: row.clone(),
                        conversation_id: note.conversation_id,
                        after_seq: note.after_seq,
                        looks: LOOKS_MS.len(),
                        send: self.auto_resend,
                    };
                    if note.is_uploading {
                        // The file went with the page.
                        self.record_failed(&entry).await?;
                        continue;
                    }
                    let (done, _) = oneshot::channel();
                    self.outbox
                        .waiting
                        .borrow_mut()
                        .insert(note.client_msg_id.clone(), done);
                    self.enqueue(entry);
                }
                _ => {
                    let mut changes = self.changes().await;
                    changes.delete(Table::Outbox, &note.client_msg_id);
                    changes.commit().await?;
                }
            }
        }
        Ok(())
    }

    /// Uploads the media of a message that is noted nowhere.
    pub(super) async fn upload_online_only(
        self: &Rc<Self>,
        row: &mut MessageRow,
        media: &[Medium],
    ) -> Result<()> {
        if media.is_empty() {
            return Ok(());
        }
        let id = row.client_msg_id.clone();
        self.outbox.uploading.borrow_mut().insert(id.clone());
        let uploaded = self.upload_media(row, media).await;
        self.outbox.end_upload(&id);
        uploaded
    }

    async fn upload_and_enqueue(self: Rc<Self>, mut entry: Entry, media: Vec<Medium>) {
        let id = entry.row.client_msg_id.clone();
        let uploaded = match self.upload_media(&mut entry.row, &media).await {
            Ok(()) => self.note_uploaded(&entry).await,
            Err(error) => Err(error),
        };
        self.outbox.end_upload(&id);
        if self.ended.get() {
            return;
        }
        match uploaded {
            Ok(()) => {
                media.iter().for_each(|medium| medium.release(&self));
                self.enqueue(entry);
            }
            Err(error) => self.conclude(entry, Err(error)).await,
        }
    }

    /// The media's addresses, and that the message may be on the server from now on.
    async fn note_uploaded(&self, entry: &Entry) -> Result<()> {
        let id = &entry.row.client_msg_id;
        let mut changes = self.changes().await;
        changes.strict();
        let note = self.store.row(Table::Outbox, id).await?;
        let note = note.and_then(|bytes| OutboxRow::decode(&bytes).ok());
        let Some(note) = note.filter(|_| self.outbox.is_uploading(id)) else {
            return Err(Error::new(code::MESSAGE_DELETED, "the message is deleted"));
        };
        let note = OutboxRow {
            is_uploading: false,
            ..note
        };
        changes.put(Table::Outbox, id, &note);
        changes.rewrite(&entry.conversation_id, entry.row.clone());
        changes.commit().await
    }

    fn enqueue(self: &Rc<Self>, entry: Entry) {
        let conversation_id = entry.conversation_id.clone();
        let mut lanes = self.outbox.lanes.borrow_mut();
        if let Some(lane) = lanes.get_mut(&conversation_id) {
            lane.push_back(entry);
            return;
        }
        lanes.insert(conversation_id.clone(), VecDeque::from([entry]));
        let session = self.clone();
        self.core
            .rt
            .spawn(async move { session.run_lane(conversation_id).await }.boxed_local());
    }

    /// Works a conversation's sends off, one after the other; ends when there are none.
    async fn run_lane(self: Rc<Self>, conversation_id: String) {
        loop {
            let next = {
                let mut lanes = self.outbox.lanes.borrow_mut();
                match lanes.get_mut(&conversation_id).map(VecDeque::pop_front) {
                    Some(Some(entry)) => entry,
                    _ => {
                        lanes.remove(&conversation_id);
                        return;
                    }
                }
            };
            let fate = self.send_one(&next).await;
            if self.ended.get() {
                return;
            }
            self.conclude(next, fate).await;
        }
    }

    /// Notes a fate and tells it.
    async fn conclude(self: &Rc<Self>, entry: Entry, fate: Result<MessageRow>) {
        let id = entry.row.client_msg_id.clone();
        if let Err(error) = self.record_fate(&entry, &fate).await {
            self.log(Level::Error, &error.message);
            // The disk is full, or whatever: what is known is told, and noted as soon as it can be.
            let (session, fate) = (self.clone(), fate.clone());
            let again = async move { session.record_later(entry, fate).await };
            self.core.rt.spawn(again.boxed_local());
        }
        self.outbox.settle(&id, fate);
    }

    /// Sends until the fate is known. `Ok` with a seq means that the sync has stored it already.
    async fn send_one(self: &Rc<Self>, entry: &Entry) -> Result<MessageRow> {
        let mut looks = entry.looks;
        let unknown = Error::new(
            code::NETWORK_TIMEOUT,
            "the server did not confirm the message",
        );
        loop {
            self.conn.wait_connected(CONNECT_WAIT_MS).await?;
            if looks > 0 {
                if let Some(row) = self.look_for(entry, looks).await {
                    return Ok(row);
                }
                if !entry.send {
                    return Err(unknown);
                }
                looks = 0;
            }
            self.store.confirm().await?;
            let wire = wire_from_row(&entry.row);
            let id = &entry.row.client_msg_id;
            let answer =
                self.conn
                    .request::<_, pb::SendMsgResp>(req::SEND_MSG, id, &wire, ACK_WAIT_MS);
            match answer.await {
                Ok(ack) => return Ok(acknowledged(&entry.row, ack)),
                Err(NetError::NotConnected) => {}
                Err(NetError::Lost | NetError::Timeout) => {
                    self.conn.wait_connected(CONNECT_WAIT_MS).await?;
                    if let Some(row) = self.look_for(entry, LOOKS_MS.len()).await {
                        return Ok(row);
                    }
                    if !self.auto_resend {
                        return Err(unknown);
                    }
                }
                Err(error) => {
                    let call = match wire.session_type {
                        ids::GROUP => errors::SEND_TO_GROUP,
                        _ => errors::SEND_TO_USER,
                    };
                    return Err(errors::of_call(call, error));
                }
            }
        }
    }

    /// Aligns the conversation and looks whether the message is on the server.
    async fn look_for(self: &Rc<Self>, entry: &Entry, looks: usize) -> Option<MessageRow> {
        let id = &entry.row.client_msg_id;
        for &pause in &LOOKS_MS[..looks] {
            if self.ended.get() {
                return None;
            }
            let from = entry.after_seq + 1;
            if let Err(error) = self.align_from(&entry.conversation_id, from).await {
                self.log(Level::Warn, &error.message);
            }
            let found = self
                .store
                .messages_by_id(std::slice::from_ref(id))
                .await
                .ok()?;
            if let Some((_, row)) = found.into_iter().find(|(_, row)| row.seq > 0) {
                return Some(row);
            }
            self.core.rt.sleep(pause).await;
        }
        None
    }

    async fn record_fate(&self, entry: &Entry, fate: &Result<MessageRow>) -> Result<()> {
        match fate {
            Ok(row) if row.seq == 0 => self.record_sent(entry, row).await,
            Ok(_) => Ok(()),
            Err(_) => self.record_failed(entry).await,
        }
    }

    /// Until it is recorded, or the session ends: the next one takes it up from its note.
    async fn record_later(self: Rc<Self>, entry: Entry, fate: Result<MessageRow>) {
        let mut pause = RECORD_PAUSE_MS_MIN;
        loop {
            self.core.rt.sleep(pause).await;
            if self.ended.get() || self.record_fate(&entry, &fate).await.is_ok() {
                return;
            }
            pause = (2 * pause).min(RECORD_PAUSE_MS_MAX);
        }
    }

    async fn record_sent(&self, entry: &Entry, row: &MessageRow) -> Result<()> {
        self.record(entry, |loose| {
            loose.status = status::SENT;
            loose.server_msg_id.clone_from(&row.server_msg_id);
            loose.send_time = row.send_time;
            loose.content.clone_from(&row.content);
            loose.content_type = row.content_type;
        })
        .await
    }

    async fn record_failed(&self, entry: &Entry) -> Result<()> {
        self.record(entry, |loose| loose.status = status::FAILED)
            .await
    }

    /// Changes the loose row and takes the note out, unless the sync has stored the message meanwhile.
    async fn record(&self, entry: &Entry, change: impl FnOnce(&mut MessageRow)) -> Result<()> {
        let id = &entry.row.client_msg_id;
        let mut changes = self.changes().await;
        changes.delete(Table::Outbox, id);
        let held = self.store.messages_by_id(std::slice::from_ref(id)).await?;
        if let Some((_, mut row)) = held.into_iter().find(|(_, row)| row.seq == 0) {
            change(&mut row);
            changes.write(Write::PutLoose {
                conversation_id: entry.conversation_id.clone(),
                row: row.clone(),
            });
            if let Some(conversation) = changes.edit(&entry.conversation_id)
                && conversation
                    .latest
                    .as_ref()
                    .is_some_and(|l| l.client_msg_id == *id)
            {
                show_latest(conversation, &row);
            }
        }
        changes.commit().await
    }
}

/// The row as the server acknowledged it; a webhook may have changed it.
fn acknowledged(sent: &MessageRow, ack: pb::SendMsgResp) -> MessageRow {
    let mut row = sent.clone();
    if let Some(changed) = ack.modify {
        let changed = super::convert::row_from_wire(changed);
        row.content = changed.content;
        row.content_type = changed.content_type;
        row.ex = changed.ex;
    }
    row.server_msg_id = ack.server_msg_id;
    row.send_time = ack.send_time;
    row.status = status::SENT;
    row
}

/// Content types applications may send (api.md §6, row 66; 118 to 120 are served by the server).
pub(crate) fn is_sendable(content_type: i32) -> bool {
    matches!(
        content_type,
        kind::TEXT..=110 | kind::QUOTE | 115 | kind::ADVANCED_TEXT..=120
    )
}
