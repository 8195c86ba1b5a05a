//! `POST /control/…`: what tests and benchmarks do to the server. All bodies are JSON.
//!
//! | path | body | does |
//! |---|---|---|
//! | `state` | – | channels with their messages, read positions, connections |
//! | `reset` | `{seed}` | begins anew (`demo`, `empty`, or an object as in `seed/own.rs`) |
//! | `token` | `{userID, platformID}` | a token without the administrator |
//! | `users` | – | ID, name and face of every user, but of the administrator |
//! | `bulk` | `{userID, conversations, messages}` | that many single chats with that many texts each |
//! | `send` | `{from, to or groupID, text or content+contentType, count}` | as if that user sent |
//! | `befriend` | `{userID, friends}` | friends both ways, told to nobody |
//! | `pushes` | `{userID, drop, duplicate, reorder, delayMs}` | faults of the next pushes |
//! | `sends` | `{userID, faults: ["loseAck", "loseMessage", "noAnswer"]}` | faults of the next sends |
//! | `rest` | `{path, faults: ["tooMany", "broken", "refused", "html", "hang"]}` | faults of the next calls |
//! | `holes` | `{conversationID, count}` | seqs skipped before its next message |
//! | `placeholders` | `{conversationID, seqs, times or null}` | seqs answered with a placeholder |
//! | `absent` | `{conversationIDs}` | channels that answers leave out |
//! | `disconnect` | `{userID}` | cuts the user's connections |
//! | `refuse` | `{on}` | refuses connects |
//! | `kick` | `{userID, platformID}` | another login takes over |
//! | `expire` | `{userID}` | the user's tokens are too old |
//! | `raw` | `{userID, base64}` | sends bytes as a frame |
//! | `storage` | `{off, minPartSize, keeps, faults: ["cut", "broken", "refused", "corrupt", "" …]}` | no object storage, part size, whether bytes are kept, faults of the next PUTs |
//! | `objects` | – | PUTs of parts so far, names of stored files |
//! | `config` | `{storeDelayMs, onlineTickMs, clockStepMs}` | milliseconds from acknowledgement to storage (a number or least and most), between reports of who is online, steps of the clock |
//! | | `{marks, warmMembers, fromDatabase}` | what versions do otherwise with messages (`Model`) |
//! | | `{fullRequests, rowsAtOnce, bareDeltas}` | what versions do otherwise with groups (`GroupHabits`) |
use std::ops::RangeInclusive;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openim_web::net::wire::pb::MsgData;
use serde_json::{Value, json};

use crate::model::faults::{PushFaults, RestFault, SendFault};
use crate::model::storage::PutFault;
use crate::model::tokens::ADMIN_USER;
use crate::model::{Effect, Model};
use crate::seed;

fn text(body: &Value, key: &str) -> String {
    body[key].as_str().unwrap_or_default().to_owned()
}

fn texts(body: &Value, key: &str) -> Vec<String> {
    let list = body[key].as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// What `action` does to the model; `None` if there is no such action, or an argument is wrong.
pub fn act(model: &mut Model, now: i64, action: &str, body: &Value) -> Option<Value> {
    let user = text(body, "userID");
    match action {
        "state" => return Some(model.snapshot()),
        "reset" => {
            let seed = match &body["seed"] {
                Value::Null => "demo".to_owned(),
                Value::String(name) => name.clone(),
                own => own.to_string(),
            };
            let mut anew = seed::model(&seed, now).ok()?;
            let all: Vec<_> = model.all_conns();
            all.into_iter().for_each(|conn| model.cut(now, conn));
            let effects = model.drain_effects();
            anew.number_after(model);
            *model = anew;
            effects.into_iter().for_each(|effect| model.redo(effect));
        }
        "token" => {
            let platform = body["platformID"].as_i64().unwrap_or(5) as i32;
            return Some(json!({"token": model.issue_token(now, &user, platform)}));
        }
        "users" => {
            let users = model.users.iter().filter(|(id, _)| *id != ADMIN_USER);
            let users: Vec<Value> = users
                .map(|(id, user)| json!({"userID": id, "nickname": user["nickname"], "faceURL": user["faceURL"]}))
                .collect();
            return Some(json!({ "users": users }));
        }
        "bulk" => {
            let count = |key: &str| body[key].as_u64().unwrap_or(0) as usize;
            seed::bulk(model, now, &user, count("conversations"), count("messages"));
        }
        "send" => return send(model, now, body),
        "befriend" => texts(body, "friends")
            .iter()
            .for_each(|friend| model.befriend(now, &user, friend)),
        "pushes" => {
            let n = |key: &str| body[key].as_u64().unwrap_or(0);
            let mut faults = PushFaults::default();
            faults.drop = n("drop") as u32;
            faults.duplicate = n("duplicate") as u32;
            faults.reorder = n("reorder") as u32;
            faults.delay_ms = n("delayMs");
            model.faults.pushes.insert(user, faults);
        }
        "sends" => {
            let faults: Option<Vec<SendFault>> = texts(body, "faults")
                .iter()
                .map(|name| match name.as_str() {
                    "loseAck" => Some(SendFault::LoseAck),
                    "loseMessage" => Some(SendFault::LoseMessage),
                    "noAnswer" => Some(SendFault::NoAnswer),
                    _ => None,
                })
                .collect();
            model.faults.sends.insert(user, faults?);
        }
        "rest" => {
            let faults: Option<Vec<RestFault>> = texts(body, "faults")
                .iter()
                .map(|name| match name.as_str() {
                    "tooMany" => Some(RestFault::TooMany),
                    "broken" => Some(RestFault::Broken),
                    "refused" => Some(RestFault::Refused),
                    "html" => Some(RestFault::Html),
                    "hang" => Some(RestFault::Hang),
                    _ => None,
                })
                .collect();
            model.faults.rest.insert(text(body, "path"), faults?);
        }
        "holes" => {
            model
                .faults
                .holes
                .insert(text(body, "conversationID"), body["count"].as_i64()?);
        }
        "placeholders" => {
            let id = text(body, "conversationID");
            let times = body["times"].as_u64().map(|n| n as u32);
            for seq in body["seqs"].as_array()?.iter().filter_map(Value::as_i64) {
                model
                    .faults
                    .placeholders
                    .insert((id.clone(), seq), std::cell::Cell::new(times));
            }
        }
        "absent" => model.faults.absent = texts(body, "conversationIDs").into_iter().collect(),
        "disconnect" => model
            .conns_of_user(&user)
            .into_iter()
            .for_each(|conn| model.cut(now, conn)),
        "refuse" => model.faults.refuse_connects = body["on"].as_bool()?,
        "kick" => model.kick_user(now, &user, body["platformID"].as_i64().unwrap_or(5) as i32),
        "expire" => model.expire_tokens(now, &user),
        "raw" => {
            let bytes = STANDARD.decode(text(body, "base64")).ok()?;
            for conn in model.conns_of_user(&user) {
                model.redo(Effect::Raw {
                    conn,
                    bytes: bytes.clone(),
                });
            }
        }
        "storage" => {
            let is_off = body["off"].as_bool();
            model.objects.is_off = is_off.unwrap_or(model.objects.is_off);
            let storage = &mut model.objects.storage;
            storage.min_part_size = body["minPartSize"]
                .as_i64()
                .unwrap_or(storage.min_part_size);
            storage.keeps = body["keeps"].as_bool().unwrap_or(storage.keeps);
            let faults: Option<_> = texts(body, "faults")
                .iter()
                .map(|name| match name.as_str() {
                    "" => Some(None),
                    "cut" => Some(Some(PutFault::Cut)),
                    "broken" => Some(Some(PutFault::Broken)),
                    "refused" => Some(Some(PutFault::Refused)),
                    "corrupt" => Some(Some(PutFault::Corrupt)),
                    _ => None,
                })
                .collect();
            storage.faults = faults?;
        }
        "objects" => {
            return Some(
                json!({"puts": model.objects.storage.puts, "names": model.objects.list()}),
            );
        }
        "config" => {
            for (name, value) in body.as_object()? {
                match name.as_str() {
                    "storeDelayMs" => model.store_delay_ms = delays(value)?,
                    "onlineTickMs" => {
                        model.online_tick_ms = value.as_i64().filter(|&tick| tick >= 0)?
                    }
                    "fullRequests" => model.group_habits.full_requests = value.as_bool()?,
                    "bareDeltas" => model.group_habits.bare_deltas = value.as_bool()?,
                    "rowsAtOnce" => model.group_habits.rows_at_once = value.as_bool()?,
                    "clockStepMs" => {
                        model.clock_step_ms = value.as_i64().filter(|&step| step > 0)?
                    }
                    "marks" => model.marks = value.as_bool()?,
                    "warmMembers" => model.warm_members = value.as_bool()?,
                    "fromDatabase" => model.from_database = value.as_bool()?,
                    _ => return None,
                }
            }
        }
        _ => return None,
    }
    Some(json!({}))
}

/// A number, or a list of least and most.
fn delays(value: &Value) -> Option<RangeInclusive<i64>> {
    let delay = match value.as_array().map(Vec::as_slice) {
        Some([least, most]) => least.as_i64()?..=most.as_i64()?,
        Some(_) => return None,
        None => value.as_i64()?..=value.as_i64()?,
    };
    (*delay.start() >= 0 && !delay.is_empty()).then_some(delay)
}

fn send(model: &mut Model, now: i64, body: &Value) -> Option<Value> {
    let (from, to, group) = (text(body, "from"), text(body, "to"), text(body, "groupID"));
    let mut ids = Vec::new();
    for n in 0..body["count"].as_u64().unwrap_or(1) {
        let content = match body["content"].is_object() {
            true => body["content"].to_string(),
            false => json!({"content": text(body, "text").replace("{n}", &(n + 1).to_string())})
                .to_string(),
        };
        let mut msg = MsgData {
            recv_id: to.clone(),
            group_id: group.clone(),
            session_type: if group.is_empty() { 1 } else { 3 },
            content_type: body["contentType"].as_i64().unwrap_or(101) as i32,
            content: content.into_bytes(),
            ..seed::message(model, now, &from)
        };
        ids.push(msg.client_msg_id.clone());
        // A millisecond each, so that their order is certain everywhere.
        model.last_said = now.max(model.last_said + 1);
        msg.send_time = model.last_said;
        model.send(now, msg, &from).ok()?;
    }
    Some(json!({ "clientMsgIDs": ids }))
}
