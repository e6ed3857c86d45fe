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
 * The order of the epoch that a data set is in.
 * @type {WeakMap<GlueDataset, { seed: number, epoch: number, order: Uint32Array }>}
 */
const orders = new WeakMap();

/** @param {GlueDataset} data @param {number} seed @param {number} epoch */
function orderOf(data, seed, epoch) {
  let known = orders.get(data);
  if (known?.seed !== seed || known.epoch !== epoch) {
    orders.set(data, (known = { seed, epoch, order: data.order(seed, epoch) }));
  }
  return known.order;
}

/**
 * The batches of the steps that are to be taken now, one after the other. The last of an epoch may be smaller, as in
 * Keras.
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
export function* batchesOf(model, data, options, { Augmentation, Batch }) {
  const { batchSize, seed, steps, until = Infinity, milliseconds = Infinity, augmentation } = options;
  const varied = augmentation && new Augmentation(JSON.stringify(augmentation), seed);
  const deadline = performance.now() + milliseconds;
  const firstStep = model.steps;
  const stepsPerEpoch = Math.max(1, Math.ceil(data.length / batchSize));
  const end = Math.min(until, firstStep + (steps ?? Infinity));
  for (let step = firstStep; step < end; step++) {
    if (step > firstStep && performance.now() >= deadline) return;
    const epoch = Math.floor(step / stepsPerEpoch);
    const start = (step % stepsPerEpoch) * batchSize;
    const indices = orderOf(data, seed, epoch).subarray(start, start + batchSize);
    yield Batch.of(data, indices, varied?.of(epoch));
  }
}

/** What each step came to. */
export class History {
  /** @type {number[]} */
  #loss = [];
  /** @type {number[]} */
  #accuracy = [];

  /** @param {Float32Array} metrics */
  add([loss, accuracy]) {
    this.#loss.push(loss);
    this.#accuracy.push(accuracy);
  }

  get arrays() {
    return { loss: Float32Array.from(this.#loss), accuracy: Float32Array.from(this.#accuracy) };
  }
}
