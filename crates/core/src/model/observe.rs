//! What a network makes of one example, layer by layer.

use super::Model;
use crate::digits::rasterize::{PIXELS, Placement, SIDE, rasterize};
use crate::digits::{Rasterize, Stroke};
use crate::layout::write_planes;
use crate::numbers::argmax;
use crate::shift::shift_images;
use crate::{Error, Result};
use alloc::{format, string::String, vec, vec::Vec};
use serde::Serialize;

/// The output of one layer for one example.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FeatureMaps {
    /// `[height, width, channels]`; a vector of n values is `[1, 1, n]`.
    pub shape: [usize; 3],
    /// One plane of `height · width` values a channel.
    pub planes: Vec<f32>,
}

/// The output of one layer for one example, with the layer's name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LayerMaps {
    /// The layer's name.
    pub name: String,
    /// `[height, width, channels]`; a vector of n values is `[1, 1, n]`.
    pub shape: [usize; 3],
    /// One plane of `height · width` values a channel.
    pub planes: Vec<f32>,
}

/// All that a network makes of one example.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Observation {
    /// The example as the network gets it, in Keras' order of axes.
    pub image: Vec<f32>,
    /// How strokes came into the image; none where there were none.
    pub placement: Option<Placement>,
    /// What each layer answers, in order.
    pub layers: Vec<LayerMaps>,
    /// `[outputs]`, as [`Model::predict`] gives it.
    pub output: Vec<f32>,
    /// The number of the largest output, the first of equals.
    pub class: usize,
}

impl Model {
    /// The output of the layer called `layer` for one example `x`.
    ///
    /// # Errors
    /// If there is no such layer, or `x` is not one example.
    pub fn feature_maps(&mut self, x: &[f32], layer: &str) -> Result<FeatureMaps> {
        let index = self.network.index(layer)?;
        self.read_one(x, false)?;
        self.observe_one();
        Ok(self.maps(index))
    }

    /// What every layer answers to the one example `x`, in one forward pass.
    ///
    /// # Errors
    /// If `x` is not one example of finite numbers.
    pub fn observe(&mut self, x: &[f32]) -> Result<Observation> {
        self.look_at(x.to_vec(), None)
    }

    /// As [`Model::observe`] for a drawing: its strokes become pixels as `options` says, which are then moved by
    /// `shift` = `[right, down]` pixels.
    ///
    /// # Errors
    /// If the strokes cannot be drawn, or the model's input is no image of 28×28×1.
    pub fn observe_strokes(
        &mut self,
        strokes: &[Stroke],
        options: &Rasterize,
        shift: [isize; 2],
    ) -> Result<Observation> {
        if self.network.input.len() != PIXELS {
            return Err(Error::shape(format!(
                "strokes become images of 28×28×1, the model needs {}",
                self.network.input
            )));
        }
        let raster = rasterize(strokes, options)?;
        let image = shift_images(&raster.image, [SIDE, SIDE, 1], shift)?;
        self.look_at(image, raster.placement)
    }

    fn look_at(&mut self, image: Vec<f32>, placement: Option<Placement>) -> Result<Observation> {
        self.read_one(&image, false)?;
        self.observe_one();
        let layers: Vec<LayerMaps> = (0..self.network.nodes.len())
            .map(|index| {
                let FeatureMaps { shape, planes } = self.maps(index);
                LayerMaps { name: self.network.nodes[index].name.clone(), shape, planes }
            })
            .collect();
        let output = self.workspace.last_output(self.outputs()).to_vec();
        Ok(Observation { image, placement, layers, class: argmax(&output), output })
    }

    /// What the last forward pass has left of layer number `index` for one example.
    fn maps(&self, index: usize) -> FeatureMaps {
        let output = self.network.nodes[index].output;
        let mut planes = vec![0.0; output.len()];
        write_planes(&self.workspace.outputs[index], output, &mut planes);
        FeatureMaps { shape: output.maps(), planes }
    }
}
