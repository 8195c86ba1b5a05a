//! What the platform gives: time, tasks, chance, JSON. Imports nothing of the SDK.
//!
//! Everything runs on one thread; futures are `!Send`, handles are `Rc`.
use futures_util::future::{Either, LocalBoxFuture, select};

#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod json;
pub mod map;
pub mod md5;
pub mod order;
pub mod proto;
#[cfg(any(test, feature = "testing"))]
pub mod sim;
pub mod turns;

/// Clock, timers, tasks and randomness of one engine.
pub trait Runtime {
    /// Wall clock, Unix milliseconds. It may jump.
    fn now_ms(&self) -> i64;
    /// Resolves after `ms` milliseconds, or later.
    fn sleep(&self, ms: u32) -> LocalBoxFuture<'static, ()>;
    /// Runs a task on this thread until it ends.
    fn spawn(&self, task: LocalBoxFuture<'static, ()>);
    /// 64 random bits.
    fn random(&self) -> u64;
    /// A line for the developer.
    fn log(&self, level: Level, text: &str);
}

/// How much a log line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A defect or a lost promise: a developer should look.
    Error,
    /// Something failed and is handled.
    Warn,
    /// What happens, for following a trace.
    Debug,
}

/// The wait ended before the future did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

/// Waits for `future` for at most `ms` milliseconds.
pub async fn timeout<T>(
    rt: &dyn Runtime,
    ms: u32,
    future: impl Future<Output = T>,
) -> Result<T, Elapsed> {
    futures_util::pin_mut!(future);
    match select(future, rt.sleep(ms)).await {
        Either::Left((value, _)) => Ok(value),
        Either::Right(_) => Err(Elapsed),
    }
}
