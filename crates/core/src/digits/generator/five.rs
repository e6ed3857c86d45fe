//! The ways to write a 5.

use super::Style;
use super::hand::Hand;
use super::trace::Trace;
use alloc::vec;
use alloc::vec::Vec;

pub(super) const STYLES: &[Style] = &[
    Style { name: "one stroke", weight: 2.5, traces: one_stroke },
    Style { name: "separate hat", weight: 4.0, traces: separate_hat },
    Style { name: "soft", weight: 2.0, traces: soft },
    Style { name: "angular", weight: 1.0, traces: angular },
];

fn neck(hand: &mut Hand) -> [f32; 2] {
    [hand.near(-0.2, 0.05), hand.near(0.41, 0.045)]
}

/// From the neck round the belly to its end at the lower left.
fn belly(hand: &mut Hand, trace: Trace, [_, neck]: [f32; 2]) -> Trace {
    let width = hand.near(0.3, 0.06);
    let height = 0.5 * (1.0 - neck) + 0.04;
    let start = hand.near(250.0, 15.0);
    let end = hand.between(455.0, 548.0);
    trace.arc([hand.near(-0.02, 0.03), 1.0 - height], [width, height], (start, end))
}

fn one_stroke(hand: &mut Hand) -> Vec<Trace> {
    let neck = neck(hand);
    let top = hand.near(0.03, 0.03);
    let hat = Trace::from(hand.near(0.28, 0.07), top - hand.near(0.03, 0.03))
        .corner(neck[0] + hand.near(0.06, 0.04), top);
    let trace = hat.corner(neck[0], neck[1]);
    vec![belly(hand, trace, neck)]
}

fn separate_hat(hand: &mut Hand) -> Vec<Trace> {
    let neck = neck(hand);
    let x = neck[0] + hand.near(0.06, 0.05);
    let top = hand.near(0.03, 0.03);
    let trace = Trace::from(x, top).corner(neck[0], neck[1]);
    let belly = belly(hand, trace, neck);
    let gap = hand.near(0.02, 0.04);
    let reach = hand.near(0.36, 0.1);
    let hat =
        Trace::from(x + gap, top - hand.near(0.0, 0.03)).to(x + 0.5 * reach, top + hand.near(0.0, 0.02));
    vec![belly, hat.to(x + reach + 0.1, top - hand.near(0.05, 0.03))]
}

/// All curves, almost an s.
fn soft(hand: &mut Hand) -> Vec<Trace> {
    let [x, y] = neck(hand);
    let hat = Trace::from(hand.near(0.28, 0.06), hand.near(0.02, 0.04)).to(0.02, 0.02).to(x + 0.02, 0.14);
    let trace = hat.to(x + 0.02, y - 0.06).to(-0.02, y + 0.04);
    let end = hand.between(480.0, 540.0);
    let width = hand.near(0.26, 0.05);
    vec![trace.arc([0.0, 0.72], [width, 0.28], (325.0, end))]
}

fn angular(hand: &mut Hand) -> Vec<Trace> {
    let [x, y] = neck(hand);
    let top = hand.near(0.02, 0.02);
    let trace = Trace::from(x, top).corner(x, y).corner(hand.near(0.2, 0.05), y + hand.near(0.02, 0.03));
    let trace = trace.to(hand.near(0.3, 0.05), 0.72).to(hand.near(0.1, 0.06), 0.97);
    let hat = Trace::from(x, top).corner(hand.near(0.3, 0.06), top - hand.near(0.02, 0.03));
    vec![trace.to(hand.near(-0.28, 0.05), hand.near(0.97, 0.05)), hat]
}
