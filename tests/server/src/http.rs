//! HTTP without I/O: REST, object storage, the tests' own `/control/…`, CORS. Files and upgrades are the shell's.
use openim_web::rt::md5::{hash, hex};
use serde_json::{Value, json};

use crate::model::faults::RestFault;
use crate::server::Server;
use crate::{control, jssdk};

/// Largest body.
pub const BODY_BYTES_MAX: usize = 64 << 20;
/// How long a call that hangs on purpose does so; clients give up before.
const HANG_MS: u64 = 120_000;

/// CORS of the real server (data.md §1); every answer has these headers, files as well, but for those that it
/// sets itself.
pub const CORS: [(&str, &str); 6] = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "*"),
    ("access-control-allow-headers", "*"),
    ("access-control-allow-credentials", "false"),
    ("access-control-max-age", "172800"),
    (
        "access-control-expose-headers",
        "Content-Length, Access-Control-Allow-Origin, Access-Control-Allow-Headers,Cache-Control,\
         Content-Language,Content-Type,Expires,Last-Modified,Pragma,FooBar",
    ),
];

/// A request.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// In capitals.
    pub method: String,
    /// Without the query.
    pub path: String,
    /// What follows the question mark.
    pub query: String,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Request {
    /// A header, "" if there is none.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }
}

/// An answer. The headers of [`CORS`] are added by the shell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// More headers.
    pub headers: Vec<(&'static str, String)>,
    /// Its body.
    pub body: Vec<u8>,
    /// It is sent after this many milliseconds.
    pub delay_ms: u64,
    /// Nothing is sent: the connection is cut.
    pub cut: bool,
}

impl Reply {
    fn status(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    fn typed(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type", kind.into())],
            body: body.into(),
            ..Self::default()
        }
    }

    fn json(value: &Value) -> Self {
        Self::typed(200, "application/json", value.to_string())
    }
}

/// Answers a request; `None` for what the server has no answer to: the shell looks for a file.
pub fn answer(server: &mut Server, now: i64, request: &Request) -> Option<Reply> {
    match request.method.as_str() {
        "OPTIONS" => Some(preflight(request)),
        "POST" => Some(post(server, now, request)),
        "PUT" => Some(put(server, now, request)),
        "GET" => get(server, now, request),
        _ => None,
    }
}

/// The object storage allows what is asked for by name: a star does not cover signatures.
fn preflight(request: &Request) -> Reply {
    let mut reply = Reply::status(200);
    if request.path.starts_with("/storage/") {
        let asked = request.header("access-control-request-headers");
        reply.headers = vec![("access-control-allow-headers", asked.to_owned())];
    }
    reply
}

/// What follows `prefix`, with the query.
fn target(request: &Request, prefix: &str) -> Option<String> {
    let path = request.path.strip_prefix(prefix)?;
    Some(format!("{path}?{}", request.query))
}

/// A file or a part of one, for the object storage.
fn put(server: &mut Server, now: i64, request: &Request) -> Reply {
    let Some(target) = target(request, "/storage/") else {
        return Reply::status(404);
    };
    let storage = &mut server.model.objects.storage;
    match storage.put(now, &target, &request.headers, &request.body) {
        Some(200) => Reply {
            headers: vec![("etag", format!("\"{}\"", hex(hash(&request.body))))],
            ..Reply::status(200)
        },
        Some(status) => Reply::status(status),
        None => Reply {
            cut: true,
            ..Reply::default()
        },
    }
}

/// The address of a stored file leads to the object storage, which has it.
fn get(server: &mut Server, now: i64, request: &Request) -> Option<Reply> {
    let objects = &mut server.model.objects;
    if let Some(target) = target(request, "/storage/") {
        return Some(match objects.storage.get(now, &target) {
            Ok((headers, object)) => Reply {
                headers,
                body: object.bytes,
                ..Reply::status(200)
            },
            Err(status) => Reply::status(status),
        });
    }
    let name = percent_decoded(request.path.strip_prefix("/object/")?);
    objects.base = base(request);
    Some(match objects.redirect(now, &name, &request.query) {
        Ok(url) => Reply {
            headers: vec![("location", url)],
            ..Reply::status(302)
        },
        Err((status, text)) => Reply::typed(status, "text/plain; charset=utf-8", text),
    })
}

/// The server's address as its caller names it.
fn base(request: &Request) -> String {
    match request.header("x-request-api") {
        "" => format!("http://{}", request.header("host")),
        named => named.trim_end_matches('/').to_owned(),
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

fn post(server: &mut Server, now: i64, request: &Request) -> Reply {
    let path = request.path.as_str();
    if let Some(fault) = server.model.faults.take_rest(path) {
        return broken(fault);
    }
    if let Some(action) = path.strip_prefix("/control/") {
        let body = parse(&request.body).unwrap_or_default();
        return match server.with(now, |model| control::act(model, now, action, &body)) {
            Some(answer) => Reply::json(&answer),
            None => Reply::typed(400, "text/plain", "no such action, or a wrong argument"),
        };
    }
    let is_protobuf =
        request.header("content-type").contains("protobuf") && path.starts_with("/jssdk/");
    let arguments = if is_protobuf {
        jssdk::arguments(path, &request.body)
    } else {
        parse(&request.body)
    };
    let body = arguments.unwrap_or_else(|| String::from_utf8_lossy(&request.body).into());
    let token = request.header("token");
    let operation_id = request.header("operationid");
    let base = base(request);
    let target = match request.query.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", request.query),
    };
    let result = server.with(now, |model| {
        model.objects.base = base;
        model.rest(now, &target, token, operation_id, &body)
    });
    match result {
        Ok(data) if is_protobuf => {
            let owner = server.model.owner_of(now, token);
            let last = |id: &str| {
                let mut found = server.model.last_messages(&owner, &[id.to_owned()]);
                found.remove(id)
            };
            envelope(0, "", "", Some(jssdk::reply(&data, last)))
        }
        Ok(Value::Null) => envelope(0, "", "", None),
        Ok(Value::Array(rows)) if rows.is_empty() => envelope(0, "", "", Some(Value::Null)),
        Ok(data) => envelope(0, "", "", Some(data)),
        Err(refusal) if refusal.code == 404 => Reply::status(404),
        Err(refusal) => Reply {
            status: refusal.status,
            ..envelope(refusal.code, refusal.message, &refusal.detail, None)
        },
    }
}

fn parse(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes).ok()
}

fn envelope(code: i32, message: &str, detail: &str, data: Option<Value>) -> Reply {
    let mut body = json!({"errCode": code, "errMsg": message, "errDlt": detail});
    if let Some(data) = data {
        body["data"] = data;
    }
    Reply::json(&body)
}

fn broken(fault: RestFault) -> Reply {
    match fault {
        RestFault::TooMany => {
            let mut reply = Reply::typed(429, "text/plain", "too many requests");
            reply.headers.push(("retry-after", "1".into()));
            reply
        }
        RestFault::Broken => Reply::typed(500, "text/plain", "broken"),
        RestFault::Refused => envelope(1002, "NoPermissionError", "refused", None),
        RestFault::Html => Reply::typed(
            200,
            "text/html; charset=utf-8",
            "<html><body>not the API</body></html>",
        ),
        RestFault::Hang => Reply {
            delay_ms: HANG_MS,
            ..Reply::status(504)
        },
    }
}
