//! The finished site of a commit, built from its own sources in a folder of its own.

use crate::build::build;
use crate::steps::{output, run, step};
use crate::tools::{cargo, root};
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds `commit`, unless it is built already, and returns its dist/.
pub(crate) fn build_earlier(commit: &str) -> Result<PathBuf> {
    let full_name = output(&mut git(&["rev-parse", "--verify", &format!("{commit}^{{commit}}")]))?;
    let folder = root("target/earlier").join(full_name.trim());
    let complete = folder.join("complete");
    if !complete.exists() {
        step(&format!("build {commit} (minutes)"), || {
            fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
            let sources = folder.join("sources.tar");
            run(git(&["archive", "--output"]).arg(&sources).arg(full_name.trim()))?;
            run(Command::new("tar").arg("-xf").arg(&sources).arg("-C").arg(&folder))?;
            run(cargo().args(["xtask", "build"]).current_dir(&folder).env_remove("CARGO_TARGET_DIR"))?;
            fs::write(&complete, "").with_context(|| format!("cannot write {}", complete.display()))
        })?;
    }
    Ok(folder.join("dist"))
}

/// Builds the last commit here and once more in another folder, and says which files differ.
pub(crate) fn reproduce() -> Result<()> {
    let changed = output(&mut git(&["status", "--porcelain", "--untracked-files=no"]))?;
    ensure!(changed.is_empty(), "commit or take back first what is changed here:\n{changed}");
    build()?;
    let [here, there] = [root("dist"), build_earlier("HEAD")?].map(|folder| files(&folder));
    let (here, there) = (here?, there?);
    let names = here.keys().chain(there.keys());
    let mut different: Vec<_> = names.filter(|&name| here.get(name) != there.get(name)).collect();
    different.sort();
    different.dedup();
    if !different.is_empty() {
        let list: Vec<_> = different.iter().map(|name| name.display().to_string()).collect();
        bail!("two builds of one commit differ in {}", list.join(", "));
    }
    println!("{} files of dist/ are the same, byte for byte, built in two folders", here.len());
    Ok(())
}

fn git(arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.current_dir(root("")).args(arguments);
    command
}

/// All files below `folder`, by their paths from there.
fn files(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).with_context(|| format!("cannot read {}", next.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).context("a file lies below its folder")?.to_path_buf();
                found.insert(
                    name,
                    fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?,
                );
            }
        }
    }
    Ok(found)
}
