//! What is exactly zero by its definition is exactly zero here: a window of zeros gives the bias, and where no
//! gradient reaches there is none. A method that adds up rounded sums would leave noise, and a ReLU lets it through.

#![allow(clippy::disallowed_macros, clippy::disallowed_methods, reason = "tests are not downloaded")]

use convscope_core::explain::{ReluRule, UnitPlace};
use convscope_core::random::Random;
use convscope_core::{Dataset, Model, WindowSummary};
use serde_json::{Value, json};
use std::{fs, path::Path};

/// Few examples and many, since layers may choose their method by the number.
const BATCHES: [usize; 3] = [1, 3, 9];

/// The shipped models that have convolutions, by name.
fn shipped() -> Vec<(String, Model)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/models");
    let mut names: Vec<String> = fs::read_dir(&directory)
        .unwrap()
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            let weights = path.extension().is_some_and(|extension| extension == "safetensors");
            weights.then(|| path.file_stem().unwrap().to_string_lossy().into_owned())
        })
        .collect();
    names.sort();
    let models = names.into_iter().map(|name| {
        let mut model =
            Model::from_json(&fs::read_to_string(directory.join(format!("{name}.json"))).unwrap(), 1)
                .unwrap();
        model.load_safetensors(&fs::read(directory.join(format!("{name}.safetensors"))).unwrap()).unwrap();
        (name, model)
    });
    let models: Vec<_> = models.filter(|(_, model)| convolutions(model).next().is_some()).collect();
    assert!(models.len() >= 4, "{} shipped models have convolutions", models.len());
    models
}

/// One convolution, with nothing around it.
struct Convolution {
    name: String,
    config: Value,
    input: Vec<usize>,
    kernel: Vec<f32>,
    bias: Vec<f32>,
}

/// The layers that slide a kernel, by name.
fn convolutions(model: &Model) -> impl Iterator<Item = String> + use<> {
    let layers = model.summary().layers.into_iter();
    layers.filter(|layer| layer.kernel.is_some() && layer.window.is_some()).map(|layer| layer.name)
}

/// Every convolution of the shipped models with its weights, and some more shapes with random ones.
fn every_convolution() -> Vec<Convolution> {
    let mut all = Vec::new();
    for (name, model) in shipped() {
        let description: Value = serde_json::from_str(&model.to_json()).unwrap();
        let layers = model.summary().layers;
        for layer in convolutions(&model) {
            let summary = layers.iter().find(|other| other.name == layer).unwrap();
            let described = description["config"]["layers"].as_array().unwrap().iter();
            let config = described.map(|other| &other["config"]).find(|config| config["name"] == *layer);
            let weights = |name: &str| model.weights(name).unwrap().values;
            all.push(Convolution {
                name: format!("{name}/{layer}"),
                config: config.unwrap().clone(),
                input: summary.source_shape.clone(),
                kernel: weights(&summary.kernel.as_ref().unwrap().name),
                bias: summary.bias.as_ref().map_or(Vec::new(), |name| weights(name)),
            });
        }
    }
    let mut random = Random::new(5, 0);
    for size in [3, 5] {
        for padding in ["same", "valid"] {
            for [channels, filters] in [[12, 24], [24, 12], [32, 64], [64, 32]] {
                let config = json!({
                    "name": "conv2d", "filters": filters, "kernel_size": size, "padding": padding,
                });
                all.push(Convolution {
                    name: format!("{size}x{size} {padding} {channels} to {filters}"),
                    config,
                    input: vec![14, 13, channels],
                    kernel: normal(&mut random, size * size * channels * filters),
                    bias: normal(&mut random, filters),
                });
            }
        }
    }
    all
}

fn normal(random: &mut Random, len: usize) -> Vec<f32> {
    (0..len).map(|_| random.uniform(-0.3, 0.3)).collect()
}

impl Convolution {
    /// The layer alone with `activation`, with the layers `behind`, and its own or other biases.
    fn model(&self, activation: &str, behind: &[Value], bias: &[f32]) -> Model {
        let [height, width, channels] = self.input[..] else { panic!("{} is not an image", self.name) };
        let mut config = self.config.clone();
        config["activation"] = activation.into();
        let mut layers = vec![
            json!({ "class_name": "InputLayer", "config": { "batch_shape": [null, height, width, channels] } }),
            json!({ "class_name": "Conv2D", "config": config }),
        ];
        layers.extend_from_slice(behind);
        let description = json!({ "class_name": "Sequential", "config": { "layers": layers } });
        let mut model = Model::from_json(&description.to_string(), 1).unwrap();
        let all = model.summary().layers.remove(0);
        model.set_weights(&all.kernel.unwrap().name, &self.kernel).unwrap();
        if let Some(name) = all.bias {
            model.set_weights(&name, bias).unwrap();
        }
        model
    }

    fn window(&self) -> WindowSummary {
        self.model("linear", &[], &self.bias).summary().layers[0].window.unwrap()
    }
}

/// Images of zeros with a patch of random pixels, channels last.
fn sparse(random: &mut Random, [height, width, channels]: [usize; 3], examples: usize) -> Vec<f32> {
    let mut images = vec![0.0; examples * height * width * channels];
    for image in images.chunks_exact_mut(height * width * channels) {
        let [top, left] = [height, width].map(|size| (random.uniform(0.0, 1.0) * size as f32) as usize);
        for row in top..(top + 2).min(height) {
            for column in left..(left + 2).min(width) {
                let pixel = (row * width + column) * channels;
                image[pixel..pixel + channels].fill_with(|| random.uniform(-1.0, 1.0));
            }
        }
    }
    images
}

/// What was not as it must be, of how many, and by how much.
#[derive(Default)]
struct Noise {
    checked: usize,
    wrong: usize,
    largest: f32,
    first: String,
}

impl Noise {
    fn check(&mut self, value: f32, expected: f32, place: impl Fn() -> String) {
        self.checked += 1;
        // A negative zero is a zero too.
        if value != expected {
            if self.wrong == 0 {
                self.first = place();
            }
            self.wrong += 1;
            self.largest = self.largest.max((value - expected).abs());
        }
    }

    #[track_caller]
    fn expect_none(&self, least: usize) {
        let Self { checked, wrong, largest, first } = self;
        assert!(*checked >= least, "only {checked} values were there to check");
        assert!(*wrong == 0, "{wrong} of {checked} values are off, by up to {largest:e}; the first: {first}");
    }
}

/// Calls `check` for every output of `window` whose window holds only zeros of `image`.
fn for_each_empty_window(
    window: WindowSummary,
    image: &[f32],
    channels: usize,
    mut check: impl FnMut(usize, usize),
) {
    let WindowSummary { rows, columns } = window;
    for row in 0..rows.output {
        for column in 0..columns.output {
            let ((top, bottom), (left, right)) = (rows.span(row), columns.span(column));
            let empty = (top..bottom).all(|row| {
                let start = row * columns.input;
                image[(start + left) * channels..(start + right) * channels].iter().all(|&value| value == 0.0)
            });
            if empty {
                check(row, column);
            }
        }
    }
}

#[test]
fn a_window_of_zeros_gives_exactly_the_bias() {
    let mut noise = Noise::default();
    let mut random = Random::new(7, 0);
    for convolution in every_convolution() {
        let [height, width, channels] = convolution.input[..] else { unreachable!() };
        let window = convolution.window();
        let filters = convolution.bias.len();
        for bias in [vec![0.0; filters], convolution.bias.clone()] {
            for activation in ["linear", "relu"] {
                let mut model = convolution.model(activation, &[], &bias);
                for examples in BATCHES {
                    let x = sparse(&mut random, [height, width, channels], examples);
                    let outputs = model.predict(&x).unwrap();
                    let images = x.chunks_exact(x.len() / examples);
                    for (image, output) in images.zip(outputs.chunks_exact(outputs.len() / examples)) {
                        for_each_empty_window(window, image, channels, |row, column| {
                            let at = (row * window.columns.output + column) * filters;
                            for (filter, &value) in output[at..at + filters].iter().enumerate() {
                                let bias = bias[filter];
                                let expected = if activation == "relu" { bias.max(0.0) } else { bias };
                                noise.check(value, expected, || {
                                    let name = &convolution.name;
                                    format!("{name}, {activation}, {examples} examples: {value:e}, not {expected:e}")
                                });
                            }
                        });
                    }
                }
            }
        }
    }
    noise.expect_none(1_000_000);
}

#[test]
fn a_pool_over_windows_of_zeros_gives_exactly_the_bias() {
    let mut noise = Noise::default();
    let mut random = Random::new(8, 0);
    let pooling = json!({ "class_name": "MaxPooling2D", "config": { "pool_size": 2 } });
    for convolution in every_convolution() {
        let [height, width, channels] = convolution.input[..] else { unreachable!() };
        let window = convolution.window();
        let filters = convolution.bias.len();
        let pooled = [window.rows.output / 2, window.columns.output / 2];
        if pooled.contains(&0) {
            continue;
        }
        for bias in [vec![0.0; filters], convolution.bias.clone()] {
            let mut model = convolution.model("relu", std::slice::from_ref(&pooling), &bias);
            for examples in BATCHES {
                let x = sparse(&mut random, [height, width, channels], examples);
                let outputs = model.predict(&x).unwrap();
                let images = x.chunks_exact(x.len() / examples);
                for (image, output) in images.zip(outputs.chunks_exact(outputs.len() / examples)) {
                    let mut empty = vec![0; pooled[0] * pooled[1]];
                    for_each_empty_window(window, image, channels, |row, column| {
                        if row / 2 < pooled[0] && column / 2 < pooled[1] {
                            empty[row / 2 * pooled[1] + column / 2] += 1;
                        }
                    });
                    for (place, _) in empty.iter().enumerate().filter(|(_, windows)| **windows == 4) {
                        for (filter, &value) in output[place * filters..][..filters].iter().enumerate() {
                            noise.check(value, bias[filter].max(0.0), || {
                                format!("{}, {examples} examples: {value:e}", convolution.name)
                            });
                        }
                    }
                }
            }
        }
    }
    noise.expect_none(100_000);
}

#[test]
fn an_input_that_no_gradient_reaches_has_none() {
    let mut noise = Noise::default();
    let mut random = Random::new(9, 0);
    for convolution in every_convolution() {
        let [height, width, channels] = convolution.input[..] else { unreachable!() };
        let WindowSummary { rows, columns } = convolution.window();
        let filters = convolution.bias.len();
        let model = convolution.model("linear", &[], &convolution.bias);
        for examples in BATCHES {
            let x = normal(&mut random, examples * height * width * channels);
            let gradient = sparse(&mut random, [rows.output, columns.output, filters], examples);
            let found = model.backward_from(&x, &gradient, true).unwrap().input;
            let gradients = gradient.chunks_exact(gradient.len() / examples);
            for (gradient, found) in gradients.zip(found.chunks_exact(found.len() / examples)) {
                let mut reached = vec![false; height * width];
                for (at, _) in gradient.iter().enumerate().filter(|(_, value)| **value != 0.0) {
                    let (row, column) = (at / filters / columns.output, at / filters % columns.output);
                    let ((top, bottom), (left, right)) = (rows.span(row), columns.span(column));
                    (top..bottom).for_each(|row| reached[row * width + left..row * width + right].fill(true));
                }
                for (pixel, _) in reached.iter().enumerate().filter(|(_, reached)| !**reached) {
                    for &value in &found[pixel * channels..(pixel + 1) * channels] {
                        noise.check(value, 0.0, || {
                            format!("{}, {examples} examples: {value:e}", convolution.name)
                        });
                    }
                }
            }
        }
    }
    noise.expect_none(1_000_000);
}

/// The places of a map where fields end within the image, at its edges and beyond them.
fn places([height, width]: [usize; 2]) -> impl Iterator<Item = [usize; 2]> {
    let along = |size: usize| [0, 1.min(size - 1), size / 2, size - 1];
    along(height).into_iter().flat_map(move |row| along(width).map(|column| [row, column]))
}

/// Calls `check` with each unit's place and, for every pixel of the input, whether the unit's field holds it.
fn for_each_field(model: &mut Model, mut check: impl FnMut(&mut Model, UnitPlace<'_>, &[bool])) {
    let [height, width, _] = model.summary().input_shape[..] else { panic!("the input is not an image") };
    for layer in convolutions(model) {
        let all = model.summary().layers;
        let [rows, columns, filters] = all.iter().find(|other| other.name == layer).unwrap().output_shape[..]
        else {
            panic!("{layer} has no maps")
        };
        for [row, column] in places([rows, columns]) {
            for unit in [0, filters / 2, filters - 1] {
                let place = UnitPlace { layer: &layer, unit, row, column };
                let field = model.regions(place).unwrap().pop().unwrap();
                let within = |range: [usize; 2], at: usize| (range[0]..range[1]).contains(&at);
                let inside: Vec<bool> = (0..height * width)
                    .map(|pixel| within(field.rows, pixel / width) && within(field.columns, pixel % width))
                    .collect();
                check(model, place, &inside);
            }
        }
    }
}

#[test]
fn projections_are_exactly_zero_outside_the_field() {
    let mut noise = Noise::default();
    let mut random = Random::new(10, 0);
    for (name, mut model) in shipped() {
        let x: Vec<f32> = (0..model.input_shape().len()).map(|_| random.uniform(0.0, 1.0)).collect();
        for_each_field(&mut model, |model, place, inside| {
            for rule in [ReluRule::Gradient, ReluRule::Guided, ReluRule::Deconvnet] {
                let at = Some([place.row, place.column]);
                let image = model.project(&x, place.layer, place.unit, at, rule).unwrap().image;
                for (pixel, &value) in image.iter().enumerate() {
                    if !inside[pixel % inside.len()] {
                        noise.check(value, 0.0, || format!("{name}: {place:?}, {rule:?}: {value:e}"));
                    }
                }
            }
        });
    }
    noise.expect_none(100_000);
}

#[test]
fn effective_receptive_fields_are_exactly_zero_outside_the_field() {
    let mut noise = Noise::default();
    let mut random = Random::new(11, 0);
    for (name, mut model) in shipped() {
        let [height, width, channels] = model.summary().input_shape[..] else { unreachable!() };
        let examples = 9;
        let pixels = (0..examples * height * width * channels).map(|_| random.uniform(0.0, 255.0) as u8);
        let data = Dataset::new(pixels.collect(), vec![0; examples], [height, width, channels]).unwrap();
        for indices in BATCHES.map(|examples| (0..examples as u32).collect::<Vec<_>>()) {
            for_each_field(&mut model, |model, place, inside| {
                let field = model.effective_receptive_field(&data, &indices, place).unwrap();
                for (&value, inside) in field.iter().zip(inside) {
                    if !inside {
                        noise.check(value, 0.0, || {
                            format!("{name}: {place:?}, {} examples: {value:e}", indices.len())
                        });
                    }
                }
            });
        }
    }
    noise.expect_none(100_000);
}
