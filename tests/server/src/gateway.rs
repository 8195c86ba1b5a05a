//! The wire of the WebSocket gateway: what a connect asks for, envelopes, heartbeat texts (wire.md §1 to
//! §3). Who is connected, and for how long, is in `server.rs`.
use std::collections::HashMap;
use std::io::{Read, Write};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use openim_web::net::wire::envelope::{Request, Response};
use serde_json::{Value, json};

use crate::json_envelope;
use crate::model::{Refusal, refuse};

/// Platforms are numbered from 1 to this.
const LAST_PLATFORM: i32 = 12;

/// What a connect asks for.
#[derive(Clone, Debug)]
pub(crate) struct Connect {
    pub(crate) user_id: String,
    pub(crate) token: String,
    pub(crate) platform_id: i32,
    is_json: bool,
    gzip: bool,
    pub(crate) wants_answer: bool,
}

/// A refusal as text.
pub(crate) fn body(refusal: &Refusal) -> String {
    json!({"errCode": refusal.code, "errMsg": refusal.message, "errDlt": refusal.detail})
        .to_string()
}

/// Reads an upgrade's query.
pub(crate) fn parse(query: &str) -> Result<Connect, Refusal> {
    let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
    let mut values: HashMap<String, String> = pairs.collect();
    if let Some(v) = values.get("v").filter(|v| !v.is_empty()) {
        let bytes = URL_SAFE_NO_PAD
            .decode(v)
            .or_else(|_| refuse(1602, "data is not base64"))?;
        let all: Value =
            serde_json::from_slice(&bytes).or_else(|_| refuse(1602, "data is not json"))?;
        let all = any_case(&all);
        let text = |key: &str| all[key].as_str().unwrap_or_default().to_owned();
        if ["sendresponse", "background"]
            .iter()
            .any(|key| !all[key].is_null() && !all[key].is_boolean())
        {
            return refuse(1602, "data is not what it should be");
        }
        values = HashMap::from([
            ("sendID".into(), text("userid")),
            ("token".into(), text("token")),
            ("operationID".into(), text("operationid")),
            ("platformID".into(), all["platformid"].to_string()),
            ("sdkType".into(), text("sdktype")),
            ("compression".into(), text("compression")),
            (
                "isMsgResp".into(),
                all["sendresponse"].as_bool().unwrap_or(false).to_string(),
            ),
            ("isBackground".into(), "false".into()),
        ]);
    }
    let get = |key: &str| values.get(key).map_or("", String::as_str);
    for (key, empty) in [
        ("sendID", "sendID is empty"),
        ("token", "token is empty"),
        ("operationID", "operationID is empty"),
    ] {
        if get(key).is_empty() {
            return refuse(1602, empty);
        }
    }
    let platform_id = get("platformID")
        .parse()
        .or_else(|_| refuse(1602, "platformID is not int"))?;
    if !(1..=LAST_PLATFORM).contains(&platform_id) {
        return refuse(1602, "platformID is invalid");
    }
    if go_bool(get("isBackground")).is_none() {
        return refuse(500, "isBackground is not bool");
    }
    let wants_answer = match get("isMsgResp") {
        "" => false,
        text => go_bool(text).map_or_else(|| refuse(1602, "isMsgResp is not bool"), Ok)?,
    };
    let is_json = match get("sdkType") {
        "" | "go" => false,
        "js" => true,
        _ => return refuse(1602, "sdkType is invalid"),
    };
    Ok(Connect {
        user_id: get("sendID").to_owned(),
        token: get("token").to_owned(),
        platform_id,
        is_json,
        gzip: get("compression") == "gzip",
        wants_answer,
    })
}

/// The same with keys in small letters: the server finds them in any.
fn any_case(all: &Value) -> Value {
    let fields = all.as_object().into_iter().flatten();
    fields
        .map(|(key, value)| (key.to_lowercase(), value.clone()))
        .collect()
}

fn go_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// The answer to a text frame: a pong for a ping, nothing for a pong, `None` for anything else.
pub(crate) fn pong(text: &str) -> Option<Option<String>> {
    let value: Value = serde_json::from_str(text).ok()?;
    match value["type"].as_str()? {
        "ping" => Some(Some(
            json!({"type": "pong", "body": value["body"]}).to_string(),
        )),
        "pong" => Some(None),
        _ => None,
    }
}

/// A response as this connection wants it.
pub(crate) fn pack(connect: &Connect, frame: &Response) -> Vec<u8> {
    let bytes = if connect.is_json {
        json_envelope::encode(frame)
    } else {
        frame.encode_gob()
    };
    if !connect.gzip {
        return bytes;
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(&bytes);
    encoder.finish().unwrap_or_default()
}

/// A request; `None` if it is not one.
pub(crate) fn unpack(connect: &Connect, bytes: &[u8]) -> Option<Request> {
    let mut plain = Vec::new();
    let bytes = if connect.gzip {
        GzDecoder::new(bytes)
            .take(8 << 20)
            .read_to_end(&mut plain)
            .ok()?;
        &plain
    } else {
        bytes
    };
    if connect.is_json {
        json_envelope::decode(bytes)
    } else {
        Request::decode_gob(bytes).ok()
    }
}
