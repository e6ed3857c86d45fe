//! Training: the same bits however the work is shared, and learning that learns.

use convscope_core::{Batch, Dataset, Model, Replica, Share, Targets};

const MODEL: &str = r#"{"class_name": "Sequential", "config": {"layers": [
    {"class_name": "InputLayer", "config": {"batch_shape": [null, 8, 8, 1]}},
    {"class_name": "Conv2D", "config": {"filters": 4, "kernel_size": 3, "activation": "relu"}},
    {"class_name": "MaxPooling2D", "config": {}},
    {"class_name": "Flatten", "config": {}},
    {"class_name": "Dropout", "config": {"rate": 0.1}},
    {"class_name": "Dense", "config": {"units": 2, "activation": "softmax"}}]}}"#;

const ADAM: &str = r#"{"optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.01}},
    "loss": "sparse_categorical_crossentropy"}"#;

/// Images with a bright bar that stands (0) or lies (1).
fn bars(count: usize) -> Dataset {
    let mut pixels = Vec::new();
    let labels: Vec<u16> = (0..count).map(|index| (index % 2) as u16).collect();
    for (index, &label) in labels.iter().enumerate() {
        for cell in 0..64 {
            let place = if label == 0 { cell % 8 } else { cell / 8 };
            let noise = (index * 31 + cell * 17) % 50;
            pixels.push(if place == index / 2 % 8 { 200 } else { noise as u8 });
        }
    }
    Dataset::new(pixels, labels, [8, 8, 1]).unwrap()
}

fn compiled(seed: u64) -> Model {
    let mut model = Model::from_json(MODEL, seed).unwrap();
    model.compile(ADAM).unwrap();
    model
}

#[test]
fn a_small_network_learns() {
    let (mut model, data) = (compiled(1), bars(128));
    let all: Vec<u32> = (0..128).collect();
    let before = model.evaluate_on(&data, &all).unwrap();
    for _ in 0..120 {
        model.train_step_on(&data, &all).unwrap();
    }
    let after = model.evaluate_on(&data, &all).unwrap();
    assert!(after.loss < 0.2 * before.loss && after.accuracy > 0.95, "{before:?} → {after:?}");
}

#[test]
fn the_same_seed_gives_the_same_bits_and_another_does_not() {
    let data = bars(96);
    let indices: Vec<u32> = (0..96).collect();
    let run = |seed| {
        let mut model = compiled(seed);
        let losses: Vec<u32> =
            (0..5).map(|_| model.train_step_on(&data, &indices).unwrap().loss.to_bits()).collect();
        (losses, model.flat_weights().to_vec())
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1).0, run(2).0);
    let mut model = compiled(1);
    let first = model.train_step_on(&data, &indices).unwrap();
    model.reset();
    assert_eq!(model.train_step_on(&data, &indices).unwrap(), first);
}

#[test]
fn shares_computed_apart_give_the_same_bits() {
    let data = bars(96);
    for (size, shards) in [(1, 1), (31, 1), (33, 2), (63, 2), (64, 4), (95, 4)] {
        let indices: Vec<u32> = (0..size).collect();
        let batch = Batch::Of { data: &data, indices: &indices, augmentation: None };
        for of in [1, 2, 4].into_iter().filter(|&of| of <= shards) {
            let mut whole = compiled(3);
            let mut apart = compiled(3);
            // One that computes no share itself, as where each thread has a replica.
            let mut adding = compiled(3);
            assert_eq!(Share::max_count(&apart, indices.len()), shards);
            for _ in 0..3 {
                let metrics = whole.train_step_on(&data, &indices).unwrap();
                apart.step().unwrap().begin(batch, of).unwrap();
                for number in 0..of {
                    let mut replica = Replica::new(&apart).unwrap();
                    let (share, part) = Share::new(&apart, batch, number, of).unwrap();
                    share.compute(&apart, &mut replica, part).unwrap();
                    if number > 0 {
                        apart.step().unwrap().add(number, |sum| sum.clone_from(replica.sum())).unwrap();
                    }
                    adding.step().unwrap().add(number, |sum| sum.clone_from(replica.sum())).unwrap();
                }
                assert_eq!(apart.step().unwrap().take(), metrics, "{size} in {of}");
                assert_eq!(adding.step().unwrap().take(), metrics, "{size} in {of}");
                assert_eq!(apart.flat_weights(), whole.flat_weights(), "{size} in {of}");
            }
        }
    }
}

#[test]
fn a_share_can_be_computed_from_a_copy_of_the_data() {
    let description = MODEL.replace("[null, 8, 8, 1]", "[null, 4, 8, 2]");
    let pixels = (0..40 * 64).map(|index| (index * 89 % 256) as u8).collect();
    let data = Dataset::new(pixels, (0..40).map(|index| index % 2).collect(), [4, 8, 2]).unwrap();
    let copy = Dataset::new(data.pixels().into(), data.labels().into(), data.shape()).unwrap();
    let indices: Vec<u32> = (0..40).rev().collect();
    let of = |data| Batch::Of { data, indices: &indices, augmentation: None };
    let mut model = Model::from_json(&description, 3).unwrap();
    model.compile(ADAM).unwrap();
    let mut sum = |batch: Batch<'_>| {
        let (share, part) = Share::new(&model, batch, 1, 2).unwrap();
        let mut step = model.step().unwrap();
        step.compute(share, part).unwrap();
        (step.sum().gradient.clone(), step.sum().loss)
    };
    assert_eq!(sum(of(&copy)), sum(of(&data)));
}

#[test]
fn a_share_must_fit_its_batch() {
    let data = bars(64);
    let indices: Vec<u32> = (0..64).collect();
    let batch = Batch::Of { data: &data, indices: &indices, augmentation: None };
    let mut model = compiled(3);
    for (number, of) in [(2, 2), (0, 0), (0, 3), (0, 8)] {
        assert!(Share::new(&model, batch, number, of).is_err(), "{number} of {of}");
    }
    let (share, _) = Share::new(&model, batch, 1, 2).unwrap();
    assert!(model.step().unwrap().compute(share, batch).is_err());
}

#[test]
fn arrays_and_datasets_train_alike() {
    let data = bars(20);
    let indices: Vec<u32> = (0..20).rev().collect();
    let x: Vec<f32> = indices.iter().flat_map(|&index| data.example(index as usize)).collect();
    let labels: Vec<u16> = indices.iter().map(|&index| data.labels()[index as usize]).collect();
    let (mut one, mut other) = (compiled(5), compiled(5));
    for _ in 0..3 {
        let metrics = one.train_step_on(&data, &indices).unwrap();
        assert_eq!(other.train_step(&x, Targets::Labels(&labels)).unwrap(), metrics);
    }
    assert_eq!(one.flat_weights(), other.flat_weights());
}
