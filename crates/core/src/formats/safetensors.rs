//! safetensors: named tensors behind a JSON header (the format's specification is the README of
//! huggingface/safetensors). Eight bytes give the header's length, little-endian; the header maps
//! each name to a type, a shape and a range of the bytes that follow it.
//!
//! The `safetensors` crate is not used here, since it would make the WebAssembly file an eighth
//! larger; the tests hold this module against it.

use crate::config::{Arguments, Fields, echo, json_object, json_text};
use crate::numbers::check_finite;
use crate::{Error, Result};
use alloc::{format, string::String, vec::Vec};
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
    // Read as text like every description: another kind of reader would come with another JSON parser.
    let header = str::from_utf8(header)
        .map_err(|_| Error::format("the header of the safetensors file is not UTF-8 text"))?;
    let header = serde_json::from_str(header)
        .map_err(|error| Error::format(format!("the header of the safetensors file is not JSON: {error}")))?;
    let Value::Object(header) = header else {
        return Err(Error::format("the header of the safetensors file is not an object"));
    };
    let file = File { header, content };
    let mut total = 0_usize;
    for name in file.names() {
        total = total.saturating_add(file.place(name)?.1.len());
    }
    if total != content.len() {
        return Err(Error::format(format!(
            "the tensors of the safetensors file take {total} bytes, {} are there",
            content.len()
        )));
    }
    Ok(file)
}

/// What the header says of a tensor.
const TENSOR: &[Arguments] = &[Arguments::Read(&["dtype", "shape", "data_offsets"])];

impl File<'_> {
    pub(crate) fn metadata(&self, key: &str) -> Option<&str> {
        self.header.get(METADATA)?.get(key)?.as_str()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.header.keys().map(String::as_str).filter(|name| *name != METADATA)
    }

    /// A tensor's entry in the header, and which bytes of the content are its.
    fn place(&self, name: &str) -> Result<(Fields<'_>, Range<usize>)> {
        let entry = self.header.get(name).ok_or_else(|| {
            Error::format(format!("the file lacks the tensor '{name}', which the model needs"))
        })?;
        let entry = Fields::of_object(entry, name, TENSOR)?;
        let offset = |value: &Value| value.as_u64().and_then(|offset| usize::try_from(offset).ok());
        let range = match entry.list("data_offsets").map_err(|error| error.within(name))? {
            [start, end] => offset(start).zip(offset(end)),
            _ => None,
        };
        match range {
            Some((start, end)) if start <= end && end <= self.content.len() => Ok((entry, start..end)),
            _ => Err(Error::format(format!(
                "tensor '{name}': its data_offsets are not within the {} bytes of the safetensors file",
                self.content.len()
            ))),
        }
    }

    /// Reads the tensor `name`, which must have `shape` and hold finite numbers.
    pub(crate) fn read_into(&self, name: &str, shape: &[usize], target: &mut [f32]) -> Result<()> {
        let (entry, range) = self.place(name)?;
        let within = |error: Error| error.within(format!("tensor '{name}'"));
        let sizes = entry.list("shape").map_err(within)?;
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
        let fits = match entry.text("dtype").map_err(within)? {
            "F32" => widen(bytes, target, f32::from_le_bytes),
            "F16" => widen(bytes, target, |bytes| f16::from_le_bytes(bytes).to_f32()),
            "BF16" => widen(bytes, target, |bytes| bf16::from_le_bytes(bytes).to_f32()),
            other => return Err(within(Error::format(format!("expected F32, F16 or BF16, got {other}")))),
        };
        if !fits {
            return Err(within(Error::format(format!(
                "{} bytes are not the {} numbers that its shape needs",
                bytes.len(),
                target.len()
            ))));
        }
        check_finite(target, name).map_err(within)
    }
}

/// Fills `target` with the numbers of `bytes`, unless there are more or fewer of them.
fn widen<const SIZE: usize>(bytes: &[u8], target: &mut [f32], read: impl Fn([u8; SIZE]) -> f32) -> bool {
    let (numbers, rest) = bytes.as_chunks::<SIZE>();
    for (value, &number) in target.iter_mut().zip(numbers) {
        *value = read(number);
    }
    rest.is_empty() && numbers.len() == target.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::safetensors::{Dtype, SafeTensors, tensor::TensorView};
    use alloc::vec;

    #[test]
    fn the_reference_reads_what_is_written() {
        let (kernel, bias) = ([1.5, -2.0, 3.25, 0.5, 1e-3, -7.0], [0.25]);
        for (precision, dtype) in [(Precision::F32, Dtype::F32), (Precision::F16, Dtype::F16)] {
            let tensors = [
                Tensor { name: "conv2d/kernel", shape: &[3, 2], values: &kernel },
                Tensor { name: "a \"name\"/bias", shape: &[1], values: &bias },
            ];
            let bytes = write(tensors.into_iter(), precision, "convscope", "{\"text\": \"ä\"}");
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
}
