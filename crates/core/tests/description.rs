//! What a model tells of itself, and the calls that answer a whole intention at once.

use convscope_core::digits::{Rasterize, rasterize};
use convscope_core::random::Random;
use convscope_core::{Batch, Dataset, Evaluation, Metrics, Model, Targets, shift_images};
use serde_json::{Value, json};

/// LeNet-5 of the catalogue, cut short, with a frozen normalisation.
fn model() -> Model {
    let description = json!({ "class_name": "Sequential", "config": { "name": "short", "layers": [
        { "class_name": "InputLayer", "config": { "batch_shape": [null, 28, 28, 1] } },
        { "class_name": "Conv2D", "config": {
            "name": "conv", "filters": 6, "kernel_size": 5, "padding": "same", "activation": "relu" } },
        { "class_name": "MaxPooling2D", "config": { "name": "pool" } },
        { "class_name": "BatchNormalization", "config": { "name": "norm", "trainable": false } },
        { "class_name": "Conv2D", "config": { "name": "grouped", "filters": 4, "kernel_size": [5, 3],
            "groups": 2, "use_bias": false, "activation": "tanh" } },
        { "class_name": "Flatten", "config": { "name": "flatten" } },
        { "class_name": "Dropout", "config": { "name": "dropout", "rate": 0.3 } },
        { "class_name": "Dense", "config": { "name": "dense", "units": 10, "activation": "softmax",
            "kernel_regularizer": "l2" } }] } });
    Model::from_json(&description.to_string(), 9).unwrap()
}

fn examples(count: usize) -> (Vec<f32>, Vec<u16>) {
    let mut random = Random::new(3, 0);
    let x = (0..count * 784).map(|_| random.uniform(0.0, 1.0)).collect();
    (x, (0..count).map(|_| random.below(10) as u16).collect())
}

#[test]
fn a_summary_is_all_that_a_picture_of_the_network_needs() {
    let window = |input, size, stride, before, output| json!({ "input": input, "size": size, "stride": stride, "before": before, "output": output });
    let weight = |name: &str, shape: &[usize], trainable, first| {
        let role = name.split('/').next_back();
        json!({ "name": name, "shape": shape, "role": role, "trainable": trainable, "first": first })
    };
    let mut summary = serde_json::to_value(model().summary()).unwrap();
    let layers: Vec<Value> = summary["layers"].as_array().unwrap().clone();
    summary.as_object_mut().unwrap().remove("layers");
    assert_eq!(
        summary,
        json!({
            "name": "short", "seed": 9, "inputShape": [28, 28, 1], "outputs": 10, "answers": "probabilities",
            "params": 5170,
            "trainableParams": 5146, "multiplyAdds": 28 * 28 * 150 + 10 * 12 * 180 + 4800,
        })
    );
    assert_eq!(
        layers[1],
        json!({
            "name": "pool", "className": "MaxPooling2D", "outputShape": [14, 14, 6], "params": 0,
            "multiplyAdds": 0, "operation": "maximum", "activation": { "name": "linear", "signed": true },
            "signed": false, "passesOn": false, "source": "conv", "sourceShape": [28, 28, 6],
            "window": { "rows": window(28, 2, 2, 0, 14), "columns": window(28, 2, 2, 0, 14) },
            "receptiveField": { "size": [6, 6], "start": [-2, -2], "jump": [2, 2] },
            "groups": 1, "kernel": null, "bias": null, "weights": [],
        })
    );
    assert_eq!(
        layers[2]["weights"],
        json!([
            weight("norm/gamma", &[6], false, 156),
            weight("norm/beta", &[6], false, 162),
            weight("norm/moving_mean", &[6], false, 168),
            weight("norm/moving_variance", &[6], false, 174),
        ])
    );
    assert_eq!((&layers[2]["operation"], &layers[2]["signed"]), (&"normalization".into(), &true.into()));
    assert_eq!(
        layers[3],
        json!({
            "name": "grouped", "className": "Conv2D", "outputShape": [10, 12, 4], "params": 180,
            "multiplyAdds": 10 * 12 * 180, "operation": "weighted-sum",
            "activation": { "name": "tanh", "signed": true }, "signed": true, "passesOn": false,
            "source": "norm", "sourceShape": [14, 14, 6],
            "window": { "rows": window(14, 5, 1, 0, 10), "columns": window(14, 3, 1, 0, 12) },
            "receptiveField": { "size": [14, 10], "start": [-2, -2], "jump": [2, 2] },
            "groups": 2,
            "kernel": {
                "name": "grouped/kernel", "height": 5, "width": 3, "channels": 3, "units": 4, "groups": 2 },
            "bias": null, "weights": [weight("grouped/kernel", &[5, 3, 3, 4], true, 180)],
        })
    );
    for passed in [&layers[4], &layers[5]] {
        assert_eq!((&passed["passesOn"], &passed["operation"]), (&true.into(), &"copy".into()));
    }
    assert_eq!(
        layers[6],
        json!({
            "name": "dense", "className": "Dense", "outputShape": [10], "params": 4810, "multiplyAdds": 4800,
            "operation": "weighted-sum", "activation": { "name": "softmax", "signed": false },
            "signed": false, "passesOn": false, "source": "grouped", "sourceShape": [10, 12, 4],
            "window": null, "receptiveField": null, "groups": 1,
            "kernel": {
                "name": "dense/kernel", "height": 10, "width": 12, "channels": 4, "units": 10, "groups": 1 },
            "bias": "dense/bias",
            "weights": [
                weight("dense/kernel", &[480, 10], true, 360), weight("dense/bias", &[10], true, 5160)],
        })
    );
}

#[test]
fn a_model_is_evaluated_without_an_optimiser() {
    let (x, y) = examples(75);
    let batch = Batch::Arrays { x: &x, y: Targets::Labels(&y) };
    let mut model = model();
    let mut compiled = self::model();
    for loss in [
        r#""sparse_categorical_crossentropy""#,
        r#""mean_squared_error""#,
        r#"{"class_name": "CategoricalCrossentropy", "config": {"label_smoothing": 0.1}}"#,
        r#"{"class_name": "SparseCategoricalCrossentropy", "config": {"from_logits": true}}"#,
    ] {
        compiled.compile(&format!(r#"{{"optimizer": "sgd", "loss": {loss}}}"#)).unwrap();
        let expected = compiled.evaluate_batch(batch, None).unwrap();
        assert_eq!(model.evaluate_batch(batch, Some(loss)).unwrap(), expected, "{loss}");
        let Evaluation { loss: value, accuracy, confusion, predictions, probabilities } =
            model.evaluate_in_full(batch, Some(loss)).unwrap();
        assert_eq!(Metrics { loss: value, accuracy }, expected, "{loss}");

        let mut counts = vec![0; 100];
        let outputs = model.predict(&x).unwrap();
        for (index, output) in outputs.chunks(10).enumerate() {
            let answer = usize::from(predictions[index]);
            assert_eq!(probabilities[index], output[answer], "{loss}");
            assert!(output.iter().all(|&other| other <= output[answer]), "{loss}");
            counts[usize::from(y[index]) * 10 + answer] += 1;
        }
        assert_eq!(confusion, counts, "{loss}");
        let right: u32 = (0..10).map(|class| confusion[class * 11]).sum();
        assert_eq!(accuracy, right as f32 / 75.0);
    }
    assert_eq!(model.evaluate_batch(batch, None).unwrap_err().code(), "config");
    assert_eq!(model.evaluate_batch(batch, Some("mse")).unwrap_err().code(), "format");
    let error = model.evaluate_in_full(batch, Some(r#""dice""#)).unwrap_err();
    assert!(error.to_string().contains("dice"), "{error}");
}

#[test]
fn a_drawing_is_observed_in_one_call() {
    let mut model = model();
    let strokes = [vec![[0.2, 0.2], [0.8, 0.3], [0.4, 0.9]]];
    let options = Rasterize { pen_width: 3.0, center: false };
    let raster = rasterize(&strokes, &options).unwrap();
    for shift in [[0, 0], [3, -2]] {
        let found = model.observe_strokes(&strokes, &options, shift).unwrap();
        assert_eq!(found.placement, raster.placement);
        assert_eq!(found.image, shift_images(&raster.image, [28, 28, 1], shift).unwrap());
        assert_eq!(found.output, model.predict(&found.image).unwrap());
        assert!(found.output.iter().all(|&output| output <= found.output[found.class]));
        for layer in &found.layers {
            let maps = model.feature_maps(&found.image, &layer.name).unwrap();
            assert_eq!((&layer.shape, &layer.planes), (&maps.shape, &maps.planes), "{}", layer.name);
        }
        let names = found.layers.iter().map(|layer| &layer.name);
        assert!(names.eq(model.summary().layers.iter().map(|layer| &layer.name)));
        let given = model.observe(&found.image).unwrap();
        assert_eq!((given.placement, &given.layers), (None, &found.layers));
    }
    let blank = model.observe_strokes(&[], &Rasterize::default(), [0, 0]).unwrap();
    assert!(blank.placement.is_none() && blank.image.iter().all(|&pixel| pixel == 0.0));

    let beyond = [vec![[f32::NAN, 0.0]]];
    assert_eq!(model.observe_strokes(&beyond, &options, [0, 0]).unwrap_err().code(), "value");
    let small = json!({ "class_name": "Sequential", "config": { "layers": [
        { "class_name": "InputLayer", "config": { "batch_shape": [null, 8, 8, 1] } },
        { "class_name": "Flatten", "config": {} }] } });
    let mut small = Model::from_json(&small.to_string(), 0).unwrap();
    let error = small.observe_strokes(&strokes, &options, [0, 0]).unwrap_err();
    assert!(error.to_string().contains("28×28×1, the model needs (8, 8, 1)"), "{error}");
}

#[test]
fn one_weight_is_changed_in_its_place() {
    let mut model = model();
    let before = model.flat_weights().to_vec();
    let first = model.summary().layers[6].weights[0].first;
    model.set_weights_at("dense/kernel", 4798, &[2.0, 3.0]).unwrap();
    let mut expected = before.clone();
    expected[first + 4798..first + 4800].copy_from_slice(&[2.0, 3.0]);
    assert_eq!(model.flat_weights(), expected);
    for (name, at, values, words) in [
        ("dense/kernel", 4799, &[0.0, 0.0][..], "has 4800 numbers, got 2 from place 4799 on"),
        ("dense/kernel", usize::MAX, &[0.0], "has 4800 numbers"),
        ("dense/kernel", 0, &[f32::NAN], "finite"),
        ("dense/gamma", 0, &[0.0], "dense/gamma"),
    ] {
        let error = model.set_weights_at(name, at, values).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    assert_eq!(model.flat_weights(), expected);
}

#[test]
fn a_dataset_is_evaluated_as_its_arrays_are() {
    let mut model = model();
    let mut random = Random::new(5, 0);
    let pixels = (0..20 * 784).map(|_| random.below(256) as u8).collect();
    let data = Dataset::new(pixels, (0..20).map(|label| label % 10).collect(), [28, 28, 1]).unwrap();
    let indices = [3, 17, 3, 8];
    let x: Vec<f32> = indices.iter().flat_map(|&index| data.example(index as usize)).collect();
    let labels = indices.map(|index| data.labels()[index as usize]);
    let loss = Some(r#""mse""#);
    let of_data =
        model.evaluate_in_full(Batch::Of { data: &data, indices: &indices, augmentation: None }, loss);
    let of_arrays = model.evaluate_in_full(Batch::Arrays { x: &x, y: Targets::Labels(&labels) }, loss);
    assert_eq!(of_data.unwrap(), of_arrays.unwrap());
}

#[test]
fn numbers_of_a_description_stay_what_they_are() {
    let mut random = Random::new(17, 0);
    for _ in 0..200 {
        // As a slider along powers of ten has them.
        let rate = 10_f64.powf(f64::from(random.uniform(-6.0, 0.0)));
        let dropout = json!({ "class_name": "Dropout", "config": { "name": "dropout", "rate": rate } });
        let input = json!({ "class_name": "InputLayer", "config": { "batch_shape": [null, 4] } });
        let mut text =
            json!({ "class_name": "Sequential", "config": { "layers": [input, dropout] } }).to_string();
        for _ in 0..3 {
            text = Model::from_json(&text, 1).unwrap().to_json();
            let written =
                text.split("\"rate\":").nth(1).and_then(|rest| rest.split([',', '}']).next()).unwrap();
            assert_eq!(written.parse::<f64>().unwrap().to_bits(), rate.to_bits(), "{rate} became {written}");
        }
    }
}
