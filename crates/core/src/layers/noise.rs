//! GaussianNoise, GaussianDropout, AlphaDropout, SpatialDropout2D: layers that in training multiply and shift every value at
//! random, and are the identity outside of it.

use super::{Backward, Forward, Layer, check_data_format};
use crate::Result;
use crate::config::Arguments::{self, Ignored, Read, Unsupported};
use crate::config::LayerConfig;
use crate::random::Random;
use crate::shape::Shape;

/// What becomes of each value.
#[derive(Clone, Copy)]
enum Kind {
    /// A normal number of this standard deviation is added.
    GaussianNoise { stddev: f32 },
    /// It is multiplied by a normal number of mean 1 and this standard deviation (Srivastava et al. 2014, section 10).
    GaussianDropout { stddev: f32 },
    /// With probability `rate` it is the least that SELU gives; all are then scaled and shifted so that mean and variance
    /// stay as they were (Klambauer et al. 2017).
    AlphaDropout { rate: f32 },
    /// With probability `rate` a channel is zero all over, else scaled by `1 / (1 − rate)` (Tompson et al. 2015).
    SpatialDropout { rate: f32 },
}

/// What SELU falls to far below zero.
const LEAST: f32 = -1.758_099_3;

/// See the module. The model's seed decides what comes.
pub(super) struct Noise {
    kind: Kind,
    shape: Shape,
}

impl Noise {
    pub(super) fn new(config: &LayerConfig, shape: Shape) -> Result<Self> {
        const NOISE: &[Arguments] = &[Read(&["stddev"]), Ignored(&["seed"])];
        const DROPOUT: &[Arguments] = &[Read(&["rate"]), Ignored(&["seed"])];
        const ALPHA: &[Arguments] = &[Read(&["rate"]), Unsupported(&["noise_shape"]), Ignored(&["seed"])];
        const SPATIAL: &[Arguments] = &[Read(&["rate", "data_format"]), Ignored(&["seed"])];
        // A rate of 1 would leave nothing to scale up.
        let below_one = 0.0..=0.999_999_94;
        let kind = match config.class_name.as_str() {
            "GaussianNoise" => Kind::GaussianNoise {
                stddev: config.fields(NOISE)?.required_number_in("stddev", 0.0..=f32::MAX)?,
            },
            "GaussianDropout" => {
                let rate = config.fields(DROPOUT)?.required_number_in("rate", below_one)?;
                Kind::GaussianDropout { stddev: libm::sqrtf(rate / (1.0 - rate)) }
            }
            "AlphaDropout" => {
                Kind::AlphaDropout { rate: config.fields(ALPHA)?.required_number_in("rate", below_one)? }
            }
            class_name => {
                let fields = config.fields(SPATIAL)?;
                check_data_format(&fields)?;
                shape.image(class_name)?;
                Kind::SpatialDropout { rate: fields.required_number_in("rate", below_one)? }
            }
        };
        Ok(Self { kind, shape })
    }

    /// Writes the factors of one example and its output.
    fn draw(&self, random: &mut Random, factors: &mut [f32], input: &[f32], output: &mut [f32]) {
        let drops = |random: &mut Random, rate: f32| random.unit() < rate;
        match self.kind {
            Kind::GaussianNoise { stddev } => {
                factors.fill(1.0);
                for (output, input) in output.iter_mut().zip(input) {
                    *output = input + stddev * random.normal();
                }
            }
            Kind::GaussianDropout { stddev } => {
                factors.fill_with(|| 1.0 + stddev * random.normal());
                multiply(factors, input, output);
            }
            Kind::AlphaDropout { rate } => {
                let scale = 1.0 / libm::sqrtf((1.0 - rate) * (1.0 + rate * LEAST * LEAST));
                for ((factor, output), input) in factors.iter_mut().zip(output).zip(input) {
                    let drops = drops(random, rate);
                    *factor = if drops { 0.0 } else { scale };
                    *output = scale * (if drops { LEAST } else { *input } - rate * LEAST);
                }
            }
            Kind::SpatialDropout { rate } => {
                let (first, rest) = factors.split_at_mut(self.shape.channels());
                first.fill_with(|| if drops(random, rate) { 0.0 } else { 1.0 / (1.0 - rate) });
                rest.chunks_exact_mut(first.len()).for_each(|pixel| pixel.copy_from_slice(first));
                multiply(factors, input, output);
            }
        }
    }
}

fn multiply(factors: &[f32], values: &[f32], products: &mut [f32]) {
    for ((product, value), factor) in products.iter_mut().zip(values).zip(factors) {
        *product = value * factor;
    }
}

impl Layer for Noise {
    fn output_shape(&self) -> Shape {
        self.shape
    }

    fn passes_on(&self) -> bool {
        true
    }

    fn saved_len(&self, examples: usize) -> usize {
        self.shape.len() * examples
    }

    fn forward(&self, pass: Forward<'_>) {
        let Some(training) = pass.training else { return pass.output.copy_from_slice(pass.input) };
        let len = self.shape.len();
        let examples = pass.saved.chunks_exact_mut(len).zip(pass.input.chunks_exact(len));
        for (example, ((factors, input), output)) in
            examples.zip(pass.output.chunks_exact_mut(len)).enumerate()
        {
            self.draw(&mut training.random(example), factors, input, output);
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let Some(input_gradient) = pass.input_gradient else { return };
        if !pass.training {
            return input_gradient.copy_from_slice(pass.output_gradient);
        }
        multiply(pass.saved, pass.output_gradient, input_gradient);
    }
}
