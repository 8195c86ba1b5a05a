//! The table of error codes, and the one error type that crosses to JavaScript.
//!
//! Codes are stable, texts are not. Server codes pass through unchanged (wire.md §9.1), the SDK's own
//! are those of the official core (wire.md §9.3).
use std::fmt;

/// What a method answers.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed, as applications see it: `errCode`, `errName`, `errMsg`, `cause`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// One of [`code`], or a code of the server.
    pub code: i32,
    /// What it means, whichever code the server's version gives: one of [`name`], or "".
    pub name: &'static str,
    /// Short name of the code, or the server's text. Not for matching.
    pub message: String,
    /// What went wrong in words a developer understands; may be empty.
    pub cause: String,
}

impl Error {
    /// An error of the SDK itself: the message is the name of `code` in [`code::TABLE`].
    pub fn new(code: i32, cause: impl Into<String>) -> Self {
        Error {
            code,
            name: name::of(code),
            message: code::name(code).into(),
            cause: cause.into(),
        }
    }

    /// An error the server answered with.
    pub fn server(code: i32, message: impl Into<String>) -> Self {
        Error {
            code,
            name: name::of(code),
            message: message.into(),
            cause: String::new(),
        }
    }

    /// Wrong arguments; `cause` names the argument.
    pub fn args(cause: impl Into<String>) -> Self {
        Error::new(code::ARGS, cause)
    }

    /// A broken invariant or an answer nobody expected.
    pub fn internal(cause: impl Into<String>) -> Self {
        Error::new(code::INTERNAL, cause)
    }

    /// The call needs a logged-in user.
    pub fn not_logged_in() -> Self {
        Error::new(code::NOT_LOGGED_IN, "call login() first")
    }

    /// Something asked for by ID is not held locally.
    pub fn not_found(cause: impl Into<String>) -> Self {
        Error::new(code::RECORD_NOT_FOUND, cause)
    }

    /// The same error with an explanation.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = cause.into();
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.code, self.message, self.cause)
    }
}

impl std::error::Error for Error {}

/// Stable names of what applications tell apart. Servers of one version answer the same mistake with
/// different codes, and those of another version with yet others.
pub mod name {
    macro_rules! names {
        ($(#[doc = $doc:literal] $name:ident = $text:literal: [$($code:literal),*];)*) => {
            $(#[doc = $doc] pub const $name: &str = $text;)*

            /// Every name: itself, codes that always mean it, explanation.
            pub const TABLE: &[(&str, &[i32], &str)] = &[$(($text, &[$($code),*], $doc)),*];
        };
    }

    names! {
        /// An argument is missing or wrong.
        ARGS = "args": [1001, 10002];
        /// The user may not do that.
        NO_PERMISSION = "noPermission": [1002];
        /// There is no such conversation, message, application or other record.
        NOT_FOUND = "notFound": [1004];
        /// There is no user of this ID.
        USER_NOT_FOUND = "userNotFound": [1101, 10100];
        /// There is no group of this ID.
        GROUP_NOT_FOUND = "groupNotFound": [1201, 10400];
        /// A group of this ID exists already.
        GROUP_EXISTS = "groupExists": [1202];
        /// The user, or who is named, is not a member of the group.
        NOT_IN_GROUP = "notInGroup": [1203];
        /// The group is dismissed.
        GROUP_DISMISSED = "groupDismissed": [1204];
        /// The application was answered before.
        ALREADY_HANDLED = "alreadyHandled": [1206, 1305];
        /// Somebody who is to come into the group is a member already.
        ALREADY_MEMBER = "alreadyMember": [];
        /// They are friends already.
        ALREADY_FRIEND = "alreadyFriend": [1304];
        /// The user is on the black list already.
        ALREADY_BLOCKED = "alreadyBlocked": [];
        /// Nobody can do that to himself.
        ONESELF = "oneself": [1301];
        /// The receiver has the sender on the black list.
        BLOCKED = "blocked": [1302];
        /// The receiver takes messages from friends only.
        NOT_FRIEND = "notFriend": [1303];
        /// The sender is muted in the group.
        MUTED = "muted": [1402];
        /// The whole group is muted.
        GROUP_MUTED = "groupMuted": [1403];
        /// The message is revoked already.
        ALREADY_REVOKED = "alreadyRevoked": [1404];
        /// The login token is too old: fetch a new one and log in again.
        TOKEN_EXPIRED = "tokenExpired": [1501];
        /// Another login of the same user and platform took over.
        TOKEN_KICKED = "tokenKicked": [1506];
        /// The login token is not one of this server, user and platform.
        TOKEN_INVALID = "tokenInvalid": [1502, 1503, 1504, 1505, 1507];
        /// No connection to the server, or it broke.
        OFFLINE = "offline": [10000];
        /// No answer in time.
        TIMEOUT = "timeout": [10001, 10003];
        /// Nobody is logged in, or not any more.
        NOT_LOGGED_IN = "notLoggedIn": [10009, 10101];
        /// Neither this SDK nor the open-source server can do that.
        NOT_SUPPORTED = "notSupported": [10205, 10301, 10302, 10401];
        /// The server failed.
        SERVER_FAILED = "serverFailed": [500];
    }

    /// The name that a code always has, or "".
    pub fn of(code: i32) -> &'static str {
        let row = TABLE.iter().find(|row| row.1.contains(&code));
        row.map_or("", |row| row.0)
    }

    /// The explanation of a name, or "".
    pub fn words(name: &str) -> &'static str {
        let row = TABLE.iter().find(|row| row.0 == name);
        row.map_or("", |row| row.2.trim_ascii())
    }
}

/// Error codes by name.
pub mod code {
    macro_rules! codes {
        ($($(#[doc = $doc:literal])+ $name:ident = $number:literal, $text:literal;)*) => {
            $($(#[doc = $doc])+ pub const $name: i32 = $number;)*

            /// Every code the SDK itself gives or looks at: number, short message, explanation.
            pub const TABLE: &[(i32, &str, &str)] = &[$(($number, $text, concat!($($doc),+))),*];

            /// The short message of a code, "" for a code that is not in the table.
            pub fn name(number: i32) -> &'static str {
                match number { $($number => $text,)* _ => "" }
            }
        };
    }

    codes! {
        /// The server failed.
        SERVER_INTERNAL = 500, "ServerInternalError";
        /// The server refuses the arguments.
        SERVER_ARGS = 1001, "ArgsError";
        /// The server refuses for lack of rights.
        NO_PERMISSION = 1002, "NoPermissionError";
        /// The record exists already.
        DUPLICATE_KEY = 1003, "DuplicateKeyError";
        /// The record (conversation, message …) does not exist here or at the server.
        RECORD_NOT_FOUND = 1004, "RecordNotFoundError";
        /// No user of this ID at the server (which mostly says so by 1004).
        SERVER_USER_NOT_FOUND = 1101, "UserIDNotFoundError";
        /// A user of this ID exists already.
        REGISTERED = 1102, "RegisteredAlreadyError";
        /// No group of this ID at the server.
        SERVER_GROUP_NOT_FOUND = 1201, "GroupIDNotFoundError";
        /// A group of this ID exists already.
        GROUP_EXISTS = 1202, "GroupIDExisted";
        /// The sender is not a member of the group.
        NOT_IN_GROUP = 1203, "NotInGroupYetError";
        /// The group is dismissed.
        DISMISSED = 1204, "DismissedAlreadyError";
        /// The application for membership was answered before.
        GROUP_REQUEST_HANDLED = 1206, "GroupRequestHandled";
        /// Nobody can be a friend of himself.
        ONESELF = 1301, "CanNotAddYourselfError";
        /// The receiver has the sender on the black list.
        BLOCKED_BY_PEER = 1302, "BlockedByPeer";
        /// The receiver takes messages from friends only.
        NOT_PEERS_FRIEND = 1303, "NotPeersFriend";
        /// They are friends already.
        ALREADY_FRIENDS = 1304, "RelationshipAlreadyError";
        /// The application for friendship was answered before.
        FRIEND_REQUEST_HANDLED = 1305, "FriendRequestHandled";
        /// The sender is muted in the group.
        MUTED_IN_GROUP = 1402, "MutedInGroup";
        /// The whole group is muted.
        MUTED_GROUP = 1403, "MutedGroup";
        /// The message is revoked already.
        ALREADY_REVOKED = 1404, "MsgAlreadyRevoke";
        /// The login token is too old: fetch a new one and log in again.
        TOKEN_EXPIRED = 1501, "TokenExpiredError";
        /// The login token is refused.
        TOKEN_INVALID = 1502, "TokenInvalidError";
        /// The login token cannot be read.
        TOKEN_MALFORMED = 1503, "TokenMalformedError";
        /// The login token is not valid yet: clocks differ.
        TOKEN_NOT_VALID_YET = 1504, "TokenNotValidYetError";
        /// The login token is of an unknown kind.
        TOKEN_UNKNOWN = 1505, "TokenUnknownError";
        /// Another login of the same user and platform took over.
        TOKEN_KICKED = 1506, "TokenKickedError";
        /// The server does not know the login token.
        TOKEN_NOT_EXIST = 1507, "TokenNotExistError";
        /// The server has too many connections.
        CONN_OVER_MAX = 1601, "ConnOverMaxNumLimit";
        /// The server refuses the arguments of the connection.
        CONN_ARGS = 1602, "ConnArgsErr";
        /// No connection to the server, or it broke.
        NETWORK = 10000, "NetworkError";
        /// The server did not answer in time.
        NETWORK_TIMEOUT = 10001, "NetworkTimeoutError";
        /// An argument is missing or wrong.
        ARGS = 10002, "ArgsError";
        /// The call took longer than it may.
        DEADLINE = 10003, "CtxDeadlineExceededError";
        /// The engine could not be loaded.
        LOAD = 10004, "ResourceLoadNotCompleteError";
        /// A failure without a code of its own.
        UNKNOWN = 10005, "UnknownCode";
        /// A defect of the SDK or an answer nobody expected.
        INTERNAL = 10006, "SdkInternalError";
        /// The engine is closed or was never started.
        NOT_INIT = 10008, "SDKNotInitError";
        /// Nobody is logged in.
        NOT_LOGGED_IN = 10009, "SDKNotLoginError";
        /// The local database failed: the disk is full, or the browser took it away.
        STORAGE = 10020, "StorageError";
        /// A file could not be uploaded: it cannot be read, the upload was ended, or the storage refused it.
        UPLOAD = 10021, "UploadError";
        /// The tab that did the work went away during the call; whether it was done is not known. Look, and
        /// ask again.
        LEADER_CHANGED = 10022, "LeaderChangedError";
        /// The server has no object storage: it takes no files (`object.enable` in its openim-rpc-third.yml).
        NO_OBJECT_STORAGE = 10023, "ObjectStorageOffError";
        /// The user does not exist.
        USER_NOT_FOUND = 10100, "UserIDNotFoundError";
        /// The user logged out while the call ran.
        LOGGED_OUT = 10101, "LoginOutError";
        /// Somebody is logged in already.
        LOGIN_REPEAT = 10102, "LoginRepeatError";
        /// The message (clientMsgID) is sent already.
        MESSAGE_REPEAT = 10204, "MsgRepeatError";
        /// Messages of this content type cannot be sent.
        CONTENT_TYPE = 10205, "MsgContentTypeNotSupportError";
        /// The message has no seq yet: the server has not confirmed it.
        NO_SEQ = 10206, "MsgHasNoSeqError";
        /// The message is deleted.
        MESSAGE_DELETED = 10207, "MsgHasDeletedError";
        /// The method is not supported.
        NOT_SUPPORTED = 10301, "NotSupportOptError";
        /// The type of session or conversation is not supported.
        TYPE_NOT_SUPPORTED = 10302, "NotSupportTypeError";
        /// The group does not exist.
        GROUP_NOT_FOUND = 10400, "GroupIDNotFoundError";
        /// Groups of this type are not supported.
        GROUP_TYPE = 10401, "GroupTypeErr";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_explained() {
        let mut numbers: Vec<i32> = code::TABLE.iter().map(|row| row.0).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), code::TABLE.len());
        for (number, name, doc) in code::TABLE {
            assert!(
                !name.is_empty() && doc.len() > 10,
                "{number} is not explained"
            );
            assert_eq!(code::name(*number), *name);
        }
        assert_eq!(code::name(80000), "");
    }

    #[test]
    fn names_are_unique_and_a_code_has_one() {
        let mut names: Vec<&str> = name::TABLE.iter().map(|row| row.0).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), name::TABLE.len());
        let codes: Vec<i32> = name::TABLE
            .iter()
            .flat_map(|row| row.1.iter().copied())
            .collect();
        for code in &codes {
            assert_eq!(
                codes.iter().filter(|other| *other == code).count(),
                1,
                "{code}"
            );
            assert_ne!(code::name(*code), "", "{code} is not in the table of codes");
        }
        for (name, _, doc) in name::TABLE {
            assert_eq!(name::words(name), doc.trim());
            assert!(
                doc.trim().ends_with('.') && doc.len() > 10,
                "{name} is not explained"
            );
        }
    }
}
