//! The gateway over a real socket: refusals, both envelopes, gzip, heartbeat, limits, kick.
#![allow(clippy::unwrap_used)]
use std::io::{Read, Write};
use std::time::Duration;

use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use futures_util::{SinkExt, StreamExt};
use openim_server::json_envelope;
use openim_server::shell::{Shell, now_ms};
use openim_server::{seed, shell};
use openim_web::net::wire::envelope::{Request, Response};
use openim_web::net::wire::{pb, req};
use openim_web::rt::proto::Message as _;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A server on a free port: its shell and address.
async fn server() -> (Shell, String) {
    let shell = Shell::start(seed::model("demo", now_ms()).unwrap());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let app = shell::router(shell.clone(), None);
    tokio::spawn(async move { axum::serve(listener, app).await });
    (shell, address)
}

async fn dial(address: &str, user: &str, token: &str, more: &str) -> Socket {
    let url = format!(
        "ws://{address}/any/path?sendID={user}&token={token}&platformID=5&operationID=op&isBackground=false&isMsgResp=true{more}"
    );
    connect_async(url).await.unwrap().0
}

async fn next(socket: &mut Socket) -> Message {
    loop {
        let message = tokio::time::timeout(Duration::from_secs(20), socket.next()).await;
        match message
            .expect("the server says something")
            .unwrap()
            .unwrap()
        {
            Message::Ping(_) => {}
            message => return message,
        }
    }
}

fn newest(user: &str) -> Request {
    Request {
        req_identifier: req::GET_NEWEST_SEQ,
        send_id: user.into(),
        operation_id: "op".into(),
        msg_incr: "1".into(),
        data: pb::GetMaxSeqReq {
            user_id: user.into(),
        }
        .encode_to_vec(),
        ..Default::default()
    }
}

fn token(shell: &Shell, user: &str) -> String {
    shell.with(|model| model.issue_token(now_ms(), user, 5))
}

#[tokio::test]
async fn a_refused_token_is_told_in_the_first_frame() {
    let (shell, address) = server().await;
    let good = token(&shell, "alice");
    shell.with(|model| model.kick_user(now_ms(), "alice", 5));
    for (token, code) in [("garbage", 1503), ("a.b.c", 1503), (good.as_str(), 1506)] {
        let mut socket = dial(&address, "alice", token, "").await;
        let first: Value =
            serde_json::from_str(next(&mut socket).await.to_text().unwrap()).unwrap();
        assert_eq!(first["errCode"], code);
        assert!(
            socket
                .next()
                .await
                .is_none_or(|end| end.is_err() || end.unwrap().is_close())
        );
    }
}

#[tokio::test]
async fn both_envelopes_with_and_without_gzip_carry_the_same() {
    let (shell, address) = server().await;
    for (more, is_json, gzip) in [
        ("", false, false),
        ("&compression=gzip", false, true),
        ("&sdkType=js", true, false),
        ("&sdkType=js&compression=gzip", true, true),
    ] {
        let mut socket = dial(&address, "alice", &token(&shell, "alice"), more).await;
        assert!(next(&mut socket).await.is_text());
        let request = newest("alice");
        let mut bytes = if is_json {
            json_request(&request)
        } else {
            request.encode_gob()
        };
        if gzip {
            let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(&bytes).unwrap();
            bytes = encoder.finish().unwrap();
        }
        socket.send(Message::binary(bytes)).await.unwrap();
        let mut answer = next(&mut socket).await.into_data().to_vec();
        if gzip {
            let mut plain = Vec::new();
            GzDecoder::new(answer.as_slice())
                .read_to_end(&mut plain)
                .unwrap();
            answer = plain;
        }
        let (incr, code, data) = if is_json {
            json_answer(&answer)
        } else {
            gob_answer(&answer)
        };
        assert_eq!((incr.as_str(), code), ("1", 0), "{more}");
        let seqs = pb::GetMaxSeqResp::decode(data.as_slice()).unwrap().max_seqs;
        let expected = [pb::NumberEntry::from(("si_alice_bob".to_owned(), 51))];
        assert!(seqs.contains(&expected[0]), "{more}: {seqs:?}");
    }
}

fn json_request(request: &Request) -> Vec<u8> {
    use base64::Engine;
    let data = base64::engine::general_purpose::STANDARD.encode(&request.data);
    let envelope = serde_json::json!({"reqIdentifier": request.req_identifier, "sendID": request.send_id,
        "operationID": request.operation_id, "msgIncr": request.msg_incr, "data": data});
    assert_eq!(
        json_envelope::decode(envelope.to_string().as_bytes()).as_ref(),
        Some(request)
    );
    envelope.to_string().into_bytes()
}

fn json_answer(bytes: &[u8]) -> (String, i64, Vec<u8>) {
    use base64::Engine;
    let value: Value = serde_json::from_slice(bytes).unwrap();
    let data = base64::engine::general_purpose::STANDARD
        .decode(value["data"].as_str().unwrap())
        .unwrap();
    (
        value["msgIncr"].as_str().unwrap().into(),
        value["errCode"].as_i64().unwrap(),
        data,
    )
}

fn gob_answer(bytes: &[u8]) -> (String, i64, Vec<u8>) {
    let response = Response::decode_gob(bytes).unwrap();
    (
        response.msg_incr,
        i64::from(response.err_code),
        response.data,
    )
}

#[tokio::test]
async fn pings_are_answered_and_nonsense_ends_the_connection() {
    let (shell, address) = server().await;
    let token = token(&shell, "alice");
    let mut socket = dial(&address, "alice", &token, "").await;
    next(&mut socket).await;
    socket
        .send(Message::text(r#"{"type":"ping","body":"x"}"#))
        .await
        .unwrap();
    let pong: Value = serde_json::from_str(next(&mut socket).await.to_text().unwrap()).unwrap();
    assert_eq!(
        (pong["type"].as_str(), pong["body"].as_str()),
        (Some("pong"), Some("x"))
    );
    for nonsense in [
        Message::text("hello"),
        Message::binary(vec![1, 2, 3]),
        Message::binary(
            Request {
                req_identifier: 4711,
                ..newest("alice")
            }
            .encode_gob(),
        ),
        Message::binary(
            Request {
                send_id: "bob".into(),
                ..newest("alice")
            }
            .encode_gob(),
        ),
    ] {
        let mut socket = dial(&address, "alice", &token, "").await;
        next(&mut socket).await;
        socket.send(nonsense).await.unwrap();
        assert!(!matches!(
            socket.next().await,
            Some(Ok(Message::Binary(_) | Message::Text(_)))
        ));
    }
}

#[tokio::test]
async fn a_frame_over_the_limit_is_told_with_1009() {
    let (shell, address) = server().await;
    let mut socket = dial(&address, "alice", &token(&shell, "alice"), "").await;
    next(&mut socket).await;
    socket.send(Message::binary(vec![0; 51_201])).await.unwrap();
    match next(&mut socket).await {
        Message::Close(Some(frame)) => assert_eq!(frame.code, CloseCode::Size),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn another_login_kicks_and_another_tab_does_not() {
    let (shell, address) = server().await;
    let first = token(&shell, "alice");
    let mut old = dial(&address, "alice", &first, "").await;
    next(&mut old).await;
    let mut tab = dial(&address, "alice", &first, "").await;
    next(&mut tab).await;
    let mut new = dial(&address, "alice", &token(&shell, "alice"), "").await;
    next(&mut new).await;
    for socket in [&mut old, &mut tab] {
        let kick = Response::decode_gob(&next(socket).await.into_data()).unwrap();
        assert_eq!(
            (kick.req_identifier, kick.msg_incr.as_str()),
            (req::KICK_ONLINE, "")
        );
    }
    new.send(Message::binary(newest("alice").encode_gob()))
        .await
        .unwrap();
    assert_eq!(
        Response::decode_gob(&next(&mut new).await.into_data())
            .unwrap()
            .err_code,
        0
    );
}
