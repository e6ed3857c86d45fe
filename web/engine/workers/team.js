// Training steps that several workers take together, and rankings. The first worker has the models, their optimisers
// and the data. Its helpers keep nothing that counts: with every share of a batch they get the weights and the
// examples, and the gradient comes back in the same memory. So whatever else is called happens in the first worker as
// if it were alone.

import { engineError } from "../errors.js";
import { History } from "../schedule.js";

/** @typedef {import("../instance.js").Instance} Instance */
/** @typedef {import("../methods.js").Glue} Glue */
/** @typedef {import("../methods.js").GlueModel} GlueModel */
/** @typedef {import("../methods.js").GlueDataset} GlueDataset */
/** @typedef {import("convscope-wasm").Batch} Batch */

/**
 * @typedef {object} Order
 * @property {number} number the model's; without the rest, it is not needed any more
 * @property {{ config: string, seed: number, training: string | undefined }} [description] what the model is built
 *   from, the first time
 * @property {[number: number, of: number, examples: number, step: number]} [share] of a training step
 * @property {Uint32Array} [indices] of the examples that are to be ranked
 * @property {Float32Array<ArrayBuffer>} buffer weights and examples
 */

/**
 * @typedef {object} Part
 * @property {Float32Array<ArrayBuffer>} buffer that of the order, now with the gradient
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
  /** The number by which the helpers know a model. @type {WeakMap<GlueModel, number>} */
  #numbers = new WeakMap();
  #lastNumber = 0;
  /** How each model was compiled last. @type {WeakMap<object, string>} */
  #training = new WeakMap();

  /**
   * @param {Instance} instance
   * @param {() => Promise<void>} between what else happens after each step of a training
   */
  constructor(instance, between) {
    this.#instance = instance;
    this.#between = between;
  }

  /** @param {MessagePort[]} ports of workers that help from now on */
  add(ports) {
    this.#helpers.push(...ports.map((port) => new Helper(port)));
  }

  /**
   * Has the helpers build a model anew the next time, if there is one.
   *
   * @param {object} model
   * @param {string} [training] how it is compiled now
   */
  forget(model, training) {
    if (training === undefined) this.#training.delete(model);
    else this.#training.set(model, training);
    const number = this.#numbers.get(/** @type {GlueModel} */ (model));
    if (number !== undefined) for (const helper of this.#helpers) helper.forget(number);
  }

  /**
   * Steps on batches.
   *
   * @param {GlueModel} model
   * @param {(glue: Glue) => Iterable<Batch>} batchesOf
   */
  async fit(model, batchesOf) {
    const history = new History();
    const batches = this.#instance.guarded(batchesOf)[Symbol.iterator]();
    for (;;) {
      const { done, value: batch } = this.#instance.guarded(() => batches.next());
      if (done) return history.arrays;
      history.add(await this.step(model, () => batch));
      await this.#between();
    }
  }

  /**
   * One step on a batch, which is cut into equal shares: one for each worker where there are examples enough.
   *
   * @param {GlueModel} model
   * @param {(glue: Glue) => Batch} batchOf
   * @returns {Promise<import("../../convscope.js").Metrics>}
   */
  async step(model, batchOf) {
    const { guarded } = this.#instance;
    const batch = guarded(batchOf);
    const [examples, shards, step] = guarded(() => model.plan(batch));
    const of = Math.min(shards, 1 + this.#helpers.length);
    const answers = this.#helpers.slice(0, of - 1).map((helper, index) => {
      const buffer = plain(guarded(() => model.writeShare(batch, index + 1, of, helper.buffer)));
      const share = /** @type {Order["share"]} */ ([index + 1, of, examples, step]);
      return helper.compute({ number: this.#numberOf(model), share, buffer }, () => this.#describe(model));
    });
    await together((async () => guarded(() => model.beginStep(batch, of)))(), answers);
    for (const [index, answer] of answers.entries()) {
      const { buffer, sum = [] } = await answer;
      const [loss, correct, count] = sum;
      guarded(() => model.addShare(index + 1, buffer, loss, correct, count));
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
    const part = (number) =>
      indices.slice(Math.floor((indices.length * number) / of), Math.floor((indices.length * (number + 1)) / of));
    const answers = this.#helpers.slice(0, of - 1).map((helper, index) => {
      const own = part(index + 1);
      const buffer = plain(guarded(() => model.writeExamples(data, own, helper.buffer)));
      return helper.compute({ number: this.#numberOf(model), indices: own, buffer }, () => this.#describe(model));
    });
    const own = (async () => guarded(() => model.strongestPatches(data, part(0), before)))();
    const answer = /** @type {import("../../convscope.js").Ranking} */ (await together(own, answers));
    for (const { ranking: other } of await Promise.all(answers)) {
      if (other) answer.ranking = guarded((glue) => glue.mergeRankings(answer.ranking, other));
    }
    return answer;
  }

  /** @param {GlueModel} model */
  #numberOf(model) {
    const number = this.#numbers.get(model) ?? (this.#lastNumber += 1);
    this.#numbers.set(model, number);
    return number;
  }

  /**
   * @param {GlueModel} model
   * @returns {Required<Order>["description"]}
   */
  #describe(model) {
    return this.#instance.guarded(() => ({
      config: JSON.stringify(model.getConfig()),
      seed: model.seed,
      training: this.#training.get(model),
    }));
  }
}

/** Examples from which sending a part of them elsewhere is worth it. */
const FEWEST_RANKED = 64;

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
  #port;
  /** The models that it has. @type {Set<number>} */
  #known = new Set();
  /** @type {(answer: Part) => void} */
  #answered = () => {};

  /** @param {MessagePort} port */
  constructor(port) {
    this.#port = port;
    listen(port, (answer) => this.#answered(answer));
  }

  /**
   * @param {Order} order
   * @param {() => Order["description"]} describe
   * @returns {Promise<Part>}
   */
  async compute(order, describe) {
    const { number, buffer } = order;
    const description = this.#known.has(number) ? undefined : describe();
    this.#port.postMessage({ ...order, description }, [buffer.buffer]);
    /** @type {Part} */
    const answer = await new Promise((resolve) => (this.#answered = resolve));
    this.buffer = answer.buffer;
    if (answer.error) throw engineError(answer.error.code, answer.error.message);
    this.#known.add(number);
    return answer;
  }

  /** @param {number} number */
  forget(number) {
    if (this.#known.delete(number)) this.#port.postMessage({ number });
  }
}

/**
 * Makes this worker a helper of the one that has the other end of `port`.
 *
 * @param {Instance} instance
 * @param {MessagePort} port
 */
export function help(instance, port) {
  /** @type {Map<number, GlueModel>} */
  const models = new Map();

  /** @param {Order} order @returns {GlueModel} */
  function modelOf({ number, description }) {
    const known = models.get(number);
    if (known) return known;
    const { config, seed, training } = /** @type {Required<Order>["description"]} */ (description);
    const model = instance.guarded(({ Model }) => Model.fromConfig(config, seed));
    if (training !== undefined) instance.guarded(() => model.compile(training));
    models.set(number, model);
    return model;
  }

  /** @param {Order} order @returns {Part} */
  function work(order) {
    const { share, indices, buffer } = order;
    try {
      const model = modelOf(order);
      return share
        ? { buffer, sum: instance.guarded(() => model.computeShare(...share, buffer)) }
        : { buffer, ranking: instance.guarded(() => model.rankExamples(indices ?? [], buffer)) };
    } catch (error) {
      const { code, message } = /** @type {import("../errors.js").EngineError} */ (error);
      return { buffer, error: { code, message } };
    }
  }

  listen(port, (/** @type {Order} */ order) => {
    if (order.buffer) {
      port.postMessage(work(order), [order.buffer.buffer]);
      return;
    }
    const model = models.get(order.number);
    models.delete(order.number);
    if (model) instance.free(model);
  });
}

/** @param {MessagePort} port @param {(message: any) => void} receive */
function listen(port, receive) {
  port.onmessage = ({ data }) => receive(data);
  port.onmessageerror = lost;
}

/** Ends the worker: whoever waits for the message would wait for ever. */
export function lost() {
  throw new Error("a message did not arrive whole");
}
