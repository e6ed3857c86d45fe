/** @typedef {import("../convscope.js").RemoteModel} Model */
/** @typedef {import("../convscope.js").RemoteDataset} Dataset */
/** @typedef {import("../session/layers.js").Column} Column */
/** @typedef {{ rows: Float32Array, width: number, layer: string }} Features of examples: [n, width] */

/** Examples asked for at a time, between which the engine answers others. */
const PORTION = 100;

/**
 * The layer whose answers the last weights judge; undefined where these see the pixels themselves.
 * @param {Column[]} columns
 * @returns {Column | undefined}
 */
export function lastHidden(columns) {
  const index = columns.findLastIndex(({ bank }) => bank) - 1;
  return index > 0 ? columns[index] : undefined;
}

/**
 * What a layer answers to each example of a data set.
 *
 * @param {Model} model
 * @param {Column} column
 * @param {Dataset} dataset
 * @param {number} count of its examples
 * @param {() => Promise<boolean>} wanted waits until it is time to go on; false: nobody wants the answer any more
 * @returns {Promise<Features | undefined>}
 */
export async function featuresOf(model, { name, shape }, dataset, count, wanted) {
  const width = shape.reduce((product, size) => product * size, 1);
  const rows = new Float32Array(count * width);
  for (let start = 0; start < count; start += PORTION) {
    if (!(await wanted())) return undefined;
    const indices = Uint32Array.from({ length: Math.min(PORTION, count - start) }, (_, index) => start + index);
    rows.set(await model.features(dataset, indices, name), start * width);
  }
  return { rows, width, layer: name };
}
