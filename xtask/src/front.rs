//! The scripts of the package: from TypeScript to small modules, the one-file build, CommonJS.
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::size::gzip;
use crate::tools::{Done, run, target, tool};

/// What the scripts are written for. Browsers before these lack what the engine's module needs as well.
const ENGINES: &str = "--target=chrome75,firefox78,safari14.1";

/// The scripts of the package. What belongs together is one file: small ones compress badly.
const SCRIPTS: [&str; 8] = [
    "index", "tab", "worker", "load", "copy", "diagnose", "react", "vue",
];

/// What they take from a file beside them: loaded when it is needed, or left to a bundler to pick from.
const BESIDE: [&str; 9] = [
    "./api.js",
    "./copy.js",
    "./diagnose.js",
    "./enums.js",
    "./load.js",
    "./tab.js",
    "./wasm/packed.js",
    "react",
    "vue",
];

/// Scripts that load the engine when they need it.
const FRONTS: [&str; 3] = ["index", "react", "vue"];

/// The scripts one by one, as the tests take them.
fn modules() -> PathBuf {
    target().join("modules")
}

/// Makes the scripts; the engine's module is in `dist/wasm` already.
pub(crate) fn build(dist: &Path) -> Done {
    run(tool("typescript/bin/tsc").args(["--project", "pkg-template"]))?;
    let module = std::fs::read(dist.join("wasm/openim_web_bg.wasm"))?;
    let packed = STANDARD.encode(gzip(&module)?);
    let packed = format!("export default \"{packed}\";\n");
    std::fs::write(dist.join("wasm/packed.js"), packed)?;
    if modules().exists() {
        std::fs::remove_dir_all(modules())?;
    }
    for module in with_ending(dist, ".js")? {
        let to = modules().join(module.strip_prefix(dist)?);
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::rename(&module, to)?;
    }
    for map in with_ending(dist, ".js.map")? {
        std::fs::rename(&map, modules().join(map.strip_prefix(dist)?))?;
    }
    std::fs::copy(
        modules().join("wasm/packed.js"),
        dist.join("wasm/packed.js"),
    )?;
    bundles(dist)?;
    one_file(dist)?;
    common_js(dist)
}

fn bundles(dist: &Path) -> Done {
    let out = |esbuild: &mut Command| {
        run(esbuild
            .args(["--format=esm", "--sourcemap"])
            .arg(format!("--outdir={}", dist.display())))
    };
    out(esbuild()
        .arg("--bundle")
        .args(BESIDE.map(|path| format!("--external:{path}")))
        .args(SCRIPTS.map(|name| modules().join(name).with_extension("js"))))?;
    // These are for bundlers to look into. With the white space would go the marks by which they leave out
    // the enums that nobody uses.
    out(tool("esbuild/bin/esbuild")
        .args(["--minify-identifiers", "--minify-syntax"])
        .args(["--log-level=warning", ENGINES])
        .args(["enums", "api"].map(|name| format!("pkg-template/src/{name}.ts"))))?;
    out(esbuild()
        .arg(format!("--outbase={}", modules().display()))
        .args(with_ending(&modules().join("lib"), ".js")?))
}

/// Private names are shortened: `#names`, which the language has for it, become calls of helpers for the
/// engines above: 1.4 KB of the download.
fn esbuild() -> Command {
    let mut esbuild = tool("esbuild/bin/esbuild");
    esbuild.args(["--minify", "--mangle-props=^_[a-z]"]);
    esbuild.args(["--log-level=warning", ENGINES]);
    esbuild
}

/// A plain script that is CommonJS as well, then the module (whose source it takes the place of). Without
/// maps: they would hold the engine's copy a second time.
fn one_file(dist: &Path) -> Done {
    let source = modules().join("inline.js");
    let bundle = |format: &str, to: PathBuf| {
        let mut bundle = esbuild();
        // No file is beside this one: whoever looks for one fails at once and takes what is inside.
        bundle
            .args(["--bundle", "--define:import.meta.url=undefined"])
            .arg(format!("--format={format}"))
            .arg(format!("--outfile={}", to.display()))
            .arg(&source);
        bundle
    };
    run(bundle("iife", dist.join("cjs/inline.js"))
        .arg("--global-name=openim")
        .arg("--footer:js=if(typeof module==='object')module.exports=openim;"))?;
    run(&mut bundle("esm", dist.join("inline.js")))
}

/// The front as CommonJS with declarations of its own. The engine it loads is the module.
fn common_js(dist: &Path) -> Done {
    let cjs = dist.join("cjs");
    std::fs::write(cjs.join("package.json"), "{\"type\":\"commonjs\"}\n")?;
    for declaration in with_ending(dist, ".d.ts")? {
        let to = cjs.join(declaration.strip_prefix(dist)?);
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::copy(&declaration, to)?;
    }
    run(esbuild()
        // Old bundlers know neither `import.meta` nor workers made by it: the engine runs in the page there.
        .args([
            "--bundle",
            "--format=cjs",
            "--sourcemap",
            "--define:import.meta.url=undefined",
        ])
        .args(["--external:react", "--external:vue"])
        .args(["tab.js", "load.js"].map(|file| {
            let file = dist.join(file);
            format!("--external:{}", file.display())
        }))
        .arg(format!("--outdir={}", cjs.display()))
        .arg(format!("--outbase={}", dist.display()))
        .args(FRONTS.map(|front| dist.join(front).with_extension("js")))
        .arg(dist.join("lib/types/enum.js")))
}

/// Files whose name ends so, folders included, those of CommonJS not.
fn with_ending(dist: &Path, ending: &str) -> Done<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![dist.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() && !path.ends_with("cjs") {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
