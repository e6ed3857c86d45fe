//! What each input channel adds to one map of a weighted sum.

use super::place::{Place, UnitPlace};
use crate::layers::Operation;
use crate::model::{FeatureMaps, Model, Setting};
use crate::numbers::zeros;
use crate::{Error, Result};
use alloc::format;

/// The most numbers of all maps together.
const MAX_NUMBERS: usize = 1 << 24;

impl Model {
    /// What each channel that it sees adds to map (or unit) `unit` of the layer called `layer` for the one example
    /// `x`, before bias and activation: one plane a channel, which add up to the map.
    ///
    /// # Errors
    /// If there is no such unit, its layer is no weighted sum, `x` is not one example of finite numbers, or the
    /// planes would have more than 2²⁴ numbers.
    pub fn channel_maps(&mut self, x: &[f32], layer: &str, unit: usize) -> Result<FeatureMaps> {
        let place = self.network.find(UnitPlace { layer, unit, row: 0, column: 0 })?;
        let node = &self.network.nodes[place.layer];
        if node.layer.operation() != Operation::WeightedSum {
            return Err(Error::value(format!(
                "channel maps need a layer of weighted sums, '{layer}' is {}",
                node.class_name
            )));
        }
        let source = self.network.source(place.layer);
        let shape = self.network.source_named(source).1.maps();
        let [_, width, depth] = shape;
        let [map_height, map_width, _] = node.output.maps();
        let channels = self.network.cells(place, shape)?.channels.len();
        let len = (map_height * map_width).saturating_mul(channels);
        if len > MAX_NUMBERS {
            return Err(Error::limit(format!(
                "the maps of all channels have {len} numbers, at most {MAX_NUMBERS} are given"
            )));
        }
        let mut planes = zeros(len)?;
        self.read_one(x, false)?;
        let Self { network, weights, level, workspace, .. } = self;
        let setting = Setting { level: *level, weights, examples: 1, pass: None, keep_logits: false };
        network.observe_to(place.layer, setting, workspace);
        let input = source.map_or(&workspace.input, |index| &workspace.outputs[index]);
        let node = &network.nodes[place.layer];
        let kernel_at =
            |row, column| node.layer.weights_at([row, column, unit], &weights[node.weights.clone()]).0;
        let mut kernel = kernel_at(0, 0);
        let differs = node.layer.window().is_none() && !node.layer.sees_everything();
        let positions = map_height * map_width;
        for position in 0..positions {
            let (row, column) = (position / map_width, position % map_width);
            if differs {
                kernel = kernel_at(row, column);
            }
            let cells = network.cells(Place { row, column, ..place }, shape)?;
            for (number, channel) in cells.channels.clone().enumerate() {
                let mut sum = 0.0_f64;
                for cell in 0..cells.area() {
                    if let Some([row, column]) = cells.pixel(cell) {
                        let product = f64::from(input[(row * width + column) * depth + channel])
                            * f64::from(kernel[cell * channels + number]);
                        sum += product;
                    }
                }
                planes[number * positions + position] = sum as f32;
            }
        }
        Ok(FeatureMaps { shape: [map_height, map_width, channels], planes })
    }
}
