//! IDX: the format of the MNIST files (LeCun, Cortes, Burges), a big-endian header and bytes.

use crate::config::echo;
use crate::dataset::Dataset;
use crate::shape::MAX_SIZE;
use crate::{Error, Result};
use alloc::{format, vec::Vec};

/// The most images that are read from one file.
const MAX_IMAGES: usize = 1 << 24;

/// Reads a file of images, `[n, height, width]` bytes, and one of labels, `[n]` bytes.
///
/// # Errors
/// If a file isn't IDX with bytes, is cut short or too long, or the two don't go together.
pub fn read(images: &[u8], labels: &[u8]) -> Result<Dataset> {
    let ([count, height, width], pixels) = parse::<3>(images, "images")?;
    let ([label_count], labels) = parse::<1>(labels, "labels")?;
    if count != label_count {
        return Err(Error::shape(format!(
            "the files don't go together: {count} images, {label_count} labels"
        )));
    }
    let labels: Vec<u16> = labels.iter().map(|&label| label.into()).collect();
    Dataset::new(pixels.to_vec(), labels, [height, width, 1])
}

/// The sizes and the bytes of a file with `AXES` axes.
fn parse<'a, const AXES: usize>(bytes: &'a [u8], what: &str) -> Result<([usize; AXES], &'a [u8])> {
    let (words, _) = bytes.as_chunks::<4>();
    let magic = 0x0800 | AXES as u32;
    match words.first().map(|&word| u32::from_be_bytes(word)) {
        Some(word) if word == magic => {}
        Some(word) => {
            return Err(Error::format(format!(
                "{what}: an IDX file of them starts with {magic:#010x}, this one with {word:#010x}"
            )));
        }
        None => {
            return Err(Error::format(format!(
                "{what}: an IDX file has a header, got {} bytes",
                bytes.len()
            )));
        }
    }
    let mut sizes = [0; AXES];
    for (axis, size) in sizes.iter_mut().enumerate() {
        let word = words
            .get(1 + axis)
            .ok_or_else(|| Error::format(format!("{what}: the IDX header is cut short")))?;
        let limit = if axis == 0 { MAX_IMAGES } else { MAX_SIZE };
        *size = u32::from_be_bytes(*word) as usize;
        if *size == 0 || *size > limit {
            return Err(Error::limit(format!("{what}: axis {axis} has 1 to {limit} entries, got {size}")));
        }
    }
    let content = &bytes[4 + 4 * AXES..];
    let needed = sizes.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
    if needed != Some(content.len()) {
        return Err(Error::format(format!(
            "{what}: the header promises {} bytes, the file holds {}",
            echo(&sizes.to_vec().into()),
            content.len()
        )));
    }
    Ok((sizes, content))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn file(magic: u32, sizes: &[u32], content: &[u8]) -> Vec<u8> {
        let words = core::iter::once(&magic).chain(sizes).flat_map(|word| word.to_be_bytes());
        words.chain(content.iter().copied()).collect()
    }

    #[test]
    fn images_and_labels_become_a_dataset() {
        let data = read(&file(0x803, &[2, 1, 2], &[1, 2, 3, 4]), &file(0x801, &[2], &[7, 9])).unwrap();
        assert_eq!((data.len(), data.shape(), data.labels()), (2, [1, 2, 1], &[7, 9][..]));
        assert_eq!(data.planes(1), [3, 4]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let labels = file(0x801, &[1], &[7]);
        for (images, words) in [
            (Vec::new(), "header"),
            (file(0x801, &[1], &[7]), "starts with"),
            (file(0x803, &[1, 1], &[]), "cut short"),
            (file(0x803, &[1, 2, 2], &[1, 2, 3]), "promises"),
            (file(0x803, &[u32::MAX, u32::MAX, u32::MAX], &[]), "entries"),
            (file(0x803, &[2, 1, 1], &[1, 2]), "go together"),
        ] {
            let error = read(&images, &labels).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
