//! The envelope of every binary frame, in its two encodings, and the text frames beside it.
//! Byte layouts and the reasons for tolerance as in wire.md §2.2, §2.3, §3.

/// Client to server.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    pub req_identifier: i32,
    pub token: String,
    pub send_id: String,
    pub operation_id: String,
    pub msg_incr: String,
    /// Protobuf of the request message.
    pub data: Vec<u8>,
}

/// Server to client: an answer, or a push if `msg_incr` is empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Response {
    pub req_identifier: i32,
    pub msg_incr: String,
    pub operation_id: String,
    pub err_code: i32,
    pub err_msg: String,
    /// Protobuf of the answer; empty where there is none.
    pub data: Vec<u8>,
}
