//! What JavaScript hands over as a record. `web/engine` makes each from what a caller passed, with these fields and their
//! types checked, so they are read one by one. (serde-wasm-bindgen's way in would add 11 KB to a first load, two thirds
//! of it for printing numbers in messages about wrong types, which cannot come here.)
//!
//! Descriptions of models, optimisers, losses and surfaces come as JSON text instead: the core bounds its length and its
//! depth, whatever a page makes them of.

use convscope_core::Variation;
use convscope_core::digits::Rasterize;
use convscope_core::explain::UnitPlace;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// A unit, or with a row and a column one place of its map.
    #[derive(Debug)]
    #[wasm_bindgen(typescript_type = "UnitPlace")]
    pub type Place;
    #[wasm_bindgen(method, getter)]
    pub fn layer(this: &Place) -> String;
    #[wasm_bindgen(method, getter)]
    fn unit(this: &Place) -> u32;
    #[wasm_bindgen(method, getter)]
    fn row(this: &Place) -> Option<u32>;
    #[wasm_bindgen(method, getter)]
    fn column(this: &Place) -> Option<u32>;

    /// How a drawing becomes an image.
    #[derive(Debug)]
    #[wasm_bindgen(typescript_type = "RasterizeOptions")]
    pub type Pen;
    #[wasm_bindgen(method, getter, js_name = penWidth)]
    fn pen_width(this: &Pen) -> Option<f32>;
    #[wasm_bindgen(method, getter)]
    fn center(this: &Pen) -> Option<bool>;

    /// Which steps are to be taken.
    #[derive(Debug)]
    #[wasm_bindgen(typescript_type = "Omit<FitOptions, 'augmentation'>")]
    pub type Plan;
    #[wasm_bindgen(method, getter, js_name = batchSize)]
    pub fn batch_size(this: &Plan) -> u32;
    /// Of the order of the examples.
    #[wasm_bindgen(method, getter)]
    pub fn seed(this: &Plan) -> f64;
    /// How many at most.
    #[wasm_bindgen(method, getter)]
    pub fn steps(this: &Plan) -> Option<f64>;
    /// The step, counted from when the model was compiled, before which it stops.
    #[wasm_bindgen(method, getter)]
    pub fn until(this: &Plan) -> Option<f64>;
    /// After which no step begins, except the first.
    #[wasm_bindgen(method, getter)]
    pub fn milliseconds(this: &Plan) -> Option<f64>;

    /// What a network's description is varied by.
    #[derive(Debug)]
    #[wasm_bindgen(typescript_type = "Variation")]
    pub type Change;
    #[wasm_bindgen(method, getter)]
    fn l1(this: &Change) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn l2(this: &Change) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn dropout(this: &Change) -> Option<f64>;
    #[wasm_bindgen(method, getter, js_name = batchNormalization)]
    fn batch_normalization(this: &Change) -> Option<bool>;
}

impl Place {
    /// The place in the layer called `layer`; what is left out is 0.
    pub(crate) fn within<'a>(&self, layer: &'a str) -> UnitPlace<'a> {
        let [row, column] = self.position().unwrap_or_default();
        UnitPlace { layer, unit: self.unit() as usize, row, column }
    }

    /// Row and column, if one is given.
    pub(crate) fn position(&self) -> Option<[usize; 2]> {
        let (row, column) = (self.row(), self.column());
        row.or(column).map(|_| [row, column].map(|place| place.unwrap_or(0) as usize))
    }
}

impl From<&Pen> for Rasterize {
    fn from(pen: &Pen) -> Self {
        let Self { pen_width, center } = Self::default();
        Self { pen_width: pen.pen_width().unwrap_or(pen_width), center: pen.center().unwrap_or(center) }
    }
}

impl From<&Change> for Variation {
    fn from(change: &Change) -> Self {
        Self {
            l1: change.l1().unwrap_or(0.0),
            l2: change.l2().unwrap_or(0.0),
            dropout: change.dropout(),
            batch_normalization: change.batch_normalization().unwrap_or(false),
        }
    }
}
