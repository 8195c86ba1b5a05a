//! OpenIM in the browser.
pub mod net;
