//! What applications' servers send: messages of any user, several at once, notifications, answers by key. A body
//! that such a path cannot read is refused with HTTP status 400.
use base64::{Engine as _, engine::general_purpose::STANDARD};
use openim_web::net::wire::pb;
use serde_json::{Value, json};

use super::rest::{int, list, text, texts};
use super::tokens::{ADMIN_PLATFORM, ADMIN_USER, Caller};
use super::{Answer, Model, Refusal, refuse};

/// `appMangerLevel` of who may send as the application.
const APP_ADMIN: i64 = 2;
const SERVICE: i32 = 1400;
const MARKDOWN: i32 = 118;

/// What a field of a message's content is. Numbers, texts and switches stand for each other there.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// A text, which may be empty.
    Text,
    /// A text that is not.
    Needed,
    /// A number other than 0.
    Number,
    /// A number above 0.
    Positive,
    /// A number from 0 to 5.
    Mix,
    /// A list, or what becomes its only entry.
    List,
    /// An object, or nothing.
    Object,
}
use Kind::{List, Mix, Needed, Number, Object, Positive, Text};

/// What the content of a message that an application sends must have; nothing where there is no such content.
#[rustfmt::skip]
fn content_of(kind: i32) -> Option<&'static [(&'static str, Kind)]> {
    Some(match kind {
        101 | MARKDOWN => &[("/content", Needed)],
        102 => &[
            ("/sourcePicture/type", Needed), ("/sourcePicture/width", Number),
            ("/sourcePicture/height", Number), ("/sourcePicture/url", Needed),
            ("/bigPicture/type", Needed), ("/bigPicture/width", Number),
            ("/bigPicture/height", Number), ("/bigPicture/url", Needed),
            ("/snapshotPicture/type", Needed), ("/snapshotPicture/width", Number),
            ("/snapshotPicture/height", Number), ("/snapshotPicture/url", Needed),
        ],
        103 => &[("/sourceUrl", Needed), ("/duration", Positive)],
        104 => &[
            ("/videoUrl", Needed), ("/videoType", Needed), ("/videoSize", Number), ("/duration", Number),
            ("/snapshotUrl", Needed), ("/snapshotWidth", Number), ("/snapshotHeight", Number),
        ],
        105 => &[("/sourceUrl", Needed), ("/fileName", Needed), ("/fileSize", Number)],
        106 => &[("/text", Text), ("/atUserList", List), ("/quoteMessage", Object)],
        110 => &[("/data", Needed), ("/description", Text), ("/extension", Text)],
        114 => &[("/text", Text), ("/quoteMessage", Object)],
        SERVICE => &[
            ("/notificationName", Needed), ("/notificationType", Number), ("/text", Needed), ("/mixType", Mix),
        ],
        _ => return None,
    })
}

/// A text as content has it, if the value can be one.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.clone()),
        Value::Bool(is_set) => Some(i32::from(*is_set).to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A number as content has it, if the value can be one.
fn as_number(value: &Value) -> Option<i64> {
    match value {
        Value::Null => Some(0),
        Value::Bool(is_set) => Some((*is_set).into()),
        Value::Number(number) => number
            .as_i64()
            .or(number.as_f64().map(|float| float as i64)),
        Value::String(text) if text.is_empty() => Some(0),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The texts of a list as content has it; nothing where it is absent or no list of texts.
fn as_texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Null => None,
        Value::Array(all) => all.iter().map(as_text).collect(),
        Value::Object(all) if all.is_empty() => Some(Vec::new()),
        one => as_text(one).map(|text| vec![text]),
    }
}

impl Kind {
    fn fits(self, value: &Value) -> bool {
        let number = as_number(value);
        match self {
            Text => as_text(value).is_some(),
            Needed => as_text(value).is_some_and(|text| !text.is_empty()),
            Number => number.is_some_and(|number| number != 0),
            Positive => number.is_some_and(|number| number > 0),
            Mix => number.is_some_and(|number| (0..=5).contains(&number)),
            List => as_texts(value).is_some(),
            Object => value.is_null() || value.is_object(),
        }
    }
}

/// Whether a posted field is of the kind that its name tells.
fn is_readable(path: &str, key: &str, value: &Value) -> bool {
    match key {
        _ if value.is_null() => true,
        "content" if path == "/msg/send_simple_msg" => value.is_string(),
        "content" => value.is_object(),
        "senderPlatformID" | "contentType" | "sessionType" | "sendTime" | "reliabilityLevel" => {
            value.is_i64()
        }
        "isOnlineOnly" | "notOfflinePush" | "sendMsg" | "isSendAll" | "iOSBadgeCount" => {
            value.is_boolean()
        }
        "recvIDs" => value
            .as_array()
            .is_some_and(|all| all.iter().all(|id| id.is_string() || id.is_null())),
        "offlinePushInfo" => value.as_object().is_some_and(|fields| {
            fields
                .iter()
                .all(|(key, value)| is_readable(path, key, value))
        }),
        "sendID" | "groupID" | "senderNickname" | "senderFaceURL" | "recvID" | "ex" | "key"
        | "data" | "sendUserID" | "recvUserID" | "recvGroupID" | "title" | "desc"
        | "iOSPushSound" | "signalInfo" => value.is_string(),
        _ => true,
    }
}

/// Refuses a body that a path of this module cannot read, or that lacks what it must have.
fn bind(path: &str, body: &Value) -> Answer<()> {
    let has = |key: &str| !text(body, key).is_empty();
    let is_object = body.as_object().is_some_and(|fields| {
        fields
            .iter()
            .all(|(key, value)| is_readable(path, key, value))
    });
    let session_type = int(body, "sessionType");
    let is_message = || {
        has("sendID")
            && body["content"].is_object()
            && int(body, "contentType") != 0
            && session_type != 0
            && (!matches!(session_type, 2 | 3) || has("groupID"))
    };
    let is_whole = match path {
        "/msg/send_msg" => is_message() && (!matches!(session_type, 1 | 4) || has("recvID")),
        "/msg/batch_send_msg" => is_message() && body["recvIDs"].is_array(),
        "/msg/send_business_notification" => has("sendUserID"),
        _ => has("content"),
    };
    if is_object && is_whole {
        return Ok(());
    }
    refuse(1001, "body is not what the path takes").map_err(|refusal: Refusal| Refusal {
        status: 400,
        ..refusal
    })
}

fn push_info(body: &Value) -> Option<pb::OfflinePushInfo> {
    let push = &body["offlinePushInfo"];
    push.is_object().then(|| pb::OfflinePushInfo {
        title: text(push, "title").to_owned(),
        desc: text(push, "desc").to_owned(),
        ex: text(push, "ex").to_owned(),
        ios_push_sound: text(push, "iOSPushSound").to_owned(),
        ios_badge_count: push["iOSBadgeCount"] == true,
        signal_info: text(push, "signalInfo").to_owned(),
    })
}

impl Model {
    /// Calls of this module; nothing for other paths. `query` is what the address asks for besides.
    pub(crate) fn rest_posting(
        &mut self,
        now: i64,
        path: &str,
        query: &str,
        caller: &Caller,
        body: &Value,
    ) -> Option<Answer<Value>> {
        Some(match path {
            "/msg/send_msg" => self.post(now, path, caller, body),
            "/msg/batch_send_msg" => self.post_batch(now, path, caller, body),
            "/msg/send_business_notification" => self.business(now, path, caller, body),
            "/msg/send_simple_msg" => self.answer_by_key(now, path, query, caller, body),
            // It is kept by operation, of which each call is one.
            "/msg/check_msg_is_send_success" => Ok(json!({"status": 0})),
            _ => return None,
        })
    }

    fn post(&mut self, now: i64, path: &str, caller: &Caller, body: &Value) -> Answer<Value> {
        bind(path, body)?;
        let msg = self.posted(now, caller, body)?;
        self.send_as(now, msg, ADMIN_USER)
    }

    fn post_batch(&mut self, now: i64, path: &str, caller: &Caller, body: &Value) -> Answer<Value> {
        bind(path, body)?;
        let msg = self.posted(now, caller, body)?;
        let (mut sent, mut failed) = (Vec::new(), Vec::new());
        let receivers = match body["isSendAll"] == true {
            true => self.users.keys().cloned().collect(),
            false => texts(body, "recvIDs"),
        };
        for user in receivers {
            let one = pb::MsgData {
                recv_id: user.clone(),
                ..msg.clone()
            };
            match self.send_as(now, one, ADMIN_USER) {
                Ok(mut answer) => {
                    answer["recvID"] = json!(user);
                    sent.push(answer);
                }
                Err(_) => failed.push(json!(user)),
            }
        }
        Ok(json!({"results": list(sent), "failedUserIDs": list(failed)}))
    }

    /// The message that a body asks for.
    fn posted(&mut self, now: i64, caller: &Caller, body: &Value) -> Answer<pb::MsgData> {
        if !caller.is_admin {
            return refuse(1002, "for administrators");
        }
        let kind = int(body, "contentType") as i32;
        let content = &body["content"];
        let Some(fields) = content_of(kind) else {
            return refuse(1001, "unsupported content type");
        };
        if kind == SERVICE {
            let sender = self.users.get(text(body, "sendID"));
            match sender.map(|user| int(user, "appMangerLevel")) {
                None => return refuse(1101, "sender does not exist"),
                Some(level) if level < APP_ADMIN => {
                    return refuse(1002, "no account for notifications");
                }
                _ => {}
            }
        }
        let at = |field: &str| content.pointer(field).unwrap_or(&Value::Null);
        if fields.iter().any(|(field, kind)| !kind.fits(at(field))) {
            return refuse(500, "content lacks something");
        }
        let number = self.number();
        let mut msg = pb::MsgData {
            send_id: text(body, "sendID").to_owned(),
            recv_id: text(body, "recvID").to_owned(),
            group_id: text(body, "groupID").to_owned(),
            sender_nickname: text(body, "senderNickname").to_owned(),
            sender_face_url: text(body, "senderFaceURL").to_owned(),
            sender_platform_id: int(body, "senderPlatformID") as i32,
            client_msg_id: format!("{number:032x}"),
            session_type: int(body, "sessionType") as i32,
            content_type: kind,
            msg_from: 200,
            content: content.to_string().into_bytes(),
            create_time: now,
            send_time: int(body, "sendTime"),
            ex: text(body, "ex").to_owned(),
            offline_push_info: push_info(body),
            ..Default::default()
        };
        if kind == 106 {
            msg.at_user_id_list = as_texts(&content["atUserList"]).unwrap_or_default();
        }
        if kind == SERVICE {
            msg.session_type = 4;
            msg.content = json!({"detail": content.to_string()})
                .to_string()
                .into_bytes();
        }
        if body["isOnlineOnly"] == true {
            for name in ["history", "persistent", "senderSync", "conversationUpdate"] {
                msg.set_option(name, false);
            }
        }
        if body["notOfflinePush"] == true {
            msg.set_option("offlinePush", false);
        }
        Ok(msg)
    }

    fn business(&mut self, now: i64, path: &str, caller: &Caller, body: &Value) -> Answer<Value> {
        bind(path, body)?;
        let (user, group) = (text(body, "recvUserID"), text(body, "recvGroupID"));
        if user.is_empty() == group.is_empty() {
            return refuse(1001, "one of recvUserID and recvGroupID");
        }
        if !caller.is_admin {
            return refuse(1002, "for administrators");
        }
        let tips = json!({"key": text(body, "key"), "data": text(body, "data")});
        let stored = int(body, "reliabilityLevel") == 2;
        let from = text(body, "sendUserID").to_owned();
        let mut msg = pb::MsgData {
            recv_id: user.to_owned(),
            group_id: group.to_owned(),
            session_type: if group.is_empty() { 1 } else { 3 },
            offline_push_info: None,
            send_time: 0,
            ..self.notice(now, &from, 2001, &tips, stored)
        };
        if body["sendMsg"] == true {
            msg.set_option("isSendMsg", true);
            msg.set_option("unreadCount", true);
        }
        self.send_as(now, msg, ADMIN_USER)
    }

    /// An answer to a message: the address has the key that its webhook was given.
    fn answer_by_key(
        &mut self,
        now: i64,
        path: &str,
        query: &str,
        caller: &Caller,
        body: &Value,
    ) -> Answer<Value> {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let key = pairs.find(|(name, _)| name == "key");
        let Some(Ok(key)) = key.map(|(_, key)| STANDARD.decode(key.as_bytes())) else {
            return refuse(1001, "key is missing or not base64");
        };
        bind(path, body)?;
        let Ok(key) = serde_json::from_slice::<Value>(&key) else {
            return refuse(1001, "key is not JSON");
        };
        let group = text(&key, "groupID");
        let (from, to) = match group.is_empty() {
            true => (text(&key, "recvID"), text(&key, "sendID")),
            false => (text(body, "sendID"), ""),
        };
        if text(&key, "sendID").is_empty() || from.is_empty() {
            return refuse(1001, "sender or receiver is missing");
        }
        let Some(sender) = self.users.get(from).cloned() else {
            return refuse(1004, "sender does not exist");
        };
        let number = self.number();
        let msg = pb::MsgData {
            send_id: from.to_owned(),
            recv_id: to.to_owned(),
            group_id: group.to_owned(),
            sender_nickname: text(&sender, "nickname").to_owned(),
            sender_face_url: text(&sender, "faceURL").to_owned(),
            sender_platform_id: ADMIN_PLATFORM,
            client_msg_id: format!("{number:032x}"),
            session_type: if group.is_empty() { 1 } else { 3 },
            content_type: MARKDOWN,
            msg_from: 100,
            // Such is the name that the server gives it.
            content: json!({"Content": body["content"]}).to_string().into_bytes(),
            ex: text(body, "ex").to_owned(),
            offline_push_info: push_info(body),
            ..Default::default()
        };
        let by = match caller.is_admin {
            true => ADMIN_USER.to_owned(),
            false => caller.user_id.clone(),
        };
        self.send_as(now, msg, &by)
    }

    fn send_as(&mut self, now: i64, msg: pb::MsgData, by: &str) -> Answer<Value> {
        let ack = self.send(now, msg, by)?;
        Ok(
            json!({"serverMsgID": ack.server_msg_id, "clientMsgID": ack.client_msg_id, "sendTime": ack.send_time}),
        )
    }
}
