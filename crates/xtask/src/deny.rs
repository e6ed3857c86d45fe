//! `cargo xtask deny`: whether the crates that are used have licences, versions and sources as deny.toml allows them.

use crate::steps::run;
use crate::tools::cargo_subcommand;
use anyhow::Result;

/// Without its check of advisories, the one that needs a network.
pub(crate) fn deny() -> Result<()> {
    let checks = ["--all-features", "--locked", "check", "bans", "licenses", "sources"];
    run(cargo_subcommand("deny", "0.20.2")?.args(checks))
}
