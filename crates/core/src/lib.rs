//! The network, its training and its explanation, with no JavaScript, no files, no clock and no
//! random source of its own: seeds, configurations and bytes go in, numbers come out.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(any(test, feature = "std"))]
extern crate std;

pub mod digits;
mod error;
pub mod random;

pub use error::{Error, Result};
