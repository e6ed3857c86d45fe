//! One unit's arithmetic: everything that goes into one value of a layer's output.

use super::place::{UnitPlace, sizes};
use super::receptive_field::{Cells, Region};
use crate::layers::{Operation, activation_name};
use crate::model::{Model, Setting};
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
    /// `weighted-sum`, `maximum`, `mean`, `normalization` or `copy`.
    pub operation: &'static str,
    /// The source's name, `input` for the network's input.
    pub source: String,
    /// `[height, width, channels]` or `[length]`.
    pub source_shape: Vec<usize>,
    /// The source's channels that the unit sees.
    pub channels: Vec<usize>,
    /// Where the window lies on the source.
    pub window: WindowPlace,
    /// `[channels, height, width]`, 0 in the padding.
    #[serde(skip)]
    pub patches: Vec<f32>,
    /// `[height, width]`: 1 where a cell is on the source, 0 in the padding.
    #[serde(skip)]
    pub inside: Vec<u8>,
    /// `[channels, height, width]`: the weights, or the one factor of a normalisation; else empty.
    #[serde(skip)]
    pub kernel: Vec<f32>,
    /// Patches times kernel, `[channels, height, width]`; empty where that is.
    #[serde(skip)]
    pub products: Vec<f32>,
    /// The sum of each channel's products, `[channels]`.
    #[serde(skip)]
    pub sums: Vec<f32>,
    /// The sum of all products; where there are none, the maximum, the mean or the value.
    #[serde(skip)]
    pub sum: f32,
    /// What is added to the sum.
    #[serde(skip)]
    pub bias: f32,
    /// The sum with the bias, which the activation is applied to.
    #[serde(skip)]
    pub preactivation: f32,
    /// Keras' name of the activation.
    pub activation: &'static str,
    /// What all units of a softmax are applied to, else empty.
    #[serde(skip)]
    pub logits: Vec<f32>,
    /// What the layer's output holds.
    #[serde(skip)]
    pub output: f32,
    /// The place in the window of the cell that is the maximum, of equal ones the first; else −1.
    pub winner: i32,
    /// What the unit sees of its own layer and of every one before it, the input last.
    pub regions: Vec<Region>,
}

/// Where a window lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct WindowPlace {
    /// The first row, negative in the padding.
    pub row: isize,
    /// The first column, negative in the padding.
    pub column: isize,
    /// In cells.
    pub height: usize,
    /// In cells.
    pub width: usize,
}

impl Model {
    /// What goes into the value of the unit at `place` for the one example `x`.
    ///
    /// # Errors
    /// If there is no such unit, `x` is not one example of finite numbers, the window has more than 2²²
    /// cells, or there is no memory.
    pub fn explain_unit(&mut self, x: &[f32], place: UnitPlace<'_>) -> Result<UnitArithmetic> {
        let place = self.network.find(place)?;
        self.read_one(x, false)?;
        let Self { network, weights, level, workspace, .. } = self;
        let source = network.source(place.layer);
        let source_shape = source.map_or(network.input, |index| network.nodes[index].output);
        let cells = network.cells(place, sizes(source_shape))?;
        let size = [cells.window.rows.size, cells.window.columns.size];
        let area = size[0].saturating_mul(size[1]);
        let len = area.saturating_mul(cells.channels.len());
        if len > MAX_CELLS {
            return Err(Error::limit(format!(
                "the unit's window has {len} cells, at most {MAX_CELLS} are shown"
            )));
        }

        let setting = Setting { level: *level, weights, examples: 1, pass: None, keep_logits: false };
        let node = &network.nodes[place.layer];
        network.forward_to(place.layer, setting, workspace);
        network.forward_layer(place.layer, setting, workspace);
        let mut logits = Vec::new();
        if node.layer.activation() == Activation::Softmax {
            let positions = node.output.positions();
            for channel in 0..node.output.channels() {
                logits.push(workspace.outputs[place.layer][channel * positions + place.offset % positions]);
            }
        }
        network.activate(place.layer, setting, workspace);
        let planes = source.map_or(&workspace.input, |index| &workspace.outputs[index]);

        let [height, width, _] = sizes(source_shape);
        let (stored, bias) = node.layer.weights_of(place.unit, &weights[node.weights.clone()]);
        let (mut patches, mut inside, mut kernel) = (Vec::new(), Vec::new(), Vec::new());
        let (mut products, mut sums, mut total, mut winner) = (Vec::new(), Vec::new(), 0.0_f64, -1);
        let (mut cells_total, mut largest, mut count) = (0.0_f64, f32::NEG_INFINITY, 0);
        for (number, channel) in cells.channels.clone().enumerate() {
            let mut sum = 0.0_f64;
            for cell in 0..area {
                let pixel = cells.pixel(cell);
                let value =
                    pixel.map_or(0.0, |[row, column]| planes[(channel * height + row) * width + column]);
                patches.push(value);
                if number == 0 {
                    inside.push(u8::from(pixel.is_some()));
                    count += usize::from(pixel.is_some());
                }
                if pixel.is_some() && (value > largest || winner < 0) {
                    (largest, winner) = (value, cell as i32);
                }
                cells_total += f64::from(value);
                if let Some(&weight) = stored.get(cell * cells.channels.len() + number) {
                    kernel.push(weight);
                    products.push(value * weight);
                    sum += f64::from(value) * f64::from(weight);
                }
            }
            if !stored.is_empty() {
                sums.push(sum as f32);
            }
            total += sum;
        }
        let (operation, sum) = match node.layer.operation() {
            Operation::WeightedSum => ("weighted-sum", total),
            Operation::Normalization => ("normalization", total),
            Operation::Copy => ("copy", cells_total),
            Operation::Mean => ("mean", cells_total / count as f64),
            Operation::Maximum => ("maximum", f64::from(largest)),
        };
        if operation != "maximum" {
            winner = -1;
        }
        Ok(UnitArithmetic {
            operation,
            source: source.map_or("input", |index| &network.nodes[index].name).into(),
            source_shape: source_shape.sizes(),
            channels: cells.channels.collect(),
            window: WindowPlace {
                row: cells.window.rows.start(cells.row),
                column: cells.window.columns.start(cells.column),
                height: size[0],
                width: size[1],
            },
            patches,
            inside,
            kernel,
            products,
            sums,
            sum: sum as f32,
            bias,
            preactivation: (sum + f64::from(bias)) as f32,
            activation: activation_name(node.layer.activation()),
            logits,
            output: workspace.outputs[place.layer][place.offset],
            winner,
            regions: network.regions(place),
        })
    }
}

impl Cells {
    /// The row and column of a window's cell, or none in the padding.
    fn pixel(&self, cell: usize) -> Option<[usize; 2]> {
        let (rows, columns) = (&self.window.rows, &self.window.columns);
        Some([rows.source(self.row, cell / columns.size)?, columns.source(self.column, cell % columns.size)?])
    }
}
