//! Descriptions of graphs, most of them right: layers that read any of those before, models in models, the forms of Keras 2
//! and 3, and now and then a name that is not there, is there twice, or leads in a circle.

use crate::edits::{any_of, json as edit, one};
use convscope_core::random::Random;
use serde_json::{Value, json};

/// Layers of one input that keep its shape, but for the channels.
fn of_one(random: &mut Random) -> (&'static str, Value) {
    let size = one(random, &[1, 3]);
    match random.below(5) {
        0 => ("Conv2D", json!({ "filters": 1 + random.below(3), "kernel_size": size, "padding": "same" })),
        1 => {
            ("Conv2D", json!({ "filters": 3, "kernel_size": size, "padding": "same", "activation": "relu" }))
        }
        2 => ("MaxPooling2D", json!({ "pool_size": 2, "strides": 1, "padding": "same" })),
        3 => ("BatchNormalization", json!({})),
        _ => ("Dropout", json!({ "rate": 0.5 })),
    }
}

fn of_several(random: &mut Random) -> &'static str {
    one(
        random,
        &["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Concatenate"],
    )
}

fn call(inputs: &[String], is_of_keras_2: bool) -> Value {
    if is_of_keras_2 {
        return inputs.iter().map(|input| json!([input, 0, 0, {}])).collect();
    }
    let tensor = |input: &String| json!({ "class_name": "__keras_tensor__", "config": { "keras_history": [input, 0, 0] } });
    let argument = match inputs {
        [input] => tensor(input),
        _ => inputs.iter().map(tensor).collect(),
    };
    json!({ "args": [argument], "kwargs": { "mask": null } })
}

/// A model of the class `Functional` for images of `channels` channels, and with luck for the same again.
fn functional(random: &mut Random, channels: usize, depth: usize) -> Value {
    let is_of_keras_2 = random.below(2) == 0;
    let mut names = vec!["image".to_owned()];
    let mut layers = vec![json!({
        "class_name": "InputLayer", "config": { "batch_shape": [null, 5, 4, channels], "name": "image" },
        "name": "image", "inbound_nodes": [],
    })];
    for number in 0..=random.below(6) {
        let last = names.len() - 1;
        let mut inputs = vec![names[last].clone()];
        let (class_name, mut config) = match random.below(4) {
            0 => {
                inputs.extend((0..=random.below(2)).map(|_| any_of(random, &names).clone()));
                (of_several(random), json!({}))
            }
            1 if depth > 0 => ("Functional", functional(random, channels, depth - 1)["config"].take()),
            _ => of_one(random),
        };
        let name = format!("layer_{number}");
        config["name"] = name.as_str().into();
        if random.below(30) == 0 {
            inputs[0] = one(random, &["layer_0", "layer_1", "layer_5", "image", "nobody"]).to_owned();
        }
        layers.push(json!({
            "class_name": class_name, "config": config, "name": name,
            "inbound_nodes": [call(&inputs, is_of_keras_2)],
        }));
        names.push(name);
    }
    let output = json!([names.last(), 0, 0]);
    let of_keras_2 = |place: Value| if is_of_keras_2 { json!([place]) } else { place };
    json!({ "class_name": "Functional", "config": {
        "name": "graph", "layers": layers,
        "input_layers": of_keras_2(json!(["image", 0, 0])), "output_layers": of_keras_2(output),
    }})
}

/// A graph, every second one edited.
pub(super) fn description(random: &mut Random) -> Vec<u8> {
    let channels = 1 + random.below(3);
    let mut value = functional(random, channels, 2);
    if random.below(2) == 0 {
        edit(random, &mut value);
    }
    value.to_string().into_bytes()
}
