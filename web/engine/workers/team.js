// Training steps that several workers take together, and rankings. The first worker has the models, their optimisers
// and the data. Its helpers keep nothing that counts: with every share of a batch they get the weights and the
// examples, and the gradient comes back in the same memory. So whatever else is called happens in the first worker as
// if it were alone.

import { engineError } from "../errors.js";
import { Log } from "../schedule.js";

/** @typedef {import("../instance.js").Instance} Instance */
/** @typedef {import("../instance.js").GlueModel} GlueModel */

/**
 * @typedef {object} Order
 * @property {number} handle the model's; without the rest, it is not needed any more
 * @property {{ config: string, seed: number, training: string | undefined }} [description] what the model is built
 *   from, the first time
 * @property {[number: number, of: number, examples: number, step: number]} [share] of a training step
 * @property {Uint32Array} [indices] of the examples that are to be ranked
 * @property {Float32Array<ArrayBuffer>} buffer weights and examples
 */

/**
 * @typedef {object} Answer
 * @property {Float32Array<ArrayBuffer>} buffer that of the order, now with the gradient
 * @property {any} [value] loss, right answers and examples of a share; or the ranking
 * @property {{ code: import("../errors.js").ErrorCode, message: string }} [error]
 */

/** The helpers as the first worker sees them. */
export class Helpers {
  #instance;
  /** @type {Helper[]} */
  #helpers = [];
  /** How each model was compiled last. @type {Map<number, string>} */
  #training = new Map();

  /** @param {Instance} instance */
  constructor(instance) {
    this.#instance = instance;
  }

  /** @param {MessagePort[]} ports */
  add(ports) {
    this.#helpers.push(...ports.map((port) => new Helper(port)));
  }

  /** @param {number} handle @param {string} training */
  compiled(handle, training) {
    this.freed(handle);
    this.#training.set(handle, training);
  }

  /** @param {number} handle */
  freed(handle) {
    this.#training.delete(handle);
    for (const helper of this.#helpers) helper.forget(handle);
  }

  /**
   * Steps on the batches of a schedule.
   *
   * @param {number} handle
   * @param {GlueModel} model
   * @param {unknown[]} args
   * @param {() => Promise<void>} between what else happens after each of them
   */
  async fit(handle, model, args, between) {
    const log = new Log();
    for (const batch of this.#instance.scheduleOf(model, args)) {
      log.add(await this.step(handle, model, batch));
      await between();
    }
    return log.history;
  }

  /**
   * One step on a batch, which is cut into equal shares: one for each worker where there are examples enough.
   *
   * @param {number} handle
   * @param {GlueModel} model
   * @param {import("../instance.js").Batch} batch
   * @returns {Promise<Float32Array>} loss and accuracy
   */
  async step(handle, model, batch) {
    const { call } = this.#instance;
    const [examples, shards, step] = call(model, "plan", [batch]);
    const of = Math.min(shards, 1 + this.#helpers.length);
    const answers = this.#helpers.slice(0, of - 1).map((helper, index) => {
      const buffer = call(model, "writeShare", [batch, index + 1, of, helper.buffer]);
      const share = /** @type {Order["share"]} */ ([index + 1, of, examples, step]);
      return helper.compute({ handle, share, buffer }, () => this.#describe(handle, model));
    });
    await together((async () => call(model, "beginStep", [batch, of]))(), answers);
    for (const [index, answer] of answers.entries()) {
      const { buffer, value } = await answer;
      call(model, "addShare", [index + 1, buffer, ...value]);
    }
    return call(model, "takeStep", []);
  }

  /**
   * The strongest places over examples, which are cut into equal parts: one for each worker where there are enough.
   *
   * @param {number} handle
   * @param {GlueModel} model
   * @param {any[]} args a data set, indices and the ranking before
   */
  async rank(handle, model, [data, indices, before]) {
    const { call } = this.#instance;
    const of = indices.length < FEWEST_RANKED ? 1 : 1 + this.#helpers.length;
    /** @param {number} number */
    const part = (number) =>
      indices.slice(Math.floor((indices.length * number) / of), Math.floor((indices.length * (number + 1)) / of));
    const answers = this.#helpers.slice(0, of - 1).map((helper, index) => {
      const own = part(index + 1);
      const buffer = call(model, "writeExamples", [data, own, helper.buffer]);
      return helper.compute({ handle, indices: own, buffer }, () => this.#describe(handle, model));
    });
    const own = (async () => call(model, "strongestPatches", [data, part(0), before]))();
    const answer = await together(own, answers);
    for (const { value } of await Promise.all(answers)) merge(answer.ranking, value);
    return answer;
  }

  /**
   * @param {number} handle
   * @param {GlueModel} model
   * @returns {Required<Order>["description"]}
   */
  #describe(handle, model) {
    return {
      config: JSON.stringify(this.#instance.call(model, "getConfig", [])),
      seed: model.seed,
      training: this.#training.get(handle),
    };
  }
}

/** Examples from which sending a part of them elsewhere is worth it. */
const FEWEST_RANKED = 64;

/** Places of a unit in a ranking, and numbers of each: value, example, row and column. */
const [PLACES, NUMBERS] = [9, 4];

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

/**
 * Puts the places of another ranking, over later examples, where they belong.
 *
 * @param {Float32Array} ranking
 * @param {Float32Array} other
 */
function merge(ranking, other) {
  const length = PLACES * NUMBERS;
  for (let start = 0; start < other.length; start += length) {
    const own = ranking.subarray(start, start + length);
    for (let from = start; from < start + length; from += NUMBERS) {
      const [value, example] = other.subarray(from, from + 2);
      let at = 0;
      while (at < length && !(value > own[at])) at += NUMBERS;
      const known = own.some((number, index) => index % NUMBERS === 1 && number === example);
      if (at === length || known) continue;
      own.copyWithin(at + NUMBERS, at);
      own.set(other.subarray(from, from + NUMBERS), at);
    }
  }
}

/** One helper as the first worker sees it. */
class Helper {
  buffer = new Float32Array(0);
  #port;
  /** The models that it has. @type {Set<number>} */
  #known = new Set();
  /** @type {(answer: Answer) => void} */
  #answered = () => {};

  /** @param {MessagePort} port */
  constructor(port) {
    this.#port = port;
    listen(port, (answer) => this.#answered(answer));
  }

  /**
   * @param {Order} order
   * @param {() => Order["description"]} describe
   * @returns {Promise<Answer>}
   */
  async compute(order, describe) {
    const { handle, buffer } = order;
    const description = this.#known.has(handle) ? undefined : describe();
    this.#port.postMessage({ ...order, description }, [buffer.buffer]);
    /** @type {Answer} */
    const answer = await new Promise((resolve) => (this.#answered = resolve));
    this.buffer = answer.buffer;
    if (answer.error) throw engineError(answer.error.code, answer.error.message);
    this.#known.add(handle);
    return answer;
  }

  /** @param {number} handle */
  forget(handle) {
    if (this.#known.delete(handle)) this.#port.postMessage({ handle });
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

  /** @param {Order} order */
  function modelOf({ handle, description }) {
    const known = models.get(handle);
    if (known || !description) return known;
    const model = /** @type {GlueModel} */ (
      instance.create("Model.fromConfig", [description.config, description.seed])
    );
    if (description.training !== undefined) instance.call(model, "compile", [description.training]);
    models.set(handle, model);
    return model;
  }

  listen(port, (/** @type {Order} */ order) => {
    const { handle, share, indices, buffer } = order;
    if (!buffer) {
      const model = models.get(handle);
      models.delete(handle);
      if (model) instance.free(model);
      return;
    }
    try {
      const model = modelOf(order);
      const value = share
        ? instance.call(model, "computeShare", [...share, buffer])
        : instance.call(model, "rankExamples", [indices, buffer]);
      port.postMessage({ buffer, value }, [buffer.buffer]);
    } catch (error) {
      const { code, message } = /** @type {import("../errors.js").EngineError} */ (error);
      port.postMessage({ buffer, error: { code, message } }, [buffer.buffer]);
    }
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
