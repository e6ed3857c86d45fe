//! The layers that no shipped model has.

use super::average_pooling2d::AveragePooling2D;
use super::conv1d::conv1d;
use super::conv2d_transpose::Conv2DTranspose;
use super::cropping2d::Cropping2D;
use super::global_average_pooling2d::GlobalAveragePooling2D;
use super::global_max_pooling2d::GlobalMaxPooling;
use super::max_pooling2d::MaxPooling2D;
use super::normalization::Normalization;
use super::permute::Permute;
use super::rescaling::Rescaling;
use super::reshape::Reshape;
use super::separable_conv2d::SeparableConv2D;
use super::up_sampling2d::UpSampling2D;
use super::zero_padding2d::ZeroPadding2D;
use super::{
    Layer, layer_normalization, local_response_normalization, noise, prelu, random_color, random_placement,
    unit_normalization,
};
use crate::config::{LayerConfig, cut, nearest};
use crate::shape::Shape;
use crate::{Error, Result};
use alloc::{boxed::Box, format};

/// Builds the layer that `config` describes for inputs of shape `input`, where it is none of those in the match before.
pub(super) fn build(config: &LayerConfig, input: Shape) -> Result<Box<dyn Layer>> {
    Ok(match config.class_name.as_str() {
        "AveragePooling1D" => Box::new(AveragePooling2D::of_sequence(config, input)?),
        "Conv1D" => Box::new(conv1d(config, input)?),
        "Conv2DTranspose" => Box::new(Conv2DTranspose::new(config, input)?),
        "Cropping2D" => Box::new(Cropping2D::new(config, input)?),
        "GlobalAveragePooling1D" => Box::new(GlobalAveragePooling2D::of_sequence(config, input)?),
        "GlobalMaxPooling1D" => Box::new(GlobalMaxPooling::of_sequence(config, input)?),
        "GlobalMaxPooling2D" => Box::new(GlobalMaxPooling::new(config, input)?),
        "MaxPooling1D" => Box::new(MaxPooling2D::of_sequence(config, input)?),
        "Normalization" => Box::new(Normalization::new(config, input)?),
        "Permute" => Box::new(Permute::new(config, input)?),
        "Rescaling" => Box::new(Rescaling::new(config, input)?),
        "Reshape" => Box::new(Reshape::new(config, input)?),
        "SeparableConv2D" => Box::new(SeparableConv2D::new(config, input)?),
        "UpSampling2D" => Box::new(UpSampling2D::new(config, input)?),
        "ZeroPadding2D" => Box::new(ZeroPadding2D::new(config, input)?),
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
        other => return Err(unknown(other)),
    })
}

/// All layers that there are.
const KNOWN: [&str; 51] = [
    "Activation",
    "Add",
    "AlphaDropout",
    "Average",
    "AveragePooling1D",
    "AveragePooling2D",
    "BatchNormalization",
    "Concatenate",
    "Conv1D",
    "Conv2D",
    "Conv2DTranspose",
    "Cropping2D",
    "Dense",
    "DepthwiseConv2D",
    "Dropout",
    "ELU",
    "Flatten",
    "GaussianDropout",
    "GaussianNoise",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "LayerNormalization",
    "LeakyReLU",
    "LocalResponseNormalization",
    "Maximum",
    "MaxPooling1D",
    "MaxPooling2D",
    "Minimum",
    "Multiply",
    "Normalization",
    "PReLU",
    "Permute",
    "RandomBrightness",
    "RandomContrast",
    "RandomCrop",
    "RandomFlip",
    "RandomRotation",
    "RandomTranslation",
    "RandomZoom",
    "ReLU",
    "Rescaling",
    "Reshape",
    "SeparableConv2D",
    "Softmax",
    "SpatialDropout2D",
    "Subtract",
    "UnitNormalization",
    "UpSampling2D",
    "ZeroPadding2D",
];

/// What is said of a class that is none of them. Names of all would be too many for a sentence.
fn unknown(class_name: &str) -> Error {
    let hint = match nearest(class_name, &KNOWN) {
        Some(nearest) => format!("did you mean {nearest}?"),
        None => "README.md lists those that are supported".into(),
    };
    let class_name = cut(class_name.into());
    Error::config(format!("class_name: {class_name} is no layer that is supported; {hint}"))
}

/// The shape in which a network takes its input: two axes that a first Flatten or Reshape reads in their order are rows
/// and columns of a grey picture, as in TensorFlow's first tutorial, and no sequence. Nothing but how it is shown depends
/// on it.
pub(crate) fn as_picture(input: Shape, layers: &[LayerConfig]) -> Shape {
    let by_one_number = |layer: &LayerConfig| layer.arguments.values().all(|value| !value.is_array());
    let first = layers.iter().find(|layer| layer.class_name != "Rescaling" || !by_one_number(layer));
    match (input, first.map(|layer| layer.class_name.as_str())) {
        (Shape::Sequence([height, width]), Some("Flatten" | "Reshape")) => Shape::Image([height, width, 1]),
        _ => input,
    }
}
