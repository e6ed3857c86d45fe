//! Rows of numbers with their sizes, functions that are drawn, and windows along an axis.

use super::text;
use crate::edits::{self, Text, any_of, float, one};
use convscope_core::explain::{
    activation_curve, coordinates, merge_rankings, nearest_rows, principal_components, saturation,
};
use convscope_core::random::Random;
use convscope_core::shape::{self, Padding};
use convscope_core::surfaces::{Descent, Surface};
use std::sync::LazyLock;

pub(super) fn surface(random: &mut Random) -> Vec<u8> {
    static TEXTS: LazyLock<Vec<Text>> = LazyLock::new(|| {
        Text::all(&[
            r#"{"surface": {"name": "regression", "examples": 32, "seed": 1}, "optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.1, "momentum": 0.5}}}"#,
            r#"{"surface": {"name": "ravine"}, "optimizer": "adam"}"#,
            r#"{"surface": {"name": "saddle"}, "optimizer": {"class_name": "RMSprop", "config": {"learning_rate": 0.01}}}"#,
            r#"{"surface": {"name": "beale"}, "optimizer": {"class_name": "Adagrad", "config": {}}}"#,
            r#"{"name": "rosenbrock"}"#,
        ])
    });
    any_of(random, &TEXTS).edited(random)
}

pub(super) fn read_surface(input: &[u8], use_it: bool) -> Option<u32> {
    let text = text(input)?;
    let starts = if use_it { &[[-1.0, 2.0], [1e30, -1e30]][..] } else { &[[-1.0, 2.0]] };
    let mut accepted = None;
    for &start in starts {
        let Ok(mut descent) = Descent::from_json(text, start, 1 + input.len() % 40, 1) else { continue };
        accepted = Some(1);
        if use_it {
            // It ends early where it leaves all numbers.
            let path = descent.path(20).expect("20 steps");
            assert!(path.len() % 3 == 0 && (3..=3 * 21).contains(&path.len()), "a path of {}", path.len());
        }
    }
    let Ok(surface) = Surface::from_json(text) else { return accepted };
    if use_it {
        assert_eq!(surface.grid([-2.0, -2.0], [2.0, 2.0], [9, 7]).expect("a grid").len(), 63);
    }
    Some(1)
}

pub(super) fn activation(random: &mut Random) -> Vec<u8> {
    static TEXTS: LazyLock<Vec<Text>> = LazyLock::new(|| {
        Text::all(&[
            r#"{"activation": "relu"}"#,
            r#"{"activation": "softmax"}"#,
            r#"{"activation": {"class_name": "LeakyReLU", "config": {"negative_slope": 0.1}}}"#,
            r#"{"activation": {"class_name": "ELU", "config": {"alpha": 0.1}}}"#,
            r#"{"activation": "tanh"}"#,
        ])
    });
    any_of(random, &TEXTS).edited(random)
}

pub(super) fn read_activation(input: &[u8], _: bool) -> Option<u32> {
    let text = text(input)?;
    let x = [-1e30, -2.0, -0.0, 0.5, 90.0, f32::MAX, f32::NAN, f32::INFINITY];
    let _ = activation_curve(text, &x);
    let _ = saturation(text, &x[..6], 1 + input.len() % 7);
    activation_curve(text, &x[..6]).ok().map(|_| 1)
}

/// A width, a count and the number of rows of the first part, a byte each; then floats.
pub(super) fn rows(random: &mut Random) -> Vec<u8> {
    let (width, count) = (1 + random.below(6), 1 + random.below(8));
    let mut numbers: Vec<f32> = (0..width * (1 + random.below(9))).map(|_| random.normal()).collect();
    if random.below(2) == 0 {
        edits::floats(random, &mut numbers);
    }
    let mut sizes = vec![width as u8, count as u8, random.below(4) as u8];
    if random.below(4) == 0 {
        sizes[random.below(3)] = one(random, &[0, 1, 9, 255]);
    }
    sizes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    sizes
}

pub(super) fn read_rows(input: &[u8], use_it: bool) -> Option<u32> {
    let (sizes, rest) = input.split_first_chunk::<3>()?;
    let [width, count, first] = sizes.map(usize::from);
    let numbers: Vec<f32> = rest.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
    let (one, other) = numbers.split_at((first * width).min(numbers.len()));
    let found = principal_components(&numbers, width, count, &[]);
    if let Ok(components) = &found {
        let places =
            coordinates(&numbers, &components.mean, &components.directions).expect("its own directions");
        assert_eq!(places.len(), components.coordinates.len());
        if use_it {
            let _ = principal_components(&numbers, width, count, &components.directions);
        }
    }
    if use_it {
        let _ = principal_components(other, width, count, one);
    }
    let _ = coordinates(&numbers, one, other);
    if let Ok((indices, distances)) = nearest_rows(other, one, count) {
        assert_eq!(indices.len(), distances.len());
    }
    let _ = merge_rankings(one, other);
    found.ok().map(|_| 1)
}

/// Four numbers of four bytes each, then a word.
pub(super) fn windows(random: &mut Random) -> Vec<u8> {
    let numbers: Vec<u8> = (0..3)
        .flat_map(|_| {
            match random.below(3) {
                0 => one(random, &[0, 1, 65_535, 65_536, 65_537, u32::MAX]),
                1 => float(random).to_bits(),
                _ => random.below(40) as u32,
            }
            .to_le_bytes()
        })
        .collect();
    [&numbers[..], one(random, &["valid", "same", "full", ""]).as_bytes()].concat()
}

pub(super) fn read_windows(input: &[u8], _: bool) -> Option<u32> {
    let (numbers, word) = input.split_at(input.len().min(12));
    let sizes: Vec<usize> =
        numbers.as_chunks().0.iter().map(|&bytes| u32::from_le_bytes(bytes) as usize).collect();
    let (&[cells, size, stride], Some(Ok(padding))) = (&sizes[..], text(word).map(Padding::named)) else {
        return None;
    };
    let _ = shape::window(cells, size, stride, padding);
    let _ = shape::centred_window(cells, size, stride);
    let windows = shape::windows(cells, size, stride, padding).ok()?;
    assert!(!windows.starts.is_empty(), "a window that fits has a place");
    Some(1)
}
