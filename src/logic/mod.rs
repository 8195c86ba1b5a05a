//! Layer 2: what the SDK does. Platform-independent: sees the world only through traits.
pub mod sync;
