//! The ways to write a 4.

use super::Style;
use super::hand::Hand;
use super::trace::Trace;
use alloc::vec;
use alloc::vec::Vec;

pub(super) const STYLES: &[Style] = &[
    Style { name: "open", weight: 3.5, traces: open },
    Style { name: "cup", weight: 2.2, traces: cup },
    Style { name: "closed", weight: 1.2, traces: closed },
    Style { name: "one stroke", weight: 1.5, traces: one_stroke },
    Style { name: "European", weight: 0.8, traces: european },
];

/// How high the crossbar is.
fn bar(hand: &mut Hand) -> f32 {
    hand.near(0.55, 0.09)
}

fn stem(hand: &mut Hand, top: f32) -> Trace {
    let lean = hand.near(0.05, 0.05);
    let x = hand.near(0.2, 0.05);
    Trace::from(x, top).to(x - 0.5 * lean, 0.5 + 0.5 * top).corner(x - lean, 1.0)
}

fn open(hand: &mut Hand) -> Vec<Trace> {
    let bar = bar(hand);
    let top = hand.near(0.02, 0.04);
    let angle = Trace::from(hand.near(-0.22, 0.05), top).corner(hand.near(-0.3, 0.04), bar);
    let rise = hand.near(0.02, 0.04);
    let reach = hand.near(0.32, 0.09);
    let highest = hand.between(-0.05, bar - 0.22);
    vec![angle.corner(reach, bar - rise), stem(hand, highest)]
}

/// A round bowl instead of an angle.
fn cup(hand: &mut Hand) -> Vec<Trace> {
    let bar = bar(hand);
    let left = hand.near(-0.3, 0.04);
    let bowl = Trace::from(hand.near(-0.25, 0.06), 0.02).to(left, 0.6 * bar).to(-0.18, bar);
    let bowl = bowl.to(0.05, bar - 0.01);
    let highest = hand.between(-0.05, 0.2);
    match hand.chance(0.6) {
        true => vec![bowl.to(hand.near(0.26, 0.05), bar - hand.between(0.02, 0.14)), stem(hand, highest)],
        false => {
            let x = hand.near(0.24, 0.04);
            vec![bowl.to(x - 0.04, bar - 0.14).corner(x, highest).corner(x - hand.near(0.05, 0.05), 1.0)]
        }
    }
}

fn closed(hand: &mut Hand) -> Vec<Trace> {
    let bar = bar(hand) + 0.06;
    let x = hand.near(0.14, 0.04);
    let angle = Trace::from(x, 0.0).corner(hand.near(-0.34, 0.04), bar);
    let rise = hand.near(0.0, 0.03);
    let stem = Trace::from(x, hand.near(0.02, 0.03)).corner(x - hand.near(0.03, 0.04), 1.0);
    vec![angle.corner(hand.near(0.36, 0.06), bar - rise), stem]
}

/// Down, across, up to the right and down again without lifting the pen.
fn one_stroke(hand: &mut Hand) -> Vec<Trace> {
    let bar = bar(hand);
    let x = hand.near(0.2, 0.05);
    let angle = Trace::from(hand.near(-0.22, 0.05), 0.02).corner(hand.near(-0.3, 0.05), bar);
    let up = angle.corner(x - 0.02, bar - hand.near(0.02, 0.03)).corner(x + 0.05, hand.between(-0.02, 0.25));
    vec![up.corner(x - hand.near(0.04, 0.05), 1.0)]
}

/// A long slope, and a short stem that only crosses the bar.
fn european(hand: &mut Hand) -> Vec<Trace> {
    let bar = bar(hand) + 0.1;
    let slope = Trace::from(hand.near(0.1, 0.06), 0.0).corner(hand.near(-0.34, 0.04), bar);
    let x = hand.near(0.14, 0.05);
    let stem = Trace::from(x, bar - hand.between(0.12, 0.3)).corner(x - hand.near(0.04, 0.04), 1.0);
    vec![slope.corner(hand.near(0.38, 0.05), bar - hand.near(0.0, 0.03)), stem]
}
