//! Class activation maps: which places of an image speak for a class (Zhou et al. 2016).

use super::place::UnitPlace;
use crate::layers::Operation;
use crate::model::{Model, Network};
use crate::{Error, Result};
use alloc::{vec, vec::Vec};

/// How much each place of the last maps adds to one output.
#[derive(Clone, Debug)]
pub struct ClassActivation {
    /// Of the last maps, in cells.
    pub height: usize,
    /// Of the last maps, in cells.
    pub width: usize,
    /// `[height, width]`: the maps, each times its weight for the output. Its mean plus the bias is the
    /// output before the activation.
    pub map: Vec<f32>,
    /// The output's bias.
    pub bias: f32,
}

impl Model {
    /// How much each place of the last maps adds to output `unit` for the one example `x`.
    ///
    /// # Errors
    /// If the network's maps don't go through GlobalAveragePooling2D into its last Dense layer, there is no
    /// such output, or `x` is not one example of finite numbers.
    pub fn class_activation(&mut self, x: &[f32], unit: usize) -> Result<ClassActivation> {
        let (dense, maps) = self.network.averaged_maps().ok_or_else(|| {
            Error::value(
                "class activation maps need a network whose maps go through GlobalAveragePooling2D into the last \
                 Dense layer",
            )
        })?;
        let place = UnitPlace { layer: &self.network.nodes[dense].name, unit, row: 0, column: 0 };
        self.network.find(place)?;
        self.read_one(x, false)?;
        self.observe_one();
        let node = &self.network.nodes[dense];
        let (kernel, bias) = node.layer.weights_of(unit, &self.weights[node.weights.clone()]);
        let averaged = &self.network.nodes[maps];
        let pixels =
            self.network.before(maps).map_or(&self.workspace.input, |before| &self.workspace.outputs[before]);
        let [height, width, _] = averaged.input.maps();
        let mut map = vec![0.0; height * width];
        for (sum, pixel) in map.iter_mut().zip(pixels.chunks_exact(kernel.len())) {
            *sum = pixel.iter().zip(&kernel).map(|(value, weight)| value * weight).sum();
        }
        Ok(ClassActivation { height, width, map, bias })
    }
}

impl Network {
    /// The last weighted sum over a vector and the mean over whole maps that it takes, if those are how the
    /// network ends.
    fn averaged_maps(&self) -> Option<(usize, usize)> {
        let operation = |index: usize| self.nodes[index].layer.operation();
        let mut dense = self.nodes.len() - 1;
        while operation(dense) == Operation::Copy {
            dense = self.before(dense)?;
        }
        let maps = self.source(dense)?;
        let windows = [dense, maps].map(|index| self.nodes[index].layer.window());
        let fits = operation(dense) == Operation::WeightedSum && operation(maps) == Operation::Mean;
        (fits && windows == [None, None]).then_some((dense, maps))
    }
}
