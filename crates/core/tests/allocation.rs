//! Once a model is compiled, a training step asks for no memory.

use convscope_core::{Dataset, Model};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, counting the requests of each thread.
struct Counting;

thread_local! {
    static REQUESTS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every request is handed on unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        REQUESTS.with(|requests| requests.set(requests.get() + 1));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const MODEL: &str = r#"{"class_name": "Sequential", "config": {"layers": [
    {"class_name": "InputLayer", "config": {"batch_shape": [null, 12, 12, 1]}},
    {"class_name": "Conv2D", "config": {"filters": 6, "kernel_size": 3, "activation": "relu", "kernel_regularizer": "l2"}},
    {"class_name": "MaxPooling2D", "config": {}},
    {"class_name": "BatchNormalization", "config": {}},
    {"class_name": "Flatten", "config": {}},
    {"class_name": "Dropout", "config": {"rate": 0.2}},
    {"class_name": "Dense", "config": {"units": 10, "activation": "softmax"}}]}}"#;

/// One layer that two others read, and one that reads two.
const GRAPH: &str = r#"{"class_name": "Functional", "config": {"layers": [
    {"class_name": "InputLayer", "config": {"batch_shape": [null, 12, 12, 1], "name": "image"}},
    {"class_name": "Conv2D", "config": {"name": "stem", "filters": 3, "kernel_size": 3}, "inbound_nodes": [[["image", 0, 0, {}]]]},
    {"class_name": "Conv2D", "config": {"name": "body", "filters": 3, "kernel_size": 3, "padding": "same"}, "inbound_nodes": [[["stem", 0, 0, {}]]]},
    {"class_name": "Add", "config": {"name": "add"}, "inbound_nodes": [[["stem", 0, 0, {}], ["body", 0, 0, {}]]]},
    {"class_name": "Flatten", "config": {"name": "flatten"}, "inbound_nodes": [[["add", 0, 0, {}]]]},
    {"class_name": "Dense", "config": {"name": "dense", "units": 10, "activation": "softmax"}, "inbound_nodes": [[["flatten", 0, 0, {}]]]}],
    "input_layers": [["image", 0, 0]], "output_layers": [["dense", 0, 0]]}}"#;

#[test]
fn a_training_step_allocates_nothing() {
    for (description, optimizer) in [
        #[cfg(feature = "complete")]
        (GRAPH.to_string(), "sgd"),
        (MODEL.to_string(), "adam"),
        (
            MODEL
                .replace("BatchNormalization", "Dropout")
                .replace(r#""Dropout", "config": {}"#, r#""Dropout", "config": {"rate": 0.1}"#),
            "rmsprop",
        ),
    ] {
        let mut model = Model::from_json(&description, 1).unwrap();
        model
            .compile(&format!(r#"{{"optimizer": "{optimizer}", "loss": "sparse_categorical_crossentropy"}}"#))
            .unwrap();
        let pixels = (0..200 * 144).map(|index| (index * 37 % 256) as u8).collect();
        let data = Dataset::new(pixels, (0..200).map(|index| index % 10).collect(), [12, 12, 1]).unwrap();
        let indices: Vec<u32> = (0..100).collect();
        model.train_step_on(&data, &indices).unwrap();
        let before = REQUESTS.with(Cell::get);
        for size in [100, 1, 50, 100] {
            model.train_step_on(&data, &indices[..size]).unwrap();
        }
        assert_eq!(REQUESTS.with(Cell::get), before, "with {optimizer}");
    }
}
