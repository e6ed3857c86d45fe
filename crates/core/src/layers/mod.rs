//! The layers, one file each: arguments, output shape, weights, forward and backward pass.
//!
//! An example's tensor is stored as Keras orders it, `[height][width][channels]` or as a vector; examples follow each
//! other. Weights are stored exactly as Keras stores them.

mod activation;
#[cfg(feature = "complete")]
mod affine;
mod average_pooling2d;
mod batch_normalization;
#[cfg(feature = "complete")]
mod border;
mod cells;
#[cfg(feature = "complete")]
mod complete;
#[cfg(feature = "complete")]
mod concatenate;
#[cfg(feature = "complete")]
mod conv1d;
mod conv2d;
#[cfg(feature = "complete")]
mod conv2d_transpose;
#[cfg(feature = "complete")]
mod cropping2d;
mod dense;
mod depthwise_conv2d;
#[cfg(feature = "complete")]
mod dilation;
mod dropout;
mod flatten;
#[cfg(feature = "complete")]
mod functions;
mod global_average_pooling2d;
#[cfg(feature = "complete")]
mod global_max_pooling2d;
mod kernel;
#[cfg(feature = "complete")]
mod layer_normalization;
#[cfg(feature = "complete")]
mod local_response_normalization;
mod max_pooling2d;
#[cfg(feature = "complete")]
mod merging;
#[cfg(feature = "complete")]
mod noise;
#[cfg(feature = "complete")]
mod normalization;
#[cfg(feature = "complete")]
mod permute;
mod pooling;
#[cfg(feature = "complete")]
mod prelu;
#[cfg(feature = "complete")]
mod random_color;
#[cfg(feature = "complete")]
mod random_placement;
#[cfg(feature = "complete")]
mod rescaling;
#[cfg(feature = "complete")]
mod reshape;
#[cfg(feature = "complete")]
mod separable_conv2d;
#[cfg(feature = "complete")]
mod unfolding;
#[cfg(feature = "complete")]
mod unit_normalization;
#[cfg(feature = "complete")]
mod up_sampling2d;
mod window;
#[cfg(feature = "complete")]
mod zero_padding2d;

use crate::config::{Arguments, Fields, LayerConfig};
use crate::initializers::Initializer;
use crate::random::Random;
use crate::regularizers::Regularizer;
use crate::shape::{Shape, Window2D};
use crate::{Error, Result};
pub(crate) use activation::{ACTIVATION, activation_field, activation_is_signed, activation_name};
use alloc::{boxed::Box, format, vec::Vec};
pub(crate) use cells::Cells;
#[cfg(feature = "complete")]
pub(crate) use complete::as_picture;
use convscope_kernels::Level;
use convscope_kernels::Write;
use convscope_kernels::activations::Activation;
use convscope_kernels::convolution::{Entry, Place};
use core::fmt;
use serde::Serialize;

// A derived one for each layer would come with the table of its methods, and make the WebAssembly file 4 %
// larger.
impl fmt::Debug for dyn Layer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Layer")
    }
}

/// One layer with its shapes settled. Once built, none of its methods can fail.
pub(crate) trait Layer: Send + Sync {
    /// The shape of one example's output.
    fn output_shape(&self) -> Shape;

    /// The weights in Keras' order.
    fn weights(&self) -> Vec<WeightSpec> {
        Vec::new()
    }

    /// The activation that the network applies to this layer's output.
    fn activation(&self) -> Activation {
        Activation::Linear
    }

    /// The window that this layer slides over its input, for receptive fields.
    fn window(&self) -> Option<Window2D> {
        None
    }

    /// Whether every output depends on the whole input.
    fn sees_everything(&self) -> bool {
        false
    }

    /// What one value of the output, before the activation, is made of.
    fn operation(&self) -> Operation {
        Operation::Copy
    }

    /// Into how many groups a weighted sum divides its channels, each seen by its own outputs.
    fn groups(&self) -> usize {
        1
    }

    /// Whether this layer, outside of training, only hands its input on, perhaps in another order.
    fn passes_on(&self) -> bool {
        false
    }

    /// The weights behind output channel `channel` as they are stored, the source's channels fastest, and
    /// what is added to the weighted sum.
    fn weights_of(&self, _channel: usize, _weights: &[f32]) -> (Vec<f32>, f32) {
        (Vec::new(), 0.0)
    }

    /// The cells of a source of `[height, width, channels]` that the output at `[row, column, channel]` is made of, where
    /// neither a window nor the operation tells.
    #[cfg(feature = "complete")]
    fn cells(&self, _output: [usize; 3], _source: [usize; 3]) -> Option<Cells> {
        None
    }

    /// As [`Layer::weights_of`], behind the output at `[row, column, channel]`, where they differ with the place.
    fn weights_at(&self, [_, _, channel]: [usize; 3], weights: &[f32]) -> (Vec<f32>, f32) {
        self.weights_of(channel, weights)
    }

    /// The rows above and the columns before the part of its input that this layer hands on.
    #[cfg(feature = "complete")]
    fn cropped(&self) -> Option<[usize; 2]> {
        None
    }

    /// Whether no value of the output, before the activation, is below 0 for an input that nowhere is.
    fn keeps_sign(&self) -> bool {
        match self.operation() {
            Operation::WeightedSum | Operation::Normalization | Operation::Function => false,
            #[cfg(feature = "complete")]
            Operation::Difference => false,
            _ => true,
        }
    }

    /// Multiply-add operations of the forward pass for one example.
    fn multiply_adds(&self) -> u64 {
        0
    }

    /// The window whose largest cells this layer picks, where it does no more than that.
    fn max_pool(&self) -> Option<Window2D> {
        None
    }

    /// Tells the layer that max pooling by `pool` comes next, and that nothing else sees its output. Answers whether it
    /// can go back from the maxima alone, which are few: [`Layer::backward_from_maxima`].
    fn go_back_from_maxima(&mut self, _pool: Window2D) -> bool {
        false
    }

    /// Floats of what the layer makes of its weights for passes in a direction, once until they change.
    fn prepared_len(&self, _direction: Direction) -> usize {
        0
    }

    /// Whether passes of so many examples take it.
    fn needs_prepared(&self, _examples: usize, _training: bool) -> bool {
        true
    }

    /// Makes it.
    fn prepare(&self, _direction: Direction, _preparation: Preparation<'_>) {}

    /// Whole numbers that the forward pass leaves for the backward pass.
    fn marks_len(&self, _examples: usize) -> usize {
        0
    }

    /// Entries and places that a backward pass needs room for.
    fn lists_len(&self, _examples: usize) -> [usize; 2] {
        [0; 2]
    }

    /// Multiply-add operations that the layer's method needs for one example: for the output, or for one of the two gradients.
    /// `gradients` is how many of the output's, or of the maxima's, are not zero.
    #[cfg(feature = "profile")]
    fn needed_multiply_adds(&self, _direction: Direction, _gradients: u64) -> u64 {
        self.multiply_adds()
    }

    /// Floats that the forward pass leaves for the backward pass.
    fn saved_len(&self, _examples: usize) -> usize {
        0
    }

    /// Floats of working memory that a pass needs.
    fn scratch_len(&self, _examples: usize) -> usize {
        0
    }

    /// Whether a training step needs all examples of the batch at once.
    fn needs_whole_batch(&self) -> bool {
        false
    }

    /// Computes `output` (before the activation) from `input`.
    fn forward(&self, pass: Forward<'_>);

    /// Computes the input's and the weights' gradients.
    fn backward(&self, pass: Backward<'_>);

    /// As [`Layer::backward`], with the gradients of the maxima in the place of the outputs', and the cells of the pooling
    /// window that they were found in in that of the marks.
    fn backward_from_maxima(&self, _pass: Backward<'_>) {}

    /// After a training step: new values of the weights that are not trained by gradients.
    fn update_state(&self, _saved: &[f32], _weights: &mut [f32]) {}
}

/// What a layer makes of the cells under its window to get one value, before its activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// The sum of all cells, each times its weight, and a bias. A window that the layer doesn't have is the
    /// whole input.
    WeightedSum,
    /// The largest cell of one channel.
    Maximum,
    /// The mean of one channel's cells; without a window, of all of them.
    Mean,
    /// One value, scaled and shifted as its channel says.
    Normalization,
    /// One value as it is.
    Copy,
    /// One value by a rule of the layer's own, which may take others of its place, or the whole input, into account.
    Function,
    /// The sum of one value of each input.
    #[cfg(feature = "complete")]
    Sum,
    /// The first input's value less the second's.
    #[cfg(feature = "complete")]
    Difference,
    /// The product of one value of each input.
    #[cfg(feature = "complete")]
    Product,
    /// The mean of one value of each input.
    #[cfg(feature = "complete")]
    MeanOfInputs,
    /// The largest of one value of each input.
    #[cfg(feature = "complete")]
    MaximumOfInputs,
    /// The smallest of one value of each input.
    #[cfg(feature = "complete")]
    MinimumOfInputs,
    /// One value of one input as it is: the channels of all inputs lie one input's behind the other's.
    #[cfg(feature = "complete")]
    Concatenation,
}

/// A weight as a layer asks for it.
#[derive(Clone, Debug)]
pub(crate) struct WeightSpec {
    /// What it is in its layer, and what Keras calls it.
    pub(crate) name: &'static str,
    pub(crate) shape: Vec<usize>,
    pub(crate) initializer: Initializer,
    pub(crate) regularizer: Option<Regularizer>,
    /// Trained by gradients; false for running statistics.
    pub(crate) trainable: bool,
}

/// Which passes weights are prepared for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Forward,
    Backward,
    BackwardFromMaxima,
}

/// The weights that are to be prepared, where what comes of them goes, and room to work in: as much as
/// [`Layer::scratch_len`] says for one example.
pub(crate) struct Preparation<'a> {
    pub(crate) level: Level,
    pub(crate) weights: &'a [f32],
    pub(crate) target: &'a mut [f32],
    pub(crate) scratch: &'a mut [f32],
}

/// What a forward pass reads and writes.
pub(crate) struct Forward<'a> {
    pub(crate) level: Level,
    pub(crate) examples: usize,
    pub(crate) training: Option<Training>,
    pub(crate) weights: &'a [f32],
    pub(crate) prepared: &'a [f32],
    pub(crate) input: &'a [f32],
    #[cfg(feature = "complete")]
    pub(crate) inputs: Inputs<'a>,
    pub(crate) output: &'a mut [f32],
    pub(crate) saved: &'a mut [f32],
    pub(crate) marks: &'a mut [u32],
    pub(crate) scratch: &'a mut [f32],
}

/// What a layer reads that has several inputs, of which a pass' `input` is the first.
#[cfg(feature = "complete")]
#[derive(Clone, Copy)]
pub(crate) struct Inputs<'a> {
    /// The numbers of layers, none for the network's input.
    pub(crate) sources: &'a [Option<usize>],
    pub(crate) input: &'a [f32],
    /// Of the layers before.
    pub(crate) outputs: &'a [Vec<f32>],
}

#[cfg(feature = "complete")]
impl<'a> Inputs<'a> {
    /// The values of input number `place`, with room for more examples behind them.
    fn get(self, place: usize) -> &'a [f32] {
        self.sources[place].map_or(self.input, |source| &self.outputs[source])
    }
}

/// What a backward pass reads and writes. `output_gradient` is already behind the activation.
pub(crate) struct Backward<'a> {
    pub(crate) level: Level,
    pub(crate) examples: usize,
    pub(crate) training: bool,
    pub(crate) weights: &'a [f32],
    pub(crate) prepared: &'a [f32],
    pub(crate) input: &'a [f32],
    #[cfg(feature = "complete")]
    pub(crate) inputs: Inputs<'a>,
    /// Which of the inputs' gradients is asked for.
    #[cfg(feature = "complete")]
    pub(crate) place: usize,
    pub(crate) saved: &'a [f32],
    pub(crate) marks: &'a [u32],
    pub(crate) output_gradient: &'a [f32],
    /// Absent where nobody asks for it, as in the first layer of a training step.
    pub(crate) input_gradient: Option<&'a mut [f32]>,
    pub(crate) weight_gradients: &'a mut [f32],
    /// Whether the weights' gradients are added to what is there.
    pub(crate) write: Write,
    pub(crate) scratch: &'a mut [f32],
    pub(crate) lists: Lists<'a>,
}

/// Room for the gradients of maxima.
pub(crate) struct Lists<'a> {
    pub(crate) entries: &'a mut [Entry],
    pub(crate) places: &'a mut [Place],
}

/// Names the random numbers of one training pass, so that they don't depend on how a batch is cut.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Training {
    pub(crate) seed: u64,
    pub(crate) step: u64,
    /// The place in the batch of the pass' first example.
    pub(crate) first_example: usize,
    /// The layer's place in the model.
    pub(crate) layer: usize,
}

impl Training {
    /// The random numbers of the pass' example number `example`.
    pub(crate) fn random(self, example: usize) -> Random {
        let place = (self.first_example + example) as u64;
        Random::new(self.seed, (self.step << 32) ^ (place << 8) ^ self.layer as u64)
    }
}

/// Builds the layer that `config` describes for so many inputs of these shapes, at least one.
#[cfg(feature = "complete")]
pub(crate) fn build_for(config: &LayerConfig, inputs: &[Shape]) -> Result<Box<dyn Layer>> {
    if config.class_name == "Concatenate" {
        return Ok(Box::new(concatenate::Concatenate::new(config, inputs)?));
    }
    if let Some(merging) = merging::Merging::new(config, inputs)? {
        return Ok(Box::new(merging));
    }
    match inputs {
        [input] => build(config, *input),
        _ => Err(Error::config(format!("{} has one input, got {}", config.class_name, inputs.len()))),
    }
}

/// Builds the layer that `config` describes for inputs of shape `input`.
pub(crate) fn build(config: &LayerConfig, input: Shape) -> Result<Box<dyn Layer>> {
    Ok(match config.class_name.as_str() {
        "Conv2D" => Box::new(conv2d::Conv2D::new(config, input)?),
        "DepthwiseConv2D" => Box::new(depthwise_conv2d::depthwise_conv2d(config, input)?),
        "MaxPooling2D" => Box::new(max_pooling2d::MaxPooling2D::new(config, input)?),
        "AveragePooling2D" => Box::new(average_pooling2d::AveragePooling2D::new(config, input)?),
        "GlobalAveragePooling2D" => {
            Box::new(global_average_pooling2d::GlobalAveragePooling2D::new(config, input)?)
        }
        "Flatten" => Box::new(flatten::Flatten::new(config, input)?),
        "Dense" => Box::new(dense::Dense::new(config, input)?),
        "Activation" => Box::new(activation::ActivationLayer::new(config, input)?),
        "ReLU" | "LeakyReLU" | "ELU" | "Softmax" => {
            Box::new(activation::ActivationLayer::from_class(config, input)?)
        }
        "Dropout" => Box::new(dropout::Dropout::new(config, input)?),
        "BatchNormalization" => Box::new(batch_normalization::BatchNormalization::new(config, input)?),
        #[cfg(feature = "complete")]
        _ => complete::build(config, input)?,
        // The page asks the complete build then.
        #[cfg(not(feature = "complete"))]
        other => {
            return Err(Error::config(format!("class_name: {other} is in the complete build, or unknown")));
        }
    })
}

/// The argument that [`check_data_format`] reads.
const DATA_FORMAT: &[Arguments] = &[Arguments::Read(&["data_format"])];

/// Keras' `axis`, of which only the last one is supported, as −1, by its number, or, as Keras' older versions
/// write it, in a list of one.
fn check_last_axis(fields: &Fields<'_>, shape: Shape) -> Result<()> {
    let Some(axis) = fields.value("axis") else { return Ok(()) };
    // Keras counts the batch as axis 0.
    let last = shape.sizes().len() as i64;
    let number = if let [axis] = axis.as_array().map_or(&[][..], Vec::as_slice) { axis } else { axis };
    if matches!(number.as_i64(), Some(number) if number == -1 || number == last) {
        return Ok(());
    }
    Err(crate::Error::config(alloc::format!(
        "axis: only the last axis ({last} or -1) is supported, got {}",
        crate::config::echo(axis)
    )))
}

/// Keras' `data_format`, of which only the default is supported.
fn check_data_format(fields: &Fields<'_>) -> Result<()> {
    fields.only("data_format", &"channels_last".into())
}
