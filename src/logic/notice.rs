//! NOTIFICATIONS: messages of the server in `n_` channels are commands. Stored ones (with a seq) are
//! applied in seq order, each once; one that can never be applied is logged and does not block the next
//! (design §3, rule 10; sync.md §7, §8.2). One that the network or the disk failed stays missing and is
//! asked for again (W29).
use std::rc::Rc;

use crate::rt::json::Read;

use super::Session;
use super::applications::Tips;
use super::changes::told;
use super::errors;
use super::message::early::Notice;
use super::message::receive::{Batch, Source};
use super::message::revoke::Revocation;
use super::social;
use super::sync::lists::List;
use crate::api::error::{Error, Result};
use crate::api::events::{BusinessMessage, OnRecvCustomBusinessMessage};
use crate::net::wire::pb::MsgData;
use crate::rt::Level;
use crate::rt::json::{self, JsonError};
use crate::rt::order;

const BUSINESS: i32 = 2001;
const REVOKE: i32 = 2101;
const DELETE_MSGS: i32 = 2102;
const CLEAR_CONVERSATION: i32 = 1703;
const HAS_READ: i32 = 2200;

/// The list a notification says has changed.
pub(crate) fn list_of(content_type: i32) -> Option<List> {
    Some(match content_type {
        1201 | 1204 | 1205 | 1206 | 1209 | 1210 => List::Friends,
        1207 | 1208 => List::Blacks,
        1300 | 1701 => List::Conversations,
        1303 => List::Myself,
        1501 | 1504 | 1508..=1511 => List::Groups,
        _ => return None,
    })
}

/// Whether members or info of the group may have changed.
pub(crate) fn is_of_group(content_type: i32) -> bool {
    matches!(content_type, 1501 | 1502 | 1504 | 1507..=1520)
}

/// Content of every notification: JSON in JSON.
#[derive(Read)]
struct Envelope {
    detail: String,
}

#[derive(Default, Read)]
#[serde(default)]
struct HasRead {
    #[serde(rename = "markAsReadUserID")]
    reader: String,
    #[serde(rename = "conversationID")]
    conversation_id: String,
    seqs: Option<Vec<i64>>,
    #[serde(rename = "hasReadSeq")]
    has_read_seq: i64,
}

#[derive(Default, Read)]
#[serde(default)]
struct Deleted {
    #[serde(rename = "userID")]
    user_id: String,
    #[serde(rename = "conversationID")]
    conversation_id: String,
    seqs: Option<Vec<i64>>,
}

#[derive(Default, Read)]
#[serde(default)]
struct Cleared {
    #[serde(rename = "conversationIDList")]
    conversation_id_list: Option<Vec<String>>,
    #[serde(rename = "conversationIDs")]
    conversation_ids: Option<Vec<String>>,
}

#[derive(Default, Read)]
#[serde(default)]
struct Business {
    key: String,
    data: String,
}

/// Takes notifications in. A pushed one with a gap before it is left to the pull of that gap, so that
/// the order holds.
pub(crate) async fn take(session: &Rc<Session>, batch: Batch, source: Source) -> Result<()> {
    let mut failed = Ok(());
    for (channel, mut msgs) in batch {
        order::sort_by_key(&mut msgs, |msg| msg.seq);
        for msg in msgs {
            let taken = take_one(session, &channel, msg, source).await;
            if taken.is_err() {
                // What follows in this channel waits for it, other channels do not.
                failed = taken;
                break;
            }
        }
    }
    failed
}

async fn take_one(
    session: &Rc<Session>,
    channel: &str,
    msg: MsgData,
    source: Source,
) -> Result<()> {
    if msg.seq > 0 {
        let held = session
            .state
            .borrow()
            .channels
            .get(channel)
            .map(|c| c.align.clone());
        let mut align = held.unwrap_or_default();
        if align.covered.contains(msg.seq) {
            return Ok(());
        }
        let follows = msg.seq <= align.told + 1;
        if source == Source::Push && !follows {
            let mut changes = session.changes().await;
            changes.channel(channel).align.see_max(msg.seq);
            return changes.commit().await;
        }
        if msg.content.is_empty() {
            let mut changes = session.changes().await;
            changes
                .channel(channel)
                .align
                .placeholder(msg.seq, session.now());
            return changes.commit().await;
        }
        align.see_max(msg.seq);
    }
    if let Err(error) = apply(session, &msg).await {
        if errors::is_transient(error.code) {
            return Err(error);
        }
        session.log(Level::Warn, &[&error.message, " ", &error.cause].concat());
    }
    if msg.seq > 0 {
        // The effect is idempotent and committed before its seq is covered: a crash between the two
        // applies it again.
        let mut changes = session.changes().await;
        let align = &mut changes.channel(channel).align;
        align.cover(msg.seq, false);
        align.tell_to(msg.seq);
        return changes.commit().await;
    }
    Ok(())
}

async fn apply(session: &Rc<Session>, msg: &MsgData) -> Result<()> {
    match msg.content_type {
        REVOKE => session.apply_revocation(&detail::<Revocation>(msg)?).await,
        HAS_READ => {
            let tips: HasRead = detail(msg)?;
            let seqs = tips.seqs.unwrap_or_default();
            if tips.reader == session.me {
                let (id, position) = (&tips.conversation_id, tips.has_read_seq);
                session
                    .read_elsewhere(id, position, &seqs, msg.send_time)
                    .await
            } else {
                session
                    .read_by_peer(&tips.conversation_id, &tips.reader, &seqs, msg.send_time)
                    .await
            }
        }
        DELETE_MSGS => {
            let tips: Deleted = detail(msg)?;
            let seqs = tips.seqs.unwrap_or_default();
            session
                .deleted_elsewhere(&tips.conversation_id, &seqs)
                .await
        }
        CLEAR_CONVERSATION => {
            let tips: Cleared = detail(msg)?;
            let ids = tips.conversation_ids.or(tips.conversation_id_list);
            for id in ids.unwrap_or_default() {
                session.learn_minimum(&id).await?;
            }
            Ok(())
        }
        BUSINESS => {
            let tips: Business = detail(msg)?;
            let message = BusinessMessage {
                key: tips.key,
                data: tips.data,
            };
            session
                .core
                .emit(told(OnRecvCustomBusinessMessage, &message));
            Ok(())
        }
        1503 | 1505 | 1506 => {
            let tips: Tips = detail(msg)?;
            session.group_application(tips, msg.send_time).await
        }
        other => {
            let tips = tips(msg)?;
            let told = match other {
                1201..=1203 => session.friend_application(&tips).await,
                _ => Ok(()),
            };
            // The list has changed whatever is said of the application.
            social::apply(session, other, &tips)?;
            told
        }
    }
}

/// The tips of a notification, unread.
fn tips(msg: &MsgData) -> Result<json::Value> {
    let text = std::str::from_utf8(&msg.content).unwrap_or_default();
    let envelope: Envelope = json::from_text(text).map_err(unreadable)?;
    json::parse(&envelope.detail).map_err(unreadable)
}

fn detail<T: Read>(msg: &MsgData) -> Result<T> {
    json::from_value(&tips(msg)?).map_err(unreadable)
}

fn unreadable(cause: JsonError) -> Error {
    Error::args("a notification cannot be read").because(cause.0)
}

impl Session {
    /// Another device or the sender deleted messages.
    async fn deleted_elsewhere(self: &Rc<Self>, conversation_id: &str, seqs: &[i64]) -> Result<()> {
        let mut rows = Vec::new();
        let max = {
            let state = self.state.borrow();
            let channel = state.channels.get(conversation_id);
            channel.map_or(0, |channel| channel.align.server_max)
        };
        for &seq in seqs {
            let held = self.store.messages(conversation_id, seq..=seq, 1, true);
            match held.await?.pop() {
                Some(row) => rows.push(row),
                // The server tells of a deletion whether or not there is such a message: one that comes
                // later is not meant.
                None if seq > max => {}
                None => self.note_early(conversation_id, seq, Notice::Deleted),
            }
        }
        rows.retain(super::message::receive::is_shown);
        if rows.is_empty() {
            return Ok(());
        }
        self.delete_rows(conversation_id, rows).await
    }
}
