//! Networks whose layers read others than the one before.
#![cfg(feature = "complete")]

mod descriptions;
mod explanations;
mod passes;
mod refused;

use convscope_core::Model;
use convscope_core::random::Random;
use serde_json::{Value, json};

/// One layer of a Functional model: its class, its name, its arguments, and the names of what it reads.
type Layer<'a> = (&'a str, &'a str, Value, &'a [&'a str]);

/// What Keras writes for a Functional model whose input is called `image` and that ends with the last of `layers`.
fn functional(name: &str, input: &[usize], layers: &[Layer<'_>]) -> Value {
    let shape: Vec<Value> =
        std::iter::once(Value::Null).chain(input.iter().map(|&size| size.into())).collect();
    let mut all = vec![json!({
        "class_name": "InputLayer", "name": "image", "inbound_nodes": [],
        "config": { "name": "image", "batch_shape": shape },
    })];
    for (class_name, name, config, inputs) in layers {
        let tensors: Vec<Value> = inputs
            .iter()
            .map(|input| {
                let config = json!({ "shape": [null], "dtype": "float32", "keras_history": [input, 0, 0] });
                json!({ "class_name": "__keras_tensor__", "config": config })
            })
            .collect();
        let argument = if let [tensor] = &tensors[..] { tensor.clone() } else { tensors.into() };
        let mut config = config.clone();
        config["name"] = (*name).into();
        all.push(json!({
            "module": "keras.layers", "class_name": class_name, "config": config, "registered_name": null,
            "name": name, "inbound_nodes": [{ "args": [argument], "kwargs": {} }],
        }));
    }
    let output = layers.last().expect("a layer").1;
    json!({ "class_name": "Functional", "config": {
        "name": name, "trainable": true, "layers": all,
        "input_layers": ["image", 0, 0], "output_layers": [output, 0, 0],
    }})
}

fn built(description: &Value, seed: u64) -> Model {
    Model::from_json(&description.to_string(), seed).unwrap()
}

fn values(random: &mut Random, len: usize) -> Vec<f32> {
    (0..len).map(|_| random.uniform(-1.0, 1.0)).collect()
}

fn convolution(filters: usize, size: usize) -> Value {
    json!({ "filters": filters, "kernel_size": size, "padding": "same" })
}

/// A convolution that a max pooling and another layer read, a branch that goes through both, and everything smooth but
/// that pooling. A second input-reader joins at the end.
fn branches() -> Value {
    let mut tanh = convolution(4, 3);
    tanh["activation"] = "tanh".into();
    functional(
        "branches",
        &[8, 6, 2],
        &[
            ("Conv2D", "stem", convolution(4, 3), &["image"]),
            ("MaxPooling2D", "pool", json!({}), &["stem"]),
            ("Conv2D", "strided", json!({ "filters": 4, "kernel_size": 2, "strides": 2 }), &["stem"]),
            ("Conv2D", "tanh", tanh, &["pool"]),
            ("Add", "sum", json!({}), &["pool", "tanh", "strided"]),
            ("AveragePooling2D", "small", json!({}), &["image"]),
            ("Concatenate", "all", json!({ "axis": -1 }), &["sum", "small", "sum"]),
            ("Multiply", "product", json!({}), &["all", "all"]),
            ("Flatten", "flatten", json!({}), &["product"]),
            ("Dense", "dense", json!({ "units": 3, "activation": "softmax" }), &["flatten"]),
        ],
    )
}
