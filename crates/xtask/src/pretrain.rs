//! `cargo xtask pretrain`: trains the shipped models from their descriptions in `web/models/`.

use crate::confusion::Confusion;
use crate::data::{self, Drawing};
use crate::tools::root;
use anyhow::{Context, Result, bail};
use convscope_core::digits::{ImageAugmentation, Rasterize, StrokeAugmentation, generate_images, rasterize};
use convscope_core::random::Random;
use convscope_core::{Batch, Dataset, Metrics, Model, Replica, Share, Targets};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::fs;
use std::num::NonZero;
use std::thread;

/// The models, and how often each goes through the data.
const MODELS: [(&str, usize); 10] = [
    ("convnet", 24),
    ("lenet5-1998", 20),
    ("lenet5", 24),
    ("keras-convnet", 14),
    ("global-pooling", 24),
    ("mlp", 24),
    ("mlp-0-hidden", 8),
    ("mlp-1-hidden", 24),
    ("mlp-2-hidden", 24),
    ("mlp-3-hidden", 24),
];

/// Everything random in the training follows from it.
const SEED: u64 = 1;

const BATCH: usize = 64;

/// Adam's learning rate at its highest; it rises to it, then falls to zero along a cosine.
const LEARNING_RATE: f32 = 0.002;

/// The share of the steps in which the learning rate rises.
const WARM_UP: f32 = 0.05;

/// How often an epoch shows each drawing of the pen strokes, of which there are ten times fewer
/// than MNIST's images.
const PEN_REPEATS: usize = 2;

/// How many generated digits an epoch shows, each of them once.
const GENERATED: u64 = 10_000;

/// How much of the pictures' variation is left at the end; it begins to fade half-way.
const LAST_VARIATION: f32 = 0.3;

/// What shipped weights are rounded to. Of F16's eleven bits the last are noise, which no host can compress:
/// without them the page's first load is 14 KB smaller, and the networks read as many digits.
const SIGNIFICANT_BITS: u32 = 6;

const PIXELS: usize = 28 * 28;

/// The names of the models that `names` asks for: all, where it is empty.
pub(crate) fn chosen<'a>(names: &[&'a str]) -> Result<Vec<&'a str>> {
    let known = MODELS.map(|(name, _)| name);
    if let Some(name) = names.iter().find(|name| !known.contains(name)) {
        bail!("expected names of models ({}), got {name}", known.join(", "));
    }
    Ok(if names.is_empty() { known.to_vec() } else { names.to_vec() })
}

/// What a training is for. A recipe is chosen by the validation sets alone; once it is settled, nothing is left to choose
/// and the model that is shipped learns from them too. The test sets are read once, by what is shipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Learns from the training sets, prints after each epoch how the validation sets are read, and writes nothing.
    Choose,
    /// Learns from the training and the validation sets, and writes weights and accuracies.
    Ship,
}

/// Trains the named models, or all.
pub(crate) fn pretrain(names: &[&str], purpose: Purpose) -> Result<()> {
    let chosen = chosen(names)?;
    if let Err(skipped) = data::data_folder() {
        println!("{skipped}");
        return Ok(());
    }
    let mut pen = data::pen_strokes()?;
    let (mnist, validation) = match purpose {
        Purpose::Choose => {
            let (mnist, of_mnist) = data::mnist_training_and_validation()?;
            (mnist, Some(Measures { mnist: of_mnist, pen: data::rasterized(&pen.validation)? }))
        }
        Purpose::Ship => {
            pen.training.append(&mut pen.validation);
            (data::mnist("train")?, None)
        }
    };
    let course = Course { mnist, pen: pen.training };
    println!("training: {} of MNIST, {} of pens, and generated digits", course.mnist.len(), course.pen.len());
    for (name, epochs) in MODELS.into_iter().filter(|(name, _)| chosen.contains(name)) {
        let mut model = train(name, epochs, &course, validation.as_ref())?;
        if purpose == Purpose::Ship {
            let test = Measures { mnist: data::mnist("t10k")?, pen: data::rasterized(&pen.test)? };
            ship(name, &mut model, &test)?;
        }
    }
    Ok(())
}

/// What is trained on.
struct Course {
    mnist: Dataset,
    pen: Vec<Drawing>,
}

/// What is measured on: people's digits.
struct Measures {
    mnist: Dataset,
    pen: Dataset,
}

impl Measures {
    /// The model's accuracy on MNIST and on pen strokes.
    fn of(&self, model: &mut Model) -> Result<[f64; 2]> {
        Ok([Confusion::of(model, &self.mnist)?.accuracy(), Confusion::of(model, &self.pen)?.accuracy()])
    }
}

/// One example of a course.
#[derive(Clone, Copy)]
enum Example {
    Mnist(usize),
    Pen(usize),
    /// The number of a generated digit.
    Generated(u64),
}

impl Course {
    /// An epoch's examples in a random order. Of generated digits there are new ones each time.
    fn epoch(&self, epoch: usize, random: &mut Random) -> Vec<Example> {
        let mnist = (0..self.mnist.len()).map(Example::Mnist);
        let pen = (0..PEN_REPEATS).flat_map(|_| (0..self.pen.len()).map(Example::Pen));
        let first = epoch as u64 * GENERATED;
        let generated = (first..first + GENERATED).map(Example::Generated);
        let mut examples: Vec<Example> = mnist.chain(pen).chain(generated).collect();
        random.shuffle(&mut examples);
        examples
    }

    fn label(&self, example: Example) -> u16 {
        match example {
            Example::Mnist(index) => self.mnist.labels()[index],
            Example::Pen(index) => self.pen[index].label,
            // All digits take turns.
            Example::Generated(number) => (number % 10) as u16,
        }
    }

    /// Writes a copy of an example that is changed as much as `variation` says, another one each time.
    fn draw(
        &self,
        example: Example,
        variation: f32,
        random: &mut Random,
        out: &mut [f32; PIXELS],
    ) -> Result<()> {
        match example {
            Example::Mnist(index) => {
                let image = self.mnist.example(index).try_into();
                let image: [f32; PIXELS] = image.map_err(|_| anyhow::anyhow!("MNIST's images are 28×28"))?;
                image_augmentation(variation).apply(&image, random, out);
            }
            Example::Pen(index) => {
                let change = stroke_augmentation(variation);
                let strokes = change.apply(&self.pen[index].strokes, random);
                let (thin, thick) = change.pen_width;
                let options = Rasterize { pen_width: random.uniform(thin, thick), ..Rasterize::default() };
                *out = rasterize(&strokes, &options)?.image;
            }
            // Each is varied enough as it is.
            Example::Generated(number) => {
                let (pixels, _) = generate_images(SEED, number, 1)?;
                *out = std::array::from_fn(|index| f32::from(pixels[index]) / 255.0);
            }
        }
        Ok(())
    }
}

/// Trains a model from its description, and prints after each epoch how well it reads the validation sets, if there are any.
fn train(name: &str, epochs: usize, course: &Course, validation: Option<&Measures>) -> Result<Model> {
    let path = root("web/models").join(format!("{name}.json"));
    let description = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut model = Model::from_json(&description, SEED)?;
    model.compile(&json!({ "optimizer": "adam", "loss": "sparse_categorical_crossentropy" }).to_string())?;
    let threads = threads();
    let mut replicas = replicas(&model, BATCH)?;
    let mut random = Random::new(SEED, 1 << 40);
    let mut x = vec![0.0; BATCH * PIXELS];
    let steps = course.epoch(0, &mut random).len() / BATCH * epochs;
    let bar = ProgressBar::new(steps as u64).with_style(ProgressStyle::with_template(
        "{prefix:>14} {wide_bar} {pos}/{len} steps, {eta} left, {msg}",
    )?);
    bar.set_prefix(name.to_string());
    let mut step = 0;
    for epoch in 0..epochs {
        let examples = course.epoch(epoch, &mut random);
        let mut average = (0.0, 0.0);
        for batch in examples.chunks_exact(BATCH) {
            let progress = step as f32 / steps as f32;
            draw_batch(course, batch, variation(progress), step, threads, &mut x)?;
            let labels: Vec<u16> = batch.iter().map(|&example| course.label(example)).collect();
            model.set_learning_rate(learning_rate(progress))?;
            let batch = Batch::Arrays { x: &x, y: Targets::Labels(&labels) };
            let metrics = parallel_step(&mut model, &mut replicas, batch)?;
            average.0 += metrics.loss;
            average.1 += metrics.accuracy;
            step += 1;
            bar.inc(1);
        }
        let count = (examples.len() / BATCH) as f32;
        let mut line = format!(
            "{name}: epoch {} of {epochs}, training loss {:.4}, accuracy {:.2} %",
            epoch + 1,
            average.0 / count,
            100.0 * average.1 / count,
        );
        if let Some(validation) = validation {
            let [mnist, pen] = validation.of(&mut model)?;
            line += &format!("; validation: MNIST {:.2} %, pens {:.2} %", 100.0 * mnist, 100.0 * pen);
        }
        bar.suspend(|| println!("{line}"));
    }
    bar.finish_and_clear();
    Ok(model)
}

/// Writes a trained model's weights as they are shipped, and how well these read the test sets.
fn ship(name: &str, model: &mut Model, test: &Measures) -> Result<()> {
    round_weights(model)?;
    let bytes = model.to_safetensors_f16();
    let [mnist, pen] = test.of(&mut Model::from_safetensors(&bytes)?)?;
    fs::write(root("web/models").join(format!("{name}.safetensors")), &bytes)?;
    note_accuracy(name, mnist, pen)?;
    println!("{name}: test: MNIST {:.2} %, pens {:.2} %", 100.0 * mnist, 100.0 * pen);
    Ok(())
}

fn round_weights(model: &mut Model) -> Result<()> {
    let layers = model.summary().layers;
    for name in layers.iter().flat_map(|layer| &layer.weights).map(|weight| &weight.name) {
        let values: Vec<f32> = model.weights(name)?.values.iter().map(|&value| rounded(value)).collect();
        model.set_weights(name, &values)?;
    }
    Ok(())
}

/// The nearest number of [`SIGNIFICANT_BITS`].
fn rounded(value: f32) -> f32 {
    let dropped = f32::MANTISSA_DIGITS - SIGNIFICANT_BITS;
    f32::from_bits((value.to_bits() + (1 << (dropped - 1))) & !((1 << dropped) - 1))
}

/// Fills `x` with the pictures of a batch. Each has random numbers of its own, so that the number
/// of threads changes nothing.
fn draw_batch(
    course: &Course,
    batch: &[Example],
    variation: f32,
    step: usize,
    threads: usize,
    x: &mut [f32],
) -> Result<()> {
    let share = batch.len().div_ceil(threads);
    thread::scope(|scope| {
        let parts = batch.chunks(share).zip(x.chunks_mut(share * PIXELS)).enumerate();
        let workers: Vec<_> = parts
            .map(|(part, (examples, x))| {
                scope.spawn(move || -> Result<()> {
                    let (pictures, _) = x.as_chunks_mut::<PIXELS>();
                    for (index, (&example, picture)) in examples.iter().zip(pictures).enumerate() {
                        let stream = step * BATCH + part * share + index;
                        course.draw(example, variation, &mut Random::new(SEED, stream as u64), picture)?;
                    }
                    Ok(())
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("drawing doesn't panic"))
    })
}

fn threads() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Room for as many threads as this machine has and a batch can be shared by.
pub(crate) fn replicas(model: &Model, batch: usize) -> Result<Vec<Replica>> {
    let shares = Share::max_count(model, batch).min(1 << threads().ilog2());
    Ok((0..shares).map(|_| Replica::new(model)).collect::<Result<_, _>>()?)
}

/// One training step, shared by as many threads as there are replicas.
pub(crate) fn parallel_step(
    model: &mut Model,
    replicas: &mut [Replica],
    batch: Batch<'_>,
) -> Result<Metrics> {
    // Some layers keep what they saw of the batch: that is in the model's own room.
    if replicas.len() == 1 {
        return Ok(model.train_batch(batch)?);
    }
    let (shared, count) = (&*model, replicas.len());
    thread::scope(|scope| {
        let compute = |(number, replica)| {
            scope.spawn(move || -> Result<()> {
                let (share, part) = Share::new(shared, batch, number, count)?;
                Ok(share.compute(shared, replica, part)?)
            })
        };
        let workers: Vec<_> = replicas.iter_mut().enumerate().map(compute).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("training doesn't panic"))
    })?;
    let mut step = model.step()?;
    for (number, replica) in replicas.iter().enumerate() {
        step.add(number, |sum| sum.clone_from(replica.sum()))?;
    }
    Ok(step.take())
}

/// The learning rate after `progress` of the steps, 0 to 1 (Loshchilov and Hutter 2017, without restarts).
fn learning_rate(progress: f32) -> f32 {
    if progress < WARM_UP {
        return LEARNING_RATE * (progress / WARM_UP).max(0.01);
    }
    let fallen = (progress - WARM_UP) / (1.0 - WARM_UP);
    LEARNING_RATE * 0.5 * (1.0 + (std::f32::consts::PI * fallen).cos())
}

/// How much pictures are varied after `progress` of the steps: fully at first, so that everything is
/// seen, little at the end, so that the last steps are taken on handwriting as it is.
fn variation(progress: f32) -> f32 {
    1.0 - (1.0 - LAST_VARIATION) * (2.0 * progress - 1.0).max(0.0)
}

fn image_augmentation(variation: f32) -> ImageAugmentation {
    let full = ImageAugmentation::default();
    ImageAugmentation {
        shift: full.shift * variation,
        rotation: full.rotation * variation,
        scale: full.scale * variation,
        shear: full.shear * variation,
        elastic: full.elastic * variation,
        ..full
    }
}

fn stroke_augmentation(variation: f32) -> StrokeAugmentation {
    let full = StrokeAugmentation::default();
    StrokeAugmentation {
        rotation: full.rotation * variation,
        slant: full.slant * variation,
        stretch: full.stretch * variation,
        warp: full.warp * variation,
        jitter: full.jitter * variation,
        ..full
    }
}

/// Writes a model's accuracies to the catalogue that the page shows.
fn note_accuracy(name: &str, mnist: f64, pen: f64) -> Result<()> {
    let path = root("web/models/catalogue.json");
    let mut catalogue: Vec<Value> = serde_json::from_str(&fs::read_to_string(&path)?)?;
    for entry in catalogue.iter_mut().filter(|entry| entry["name"] == name) {
        let rounded = |share: f64| (share * 1e4).round() / 1e4;
        entry["accuracy"] = json!({ "mnist": rounded(mnist), "pen": rounded(pen) });
    }
    fs::write(&path, format!("{}\n", serde_json::to_string_pretty(&catalogue)?))?;
    Ok(())
}
