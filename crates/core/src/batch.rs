//! A batch: examples with their right answers, from arrays or from a dataset.

use crate::dataset::Dataset;
use crate::digits::Augmentation;
use crate::digits::rasterize::PIXELS;
use crate::losses::{Target, Targets};
use crate::numbers::check_finite;
use crate::shape::Shape;
use crate::{Error, Result};
use alloc::format;
use convscope_kernels::Level;
use convscope_kernels::elementwise::scale_bytes;
use core::ops::Range;

/// Examples with their right answers.
#[derive(Clone, Copy, Debug)]
pub enum Batch<'a> {
    /// Examples `x`, `[n, …input shape]` in Keras' order, and the targets of each.
    Arrays {
        /// Pixels, channels last.
        x: &'a [f32],
        /// `n` targets.
        y: Targets<'a>,
    },
    /// The examples of `data` that `indices` names.
    Of {
        /// The images and labels.
        data: &'a Dataset,
        /// Which of them, in order; an index may come twice.
        indices: &'a [u32],
        /// How images of 28×28×1 are varied, if they are.
        augmentation: Option<Augmentation<'a>>,
    },
}

impl<'a> Batch<'a> {
    /// The examples of `range`.
    pub(crate) fn part(self, range: Range<usize>, input: Shape, outputs: usize) -> Self {
        match self {
            Self::Arrays { x, y } => {
                let x = &x[range.start * input.len()..range.end * input.len()];
                Self::Arrays { x, y: y.part(range, outputs) }
            }
            Self::Of { data, indices, augmentation } => {
                Self::Of { data, indices: &indices[range], augmentation }
            }
        }
    }

    /// The number of examples in a checked batch of inputs of shape `input`.
    pub(crate) fn examples(&self, input: Shape) -> usize {
        match self {
            Self::Arrays { x, .. } => x.len() / input.len(),
            Self::Of { indices, .. } => indices.len(),
        }
    }

    /// Checks shapes, indices, labels and that every number is finite.
    pub(crate) fn check(&self, input: Shape, outputs: usize) -> Result<()> {
        match self {
            Self::Arrays { x, y } => {
                let examples = check_examples(x, input)?;
                y.check(examples, outputs)
            }
            Self::Of { data, indices, augmentation } => {
                if indices.is_empty() {
                    return Err(Error::shape("a batch needs at least 1 example, got none"));
                }
                if !input.takes(data.shape()) {
                    return Err(Error::shape(format!(
                        "the model needs images of shape {input}, the dataset has {}",
                        Shape::Image(data.shape())
                    )));
                }
                if augmentation.is_some() && input.len() != PIXELS {
                    return Err(Error::shape(format!("augmentation needs images of 28×28×1, got {input}")));
                }
                data.check_indices(indices)?;
                let labels = indices.iter().map(|&index| data.labels()[index as usize]);
                match labels.into_iter().find(|&label| usize::from(label) >= outputs) {
                    Some(label) => {
                        Err(Error::value(format!("labels go from 0 to {}, got {label}", outputs - 1)))
                    }
                    None => Ok(()),
                }
            }
        }
    }

    /// Writes the examples of `range`.
    pub(crate) fn read(&self, level: Level, range: Range<usize>, input: Shape, target: &mut [f32]) {
        match self {
            Self::Arrays { x, .. } => {
                let x = &x[range.start * input.len()..range.end * input.len()];
                target[..x.len()].copy_from_slice(x);
            }
            Self::Of { data, indices, augmentation } => {
                for (&index, target) in indices[range].iter().zip(target.chunks_exact_mut(input.len())) {
                    scale_bytes(level, data.image(index as usize), target);
                    if let Some((augmentation, target)) = augmentation.zip(target.as_mut_array::<PIXELS>()) {
                        let image = *target;
                        augmentation.apply(index, &image, target);
                    }
                }
            }
        }
    }

    /// The right answer of one example.
    pub(crate) fn target(&self, index: usize, outputs: usize) -> Target<'a> {
        match self {
            Self::Arrays { y, .. } => y.target(index, outputs),
            Self::Of { data, indices, .. } => Target::Label(data.labels()[indices[index] as usize].into()),
        }
    }
}

/// The number of examples in `x`, which must be whole ones of finite numbers.
pub(crate) fn check_examples(x: &[f32], input: Shape) -> Result<usize> {
    if x.is_empty() || !x.len().is_multiple_of(input.len()) {
        return Err(Error::shape(format!(
            "examples of shape {input} have {} numbers each, got {} numbers",
            input.len(),
            x.len()
        )));
    }
    check_finite(x, "the examples")?;
    Ok(x.len() / input.len())
}
