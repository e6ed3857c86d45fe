//! One unit's arithmetic: everything that goes into one value of a layer's output.

use super::place::{UnitPlace, sizes};
use super::receptive_field::{Cells, Region};
use crate::layers::{Operation, activation_name};
use crate::model::{Model, Setting, zeros};
use crate::{Error, Result};
use alloc::{format, string::String, vec::Vec};
use convscope_kernels::activations::Activation;
use convscope_kernels::transpose;
use serde::Serialize;

/// The most cells of a window, over all channels, that are written out.
const MOST_CELLS: usize = 1 << 24;

/// How one value of a layer's output comes about, for one example.
///
/// The unit's window lies on the source: the output of the layer before, or of an earlier one where those between only hand
/// on what they get, as Flatten and Dropout do. So the weights of a Dense layer behind an image are one patch a map.
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
    /// If there is no such unit, `x` is not one example of finite numbers, the window has more than 2²⁴ cells, or there is
    /// no memory.
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
        if len > MOST_CELLS {
            return Err(Error::limit(format!(
                "the unit's window has {len} cells, at most {MOST_CELLS} are shown"
            )));
        }

        let setting = Setting { level: *level, weights, examples: 1, pass: None, keep_logits: false };
        let node = &network.nodes[place.layer];
        network.forward_to(place.layer, setting, workspace);
        network.forward_layer(place.layer, setting, workspace);
        let positions = node.output.positions();
        let logits = match node.layer.activation() {
            Activation::Softmax => &workspace.outputs[place.layer][..node.output.len()],
            _ => &[],
        };
        let logits = logits.iter().skip(place.offset % positions).step_by(positions).copied().collect();
        network.activate(place.layer, setting, workspace);
        let planes = source.map_or(&workspace.input, |index| &workspace.outputs[index]);

        let (mut patches, mut inside) = (zeros(len)?, Vec::new());
        inside.resize(area, 0);
        cells.copy(sizes(source_shape), planes, &mut patches, &mut inside);
        let (stored, bias) = node.layer.weights_of(place.unit, &weights[node.weights.clone()]);
        let mut kernel = zeros(stored.len())?;
        transpose(&stored, cells.channels.len(), &mut kernel, area);
        let products: Vec<f32> = patches.iter().zip(&kernel).map(|(cell, weight)| cell * weight).collect();
        let totals = || {
            patches.chunks_exact(area).zip(kernel.chunks_exact(area)).map(|(cells, weights)| {
                cells
                    .iter()
                    .zip(weights)
                    .map(|(&cell, &weight)| f64::from(cell) * f64::from(weight))
                    .sum::<f64>()
            })
        };
        let sums = totals().map(|sum| sum as f32).collect();
        let mut winner = -1;
        let (operation, sum) = match node.layer.operation() {
            Operation::WeightedSum { .. } => ("weighted-sum", totals().sum()),
            Operation::Normalization => ("normalization", totals().sum()),
            Operation::Copy => ("copy", f64::from(patches[0])),
            Operation::Mean => {
                let count = inside.iter().filter(|&&cell| cell == 1).count();
                ("mean", patches.iter().map(|&cell| f64::from(cell)).sum::<f64>() / count as f64)
            }
            Operation::Maximum => {
                let mut best = f32::NEG_INFINITY;
                for (index, &cell) in patches.iter().enumerate() {
                    if inside[index] == 1 && (cell > best || winner < 0) {
                        (winner, best) = (index as i32, cell);
                    }
                }
                ("maximum", f64::from(best))
            }
        };
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
    /// Copies the cells of one example's `planes`, and says which of them are there.
    fn copy(&self, [height, width, _]: [usize; 3], planes: &[f32], patches: &mut [f32], inside: &mut [u8]) {
        let (rows, columns) = (&self.window.rows, &self.window.columns);
        for (cell, inside) in inside.iter_mut().enumerate() {
            let row = rows.source(self.row, cell / columns.size);
            let column = columns.source(self.column, cell % columns.size);
            let (Some(row), Some(column)) = (row, column) else { continue };
            *inside = 1;
            for (patch, channel) in
                patches[cell..].iter_mut().step_by(rows.size * columns.size).zip(self.channels.clone())
            {
                *patch = planes[(channel * height + row) * width + column];
            }
        }
    }
}
