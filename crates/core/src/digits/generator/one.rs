//! The ways to write a 1.

use super::Style;
use super::hand::Hand;
use super::trace::Trace;
use alloc::vec;
use alloc::vec::Vec;

pub(super) const STYLES: &[Style] = &[
    Style { name: "stick", weight: 7.0, traces: stick },
    Style { name: "flag", weight: 1.5, traces: flag },
    Style { name: "flag and base", weight: 1.3, traces: flag_and_base },
    Style { name: "European", weight: 1.2, traces: european },
];

/// A downstroke, more often slanted than the stems of other digits, and a little bowed.
fn stem(hand: &mut Hand, trace: Trace, [x, y]: [f32; 2]) -> Trace {
    let bow = hand.near(0.0, 0.025);
    trace.to(0.5 * x + bow, 0.5 + 0.5 * y).corner(0.0, 1.0)
}

fn top(hand: &mut Hand) -> [f32; 2] {
    [hand.near(0.05, 0.06), 0.0]
}

fn stick(hand: &mut Hand) -> Vec<Trace> {
    let [x, y] = top(hand);
    vec![stem(hand, Trace::from(x, y), [x, y])]
}

fn flagged(hand: &mut Hand, length: f32) -> Trace {
    let [x, y] = top(hand);
    let drop = length * hand.between(1.2, 1.9);
    let bow = hand.near(0.0, 0.02);
    let flag = Trace::from(x - length, y + drop).to(x - 0.5 * length, y + 0.5 * drop + bow).corner(x, y);
    stem(hand, flag, [x, y])
}

fn base(hand: &mut Hand) -> Trace {
    let [left, right] = [hand.near(-0.21, 0.04), hand.near(0.22, 0.05)];
    let rise = hand.near(0.0, 0.03);
    Trace::from(left, 1.0 + rise).corner(right, 1.0 - rise)
}

fn flag(hand: &mut Hand) -> Vec<Trace> {
    let length = hand.between(0.08, 0.22);
    vec![flagged(hand, length)]
}

fn flag_and_base(hand: &mut Hand) -> Vec<Trace> {
    let length = hand.between(0.08, 0.16);
    vec![flagged(hand, length), base(hand)]
}

fn european(hand: &mut Hand) -> Vec<Trace> {
    let length = hand.between(0.2, 0.3);
    vec![flagged(hand, length)]
}
