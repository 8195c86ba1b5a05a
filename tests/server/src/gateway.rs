//! The WebSocket gateway: connect, envelopes, heartbeat, deadlines (wire.md §1 to §3).
use std::collections::HashMap;
use std::io::{Read, Write};
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::{IntoResponse, Response as HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use futures_util::SinkExt;
use futures_util::stream::{SplitSink, SplitStream, StreamExt};
use openim_web::net::wire::envelope::{Request, Response};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::json_envelope;
use crate::model::{ConnId, Refusal, refuse};
use crate::shell::{Outgoing, Shell, now_ms};

/// Frames that wait for a slow client.
const QUEUE: usize = 4_096;
/// Largest frame of a client, as it is on the wire.
const FRAME_BYTES_MAX: usize = 51_200;
/// A connection without a frame of its client is dropped.
const READ_WAIT: Duration = Duration::from_secs(30);
/// The server's own ping, for web clients.
const PING_EVERY: Duration = Duration::from_secs(27);
/// Platform that gets pings.
const WEB: i32 = 5;

/// What a connect asks for.
#[derive(Clone, Debug)]
struct Connect {
    user_id: String,
    token: String,
    platform_id: i32,
    is_json: bool,
    gzip: bool,
    wants_answer: bool,
}

/// Answers an upgrade.
pub fn upgrade(shell: Shell, query: HashMap<String, String>, ws: WebSocketUpgrade) -> HttpResponse {
    let connect = match parse(&query) {
        Ok(connect) => connect,
        Err(refusal) => return axum::Json(body(&refusal)).into_response(),
    };
    let allowed = shell.with(|model| {
        model.may_connect(
            now_ms(),
            &connect.user_id,
            connect.platform_id,
            &connect.token,
        )
    });
    match allowed {
        // The connection count is checked before the arguments are known: never readable (wire.md §1.3).
        Err(refusal) if !connect.wants_answer || refusal.code == 1601 => {
            axum::Json(body(&refusal)).into_response()
        }
        Err(refusal) => ws.on_upgrade(move |mut socket| async move {
            let _ = socket
                .send(Message::Text(body(&refusal).to_string().into()))
                .await;
        }),
        Ok(()) => ws
            .max_message_size(1 << 22)
            .on_upgrade(move |socket| serve(shell, connect, socket)),
    }
}

fn body(refusal: &Refusal) -> Value {
    json!({"errCode": refusal.code, "errMsg": refusal.message, "errDlt": refusal.detail})
}

fn parse(query: &HashMap<String, String>) -> Result<Connect, Refusal> {
    let mut values: HashMap<String, String> = query.clone();
    if let Some(v) = query.get("v").filter(|v| !v.is_empty()) {
        let bytes = URL_SAFE_NO_PAD
            .decode(v)
            .or_else(|_| refuse(1602, "data is not base64"))?;
        let all: Value =
            serde_json::from_slice(&bytes).or_else(|_| refuse(1602, "data is not json"))?;
        let text = |key: &str| all[key].as_str().unwrap_or_default().to_owned();
        values = HashMap::from([
            ("sendID".into(), text("userID")),
            ("token".into(), text("token")),
            ("operationID".into(), text("operationID")),
            ("platformID".into(), all["platformID"].to_string()),
            ("sdkType".into(), text("sdkType")),
            ("compression".into(), text("compression")),
            (
                "isMsgResp".into(),
                all["sendResponse"].as_bool().unwrap_or(false).to_string(),
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
    if !(1..=11).contains(&platform_id) {
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

fn go_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

async fn serve(shell: Shell, connect: Connect, socket: WebSocket) {
    let (mut sink, stream) = socket.split();
    if connect.wants_answer {
        let hello = r#"{"errCode":0,"errMsg":"","errDlt":""}"#;
        if sink.send(Message::Text(hello.into())).await.is_err() {
            return;
        }
    }
    let (writer, outgoing) = mpsc::channel(QUEUE);
    let (control, pongs) = mpsc::channel(16);
    let conn =
        shell.with(|model| model.connect(&connect.user_id, connect.platform_id, &connect.token));
    shell.attach(conn, writer);
    let writing = write(sink, connect.clone(), outgoing, pongs);
    let reading = read(&shell, &connect, conn, stream, control);
    // Whichever side ends first ends the connection.
    futures_util::pin_mut!(writing, reading);
    futures_util::future::select(writing, reading).await;
    shell.detach(conn);
}

async fn write(
    mut sink: SplitSink<WebSocket, Message>,
    connect: Connect,
    mut outgoing: mpsc::Receiver<Outgoing>,
    mut control: mpsc::Receiver<Message>,
) {
    let mut ping = tokio::time::interval(PING_EVERY);
    ping.tick().await;
    loop {
        let message = tokio::select! {
            next = outgoing.recv() => match next {
                Some(Outgoing::Frame(frame)) => Message::Binary(pack(&connect, &frame).into()),
                Some(Outgoing::Raw(bytes)) => Message::Binary(bytes.into()),
                Some(Outgoing::Close) | None => return,
            },
            next = control.recv() => match next {
                Some(message) => message,
                None => return,
            },
            _ = ping.tick(), if connect.platform_id == WEB => Message::Ping(Vec::new().into()),
        };
        let is_close = matches!(message, Message::Close(_));
        if sink.send(message).await.is_err() || is_close {
            return;
        }
    }
}

async fn read(
    shell: &Shell,
    connect: &Connect,
    conn: ConnId,
    mut stream: SplitStream<WebSocket>,
    control: mpsc::Sender<Message>,
) {
    while let Ok(Some(Ok(message))) = tokio::time::timeout(READ_WAIT, stream.next()).await {
        match message {
            Message::Binary(bytes) if bytes.len() > FRAME_BYTES_MAX => {
                let close = CloseFrame {
                    code: 1009,
                    reason: "message too big".into(),
                };
                let _ = control.send(Message::Close(Some(close))).await;
                return tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Message::Binary(bytes) => match unpack(connect, &bytes) {
                Some(request) => shell.with(|model| model.frame(now_ms(), conn, &request)),
                None => return,
            },
            Message::Text(text) => match pong(&text) {
                Some(Some(answer)) => drop(control.send(Message::Text(answer.into())).await),
                Some(None) => {}
                None => return,
            },
            Message::Ping(_) | Message::Pong(_) => {}
            Message::Close(frame) => {
                let _ = control.send(Message::Close(frame)).await;
                return tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// The answer to a text frame: a pong for a ping, nothing for a pong, `None` for anything else.
fn pong(text: &str) -> Option<Option<String>> {
    let value: Value = serde_json::from_str(text).ok()?;
    match value["type"].as_str()? {
        "ping" => Some(Some(
            json!({"type": "pong", "body": value["body"]}).to_string(),
        )),
        "pong" => Some(None),
        _ => None,
    }
}

fn pack(connect: &Connect, frame: &Response) -> Vec<u8> {
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

fn unpack(connect: &Connect, bytes: &[u8]) -> Option<Request> {
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
