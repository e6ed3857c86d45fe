//! DepthwiseConv2D: a convolution whose every channel has kernels of its own and sees no other channel.

use super::activation::{ACTIVATION, activation_field};
use super::conv2d::{Conv2D, Groups, SLIDING_KERNEL, sliding_kernel};
use super::kernel::{BIAS, kernel_and_bias};
use crate::Result;
use crate::config::Arguments::{self, Complete, Read, Shared};
use crate::config::LayerConfig;
use crate::shape::Shape;
use alloc::vec;

/// Keras 2 writes `groups`, which is 1.
const ARGUMENTS: &[Arguments] = &[
    Read(&["depth_multiplier", "depthwise_initializer", "depthwise_regularizer", "groups"]),
    Complete(&["depthwise_constraint"]),
    Shared(SLIDING_KERNEL),
    Shared(BIAS),
    Shared(ACTIVATION),
];

/// `output[y, x, c·m + d] = Σ input[y·s + i − p, x·s + j − p, c] · kernel[i, j, c, d] + bias[c·m + d]`, with m =
/// `depth_multiplier` kernels for every channel c: a convolution of one group a channel, whose kernel lies in memory as
/// Keras' does here, `[height, width, channels, depth_multiplier]`.
pub(super) fn depthwise_conv2d(config: &LayerConfig, input: Shape) -> Result<Conv2D> {
    let fields = config.fields(ARGUMENTS)?;
    fields.only("groups", &1.into())?;
    let [height, width, channels] = input.image(&config.class_name)?;
    let window = sliding_kernel(&fields, [height, width])?;
    let multiplier = fields.optional_count("depth_multiplier")?.unwrap_or(1);
    let groups = Groups::new(channels, channels, channels.saturating_mul(multiplier))?;
    let shape = vec![window.rows.size, window.columns.size, channels, multiplier];
    let weights = kernel_and_bias(&fields, "depthwise", shape, channels * multiplier)?;
    Ok(Conv2D::of(window, groups, activation_field(&fields)?, weights))
}

#[cfg(test)]
mod tests {
    use crate::Model;
    use crate::explain::{UnitArithmetic, UnitPlace};
    use crate::random::Random;
    use alloc::{string::ToString, vec::Vec};
    use serde_json::{Value, json};

    fn model(class_name: &str, own: Value) -> Model {
        let mut config = json!({
            "name": "layer", "kernel_size": [3, 2], "strides": [2, 1], "padding": "same", "activation": "relu",
        });
        config.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        let description = json!({ "class_name": "Sequential", "config": { "layers": [
            { "class_name": "InputLayer", "config": { "batch_shape": [null, 5, 6, 3] } },
            { "class_name": class_name, "config": config },
        ] } });
        Model::from_json(&description.to_string(), 1).unwrap()
    }

    fn numbers(count: usize) -> Vec<f32> {
        let mut random = Random::new(1, 1);
        (0..count).map(|_| random.uniform(-1.0, 1.0)).collect()
    }

    #[test]
    fn it_is_a_convolution_of_one_group_a_channel() {
        let mut depthwise = model("DepthwiseConv2D", json!({ "depth_multiplier": 2 }));
        let mut grouped = model("Conv2D", json!({ "filters": 6, "groups": 3 }));
        assert_eq!(depthwise.weights("layer/kernel").unwrap().shape, [3, 2, 3, 2]);
        let weights = numbers(3 * 2 * 3 * 2 + 6);
        let x = numbers(2 * 5 * 6 * 3);
        depthwise.set_flat_weights(&weights).unwrap();
        grouped.set_flat_weights(&weights).unwrap();
        assert_eq!(depthwise.predict(&x).unwrap(), grouped.predict(&x).unwrap());
        let weighting = numbers(2 * 3 * 6 * 6);
        let gradients = [depthwise, grouped].map(|model| model.backward_from(&x, &weighting, true).unwrap());
        assert_eq!(gradients[0].input, gradients[1].input);
        assert_eq!(gradients[0].weights, gradients[1].weights);
    }

    #[test]
    fn a_unit_is_explained_by_its_own_channel() {
        let mut model = model("DepthwiseConv2D", json!({ "depth_multiplier": 2 }));
        let layer = &model.summary().layers[0];
        let kernel = layer.kernel.as_ref().unwrap();
        assert_eq!((layer.groups, kernel.channels, kernel.units), (3, 1, 6));
        assert_eq!((kernel.height, kernel.width), (3, 2));
        let weights = numbers(3 * 2 * 3 * 2 + 6);
        model.set_flat_weights(&weights).unwrap();
        let x = numbers(5 * 6 * 3);
        // Unit 3 is the second of channel 1; its window at (1, 1) covers the rows 1 to 3 and the columns 1 and 2.
        let place = UnitPlace { layer: "layer", unit: 3, row: 1, column: 1 };
        let UnitArithmetic { sum, bias, channels, .. } = model.explain_unit(&x, place).unwrap();
        assert_eq!((channels.as_slice(), bias), (&[1][..], weights[36 + 3]));
        let mut expected = 0.0;
        for (row, column) in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)] {
            expected += x[((1 + row) * 6 + 1 + column) * 3 + 1] * weights[(row * 2 + column) * 6 + 3];
        }
        assert!((sum - expected).abs() < 1e-5, "{sum}, not {expected}");
    }
}
