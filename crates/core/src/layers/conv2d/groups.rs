//! How the channels of a convolution are divided: each group of filters sees its own group of channels.

use crate::shape::MAX_SIZE;
use crate::{Error, Result};
use alloc::format;
use convscope_kernels::frame::Channels;

/// The sizes of one group, and how many there are.
#[derive(Clone, Copy, Debug)]
pub(in crate::layers) struct Groups {
    pub(super) count: usize,
    pub(in crate::layers) channels: usize,
    pub(super) filters: usize,
}

impl Groups {
    /// Divides all channels and all filters into `count` groups.
    pub(in crate::layers) fn new(count: usize, channels: usize, filters: usize) -> Result<Self> {
        if filters > MAX_SIZE {
            return Err(Error::limit(format!("filters: at most {MAX_SIZE}, got {filters}")));
        }
        if !channels.is_multiple_of(count) || !filters.is_multiple_of(count) {
            return Err(Error::config(format!(
                "groups: must divide the {channels} input channels and the {filters} filters, got {count}"
            )));
        }
        Ok(Self { count, channels: channels / count, filters: filters / count })
    }

    pub(super) fn all_channels(&self) -> usize {
        self.count * self.channels
    }

    pub(super) fn all_filters(&self) -> usize {
        self.count * self.filters
    }

    /// Which of the input's channels a group sees.
    pub(super) fn channels(&self, group: usize) -> Channels {
        Channels { first: group * self.channels, count: self.channels, all: self.all_channels() }
    }

    /// Which of the output's channels are a group's.
    pub(super) fn filters(&self, group: usize) -> Channels {
        Channels { first: group * self.filters, count: self.filters, all: self.all_filters() }
    }
}
