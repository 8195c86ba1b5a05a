//! What a session keeps in memory of its database. Only [`super::changes`] changes it, after the
//! database has it.

use super::sync::channel::Channel;
use super::sync::planner::Planner;
use crate::rt::map::Map;
use crate::store::rows::{BlackRow, ConversationRow, FriendRow, GroupRow, UserRow, VersionRow};

/// Conversations, channels and relations of the user.
#[derive(Default)]
pub struct State {
    /// By conversationID; hidden ones too.
    pub conversations: Map<String, ConversationRow>,
    /// By conversationID, notification channels included.
    pub channels: Map<String, Channel>,
    /// What of the channels is to be fetched next.
    pub planner: Planner,
    /// By user ID.
    pub friends: Map<String, FriendRow>,
    /// By user ID.
    pub blacks: Map<String, BlackRow>,
    /// By group ID: the groups the user is in.
    pub groups: Map<String, GroupRow>,
    /// How far each versioned list is synced, by the list's name.
    pub versions: Map<String, VersionRow>,
    /// Profiles seen, oneself included, by user ID.
    pub users: Map<String, UserRow>,
    /// clientMsgIDs of the news that wait for a gap, by conversationID.
    pub waiting: Map<String, Vec<String>>,
    /// Sum over the conversations that are shown and not muted.
    pub total_unread: i64,
    /// The newest seqs were learnt once: from then on every notification counts.
    pub begun: bool,
    /// The first sync of this database has been completed.
    pub synced_before: bool,
}

impl State {
    /// Unread messages of a conversation.
    pub fn unread(&self, conversation_id: &str) -> i64 {
        self.channels
            .get(conversation_id)
            .map_or(0, |channel| channel.align.unread())
    }

    /// What a conversation adds to the total: nothing while hidden or muted (sync.md §5.1).
    pub fn counted_unread(row: &ConversationRow, unread: i64) -> i64 {
        if row.latest_send_time > 0 && row.recv_msg_opt < 2 {
            unread
        } else {
            0
        }
    }
}
