// From Keras' layouts to others'.
import { product } from "../workloads.mjs";

/**
 * The axes of an array in another order, as NumPy's `transpose`.
 * @param {Float32Array} values
 * @param {number[]} shape
 * @param {number[]} order  Which axis comes first, second, and so on.
 */
export function transposed(values, shape, order) {
  const strides = shape.map((_, axis) => product(shape.slice(axis + 1)));
  const sizes = order.map((axis) => shape[axis]);
  const steps = order.map((axis) => strides[axis]);
  const out = new Float32Array(values.length);
  let written = 0;
  const write = (depth, from) => {
    if (depth === order.length) {
      out[written++] = values[from];
      return;
    }
    for (let index = 0; index < sizes[depth]; index++) write(depth + 1, from + index * steps[depth]);
  };
  write(0, 0);
  return out;
}

/** A convolution's kernel as (out, in, height, width). */
export const outputsFirst = ({ values, shape }) => transposed(values, shape, [3, 2, 0, 1]);

/** Images as (batch, channels, height, width). */
export const channelsFirst = (x, [height, width, channels]) =>
  transposed(x, [x.length / (height * width * channels), height, width, channels], [0, 3, 1, 2]);

/**
 * A dense kernel (in, out) for inputs that were flattened channels first.
 * @param {{ values: Float32Array, shape: number[] }} kernel
 * @param {number[]} flattened  The shape of what was flattened, channels last.
 */
export const flattenedChannelsFirst = ({ values, shape: [, units] }, flattened) =>
  transposed(values, [...flattened, units], [2, 0, 1, 3]);
