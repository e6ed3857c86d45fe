//! Arguments that nothing has are refused by name wherever they stand; what Keras itself reads is read.

#![allow(clippy::disallowed_macros, clippy::disallowed_methods, reason = "tests are not downloaded")]

use convscope_core::Model;
use convscope_core::digits::ImageAugmentation;
use convscope_core::explain::activation_curve;
use convscope_core::surfaces::{Descent, Surface};
use serde_json::{Value, json};

/// One of every class, with all that it needs.
fn layers() -> [Value; 14] {
    [
        json!({ "class_name": "Conv2D", "config": { "filters": 2, "kernel_size": 3 } }),
        json!({ "class_name": "DepthwiseConv2D", "config": { "kernel_size": 3, "depthwise_initializer": "ones" } }),
        json!({ "class_name": "BatchNormalization", "config": {} }),
        json!({ "class_name": "MaxPooling2D", "config": { "padding": "same" } }),
        json!({ "class_name": "AveragePooling2D", "config": { "padding": "same" } }),
        json!({ "class_name": "Activation", "config": { "activation": "tanh" } }),
        json!({ "class_name": "ReLU", "config": {} }),
        json!({ "class_name": "LeakyReLU", "config": {} }),
        json!({ "class_name": "ELU", "config": {} }),
        json!({ "class_name": "Softmax", "config": {} }),
        json!({ "class_name": "GlobalAveragePooling2D", "config": { "keepdims": true } }),
        json!({ "class_name": "Flatten", "config": {} }),
        json!({ "class_name": "Dropout", "config": { "rate": 0.5 } }),
        json!({ "class_name": "Dense", "config": { "units": 3 } }),
    ]
}

/// A model of `layers`, the whole description changed by `change`.
fn described(layers: &[Value], change: impl FnOnce(&mut Value)) -> Result<Model, String> {
    let input = json!({ "class_name": "InputLayer", "config": { "batch_shape": [null, 8, 8, 1] } });
    let layers: Vec<&Value> = std::iter::once(&input).chain(layers).collect();
    let mut description =
        json!({ "class_name": "Sequential", "config": { "name": "test", "layers": layers } });
    change(&mut description);
    Model::from_json(&description.to_string(), 1).map_err(|error| error.to_string())
}

/// Asserts that the description is refused with all `words`.
fn refused(words: &[&str], change: impl FnOnce(&mut Value)) {
    let message = described(&layers(), change).expect_err(words[0]);
    assert!(words.iter().all(|word| message.contains(word)), "{message}\nlacks some of {words:?}");
}

fn compiled(optimizer: Value, loss: Value) -> Result<(), String> {
    let mut model = described(&layers(), |_| {})?;
    let description = json!({ "optimizer": optimizer, "loss": loss });
    model.compile(&description.to_string()).map_err(|error| error.to_string())
}

#[test]
fn every_layer_refuses_a_misspelt_argument() {
    described(&layers(), |_| {}).unwrap();
    for (index, layer) in layers().iter().enumerate() {
        let class_name = layer["class_name"].as_str().unwrap();
        let says = |hint: &str| format!("{class_name} has no such argument; did you mean {hint}?");
        let set = |name: &'static str, value: Value| {
            move |model: &mut Value| model["config"]["layers"][index + 1]["config"][name] = value
        };
        refused(
            &[&format!("layer {}", index + 1), "trainble: ", &says("trainable")],
            set("trainble", true.into()),
        );
        refused(&["activity_regularizer: "], set("activity_regularizer", "l2".into()));
        for own in layer["config"].as_object().unwrap().keys() {
            let misspelt = format!("{own}x");
            let message = described(&layers(), |model| {
                model["config"]["layers"][index + 1]["config"][&misspelt] = 1.into();
            });
            let message = message.unwrap_err();
            assert!(message.contains(&misspelt) && message.contains(&says(own)), "{message}");
        }
        described(&layers(), set("autocast", true.into())).unwrap();
    }
}

#[test]
fn nothing_around_the_layers_is_passed_over() {
    refused(&["clas_name", "did you mean class_name?"], |model| model["clas_name"] = 1.into());
    refused(&["layer: Sequential", "did you mean layers?"], |model| model["config"]["layer"] = json!([]));
    refused(&["layer 2: ", "Config", "did you mean config?"], |model| {
        model["config"]["layers"][1]["Config"] = 1.into()
    });
    refused(&["layer 1: ", "batchshape", "did you mean batch_shape?"], |model| {
        model["config"]["layers"][0]["config"]["batchshape"] = 1.into();
    });
    let of_convolution = |name: &'static str, value: Value| {
        move |model: &mut Value| model["config"]["layers"][1]["config"][name] = value
    };
    let l2 = |config: Value| json!({ "class_name": "L2", "config": config });
    refused(
        &["kernel_regularizer: L: L2 has no such argument; it has l2"],
        of_convolution("kernel_regularizer", l2(json!({ "L": 0.1 }))),
    );
    refused(
        &["kernel_regularizer: l1: L2 has no such argument; it has l2"],
        of_convolution("kernel_regularizer", l2(json!({ "l1": 0.1 }))),
    );
    refused(
        &["bias_initializer: value: Zeros has no such argument; it has none"],
        of_convolution("bias_initializer", json!({ "class_name": "Zeros", "config": { "value": 1 } })),
    );
    refused(
        &["kernel_initializer: input_axes"],
        of_convolution(
            "kernel_initializer",
            json!({ "class_name": "HeNormal", "config": { "input_axes": [0] } }),
        ),
    );
    refused(
        &["activation: alpha: ReLU"],
        of_convolution("activation", json!({ "class_name": "ReLU", "config": { "alpha": 0.1 } })),
    );
    refused(
        &["activation: confg: a serialised object", "did you mean config?"],
        of_convolution("activation", json!({ "class_name": "ReLU", "confg": {} })),
    );
    refused(
        &["dtype"],
        of_convolution("dtype", json!({ "class_name": "DTypePolicy", "config": { "names": 1 } })),
    );
    refused(&["float16"], |model| model["config"]["dtype"] = "float16".into());
}

#[test]
fn training_refuses_misspelt_arguments() {
    let named = |name: &str, argument: &str| json!({ "class_name": name, "config": { argument: 0.1 } });
    let message = compiled(named("SGD", "lr"), "mse".into()).unwrap_err();
    assert!(
        message.contains("SGD has no such argument; it has momentum, nesterov, learning_rate"),
        "{message}"
    );
    for name in ["SparseCategoricalCrossentropy", "CategoricalCrossentropy", "MeanSquaredError"] {
        let message = compiled("sgd".into(), named(name, "reducton")).unwrap_err();
        assert_eq!(message, format!("loss: reducton: {name} has no such argument; did you mean reduction?"));
    }
    let message = compiled("sgd".into(), named("MeanSquaredError", "from_logits")).unwrap_err();
    assert!(message.contains("from_logits"), "{message}");
    let mut model = described(&layers(), |_| {}).unwrap();
    let text = r#"{"optimizer": "sgd", "losses": "mse"}"#;
    assert!(model.compile(text).unwrap_err().to_string().contains("did you mean loss?"));
}

#[test]
fn what_is_no_model_is_read_as_strictly() {
    let message = ImageAugmentation::from_json(r#"{"rotaton": 1}"#).unwrap_err().to_string();
    assert!(message.contains("did you mean rotation?"), "{message}");
    let message = Surface::from_json(r#"{"name": "regression", "sed": 1}"#).unwrap_err().to_string();
    assert!(message.contains("did you mean seed?"), "{message}");
    assert!(Surface::from_json(r#"{"name": "regression", "seed": "one"}"#).is_err());
    let path = r#"{"surface": {"name": "ravine"}, "optimiser": "sgd"}"#;
    let message = Descent::from_json(path, [0.0; 2], 1, 0).unwrap_err().to_string();
    assert!(message.contains("did you mean optimizer?"), "{message}");
    let message = activation_curve(r#"{"activaton": "relu"}"#, &[0.0]).unwrap_err().to_string();
    assert!(message.contains("did you mean activation?"), "{message}");
}

#[test]
fn what_keras_reads_is_read() {
    let leaky = |config: Value| {
        let layer = json!({ "class_name": "LeakyReLU", "config": config });
        described(&[layer], |_| {}).unwrap().predict(&[-1.0; 64]).unwrap()[0]
    };
    for (config, slope) in [
        (json!({}), -0.3),
        (json!({ "alpha": 0.25 }), -0.25),
        (json!({ "negative_slope": 0.25 }), -0.25),
        (json!({ "negative_slope": 0.5, "alpha": 0.25 }), -0.25),
    ] {
        assert!((leaky(config) - slope).abs() < 1e-6);
    }
    // An activation that is a layer is written with what every layer has.
    let activation = json!({ "class_name": "LeakyReLU", "config": { "name": "a", "trainable": true, "dtype": "float32", "alpha": 0.5 } });
    let layer = json!({ "class_name": "Activation", "config": { "activation": activation } });
    assert!((described(&[layer], |_| {}).unwrap().predict(&[-1.0; 64]).unwrap()[0] + 0.5).abs() < 1e-6);
    let function = json!({ "module": "builtins", "class_name": "function", "config": "relu", "registered_name": "function" });
    let layer = json!({ "class_name": "Activation", "config": { "activation": function } });
    assert!(
        described(&[layer], |_| {}).unwrap().predict(&[-1.0; 64]).unwrap().iter().all(|value| *value == 0.0)
    );

    let normalization = |axis: Value| {
        let layer = json!({ "class_name": "BatchNormalization", "config": { "axis": axis } });
        described(&[layer], |_| {}).map(|_| ())
    };
    for axis in [json!(3), json!([3]), json!(-1), json!([-1]), json!(null)] {
        normalization(axis).unwrap();
    }
    for axis in [json!(1), json!([1]), json!([1, 3]), json!([]), json!("last")] {
        assert!(normalization(axis).unwrap_err().contains("axis: only the last axis (3 or -1) is supported"));
    }

    let pair = |size: Value| {
        let layer = json!({ "class_name": "Conv2D", "config": { "filters": 1, "kernel_size": size } });
        described(&[layer], |_| {}).map(|model| model.summary().layers[0].output_shape.clone())
    };
    assert_eq!(pair(json!(3)), pair(json!([3, 3])));
    // As Keras does.
    assert!(pair(json!([3])).unwrap_err().contains("kernel_size: expected one or two whole numbers"));

    for shape in [
        json!({ "batch_input_shape": [null, 4] }),
        json!({ "input_shape": [4] }),
        json!({ "input_dim": 4 }),
        json!({ "batch_shape": [null, 4] }),
    ] {
        let mut layer = json!({ "class_name": "Dense", "config": { "units": 1 } });
        layer["config"].as_object_mut().unwrap().extend(shape.as_object().unwrap().clone());
        for config in [json!([layer]), json!({ "name": "test", "layers": [layer] })] {
            let description =
                json!({ "class_name": "Sequential", "config": config, "keras_version": "2.3.1" });
            assert_eq!(Model::from_json(&description.to_string(), 1).unwrap().input_shape().len(), 4);
        }
    }
    let later = json!({ "class_name": "Sequential", "config": {
        "name": "test", "build_input_shape": [null, 4], "layers": [{ "class_name": "Dense", "config": { "units": 1 } }],
    } });
    assert_eq!(Model::from_json(&later.to_string(), 1).unwrap().input_shape().len(), 4);
}
