//! Conv2DTranspose: a convolution turned round; every pixel spreads its kernel over a larger image.

use super::activation::{ACTIVATION, activation_field};
use super::conv2d::kernel_size;
use super::kernel::{KERNEL_AND_BIAS, kernel_and_bias};
use super::unfolding::Unfolding;
use super::window::{WINDOW, padding_field};
use super::{
    Backward, Cells, Direction, Forward, Layer, Operation, Preparation, WeightSpec, check_data_format,
};
use crate::config::Arguments::{self, Read, Shared, Unsupported};
use crate::config::LayerConfig;
use crate::shape::{MAX_SIZE, Shape, Window, Window2D, transposed_window};
use crate::{Error, Result};
use alloc::{format, vec, vec::Vec};
use convscope_kernels::Write;
use convscope_kernels::activations::Activation;
use convscope_kernels::elementwise::{add, add_rows};
use convscope_kernels::frame::Channels;

const ARGUMENTS: &[Arguments] = &[
    Read(&["filters", "kernel_size", "dilation_rate"]),
    Unsupported(&["output_padding"]),
    Shared(WINDOW),
    Shared(KERNEL_AND_BIAS),
    Shared(ACTIVATION),
];

/// `output[y·s + i − p, x·s + j − p, f] += Σ input[y, x, c] · kernel[i, j, f, c]` for every pixel (y, x), cell (i, j) of
/// the kernel and channel c, and `bias[f]`: what takes gradients back through a convolution of the output.
pub(super) struct Conv2DTranspose {
    /// Slides over the output, with a position for each pixel of the input.
    window: Window2D,
    channels: usize,
    filters: usize,
    activation: Activation,
    weights: Vec<WeightSpec>,
}

impl Conv2DTranspose {
    pub(super) fn new(config: &LayerConfig, input: Shape) -> Result<Self> {
        let fields = config.fields(ARGUMENTS)?;
        check_data_format(&fields)?;
        if fields.optional_pair("dilation_rate")?.is_some_and(|rate| rate != [1, 1]) {
            fields.only("dilation_rate", &[1, 1].into())?;
        }
        let [height, width, channels] = input.image(&config.class_name)?;
        let filters = fields.count("filters")?;
        if filters > MAX_SIZE {
            return Err(Error::limit(format!("filters: at most {MAX_SIZE}, got {filters}")));
        }
        let size = kernel_size(&fields)?;
        let stride = fields.optional_pair("strides")?.unwrap_or([1, 1]);
        let padding = padding_field(&fields)?;
        let window = Window2D {
            rows: transposed_window(height, size[0], stride[0], padding)?,
            columns: transposed_window(width, size[1], stride[1], padding)?,
        };
        let weights = kernel_and_bias(&fields, "kernel", vec![size[0], size[1], filters, channels], filters)?;
        Ok(Self { window, channels, filters, activation: activation_field(&fields)?, weights })
    }

    /// The products of the convolution of the output: its values are this layer's input.
    fn unfolding(&self) -> Unfolding {
        Unfolding::new(self.window, Channels::all(self.filters), Channels::all(self.channels))
    }

    fn kernel_len(&self) -> usize {
        self.window.rows.size * self.window.columns.size * self.filters * self.channels
    }
}

/// The pixels of an axis that reach one cell of the output: the first, which may be in front of the axis, is
/// number `last + 1 − pixels(window)`.
fn pixels(window: &Window) -> usize {
    window.size.div_ceil(window.stride)
}

/// The last pixel that may reach a cell of the output, and the cell of its kernel that does.
fn last_pixel(window: &Window, output: usize) -> (usize, usize) {
    ((output + window.before) / window.stride, (output + window.before) % window.stride)
}

/// The window of the pixels that reach a cell of the output; its position is the last of them.
fn window_of_pixels(window: &Window) -> Window {
    let size = pixels(window);
    Window { input: window.output, size, dilation: 1, stride: 1, before: size - 1, output: window.output }
}

impl Layer for Conv2DTranspose {
    fn output_shape(&self) -> Shape {
        Shape::Image([self.window.rows.input, self.window.columns.input, self.filters])
    }

    fn weights(&self) -> Vec<WeightSpec> {
        self.weights.clone()
    }

    fn activation(&self) -> Activation {
        self.activation
    }

    fn operation(&self) -> Operation {
        Operation::WeightedSum
    }

    fn cells(&self, [row, column, _]: [usize; 3], _source: [usize; 3]) -> Option<Cells> {
        let Window2D { rows, columns } = &self.window;
        Some(Cells {
            window: Window2D { rows: window_of_pixels(rows), columns: window_of_pixels(columns) },
            row: last_pixel(rows, row).0,
            column: last_pixel(columns, column).0,
            channels: 0..self.channels,
        })
    }

    /// Of each pixel the cell of its kernel that reaches the output at `row` and `column`: further down in the kernel, the
    /// further up the pixel is. Where strides do not divide the kernel, the first pixel may have none: 0.
    fn weights_at(&self, [row, column, filter]: [usize; 3], weights: &[f32]) -> (Vec<f32>, f32) {
        let (kernel, bias) = weights.split_at(self.kernel_len());
        let Window2D { rows, columns } = &self.window;
        let cells = |window: &Window, output| {
            let (_, last) = last_pixel(window, output);
            let (size, stride) = (window.size, window.stride);
            (0..pixels(window))
                .rev()
                .map(move |before| Some(last + before * stride).filter(|&cell| cell < size))
        };
        let mut stored = Vec::new();
        for vertical in cells(rows, row) {
            for horizontal in cells(columns, column) {
                let cell = vertical.zip(horizontal).map(|(row, column)| row * columns.size + column);
                stored.extend((0..self.channels).map(|channel| {
                    cell.map_or(0.0, |cell| kernel[(cell * self.filters + filter) * self.channels + channel])
                }));
            }
        }
        (stored, bias.get(filter).copied().unwrap_or(0.0))
    }

    fn multiply_adds(&self) -> u64 {
        self.kernel_len() as u64 * self.window.outputs() as u64
    }

    fn prepared_len(&self, direction: Direction) -> usize {
        match direction {
            Direction::Forward => self.unfolding().transposed_panels_len(),
            Direction::Backward => self.unfolding().panels_len(),
            Direction::BackwardFromMaxima => 0,
        }
    }

    fn prepare(&self, direction: Direction, preparation: Preparation<'_>) {
        let Preparation { level, weights, target, .. } = preparation;
        let kernel = &weights[..self.kernel_len()];
        match direction {
            Direction::Forward => self.unfolding().pack_transposed(level, kernel, target),
            _ => self.unfolding().pack(level, kernel, target),
        }
    }

    fn scratch_len(&self, _examples: usize) -> usize {
        self.unfolding().scratch_len()
    }

    fn forward(&self, pass: Forward<'_>) {
        let unfolding = self.unfolding();
        let (_, bias) = pass.weights.split_at(self.kernel_len());
        pass.output.fill(0.0);
        let images = pass.output.chunks_exact_mut(unfolding.image_len());
        for (values, image) in pass.input.chunks_exact(unfolding.values_len()).zip(images) {
            unfolding.to_image(pass.level, values, pass.prepared, image, pass.scratch);
        }
        if !bias.is_empty() {
            pass.output.chunks_exact_mut(bias.len()).for_each(|pixel| add(pass.level, bias, pixel));
        }
    }

    fn backward(&self, pass: Backward<'_>) {
        let unfolding = self.unfolding();
        let (kernel_gradient, bias_gradient) = pass.weight_gradients.split_at_mut(self.kernel_len());
        if pass.write == Write::Set {
            kernel_gradient.fill(0.0);
            bias_gradient.fill(0.0);
        }
        if !bias_gradient.is_empty() {
            add_rows(pass.level, pass.output_gradient, bias_gradient.len(), bias_gradient);
        }
        let images = || pass.output_gradient.chunks_exact(unfolding.image_len());
        for (values, image) in pass.input.chunks_exact(unfolding.values_len()).zip(images()) {
            unfolding.add_kernel_gradient(pass.level, image, values, kernel_gradient, pass.scratch);
        }
        let Some(input_gradient) = pass.input_gradient else { return };
        for (values, image) in input_gradient.chunks_exact_mut(unfolding.values_len()).zip(images()) {
            unfolding.to_values(pass.level, image, pass.prepared, values, pass.scratch);
        }
    }
}
