//! Training the shipped models at their real sizes.

use convscope_core::random::Random;
use convscope_core::{Batch, Model, Replica, Share, Targets};
use std::fs;
use std::path::Path;

const CONVOLUTIONAL: [&str; 5] = ["convnet", "lenet5", "lenet5-1998", "keras-convnet", "global-pooling"];

fn compiled(name: &str, learning_rate: f32) -> Model {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/models").join(name).with_extension("json");
    let mut model = Model::from_json(&fs::read_to_string(path).unwrap(), 5).unwrap();
    let training = format!(
        r#"{{"optimizer": {{"class_name": "SGD", "config": {{"learning_rate": {learning_rate}}}}},
            "loss": "sparse_categorical_crossentropy"}}"#
    );
    model.compile(&training).unwrap();
    model
}

/// Images with a black border, of which some are all black.
fn images(count: usize) -> (Vec<f32>, Vec<u16>) {
    let mut random = Random::new(3, 0);
    let pixel = |random: &mut Random, index: usize| {
        let (image, row, column) = (index / 784, index % 784 / 28, index % 28);
        let lit = (6..22).contains(&row) && (8..20).contains(&column) && image % 9 != 4;
        if lit { random.uniform(-1.0, 1.0).max(0.0) } else { 0.0 }
    };
    let x = (0..count * 784).map(|index| pixel(&mut random, index)).collect();
    (x, (0..count).map(|index| (index * 7 % 10) as u16).collect())
}

#[test]
fn any_number_of_workers_gives_the_same_bits_at_odd_batches_too() {
    let (x, y) = images(160);
    for name in CONVOLUTIONAL {
        let model = compiled(name, 0.1);
        for examples in [1, 16, 31, 32, 33, 37, 51, 63, 64, 65, 70, 87, 100, 113, 127, 129, 160] {
            let batch = Batch::Arrays { x: &x[..examples * 784], y: Targets::Labels(&y[..examples]) };
            let gradient = |count: usize| {
                let mut replica = Replica::new(&model).unwrap();
                let mut model = compiled(name, 0.1);
                for number in 0..count {
                    let (share, part) = Share::new(&model, batch, number, count).unwrap();
                    share.compute(&model, &mut replica, part).unwrap();
                    model.step().unwrap().add(number, |sum| sum.clone_from(replica.sum())).unwrap();
                }
                let step = model.step().unwrap();
                (step.sum().gradient.clone(), step.sum().loss)
            };
            let alone = gradient(1);
            for count in [2, 4].into_iter().filter(|&count| count <= Share::max_count(&model, examples)) {
                assert!(gradient(count) == alone, "{name}: {examples} examples in {count} shares");
            }
        }
    }
}

/// Sums that leave zeros out, or overwrite what rounding leaves of them, must not hide that weights are no numbers.
#[test]
fn a_run_that_diverges_is_noticed() {
    let (x, y) = images(32);
    for name in CONVOLUTIONAL {
        let mut model = compiled(name, 3e38);
        let losses: Vec<f32> =
            (0..4).map(|_| model.train_step(&x, Targets::Labels(&y)).unwrap().loss).collect();
        assert!(
            losses[0].is_finite() && losses[1..].iter().any(|loss| !loss.is_finite()),
            "{name}: {losses:?}"
        );
        let weights = model.flat_weights();
        assert!(weights.iter().any(|weight| !weight.is_finite()), "{name}");
    }
}
