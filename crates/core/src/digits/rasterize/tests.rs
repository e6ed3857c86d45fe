use super::{BOX_SIDE, MAX_POINTS, PIXELS, Rasterize, SIDE, rasterize, stages};
use crate::digits::{Point, Stroke};
use alloc::vec;
use alloc::vec::Vec;
use proptest::collection::vec as many;
use proptest::prelude::*;

fn draw(strokes: &[Stroke]) -> super::Raster {
    rasterize(strokes, &Rasterize::default()).unwrap()
}

/// Strokes on the writing area, large enough not to be a dot.
fn drawings() -> impl Strategy<Value = Vec<Stroke>> {
    let point = (0.0_f32..1.0, 0.0_f32..1.0).prop_map(|(x, y)| [x, y]);
    many(many(point, 1..12), 1..4)
        .prop_filter("a dot", |strokes| super::Bounds::of(strokes).unwrap().longest() > 0.2)
}

fn moved(strokes: &[Stroke], scale: f32, shift: Point) -> Vec<Stroke> {
    let place = |&[x, y]: &Point| [x * scale + shift[0], y * scale + shift[1]];
    strokes.iter().map(|stroke| stroke.iter().map(place).collect()).collect()
}

#[test]
fn nothing_drawn_is_blank() {
    for strokes in [vec![], vec![vec![]], vec![vec![], vec![]]] {
        let raster = draw(&strokes);
        assert!(raster.is_blank());
        assert_eq!(raster.image, [0.0; PIXELS]);
        let stages = stages(&strokes, &Rasterize::default()).unwrap();
        assert!(stages.raw.pixels.iter().all(|&ink| ink == 0.0));
        assert!(stages.cropped.pixels.is_empty());
    }
}

#[test]
fn a_dot_is_as_wide_as_the_pen_wherever_it_is() {
    for strokes in [vec![vec![[0.2, 0.9]]], vec![vec![[0.5, 0.5]; 3]], vec![vec![[0.7, 0.1]], vec![]]] {
        let ink: f32 = draw(&strokes).image.iter().sum();
        let area = core::f32::consts::PI * 1.25 * 1.25;
        assert!((ink - area).abs() < 1.0, "{ink}");
    }
}

#[test]
fn an_upright_one_fills_the_height() {
    let raster = draw(&[vec![[0.5, 0.2], [0.5, 0.8]]]);
    let rows: Vec<f32> = raster.scaled.chunks_exact(BOX_SIDE).map(|row| row.iter().sum()).collect();
    assert!(rows.iter().all(|&ink| ink > 0.5), "{rows:?}");
    assert!(rows[4..16].iter().all(|&ink| (ink - 2.5).abs() < 0.3), "{rows:?}");
}

#[test]
fn crossing_strokes_unite() {
    let one = vec![vec![[0.0, 0.0], [1.0, 1.0]], vec![[1.0, 0.0], [0.0, 1.0]]];
    let twice = [one.clone(), one.clone()].concat();
    assert_eq!(draw(&one).image, draw(&twice).image);
}

#[test]
fn bounds_what_it_takes() {
    let error = |strokes: &[Stroke]| rasterize(strokes, &Rasterize::default()).unwrap_err();
    for bad in [f32::NAN, f32::INFINITY, -f32::INFINITY, f32::MAX, 2e6] {
        assert_eq!(error(&[vec![[0.5, 0.5]], vec![[0.1, 0.1], [0.2, bad]]]).code(), "value");
    }
    assert_eq!(error(&[vec![[0.5; 2]; MAX_POINTS + 1]]).code(), "limit");
    assert_eq!(error(&vec![vec![]; MAX_POINTS + 1]).code(), "limit");
    for pen_width in [0.0, -1.0, 9.0, f32::NAN, f32::INFINITY] {
        let options = Rasterize { pen_width, center: true };
        assert_eq!(rasterize(&[], &options).unwrap_err().code(), "value");
    }
    draw(&[vec![[0.5; 2]; MAX_POINTS]]);
}

#[test]
fn stages_end_in_the_same_raster() {
    let strokes = vec![vec![[0.1, 0.2], [0.4, 0.3], [0.3, 0.8]]];
    let options = Rasterize::default();
    let stages = stages(&strokes, &options).unwrap();
    assert_eq!(stages.raster, rasterize(&strokes, &options).unwrap());
    assert_eq!((stages.raw.width, stages.raw.height), (112, 112));
    let ink = |pixels: &[f32]| pixels.iter().sum::<f32>();
    assert!((ink(&stages.raw.pixels) / ink(&stages.cropped.pixels) - 1.0).abs() < 0.01);
}

proptest! {
    #[test]
    fn size_and_place_of_a_drawing_do_not_matter(
        strokes in drawings(), scale in 0.2_f32..20.0, x in -3.0_f32..3.0, y in -3.0_f32..3.0,
    ) {
        let before = draw(&strokes);
        let after = draw(&moved(&strokes, scale, [x, y]));
        for (a, b) in before.scaled.iter().zip(&after.scaled) {
            prop_assert!((a - b).abs() < 1e-3, "{a} became {b}");
        }
        // Rounding may only choose another whole pixel where the middle is just between two.
        let (before, after) = (before.placement.unwrap(), after.placement.unwrap());
        for axis in [0, 1] {
            let part = before.center_of_mass[axis] - libm::floorf(before.center_of_mass[axis]);
            prop_assert!(before.offset[axis] == after.offset[axis] || part.min(1.0 - part) < 1e-2);
        }
    }

    #[test]
    fn ink_fills_the_box_and_its_middle_is_in_the_middle(
        strokes in drawings(), pen_width in 1.0_f32..8.0, center: bool,
    ) {
        let raster = rasterize(&strokes, &Rasterize { pen_width, center }).unwrap();
        prop_assert!(raster.image.iter().all(|ink| (0.0..=1.0).contains(ink)));
        let (boxed, all): (f32, f32) = (raster.scaled.iter().sum(), raster.image.iter().sum());
        prop_assert!((boxed - all).abs() < 1e-3, "ink was lost");
        prop_assert!(all > 1.0, "{all} is too little ink");

        let Some(placement) = raster.placement else { panic!("not blank") };
        let longest = placement.bounds.longest() * placement.scale + super::pen::margin(pen_width);
        prop_assert!((longest - BOX_SIDE as f32).abs() < 1e-3);
        for axis in [0, 1] {
            let offset = placement.offset[axis];
            let middle = placement.center_of_mass[axis] + offset as f32;
            let free = center && (1..8).contains(&offset);
            prop_assert!(!free || (middle - 14.5).abs() <= 0.501, "centre of mass at {middle}");
            prop_assert!(center || offset == (SIDE - BOX_SIDE) / 2);
        }
    }

    #[test]
    fn any_numbers_give_an_image_or_an_error(
        strokes in many(many((any::<f32>(), any::<f32>()), 0..6), 0..4), pen_width: f32, center: bool,
    ) {
        let stroke = |points: Vec<(f32, f32)>| points.into_iter().map(|(x, y)| [x, y]).collect();
        let strokes: Vec<Stroke> = strokes.into_iter().map(stroke).collect();
        for pen_width in [pen_width, 2.5] {
            if let Ok(stages) = stages(&strokes, &Rasterize { pen_width, center }) {
                let pictures = [&stages.raw.pixels[..], &stages.cropped.pixels, &stages.raster.image];
                prop_assert!(pictures.concat().iter().all(|ink| (0.0..=1.0).contains(ink)));
            }
        }
    }

    #[test]
    fn large_numbers_give_an_image(strokes in many(many((-1e6_f32..1e6, -1e6_f32..1e6), 0..6), 0..4)) {
        let stroke = |points: Vec<(f32, f32)>| points.into_iter().map(|(x, y)| [x, y]).collect();
        let strokes: Vec<Stroke> = strokes.into_iter().map(stroke).collect();
        let stages = stages(&strokes, &Rasterize::default()).unwrap();
        prop_assert!(stages.cropped.pixels.iter().all(|ink| (0.0..=1.0).contains(ink)));
    }
}
