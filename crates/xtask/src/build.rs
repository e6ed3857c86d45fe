//! `cargo xtask build`: the finished static site in dist/.

use crate::steps::{run, step};
use crate::tools::{ensure_npm_packages, node};
use crate::wasm;
use anyhow::Result;

pub(crate) fn build() -> Result<()> {
    ensure_npm_packages("web")?;
    wasm::build(&wasm::folder(), &[])?;
    step("bundle web/ into dist/", || run(&mut node("web/build.mjs")))
}
