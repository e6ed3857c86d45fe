//! The layers, each behind those that it reads, with their places in the flat buffer of weights.

#[cfg(feature = "complete")]
use super::graph::{Source, Sources};
use crate::config::ModelConfig;
#[cfg(feature = "complete")]
use crate::constraints::Constraint;
use crate::initializers::Initializer;
use crate::layers::{self, Layer};
use crate::numbers::{check_finite, check_not_negative};
use crate::random::Random;
use crate::regularizers::Regularizer;
use crate::shape::{ReceptiveField, Shape};
use crate::{Error, Result};
use alloc::{boxed::Box, format, string::String, vec::Vec};
use convscope_kernels::activations::Activation;
use core::ops::Range;

/// The most weights that a model may have: 512 MiB of them.
pub const MAX_WEIGHTS: usize = 1 << 27;

/// The most floats of working memory that a model may need: 1 GiB of them.
pub(super) const MAX_FLOATS: usize = 1 << 28;

/// Floats of activations that a chunk of examples should take, so that the processor's second cache
/// holds them and their gradients.
const CACHED_FLOATS: usize = 1 << 16;

/// Examples of a chunk, however small or large their activations: the dense layers' matrix products
/// want some rows.
const CHUNK: core::ops::RangeInclusive<usize> = 3..=32;

/// Floats of activations that a chunk of examples may take.
const CHUNK_FLOATS: usize = 1 << 24;

/// A network whose shapes are settled. It holds no weights.
#[derive(Debug)]
pub(crate) struct Network {
    pub(crate) input: Shape,
    pub(crate) nodes: Vec<Node>,
    pub(crate) weights: Vec<Weight>,
    pub(crate) weights_len: usize,
}

/// A layer and where it stands in the network.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) class_name: String,
    pub(crate) layer: Box<dyn Layer>,
    /// What the layer reads, at least one.
    #[cfg(feature = "complete")]
    pub(crate) inputs: Vec<Source>,
    /// Whether it reads the layer before and nothing else does.
    #[cfg(feature = "complete")]
    pub(super) is_straight: bool,
    /// The shape of the first of its inputs.
    pub(crate) input: Shape,
    pub(crate) output: Shape,
    /// Whether max pooling comes next and alone, and the layer can go back from the maxima alone.
    pub(super) is_pooled: bool,
    /// The layer's part of the flat buffer of weights.
    pub(crate) weights: Range<usize>,
    /// What one unit sees of the network's input, or none where that is all of it.
    pub(crate) receptive_field: Option<[ReceptiveField; 2]>,
}

/// A weight and where it lies in the flat buffer.
#[derive(Debug)]
pub(crate) struct Weight {
    /// `layer/weight`
    pub(crate) name: String,
    /// What it is in its layer: the second part of the name.
    pub(crate) role: &'static str,
    pub(crate) shape: Vec<usize>,
    pub(crate) range: Range<usize>,
    pub(crate) trainable: bool,
    regularizer: Option<Regularizer>,
    #[cfg(feature = "complete")]
    constraint: Option<Constraint>,
    initializer: Initializer,
}

impl Weight {
    /// Refuses what is not finite, and a variance below 0, which has no root.
    pub(super) fn check(&self, values: &[f32]) -> Result<()> {
        check_finite(values, &self.name)?;
        if matches!(self.role, "moving_variance" | "variance") {
            check_not_negative(values, &self.name)
        } else {
            Ok(())
        }
    }
}

/// What one unit of `layer` sees of the network's input, where one of its own input, of shape `input`, sees `before`; none
/// where no numbers say it for all units alike.
fn field_behind(layer: &dyn Layer, before: [ReceptiveField; 2], input: Shape) -> Option<[ReceptiveField; 2]> {
    let [rows, columns] = before;
    if layer.sees_everything() {
        return None;
    }
    if let Some(window) = layer.window() {
        return Some([rows.behind(&window.rows), columns.behind(&window.columns)]);
    }
    #[cfg(feature = "complete")]
    if let Some([top, left]) = layer.cropped() {
        return Some([rows.beginning_at(top), columns.beginning_at(left)]);
    } else if layer.cells([0; 3], input.maps()).is_some() {
        return None;
    }
    #[cfg(not(feature = "complete"))]
    let _ = input;
    Some(before)
}

impl Network {
    pub(crate) fn new(config: &ModelConfig) -> Result<Self> {
        if config.layers.is_empty() {
            return Err(Error::config("the model has no layers"));
        }
        #[cfg(not(feature = "complete"))]
        let input = config.input;
        #[cfg(feature = "complete")]
        let (sources, input) = (Sources::new(config)?, layers::as_picture(config.input, &config.layers));
        let mut network = Self { input, nodes: Vec::new(), weights: Vec::new(), weights_len: 0 };
        for (index, layer_config) in config.layers.iter().enumerate() {
            let place = format!("layer {} ({})", index + 1, layer_config.name);
            #[cfg(feature = "complete")]
            let (inputs, is_straight) = (sources.of(index), sources.is_straight(index));
            #[cfg(not(feature = "complete"))]
            let (inputs, is_straight) = ([index.checked_sub(1)], true);
            let shape = network.shape(inputs[0]);
            #[cfg(feature = "complete")]
            let layer = layers::build_for(layer_config, &network.shapes(inputs));
            #[cfg(not(feature = "complete"))]
            let layer = layers::build(layer_config, shape);
            let layer = layer.map_err(|error| error.within(&place))?;
            let start = network.weights_len;
            for spec in layer.weights() {
                let len = spec.shape.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
                let len = len.filter(|len| network.weights_len.saturating_add(*len) <= MAX_WEIGHTS);
                let len = len.ok_or_else(|| {
                    Error::limit(format!("{place}: the model would have more than {MAX_WEIGHTS} weights"))
                })?;
                network.weights.push(Weight {
                    name: format!("{}/{}", layer_config.name, spec.name),
                    role: spec.name,
                    #[cfg(feature = "complete")]
                    constraint: Constraint::of_weight(layer_config, spec.name, &spec.shape)
                        .map_err(|error| error.within(&place))?,
                    shape: spec.shape,
                    range: network.weights_len..network.weights_len + len,
                    trainable: spec.trainable && layer_config.trainable,
                    regularizer: spec.regularizer,
                    initializer: spec.initializer,
                });
                network.weights_len += len;
            }
            #[cfg(feature = "complete")]
            let receptive_field = network.joined_field(inputs);
            #[cfg(not(feature = "complete"))]
            let receptive_field = network.field(inputs[0]);
            let receptive_field = receptive_field.and_then(|field| field_behind(&*layer, field, shape));
            let output = layer.output_shape();
            if let (Some(pool), Some(before), true) =
                (layer.max_pool(), network.nodes.last_mut(), is_straight)
            {
                let activation = before.layer.activation();
                before.is_pooled = !activation.mixes_channels()
                    && !activation.needs_input()
                    && before.layer.go_back_from_maxima(pool);
            }
            network.nodes.push(Node {
                name: layer_config.name.clone(),
                class_name: layer_config.class_name.clone(),
                layer,
                #[cfg(feature = "complete")]
                inputs: inputs.to_vec(),
                #[cfg(feature = "complete")]
                is_straight,
                input: shape,
                output,
                is_pooled: false,
                weights: start..network.weights_len,
                receptive_field,
            });
            network.check_size(&place)?;
        }
        #[cfg(feature = "complete")]
        network.check_nested(config)?;
        Ok(network)
    }

    /// What layer number `index` reads, where it reads several the first: the output of the layer of that number, or none for
    /// the network's input.
    pub(crate) fn before(&self, index: usize) -> Option<usize> {
        #[cfg(feature = "complete")]
        return self.nodes[index].inputs[0];
        #[cfg(not(feature = "complete"))]
        index.checked_sub(1)
    }

    /// The shape of what a layer reads.
    pub(super) fn shape(&self, source: Option<usize>) -> Shape {
        source.map_or(self.input, |index| self.nodes[index].output)
    }

    /// The receptive field of what a layer reads.
    pub(super) fn field(&self, source: Option<usize>) -> Option<[ReceptiveField; 2]> {
        match (source, self.input) {
            (Some(index), _) => self.nodes[index].receptive_field,
            (None, Shape::Image(_) | Shape::Sequence(_)) => Some([ReceptiveField::PIXEL; 2]),
            (None, Shape::Vector(_)) => None,
        }
    }

    /// Refuses a network whose tensors don't fit the memory that it may have, before they are allocated.
    fn check_size(&self, place: &str) -> Result<()> {
        let tensors = self.nodes.iter().map(|node| {
            let sizes = [node.output.sizes(), node.input.sizes()];
            sizes.iter().map(|sizes| sizes.iter().map(|&size| size as u64).product::<u64>()).sum::<u64>()
        });
        // A patch matrix repeats each pixel once for every cell of the window, and columns are padded.
        let patches = self.nodes.iter().map(|node| match node.layer.window() {
            Some(window) if !node.weights.is_empty() => {
                let cells = (window.rows.size * window.columns.size) as u64;
                let columns = convscope_kernels::padded(window.outputs()) as u64;
                cells.saturating_mul(columns).saturating_mul(node.input.channels() as u64)
            }
            _ => 0,
        });
        let floats = tensors.chain(patches).fold(0_u64, u64::saturating_add);
        if floats > MAX_FLOATS as u64 {
            return Err(Error::limit(format!(
                "{place}: one example would need {} MiB of memory, the limit is {} MiB",
                floats >> 18,
                MAX_FLOATS >> 18
            )));
        }
        Ok(())
    }

    /// The number of the layer called `layer`.
    pub(crate) fn index(&self, layer: &str) -> Result<usize> {
        self.nodes.iter().position(|node| node.name == layer).ok_or_else(|| {
            let names = self.nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>();
            Error::value(format!("expected the name of a layer ({}), got '{layer}'", names.join(", ")))
        })
    }

    pub(crate) fn output(&self) -> Shape {
        self.nodes.last().map_or(self.input, |node| node.output)
    }

    /// The weights that the loss is penalised for. As in Keras, frozen ones are not.
    pub(crate) fn penalized(&self) -> impl Iterator<Item = (Regularizer, Range<usize>)> {
        self.weights
            .iter()
            .filter(|weight| weight.trainable)
            .filter_map(|weight| weight.regularizer.map(|regularizer| (regularizer, weight.range.clone())))
    }

    /// Brings `weights` back to what is asked of them, after a step.
    #[cfg(feature = "complete")]
    pub(crate) fn constrain(&self, weights: &mut [f32]) {
        for weight in self.weights.iter().filter(|weight| weight.trainable) {
            if let Some(constraint) = &weight.constraint {
                constraint.apply(&weight.shape, &mut weights[weight.range.clone()]);
            }
        }
    }

    /// Fills `weights` with the starting values that `seed` gives.
    pub(crate) fn initialize(&self, seed: u64, weights: &mut [f32]) {
        for (stream, weight) in self.weights.iter().enumerate() {
            let mut random = Random::new(seed, stream as u64);
            weight.initializer.fill(&mut random, &weight.shape, &mut weights[weight.range.clone()]);
        }
    }

    /// Whether a training step cannot cut the batch, since some layer takes statistics over it.
    pub(crate) fn needs_whole_batch(&self) -> bool {
        self.nodes.iter().any(|node| node.layer.needs_whole_batch())
    }

    /// How many of `examples` examples go through the network together.
    pub(crate) fn chunk(&self, examples: usize, training: bool) -> usize {
        if training && self.needs_whole_batch() {
            return examples;
        }
        let floats: usize = self.nodes.iter().map(|node| node.output.len()).sum();
        let wanted = (CACHED_FLOATS / floats.max(1)).clamp(*CHUNK.start(), *CHUNK.end());
        let most = (CHUNK_FLOATS / floats.max(1)).clamp(1, wanted);
        // As few chunks as that allows, of the same length.
        examples.div_ceil(examples.div_ceil(most).max(1))
    }

    pub(crate) fn ends_in_softmax(&self) -> bool {
        self.nodes.last().is_some_and(|node| node.layer.activation() == Activation::Softmax)
    }
}
