//! A batch: examples with their right answers, from arrays or from a dataset.

use crate::dataset::Dataset;
use crate::digits::Augmentation;
use crate::digits::rasterize::PIXELS;
use crate::layout::read_planes;
use crate::losses::{Target, Targets};
use crate::model::Model;
use crate::numbers::check_finite;
use crate::shape::Shape;
use crate::{Error, Result};
use alloc::{format, vec::Vec};
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
    /// As arrays, but every example as channel planes: what [`Batch::write_planes`] gives.
    Planes {
        /// Pixels, one plane after the other.
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
    /// Writes the examples of a batch that fits `model` as channel planes, and after them the wanted outputs,
    /// `[n, outputs]`: what a worker that doesn't have the batch needs, as [`Batch::Planes`].
    pub fn write_planes(&self, model: &Model, target: &mut Vec<f32>) {
        let (input, outputs) = (model.input_shape(), model.outputs());
        let examples = self.examples(input);
        target.resize(examples * (input.len() + outputs), 0.0);
        let (x, y) = target.split_at_mut(examples * input.len());
        self.read(model.level, 0..examples, input, x);
        for (index, y) in y.chunks_exact_mut(outputs).enumerate() {
            let target = self.target(index, outputs);
            y.iter_mut().enumerate().for_each(|(class, wanted)| *wanted = target.value(class));
        }
    }

    /// The examples of `range`.
    pub(crate) fn part(self, range: Range<usize>, input: Shape, outputs: usize) -> Self {
        match self {
            Self::Arrays { x, y } => {
                let x = &x[range.start * input.len()..range.end * input.len()];
                Self::Arrays { x, y: y.part(range, outputs) }
            }
            Self::Planes { x, y } => {
                let x = &x[range.start * input.len()..range.end * input.len()];
                Self::Planes { x, y: y.part(range, outputs) }
            }
            Self::Of { data, indices, augmentation } => {
                Self::Of { data, indices: &indices[range], augmentation }
            }
        }
    }

    /// The number of examples in a checked batch of inputs of shape `input`.
    pub(crate) fn examples(&self, input: Shape) -> usize {
        match self {
            Self::Arrays { x, .. } | Self::Planes { x, .. } => x.len() / input.len(),
            Self::Of { indices, .. } => indices.len(),
        }
    }

    /// Checks shapes, indices, labels and that every number is finite.
    pub(crate) fn check(&self, input: Shape, outputs: usize) -> Result<()> {
        match self {
            Self::Arrays { x, y } | Self::Planes { x, y } => {
                let examples = check_examples(x, input)?;
                y.check(examples, outputs)
            }
            Self::Of { data, indices, augmentation } => {
                if indices.is_empty() {
                    return Err(Error::shape("a batch needs at least 1 example, got none"));
                }
                if Shape::Image(data.shape()) != input {
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

    /// Writes the examples of `range` as channel planes.
    pub(crate) fn read(&self, level: Level, range: Range<usize>, input: Shape, target: &mut [f32]) {
        match self {
            Self::Arrays { x, .. } => {
                read_planes(&x[range.start * input.len()..range.end * input.len()], input, target)
            }
            Self::Planes { x, .. } => {
                let x = &x[range.start * input.len()..range.end * input.len()];
                target[..x.len()].copy_from_slice(x);
            }
            Self::Of { data, indices, augmentation } => {
                for (&index, target) in indices[range].iter().zip(target.chunks_exact_mut(input.len())) {
                    scale_bytes(level, data.planes(index as usize), target);
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
            Self::Arrays { y, .. } | Self::Planes { y, .. } => y.target(index, outputs),
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
