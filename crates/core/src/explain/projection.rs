//! One unit's value taken back to the input: saliency, guided back-propagation, the deconvnet.

use super::place::{Place, UnitPlace};
use super::truncated::{ReluRule, TruncatedNetwork};
use crate::Result;
use crate::layout::write_planes;
use crate::model::{Model, Setting};
use crate::numbers::zeros;
use alloc::vec::Vec;

/// What of the input speaks for one unit.
#[derive(Clone, Debug)]
pub struct Projection {
    /// `[channels, height, width]` of the input.
    pub image: Vec<f32>,
    /// What the unit answers; of a softmax layer what goes into it.
    pub value: f32,
    /// The unit's row in its map.
    pub row: usize,
    /// The unit's column in its map.
    pub column: usize,
}

impl Model {
    /// Takes the value of unit `unit` of the layer called `layer` for the one example `x` back to the input.
    /// `place` is its row and column; without one it is the map's strongest. What starts is a gradient of 1,
    /// for the deconvnet the unit's value. A softmax of the layer itself is left out.
    ///
    /// # Errors
    /// If there is no such unit, `x` is not one example of finite numbers, or there is no memory.
    pub fn project(
        &mut self,
        x: &[f32],
        layer: &str,
        unit: usize,
        place: Option<[usize; 2]>,
        rule: ReluRule,
    ) -> Result<Projection> {
        let [row, column] = place.unwrap_or_default();
        let mut found = self.network.find(UnitPlace { layer, unit, row, column })?;
        self.read_one(x, true)?;
        let Self { network, weights, level, workspace, .. } = self;
        let setting = Setting { level: *level, weights, examples: 1, pass: None, keep_logits: false };
        let truncated = TruncatedNetwork { network, setting, last: found.layer, activated: true };
        let mut weight_gradients = zeros(network.nodes[found.layer].weights.end)?;
        truncated.forward(workspace);
        let output = network.nodes[found.layer].output;
        let values = &workspace.outputs[found.layer][..output.len()];
        if place.is_none() {
            found = strongest(found, output.maps(), values);
        }
        let value = values[found.offset];
        let gradient = &mut workspace.gradients[0][..output.len()];
        gradient.fill(0.0);
        gradient[found.offset] = if rule == ReluRule::Deconvnet { value } else { 1.0 };
        truncated.backward(workspace, rule, &mut weight_gradients);
        let mut image = zeros(network.input.len())?;
        write_planes(&workspace.gradients[0], network.input, &mut image);
        Ok(Projection { image, value, row: found.row, column: found.column })
    }
}

/// The unit of the same map with the largest value; of equal ones the first.
fn strongest(place: Place, [_, width, channels]: [usize; 3], values: &[f32]) -> Place {
    let mut offset = place.unit;
    for index in (place.unit..values.len()).step_by(channels) {
        if values[index] > values[offset] {
            offset = index;
        }
    }
    let pixel = offset / channels;
    Place { row: pixel / width, column: pixel % width, offset, ..place }
}
