//! The contract: everything that crosses to JavaScript, as plain data. No I/O, no async.
//!
//! A method is a parameter type: its doc comment is the user's documentation, one [`crate::method!`]
//! line gives it a name and a reply, one line of `js/router.rs` a handler. Events likewise. The
//! TypeScript declarations are printed from these types (`js/dts.rs`), under the names applications
//! know from the official package.
//!
//! Invariants: nothing here reads a clock, a store or a socket; a type derives only the direction it
//! crosses in (parameters are read, replies are written).

use crate::rt::json::{Read, Value, Write};

pub mod compose;
pub mod conversation;
pub mod element;
pub mod error;
pub mod events;
pub mod files;
pub mod group;
pub mod message;
pub mod messaging;
pub mod relation;
pub mod session;
pub mod user;

pub use conversation::Conversation;
pub use error::{Error, Result};
pub use message::Message;

/// A method of the SDK, implemented by the type of its parameters.
pub trait Method: Read {
    /// The name as applications call it.
    const NAME: &'static str;
    /// What its promise resolves with (`data`).
    type Reply: Write;
}

/// An event of the SDK.
pub trait Event {
    /// The value of its `CbEvents` member, which listeners are registered under.
    const NAME: &'static str;
    /// What listeners get (`data`).
    type Data: Write + ?Sized;
}

/// `method!(SendMessage, "sendMessage" -> Message);`
#[macro_export]
macro_rules! method {
    ($params:ty, $name:literal -> $reply:ty) => {
        impl $crate::api::Method for $params {
            const NAME: &'static str = $name;
            type Reply = $reply;
        }
    };
}

/// The reply of methods that only do something: crosses as the empty string (api.md §1.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(test, derive(ts_rs::TS), ts(as = "String"))]
pub struct Done;

impl Write for Done {
    fn write(&self) -> Value {
        Value::from("")
    }
}
