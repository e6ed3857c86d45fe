// Training steps that several workers take together, and rankings. The first worker has the models, their optimisers
// and the data. Its helpers keep nothing that counts: replicas of the models, and of the data sets whose examples they
// are to look at. With every share of a batch they get the weights and are told which examples, and the gradient comes
// back in the same memory. So whatever else is called happens in the first worker as if it were alone.

import { engineError } from "../errors.js";
import { History, batchOf, partOf } from "../schedule.js";
import { buffersOf, lost } from "./messages.js";

/** @typedef {import("../instance.js").Instance} Instance */
/** @typedef {import("../instance.js").Binding} Binding */
/** @typedef {import("../methods.js").Glue} Glue */
/** @typedef {import("../methods.js").GlueModel} GlueModel */
/** @typedef {import("../methods.js").GlueDataset} GlueDataset */
/** @typedef {import("../schedule.js").Examples} Examples */

/**
 * What a helper builds a replica from.
 *
 * @typedef {{ config: string, seed: number, training: string | undefined }
 *   | { pixels: Uint8Array, labels: Uint16Array, shape: Uint32Array }} Original
 */
/**
 * What a helper is to do. Models and data sets have numbers.
 *
 * @typedef {object} Order
 * @property {(readonly [number: number, original: Original])[]} originals of what it does not have yet
 * @property {number} model
 * @property {import("../schedule.js").OfData<number> | Extract<Examples, { x: Float32Array }>} examples
 * @property {[number: number, of: number, examples: number, step: number]} [share] of a training step that the examples
 *   are; without it, they are to be ranked
 * @property {Float32Array<ArrayBuffer>} weights
 */
/**
 * @typedef {object} Part
 * @property {Float32Array<ArrayBuffer>} weights memory of the order's weights, now with the gradient
 * @property {Float64Array} [sum] loss, right answers and examples of a share
 * @property {Float32Array} [ranking]
 * @property {{ code: import("../errors.js").ErrorCode, message: string }} [error]
 */

/** The workers that share what takes long, as the first of them sees it. */
export class Team {
  #instance;
  #between;
  /** @type {Helper[]} */
  #helpers = [];
  /** The number by which the helpers know a model or a data set. @type {WeakMap<Binding, number>} */
  #numbers = new WeakMap();
  #lastNumber = 0;
  /** How each model was compiled last. @type {WeakMap<Binding, string>} */
  #training = new WeakMap();

  /**
   * @param {Instance} instance
   * @param {() => Promise<void>} between what else happens after each step of a training
   */
  constructor(instance, between) {
    this.#instance = instance;
    this.#between = between;
  }

  /**
   * Starts workers, each of which helps as soon as it can. They are this worker's own: what goes through the port of a
   * worker that belongs to the page is copied in Firefox, by way of another process.
   *
   * @param {number} count
   * @param {Blob} script
   * @param {WebAssembly.Module} module
   */
  add(count, script, module) {
    // A URL that this worker has made: where the page has no origin, those of others are refused.
    const url = URL.createObjectURL(script);
    const starting = Array.from({ length: count }, async () => {
      const helper = new Helper(url);
      await helper.start(module);
      this.#helpers.push(helper);
    });
    // Training goes on with those that there are, to the same bits.
    const settled = starting.map((started) => started.catch((error) => console.warn("One worker less:", error)));
    void Promise.all(settled).then(() => URL.revokeObjectURL(url));
  }

  /**
   * Has the helpers let a replica go; the next time, they build it anew.
   *
   * @param {Binding} binding
   * @param {string} [training] how it is compiled now
   */
  forget(binding, training) {
    if (training === undefined) this.#training.delete(binding);
    else this.#training.set(binding, training);
    const number = this.#numbers.get(binding);
    if (number !== undefined) for (const helper of this.#helpers) helper.forget(number);
  }

  /**
   * Steps on batches.
   *
   * @param {GlueModel} model
   * @param {(glue: Glue) => Iterable<Examples>} batchesOf
   */
  async fit(model, batchesOf) {
    const history = new History();
    const batches = this.#instance.guarded(batchesOf)[Symbol.iterator]();
    for (;;) {
      const { done, value: examples } = this.#instance.guarded(() => batches.next());
      if (done) return history.arrays;
      history.add(await this.step(model, examples));
      await this.#between();
    }
  }

  /**
   * One step on a batch, which is cut into equal shares: one for each worker where there are examples enough.
   *
   * @param {GlueModel} model
   * @param {Examples} examples
   * @returns {Promise<import("../../convscope.js").Metrics>}
   */
  async step(model, examples) {
    const { guarded } = this.#instance;
    const batch = guarded((glue) => batchOf(examples, glue));
    const [count, shards, step] = guarded(() => model.plan(batch));
    // A step has a power of two shares; the helpers come one by one.
    const of = 2 ** (31 - Math.clz32(Math.min(shards, 1 + this.#helpers.length)));
    const answers = this.#helpers.slice(0, of - 1).map((helper, index) => {
      const number = index + 1;
      return this.#compute(helper, model, partOf(examples, count, number, of), [number, of, count, step]);
    });
    await together((async () => guarded(() => model.beginStep(batch, of)))(), answers);
    for (const [index, answer] of answers.entries()) {
      const { weights, sum = [] } = await answer;
      const [loss, correct, own] = sum;
      guarded(() => model.addShare(index + 1, weights, loss, correct, own));
    }
    return guarded(() => model.takeStep());
  }

  /**
   * The strongest places over examples, which are cut into equal parts: one for each worker where there are enough.
   *
   * @param {GlueModel} model
   * @param {GlueDataset} data
   * @param {Uint32Array} indices
   * @param {Float32Array} before the ranking that it goes on from
   */
  async rank(model, data, indices, before) {
    const { guarded } = this.#instance;
    const of = indices.length < FEWEST_RANKED ? 1 : 1 + this.#helpers.length;
    /** @param {number} number */
    const part = (number) => partOf({ data, indices }, indices.length, number, of);
    const answers = this.#helpers
      .slice(0, of - 1)
      .map((helper, index) => this.#compute(helper, model, part(index + 1)));
    const own = (async () => guarded(() => model.strongestPatches(data, part(0).indices, before)))();
    const answer = /** @type {import("../../convscope.js").Ranking} */ (await together(own, answers));
    for (const { ranking: other } of await Promise.all(answers)) {
      if (other) answer.ranking = guarded((glue) => glue.mergeRankings(answer.ranking, other));
    }
    return answer;
  }

  /**
   * @param {Helper} helper
   * @param {GlueModel} model
   * @param {Examples} examples
   * @param {Order["share"]} [share]
   */
  #compute(helper, model, examples, share) {
    const { guarded } = this.#instance;
    const named = "data" in examples ? { ...examples, data: this.#numberOf(examples.data) } : examples;
    const needed = "data" in examples ? [model, examples.data] : [model];
    const originals = needed
      .filter((binding) => !helper.has(this.#numberOf(binding)))
      .map((binding) => /** @type {const} */ ([this.#numberOf(binding), this.#original(binding)]));
    const weights = guarded(() => model.writeWeights(helper.buffer));
    return helper.compute({ originals, model: this.#numberOf(model), examples: named, share, weights: plain(weights) });
  }

  /** @param {Binding} binding */
  #numberOf(binding) {
    const number = this.#numbers.get(binding) ?? (this.#lastNumber += 1);
    this.#numbers.set(binding, number);
    return number;
  }

  /** @param {Binding} binding @returns {Original} */
  #original(binding) {
    return this.#instance.guarded(() => {
      if ("pixels" in binding) return { pixels: binding.pixels, labels: binding.labels, shape: binding.shape };
      return { config: JSON.stringify(binding.getConfig()), seed: binding.seed, training: this.#training.get(binding) };
    });
  }
}

/** Examples from which sending a part of them elsewhere is worth it. */
const FEWEST_RANKED = 64;
const NONE = new Float32Array(0);

/**
 * Waits until every worker has done its part, even if one of them could not.
 *
 * @template T
 * @param {Promise<T>} own
 * @param {Promise<unknown>[]} answers
 */
async function together(own, answers) {
  const outcomes = await Promise.allSettled([own, ...answers]);
  const errors = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
  if (errors.length > 0) throw errors.find(({ code }) => code === "trap") ?? errors[0];
  return own;
}

/** Memory of the glue's is never shared. @param {Float32Array} buffer */
const plain = (buffer) => /** @type {Float32Array<ArrayBuffer>} */ (buffer);

/** One helper as the first worker sees it. */
class Helper {
  buffer = new Float32Array(0);
  #worker;
  /** The models and data sets that it has. @type {Set<number>} */
  #known = new Set();
  /** @type {(answer: any) => void} */
  #answered = () => {};

  /** @param {string} url */
  constructor(url) {
    this.#worker = new Worker(url, { name: "convscope-helper" });
    // By a lock that the helper holds, the page sees that it lives.
    this.#worker.onmessage = ({ data }) => ("held" in data ? postMessage(data) : this.#answered(data));
    this.#worker.onmessageerror = lost;
  }

  /**
   * Starts it. From then on the page hears of a fault that ends it, as of one of this worker.
   *
   * @param {WebAssembly.Module} module
   */
  async start(module) {
    const failed = new Promise((_, reject) => {
      this.#worker.onerror = (event) => {
        event.preventDefault();
        reject(event);
      };
    });
    const { error } = await Promise.race([
      failed,
      this.#ask({ number: 0, request: { operation: "start", module, helps: true } }),
    ]);
    if (error) throw engineError(error.code, error.message);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      postMessage({ error: { code: "trap", message: event.message } });
    };
  }

  /** @param {number} number */
  has(number) {
    return this.#known.has(number);
  }

  /**
   * @param {Order} order
   * @returns {Promise<Part>}
   */
  async compute(order) {
    const /** @type {Part} */ answer = await this.#ask(order);
    this.buffer = answer.weights;
    if (answer.error) throw engineError(answer.error.code, answer.error.message);
    for (const [number] of order.originals) this.#known.add(number);
    return answer;
  }

  /** @param {number} number */
  forget(number) {
    if (this.#known.delete(number)) this.#worker.postMessage(number);
  }

  /** @param {unknown} message @returns {Promise<any>} */
  #ask(message) {
    this.#worker.postMessage(message, buffersOf(message));
    return new Promise((resolve) => (this.#answered = resolve));
  }
}

/**
 * What a helper does with a message of the worker that it belongs to.
 *
 * @param {Instance} instance
 * @returns {(message: Order | number) => void}
 */
export function helping(instance) {
  const { guarded } = instance;
  /** @type {Map<number, Binding>} */
  const replicas = new Map();

  /** @param {number} number */
  function forget(number) {
    const replica = replicas.get(number);
    replicas.delete(number);
    if (replica) instance.free(replica);
  }

  /** @param {number} number @param {Original} original */
  function build(number, original) {
    // There is one already where whoever needed it then could not go on.
    forget(number);
    if ("pixels" in original) {
      const { pixels, labels, shape } = original;
      const [height, width, channels] = shape;
      replicas.set(
        number,
        guarded(({ Dataset }) => new Dataset(pixels, labels, height, width, channels)),
      );
      return;
    }
    const { config, seed, training } = original;
    const model = guarded(({ Model }) => Model.fromConfig(config, seed));
    replicas.set(number, model);
    if (training !== undefined) guarded(() => model.compile(training));
  }

  /** @param {Order} order @returns {Part} */
  function work({ originals, model: number, examples: named, share, weights }) {
    try {
      for (const original of originals) build(...original);
      const model = /** @type {GlueModel} */ (replicas.get(number));
      guarded(() => model.readWeights(weights));
      const examples = "data" in named ? { ...named, data: dataset(named.data) } : named;
      if (share) {
        return { weights, sum: guarded((glue) => model.computeShare(...share, batchOf(examples, glue), weights)) };
      }
      const { data, indices } = /** @type {import("../schedule.js").OfData<GlueDataset>} */ (examples);
      return { weights, ranking: guarded(() => model.strongestPatches(data, indices, NONE).ranking) };
    } catch (error) {
      const { code, message } = /** @type {import("../errors.js").EngineError} */ (error);
      return { weights, error: { code, message } };
    }
  }

  /** @param {number} number */
  const dataset = (number) => /** @type {GlueDataset} */ (replicas.get(number));

  return (message) => {
    if (typeof message === "number") forget(message);
    else postMessage(work(message), { transfer: [message.weights.buffer] });
  };
}
