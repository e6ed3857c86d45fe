use super::*;
use alloc::string::ToString;
use alloc::vec;
use serde_json::json;

fn step(description: Value, gradients: &mut [f32]) -> Vec<f32> {
    let mut optimizer = Optimizer::from_value(&description).unwrap();
    let mut weights = vec![1.0; gradients.len()];
    optimizer.start(weights.len());
    let half = gradients.len() / 2;
    let ranges = [0..half, half..gradients.len()];
    optimizer.step(convscope_kernels::level(), &mut weights, gradients, ranges.into_iter());
    weights
}

#[test]
fn clipping_follows_keras() {
    let sgd =
        |name: &str, limit: f32| json!({"class_name": "SGD", "config": {"learning_rate": 1.0, name: limit}});
    let close = convscope_kernels::reference::assert_close;
    close(&step(sgd("clipvalue", 0.5), &mut [3.0, -0.25]), &[0.5, 1.25], 1e-6);
    close(&step(sgd("clipnorm", 1.0), &mut [3.0, 4.0, 0.3, 0.4]), &[0.4, 0.2, 0.7, 0.6], 1e-6);
    close(&step(sgd("global_clipnorm", 1.0), &mut [3.0, 4.0]), &[0.4, 0.2], 1e-6);
    // Each variable is short enough, all together are not.
    close(&step(sgd("global_clipnorm", 4.0), &mut [3.0, 4.0]), &[-1.4, -2.2], 1e-6);
    close(&step(sgd("clipnorm", 4.0), &mut [3.0, 4.0]), &[-2.0, -3.0], 1e-6);
}

/// The weights after `steps` steps with the gradient ½, from 1.
fn weight_after(description: Value, steps: usize) -> f32 {
    let mut optimizer = Optimizer::from_value(&description).unwrap();
    optimizer.start(1);
    let mut weight = [1.0];
    for _ in 0..steps {
        optimizer.step(convscope_kernels::level(), &mut weight, &mut [0.5], core::iter::once(0..1));
    }
    weight[0]
}

#[test]
fn a_constant_gradient_moves_adam_by_the_learning_rate_whatever_its_averages() {
    for name in ["Adam", "Adamax", "AdamW"] {
        for [beta_1, beta_2] in [[0.9, 0.999], [0.5, 0.75], [0.0, 0.25]] {
            // Corrected for their start at 0, the averages are g and g², or |g|, from the first step on.
            let config = json!({ "learning_rate": 0.125, "beta_1": beta_1, "beta_2": beta_2, "epsilon": 0,
                "weight_decay": 0 });
            let description = json!({ "class_name": name, "config": config });
            for (steps, expected) in [(1, 0.875), (2, 0.75), (3, 0.625)] {
                let weight = weight_after(description.clone(), steps);
                assert!((weight - expected).abs() < 1e-5, "{name}: {weight} after {steps} steps");
            }
        }
    }
}

#[test]
fn decay_takes_its_part_of_a_weight_before_the_step() {
    let sgd = |decay: f32| {
        weight_after(
            json!({ "class_name": "SGD", "config": { "learning_rate": 0.25, "weight_decay": decay } }),
            1,
        )
    };
    assert_eq!(sgd(0.0), 1.0 - 0.25 * 0.5);
    assert_eq!(sgd(0.5), 1.0 - 0.25 * 0.5 - 0.25 * 0.5);
    assert_eq!(sgd(2.0), 1.0 - 0.25 * 2.0 - 0.25 * 0.5);
    // Without a decay no weight is touched, not even the sign of a zero.
    let mut optimizer = Optimizer::from_value(&json!("SGD")).unwrap();
    let mut weight = [-0.0];
    optimizer.step(convscope_kernels::level(), &mut weight, &mut [0.0], core::iter::once(0..1));
    assert!(weight[0].is_sign_negative());
}

#[test]
fn the_learning_rate_can_be_changed_to_any_number_from_0_up() {
    let mut optimizer = Optimizer::from_value(&json!("SGD")).unwrap();
    for rate in [0.0, 0.5, 2.0] {
        optimizer.set_learning_rate(rate).unwrap();
        assert_eq!(optimizer.learning_rate(), rate);
    }
    for rate in [-0.5, f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let error = optimizer.set_learning_rate(rate).unwrap_err().to_string();
        assert!(error.contains("learning_rate: expected a number from 0 up"), "{error}");
        assert_eq!(optimizer.learning_rate(), 2.0);
    }
}

#[test]
fn an_optimizer_that_resumes_goes_on_where_the_other_was() {
    let description = json!({ "class_name": "adam", "config": { "learning_rate": {
        "class_name": "CosineDecay", "config": { "initial_learning_rate": 0.5, "decay_steps": 8 } } } });
    let mut one = Optimizer::from_value(&description).unwrap();
    let mut other = one.clone();
    assert_eq!(one.class_name(), "Adam");
    let step = |optimizer: &mut Optimizer, weights: &mut [f32; 2]| {
        optimizer.step(convscope_kernels::level(), weights, &mut [0.5, -1.0], core::iter::once(0..2));
    };
    one.start(2);
    other.start(2);
    let mut weights = [1.0, 2.0];
    for steps in 0..4 {
        assert_eq!(one.steps(), steps);
        step(&mut one, &mut weights);
    }
    // Half way down.
    assert!((one.learning_rate() - 0.25).abs() < 1e-6);
    other.resume(one.steps(), one.slots().to_vec());
    let mut resumed = weights;
    step(&mut one, &mut weights);
    step(&mut other, &mut resumed);
    assert_eq!(resumed, weights);
    one.start(2);
    assert_eq!((one.steps(), one.slots()), (0, &[vec![0.0; 2], vec![0.0; 2]][..]));
}

#[test]
fn flags_are_those_of_the_description() {
    let momentum = |nesterov: bool| {
        let config = json!({ "learning_rate": 0.25, "momentum": 0.5, "nesterov": nesterov });
        weight_after(json!({ "class_name": "SGD", "config": config }), 1)
    };
    // v = −η·g, and w + v or w + ½·v − η·g.
    assert_eq!((momentum(false), momentum(true)), (0.875, 0.8125));
    let plain =
        weight_after(json!({ "class_name": "SGD", "config": { "momentum": 0.5, "learning_rate": 0.25 } }), 1);
    assert_eq!(plain, 0.875);
}

#[test]
fn powers_are_products() {
    for base in [0.0, 0.5, 1.0, -1.5, 2.0] {
        let mut product = 1.0;
        for exponent in 0..20 {
            assert_eq!(power(base, exponent), product, "{base} to the {exponent}");
            product *= base;
        }
    }
}

/// Whether running averages, all 0 but for one number of one of them, are taken up after `steps` steps.
fn taken_up(optimizer: &Value, steps: u64, slot: usize, place: usize, value: f32) -> Result<()> {
    // More weights than are tried at once.
    let weights = vec![1.0; 3 * TRIED];
    let mut optimizer = Optimizer::from_value(optimizer).unwrap();
    optimizer.start(weights.len());
    let mut slots = optimizer.slots().to_vec();
    slots.iter_mut().for_each(|slot| slot.fill(0.0));
    slots[slot][place] = value;
    optimizer.check(convscope_kernels::level(), &weights, steps, &slots)
}

#[test]
fn averages_of_squares_are_not_taken_up_below_0() {
    let centred = json!({"class_name": "RMSprop", "config": {"centered": true}});
    let amsgrad = json!({"class_name": "Adam", "config": {"amsgrad": true}});
    for (optimizer, signs) in [
        (&json!({"class_name": "SGD", "config": {"momentum": 0.9}}), &[true][..]),
        (&json!("Adagrad"), &[false]),
        (&centred, &[false, true, true]),
        (&amsgrad, &[true, false, false]),
        (&json!("Adamax"), &[true, false]),
    ] {
        for (slot, &below_0) in signs.iter().enumerate() {
            let taken = taken_up(optimizer, 5, slot, 300, -1e-9);
            assert_eq!(taken.is_ok(), below_0, "{optimizer}: {slot}: {taken:?}");
            taken_up(optimizer, 5, slot, 300, 0.0).unwrap();
            assert!(taken_up(optimizer, 5, slot, 300, f32::NAN).is_err(), "{optimizer}: {slot}");
        }
    }
}

#[test]
fn averages_that_leave_no_finite_weight_are_refused_wherever_they_are() {
    let momentum = json!({"class_name": "SGD", "config": {"momentum": 1.0}});
    for place in [0, TRIED - 1, TRIED, 2 * TRIED + 7, 3 * TRIED - 1] {
        taken_up(&momentum, 5, 0, place, 1e38).unwrap();
        // The weights are 1, which the largest number takes up without a trace.
        taken_up(&momentum, 5, 0, place, f32::MAX).unwrap();
        let error = taken_up(&json!("Adam"), 5, 0, place, 1e38).unwrap_err().to_string();
        assert!(error.contains("the next step of Adam would leave no finite weights"), "{error}");
    }
    // The first step is the one without steps before.
    taken_up(&json!("Adam"), 0, 1, 0, 0.0).unwrap();
}

#[test]
fn every_optimizer_refuses_a_misspelt_argument() {
    for name in DEFINITIONS.iter().map(|definition| definition.class_name) {
        let error = Optimizer::from_value(&json!({"class_name": name, "config": {"learning_rat": 0.1}}));
        let message = format!("learning_rat: {name} has no such argument; did you mean learning_rate?");
        assert_eq!(error.unwrap_err().to_string(), message);
        Optimizer::from_value(&json!(name.to_lowercase())).unwrap();
    }
}

#[test]
fn unsupported_arguments_are_named() {
    for (config, word) in [
        (json!({"use_ema": true}), "use_ema"),
        (json!({"learning_rate": {"class_name": "ExponentialDecay"}}), "learning_rate"),
        (json!({"beta_1": 1.5}), "beta_1"),
        (json!({"beta1": 0.5}), "did you mean beta_1?"),
        (
            json!({"momentum": 0.5}),
            "Adam has no such argument; it has beta_1, beta_2, epsilon, amsgrad, learning_rate",
        ),
        (json!({"clipnorm": 0}), "clipnorm"),
    ] {
        let error = Optimizer::from_value(&json!({"class_name": "Adam", "config": config})).unwrap_err();
        assert!(error.to_string().contains(word), "{error}");
    }
    assert!(Optimizer::from_value(&json!("Ftrl")).is_err());
}
