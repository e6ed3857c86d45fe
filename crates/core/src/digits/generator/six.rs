//! The ways to write a 6.

use super::Style;
use super::hand::Hand;
use super::trace::Trace;
use alloc::vec;
use alloc::vec::Vec;

pub(super) const STYLES: &[Style] = &[
    Style { name: "curled", weight: 5.0, traces: curled },
    Style { name: "straight", weight: 2.0, traces: straight },
    Style { name: "open", weight: 1.5, traces: open },
    Style { name: "wound inwards", weight: 2.5, traces: wound_inwards },
    Style { name: "crossed", weight: 1.0, traces: crossed },
    Style { name: "small loop", weight: 1.5, traces: small_loop },
    Style { name: "pointed", weight: 4.5, traces: pointed },
    Style { name: "bent back", weight: 1.0, traces: bent_back },
];

/// The loop's half width and half height; it stands on the line.
fn bowl(hand: &mut Hand) -> [f32; 2] {
    [hand.near(0.26, 0.05), hand.near(0.24, 0.03)]
}

/// From the left of the loop around its bottom, right and top.
fn wind(hand: &mut Hand, stem: Trace, [width, height]: [f32; 2], turn: f32) -> Trace {
    let growth = hand.near(0.92, 0.08);
    stem.spiral([0.0, 1.0 - height], [width, height], (175.0, 175.0 - turn), growth)
}

fn curled(hand: &mut Hand) -> Vec<Trace> {
    let bowl = bowl(hand);
    let stem = Trace::from(hand.near(0.1, 0.06), hand.near(0.02, 0.02)).to(hand.near(-0.06, 0.03), 0.22);
    let stem = stem.to(-bowl[0] - hand.near(0.0, 0.02), 0.52);
    let turn = hand.near(345.0, 25.0);
    vec![wind(hand, stem, bowl, turn)]
}

fn straight(hand: &mut Hand) -> Vec<Trace> {
    let bowl = bowl(hand);
    let stem = Trace::from(hand.near(0.02, 0.12), 0.0).to(-0.5 * bowl[0] + hand.near(0.0, 0.03), 0.38);
    let turn = hand.near(330.0, 25.0);
    vec![wind(hand, stem, bowl, turn)]
}

/// A wide back whose end winds into it and closes a smaller loop.
fn wound_inwards(hand: &mut Hand) -> Vec<Trace> {
    let width = hand.near(0.32, 0.04);
    let height = hand.near(0.28, 0.03);
    let stem = Trace::from(hand.near(0.0, 0.1), hand.near(0.0, 0.04)).to(hand.near(-0.2, 0.04), 0.28);
    let round = stem.arc([0.0, 1.0 - height], [width, height], (180.0, -10.0));
    let inner = [hand.near(0.16, 0.03), hand.near(0.68, 0.03)];
    let size = hand.between(0.4, 0.75);
    let end = hand.between(-230.0, -170.0);
    vec![round.arc(inner, [size * width, size * height], (-60.0, end))]
}

/// A small loop that is closed on the stem's other side.
fn crossed(hand: &mut Hand) -> Vec<Trace> {
    let [width, height] = [hand.near(0.19, 0.03), hand.near(0.18, 0.03)];
    let stem = Trace::from(hand.near(0.16, 0.08), 0.0).to(-0.6 * width, 1.0 - 2.0 * height);
    let round = stem.arc([0.0, 1.0 - height], [width, height], (150.0, -90.0));
    vec![round.to(-width - hand.between(0.0, 0.1), 1.0 - hand.between(0.8, 1.8) * height)]
}

/// The loop stops short of the stem.
fn open(hand: &mut Hand) -> Vec<Trace> {
    let bowl = bowl(hand);
    let stem = Trace::from(hand.near(0.12, 0.1), 0.0).to(-0.12, 0.28);
    let turn = hand.near(275.0, 15.0);
    vec![wind(hand, stem, bowl, turn)]
}

fn small_loop(hand: &mut Hand) -> Vec<Trace> {
    let bowl = [hand.near(0.2, 0.04), hand.near(0.17, 0.03)];
    let stem = Trace::from(hand.near(0.16, 0.08), 0.0).to(-0.08, 0.3).to(-bowl[0] - 0.01, 0.6);
    let turn = hand.near(345.0, 20.0);
    vec![wind(hand, stem, bowl, turn)]
}

/// A round back: the stem begins with a hook to the right.
fn bent_back(hand: &mut Hand) -> Vec<Trace> {
    let bowl = bowl(hand);
    let hook = Trace::from(hand.near(0.22, 0.04), hand.near(0.08, 0.03)).to(0.1, 0.0).to(-0.12, 0.14);
    let stem = hook.to(-bowl[0] - 0.03, 0.45);
    let turn = hand.near(345.0, 20.0);
    vec![wind(hand, stem, bowl, turn)]
}

/// A straight stem that turns sharply at the line, into a flat loop that may stay open.
fn pointed(hand: &mut Hand) -> Vec<Trace> {
    let [width, height] = [hand.near(0.3, 0.06), hand.near(0.22, 0.04)];
    let left = hand.near(-0.24, 0.05);
    let middle = hand.between(0.0, 0.14);
    let stem = Trace::from(hand.near(0.0, 0.1), 0.0).corner(left, hand.near(0.92, 0.05));
    let round =
        stem.arc([middle, 1.0 - height], [width, height], (hand.near(80.0, 20.0), hand.near(-80.0, 20.0)));
    vec![round.to(hand.between(-1.2, 0.3) * width, 1.0 - hand.between(0.3, 1.8) * height)]
}
