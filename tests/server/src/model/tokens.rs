//! Tokens and connections: who may connect, who is kicked (wire.md §1, §8).
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use openim_web::net::wire::envelope::Response;
use openim_web::net::wire::req;
use serde_json::{Value, json};
use sha2::Sha256;

use super::{Answer, Conn, ConnId, Effect, Model, refuse};

/// Default validity: 90 days.
const VALID_MS: i64 = 90 * 24 * 3_600_000;
/// The secret of the usual docker set-up.
pub const ADMIN_SECRET: &str = "openIM123";
/// The administrator of the usual docker set-up.
pub const ADMIN_USER: &str = "imAdmin";

/// The platform of administrators' tokens.
pub const ADMIN_PLATFORM: i32 = 10;

/// A token that was given out.
#[derive(Clone, Debug)]
pub struct Token {
    /// Whose.
    pub user_id: String,
    /// For which platform.
    pub platform_id: i32,
    /// Unix milliseconds.
    pub expires: i64,
    /// Another login took its place.
    pub kicked: bool,
}

/// Who makes a REST call; nobody by default.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// User ID.
    pub user_id: String,
    /// May act for others.
    pub is_admin: bool,
}

/// A JWT of these claims, times in seconds, signed with the secret.
fn signed(user_id: &str, platform_id: i32, issued: i64, expires: i64) -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = part(json!({"alg": "HS256", "typ": "JWT"}));
    let body = part(json!({
        "UserID": user_id, "PlatformID": platform_id, "exp": expires, "iat": issued,
    }));
    let data = format!("{head}.{body}");
    let signature = URL_SAFE_NO_PAD.encode(signature(&data).finalize().into_bytes());
    format!("{data}.{signature}")
}

fn signature(data: &str) -> Hmac<Sha256> {
    let mut hmac = Hmac::<Sha256>::new_from_slice(ADMIN_SECRET.as_bytes()).expect("any length");
    hmac.update(data.as_bytes());
    hmac
}

/// When a token expires, in seconds; refused if it is none, or not signed with the secret.
fn expiry(token: &str) -> Answer<i64> {
    let parts: Vec<&str> = token.split('.').collect();
    let &[head, body, given] = parts.as_slice() else {
        return refuse(1503, "token is malformed");
    };
    let json = |part: &str| {
        let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
        serde_json::from_slice::<Value>(&bytes).ok()
    };
    let (Some(_), Some(claims)) = (json(head), json(body)) else {
        return refuse(1503, "token is malformed");
    };
    let given = URL_SAFE_NO_PAD.decode(given).unwrap_or_default();
    if signature(&format!("{head}.{body}"))
        .verify_slice(&given)
        .is_err()
    {
        return refuse(1505, "token has another signature");
    }
    Ok(claims["exp"].as_i64().unwrap_or(0))
}

impl Model {
    /// A token as the API gives it: two of one second are the same. Older ones of the same user and platform are
    /// kicked (policy 1).
    pub fn token_of(&mut self, now: i64, user_id: &str, platform_id: i32) -> String {
        self.issue(now / 1000, now + VALID_MS, user_id, platform_id)
    }

    /// A token that nobody had before; older ones are kicked as well.
    pub fn issue_token(&mut self, now: i64, user_id: &str, platform_id: i32) -> String {
        let expires = now + VALID_MS;
        let fresh = |issued: &i64| {
            !self
                .tokens
                .contains_key(&signed(user_id, platform_id, *issued, expires / 1000))
        };
        let issued = (0..=now / 1000).rev().find(fresh).unwrap_or(0);
        self.issue(issued, expires, user_id, platform_id)
    }

    /// Tokens that were kicked before are forgotten now, of whatever platform.
    fn issue(&mut self, issued: i64, expires: i64, user_id: &str, platform_id: i32) -> String {
        self.tokens
            .retain(|_, token| token.user_id != user_id || !token.kicked);
        if self.login_policy == 1 && user_id != ADMIN_USER {
            let older = self.tokens.values_mut();
            older
                .filter(|t| t.user_id == user_id && t.platform_id == platform_id)
                .for_each(|t| t.kicked = true);
        }
        let token = signed(user_id, platform_id, issued, expires / 1000);
        self.tokens.insert(
            token.clone(),
            Token {
                user_id: user_id.to_owned(),
                platform_id,
                expires,
                kicked: false,
            },
        );
        token
    }

    /// Checks a token.
    pub fn check_token(&self, now: i64, token: &str) -> Answer<&Token> {
        let expires = expiry(token)?;
        let known = self.tokens.get(token);
        if now >= known.map_or(expires * 1000, |token| token.expires) {
            return refuse(1501, "token has expired");
        }
        let Some(known) = known else {
            return refuse(1507, "token is not known");
        };
        if known.kicked {
            return refuse(1506, "token was kicked");
        }
        Ok(known)
    }

    /// Who calls with this token.
    pub(crate) fn caller(&self, now: i64, token: &str) -> Answer<Caller> {
        let token = self.check_token(now, token)?;
        Ok(Caller {
            is_admin: token.user_id == ADMIN_USER,
            user_id: token.user_id.clone(),
        })
    }

    /// Checks a connection's claims.
    pub fn may_connect(
        &self,
        now: i64,
        user_id: &str,
        platform_id: i32,
        token: &str,
    ) -> Answer<()> {
        if self.faults.refuse_connects {
            return refuse(1601, "over max conn num limit");
        }
        let known = self.check_token(now, token)?;
        if known.user_id != user_id || known.platform_id != platform_id {
            return refuse(1502, "token is of another user or platform");
        }
        Ok(())
    }

    /// Registers a connection; connections of the same platform with another token are kicked.
    pub fn connect(&mut self, now: i64, user_id: &str, platform_id: i32, token: &str) -> ConnId {
        let id = self.number();
        if self.login_policy == 1 {
            let other =
                |c: &Conn| c.user_id == user_id && c.platform_id == platform_id && c.token != token;
            let older: Vec<ConnId> = self
                .conns
                .iter()
                .filter(|(_, c)| other(c))
                .map(|(id, _)| *id)
                .collect();
            older.into_iter().for_each(|conn| self.kick(now, conn));
        }
        let conn = Conn {
            user_id: user_id.to_owned(),
            platform_id,
            token: token.to_owned(),
            subscribed: Default::default(),
            is_in_background: false,
        };
        self.conns.insert(id, conn);
        self.online_moved(now, user_id);
        id
    }

    /// The connection is gone.
    pub fn disconnect(&mut self, now: i64, conn: ConnId) {
        if let Some(conn) = self.conns.remove(&conn) {
            self.online_moved(now, &conn.user_id);
        }
    }

    /// Frame 2002, then the end; the token is kicked.
    pub fn kick(&mut self, now: i64, conn: ConnId) {
        let Some(gone) = self.conns.remove(&conn) else {
            return;
        };
        if let Some(token) = self.tokens.get_mut(&gone.token) {
            token.kicked = true;
        }
        let frame = Response {
            req_identifier: req::KICK_ONLINE,
            ..Default::default()
        };
        self.effect(Effect::Send {
            conn,
            frame,
            delay_ms: 0,
        });
        self.effect(Effect::Close { conn });
        self.online_moved(now, &gone.user_id);
    }

    /// The administrator's `force_logout`, and what tests ask for.
    pub fn kick_user(&mut self, now: i64, user_id: &str, platform_id: i32) {
        let tokens = self.tokens.values_mut();
        tokens
            .filter(|t| t.user_id == user_id && t.platform_id == platform_id)
            .for_each(|t| t.kicked = true);
        for conn in self.conns_of(user_id) {
            if self.conns[&conn].platform_id == platform_id {
                self.kick(now, conn);
            }
        }
    }
}

impl Model {
    /// A user's tokens are too old from now on.
    pub fn expire_tokens(&mut self, now: i64, user_id: &str) {
        let own = self
            .tokens
            .values_mut()
            .filter(|token| token.user_id == user_id);
        own.for_each(|token| token.expires = now);
    }

    /// Whose token this is; empty if it is not valid.
    pub fn owner_of(&self, now: i64, token: &str) -> String {
        self.check_token(now, token)
            .map(|token| token.user_id.clone())
            .unwrap_or_default()
    }

    /// All connections.
    pub fn all_conns(&self) -> Vec<ConnId> {
        self.conns.keys().copied().collect()
    }

    /// Connections of a user.
    pub fn conns_of_user(&self, user_id: &str) -> Vec<ConnId> {
        self.conns_of(user_id)
    }

    /// Puts an effect in the queue.
    pub fn redo(&mut self, effect: Effect) {
        self.effect(effect);
    }
}
