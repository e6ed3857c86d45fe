//! Which unit is meant, and where its window lies.

use crate::model::Network;
use crate::{Error, Result};
use alloc::format;
use serde::Serialize;

/// One unit of a network, as callers name it.
#[derive(Clone, Copy, Debug)]
pub struct UnitPlace<'a> {
    /// The layer's name.
    pub layer: &'a str,
    /// The number of the map, or of the unit of a vector layer.
    pub unit: usize,
    /// The unit's row in its map; 0 in a vector layer.
    pub row: usize,
    /// The unit's column in its map; 0 in a vector layer.
    pub column: usize,
}

/// A unit that is there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The layer's number.
    pub(super) layer: usize,
    pub(super) unit: usize,
    pub(super) row: usize,
    pub(super) column: usize,
    /// Where the unit is in an example's output of its layer.
    pub(super) offset: usize,
}

/// Where a window lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct WindowPlace {
    /// The first row, negative in the padding.
    pub row: isize,
    /// The first column, negative in the padding.
    pub column: isize,
    /// In cells.
    pub height: usize,
    /// In cells.
    pub width: usize,
}

impl Network {
    /// Finds the unit at `place`.
    ///
    /// # Errors
    /// If there is no such layer, or no such unit, row or column in it.
    pub(super) fn find(&self, place: UnitPlace<'_>) -> Result<Place> {
        let UnitPlace { layer: name, unit, row, column } = place;
        let layer = self.index(name)?;
        let [height, width, channels] = self.nodes[layer].output.maps();
        for (what, value, count) in
            [("unit", unit, channels), ("row", row, height), ("column", column, width)]
        {
            if value >= count {
                return Err(Error::value(format!("{what}: '{name}' has 0 to {}, got {value}", count - 1)));
            }
        }
        Ok(Place { layer, unit, row, column, offset: (row * width + column) * channels + unit })
    }
}
