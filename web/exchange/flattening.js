// Frameworks that keep channels first flatten images in another order than Keras: the rows of the layers behind change places.

import { isElementwise } from "./classes.js";
import { reshaped, transposed } from "./numbers.js";

/** @typedef {import("./graph.js").Graph} Graph */
/** @typedef {import("./model-file.js").Weight} Weight */

/**
 * Which Dense layers read a flattened image, and of which shape that is, channels last. A flattening whose numbers go
 * elsewhere too is not among `flattened`.
 *
 * @param {Graph} graph
 * @returns {{ flattened: Set<string>, readers: Map<string, number[]> }}
 */
export function flattenings({ layers, output }) {
  const flattened = new Set();
  /** @type {Map<string, number[]>} */
  const readers = new Map();
  for (const layer of layers) {
    if (layer.className !== "Flatten" || layer.inputShape.length < 2) continue;
    /** @type {string[]} */
    const dense = [];
    const open = [layer.name];
    let others = false;
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      others ||= name === output;
      for (const next of layers.filter(({ inputs }) => inputs.includes(/** @type {string} */ (name)))) {
        if (next.className === "Dense") dense.push(next.name);
        else if (isElementwise(next.className) && next.config.activation !== "softmax") open.push(next.name);
        else others = true;
      }
    }
    if (others) continue;
    flattened.add(layer.name);
    dense.forEach((name) => readers.set(name, layer.inputShape));
  }
  return { flattened, readers };
}

/** @param {number} axes @returns {number[]} the order that takes the last axis to the front */
const channelsFirst = (axes) => [axes - 1, ...Array.from({ length: axes - 1 }, (_, axis) => axis)];

/**
 * A kernel `[in, out]` for numbers with channels first, of one for channels last.
 *
 * @param {Weight} kernel
 * @param {number[]} shape channels last
 * @returns {Weight}
 */
export function rowsChannelsFirst(kernel, shape) {
  const axes = shape.length;
  const turned = transposed(reshaped(kernel, [...shape, kernel.shape[1]]), [...channelsFirst(axes), axes]);
  return reshaped(turned, kernel.shape);
}

/**
 * The other way: a kernel `[in, out]` for channels last, of one for channels first.
 *
 * @param {Weight} kernel
 * @param {number[]} shape channels last
 * @returns {Weight}
 */
export function rowsChannelsLast(kernel, shape) {
  const axes = shape.length;
  const first = channelsFirst(axes).map((axis) => shape[axis]);
  const order = [...Array.from({ length: axes - 1 }, (_, axis) => axis + 1), 0, axes];
  return reshaped(transposed(reshaped(kernel, [...first, kernel.shape[1]]), order), kernel.shape);
}
