//! Errors of the layers below as the errors applications get. Server codes stay as they are.
use crate::api::error::{Error, code, name};
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
            NetError::Server { code, message } => refused("", code, &message),
            NetError::Malformed(what) => {
                Error::new(code::INTERNAL, "the server's answer cannot be read").because(what)
            }
            NetError::TooLarge { .. } => Error::new(
                code::ARGS,
                "the message is larger than the server takes (51,200 bytes when compressed)",
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

/// How much of the server's text is shown to the developer.
const EXCERPT_CHARS: usize = 200;

/// What stands for a path where a message is sent over the link.
pub(crate) const SEND_TO_USER: &str = "send to a user";
/// The same of a message to a group.
pub(crate) const SEND_TO_GROUP: &str = "send to a group";

/// What a code means as the answer to one call, where that is sure and more than the code itself says:
/// path (or the beginning of paths, up to a slash), code, a part of the server's text ("" for any), name.
/// The first that fits counts.
#[rustfmt::skip]
const MEANINGS: &[(&str, i32, &str, &str)] = &[
    ("/friend/add_friend", 1004, "", name::USER_NOT_FOUND),
    ("/friend/add_friend_response", 1001, "processed", name::ALREADY_HANDLED),
    ("/friend/add_black", 1004, "", name::USER_NOT_FOUND),
    ("/friend/add_black", 500, "duplicate key", name::ALREADY_BLOCKED),
    ("/user/update_user_info_ex", 1004, "", name::USER_NOT_FOUND),
    ("/group/", 1001, "not in group", name::NOT_IN_GROUP),
    ("/group/", 1002, "not in group", name::NOT_IN_GROUP),
    ("/group/", 1002, "no in group", name::NOT_IN_GROUP),
    ("/group/create_group", 1004, "", name::USER_NOT_FOUND),
    ("/group/join_group", 1004, "", name::GROUP_NOT_FOUND),
    ("/group/join_group", 1001, "empty", name::ARGS),
    ("/group/join_group", 1001, "invalid", name::ARGS),
    ("/group/join_group", 1001, "", name::ALREADY_MEMBER),
    ("/group/quit_group", 1004, "", name::NOT_IN_GROUP),
    ("/group/dismiss_group", 1004, "", name::GROUP_NOT_FOUND),
    ("/group/invite_user_to_group", 1004, "user not found", name::USER_NOT_FOUND),
    ("/group/invite_user_to_group", 1004, "", name::GROUP_NOT_FOUND),
    ("/group/invite_user_to_group", 500, "duplicate key", name::ALREADY_MEMBER),
    ("/group/kick_group", 1004, "", name::GROUP_NOT_FOUND),
    ("/group/kick_group", 1101, "", name::NOT_IN_GROUP),
    ("/group/transfer_group", 1004, "", name::GROUP_NOT_FOUND),
    // Who asks, or who is named, is looked up as a member: a group that is not there has none.
    ("/group/set_group_info_ex", 1004, "", name::NOT_IN_GROUP),
    ("/group/mute_group_member", 1004, "", name::NOT_IN_GROUP),
    ("/group/cancel_mute_group_member", 1004, "", name::NOT_IN_GROUP),
    ("/group/group_application_response", 1004, "cache", name::NOT_IN_GROUP),
    (SEND_TO_USER, 1004, "", name::USER_NOT_FOUND),
    (SEND_TO_GROUP, 1004, "", name::GROUP_NOT_FOUND),
    (SEND_TO_GROUP, 1002, "", name::NOT_IN_GROUP),
];

/// The error of a call to `path`.
pub(crate) fn of_call(path: &str, error: NetError) -> Error {
    match error {
        NetError::Server { code, message } => refused(path, code, &message),
        other => other.into(),
    }
}

/// What the server refuses. Its own text, often a trace of its code, stands behind words.
fn refused(path: &str, code: i32, text: &str) -> Error {
    let is_of = |of: &str| of == path || (of.ends_with('/') && path.starts_with(of));
    let fits =
        |row: &&(&str, i32, &str, &str)| row.1 == code && is_of(row.0) && text.contains(row.2);
    let meaning = MEANINGS.iter().find(fits);
    let name = meaning.map_or_else(|| name::of(code), |row| row.3);
    let excerpt: String = text.chars().take(EXCERPT_CHARS).collect();
    let cause = match (name::words(name), excerpt.is_empty()) {
        ("", _) => excerpt,
        (words, true) => words.to_owned(),
        (words, false) => [words, " (", &excerpt, ")"].concat(),
    };
    let message = match code::name(code) {
        "" => code::name(code::UNKNOWN),
        known => known,
    };
    Error {
        code,
        name,
        message: message.into(),
        cause,
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Path, code, text of a real server's answers, and what they mean.
    #[rustfmt::skip]
    const ANSWERS: &[(&str, i32, &str, &str)] = &[
        ("/friend/add_friend", 1004, "RecordNotFoundError user not found", "userNotFound"),
        ("/friend/add_friend", 1301, "CanNotAddYourselfError req.ToUserID, ann=MISSING", "oneself"),
        ("/friend/add_friend", 1304, "RelationshipAlreadyError already friends has f", "alreadyFriend"),
        ("/friend/add_friend_response", 1001, "ArgsError the friend request has been processed", "alreadyHandled"),
        ("/friend/add_friend_response", 1001, "ArgsError toUserID is empty", "args"),
        ("/friend/add_friend_response", 1305, "FriendRequestHandled from=ann, to=ben", "alreadyHandled"),
        ("/friend/add_friend_response", 1004, "RecordNotFoundError", "notFound"),
        ("/friend/add_black", 500, "ServerInternalError bulk write exception: write errors: [E11000 duplicate key error collection", "alreadyBlocked"),
        ("/friend/add_black", 500, "ServerInternalError connection refused", "serverFailed"),
        ("/group/create_group", 1101, "UserIDNotFoundError user not found", "userNotFound"),
        ("/group/create_group", 1202, "GroupIDExisted group id existed gg", "groupExists"),
        ("/group/join_group", 1001, "ArgsError", "alreadyMember"),
        ("/group/join_group", 1001, "ArgsError groupID is empty", "args"),
        ("/group/join_group", 1001, "ArgsError joinSource is invalid", "args"),
        ("/group/join_group", 1004, "RecordNotFoundError", "groupNotFound"),
        ("/group/join_group", 1204, "DismissedAlreadyError", "groupDismissed"),
        ("/group/quit_group", 1004, "RecordNotFoundError", "notInGroup"),
        ("/group/quit_group", 1002, "NoPermissionError group owner can't quit", "noPermission"),
        ("/group/invite_user_to_group", 500, "ServerInternalError write errors: [E11000 duplicate key error", "alreadyMember"),
        ("/group/invite_user_to_group", 1004, "RecordNotFoundError user not found", "userNotFound"),
        ("/group/invite_user_to_group", 1004, "RecordNotFoundError", "groupNotFound"),
        ("/group/invite_user_to_group", 1002, "NoPermissionError op user not in group", "notInGroup"),
        ("/group/kick_group", 1101, "UserIDNotFoundError cat", "notInGroup"),
        ("/group/kick_group", 1002, "NoPermissionError opUserID no in group", "notInGroup"),
        ("/group/transfer_group", 1001, "ArgsError user not in group cat", "notInGroup"),
        ("/group/mute_group_member", 1004, "RecordNotFoundError cache is not found", "notInGroup"),
        ("/group/mute_group", 1002, "NoPermissionError no group owner or admin", "noPermission"),
        ("/group/set_group_member_info", 1001, "ArgsError user not in group", "notInGroup"),
        ("/group/group_application_response", 1004, "RecordNotFoundError", "notFound"),
        ("/group/group_application_response", 1004, "RecordNotFoundError cache is not found", "notInGroup"),
        ("/group/group_application_response", 1206, "GroupRequestHandled", "alreadyHandled"),
        ("/group/get_group_member_list", 1002, "NoPermissionError op user not in group", "notInGroup"),
        (SEND_TO_USER, 1004, "RecordNotFoundError", "userNotFound"),
        (SEND_TO_USER, 1002, "NoPermissionError", "noPermission"),
        (SEND_TO_USER, 1302, "BlockedByPeer", "blocked"),
        (SEND_TO_GROUP, 1002, "NoPermissionError", "notInGroup"),
        (SEND_TO_GROUP, 1203, "NotInGroupYetError", "notInGroup"),
        (SEND_TO_GROUP, 1004, "RecordNotFoundError", "groupNotFound"),
        (SEND_TO_GROUP, 1402, "MutedInGroup", "muted"),
        ("/msg/revoke_msg", 1404, "MsgAlreadyRevoke", "alreadyRevoked"),
        ("/auth/parse_token", 1505, "signature is invalid", "tokenInvalid"),
        ("/msg/delete_msgs", 1234, "whatever", ""),
    ];

    #[test]
    fn what_a_real_server_answers_has_a_name() {
        for (path, code, text, name) in ANSWERS {
            let message = (*text).to_owned();
            let error = of_call(
                path,
                NetError::Server {
                    code: *code,
                    message,
                },
            );
            assert_eq!((error.code, error.name), (*code, *name), "{path} {text}");
            assert!(
                error.cause.contains(text),
                "the server's text stays: {}",
                error.cause
            );
        }
    }

    #[test]
    fn words_stand_before_the_server_s_text() {
        let trace = format!("rpc error: {}", "x".repeat(1_000));
        let error = of_call(
            "",
            NetError::Server {
                code: 500,
                message: trace,
            },
        );
        assert_eq!(error.message, "ServerInternalError");
        assert!(error.cause.starts_with("The server failed. (rpc error: xx"));
        assert!(error.cause.len() < 300);
        let unknown = of_call(
            "",
            NetError::Server {
                code: 80_001,
                message: "why".into(),
            },
        );
        assert_eq!(
            (unknown.message.as_str(), unknown.cause.as_str()),
            ("UnknownCode", "why")
        );
    }

    #[test]
    fn every_meaning_is_met_by_an_answer() {
        let is_of = |row: &(&str, i32, &str, &str), path: &str| {
            row.0 == path || (row.0.ends_with('/') && path.starts_with(row.0))
        };
        for row in MEANINGS.iter().filter(|row| row.1 != 1004) {
            let met = |answer: &&(&str, i32, &str, &str)| {
                is_of(row, answer.0)
                    && answer.1 == row.1
                    && answer.2.contains(row.2)
                    && answer.3 == row.3
            };
            assert!(ANSWERS.iter().any(|answer| met(&answer)), "{row:?}");
        }
    }
}
