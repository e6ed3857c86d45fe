//! What one unit sees: traced back through the windows, and how much of it counts.

use super::place::WindowPlace;
use super::place::{Place, UnitPlace};
use super::truncated::{ReluRule, TruncatedNetwork};
use crate::Result;
use crate::dataset::Dataset;
use crate::layers::Operation;
use crate::model::{Model, Network};
use crate::numbers::zeros;
use crate::shape::{Padding, Window, Window2D, window_2d};
use alloc::{string::String, vec::Vec};
use core::ops::Range;
use serde::Serialize;

/// The part of one layer's output that a unit behind it sees: half-open ranges of cells, clipped to the
/// layer's size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Region {
    /// The layer's name, `input` for the network's input.
    pub layer: String,
    /// The first row and the one behind the last.
    pub rows: [usize; 2],
    /// The first column and the one behind the last.
    pub columns: [usize; 2],
    /// The same part with the padding that the unit sees, that is before it is clipped.
    pub field: WindowPlace,
}

impl Model {
    /// What the unit at `place` sees of its own layer's output and of every one before it, the network's input
    /// last.
    ///
    /// # Errors
    /// If there is no such unit.
    pub fn regions(&self, place: UnitPlace<'_>) -> Result<Vec<Region>> {
        Ok(self.network.regions(self.network.find(place)?))
    }

    /// How much each pixel of the input counts for the unit at `place`: the absolute gradient, its mean over
    /// the examples of `data` that `indices` names, its sum over the input's channels, `[height, width]` (Luo
    /// et al. 2016). A softmax of the layer itself is left out.
    ///
    /// # Errors
    /// If there is no such unit, the data doesn't fit the model, an index is out of range, or there is no
    /// memory.
    pub fn effective_receptive_field(
        &mut self,
        data: &Dataset,
        indices: &[u32],
        place: UnitPlace<'_>,
    ) -> Result<Vec<f32>> {
        let place = self.network.find(place)?;
        let batch = self.batch_of(data, indices)?;
        let Self { network, workspace, .. } = self;
        workspace.reserve(network, network.chunk(indices.len(), false), true)?;
        let input = network.input;
        let mut weight_gradients = zeros(network.nodes[place.layer].weights.end)?;
        let mut field = zeros(input.positions())?;
        self.for_each_chunk(batch, &mut |workspace, network, setting, _| {
            network.observe_to(place.layer + 1, setting, workspace);
            let output = network.nodes[place.layer].output.len();
            let gradient = &mut workspace.gradients[0][..setting.examples * output];
            gradient.fill(0.0);
            gradient.iter_mut().skip(place.offset).step_by(output).for_each(|value| *value = 1.0);
            let truncated = TruncatedNetwork { network, setting, last: place.layer, activated: true };
            truncated.backward(workspace, ReluRule::Gradient, &mut weight_gradients);
            for image in workspace.gradients[0][..setting.examples * input.len()].chunks_exact(input.len()) {
                for (sum, pixel) in field.iter_mut().zip(image.chunks_exact(input.channels())) {
                    *sum += pixel.iter().map(|value| value.abs()).sum::<f32>();
                }
            }
        })?;
        field.iter_mut().for_each(|sum| *sum /= indices.len() as f32);
        Ok(field)
    }
}

/// The cells that one value of a layer is made of.
pub(super) struct Cells {
    pub(super) window: Window2D,
    /// Of the window.
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) channels: Range<usize>,
}

impl Network {
    /// The cells that the unit at `place` is made of, on an output of shape `source`, behind which come only
    /// layers that hand it on.
    pub(super) fn cells(&self, place: Place, source: [usize; 3]) -> Result<Cells> {
        let [height, width, depth] = source;
        let node = &self.nodes[place.layer];
        let Place { unit, mut row, mut column, .. } = place;
        let channel = unit % depth;
        let mut channels = channel..channel + 1;
        let mut size = [height, width];
        match node.layer.operation() {
            Operation::WeightedSum => {
                let groups = node.layer.groups();
                let group = unit / (node.output.channels() / groups);
                channels = group * (depth / groups)..(group + 1) * (depth / groups);
            }
            Operation::Maximum | Operation::Mean => {}
            Operation::Function if node.layer.sees_everything() => channels = 0..depth,
            Operation::Normalization | Operation::Copy | Operation::Function => {
                if node.layer.operation() == Operation::Function && node.layer.groups() == 1 {
                    channels = 0..depth;
                }
                size = [1, 1];
                // The unit of a vector that was an image has a pixel too.
                row += unit / depth / width;
                column += unit / depth % width;
            }
        }
        let window = match node.layer.window() {
            Some(window) => window,
            None => window_2d([height, width], size, [1, 1], Padding::Valid)?,
        };
        Ok(Cells { window, row, column, channels })
    }

    /// What the unit at `place` sees, from its own layer back to the input.
    pub(super) fn regions(&self, place: Place) -> Vec<Region> {
        let Place { unit, row, column, .. } = place;
        let (mut rows, mut columns) = (Span::one(row), Span::one(column));
        // The only unit of a vector that is seen.
        let mut single = Some(unit);
        let mut regions = Vec::with_capacity(place.layer + 2);
        for node in self.nodes[..=place.layer].iter().rev() {
            regions.push(region(&node.name, rows, columns));
            let [height, width, depth] = node.input.maps();
            if let Some(window) = node.layer.window() {
                (rows, columns) = (rows.under(&window.rows), columns.under(&window.columns));
            } else if !node.layer.sees_everything() {
                continue;
            } else if let (true, Some(unit)) = (node.layer.passes_on(), single) {
                let pixel = unit / depth;
                (rows, columns) = (Span::one(pixel / width), Span::one(pixel % width));
                single = Some(unit % depth);
            } else {
                (rows, columns, single) = (Span::all(height), Span::all(width), None);
            }
        }
        regions.push(region("input", rows, columns));
        regions
    }
}

/// Neighbouring cells along an axis.
#[derive(Clone, Copy)]
struct Span {
    /// Those that there are, half-open.
    cells: [usize; 2],
    /// The first one, padding included.
    start: isize,
    /// How many they are, padding included.
    size: usize,
}

impl Span {
    fn one(cell: usize) -> Self {
        Self { cells: [cell, cell + 1], start: cell as isize, size: 1 }
    }

    fn all(cells: usize) -> Self {
        Self { cells: [0, cells], start: 0, size: cells }
    }

    /// The cells under a window at the positions of this span.
    fn under(self, window: &Window) -> Self {
        let [first, end] = self.cells;
        Self {
            cells: [window.span(first).0, window.span(end - 1).1],
            start: self.start.saturating_mul(window.stride as isize).saturating_sub_unsigned(window.before),
            size: (self.size - 1).saturating_mul(window.stride).saturating_add(window.size),
        }
    }
}

fn region(layer: &str, rows: Span, columns: Span) -> Region {
    Region {
        layer: layer.into(),
        rows: rows.cells,
        columns: columns.cells,
        field: WindowPlace { row: rows.start, column: columns.start, height: rows.size, width: columns.size },
    }
}
