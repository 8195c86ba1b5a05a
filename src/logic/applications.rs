//! APPLICATIONS FOR MEMBERSHIP. The server keeps them; notifications tell them, once however many copies
//! come. What a notification says of the answer is kept here: the server's lists know that somebody
//! answered, not who, when and with which words.
use std::rc::Rc;

use super::Session;
use super::sync::lists::member_key;
use crate::api::error::{Error, Result};
use crate::api::events::*;
use crate::api::group::GroupApplication;
use crate::net::rest::{GroupInfo, GroupMemberFullInfo, GroupRequest};
use crate::rt::json::{self, Read, Value};
use crate::rt::map::Map;
use crate::rt::proto::Message as _;
use crate::store::Table;
use crate::store::rows::AnswerRow;

/// Somebody applied.
const ADDED: i32 = 1503;
/// He was let in.
const ACCEPTED: i32 = 1505;
/// The same application is told once within this time (sync.md §8.2).
const SAME_MS: i64 = 10_000;

/// Notifications about applications seen lately: uuid and when.
pub(crate) type SeenTips = Map<String, i64>;

/// What a notification about an application says.
#[derive(Default, Read)]
#[serde(default)]
pub(crate) struct Tips {
    uuid: String,
    group: Option<GroupInfo>,
    request: Option<GroupRequest>,
    #[serde(rename = "opUser")]
    operator: Option<GroupMemberFullInfo>,
    #[serde(rename = "handleMsg")]
    handle_msg: String,
}

impl Session {
    /// Tells an application, or the answer to one. `sent_at`: when it was told, Unix milliseconds.
    pub(crate) async fn application(
        self: &Rc<Self>,
        kind: i32,
        tips: Tips,
        sent_at: i64,
    ) -> Result<()> {
        let Some(mut request) = tips.request else {
            return Ok(());
        };
        if self.is_told(tips.uuid) {
            return Ok(());
        }
        request.group_info = request.group_info.or(tips.group);
        let mut changes = self.changes().await;
        if kind != ADDED {
            let said = AnswerRow {
                req_time: request.req_time,
                handle_msg: tips.handle_msg,
                handle_user_id: tips.operator.unwrap_or_default().user_id,
                handle_time: sent_at,
            };
            complete(&mut request, &said);
            if let Some(key) = key_of(&request) {
                changes.put(Table::Answers, &key, &said);
            }
        }
        let item = application_to_api(request);
        match kind {
            ADDED => changes.tell(OnGroupApplicationAdded, &item),
            ACCEPTED => changes.tell(OnGroupApplicationAccepted, &item),
            _ => changes.tell(OnGroupApplicationRejected, &item),
        }
        changes.commit().await
    }

    /// Whether a notification with this identity was told just now; from now on it is.
    fn is_told(&self, uuid: String) -> bool {
        let now = self.now();
        let mut seen = self.seen_tips.borrow_mut();
        seen.retain(|_, at| now < *at + SAME_MS);
        !uuid.is_empty() && seen.insert(uuid, now).is_some()
    }

    /// Applications of the server's lists as applications get them, with what was told of their answers.
    pub(crate) async fn applications(&self, rows: Vec<Value>) -> Result<Value> {
        let answers = self.store.rows(Table::Answers, "").await?;
        let answers: Map<String, Vec<u8>> = answers.into_iter().collect();
        let mut items = Vec::new();
        for row in rows {
            let request = json::from_value(&row);
            let mut request: GroupRequest = request.map_err(|e| Error::internal(e.0))?;
            let said = key_of(&request).and_then(|key| answers.get(&key).cloned());
            if let Some(Ok(said)) = said.map(|bytes| AnswerRow::decode(&bytes)) {
                complete(&mut request, &said);
            }
            items.push(json::to_value(&application_to_api(request)));
        }
        Ok(json::array(items))
    }
}

fn key_of(request: &GroupRequest) -> Option<String> {
    let (group, user) = (request.group_info.as_ref()?, request.user_info.as_ref()?);
    Some(member_key(&group.group_id, &user.user_id))
}

/// What the server leaves out, of an answer to this very application.
fn complete(request: &mut GroupRequest, said: &AnswerRow) {
    if request.handle_result == 0 || request.req_time != said.req_time {
        return;
    }
    if request.handle_msg.is_empty() {
        request.handle_msg = said.handle_msg.clone();
    }
    if request.handle_user_id.is_empty() {
        request.handle_user_id = said.handle_user_id.clone();
    }
    if request.handle_time == 0 {
        request.handle_time = said.handle_time;
    }
}

/// An application for membership as applications get it.
fn application_to_api(request: GroupRequest) -> GroupApplication {
    let user = request.user_info.unwrap_or_default();
    let group = request.group_info.unwrap_or_default();
    GroupApplication {
        create_time: group.create_time,
        creator_user_id: group.creator_user_id,
        ex: request.ex,
        group_face_url: group.face_url,
        group_id: group.group_id,
        group_name: group.group_name,
        group_type: group.group_type,
        handle_result: request.handle_result,
        handle_user_id: request.handle_user_id,
        handled_msg: request.handle_msg,
        handled_time: request.handle_time,
        introduction: group.introduction,
        member_count: group.member_count,
        nickname: user.nickname,
        notification: group.notification,
        owner_user_id: group.owner_user_id,
        req_msg: request.req_msg,
        req_time: request.req_time,
        join_source: request.join_source,
        status: group.status,
        user_face_url: user.face_url,
        user_id: user.user_id,
        inviter_user_id: request.inviter_user_id,
    }
}
