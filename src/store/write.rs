//! Everything that can be changed in a store. A slice of writes is one transaction.
use super::rows::MessageRow;

/// The small tables. A row is bytes under a text key; [`super::rows`] says what the bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Table {
    /// `ConversationRow` by conversationID.
    Conversations = 1,
    /// `AlignmentRow` by conversationID, notification channels included.
    Alignment = 2,
    /// `OutboxRow` by clientMsgID.
    Outbox = 3,
    /// `FriendRow` by user ID.
    Friends = 4,
    /// `BlackRow` by user ID.
    Blacks = 5,
    /// `GroupRow` by group ID.
    Groups = 6,
    /// `MemberRow` by group ID, a tab character, user ID.
    Members = 7,
    /// `UserRow` by user ID: oneself and strangers.
    Users = 8,
    /// `VersionRow` by list name (data.md §4.3), for members with the group ID behind a tab character.
    Versions = 9,
    /// Single values by name.
    Meta = 10,
    /// `UploadRow` by the hash of the file.
    Uploads = 11,
    /// `AnswerRow` by group ID, a tab character, user ID of the applicant.
    Answers = 12,
}

/// When a transaction counts as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// May vanish with a power cut, in order: for what the server can give again.
    Relaxed,
    /// On disk: for what only we have (outbox).
    Strict,
}

/// One change.
// A slice of writes is short-lived; a box a row would cost more than the space.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug, PartialEq)]
pub enum Write {
    /// Sets a row.
    Put {
        /// Where.
        table: Table,
        /// Its key.
        key: String,
        /// Its bytes.
        value: Vec<u8>,
    },
    /// Removes a row; no error if there is none.
    Delete {
        /// Where.
        table: Table,
        /// Its key.
        key: String,
    },
    /// Removes all rows of a table whose key begins with `prefix`.
    DeletePrefix {
        /// Where.
        table: Table,
        /// Beginning of the keys.
        prefix: String,
    },
    /// Adds messages with seq, ascending. None of their seqs and none of their clientMsgIDs may be
    /// held as a message with seq: [`super::StoreError::Duplicate`] otherwise. (A loose message of
    /// the same clientMsgID does not count.)
    InsertMessages {
        /// Whose.
        conversation_id: String,
        /// Each with seq > 0.
        rows: Vec<MessageRow>,
    },
    /// Replaces held messages, found by seq. Rows whose seq is not held are passed over.
    ReplaceMessages {
        /// Whose.
        conversation_id: String,
        /// Each with seq > 0 and an unchanged clientMsgID.
        rows: Vec<MessageRow>,
    },
    /// Removes messages with seq up to and including `up_to`.
    DeleteMessages {
        /// Whose.
        conversation_id: String,
        /// Last seq removed.
        up_to: i64,
    },
    /// Sets a message without seq.
    PutLoose {
        /// Whose.
        conversation_id: String,
        /// With seq 0.
        row: MessageRow,
    },
    /// Removes a message without seq; no error if there is none.
    DeleteLoose {
        /// Whose.
        conversation_id: String,
        /// Which.
        client_msg_id: String,
    },
    /// Removes all messages without seq of a conversation.
    ClearLoose {
        /// Whose.
        conversation_id: String,
    },
}
