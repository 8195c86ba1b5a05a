//! `openim-sim`: see `cargo xtask sim`.
use std::process::ExitCode;

mod explore;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let passed = match args.first().map(String::as_str) {
        Some("explore") => explore::run(),
        _ => false,
    };
    match passed {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
