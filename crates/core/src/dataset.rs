//! Images and labels kept as bytes, as IDX files hold them.

use crate::random::Random;
use crate::shape::{MAX_SIZE, Shape};
use crate::{Error, Result};
use alloc::{format, vec::Vec};
use core::num::NonZero;

/// Keeps the order of examples apart from other random numbers of the same seed.
const STREAM: u64 = 0x6f72_6465_7200_0000;

/// Labelled images: pixels as `u8`, widened to 0 to 1 only as they are used.
#[derive(Clone, Debug)]
pub struct Dataset {
    shape: [usize; 3],
    /// One example after the other, each as channel planes.
    pixels: Vec<u8>,
    labels: Vec<u16>,
}

impl Dataset {
    /// Takes `pixels` of shape `[n, height, width, channels]` (0 black to 255 white) and `[n]` labels.
    ///
    /// ```
    /// use convscope_core::Dataset;
    ///
    /// let data = Dataset::new(vec![0, 255, 51, 0], vec![7], [2, 2, 1])?;
    /// assert_eq!(data.example(0), [0.0, 1.0, 0.2, 0.0]);
    /// # Ok::<(), convscope_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// If `shape` has a zero or overlarge size, or `pixels` doesn't hold one image a label.
    pub fn new(pixels: Vec<u8>, labels: Vec<u16>, shape: [usize; 3]) -> Result<Self> {
        if shape.iter().any(|size| !(1..=MAX_SIZE).contains(size)) {
            return Err(Error::shape(format!(
                "every size of an image is 1 to {MAX_SIZE}, got {}",
                Shape::Image(shape)
            )));
        }
        let needed = shape.iter().try_fold(labels.len(), |product, &size| product.checked_mul(size));
        if needed != Some(pixels.len()) {
            return Err(Error::shape(format!(
                "{} labels with images of shape {} need as many images, got {} pixels",
                labels.len(),
                Shape::Image(shape),
                pixels.len()
            )));
        }
        Ok(Self { shape, pixels, labels })
    }

    /// The number of examples.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no example.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// `[height, width, channels]` of every image.
    pub fn shape(&self) -> [usize; 3] {
        self.shape
    }

    /// `[n]`: the class of each example.
    pub fn labels(&self) -> &[u16] {
        &self.labels
    }

    /// The bytes of all images, one after the other, each `[height, width, channels]`.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The order in which epoch `epoch` goes through the examples: all of them, shuffled as `seed` and the
    /// epoch say.
    pub fn order(&self, seed: u64, epoch: u32) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        Random::new(seed, STREAM + u64::from(epoch)).shuffle(&mut order);
        order
    }

    /// Example `index` as the models take it: `[height, width, channels]` floats from 0 to 1.
    ///
    /// # Panics
    /// If there is no such example.
    pub fn example(&self, index: usize) -> Vec<f32> {
        self.image(index).iter().map(|&byte| f32::from(byte) / 255.0).collect()
    }

    /// One image's bytes.
    pub(crate) fn image(&self, index: usize) -> &[u8] {
        let len = self.shape.iter().product::<usize>();
        &self.pixels[index * len..(index + 1) * len]
    }

    /// Checks that every index names an example.
    pub(crate) fn check_indices(&self, indices: &[u32]) -> Result<()> {
        match indices.iter().find(|&&index| index as usize >= self.len()) {
            Some(index) => {
                Err(Error::value(format!("indices go up to {}, got {index}", self.len().saturating_sub(1))))
            }
            None => Ok(()),
        }
    }
}

/// The batches of a training, epoch after epoch.
///
/// Which examples a step takes depends on the number of examples, the size of a batch, the seed and the step alone, so
/// that a training that is carried on in portions takes the same. The order of the epoch that was asked for last is
/// kept.
#[derive(Debug, Default)]
pub struct Epochs {
    /// The number of examples, the seed and the epoch that `order` is of.
    key: (usize, u64, u32),
    order: Vec<u32>,
}

impl Epochs {
    /// The epoch of step number `step`, from 0, and the examples of its batch. The last batch of an epoch may be
    /// smaller, as in Keras.
    pub fn batch(&mut self, data: &Dataset, size: NonZero<u32>, seed: u64, step: u64) -> (u32, &[u32]) {
        let size = size.get() as usize;
        let steps = data.len().div_ceil(size).max(1) as u64;
        let epoch = (step / steps) as u32;
        let key = (data.len(), seed, epoch);
        if self.key != key || self.order.is_empty() {
            *self = Self { key, order: data.order(seed, epoch) };
        }
        let start = (step % steps) as usize * size;
        let end = start.saturating_add(size).min(data.len());
        (epoch, &self.order[start..end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn ten() -> Dataset {
        Dataset::new(vec![0; 10], vec![0; 10], [1, 1, 1]).unwrap()
    }

    #[test]
    fn an_epoch_takes_each_example_once_and_the_next_has_an_order_of_its_own() {
        let (data, size) = (ten(), NonZero::new(4).unwrap());
        let mut epochs = Epochs::default();
        let mut take = |step| {
            let (epoch, batch) = epochs.batch(&data, size, 7, step);
            (epoch, batch.to_vec())
        };
        let batches: Vec<_> = (0..6).map(&mut take).collect();
        assert_eq!(batches.iter().map(|(epoch, _)| *epoch).collect::<Vec<_>>(), [0, 0, 0, 1, 1, 1]);
        assert_eq!(batches.iter().map(|(_, batch)| batch.len()).collect::<Vec<_>>(), [4, 4, 2, 4, 4, 2]);
        for (epoch, taken) in batches.chunks(3).enumerate() {
            let order: Vec<u32> = taken.iter().flat_map(|(_, batch)| batch.clone()).collect();
            assert_eq!(order, data.order(7, epoch as u32));
        }
        // Whoever begins in the middle, with nothing kept, takes the same.
        assert_eq!(Epochs::default().batch(&data, size, 7, 4).1, batches[4].1);
        assert_ne!(epochs.batch(&data, size, 8, 0).1, batches[0].1);
    }

    #[test]
    fn a_batch_larger_than_the_set_is_the_set() {
        let data = ten();
        for size in [10, 64, u32::MAX] {
            let mut epochs = Epochs::default();
            let (epoch, batch) = epochs.batch(&data, NonZero::new(size).unwrap(), 1, 3);
            assert_eq!((epoch, batch.len()), (3, 10));
        }
        let empty = Dataset::new(vec![], vec![], [1, 1, 1]).unwrap();
        assert!(Epochs::default().batch(&empty, NonZero::new(1).unwrap(), 1, 0).1.is_empty());
    }
}
