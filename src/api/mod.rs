//! The contract: everything that crosses to JavaScript, as plain data. No I/O, no async.
//!
//! A method is a parameter type: its doc comment is the user's documentation, one [`crate::method!`]
//! line gives it a name and a reply, one line of `js/router.rs` a handler. Events likewise. The
//! TypeScript declarations are printed from these types.
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A method of the SDK, implemented by the type of its parameters.
pub trait Method: DeserializeOwned {
    /// The name as applications call it.
    const NAME: &'static str;
    /// What its promise resolves with (`data`).
    type Reply: Serialize;
}

/// An event of the SDK.
pub trait Event {
    /// The value of its `CbEvents` member, which listeners are registered under.
    const NAME: &'static str;
    /// What listeners get (`data`).
    type Data: Serialize;
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
