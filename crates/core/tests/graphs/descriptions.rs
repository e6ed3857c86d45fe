//! Descriptions of graphs: read in every form, and written so that Keras reads them.

use super::{Layer, branches, built, convolution, functional};
use convscope_core::{Model, Variation, varied};
use serde_json::{Value, json};

fn names(model: &Model) -> Vec<String> {
    model.summary().layers.into_iter().map(|layer| layer.name).collect()
}

/// A model with a Sequential one in it, which is in another.
fn nested() -> Value {
    let sequential = json!({ "layers": [
        { "class_name": "InputLayer", "config": { "batch_shape": [null, 6, 6, 3], "name": "its_input" } },
        { "class_name": "Conv2D", "config": { "name": "conv", "filters": 3, "kernel_size": 3, "padding": "same" } },
        { "class_name": "ReLU", "config": { "name": "relu" } },
    ]});
    let mut inner = functional(
        "block",
        &[6, 6, 3],
        &[("Sequential", "body", sequential, &["image"]), ("Add", "add", json!({}), &["body", "image"])],
    );
    let inner = inner["config"].take();
    let layers: [Layer<'_>; 4] = [
        ("Conv2D", "conv", convolution(3, 3), &["image"]),
        ("Functional", "block", inner, &["conv"]),
        ("Flatten", "flatten", json!({}), &["block"]),
        ("Dense", "dense", json!({ "units": 2 }), &["flatten"]),
    ];
    functional("outer", &[6, 6, 1], &layers)
}

#[test]
fn models_in_models_are_flattened_with_their_names() {
    let model = built(&nested(), 1);
    assert_eq!(
        names(&model),
        ["conv", "block/body/conv", "block/body/relu", "block/add", "flatten", "dense"]
    );
    assert_eq!(model.weights("block/body/conv/kernel").unwrap().shape, [3, 3, 3, 3]);
    let inputs: Vec<Vec<String>> = model.summary().layers.into_iter().map(|layer| layer.inputs).collect();
    let expected: [&[&str]; 6] =
        [&[""], &["conv"], &["block/body/conv"], &["block/body/relu", "conv"], &["block/add"], &["flatten"]];
    assert_eq!(inputs, expected);

    // A Sequential model that begins with another has its input.
    let sequential = json!({ "class_name": "Sequential", "config": { "name": "outer", "layers": [
        { "class_name": "Sequential", "config": { "name": "inner", "layers": [
            { "class_name": "InputLayer", "config": { "batch_input_shape": [null, 4] } },
            { "class_name": "Dense", "config": { "name": "dense", "units": 3 } }] } },
        { "class_name": "Dense", "config": { "name": "dense", "units": 2 } }] } });
    let model = built(&sequential, 1);
    assert_eq!(names(&model), ["inner/dense", "dense"]);
    let again = Model::from_json(&model.to_json(), 1).unwrap();
    assert_eq!(model.summary(), again.summary());
    let written: Value = serde_json::from_str(&model.to_json()).unwrap();
    assert_eq!(written["class_name"], "Sequential");
    assert_eq!(written["config"]["layers"][1]["class_name"], "Sequential");
}

#[test]
fn what_is_written_is_the_same_model() {
    for description in [nested(), branches()] {
        let model = built(&description, 4);
        let text = model.to_json();
        let again = Model::from_json(&text, 4).unwrap();
        assert_eq!(model.summary(), again.summary());
        assert_eq!(again.to_json(), text);
        // By these Keras finds the class.
        let written: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(written["module"], "keras.src.models.functional");
        assert_eq!(written["registered_name"], "Functional");
        let file = Model::from_safetensors(&model.to_safetensors()).unwrap();
        assert_eq!(file.flat_weights(), model.flat_weights());
    }
}

#[test]
fn the_order_of_the_description_is_free() {
    let mut turned = branches();
    turned["config"]["layers"].as_array_mut().unwrap().reverse();
    let (model, turned) = (built(&branches(), 1), built(&turned, 1));
    let mut turned_names = names(&turned);
    assert_ne!(names(&model), turned_names);
    turned_names.sort();
    let mut sorted = names(&model);
    sorted.sort();
    assert_eq!(sorted, turned_names);
    for layer in turned.summary().layers {
        let of_same_name = model.summary().layers.into_iter().find(|other| other.name == layer.name).unwrap();
        assert_eq!(
            (layer.output_shape, layer.receptive_field),
            (of_same_name.output_shape, of_same_name.receptive_field)
        );
    }
}

#[test]
fn keras_2_writes_calls_as_lists() {
    let mut description = branches();
    description["class_name"] = "Model".into();
    description["config"]["input_layers"] = json!([["image", 0, 0]]);
    description["config"]["output_layers"] = json!([["dense", 0, 0]]);
    for layer in description["config"]["layers"].as_array_mut().unwrap() {
        let Some(argument) = layer["inbound_nodes"].get(0).map(|node| node["args"][0].clone()) else {
            continue;
        };
        let tensors = argument.as_array().cloned().unwrap_or_else(|| vec![argument]);
        let call: Vec<Value> =
            tensors.iter().map(|tensor| json!([tensor["config"]["keras_history"][0], 0, 0, {}])).collect();
        layer["inbound_nodes"] = json!([call]);
    }
    assert_eq!(built(&description, 1).summary(), built(&branches(), 1).summary());
}

#[test]
fn receptive_fields_hold_what_all_ways_lead_to() {
    let model = built(&branches(), 1);
    let fields: Vec<_> = model.summary().layers.into_iter().map(|layer| layer.receptive_field).collect();
    let field = |number: usize| {
        let field = fields[number].unwrap();
        (field.size, field.start, field.jump)
    };
    // 3×3, its pooling by 2, the same with 3×3 of those around, and the pooled image in it.
    assert_eq!(field(0), ([3, 3], [-1, -1], [1, 1]));
    assert_eq!(field(1), ([4, 4], [-1, -1], [2, 2]));
    assert_eq!(field(3), ([8, 8], [-3, -3], [2, 2]));
    assert_eq!(field(4), ([8, 8], [-3, -3], [2, 2]));
    assert_eq!(field(5), ([2, 2], [0, 0], [2, 2]));
    assert_eq!(field(6), ([8, 8], [-3, -3], [2, 2]));
    assert_eq!(fields[9], None);
}

#[test]
fn variations_keep_who_reads_what() {
    let variation =
        Variation { l2: 0.01, dropout: Some(0.5), batch_normalization: true, ..Variation::default() };
    for description in [nested(), branches()] {
        let text = varied(&description.to_string(), variation).unwrap();
        let model = Model::from_json(&text, 1).unwrap();
        let layers = model.summary().layers;
        let before = built(&description, 1);
        for layer in &layers {
            let normalization = format!("{}_bn", layer.name);
            if layers.iter().any(|other| other.name == normalization) {
                let readers: Vec<_> = layers
                    .iter()
                    .filter(|other| other.inputs.contains(&layer.name))
                    .map(|other| &other.name)
                    .collect();
                assert_eq!(readers, [&normalization]);
            }
        }
        assert_eq!(layers.iter().filter(|layer| layer.class_name == "Dropout").count(), 1);
        let dense = layers.last().unwrap();
        assert_eq!(dense.inputs, ["dropout"]);
        assert_eq!(before.summary().outputs, model.summary().outputs);
    }
    let text = varied(&nested().to_string(), variation).unwrap();
    assert_eq!(
        names(&Model::from_json(&text, 1).unwrap()),
        [
            "conv",
            "conv_bn",
            "block/body/conv",
            "block/body/conv_bn",
            "block/body/relu",
            "block/add",
            "flatten",
            "dropout",
            "dense"
        ]
    );
}
