//! Layer 1: bytes in and out. Knows neither the store nor the API types.
pub mod wire;
