//! What applications leave with the server for others: push tokens, badges, logs. Nothing of it is kept.
use serde_json::Value;

use super::{Answer, refuse};

pub(crate) fn rest_third(path: &str, body: &Value) -> Answer<Value> {
    match path {
        "/third/fcm_update_token" | "/third/set_app_badge" => Ok(Value::Null),
        "/third/logs/upload" => match body["fileURLs"].as_array() {
            Some(files) if !files.is_empty() => Ok(Value::Null),
            _ => refuse(500, "must provide at least one element in input slice"),
        },
        _ => refuse(404, path),
    }
}
