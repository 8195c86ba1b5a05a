//! A small open-im-server (v3.8 line) in one process: for trying, developing and testing.
//!
//! - [`model`]: what the server knows and decides; no I/O, no clock, no chance.
//! - `gateway`: the WebSocket side; `http`: REST and static files; `control`: scripted faults.
//! - `seed`: users and histories to begin with.
//!
//! It follows the protocol as the SDK's facts describe it, and serves the official clients unchanged.
pub mod control;
pub mod gateway;
pub mod http;
pub mod json_envelope;
pub mod jssdk;
pub mod model;
pub mod seed;
pub mod shell;
