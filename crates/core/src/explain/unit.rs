//! One unit's arithmetic: everything that goes into one value of a layer's output.

use super::place::{UnitPlace, WindowPlace};
use super::receptive_field::Region;
use crate::layers::{Cells, Operation, activation_name};
use crate::model::{Model, Setting};
use crate::shape::Shape;
use crate::{Error, Result};
use alloc::{format, string::String, vec::Vec};
use convscope_kernels::activations::Activation;
use serde::Serialize;

/// The most cells of a window, over all channels, that are written out.
const MAX_CELLS: usize = 1 << 22;

/// How one value of a layer's output comes about, for one example.
///
/// The unit's window lies on the source: the output of the layer before, or of an earlier one where those
/// between only hand on what they get, as Flatten and Dropout do. So the weights of a Dense layer behind an
/// image are one patch a map.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UnitArithmetic {
    /// What is done with the cells under the window.
    pub operation: Operation,
    /// The source's name, `input` for the network's input.
    pub source: String,
    /// `[height, width, channels]` or `[length]`.
    pub source_shape: Vec<usize>,
    /// The source's channels that the unit sees.
    pub channels: Vec<usize>,
    /// Where the window lies on the source.
    pub window: WindowPlace,
    /// Rows and columns of the source from one cell of the window to the next; 1 where it has no holes.
    pub dilation: [usize; 2],
    /// `[channels, height, width]`, 0 in the padding. Of a layer with several inputs the one value of each in their
    /// order, in the channels that `channels` tells; `source` is then the first of them. Where their channels lie one
    /// input's behind the other's, it is the one that the value comes from.
    pub patches: Vec<f32>,
    /// `[height, width]`: 1 where a cell is on the source, 0 in the padding.
    pub inside: Vec<u8>,
    /// `[channels, height, width]`: the weights, or the one factor of a normalisation; else empty.
    pub kernel: Vec<f32>,
    /// Patches times kernel, `[channels, height, width]`; empty where that is.
    pub products: Vec<f32>,
    /// The sum of each channel's products, `[channels]`.
    pub sums: Vec<f32>,
    /// The sum of all products; where there are none, the maximum, the mean or the value.
    pub sum: f32,
    /// What is added to the sum.
    pub bias: f32,
    /// The sum with the bias, which the activation is applied to.
    pub preactivation: f32,
    /// Keras' name of the activation.
    pub activation: &'static str,
    /// What all units of a softmax are applied to, else empty.
    pub logits: Vec<f32>,
    /// What the layer's output holds.
    pub output: f32,
    /// The place in the window of the cell that is the maximum, of equal ones the first; else −1.
    pub winner: i32,
    /// What the unit sees of its own layer and of every one before it, the input last.
    pub regions: Vec<Region>,
}

impl Model {
    /// What goes into the value of the unit at `place` for the one example `x`.
    ///
    /// ```
    /// use convscope_core::{Model, explain::UnitPlace};
    ///
    /// let description = r#"{"class_name": "Sequential", "config": {"layers": [
    ///     {"class_name": "InputLayer", "config": {"batch_shape": [null, 3, 3, 1]}},
    ///     {"class_name": "Conv2D", "config": {"filters": 1, "kernel_size": 2}}]}}"#;
    /// let mut model = Model::from_json(description, 1)?;
    /// model.set_weights("conv2d/kernel", &[1.0, 0.0, 0.0, -1.0])?;
    /// let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];
    /// let unit = model.explain_unit(&x, UnitPlace { layer: "conv2d", unit: 0, row: 0, column: 1 })?;
    /// assert_eq!(unit.patches, [2.0, 3.0, 5.0, 6.0]);
    /// assert_eq!(unit.products, [2.0, 0.0, 0.0, -6.0]);
    /// assert_eq!(unit.output, -4.0);
    /// # Ok::<(), convscope_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// If there is no such unit, `x` is not one example of finite numbers, the window has more than 2²²
    /// cells, or there is no memory.
    pub fn explain_unit(&mut self, x: &[f32], place: UnitPlace<'_>) -> Result<UnitArithmetic> {
        let place = self.network.find(place)?;
        self.read_one(x, false)?;
        #[cfg(feature = "complete")]
        if self.network.sources(place.layer).len() > 1 {
            return Ok(self.explain_merged(place));
        }
        let Self { network, weights, level, workspace, .. } = self;
        let (source, node) = (network.source(place.layer), &network.nodes[place.layer]);
        let (name, shape) = network.source_named(source);
        let cells = network.cells(place, shape.maps())?;
        let count = cells.count();
        if count > MAX_CELLS {
            return Err(Error::limit(format!(
                "the unit's window has {count} cells, at most {MAX_CELLS} are shown"
            )));
        }

        let setting = Setting { level: *level, weights, examples: 1, pass: None, keep_logits: false };
        network.observe_to(place.layer, setting, workspace);
        network.forward_layer(place.layer, setting, workspace);
        let logits = match node.layer.activation() {
            Activation::Softmax => channels_at(place.offset, node.output, &workspace.outputs[place.layer]),
            _ => Vec::new(),
        };
        let own = workspace.outputs[place.layer][place.offset];
        network.activate(place.layer, setting, workspace);
        let pixels = source.map_or(&workspace.input, |index| &workspace.outputs[index]);

        let values = cells.values(pixels, shape);
        let at = [place.row, place.column, place.unit];
        let (stored, bias) = node.layer.weights_at(at, &weights[node.weights.clone()]);
        let weighted = cells.weighted(&values, &stored);
        let operation = node.layer.operation();
        let (sum, winner) = combine(operation, &values, &weighted, own);
        Ok(UnitArithmetic {
            operation,
            source: name.into(),
            source_shape: shape.sizes(),
            window: WindowPlace {
                row: cells.window.rows.start(cells.row),
                column: cells.window.columns.start(cells.column),
                height: cells.window.rows.size,
                width: cells.window.columns.size,
            },
            dilation: [cells.window.rows.dilation, cells.window.columns.dilation],
            channels: cells.channels.collect(),
            patches: values.patches,
            inside: values.inside,
            kernel: weighted.kernel,
            products: weighted.products,
            sums: weighted.sums,
            sum: sum as f32,
            bias,
            preactivation: (sum + f64::from(bias)) as f32,
            activation: activation_name(node.layer.activation()),
            logits,
            output: workspace.outputs[place.layer][place.offset],
            winner: winner.map_or(-1, |cell| cell as i32),
            regions: network.regions(place),
        })
    }
}

/// What lies under a window, by channels.
struct WindowValues {
    patches: Vec<f32>,
    /// Which cells of one channel are on the source.
    inside: Vec<u8>,
}

/// What the weights make of it; all empty where there are none.
struct Weighted {
    kernel: Vec<f32>,
    products: Vec<f32>,
    sums: Vec<f32>,
    total: f64,
}

impl Cells {
    /// The cells of one channel.
    pub(super) fn area(&self) -> usize {
        self.window.rows.size.saturating_mul(self.window.columns.size)
    }

    /// The cells of all channels.
    fn count(&self) -> usize {
        self.area().saturating_mul(self.channels.len())
    }

    /// The row and column of a window's cell, or none in the padding.
    pub(super) fn pixel(&self, cell: usize) -> Option<[usize; 2]> {
        let (rows, columns) = (&self.window.rows, &self.window.columns);
        Some([rows.source(self.row, cell / columns.size)?, columns.source(self.column, cell % columns.size)?])
    }

    /// The values under the window, from a source of shape `shape`.
    fn values(&self, pixels: &[f32], shape: Shape) -> WindowValues {
        let [_, width, channels] = shape.maps();
        let mut patches = Vec::with_capacity(self.count());
        for channel in self.channels.clone() {
            patches.extend((0..self.area()).map(|cell| match self.pixel(cell) {
                Some([row, column]) => pixels[(row * width + column) * channels + channel],
                None => 0.0,
            }));
        }
        let inside = (0..self.area()).map(|cell| u8::from(self.pixel(cell).is_some())).collect();
        WindowValues { patches, inside }
    }

    /// The products of values and weights, which are `stored` with the channels fastest.
    fn weighted(&self, values: &WindowValues, stored: &[f32]) -> Weighted {
        let mut weighted =
            Weighted { kernel: Vec::new(), products: Vec::new(), sums: Vec::new(), total: 0.0 };
        if stored.is_empty() {
            return weighted;
        }
        for (number, patch) in values.patches.chunks_exact(self.area()).enumerate() {
            let mut sum = 0.0;
            for (cell, &value) in patch.iter().enumerate() {
                let weight = stored[cell * self.channels.len() + number];
                weighted.kernel.push(weight);
                weighted.products.push(value * weight);
                sum += f64::from(value) * f64::from(weight);
            }
            weighted.sums.push(sum as f32);
            weighted.total += sum;
        }
        weighted
    }
}

/// The value before bias and activation, which the layer made `own` where that is all that is known, and the cell that decides it, of equal ones the first.
fn combine(
    operation: Operation,
    values: &WindowValues,
    weighted: &Weighted,
    own: f32,
) -> (f64, Option<usize>) {
    let cells = || (0..values.inside.len()).filter(|&cell| values.inside[cell] == 1);
    let sum = || cells().fold(0.0, |sum, cell| sum + f64::from(values.patches[cell]));
    match operation {
        Operation::WeightedSum | Operation::Normalization => (weighted.total, None),
        Operation::Function => (own.into(), None),
        Operation::Mean => (sum() / cells().count() as f64, None),
        Operation::Maximum => {
            let larger = |best, cell| if values.patches[cell] > values.patches[best] { cell } else { best };
            let winner = cells().reduce(larger);
            (winner.map_or(f64::NEG_INFINITY, |cell| values.patches[cell].into()), winner)
        }
        _ => (sum(), None),
    }
}

/// The values of all channels at the position of `offset`.
fn channels_at(offset: usize, shape: Shape, pixels: &[f32]) -> Vec<f32> {
    let channels = shape.channels();
    pixels[offset / channels * channels..][..channels].to_vec()
}
