//! The envelope as JSON (`sdkType=js`): what the pure-JS client speaks (wire.md §2.2). The SDK itself
//! speaks gob.
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openim_web::net::wire::envelope::{Request, Response};
use serde_json::{Value, json};

/// Reads a request; `None` if it is not one.
pub fn decode(bytes: &[u8]) -> Option<Request> {
    let value: Value = serde_json::from_slice(bytes).ok()?;
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    Some(Request {
        req_identifier: i32::try_from(value["reqIdentifier"].as_i64()?).ok()?,
        token: text("token"),
        send_id: text("sendID"),
        operation_id: text("operationID"),
        msg_incr: text("msgIncr"),
        data: STANDARD.decode(text("data")).ok()?,
    })
}

/// Writes a response; without a body `data` is null.
pub fn encode(response: &Response) -> Vec<u8> {
    let data = match response.data.is_empty() {
        true if response.err_code != 0 || response.msg_incr.is_empty() => Value::Null,
        _ => json!(STANDARD.encode(&response.data)),
    };
    let value = json!({
        "reqIdentifier": response.req_identifier, "msgIncr": response.msg_incr,
        "operationID": response.operation_id, "errCode": response.err_code,
        "errMsg": response.err_msg, "data": data,
    });
    value.to_string().into_bytes()
}
