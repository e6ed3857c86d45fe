//! Trainings that are to come to the same bits each time.

use crate::digits::generate_images;
use crate::{Batch, Error, Model, Result, Targets};
use alloc::vec::Vec;

/// Trains the model that `description` tells of with Adam, for `steps` steps on batches of `batch` generated digits, and
/// gives all its weights. Before each step of a `spoilt` training, all memory that the step may not read is full of NaN.
///
/// # Errors
/// If there is no such model, it does not take 28×28 images to ten classes, or there is no memory for it.
pub fn train(description: &str, steps: usize, batch: usize, spoilt: bool) -> Result<Vec<f32>> {
    let mut model = Model::from_json(description, 1)?;
    model.compile(r#"{"optimizer": "adam", "loss": "sparse_categorical_crossentropy"}"#)?;
    for step in 0..steps {
        let first = (step * batch) as u64;
        let (pixels, labels) = generate_images(1, first, batch)?;
        let x: Vec<f32> = pixels.iter().map(|&pixel| f32::from(pixel) / 255.0).collect();
        let labels: Vec<u16> = labels.iter().map(|&label| u16::from(label)).collect();
        if spoilt {
            model.spoil();
        }
        let metrics = model.train_batch(Batch::Arrays { x: &x, y: Targets::Labels(&labels) })?;
        if !metrics.loss.is_finite() {
            return Err(Error::value(alloc::format!("the loss of step {} is no finite number", step + 1)));
        }
    }
    Ok(model.flat_weights().to_vec())
}
