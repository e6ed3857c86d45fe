//! The ways to write a 0.

use super::Style;
use super::hand::Hand;
use super::trace::Trace;
use alloc::vec;
use alloc::vec::Vec;

pub(super) const STYLES: &[Style] = &[
    Style { name: "round", weight: 5.0, traces: round },
    Style { name: "narrow", weight: 1.5, traces: narrow },
    Style { name: "clockwise", weight: 1.0, traces: clockwise },
    Style { name: "curled", weight: 2.5, traces: curled },
    Style { name: "tailed", weight: 3.0, traces: tailed },
    Style { name: "open", weight: 0.6, traces: open },
];

fn round(hand: &mut Hand) -> Vec<Trace> {
    let width = hand.near(0.4, 0.08);
    vec![oval(hand, width, -1.0)]
}

fn narrow(hand: &mut Hand) -> Vec<Trace> {
    let width = hand.near(0.23, 0.03);
    vec![oval(hand, width, -1.0)]
}

fn clockwise(hand: &mut Hand) -> Vec<Trace> {
    let width = hand.near(0.36, 0.06);
    vec![oval(hand, width, 1.0)]
}

/// Once around from near the top and a little further, in the direction of `turn`.
fn oval(hand: &mut Hand, width: f32, turn: f32) -> Trace {
    let start = hand.near(270.0, 25.0);
    let end = start + turn * hand.near(375.0, 22.0);
    let growth = hand.near(0.97, 0.08);
    Trace::from_spiral([0.0, 0.5], [width, 0.5], (start, end), growth)
}

/// The end runs into the oval and leaves a small loop at its top.
fn curled(hand: &mut Hand) -> Vec<Trace> {
    let width = hand.near(0.36, 0.06);
    let start = hand.near(285.0, 12.0);
    let depth = hand.between(0.1, 0.42);
    let trace = Trace::from_arc([0.0, 0.53], [width, 0.47], (start, -55.0));
    vec![trace.to(0.0, 0.02).to(-0.55 * width, 0.0).to(hand.between(-0.6, 0.2) * width, depth)]
}

/// It begins outside, and its end crosses the beginning or stops beside it.
fn tailed(hand: &mut Hand) -> Vec<Trace> {
    let width = hand.near(0.36, 0.06);
    let start = Trace::from(hand.between(0.1, 1.0) * width, hand.near(0.0, 0.06));
    let angles = (hand.near(250.0, 12.0), hand.near(-60.0, 15.0));
    let round = start.arc([0.0, 0.54], [width, 0.46], angles);
    vec![round.to(hand.between(-0.6, 0.9) * width, hand.between(-0.08, 0.16))]
}

/// The end does not reach the start.
fn open(hand: &mut Hand) -> Vec<Trace> {
    let width = hand.near(0.34, 0.06);
    let start = hand.near(265.0, 15.0);
    let end = start - hand.near(330.0, 10.0);
    let growth = hand.near(0.9, 0.06);
    vec![Trace::from_spiral([0.0, 0.5], [width, 0.5], (start, end), growth)]
}
