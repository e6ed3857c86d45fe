//! The sizes of layers that reshape, slide with holes, or scale: a part of what every formula is in [`super`].

use super::{MAX_SIZE, Padding, Shape, Window, window};
use crate::{Error, Result};
use alloc::{format, string::String, vec::Vec};

impl Shape {
    /// The shape with these sizes in Keras' order.
    ///
    /// # Errors
    /// If they are not one, two or three, or one is zero or above [`MAX_SIZE`].
    pub(crate) fn of(sizes: &[usize]) -> Result<Self> {
        if let Some(size) = sizes.iter().find(|size| !(1..=MAX_SIZE).contains(*size)) {
            return Err(Error::shape(format!("every size of a tensor is 1 to {MAX_SIZE}, got {size}")));
        }
        match *sizes {
            [height, width, channels] => Ok(Shape::Image([height, width, channels])),
            [steps, channels] => Ok(Shape::Sequence([steps, channels])),
            [length] => Ok(Shape::Vector(length)),
            _ => Err(Error::shape(format!("a tensor has 1 to 3 axes, got {}", sizes.len()))),
        }
    }

    /// The sizes of a sequence, or an error that names the layer class that needs one.
    pub(crate) fn sequence(self, class_name: &str) -> Result<[usize; 2]> {
        match self {
            Shape::Sequence(sizes) => Ok(sizes),
            _ => Err(Error::shape(format!("{class_name} needs a sequence (steps, channels), got {self}"))),
        }
    }
}

/// The positions of a window whose `size` cells lie `dilation` cells apart: those of a window without holes that
/// reaches as far.
///
/// # Errors
/// As for [`window`], of what the window reaches over.
pub(crate) fn dilated_window(
    input: usize,
    size: usize,
    dilation: usize,
    stride: usize,
    padding: Padding,
) -> Result<Window> {
    let extent = if dilation == 0 {
        0
    } else {
        size.saturating_sub(1).saturating_mul(dilation).saturating_add(size.min(1))
    };
    let dilation = if size > 1 { dilation } else { 1 };
    Ok(Window { size, dilation, ..window(input, extent, stride, padding)? })
}

/// The window that a transposed convolution turns round: it slides over an axis of as many cells as come out and has
/// `input` positions there. `n · s` cells come out with padding, and without it `(n − 1) · s + max(k, s)`.
///
/// # Errors
/// As for [`window`].
pub(crate) fn transposed_window(
    input: usize,
    size: usize,
    stride: usize,
    padding: Padding,
) -> Result<Window> {
    let behind = match padding {
        Padding::Valid => size.max(stride),
        _ => stride,
    };
    let cells = input.saturating_sub(1).saturating_mul(stride).saturating_add(behind);
    window(cells, size, stride, padding)
}

/// An axis with zeros in front and behind, as the positions of a window of one cell.
///
/// # Errors
/// If it would have more than [`MAX_SIZE`] cells.
pub(crate) fn padded_axis(input: usize, [before, after]: [usize; 2]) -> Result<Window> {
    let output = input.saturating_add(before).saturating_add(after);
    Ok(Window { before, output: checked(output, "padded")?, ..window(input, 1, 1, Padding::Valid)? })
}

/// The cells of an axis that are left when some are cut off in front and behind.
///
/// # Errors
/// If none are.
pub(crate) fn cropped(input: usize, [before, after]: [usize; 2]) -> Result<usize> {
    match input.checked_sub(before.saturating_add(after)) {
        Some(left @ 1..) => Ok(left),
        _ => Err(Error::shape(format!("{before} + {after} of {input} cells are cut off: none is left"))),
    }
}

/// The cells of an axis of which each is repeated `factor` times.
///
/// # Errors
/// If they are more than [`MAX_SIZE`].
pub(crate) fn enlarged(input: usize, factor: usize) -> Result<usize> {
    checked(input.saturating_mul(factor), "enlarged")
}

fn checked(cells: usize, what: &str) -> Result<usize> {
    if cells > MAX_SIZE {
        return Err(Error::limit(format!(
            "an axis has at most {MAX_SIZE} cells, {what} it would have {cells}"
        )));
    }
    Ok(cells)
}

/// The shape with the sizes of `target` for as many values as `input` has; of one size that is −1 it is what is left.
///
/// # Errors
/// If the numbers of values differ, or several sizes are −1.
pub(crate) fn reshaped(input: Shape, target: &[i64]) -> Result<Shape> {
    let len = input.len() as u64;
    let known = target.iter().filter(|&&size| size != -1);
    let open = target.len() - known.clone().count();
    let product = known.clone().try_fold(1_u64, |product, &size| {
        u64::try_from(size).ok().and_then(|size| product.checked_mul(size)).filter(|&product| product > 0)
    });
    let rest = product.filter(|product| len.is_multiple_of(*product)).map(|product| len / product);
    match (rest, open) {
        (Some(1), 0) | (Some(_), 1) => {
            let rest = rest.unwrap_or(1);
            let size = |&size: &i64| u64::try_from(size).unwrap_or(rest);
            let sizes = target.iter().map(|target| usize::try_from(size(target)).unwrap_or(usize::MAX));
            Shape::of(&sizes.collect::<Vec<_>>())
        }
        _ => {
            let sizes: Vec<String> = target.iter().map(|size| format!("{size}")).collect();
            Err(Error::shape(format!(
                "{input} has {len} values, which do not fill the shape ({})",
                sizes.join(", ")
            )))
        }
    }
}

/// The shape whose axis number `i` is axis number `axes[i]` of `input`, from 0.
///
/// # Errors
/// If `axes` does not name each axis once.
pub(crate) fn permuted(input: Shape, axes: &[usize]) -> Result<Shape> {
    let sizes = input.sizes();
    let names_each = (0..sizes.len()).all(|axis| axes.contains(&axis));
    if axes.len() != sizes.len() || !names_each {
        return Err(Error::shape(format!(
            "{input} has the axes 1 to {}, each of which must be named once",
            sizes.len()
        )));
    }
    Shape::of(&axes.iter().map(|&axis| sizes[axis]).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    /// What `Conv2D(1, size, dilation_rate=dilation)` and `Conv1D(…, padding="causal")` of Keras 3 say of an axis.
    #[test]
    fn a_window_with_holes_has_the_positions_of_one_that_reaches_as_far() {
        for ([input, size, dilation], same, valid) in
            [([9, 3, 2], 9, 5), ([12, 2, 4], 12, 8), ([7, 4, 2], 7, 1), ([5, 1, 3], 5, 5)]
        {
            let window = |padding| dilated_window(input, size, dilation, 1, padding).unwrap();
            assert_eq!(window(Padding::Same).output, same);
            assert_eq!(window(Padding::Valid).output, valid);
            let causal = window(Padding::Causal);
            assert_eq!((causal.output, causal.before), (input, (size - 1) * dilation));
            assert_eq!(causal.source(input - 1, size - 1), Some(input - 1));
        }
        assert_eq!(dilated_window(9, 3, 1, 2, Padding::Causal).unwrap().output, 5);
        assert!(dilated_window(4, 3, 2, 1, Padding::Valid).is_err());
        for [size, dilation] in [[0, 1], [2, 0], [2, usize::MAX], [MAX_SIZE, MAX_SIZE]] {
            assert!(dilated_window(9, size, dilation, 1, Padding::Same).is_err(), "{size} {dilation}");
        }
    }

    #[test]
    fn cells_of_a_window_with_holes_agree_with_each_other() {
        for (input, size, dilation, stride, padding) in [
            (9, 3, 2, 1, Padding::Same),
            (9, 3, 2, 1, Padding::Causal),
            (11, 2, 3, 2, Padding::Same),
            (12, 4, 3, 1, Padding::Valid),
        ] {
            let window = dilated_window(input, size, dilation, stride, padding).unwrap();
            for cell in 0..size {
                let (first, last) = window.inside(cell);
                for output in 0..window.output {
                    assert_eq!(window.source(output, cell).is_some(), (first..last).contains(&output));
                }
            }
            for output in 0..window.output {
                let (first, last) = window.span(output);
                let seen = (0..size).filter_map(|cell| window.source(output, cell));
                assert!(seen.clone().all(|cell| (first..last).contains(&cell)));
                assert_eq!(
                    last as isize - window.start(output),
                    window.extent() as isize - {
                        let beyond =
                            (output * stride + window.extent()).saturating_sub(window.before + input);
                        beyond as isize
                    }
                );
            }
        }
    }

    /// What `keras.layers.Conv2DTranspose` of Keras 3 says of `(input, size, stride)`.
    #[test]
    fn transposed_convolutions_have_the_sizes_of_keras() {
        for ([input, size, stride], same, valid) in [
            ([4, 3, 2], 8, 9),
            ([4, 2, 2], 8, 8),
            ([5, 3, 1], 5, 7),
            ([4, 2, 3], 12, 12),
            ([7, 5, 3], 21, 23),
            ([1, 4, 2], 2, 4),
        ] {
            for (padding, output) in [(Padding::Same, same), (Padding::Valid, valid)] {
                let window = transposed_window(input, size, stride, padding).unwrap();
                assert_eq!((window.input, window.output), (output, input), "{input} {size} {stride}");
            }
        }
        assert!(transposed_window(MAX_SIZE, 3, 2, Padding::Same).is_err());
        assert!(transposed_window(4, 3, usize::MAX, Padding::Same).is_err());
    }

    #[test]
    fn axes_grow_and_shrink_within_the_limit() {
        let padded = padded_axis(5, [2, 1]).unwrap();
        assert_eq!(
            (padded.output, padded.before, padded.source(1, 0), padded.source(2, 0)),
            (8, 2, None, Some(0))
        );
        assert!(padded_axis(5, [usize::MAX, 1]).is_err());
        assert_eq!(cropped(5, [2, 1]).unwrap(), 2);
        for cut in [[2, 3], [usize::MAX, 1]] {
            assert!(cropped(5, cut).is_err());
        }
        assert_eq!(enlarged(5, 3).unwrap(), 15);
        assert_eq!(enlarged(5, 1 << 20).unwrap_err().code(), "limit");
    }

    #[test]
    fn shapes_are_filled_or_refused() {
        let image = Shape::Image([4, 3, 2]);
        assert_eq!(reshaped(image, &[6, -1]).unwrap(), Shape::Sequence([6, 4]));
        assert_eq!(reshaped(image, &[2, 2, 6]).unwrap(), Shape::Image([2, 2, 6]));
        assert_eq!(reshaped(image, &[-1]).unwrap(), Shape::Vector(24));
        for target in
            [&[5, -1][..], &[-1, -1], &[25], &[0, -1], &[-2, 12], &[2, 2, 2, 3], &[], &[i64::MAX, 2]]
        {
            assert_eq!(reshaped(image, target).unwrap_err().code(), "shape", "{target:?}");
        }
        let error = reshaped(image, &[5, -1]).unwrap_err().to_string();
        assert!(error.contains("(4, 3, 2) has 24 values, which do not fill the shape (5, -1)"), "{error}");
        assert_eq!(permuted(image, &[2, 0, 1]).unwrap(), Shape::Image([2, 4, 3]));
        for axes in [&[0, 1][..], &[0, 1, 1], &[1, 2, 3]] {
            assert!(permuted(image, axes).is_err());
        }
    }
}
