//! The ways to write an 8.

use super::Style;
use super::hand::Hand;
use super::trace::Trace;
use alloc::vec;
use alloc::vec::Vec;

pub(super) const STYLES: &[Style] = &[
    Style { name: "s-loop", weight: 5.0, traces: s_loop },
    Style { name: "reversed s-loop", weight: 1.5, traces: reversed },
    Style { name: "open top", weight: 4.5, traces: open_top },
    Style { name: "tangled", weight: 1.5, traces: tangled },
    Style { name: "two circles", weight: 1.5, traces: two_circles },
    Style { name: "from the middle", weight: 0.7, traces: from_the_middle },
];

/// The waist's height, the half widths of the upper and the lower loop.
fn proportions(hand: &mut Hand) -> (f32, f32, f32) {
    (hand.near(0.48, 0.09), hand.near(0.2, 0.05), hand.near(0.215, 0.06))
}

/// An S downwards and back up to the start. It begins at the upper right and turns to the left for
/// `side` −1, and is mirrored for 1. `end` is how far out, in upper half widths, and how low it ends.
fn eight(hand: &mut Hand, side: f32, end: [f32; 2]) -> Trace {
    let (waist, upper, lower) = proportions(hand);
    let start = Trace::from(-side * hand.between(0.1, 1.0) * upper, hand.between(0.03, 0.2));
    let down = start.to(0.0, 0.0).to(side * upper, 0.48 * waist).to(0.0, waist);
    let bottom = 0.5 * (1.0 + waist);
    let round = down.to(-side * lower, bottom).to(0.0, 1.0).to(side * lower, bottom);
    round.to(side * 0.02, waist).to(-side * upper, 0.5 * waist).to(-side * end[0] * upper, end[1])
}

fn s_loop(hand: &mut Hand) -> Vec<Trace> {
    let end = [hand.near(0.75, 0.2), hand.near(0.1, 0.06)];
    vec![eight(hand, -1.0, end)]
}

fn reversed(hand: &mut Hand) -> Vec<Trace> {
    let end = [hand.near(0.7, 0.15), hand.near(0.08, 0.03)];
    vec![eight(hand, 1.0, end)]
}

/// The upstroke ends beside the start instead of meeting it.
fn open_top(hand: &mut Hand) -> Vec<Trace> {
    let end = [hand.between(0.2, 1.7), hand.between(-0.05, 0.4)];
    vec![eight(hand, -1.0, end)]
}

/// The upstroke runs straight across and ends above or beyond the start.
fn tangled(hand: &mut Hand) -> Vec<Trace> {
    let (waist, upper, lower) = proportions(hand);
    let bottom = 0.5 * (1.0 + waist);
    let start = Trace::from(hand.near(0.24, 0.06), hand.near(0.1, 0.05)).to(0.0, hand.near(0.02, 0.03));
    let down = start.to(-upper, 0.5 * waist).to(0.02, waist).to(lower, bottom).to(0.0, 1.0);
    let up = down.to(-lower, bottom + 0.04).to(-0.06, waist + 0.06);
    vec![up.to(hand.near(0.28, 0.08), hand.near(0.1, 0.1))]
}

fn two_circles(hand: &mut Hand) -> Vec<Trace> {
    let (waist, upper, lower) = proportions(hand);
    let [top, bottom] = [0.5 * waist, 0.5 * (1.0 - waist)];
    let mut circle = |y: f32, radii: [f32; 2], start: f32| {
        let start = hand.near(start, 20.0);
        let end = start - hand.near(365.0, 12.0);
        Trace::from_arc([hand.near(0.0, 0.02), y], radii, (start, end))
    };
    vec![circle(top, [upper, top], 300.0), circle(waist + bottom, [lower, bottom], 270.0)]
}

fn from_the_middle(hand: &mut Hand) -> Vec<Trace> {
    let (waist, upper, lower) = proportions(hand);
    let bottom = 0.5 * (1.0 + waist);
    let top = Trace::from(0.03, waist).to(-upper, 0.5 * waist).to(0.0, 0.0).to(upper, 0.5 * waist);
    let down = top.to(0.0, waist).to(-lower, bottom).to(0.0, 1.0).to(lower, bottom);
    vec![down.to(hand.near(0.05, 0.03), waist + hand.near(0.0, 0.02))]
}
