//! The one tool of this repository: `cargo xtask COMMAND`.

mod bench;
mod browsers;
mod build;
#[cfg(feature = "data")]
mod confusion;
mod coverage;
#[cfg(feature = "data")]
mod data;
mod deny;
mod earlier;
#[cfg(feature = "data")]
mod evaluate;
mod experiments;
mod format;
mod fuzz;
mod inlining;
#[cfg(feature = "data")]
mod mnist;
mod mutants;
#[cfg(feature = "data")]
mod pretrain;
#[cfg(feature = "data")]
mod results;
mod screenshots;
mod serve;
mod soak;
mod steps;
mod test;
mod tools;
mod wasm;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask COMMAND

  serve [--port N]   build the site and serve it on this machine
  build              write the finished static site to dist/
  test [NAME…] [--only TEXT]
                     run every check and browser test, or the named ones
  format             format the Rust and the JavaScript as the check of the format wants them
  screenshots [--readme | --only TEXT]
                     picture the pages into target/screenshots/, or those with a name, or the one for the README
  experiments [--record] [VIEW…]
                     print for several seeds what the experiments of the views, or of the named ones, come to beside what
                     is claimed of them; with --record also write the results that the views open with
  bench [--only TEXT] [--rounds N] [--ours] [--firefox] [--burn] [--before COMMIT]
                     measure this engine beside others on the same work and write tests/peers/RESULTS.md; with --only
                     the cases with these words, with --ours this engine alone, with --burn and --before also Burn and
                     this engine as it was, which compile for minutes
  bench --layers [--only TEXT] [--rounds N] [--simd]
                     print where the time of a training step goes, and which loops are far from the processor's peak
  bench drawing      print how soon the maps follow the pen
  bench editing      print how soon the maps follow a change of one weight
  bench patches      print how long the strongest patches of all filters take over 10,000 digits
  bench page [--seconds N] [--only TEXT]
                     print how fast the page trains, and what a minute of that comes to on generated digits and MNIST
  soak [--minutes N] [--seed N] use all views by chance, and train, for an hour or N minutes; say whether all stays whole and bounded
  fuzz [--minutes N] [--executions N] [TARGET…]
                     edit valid models, files, drawings and calls, read them and use what comes out, for an hour, N
                     minutes, or N executions of each; what fails is kept in tests/fuzz/found/
  mutants [--shard K/N] [FILE…]
                     change core and kernels, or the named files of them (optimizers, model/shares, formats …), in a small
                     way at a time and say which changes no test notices; hours for all
  coverage           run the tests of core, kernels and the JavaScript without a page, and print how many of the lines
                     they reach, by folder
  deny               check the licences, versions and sources of all crates against deny.toml
  reproduce          build the last commit here and in another folder, and say whether both give the same bytes
  mnist [--fashion]  download MNIST or Fashion-MNIST into data/, from where the build puts it beside the page
  mnist --sample     write the small part of MNIST that the page carries, from the whole in $CONVSCOPE_DATA
  pretrain [NAME…]   train the shipped models, or the named ones, on $CONVSCOPE_DATA; with --validate: on the training sets
                     alone, printing how the validation sets are read and writing nothing
  results            write what the views show of the shipped models that would take a page long to find out; after pretrain
  evaluate [NAME…]   print the shipped models' accuracy and confusion matrix
  evaluate --generated [--digits N] [--epochs N] [--batch N] [--seed N]
                     train the default network on generated digits alone and print the same of it
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["serve", rest @ ..] => serve::serve(rest),
        ["build"] => build::build(),
        ["test", rest @ ..] => test::test(rest),
        ["screenshots", rest @ ..] => screenshots::screenshots(rest),
        ["experiments", rest @ ..] => experiments::experiments(rest),
        ["bench", rest @ ..] => bench::bench(rest),
        ["soak", rest @ ..] => soak::soak(rest),
        ["fuzz", rest @ ..] => fuzz::fuzz(rest),
        ["mutants", rest @ ..] => mutants::mutants(rest),
        ["coverage"] => coverage::coverage(),
        ["deny"] => deny::deny(),
        ["reproduce"] => earlier::reproduce(),
        ["format"] => format::format(),
        ["mnist" | "pretrain" | "results" | "evaluate", ..] => with_data(&arguments),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(feature = "data")]
fn with_data(arguments: &[&str]) -> anyhow::Result<()> {
    match arguments {
        ["mnist", rest @ ..] => mnist::mnist(rest),
        ["pretrain", "--validate", names @ ..] => pretrain::pretrain(names, pretrain::Purpose::Choose),
        ["pretrain", names @ ..] => pretrain::pretrain(names, pretrain::Purpose::Ship),
        ["results", rest @ ..] => results::results(rest),
        [_, names @ ..] => evaluate::evaluate(names),
        [] => Ok(()),
    }
}

/// Hands over to this tool as it is with the feature `data`, and as fast as it gets.
#[cfg(not(feature = "data"))]
fn with_data(arguments: &[&str]) -> anyhow::Result<()> {
    let tool = ["run", "--release", "--package", "xtask", "--features", "data", "--"];
    steps::run(tools::cargo().args(tool).args(arguments))
}
