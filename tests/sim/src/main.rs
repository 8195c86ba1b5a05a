//! `openim-sim`: what `cargo xtask sim` and the tests run.
//!
//! ```text
//! openim-sim explore                 every state of small worlds
//! openim-sim run N [FROM]            N seeds, from FROM on
//! openim-sim replay SEED             one seed, with all that happens
//! openim-sim scale                   the core with up to 100,000 conversations
//! ```
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

mod deeds;
mod explore;
mod liveness;
mod scale;
mod sim;
mod stores;
#[path = "../../world/mod.rs"]
mod world;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: u64| {
        let given = args.get(at).map(|text| text.parse());
        given.unwrap_or(Ok(default)).unwrap_or(default)
    };
    let passed = match args.first().map(String::as_str) {
        Some("explore") => explore::run(&explore::WORLDS),
        Some("scale") => scale::run(),
        Some("run") => seeds(number(1, 100), number(2, 1)),
        Some("replay") => replay(number(1, 1)),
        _ => false,
    };
    match passed {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// A seed, with what it panics with as its failure.
fn one(seed: u64, print: bool) -> Result<sim::Report, String> {
    let run = catch_unwind(AssertUnwindSafe(|| sim::run(seed, print)));
    run.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(text.unwrap_or_else(|| "panicked".into()))
    })
}

/// Runs seeds on all processors; each of some twice, to see that it goes the same way.
fn seeds(count: u64, from: u64) -> bool {
    std::panic::set_hook(Box::new(|_| {}));
    let next = AtomicU64::new(from);
    let steps = AtomicUsize::new(0);
    let failed = AtomicUsize::new(0);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= from + count {
                        return;
                    }
                    let mut done = one(seed, false);
                    if let Ok(report) = done
                        && seed.is_multiple_of(100)
                    {
                        let again = one(seed, false).map(|again| again.trace);
                        if again != Ok(report.trace) {
                            done = Err("another trace at the second time".into());
                        }
                    }
                    match done {
                        Ok(report) => drop(steps.fetch_add(report.steps, Ordering::Relaxed)),
                        Err(why) => {
                            failed.fetch_add(1, Ordering::Relaxed);
                            println!("FAIL seed {seed}: {why}\n     again: cargo xtask sim --replay {seed}");
                        }
                    }
                }
            });
        }
    });
    let failed = failed.into_inner() as u64;
    println!("{} passed, {failed} failed", count - failed);
    let commit = std::env::var("COMMIT").unwrap_or("unknown".into());
    let (last, steps) = (from + count - 1, steps.into_inner());
    println!("seeds {from} to {last}, {steps} steps, commit {commit}");
    failed == 0
}

fn replay(seed: u64) -> bool {
    match one(seed, true) {
        Ok(report) => println!(
            "ok   seed {seed}: {} steps, trace {:016x}",
            report.steps, report.trace
        ),
        Err(ref why) => {
            println!("FAIL seed {seed}: {why}");
            return false;
        }
    }
    true
}
