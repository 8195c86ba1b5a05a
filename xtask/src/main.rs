//! `cargo xtask TASK`: everything a developer or the CI runs. Each task does its own set-up on a machine
//! that has Rust (rustup) and Node.
use std::process::ExitCode;

mod build;
mod demo;
mod front;
mod glue;
mod order;
mod size;
mod suite;
mod tools;
mod wasm;

const HELP: &str = "cargo xtask TASK

  demo [--api URL --ws URL] [--port N]   build everything, serve the demo, print its address
  test                                   every test, browsers included
  build                                  the npm packages, client and test server: target/package/*.tgz
  e2e [NAME]                             browser tests, or those whose file name contains NAME
  diff [NAME …]                          scenarios with the official SDK and with this one, compared
  contract [NAME …] [--list] [--step TEXT] what the test server answers, beside the record of the real one's answers;
                                         on another server with --api URL --ws URL --secret S, [--record] anew
  real --api URL --ws URL --secret S [NAME …]
                                         browser tests on a real server, whose administrator imAdmin has the secret S;
                                         `liveness`: what is told after a connect; --restart COMMAND restarts it
  sim [--seeds N] [--from S] [--replay S] alignment: every state of small worlds, then N seeds of the simulator
  matrix [NAME]                          the package in fresh projects: bundlers, frameworks, Node
  size                                   gzip and brotli of every file a browser loads
  bench [NAME]                           the official SDK and this one, side by side; `scale`: alignment with up
                                         to 100,000 conversations";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let rest = args.get(1..).unwrap_or_default();
    let done = match args.first().map(String::as_str) {
        Some("demo") => demo::run(rest),
        Some("test") => suite::run(),
        Some("build") => build::package()
            .and_then(|_| build::server_package())
            .map(drop),
        Some("e2e") => {
            suite::e2e(rest.first().map(String::as_str)).and_then(|count| count.finish())
        }
        Some("diff") => suite::diff(rest).and_then(|count| count.finish()),
        Some("contract") => suite::contract(rest).and_then(|count| count.finish()),
        Some("real") => suite::real(rest).and_then(|count| count.finish()),
        Some("sim") => suite::sim(rest),
        Some("matrix") => {
            suite::matrix(rest.first().map(String::as_str)).and_then(|count| count.finish())
        }
        Some("size") => build::package().and_then(|_| size::run()),
        Some("bench") => suite::bench(rest),
        _ => {
            println!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
