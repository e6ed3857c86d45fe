//! Units that several ways lead to: what they see, and the arithmetic of those made of one value from each of several inputs.

use super::place::{Place, WindowPlace};
use super::receptive_field::{Region, Seen, Span};
use super::unit::UnitArithmetic;
use crate::Model;
use crate::layers::{Operation, activation_name};
use crate::model::Network;
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

impl Network {
    /// What is seen by what sees `own` of layer number `last`, from there back to the network's input.
    pub(super) fn regions_of(&self, last: usize, own: Seen) -> Vec<Region> {
        // Of the network's input and of each layer's output.
        let mut seen = vec![None; last + 2];
        seen[last + 1] = Some(own);
        let mut regions = Vec::with_capacity(seen.len());
        for (index, node) in self.nodes[..=last].iter().enumerate().rev() {
            let Some(own) = seen[index + 1] else { continue };
            regions.push(own.region(&node.name));
            for (number, source) in node.inputs.iter().enumerate() {
                let target = &mut seen[source.map_or(0, |source| source + 1)];
                if let Some(input) = self.seen_of_input(index, number, own) {
                    *target = Some(target.map_or(input, |other: Seen| other.joined(input)));
                }
            }
        }
        regions.extend(seen[0].map(|seen| seen.region("input")));
        regions
    }

    /// What is seen of input number `number` of layer number `index` by what sees `own` of its output.
    fn seen_of_input(&self, index: usize, number: usize, own: Seen) -> Option<Seen> {
        let node = &self.nodes[index];
        if node.inputs.len() == 1 {
            return Some(self.seen_of(index, own));
        }
        let shape = |number: usize| self.source_named(node.inputs[number]).1;
        let (input, channels) = (shape(number), shape(number).channels());
        if node.layer.operation() == Operation::Concatenation {
            let before: usize = (0..number).map(|number| shape(number).channels()).sum();
            return match own.unit {
                None => Some(own),
                Some(unit) if (before..before + channels).contains(&unit) => {
                    Some(Seen { unit: Some(unit - before), ..own })
                }
                Some(_) => None,
            };
        }
        // One pixel, or one channel, is repeated.
        let unit = if channels == 1 { Some(0) } else { own.unit };
        let is_pixel = input.positions() == 1;
        let span = |span: Span| if is_pixel { Span::one(0) } else { span };
        Some(Seen { rows: span(own.rows), columns: span(own.columns), unit })
    }
}

impl Seen {
    fn joined(self, other: Self) -> Self {
        Self {
            rows: self.rows.joined(other.rows),
            columns: self.columns.joined(other.columns),
            unit: self.unit.filter(|_| self.unit == other.unit),
        }
    }
}

impl Span {
    /// The least that holds both.
    fn joined(self, other: Self) -> Self {
        let start = self.start.min(other.start);
        let end = self
            .start
            .saturating_add_unsigned(self.size)
            .max(other.start.saturating_add_unsigned(other.size));
        Self {
            cells: [self.cells[0].min(other.cells[0]), self.cells[1].max(other.cells[1])],
            start,
            size: end.abs_diff(start),
        }
    }
}
