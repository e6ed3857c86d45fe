//! What one unit sees: traced back through the windows, and how much of it counts.

use super::place::WindowPlace;
use super::place::{Place, UnitPlace};
use super::truncated::{ReluRule, TruncatedNetwork};
use crate::Result;
use crate::dataset::Dataset;
use crate::layers::{Cells, Operation};
#[cfg(feature = "complete")]
use crate::model::Node;
use crate::model::{Model, Network};
use crate::numbers::zeros;
use crate::shape::{Padding, Window, window_2d};
use alloc::{string::String, vec::Vec};
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
    /// What the unit at `place` sees of its own layer's output and of every one that this is made of, the network's
    /// input last. Where ways part and meet again, it is the smallest rectangle around what is seen by all of them.
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

impl Network {
    /// The cells that the unit at `place` is made of, on an output of shape `source`, behind which come only
    /// layers that hand it on.
    pub(super) fn cells(&self, place: Place, source: [usize; 3]) -> Result<Cells> {
        let [height, width, depth] = source;
        let node = &self.nodes[place.layer];
        let Place { unit, mut row, mut column, .. } = place;
        #[cfg(feature = "complete")]
        if let Some(cells) = node.layer.cells([row, column, unit], source) {
            return Ok(cells);
        }
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
            operation => {
                if operation == Operation::Function && node.layer.groups() == 1 {
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
        let own = Seen { rows: Span::one(row), columns: Span::one(column), unit: Some(unit) };
        #[cfg(feature = "complete")]
        return self.regions_of(place.layer, own);
        #[cfg(not(feature = "complete"))]
        {
            let mut own = own;
            let mut regions = Vec::with_capacity(place.layer + 2);
            for (index, node) in self.nodes[..=place.layer].iter().enumerate().rev() {
                regions.push(own.region(&node.name));
                own = self.seen_of(index, own);
            }
            regions.push(own.region("input"));
            regions
        }
    }

    /// What is seen of the one input of layer number `index` by what sees `own` of its output.
    pub(super) fn seen_of(&self, index: usize, own: Seen) -> Seen {
        let Seen { rows, columns, unit } = own;
        let node = &self.nodes[index];
        let [height, width, depth] = node.input.maps();
        #[cfg(feature = "complete")]
        if let Some(([rows, columns], unit)) = resampled(node, [rows, columns], unit) {
            return Seen { rows, columns, unit };
        }
        let is_sum = node.layer.operation() == Operation::WeightedSum;
        let kept = unit.filter(|_| !is_sum);
        if let Some(window) = node.layer.window() {
            Seen { rows: rows.under(&window.rows), columns: columns.under(&window.columns), unit: kept }
        } else if !node.layer.sees_everything() {
            own
        } else if let (true, Some(unit)) = (node.layer.passes_on(), unit) {
            let pixel = unit / depth;
            Seen {
                rows: Span::one(pixel / width),
                columns: Span::one(pixel % width),
                unit: Some(unit % depth),
            }
        } else {
            let kept = kept.filter(|_| !node.layer.passes_on());
            Seen { rows: Span::all(height), columns: Span::all(width), unit: kept }
        }
    }
}

/// What of one layer's output is seen.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    pub(super) rows: Span,
    pub(super) columns: Span,
    /// The only map, or unit of a vector, of which something is seen, if it is known.
    pub(super) unit: Option<usize>,
}

impl Seen {
    pub(super) fn region(&self, layer: &str) -> Region {
        let Self { rows, columns, .. } = self;
        Region {
            layer: layer.into(),
            rows: rows.cells,
            columns: columns.cells,
            field: WindowPlace {
                row: rows.start,
                column: columns.start,
                height: rows.size,
                width: columns.size,
            },
        }
    }
}

/// Neighbouring cells along an axis.
#[derive(Clone, Copy)]
pub(super) struct Span {
    /// Those that there are, half-open.
    pub(super) cells: [usize; 2],
    /// The first one, padding included.
    pub(super) start: isize,
    /// How many they are, padding included.
    pub(super) size: usize,
}

impl Span {
    pub(super) fn one(cell: usize) -> Self {
        Self { cells: [cell, cell + 1], start: cell as isize, size: 1 }
    }

    fn all(cells: usize) -> Self {
        Self { cells: [0, cells], start: 0, size: cells }
    }

    #[cfg(feature = "complete")]
    fn is_empty(&self) -> bool {
        self.cells[0] >= self.cells[1]
    }

    #[cfg(feature = "complete")]
    fn is_one(&self) -> bool {
        self.cells[1] - self.cells[0] == 1
    }

    /// The cells from one window at its position to another one at its own.
    #[cfg(feature = "complete")]
    fn between((first, at): (&Window, usize), (last, end): (&Window, usize)) -> Self {
        let start = first.start(at);
        let end_of_last = last.start(end).saturating_add_unsigned(last.extent());
        Self {
            cells: [first.span(at).0, last.span(end).1],
            start,
            size: end_of_last.saturating_sub(start).unsigned_abs(),
        }
    }

    /// The cells under a window at the positions of this span.
    fn under(self, window: &Window) -> Self {
        let [first, end] = self.cells;
        // Nothing of the layer is seen where the window lies in the padding, and so nothing before it.
        let cells = if first < end { [window.span(first).0, window.span(end - 1).1] } else { [0, 0] };
        Self {
            cells,
            start: self.start.saturating_mul(window.stride as isize).saturating_sub_unsigned(window.before),
            size: (self.size - 1).saturating_mul(window.stride).saturating_add(window.extent()),
        }
    }
}

/// What the units at `spans` in channel `single`, or in all, see of their layer's input, where the layer itself says which
/// cells one is made of; none where everything or a window says it.
#[cfg(feature = "complete")]
fn resampled(
    node: &Node,
    [rows, columns]: [Span; 2],
    single: Option<usize>,
) -> Option<([Span; 2], Option<usize>)> {
    if rows.is_empty() || columns.is_empty() {
        return node.layer.cells([0; 3], node.input.maps()).map(|_| ([rows, columns], single));
    }
    let alone = rows.is_one() && columns.is_one() && single.is_some();
    // Those that put values elsewhere keep no neighbours together.
    if node.layer.sees_everything() && !alone {
        return None;
    }
    let unit = single.unwrap_or(0);
    let source = node.input.maps();
    let first = node.layer.cells([rows.cells[0], columns.cells[0], unit], source)?;
    let last = node.layer.cells([rows.cells[1] - 1, columns.cells[1] - 1, unit], source)?;
    let channel = (single.is_some() && first.channels.len() == 1).then_some(first.channels.start);
    let rows = Span::between((&first.window.rows, first.row), (&last.window.rows, last.row));
    let columns = Span::between((&first.window.columns, first.column), (&last.window.columns, last.column));
    Some(([rows, columns], channel))
}
