//! Gradients against finite differences, and layers against their definitions, over random shapes.

use convscope_core::Model;
use convscope_core::random::Random;
use proptest::prelude::*;
use serde_json::{Value, json};

fn model(input: &[usize], layers: &[Value], seed: u64) -> Result<Model, convscope_core::Error> {
    let shape: Vec<Value> =
        std::iter::once(Value::Null).chain(input.iter().map(|&size| size.into())).collect();
    let mut all = vec![json!({ "class_name": "InputLayer", "config": { "batch_shape": shape } })];
    all.extend_from_slice(layers);
    let description = json!({ "class_name": "Sequential", "config": { "layers": all } });
    Model::from_json(&description.to_string(), seed)
}

fn random_values(random: &mut Random, len: usize) -> Vec<f32> {
    (0..len).map(|_| random.uniform(-1.0, 1.0)).collect()
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

/// Moves the examples and the weights along random directions and compares the change of a random
/// weighting of the outputs with what the gradients predict.
fn check_directions(model: &mut Model, examples: usize, training: bool, seed: u64) {
    let mut random = Random::new(seed, 9);
    let input = model.input_shape().len();
    let x = random_values(&mut random, examples * input);
    let weighting = random_values(&mut random, examples * model.outputs());
    let gradients = model.backward_from(&x, &weighting, training).unwrap();
    let start = model.flat_weights().to_vec();
    let along_x = random_values(&mut random, x.len());
    // Running statistics have no gradient, so they stay where they are.
    let mut along_weights = Vec::new();
    for weight in model.summary().layers.iter().flat_map(|layer| &layer.weights) {
        let len = weight.shape.iter().product();
        let still = !weight.trainable;
        along_weights.extend(if still { vec![0.0; len] } else { random_values(&mut random, len) });
    }
    let step = 2e-3;
    let moved = |values: &[f32], direction: &[f32], step: f32| -> Vec<f32> {
        values.iter().zip(direction).map(|(value, direction)| value + step * direction).collect()
    };
    let measured = |ahead: &[f32], behind: &[f32]| {
        (dot(ahead, &weighting) - dot(behind, &weighting)) / f64::from(2.0 * step)
    };
    let compare = |what: &str, measured: f64, predicted: f64, size: f64| {
        assert!(
            (measured - predicted).abs() < 0.01 * size + 0.02,
            "{what}: {measured} measured, {predicted} predicted"
        );
    };
    let norm = |values: &[f32]| dot(values, values).sqrt();

    let output = |model: &Model, x: &[f32]| model.backward_from(x, &weighting, training).unwrap().output;
    let change =
        measured(&output(model, &moved(&x, &along_x, step)), &output(model, &moved(&x, &along_x, -step)));
    compare("examples", change, dot(&gradients.input, &along_x), norm(&gradients.input));

    let mut at = |step| {
        model.set_flat_weights(&moved(&start, &along_weights, step)).unwrap();
        output(model, &x)
    };
    let (ahead, behind) = (at(step), at(-step));
    compare(
        "weights",
        measured(&ahead, &behind),
        dot(&gradients.weights, &along_weights),
        norm(&gradients.weights),
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn smooth_networks_change_as_their_gradients_say(
        height in 3_usize..9, width in 3_usize..9, channels in 1_usize..4, size in 1_usize..4,
        stride in 1_usize..3, same: bool, groups: bool, pooling in 0_usize..3, batch in 1_usize..5, seed: u64,
    ) {
        let groups = if groups { channels } else { 1 };
        let padding = if same { "same" } else { "valid" };
        let pooling = match pooling {
            0 => json!({ "class_name": "AveragePooling2D", "config": { "pool_size": [2, 1], "strides": 1, "padding": "same" } }),
            1 => json!({ "class_name": "GlobalAveragePooling2D", "config": { "keepdims": true } }),
            _ => json!({ "class_name": "Activation", "config": { "activation": "sigmoid" } }),
        };
        let layers = [
            json!({ "class_name": "Conv2D", "config": {
                "filters": 2 * groups, "kernel_size": size, "strides": stride, "padding": padding, "groups": groups, "activation": "tanh",
            } }),
            pooling,
            json!({ "class_name": "Flatten", "config": {} }),
            json!({ "class_name": "Dense", "config": { "units": 3, "activation": "softmax" } }),
        ];
        check_directions(&mut model(&[height, width, channels], &layers, seed).unwrap(), batch, true, seed);
    }

    #[test]
    fn depthwise_convolutions_change_as_their_gradients_say(
        height in 3_usize..9, width in 3_usize..9, channels in 1_usize..5, size in 1_usize..4, stride in 1_usize..3,
        same: bool, depth_multiplier in 1_usize..4, use_bias: bool, batch in 1_usize..4, seed: u64,
    ) {
        let padding = if same { "same" } else { "valid" };
        let layers = [json!({ "class_name": "DepthwiseConv2D", "config": {
            "kernel_size": size, "strides": stride, "padding": padding, "depth_multiplier": depth_multiplier,
            "use_bias": use_bias, "activation": "tanh",
        } })];
        check_directions(&mut model(&[height, width, channels], &layers, seed).unwrap(), batch, true, seed);
    }

    #[test]
    fn batch_normalization_changes_as_its_gradients_say(training: bool, batch in 3_usize..6, seed: u64) {
        let layers = [
            json!({ "class_name": "BatchNormalization", "config": { "epsilon": 0.1 } }),
            json!({ "class_name": "Conv2D", "config": { "filters": 2, "kernel_size": 2, "activation": "elu" } }),
        ];
        check_directions(&mut model(&[4, 3, 2], &layers, seed).unwrap(), batch, training, seed);
    }

    #[cfg(feature = "complete")]
    #[test]
    fn further_layers_change_as_their_gradients_say(
        kind in 0_usize..13, training: bool, activation in 0_usize..6, batch in 1_usize..4, seed: u64,
    ) {
        let range = json!([-9, 9]);
        let layer = match kind {
            0 => json!({ "class_name": "LayerNormalization", "config": { "epsilon": 0.1 } }),
            1 => json!({ "class_name": "LocalResponseNormalization", "config": { "depth_radius": 1, "alpha": 0.5, "beta": 0.75 } }),
            2 => json!({ "class_name": "GaussianNoise", "config": { "stddev": 0.5 } }),
            3 => json!({ "class_name": "GaussianDropout", "config": { "rate": 0.3 } }),
            4 => json!({ "class_name": "AlphaDropout", "config": { "rate": 0.3 } }),
            5 => json!({ "class_name": "SpatialDropout2D", "config": { "rate": 0.3 } }),
            6 => json!({ "class_name": "RandomFlip", "config": {} }),
            7 => json!({ "class_name": "RandomRotation", "config": { "factor": 0.3 } }),
            8 => json!({ "class_name": "RandomTranslation", "config": { "height_factor": 0.4, "width_factor": 0.3, "fill_mode": "wrap" } }),
            9 => json!({ "class_name": "RandomZoom", "config": { "height_factor": 0.4, "fill_mode": "constant" } }),
            10 => json!({ "class_name": "RandomContrast", "config": { "factor": [0.5, 0.5], "value_range": range } }),
            11 => json!({ "class_name": "RandomBrightness", "config": { "factor": 0.1, "value_range": range } }),
            _ => json!({ "class_name": "RandomCrop", "config": { "height": 4, "width": 3 } }),
        };
        let activation = ["gelu", "silu", "mish", "softplus", "tanh_shrink", "log_softmax"][activation];
        let layers = [
            json!({ "class_name": "Conv2D", "config": { "filters": 3, "kernel_size": 2, "padding": "same", "activation": activation } }),
            json!({ "class_name": "MaxPooling2D", "config": { "pool_size": 1 } }),
            layer,
            json!({ "class_name": "Conv2D", "config": { "filters": 2, "kernel_size": 2, "activation": "softsign" } }),
        ];
        check_directions(&mut model(&[6, 5, 2], &layers, seed).unwrap(), batch, training, seed);
    }

    #[test]
    fn windows_with_holes_change_as_their_gradients_say(
        height in 7_usize..10, width in 7_usize..10, channels in 1_usize..4, size in (1_usize..4, 1_usize..4),
        dilation in (1_usize..4, 1_usize..4), same: bool, groups: bool, batch in 1_usize..4, seed: u64,
    ) {
        let groups = if groups { channels } else { 1 };
        let padding = if same { "same" } else { "valid" };
        let layers = [json!({ "class_name": "Conv2D", "config": {
            "filters": 2 * groups, "kernel_size": [size.0, size.1], "dilation_rate": [dilation.0, dilation.1],
            "padding": padding, "groups": groups, "activation": "tanh",
        } })];
        check_directions(&mut model(&[height, width, channels], &layers, seed).unwrap(), batch, true, seed);
    }

    #[test]
    fn transposed_convolutions_change_as_their_gradients_say(
        height in 1_usize..6, width in 1_usize..6, channels in 1_usize..5, filters in 1_usize..5,
        size in (1_usize..5, 1_usize..5), strides in (1_usize..4, 1_usize..4), same: bool, use_bias: bool,
        batch in 1_usize..4, seed: u64,
    ) {
        let padding = if same { "same" } else { "valid" };
        let layers = [json!({ "class_name": "Conv2DTranspose", "config": {
            "filters": filters, "kernel_size": [size.0, size.1], "strides": [strides.0, strides.1],
            "padding": padding, "use_bias": use_bias, "activation": "tanh",
        } })];
        check_directions(&mut model(&[height, width, channels], &layers, seed).unwrap(), batch, true, seed);
    }

    #[test]
    fn separable_convolutions_change_as_their_gradients_say(
        height in 3_usize..8, width in 3_usize..8, channels in 1_usize..4, size in 1_usize..4, strides in 1_usize..3,
        same: bool, depth_multiplier in 1_usize..4, first: bool, batch in 1_usize..4, seed: u64,
    ) {
        let padding = if same { "same" } else { "valid" };
        let mut layers = vec![json!({ "class_name": "SeparableConv2D", "config": {
            "filters": 3, "kernel_size": size, "strides": strides, "padding": padding,
            "depth_multiplier": depth_multiplier, "activation": "tanh",
        } })];
        if !first {
            layers.insert(0, json!({ "class_name": "Activation", "config": { "activation": "sigmoid" } }));
        }
        check_directions(&mut model(&[height, width, channels], &layers, seed).unwrap(), batch, true, seed);
    }

    #[test]
    fn sequences_change_as_their_gradients_say(
        steps in 6_usize..14, channels in 1_usize..4, size in 1_usize..4, dilation in 1_usize..3, strides in 1_usize..3,
        padding in 0_usize..3, batch in 1_usize..4, seed: u64,
    ) {
        let padding = ["valid", "same", "causal"][padding];
        let dilation = if strides > 1 { 1 } else { dilation };
        let layers = [
            json!({ "class_name": "Conv1D", "config": {
                "filters": 4, "kernel_size": size, "strides": strides, "dilation_rate": dilation, "padding": padding,
                "activation": "tanh",
            } }),
            json!({ "class_name": "AveragePooling1D", "config": { "pool_size": 2, "strides": 1, "padding": "same" } }),
            json!({ "class_name": "Conv1D", "config": { "filters": 2, "kernel_size": 2, "groups": 2, "padding": "causal" } }),
            json!({ "class_name": "GlobalAveragePooling1D", "config": {} }),
            json!({ "class_name": "Dense", "config": { "units": 2 } }),
        ];
        check_directions(&mut model(&[steps, channels], &layers, seed).unwrap(), batch, true, seed);
    }

    #[test]
    fn what_only_moves_and_scales_values_changes_as_its_gradients_say(
        height in 2_usize..6, width in 2_usize..6, channels in 1_usize..4, factor in (1_usize..4, 1_usize..4),
        bilinear: bool, batch in 1_usize..4, seed: u64,
    ) {
        let interpolation = if bilinear { "bilinear" } else { "nearest" };
        let layers = [
            json!({ "class_name": "Rescaling", "config": { "scale": 0.5, "offset": -0.1 } }),
            json!({ "class_name": "Normalization", "config": {} }),
            json!({ "class_name": "ZeroPadding2D", "config": { "padding": [[0, 1], [2, 0]] } }),
            json!({ "class_name": "UpSampling2D", "config": {
                "size": [factor.0, factor.1], "interpolation": interpolation,
            } }),
            json!({ "class_name": "Permute", "config": { "dims": [2, 3, 1] } }),
            json!({ "class_name": "Cropping2D", "config": { "cropping": [[1, 0], [0, 0]] } }),
            json!({ "class_name": "Reshape", "config": { "target_shape": [-1] } }),
            json!({ "class_name": "Dense", "config": { "units": 2, "activation": "sigmoid" } }),
        ];
        check_directions(&mut model(&[height, width, channels], &layers, seed).unwrap(), batch, true, seed);
    }

    #[test]
    fn a_convolution_is_the_sum_of_its_definition(
        height in 1_usize..12, width in 1_usize..12, channels in 1_usize..4, size in (1_usize..6, 1_usize..6),
        stride in (1_usize..4, 1_usize..4), same: bool, filters in 1_usize..9, seed: u64,
    ) {
        let padding = if same { "same" } else { "valid" };
        let convolution = json!({ "class_name": "Conv2D", "config": {
            "filters": filters, "kernel_size": [size.0, size.1], "strides": [stride.0, stride.1], "padding": padding,
        } });
        let Ok(mut model) = model(&[height, width, channels], &[convolution], seed) else {
            prop_assert!(!same && (size.0 > height || size.1 > width));
            return Ok(());
        };
        let x = random_values(&mut Random::new(seed, 1), height * width * channels);
        let kernel = model.weights("conv2d/kernel").unwrap().values;
        let output = model.predict(&x).unwrap();
        let shape = model.summary().layers[0].output_shape.clone();
        let before = |n: usize, k: usize, s: usize, out: usize| {
            if same { ((out - 1) * s + k).saturating_sub(n) / 2 } else { 0 }
        };
        let (top, left) = (before(height, size.0, stride.0, shape[0]), before(width, size.1, stride.1, shape[1]));
        for row in 0..shape[0] {
            for column in 0..shape[1] {
                for filter in 0..filters {
                    let mut sum = 0.0;
                    for i in 0..size.0 {
                        for j in 0..size.1 {
                            let (y, x_) = ((row * stride.0 + i).wrapping_sub(top), (column * stride.1 + j).wrapping_sub(left));
                            if y < height && x_ < width {
                                for channel in 0..channels {
                                    let weight = kernel[((i * size.1 + j) * channels + channel) * filters + filter];
                                    sum += f64::from(weight) * f64::from(x[(y * width + x_) * channels + channel]);
                                }
                            }
                        }
                    }
                    let got = f64::from(output[(row * shape[1] + column) * filters + filter]);
                    prop_assert!((got - sum).abs() < 1e-5, "{got} is not {sum}");
                }
            }
        }
    }
}
