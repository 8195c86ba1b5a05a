//! APPLICATIONS for friendship and membership. The server keeps them; notifications tell them, once however
//! many copies come, and a look at its lists tells those that no notification told (`sync/applications.rs`).
//! What a notification says of the answer about a membership is kept here: the server's lists know that
//! somebody answered, not who, when and with which words.

use super::Session;
use super::changes::Changes;
use super::sync::lists::member_key;
use crate::api::Event;
use crate::api::error::{Error, Result};
use crate::api::events::*;
use crate::api::group::GroupApplication;
use crate::net::rest::{GroupInfo, GroupMemberFullInfo, GroupRequest};
use crate::rt::Level;
use crate::rt::json::{self, JsonError, Read, Value};
use crate::rt::map::Map;
use crate::rt::proto::Message as _;
use crate::store::Table;
use crate::store::rows::{AnswerRow, ToldRow};

/// Result of an application that nobody answered yet.
const OPEN: i32 = 0;
/// Result of one that was accepted.
const ACCEPTED: i32 = 1;
/// The same application is told once within this time (sync.md §8.2).
const SAME_MS: i64 = 10_000;
/// Name of the `Meta` row of what was told.
const TOLD: &str = "applications";
/// So many are kept in it: more than a look reads and are pushed between two looks.
const TOLD_MAX: usize = 200;

/// What was told of applications lately, and when.
pub(crate) type SeenTips = Map<String, i64>;

/// What a notification about an application for membership says.
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

/// Which application for friendship it is.
#[derive(Default, Read)]
#[serde(default)]
struct FriendRequest {
    #[serde(rename = "fromUserID")]
    from_user_id: String,
    #[serde(rename = "toUserID")]
    to_user_id: String,
    #[serde(rename = "createTime")]
    create_time: i64,
    #[serde(rename = "handleResult")]
    handle_result: i32,
    #[serde(rename = "handleTime")]
    handle_time: i64,
}

/// An application or the answer to one, as it is told.
pub(crate) struct Application {
    /// Tells it from every other, whatever became of it.
    about: String,
    /// Who made it.
    applicant: String,
    /// When it was made or answered, Unix milliseconds; 0 unknown.
    at: i64,
    /// [`OPEN`], [`ACCEPTED`], or -1, refused.
    result: i32,
    event: &'static str,
    data: Value,
}

impl Application {
    /// For friendship; to applications it is what it is to the server.
    pub(crate) fn for_friendship(row: Value) -> std::result::Result<Self, JsonError> {
        let request: FriendRequest = json::from_value(&row)?;
        let result = request.handle_result;
        Ok(Self {
            about: about([
                "friend",
                &request.from_user_id,
                &request.to_user_id,
                &request.create_time.to_string(),
            ]),
            applicant: request.from_user_id,
            at: request.handle_time.max(request.create_time),
            result,
            event: match result {
                OPEN => OnFriendApplicationAdded::NAME,
                ACCEPTED => OnFriendApplicationAccepted::NAME,
                _ => OnFriendApplicationRejected::NAME,
            },
            data: row,
        })
    }

    /// For membership.
    pub(crate) fn for_membership(request: GroupRequest) -> Self {
        let result = request.handle_result;
        let at = request.handle_time.max(request.req_time);
        let item = application_to_api(request);
        Self {
            about: about([
                "group",
                &item.group_id,
                &item.user_id,
                &item.req_time.to_string(),
            ]),
            applicant: item.user_id.clone(),
            at,
            result,
            event: match result {
                OPEN => OnGroupApplicationAdded::NAME,
                ACCEPTED => OnGroupApplicationAccepted::NAME,
                _ => OnGroupApplicationRejected::NAME,
            },
            data: json::to_value(&item),
        }
    }

    /// What is noted when it was told.
    fn id(&self) -> String {
        self.id_with(self.result)
    }

    /// The same as of a result.
    fn id_with(&self, result: i32) -> String {
        [self.about.as_str(), &result.to_string()].join("\t")
    }
}

fn about(parts: [&str; 4]) -> String {
    parts.join("\t")
}

impl Session {
    /// Takes in what a notification says of an application for friendship.
    pub(crate) async fn friend_application(&self, tips: &Value) -> Result<()> {
        // What an administrator imported was never applied for.
        let Some(request) = json::field(tips, "request") else {
            return Ok(());
        };
        let application = Application::for_friendship(request);
        let unreadable = |e: JsonError| Error::args("an application cannot be read").because(e.0);
        let application = application.map_err(unreadable)?;
        let changes = self.changes().await;
        self.tell_pushed(changes, application).await
    }

    /// Takes in what a notification says of an application for membership. `sent_at`: when it was told,
    /// Unix milliseconds.
    pub(crate) async fn group_application(&self, tips: Tips, sent_at: i64) -> Result<()> {
        let Some(mut request) = tips.request else {
            return Ok(());
        };
        // Copies come to the same user from several channels.
        if !tips.uuid.is_empty() && self.sees(["copy", &tips.uuid].concat()) {
            return Ok(());
        }
        request.group_info = request.group_info.or(tips.group);
        let mut changes = self.changes().await;
        if request.handle_result != OPEN {
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
        let application = Application::for_membership(request);
        self.tell_pushed(changes, application).await
    }

    async fn tell_pushed(&self, mut changes: Changes<'_>, application: Application) -> Result<()> {
        let id = application.id();
        if self.has_seen(&["look", &id].concat()) {
            return changes.commit().await;
        }
        changes.tell_value(application.event, application.data);
        if let Some(row) = self.told_applications().await? {
            note_told(&mut changes, row, [id.clone()]);
        }
        changes.commit().await?;
        self.sees(["push", &id].concat());
        Ok(())
    }

    /// Tells those of the server's newest applications that were not told. Where nothing is known of
    /// before, only those made from `since` on are news: whoever logs in reads the lists. That somebody
    /// answered what was made to the user is news where it was told as open.
    pub(crate) async fn tell_untold_applications(
        &self,
        newest: Vec<Application>,
        since: i64,
    ) -> Result<()> {
        let mut changes = self.changes().await;
        let held = self.told_applications().await?;
        let is_known = |application: &Application| match &held {
            Some(row) => row.ids.contains(&application.id()),
            None => application.at < since,
        };
        let was_open = |application: &Application| {
            let open = application.id_with(OPEN);
            held.as_ref().is_some_and(|row| row.ids.contains(&open))
        };
        let (known, mut news): (Vec<_>, Vec<_>) = newest.into_iter().partition(is_known);
        news.retain(|one| one.result == OPEN || one.applicant == self.me || was_open(one));
        let has_room = |row: &ToldRow| row.ids.len() < TOLD_MAX / 2;
        if news.is_empty() && held.as_ref().is_some_and(has_room) {
            return Ok(());
        }
        // What is still in the lists is kept longest: it would be told again.
        let mut ids: Vec<String> = known.iter().map(Application::id).collect();
        let mut told = Vec::new();
        for application in news {
            let id = application.id();
            if !self.has_seen(&["push", &id].concat()) {
                told.push(["look", &id].concat());
                changes.tell_value(application.event, application.data);
            }
            ids.push(id);
        }
        note_told(&mut changes, held.unwrap_or_default(), ids);
        changes.commit().await?;
        for id in told {
            self.sees(id);
        }
        Ok(())
    }

    /// What was told of applications; `None` before the first look at them.
    async fn told_applications(&self) -> Result<Option<ToldRow>> {
        let bytes = self.store.row(Table::Meta, TOLD).await?;
        Ok(bytes.map(|bytes| ToldRow::decode(&bytes).unwrap_or_default()))
    }

    /// Whether this was seen just now.
    fn has_seen(&self, what: &str) -> bool {
        let now = self.now();
        let mut seen = self.seen_tips.borrow_mut();
        seen.retain(|_, at| now < *at + SAME_MS);
        seen.contains_key(what)
    }

    /// The same; from now on it is.
    fn sees(&self, what: String) -> bool {
        let before = self.has_seen(&what);
        self.seen_tips.borrow_mut().insert(what, self.now());
        before
    }

    /// Applications of the server's lists as applications get them, with what was told of their answers.
    pub(crate) async fn applications(&self, rows: Vec<Value>) -> Result<Value> {
        let requests = self.group_requests(rows).await?.into_iter();
        let items = requests.map(|request| json::to_value(&application_to_api(request)));
        Ok(json::array(items.collect()))
    }

    /// The same, as the server's type.
    pub(crate) async fn group_requests(&self, rows: Vec<Value>) -> Result<Vec<GroupRequest>> {
        let answers = self.store.rows(Table::Answers, "").await?;
        let answers: Map<String, Vec<u8>> = answers.into_iter().collect();
        let mut requests = Vec::new();
        for row in rows {
            let mut request: GroupRequest = match json::from_value(&row) {
                Ok(request) => request,
                Err(error) => {
                    self.log(Level::Warn, &error.0);
                    continue;
                }
            };
            let said = key_of(&request).and_then(|key| answers.get(&key).cloned());
            if let Some(Ok(said)) = said.map(|bytes| AnswerRow::decode(&bytes)) {
                complete(&mut request, &said);
            }
            requests.push(request);
        }
        Ok(requests)
    }
}

fn note_told(changes: &mut Changes<'_>, mut row: ToldRow, ids: impl IntoIterator<Item = String>) {
    for id in ids {
        row.ids.retain(|known| *known != id);
        row.ids.push(id);
    }
    let surplus = row.ids.len().saturating_sub(TOLD_MAX);
    row.ids.drain(..surplus);
    changes.put(Table::Meta, TOLD, &row);
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
