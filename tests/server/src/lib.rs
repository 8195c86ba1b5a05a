//! A small open-im-server (v3.8 line) in one process: for trying, developing and testing.
//!
//! - [`model`]: what the server knows and decides; no I/O, no clock, no chance.
//! - [`server`]: the model and its connections, still without I/O; `gateway`: the WebSocket's wire; [`http`]: REST;
//!   [`control`]: scripted faults.
//! - [`seed`]: users and histories to begin with.
//! - `shell`: all that on a port, for Rust. Node's shell is in `npm/`, over the same code as WebAssembly (`node/`).
//!
//! It follows the protocol as the SDK's facts describe it, and serves the official clients unchanged.
pub mod control;
mod gateway;
pub mod http;
pub mod json_envelope;
pub mod jssdk;
pub mod model;
pub mod seed;
pub mod server;
#[cfg(feature = "native")]
pub mod shell;
