//! Which cells of an image lie under a sliding window.

/// A window that slides along one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Cells of the axis, `n`.
    pub input: usize,
    /// Cells of the window, `k`.
    pub size: usize,
    /// Cells of the axis from one cell of the window to the next; 1 where it has no holes.
    pub dilation: usize,
    /// Cells that the window moves at a time, `s`.
    pub stride: usize,
    /// Padding in front of the axis, in cells.
    pub before: usize,
    /// Positions of the window.
    pub output: usize,
}

impl Window {
    /// Cells of the axis from the window's first cell to its last, both counted.
    pub fn extent(&self) -> usize {
        (self.size - 1) * self.dilation + 1
    }

    /// The window that takes a gradient back through this one, whose stride and dilation must be 1.
    pub fn transposed(&self) -> Self {
        debug_assert!(self.stride == 1 && self.dilation == 1);
        Self { input: self.output, output: self.input, before: self.size - 1 - self.before, ..*self }
    }

    /// The input cell under window cell `cell` at position `output`, or none where it lies in the padding.
    pub fn source(&self, output: usize, cell: usize) -> Option<usize> {
        (output * self.stride + cell * self.dilation)
            .checked_sub(self.before)
            .filter(|&source| source < self.input)
    }

    /// The first input cell under the window at position `output`; negative in the padding.
    pub fn start(&self, output: usize) -> isize {
        (output * self.stride) as isize - self.before as isize
    }

    /// The positions `first..last` at which window cell `cell` lies on the input.
    pub fn inside(&self, cell: usize) -> (usize, usize) {
        let cell = cell * self.dilation;
        let first = self.before.saturating_sub(cell).div_ceil(self.stride);
        let last = (self.input + self.before).saturating_sub(cell).div_ceil(self.stride);
        (first, last.min(self.output).max(first))
    }

    /// The input cells `first..last` that the window at position `output` reaches over; none where it lies in the padding.
    pub fn span(&self, output: usize) -> (usize, usize) {
        let start = output * self.stride;
        let end = (start + self.extent()).saturating_sub(self.before).min(self.input);
        (start.saturating_sub(self.before).min(end), end)
    }
}

/// A window that slides over the rows and columns of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window2D {
    /// The window along the height.
    pub rows: Window,
    /// The window along the width.
    pub columns: Window,
}

impl Window2D {
    /// Whether some cells of the window lie apart.
    pub fn has_holes(&self) -> bool {
        self.rows.dilation > 1 || self.columns.dilation > 1
    }

    /// The number of positions.
    pub fn outputs(&self) -> usize {
        self.rows.output * self.columns.output
    }
}
