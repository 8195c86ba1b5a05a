//! Messages: made, sent, received, read back, changed.
pub(crate) mod burn;
pub mod clear;
pub mod compose;
pub mod convert;
pub mod delete;
pub(crate) mod early;
pub mod history;
pub(crate) mod marks;
pub mod media;
pub(crate) mod outbox;
pub mod read;
pub mod receive;
pub mod revoke;
pub mod search;
pub mod send;
pub mod typing;
