//! How weights start, named and defined as in `keras.initializers`.

use crate::config::Arguments::{self, Ignored, Unsupported};
use crate::config::Fields;
use crate::random::Random;
use crate::{Error, Result};
use alloc::format;

/// A weight's starting values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Initializer {
    Zeros,
    Ones,
    /// Variance `scale / fan` (Glorot and Bengio 2010; He et al. 2015; LeCun et al. 1998).
    VarianceScaling {
        scale: f32,
        fan: Fan,
        distribution: Distribution,
    },
}

/// Which connections of a unit the variance is divided by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fan {
    In,
    Average,
}

/// The shape of the random distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Distribution {
    Uniform,
    /// Normal, drawn again beyond two standard deviations.
    TruncatedNormal,
}

/// The standard deviation of a standard normal distribution truncated at ±2, as Keras has it.
const TRUNCATED_DEVIATION: f32 = 0.879_625_7;

/// The arguments of every random initialiser. The model's seed decides its numbers.
const RANDOM: &[Arguments] = &[Unsupported(&["input_axes", "output_axes"]), Ignored(&["seed"])];

impl Initializer {
    const fn scaling(scale: f32, fan: Fan, distribution: Distribution) -> Self {
        Self::VarianceScaling { scale, fan, distribution }
    }

    /// Keras' default for kernels.
    pub(crate) const GLOROT_UNIFORM: Self = Self::scaling(1.0, Fan::Average, Distribution::Uniform);

    /// Reads the field `name`, which is absent, a name or a serialised object.
    pub(crate) fn from_field(fields: &Fields<'_>, name: &str, default: Self) -> Result<Self> {
        let Some((class_name, config)) = fields.optional_named(name)? else { return Ok(default) };
        use Distribution::{TruncatedNormal, Uniform};
        let initializer = match class_name {
            "Zeros" | "zeros" => Self::Zeros,
            "Ones" | "ones" => Self::Ones,
            "GlorotUniform" | "glorot_uniform" => Self::GLOROT_UNIFORM,
            "GlorotNormal" | "glorot_normal" => Self::scaling(1.0, Fan::Average, TruncatedNormal),
            "HeUniform" | "he_uniform" => Self::scaling(2.0, Fan::In, Uniform),
            "HeNormal" | "he_normal" => Self::scaling(2.0, Fan::In, TruncatedNormal),
            "LecunUniform" | "lecun_uniform" => Self::scaling(1.0, Fan::In, Uniform),
            "LecunNormal" | "lecun_normal" => Self::scaling(1.0, Fan::In, TruncatedNormal),
            other => {
                return Err(Error::config(format!(
                    "{name}: expected Zeros, Ones, GlorotUniform, GlorotNormal, HeUniform, HeNormal, \
                     LecunUniform or LecunNormal, got {other}"
                )));
            }
        };
        let arguments = if matches!(initializer, Self::VarianceScaling { .. }) { RANDOM } else { &[] };
        Fields::new(&config, class_name, arguments).map_err(|error| error.within(name))?;
        Ok(initializer)
    }

    /// Fills the values of a weight of `shape`, its last two axes inputs and outputs.
    pub(crate) fn fill(self, random: &mut Random, shape: &[usize], values: &mut [f32]) {
        match self {
            Self::Zeros => values.fill(0.0),
            Self::Ones => values.fill(1.0),
            Self::VarianceScaling { scale, fan, distribution } => {
                let (inputs, outputs) = fans(shape);
                let fan = if fan == Fan::In { inputs } else { (inputs + outputs) / 2.0 };
                let variance = scale / fan.max(1.0);
                match distribution {
                    Distribution::Uniform => {
                        let limit = libm::sqrtf(3.0 * variance);
                        values.fill_with(|| random.uniform(-limit, limit));
                    }
                    Distribution::TruncatedNormal => {
                        let deviation = libm::sqrtf(variance) / TRUNCATED_DEVIATION;
                        values.fill_with(|| deviation * truncated_normal(random));
                    }
                }
            }
        }
    }
}

/// Inputs and outputs of a unit: `(in, out)` for a dense kernel, times the window's cells for a convolution.
fn fans(shape: &[usize]) -> (f32, f32) {
    match shape {
        [window @ .., inputs, outputs] => {
            let cells: usize = window.iter().product();
            ((cells * inputs) as f32, (cells * outputs) as f32)
        }
        [length] => (*length as f32, *length as f32),
        [] => (1.0, 1.0),
    }
}

fn truncated_normal(random: &mut Random) -> f32 {
    loop {
        let value = random.normal();
        if value.abs() <= 2.0 {
            return value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{vec, vec::Vec};

    #[test]
    fn variances_are_those_of_the_definitions() {
        let shape = [5, 5, 12, 40];
        let (fan_in, fan_average) = (300.0, 650.0);
        for (name, variance) in [
            ("GlorotUniform", 1.0 / fan_average),
            ("GlorotNormal", 1.0 / fan_average),
            ("HeUniform", 2.0 / fan_in),
            ("he_normal", 2.0 / fan_in),
            ("LecunUniform", 1.0 / fan_in),
            ("lecun_normal", 1.0 / fan_in),
        ] {
            let map = serde_json::json!({ "kernel_initializer": name });
            let arguments = &[Arguments::Read(&["kernel_initializer"])];
            let fields = Fields::of_object(&map, "test", arguments).unwrap();
            let initializer =
                Initializer::from_field(&fields, "kernel_initializer", Initializer::Zeros).unwrap();
            let mut values = vec![0.0; shape.iter().product()];
            initializer.fill(&mut Random::new(1, 2), &shape, &mut values);
            let squares: Vec<f64> = values.iter().map(|&x| f64::from(x).powi(2)).collect();
            let measured = squares.iter().sum::<f64>() / squares.len() as f64;
            assert!((measured / variance - 1.0).abs() < 0.05, "{name}: variance {measured}, not {variance}");
        }
    }
}
