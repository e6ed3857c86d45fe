use super::hand::Hand;
use super::{DIGITS, STREAM, generate, styles, written};
use crate::digits::{Rasterize, rasterize};
use crate::random::Random;
use alloc::collections::BTreeSet;
use proptest::prelude::*;

#[test]
fn needs_a_digit() {
    assert_eq!(generate(10, 1).unwrap_err().code(), "value");
    assert!(styles(255).is_err());
}

#[test]
fn every_style_comes_up() {
    for label in 0..10 {
        let named: BTreeSet<_> = styles(label).unwrap().collect();
        let seen: BTreeSet<_> = (0..500).map(|seed| generate(label, seed).unwrap().style).collect();
        assert_eq!(seen, named, "digit {label}");
    }
}

proptest! {
    #[test]
    fn the_same_seed_gives_the_same_strokes(label in 0_u8..10, seed: u64) {
        let digit = generate(label, seed).unwrap();
        prop_assert_eq!(&digit, &generate(label, seed).unwrap());
        prop_assert_ne!(&digit.strokes, &generate(label, seed.wrapping_add(1)).unwrap().strokes);
    }

    #[test]
    fn every_style_is_ink_within_the_writing_area(label in 0_usize..10, seed: u64) {
        for style in DIGITS[label] {
            let digit = written(style, &mut Hand::new(Random::new(seed, STREAM)));
            let inside = digit.strokes.iter().flatten().flatten().all(|at| (0.0..=1.0).contains(at));
            prop_assert!(inside, "{} leaves the writing area", digit.style);
            let options = Rasterize { pen_width: digit.pen_width, ..Default::default() };
            let raster = rasterize(&digit.strokes, &options).unwrap();
            let ink: f32 = raster.image.iter().sum();
            prop_assert!(ink > 18.0, "{} has {ink} pixels of ink", digit.style);
        }
    }
}
