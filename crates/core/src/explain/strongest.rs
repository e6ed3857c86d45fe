//! What each filter answers to most: its strongest places over many examples (Zeiler, Fergus 2014, figure 2).

use crate::dataset::Dataset;
use crate::layers::Operation;
use crate::model::{Model, Network};
use crate::shape::Shape;
use crate::{Error, Result};
use alloc::{format, string::String, vec, vec::Vec};
use convscope_kernels::elementwise::largest;
use serde::Serialize;

/// Places that are kept of each unit.
pub const PLACES: usize = 9;

/// Numbers of a place: value, example, row and column.
const NUMBERS: usize = 4;

/// A place that is still free.
const FREE: [f32; NUMBERS] = [f32::NEG_INFINITY, -1.0, -1.0, -1.0];

/// A layer with maps and where its units are in a [`Ranking`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RankedLayer {
    /// The layer's name.
    pub name: String,
    /// Its maps.
    pub units: usize,
    /// The number of its first one among all units.
    pub first: usize,
}

/// The strongest places of all units.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ranking {
    /// The layers in order.
    pub layers: Vec<RankedLayer>,
    /// `[units, places, 4]`, strongest first: value, example, row and column; where there is no place yet −∞ and
    /// −1. Indices of examples are exact up to 2²⁴.
    pub ranking: Vec<f32>,
    /// How many places are kept of each unit: [`PLACES`].
    pub places: usize,
}

impl Model {
    /// The strongest places of every map of the convolutions, and of the normalisations and activations right
    /// behind them, over the examples of `data` that `indices` names, of each map and example at most one. Of
    /// equal ones those that come first stay. It goes on from `before`, what an earlier call answered, if
    /// that is not empty.
    ///
    /// # Errors
    /// If no layer has such maps, the data doesn't fit the model, an index is out of range, `before` has
    /// another length, or there is no memory.
    pub fn strongest_patches(&mut self, data: &Dataset, indices: &[u32], before: &[f32]) -> Result<Ranking> {
        let batch = self.batch_of(data, indices)?;
        let filters = self.network.filters();
        let Some(&last) = filters.last() else {
            return Err(Error::value("strongest patches need a network with a Conv2D layer"));
        };
        let (mut layers, mut units) = (Vec::new(), 0);
        for &index in &filters {
            let node = &self.network.nodes[index];
            layers.push(RankedLayer { name: node.name.clone(), units: node.output.channels(), first: units });
            units += node.output.channels();
        }
        let mut ranking = before.to_vec();
        if before.is_empty() {
            ranking = FREE.repeat(units * PLACES);
        }
        if ranking.len() != units * PLACES * NUMBERS {
            return Err(Error::shape(format!(
                "before: {units} units have {} numbers, got {}",
                units * PLACES * NUMBERS,
                before.len()
            )));
        }

        let level = self.level;
        let mut maxima = vec![0.0; units];
        self.for_each_chunk(batch, &mut |workspace, network, setting, examples| {
            network.observe_to(last + 1, setting, workspace);
            for (number, &example) in indices[examples].iter().enumerate() {
                let mut rest = ranking.as_mut_slice();
                for &index in &filters {
                    let output = network.nodes[index].output;
                    let [_, width, channels] = output.maps();
                    let pixels = &workspace.outputs[index][number * output.len()..][..output.len()];
                    largest(level, pixels, &mut maxima[..channels]);
                    for (channel, &value) in maxima[..channels].iter().enumerate() {
                        let Some(own) = rest.split_off_mut(..PLACES * NUMBERS) else { return };
                        if value > own[(PLACES - 1) * NUMBERS] {
                            let mut map = pixels.iter().skip(channel).step_by(channels);
                            let at = map.position(|&other| other == value).unwrap_or(0);
                            rank(own, [value, example as f32, (at / width) as f32, (at % width) as f32]);
                        }
                    }
                }
            }
        })?;
        Ok(Ranking { layers, ranking, places: PLACES })
    }
}

/// The strongest places of both rankings, as [`Model::strongest_patches`] gives them for the same model: what it
/// would have given for the examples of both. Of equal ones those of `one` stay.
///
/// # Errors
/// If a ranking doesn't hold whole units, or they hold different numbers of them.
pub fn merge_rankings(one: &[f32], other: &[f32]) -> Result<Vec<f32>> {
    if one.len() != other.len() || !one.len().is_multiple_of(PLACES * NUMBERS) {
        return Err(Error::shape(format!(
            "rankings of the same units have {} numbers a unit each, got {} and {} numbers",
            PLACES * NUMBERS,
            one.len(),
            other.len()
        )));
    }
    let mut merged = one.to_vec();
    let units = merged.chunks_exact_mut(PLACES * NUMBERS).zip(other.chunks_exact(PLACES * NUMBERS));
    for (own, other) in units {
        for &place in other.as_chunks::<NUMBERS>().0 {
            rank(own, place);
        }
    }
    Ok(merged)
}

/// Puts a place where it belongs by its value, and the last one out; nothing where it is weaker than all, or its
/// example has a place.
fn rank(places: &mut [f32], place: [f32; NUMBERS]) {
    let (places, _) = places.as_chunks_mut::<NUMBERS>();
    let mut at = places.len() - 1;
    let stronger = place[0] > places[at][0];
    if !stronger || places.iter().any(|other| other[1] == place[1]) {
        return;
    }

    while at > 0 && place[0] > places[at - 1][0] {
        places[at] = places[at - 1];
        at -= 1;
    }
    places[at] = place;
}

impl Network {
    /// The convolutions, and the layers right behind each that work on every value of its maps on its own.
    fn filters(&self) -> Vec<usize> {
        let (mut filters, mut behind) = (Vec::new(), Vec::with_capacity(self.nodes.len()));
        for (index, node) in self.nodes.iter().enumerate() {
            let is_behind = match node.layer.operation() {
                Operation::WeightedSum => !matches!(node.output, Shape::Vector(_)),
                Operation::Normalization | Operation::Copy | Operation::Function => {
                    self.before(index).is_some_and(|before| behind[before])
                }
                _ => false,
            };
            behind.push(is_behind);
            if is_behind && !node.layer.passes_on() {
                filters.push(index);
            }
        }
        filters
    }
}
