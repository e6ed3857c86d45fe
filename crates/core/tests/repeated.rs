//! Trainings of the shipped models on memory full of NaN. Browsers repeat them through `convscope-wasm`.
#![cfg(feature = "vectors")]

use convscope_core::vectors::train;
use std::{fs, path::Path};

#[test]
fn what_a_step_leaves_in_memory_changes_nothing() {
    for name in ["convnet", "lenet5", "lenet5-1998", "keras-convnet", "global-pooling", "mlp"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/models").join(name);
        let description = fs::read_to_string(path.with_extension("json")).unwrap();
        for (batch, steps) in [(1, 4), (37, 3), (64, 2)] {
            let [clean, spoilt] = [false, true].map(|spoilt| train(&description, steps, batch, spoilt));
            let bits = |weights: &[f32]| weights.iter().map(|weight| weight.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&clean.unwrap()), bits(&spoilt.unwrap()), "{name} at batches of {batch}");
        }
    }
}
