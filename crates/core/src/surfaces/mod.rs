//! Error surfaces of two parameters, and the paths that the optimisers take over them.
//!
//! A path is computed by the optimisers that train networks. On the regression the gradient is that of a real
//! mini-batch, so that one example at a time gives a noisy path and all examples a smooth one; the other
//! surfaces are the same for every example.

mod functions;

use crate::config::{Arguments, Fields, parse};
use crate::optimizers::Optimizer;
use crate::random::Random;
use crate::{Error, Result};
use alloc::{format, vec::Vec};
pub use functions::Surface;
use serde_json::Value;

const ARGUMENTS: &[Arguments] = &[Arguments::Read(&["surface", "optimizer"])];

/// The most steps of a path.
pub const MAX_DESCENT_STEPS: usize = 10_000;

/// Keeps the order of the examples apart from others of the same seed.
const STREAM: u64 = 0x7061_7468;

/// An optimiser on its way over a surface.
#[derive(Debug)]
pub struct Descent {
    surface: Surface,
    optimizer: Optimizer,
    parameters: [f32; 2],
    /// The examples of an epoch in the order of their batches.
    order: Vec<usize>,
    /// How many of them were used.
    used: usize,
    batch_size: usize,
    random: Random,
}

impl Descent {
    /// Puts an optimiser (Keras' name, or what `keras.optimizers.serialize` writes) on `surface` at `start`.
    /// A batch has `batch_size` examples, the last of an epoch perhaps fewer; they are shuffled before each
    /// epoch, as `seed` says.
    ///
    /// # Errors
    /// `config` for an optimiser that is not supported, `value` for a start that is not finite or a batch
    /// without examples.
    pub fn new(
        surface: Surface,
        optimizer: &Value,
        start: [f32; 2],
        batch_size: usize,
        seed: u64,
    ) -> Result<Self> {
        let mut optimizer = Optimizer::from_value(optimizer).map_err(|error| error.within("optimizer"))?;
        if !start.iter().all(|value| value.is_finite()) {
            return Err(Error::value("start: needs two finite numbers"));
        }
        if batch_size == 0 {
            return Err(Error::value("batch_size: a batch needs at least 1 example, got 0"));
        }
        optimizer.start(start.len());
        let order: Vec<usize> = (0..surface.examples()).collect();
        let used = order.len();
        let random = Random::new(seed, STREAM);
        Ok(Self { surface, optimizer, parameters: start, order, used, batch_size, random })
    }

    /// As [`Descent::new`], from JSON: `{ surface, optimizer }`, the surface as [`Surface::from_value`] reads
    /// it.
    ///
    /// # Errors
    /// As for [`Descent::new`] and [`Surface::from_value`], `config` for text that is not such an object.
    pub fn from_json(text: &str, start: [f32; 2], batch_size: usize, seed: u64) -> Result<Self> {
        let value = parse(text, "description of a path")?;
        let fields = Fields::of_object(&value, "the path", ARGUMENTS)?;
        let part = |name| fields.value(name).unwrap_or(&Value::Null);
        Self::new(Surface::from_value(part("surface"))?, part("optimizer"), start, batch_size, seed)
    }

    /// Takes the batches of this epoch from `order`.
    #[cfg(feature = "vectors")]
    pub(crate) fn follow(&mut self, order: Vec<usize>) {
        self.order = order;
        self.used = 0;
    }

    /// Where the optimiser is.
    pub fn parameters(&self) -> [f32; 2] {
        self.parameters
    }

    /// Where it is, and the surface's value there.
    fn place(&self) -> [f32; 3] {
        let [p, q] = self.parameters;
        [p, q, self.surface.value(self.parameters)]
    }

    /// Both parameters and the surface's value after every one of `steps` steps, `[steps + 1, 3]`, the start
    /// first; the path ends sooner where a number is no longer finite.
    ///
    /// ```
    /// use convscope_core::surfaces::Descent;
    ///
    /// let text = r#"{"surface": {"name": "ravine"}, "optimizer": "sgd"}"#;
    /// let path = Descent::from_json(text, [1.0, 1.0], 1, 0)?.path(20)?;
    /// assert_eq!(path.len(), 21 * 3);
    /// assert!(path[20 * 3 + 2] < path[2]);
    /// # Ok::<(), convscope_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// `limit` for more than [`MAX_DESCENT_STEPS`] steps.
    pub fn path(&mut self, steps: usize) -> Result<Vec<f32>> {
        if steps > MAX_DESCENT_STEPS {
            return Err(Error::limit(format!("steps: at most {MAX_DESCENT_STEPS}, got {steps}")));
        }
        let mut path = Vec::from(self.place());
        for _ in 0..steps {
            self.step();
            let place = self.place();
            if !place.iter().all(|value| value.is_finite()) {
                break;
            }
            path.extend(place);
        }
        Ok(path)
    }

    /// Takes one step with the gradient of the next batch.
    pub fn step(&mut self) {
        if self.used == self.order.len() {
            self.random.shuffle(&mut self.order);
            self.used = 0;
        }
        let batch = self.used..self.used.saturating_add(self.batch_size).min(self.order.len());
        self.used = batch.end;
        let mut gradient = self.surface.gradient(self.parameters, &self.order[batch]);
        let variable = core::iter::once(0..self.parameters.len());
        self.optimizer.step(convscope_kernels::level(), &mut self.parameters, &mut gradient, variable);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use serde_json::json;

    fn path_of(batch_size: usize, optimizer: Value) -> Vec<f32> {
        let surface = json!({"name": "regression", "examples": 32, "seed": 3});
        let description = json!({"surface": surface, "optimizer": optimizer}).to_string();
        Descent::from_json(&description, [-1.5, 2.0], batch_size, 5).unwrap().path(64).unwrap()
    }

    #[test]
    fn all_examples_make_a_smooth_path_and_one_a_noisy_one() {
        let sgd = json!({"class_name": "SGD", "config": {"learning_rate": 0.1}});
        // How much a step turns away from the one before: 0 for straight on, 2 for right back.
        let turning = |path: &[f32]| {
            let steps: Vec<[f32; 2]> =
                path.windows(6).step_by(3).map(|pair| [pair[3] - pair[0], pair[4] - pair[1]]).collect();
            let turns = steps.windows(2).map(|pair| {
                let [a, b] = [pair[0], pair[1]];
                1.0 - (a[0] * b[0] + a[1] * b[1]) / (libm::hypotf(a[0], a[1]) * libm::hypotf(b[0], b[1]))
            });
            turns.sum::<f32>() / (steps.len() - 1) as f32
        };
        let (smooth, noisy) = (path_of(32, sgd.clone()), path_of(1, sgd.clone()));
        assert_eq!(smooth.len(), 3 * 65);
        assert!(turning(&smooth) < 0.1 && turning(&noisy) > 0.5, "{} {}", turning(&smooth), turning(&noisy));
        assert_eq!(noisy, path_of(1, sgd));
    }

    #[test]
    fn every_optimizer_goes_down() {
        for name in ["SGD", "Adagrad", "RMSprop", "Adam", "AdamW"] {
            let optimizer = json!({"class_name": name, "config": {"learning_rate": 0.05}});
            let path = path_of(32, optimizer);
            assert!(path[path.len() - 1] < path[2], "{name}");
        }
    }

    #[test]
    fn a_path_ends_where_numbers_do() {
        let description = json!({
            "surface": {"name": "rosenbrock"}, "optimizer": {"class_name": "SGD", "config": {"learning_rate": 1.0}},
        });
        let path = Descent::from_json(&description.to_string(), [2.0; 2], 1, 0).unwrap().path(1000).unwrap();
        assert!(path.len() < 300 && path.iter().all(|value| value.is_finite()));
    }

    #[test]
    fn hostile_descriptions_are_refused() {
        let good = json!({"surface": {"name": "beale"}, "optimizer": "adam"});
        let descent = |description: &Value, start, batch| {
            Descent::from_json(&description.to_string(), start, batch, 0).map(|mut descent| descent.path(2))
        };
        assert!(descent(&good, [0.0; 2], 1).is_ok());
        assert!(descent(&good, [0.0, f32::INFINITY], 1).is_err());
        assert!(descent(&good, [0.0; 2], 0).is_err());
        assert!(descent(&good, [0.0; 2], usize::MAX).is_ok());
        assert!(Descent::from_json(&good.to_string(), [0.0; 2], 1, 0).unwrap().path(usize::MAX).is_err());
        for (key, bad) in [
            ("surface", json!({"name": "pit"})),
            ("surface", json!({"name": "regression", "examples": 1_000_000_000})),
            ("surface", json!({"name": "regression", "examples": 0})),
            ("surface", Value::Null),
            ("optimizer", json!("Ftrl")),
            ("optimizer", Value::Null),
        ] {
            let mut description = good.clone();
            description[key] = bad;
            assert!(descent(&description, [0.0; 2], 1).is_err(), "{description}");
        }
        assert!(Descent::from_json("[]", [0.0; 2], 1, 0).is_err());
        assert!(Surface::from_json("{").is_err());
    }
}
