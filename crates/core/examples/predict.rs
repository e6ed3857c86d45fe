//! Lets a trained network read generated digits: `cargo run --release --example predict [FILE]`, where FILE is a
//! safetensors file with a model's description in it.

use convscope_core::Model;
use convscope_core::digits::generate_images;
use std::error::Error;

const LENET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/models/lenet5.safetensors");

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| LENET.into());
    let mut model = Model::from_safetensors(&std::fs::read(&path)?)?;
    let (pixels, labels) = generate_images(7, 0, 10)?;
    let x: Vec<f32> = pixels.iter().map(|&byte| f32::from(byte) / 255.0).collect();
    let answers = model.predict(&x)?;
    for (label, probabilities) in labels.iter().zip(answers.chunks(model.outputs())) {
        let (class, probability) =
            probabilities.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).ok_or("no outputs")?;
        println!("a {label}, read as {class} with probability {probability:.3}");
    }
    Ok(())
}
