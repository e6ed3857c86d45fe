//! Generated digits are what their labels say: a network that learnt from people's reads them.

use convscope_core::Model;
use convscope_core::digits::{Rasterize, generate, generate_images, rasterize};

/// The network that the page opens with.
fn reader() -> Model {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/models/convnet.safetensors");
    Model::from_safetensors(&std::fs::read(path).unwrap()).unwrap()
}

fn answer(model: &mut Model, image: &[f32]) -> usize {
    let probabilities = model.predict(image).unwrap();
    (0..10).max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b])).unwrap()
}

/// Every label comes equally often.
fn check(right: [usize; 10], of_each: usize, least: f32, least_of_each: f32) {
    let part = |right: usize, of: usize| right as f32 / of as f32;
    assert!(part(right.iter().sum(), 10 * of_each) >= least, "{right:?} of {of_each} each");
    for (label, right) in right.into_iter().enumerate() {
        assert!(part(right, of_each) >= least_of_each, "{label}: {right} of {of_each}");
    }
}

#[test]
fn training_examples_are_read() {
    let mut model = reader();
    let mut right = [0; 10];
    let (pixels, labels) = generate_images(1, 0, 2000).unwrap();
    for (pixels, label) in pixels.chunks_exact(28 * 28).zip(labels.into_iter().map(usize::from)) {
        let image: Vec<f32> = pixels.iter().map(|&ink| f32::from(ink) / 255.0).collect();
        right[label] += usize::from(answer(&mut model, &image) == label);
    }
    check(right, 200, 0.97, 0.94);
}

#[test]
fn samples_for_the_pad_are_read() {
    let mut model = reader();
    let mut right = [0; 10];
    for label in 0..10 {
        for seed in 0..50 {
            let digit = generate(label, seed).unwrap();
            let image = rasterize(&digit.strokes, &Rasterize::default()).unwrap().image;
            right[usize::from(label)] += usize::from(answer(&mut model, &image) == usize::from(label));
        }
    }
    check(right, 50, 0.99, 0.96);
}
