//! OpenIM in the browser: the map of the crate, in reading order.
//!
//! - [`api`]: the contract; everything that crosses to JavaScript, as plain data.
//! - `js`: the edge; the only folder that knows JavaScript (browser only, but for its router).
//! - [`logic`]: what the SDK does, on any platform.
//! - [`net`]: bytes in and out: wire format, connection, REST.
//! - [`store`]: what survives a reload.
//! - [`rt`]: time, tasks, chance, JSON of the platform; protobuf.
// What is derived names the crate, here and in the test server.
extern crate self as openim_web;

pub mod api;
pub mod js;
pub mod logic;
pub mod net;
pub mod rt;
pub mod store;
