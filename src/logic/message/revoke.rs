//! REVOKING: one's own (or, as group owner or admin, a member's) message becomes a notice everywhere
//! (sync.md §6.2).
use std::rc::Rc;

use crate::rt::json::{Read, Write};

use super::convert::{kind, status};
use super::early::Notice;
use crate::api::error::{Error, Result, code};
use crate::api::events::{OnNewRecvMessageRevoked, Revoked};
use crate::api::messaging::RevokeMessage;
use crate::api::{Done, Message};
use crate::logic::{Cx, Session, ids};
use crate::net::rest;
use crate::rt::json;
use crate::store::MessageRow;

/// Most messages after a revoked one that are looked through for quotes of it.
const QUOTES_MAX: usize = 1_000;
/// What contents with a quote have beside it.
const BESIDE_QUOTE: [&str; 5] = [
    "text",
    "messageEntityList",
    "atUserList",
    "atUsersInfo",
    "isAtSelf",
];

/// Pauses while an own message's seq is not known yet.
const SEQ_PAUSES_MS: [u32; 6] = [0, 200, 500, 1_000, 2_000, 4_000];

/// Revokes a message for everybody.
pub async fn revoke(cx: &Cx, p: RevokeMessage) -> Result<Done> {
    let session = cx.session()?;
    let p = p.0;
    let row = session
        .with_seq(&p.conversation_id, &p.client_msg_id)
        .await?;
    if row.content_type == kind::REVOKED {
        return Err(Error::new(
            code::ALREADY_REVOKED,
            "the message is revoked already",
        ));
    }
    if row.session_type == ids::SINGLE && row.send_id != session.me {
        return Err(Error::args(
            "in a single chat only the sender can revoke a message",
        ));
    }
    let call = rest::RevokeMsg {
        conversation_id: p.conversation_id.clone(),
        seq: row.seq,
        user_id: session.me.clone(),
    };
    session.api(&cx.operation_id, &call).await?;
    let notice = Revocation {
        revoker_user_id: session.me.clone(),
        client_msg_id: row.client_msg_id,
        revoke_time: session.now(),
        seq: row.seq,
        conversation_id: p.conversation_id,
        is_admin_revoke: false,
    };
    session.apply_revocation(&notice).await?;
    Ok(Done)
}

/// `RevokeMsgTips`: what notification 2101 says.
#[derive(Clone, Debug, Default, Read)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Revocation {
    #[serde(rename = "revokerUserID")]
    revoker_user_id: String,
    #[serde(rename = "clientMsgID")]
    client_msg_id: String,
    /// Unix milliseconds.
    revoke_time: i64,
    seq: i64,
    #[serde(rename = "conversationID")]
    conversation_id: String,
    is_admin_revoke: bool,
}

/// Content of a revoked message.
#[derive(Write)]
struct RevokedContent {
    detail: String,
}

/// The content of a message that quotes a revoked one.
fn with_revoked_quote(row: &MessageRow, revoked: &MessageRow) -> Option<String> {
    let may_quote = matches!(row.content_type, kind::QUOTE | kind::AT_TEXT);
    if !may_quote || !row.content.contains(&revoked.client_msg_id) {
        return None;
    }
    let content = json::parse(&row.content).ok()?;
    let quoted = json::field(&content, "quoteMessage")?;
    let quoted: Message = json::from_value(&quoted).ok()?;
    if quoted.client_msg_id != revoked.client_msg_id {
        return None;
    }
    with_quote(&content, quoted, &revoked.content)
}

/// The server writes the quote of a revoked message in the form of the wire: it becomes that of messages.
pub(crate) fn read_quote(row: &mut MessageRow) {
    if row.content_type != kind::QUOTE || !row.content.contains("\"contentType\":2101") {
        return;
    }
    let rewritten = || {
        let content = json::parse(&row.content).ok()?;
        let quoted = json::field(&content, "quoteMessage")?;
        let said: String = json::from_value(&json::field(&quoted, "content")?).ok()?;
        let quoted: Message = json::from_value(&quoted).ok()?;
        let is_revoked = quoted.content_type == kind::REVOKED && quoted.notification_elem.is_none();
        is_revoked.then(|| with_quote(&content, quoted, &said))?
    };
    if let Some(content) = rewritten() {
        row.content = content;
    }
}

/// What the server keeps of a revoked message does not say whether an administrator did it. The official
/// SDK reads it as not.
pub(crate) fn read_revoked(row: &mut MessageRow) {
    if row.content_type != kind::REVOKED {
        return;
    }
    let completed = || {
        let content = json::parse(&row.content).ok()?;
        let detail: String = json::from_value(&json::field(&content, "detail")?).ok()?;
        let detail = json::parse(&detail).ok()?;
        if json::field(&detail, "isAdminRevoke").is_some() {
            return None;
        }
        let detail = json::with(&detail, vec![("isAdminRevoke", false.into())]);
        let detail = json::stringify(&detail).ok()?;
        Some(json::to_text(&RevokedContent { detail }))
    };
    if let Some(content) = completed() {
        row.content = content;
    }
}

/// The content with another quote, of a revoked message.
fn with_quote(content: &json::Value, mut quoted: Message, revoked: &str) -> Option<String> {
    quoted.take_content();
    quoted.set_content(kind::REVOKED, revoked);
    let mut fields = vec![("quoteMessage", json::to_value(&quoted))];
    for name in BESIDE_QUOTE {
        fields.extend(json::field(content, name).map(|value| (name, value)));
    }
    json::stringify(&json::object(fields)).ok()
}

impl Session {
    /// A sent message with its seq: waits for the server's copy of a message just sent.
    async fn with_seq(
        self: &Rc<Self>,
        conversation_id: &str,
        client_msg_id: &str,
    ) -> Result<MessageRow> {
        for pause in SEQ_PAUSES_MS {
            self.core.rt.sleep(pause).await;
            let held = self
                .store
                .messages_by_id(&[client_msg_id.to_owned()])
                .await?;
            let found = held.into_iter().find(|(id, _)| id == conversation_id);
            let (_, row) = found.ok_or_else(|| Error::not_found("the message is not known"))?;
            if row.status != status::SENT {
                return Err(Error::args("only a message that was sent can be revoked"));
            }
            if row.seq > 0 {
                return Ok(row);
            }
            let from = self
                .state
                .borrow()
                .channels
                .get(conversation_id)
                .map_or(1, |c| c.align.told + 1);
            self.align_from(conversation_id, from).await?;
        }
        Err(Error::new(
            code::NO_SEQ,
            "the server has not given the message its number yet",
        ))
    }

    /// Rewrites the message and tells; nothing if it is rewritten already. If it is not held it comes in
    /// revoked form, or is rewritten when it comes.
    pub(crate) async fn apply_revocation(self: &Rc<Self>, notice: &Revocation) -> Result<()> {
        let revoker = &notice.revoker_user_id;
        let in_group = notice.conversation_id.starts_with("sg_");
        if in_group && !self.state.borrow().users.contains_key(revoker) {
            // Somebody else than the sender may do it there. Where the name cannot be had the notice says none.
            let _ = self.learn_users(std::slice::from_ref(revoker)).await;
        }
        let mut changes = self.changes().await;
        let id = &notice.conversation_id;
        let rows = self
            .store
            .messages(id, notice.seq..=notice.seq, 1, true)
            .await?;
        let Some(mut row) = rows.into_iter().next() else {
            self.note_early(id, notice.seq, Notice::Revoked(notice.clone()));
            return Ok(());
        };
        let Some(info) = self.revoked(notice, &mut row) else {
            return Ok(());
        };
        let quotes = self.quotes_of(id, &row).await?;
        changes.rewrite(id, row);
        quotes
            .into_iter()
            .for_each(|quote| changes.rewrite(id, quote));
        changes.tell_after(OnNewRecvMessageRevoked, &info);
        changes.commit().await
    }

    /// Held messages that quote a revoked one, in their new form: what was taken back is not read in
    /// quotes either. Of the newest; what is pulled later has the server rewritten.
    async fn quotes_of(&self, id: &str, revoked: &MessageRow) -> Result<Vec<MessageRow>> {
        let after = revoked.seq + 1..=i64::MAX;
        let rows = self.store.messages(id, after, QUOTES_MAX, true).await?;
        let rewritten = rows.into_iter().filter_map(|row| {
            let content = with_revoked_quote(&row, revoked)?;
            Some(MessageRow { content, ..row })
        });
        Ok(rewritten.collect())
    }

    /// Turns a row into its revoked form; nothing if it has it already, or is deleted.
    pub(crate) fn revoked(&self, notice: &Revocation, row: &mut MessageRow) -> Option<Revoked> {
        if row.content_type == kind::REVOKED || row.status == status::DELETED {
            return None;
        }
        let (nickname, role) = self.revoker(notice, row);
        let info = Revoked {
            revoker_id: notice.revoker_user_id.clone(),
            revoker_role: role,
            client_msg_id: row.client_msg_id.clone(),
            revoker_nickname: nickname,
            revoke_time: notice.revoke_time,
            source_message_send_time: row.send_time,
            source_message_send_id: row.send_id.clone(),
            source_message_sender_nickname: row.sender_nickname.clone(),
            session_type: row.session_type,
            seq: row.seq,
            ex: row.ex.clone(),
            is_admin_revoke: notice.is_admin_revoke,
        };
        row.content = json::to_text(&RevokedContent {
            detail: json::to_text(&info),
        });
        row.content_type = kind::REVOKED;
        Some(info)
    }

    /// Name and group role of who revoked, as far as known here.
    fn revoker(&self, notice: &Revocation, row: &MessageRow) -> (String, i32) {
        if notice.revoker_user_id == row.send_id {
            return (row.sender_nickname.clone(), 0);
        }
        let state = self.state.borrow();
        let name = state
            .users
            .get(&notice.revoker_user_id)
            .map(|u| u.nickname.clone());
        let group = state.groups.get(&row.group_id);
        let is_owner = group.is_some_and(|g| g.owner_user_id == notice.revoker_user_id);
        (name.unwrap_or_default(), if is_owner { 100 } else { 60 })
    }
}
