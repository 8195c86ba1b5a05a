//! Tests: native, package, browser; and the benchmarks.
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::tools;
use crate::tools::{Done, browser, cargo, command, npm_ci, npm_in, root, target, wasm_target};
use crate::{build, size};

/// Tests that ran.
#[derive(Clone, Debug, Default)]
pub(crate) struct Count {
    passed: u32,
    failed: u32,
    /// What was said of those that failed.
    failures: Vec<String>,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.failures.extend(other.failures);
    }

    fn fail(&mut self, what: String) {
        eprintln!("error: {what}");
        self.failed += 1;
        self.failures.push(what);
    }

    /// What failed once more, then the closing line; an error if something failed or nothing ran.
    pub(crate) fn finish(self) -> Done {
        for failure in &self.failures {
            println!("failed: {failure}");
        }
        println!("{} passed, {} failed", self.passed, self.failed);
        if self.failed > 0 || self.passed == 0 {
            Err("tests failed".into())
        } else {
            Ok(())
        }
    }
}

/// Everything, quick things first.
pub(crate) fn run() -> Done {
    let mut count = Count::default();
    wasm_target()?;
    let wasm = [
        "--target",
        "wasm32-unknown-unknown",
        "--package",
        "openim-web",
        "--lib",
    ];
    check(
        &mut count,
        "format",
        cargo().args(["fmt", "--all", "--check"]),
    );
    check(
        &mut count,
        "lints",
        cargo().args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]),
    );
    check(
        &mut count,
        "lints of the browser parts",
        cargo()
            .arg("clippy")
            .args(wasm)
            .args(["--", "-D", "warnings"]),
    );
    step("native tests", || {
        count.add(counted(
            cargo().args(["test", "--workspace", "--no-fail-fast"]),
            cargo_line,
        )?);
        Ok(())
    })?;
    step("alignment", || {
        count.add(counted(simulator()?.arg("explore"), plain_line)?);
        let mut seeds = simulator()?;
        seeds.args(["run", SEEDS]).env("COMMIT", commit());
        count.add(counted(&mut seeds, plain_line)?);
        Ok(())
    })?;
    step("contract", || {
        count.add(contract(&[])?);
        Ok(())
    })?;
    step("package", || {
        build::package()?;
        // The official package's declarations are there.
        npm_ci("tests/e2e")?;
        let mut node = command("node");
        node.args(["--test", "tests/package/", "tests/parity/"])
            .env("OPENIM_WEB_TARGET", target());
        count.add(counted(&mut node, node_line)?);
        Ok(())
    })?;
    match size::run() {
        Ok(()) => count.passed += 1,
        Err(error) => count.fail(error.to_string()),
    }
    step("browser tests", || {
        count.add(e2e(None)?);
        Ok(())
    })?;
    count.finish()
}

fn step(name: &str, work: impl FnOnce() -> Done) -> Done {
    println!("\n== {name}");
    let begin = Instant::now();
    work()?;
    println!("== {name}: {} s", begin.elapsed().as_secs());
    Ok(())
}

/// A check without tests of its own counts as one.
fn check(count: &mut Count, name: &str, command: &mut Command) {
    println!("\n== {name}");
    match tools::run(command) {
        Ok(()) => count.passed += 1,
        Err(error) => count.fail(format!("{name}: {error}")),
    }
}

/// Builds package and server, then runs the browser tests whose file name contains `name`. The store's
/// tests need neither, and alone they do not wait for them.
pub(crate) fn e2e(name: Option<&str>) -> Done<Count> {
    build::store_page()?;
    if name == Some("store") {
        npm_ci("tests/e2e")?;
    } else {
        prepare_browser()?;
    }
    let server = match name {
        Some(name) if !"server.test.mjs".contains(name) => None,
        _ => Some(install_server()?),
    };
    let mut node = with_browser("tests/e2e/run.mjs")?;
    node.args(name);
    if let Some(server) = &server {
        node.env("OPENIM_SERVER_PACKAGE", server);
    }
    if name.is_none_or(|name| "browsers.test.mjs".contains(name)) {
        node.envs(tools::other_engines());
    }
    let mut count = counted(&mut node, plain_line)?;
    if let Some(server) = &server {
        println!("with the server for Node:");
        let mut node = with_browser("tests/e2e/run.mjs")?;
        node.args(["demo", "interop"])
            .env("OPENIM_SERVER", server.join("bin.js"));
        count.add(counted(&mut node, plain_line)?);
    }
    Ok(count)
}

/// The test server's npm package, installed from its tarball; its folder.
fn install_server() -> Done<PathBuf> {
    let tarball = build::server_package()?;
    let project = target().join("server-npm");
    std::fs::create_dir_all(&project)?;
    std::fs::write(project.join("package.json"), "{\"private\":true}\n")?;
    install_tarball(&project, &tarball)?;
    Ok(project.join("node_modules/openim-web-server"))
}

/// Seeds that the tests run.
const SEEDS: &str = "2000";

/// Alignment: every state of small worlds, then seeds of the simulator; or one seed again.
pub(crate) fn sim(args: &[String]) -> Done {
    if let Some(seed) = option(args, "--replay") {
        return tools::run(simulator()?.args(["replay", &seed]));
    }
    let count = option(args, "--seeds").unwrap_or(SEEDS.into());
    let from = option(args, "--from").unwrap_or("1".into());
    tools::run(simulator()?.arg("explore"))?;
    tools::run(
        simulator()?
            .args(["run", &count, &from])
            .env("COMMIT", commit()),
    )
}

fn option(args: &[String], name: &str) -> Option<String> {
    let at = args.iter().position(|arg| arg == name)?;
    args.get(at + 1).cloned()
}

/// What is checked out, for a report.
fn commit() -> String {
    let said = command("git")
        .args(["describe", "--always", "--dirty", "--exclude=*"])
        .output();
    let said = said.map(|said| String::from_utf8_lossy(&said.stdout).trim().to_owned());
    said.unwrap_or_default()
}

/// The simulator, built.
fn simulator() -> Done<Command> {
    tools::run(cargo().args(["build", "--profile", "sim", "--package", "openim-sim"]))?;
    Ok(command(target().join("sim/openim-sim")))
}

/// Builds package and server in release, then runs the benchmarks.
pub(crate) fn bench(args: &[String]) -> Done {
    if args.first().map(String::as_str) == Some("scale") {
        return tools::run(simulator()?.arg("scale"));
    }
    prepare_browser()?;
    tools::run(with_browser("tests/bench/run.mjs")?.args(args))
}

/// Every scenario, or those whose name contains one of the arguments, with the official SDK and with this one:
/// what they say is compared.
pub(crate) fn diff(args: &[String]) -> Done<Count> {
    prepare_browser()?;
    let mut node = with_browser("tests/diff/run.mjs")?;
    node.args(args);
    counted(&mut node, plain_line)
}

/// What the test server, or the one at `--api URL`, answers beside what the real one was recorded to answer.
pub(crate) fn contract(args: &[String]) -> Done<Count> {
    npm_ci("tests/contract")?;
    let mut node = command("node");
    node.arg("tests/contract/run.mjs").args(args);
    if option(args, "--api").is_none() {
        tools::run(cargo().args(["build", "--package", "openim-server"]))?;
        node.env("OPENIM_SERVER", target().join("debug/openim-server"));
    }
    counted(&mut node, plain_line)
}

/// Browser tests on a real server: `--api URL --ws URL --secret S [--restart COMMAND] [NAME …]`.
pub(crate) fn real(args: &[String]) -> Done<Count> {
    npm_ci("tests/e2e")?;
    let node = || {
        let mut node = command("node");
        node.arg("tests/real/run.mjs").args(args);
        node
    };
    // What is wrong with the addresses is said before anything is built.
    tools::run(node().arg("--check"))?;
    install_package()?;
    crate::demo::build()?;
    counted(
        node()
            .env("CHROME", browser()?)
            .env("OPENIM_WEB_TARGET", target()),
        plain_line,
    )
}

/// Installs the package into fresh projects of every kind, or those whose name contains `name`.
pub(crate) fn matrix(name: Option<&str>) -> Done<Count> {
    let tarball = build::package()?;
    npm_ci("tests/e2e")?;
    tools::run(cargo().args(["build", "--release", "--package", "openim-server"]))?;
    let mut node = with_browser("tests/matrix/run.mjs")?;
    node.args(name)
        .env("TARBALL", tarball)
        .env("SERVER_TARBALL", build::server_package()?)
        .env("MATRIX_DIR", target().join("matrix"));
    counted(&mut node, plain_line)
}

fn prepare_browser() -> Done {
    install_package()?;
    crate::demo::build()?;
    tools::run(cargo().args(["build", "--release", "--package", "openim-server"]))
}

/// The package where the browser tests find it.
fn install_package() -> Done {
    let tarball = build::package()?;
    npm_ci("tests/e2e")?;
    let installed = root().join("tests/e2e/node_modules/openim-web");
    if installed.exists() {
        std::fs::remove_dir_all(&installed)?;
    }
    std::fs::create_dir_all(&installed)?;
    // What npm would unpack, without a line in the lock file that changes with every build.
    tools::run(
        command("tar")
            .arg("-xzf")
            .arg(tarball)
            .args(["--strip-components=1", "-C"])
            .arg(&installed),
    )
}

/// Node with a script that needs browser and server.
fn with_browser(script: &str) -> Done<Command> {
    let mut node = command("node");
    node.arg(script)
        .env("CHROME", browser()?)
        .env("OPENIM_SERVER", target().join("release/openim-server"))
        .env("OPENIM_WEB_TARGET", target());
    Ok(node)
}

/// Runs a test program and counts by the lines it prints; a program that fails without a failed test is
/// one failure.
fn counted(command: &mut Command, line_counts: fn(&str) -> Option<Count>) -> Done<Count> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| format!("{command:?}: {e}"))?;
    let mut count = Count::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            println!("{line}");
            if let Some(found) = line_counts(&line) {
                count.add(found);
            } else if is_failure(&line) {
                count.failures.push(line);
            }
        }
    }
    let status = child.wait()?;
    if !status.success() && count.failed == 0 {
        count.fail(format!("{command:?}: {status}"));
    }
    Ok(count)
}

/// A line by which one of the test programs names a test that failed.
fn is_failure(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("FAIL ")
        || line.starts_with("not ok ")
        || (line.starts_with("test ") && line.ends_with("FAILED"))
}

fn number_before(line: &str, word: &str) -> Option<u32> {
    let before = line.split(word).next()?;
    before.trim_end().rsplit(' ').next()?.parse().ok()
}

/// `test result: ok. 9 passed; 0 failed; …`
fn cargo_line(line: &str) -> Option<Count> {
    let result = line.trim_start().strip_prefix("test result:")?;
    Some(counts(
        number_before(result, " passed")?,
        number_before(result, " failed")?,
    ))
}

/// `ℹ pass 9` or `# pass 9`.
fn node_line(line: &str) -> Option<Count> {
    let mut words = line.split_whitespace().skip(1);
    let (word, number) = (words.next()?, words.next()?.parse().ok()?);
    match word {
        "pass" => Some(counts(number, 0)),
        "fail" => Some(counts(0, number)),
        _ => None,
    }
}

/// `9 passed, 0 failed`.
fn plain_line(line: &str) -> Option<Count> {
    let (passed, failed) = line.split_once(", ")?;
    Some(counts(
        passed.strip_suffix(" passed")?.parse().ok()?,
        failed.strip_suffix(" failed")?.parse().ok()?,
    ))
}

fn counts(passed: u32, failed: u32) -> Count {
    Count {
        passed,
        failed,
        ..Count::default()
    }
}

/// Installs a tarball into an npm project without writing its lock file.
pub(crate) fn install_tarball(project: &Path, tarball: &Path) -> Done {
    let path = tarball.display().to_string();
    npm_in(
        project,
        &[
            "install",
            "--no-save",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--silent",
            &path,
        ],
    )
}
