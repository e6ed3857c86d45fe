//! Descriptions in Keras' JSON: of models, and of what they are trained with.

use super::{Kept, REAL, checkpointed, examples, seconds_for, text, used};
use crate::edits::{Text, any_of};
use convscope_core::random::Random;
use convscope_core::{Model, Targets, Variation, varied};
use std::sync::LazyLock;

/// Small networks in which every layer and every argument is met.
pub(super) const MODELS: [&str; 4] = [
    r#"{"class_name": "Sequential", "config": {"name": "a", "layers": [
        {"class_name": "InputLayer", "config": {"batch_shape": [null, 6, 5, 2], "name": "input"}},
        {"class_name": "Conv2D", "config": {"filters": 4, "kernel_size": [3, 2], "strides": [2, 1], "padding": "same", "groups": 2, "activation": "relu", "kernel_initializer": "he_normal"}},
        {"class_name": "BatchNormalization", "config": {"momentum": 0.9, "epsilon": 0.001}},
        {"class_name": "MaxPooling2D", "config": {"pool_size": [2, 2], "strides": null, "padding": "valid"}},
        {"class_name": "Flatten", "config": {}},
        {"class_name": "Dropout", "config": {"rate": 0.25, "seed": 3}},
        {"class_name": "Dense", "config": {"units": 3, "activation": {"class_name": "LeakyReLU", "config": {"negative_slope": 0.1}}, "kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 0.01, "l2": 0.02}}}}]}}"#,
    r#"{"class_name": "Sequential", "config": {"layers": [
        {"class_name": "InputLayer", "config": {"batch_shape": [null, 8, 8, 1]}},
        {"class_name": "Conv2D", "config": {"filters": 3, "kernel_size": 3, "activation": "tanh", "use_bias": false, "bias_initializer": "ones"}},
        {"class_name": "DepthwiseConv2D", "config": {"kernel_size": 3, "depth_multiplier": 2, "activation": "elu"}},
        {"class_name": "AveragePooling2D", "config": {"pool_size": 2, "strides": 1, "padding": "same"}},
        {"class_name": "GlobalAveragePooling2D", "config": {"keepdims": false}},
        {"class_name": "Dense", "config": {"units": 4, "activation": "softmax", "name": "out"}}]}}"#,
    r#"{"class_name": "Sequential", "config": {"layers": [
        {"class_name": "Dense", "config": {"units": 5, "activation": "sigmoid", "batch_input_shape": [null, 7], "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": 1}}}},
        {"class_name": "Activation", "config": {"activation": "relu"}},
        {"class_name": "Dense", "config": {"units": 2, "kernel_regularizer": "l2"}}]}}"#,
    r#"{"class_name": "Sequential", "config": {"layers": [
        {"class_name": "InputLayer", "config": {"batch_shape": [null, 12, 12, 1]}},
        {"class_name": "Conv2D", "config": {"filters": 4, "kernel_size": 5, "padding": "same"}},
        {"class_name": "MaxPooling2D", "config": {"pool_size": 2}},
        {"class_name": "Activation", "config": {"activation": "relu"}},
        {"class_name": "Conv2D", "config": {"filters": 6, "kernel_size": 3, "activation": "relu"}},
        {"class_name": "Flatten", "config": {}},
        {"class_name": "Dense", "config": {"units": 10, "activation": "softmax"}}]}}"#,
];

/// Models that the page ships.
const SHIPPED: [&str; 3] = [
    include_str!("../../../../web/models/lenet5.json"),
    include_str!("../../../../web/models/convnet.json"),
    include_str!("../../../../web/models/keras-convnet.json"),
];

const TRAINING: [&str; 8] = [
    r#"{"optimizer": "sgd", "loss": "mse"}"#,
    r#"{"optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.1, "momentum": 0.9, "nesterov": true, "clipnorm": 1.5}}, "loss": "categorical_crossentropy"}"#,
    r#"{"optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-7, "amsgrad": false}}, "loss": "mean_squared_error"}"#,
    r#"{"optimizer": {"class_name": "AdamW", "config": {"weight_decay": 0.01, "clipvalue": 0.5}}, "loss": {"class_name": "CategoricalCrossentropy", "config": {"label_smoothing": 0.1, "from_logits": true}}}"#,
    r#"{"optimizer": {"class_name": "RMSprop", "config": {"rho": 0.8, "momentum": 0.5, "centered": true}}, "loss": "mse"}"#,
    r#"{"optimizer": {"class_name": "Adagrad", "config": {"initial_accumulator_value": 0.1}}, "loss": "mse"}"#,
    r#"{"optimizer": {"class_name": "Adamax", "config": {"global_clipnorm": 2.0}}, "loss": "mse"}"#,
    r#"{"optimizer": {"class_name": "SGD", "config": {"learning_rate": {"class_name": "CosineDecay", "config": {"initial_learning_rate": 0.1, "decay_steps": 10, "alpha": 0.01, "warmup_target": 0.2, "warmup_steps": 3}}}}, "loss": "mse"}"#,
];

pub(super) fn description(random: &mut Random) -> Vec<u8> {
    static SMALL: LazyLock<Vec<Text>> = LazyLock::new(|| Text::all(&MODELS));
    static REAL_ONES: LazyLock<Vec<Text>> = LazyLock::new(|| Text::all(&SHIPPED));
    let texts = if random.below(REAL) == 0 { &REAL_ONES } else { &SMALL };
    any_of(random, texts).edited(random)
}

pub(super) fn read(input: &[u8], use_it: bool) -> Option<u32> {
    let text = text(input)?;
    match Model::from_json(text, 1) {
        Ok(mut model) if use_it => Some(used(&mut model)),
        Ok(model) => Some(seconds_for(&model)),
        Err(error) => {
            assert!(error.to_string().len() < 1000, "a message of {} bytes", error.to_string().len());
            None
        }
    }
}

pub(super) fn read_varied(input: &[u8], use_it: bool) -> Option<u32> {
    let text = text(input)?;
    let strength = f64::from(input.iter().fold(0, |sum: u32, &byte| sum + u32::from(byte)) % 7) / 4.0;
    let variation = Variation {
        l1: strength,
        l2: strength / 2.0,
        dropout: Some(strength / 2.0),
        batch_normalization: true,
    };
    match varied(text, variation) {
        Ok(text) => {
            let mut model = Model::from_json(&text, 1).expect("a varied description can be built");
            Some(if use_it { used(&mut model) } else { seconds_for(&model) })
        }
        Err(_) => None,
    }
}

pub(super) fn training(random: &mut Random) -> Vec<u8> {
    static TEXTS: LazyLock<Vec<Text>> = LazyLock::new(|| Text::all(&TRAINING));
    any_of(random, &TEXTS).edited(random)
}

pub(super) fn read_training(input: &[u8], use_it: bool) -> Option<u32> {
    static START: Kept = Kept::new(|| Model::from_json(MODELS[2], 1).expect("the network to start from"));
    let text = text(input)?;
    let mut model = START.take();
    if model.compile(text).is_err() {
        START.put_back(model);
        return None;
    }
    if !use_it {
        return Some(1);
    }
    let (x, y) = (examples(14), examples(4));
    for _ in 0..3 {
        let before = model.steps();
        if model.train_step(&x, Targets::OneHot(&y)).is_err()
            && model.train_step(&x, Targets::Labels(&[0, 1])).is_err()
        {
            assert_eq!(model.steps(), before, "a step that failed counts");
        }
    }
    let _ = model.learning_rate();
    let _ = model.evaluate(&x, Targets::OneHot(&y));
    checkpointed(&model);
    Some(1)
}
