//! An image inside a larger one: what ZeroPadding2D and Cropping2D are to each other.

/// The sizes of both, `[height, width]`, and the rows above and columns before the inner one.
pub(super) struct Border {
    pub(super) outer: [usize; 2],
    pub(super) inner: [usize; 2],
    pub(super) before: [usize; 2],
    pub(super) channels: usize,
}

impl Border {
    /// Copies the middle of every outer image to the inner ones.
    pub(super) fn take_off(&self, outer: &[f32], inner: &mut [f32]) {
        self.for_each_row(inner.len(), |from, to, len| {
            inner[to..to + len].copy_from_slice(&outer[from..from + len])
        });
    }

    /// Copies every inner image into zeros.
    pub(super) fn put_on(&self, inner: &[f32], outer: &mut [f32]) {
        outer.fill(0.0);
        self.for_each_row(inner.len(), |to, from, len| {
            outer[to..to + len].copy_from_slice(&inner[from..from + len])
        });
    }

    /// Visits the rows of all inner images, which have `floats` together: where each starts outside and inside, and its
    /// length.
    fn for_each_row(&self, floats: usize, mut visit: impl FnMut(usize, usize, usize)) {
        let [height, width] = self.inner;
        let len = width * self.channels;
        for row in 0..floats / len {
            let above = row / height * self.outer[0] + self.before[0] + row % height;
            visit((above * self.outer[1] + self.before[1]) * self.channels, row * len, len);
        }
    }
}
