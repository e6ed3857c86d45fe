// Where the windows of a layer lie along one axis, asked of a real layer.

/** @typedef {import("./own-model.js").OwnModel} OwnModel */
/** @typedef {{ cells: number, size: number, stride: number, padding: "valid" | "same" }} Setting */
/**
 * @typedef {object} Windows
 * @property {number[]} starts the first cell of each, from 0; below 0 in the padding
 * @property {number} front cells of padding before the first cell
 * @property {number} behind cells of padding after the last
 * @property {number[]} skipped cells that no window lies on
 */

const LAYER = "windows";

/**
 * Each filter is a single 1, each cell holds its number: so a filter answers with the number of the cell that its
 * weight lies on, and with 0 in the padding.
 *
 * @param {OwnModel} own
 * @param {Setting} setting
 * @returns {Promise<Windows>} rejects where no window fits
 */
export async function windowsAlong(own, { cells, size, stride, padding }) {
  const config = { name: LAYER, filters: size, kernel_size: [1, size], strides: [1, stride], padding, use_bias: false };
  const model = await own.of([1, cells, 1], [{ class_name: "Conv2D", config }]);
  const single = Float32Array.from({ length: size * size }, (_, index) => (index % (size + 1) === 0 ? 1 : 0));
  const numbers = Float32Array.from({ length: cells }, (_, cell) => cell + 1);
  const [, { shape, planes }] = await Promise.all([
    model.setWeights(`${LAYER}/kernel`, single),
    model.featureMaps(numbers, LAYER),
  ]);
  const count = shape[1];
  const cellUnder = (/** @type {number} */ window, /** @type {number} */ weight) => planes[weight * count + window] - 1;
  const starts = Array.from({ length: count }, (_, window) => {
    let weight = 0;
    while (cellUnder(window, weight) < 0) weight += 1;
    return cellUnder(window, weight) - weight;
  });
  const seen = new Set(planes);
  return {
    starts,
    front: Math.max(0, -starts[0]),
    behind: Math.max(0, starts[count - 1] + size - cells),
    skipped: Array.from(numbers.keys()).filter((cell) => !seen.has(cell + 1)),
  };
}
