//! GlobalAveragePooling2D: one mean a channel.

use super::{Backward, DATA_FORMAT, Forward, Layer, Operation, check_data_format};
use crate::Result;
use crate::config::Arguments::{self, Read, Shared};
use crate::config::LayerConfig;
use crate::shape::Shape;
use convscope_kernels::elementwise::add_rows;

const ARGUMENTS: &[Arguments] = &[Read(&["keepdims"]), Shared(DATA_FORMAT)];

/// `(height, width, channels)` → `(channels,)`, or `(1, 1, channels)` with `keepdims`: the mean over all
/// pixels (Lin, Chen, Yan 2013).
pub(super) struct GlobalAveragePooling2D {
    positions: usize,
    output: Shape,
}

impl GlobalAveragePooling2D {
    pub(super) fn new(config: &LayerConfig, input: Shape) -> Result<Self> {
        let [.., channels] = input.image(&config.class_name)?;
        Self::of(config, input, Shape::Image([1, 1, channels]))
    }

    /// The same along the steps of a sequence.
    #[cfg(feature = "complete")]
    pub(super) fn of_sequence(config: &LayerConfig, input: Shape) -> Result<Self> {
        let [_, channels] = input.sequence(&config.class_name)?;
        Self::of(config, input, Shape::Sequence([1, channels]))
    }

    fn of(config: &LayerConfig, input: Shape, kept: Shape) -> Result<Self> {
        Ok(Self { positions: input.positions(), output: global_shape(config, kept)? })
    }
}

/// What is left where all positions become one: `kept` with `keepdims`, else a vector.
pub(super) fn global_shape(config: &LayerConfig, kept: Shape) -> Result<Shape> {
    let fields = config.fields(ARGUMENTS)?;
    check_data_format(&fields)?;
    let keepdims = fields.optional_flag("keepdims")?.unwrap_or(false);
    Ok(if keepdims { kept } else { Shape::Vector(kept.channels()) })
}

impl Layer for GlobalAveragePooling2D {
    fn output_shape(&self) -> Shape {
        self.output
    }

    fn sees_everything(&self) -> bool {
        true
    }

    fn operation(&self) -> Operation {
        Operation::Mean
    }

    fn forward(&self, pass: Forward<'_>) {
        let channels = self.output.len();
        let images = pass.input.chunks_exact(self.positions * channels);
        for (image, means) in images.zip(pass.output.chunks_exact_mut(channels)) {
            means.fill(0.0);
            add_rows(pass.level, image, channels, means);
            means.iter_mut().for_each(|sum| *sum /= self.positions as f32);
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(input_gradient) = pass.input_gradient else { return };
        let channels = self.output.len();
        let images = input_gradient.chunks_exact_mut(self.positions * channels);
        for (image, gradients) in images.zip(pass.output_gradient.chunks_exact(channels)) {
            for pixel in image.chunks_exact_mut(channels) {
                for (value, gradient) in pixel.iter_mut().zip(gradients) {
                    *value = gradient / self.positions as f32;
                }
            }
        }
    }
}
