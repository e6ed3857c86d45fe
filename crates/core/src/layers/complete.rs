//! The layers that no shipped model has.

use super::normalization::Normalization;
use super::rescaling::Rescaling;
use super::{Layer, unknown};
use crate::Result;
use crate::config::LayerConfig;
use crate::shape::Shape;
use alloc::boxed::Box;

/// Builds the layer that `config` describes for inputs of shape `input`, where it is none of those in the match before.
pub(super) fn build(config: &LayerConfig, input: Shape) -> Result<Box<dyn Layer>> {
    Ok(match config.class_name.as_str() {
        "Normalization" => Box::new(Normalization::new(config, input)?),
        "Rescaling" => Box::new(Rescaling::new(config, input)?),
        other => {
            let known = "Activation, AveragePooling2D, BatchNormalization, Conv2D, \
                         Dense, DepthwiseConv2D, Dropout, ELU, Flatten, \
                         GlobalAveragePooling2D, \
                         LeakyReLU, MaxPooling2D, Normalization, ReLU, Rescaling, \
                         Softmax, UpSampling2D or ZeroPadding2D";
            return Err(unknown(known, other));
        }
    })
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
