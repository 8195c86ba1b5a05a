//! The demo: built on the packed package, served by the test server.
use std::path::PathBuf;

use crate::build;
use crate::suite::install_tarball;
use crate::tools::{self, Done, cargo, npm_ci, npm_in, root, target};

/// Builds the demo; its folder.
pub(crate) fn build() -> Done<PathBuf> {
    let project = root().join("www-demo");
    let tarball = build::package()?;
    npm_ci("www-demo")?;
    install_tarball(&project, &tarball)?;
    npm_in(&project, &["run", "--silent", "build"])?;
    Ok(project.join("dist"))
}

struct Options {
    api: Option<String>,
    ws: Option<String>,
    port: String,
}

/// `--api URL --ws URL` to use a real server, `--port N`.
fn options(args: &[String]) -> Done<Options> {
    let (mut api, mut ws, mut port) = (None, None, "10002".to_owned());
    let mut args = args.iter();
    while let Some(name) = args.next() {
        let value = args
            .next()
            .ok_or_else(|| format!("{name} needs a value"))?
            .clone();
        match name.as_str() {
            "--api" => api = Some(value),
            "--ws" => ws = Some(value),
            "--port" => port = value,
            _ => return Err(format!("unknown option {name}").into()),
        }
    }
    if api.is_some() != ws.is_some() {
        return Err("--api and --ws belong together".into());
    }
    Ok(Options { api, ws, port })
}

/// Builds everything, serves the demo until it is interrupted.
pub(crate) fn run(args: &[String]) -> Done {
    let Options { api, ws, port } = options(args)?;
    let files = build()?;
    tools::run(cargo().args(["build", "--release", "--package", "openim-server"]))?;
    let query = match (api, ws) {
        (Some(api), Some(ws)) => format!("?api={api}&ws={ws}"),
        _ => String::new(),
    };
    println!("\nThe demo: http://127.0.0.1:{port}/{query}\n(ends with Ctrl-C)\n");
    let server = target().join("release/openim-server");
    tools::run(
        tools::command(server)
            .args(["--port", &port, "--static"])
            .arg(files),
    )
}
