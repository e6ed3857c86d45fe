//! Images and labels: IDX files, and the arrays that a page hands over.

use super::descriptions::MODELS;
use crate::edits::{self, one};
use convscope_core::formats::idx;
use convscope_core::random::Random;
use convscope_core::{Dataset, Epochs, Model, split};
use std::num::NonZero;

/// The first of two files stands before the second, behind its length.
fn pair(first: &[u8], second: &[u8]) -> Vec<u8> {
    [&(first.len() as u32).to_le_bytes(), first, second].concat()
}

fn parts(input: &[u8]) -> (&[u8], &[u8]) {
    let (length, rest) = input.split_first_chunk().unwrap_or((&[0; 4], &[]));
    rest.split_at((u32::from_le_bytes(*length) as usize).min(rest.len()))
}

pub(super) fn idx(random: &mut Random) -> Vec<u8> {
    let (count, height, width) = (random.below(5), 1 + random.below(8), 1 + random.below(8));
    let words =
        |words: &[usize]| words.iter().flat_map(|&word| (word as u32).to_be_bytes()).collect::<Vec<u8>>();
    let mut images = words(&[0x803, count, height, width]);
    images.extend((0..count * height * width).map(|_| random.bits() as u8));
    let mut labels = words(&[0x801, count]);
    labels.extend((0..count).map(|_| random.below(10) as u8));
    for file in [&mut images, &mut labels] {
        match random.below(4) {
            0 => edits::bytes(random, file),
            1 => {
                let mut header: Vec<u8> = file.drain(..file.len().min(16)).collect();
                edits::bytes(random, &mut header);
                file.splice(0..0, header);
            }
            _ => {}
        }
    }
    if random.below(10) == 0 { pair(&labels, &images) } else { pair(&images, &labels) }
}

pub(super) fn read_idx(input: &[u8], use_it: bool) -> Option<u32> {
    let (images, labels) = parts(input);
    let header = idx::header(images);
    let data = idx::read(images, labels).ok()?;
    assert_eq!(header.expect("the file was read").count, data.len());
    assert_eq!(data.pixels().len(), data.len() * data.shape().iter().product::<usize>());
    if use_it {
        used(&data);
    }
    Some(1)
}

pub(super) fn dataset(random: &mut Random) -> Vec<u8> {
    let sides = [0, 1, 2, 5, 6, 8, 12, 255];
    let mut shape = one(random, &[[6, 5, 2], [8, 8, 1], [12, 12, 1]]);
    if random.below(4) == 0 {
        shape[random.below(3)] = one(random, &sides);
    }
    let count = random.below(6);
    let mut pixels: Vec<u8> =
        (0..count * shape.map(usize::from).iter().product::<usize>()).map(|_| random.bits() as u8).collect();
    let mut labels: Vec<u8> = (0..count).map(|_| random.below(4) as u8).collect();
    if random.below(3) == 0 {
        edits::bytes(random, &mut pixels);
    }
    if random.below(3) == 0 {
        edits::bytes(random, &mut labels);
    }
    pair(&[&shape[..], &labels].concat(), &pixels)
}

pub(super) fn read_dataset(input: &[u8], use_it: bool) -> Option<u32> {
    let (first, pixels) = parts(input);
    let (shape, labels) = first.split_first_chunk::<3>()?;
    let labels = labels.iter().map(|&label| u16::from(label)).collect();
    let data = Dataset::new(pixels.to_vec(), labels, shape.map(usize::from)).ok()?;
    if use_it {
        used(&data);
    }
    Some(1)
}

/// Splits a data set, goes through its epochs, and lets a network learn from it and rank it.
fn used(data: &Dataset) {
    if let Ok(parts) = split(data.labels(), 0.3, 1) {
        assert_eq!(parts.training.len() + parts.validation.len(), data.len());
    }
    let mut epochs = Epochs::default();
    let indices: Vec<u32> =
        (0..3).flat_map(|step| epochs.batch(data, NonZero::new(2).expect("2"), 1, step).1.to_vec()).collect();
    let models = MODELS.map(|text| Model::from_json(text, 1).expect("the networks to start from"));
    // Besides the network that reads such images, one that most often does not.
    let other = data.len() % models.len();
    for (number, mut model) in models.into_iter().enumerate() {
        if number != other && model.input_shape().maps() != data.shape() {
            continue;
        }
        model.compile(r#"{"optimizer": "adam", "loss": "sparse_categorical_crossentropy"}"#).expect("a loss");
        if model.train_step_on(data, &indices).is_ok() {
            assert_eq!(
                model.predict_on(data, &indices).expect("as it was trained on").len(),
                indices.len() * model.outputs()
            );
            let _ = model.strongest_patches(data, &indices, &[]);
            let _ = model.train_step_on(data, &[0, u32::MAX]);
        }
    }
}
