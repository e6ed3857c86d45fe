//! Trains a small network on generated digits: `cargo run --release --example train`.

use convscope_core::digits::generate_images;
use convscope_core::{Dataset, Model, Result};

const DESCRIPTION: &str = r#"{"class_name": "Sequential", "config": {"layers": [
    {"class_name": "InputLayer", "config": {"batch_shape": [null, 28, 28, 1]}},
    {"class_name": "Conv2D", "config": {"filters": 8, "kernel_size": 3, "activation": "relu"}},
    {"class_name": "MaxPooling2D", "config": {"pool_size": 2}},
    {"class_name": "Conv2D", "config": {"filters": 16, "kernel_size": 3, "activation": "relu"}},
    {"class_name": "MaxPooling2D", "config": {"pool_size": 2}},
    {"class_name": "Flatten", "config": {}},
    {"class_name": "Dropout", "config": {"rate": 0.2}},
    {"class_name": "Dense", "config": {"units": 10, "activation": "softmax"}}]}}"#;

const ADAM: &str = r#"{
    "optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.002}},
    "loss": "sparse_categorical_crossentropy"}"#;

/// Digits number `first` up to `first + count` of an endless supply.
fn digits(first: u64, count: usize) -> Result<Dataset> {
    let (pixels, labels) = generate_images(7, first, count)?;
    Dataset::new(pixels, labels.into_iter().map(u16::from).collect(), [28, 28, 1])
}

fn main() -> Result<()> {
    let (training, test) = (digits(0, 6000)?, digits(6000, 1000)?);
    let all: Vec<u32> = (0..1000).collect();
    let mut model = Model::from_json(DESCRIPTION, 1)?;
    model.compile(ADAM)?;
    println!("{} weights", model.summary().params);
    for epoch in 0..5 {
        for batch in training.order(1, epoch).chunks(32) {
            model.train_step_on(&training, batch)?;
        }
        let metrics = model.evaluate_on(&test, &all)?;
        println!(
            "epoch {}: loss {:.3} and accuracy {:.1} % on new digits",
            epoch + 1,
            metrics.loss,
            100.0 * metrics.accuracy
        );
    }
    Ok(())
}
