//! SENDING: checks, the durable note, the outbox, the reply (sync.md §4).
use std::rc::Rc;

use super::convert::{AttachedInfo, conversation_of, row_from_api, status, to_api, wire_from_row};
use super::outbox::is_sendable;
use super::receive::show_latest;
use crate::api::Done;
use crate::api::error::{Error, Result, code};
use crate::api::message::Message;
use crate::api::messaging::{
    InsertGroupMessageToLocalStorage, InsertSingleMessageToLocalStorage, SendMessage,
    SendMessageNotOss, SetMessageLocalContent, SetMessageLocalEx,
};
use crate::logic::{Cx, Session, ids};
use crate::net::wire::{pb, req};
use crate::rt::json;
use crate::store::{MessageRow, Write};

/// Options of a message that is not stored anywhere (sync.md §4.3).
pub(crate) const ONLINE_ONLY_OFF: [&str; 7] = [
    "history",
    "persistent",
    "senderSync",
    "conversationUpdate",
    "senderConversationUpdate",
    "unreadCount",
    "offlinePush",
];

/// Push text where the application gives none (api.md §6, row 66).
const PUSH_TITLE: &str = "You have a new message.";

/// Sends a message; resolves when the server has it.
pub async fn send_message(cx: &Cx, p: SendMessage) -> Result<Message> {
    send(cx, p, true).await
}

/// The same without uploading anything.
pub async fn send_message_not_oss(cx: &Cx, p: SendMessageNotOss) -> Result<Message> {
    send(cx, p.0, false).await
}

async fn send(cx: &Cx, p: SendMessage, uploads: bool) -> Result<Message> {
    let session = cx.session()?;
    let is_copy = p.message.status == status::SENT;
    let mut row = session.addressed(p.message, &p.recv_id, &p.group_id)?;
    if !is_sendable(row.content_type) {
        return Err(Error::new(
            code::CONTENT_TYPE,
            "messages of this content type cannot be sent",
        ));
    }
    row.offline_push = match p.offline_push_info {
        Some(info) => json::to_text(&info),
        None => default_push()?,
    };
    let media = match uploads && !is_copy {
        true => session.media_of(&row)?,
        false => Vec::new(),
    };
    if p.is_online_only.unwrap_or(false) {
        session.upload_online_only(&mut row, &media).await?;
        return session.send_online_only(cx, row).await;
    }
    let id = conversation_of(&session.me, &row);
    if p.again.unwrap_or(false)
        && let Some(sent) = session.fate_of(&row.client_msg_id).await?
    {
        return Ok(to_api(&sent));
    }
    let looks = session.check_repeat(&row).await?;
    session.ensure_conversation(&id, &row).await?;
    session.attach(&id, &mut row);
    row.status = status::SENDING;
    row.seq = 0;
    let after_seq = session.note_send(&id, &row, !media.is_empty()).await?;
    let sent = session.deliver(&id, row, after_seq, looks, media).await?;
    Ok(to_api(&sent))
}

fn default_push() -> Result<String> {
    let push = crate::api::element::OfflinePush {
        title: PUSH_TITLE.into(),
        ios_push_sound: "+1".into(),
        ios_badge_count: true,
        ..Default::default()
    };
    Ok(json::to_text(&push))
}

impl Session {
    /// The row of an application's message with sender, receiver and session type set.
    fn addressed(&self, message: Message, recv_id: &str, group_id: &str) -> Result<MessageRow> {
        let mut row = row_from_api(message);
        match (recv_id.is_empty(), group_id.is_empty()) {
            (true, true) => return Err(Error::args("recvID and groupID are both empty")),
            (false, false) => return Err(Error::args("recvID and groupID are both set")),
            (false, true) => row.session_type = ids::SINGLE,
            (true, false) => row.session_type = ids::GROUP,
        }
        if row.client_msg_id.is_empty() {
            return Err(Error::args(
                "message.clientMsgID is empty: make messages with a create…Message method",
            ));
        }
        if row.content.is_empty() {
            return Err(Error::args("message has no element of its contentType"));
        }
        row.recv_id = recv_id.to_owned();
        row.group_id = group_id.to_owned();
        row.send_id.clone_from(&self.me);
        row.sender_platform_id = self.platform_id;
        row.msg_from = crate::api::message::FROM_USER;
        row.is_read = false;
        if row.content_type == super::convert::kind::AT_TEXT {
            row.at_user_id_list = at_users(&row.content);
        }
        Ok(row)
    }

    /// A message may be sent once, and again only after it failed. Returns how often to look whether
    /// the server has it already.
    async fn check_repeat(&self, row: &MessageRow) -> Result<usize> {
        let repeat = || {
            Err(Error::new(
                code::MESSAGE_REPEAT,
                "a message of this clientMsgID is sent already",
            ))
        };
        if self.outbox.is_open(&row.client_msg_id) {
            return repeat();
        }
        let held = self
            .store
            .messages_by_id(std::slice::from_ref(&row.client_msg_id))
            .await?;
        match held.first() {
            None => Ok(0),
            Some((_, old)) if old.status == status::FAILED => Ok(1),
            Some(_) => repeat(),
        }
    }

    /// The conversation's row is there before the message is.
    pub(crate) async fn ensure_conversation(
        self: &Rc<Self>,
        id: &str,
        row: &MessageRow,
    ) -> Result<()> {
        if self.state.borrow().conversations.contains_key(id) {
            return Ok(());
        }
        let mut changes = self.changes().await;
        if changes.conversation(id).is_none() {
            changes.set_conversation(self.begin_conversation(id, row));
        }
        changes.commit().await
    }

    /// What goes along with a message: burn after reading, by the conversation's setting; how many
    /// members the group has.
    fn attach(&self, id: &str, row: &mut MessageRow) {
        let state = self.state.borrow();
        let mut info = AttachedInfo::default();
        if let Some(group) = state.groups.get(&row.group_id) {
            info.group_has_read_info.group_member_count = group.member_count;
        }
        if let Some(conversation) = state.conversations.get(id).filter(|c| c.is_private_chat) {
            info.is_private_chat = true;
            info.burn_duration = conversation.burn_duration;
            row.options_off.push("notPrivate".into());
        }
        if info != AttachedInfo::default() {
            row.attached_info = json::to_text(&info);
        }
    }

    /// What became of a send that a tab which went away began; `None` if it was not sent.
    async fn fate_of(&self, client_msg_id: &str) -> Result<Option<MessageRow>> {
        if let Some(fate) = self.outbox.watch(client_msg_id) {
            // One that failed has been looked for: it is sent.
            if let Ok(Ok(sent)) = fate.await {
                return Ok(Some(sent));
            }
        }
        let held = self
            .store
            .messages_by_id(&[client_msg_id.to_owned()])
            .await?;
        let mut sent = held.into_iter().map(|(_, row)| row);
        Ok(sent.find(|row| row.status == status::SENT))
    }

    async fn send_online_only(&self, cx: &Cx, mut row: MessageRow) -> Result<Message> {
        row.options_off = ONLINE_ONLY_OFF.map(String::from).to_vec();
        let ack: pb::SendMsgResp = self
            .conn
            .request(
                req::SEND_MSG,
                &cx.operation_id,
                &wire_from_row(&row),
                10_000,
            )
            .await?;
        row.server_msg_id = ack.server_msg_id;
        row.send_time = ack.send_time;
        row.status = status::SENT;
        Ok(to_api(&row))
    }

    /// Puts a message into the local history only.
    async fn insert_local(self: &Rc<Self>, cx: &Cx, mut row: MessageRow) -> Result<Message> {
        let id = conversation_of(&self.me, &row);
        // Who made the message is not always who is to have sent it.
        let sender = std::slice::from_ref(&row.send_id);
        if row.send_id != self.me
            && let Ok(found) = self.users_info(cx, sender).await
            && let Some(user) = found.into_iter().next()
        {
            row.sender_nickname = user.nickname;
            row.sender_face_url = user.face_url;
        }
        row.client_msg_id = ids::new_client_msg_id(&*self.core.rt);
        row.status = status::SENT;
        row.seq = 0;
        row.send_time = self.now();
        row.create_time = row.send_time;
        let mut changes = self.changes().await;
        changes.strict();
        if changes.conversation(&id).is_none() {
            changes.set_conversation(self.begin_conversation(&id, &row));
        }
        if let Some(conversation) = changes.edit(&id) {
            show_latest(conversation, &row);
        }
        changes.write(Write::PutLoose {
            conversation_id: id,
            row: row.clone(),
        });
        changes.commit().await?;
        Ok(to_api(&row))
    }
}

/// Users named in an @ message.
fn at_users(content: &str) -> Vec<String> {
    #[derive(crate::rt::json::Read)]
    struct AtUsers {
        #[serde(rename = "atUserList", default)]
        at_user_list: Option<Vec<String>>,
    }
    let parsed = json::from_text::<AtUsers>(content).ok();
    parsed.and_then(|at| at.at_user_list).unwrap_or_default()
}

/// Puts a single chat's message into the local history only.
pub async fn insert_single(cx: &Cx, p: InsertSingleMessageToLocalStorage) -> Result<Message> {
    let session = cx.session()?;
    if p.recv_id.is_empty() || p.send_id.is_empty() {
        return Err(Error::args("recvID or sendID is empty"));
    }
    let mut row = row_from_api(p.message);
    row.session_type = ids::SINGLE;
    row.recv_id = p.recv_id;
    row.send_id = p.send_id;
    row.group_id.clear();
    if row.send_id != session.me && row.recv_id != session.me {
        return Err(Error::args(
            "neither recvID nor sendID is the logged-in user",
        ));
    }
    session.insert_local(cx, row).await
}

/// Puts a group's message into the local history only.
pub async fn insert_group(cx: &Cx, p: InsertGroupMessageToLocalStorage) -> Result<Message> {
    let session = cx.session()?;
    if p.group_id.is_empty() || p.send_id.is_empty() {
        return Err(Error::args("groupID or sendID is empty"));
    }
    let mut row = row_from_api(p.message);
    row.session_type = ids::GROUP;
    row.recv_id.clear();
    row.group_id = p.group_id;
    row.send_id = p.send_id;
    session.insert_local(cx, row).await
}

/// Sets the application's own text on a local message.
pub async fn set_local_ex(cx: &Cx, p: SetMessageLocalEx) -> Result<Done> {
    let session = cx.session()?;
    session
        .change_message(&p.conversation_id, &p.client_msg_id, |row| {
            row.local_ex = p.local_ex
        })
        .await?;
    Ok(Done)
}

/// Sets the content of a local message.
pub async fn set_local_content(cx: &Cx, p: SetMessageLocalContent) -> Result<Done> {
    let session = cx.session()?;
    let given = row_from_api(*p.message);
    if given.content.is_empty() {
        return Err(Error::args("message has no element of its contentType"));
    }
    let changed = session.change_message(&p.conversation_id, &given.client_msg_id, |row| {
        row.content_type = given.content_type;
        row.content = given.content;
    });
    let changed = changed.await?;
    changed.ok_or_else(|| Error::not_found("the message is not known"))?;
    Ok(Done)
}

impl Session {
    /// Changes one held message and its conversation's preview. `None` if the message is not held.
    pub(crate) async fn change_message(
        &self,
        conversation_id: &str,
        client_msg_id: &str,
        change: impl FnOnce(&mut MessageRow),
    ) -> Result<Option<MessageRow>> {
        let mut changes = self.changes().await;
        if changes.conversation(conversation_id).is_none() {
            return Err(Error::not_found("the conversation is not known"));
        }
        let held = self
            .store
            .messages_by_id(&[client_msg_id.to_owned()])
            .await?;
        let Some((_, mut row)) = held.into_iter().find(|(id, _)| id == conversation_id) else {
            return Ok(None);
        };
        change(&mut row);
        changes.rewrite(conversation_id, row.clone());
        changes.commit().await?;
        Ok(Some(row))
    }
}
