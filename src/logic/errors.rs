//! Errors of the layers below as the errors applications get. Server codes stay as they are.
use crate::api::error::{Error, code};
use crate::net::NetError;
use crate::rt::json::JsonError;
use crate::store::StoreError;

impl From<NetError> for Error {
    fn from(error: NetError) -> Self {
        match error {
            NetError::NotConnected => Error::new(code::NETWORK, "not connected to the server"),
            NetError::Lost => {
                Error::new(code::NETWORK, "the connection was lost during the request")
            }
            NetError::Timeout => {
                Error::new(code::NETWORK_TIMEOUT, "the server did not answer in time")
            }
            NetError::Server { code, message } => Error::new(code, message),
            NetError::Malformed(what) => {
                Error::new(code::INTERNAL, "the server's answer cannot be read").because(what)
            }
            NetError::TooLarge { .. } => Error::new(
                code::ARGS,
                "the message is larger than the server takes (51,200 bytes)",
            ),
            NetError::Http { status, body } => {
                let text = ["the API answered with HTTP status ", &status.to_string()].concat();
                Error::new(code::NETWORK, text).because(body)
            }
            NetError::Unreachable(why) => {
                Error::new(code::NETWORK, "the server cannot be reached").because(why)
            }
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        let (text, cause) = match error {
            StoreError::Fenced => {
                return Error::new(code::LEADER_CHANGED, "another tab has taken over");
            }
            StoreError::Duplicate => ("the row exists already", String::new()),
            StoreError::Quota(why) => ("the browser's storage is full", why),
            StoreError::Closed => ("the local database is closed", String::new()),
            StoreError::Unavailable(why) => ("the local database cannot be opened", why),
            StoreError::Corrupt(why) => ("the local database is damaged", why),
            StoreError::Other(why) => ("the local database failed", why),
        };
        Error::new(code::STORAGE, text).because(cause)
    }
}

impl From<JsonError> for Error {
    fn from(error: JsonError) -> Self {
        Error::new(code::INTERNAL, "a value cannot be converted").because(error.0)
    }
}

/// Whether the same may work later: the network, the server or the local database failed, and it was not
/// refused for what it is.
pub fn is_transient(code: i32) -> bool {
    !(1_000..2_000).contains(&code) && code != code::ARGS
}

/// Whether a code says that the login token is no good any more (wire.md §1.4).
pub fn is_token(code: i32) -> bool {
    (code::TOKEN_EXPIRED..=code::TOKEN_NOT_EXIST).contains(&code)
}
