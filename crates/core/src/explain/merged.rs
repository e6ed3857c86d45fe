//! The arithmetic of a unit that is made of one value from each of several inputs.

use super::place::{Place, WindowPlace};
use super::unit::UnitArithmetic;
use crate::Model;
use crate::layers::{Operation, activation_name};
use alloc::{vec, vec::Vec};

impl Model {
    /// What goes into the value of the unit at `place` of a layer with several inputs, for the example that was read.
    pub(super) fn explain_merged(&mut self, place: Place) -> UnitArithmetic {
        self.observe_one();
        let Self { network, workspace, .. } = self;
        let node = &network.nodes[place.layer];
        let operation = node.layer.operation();
        let mut channel = place.unit;
        let mut parts = Vec::with_capacity(node.inputs.len());
        for &source in &node.inputs {
            let shape = network.source_named(source).1;
            let [_, width, channels] = shape.maps();
            // One pixel, or one channel, is repeated.
            let pixel = if shape.positions() == 1 { 0 } else { place.row * width + place.column };
            let pixels = source.map_or(&workspace.input, |index| &workspace.outputs[index]);
            if operation != Operation::Concatenation {
                let channel = if channels == 1 { 0 } else { channel };
                parts.push((source, channel, pixels[pixel * channels + channel]));
            } else if channel < channels {
                parts.push((source, channel, pixels[pixel * channels + channel]));
                break;
            } else {
                channel -= channels;
            }
        }
        let (name, shape) = network.source_named(parts[0].0);
        let output = workspace.outputs[place.layer][place.offset];
        let is_largest = operation == Operation::MaximumOfInputs || operation == Operation::MinimumOfInputs;
        let winner = parts.iter().position(|&(.., value)| is_largest && value == output);
        UnitArithmetic {
            operation,
            source: name.into(),
            source_shape: shape.sizes(),
            channels: parts.iter().map(|&(_, channel, _)| channel).collect(),
            window: WindowPlace {
                row: place.row as isize,
                column: place.column as isize,
                height: 1,
                width: 1,
            },
            dilation: [1, 1],
            patches: parts.iter().map(|&(.., value)| value).collect(),
            inside: vec![1],
            kernel: Vec::new(),
            products: Vec::new(),
            sums: Vec::new(),
            sum: output,
            bias: 0.0,
            preactivation: output,
            activation: activation_name(node.layer.activation()),
            logits: Vec::new(),
            output,
            winner: winner.map_or(-1, |winner| winner as i32),
            regions: network.regions(place),
        }
    }
}
