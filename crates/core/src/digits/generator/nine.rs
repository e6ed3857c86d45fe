//! The ways to write a 9.

use super::Style;
use super::hand::Hand;
use super::trace::Trace;
use alloc::vec;
use alloc::vec::Vec;

pub(super) const STYLES: &[Style] = &[
    Style { name: "straight tail", weight: 5.5, traces: straight_tail },
    Style { name: "curved hook", weight: 2.0, traces: curved_hook },
    Style { name: "one sweep", weight: 3.0, traces: one_sweep },
    Style { name: "separate stem", weight: 1.0, traces: separate_stem },
    Style { name: "open", weight: 4.0, traces: open },
    Style { name: "open hook", weight: 3.0, traces: open_hook },
    Style { name: "over the top", weight: 2.0, traces: over_the_top },
    Style { name: "drop", weight: 1.6, traces: drop },
    Style { name: "angular", weight: 1.0, traces: angular },
    Style { name: "European", weight: 0.7, traces: european },
];

/// The loop's half width and half height; it hangs from the top.
fn bowl(hand: &mut Hand) -> [f32; 2] {
    [hand.near(0.25, 0.04), hand.near(0.24, 0.03)]
}

/// Anticlockwise from the upper right until the loop is closed.
fn wind(hand: &mut Hand, [width, height]: [f32; 2]) -> Trace {
    let start = hand.near(-35.0, 18.0);
    let end = hand.near(-375.0, 12.0);
    Trace::from_arc([0.0, height], [width, height], (start, end))
}

fn straight_tail(hand: &mut Hand) -> Vec<Trace> {
    let bowl = bowl(hand);
    let foot = bowl[0] - hand.near(0.11, 0.1);
    let back = wind(hand, bowl).corner(bowl[0], hand.near(0.1, 0.05));
    vec![back.to(0.5 * (bowl[0] + foot) + hand.near(0.0, 0.02), 0.55).corner(foot, 1.0)]
}

fn curved_hook(hand: &mut Hand) -> Vec<Trace> {
    let bowl = bowl(hand);
    let right = bowl[0] + hand.near(0.0, 0.03);
    let back = wind(hand, bowl).corner(bowl[0], hand.near(0.12, 0.05)).to(right, 0.55);
    let hook = back.to(right - 0.08, hand.near(0.86, 0.03)).to(hand.near(0.0, 0.04), 1.0);
    vec![hook.to(hand.between(-0.5, -0.1), hand.near(0.92, 0.05))]
}

/// The loop runs into the tail without a corner.
fn one_sweep(hand: &mut Hand) -> Vec<Trace> {
    let [width, height] = bowl(hand);
    let start = hand.near(-25.0, 25.0);
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

/// The loop's start stays away from its end and from the tail.
fn open(hand: &mut Hand) -> Vec<Trace> {
    let [width, height] = bowl(hand);
    let lip = Trace::from(width + hand.between(-0.08, 0.16), hand.near(0.03, 0.05));
    let end = hand.between(-345.0, -310.0);
    let turn = lip.arc([0.0, height], [width, height], (hand.near(-75.0, 15.0), end));
    let right = width + hand.near(0.04, 0.04);
    let foot = right - hand.near(0.1, 0.1);
    let stem = turn.corner(right, hand.between(0.0, 0.7 * height));
    vec![stem.to(0.5 * (right + foot) + hand.near(0.02, 0.03), 0.65).corner(foot, 1.0)]
}

/// Like a g whose loop is open at the upper right.
fn open_hook(hand: &mut Hand) -> Vec<Trace> {
    let [width, height] = bowl(hand);
    let start = hand.near(-55.0, 15.0);
    let turn = Trace::from_arc([0.0, height], [width, height], (start, -330.0));
    let top = hand.near(0.06, 0.08);
    let stem = turn.corner(width + hand.near(0.03, 0.03), top).to(width - 0.02, 0.6);
    let hook = stem.to(hand.near(0.08, 0.05), hand.near(0.96, 0.03));
    vec![hook.to(hand.between(-0.5, -0.1), hand.near(0.92, 0.06))]
}

/// A narrow leaning loop that comes to a point where the stem begins.
fn drop(hand: &mut Hand) -> Vec<Trace> {
    let [width, height] = bowl(hand);
    let top = Trace::from(width, hand.near(0.04, 0.05)).to(-0.7 * width, hand.near(0.8, 0.2) * height);
    let round = top.to(-0.6 * width, hand.near(1.7, 0.2) * height).to(0.2 * width, 1.5 * height);
    let foot = hand.near(0.08, 0.12);
    let stem = round.corner(width + hand.near(0.0, 0.04), hand.near(0.06, 0.06));
    vec![stem.to(0.5 * (width + foot) + hand.near(0.02, 0.03), 0.55).corner(foot, 1.0)]
}

/// Clockwise: from the middle around the left and over the top into the tail.
fn over_the_top(hand: &mut Hand) -> Vec<Trace> {
    let [width, height] = bowl(hand);
    let start = Trace::from(width - hand.between(0.0, 0.12), hand.near(1.5, 0.15) * height);
    let round = start.arc([-0.02, height], [width, height], (80.0, 330.0));
    let right = width + hand.near(0.05, 0.05);
    let back = round.to(right, hand.near(0.35, 0.06));
    vec![back.to(right - hand.near(0.02, 0.04), 0.65).to(right - hand.near(0.1, 0.12), 1.0)]
}

/// A flat loop of three sides under a round top.
fn angular(hand: &mut Hand) -> Vec<Trace> {
    let [width, height] = bowl(hand);
    let start = Trace::from(0.9 * width, hand.near(0.1, 0.05)).to(hand.near(0.02, 0.05), 0.0);
    let left = start.to(-width, hand.near(1.4, 0.25) * height).to(-0.5 * width, 1.9 * height);
    let right = width + hand.near(0.02, 0.03);
    let back = left.to(0.6 * width, hand.near(1.3, 0.3) * height).corner(right, hand.near(0.12, 0.06));
    vec![back.corner(right - hand.near(0.08, 0.1), 1.0)]
}

/// A large loop above a tail that runs far to the left.
fn european(hand: &mut Hand) -> Vec<Trace> {
    let [width, height] = bowl(hand).map(|radius| 1.15 * radius);
    let turn = wind(hand, [width, height]).to(width, hand.near(0.5, 0.05));
    vec![turn.to(hand.near(0.1, 0.04), hand.near(0.85, 0.04)).to(hand.near(-0.25, 0.06), 1.0)]
}
