//! The ways to write a 3.

use super::Style;
use super::hand::Hand;
use super::trace::Trace;
use alloc::vec;
use alloc::vec::Vec;

pub(super) const STYLES: &[Style] = &[
    Style { name: "round", weight: 5.0, traces: round },
    Style { name: "flat top", weight: 1.8, traces: flat_top },
    Style { name: "looped", weight: 1.5, traces: looped },
    Style { name: "soft", weight: 1.5, traces: soft },
];

/// The height of the waist, the widths of the upper and the lower bow.
fn proportions(hand: &mut Hand) -> (f32, f32, f32) {
    (hand.near(0.46, 0.06), hand.near(0.26, 0.06), hand.near(0.3, 0.06))
}

fn upper(hand: &mut Hand, waist: f32, width: f32, end: f32) -> Trace {
    let start = hand.between(185.0, 245.0);
    Trace::from_arc([0.0, 0.5 * waist], [width, 0.5 * waist], (start, end))
}

fn lower(hand: &mut Hand, trace: Trace, waist: f32, width: f32, start: f32) -> Trace {
    let end = hand.between(435.0, 545.0);
    let height = 0.5 * (1.0 - waist);
    trace.arc([hand.near(-0.02, 0.03), waist + height], [width, height], (start, end))
}

fn round(hand: &mut Hand) -> Vec<Trace> {
    let (waist, wide, wider) = proportions(hand);
    let depth = hand.between(-0.14, 0.06);
    let trace = upper(hand, waist, wide, 425.0).corner(depth, waist);
    vec![lower(hand, trace, waist, wider, 290.0)]
}

fn flat_top(hand: &mut Hand) -> Vec<Trace> {
    let (waist, wide, wider) = proportions(hand);
    let top = Trace::from(-wide, hand.near(0.02, 0.03)).corner(wide, 0.0);
    let trace = top.corner(hand.near(-0.04, 0.05), waist - 0.05);
    vec![lower(hand, trace, waist - 0.05, wider, 280.0)]
}

fn looped(hand: &mut Hand) -> Vec<Trace> {
    let (waist, wide, wider) = proportions(hand);
    let size = hand.between(0.04, 0.09);
    let trace = upper(hand, waist, wide, 430.0).to(-0.1, waist);
    let turn = trace.to(-0.13 - 0.3 * size, waist + size).to(-0.06, waist + size);
    vec![lower(hand, turn, waist, wider, 300.0)]
}

/// Hardly a waist: one movement down the right side.
fn soft(hand: &mut Hand) -> Vec<Trace> {
    let (waist, wide, wider) = proportions(hand);
    let depth = hand.between(0.04, 0.14);
    let trace = upper(hand, waist, wide, 415.0).to(depth, waist);
    vec![lower(hand, trace, waist, wider, 305.0)]
}
