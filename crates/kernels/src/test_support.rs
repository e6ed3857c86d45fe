//! What several rooms' tests share.

use crate::{Level, Window};
use std::vec::Vec;

/// Every instruction set that this processor offers, the plain baseline among them.
pub(crate) fn levels() -> Vec<Level> {
    let best = crate::level();
    let mut levels = Vec::from([Level::baseline(), best]);
    #[cfg(target_arch = "x86_64")]
    {
        use fearless_simd::Simd;
        levels.extend(best.as_sse4_2().map(|token| token.level()));
        levels.extend(best.as_avx2().map(|token| token.level()));
    }
    levels
}

/// The window of `size` cells that moves over an axis by `stride` cells, with padding at both ends.
pub(crate) fn axis(input: usize, size: usize, stride: usize, [before, after]: [usize; 2]) -> Window {
    let output = (input + before + after - size) / stride + 1;
    Window { input, size, dilation: 1, stride, before, output }
}

/// The padding at both ends with which a window that moves by one cell has as many positions as cells.
pub(crate) fn same(size: usize) -> [usize; 2] {
    [(size - 1) / 2, size / 2]
}

/// Numbers that look random (Knuth's MMIX generator), the same in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn values(&mut self, len: usize) -> Vec<f32> {
        (0..len).map(|_| self.uniform(-1.0, 1.0)).collect()
    }

    pub(crate) fn uniform(&mut self, low: f32, high: f32) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        low + (high - low) * (self.0 >> 40) as f32 / (1 << 24) as f32
    }
}
