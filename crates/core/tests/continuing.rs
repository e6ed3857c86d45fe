//! Going on: what a checkpoint, an order of examples and an augmentation must repeat to the bit.

use convscope_core::digits::{Augmentation, ImageAugmentation, generator::generate_images};
use convscope_core::{Batch, Dataset, Model};

const MODEL: &str = r#"{"class_name": "Sequential", "config": {"layers": [
    {"class_name": "InputLayer", "config": {"batch_shape": [null, 28, 28, 1]}},
    {"class_name": "MaxPooling2D", "config": {"pool_size": 4}},
    {"class_name": "Flatten", "config": {}},
    {"class_name": "Dropout", "config": {"rate": 0.1}},
    {"class_name": "Dense", "config": {"units": 10, "activation": "softmax"}}]}}"#;

fn compiled(optimizer: &str) -> Model {
    let mut model = Model::from_json(MODEL, 1).unwrap();
    let text = format!(r#"{{"optimizer": {optimizer}, "loss": "sparse_categorical_crossentropy"}}"#);
    model.compile(&text).unwrap();
    model
}

fn digits(count: usize) -> Dataset {
    let (pixels, labels) = generate_images(1, 0, count).unwrap();
    Dataset::new(pixels, labels.into_iter().map(u16::from).collect(), [28, 28, 1]).unwrap()
}

#[test]
fn a_checkpoint_goes_on_to_the_same_bits() {
    let data = digits(40);
    for optimizer in [
        r#""sgd""#,
        r#"{"class_name": "SGD", "config": {"momentum": 0.9}}"#,
        r#""adagrad""#,
        r#"{"class_name": "RMSprop", "config": {"momentum": 0.5, "centered": true}}"#,
        r#"{"class_name": "Adam", "config": {"amsgrad": true}}"#,
    ] {
        let step = |model: &mut Model, seed| model.train_step_on(&data, &data.order(seed, 0)[..32]).unwrap();
        let mut model = compiled(optimizer);
        for seed in 0..3 {
            step(&mut model, seed);
        }
        let bytes = model.to_checkpoint().unwrap();
        let mut other = compiled(optimizer);
        other.load_safetensors(&bytes).unwrap();
        for seed in 3..6 {
            assert_eq!(step(&mut model, seed), step(&mut other, seed), "{optimizer}");
        }
        assert_eq!(model.flat_weights(), other.flat_weights(), "{optimizer}");
    }
}

#[test]
fn a_checkpoint_of_another_optimizer_is_refused() {
    let mut adam = compiled(r#""adam""#);
    let bytes = adam.to_checkpoint().unwrap();
    let mut model = compiled(r#""sgd""#);
    let before = model.flat_weights().to_vec();
    let message = model.load_safetensors(&bytes).unwrap_err().to_string();
    assert!(message.contains("2 running averages") && message.contains("needs 0"), "{message}");
    assert_eq!(model.flat_weights(), before);
    // Who doesn't train takes the weights alone.
    Model::from_json(MODEL, 1).unwrap().load_safetensors(&bytes).unwrap();
    adam.load_safetensors(&model.to_safetensors()).unwrap();
}

#[test]
fn every_epoch_has_an_order_of_its_own() {
    let data = digits(50);
    let order = data.order(7, 3);
    assert_eq!(order, data.order(7, 3));
    assert!(order != data.order(7, 4) && order != data.order(8, 3));
    let mut sorted = order;
    sorted.sort_unstable();
    assert!(sorted.into_iter().eq(0..50));
}

#[test]
fn generated_digits_do_not_depend_on_the_portion() {
    let (pixels, labels) = generate_images(5, 0, 30).unwrap();
    let (later, later_labels) = generate_images(5, 20, 10).unwrap();
    assert_eq!((&pixels[20 * 784..], &labels[20..]), (&later[..], &later_labels[..]));
    assert_ne!(generate_images(6, 0, 30).unwrap().0, pixels);
    assert!(generate_images(5, 0, 1 << 20).is_err());
}

#[test]
fn augmentation_is_the_example_s_own() {
    let data = digits(40);
    let image = ImageAugmentation::from_json(r#"{"shift": 2, "rotation": 0.2, "elastic": 0.5}"#).unwrap();
    let loss = |epoch, indices: &[u32]| {
        let augmentation = Some(Augmentation { image: &image, seed: 1, epoch });
        let batch = Batch::Of { data: &data, indices, augmentation };
        compiled(r#""sgd""#).evaluate_batch(batch, None).unwrap().loss
    };
    assert_eq!(loss(0, &[3]), loss(0, &[3]));
    assert_ne!(loss(0, &[3]), loss(1, &[3]));
    let apart = (loss(0, &[3]) + loss(0, &[4])) / 2.0;
    assert!((loss(0, &[3, 4]) - apart).abs() < 1e-5);
    assert!(ImageAugmentation::from_json(r#"{"shift": -1}"#).is_err());
    assert!(ImageAugmentation::from_json(r#"{"elasticSigma": 0}"#).is_err());
}

#[test]
fn single_weights_can_be_set() {
    let mut model = compiled(r#""sgd""#);
    model.set_weights("dense/bias", &[0.5; 10]).unwrap();
    assert_eq!(model.weights("dense/bias").unwrap().values, [0.5; 10]);
    for (name, values) in [("dense/bias", &[0.0; 9][..]), ("dense/bias", &[f32::NAN; 10]), ("no", &[])] {
        model.set_weights(name, values).unwrap_err();
    }
    assert_eq!(model.weights("dense/bias").unwrap().values, [0.5; 10]);
}

#[test]
fn predictions_on_a_data_set_are_those_of_its_examples() {
    let (mut model, data) = (compiled(r#""sgd""#), digits(20));
    let x: Vec<f32> = [4, 17].into_iter().flat_map(|index| data.example(index)).collect();
    assert_eq!(model.predict_on(&data, &[4, 17]).unwrap(), model.predict(&x).unwrap());
    assert!(model.predict_on(&data, &[20]).is_err() && model.predict_on(&data, &[]).is_err());
}
