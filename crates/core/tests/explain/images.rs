//! What an image, or a data set of them, says of a unit and of an answer.

use crate::networks::{close, dataset, networks, units, values};
use convscope_core::Model;
use convscope_core::explain::{PLACES, ReluRule, UnitPlace, merge_rankings};
use convscope_core::random::Random;

/// The output of a unit, before a softmax.
fn value_of(model: &mut Model, x: &[f32], place: UnitPlace<'_>) -> f32 {
    let unit = model.explain_unit(x, place).unwrap();
    if unit.activation == "softmax" { unit.preactivation } else { unit.output }
}

#[test]
fn the_gradient_is_that_of_finite_differences() {
    for mut model in networks() {
        let shape = model.input_shape();
        let mut random = Random::new(3, 0);
        let x = values(&mut random, shape.len());
        let along = values(&mut random, shape.len());
        for (layer, unit, row, column) in units(&model) {
            let place = UnitPlace { layer: &layer, unit, row, column };
            let found = model.project(&x, &layer, unit, Some([row, column]), ReluRule::Gradient).unwrap();
            assert_eq!((found.row, found.column), (row, column));
            close(found.value, value_of(&mut model, &x, place), &layer);
            let step = 1e-3;
            let moved = |step: f32| -> Vec<f32> { x.iter().zip(&along).map(|(x, a)| x + step * a).collect() };
            let ahead = value_of(&mut model, &moved(step), place);
            let behind = value_of(&mut model, &moved(-step), place);
            let mut predicted = 0.0;
            let mut size = 0.0;
            for (index, along) in along.iter().enumerate() {
                let plane = index % shape.channels() * shape.positions() + index / shape.channels();
                predicted += found.image[plane] * along;
                size += found.image[plane].abs();
            }
            let measured = (ahead - behind) / (2.0 * step);
            assert!(
                (measured - predicted).abs() < 0.02 * size + 5e-3,
                "{layer} {unit} {row} {column}: {measured} measured, {predicted} predicted"
            );
        }
    }
}

#[test]
fn without_a_place_the_strongest_is_taken() {
    let mut model = networks().swap_remove(1);
    let x = values(&mut Random::new(5, 0), model.input_shape().len());
    let layer = "re_lu";
    let maps = model.feature_maps(&x, layer).unwrap();
    let positions = maps.shape[0] * maps.shape[1];
    for (unit, plane) in maps.planes.chunks(positions).enumerate() {
        let found = model.project(&x, layer, unit, None, ReluRule::Deconvnet).unwrap();
        let largest = plane.iter().copied().fold(f32::MIN, f32::max);
        assert_eq!(found.value, largest);
        assert_eq!(plane[found.row * maps.shape[1] + found.column], largest);
    }
}

#[test]
fn the_strongest_places_are_those_of_all_maps() {
    let mut model = networks().swap_remove(0);
    let data = dataset([9, 8, 4], 40, 11);
    let order: Vec<u32> = (0..40).rev().collect();
    let ranking = model.strongest_patches(&data, &order, &[]).unwrap();
    let names: Vec<_> = ranking.layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, ["conv2d", "batch_normalization"]);
    assert_eq!(ranking.layers[1].first, ranking.layers[0].units);

    let mut portion = Vec::new();
    for indices in order.chunks(7) {
        portion = model.strongest_patches(&data, indices, &portion).unwrap().ranking;
    }
    assert_eq!(portion, ranking.ranking);
    // The same examples again change nothing.
    assert_eq!(model.strongest_patches(&data, &order, &portion).unwrap().ranking, portion);

    for layer in &ranking.layers {
        for unit in 0..layer.units {
            let mut expected = Vec::new();
            for &index in &order {
                let maps = model.feature_maps(&data.example(index as usize), &layer.name).unwrap();
                let positions = maps.shape[0] * maps.shape[1];
                let plane = &maps.planes[unit * positions..][..positions];
                expected.push(plane.iter().copied().fold(f32::MIN, f32::max));
            }
            expected.sort_by(|a, b| b.total_cmp(a));
            let own = &ranking.ranking[(layer.first + unit) * PLACES * 4..][..PLACES * 4];
            for (place, &value) in own.chunks(4).zip(&expected) {
                close(place[0], value, &layer.name);
                let maps = model.feature_maps(&data.example(place[1] as usize), &layer.name).unwrap();
                let [height, width, _] = maps.shape;
                let at = (unit * height + place[2] as usize) * width + place[3] as usize;
                close(maps.planes[at], place[0], &layer.name);
            }
        }
    }
    // What two workers found, each over its half, is what one would have found.
    let [one, other] =
        [0, 20].map(|start| model.strongest_patches(&data, &order[start..start + 20], &[]).unwrap().ranking);
    assert_eq!(merge_rankings(&one, &other).unwrap(), ranking.ranking);
    assert_eq!(merge_rankings(&one, &one).unwrap(), one);
    assert_eq!(merge_rankings(&one, &other[1..]).unwrap_err().code(), "shape");
    assert_eq!(merge_rankings(&[0.0; 35], &[0.0; 35]).unwrap_err().code(), "shape");

    let few = model.strongest_patches(&data, &[3], &[]).unwrap();
    assert_eq!(few.ranking[4..8], [f32::NEG_INFINITY, -1.0, -1.0, -1.0]);
}

#[test]
fn hidden_squares_change_what_the_network_says() {
    let mut model = networks().swap_remove(1);
    let x = values(&mut Random::new(8, 0), 110);
    for (size, stride, value) in [(1, 1, 0.0), (3, 1, 0.0), (3, 2, 0.5), (5, 4, 1.0), (31, 3, 0.0)] {
        let found = model.occlude(&x, size, stride, value).unwrap();
        assert_eq!([found.rows, found.columns], [10_usize.div_ceil(stride), 11_usize.div_ceil(stride)]);
        for place in 0..found.rows * found.columns {
            let (y, x_) = (place / found.columns * stride, place % found.columns * stride);
            let hidden: Vec<f32> = (0..110)
                .map(|pixel| {
                    let near = (pixel / 11_usize).abs_diff(y) <= size / 2
                        && (pixel % 11_usize).abs_diff(x_) <= size / 2;
                    if near { value } else { x[pixel] }
                })
                .collect();
            let expected = model.predict(&hidden).unwrap();
            for (&got, &expected) in found.probabilities[place * 4..].iter().zip(&expected) {
                close(got, expected, "occlusion");
            }
        }
    }
}

#[test]
fn a_class_activation_map_sums_to_the_logit() {
    let mut model = networks().swap_remove(1);
    let x = values(&mut Random::new(4, 0), 110);
    for unit in 0..4 {
        let found = model.class_activation(&x, unit).unwrap();
        let logit = model.feature_maps(&x, "dense").unwrap().planes[unit];
        let mean = found.map.iter().sum::<f32>() / (found.height * found.width) as f32;
        close(mean + found.bias, logit, "class activation");
    }
    assert_eq!(model.class_activation(&x, 4).unwrap_err().code(), "value");
    for number in [0, 2, 3, 4] {
        let mut other = networks().swap_remove(number);
        let x = values(&mut Random::new(4, 0), other.input_shape().len());
        let error = other.class_activation(&x, 0).unwrap_err();
        assert!(error.code() == "value" && error.to_string().contains("GlobalAveragePooling2D"), "{error}");
    }
}

#[test]
fn the_effective_field_is_the_mean_of_gradients() {
    let mut model = networks().swap_remove(0);
    let data = dataset([9, 8, 4], 45, 2);
    let place = UnitPlace { layer: "max_pooling2d", unit: 3, row: 1, column: 2 };
    let indices: Vec<u32> = (0..45).collect();
    let field = model.effective_receptive_field(&data, &indices, place).unwrap();
    let mut expected = vec![0.0; 72];
    for index in 0..45 {
        let found = model
            .project(&data.example(index), "max_pooling2d", 3, Some([1, 2]), ReluRule::Gradient)
            .unwrap();
        for (index, value) in found.image.iter().enumerate() {
            expected[index % 72] += value.abs() / 45.0;
        }
    }
    for (&got, &expected) in field.iter().zip(&expected) {
        close(got, expected, "effective receptive field");
    }
}

#[test]
fn an_image_made_for_a_unit_raises_it() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/models/convnet.safetensors");
    let mut model = Model::from_safetensors(&std::fs::read(file).unwrap()).unwrap();
    // Behind the last the noise shuts every ReLU of some.
    let layers = ["conv2d", "conv2d_1", "max_pooling2d_1", "conv2d_4", "dense"];
    for (layer, unit) in layers.into_iter().flat_map(|layer| (0..4).map(move |unit| (layer, unit))) {
        let maps = model.feature_maps(&vec![0.0; 784], layer).unwrap();
        let place = UnitPlace { layer, unit, row: maps.shape[0] / 2, column: maps.shape[1] / 2 };
        let found = model.maximize(place, 64, 3).unwrap();
        assert!(found.image.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
        assert!(
            found.after > found.before + 2.0 * found.before.abs(),
            "{layer} {unit}: from {} to {}",
            found.before,
            found.after
        );
        close(model.explain_unit(&found.image, place).unwrap().preactivation, found.after, layer);
        let again = model.maximize(place, 64, 3).unwrap();
        assert_eq!(again.image, found.image);
        assert_ne!(model.maximize(place, 64, 4).unwrap().image, found.image);
    }
}
