//! IDX: the format of the MNIST files (LeCun, Cortes, Burges), a big-endian header and bytes.

use crate::dataset::Dataset;
use crate::shape::MAX_SIZE;
use crate::{Error, Result};
use alloc::{format, string::String, vec::Vec};
use serde::Serialize;

/// The most images that are read from one file.
const MAX_IMAGES: usize = 1 << 24;

/// The most bytes that one file may have.
const MAX_BYTES: usize = 200_000_000;

/// What the header of a file says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Header {
    /// What the file holds.
    pub kind: Kind,
    /// How many of them.
    pub count: usize,
    /// `[height, width]` of the images; none for labels.
    pub shape: Option<[usize; 2]>,
    /// The bytes of the whole file, the header's included.
    pub length: usize,
}

/// What an IDX file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `[n, height, width]` bytes, 0 black to 255 white.
    Images,
    /// `[n]` bytes.
    Labels,
}

impl Kind {
    /// The bytes before the content: four of type and number of axes, then four for each axis.
    fn header_length(self) -> usize {
        match self {
            Kind::Images => 16,
            Kind::Labels => 8,
        }
    }

    /// In a sentence.
    fn name(self) -> &'static str {
        match self {
            Kind::Images => "images",
            Kind::Labels => "labels",
        }
    }
}

/// Reads the header from the first bytes of a file, of which 16 are enough.
///
/// # Errors
/// If the file holds neither images nor labels, the header is cut short, or it promises nothing or more than is
/// read: 2²⁴ examples, [`MAX_SIZE`] pixels along a side, 200 million bytes.
pub fn header(bytes: &[u8]) -> Result<Header> {
    let (words, _) = bytes.as_chunks::<4>();
    let kind = match words.first() {
        Some([0, 0, 8, 3]) => Kind::Images,
        Some([0, 0, 8, 1]) => Kind::Labels,
        _ => {
            return Err(Error::format(format!(
                "an IDX file of images begins with 00 00 08 03, one of labels with 00 00 08 01, this one {}",
                beginning(bytes)
            )));
        }
    };
    let Some(words) = words.get(1..kind.header_length() / 4) else {
        return Err(Error::format(format!(
            "the file is cut short: the header of an IDX file of {} alone has {} bytes, got {}",
            kind.name(),
            kind.header_length(),
            bytes.len()
        )));
    };
    let mut content = 1_usize;
    let mut sizes = [0; 3];
    for (axis, (size, &word)) in sizes.iter_mut().zip(words).enumerate() {
        let limit = if axis == 0 { MAX_IMAGES } else { MAX_SIZE };
        *size = u32::from_be_bytes(word) as usize;
        if *size == 0 || *size > limit {
            return Err(Error::limit(format!(
                "{}: axis {axis} has 1 to {limit} entries, the header promises {size}",
                kind.name()
            )));
        }
        content = content.saturating_mul(*size);
    }
    let length = content.saturating_add(kind.header_length());
    if length > MAX_BYTES {
        return Err(Error::limit(format!(
            "{}: at most {MAX_BYTES} bytes are read, the header promises {length}",
            kind.name()
        )));
    }
    let [count, height, width] = sizes;
    Ok(Header { kind, count, shape: (kind == Kind::Images).then_some([height, width]), length })
}

/// How a file begins, in a sentence.
fn beginning(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "is empty".into();
    }
    bytes.iter().take(4).fold("with".into(), |text: String, byte| format!("{text} {byte:02x}"))
}

/// Reads a file of images, `[n, height, width]` bytes, and one of labels, `[n]` bytes.
///
/// # Errors
/// If [`header`] refuses one, a file is cut short or too long, or the two don't go together.
pub fn read(images: &[u8], labels: &[u8]) -> Result<Dataset> {
    let (images, pixels) = content(images, Kind::Images)?;
    let (label_header, labels) = content(labels, Kind::Labels)?;
    if images.count != label_header.count {
        return Err(Error::shape(format!(
            "the files don't go together: {} images, {} labels",
            images.count, label_header.count
        )));
    }
    let [height, width] = images.shape.unwrap_or_default();
    let labels: Vec<u16> = labels.iter().map(|&label| label.into()).collect();
    Dataset::new(pixels.to_vec(), labels, [height, width, 1])
}

/// The header and the content of a file of `kind`.
fn content(bytes: &[u8], kind: Kind) -> Result<(Header, &[u8])> {
    let header = header(bytes).map_err(|error| error.within(kind.name()))?;
    if header.kind != kind {
        return Err(Error::format(format!("{}: the file is one of {}", kind.name(), header.kind.name())));
    }
    if header.length != bytes.len() {
        return Err(Error::format(format!(
            "{}: the header promises {} bytes, the file holds {}",
            kind.name(),
            header.length,
            bytes.len()
        )));
    }
    Ok((header, &bytes[kind.header_length()..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{string::ToString, vec};

    fn file(magic: u32, sizes: &[u32], content: &[u8]) -> Vec<u8> {
        let words = core::iter::once(&magic).chain(sizes).flat_map(|word| word.to_be_bytes());
        words.chain(content.iter().copied()).collect()
    }

    #[test]
    fn images_and_labels_become_a_dataset() {
        let data = read(&file(0x803, &[2, 1, 2], &[1, 2, 3, 4]), &file(0x801, &[2], &[7, 9])).unwrap();
        assert_eq!((data.len(), data.shape(), data.labels()), (2, [1, 2, 1], &[7, 9][..]));
        assert_eq!(data.image(1), [3, 4]);
    }

    #[test]
    fn a_header_tells_all_before_the_content_has_come() {
        let images = Header { kind: Kind::Images, count: 3, shape: Some([28, 20]), length: 16 + 3 * 28 * 20 };
        assert_eq!(header(&file(0x803, &[3, 28, 20], &[])).unwrap(), images);
        let labels = Header { kind: Kind::Labels, count: 5, shape: None, length: 13 };
        assert_eq!(header(&file(0x801, &[5], &[])).unwrap(), labels);
    }

    #[test]
    fn the_limits_are_reached_but_not_passed() {
        // 16 bytes of header and 12,499,999 images of 16 pixels are 200 million bytes.
        for sizes in [[1 << 24, 1, 1], [1, 1 << 16, 3], [1, 3, 1 << 16], [12_499_999, 16, 1]] {
            let [count, height, width] = sizes.map(|size| size as usize);
            let found = header(&file(0x803, &sizes, &[])).unwrap();
            assert_eq!((found.count, found.shape), (count, Some([height, width])));
        }
        for (sizes, words) in [
            ([(1 << 24) + 1, 1, 1], "axis 0 has 1 to 16777216 entries"),
            ([1, (1 << 16) + 1, 1], "axis 1 has 1 to 65536 entries"),
            ([1, 1, (1 << 16) + 1], "axis 2 has 1 to 65536 entries"),
            ([12_500_000, 16, 1], "at most 200000000 bytes are read, the header promises 200000016"),
        ] {
            let error = header(&file(0x803, &sizes, &[])).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let labels = file(0x801, &[1], &[7]);
        for (images, words) in [
            (Vec::new(), "00 00 08 01, this one is empty"),
            (vec![0x1f, 0x8b, 8], "this one with 1f 8b 08"),
            (file(0x803, &[1, 1], &[]), "16 bytes, got 12"),
            (file(0x801, &[1], &[7]), "images: the file is one of labels"),
            (file(0x803, &[1, 2, 2], &[1, 2, 3]), "promises 20 bytes, the file holds 19"),
            (file(0x803, &[1, 2, 2], &[1, 2, 3, 4, 5]), "promises 20 bytes, the file holds 21"),
            (file(0x803, &[0, 28, 28], &[]), "promises 0"),
            (file(0x803, &[u32::MAX, u32::MAX, u32::MAX], &[]), "axis 0 has 1 to 16777216 entries"),
            (file(0x803, &[60_000, 65_536, 65_536], &[]), "200000000"),
            (file(0x803, &[2, 1, 1], &[1, 2]), "go together"),
        ] {
            let error = read(&images, &labels).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
