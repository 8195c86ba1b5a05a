//! REST: paths, arguments, answers (data.md §1, §2). The shell adds envelope, headers and CORS.
use serde_json::{Value, json};

use super::tokens::{ADMIN_PLATFORM, ADMIN_SECRET, ADMIN_USER, Caller};
use super::{Answer, Model, Refusal, accounts, refuse, rules, third};

/// A text argument; "" where it is absent.
pub(crate) fn text<'a>(body: &'a Value, key: &str) -> &'a str {
    body[key].as_str().unwrap_or_default()
}

/// A list of texts; empty where it is absent or null.
pub(crate) fn texts(body: &Value, key: &str) -> Vec<String> {
    let list = body[key].as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// A number; 0 where it is absent.
pub(crate) fn int(body: &Value, key: &str) -> i64 {
    body[key].as_i64().unwrap_or(0)
}

/// A list of numbers.
pub(crate) fn ints(body: &Value, key: &str) -> Vec<i64> {
    let list = body[key].as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_i64).collect()
}

/// A list as the server writes it: null where it is empty.
pub(crate) fn list(rows: Vec<Value>) -> Value {
    match rows.is_empty() {
        true => Value::Null,
        false => Value::Array(rows),
    }
}

/// The page a request asks for, of all rows.
pub(crate) fn page(body: &Value, rows: Vec<Value>) -> Answer<Vec<Value>> {
    let number = int(&body["pagination"], "pageNumber");
    let show = int(&body["pagination"], "showNumber");
    if number < 1 {
        return refuse(1001, "pageNumber is invalid");
    }
    Ok(rows
        .into_iter()
        .skip(((number - 1) * show.max(0)) as usize)
        .take(show.max(0) as usize)
        .collect())
}

/// Keeps of `patch` what is given, over `row`.
pub(crate) fn merge(row: &mut Value, patch: &Value, keys: &[&str]) -> bool {
    let mut changed = false;
    for key in keys {
        if !patch[*key].is_null() && row[*key] != patch[*key] {
            row[*key] = patch[*key].clone();
            changed = true;
        }
    }
    changed
}

impl Model {
    /// One call. `token` and `operation_id` are the headers, `target` is the path and the query; a body that is not
    /// JSON comes as a text.
    pub fn rest(
        &mut self,
        now: i64,
        target: &str,
        token: &str,
        operation_id: &str,
        body: &Value,
    ) -> Answer<Value> {
        if operation_id.is_empty() {
            return refuse(1001, "header must have operationID");
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let open = matches!(path, "/auth/get_admin_token" | "/auth/parse_token");
        if token.is_empty() && !open {
            return refuse(1001, "header must have token");
        }
        let caller = match open {
            true => Caller::default(),
            false => self.caller(now, token)?,
        };
        if let Some(answer) = self.rest_posting(now, path, query, &caller, body) {
            return answer;
        }
        if !rules::readable(body) {
            return Err(Refusal {
                code: 1001,
                message: "body is not what the path takes",
                detail: path.to_owned(),
                status: 200,
            });
        }
        rules::check(path, &caller, body)?;
        match path {
            "/auth/get_admin_token" => return self.admin_token(now, body),
            "/auth/parse_token" => return self.parse_token(now, body),
            _ => {}
        }
        let (group, _) = path[1..].split_once('/').unwrap_or_default();
        match group {
            "auth" => self.rest_auth(now, path, body),
            "user" => self.rest_user(now, path, &caller, body),
            "friend" => self.rest_friend(now, path, &caller, body),
            "group" => self.rest_group(now, path, &caller, body),
            "conversation" | "jssdk" => self.rest_conversation(now, path, &caller, body),
            "msg" => self.rest_msg(now, path, &caller, body),
            "third" => third::rest_third(path, body),
            "object" => self.rest_object(now, path, &caller, body),
            _ => refuse(404, path),
        }
    }

    fn admin_token(&mut self, now: i64, body: &Value) -> Answer<Value> {
        if text(body, "secret") != ADMIN_SECRET {
            return refuse(1002, "secret is wrong");
        }
        if text(body, "userID") != ADMIN_USER {
            return refuse(1001, "userID is no administrator");
        }
        let token = self.token_of(now, ADMIN_USER, ADMIN_PLATFORM);
        Ok(json!({"token": token, "expireTimeSeconds": 7_776_000}))
    }

    fn parse_token(&self, now: i64, body: &Value) -> Answer<Value> {
        let token = self.check_token(now, text(body, "token"))?;
        Ok(
            json!({"userID": token.user_id, "platformID": token.platform_id,
                  "expireTimeSeconds": token.expires / 1000}),
        )
    }

    fn rest_auth(&mut self, now: i64, path: &str, body: &Value) -> Answer<Value> {
        let (user, platform) = (
            text(body, "userID").to_owned(),
            int(body, "platformID") as i32,
        );
        match path {
            "/auth/get_user_token" => {
                if platform == ADMIN_PLATFORM || user == ADMIN_USER {
                    return refuse(1002, "not for administrators");
                }
                let Some(known) = self.users.get(&user) else {
                    return refuse(1004, "user does not exist");
                };
                if int(known, "appMangerLevel") >= accounts::NOTICE_LEVEL {
                    return refuse(1001, "nobody signs in with an account for notices");
                }
                let token = self.token_of(now, &user, platform);
                Ok(json!({"token": token, "expireTimeSeconds": 7_776_000}))
            }
            "/auth/force_logout" => {
                self.kick_user(now, &user, platform);
                Ok(Value::Null)
            }
            _ => refuse(404, path),
        }
    }
}

impl Caller {
    /// The caller, or for an administrator anybody.
    pub(crate) fn may_act_for(&self, user: &str) -> Answer<()> {
        if self.is_admin || self.user_id == user {
            return Ok(());
        }
        refuse(1002, "for the user or an administrator")
    }
}
