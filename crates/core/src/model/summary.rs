//! What a model is made of, for people and for the page.

use super::Model;
use crate::shape::Shape;
use alloc::{string::String, vec::Vec};
use serde::Serialize;

/// A model's layers and sizes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The layers in order, the input left out.
    pub layers: Vec<LayerSummary>,
    /// All weights.
    pub params: usize,
    /// The weights that gradients train.
    pub trainable_params: usize,
    /// Multiply-add operations of a forward pass for one example.
    pub multiply_adds: u64,
    /// `[height, width, channels]` or `[length]`.
    pub input_shape: Vec<usize>,
    /// The length of one prediction.
    pub outputs: usize,
}

/// One layer of a [`Summary`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerSummary {
    /// The layer's name, which no other layer has.
    pub name: String,
    /// Keras' class.
    pub class_name: String,
    /// `[height, width, channels]` or `[length]`.
    pub output_shape: Vec<usize>,
    /// The layer's weights.
    pub params: usize,
    /// Multiply-add operations for one example.
    pub multiply_adds: u64,
    /// `[height, width]` of the part of the input that one unit sees, in pixels; none where it is all of it.
    pub receptive_field: Option<[usize; 2]>,
    /// The layer's weights in Keras' order.
    pub weights: Vec<WeightSummary>,
}

/// One weight of a [`LayerSummary`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WeightSummary {
    /// `layer/weight`, as [`Model::weights`] takes it.
    pub name: String,
    /// Keras' shape.
    pub shape: Vec<usize>,
}

impl Model {
    /// The model's layers and sizes.
    pub fn summary(&self) -> Summary {
        let network = &self.network;
        let layers: Vec<LayerSummary> = network
            .nodes
            .iter()
            .map(|node| LayerSummary {
                name: node.name.clone(),
                class_name: node.class_name.clone(),
                output_shape: node.output.sizes(),
                params: node.weights.len(),
                multiply_adds: node.layer.multiply_adds(),
                receptive_field: node.receptive_field.map(|fields| {
                    let input = match network.input {
                        Shape::Image([height, width, _]) => [height, width],
                        Shape::Vector(length) => [1, length],
                    };
                    [fields[0].size.min(2 * input[0]), fields[1].size.min(2 * input[1])]
                }),
                weights: network
                    .weights
                    .iter()
                    .filter(|weight| {
                        node.weights.start <= weight.range.start && weight.range.end <= node.weights.end
                    })
                    .map(|weight| WeightSummary { name: weight.name.clone(), shape: weight.shape.clone() })
                    .collect(),
            })
            .collect();
        Summary {
            params: network.weights_len,
            trainable_params: network
                .weights
                .iter()
                .filter(|weight| weight.trainable)
                .map(|w| w.range.len())
                .sum(),
            multiply_adds: layers.iter().map(|layer| layer.multiply_adds).sum(),
            input_shape: network.input.sizes(),
            outputs: self.outputs(),
            layers,
        }
    }
}
