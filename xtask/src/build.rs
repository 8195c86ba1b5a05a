//! The npm package: wasm, glue, front, tarball.
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::tools::{
    Done, cargo, npm_ci, npm_in, root, run, std_folder, std_sources, target, tool, wasm_target,
};
use crate::{front, glue, order};

/// Where the package is put together.
pub(crate) fn dist() -> PathBuf {
    root().join("pkg-template/dist")
}

/// Builds the package and packs it; the tarball.
pub(crate) fn package() -> Done<PathBuf> {
    wasm_target()?;
    std_sources()?;
    npm_ci("xtask/npm")?;
    let folder = target().join("small");
    run(cargo()
        .args(["--config", &rust_flags(&SMALL)?])
        .args(["build", "--release", "--lib", "--package", "openim-web"])
        .args(["--target", "wasm32-unknown-unknown"])
        .args(["-Zbuild-std=std,panic_abort"])
        .args(["-Zbuild-std-features=optimize_for_size"])
        // The flags above are not stable yet; they change nothing but the size. In a folder of its own:
        // build scripts look at this variable too, and all would be built anew each time it changes.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", &folder))?;
    let wasm = folder.join("wasm32-unknown-unknown/release/openim_web.wasm");
    let tarball = target().join("package/openim-web.tgz");
    let newest = newest_source(&wasm)?;
    if modified(&tarball).is_some_and(|packed| packed > newest) {
        return Ok(tarball);
    }
    let dist = dist();
    if dist.exists() {
        std::fs::remove_dir_all(&dist)?;
    }
    bindings(&wasm, &dist.join("wasm"))?;
    front::build(&dist)?;
    pack(&root().join("pkg-template"), &tarball)?;
    Ok(tarball)
}

/// The test server as an npm package, with the demo in it; the tarball.
pub(crate) fn server_package() -> Done<PathBuf> {
    wasm_target()?;
    run(cargo()
        .args(["--config", &rust_flags(&[])?])
        .args(["build", "--release", "--package", "openim-server-node"])
        .args(["--target", "wasm32-unknown-unknown"]))?;
    let demo = crate::demo::build()?;
    let project = root().join("tests/server/npm");
    let out = project.join("dist");
    if out.exists() {
        std::fs::remove_dir_all(&out)?;
    }
    let wasm = target().join("wasm32-unknown-unknown/release/openim_server_node.wasm");
    let module = bind("openim_server_node", &wasm, &out.join("server"))?;
    run(tool("binaryen/bin/wasm-opt")
        .arg("-O2")
        .arg(&module)
        .arg("-o")
        .arg(&module))?;
    copy_folder(&demo, &out.join("demo"))?;
    let tarball = target().join("package/openim-web-server.tgz");
    pack(&project, &tarball)?;
    Ok(tarball)
}

fn copy_folder(from: &Path, to: &Path) -> Done {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to)?;
        } else {
            std::fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

/// The page of the store's conformance cases: its module in `target/store-page`.
pub(crate) fn store_page() -> Done {
    wasm_target()?;
    run(cargo().args([
        "build",
        "--release",
        "--target",
        "wasm32-unknown-unknown",
        "--package",
        "openim-store-page",
    ]))?;
    let out = target().join("store-page");
    std::fs::create_dir_all(&out)?;
    let wasm = target().join("wasm32-unknown-unknown/release/openim_store_page.wasm");
    Bindgen::new()
        .input_bytes("store_page", without_new_types(std::fs::read(wasm)?)?)
        .web(true)?
        .typescript(false)
        .generate(out)?;
    Ok(())
}

/// The standard library is built for size as the rest is; a panic is a trap without words or place, of
/// which the page is told (`glue.rs`), and nothing prints values for developers: 13 KB of the
/// download. Native builds, which the tests run, keep all words.
const SMALL: [&str; 4] = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zlocation-detail=none",
    "-Zfmt-debug=none",
];

/// Flags of the compiler. Where a module names source files, it has them as the crates do, not as they lie
/// on the machine that builds it.
fn rust_flags(more: &[&str]) -> Done<String> {
    let home = match std::env::var_os("CARGO_HOME") {
        Some(home) => PathBuf::from(home),
        None => std::env::home_dir().ok_or("no home folder")?.join(".cargo"),
    };
    let mut folders = vec![root(), std_folder()?];
    for registry in std::fs::read_dir(home.join("registry/src"))
        .into_iter()
        .flatten()
    {
        folders.push(registry?.path());
    }
    let flag = |folder: &PathBuf| format!("--remap-path-prefix={}=", folder.display());
    let mut flags: Vec<String> = folders.iter().map(flag).collect();
    flags.extend(more.iter().map(ToString::to_string));
    let flags = serde_json::to_string(&flags)?;
    Ok(format!("target.wasm32-unknown-unknown.rustflags={flags}"))
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    path.metadata().and_then(|meta| meta.modified()).ok()
}

/// When the last thing that goes into the package changed.
fn newest_source(wasm: &Path) -> Done<std::time::SystemTime> {
    let mut newest = wasm.metadata()?.modified()?;
    let mut folders = vec![root().join("pkg-template"), root().join("xtask")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.ends_with("dist") || path.ends_with("node_modules") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Some(time) = modified(&path) {
                newest = newest.max(time);
            }
        }
    }
    Ok(newest)
}

/// wasm-bindgen: glue and module `NAME_bg.wasm`, whose path it returns.
fn bind(name: &str, wasm: &Path, out: &Path) -> Done<PathBuf> {
    std::fs::create_dir_all(out)?;
    Bindgen::new()
        .input_bytes(name, without_new_types(std::fs::read(wasm)?)?)
        .web(true)?
        .typescript(false)
        .remove_producers_section(true)
        .generate(out)?;
    Ok(out.join(format!("{name}_bg.wasm")))
}

/// wasm-bindgen, then the optimiser. What the tests load is the optimised file.
fn bindings(wasm: &Path, out: &Path) -> Done {
    let file = bind("openim_web", wasm, out)?;
    let glue = out.join("openim_web.js");
    let (short, wasm) = glue::shortened(&std::fs::read_to_string(&glue)?, &std::fs::read(&file)?)?;
    std::fs::write(&glue, glue::guarded(&short)?)?;
    std::fs::write(&file, wasm)?;
    let optimise = |passes: &[&str]| {
        let mut optimiser = tool("binaryen/bin/wasm-opt");
        run(optimiser.args(passes).arg(&file).arg("-o").arg(&file))
    };
    // Without inlining: it makes the file a little smaller and what is downloaded 12 to 25 % larger.
    optimise(&[
        "--always-inline-max-function-size=0",
        "--flexible-inline-max-function-size=0",
        "--one-caller-inline-max-function-size=0",
        "-O2",
        "--dae-optimizing",
        "--duplicate-function-elimination",
        // What engines before Safari 15 do not have (see `tests/package/wasm.test.mjs`).
        "--llvm-memory-copy-fill-lowering",
        "--llvm-nontrapping-fptoint-lowering",
        "--signext-lowering",
    ])?;
    std::fs::write(&file, order::named(&std::fs::read(&file)?)?)?;
    optimise(&["--reorder-functions-by-name"])
}

/// Reference types and multivalue are on by default in rustc, but Safari has them since 15 only. What
/// wasm-bindgen reads in the section `target_features` decides whether it uses them: a `-` in place of
/// the `+` says no.
fn without_new_types(mut wasm: Vec<u8>) -> Done<Vec<u8>> {
    let place = |wasm: &[u8], text: &[u8]| wasm.windows(text.len()).rposition(|part| part == text);
    if place(&wasm, b"\x0ftarget_features").is_none() {
        return Err("the module has no section target_features: is it stripped?".into());
    }
    for entry in [&b"+\x0freference-types"[..], b"+\x0amultivalue"] {
        if let Some(at) = place(&wasm, entry) {
            wasm[at] = b'-';
        }
    }
    Ok(wasm)
}

/// Packs an npm project into `tarball`.
fn pack(project: &Path, tarball: &Path) -> Done {
    let folder = target().join("package");
    std::fs::create_dir_all(&folder)?;
    let to = folder.display().to_string();
    npm_in(project, &["pack", "--silent", "--pack-destination", &to])?;
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(project.join("package.json"))?)?;
    let text = |key: &str| {
        let value = manifest[key].as_str();
        value.ok_or(format!("package.json has no {key}"))
    };
    let packed = format!("{}-{}.tgz", text("name")?, text("version")?);
    std::fs::rename(folder.join(packed), tarball)?;
    Ok(())
}
