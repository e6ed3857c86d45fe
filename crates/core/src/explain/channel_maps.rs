//! What each input channel adds to one map of a weighted sum.

use super::place::UnitPlace;
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
        let [height, width, depth] = self.network.source_named(source).1.maps();
        let cells = self.network.cells(place, [height, width, depth])?;
        let (rows, columns) = (cells.window.rows, cells.window.columns);
        let len = cells.window.outputs().saturating_mul(cells.channels.len());
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
        let (kernel, _) = node.layer.weights_of(unit, &weights[node.weights.clone()]);
        let channels = cells.channels.len();
        for (number, plane) in planes.chunks_exact_mut(cells.window.outputs()).enumerate() {
            let channel = cells.channels.start + number;
            for (position, value) in plane.iter_mut().enumerate() {
                let (row, column) = (position / columns.output, position % columns.output);
                let mut sum = 0.0_f64;
                for cell in 0..rows.size * columns.size {
                    let source = rows
                        .source(row, cell / columns.size)
                        .zip(columns.source(column, cell % columns.size));
                    if let Some((row, column)) = source {
                        let product = f64::from(input[(row * width + column) * depth + channel])
                            * f64::from(kernel[cell * channels + number]);
                        sum += product;
                    }
                }
                *value = sum as f32;
            }
        }
        Ok(FeatureMaps { shape: [rows.output, columns.output, channels], planes })
    }
}
