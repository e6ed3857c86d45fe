//! `cargo xtask mnist`: MNIST or Fashion-MNIST in `data/`, from where the build puts it beside the page; and the
//! sample of MNIST that is part of the page.

mod sample;
#[cfg(test)]
mod tests;

use crate::tools::root;
use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use md5::{Digest, Md5};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;
use ureq::http::StatusCode;

/// No file of either set is larger, in bytes.
const MAX_BYTES: u64 = 32 << 20;

/// How often a mirror is asked for a file that it breaks off, as long as some bytes came each time.
const ATTEMPTS: usize = 4;

/// A data set: four gzip files in IDX form, and who offers them.
struct Set {
    title: &'static str,
    /// Below `data/`.
    folder: &'static str,
    mirrors: &'static [&'static str],
    /// Names and MD5 digests, as torchvision checks them.
    files: [(&'static str, &'static str); 4],
}

const MNIST: Set = Set {
    title: "MNIST",
    folder: "",
    mirrors: &[
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ],
    files: [
        ("train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        ("train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432"),
        ("t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3"),
        ("t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c"),
    ],
};

const FASHION: Set = Set {
    title: "Fashion-MNIST",
    folder: "fashion",
    mirrors: &[
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ],
    files: [
        ("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        ("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe"),
        ("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79"),
        ("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310"),
    ],
};

pub(crate) fn mnist(arguments: &[&str]) -> Result<()> {
    let set = match arguments {
        [] => MNIST,
        ["--fashion"] => FASHION,
        ["--sample"] => return sample::write(),
        _ => bail!("usage: cargo xtask mnist [--fashion | --sample]"),
    };
    let folder = root("data").join(set.folder);
    for (name, digest) in set.files {
        fetch(name, digest, set.mirrors, &folder)?;
    }
    println!("{} is in {}; the next build or serve puts it beside the page", set.title, folder.display());
    Ok(())
}

/// Downloads a file from the first mirror that has the right one, unless it is there. What comes before a
/// break is kept as `.part`, and the next attempt goes on from it.
fn fetch(name: &str, digest: &str, mirrors: &[&str], folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let path = folder.join(name);
    if path.is_file() && digest_of(&path)? == digest {
        println!("{name}: already there");
        return Ok(());
    }
    let part = folder.join(format!("{name}.part"));
    let mut problems = Vec::new();
    for mirror in mirrors {
        let url = format!("{mirror}{name}");
        match download(&url, digest, &part) {
            Ok(()) => {
                fs::rename(&part, &path)?;
                println!("{name}: downloaded from {url}");
                return Ok(());
            }
            Err(problem) => {
                println!("{url}: {problem:#}");
                problems.push(format!("{url}: {problem:#}"));
            }
        }
    }
    bail!(
        "no mirror had {name}: {}. Try again later, or put the file into {}",
        problems.join("; "),
        folder.display()
    )
}

/// The right file in `part`; from its beginning if the bytes that were there belonged to another one.
fn download(url: &str, digest: &str, part: &Path) -> Result<()> {
    let went_on = length(part) > 0;
    complete(url, part)?;
    if went_on && check(part, digest).is_err() {
        complete(url, part)?;
    }
    check(part, digest)
}

/// Removes a file with other bytes than the right ones: nothing good can follow them.
fn check(part: &Path, digest: &str) -> Result<()> {
    let found = digest_of(part)?;
    if found != digest {
        fs::remove_file(part)?;
        bail!("expected a file with the MD5 digest {digest}, got {found}");
    }
    Ok(())
}

fn digest_of(path: &Path) -> Result<String> {
    let mut md5 = Md5::new();
    let mut file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    io::copy(&mut file, &mut md5).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(format!("{:x}", md5.finalize()))
}

/// Asks for the rest of a file until all of it is in `part`.
fn complete(url: &str, part: &Path) -> Result<()> {
    let mut before = length(part);
    for _ in 1..ATTEMPTS {
        match append(url, part) {
            Err(_) if length(part) > before => before = length(part),
            outcome => return outcome,
        }
    }
    append(url, part)
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// Asks once for what `part` lacks, and appends it; a server that knows no ranges sends all from the
/// beginning.
fn append(url: &str, part: &Path) -> Result<()> {
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(Duration::from_secs(15)))
        .timeout_global(Some(Duration::from_secs(600)))
        .build()
        .new_agent();
    let have = length(part);
    let mut request = agent.get(url);
    if have > 0 {
        request = request.header("Range", format!("bytes={have}-"));
    }
    let mut response = request.call()?;
    let range = response.headers().get("Content-Range").and_then(|range| range.to_str().ok());
    let follows = range.is_some_and(|range| range.starts_with(&format!("bytes {have}-")));
    let (mut file, from) = match response.status() {
        StatusCode::OK => (File::create(part)?, 0),
        StatusCode::PARTIAL_CONTENT if follows => (OpenOptions::new().append(true).open(part)?, have),
        // There is nothing after what we have: it is all, or of another file, which its digest tells.
        StatusCode::RANGE_NOT_SATISFIABLE => return Ok(()),
        status => bail!("the server answered {status}"),
    };
    let body = response.body_mut();
    let bar = progress_bar(url, from, body.content_length());
    let mut rest = bar.wrap_read(body.as_reader()).take((MAX_BYTES + 1).saturating_sub(from));
    let outcome = io::copy(&mut rest, &mut file).context("the connection broke");
    bar.finish_and_clear();
    outcome?;
    if length(part) > MAX_BYTES {
        fs::remove_file(part)?;
        bail!("expected a file of at most {MAX_BYTES} bytes, got more");
    }
    Ok(())
}

/// Bytes that are there, of all that there will be where the server says how many are to come.
fn progress_bar(url: &str, from: u64, to_come: Option<u64>) -> ProgressBar {
    let bar = to_come.map_or_else(ProgressBar::no_length, |bytes| ProgressBar::new(from + bytes));
    let style =
        ProgressStyle::with_template("{msg} {bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left")
            .expect("the template is fixed");
    bar.with_style(style).with_position(from).with_message(url.rsplit('/').next().unwrap_or(url).to_owned())
}
