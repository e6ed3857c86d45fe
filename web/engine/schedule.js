// Batches: of one call, and of the steps of `fit` one after the other, until it stops.

/** @typedef {typeof import("convscope-wasm")} Glue */
/** @typedef {import("convscope-wasm").Model} GlueModel */
/** @typedef {import("convscope-wasm").Dataset} GlueDataset */

/**
 * Examples as they are named everywhere: those of a data set, perhaps varied, or arrays.
 *
 * @typedef {OfData<GlueDataset> | { x: Float32Array, y: Uint16Array | Float32Array }} Examples
 */
/**
 * @template Data the data set, or what names it
 * @typedef {{ data: Data, indices: Uint32Array, variation?: { augmentation: string, seed: number, epoch: number } }} OfData
 */

/**
 * @param {Examples} examples
 * @param {Glue} glue
 */
export function batchOf(examples, { Augmentation, Batch }) {
  if ("data" in examples) {
    const { data, indices, variation } = examples;
    if (!variation) return Batch.of(data, indices);
    const { augmentation, seed, epoch } = variation;
    return Batch.of(data, indices, new Augmentation(augmentation, seed, epoch));
  }
  const { x, y } = examples;
  return y instanceof Uint16Array ? Batch.labels(x, y) : Batch.oneHot(x, y);
}

/**
 * Part `number` of `of` equal ones of so many examples, in arrays of its own.
 *
 * @template {Examples} E
 * @param {E} examples
 * @param {number} count
 * @param {number} number
 * @param {number} of
 * @returns {E}
 */
export function partOf(examples, count, number, of) {
  const [start, end] = [number, number + 1].map((part) => Math.floor((count * part) / of));
  if ("data" in examples) return { ...examples, indices: examples.indices.slice(start, end) };
  /** @param {Float32Array | Uint16Array} array */
  const rows = (array) => array.slice((array.length / count) * start, (array.length / count) * end);
  return { ...examples, x: rows(examples.x), y: rows(examples.y) };
}

/**
 * The examples of the steps that are to be taken now, one batch after the other.
 *
 * @param {GlueModel} model
 * @param {GlueDataset} data
 * @param {object} options as of `fit`
 * @param {number} options.batchSize
 * @param {number} options.seed
 * @param {number} [options.steps]
 * @param {number} [options.until]
 * @param {number} [options.milliseconds]
 * @param {object} [options.augmentation]
 * @param {Glue} glue
 * @returns {Generator<Examples>}
 */
export function* batchesOf(model, data, { augmentation: changes, ...plan }, { Schedule }) {
  const { seed } = plan;
  const augmentation = JSON.stringify(changes);
  const schedule = new Schedule(model, data, plan);
  for (let indices; (indices = schedule.next(model));) {
    yield { data, indices, variation: changes && { augmentation, seed, epoch: schedule.epoch } };
  }
  schedule.free();
}

/** What each step came to. */
export class History {
  /** @type {number[]} */
  #loss = [];
  /** @type {number[]} */
  #accuracy = [];

  /** @param {import("../convscope.js").Metrics} metrics */
  add({ loss, accuracy }) {
    this.#loss.push(loss);
    this.#accuracy.push(accuracy);
  }

  get arrays() {
    return { loss: Float32Array.from(this.#loss), accuracy: Float32Array.from(this.#accuracy) };
  }
}
