//! What is no graph of one input and one output is refused in words that name the layer.

use super::{Layer, branches, functional};
use convscope_core::Model;
use serde_json::{Value, json};

fn refusal(description: &Value) -> String {
    Model::from_json(&description.to_string(), 1).expect_err("a graph that is refused").to_string()
}

fn dense(units: usize) -> Value {
    json!({ "units": units })
}

#[test]
fn layers_that_do_not_hang_together_are_named() {
    let cases: [(&[Layer<'_>], &str); 12] = [
        (
            &[("Add", "a", json!({}), &["b", "image"]), ("ReLU", "b", json!({}), &["a"])],
            "layer 'a' reads its own output",
        ),
        (&[("ReLU", "a", json!({}), &["a"])], "layer 'a' reads its own output"),
        (&[("ReLU", "a", json!({}), &["c"])], "a: inbound_nodes: there is no layer called 'c'"),
        (
            &[("Dense", "a", dense(2), &["image"]), ("Dense", "b", dense(2), &["image"])],
            "the output of layer 'a' leads nowhere, the model ends with 'b'",
        ),
        (
            &[("Dense", "a", dense(2), &["image"]), ("Dense", "a", dense(2), &["image"])],
            "'a' is already the name of another layer",
        ),
        (&[("Dense", "image", dense(2), &["image"])], "'image' is already the name"),
        (&[("Dense", "a", dense(2), &["image", "image"])], "layer 1 (a): Dense has one input, got 2"),
        (&[("Dense", "a", dense(2), &[])], "a: inbound_nodes: expected"),
        (&[("Add", "a", json!({}), &["image"])], "Add needs at least 2 inputs, got 1"),
        (
            &[("Dense", "a", dense(2), &["image"]), ("Subtract", "b", json!({}), &["a", "a", "image"])],
            "Subtract needs 2 inputs, got 3",
        ),
        (
            &[("Dense", "a", dense(2), &["image"]), ("Add", "b", json!({}), &["a", "image"])],
            "layer 2 (b): inputs need the same shape, or one pixel or one channel in its place, got (2,) and (5,)",
        ),
        (
            &[
                ("Dense", "a", dense(2), &["image"]),
                ("Concatenate", "b", json!({ "axis": 0 }), &["a", "image"]),
            ],
            "layer 2 (b): axis: only the last axis (1 or -1) is supported, got 0",
        ),
    ];
    for (layers, words) in cases {
        let message = refusal(&functional("bad", &[5], layers));
        assert!(message.contains(words), "{message} lacks {words}");
    }
}

#[test]
fn several_inputs_outputs_and_calls_are_refused() {
    let change = |change: &dyn Fn(&mut Value), words: &str| {
        let mut description = branches();
        change(&mut description["config"]);
        let message = refusal(&description);
        assert!(message.contains(words), "{message} lacks {words}");
    };
    change(
        &|config| config["output_layers"] = json!([["dense", 0, 0], ["sum", 0, 0]]),
        "output_layers: only models with one output are supported, got 2 (dense, sum)",
    );
    change(
        &|config| {
            let mut other = config["layers"][0].clone();
            other["config"]["name"] = "other".into();
            config["layers"].as_array_mut().unwrap().push(other);
        },
        "only models with one input are supported, got 2 InputLayer (image, other)",
    );
    change(
        &|config| config["input_layers"] = json!(["stem", 0, 0]),
        "expected the InputLayer 'image', got 'stem'",
    );
    change(
        &|config| config["output_layers"] = json!(["image", 0, 0]),
        "expected a layer, got the input 'image'",
    );
    change(&|config| config["output_layers"] = json!(["nobody", 0, 0]), "there is no layer called 'nobody'");
    change(
        &|config| config["output_layers"] = json!(["dense", 0, 1]),
        "layer 'dense' has one output, got number 1",
    );
    change(
        &|config| config["output_layers"] = json!(7),
        "output_layers: expected a layer's name and two numbers, got 7",
    );
    change(
        &|config| {
            let node = config["layers"][1]["inbound_nodes"][0].clone();
            config["layers"][1]["inbound_nodes"] = json!([node, node]);
        },
        "stem: inbound_nodes: a layer that is called 2 times is not supported",
    );
    change(
        &|config| config["layers"][1]["inbound_nodes"][0]["kwargs"] = json!({ "training": true }),
        "stem: inbound_nodes: training:",
    );
    change(
        &|config| config["layers"][5]["inbound_nodes"][0]["args"] = json!([2.0]),
        "sum: inbound_nodes: expected the outputs of layers, got 2.0",
    );
    change(
        &|config| config["layers"][7]["module"] = "keras.src.ops.numpy".into(),
        "layer 8: class_name: of the functions of keras.src.ops.numpy only Add, Subtract",
    );
}

#[test]
fn a_model_in_a_model_reads_one_layer_of_its_shape() {
    let inner = |size: usize| {
        let layers: [Layer<'_>; 1] = [("Dense", "dense", dense(2), &["image"])];
        functional("inner", &[size], &layers)["config"].clone()
    };
    let layers: [Layer<'_>; 1] = [("Functional", "inner", inner(4), &["image"])];
    assert_eq!(
        refusal(&functional("outer", &[5], &layers)),
        "the model 'inner' needs an input of the sizes [4], got (5,)"
    );
    let layers: [Layer<'_>; 1] = [("Functional", "inner", inner(5), &["image", "image"])];
    assert!(refusal(&functional("outer", &[5], &layers)).contains("reads one layer, got 2"));
}

#[test]
fn size_and_depth_are_bounded() {
    let mut description = functional("deep", &[3], &[("Dense", "dense", dense(2), &["image"])]);
    for _ in 0..20 {
        let inner = description["config"].take();
        description = functional("deep", &[3], &[("Functional", "inner", inner, &["image"])]);
    }
    let model = Model::from_json(&description.to_string(), 1).unwrap();
    assert_eq!(model.summary().layers[0].name.matches('/').count(), 20);
    for _ in 0..20 {
        let inner = description["config"].take();
        description = functional("deep", &[3], &[("Functional", "inner", inner, &["image"])]);
    }
    assert!(refusal(&description).contains("128 deep"));

    // Few entries that stand for many layers.
    let layers: Vec<Value> = (0..200)
        .map(|index| json!({ "class_name": "ReLU", "config": { "name": format!("relu_{index}") } }))
        .collect();
    let models: Vec<Value> = (0..2)
        .map(|index| json!({ "class_name": "Sequential", "config": { "name": format!("model_{index}"), "layers": layers } }))
        .collect();
    let description =
        json!({ "class_name": "Sequential", "config": { "layers": models, "build_input_shape": [null, 3] } });
    assert!(refusal(&description).contains("at most 256 layers, got 257"));
}
