//! Commands, npm projects, the browser.
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a task ends with.
pub(crate) type Done<T = ()> = Result<T, Box<dyn Error>>;

/// The repository.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// A command in the repository.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// Cargo itself. What the running task inherited from its own cargo would confuse it.
pub(crate) fn cargo() -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.env_remove("CARGO_MANIFEST_DIR");
    cargo
}

/// npm, by the name the system has for it.
fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

/// Runs a command; an error unless it succeeds.
pub(crate) fn run(command: &mut Command) -> Done {
    let shown = format!("{command:?}");
    let status = command.status().map_err(|e| format!("{shown}: {e}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{shown}: {status}").into())
    }
}

/// Whether a command can be run and succeeds, silently.
fn works(command: &mut Command) -> bool {
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

/// Installs an npm project as its lock file says, unless that is done already.
pub(crate) fn npm_ci(project: &str) -> Done {
    let dir = root().join(project);
    let lock = std::fs::read(dir.join("package-lock.json"))?;
    let stamp = dir.join("node_modules/.installed-lock");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    run(command(npm()).current_dir(&dir).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ]))?;
    std::fs::write(stamp, lock)?;
    Ok(())
}

/// npm with arguments in a folder.
pub(crate) fn npm_in(dir: &Path, args: &[&str]) -> Done {
    run(command(npm()).current_dir(dir).args(args))
}

/// A program of the tools' npm project, run by node.
pub(crate) fn tool(script: &str) -> Command {
    let mut node = command("node");
    node.arg(root().join("xtask/npm/node_modules").join(script));
    node
}

/// The wasm target of the installed toolchain.
pub(crate) fn wasm_target() -> Done {
    let name = "wasm32-unknown-unknown";
    let libdir = command("rustc")
        .args(["--print", "target-libdir", "--target", name])
        .output()?;
    let libdir = String::from_utf8_lossy(&libdir.stdout).trim().to_owned();
    if !libdir.is_empty() && Path::new(&libdir).exists() {
        return Ok(());
    }
    run(command("rustup").args(["target", "add", name]))
}

/// Where the installed toolchain has the sources of the standard library, if it has them.
pub(crate) fn std_folder() -> Done<PathBuf> {
    let sysroot = command("rustc").args(["--print", "sysroot"]).output()?;
    let sysroot = PathBuf::from(String::from_utf8_lossy(&sysroot.stdout).trim());
    Ok(sysroot.join("lib/rustlib/src/rust"))
}

/// The sources of the standard library, installed.
pub(crate) fn std_sources() -> Done {
    if std_folder()?.join("library").exists() {
        return Ok(());
    }
    run(command("rustup").args(["component", "add", "rust-src"]))
}

const CHROMIUM: [&str; 8] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];
const FIREFOX: [&str; 3] = [
    "firefox-esr",
    "firefox",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
];

/// A program: what `variable` names, else the first of `names` that is there.
fn find(variable: &str, names: &[&str]) -> Option<PathBuf> {
    if let Some(chosen) = std::env::var_os(variable) {
        return Some(chosen.into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    names.iter().find_map(|name| {
        let absolute = Path::new(name);
        if absolute.is_absolute() {
            return absolute.exists().then(|| absolute.to_owned());
        }
        std::env::split_paths(&path)
            .map(|dir| dir.join(name))
            .find(|file| file.exists())
    })
}

/// Installs packages of a Debian system, where that is allowed.
fn apt(packages: &[&str]) -> bool {
    let is_root = command("id")
        .arg("-u")
        .output()
        .is_ok_and(|out| out.stdout.starts_with(b"0"));
    let apt = |args: &[&str]| {
        let mut apt = if is_root {
            command("apt-get")
        } else {
            command("sudo")
        };
        if !is_root {
            apt.args(["-n", "apt-get"]);
        }
        apt.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        works(&mut apt)
    };
    let install = ["install", "-y", "--no-install-recommends"];
    apt(&["update"]) && apt(&[&install, packages].concat())
}

/// A Chromium: found, or installed by the system's packages where that is allowed, else by Playwright.
pub(crate) fn browser() -> Done<PathBuf> {
    let found = || find("CHROME", &CHROMIUM);
    if let Some(found) = found() {
        return Ok(found);
    }
    println!("no Chromium found: installing one");
    if apt(&["chromium", "fonts-dejavu-core"])
        && let Some(found) = found()
    {
        return Ok(found);
    }
    npm_ci("tests/e2e")?;
    let playwright = root().join("tests/e2e/node_modules/playwright-core/cli.js");
    let installed = run(command("node")
        .arg(playwright)
        .args(["install", "chromium"]));
    let path = "import('playwright-core').then((p) => console.log(p.chromium.executablePath()))";
    let path = command("node")
        .current_dir(root().join("tests/e2e"))
        .args(["-e", path])
        .output()?;
    let path = PathBuf::from(String::from_utf8_lossy(&path.stdout).trim());
    if installed.is_ok() && path.exists() {
        return Ok(path);
    }
    Err("no Chromium: install Chromium or Google Chrome, or set CHROME to its path".into())
}

/// The other engines as variables of the browser tests: found, or installed by the system's packages where
/// that is allowed. Without one its tests are skipped with a line that says so.
pub(crate) fn other_engines() -> Vec<(&'static str, PathBuf)> {
    let found = || {
        let wanted = [
            ("FIREFOX", find("FIREFOX", &FIREFOX)),
            ("WEBKIT_DRIVER", find("WEBKIT_DRIVER", &["WebKitWebDriver"])),
            ("XVFB", find("XVFB", &["Xvfb"])),
        ];
        let found = wanted.map(|(name, path)| path.map(|path| (name, path)));
        found.into_iter().flatten().collect::<Vec<_>>()
    };
    if found().len() < 3 && cfg!(target_os = "linux") {
        println!("not all of Firefox, WebKitGTK's driver and Xvfb found: installing them");
        if !apt(&["firefox-esr", "webkit2gtk-driver", "xvfb"]) {
            println!("they cannot be installed here");
        }
    }
    found()
}
