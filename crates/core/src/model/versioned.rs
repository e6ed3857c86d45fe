//! Weights that know when they have changed, so that what was made of them is made again only then.

use alloc::vec::Vec;
use core::ops::Deref;
use core::sync::atomic::{AtomicUsize, Ordering};

/// Which state of some weights this is. No two states of any weights have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version(usize);

impl Version {
    fn next() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// All weights of a network. They can be read as a slice; whoever changes them asks for [`VersionedWeights::edit`].
#[derive(Clone, Debug)]
pub(crate) struct VersionedWeights {
    values: Vec<f32>,
    version: Version,
}

impl VersionedWeights {
    pub(crate) fn new(values: Vec<f32>) -> Self {
        Self { values, version: Version::next() }
    }

    pub(crate) fn version(&self) -> Version {
        self.version
    }

    pub(crate) fn edit(&mut self) -> &mut [f32] {
        self.version = Version::next();
        &mut self.values
    }
}

impl Deref for VersionedWeights {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.values
    }
}
