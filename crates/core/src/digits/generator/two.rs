//! The ways to write a 2.

use super::Style;
use super::hand::Hand;
use super::trace::Trace;
use alloc::vec;
use alloc::vec::Vec;

pub(super) const STYLES: &[Style] = &[
    Style { name: "looped", weight: 3.0, traces: looped },
    Style { name: "large loop", weight: 4.5, traces: large_loop },
    Style { name: "bellied", weight: 3.5, traces: bellied },
    Style { name: "plain", weight: 3.0, traces: plain },
    Style { name: "wavy", weight: 2.0, traces: wavy },
    Style { name: "like a z", weight: 1.5, traces: like_a_z },
    Style { name: "curled", weight: 0.7, traces: curled },
];

/// From the left over the top to the right side.
fn arch(hand: &mut Hand) -> Trace {
    let width = hand.near(0.28, 0.07);
    let height = hand.near(0.26, 0.06);
    let start = hand.between(165.0, 290.0);
    Trace::from_arc([0.0, height], [width, height], (start, 375.0))
}

/// Where the base begins and ends; both ends of it may rise or fall.
fn base(hand: &mut Hand) -> [[f32; 2]; 2] {
    [[hand.near(-0.32, 0.05), hand.near(0.96, 0.04)], [hand.between(0.15, 0.66), hand.near(0.96, 0.07)]]
}

fn plain(hand: &mut Hand) -> Vec<Trace> {
    let arch = arch(hand);
    let [[left, y], [right, end]] = base(hand);
    let bow = hand.near(0.06, 0.04);
    let slope = arch.to(0.5 * left + 0.2 + bow, 0.63 + 0.3 * bow);
    let slope = match hand.chance(0.3) {
        true => slope.to(left, y - 0.1).to(left + 0.1, y),
        false => slope.corner(left, y),
    };
    vec![slope.to(0.5 * (left + right), 0.5 * (y + end) + hand.near(0.0, 0.02)).corner(right, end)]
}

fn looped(hand: &mut Hand) -> Vec<Trace> {
    let arch = arch(hand);
    let [[left, y], [right, end]] = base(hand);
    let size = hand.between(0.4, 1.5);
    let slope = arch.to(0.08, 0.66).to(left + 0.14, y - 0.02);
    let turn = slope.to(left, y).to(left - 0.03 * size, y - 0.1 * size).to(left + 0.14, y - 0.13 * size);
    vec![turn.to(left + 0.34, y - 0.03).to(right, end)]
}

/// A round belly like that of a d, through which the base leaves to the right.
fn bellied(hand: &mut Hand) -> Vec<Trace> {
    let arch = arch(hand);
    let left = hand.near(-0.3, 0.06);
    let top = hand.between(0.6, 0.8);
    let belly = arch.to(hand.near(0.18, 0.06), 0.72).to(hand.near(-0.02, 0.06), 1.0);
    let back = belly.to(left, 0.5 * (1.0 + top)).to(hand.near(-0.1, 0.05), top);
    vec![back.to(hand.between(0.25, 0.55), hand.near(0.88, 0.08))]
}

/// The loop crosses the slope far up and throws the base below the line.
fn large_loop(hand: &mut Hand) -> Vec<Trace> {
    let arch = arch(hand);
    let left = hand.near(-0.3, 0.08);
    let height = hand.between(0.12, 0.32);
    let across = hand.between(-0.05, 0.22);
    let slope = arch.to(across + 0.08, 0.68).to(left + 0.2, 0.96).to(left + 0.05, 0.97);
    let turn = slope.to(left, 0.95 - 0.6 * height).to(left + 0.16, 0.95 - height);
    let over = turn.to(across, 0.95 - 0.6 * height);
    let exit = hand.between(0.14, 0.32);
    vec![over.to(across + exit, hand.near(0.97, 0.08))]
}

fn wavy(hand: &mut Hand) -> Vec<Trace> {
    let arch = arch(hand);
    let [[left, y], [right, end]] = base(hand);
    let wave = hand.between(0.03, 0.1);
    let slope = arch.to(0.12, 0.62).corner(left, y);
    vec![slope.to(left + 0.2, y - wave).to(left + 0.45, y + 0.3 * wave).to(right, end - 0.7 * wave)]
}

fn like_a_z(hand: &mut Hand) -> Vec<Trace> {
    let [[left, y], [right, end]] = base(hand);
    let top = Trace::from(hand.near(-0.28, 0.06), hand.near(0.06, 0.06)).to(0.05, 0.0);
    let slope = top.to(hand.near(0.3, 0.04), hand.near(0.14, 0.03)).corner(left, y);
    vec![slope.corner(right, end)]
}

/// The arch begins with a hook that curls inwards.
fn curled(hand: &mut Hand) -> Vec<Trace> {
    let depth = hand.between(0.3, 0.42);
    let arch = Trace::from(-0.14, depth).to(-0.28, depth + 0.02).to(-0.29, 0.2);
    let over = arch.to(-0.05, 0.0).to(0.24, 0.12).to(0.24, 0.38);
    let [[left, y], [right, end]] = base(hand);
    vec![over.to(0.0, 0.72).corner(left, y).corner(right, end)]
}
