//! safetensors: named tensors behind a JSON header (the format's specification is the README of
//! huggingface/safetensors). Eight bytes give the header's length, little-endian; the header maps
//! each name to a type, a shape and a range of the bytes that follow it.
//!
//! The `safetensors` crate is not used here, since it would make the WebAssembly file an eighth
//! larger; the tests hold this module against it.

use crate::config::{Arguments, Fields, echo, json_object, json_text, read_json};
use crate::numbers::check_finite;
use crate::{Error, Result};
use alloc::collections::BinaryHeap;
use alloc::{format, string::String, vec::Vec};
use core::cmp::Reverse;
use core::ops::Range;
use half::{bf16, f16};
use serde_json::{Map, Value};

/// The longest header that is read, in bytes.
const MAX_HEADER: usize = 2 << 20;

/// The header's entry that is no tensor but texts.
const METADATA: &str = "__metadata__";

/// How numbers are stored in a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Precision {
    F32,
    F16,
}

/// A tensor to be written.
pub(crate) struct Tensor<'a> {
    pub(crate) name: &'a str,
    pub(crate) shape: &'a [usize],
    pub(crate) values: &'a [f32],
}

/// Writes tensors with one entry of metadata. The same tensors give the same bytes.
pub(crate) fn write<'a>(
    tensors: impl Iterator<Item = Tensor<'a>>,
    precision: Precision,
    key: &str,
    metadata: &str,
) -> Vec<u8> {
    let mut header = Map::new();
    header.insert(METADATA.into(), json_object([(key, metadata.into())]));
    let mut content = Vec::new();
    for Tensor { name, shape, values } in tensors {
        let start = content.len();
        let dtype = match precision {
            Precision::F32 => {
                values.iter().for_each(|value| content.extend(value.to_le_bytes()));
                "F32"
            }
            Precision::F16 => {
                values.iter().for_each(|&value| content.extend(f16::from_f32(value).to_le_bytes()));
                "F16"
            }
        };
        let entry = json_object([
            ("dtype", dtype.into()),
            ("shape", shape.into()),
            ("data_offsets", [start, content.len()].into()),
        ]);
        header.insert(name.into(), entry);
    }
    let mut header = json_text(&Value::Object(header));
    // Spaces behind the header let the content start at a multiple of eight bytes.
    while !header.len().is_multiple_of(8) {
        header.push(' ');
    }
    let mut bytes = Vec::with_capacity(8 + header.len() + content.len());
    bytes.extend((header.len() as u64).to_le_bytes());
    bytes.extend(header.into_bytes());
    bytes.extend(content);
    bytes
}

/// A file whose header has been checked.
pub(crate) struct File<'a> {
    header: Map<String, Value>,
    content: &'a [u8],
}

/// Reads a file's header.
pub(crate) fn read(bytes: &[u8]) -> Result<File<'_>> {
    let Some((length, rest)) = bytes.split_first_chunk::<8>() else {
        return Err(Error::format(format!("a safetensors file has at least 8 bytes, got {}", bytes.len())));
    };
    let length = u64::from_le_bytes(*length);
    if length > MAX_HEADER as u64 {
        return Err(Error::limit(format!(
            "a safetensors header has at most {MAX_HEADER} bytes here, this one claims {length}"
        )));
    }
    let Some((header, content)) = rest.split_at_checked(length as usize) else {
        return Err(Error::format(format!(
            "the file is cut short: its header claims {length} bytes, {} are there",
            rest.len()
        )));
    };
    let header = str::from_utf8(header)
        .map_err(|_| Error::format("the header of the safetensors file is not UTF-8 text"))?;
    let header = read_json(header)
        .map_err(|error| Error::format(format!("the header of the safetensors file is not JSON: {error}")))?;
    let Value::Object(header) = header else {
        return Err(Error::format("the header of the safetensors file is not an object"));
    };
    let file = File { header, content };
    file.check()?;
    Ok(file)
}

/// What the header says of a tensor.
const TENSOR: &[Arguments] = &[Arguments::Read(&["dtype", "shape", "data_offsets"])];

struct Entry<'a> {
    dtype: &'a str,
    shape: &'a [Value],
    /// Which bytes of the content are its.
    range: Range<usize>,
}

impl File<'_> {
    pub(crate) fn metadata(&self, key: &str) -> Option<&str> {
        self.header.get(METADATA)?.get(key)?.as_str()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.header.keys().map(String::as_str).filter(|name| *name != METADATA)
    }

    /// Refuses what the reference crate refuses: tensors that overlap, leave a gap or are of another length than
    /// their shape needs, and metadata that is no text.
    fn check(&self) -> Result<()> {
        if let Some(metadata) = self.header.get(METADATA).filter(|metadata| !metadata.is_null()) {
            let texts = metadata.as_object().is_some_and(|texts| texts.values().all(Value::is_string));
            if !texts {
                return Err(Error::format(format!(
                    "the metadata of the safetensors file: expected texts by name, got {}",
                    echo(metadata)
                )));
            }
        }
        // A heap brings less into the WebAssembly file than sorting.
        let mut ranges = BinaryHeap::new();
        for name in self.names() {
            let Range { start, end } = self.entry(name)?.range;
            ranges.push(Reverse([start, end]));
        }
        let mut end = 0;
        while let Some(Reverse([start, next])) = ranges.pop() {
            if start != end {
                return Err(Error::format(format!(
                    "the tensors of the safetensors file overlap or leave a gap: one ends at byte {end}, the next begins \
                     at byte {start}"
                )));
            }
            end = next;
        }
        if end != self.content.len() {
            return Err(Error::format(format!(
                "the tensors of the safetensors file take {end} bytes, {} are there",
                self.content.len()
            )));
        }
        Ok(())
    }

    /// What the header says of the tensor `name`, which has as many bytes as its shape needs.
    fn entry(&self, name: &str) -> Result<Entry<'_>> {
        let entry = self.header.get(name).ok_or_else(|| {
            Error::format(format!("the file lacks the tensor '{name}', which the model needs"))
        })?;
        let offset = |value: &Value| value.as_u64().and_then(|offset| usize::try_from(offset).ok());
        let read = || {
            let fields = Fields::of_object(entry, "a tensor", TENSOR)?;
            let dtype = fields.text("dtype")?;
            let width = match dtype {
                "F32" => 4,
                "F16" | "BF16" => 2,
                other => return Err(Error::format(format!("expected F32, F16 or BF16, got {other}"))),
            };
            let shape = fields.list("shape")?;
            let range = match fields.list("data_offsets")? {
                [start, end] => offset(start).zip(offset(end)),
                _ => None,
            };
            let Some((start, end)) = range.filter(|&(start, end)| start <= end && end <= self.content.len())
            else {
                return Err(Error::format(format!(
                    "its data_offsets are not within the {} bytes of the safetensors file",
                    self.content.len()
                )));
            };
            let needed = shape.iter().try_fold(width, |bytes: usize, size| bytes.checked_mul(offset(size)?));
            if needed != Some(end - start) {
                return Err(Error::format(format!(
                    "{} bytes are not the numbers that its shape {} needs",
                    end - start,
                    echo(&shape.into())
                )));
            }
            Ok(Entry { dtype, shape, range: start..end })
        };
        read().map_err(|error: Error| error.within(format!("tensor '{name}'")))
    }

    /// Reads the tensor `name`, which must have `shape` and hold finite numbers.
    pub(crate) fn read_into(&self, name: &str, shape: &[usize], target: &mut [f32]) -> Result<()> {
        let Entry { dtype, shape: sizes, range } = self.entry(name)?;
        let within = |error: Error| error.within(format!("tensor '{name}'"));
        if sizes.len() != shape.len()
            || sizes.iter().zip(shape).any(|(size, &needed)| size.as_u64() != Some(needed as u64))
        {
            return Err(within(Error::shape(format!(
                "needs shape {}, got {}",
                echo(&shape.into()),
                echo(&sizes.into())
            ))));
        }
        let bytes = &self.content[range];
        match dtype {
            "F32" => widen(bytes, target, f32::from_le_bytes),
            "F16" => widen(bytes, target, |bytes| f16::from_le_bytes(bytes).to_f32()),
            _ => widen(bytes, target, |bytes| bf16::from_le_bytes(bytes).to_f32()),
        }
        check_finite(target, name).map_err(within)
    }
}

/// Fills `target` with the numbers of `bytes`, which are as many.
fn widen<const SIZE: usize>(bytes: &[u8], target: &mut [f32], read: impl Fn([u8; SIZE]) -> f32) {
    for (value, &number) in target.iter_mut().zip(bytes.as_chunks::<SIZE>().0) {
        *value = read(number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::safetensors::{Dtype, SafeTensors, tensor::TensorView};
    use alloc::string::ToString;
    use alloc::vec;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn the_reference_reads_what_is_written() {
        let (kernel, bias) = ([1.5, -2.0, 3.25, 0.5, 1e-3, -7.0], [0.25]);
        for (precision, dtype) in [(Precision::F32, Dtype::F32), (Precision::F16, Dtype::F16)] {
            let tensors = [
                Tensor { name: "conv2d/kernel", shape: &[3, 2], values: &kernel },
                Tensor { name: "a \"name\"/bias", shape: &[1], values: &bias },
            ];
            let bytes = write(tensors.into_iter(), precision, "convscope", "{\"text\": \"ä\"}");
            assert_eq!(bytes[0] % 8, 0, "the content is aligned");
            let file = SafeTensors::deserialize(&bytes).unwrap();
            let view = file.tensor("conv2d/kernel").unwrap();
            assert_eq!((view.dtype(), view.shape()), (dtype, &[3, 2][..]));
            assert_eq!(file.tensor("a \"name\"/bias").unwrap().data().len(), dtype.bitsize() / 8);
            let (_, metadata) = SafeTensors::read_metadata(&bytes).unwrap();
            assert_eq!(metadata.metadata().as_ref().unwrap()["convscope"], "{\"text\": \"ä\"}");
            let mut again = [0.0; 6];
            read(&bytes).unwrap().read_into("conv2d/kernel", &[3, 2], &mut again).unwrap();
            assert!(again.iter().zip(kernel).all(|(a, b)| (a - b).abs() < 1e-5), "{again:?}");
        }
    }

    #[test]
    fn what_the_reference_writes_is_read() {
        let numbers: Vec<u8> = [1.0_f32, -2.5].iter().flat_map(|value| value.to_le_bytes()).collect();
        let halves: Vec<u8> = [0x3f80_u16, 0xc000].iter().flat_map(|value| value.to_le_bytes()).collect();
        let views = vec![
            ("b", TensorView::new(Dtype::F32, vec![2], &numbers).unwrap()),
            ("a", TensorView::new(Dtype::BF16, vec![1, 2], &halves).unwrap()),
        ];
        let bytes = ::safetensors::serialize(views, None).unwrap();
        let file = read(&bytes).unwrap();
        assert_eq!((file.names().count(), file.metadata("convscope")), (2, None));
        let mut values = [0.0; 2];
        file.read_into("b", &[2], &mut values).unwrap();
        assert_eq!(values, [1.0, -2.5]);
        file.read_into("a", &[1, 2], &mut values).unwrap();
        assert_eq!(values, [1.0, -2.0]);
    }

    /// A file with these entries in its header, and as many bytes of content.
    fn file(header: &Value, content: usize) -> Vec<u8> {
        let header = json_text(header);
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.into_bytes());
        bytes.resize(bytes.len() + content, 0);
        bytes
    }

    #[test]
    fn a_header_may_be_as_long_as_the_limit() {
        let header = |length: usize| {
            let mut bytes = (length as u64).to_le_bytes().to_vec();
            bytes.extend(b"{}");
            bytes.resize(8 + length, b' ');
            bytes
        };
        read(&header(MAX_HEADER)).unwrap();
        let error = read(&header(MAX_HEADER + 1)).err().unwrap().to_string();
        assert!(error.contains("at most 2097152 bytes here, this one claims 2097153"), "{error}");
    }

    #[test]
    fn a_tensor_of_another_shape_is_refused() {
        let bytes = file(&json!({ "a": { "dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24] } }), 24);
        let file = read(&bytes).unwrap();
        file.read_into("a", &[2, 3], &mut [0.0; 6]).unwrap();
        for shape in [&[2][..], &[2, 3, 1], &[3, 2], &[6], &[]] {
            let error = file.read_into("a", shape, &mut [0.0; 6]).unwrap_err().to_string();
            assert!(error.contains("tensor 'a': needs shape") && error.ends_with("got [2,3]"), "{error}");
        }
    }

    #[test]
    fn what_the_reference_refuses_is_refused() {
        let tensor = |shape: &[usize], start: usize, end: usize| json!({ "dtype": "F32", "shape": shape, "data_offsets": [start, end] });
        for (header, content, words) in [
            (json!({ "a": tensor(&[2], 0, 8), "b": tensor(&[2], 4, 12) }), 16, "overlap or leave a gap"),
            (json!({ "a": tensor(&[2], 0, 8), "b": tensor(&[2], 0, 8) }), 16, "overlap or leave a gap"),
            (json!({ "a": tensor(&[1], 0, 4), "b": tensor(&[1], 8, 12) }), 12, "overlap or leave a gap"),
            (json!({ "a": tensor(&[1], 4, 8) }), 8, "overlap or leave a gap"),
            (json!({ "a": tensor(&[1], 0, 4) }), 8, "take 4 bytes, 8 are there"),
            (
                json!({ "a": tensor(&[2], 0, 4) }),
                4,
                "tensor 'a': 4 bytes are not the numbers that its shape [2] needs",
            ),
            (json!({ "a": tensor(&[1], 4, 0) }), 4, "data_offsets are not within the 4 bytes"),
            (json!({ "a": tensor(&[1], 0, 4) }), 0, "data_offsets are not within the 0 bytes"),
            (json!({ "__metadata__": { "n": 1 }, "a": tensor(&[1], 0, 4) }), 4, "metadata"),
            (json!({ "__metadata__": "text", "a": tensor(&[1], 0, 4) }), 4, "metadata"),
        ] {
            let bytes = file(&header, content);
            assert!(SafeTensors::deserialize(&bytes).is_err(), "{header}");
            let error = read(&bytes).err().unwrap_or_else(|| panic!("{header} is accepted"));
            assert!(error.to_string().contains(words), "{error}");
        }
        for (header, content) in [
            (json!({ "b": tensor(&[1], 0, 4), "a": tensor(&[1], 4, 8), "empty": tensor(&[0], 4, 4) }), 8),
            (json!({ "__metadata__": null, "a": tensor(&[], 0, 4) }), 4),
            (json!({}), 0),
        ] {
            let bytes = file(&header, content);
            SafeTensors::deserialize(&bytes).unwrap();
            read(&bytes).unwrap();
        }
    }

    proptest! {
        #[test]
        fn files_are_read_if_the_reference_reads_them(
            entries in prop::collection::vec((0_usize..5, 0_usize..3, 0_usize..3, 0_usize..9), 0..5), content in 0_usize..40,
        ) {
            // Mostly one behind the other, as files are.
            let (mut header, mut end) = (Map::new(), 0);
            for (number, (size, dtype, moved, longer)) in entries.into_iter().enumerate() {
                let width = [4, 2, 2][dtype];
                let start = if moved == 0 { size } else { end };
                end = start + if longer == 0 { width } else { size * width };
                let dtype = ["F32", "F16", "BF16"][dtype];
                header.insert(number.to_string(), json!({ "dtype": dtype, "shape": [size], "data_offsets": [start, end] }));
            }
            let bytes = file(&header.into(), if content < 8 { content } else { end });
            prop_assert_eq!(read(&bytes).is_ok(), SafeTensors::deserialize(&bytes).is_ok());
        }
    }
}
