// The spaces that a map can show: what the last hidden layer gives, or the sums that the last weights make of it.

import { pageEngine } from "../../session/page-engine.js";

/** @typedef {import("../../session/layers.js").KernelBank} KernelBank */
/** @typedef {"sums" | "hidden"} Space */

/**
 * Rows of the last hidden layer as the last layer's sums: each output's weights on each row, without biases, which would
 * move all of them alike.
 *
 * @param {Float32Array} rows [n, width]
 * @param {KernelBank} bank of the last layer
 * @returns {Promise<Float32Array>} [n, outputs]
 */
export async function sumsOf(rows, { values, units }) {
  const width = values.length / units;
  const directions = Float32Array.from(values, (_, at) => values[(at % width) * units + Math.floor(at / width)]);
  const engine = await pageEngine();
  return engine.coordinates(rows, { mean: new Float32Array(width), directions });
}
