//! Which examples are learnt and which are kept apart.

use crate::random::Random;
use crate::{Error, Result};
use alloc::{format, vec, vec::Vec};
use serde::Serialize;

/// Keeps the order of examples apart from other random numbers of the same seed.
const STREAM: u64 = 0x0073_706c_6974;

/// The most examples.
const MAX_EXAMPLES: usize = 1 << 24;

/// The numbers of the examples of either part, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Split {
    /// What is learnt.
    pub training: Vec<u32>,
    /// What is kept apart.
    pub validation: Vec<u32>,
}

/// The numbers from 0 to `count` − 1 in an order that the seed gives. The first of them are a random sample, which
/// contains every smaller one of the same seed.
///
/// # Errors
/// If there are more than 2²⁴.
pub fn shuffled(count: usize, seed: u64) -> Result<Vec<u32>> {
    if count > MAX_EXAMPLES {
        return Err(Error::limit(format!("at most {MAX_EXAMPLES} examples, got {count}")));
    }
    let mut order: Vec<u32> = (0..count as u32).collect();
    Random::new(seed, STREAM).shuffle(&mut order);
    Ok(order)
}

/// Keeps the part `validation`, 0 to 1, of each class apart, and at least one example of a class that has two: a
/// stratified split.
///
/// # Errors
/// If `validation` is not from 0 to 1, or there are more than 2²⁴ examples.
pub fn split(labels: &[u16], validation: f64, seed: u64) -> Result<Split> {
    if !(0.0..=1.0).contains(&validation) {
        return Err(Error::value("validation: needs a part of all examples, 0 to 1"));
    }
    let order = shuffled(labels.len(), seed)?;
    // How many of each class are still to be kept apart.
    let classes = labels.iter().max().map_or(0, |&largest| usize::from(largest) + 1);
    let mut left = vec![0_usize; classes];
    for &label in labels {
        left[usize::from(label)] += 1;
    }
    for count in &mut left {
        let part = libm::round(*count as f64 * validation) as usize;
        *count = if *count < 2 { 0 } else { part.max(1) };
    }
    let mut apart = vec![false; labels.len()];
    for index in order {
        let left = &mut left[usize::from(labels[index as usize])];
        if *left > 0 {
            *left -= 1;
            apart[index as usize] = true;
        }
    }
    let (validation, training) = (0..labels.len() as u32).partition(|&index| apart[index as usize]);
    Ok(Split { training, validation })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 40 of class 0, 10 of class 7, 3 of class 300, one of class 1.
    fn labels() -> Vec<u16> {
        let mut labels = [vec![0; 40], vec![7; 10], vec![300; 3], vec![1]].concat();
        Random::new(5, 0).shuffle(&mut labels);
        labels
    }

    fn count(labels: &[u16], indices: &[u32], class: u16) -> usize {
        indices.iter().filter(|&&index| labels[index as usize] == class).count()
    }

    #[test]
    fn each_class_gives_its_share() {
        let labels = labels();
        for (part, expected) in
            [(0.0, [1, 1, 1, 0]), (0.1, [4, 1, 1, 0]), (0.25, [10, 3, 1, 0]), (1.0, [40, 10, 3, 0])]
        {
            let Split { training, validation } = split(&labels, part, 3).unwrap();
            assert_eq!([0, 7, 300, 1].map(|class| count(&labels, &validation, class)), expected, "{part}");
            assert!(training.is_sorted() && validation.is_sorted());
            let mut all = [training, validation].concat();
            all.sort_unstable();
            assert_eq!(all, Vec::from_iter(0..54));
        }
    }

    #[test]
    fn the_seed_alone_decides() {
        let labels = labels();
        assert_eq!(split(&labels, 0.2, 1), split(&labels, 0.2, 1));
        assert_ne!(split(&labels, 0.2, 1), split(&labels, 0.2, 2));
        let mut order = shuffled(100, 4).unwrap();
        assert_eq!(order, shuffled(100, 4).unwrap());
        assert_ne!(order, shuffled(100, 5).unwrap());
        order.sort_unstable();
        assert_eq!(order, Vec::from_iter(0..100));
    }

    #[test]
    fn what_is_no_part_is_refused() {
        for part in [-0.1, 1.1, f64::NAN] {
            assert_eq!(split(&[0, 1], part, 0).unwrap_err().code(), "value");
        }
        assert_eq!(shuffled(MAX_EXAMPLES + 1, 0).unwrap_err().code(), "limit");
        let nothing = Split { training: vec![], validation: vec![] };
        assert_eq!(split(&[], 0.5, 0).unwrap(), nothing);
    }
}
