//! What Keras 3 itself writes is read as it stands, or refused with an error that names what is not
//! supported.

use convscope_core::{Model, Result};
use std::{collections::BTreeMap, fs, path::Path};

/// The texts of one directory below `tests/vectors/keras-json`, by file name.
fn texts(kind: &str) -> BTreeMap<String, String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/keras-json").join(kind);
    let entries = fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let paths = entries.map(|entry| entry.unwrap().path());
    let text = |path: &Path| fs::read_to_string(path).unwrap();
    paths.map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), text(&path))).collect()
}

/// Reads every text of `kind`; `unsupported` says what the error for a refused text must name.
fn check(kind: &str, unsupported: &[(&str, &str)], read: impl Fn(&str) -> Result<()>) {
    let mut texts = texts(kind);
    for (name, word) in unsupported {
        let text =
            texts.remove(&format!("unsupported-{name}")).unwrap_or_else(|| panic!("{kind}: no {name}"));
        let message = read(&text).expect_err(name).to_string();
        assert!(message.contains(word), "{kind}: {name}: the error should name {word}: {message}");
    }
    assert!(!texts.is_empty());
    for (name, text) in texts {
        read(&text).unwrap_or_else(|error| panic!("{kind}: {name}: {error}"));
    }
}

fn compile(optimizer: &str, loss: &str) -> Result<()> {
    let texts = texts("models");
    let mut model = Model::from_json(&texts["lenet5"], 1)?;
    model.compile(&format!("{{\"optimizer\": {optimizer}, \"loss\": {loss}}}"))
}

#[test]
fn models() {
    let unsupported = [
        ("activation", "sparsemax"),
        ("channels-first", "channels_first"),
        ("initializer", "Orthogonal"),
        ("layer", "LSTM"),
        ("regularizer", "OrthogonalRegularizer"),
        ("shared-layer", "convolution: inbound_nodes: a layer that is called 2 times"),
        ("two-inputs", "one input are supported, got 2 InputLayer (one, two)"),
        ("two-outputs", "one output are supported, got 2 (one, two)"),
        ("number", "expected the outputs of layers, got 2.0"),
    ];
    check("models", &unsupported, |text| {
        let model = Model::from_json(text, 1)?;
        let again = Model::from_json(&model.to_json(), 1)?;
        assert_eq!(model.summary(), again.summary());
        Ok(())
    });
    let lenet5 = Model::from_json(&texts("models")["lenet5"], 1).unwrap();
    assert_eq!(lenet5.summary().params, 61_706);
}

#[test]
fn optimizers() {
    let unsupported = [("moving-average", "use_ema"), ("optimizer", "Ftrl")];
    check("optimizers", &unsupported, |text| compile(text, "\"mean_squared_error\""));
}

#[test]
fn losses() {
    let unsupported = [("loss", "Dice"), ("reduction", "reduction")];
    check("losses", &unsupported, |text| compile("\"adam\"", text));
}
