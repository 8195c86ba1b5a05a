//! The demo: built on the packed package, served by the test server.
use std::net::TcpListener;
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

/// None of OpenIM's own, nor of what comes with it.
const PORT: &str = "18080";

struct Options {
    api: Option<String>,
    ws: Option<String>,
    port: String,
}

/// `--api URL --ws URL` to use a real server, `--port N`.
fn options(args: &[String]) -> Done<Options> {
    let (mut api, mut ws, mut port) = (None, None, PORT.to_owned());
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

/// As a query has it.
fn encoded(address: &str) -> String {
    address
        .replace('%', "%25")
        .replace('&', "%26")
        .replace('#', "%23")
}

/// Builds everything, serves the demo until it is interrupted.
pub(crate) fn run(args: &[String]) -> Done {
    let Options { api, ws, port } = options(args)?;
    // Said now, and not when everything is built.
    let number = port
        .parse()
        .map_err(|_| format!("--port {port} is no port"))?;
    TcpListener::bind(("127.0.0.1", number)).map_err(|error| {
        format!("port {port} cannot be used ({error}): choose another with --port")
    })?;
    let files = build()?;
    tools::run(cargo().args(["build", "--release", "--package", "openim-server"]))?;
    let query = match (api, ws) {
        (Some(api), Some(ws)) => format!("?api={}&ws={}", encoded(&api), encoded(&ws)),
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
