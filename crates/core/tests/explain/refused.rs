//! Arguments that cannot be, refused in words.

use crate::networks::{dataset, model, networks};
use convscope_core::explain::{
    MAX_ASCENT_STEPS, ReluRule, UnitPlace, coordinates, nearest_rows, principal_components,
};
use serde_json::json;

fn refused<T>(code: &str, words: &str, answer: convscope_core::Result<T>) {
    let error = answer.err().expect(words);
    assert!(error.to_string().contains(words) && error.code() == code, "{error:?} lacks {code}: '{words}'");
}

#[test]
fn bad_arguments_are_refused_in_words() {
    let mut network = networks().swap_remove(0);
    let x = vec![0.5; 288];
    let place = |layer, unit, row, column| UnitPlace { layer, unit, row, column };
    refused("value", "conv2d", network.explain_unit(&x, place("conv2d_7", 0, 0, 0)));
    refused("value", "unit: 'conv2d' has 0 to 5, got 6", network.explain_unit(&x, place("conv2d", 6, 0, 0)));
    refused("value", "row: 'conv2d' has 0 to 4", network.explain_unit(&x, place("conv2d", 0, 5, 0)));
    refused(
        "value",
        "column: 'dense' has 0 to 0",
        network.explain_unit(&x, place("dense", 0, 0, usize::MAX)),
    );
    refused(
        "shape",
        "one example",
        network.explain_unit(&[x.clone(), x.clone()].concat(), place("dense", 0, 0, 0)),
    );
    refused("value", "finite", network.explain_unit(&[f32::NAN; 288], place("dense", 0, 0, 0)));
    refused("value", "unit", network.project(&x, "dense", 5, None, ReluRule::Guided));
    refused("value", "deconvnet", ReluRule::named("relu"));
    refused("value", "size: an odd number", network.occlude(&x, 2, 1, 0.0));
    refused("shape", "1 to 65536", network.occlude(&x, usize::MAX, 1, 0.0));
    refused("shape", "1 to 65536", network.occlude(&x, 1, 0, 0.0));
    refused("value", "finite", network.occlude(&x, 1, 1, f32::NAN));
    refused("limit", "steps", network.maximize(place("dense", 0, 0, 0), MAX_ASCENT_STEPS + 1, 0));
    refused("value", "unit", network.maximize(place("dense", 9, 0, 0), 1, 0));
    let data = dataset([9, 8, 4], 3, 0);
    refused("value", "got 3", network.strongest_patches(&data, &[3], &[]));
    refused("shape", "none", network.strongest_patches(&data, &[], &[]));
    refused("shape", "before", network.strongest_patches(&data, &[0], &[0.0; 4]));
    refused(
        "shape",
        "needs images",
        network.effective_receptive_field(&dataset([9, 8, 1], 1, 0), &[0], place("dense", 0, 0, 0)),
    );
    refused("value", "nothing", network.features(&x, "nothing"));
    refused("shape", "examples", network.features(&x[1..], "dense"));

    let mut vectors = networks().swap_remove(3);
    refused("shape", "image", vectors.occlude(&[0.0; 6], 1, 1, 0.0));
    let mut flat = model(&[9, 8, 4], &[("Flatten", json!({})), ("Dense", json!({ "units": 2 }))], 0);
    refused("value", "Conv2D", flat.strongest_patches(&data, &[0], &[]));

    refused("shape", "whole rows", principal_components(&[1.0; 5], 2, 1, &[]));
    refused("shape", "whole rows", principal_components(&[], 0, 1, &[]));
    refused("value", "count", principal_components(&[1.0; 6], 2, 3, &[]));
    refused("value", "count", principal_components(&[1.0; 6], 2, 0, &[]));
    refused("shape", "before", principal_components(&[1.0; 6], 2, 1, &[1.0]));
    refused("value", "finite", principal_components(&[f32::INFINITY; 6], 2, 1, &[]));
    refused("shape", "whole rows", coordinates(&[1.0; 6], &[0.0; 2], &[]));
    refused("value", "count", nearest_rows(&[1.0; 6], &[0.0; 2], 0));
    refused("value", "count", nearest_rows(&[1.0; 6], &[0.0; 2], 257));
    refused("shape", "whole rows", nearest_rows(&[1.0; 6], &[], 1));
}

#[test]
fn a_window_beyond_what_can_be_shown_is_refused() {
    let mut model = model(
        &[3, 3, 1],
        &[("MaxPooling2D", json!({ "pool_size": 60_000, "strides": 1, "padding": "same" }))],
        0,
    );
    refused(
        "limit",
        "cells",
        model.explain_unit(&[0.5; 9], UnitPlace { layer: "max_pooling2d", unit: 0, row: 0, column: 0 }),
    );
}
