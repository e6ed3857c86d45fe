//! The ways to write a 7.

use super::Style;
use super::hand::Hand;
use super::trace::Trace;
use alloc::vec;
use alloc::vec::Vec;

pub(super) const STYLES: &[Style] = &[
    Style { name: "plain", weight: 4.0, traces: plain },
    Style { name: "curved", weight: 2.5, traces: curved },
    Style { name: "bar", weight: 2.2, traces: barred },
    Style { name: "serif", weight: 2.6, traces: serif },
    Style { name: "European", weight: 1.8, traces: european },
    Style { name: "hooked", weight: 2.0, traces: hooked },
];

fn top(hand: &mut Hand) -> Trace {
    let y = hand.near(0.05, 0.05);
    let left = hand.near(-0.32, 0.05);
    Trace::from(left, y).to(0.5 * left + 0.15, 0.5 * y + hand.near(0.0, 0.025))
}

/// A short downstroke before the top.
fn ticked(hand: &mut Hand) -> Trace {
    let left = hand.near(-0.32, 0.04);
    let length = hand.between(0.08, 0.24);
    let tick = Trace::from(left + hand.near(0.0, 0.04), length).corner(left, 0.03);
    tick.to(0.0, 0.03 + hand.near(0.02, 0.03))
}

/// From the right end of the top to the line.
fn stem(hand: &mut Hand, top: Trace, bow: f32) -> Trace {
    let right = hand.near(0.3, 0.05);
    let foot = hand.near(-0.06, 0.06);
    let turn = top.corner(right, hand.near(0.02, 0.05));
    turn.to(0.5 * (right + foot) - bow, 0.5 + 0.2 * bow).corner(foot, 1.0)
}

fn bar(hand: &mut Hand) -> Trace {
    let y = hand.near(0.54, 0.05);
    let rise = hand.near(0.02, 0.05);
    Trace::from(hand.near(-0.2, 0.08), y + rise).corner(hand.near(0.32, 0.09), y - rise)
}

fn plain(hand: &mut Hand) -> Vec<Trace> {
    let top = top(hand);
    let bow = hand.near(0.0, 0.02);
    vec![stem(hand, top, bow)]
}

fn curved(hand: &mut Hand) -> Vec<Trace> {
    let top = top(hand);
    let bow = hand.between(-0.04, 0.14);
    vec![stem(hand, top, bow)]
}

fn barred(hand: &mut Hand) -> Vec<Trace> {
    let mut traces = match hand.below(3) {
        0 => plain(hand),
        1 => curved(hand),
        _ => hooked(hand),
    };
    traces.push(bar(hand));
    traces
}

fn serif(hand: &mut Hand) -> Vec<Trace> {
    let top = ticked(hand);
    let bow = hand.near(0.03, 0.04);
    vec![stem(hand, top, bow)]
}

fn european(hand: &mut Hand) -> Vec<Trace> {
    let mut traces = serif(hand);
    traces.push(bar(hand));
    traces
}

/// The top runs round into the stem.
fn hooked(hand: &mut Hand) -> Vec<Trace> {
    let start = Trace::from(hand.near(-0.3, 0.05), hand.between(0.05, 0.26)).to(-0.16, hand.near(0.04, 0.04));
    let bend = start.to(hand.near(0.16, 0.03), 0.02).to(hand.near(0.26, 0.04), 0.14);
    let foot = hand.near(-0.02, 0.06);
    vec![bend.to(0.5 * (0.22 + foot), 0.5).corner(foot, 1.0)]
}
