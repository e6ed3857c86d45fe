//! Features of many examples: their components and their neighbours.

use crate::networks::{close, dataset, networks, values};
use convscope_core::explain::{coordinates, nearest_rows, principal_components};
use convscope_core::random::Random;

#[test]
fn features_are_the_layers_outputs() {
    let mut model = networks().swap_remove(0);
    let data = dataset([9, 8, 4], 50, 6);
    let x: Vec<f32> = (0..50).flat_map(|index| data.example(index)).collect();
    let indices: Vec<u32> = (0..50).collect();
    for layer in model.summary().layers {
        let features = model.features(&x, &layer.name).unwrap();
        assert_eq!(model.features_on(&data, &indices, &layer.name).unwrap(), features);
        let maps = model.feature_maps(&data.example(49), &layer.name).unwrap();
        let [height, width, channels] = maps.shape;
        let own = &features[49 * maps.planes.len()..];
        for (index, &value) in own.iter().enumerate() {
            let plane = index % channels * height * width + index / channels;
            close(value, maps.planes[plane], &layer.name);
        }
    }
}

#[test]
fn components_are_those_of_a_known_matrix() {
    // Rows that spread by 5, 2 and 0.5 along known directions at right angles, about a known mean.
    let directions = [[2.0, 2.0, 1.0, 0.0], [-2.0, 1.0, 2.0, 0.0], [0.0, 0.0, 0.0, 3.0]];
    let mut random = Random::new(1, 0);
    let mut rows = Vec::new();
    for _ in 0..400 {
        let places = [5.0, 2.0, 0.5].map(|spread| spread * random.normal());
        for axis in 0..4 {
            let mut value = 10.0 * axis as f32;
            for (direction, place) in directions.iter().zip(places) {
                value += direction[axis] / 3.0 * place;
            }
            rows.push(value);
        }
    }
    let found = principal_components(&rows, 4, 3, &[]).unwrap();
    for (number, direction) in directions.iter().enumerate() {
        for (axis, component) in direction.iter().enumerate() {
            // Samples of 400 don't lie exactly along the directions.
            let got = found.directions[number * 4 + axis].abs();
            assert!((got - f32::abs(component / 3.0)).abs() < 0.1, "{:?}", found.directions);
        }
        let own = &found.directions[number * 4..][..4];
        let largest = own.iter().copied().fold(0.0, |a: f32, b| if b.abs() > a.abs() { b } else { a });
        assert!(largest > 0.0);
        close(own.iter().map(|value| value * value).sum(), 1.0, "length");
    }
    // The covariance matrix times a direction is the variance times it.
    let covariance = |a: usize, b: usize| -> f64 {
        let centred = |row: &[f32], axis: usize| f64::from(row[axis]) - f64::from(found.mean[axis]);
        rows.chunks(4).map(|row| centred(row, a) * centred(row, b)).sum::<f64>() / 399.0
    };
    for (direction, &variance) in found.directions.chunks(4).zip(&found.variances) {
        for axis in 0..4 {
            let product: f64 =
                (0..4).map(|other| covariance(axis, other) * f64::from(direction[other])).sum();
            assert!((product - f64::from(variance * direction[axis])).abs() < 1e-3 * f64::from(found.total));
        }
    }
    close(found.total, (0..4).map(|axis| covariance(axis, axis)).sum::<f64>() as f32, "total");
    assert_eq!(coordinates(&rows, &found.mean, &found.directions).unwrap(), found.coordinates);

    // From directions the other way round the signs stay.
    let turned: Vec<f32> = found.directions.iter().map(|value| -value).collect();
    let again = principal_components(&rows, 4, 3, &turned).unwrap();
    for (a, b) in again.directions.iter().zip(&turned) {
        assert!((a - b).abs() < 1e-3);
    }
}

#[test]
fn rows_without_variance_still_have_directions() {
    for (rows, width) in [(vec![1.0; 12], 4), (vec![3.0, 1.0], 2), (vec![1.0, 1.0, 2.0, 2.0, 5.0, 5.0], 2)] {
        let found = principal_components(&rows, width, 2, &[]).unwrap();
        let dot: f32 = (0..width).map(|axis| found.directions[axis] * found.directions[width + axis]).sum();
        assert!(dot.abs() < 1e-5 && found.directions.iter().all(|value| value.is_finite()), "{found:?}");
        assert!(found.variances[1].abs() < 1e-6);
    }
    let huge = [f32::MAX, -f32::MAX, -f32::MAX, f32::MAX];
    assert!(principal_components(&huge, 2, 2, &[]).unwrap().directions.iter().all(|value| value.is_finite()));
}

#[test]
fn the_nearest_rows_come_in_order() {
    let mut random = Random::new(2, 0);
    let rows = values(&mut random, 300 * 5);
    let row = values(&mut random, 5);
    let mut expected: Vec<(f64, u32)> = rows
        .chunks(5)
        .zip(0..)
        .map(|(other, index)| (other.iter().zip(&row).map(|(a, b)| f64::from(a - b).powi(2)).sum(), index))
        .collect();
    expected.sort_by(|a, b| a.0.total_cmp(&b.0));
    for count in [1, 7, 256] {
        let (indices, distances) = nearest_rows(&rows, &row, count).unwrap();
        let wanted: Vec<u32> = expected.iter().take(count).map(|&(_, index)| index).collect();
        assert_eq!(indices, wanted);
        close(distances[count - 1], expected[count - 1].0.sqrt() as f32, "distance");
    }
    assert_eq!(nearest_rows(&rows[..10], &row, 9).unwrap().0.len(), 2);
}
