//! Decimal digits to the nearest `f64`, by whole numbers of any length: short, and never off by a unit in the last place.

use alloc::{vec, vec::Vec};

/// Digits beyond these cannot decide which `f64` is nearest, only that a number is not exactly what they say.
const MAX_DIGITS: usize = 800;

/// The `f64` that is nearest to the whole number that `digits` write times 10 to the power of `exponent`; of two that are
/// equally near the even one.
pub(super) fn nearest(digits: impl Iterator<Item = u8>, mut exponent: i32) -> f64 {
    let mut number = Whole(Vec::new());
    let mut count = 0;
    let mut is_cut = false;
    for digit in digits.map(|digit| u32::from(digit - b'0')) {
        if count < MAX_DIGITS {
            number.multiply_add(10, digit);
            count += usize::from(!number.0.is_empty());
        } else {
            is_cut |= digit != 0;
            exponent = exponent.saturating_add(1);
        }
    }
    if number.0.is_empty() {
        return 0.0;
    }
    // With so many digits, what lies beyond is 0 or infinite.
    exponent = exponent.clamp(-1200, 400);
    // Enough bits that 96 are left when the powers of ten have been divided out.
    let limbs = if exponent < 0 { exponent.unsigned_abs() as usize * 10 / 96 + 4 } else { 0 };
    number.0.splice(..0, vec![0; limbs]);
    while exponent != 0 {
        let step = exponent.clamp(-9, 9);
        let power = 10_u32.pow(step.unsigned_abs());
        if step > 0 {
            number.multiply_add(power, 0);
        } else {
            is_cut |= number.divide(power) != 0;
        }
        exponent -= step;
    }
    // The highest 64 bits, of which at most 53 stay.
    let mut rest = number.0.iter().rev();
    let mut limb = || u128::from(rest.next().copied().unwrap_or(0));
    let high = limb() << 64 | limb() << 32 | limb();
    let unused = high.leading_zeros() as i32 - 32;
    let bits = ((high << unused) >> 32) as u64;
    is_cut |= (high << unused) as u32 != 0 || rest.any(|&limb| limb != 0);
    let power = 32 * (number.0.len() as i32 - limbs as i32) - 64 - unused;
    let dropped = (-1074 - power).clamp(11, 65);
    let kept = u128::from(bits) >> dropped;
    let (rest, half) = (u128::from(bits) - (kept << dropped), 1_u128 << (dropped - 1));
    let is_up = rest > half || rest == half && (is_cut || kept % 2 == 1);
    libm::ldexp((kept as u64 + u64::from(is_up)) as f64, power + dropped)
}

/// A whole number from 0 up, in limbs of 32 bits, the lowest first and the highest not 0.
struct Whole(Vec<u32>);

impl Whole {
    fn multiply_add(&mut self, factor: u32, add: u32) {
        let mut carry = add;
        for limb in &mut self.0 {
            let product = u64::from(*limb) * u64::from(factor) + u64::from(carry);
            (*limb, carry) = (product as u32, (product >> 32) as u32);
        }
        if carry != 0 {
            self.0.push(carry);
        }
    }

    /// Divides by `divisor` and returns what is left over.
    fn divide(&mut self, divisor: u32) -> u32 {
        let mut left = 0;
        for limb in self.0.iter_mut().rev() {
            let dividend = u64::from(left) << 32 | u64::from(*limb);
            (*limb, left) = ((dividend / u64::from(divisor)) as u32, (dividend % u64::from(divisor)) as u32);
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_json;
    use alloc::format;
    use alloc::string::ToString;
    use proptest::prelude::*;

    /// Asserts that `text` is read as the standard library reads it.
    fn check(text: &str) {
        let expected: f64 = text.parse().unwrap();
        match read_json(text) {
            Ok(value) => assert_eq!(value.as_f64().unwrap().to_bits(), expected.to_bits(), "{text}"),
            Err(error) => assert!(expected.is_infinite() && error.contains("number"), "{text}: {error}"),
        }
    }

    #[test]
    fn numbers_at_the_edges_are_the_nearest() {
        let long = "1".repeat(900);
        for text in [
            "0.0031622776601683794",
            "5e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "2.4e-324",
            "1e-400",
            "2.2250738585072011e-308",
            "2.2250738585072014e-308",
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "1e400",
            "1e99999999999",
            "1e-99999999999",
            "0e99999999999",
            "9007199254740993.0",
            "9007199254740992.9999999999999999999999999999",
            "9007199254740993.0000000000000000000000000001",
            "18446744073709551616",
            "9223372036854775809",
            "0.1",
            "1E2",
            "1e+2",
            "0.0",
        ] {
            check(text);
            check(&format!("-{text}"));
        }
        check(&format!("0.{long}"));
        check(&format!("{long}e-700"));
        check(&format!("0.{}1e1000", "0".repeat(999)));
        // Half way between two numbers, but for the last of 900 digits.
        let half_way = "1.00000000000000011102230246251565404236316680908203125";
        check(half_way);
        check(&format!("{half_way}{}1", "0".repeat(850)));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_number_is_the_nearest(bits: u64, digits in 0_usize..40, whole: u64, exponent in -400_i32..400) {
            let number = f64::from_bits(bits);
            if number.is_finite() {
                check(&number.to_string());
                check(&format!("{number:e}"));
                check(&format!("{number:.digits$e}"));
            }
            check(&format!("{whole}e{exponent}"));
            check(&format!("0.{whole}{whole}{whole}E{exponent}"));
        }
    }
}
