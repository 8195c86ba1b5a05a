//! The test server as a program: `openim-server [--port N] [--seed demo|empty|FILE] [--static DIR]`.
//! Listens on 127.0.0.1 and prints its addresses as one line of JSON.
use std::path::PathBuf;

use openim_server::{seed, shell};

struct Options {
    port: u16,
    seed: String,
    files: Option<PathBuf>,
}

fn options() -> Result<Options, String> {
    let mut options = Options {
        port: 18_080,
        seed: "demo".into(),
        files: None,
    };
    let mut args = std::env::args().skip(1);
    while let Some(name) = args.next() {
        let value = args.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--port" => options.port = value.parse().map_err(|_| "--port needs a number")?,
            "--seed" if value.ends_with(".json") => {
                options.seed =
                    std::fs::read_to_string(&value).map_err(|e| format!("{value}: {e}"))?;
            }
            "--seed" => options.seed = value,
            "--static" => options.files = Some(value.into()),
            _ => return Err(format!("unknown option {name}")),
        }
    }
    Ok(options)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = options()?;
    let shell = shell::Shell::start(seed::model(&options.seed, shell::now_ms())?);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", options.port)).await?;
    let address = listener.local_addr()?;
    println!(r#"{{"api":"http://{address}","ws":"ws://{address}/ws"}}"#);
    axum::serve(listener, shell::router(shell, options.files)).await?;
    Ok(())
}
