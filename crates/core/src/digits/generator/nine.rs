//! The ways to write a 9.

use super::Style;
use super::hand::Hand;
use super::trace::Trace;
use alloc::vec;
use alloc::vec::Vec;

pub(super) const STYLES: &[Style] = &[
    Style { name: "straight tail", weight: 4.0, traces: straight_tail },
    Style { name: "curved hook", weight: 1.5, traces: curved_hook },
    Style { name: "one sweep", weight: 2.5, traces: one_sweep },
    Style { name: "separate stem", weight: 1.0, traces: separate_stem },
    Style { name: "open", weight: 1.0, traces: open },
    Style { name: "European", weight: 0.7, traces: european },
];

/// The loop's half width and half height; it hangs from the top.
fn bowl(hand: &mut Hand) -> [f32; 2] {
    [hand.near(0.25, 0.05), hand.near(0.23, 0.04)]
}

/// Anticlockwise from the upper right until the loop is closed.
fn wind(hand: &mut Hand, [width, height]: [f32; 2]) -> Trace {
    let start = hand.near(-35.0, 18.0);
    let end = hand.near(-375.0, 12.0);
    Trace::from_arc([0.0, height], [width, height], (start, end))
}

fn straight_tail(hand: &mut Hand) -> Vec<Trace> {
    let bowl = bowl(hand);
    let foot = bowl[0] - hand.near(0.08, 0.08);
    let back = wind(hand, bowl).corner(bowl[0], hand.near(0.1, 0.05));
    vec![back.to(0.5 * (bowl[0] + foot) + hand.near(0.0, 0.02), 0.55).corner(foot, 1.0)]
}

fn curved_hook(hand: &mut Hand) -> Vec<Trace> {
    let bowl = bowl(hand);
    let right = bowl[0] + hand.near(0.0, 0.03);
    let back = wind(hand, bowl).corner(bowl[0], hand.near(0.12, 0.05)).to(right, 0.55);
    let hook = back.to(right - 0.08, hand.near(0.86, 0.03)).to(hand.near(0.0, 0.04), 1.0);
    vec![hook.to(hand.near(-0.22, 0.06), hand.near(0.92, 0.05))]
}

/// The loop runs into the tail without a corner.
fn one_sweep(hand: &mut Hand) -> Vec<Trace> {
    let [width, height] = bowl(hand);
    let start = hand.near(-20.0, 20.0);
    let turn = Trace::from_arc([0.0, height], [width, height], (start, -300.0));
    let foot = hand.near(0.0, 0.12);
    let up = turn.to(width - 0.02, 0.6 * height).to(width + 0.02, hand.near(0.05, 0.03));
    vec![up.to(width - 0.02, 0.45).to(foot, 1.0)]
}

fn separate_stem(hand: &mut Hand) -> Vec<Trace> {
    let bowl = bowl(hand);
    let ring = wind(hand, bowl);
    let x = bowl[0] + hand.near(0.0, 0.02);
    vec![ring, Trace::from(x, hand.near(0.08, 0.08)).corner(x - hand.near(0.06, 0.07), 1.0)]
}

/// The loop's end stays away from its start.
fn open(hand: &mut Hand) -> Vec<Trace> {
    let [width, height] = bowl(hand);
    let start = hand.near(-60.0, 15.0);
    let turn = Trace::from_arc([0.0, height], [width, height], (start, -320.0));
    let foot = width - hand.near(0.08, 0.08);
    vec![turn.corner(width + hand.near(0.04, 0.03), hand.near(0.02, 0.04)).corner(foot, 1.0)]
}

/// A large loop above a tail that runs far to the left.
fn european(hand: &mut Hand) -> Vec<Trace> {
    let [width, height] = bowl(hand).map(|radius| 1.15 * radius);
    let turn = wind(hand, [width, height]).to(width, hand.near(0.5, 0.05));
    vec![turn.to(hand.near(0.1, 0.04), hand.near(0.85, 0.04)).to(hand.near(-0.25, 0.06), 1.0)]
}
