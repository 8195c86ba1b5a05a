//! CONVERSATIONS: lists, settings, drafts, hiding (api.md §4). Latest message and unread come from
//! alignment; names and faces from friends, groups and profiles (data.md §3.6).
use std::rc::Rc;

use super::message::convert::{peer_of, to_api as message_to_api};
use super::message::marks;
use super::state::State;
use super::{Cx, Session, ids};
use crate::api::Done;
use crate::api::conversation::*;
use crate::api::error::{Error, Result, code};
use crate::api::message::FROM_USER;
use crate::net::rest;
use crate::rt::json;
use crate::rt::{Level, order};
use crate::store::rows::ConversationRow;
use crate::store::{MessageRow, Write};

/// Most messages of a conversation that get a sender's new name.
const RENAMED_MAX: usize = 1_000;

/// A sender whose name or face is another now.
pub(crate) struct Renamed {
    pub conversation_id: String,
    pub user_id: String,
    pub nickname: String,
    pub face_url: String,
}

/// A conversation as applications get it.
pub fn to_api(state: &State, row: &ConversationRow) -> Conversation {
    let align = state.channels.get(&row.conversation_id).map(|c| &c.align);
    let latest = row.latest.as_ref().map(message_to_api);
    Conversation {
        conversation_id: row.conversation_id.clone(),
        conversation_type: row.conversation_type,
        user_id: row.user_id.clone(),
        group_id: row.group_id.clone(),
        show_name: row.show_name.clone(),
        face_url: row.face_url.clone(),
        recv_msg_opt: row.recv_msg_opt,
        unread_count: if row.latest_send_time > 0 {
            state.unread(&row.conversation_id)
        } else {
            0
        },
        group_at_type: marks::shown(row, align),
        latest_msg: latest
            .map(|message| json::to_text(&message))
            .unwrap_or_default(),
        latest_msg_send_time: row.latest_send_time,
        draft_text: row.draft_text.clone(),
        draft_text_time: row.draft_text_time,
        burn_duration: row.burn_duration,
        msg_destruct_time: row.msg_destruct_time,
        is_pinned: row.is_pinned,
        is_not_in_group: row.is_not_in_group,
        is_private_chat: row.is_private_chat,
        is_msg_destruct: row.is_msg_destruct,
        is_marked: false,
        attached_info: row.attached_info.clone(),
        ex: row.ex.clone(),
        remark: None,
        max_seq: align.map_or(0, |a| a.last()),
        min_seq: align.map_or(0, |a| a.min_seq),
    }
}

/// A conversation that a message begins.
fn from_message(state: &State, me: &str, id: &str, row: &MessageRow) -> ConversationRow {
    let mut conversation = blank(id, row.session_type);
    if row.group_id.is_empty() {
        conversation.user_id = peer_of(me, row).to_owned();
    } else {
        conversation.group_id.clone_from(&row.group_id);
    }
    if row.send_id != me && row.group_id.is_empty() {
        conversation.show_name.clone_from(&row.sender_nickname);
        conversation.face_url.clone_from(&row.sender_face_url);
    }
    name(state, &mut conversation);
    conversation
}

/// A conversation without anything but its ID and type.
pub fn blank(id: &str, conversation_type: i32) -> ConversationRow {
    ConversationRow {
        conversation_id: id.to_owned(),
        conversation_type,
        ..Default::default()
    }
}

/// Sets name and face from what is known; leaves them where nothing is.
pub fn name(state: &State, row: &mut ConversationRow) {
    if let Some(group) = state.groups.get(&row.group_id) {
        row.show_name.clone_from(&group.group_name);
        row.face_url.clone_from(&group.face_url);
        return;
    }
    let friend = state.friends.get(&row.user_id);
    let user = friend
        .and_then(|f| f.user.as_ref())
        .or(state.users.get(&row.user_id));
    if let Some(user) = user {
        row.show_name.clone_from(&user.nickname);
        row.face_url.clone_from(&user.face_url);
    }
    if let Some(friend) = friend.filter(|f| !f.remark.is_empty()) {
        row.show_name.clone_from(&friend.remark);
    }
}

/// Pinned first, then by the later of last message and draft (api.md §4).
fn listed(state: &State) -> Vec<&ConversationRow> {
    let mut rows: Vec<&ConversationRow> = state
        .conversations
        .values()
        .filter(|row| row.latest_send_time > 0)
        .collect();
    order::sort_by_key(&mut rows, |row| {
        let time = row.latest_send_time.max(row.draft_text_time);
        (!row.is_pinned, -time, row.conversation_id.clone())
    });
    rows
}

/// All conversations that are shown.
pub async fn all(cx: &Cx, _: GetAllConversationList) -> Result<Vec<Conversation>> {
    let session = cx.session()?;
    let state = session.state.borrow();
    Ok(listed(&state)
        .into_iter()
        .map(|row| to_api(&state, row))
        .collect())
}

/// A part of the list.
pub async fn split(cx: &Cx, p: GetConversationListSplit) -> Result<Vec<Conversation>> {
    let session = cx.session()?;
    let state = session.state.borrow();
    let (offset, count) = match (usize::try_from(p.offset), usize::try_from(p.count)) {
        (Ok(offset), Ok(count)) => (offset, count),
        _ => return Err(Error::args("offset and count must not be negative")),
    };
    let rows = listed(&state).into_iter().skip(offset).take(count);
    Ok(rows.map(|row| to_api(&state, row)).collect())
}

/// The conversation with a peer or group; made up where there is none yet.
pub async fn one(cx: &Cx, p: GetOneConversation) -> Result<Conversation> {
    let session = cx.session()?;
    let source = p.0;
    let id = ids::of_session(&session.me, &source.source_id, source.session_type)
        .ok_or_else(|| Error::new(code::TYPE_NOT_SUPPORTED, "sessionType must be 1, 3 or 4"))?;
    if let Some(row) = session.state.borrow().conversations.get(&id) {
        return Ok(to_api(&session.state.borrow(), row));
    }
    let mut row = blank(&id, source.session_type);
    if source.session_type == ids::GROUP {
        let groups = session
            .groups_info(cx, std::slice::from_ref(&source.source_id))
            .await?;
        let group = groups.into_iter().next();
        let group =
            group.ok_or_else(|| Error::new(code::GROUP_NOT_FOUND, "the group does not exist"))?;
        row.group_id = source.source_id;
        row.show_name = group.group_name;
        row.face_url = group.face_url;
    } else {
        row.user_id = source.source_id;
        // Without an answer the name stays empty; the conversation can be opened all the same.
        if session.users_info(cx, &[row.user_id.clone()]).await.is_ok() {
            name(&session.state.borrow(), &mut row);
        }
    }
    let mut changes = session.changes().await;
    if changes.conversation(&id).is_none() {
        changes.set_conversation(row.clone());
    }
    changes.commit().await?;
    Ok(to_api(&session.state.borrow(), &row))
}

/// Conversations by ID, hidden ones too; unknown IDs are absent.
pub async fn multiple(cx: &Cx, p: GetMultipleConversation) -> Result<Vec<Conversation>> {
    let session = cx.session()?;
    let state = session.state.borrow();
    let rows = p.0.iter().filter_map(|id| state.conversations.get(id));
    Ok(rows.map(|row| to_api(&state, row)).collect())
}

/// The same, asked for by its settings.
pub async fn recv_opt(cx: &Cx, p: GetConversationRecvMessageOpt) -> Result<Vec<Conversation>> {
    multiple(cx, GetMultipleConversation(p.0)).await
}

/// The ID of the conversation with a peer or group.
pub async fn id_of(cx: &Cx, p: GetConversationIdBySessionType) -> Result<String> {
    let session = cx.session()?;
    ids::of_session(&session.me, &p.0.source_id, p.0.session_type)
        .ok_or_else(|| Error::new(code::TYPE_NOT_SUPPORTED, "sessionType must be 1, 3 or 4"))
}

/// Unread messages of all shown conversations that are not muted.
pub async fn total_unread(cx: &Cx, _: GetTotalUnreadMsgCount) -> Result<i64> {
    Ok(cx.session()?.state.borrow().total_unread)
}

/// Changes the settings that are given, here and on the user's other devices.
pub async fn set(cx: &Cx, p: SetConversation) -> Result<Done> {
    let session = cx.session()?;
    let (kind, user_id, group_id) = {
        let state = session.state.borrow();
        let row = state.conversations.get(&p.conversation_id);
        let row = row.ok_or_else(|| Error::not_found("the conversation is not known"))?;
        (
            row.conversation_type,
            row.user_id.clone(),
            row.group_id.clone(),
        )
    };
    let call = rest::SetConversations {
        user_ids: vec![session.me.clone()],
        conversation: rest::ConversationReq {
            conversation_id: p.conversation_id.clone(),
            conversation_type: kind,
            user_id,
            group_id,
            recv_msg_opt: p.recv_msg_opt,
            is_pinned: p.is_pinned,
            attached_info: p.attached_info.clone(),
            is_private_chat: p.is_private_chat,
            ex: p.ex.clone(),
            burn_duration: p.burn_duration,
            group_at_type: p.group_at_type,
            msg_destruct_time: p.msg_destruct_time,
            is_msg_destruct: p.is_msg_destruct,
        },
    };
    session.api(&cx.operation_id, &call).await?;
    let mut changes = session.changes().await;
    if let Some(row) = changes.edit(&p.conversation_id) {
        apply(row, p);
    }
    changes.commit().await?;
    Ok(Done)
}

fn apply(row: &mut ConversationRow, p: SetConversation) {
    row.recv_msg_opt = p.recv_msg_opt.unwrap_or(row.recv_msg_opt);
    if let Some(mark) = p.group_at_type {
        row.group_at_type = mark;
        row.marked_seq = 0;
    }
    row.burn_duration = p.burn_duration.unwrap_or(row.burn_duration);
    row.msg_destruct_time = p.msg_destruct_time.unwrap_or(row.msg_destruct_time);
    row.is_pinned = p.is_pinned.unwrap_or(row.is_pinned);
    row.is_private_chat = p.is_private_chat.unwrap_or(row.is_private_chat);
    row.is_msg_destruct = p.is_msg_destruct.unwrap_or(row.is_msg_destruct);
    if let Some(ex) = p.ex {
        row.ex = ex;
    }
    if let Some(attached_info) = p.attached_info {
        row.attached_info = attached_info;
    }
}

/// One setting alone: the deprecated methods.
macro_rules! shorthand {
    ($($(#[$doc:meta])* $name:ident($p:ident: $params:ty) { $($field:ident: $value:expr),* })*) => {$(
        $(#[$doc])*
        pub async fn $name(cx: &Cx, $p: $params) -> Result<Done> {
            set(cx, SetConversation { $($field: $value,)* ..Default::default() }).await
        }
    )*};
}

shorthand! {
    /// Burn after reading on or off.
    set_private_chat(p: SetConversationPrivateChat) { conversation_id: p.conversation_id, is_private_chat: Some(p.is_private) }
    /// Seconds until a read message burns.
    set_burn_duration(p: SetConversationBurnDuration) { conversation_id: p.conversation_id, burn_duration: Some(p.burn_duration) }
    /// The application's own text.
    set_ex(p: SetConversationEx) { conversation_id: p.conversation_id, ex: Some(p.ex) }
    /// Pins or unpins.
    pin(p: PinConversation) { conversation_id: p.conversation_id, is_pinned: Some(p.is_pinned) }
    /// Whether and how messages are received.
    set_recv_opt(p: SetConversationRecvMessageOpt) { conversation_id: p.conversation_id, recv_msg_opt: Some(p.opt) }
    /// Whether the server deletes old messages.
    set_is_msg_destruct(p: SetConversationIsMsgDestruct) { conversation_id: p.conversation_id, is_msg_destruct: Some(p.is_msg_destruct) }
    /// Seconds after which the server deletes messages.
    set_msg_destruct_time(p: SetConversationMsgDestructTime) { conversation_id: p.conversation_id, msg_destruct_time: Some(p.msg_destruct_time) }
    /// The @ mark is taken away.
    reset_group_at_type(p: ResetConversationGroupAtType) { conversation_id: p.0, group_at_type: Some(0) }
}

/// Sets the draft, on this device only; "" takes it away.
pub async fn set_draft(cx: &Cx, p: SetConversationDraft) -> Result<Done> {
    let session = cx.session()?;
    let now = session.now();
    let mut changes = session.changes().await;
    changes.strict();
    if let Some(row) = changes.edit(&p.conversation_id) {
        row.draft_text_time = if p.draft_text.is_empty() { 0 } else { now };
        row.draft_text = p.draft_text;
        if row.latest_send_time == 0 && row.draft_text_time > 0 {
            row.latest_send_time = now;
        }
    }
    changes.commit().await?;
    Ok(Done)
}

/// Takes a conversation out of the list until its next message; messages stay.
pub async fn hide(cx: &Cx, p: HideConversation) -> Result<Done> {
    cx.session()?.hide(vec![p.0]).await
}

/// The same under the official wrapper's name.
pub async fn delete(cx: &Cx, p: DeleteConversation) -> Result<Done> {
    cx.session()?.hide(vec![p.0]).await
}

/// Hides all.
pub async fn hide_all(cx: &Cx, _: DeleteAllConversationFromLocal) -> Result<Done> {
    let session = cx.session()?;
    let all = session
        .state
        .borrow()
        .conversations
        .keys()
        .cloned()
        .collect();
    session.hide(all).await
}

impl Session {
    async fn hide(&self, ids: Vec<String>) -> Result<Done> {
        let mut changes = self.changes().await;
        changes.silent();
        for id in ids {
            let last = changes.channel(&id).align.last();
            let Some(row) = changes.edit(&id) else {
                continue;
            };
            row.latest = None;
            row.latest_send_time = 0;
            row.draft_text.clear();
            row.draft_text_time = 0;
            changes.channel(&id).align.read_to(last);
        }
        changes.commit().await?;
        Ok(Done)
    }

    /// A conversation that a message begins. Nothing waits for a name that is not known here (W22): it
    /// is asked for and told when it comes.
    pub(crate) fn begin_conversation(
        self: &Rc<Self>,
        id: &str,
        row: &MessageRow,
    ) -> ConversationRow {
        let begun = from_message(&self.state.borrow(), &self.me, id, row);
        // A message's own word for its sender may be another than the profile's.
        let is_known = {
            let state = self.state.borrow();
            let user = &begun.user_id;
            state.friends.contains_key(user) || state.users.contains_key(user)
        };
        if !is_known && !begun.user_id.is_empty() {
            let session = self.clone();
            self.core.rt.spawn(Box::pin(async move {
                // Where it fails, the next sync of a list asks again.
                let _ = session.rename_conversations().await;
            }));
        }
        begun
    }

    /// Messages are shown under the sender's present name and face: the newest that are held get them.
    pub(crate) fn rename_senders(self: &Rc<Self>, renamed: Vec<Renamed>) {
        if renamed.is_empty() {
            return;
        }
        let session = self.clone();
        self.core.rt.spawn(Box::pin(async move {
            for sender in renamed {
                if let Err(error) = session.rename_sender(sender).await {
                    session.log(Level::Warn, &error.message);
                }
            }
        }));
    }

    async fn rename_sender(&self, sender: Renamed) -> Result<()> {
        let id = sender.conversation_id;
        let mut changes = self.changes().await;
        let last = changes.channel(&id).align.last();
        let mut rows = self
            .store
            .messages(&id, 1..=last, RENAMED_MAX, true)
            .await?;
        let rename = |row: &mut MessageRow| {
            let other = row.send_id == sender.user_id
                && row.msg_from == FROM_USER
                && (row.sender_nickname != sender.nickname
                    || row.sender_face_url != sender.face_url);
            if other {
                row.sender_nickname.clone_from(&sender.nickname);
                row.sender_face_url.clone_from(&sender.face_url);
            }
            other
        };
        rows.retain_mut(rename);
        if rows.is_empty() {
            return Ok(());
        }
        if let Some(latest) = changes.edit(&id).and_then(|row| row.latest.as_mut()) {
            rename(latest);
        }
        changes.write(Write::ReplaceMessages {
            conversation_id: id,
            rows,
        });
        changes.commit().await
    }

    /// Names and faces of conversations after a friend, group or profile changed; and of peers nobody
    /// knows yet, from the server.
    pub(crate) async fn rename_conversations(self: &Rc<Self>) -> Result<()> {
        let mut changes = self.changes().await;
        let mut unknown = Vec::new();
        let renamed: Vec<ConversationRow> = {
            let state = self.state.borrow();
            let rows = state.conversations.values().filter_map(|row| {
                let mut new = row.clone();
                name(&state, &mut new);
                let user = &row.user_id;
                let known = state.friends.contains_key(user) || state.users.contains_key(user);
                if !user.is_empty() && !known {
                    unknown.push(user.clone());
                }
                (new != *row).then_some(new)
            });
            rows.collect()
        };
        let first = self.state.borrow().synced_before;
        if !first {
            changes.silent();
        }
        renamed
            .into_iter()
            .for_each(|row| changes.set_conversation(row));
        changes.commit().await?;
        if unknown.is_empty() {
            return Ok(());
        }
        self.learn_users(&unknown).await
    }
}
