//! SeparableConv2D: a kernel for each channel, and then a mixture of the channels at every pixel.

use super::activation::{ACTIVATION, activation_field};
use super::conv2d::{Conv2D, Groups, SLIDING_KERNEL, sliding_kernel};
use super::kernel::{BIAS, kernel_and_bias};
use super::{Backward, Direction, Forward, Layer, Lists, Operation, Preparation, WeightSpec};
use crate::config::Arguments::{self, Read, Shared, Unsupported};
use crate::config::LayerConfig;
use crate::shape::{Padding, Shape, Window2D, window_2d};
use crate::{Error, Result};
use alloc::{format, vec, vec::Vec};
use convscope_kernels::activations::Activation;

const ARGUMENTS: &[Arguments] = &[
    Read(&["filters", "depth_multiplier"]),
    Read(&[
        "depthwise_initializer",
        "depthwise_regularizer",
        "pointwise_initializer",
        "pointwise_regularizer",
    ]),
    Unsupported(&["depthwise_constraint", "pointwise_constraint"]),
    Shared(SLIDING_KERNEL),
    Shared(BIAS),
    Shared(ACTIVATION),
];

/// The most values of one example between the two convolutions, which nothing else bounds.
const MAX_BETWEEN: u64 = 1 << 28;

/// A DepthwiseConv2D without bias and a Conv2D of 1×1 behind it, with nothing between the two: together a convolution
/// whose kernel is `Σₘ depthwise[i, j, c, m] · pointwise[c·M + m, f]`.
pub(super) struct SeparableConv2D {
    depthwise: Conv2D,
    pointwise: Conv2D,
    multiplier: usize,
}

impl SeparableConv2D {
    pub(super) fn new(config: &LayerConfig, input: Shape) -> Result<Self> {
        let fields = config.fields(ARGUMENTS)?;
        let [height, width, channels] = input.image(&config.class_name)?;
        let filters = fields.count("filters")?;
        let window = sliding_kernel(&fields, [height, width])?;
        let multiplier = fields.optional_count("depth_multiplier")?.unwrap_or(1);
        let groups = Groups::new(channels, channels, channels.saturating_mul(multiplier))?;
        let between = channels * multiplier;
        let floats = window.outputs() as u64 * between as u64;
        if floats > MAX_BETWEEN {
            return Err(Error::limit(format!(
                "between its two convolutions one example would have {floats} values, at most {MAX_BETWEEN}"
            )));
        }
        let size = [window.rows.size, window.columns.size];
        let mut depthwise =
            kernel_and_bias(&fields, "depthwise", vec![size[0], size[1], channels, multiplier], 0)?;
        depthwise.truncate(1);
        depthwise[0].name = "depthwise_kernel";
        let mut pointwise = kernel_and_bias(&fields, "pointwise", vec![1, 1, between, filters], filters)?;
        pointwise[0].name = "pointwise_kernel";
        let pixels = window_2d([window.rows.output, window.columns.output], [1, 1], [1, 1], Padding::Valid)?;
        Ok(Self {
            depthwise: Conv2D::of(window, groups, Activation::Linear, depthwise),
            pointwise: Conv2D::of(
                pixels,
                Groups::new(1, between, filters)?,
                activation_field(&fields)?,
                pointwise,
            ),
            multiplier,
        })
    }

    fn depthwise_len(&self) -> usize {
        self.depthwise.kernel_len()
    }

    /// Floats of what is between the two.
    fn between_len(&self, examples: usize) -> usize {
        self.depthwise.output_shape().len() * examples
    }
}

impl Layer for SeparableConv2D {
    fn output_shape(&self) -> Shape {
        self.pointwise.output_shape()
    }

    fn weights(&self) -> Vec<WeightSpec> {
        [self.depthwise.weights(), self.pointwise.weights()].concat()
    }

    fn activation(&self) -> Activation {
        self.pointwise.activation()
    }

    fn window(&self) -> Option<Window2D> {
        self.depthwise.window()
    }

    fn operation(&self) -> Operation {
        Operation::WeightedSum
    }

    fn weights_of(&self, channel: usize, weights: &[f32]) -> (Vec<f32>, f32) {
        let (depthwise, pointwise) = weights.split_at(self.depthwise_len());
        let (mixture, bias) = self.pointwise.weights_of(channel, pointwise);
        let cell = mixture.len();
        let products = depthwise.iter().enumerate().map(|(index, weight)| weight * mixture[index % cell]);
        let products: Vec<f32> = products.collect();
        (products.chunks_exact(self.multiplier).map(|products| products.iter().sum()).collect(), bias)
    }

    fn multiply_adds(&self) -> u64 {
        self.depthwise.multiply_adds() + self.pointwise.multiply_adds()
    }

    fn prepared_len(&self, direction: Direction) -> usize {
        self.depthwise.prepared_len(direction) + self.pointwise.prepared_len(direction)
    }

    fn prepare(&self, direction: Direction, preparation: Preparation<'_>) {
        let Preparation { level, weights, target, scratch } = preparation;
        let (depthwise, pointwise) = weights.split_at(self.depthwise_len());
        let (first, second) = target.split_at_mut(self.depthwise.prepared_len(direction));
        let first = Preparation { level, weights: depthwise, target: first, scratch: &mut *scratch };
        self.depthwise.prepare(direction, first);
        self.pointwise.prepare(direction, Preparation { level, weights: pointwise, target: second, scratch });
    }

    fn lists_len(&self, examples: usize) -> [usize; 2] {
        let (one, other) = (self.depthwise.lists_len(examples), self.pointwise.lists_len(examples));
        [one[0].max(other[0]), one[1].max(other[1])]
    }

    /// What is between the two, and what each of them saves.
    fn saved_len(&self, examples: usize) -> usize {
        self.between_len(examples) + self.depthwise.saved_len(examples) + self.pointwise.saved_len(examples)
    }

    /// The gradient of what is between the two, what the second makes of its weights to compute it, and what either of them
    /// needs.
    fn scratch_len(&self, examples: usize) -> usize {
        let own = self.depthwise.scratch_len(examples).max(self.pointwise.scratch_len(examples));
        self.between_len(examples) + self.pointwise.prepared_len(Direction::Backward) + own
    }

    fn forward(&self, pass: Forward<'_>) {
        let Forward { level, examples, training, weights, prepared, input, .. } = pass;
        let Forward { inputs, output, saved, marks, scratch, .. } = pass;
        let (first_weights, second_weights) = weights.split_at(self.depthwise_len());
        let (first_prepared, second_prepared) =
            prepared.split_at(self.depthwise.prepared_len(Direction::Forward));
        let (between, saved) = saved.split_at_mut(self.between_len(examples));
        let (first_saved, second_saved) = saved.split_at_mut(self.depthwise.saved_len(examples));
        self.depthwise.forward(Forward {
            level,
            examples,
            training,
            weights: first_weights,
            prepared: first_prepared,
            input,
            inputs,
            output: &mut *between,
            saved: first_saved,
            marks: &mut *marks,
            scratch: &mut *scratch,
        });
        self.pointwise.forward(Forward {
            level,
            examples,
            training,
            weights: second_weights,
            prepared: second_prepared,
            input: between,
            inputs,
            output,
            saved: second_saved,
            marks,
            scratch,
        });
    }

    fn backward(&self, pass: Backward<'_>) {
        let Backward { level, examples, training, marks, write, inputs, place, .. } = pass;
        let (first_weights, second_weights) = pass.weights.split_at(self.depthwise_len());
        let (between, saved) = pass.saved.split_at(self.between_len(examples));
        let (first_saved, second_saved) = saved.split_at(self.depthwise.saved_len(examples));
        let (first_gradients, second_gradients) = pass.weight_gradients.split_at_mut(self.depthwise_len());
        let (gradient, scratch) = pass.scratch.split_at_mut(self.between_len(examples));
        let (target, scratch) = scratch.split_at_mut(self.pointwise.prepared_len(Direction::Backward));
        let Lists { entries, places } = pass.lists;
        // Where nobody asks for the input's gradient, the second layer's is needed all the same.
        let (first_prepared, second_prepared) = if pass.prepared.is_empty() {
            let preparation =
                Preparation { level, weights: second_weights, target: &mut *target, scratch: &mut *scratch };
            self.pointwise.prepare(Direction::Backward, preparation);
            (&[][..], &*target)
        } else {
            pass.prepared.split_at(self.depthwise.prepared_len(Direction::Backward))
        };
        self.pointwise.backward(Backward {
            level,
            examples,
            training,
            weights: second_weights,
            prepared: second_prepared,
            input: between,
            inputs,
            place,
            saved: second_saved,
            marks,
            output_gradient: pass.output_gradient,
            input_gradient: Some(&mut *gradient),
            weight_gradients: second_gradients,
            write,
            scratch: &mut *scratch,
            lists: Lists { entries: &mut *entries, places: &mut *places },
        });
        self.depthwise.backward(Backward {
            level,
            examples,
            training,
            weights: first_weights,
            prepared: first_prepared,
            input: pass.input,
            inputs,
            place,
            saved: first_saved,
            marks,
            output_gradient: gradient,
            input_gradient: pass.input_gradient,
            weight_gradients: first_gradients,
            write,
            scratch,
            lists: Lists { entries, places },
        });
    }
}
