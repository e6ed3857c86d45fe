//! `cargo xtask build`: the finished static site in dist/.

use crate::steps::{run, step};
use crate::tools::node;
use crate::wasm;
use anyhow::Result;

pub(crate) fn build() -> Result<()> {
    wasm::build(&wasm::folder(), wasm::SITE)?;
    step("bundle web/ into dist/", || run(&mut node("web/build.mjs")))
}
