//! What one unit sees: traced back through the windows.

use super::place::{Place, sizes};
use crate::Result;
use crate::layers::Operation;
use crate::model::Network;
use crate::shape::{Padding, Window2D, window_2d};
use alloc::{string::String, vec::Vec};
use core::ops::Range;
use serde::Serialize;

/// The part of one layer's output that a unit behind it sees: half-open ranges of cells, clipped to the layer's size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Region {
    /// The layer's name, `input` for the network's input.
    pub layer: String,
    /// The first row and the one behind the last.
    pub rows: [usize; 2],
    /// The first column and the one behind the last.
    pub columns: [usize; 2],
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
    /// The cells that the unit at `place` is made of, on an output of shape `source`, behind which come only layers that
    /// hand it on.
    pub(super) fn cells(&self, place: Place, source: [usize; 3]) -> Result<Cells> {
        let [height, width, depth] = source;
        let node = &self.nodes[place.layer];
        let Place { unit, mut row, mut column, .. } = place;
        let channel = unit % depth;
        let mut channels = channel..channel + 1;
        let mut size = [height, width];
        match node.layer.operation() {
            Operation::WeightedSum { groups } => {
                let group = unit / (node.output.channels() / groups);
                channels = group * (depth / groups)..(group + 1) * (depth / groups);
            }
            Operation::Maximum | Operation::Mean => {}
            Operation::Normalization | Operation::Copy => {
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
        let mut rows = [row, row + 1];
        let mut columns = [column, column + 1];
        // The only unit of a vector that is seen.
        let mut single = Some(unit);
        let mut regions = Vec::with_capacity(place.layer + 2);
        for node in self.nodes[..=place.layer].iter().rev() {
            regions.push(Region { layer: node.name.clone(), rows, columns });
            let [height, width, depth] = sizes(node.input);
            if let Some(window) = node.layer.window() {
                rows = [window.rows.span(rows[0]).0, window.rows.span(rows[1] - 1).1];
                columns = [window.columns.span(columns[0]).0, window.columns.span(columns[1] - 1).1];
            } else if !node.layer.sees_everything() {
                continue;
            } else if let (true, Some(unit)) = (node.layer.passes_on(), single) {
                let pixel = unit / depth;
                (rows, columns) = ([pixel / width, pixel / width + 1], [pixel % width, pixel % width + 1]);
                single = Some(unit % depth);
            } else {
                (rows, columns, single) = ([0, height], [0, width], None);
            }
        }
        regions.push(Region { layer: "input".into(), rows, columns });
        regions
    }
}
