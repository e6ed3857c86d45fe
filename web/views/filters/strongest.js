// The places in many examples where units answer most strongly.

/** @typedef {import("../../convscope.js").RemoteModel} Model */
/** @typedef {import("../../convscope.js").RemoteDataset} Dataset */
/** @typedef {{ name: string, units: number, first: number }} RankedLayer */
/** @typedef {{ layers: RankedLayer[], places: number, ranking: Float32Array, examples: number }} Found */
/**
 * @typedef {{ value: number, index: number, row: number, column: number }} Strongest an example, and the place in the
 * unit's map
 */

/** Examples at a time, between which the engine answers others. */
const PORTION = 250;
/** Numbers for each place in the ranking. */
const FIELDS = 4;

/**
 * Looks through a data set, and tells what it has found after each portion.
 *
 * @param {Model} model
 * @param {Dataset} dataset
 * @param {number} count of its examples
 * @param {() => Promise<boolean>} wanted waits until it is time to go on; false: nobody wants to know any more
 * @returns {AsyncGenerator<Found>}
 */
export async function* strongest(model, dataset, count, wanted) {
  /** @type {Float32Array | undefined} */
  let before;
  for (let start = 0; start < count; start += PORTION) {
    if (!(await wanted())) return;
    const indices = Uint32Array.from({ length: Math.min(PORTION, count - start) }, (_, index) => start + index);
    const found = await model.strongestPatches(dataset, indices, before ? { before } : {});
    before = found.ranking;
    yield { ...found, examples: start + indices.length };
  }
}

/**
 * @param {Found} found
 * @param {string} layer
 * @param {number} unit
 * @returns {Strongest[]} the strongest first; none where the unit has never answered
 */
export function strongestOf({ layers, places, ranking }, layer, unit) {
  const ranked = layers.find(({ name }) => name === layer);
  if (!ranked || unit >= ranked.units) return [];
  const start = (ranked.first + unit) * places * FIELDS;
  return Array.from({ length: places }, (_, place) => {
    const [value, index, row, column] = ranking.subarray(start + place * FIELDS, start + (place + 1) * FIELDS);
    return { value, index, row, column };
  }).filter(({ value }) => value > 0);
}
