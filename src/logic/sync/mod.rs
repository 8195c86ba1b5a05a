//! Keeping equal with the server.
pub mod ranges;
pub mod seq;
