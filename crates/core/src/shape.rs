//! Sizes: tensor shapes, Keras' output-size arithmetic, receptive fields. Every such formula is here.

use crate::{Error, Result};
use alloc::{format, vec, vec::Vec};
pub use convscope_kernels::{Window, Window2D};
use core::fmt;
use serde::Serialize;

/// The largest height, width, channel count or length of a tensor, and of a window.
pub const MAX_SIZE: usize = 1 << 16;

/// The shape of one example's tensor, without the batch axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `(height, width, channels)`, as Keras orders them.
    Image([usize; 3]),
    /// `(steps, channels)`: values of several channels, one step after the other.
    Sequence([usize; 2]),
    /// `(length,)`.
    Vector(usize),
}

impl Shape {
    /// The number of floats in one example.
    #[expect(clippy::len_without_is_empty, reason = "no axis of a shape is empty")]
    pub fn len(self) -> usize {
        match self {
            Shape::Image([height, width, channels]) => height * width * channels,
            Shape::Sequence([steps, channels]) => steps * channels,
            Shape::Vector(length) => length,
        }
    }

    /// The size of the last axis: the channels of an image or of a sequence, the length of a vector.
    pub fn channels(self) -> usize {
        let [_, _, channels] = self.maps();
        channels
    }

    /// The number of positions that share a channel: the pixels of an image, the steps of a sequence, one for a vector.
    pub fn positions(self) -> usize {
        let [height, width, _] = self.maps();
        height * width
    }

    /// `[height, width, channels]` of the maps: a sequence is an image of one row, and a value of a vector a map of one
    /// pixel.
    pub fn maps(self) -> [usize; 3] {
        match self {
            Shape::Image(sizes) => sizes,
            Shape::Sequence([steps, channels]) => [1, steps, channels],
            Shape::Vector(length) => [1, 1, length],
        }
    }

    /// The sizes of all axes in Keras' order.
    pub fn sizes(self) -> Vec<usize> {
        match self {
            Shape::Image(sizes) => sizes.to_vec(),
            Shape::Sequence(sizes) => sizes.to_vec(),
            Shape::Vector(length) => vec![length],
        }
    }

    /// The same with so many channels.
    #[cfg(feature = "complete")]
    pub(crate) fn with_channels(self, channels: usize) -> Self {
        match self {
            Shape::Image([height, width, _]) => Shape::Image([height, width, channels]),
            Shape::Sequence([steps, _]) => Shape::Sequence([steps, channels]),
            Shape::Vector(_) => Shape::Vector(channels),
        }
    }

    /// Whether images of `[height, width, channels]` are inputs of this shape. A sequence takes those of one row, and
    /// grey ones whose rows are its steps: the same numbers in the same order.
    pub(crate) fn takes(self, image: [usize; 3]) -> bool {
        match self {
            Shape::Image(sizes) => sizes == image,
            Shape::Sequence([steps, channels]) => {
                image == [1, steps, channels] || image == [steps, channels, 1]
            }
            Shape::Vector(_) => false,
        }
    }

    /// The sizes of an image, or an error that names the layer class that needs one.
    pub(crate) fn image(self, class_name: &str) -> Result<[usize; 3]> {
        match self {
            Shape::Image(sizes) => Ok(sizes),
            _ => Err(Error::shape(format!(
                "{class_name} needs an image (height, width, channels), got {self}"
            ))),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shape::Image([height, width, channels]) => write!(formatter, "({height}, {width}, {channels})"),
            Shape::Sequence([steps, channels]) => write!(formatter, "({steps}, {channels})"),
            Shape::Vector(length) => write!(formatter, "({length},)"),
        }
    }
}

/// What happens at the border of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// The window stays inside: `ceil((n − k + 1) / s)` positions.
    Valid,
    /// Zeros are put around, more of them behind where the number is odd: `ceil(n / s)` positions.
    Same,
    /// Zeros are put in front, so that the window never reaches over a later cell: `ceil(n / s)` positions.
    #[cfg(feature = "complete")]
    Causal,
}

impl Padding {
    /// The padding that Keras calls `valid` or `same`.
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "valid" => Ok(Padding::Valid),
            "same" => Ok(Padding::Same),
            other => Err(Error::value(format!("padding: expected valid or same, got {other}"))),
        }
    }
}

/// The window's positions along an axis of `input` cells.
///
/// ```
/// use convscope_core::shape::{Padding, window};
///
/// // ceil((28 − 5 + 1) / 1) without padding, ceil(28 / 2) with it.
/// assert_eq!(window(28, 5, 1, Padding::Valid)?.output, 24);
/// assert_eq!(window(28, 3, 2, Padding::Same)?.output, 14);
/// # Ok::<(), convscope_core::Error>(())
/// ```
///
/// # Errors
/// If a size is zero or above [`MAX_SIZE`], or a valid window is larger than the axis.
pub fn window(input: usize, size: usize, stride: usize, padding: Padding) -> Result<Window> {
    for (what, value) in [("axis", input), ("window", size), ("stride", stride)] {
        if !(1..=MAX_SIZE).contains(&value) {
            return Err(Error::shape(format!("a {what} has 1 to {MAX_SIZE} cells, got {value}")));
        }
    }
    let (output, before) = match padding {
        Padding::Valid if size > input => {
            return Err(Error::shape(format!(
                "a window of {size} with padding 'valid' needs at least {size} cells, got {input}"
            )));
        }
        Padding::Valid => ((input - size + 1).div_ceil(stride), 0),
        Padding::Same => {
            let output = input.div_ceil(stride);
            (output, ((output - 1) * stride + size).saturating_sub(input) / 2)
        }
        #[cfg(feature = "complete")]
        Padding::Causal => (input.div_ceil(stride), size - 1),
    };
    Ok(Window { input, size, dilation: 1, stride, before, output })
}

/// The window's positions over an image of `input` = (height, width) pixels.
///
/// # Errors
/// As for [`window`].
pub fn window_2d(
    input: [usize; 2],
    size: [usize; 2],
    stride: [usize; 2],
    padding: Padding,
) -> Result<Window2D> {
    Ok(Window2D {
        rows: window(input[0], size[0], stride[0], padding)?,
        columns: window(input[1], size[1], stride[1], padding)?,
    })
}

/// The positions of a window of an odd number of cells that is centred on every `stride`-th cell of an axis
/// of `input` cells, the first one first.
///
/// # Errors
/// As for [`window`].
pub fn centred_window(input: usize, size: usize, stride: usize) -> Result<Window> {
    Ok(Window { before: size / 2, ..window(input, size, stride, Padding::Same)? })
}

/// Where the windows of a layer lie along one axis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Windows {
    /// The first cell of each window, below 0 in the padding.
    pub starts: Vec<i32>,
    /// Cells of padding before the axis.
    pub before: usize,
    /// Cells of padding that a window reaches behind the axis.
    pub after: usize,
    /// The cells that lie under no window.
    pub skipped: Vec<u32>,
}

/// Where windows of `size` cells that move by `stride` lie along an axis of `cells`.
///
/// # Errors
/// As for [`window`].
pub fn windows(cells: usize, size: usize, stride: usize, padding: Padding) -> Result<Windows> {
    let window = window(cells, size, stride, padding)?;
    let (mut seen, mut skipped) = (0, Vec::new());
    for position in 0..window.output {
        let (first, last) = window.span(position);
        skipped.extend(seen as u32..first as u32);
        seen = last;
    }
    skipped.extend(seen as u32..cells as u32);
    Ok(Windows {
        starts: (0..window.output).map(|position| window.start(position) as i32).collect(),
        before: window.before,
        after: ((window.output - 1) * stride + size).saturating_sub(window.before + cells),
        skipped,
    })
}

#[cfg(feature = "complete")]
mod complete;

#[cfg(feature = "complete")]
pub(crate) use complete::{
    cropped, dilated_window, enlarged, padded_axis, permuted, reshaped, transposed_window,
};

/// The part of the network's input that one unit can see, along one axis.
///
/// For the unit at position `p` it is the cells `p · jump + start .. p · jump + start + size`, of
/// which those outside the image are padding (Araujo, Norris, Sim 2019, "Computing receptive
/// fields of convolutional neural networks", equations 1 to 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceptiveField {
    /// Input cells that the unit sees.
    pub size: usize,
    /// Input cells between neighbouring units.
    pub jump: usize,
    /// The first input cell that unit 0 sees; negative in the padding.
    pub start: isize,
}

impl ReceptiveField {
    /// What a pixel of the input sees: itself.
    pub const PIXEL: Self = Self { size: 1, jump: 1, start: 0 };

    /// The receptive field where the units before number `first` are cut off.
    #[cfg(feature = "complete")]
    pub(crate) fn beginning_at(self, first: usize) -> Self {
        Self { start: self.start.saturating_add_unsigned(first.saturating_mul(self.jump)), ..self }
    }

    /// The receptive field of a unit behind one more window.
    pub fn behind(self, window: &Window) -> Self {
        Self {
            size: self.size.saturating_add((window.extent() - 1).saturating_mul(self.jump)),
            jump: self.jump.saturating_mul(window.stride),
            start: self.start.saturating_sub_unsigned(window.before.saturating_mul(self.jump)),
        }
    }

    /// The receptive field of a unit that sees what units of both see, at the same one of so many positions: no smaller
    /// than both together there, and no larger where they have the same jump.
    #[cfg(feature = "complete")]
    pub fn joined(self, other: Self, positions: usize) -> Self {
        // The ends of what the other sees move along a line, so that they are furthest away at the first position or the last.
        let drift = (other.jump as isize)
            .saturating_sub(self.jump as isize)
            .saturating_mul(positions.saturating_sub(1) as isize);
        let end = |field: Self| field.start.saturating_add_unsigned(field.size);
        let start = self.start.min(other.start.saturating_add(drift.min(0)));
        let end = end(self).max(end(other).saturating_add(drift.max(0)));
        Self { size: end.abs_diff(start), start, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    /// What `keras.layers.Conv2D` of Keras 3 says of `(input, size, stride)`: the output with padding "same"
    /// and with "valid".
    #[test]
    fn output_sizes_are_those_of_keras() {
        for ([input, size, stride], same, valid) in [
            ([28, 5, 1], 28, 24),
            ([28, 2, 2], 14, 14),
            ([14, 5, 1], 14, 10),
            ([7, 2, 2], 4, 3),
            ([7, 3, 2], 4, 3),
            ([8, 3, 2], 4, 3),
            ([10, 3, 3], 4, 3),
            ([11, 4, 3], 4, 3),
            ([227, 11, 4], 57, 55),
            ([5, 5, 4], 2, 1),
        ] {
            assert_eq!(window(input, size, stride, Padding::Same).unwrap().output, same);
            assert_eq!(window(input, size, stride, Padding::Valid).unwrap().output, valid);
        }
    }

    #[test]
    fn a_window_goes_wherever_it_fits_and_with_padding_to_every_stride() {
        for input in 1..20 {
            for size in 1..7 {
                for stride in 1..5 {
                    let fitting = (0..input).step_by(stride).filter(|start| start + size <= input).count();
                    match window(input, size, stride, Padding::Valid) {
                        Ok(valid) => assert_eq!(valid.output, fitting),
                        Err(_) => assert_eq!(fitting, 0),
                    }
                    let same = window(input, size, stride, Padding::Same).unwrap();
                    assert_eq!(same.output, (0..input).step_by(stride).count());
                    let seen = |cell: usize| {
                        (0..same.output)
                            .any(|output| (0..size).any(|at| same.source(output, at) == Some(cell)))
                    };
                    assert!(stride > size || (0..input).all(seen), "{input} {size} {stride}");
                }
            }
        }
    }

    #[test]
    fn windows_lie_where_a_count_of_the_cells_under_them_says() {
        for (cells, size, stride, padding) in [
            (7, 3, 2, Padding::Same),
            (7, 4, 1, Padding::Same),
            (9, 2, 4, Padding::Valid),
            (9, 2, 4, Padding::Same),
            (10, 3, 3, Padding::Valid),
            (2, 5, 1, Padding::Same),
            (5, 5, 1, Padding::Valid),
        ] {
            let windows = windows(cells, size, stride, padding).unwrap();
            let mut seen = vec![false; cells];
            let (mut front, mut behind) = (0, 0);
            for &start in &windows.starts {
                for cell in start..start + size as i32 {
                    front = front.max(-cell);
                    behind = behind.max(cell + 1 - cells as i32);
                    if (0..cells as i32).contains(&cell) {
                        seen[cell as usize] = true;
                    }
                }
            }
            let skipped: Vec<u32> = (0..cells as u32).filter(|&cell| !seen[cell as usize]).collect();
            assert_eq!(windows.skipped, skipped, "{cells} {size} {stride}");
            assert_eq!(
                [windows.before as i32, windows.after as i32],
                [front, behind],
                "{cells} {size} {stride}"
            );
            assert!(windows.starts.is_sorted_by(|one, next| next - one == stride as i32));
        }
        // Keras' example of an odd number of padding cells: more of them behind.
        let even = windows(5, 2, 1, Padding::Same).unwrap();
        assert_eq!(even, Windows { starts: vec![0, 1, 2, 3, 4], before: 0, after: 1, skipped: vec![] });
        assert_eq!(windows(8, 2, 3, Padding::Valid).unwrap().skipped, [2, 5]);
        assert!(windows(2, 3, 1, Padding::Valid).is_err());
        assert!(Padding::named("full").is_err());
    }

    #[test]
    fn padding_lies_on_both_sides_and_the_odd_cell_behind() {
        for ([input, size, stride], before, after) in
            [([7, 3, 2], 1, 1), ([8, 3, 2], 0, 1), ([28, 5, 1], 2, 2), ([11, 4, 3], 1, 1), ([10, 5, 3], 2, 2)]
        {
            let windows = windows(input, size, stride, Padding::Same).unwrap();
            assert_eq!((windows.before, windows.after), (before, after), "{input} {size} {stride}");
        }
    }

    #[test]
    fn a_centred_window_has_its_middle_on_every_stride() {
        for (input, size, stride) in [(9, 5, 1), (9, 5, 4), (8, 3, 2), (4, 1, 2)] {
            let window = centred_window(input, size, stride).unwrap();
            let middles: Vec<_> = (0..window.output).map(|output| window.source(output, size / 2)).collect();
            let expected: Vec<_> = (0..input).step_by(stride).map(Some).collect();
            assert_eq!(middles, expected, "{input} {size} {stride}");
        }
    }

    #[test]
    fn a_vector_is_an_image_of_one_pixel() {
        let image = Shape::Image([2, 3, 5]);
        assert_eq!((image.len(), image.channels(), image.positions()), (30, 5, 6));
        assert_eq!((image.maps(), image.sizes()), ([2, 3, 5], vec![2, 3, 5]));
        assert_eq!(image.image("Conv2D").unwrap(), [2, 3, 5]);
        let vector = Shape::Vector(7);
        assert_eq!((vector.len(), vector.channels(), vector.positions()), (7, 7, 1));
        assert_eq!((vector.maps(), vector.sizes()), ([1, 1, 7], vec![7]));
        let error = vector.image("Conv2D").unwrap_err().to_string();
        assert!(error.contains("Conv2D needs an image (height, width, channels), got (7,)"), "{error}");
    }

    #[test]
    fn a_sequence_is_an_image_of_one_row() {
        let sequence = Shape::Sequence([9, 4]);
        assert_eq!((sequence.len(), sequence.channels(), sequence.positions()), (36, 4, 9));
        assert_eq!((sequence.maps(), sequence.sizes()), ([1, 9, 4], vec![9, 4]));
        let error = sequence.image("Conv2D").unwrap_err().to_string();
        assert!(error.contains("Conv2D needs an image (height, width, channels), got (9, 4)"), "{error}");
        let images = [[1, 9, 4], [9, 4, 1], [9, 1, 4], [4, 9, 1]];
        assert_eq!(images.map(|image| sequence.takes(image)), [true, true, false, false]);
    }

    #[test]
    fn inside_and_span_agree_with_source() {
        for (input, size, stride, padding) in [
            (7, 3, 2, Padding::Same),
            (8, 5, 1, Padding::Same),
            (9, 4, 3, Padding::Valid),
            (2, 5, 1, Padding::Same),
        ] {
            let window = window(input, size, stride, padding).unwrap();
            for cell in 0..size {
                let (first, last) = window.inside(cell);
                for output in 0..window.output {
                    assert_eq!(window.source(output, cell).is_some(), (first..last).contains(&output));
                }
            }
            for output in 0..window.output {
                let (first, last) = window.span(output);
                for source in 0..input {
                    let seen = (0..size).any(|cell| window.source(output, cell) == Some(source));
                    assert_eq!(seen, (first..last).contains(&source));
                }
            }
        }
    }

    #[test]
    fn lenet_sees_the_sizes_of_the_lecture() {
        let convolution = |input, padding| window(input, 5, 1, padding).unwrap();
        let pooling = |input| window(input, 2, 2, Padding::Valid).unwrap();
        let field = ReceptiveField::PIXEL.behind(&convolution(28, Padding::Same));
        assert_eq!((field.size, field.jump, field.start), (5, 1, -2));
        let field = field.behind(&pooling(28)).behind(&convolution(14, Padding::Valid)).behind(&pooling(10));
        assert_eq!((field.size, field.jump, field.start), (16, 4, -2));
    }

    #[test]
    fn a_size_of_zero_or_beyond_the_limit_is_refused() {
        for sizes in [[0, 1, 1], [1, 0, 1], [1, 1, 0], [MAX_SIZE + 1, 1, 1]] {
            assert!(window(sizes[0], sizes[1], sizes[2], Padding::Same).is_err());
        }
    }
}
