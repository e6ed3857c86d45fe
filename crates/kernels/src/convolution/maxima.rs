//! The gradients of a convolution whose outputs go through max pooling alone: of every pooled window one output, the
//! largest, has a gradient. Both sums visit only these, and of these only those that are not zero.
//!
//! With 2×2 windows that is a quarter of the multiplications at most, and about an eighth behind ReLU. The place of a
//! maximum is the cell of the pooling window that it was found in, as [`crate::pooling::max`] notes it.

use super::{Convolution, Images};
use crate::frame::Channels;
use crate::{Level, Window, Window2D, padded};
use core::ops::Range;
use fearless_simd::{Simd, dispatch, prelude::*};

/// The most cells of a pooling window.
const MAX_CELLS: usize = 16;

/// A gradient that is not zero, and where what it is multiplied with starts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entry {
    at: u32,
    gradient: f32,
}

/// A position of the convolution: where its window starts in the image, and which entries are its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    at: u32,
    first: u32,
    count: u32,
}

/// The gradients of the maxima, `[examples][height][width][filters]`, and the cells of the pooling window in which they
/// were found.
#[derive(Clone, Copy, Debug)]
pub struct Maxima<'a> {
    /// Behind the activation.
    pub gradients: &'a [f32],
    /// Counted row by row. None at all: each was found in the first, the only one where nothing was pooled.
    pub cells: &'a [u32],
}

impl<'a> Maxima<'a> {
    /// Those of some examples of `len` maxima each.
    pub fn examples(&self, examples: Range<usize>, len: usize) -> Maxima<'a> {
        self.at(examples.start * len..examples.end * len)
    }

    #[inline(always)]
    fn at(&self, range: Range<usize>) -> Maxima<'a> {
        debug_assert!(self.cells.is_empty() || self.cells.len() >= self.gradients.len());
        Maxima { gradients: &self.gradients[range.clone()], cells: self.cells.get(range).unwrap_or_default() }
    }

    /// The cell of the maximum at `index`.
    #[inline(always)]
    fn cell(&self, index: usize) -> usize {
        self.cells.get(index).map_or(0, |&cell| cell as usize % MAX_CELLS)
    }
}

/// The sizes of a convolution and of the pooling behind it.
#[derive(Clone, Copy, Debug)]
pub struct MaximaGradient {
    convolution: Convolution,
    pool: Window2D,
}

impl MaximaGradient {
    /// None where the pooling window has too many cells, or keeps so many of the outputs that nothing is gained.
    pub fn new(convolution: Convolution, pool: Window2D) -> Option<Self> {
        let gains = 3 * pool.outputs() <= convolution.window.outputs();
        let maxima = Self { convolution, pool };
        (gains && maxima.cells() <= MAX_CELLS).then_some(maxima)
    }

    /// As if every output were the maximum of a window of its own: the input's gradient for strides above 1.
    pub fn of_all_outputs(convolution: Convolution) -> Self {
        let alone = |output| Window { input: output, size: 1, dilation: 1, stride: 1, before: 0, output };
        let Window2D { rows, columns } = convolution.window;
        let pool = Window2D { rows: alone(rows.output), columns: alone(columns.output) };
        Self { convolution, pool }
    }

    fn cells(&self) -> usize {
        self.pool.rows.size * self.pool.columns.size
    }

    /// Entries that both sums need room for.
    pub fn entries_len(&self, examples: usize) -> usize {
        self.pool.outputs() * examples.max(self.cells() * self.convolution.filters)
    }

    /// Places that the input's gradient needs room for.
    pub fn places_len(&self) -> usize {
        self.pool.outputs() * self.cells()
    }

    /// Floats of a row of the window, whole vectors of them.
    fn row(&self) -> usize {
        padded(self.convolution.run())
    }

    /// Floats of the kernel's gradient, and of the kernel's rows.
    pub fn kernel_len(&self) -> usize {
        self.convolution.filters * self.convolution.window.rows.size * self.row()
    }

    /// Where the windows of the convolution start that lie under the cells of the pooling window, from its own start.
    fn cell_offsets(&self, pitch: usize) -> [u32; MAX_CELLS] {
        let size = self.pool.columns.size;
        core::array::from_fn(|cell| self.convolution.start([cell / size, cell % size], pitch) as u32)
    }

    /// Where the convolution's window starts that lies under the pooling window's first cell. In the padding that is
    /// before the image: the sum with a cell's offset is right all the same.
    #[inline(always)]
    fn pool_start(&self, row: usize, column: usize, pitch: usize) -> u32 {
        let Window2D { rows, columns } = self.convolution.window;
        let row = self.pool.rows.start(row).wrapping_mul((rows.stride * pitch) as isize);
        let step = columns.stride * self.convolution.channels;
        row.wrapping_add(self.pool.columns.start(column).wrapping_mul(step as isize)) as u32
    }

    /// Adds the kernel's gradient to `sums`, `[filters][rows][row]`, filter by filter: each entry's window, times its
    /// gradient. `images` must have zeros, or other images, as far as whole vectors reach.
    #[inline(never)]
    pub fn add_to_sums(
        &self,
        level: Level,
        images: Images<'_>,
        maxima: Maxima<'_>,
        filters: Channels,
        entries: &mut [Entry],
        sums: &mut [f32],
    ) {
        let length = self.convolution.window.rows.size * self.row();
        for (filter, sums) in sums.chunks_exact_mut(length).take(self.convolution.filters).enumerate() {
            let count = self.list_filter(images, maxima, filters, filter, entries);
            dispatch!(level, simd => simd.vectorize(
                #[inline(always)]
                || self.add_windows(simd, &entries[..count], images, sums),
            ));
        }
    }

    /// Lists the entries of one filter: where its windows start in the images.
    #[inline(always)]
    fn list_filter(
        &self,
        images: Images<'_>,
        maxima: Maxima<'_>,
        filters: Channels,
        filter: usize,
        entries: &mut [Entry],
    ) -> usize {
        let offsets = self.cell_offsets(images.pitch);
        let Window2D { rows, columns } = self.pool;
        let examples = maxima.gradients.len() / (filters.all * self.pool.outputs());
        let (mut count, mut index) = (0, filters.first + filter);
        for example in 0..examples {
            let image = (example * images.example) as u32;
            for row in 0..rows.output {
                for column in 0..columns.output {
                    let start = image.wrapping_add(self.pool_start(row, column, images.pitch));
                    let gradient = maxima.gradients[index];
                    let at = start.wrapping_add(offsets[maxima.cell(index)]);
                    entries[count] = Entry { at, gradient };
                    count += usize::from(gradient != 0.0);
                    index += filters.all;
                }
            }
        }
        count
    }

    #[inline(always)]
    fn add_windows<S: Simd>(&self, simd: S, entries: &[Entry], images: Images<'_>, sums: &mut [f32]) {
        let (rows, row) = (self.convolution.window.rows.size, self.row());
        let vectors = self.convolution.run().div_ceil(S::f32s::LEN);
        let Images { values, pitch, .. } = images;
        // A short row's sums alone would wait for each other.
        match (rows, vectors) {
            (3, 1) => return add_rows::<S, 3, 1>(simd, entries, values, pitch, sums, row),
            (5, 2) => return add_rows::<S, 5, 2>(simd, entries, values, pitch, sums, row),
            _ => {}
        }
        for index in 0..rows {
            for_each_part(
                vectors,
                #[inline(always)]
                |first, count| {
                    let start = first * S::f32s::LEN;
                    let (values, sums) = (&values[index * pitch + start..], &mut sums[index * row + start..]);
                    with_vectors!(count, VECTORS => add_rows::<S, 1, VECTORS>(simd, entries, values, 0, sums, 0));
                },
            );
        }
    }

    /// Adds sums, `[filters][rows][row]`, to the gradient of a Keras kernel.
    #[inline(never)]
    pub fn add_to_kernel(&self, sums: &[f32], gradient: &mut [f32], filters: Channels) {
        let (run, row) = (self.convolution.run(), self.row());
        let length = self.convolution.window.rows.size * row;
        for (depth, gradient) in gradient.chunks_exact_mut(filters.all).enumerate() {
            let at = depth / run * row + depth % run;
            let gradient = &mut gradient[filters.first..][..self.convolution.filters];
            for (gradient, sum) in gradient.iter_mut().zip(sums[at..].iter().step_by(length)) {
                *gradient += sum;
            }
        }
    }

    /// Orders the weights of a Keras kernel as `[rows][filters][row]`, as [`MaximaGradient::input_gradient`] reads them.
    #[inline(never)]
    pub fn pack_rows(&self, kernel: &[f32], filters: Channels, rows: &mut [f32]) {
        let (run, row) = (self.convolution.run(), self.row());
        for (kernel, rows) in
            kernel.chunks_exact(run * filters.all).zip(rows.chunks_exact_mut(self.convolution.filters * row))
        {
            for (filter, row) in rows.chunks_exact_mut(row).enumerate() {
                let weights = kernel[filters.first + filter..].iter().step_by(filters.all);
                row[run..].fill(0.0);
                row.iter_mut().zip(weights).for_each(|(value, weight)| *value = *weight);
            }
        }
    }

    /// Adds to one example's `image`, in the convolution's frame, every entry's weights times its gradient.
    #[inline(never)]
    pub fn input_gradient(
        &self,
        level: Level,
        maxima: Maxima<'_>,
        filters: Channels,
        rows: &[f32],
        (entries, places): (&mut [Entry], &mut [Place]),
        image: &mut [f32],
    ) {
        let pitch = self.convolution.frame().pitch();
        let places = &mut places[..self.places_len()];
        self.list_places(maxima, filters, entries, places, pitch);
        dispatch!(level, simd => simd.vectorize(
            #[inline(always)]
            || self.add_weights(simd, rows, entries, places, image, pitch),
        ));
    }

    /// Lists the entries of every position: where their weights start in a row of the kernel. Positions of a column
    /// follow each other: a window that is read again soon after it was written waits for that.
    #[inline(always)]
    fn list_places(
        &self,
        maxima: Maxima<'_>,
        filters: Channels,
        entries: &mut [Entry],
        places: &mut [Place],
        pitch: usize,
    ) {
        let (offsets, cells) = (self.cell_offsets(pitch), self.cells());
        let Window2D { rows, columns } = self.pool;
        let (count, weights) = (self.convolution.filters, self.row() as u32);
        for row in 0..rows.output {
            for column in 0..columns.output {
                let position = row * columns.output + column;
                let first = position * filters.all + filters.first;
                let here = maxima.at(first..first + count);
                let first = position * cells * count;
                let mut counts = [0; MAX_CELLS];
                let mut at = 0;
                for (index, &gradient) in here.gradients.iter().enumerate() {
                    let cell = here.cell(index);
                    entries[first + cell * count + counts[cell] as usize] = Entry { at, gradient };
                    counts[cell] += u32::from(gradient != 0.0);
                    at += weights;
                }
                let start = self.pool_start(row, column, pitch);
                for cell in 0..cells {
                    places[(column * cells + cell) * rows.output + row] = Place {
                        at: start.wrapping_add(offsets[cell]),
                        first: (first + cell * count) as u32,
                        count: counts[cell],
                    };
                }
            }
        }
    }

    #[inline(always)]
    fn add_weights<S: Simd>(
        &self,
        simd: S,
        rows: &[f32],
        entries: &[Entry],
        places: &[Place],
        image: &mut [f32],
        pitch: usize,
    ) {
        let vectors = self.convolution.run().div_ceil(S::f32s::LEN);
        let length = self.convolution.filters * self.row();
        for (index, rows) in rows.chunks_exact(length).take(self.convolution.window.rows.size).enumerate() {
            for_each_part(
                vectors,
                #[inline(always)]
                |first, count| {
                    let start = first * S::f32s::LEN;
                    let (weights, image) = (&rows[start..], &mut image[index * pitch + start..]);
                    with_vectors!(count, VECTORS => add_entries::<S, VECTORS>(simd, places, entries, weights, image));
                },
            );
        }
    }
}

/// Cuts so many vectors into parts, each as large as there are loops for, and visits each: its first vector and its size.
/// Two parts of nine are faster than one of twelve and one of six.
#[inline(always)]
fn for_each_part(vectors: usize, mut visit: impl FnMut(usize, usize)) {
    let mut first = 0;
    while first < vectors {
        let size = match vectors - first {
            left if left % 12 != 0 && left % 9 == 0 => 9,
            12.. => 12,
            8.. => 8,
            4.. => 4,
            2.. => 2,
            _ => 1,
        };
        visit(first, size);
        first += size;
    }
}

/// Runs `$body` with the constant `$constant` at the value of `$count`, the size of a part.
macro_rules! with_vectors {
    ($count:expr, $constant:ident => $body:expr) => {
        with_vectors!(@ $count, $constant, $body, 1 2 4 8 9 12)
    };
    (@ $count:expr, $constant:ident, $body:expr, $($value:literal)*) => {
        match $count {
            $($value => { const $constant: usize = $value; $body })*
            _ => {}
        }
    };
}
use with_vectors;

/// Adds to `ROWS` rows of sums the runs of all entries' windows, each times its gradient.
#[inline(always)]
fn add_rows<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    entries: &[Entry],
    values: &[f32],
    pitch: usize,
    target: &mut [f32],
    row: usize,
) {
    let lanes = S::f32s::LEN;
    let mut sums = [[S::f32s::splat(simd, 0.0); VECTORS]; ROWS];
    for index in 0..ROWS {
        for vector in 0..VECTORS {
            sums[index][vector] = S::f32s::from_slice(simd, &target[index * row + vector * lanes..][..lanes]);
        }
    }
    for entry in entries {
        let gradient = S::f32s::splat(simd, entry.gradient);
        let window = &values[entry.at as usize..];
        for index in 0..ROWS {
            let line = &window[index * pitch..][..VECTORS * lanes];
            for vector in 0..VECTORS {
                let value = S::f32s::from_slice(simd, &line[vector * lanes..][..lanes]);
                sums[index][vector] = gradient.mul_add(value, sums[index][vector]);
            }
        }
    }
    for index in 0..ROWS {
        for vector in 0..VECTORS {
            sums[index][vector].store_slice(&mut target[index * row + vector * lanes..][..lanes]);
        }
    }
}

/// Adds to `VECTORS` vectors of the image at every place the weights of its entries, each times its gradient.
#[inline(always)]
fn add_entries<S: Simd, const VECTORS: usize>(
    simd: S,
    places: &[Place],
    entries: &[Entry],
    weights: &[f32],
    image: &mut [f32],
) {
    let lanes = S::f32s::LEN;
    // A cell in the padding has no place in the image, and no entries.
    for place in places.iter().filter(|place| place.count > 0) {
        let target = &mut image[place.at as usize..][..VECTORS * lanes];
        let mut sums = [S::f32s::splat(simd, 0.0); VECTORS];
        for vector in 0..VECTORS {
            sums[vector] = S::f32s::from_slice(simd, &target[vector * lanes..][..lanes]);
        }
        for entry in &entries[place.first as usize..][..place.count as usize] {
            let gradient = S::f32s::splat(simd, entry.gradient);
            let line = &weights[entry.at as usize..][..VECTORS * lanes];
            for vector in 0..VECTORS {
                let weight = S::f32s::from_slice(simd, &line[vector * lanes..][..lanes]);
                sums[vector] = gradient.mul_add(weight, sums[vector]);
            }
        }
        for vector in 0..VECTORS {
            sums[vector].store_slice(&mut target[vector * lanes..][..lanes]);
        }
    }
}
