//! Activation maximisation: an image that one unit answers to as much as possible (Erhan et al. 2009).

use super::place::UnitPlace;
use super::truncated::{ReluRule, TruncatedNetwork};
use crate::layout::write_planes;
use crate::model::{Model, Setting};
use crate::numbers::{clamp, zeros};
use crate::random::Random;
use crate::{Error, Result};
use alloc::{format, vec::Vec};

/// The most steps that [`Model::maximize`] takes.
pub const MAX_ASCENT_STEPS: usize = 4096;

/// How far the root mean square of a step moves the pixels.
const RATE: f32 = 0.1;

/// What of each pixel a step takes away.
const DECAY: f32 = 0.02;

/// Steps from one blur to the next.
const BLUR_EVERY: usize = 4;

/// What a blurred pixel takes from each of its neighbours along an axis.
const BLUR: f32 = 0.05;

/// The brightest pixel at the start.
const NOISE: f32 = 0.2;

/// An image made for one unit.
#[derive(Clone, Debug)]
pub struct Maximization {
    /// `[channels, height, width]` of the input, 0 to 1.
    pub image: Vec<f32>,
    /// What went into the unit's activation at the start.
    pub before: f32,
    /// What goes into it for the image.
    pub after: f32,
}

impl Model {
    /// Climbs the gradient of what goes into the activation of the unit at `place`, from noise that `seed`
    /// gives. To remain an image, pixels stay between 0 and 1, decay, and are blurred a little every few
    /// steps (Yosinski et al. 2015).
    ///
    /// # Errors
    /// If there is no such unit, `steps` is above [`MAX_ASCENT_STEPS`], or there is no memory.
    pub fn maximize(&mut self, place: UnitPlace<'_>, steps: usize, seed: u64) -> Result<Maximization> {
        let place = self.network.find(place)?;
        if steps > MAX_ASCENT_STEPS {
            return Err(Error::limit(format!("steps: at most {MAX_ASCENT_STEPS}, got {steps}")));
        }
        let mut random = Random::new(seed, 0);
        let mut image = zeros(self.network.input.len())?;
        image.fill_with(|| random.uniform(0.0, NOISE));
        self.workspace.reserve(&self.network, 1, true)?;
        let Self { network, weights, level, workspace, .. } = self;
        let setting = Setting { level: *level, weights, examples: 1, pass: None, keep_logits: false };
        let truncated = TruncatedNetwork { network, setting, last: place.layer, activated: false };
        let mut weight_gradients = zeros(network.nodes[place.layer].weights.end)?;
        let output = network.nodes[place.layer].output;
        let mut answer = |image: &[f32], ascent: &mut [f32]| {
            workspace.input[..image.len()].copy_from_slice(image);
            truncated.forward(workspace);
            let value = workspace.outputs[place.layer][place.offset];
            // Where every way leads through a ReLU that is shut, the deconvnet's rule shows which to open.
            for rule in [ReluRule::Gradient, ReluRule::Deconvnet] {
                let gradient = &mut workspace.gradients[0][..output.len()];
                gradient.fill(0.0);
                gradient[place.offset] = 1.0;
                truncated.backward(workspace, rule, &mut weight_gradients);
                ascent.copy_from_slice(&workspace.gradients[0][..image.len()]);
                if ascent.iter().any(|&value| value != 0.0) {
                    break;
                }
            }
            value
        };
        let mut ascent = zeros(image.len())?;
        let before = answer(&image, &mut ascent);
        let mut after = before;
        for step in 0..steps {
            climb(&mut image, &ascent);
            if step % BLUR_EVERY == 0 {
                blur(&mut image, network.input.maps());
            }
            after = answer(&image, &mut ascent);
        }
        let mut planes = zeros(image.len())?;
        write_planes(&image, network.input, &mut planes);
        Ok(Maximization { image: planes, before, after })
    }
}

/// Moves every pixel along the gradient, whose size doesn't matter.
fn climb(image: &mut [f32], gradient: &[f32]) {
    let square: f32 = gradient.iter().map(|value| value * value).sum();
    let scale = RATE / libm::sqrtf(square / gradient.len() as f32);
    if scale.is_finite() {
        for (pixel, value) in image.iter_mut().zip(gradient) {
            *pixel = clamp(*pixel * (1.0 - DECAY) + value * scale, 0.0, 1.0);
        }
    }
}

/// Lets every pixel take a part of its neighbours, first along the rows, then along the columns.
fn blur(image: &mut [f32], [height, width, channels]: [usize; 3]) {
    let pitch = width * channels;
    for channel in 0..channels {
        (0..height).for_each(|row| blur_line(&mut image[row * pitch + channel..], channels, width));
        (0..width).for_each(|column| blur_line(&mut image[column * channels + channel..], pitch, height));
    }
}

/// Blurs `count` pixels, each `stride` behind the one before.
fn blur_line(pixels: &mut [f32], stride: usize, count: usize) {
    let mut previous = pixels[0];
    for index in 0..count {
        let here = pixels[index * stride];
        let next = pixels[(index + 1).min(count - 1) * stride];
        pixels[index * stride] = here + BLUR * (previous + next - 2.0 * here);
        previous = here;
    }
}
