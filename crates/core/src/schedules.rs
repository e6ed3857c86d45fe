//! Learning rates that change from step to step, named and defined as in `keras.optimizers.schedules`.

#[cfg(feature = "complete")]
mod further;

use crate::Result;
use crate::config::Arguments::{self, Ignored, Read, Unsupported};
use crate::config::{Fields, named};
use core::f32::consts::PI;
use serde_json::Value;

/// The learning rate of every step.
#[derive(Clone, Debug)]
pub(crate) struct LearningRate {
    /// Where it starts; without a decay it stays there.
    pub(crate) initial: f32,
    decay: Option<Decay>,
}

/// How it goes on.
#[derive(Clone, Debug)]
enum Decay {
    Cosine(CosineDecay),
    /// What the shipped trainings do without.
    #[cfg(feature = "complete")]
    Further(further::Further),
}

/// After t of T steps the initial rate times (1 − α)·½(1 + cos(π·t/T)) + α, from then on times α (Loshchilov
/// and Hutter 2017, formula 5, without restarts).
#[derive(Clone, Copy, Debug)]
struct CosineDecay {
    steps: f32,
    alpha: f32,
}

const COSINE_DECAY: &[Arguments] = &[
    Read(&["initial_learning_rate", "decay_steps", "alpha", "warmup_steps"]),
    Unsupported(&["warmup_target"]),
    Ignored(&["name"]),
];

impl LearningRate {
    /// Reads an optimiser's `learning_rate`: a number, or a schedule as Keras serialises it.
    pub(crate) fn from_fields(optimizer: &Fields<'_>, default: f32) -> Result<Self> {
        let name = "learning_rate";
        let Some(value @ Value::Object(_)) = optimizer.value(name) else {
            return Ok(Self { initial: optimizer.number_in(name, 0.0..=f32::MAX, default)?, decay: None });
        };
        Self::scheduled(value).map_err(|error| error.within(name))
    }

    fn scheduled(value: &Value) -> Result<Self> {
        let (class_name, config) = named(value)?;
        #[cfg(feature = "complete")]
        if class_name != "CosineDecay" || config.get("warmup_target").is_some_and(|target| !target.is_null())
        {
            let (initial, schedule) = further::Further::named(class_name, &config)?;
            return Ok(Self { initial, decay: Some(Decay::Further(schedule)) });
        }
        #[cfg(not(feature = "complete"))]
        if class_name != "CosineDecay" {
            return Err(crate::Error::config(alloc::format!(
                "expected a number or a CosineDecay, got {class_name}"
            )));
        }
        let config = Fields::new(&config, class_name, COSINE_DECAY)?;
        config.only("warmup_steps", &Value::from(0))?;
        Ok(Self {
            initial: config.required_number_in("initial_learning_rate", 0.0..=f32::MAX)?,
            decay: Some(Decay::Cosine(CosineDecay {
                steps: config.required_number_in("decay_steps", 1.0..=f32::MAX)?,
                alpha: config.number_in("alpha", 0.0..=1.0, 0.0)?,
            })),
        })
    }

    /// The rate of the step after `steps` steps.
    pub(crate) fn after(&self, steps: u64) -> f32 {
        let CosineDecay { steps: decay_steps, alpha } = match &self.decay {
            None => return self.initial,
            Some(Decay::Cosine(decay)) => *decay,
            #[cfg(feature = "complete")]
            Some(Decay::Further(schedule)) => return schedule.after(self.initial, steps),
        };
        let part = (steps as f32).min(decay_steps) / decay_steps;
        self.initial * ((1.0 - alpha) * 0.5 * (1.0 + libm::cosf(PI * part)) + alpha)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use serde_json::json;

    fn read(rate: Value) -> Result<LearningRate> {
        let config = json!({ "learning_rate": rate });
        let arguments = &[Read(&["learning_rate"])];
        LearningRate::from_fields(&Fields::of_object(&config, "the optimizer", arguments).unwrap(), 0.01)
    }

    #[test]
    fn half_way_it_is_half_and_at_the_end_alpha() {
        let config =
            json!({"initial_learning_rate": 0.2, "decay_steps": 10, "alpha": 0.1, "warmup_steps": 0});
        let rate = read(json!({ "class_name": "CosineDecay", "config": config })).unwrap();
        for (steps, expected) in [(0, 0.2), (5, 0.11), (10, 0.02), (11, 0.02)] {
            assert!((rate.after(steps) - expected).abs() < 1e-7, "{steps}");
        }
        assert_eq!(read(json!(0.5)).unwrap().after(7).to_bits(), 0.5_f32.to_bits());
        assert_eq!(read(Value::Null).unwrap().after(7).to_bits(), 0.01_f32.to_bits());
    }

    #[test]
    fn what_is_not_supported_is_named() {
        for (rate, words) in [
            (json!({"class_name": "TriangularDecay", "config": {}}), "TriangularDecay"),
            (
                json!({"class_name": "CosineDecay", "config": {"decay_steps": 5}}),
                "initial_learning_rate: missing",
            ),
            (
                json!({"class_name": "CosineDecay", "config": {"initial_learning_rate": 1, "decay_steps": 0}}),
                "decay_steps",
            ),
            (json!({"class_name": "CosineDecay", "config": {"decay_stops": 5}}), "did you mean decay_steps?"),
            (json!({"class_name": "CosineDecay", "config": {"warmup_steps": 3}}), "warmup_steps"),
            (json!({"config": {}}), "class_name"),
            (json!("fast"), "a number"),
        ] {
            let error = read(rate).unwrap_err().to_string();
            assert!(error.contains(words) && error.contains("learning_rate"), "{error}");
        }
    }
}
