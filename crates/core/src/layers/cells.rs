//! The cells that one value of a layer is made of.

#[cfg(feature = "complete")]
use crate::shape::Window;
use crate::shape::Window2D;
use core::ops::Range;

/// What lies under a window at one position, in some channels of the layer's source.
pub(crate) struct Cells {
    pub(crate) window: Window2D,
    /// Of the window.
    pub(crate) row: usize,
    pub(crate) column: usize,
    pub(crate) channels: Range<usize>,
}

#[cfg(feature = "complete")]
impl Cells {
    /// The one cell at `[row, column, channel]` of a source of `[height, width, channels]`.
    pub(crate) fn one([row, column, channel]: [usize; 3], [height, width, _]: [usize; 3]) -> Self {
        Self::of([(height, row, 1), (width, column, 1)], channel..channel + 1)
    }

    /// The value number `index` of a source of `[height, width, channels]`.
    pub(crate) fn number(index: usize, source: [usize; 3]) -> Self {
        let [_, width, channels] = source;
        Self::one([index / channels / width, index / channels % width, index % channels], source)
    }

    /// Along each axis some neighbouring cells: how many the axis has, the first, and how many they are.
    pub(crate) fn of([rows, columns]: [(usize, usize, usize); 2], channels: Range<usize>) -> Self {
        let axis =
            |(input, _, size)| Window { input, size, dilation: 1, stride: 1, before: 0, output: input };
        Self {
            window: Window2D { rows: axis(rows), columns: axis(columns) },
            row: rows.1,
            column: columns.1,
            channels,
        }
    }
}
