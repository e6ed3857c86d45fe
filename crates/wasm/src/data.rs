//! Data sets, and batches from them or from arrays.

use crate::answers::{LabelledImages, answer};
use crate::convert::{Result, error, object};
use convscope_core::Targets;
use convscope_core::digits::{self, ImageAugmentation};
use convscope_core::formats::idx;
use js_sys::{Uint8Array, Uint16Array};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Examples whose pixels stay one byte each.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Dataset(pub(crate) Rc<convscope_core::Dataset>);

#[wasm_bindgen]
impl Dataset {
    /// `pixels` of as many examples as there are `labels`, each `height` × `width` × `channels`.
    #[wasm_bindgen(constructor)]
    pub fn new(pixels: Vec<u8>, labels: Vec<u16>, height: u32, width: u32, channels: u32) -> Result<Dataset> {
        let shape = [height, width, channels].map(|side| side as usize);
        convscope_core::Dataset::new(pixels, labels, shape).map(|data| Dataset(Rc::new(data))).map_err(error)
    }

    /// The images, one after the other, as the constructor takes them.
    #[wasm_bindgen(getter)]
    pub fn pixels(&self) -> Uint8Array {
        self.0.pixels().into()
    }

    /// The class of each example.
    #[wasm_bindgen(getter)]
    pub fn labels(&self) -> Uint16Array {
        self.0.labels().into()
    }

    /// `[height, width, channels]` of every image.
    #[wasm_bindgen(getter)]
    pub fn shape(&self) -> Vec<u32> {
        self.0.shape().map(|side| side as u32).into()
    }
}

/// Whether there is memory for arguments of so many bytes, which would trap otherwise.
#[wasm_bindgen(js_name = checkMemory)]
pub fn check_memory(bytes: f64) -> Result<()> {
    convscope_core::check_memory(bytes as usize).map_err(error)
}

/// The images and labels of two IDX files: `{ shape, pixels, labels }`.
#[wasm_bindgen(js_name = readIdx, unchecked_return_type = "LabelledImages")]
pub fn read_idx(images: &[u8], labels: &[u8]) -> Result<JsValue> {
    let data = idx::read(images, labels).map_err(error)?;
    let labels: Vec<u8> = data.labels().iter().map(|&label| label as u8).collect();
    object(&LabelledImages { shape: data.shape(), pixels: data.pixels().into(), labels: labels.into() })
}

/// What the first bytes of an IDX file say of it: `{ kind, count, shape, length }`.
#[wasm_bindgen(js_name = readIdxHeader, unchecked_return_type = "IdxHeader")]
pub fn read_idx_header(bytes: &[u8]) -> Result<JsValue> {
    object(&idx::header(bytes).map_err(error)?)
}

/// Which examples are learnt and which are kept apart: `{ training, validation }`.
#[wasm_bindgen(unchecked_return_type = "Split")]
pub fn split(labels: &[u16], validation: f64, seed: f64) -> Result<JsValue> {
    answer(convscope_core::split(labels, validation, seed as u64).map_err(error)?)
}

/// Digits number `first` up to `first + count` of a seed: `{ shape, pixels, labels }`.
#[wasm_bindgen(js_name = generateDigits, unchecked_return_type = "LabelledImages")]
pub fn generate_digits(seed: f64, first: f64, count: usize) -> Result<JsValue> {
    let (pixels, labels) = digits::generate_images(seed as u64, first as u64, count).map_err(error)?;
    object(&LabelledImages { shape: [28, 28, 1], pixels: pixels.into(), labels: labels.into() })
}

/// How the images of a batch are varied.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Augmentation {
    image: ImageAugmentation,
    seed: u64,
    epoch: u64,
}

#[wasm_bindgen]
impl Augmentation {
    /// Reads JSON `text`, as `ImageAugmentation::from_json` says.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str, seed: f64, epoch: f64) -> Result<Augmentation> {
        let image = ImageAugmentation::from_json(text).map_err(error)?;
        Ok(Self { image, seed: seed as u64, epoch: epoch as u64 })
    }

    /// A varied copy of a 28×28 image, the same in every epoch.
    pub fn apply(&self, image: &[f32]) -> Result<Vec<f32>> {
        self.image.varied(image, self.seed).map_err(error)
    }
}

/// The examples of one call. Nothing is checked before it is used.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Batch(Examples);

#[derive(Debug)]
enum Examples {
    Labels(Vec<f32>, Vec<u16>),
    OneHot(Vec<f32>, Vec<f32>),
    Of(Rc<convscope_core::Dataset>, Vec<u32>, Option<Augmentation>),
}

#[wasm_bindgen]
impl Batch {
    /// Examples `x` with one label each.
    pub fn labels(x: Vec<f32>, y: Vec<u16>) -> Batch {
        Batch(Examples::Labels(x, y))
    }

    /// Examples `x` with one row of `y` each.
    #[wasm_bindgen(js_name = oneHot)]
    pub fn one_hot(x: Vec<f32>, y: Vec<f32>) -> Batch {
        Batch(Examples::OneHot(x, y))
    }

    /// The examples of `data` at `indices`, varied if that is wanted.
    pub fn of(data: &Dataset, indices: Vec<u32>, augmentation: Option<Augmentation>) -> Batch {
        Batch(Examples::Of(Rc::clone(&data.0), indices, augmentation))
    }
}

impl Batch {
    /// The batch as the core takes it.
    pub(crate) fn borrow(&self) -> convscope_core::Batch<'_> {
        match &self.0 {
            Examples::Labels(x, y) => convscope_core::Batch::Arrays { x, y: Targets::Labels(y) },
            Examples::OneHot(x, y) => convscope_core::Batch::Arrays { x, y: Targets::OneHot(y) },
            Examples::Of(data, indices, augmentation) => {
                let augmentation = augmentation.as_ref().map(|Augmentation { image, seed, epoch }| {
                    digits::Augmentation { image, seed: *seed, epoch: *epoch }
                });
                convscope_core::Batch::Of { data, indices, augmentation }
            }
        }
    }
}
