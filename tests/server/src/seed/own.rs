//! An application's own seed: JSON with `users`, `friends`, `groups` and `messages`, each of them optional.
use openim_web::net::wire::pb::MsgData;
use serde_json::Value;

use super::message;
use crate::model::Model;

/// Between two seeded messages that name no time.
const STEP_MS: i64 = 1_000;

/// Fills `model`; an error names the entry that is wrong.
pub(super) fn fill(model: &mut Model, now: i64, seed: &Value) -> Result<(), String> {
    for (n, user) in list(seed, "users")?.iter().enumerate() {
        let id = required(user, "userID").ok_or_else(|| wrong("users", n, "userID"))?;
        let name = required(user, "nickname").unwrap_or(id);
        model.add_user(now, id, name, user["faceURL"].as_str().unwrap_or_default());
    }
    for (n, pair) in list(seed, "friends")?.iter().enumerate() {
        let id = |at: usize| known(model, pair[at].as_str());
        let (Some(a), Some(b)) = (id(0), id(1)) else {
            return Err(wrong("friends", n, "two IDs of users"));
        };
        model.befriend(now, &a, &b);
    }
    for (n, group) in list(seed, "groups")?.iter().enumerate() {
        let id = required(group, "groupID").ok_or_else(|| wrong("groups", n, "groupID"))?;
        let name = required(group, "groupName").unwrap_or(id);
        let members = group["memberUserIDs"].as_array();
        let members = members.map(Vec::as_slice).unwrap_or_default();
        let ids: Option<Vec<String>> = members.iter().map(|id| known(model, id.as_str())).collect();
        let ids = ids.filter(|ids| !ids.is_empty());
        let ids =
            ids.ok_or_else(|| wrong("groups", n, "memberUserIDs, IDs of users, the owner first"))?;
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        model.add_group(now, id, name, &ids);
    }
    let messages = list(seed, "messages")?;
    let begin = now - STEP_MS * messages.len() as i64;
    for (n, entry) in messages.iter().enumerate() {
        let usual = begin + STEP_MS * n as i64;
        let at = entry["sendTime"].as_i64().unwrap_or(usual);
        send(model, at, entry).map_err(|why| wrong("messages", n, &why))?;
    }
    Ok(())
}

fn send(model: &mut Model, at: i64, entry: &Value) -> Result<(), String> {
    let from = known(model, entry["from"].as_str()).ok_or("from, the ID of a user")?;
    let to = entry["to"].as_str().unwrap_or_default();
    let group = entry["groupID"].as_str().unwrap_or_default();
    if to.is_empty() == group.is_empty() {
        return Err("to or groupID".into());
    }
    let content = match (entry["text"].as_str(), &entry["content"]) {
        (Some(text), _) => super::text(text),
        (None, content) if content.is_object() => content.clone(),
        _ => return Err("text, or content with contentType".into()),
    };
    let msg = MsgData {
        recv_id: to.to_owned(),
        group_id: group.to_owned(),
        session_type: if group.is_empty() { 1 } else { 3 },
        content_type: entry["contentType"].as_i64().unwrap_or(101) as i32,
        content: content.to_string().into_bytes(),
        send_time: at,
        ..message(model, at, &from)
    };
    let sent = model.send(at, msg, &from);
    sent.map_err(|refusal| format!("something the server accepts ({})", refusal.detail))?;
    model.tick(at + model.store_delay_ms.end());
    Ok(())
}

/// A list of the seed; none is an empty one.
fn list<'a>(seed: &'a Value, key: &str) -> Result<&'a [Value], String> {
    match &seed[key] {
        Value::Null => Ok(&[]),
        Value::Array(list) => Ok(list),
        _ => Err(format!("the seed's {key} must be a list")),
    }
}

fn required<'a>(entry: &'a Value, key: &str) -> Option<&'a str> {
    entry[key].as_str().filter(|text| !text.is_empty())
}

/// The ID of a user that exists.
fn known(model: &Model, id: Option<&str>) -> Option<String> {
    let id = id?;
    (!model.profile(id).0.is_empty()).then(|| id.to_owned())
}

fn wrong(list: &str, at: usize, needs: &str) -> String {
    format!("entry {at} of the seed's {list} needs {needs}")
}
