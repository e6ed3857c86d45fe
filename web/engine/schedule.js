// Batches: of one call, and of the steps of `fit` one after the other, until it stops.

/** @typedef {typeof import("convscope-wasm")} Glue */
/** @typedef {import("convscope-wasm").Model} GlueModel */
/** @typedef {import("convscope-wasm").Dataset} GlueDataset */
/** @typedef {import("convscope-wasm").Batch} Batch */

/**
 * @param {{ data: GlueDataset, indices: Uint32Array } | { x: Float32Array, y: Uint16Array | Float32Array }} examples
 * @param {Glue} glue
 */
export function batchOf(examples, { Batch }) {
  if ("data" in examples) return Batch.of(examples.data, examples.indices);
  const { x, y } = examples;
  return y instanceof Uint16Array ? Batch.labels(x, y) : Batch.oneHot(x, y);
}

/**
 * The batches of the steps that are to be taken now, one after the other.
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
 */
export function* batchesOf(model, data, options, { Schedule }) {
  const { augmentation } = options;
  const schedule = new Schedule(model, data, {
    ...options,
    augmentation: augmentation && JSON.stringify(augmentation),
  });
  for (let batch; (batch = schedule.next(model));) yield batch;
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
