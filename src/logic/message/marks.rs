//! MARKS of group chats: somebody named the user or everybody, or there is an announcement. No server
//! was seen to set them (its own call is refused inside it), so they follow from unread messages; a
//! server that does set them is believed.
use super::convert::kind;
use crate::logic::sync::seq::Alignment;
use crate::store::MessageRow;
use crate::store::rows::ConversationRow;

/// Named; everybody is named; both are these two bits.
const AT_ME: i32 = 1;
const AT_ALL: i32 = 2;
/// The group has a new announcement.
const ANNOUNCEMENT: i32 = 4;
/// Who stands for everybody in a list of who is named.
const EVERYBODY: &str = "AtAllTag";

/// The mark that a message of another gives; 0 for none.
pub(crate) fn of_message(me: &str, row: &MessageRow) -> i32 {
    let names = |id: &str| row.at_user_id_list.iter().any(|at| at == id);
    match row.content_type {
        kind::AT_TEXT => i32::from(names(me)) * AT_ME + i32::from(names(EVERYBODY)) * AT_ALL,
        kind::ANNOUNCEMENT => ANNOUNCEMENT,
        _ => 0,
    }
}

/// The mark that unread messages give.
fn derived(row: &ConversationRow, align: &Alignment) -> i32 {
    let is_unread = row.marked_seq > align.has_read_seq && row.marked_seq >= align.first();
    if is_unread { row.mark } else { 0 }
}

/// The mark that applications see.
pub(crate) fn shown(row: &ConversationRow, align: Option<&Alignment>) -> i32 {
    match (row.group_at_type, align) {
        (0, Some(align)) => derived(row, align),
        (set, _) => set,
    }
}

/// An unread message came that gives a mark. Who is named is more than an announcement, whatever the
/// order.
pub(crate) fn mark(conversation: &mut ConversationRow, align: &Alignment, new: i32, seq: i64) {
    if seq <= align.has_read_seq {
        return;
    }
    conversation.mark = match (derived(conversation, align), new) {
        (0 | ANNOUNCEMENT, new) => new,
        (old, ANNOUNCEMENT) => old,
        (old, new) => old | new,
    };
    conversation.marked_seq = conversation.marked_seq.max(seq);
}
