//! Conversation and message identifiers (sync.md §1).
use crate::rt::Runtime;

/// Session types of conversations.
pub const SINGLE: i32 = 1;
/// A group chat.
pub const GROUP: i32 = 3;
/// A chat with a notification account.
pub const SYSTEM: i32 = 4;

/// `si_` and both user IDs, sorted by bytes.
pub fn single(a: &str, b: &str) -> String {
    pair("si_", a, b)
}

/// `sg_` and the group ID.
pub fn group(group_id: &str) -> String {
    ["sg_", group_id].concat()
}

/// `sn_` and both user IDs, sorted by bytes.
pub fn system(a: &str, b: &str) -> String {
    pair("sn_", a, b)
}

fn pair(prefix: &str, a: &str, b: &str) -> String {
    let (low, high) = if a <= b { (a, b) } else { (b, a) };
    [prefix, low, "_", high].concat()
}

/// The conversation of a peer or group as seen by `me`; `None` for another session type.
pub fn of_session(me: &str, source_id: &str, session_type: i32) -> Option<String> {
    match session_type {
        SINGLE => Some(single(me, source_id)),
        // 2 is the old group kind, which servers refuse; its conversations are groups.
        2 | GROUP => Some(group(source_id)),
        SYSTEM => Some(system(me, source_id)),
        _ => None,
    }
}

/// Whether the channel holds only notifications of the server and is never shown.
pub fn is_notification(conversation_id: &str) -> bool {
    conversation_id.starts_with("n_")
}

/// 32 hexadecimal digits.
pub fn new_client_msg_id(rt: &dyn Runtime) -> String {
    let digits = b"0123456789abcdef";
    [rt.random(), rt.random()]
        .iter()
        .flat_map(|n| n.to_be_bytes())
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(digits[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_sorted_by_bytes() {
        assert_eq!(single("b", "a"), "si_a_b");
        assert_eq!(single("a", "B"), "si_B_a");
        assert_eq!(of_session("me", "me", SINGLE).as_deref(), Some("si_me_me"));
        assert_eq!(of_session("me", "7", GROUP).as_deref(), Some("sg_7"));
        assert_eq!(of_session("me", "x", 9), None);
    }
}
