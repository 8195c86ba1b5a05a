//! The npm package: wasm, glue, front, tarball.
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::tools::{Done, cargo, npm_ci, npm_in, root, run, target, tool, wasm_target};

/// Where the package is put together.
pub(crate) fn dist() -> PathBuf {
    root().join("pkg-template/dist")
}

/// Builds the package and packs it; the tarball.
pub(crate) fn package() -> Done<PathBuf> {
    wasm_target()?;
    npm_ci("xtask/npm")?;
    run(cargo().args([
        "build",
        "--release",
        "--lib",
        "--target",
        "wasm32-unknown-unknown",
        "--package",
        "openim-web",
    ]))?;
    let wasm = target().join("wasm32-unknown-unknown/release/openim_web.wasm");
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
    front(&dist)?;
    pack(&tarball)?;
    Ok(tarball)
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
    Bindgen::new()
        .input_path(target().join("wasm32-unknown-unknown/release/openim_store_page.wasm"))
        .web(true)?
        .typescript(false)
        .out_name("store_page")
        .generate(out)?;
    Ok(())
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

/// wasm-bindgen, then the optimiser. What the tests load is the optimised file.
fn bindings(wasm: &Path, out: &Path) -> Done {
    std::fs::create_dir_all(out)?;
    Bindgen::new()
        .input_path(wasm)
        .web(true)?
        .typescript(false)
        .remove_producers_section(true)
        .out_name("openim_web")
        .generate(out)?;
    let file = out.join("openim_web_bg.wasm");
    // -O3 and -Oz make the file a little smaller and what is downloaded 12 to 25 % larger: they inline,
    // and what is inlined compresses badly. Functions of one kind side by side, which their names tell,
    // are 2 % smaller after gzip, whose memory is 32 KB.
    run(tool("binaryen/bin/wasm-opt")
        .args([
            "-O1",
            "--dae-optimizing",
            "--duplicate-function-elimination",
            "--reorder-functions-by-name",
        ])
        .arg(&file)
        .arg("-o")
        .arg(&file))
}

/// The TypeScript front: declarations and one module a file, each made small.
fn front(dist: &Path) -> Done {
    run(tool("typescript/bin/tsc").args(["--project", "pkg-template"]))?;
    let mut modules = Vec::new();
    for folder in [dist.to_owned(), dist.join("wasm"), dist.join("lib/types")] {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "js") {
                modules.push(path);
            }
        }
    }
    run(tool("esbuild/bin/esbuild")
        .args([
            "--minify",
            "--format=esm",
            "--target=es2022",
            "--allow-overwrite",
            "--log-level=warning",
        ])
        .arg(format!("--outdir={}", dist.display()))
        .arg(format!("--outbase={}", dist.display()))
        .args(modules))
}

fn pack(tarball: &Path) -> Done {
    let folder = target().join("package");
    std::fs::create_dir_all(&folder)?;
    let to = folder.display().to_string();
    npm_in(
        &root().join("pkg-template"),
        &["pack", "--silent", "--pack-destination", &to],
    )?;
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(root().join("pkg-template/package.json"))?)?;
    let version = manifest["version"]
        .as_str()
        .ok_or("package.json has no version")?;
    std::fs::rename(folder.join(format!("openim-web-{version}.tgz")), tarball)?;
    Ok(())
}
