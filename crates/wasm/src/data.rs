//! Data sets, and batches from them or from arrays.

use crate::convert::error;
use convscope_core::Targets;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Examples whose pixels stay one byte each.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Dataset(Rc<convscope_core::Dataset>);

#[wasm_bindgen]
impl Dataset {
    /// `pixels` of as many examples as there are `labels`, each `height` × `width` × `channels`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        pixels: Vec<u8>,
        labels: Vec<u16>,
        height: u32,
        width: u32,
        channels: u32,
    ) -> Result<Dataset, JsValue> {
        let shape = [height, width, channels].map(|side| side as usize);
        convscope_core::Dataset::new(pixels, labels, shape).map(|data| Dataset(Rc::new(data))).map_err(error)
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
    Of(Rc<convscope_core::Dataset>, Vec<u32>),
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

    /// The examples of `data` at `indices`.
    pub fn of(data: &Dataset, indices: Vec<u32>) -> Batch {
        Batch(Examples::Of(Rc::clone(&data.0), indices))
    }
}

impl Batch {
    /// The batch as the core takes it.
    pub(crate) fn borrow(&self) -> convscope_core::Batch<'_> {
        match &self.0 {
            Examples::Labels(x, y) => convscope_core::Batch::Arrays { x, y: Targets::Labels(y) },
            Examples::OneHot(x, y) => convscope_core::Batch::Arrays { x, y: Targets::OneHot(y) },
            Examples::Of(data, indices) => convscope_core::Batch::Of { data, indices },
        }
    }
}
