//! REST, static files, and the door to the gateway, all on one port.
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};
use tower_http::services::ServeDir;

use crate::model::faults::RestFault;
use crate::shell::{Shell, now_ms};
use crate::{control, gateway, jssdk};

/// All routes: `POST` is REST (`/control/…` the tests' own), an upgrade on any path is the gateway,
/// other `GET`s are files of `files`.
pub fn router(shell: Shell, files: Option<PathBuf>) -> Router {
    let files = files.unwrap_or_else(|| PathBuf::from("/nonexistent"));
    Router::new()
        .fallback_service(ServeDir::new(files))
        .layer(middleware::from_fn_with_state(shell, door))
}

/// CORS of the real server (data.md §1).
fn with_cors(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for name in [
        "access-control-allow-origin",
        "access-control-allow-methods",
        "access-control-allow-headers",
    ] {
        headers.insert(name, HeaderValue::from_static("*"));
    }
    headers.insert("access-control-max-age", HeaderValue::from_static("172800"));
    response
}

async fn door(State(shell): State<Shell>, request: Request, next: Next) -> Response {
    let is_upgrade = request.headers().get(header::UPGRADE).is_some();
    let response = match *request.method() {
        Method::OPTIONS => StatusCode::OK.into_response(),
        Method::POST => rest(shell, request).await,
        Method::PUT => put(shell, request).await,
        Method::GET if request.uri().path().starts_with("/object/") => object(&shell, &request),
        Method::GET if is_upgrade => return upgrade(shell, request).await,
        _ => next.run(request).await,
    };
    with_cors(response)
}

async fn upgrade(shell: Shell, request: Request) -> Response {
    use axum::extract::FromRequestParts;
    let (mut parts, _) = request.into_parts();
    let query = Query::<HashMap<String, String>>::from_request_parts(&mut parts, &()).await;
    let ws = WebSocketUpgrade::from_request_parts(&mut parts, &()).await;
    match (query, ws) {
        (Ok(Query(query)), Ok(ws)) => gateway::upgrade(shell, query, ws),
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// A part of an upload, for the object storage.
async fn put(shell: Shell, request: Request) -> Response {
    let target = request.uri().path_and_query().map(|target| target.as_str());
    let target = target.and_then(|target| target.strip_prefix("/storage/"));
    let Some(target) = target.map(str::to_owned) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(bytes) = axum::body::to_bytes(request.into_body(), 64 << 20).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    match shell.with(|model| model.objects.put(now_ms(), &target, &bytes)) {
        Some(status) => StatusCode::from_u16(status)
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            .into_response(),
        None => {
            let broken = std::io::Error::other("the connection is cut on purpose");
            let body = futures_util::stream::iter([Err::<Bytes, _>(broken)]);
            axum::body::Body::from_stream(body).into_response()
        }
    }
}

/// A stored file.
fn object(shell: &Shell, request: &Request) -> Response {
    let name = request.uri().path().trim_start_matches("/object/");
    let name = percent_decoded(name);
    let blob = shell.with(|model| model.objects.named(&name).cloned());
    match blob {
        Some(blob) => ([(header::CONTENT_TYPE, blob.content_type)], blob.bytes).into_response(),
        None => answer(1004, "RecordNotFoundError", "no such object", None),
    }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.map(|hex| u8::from_str_radix(hex, 16)) {
            Some(Ok(byte)) if *first == b'%' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn rest(shell: Shell, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let headers = request.headers().clone();
    let Ok(bytes) = axum::body::to_bytes(request.into_body(), 8 << 20).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    if let Some(fault) = shell.with(|model| model.faults.take_rest(&path)) {
        return broken(fault).await;
    }
    if let Some(action) = path.strip_prefix("/control/") {
        return control::run(&shell, action, &parse(&bytes).unwrap_or(Value::Null));
    }
    let header = |name: &str| text(&headers, name);
    let is_protobuf = header("content-type").contains("protobuf") && path.starts_with("/jssdk/");
    let arguments = if is_protobuf {
        jssdk::arguments(&path, &bytes)
    } else {
        parse(&bytes)
    };
    let body = match arguments {
        Some(body) => body,
        None => return answer(1001, "ArgsError", "body is not JSON", None),
    };
    let base = format!("http://{}", header("host"));
    let result = shell.with(|model| {
        model.objects.base = base;
        model.rest(
            now_ms(),
            &path,
            &header("token"),
            &header("operationID"),
            &body,
        )
    });
    match result {
        Ok(data) if is_protobuf => {
            let owner = shell.with(|model| model.owner_of(now_ms(), &header("token")));
            let last = |id: &str| {
                shell.with(|model| model.last_messages(&owner, &[id.to_owned()]).remove(id))
            };
            answer(0, "", "", Some(jssdk::reply(&data, last)))
        }
        Ok(Value::Null) => answer(0, "", "", None),
        Ok(data) => answer(0, "", "", Some(data)),
        Err(refusal) if refusal.code == 404 => StatusCode::NOT_FOUND.into_response(),
        Err(refusal) => answer(refusal.code, refusal.message, &refusal.detail, None),
    }
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

fn parse(bytes: &Bytes) -> Option<Value> {
    if bytes.is_empty() {
        return Some(json!({}));
    }
    serde_json::from_slice(bytes).ok()
}

fn answer(code: i32, message: &str, detail: &str, data: Option<Value>) -> Response {
    let mut body = json!({"errCode": code, "errMsg": message, "errDlt": detail});
    if let Some(data) = data {
        body["data"] = data;
    }
    axum::Json(body).into_response()
}

async fn broken(fault: RestFault) -> Response {
    match fault {
        RestFault::TooMany => (
            StatusCode::TOO_MANY_REQUESTS,
            [(header::RETRY_AFTER, "1")],
            "too many requests",
        )
            .into_response(),
        RestFault::Broken => (StatusCode::INTERNAL_SERVER_ERROR, "broken").into_response(),
        RestFault::Html => Html("<html><body>not the API</body></html>").into_response(),
        RestFault::Hang => {
            tokio::time::sleep(Duration::from_secs(120)).await;
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
    }
}
