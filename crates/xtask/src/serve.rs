//! `cargo xtask serve`: the built site on this machine, for looking at it.

use crate::build::build;
use crate::tools::root;
use anyhow::{Context, Result, anyhow, bail};
use std::fs::File;
use std::path::{Component, Path, PathBuf};
use tiny_http::{Header, Request, Response, Server};

const PORT: u16 = 8000;

pub(crate) fn serve(arguments: &[&str]) -> Result<()> {
    let wanted = match arguments {
        [] => None,
        ["--port", port] => Some(port.parse().with_context(|| format!("--port {port}: not a port number"))?),
        _ => bail!("usage: cargo xtask serve [--port N]"),
    };
    let server = listen(wanted)?;
    build()?;
    println!("convscope is at http://{}/ (Ctrl-C ends it)", server.server_addr());
    std::thread::scope(|scope| {
        // Browsers ask for several files at once and keep connections open.
        for _ in 0..4 {
            scope.spawn(|| server.incoming_requests().for_each(answer));
        }
    });
    Ok(())
}

/// A port that was asked for is a must; otherwise a taken one gives way to any free one.
fn listen(wanted: Option<u16>) -> Result<Server> {
    let at = |port: u16| Server::http(("127.0.0.1", port)).map_err(|error| anyhow!("port {port}: {error}"));
    match wanted {
        Some(port) => at(port),
        None => at(PORT).or_else(|_| at(0)),
    }
}

fn answer(request: Request) {
    let file = find(request.url()).and_then(|path| Some((File::open(&path).ok()?, media_type(&path))));
    // A visitor who left before the end is no error of this server's.
    let _ = match file {
        Some((file, media_type)) => request.respond(
            Response::from_file(file)
                .with_header(header("Content-Type", media_type))
                .with_header(header("Cache-Control", "no-cache")),
        ),
        None => request.respond(Response::from_string("not found\n").with_status_code(404)),
    };
}

/// The file of dist/ that a request's path names; none outside of it.
fn find(url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.trim_start_matches('/');
    let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let file = root("dist").join(if path.is_empty() { "index.html" } else { path });
    (inside && file.is_file()).then_some(file)
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("fixed names and values are ASCII")
}
