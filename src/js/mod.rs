//! The edge to JavaScript, and where the parts are put together.
//!
//! What crosses: `call(method, params, operationID)` in, its promise and the events out. Parameters,
//! replies and event data are plain values; nothing else is exported but construction, `wake` and
//! `close`.
//!
//! - The router, and with it every method, also runs natively, so that tests need no JavaScript.
//! - A callback into JavaScript is never made inside a borrow or a transaction: events wait in a queue
//!   that is emptied from the event loop, and before the reply of the call that caused them.
//! - A panic is a trap in the browser: the page is told by the glue, and the module is not entered again.
//! - An `if` about messaging in this folder is a bug.
pub mod router;

mod codec;
#[cfg(test)]
pub(crate) mod dts;
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
mod error;
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
mod events;
#[cfg(test)]
mod official;
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
mod parts;
#[cfg(all(target_arch = "wasm32", feature = "engine"))]
mod sdk;
