//! File formats, read from bytes that may come from anywhere.

pub mod idx;
pub(crate) mod safetensors;
