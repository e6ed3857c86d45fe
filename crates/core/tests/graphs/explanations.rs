//! Explanations of units that several ways lead to.

use super::{Layer, branches, built, convolution, functional, values};
use convscope_core::explain::{ReluRule, UnitPlace};
use convscope_core::random::Random;
use convscope_core::{Dataset, Operation};
use serde_json::{Value, json};

/// Without activations, so that every pixel in reach counts.
fn linear() -> Value {
    functional(
        "linear",
        &[9, 8, 1],
        &[
            ("Conv2D", "one", convolution(2, 3), &["image"]),
            ("Conv2D", "two", json!({ "filters": 2, "kernel_size": [1, 4], "padding": "same" }), &["one"]),
            ("Subtract", "difference", json!({}), &["one", "two"]),
            ("AveragePooling2D", "pool", json!({}), &["image"]),
            ("Conv2D", "strided", json!({ "filters": 2, "kernel_size": 2, "strides": 2 }), &["difference"]),
            ("Concatenate", "all", json!({}), &["strided", "pool"]),
            ("Flatten", "flatten", json!({}), &["all"]),
            ("Dense", "dense", json!({ "units": 2 }), &["flatten"]),
        ],
    )
}

#[test]
fn traced_regions_are_what_changes_a_unit() {
    let mut model = built(&linear(), 2);
    let x = values(&mut Random::new(1, 1), 72);
    let layers = model.summary().layers;
    let outputs = model.observe(&x).unwrap().layers;
    let changed: Vec<_> = (0..72)
        .map(|pixel| {
            let mut other = x.clone();
            other[pixel] += 1.0;
            model.observe(&other).unwrap().layers
        })
        .collect();
    for (number, output) in outputs.iter().enumerate() {
        let [height, width, channels] = output.shape;
        for place in 0..height * width * channels {
            let (unit, row, column) = (place / (height * width), place / width % height, place % width);
            let (mut rows, mut columns) = ([usize::MAX, 0], [usize::MAX, 0]);
            for (pixel, layers) in changed.iter().enumerate() {
                if (layers[number].planes[place] - output.planes[place]).abs() > 1e-6 {
                    rows = [rows[0].min(pixel / 8), rows[1].max(pixel / 8 + 1)];
                    columns = [columns[0].min(pixel % 8), columns[1].max(pixel % 8 + 1)];
                }
            }
            let regions = model.regions(UnitPlace { layer: &output.name, unit, row, column }).unwrap();
            let input = regions.last().unwrap();
            assert_eq!(input.layer, "input");
            assert_eq!((input.rows, input.columns), (rows, columns), "{} {unit} {row} {column}", output.name);
            // What every unit of the layer sees holds what this one sees.
            if let Some(field) = layers[number].receptive_field {
                let first = |axis: usize, at: usize| field.start[axis] + (at * field.jump[axis]) as isize;
                assert!(first(0, row) <= rows[0] as isize && first(1, column) <= columns[0] as isize);
                assert!(first(0, row) + field.size[0] as isize >= rows[1] as isize);
                assert!(first(1, column) + field.size[1] as isize >= columns[1] as isize);
            }
        }
    }
    let regions = model.regions(UnitPlace { layer: "all", unit: 2, row: 1, column: 1 }).unwrap();
    let names: Vec<_> = regions.iter().map(|region| region.layer.as_str()).collect();
    assert_eq!(names, ["all", "pool", "input"]);
}

#[test]
fn the_arithmetic_of_a_unit_gives_its_output() {
    let x = values(&mut Random::new(4, 1), 96);
    let mut model = built(&branches(), 4);
    for maps in model.observe(&x).unwrap().layers {
        let [height, width, channels] = maps.shape;
        for place in (0..height * width * channels).step_by(3) {
            let (unit, row, column) = (place / (height * width), place / width % height, place % width);
            let found = model.explain_unit(&x, UnitPlace { layer: &maps.name, unit, row, column }).unwrap();
            assert_eq!(found.output, maps.planes[place]);
            let patches = &found.patches;
            let expected = match found.operation {
                Operation::Sum => patches.iter().sum(),
                Operation::Product => patches.iter().product(),
                Operation::Concatenation => patches[0],
                _ => found.sum,
            };
            assert!((found.sum - expected).abs() < 1e-5, "{} {found:?}", maps.name);
            if found.activation == "linear" {
                assert!((found.output - found.preactivation).abs() < 1e-5, "{} {found:?}", maps.name);
            }
        }
    }
    let found = model.explain_unit(&x, UnitPlace { layer: "all", unit: 5, row: 1, column: 2 }).unwrap();
    assert_eq!((found.source.as_str(), found.channels), ("small", vec![1]));
    let found = model.explain_unit(&x, UnitPlace { layer: "sum", unit: 3, row: 1, column: 2 }).unwrap();
    assert_eq!((found.source.as_str(), found.channels), ("pool", vec![3, 3, 3]));
}

#[test]
fn projections_go_back_on_all_ways() {
    let x = values(&mut Random::new(5, 1), 96);
    let mut model = built(&branches(), 6);
    let data = Dataset::new(vec![100; 96], vec![0], [8, 6, 2]).unwrap();
    for layer in ["stem", "pool", "strided", "sum", "small", "all", "product"] {
        let found = model.project(&x, layer, 1, Some([1, 2]), ReluRule::Gradient).unwrap();
        let moved = |step: f32| -> Vec<f32> {
            // The image is in planes, the examples are not.
            x.iter().enumerate().map(|(at, value)| value + step * found.image[at % 2 * 48 + at / 2]).collect()
        };
        let value = |x: &[f32], model: &mut convscope_core::Model| {
            let maps = model.feature_maps(x, layer).unwrap();
            let [height, width, _] = maps.shape;
            maps.planes[(height + 1) * width + 2]
        };
        let square: f32 = found.image.iter().map(|value| value * value).sum();
        let change = (value(&moved(1e-3), &mut model) - value(&moved(-1e-3), &mut model)) / 2e-3;
        assert!((change - square).abs() < 0.02 * square + 1e-3, "{layer}: {change} {square}");
        let place = UnitPlace { layer, unit: 1, row: 1, column: 2 };
        let field = model.effective_receptive_field(&data, &[0], place).unwrap();
        let region = model.regions(place).unwrap().pop().unwrap();
        for (pixel, &value) in field.iter().enumerate() {
            let inside = (region.rows[0]..region.rows[1]).contains(&(pixel / 6))
                && (region.columns[0]..region.columns[1]).contains(&(pixel % 6));
            assert!(inside || value == 0.0, "{layer}: {pixel}");
        }
        assert!(field.iter().any(|&value| value != 0.0), "{layer}");
    }
}

#[test]
fn rankings_and_class_activations_find_their_maps() {
    let layers: [Layer<'_>; 7] = [
        ("Conv2D", "stem", convolution(3, 3), &["image"]),
        ("Conv2D", "body", convolution(3, 3), &["stem"]),
        ("ReLU", "relu", json!({}), &["stem"]),
        ("Add", "add", json!({}), &["relu", "body"]),
        ("ReLU", "last", json!({}), &["add"]),
        ("GlobalAveragePooling2D", "mean", json!({}), &["last"]),
        ("Dense", "dense", json!({ "units": 2 }), &["mean"]),
    ];
    let mut model = built(&functional("residual", &[5, 5, 1], &layers), 3);
    let data = Dataset::new((0..50).map(|pixel| pixel * 5).collect(), vec![0, 1], [5, 5, 1]).unwrap();
    let ranking = model.strongest_patches(&data, &[0, 1], &[]).unwrap();
    let names: Vec<_> = ranking.layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, ["stem", "body", "relu"]);
    let x = values(&mut Random::new(1, 1), 25);
    let found = model.class_activation(&x, 1).unwrap();
    let mean = found.map.iter().sum::<f32>() / 25.0;
    assert!((mean + found.bias - model.predict(&x).unwrap()[1]).abs() < 1e-5);
}
