//! Logging in and out, and what the application tells about its state (api.md §2).
use crate::rt::json::Read;

use super::Done;
use crate::method;

/// Logs in: opens the local database, then connects in the background.
///
/// Resolves when the database is open, before the server has answered: watch `OnConnectSuccess`,
/// `OnUserTokenExpired`, `OnUserTokenInvalid` and `OnKickedOffline`. Rejects with 10102 if somebody is
/// logged in.
#[derive(Clone, Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "InitAndLoginConfig"))]
pub struct Login {
    #[serde(rename = "userID")]
    pub user_id: String,
    /// Token the application's server got from the OpenIM server.
    pub token: String,
    /// 5 for web (`Platform.Web`); the token is bound to it.
    #[serde(rename = "platformID")]
    pub platform_id: i32,
    /// `http://` or `https://` address of the REST API.
    #[serde(rename = "apiAddr")]
    pub api_addr: String,
    /// `ws://` or `wss://` address of the message gateway.
    #[serde(rename = "wsAddr")]
    pub ws_addr: String,
    #[serde(default, rename = "logLevel")]
    #[cfg_attr(test, ts(optional, type = "LogLevel"))]
    pub log_level: Option<i32>,
    /// Write log lines to the console.
    #[serde(default, rename = "isLogStandardOutput")]
    #[cfg_attr(test, ts(optional))]
    pub is_log_standard_output: Option<bool>,
    /// Accepted for the official SDK's sake, without effect.
    #[serde(default, rename = "isExternalExtensions")]
    #[cfg_attr(test, ts(optional))]
    pub is_external_extensions: Option<bool>,
    /// `false`: `data` of results and events is JSON text instead of a value.
    #[serde(default, rename = "tryParse")]
    #[cfg_attr(test, ts(optional))]
    pub try_parse: Option<bool>,
    /// Send again what an earlier life of the page or a lost connection left unsent. Without it such a
    /// message is marked failed, as with the official SDK. Either way it is looked for first: it is
    /// never sent twice.
    #[serde(default, rename = "autoResend")]
    #[cfg_attr(test, ts(optional))]
    pub auto_resend: Option<bool>,
    /// Another tab's session goes on here (set by the front): what that one may not have told is told.
    #[serde(default, rename = "takeOver")]
    #[cfg_attr(test, ts(skip))]
    pub take_over: Option<bool>,
    /// Keep everything in memory (set by the front where another tab has the database).
    #[serde(default, rename = "inMemory")]
    #[cfg_attr(test, ts(skip))]
    pub in_memory: Option<bool>,
}
method!(Login, "login" -> Done);

/// Logs out: tells the server, closes connection and database. The token stays valid.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Logout;
method!(Logout, "logout" -> Done);

/// 1 logged out, 2 logging in, 3 logged in (locally; not necessarily connected).
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetLoginStatus;
method!(GetLoginStatus, "getLoginStatus" -> LoginStatus);

/// `LoginStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, crate::rt::json::Write)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LoginStatus(#[cfg_attr(test, ts(type = "LoginStatus"))] pub i32);

impl LoginStatus {
    /// Nobody is logged in.
    pub const LOGOUT: LoginStatus = LoginStatus(1);
    /// `login` runs.
    pub const LOGGING: LoginStatus = LoginStatus(2);
    /// Somebody is logged in.
    pub const LOGGED: LoginStatus = LoginStatus(3);
}

/// The logged-in user's ID, "" if nobody is logged in.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GetLoginUserId;
method!(GetLoginUserId, "getLoginUserID" -> String);

/// Tells that the application went to the background (`true`) or came back (`false`).
///
/// In the background new messages are announced by `OnRecvOfflineNewMessages`.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SetAppBackgroundStatus(pub bool);
method!(SetAppBackgroundStatus, "setAppBackgroundStatus" -> Done);

/// Tells that the network changed: the connection is made anew. Resolves at once.
#[derive(Debug, Read)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NetworkStatusChanged;
method!(NetworkStatusChanged, "networkStatusChanged" -> Done);
