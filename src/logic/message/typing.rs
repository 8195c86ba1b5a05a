//! TYPING: told at most every ten seconds, forgotten when nothing more is heard (sync.md §6.4).
use std::rc::Rc;

use crate::rt::json::{Read, Write};

use super::convert::{kind, status};
use super::send::ONLINE_ONLY_OFF;
use crate::api::Done;
use crate::api::error::{Error, Result};
use crate::api::events::{InputStatus, OnConversationUserInputStatusChanged};
use crate::api::messaging::{ChangeInputStates, GetInputStates, Platforms, TypingStatusUpdate};
use crate::logic::changes::told;
use crate::logic::{Cx, Session, ids};
use crate::net::wire::pb::{FlagEntry, MsgData, SendMsgResp};
use crate::net::wire::req;
use crate::rt::json;
use crate::rt::map::Map;

/// "Yes" is sent at most this often.
const SEND_MS_MIN: i64 = 10_000;
/// Somebody types until this long after the last "yes"; a little more than senders repeat it.
const HEARD_MS_MAX: i64 = 12_000;
/// The server may take this long.
const SEND_WAIT_MS: u32 = 5_000;

/// Who types where.
#[derive(Default)]
pub(crate) struct Typing {
    /// Own "yes" by conversation, when it was sent.
    told: Map<String, i64>,
    /// By conversation and user: platforms and until when.
    heard: Map<(String, String), Map<i32, i64>>,
}

#[derive(Write, Read)]
struct Tips {
    #[serde(rename = "msgTips")]
    msg_tips: String,
}

/// Tells the others that the user types, or stopped.
pub async fn change(cx: &Cx, p: ChangeInputStates) -> Result<Done> {
    let session = cx.session()?;
    let (session_type, user, group) = {
        let state = session.state.borrow();
        let row = state.conversations.get(&p.conversation_id);
        let row = row.ok_or_else(|| Error::not_found("the conversation is not known"))?;
        (
            row.conversation_type,
            row.user_id.clone(),
            row.group_id.clone(),
        )
    };
    let now = session.now();
    {
        let mut typing = session.typing.borrow_mut();
        let told = typing.told.get(&p.conversation_id).copied();
        match (p.focus, told) {
            (true, Some(at)) if now - at < SEND_MS_MIN => return Ok(Done),
            (true, _) => drop(typing.told.insert(p.conversation_id, now)),
            (false, None) => return Ok(Done),
            (false, Some(_)) => drop(typing.told.remove(&p.conversation_id)),
        }
    }
    let tips = if p.focus { "yes" } else { "no" };
    session
        .send_tips(&cx.operation_id, session_type, user, group, tips)
        .await?;
    Ok(Done)
}

/// The older form: any text to a peer.
pub async fn update(cx: &Cx, p: TypingStatusUpdate) -> Result<Done> {
    let session = cx.session()?;
    if p.recv_id.is_empty() {
        return Err(Error::args("recvID is empty"));
    }
    session
        .send_tips(
            &cx.operation_id,
            ids::SINGLE,
            p.recv_id,
            String::new(),
            &p.msg_tip,
        )
        .await?;
    Ok(Done)
}

/// Platforms on which a user types in a conversation.
pub async fn platforms(cx: &Cx, p: GetInputStates) -> Result<Platforms> {
    let session = cx.session()?;
    let now = session.now();
    let typing = session.typing.borrow();
    let heard = typing.heard.get(&(p.conversation_id, p.user_id));
    let live = heard
        .into_iter()
        .flatten()
        .filter(|(_, until)| **until > now);
    Ok(Platforms(live.map(|(platform, _)| *platform).collect()))
}

impl Session {
    async fn send_tips(
        &self,
        operation_id: &str,
        session_type: i32,
        user: String,
        group: String,
        tips: &str,
    ) -> Result<()> {
        let content = json::to_text(&Tips {
            msg_tips: tips.to_owned(),
        });
        let msg = MsgData {
            send_id: self.me.clone(),
            recv_id: if group.is_empty() {
                user
            } else {
                String::new()
            },
            group_id: group,
            client_msg_id: self.operation_id(),
            sender_platform_id: self.platform_id,
            session_type,
            msg_from: crate::api::message::FROM_USER,
            content_type: kind::TYPING,
            content: content.into_bytes(),
            create_time: self.now(),
            status: status::SENDING,
            options: ONLINE_ONLY_OFF
                .iter()
                .map(|name| FlagEntry {
                    key: (*name).to_owned(),
                    value: false,
                })
                .collect(),
            ..Default::default()
        };
        let _: SendMsgResp = self
            .conn
            .request(req::SEND_MSG, operation_id, &msg, SEND_WAIT_MS)
            .await?;
        Ok(())
    }

    fn tell_typing(&self, key: (String, String)) {
        let platforms = self
            .typing
            .borrow()
            .heard
            .get(&key)
            .map(|p| p.keys().copied().collect());
        let status = InputStatus {
            conversation_id: key.0,
            user_id: key.1,
            platform_ids: Platforms(platforms.unwrap_or_default()),
        };
        self.core
            .emit(told(OnConversationUserInputStatusChanged, &status));
    }
}

/// A typing message came in.
pub(crate) fn heard(session: &Rc<Session>, conversation_id: &str, msg: &MsgData) {
    if msg.send_id == session.me {
        return;
    }
    let text = std::str::from_utf8(&msg.content).unwrap_or_default();
    let Ok(tips) = json::from_text::<Tips>(text) else {
        return;
    };
    let key = (conversation_id.to_owned(), msg.send_id.clone());
    let platform = msg.sender_platform_id;
    let until = session.now() + HEARD_MS_MAX;
    let changed = {
        let mut typing = session.typing.borrow_mut();
        let platforms = typing.heard.or_default(key.clone());
        match tips.msg_tips.as_str() {
            "yes" => platforms.insert(platform, until).is_none(),
            _ => platforms.remove(&platform).is_some(),
        }
    };
    if changed {
        session.tell_typing(key.clone());
    }
    if tips.msg_tips == "yes" {
        let session = session.clone();
        let rt = session.core.rt.clone();
        rt.spawn(Box::pin(async move {
            session.forget_typing(key, platform).await
        }));
    }
}

impl Session {
    async fn forget_typing(self: Rc<Self>, key: (String, String), platform: i32) {
        self.core.rt.sleep(HEARD_MS_MAX as u32 + 1).await;
        let now = self.now();
        let gone = {
            let mut typing = self.typing.borrow_mut();
            let Some(platforms) = typing.heard.get_mut(&key) else {
                return;
            };
            let gone = platforms.get(&platform).is_some_and(|until| *until <= now);
            if gone {
                platforms.remove(&platform);
            }
            gone
        };
        if gone && !self.ended.get() {
            self.tell_typing(key);
        }
    }
}
