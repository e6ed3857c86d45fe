//! Images moved by whole pixels.

use crate::shape::{MAX_SIZE, Shape};
use crate::{Error, Result};
use alloc::{format, vec, vec::Vec};

/// The images, `[n, height, width, channels]`, each moved by `shift` = `[right, down]` pixels: what leaves the image
/// is lost, zeros come in.
///
/// # Errors
/// If `shape` has a zero or overlarge size, or `images` doesn't hold whole images of it.
pub fn shift_images(images: &[f32], shape: [usize; 3], shift: [isize; 2]) -> Result<Vec<f32>> {
    let [height, width, channels] = shape;
    let len = shape.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
    let len = len.filter(|_| shape.iter().all(|size| (1..=MAX_SIZE).contains(size)));
    let Some(len) = len.filter(|&len| images.len().is_multiple_of(len)) else {
        return Err(Error::shape(format!(
            "needs whole images of shape {}, every size 1 to {MAX_SIZE}, got {} numbers",
            Shape::Image(shape),
            images.len()
        )));
    };
    let mut moved = vec![0.0; images.len()];
    // How many rows (or columns) stay on the image, and the first of them before and after.
    let along = |shift: isize, size: usize| {
        let away = shift.unsigned_abs().min(size);
        if shift < 0 { (size - away, away, 0) } else { (size - away, 0, away) }
    };
    let (rows, from_row, to_row) = along(shift[1], height);
    let (columns, from_column, to_column) = along(shift[0], width);
    for (image, moved) in images.chunks_exact(len).zip(moved.chunks_exact_mut(len)) {
        for row in 0..rows {
            let from = ((from_row + row) * width + from_column) * channels;
            let to = ((to_row + row) * width + to_column) * channels;
            moved[to..to + columns * channels].copy_from_slice(&image[from..from + columns * channels]);
        }
    }
    Ok(moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pixel_comes_from_where_the_shift_says() {
        let shape = [4, 3, 2];
        let images: Vec<f32> = (1..=48).map(|number| number as f32).collect();
        for shift in [[0, 0], [1, 0], [-1, 2], [2, -3], [3, 0], [0, -4], [-7, 9], [isize::MIN, isize::MAX]] {
            let moved = shift_images(&images, shape, shift).unwrap();
            for (place, &value) in moved.iter().enumerate() {
                let [image, row, column, channel] = [place / 24, place / 6 % 4, place / 2 % 3, place % 2];
                let from = [(row as isize).checked_sub(shift[1]), (column as isize).checked_sub(shift[0])];
                let expected = match from {
                    [Some(row @ 0..4), Some(column @ 0..3)] => {
                        images[image * 24 + row as usize * 6 + column as usize * 2 + channel]
                    }
                    _ => 0.0,
                };
                assert_eq!(value, expected, "{shift:?}, place {place}");
            }
        }
    }

    #[test]
    fn what_holds_no_whole_images_is_refused() {
        for shape in [[2, 2, 1], [0, 2, 1], [MAX_SIZE + 1, 1, 1], [usize::MAX, usize::MAX, 2]] {
            assert_eq!(shift_images(&[0.0; 7], shape, [0, 0]).unwrap_err().code(), "shape");
        }
    }
}
