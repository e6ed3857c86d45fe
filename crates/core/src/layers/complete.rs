//! The layers that the shipped models do without.

use super::{
    Layer, layer_normalization, local_response_normalization, noise, prelu, random_color, random_placement,
    unit_normalization,
};
use crate::config::LayerConfig;
use crate::shape::Shape;
use crate::{Error, Result};
use alloc::{boxed::Box, format};

/// Builds the layer that `config` describes for inputs of shape `input`.
pub(super) fn build(config: &LayerConfig, input: Shape) -> Result<Box<dyn Layer>> {
    Ok(match config.class_name.as_str() {
        "PReLU" => Box::new(prelu::PRelu::new(config, input)?),
        "LayerNormalization" => Box::new(layer_normalization::LayerNormalization::new(config, input)?),
        "UnitNormalization" => Box::new(unit_normalization::UnitNormalization::new(config, input)?),
        "LocalResponseNormalization" => {
            Box::new(local_response_normalization::LocalResponseNormalization::new(config, input)?)
        }
        "GaussianNoise" | "GaussianDropout" | "AlphaDropout" | "SpatialDropout2D" => {
            Box::new(noise::Noise::new(config, input)?)
        }
        "RandomFlip" | "RandomTranslation" | "RandomRotation" | "RandomZoom" | "RandomCrop" => {
            Box::new(random_placement::RandomPlacement::new(config, input)?)
        }
        "RandomContrast" | "RandomBrightness" => Box::new(random_color::RandomColor::new(config, input)?),
        "ActivityRegularization" => {
            return Err(Error::config(
                "class_name: ActivityRegularization penalises outputs, only penalties on weights are supported: leave it out",
            ));
        }
        other => {
            return Err(Error::config(format!(
                "class_name: expected Conv2D, DepthwiseConv2D, MaxPooling2D, AveragePooling2D, GlobalAveragePooling2D, \
                 Flatten, Dense, Activation, ReLU, LeakyReLU, PReLU, ELU, Softmax, Dropout, SpatialDropout2D, \
                 GaussianNoise, GaussianDropout, AlphaDropout, BatchNormalization, LayerNormalization, \
                 UnitNormalization, LocalResponseNormalization, RandomFlip, RandomTranslation, RandomRotation, \
                 RandomZoom, RandomCrop, RandomContrast or RandomBrightness, got {other}"
            )));
        }
    })
}
