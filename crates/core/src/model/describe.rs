//! What a model is made of and how each layer computes, for people and for the page: whoever shows a network
//! reads it here and needs to know no layer by its class.

use super::Model;
use super::network::{Network, Node, Weight};
use crate::layers::{Operation, activation_is_signed, activation_name};
use crate::shape::{ReceptiveField, Shape, Window, Window2D};
use alloc::{string::String, vec::Vec};
use serde::Serialize;

/// A model's layers and sizes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The model's name.
    pub name: String,
    /// The seed that the starting weights come from.
    pub seed: u64,
    /// `[height, width, channels]`, `[steps, channels]` or `[length]`.
    pub input_shape: Vec<usize>,
    /// The length of one prediction.
    pub outputs: usize,
    /// What its numbers are.
    pub answers: Answers,
    /// All weights.
    pub params: usize,
    /// The weights that gradients train.
    pub trainable_params: usize,
    /// Multiply-add operations of a forward pass for one example.
    pub multiply_adds: u64,
    /// The layers in order, the input left out.
    pub layers: Vec<LayerSummary>,
}

/// What the numbers of a prediction are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answers {
    /// Shares of 1, as behind a softmax.
    Probabilities,
    /// Probabilities of their own, as behind a sigmoid.
    Independent,
    /// Any numbers: of logits, a softmax makes probabilities.
    Scores,
}

/// One layer of a [`Summary`]: what it computes, from which cells of what, and with which weights.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerSummary {
    /// The layer's name, which no other layer has.
    pub name: String,
    /// Keras' class.
    pub class_name: String,
    /// `[height, width, channels]`, `[steps, channels]` or `[length]`.
    pub output_shape: Vec<usize>,
    /// The layer's weights.
    pub params: usize,
    /// Multiply-add operations for one example.
    pub multiply_adds: u64,
    /// What one value of the output is made of, before the activation.
    pub operation: Operation,
    /// What is applied to the output.
    pub activation: ActivationSummary,
    /// Whether the output can be below 0 for an input that nowhere is.
    pub signed: bool,
    /// Whether the layer, outside of training, only hands its input on, perhaps in another order.
    pub passes_on: bool,
    /// The names of the layers whose outputs this one reads; an empty one for the network's input.
    pub inputs: Vec<String>,
    /// The layer whose output this one works on, of several inputs the first, `input` for the network's input: layers
    /// that only hand on what they get are passed over.
    pub source: String,
    /// `[height, width, channels]`, `[steps, channels]` or `[length]`.
    pub source_shape: Vec<usize>,
    /// The window that slides over the source; none where there is no sliding: a weighted sum or a mean is then
    /// over the whole source, everything else of one cell.
    pub window: Option<WindowSummary>,
    /// What of the network's input one unit sees; none where every unit sees all of it, or where the units differ in more
    /// than their place, as behind up-sampling.
    pub receptive_field: Option<ReceptiveFieldSummary>,
    /// Into how many groups a weighted sum divides its channels, each seen by its own outputs; otherwise 1.
    pub groups: usize,
    /// The weights of a weighted sum, as patches on the source; none where they are not stored as such.
    pub kernel: Option<KernelSummary>,
    /// The name of the weight that is added to a weighted sum, `layer/bias`.
    pub bias: Option<String>,
    /// The layer's weights in Keras' order.
    pub weights: Vec<WeightSummary>,
}

/// The activation of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ActivationSummary {
    /// Keras' name, `linear` where the layer has none.
    pub name: &'static str,
    /// Whether it gives a number below 0 for any.
    pub signed: bool,
}

/// A window that slides over an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct WindowSummary {
    /// Along the height.
    #[serde(with = "WindowFields")]
    pub rows: Window,
    /// Along the width.
    #[serde(with = "WindowFields")]
    pub columns: Window,
}

/// The fields of [`Window`], whose crate knows nothing of serde.
#[derive(Serialize)]
#[serde(remote = "Window")]
struct WindowFields {
    input: usize,
    size: usize,
    dilation: usize,
    stride: usize,
    before: usize,
    output: usize,
}

/// What of the network's input a layer's units see, in pixels, rows first: the unit at row `r` sees the rows from
/// `r · jump[0] + start[0]`, `size[0]` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ReceptiveFieldSummary {
    /// `[height, width]` of the part that one unit sees, padding included.
    pub size: [usize; 2],
    /// `[row, column]` of the first pixel that the first unit sees, negative in the padding.
    pub start: [isize; 2],
    /// `[rows, columns]` from one unit to the next.
    pub jump: [usize; 2],
}

/// The weights of a weighted sum as patches on the source, one for each unit and each channel that it sees.
///
/// `values[(cell · channels + channel) · units + unit]` is the weight of `unit` for the cell number `cell` (row by
/// row) of the `channel`-th channel that it sees, and its first channel is number
/// `unit / (units / groups) · channels` of the source. Where a Dense layer comes behind a Flatten, its patches are
/// as large as the image before that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KernelSummary {
    /// The weight's name, `layer/kernel`.
    pub name: String,
    /// Rows of a patch.
    pub height: usize,
    /// Columns of a patch.
    pub width: usize,
    /// Channels that one unit sees.
    pub channels: usize,
    /// Maps, or units of a vector.
    pub units: usize,
    /// Groups of units that see the same channels.
    pub groups: usize,
}

/// One weight of a [`LayerSummary`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WeightSummary {
    /// `layer/weight`, as [`Model::weights`] takes it.
    pub name: String,
    /// Keras' shape.
    pub shape: Vec<usize>,
    /// What it is in its layer: `kernel`, `bias`, `gamma`, `beta`, `moving_mean`, `moving_variance` and
    /// what else Keras calls one.
    pub role: &'static str,
    /// Whether gradients train it.
    pub trainable: bool,
    /// Where it begins in [`Model::flat_weights`].
    pub first: usize,
}

impl Model {
    /// The model's layers and sizes.
    pub fn summary(&self) -> Summary {
        let network = &self.network;
        let mut layers: Vec<LayerSummary> = Vec::with_capacity(network.nodes.len());
        for index in 0..network.nodes.len() {
            let signed = network.sources(index).iter().flatten().any(|&source| layers[source].signed);
            layers.push(network.describe(index, signed));
        }
        Summary {
            name: self.config.name.clone(),
            seed: self.seed,
            input_shape: network.input.sizes(),
            outputs: self.outputs(),
            answers: network.answers(),
            params: network.weights_len,
            trainable_params: network
                .weights
                .iter()
                .filter(|weight| weight.trainable)
                .map(|weight| weight.range.len())
                .sum(),
            multiply_adds: layers.iter().map(|layer| layer.multiply_adds).sum(),
            layers,
        }
    }
}

impl Network {
    /// The layer whose output layer number `index` works on, or none where that is the network's input: layers
    /// that only hand on what they get are passed over.
    pub(crate) fn source(&self, index: usize) -> Option<usize> {
        let mut source = self.before(index);
        while let Some(before) = source.filter(|&before| self.nodes[before].layer.passes_on()) {
            source = self.before(before);
        }
        source
    }

    /// All that layer number `index` reads, as [`Network::before`] tells it of one.
    #[cfg(feature = "complete")]
    pub(crate) fn sources(&self, index: usize) -> &[Option<usize>] {
        &self.nodes[index].inputs
    }

    /// The one that layer number `index` reads, as [`Network::before`] tells it.
    #[cfg(not(feature = "complete"))]
    pub(crate) fn sources(&self, index: usize) -> [Option<usize>; 1] {
        [self.before(index)]
    }

    /// The name and the shape of a source.
    pub(crate) fn source_named(&self, source: Option<usize>) -> (&str, Shape) {
        source.map_or(("input", self.input), |index| (&self.nodes[index].name, self.nodes[index].output))
    }

    /// What its outputs are, by the last layer that does more than hand its input on.
    fn answers(&self) -> Answers {
        let last = self.nodes.iter().rev().find(|node| !node.layer.passes_on());
        // A function of channels says nothing about several positions together.
        let Some(last) = last.filter(|node| node.output.positions() == 1) else { return Answers::Scores };
        match activation_name(last.layer.activation()) {
            "softmax" => Answers::Probabilities,
            "sigmoid" | "hard_sigmoid" | "sparse_sigmoid" => Answers::Independent,
            _ => Answers::Scores,
        }
    }

    /// Describes layer number `index`; `signed` says whether what it gets can be below 0.
    fn describe(&self, index: usize, signed: bool) -> LayerSummary {
        let node = &self.nodes[index];
        let Node { layer, output, .. } = node;
        let activation = layer.activation();
        let activation =
            ActivationSummary { name: activation_name(activation), signed: activation_is_signed(activation) };
        let operation = layer.operation();
        let sums = operation == Operation::WeightedSum;
        let (source, source_shape) = self.source_named(self.source(index));
        let weights = || self.weights.iter().filter(|weight| node.owns(weight));
        let named =
            |role| weights().find(|weight| sums && weight.role == role).map(|weight| weight.name.clone());
        let window = layer.window();
        let [source_height, source_width, depth] = source_shape.maps();
        let [height, width] = window
            .map_or([source_height, source_width], |Window2D { rows, columns }| [rows.size, columns.size]);
        LayerSummary {
            name: node.name.clone(),
            class_name: node.class_name.clone(),
            output_shape: output.sizes(),
            params: node.weights.len(),
            multiply_adds: layer.multiply_adds(),
            operation,
            activation,
            signed: activation.signed && (signed || !layer.keeps_sign()),
            passes_on: layer.passes_on(),
            inputs: (self.sources(index).iter())
                .map(|source| source.map_or(String::new(), |source| self.nodes[source].name.clone()))
                .collect(),
            source: source.into(),
            source_shape: source_shape.sizes(),
            window: window.map(|Window2D { rows, columns }| WindowSummary { rows, columns }),
            receptive_field: node.receptive_field.map(ReceptiveFieldSummary::from),
            groups: layer.groups(),
            kernel: named("kernel").filter(|_| window.is_some() || layer.sees_everything()).map(|name| {
                KernelSummary {
                    name,
                    height,
                    width,
                    channels: depth / layer.groups(),
                    units: output.channels(),
                    groups: layer.groups(),
                }
            }),
            bias: named("bias"),
            weights: weights().map(WeightSummary::from).collect(),
        }
    }
}

impl Node {
    fn owns(&self, weight: &Weight) -> bool {
        self.weights.start <= weight.range.start && weight.range.end <= self.weights.end
    }
}

impl From<&Weight> for WeightSummary {
    fn from(weight: &Weight) -> Self {
        Self {
            name: weight.name.clone(),
            shape: weight.shape.clone(),
            role: weight.role,
            trainable: weight.trainable,
            first: weight.range.start,
        }
    }
}

impl From<[ReceptiveField; 2]> for ReceptiveFieldSummary {
    fn from(fields: [ReceptiveField; 2]) -> Self {
        Self {
            size: fields.map(|field| field.size),
            start: fields.map(|field| field.start),
            jump: fields.map(|field| field.jump),
        }
    }
}
