//! safetensors: named tensors behind a JSON header.

use crate::{Error, Result, check_finite};
use alloc::{format, string::String, string::ToString, vec::Vec};
use half::{bf16, f16};
use safetensors::tensor::{Dtype, Metadata, SafeTensors, TensorView, serialize};

/// The longest header that is read, in bytes; the `safetensors` crate would parse up to 100 MB.
const LONGEST_HEADER: u64 = 2 << 20;

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
    let encoded: Vec<(&str, &[usize], Vec<u8>)> = tensors
        .map(|Tensor { name, shape, values }| {
            let bytes = match precision {
                Precision::F32 => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
                Precision::F16 => {
                    values.iter().flat_map(|&value| f16::from_f32(value).to_le_bytes()).collect()
                }
            };
            (name, shape, bytes)
        })
        .collect();
    let dtype = if precision == Precision::F32 { Dtype::F32 } else { Dtype::F16 };
    let views = encoded.iter().map(|(name, shape, bytes)| {
        let view = TensorView::new(dtype, shape.to_vec(), bytes);
        (*name, view.expect("a weight has as many values as its shape says"))
    });
    let metadata = [(key.to_string(), metadata.to_string())].into_iter().collect();
    serialize(views, Some(metadata)).expect("a header of names and shapes is always JSON")
}

/// A file whose header has been checked.
pub(crate) struct File<'a> {
    metadata: Metadata,
    tensors: SafeTensors<'a>,
}

/// Reads a file's header.
pub(crate) fn read(bytes: &[u8]) -> Result<File<'_>> {
    let header = bytes.first_chunk::<8>().map(|length| u64::from_le_bytes(*length));
    match header {
        None => {
            return Err(Error::format(format!(
                "a safetensors file has at least 8 bytes, got {}",
                bytes.len()
            )));
        }
        Some(length) if length > LONGEST_HEADER => {
            return Err(Error::limit(format!(
                "a safetensors header has at most {LONGEST_HEADER} bytes here, this one claims {length}"
            )));
        }
        Some(length) if length + 8 > bytes.len() as u64 => {
            return Err(Error::format(format!(
                "the file is cut short: its header claims {length} bytes, {} are there",
                bytes.len() - 8
            )));
        }
        Some(_) => {}
    }
    let broken = |error| Error::format(format!("not a readable safetensors file: {error}"));
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(broken)?;
    let tensors = SafeTensors::deserialize(bytes).map_err(broken)?;
    Ok(File { metadata, tensors })
}

impl<'a> File<'a> {
    pub(crate) fn metadata(&self, key: &str) -> Option<&str> {
        self.metadata.metadata().as_ref()?.get(key).map(String::as_str)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.tensors.iter().map(|(name, _)| name)
    }

    /// Reads the tensor `name`, which must have `shape` and hold finite numbers.
    pub(crate) fn read_into(&self, name: &str, shape: &[usize], target: &mut [f32]) -> Result<()> {
        let tensor = self.tensors.tensor(name).map_err(|_| {
            Error::format(format!("the file lacks the tensor '{name}', which the model needs"))
        })?;
        if tensor.shape() != shape {
            return Err(Error::shape(format!(
                "tensor '{name}': needs shape {shape:?}, got {:?}",
                tensor.shape()
            )));
        }
        widen(&tensor, target).ok_or_else(|| {
            Error::format(format!("tensor '{name}': expected F32, F16 or BF16, got {:?}", tensor.dtype()))
        })?;
        check_finite(target, &format!("tensor '{name}'"))
    }
}

fn widen(tensor: &TensorView<'_>, target: &mut [f32]) -> Option<()> {
    fn each<const SIZE: usize>(bytes: &[u8], target: &mut [f32], read: impl Fn([u8; SIZE]) -> f32) {
        let (numbers, _) = bytes.as_chunks::<SIZE>();
        for (value, &bytes) in target.iter_mut().zip(numbers) {
            *value = read(bytes);
        }
    }
    match tensor.dtype() {
        Dtype::F32 => each(tensor.data(), target, f32::from_le_bytes),
        Dtype::F16 => each(tensor.data(), target, |bytes| f16::from_le_bytes(bytes).to_f32()),
        Dtype::BF16 => each(tensor.data(), target, |bytes| bf16::from_le_bytes(bytes).to_f32()),
        _ => return None,
    }
    Some(())
}
