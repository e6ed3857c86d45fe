// Numbers as files pack them, and arrays whose axes change places.

import { sizeOf } from "./model-file.js";

/** A number of half precision. @param {number} bits */
export function halfOf(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
}

/**
 * The same numbers with their axes in another order, as `numpy.transpose`.
 *
 * @param {import("./model-file.js").Weight} weight
 * @param {number[]} order which of its axes becomes the first, the second, …
 * @returns {import("./model-file.js").Weight}
 */
export function transposed({ shape, values }, order) {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const sizes = order.map((axis) => shape[axis]);
  const steps = order.map((axis) => strides[axis]);
  const turned = new Float32Array(values.length);
  const index = sizes.map(() => 0);
  let from = 0;
  for (let to = 0; to < turned.length; to++) {
    turned[to] = values[from];
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      index[axis] += 1;
      from += steps[axis];
      if (index[axis] < sizes[axis]) break;
      from -= index[axis] * steps[axis];
      index[axis] = 0;
    }
  }
  return { shape: sizes, values: turned };
}

/**
 * @param {import("./model-file.js").Weight} weight
 * @param {number[]} shape which holds as many numbers
 */
export function reshaped({ values }, shape) {
  return { shape, values };
}
