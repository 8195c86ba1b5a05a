//! The wire format: one binary WebSocket message is one envelope; its `data` is one protobuf message.
//! Frames and identifiers as in wire.md §2 and §4.1.
pub mod envelope;
pub mod gzip;
pub mod pb;

/// Request and push identifiers (`reqIdentifier`, wire.md §4.1).
pub mod req {
    /// Newest seq of every conversation of the user.
    pub const GET_NEWEST_SEQ: i32 = 1001;
    /// Pull messages by seq ranges.
    pub const PULL_BY_RANGE: i32 = 1002;
    /// Send one message.
    pub const SEND_MSG: i32 = 1003;
    /// Pull messages by lists of seqs.
    pub const PULL_BY_SEQS: i32 = 1005;
    /// Read position and newest seq by conversation.
    pub const GET_READ_AND_MAX_SEQ: i32 = 1006;
    /// Last message by conversation.
    pub const GET_LAST_MESSAGE: i32 = 1007;
    /// Server to client: messages.
    pub const PUSH_MSG: i32 = 2001;
    /// Server to client: another login took this one's place.
    pub const KICK_ONLINE: i32 = 2002;
    /// Log out; the server closes after the answer.
    pub const LOGOUT: i32 = 2003;
    /// Tell the server that the app went to the background or came back.
    pub const SET_BACKGROUND: i32 = 2004;
    /// Presence: subscribe, and changes.
    pub const SUB_USER_ONLINE: i32 = 2005;
}
