// Which examples the steps of `fit` take, and when it stops.

/**
 * @typedef {object} Plan
 * @property {number} batchSize
 * @property {number} seed of the order of the examples and of augmentation
 * @property {number} [steps] how many at most
 * @property {number} [until] the step, counted from when the model was compiled, before which it stops
 * @property {number} [milliseconds] after which no step begins, except the first
 * @property {string} [augmentation] JSON
 */

/** @typedef {import("convscope-wasm").Dataset} Dataset */

/**
 * The order of the epoch that a data set is in.
 * @type {WeakMap<Dataset, { seed: number, epoch: number, order: Uint32Array }>}
 */
const orders = new WeakMap();

/** @param {Dataset} data @param {number} seed @param {number} epoch */
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
 * @template Batch
 * @param {Dataset} data
 * @param {number} firstStep how many steps were taken before
 * @param {Plan} plan
 * @param {(indices: Uint32Array, epoch: number) => Batch} batchOf
 */
export function* schedule(data, firstStep, plan, batchOf) {
  const { batchSize, seed, steps = Infinity, until = Infinity, milliseconds = Infinity } = plan;
  const deadline = performance.now() + milliseconds;
  const stepsPerEpoch = Math.max(1, Math.ceil(data.length / batchSize));
  const end = Math.min(until, firstStep + steps);
  for (let step = firstStep; step < end; step++) {
    if (step > firstStep && performance.now() >= deadline) return;
    const epoch = Math.floor(step / stepsPerEpoch);
    const start = (step % stepsPerEpoch) * batchSize;
    yield batchOf(orderOf(data, seed, epoch).subarray(start, start + batchSize), epoch);
  }
}

/** What each step came to. */
export class Log {
  /** @type {number[]} */
  #loss = [];
  /** @type {number[]} */
  #accuracy = [];

  /** @param {Float32Array} metrics */
  add([loss, accuracy]) {
    this.#loss.push(loss);
    this.#accuracy.push(accuracy);
  }

  get history() {
    return { loss: Float32Array.from(this.#loss), accuracy: Float32Array.from(this.#accuracy) };
  }
}
