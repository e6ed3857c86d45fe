// Training steps that several workers take together. The first worker has the models, their optimisers and the data. Its
// helpers keep nothing that counts: with every share of a batch they get the weights and the examples, and the gradient
// comes back in the same memory. So whatever else is called happens in the first worker as if it were alone.

import { engineError } from "./errors.js";
import { Log } from "./schedule.js";

/** @typedef {import("./bindings.js").Instance} Instance */
/** @typedef {import("./bindings.js").GlueModel} GlueModel */

/**
 * @typedef {object} Order
 * @property {number} handle the model's; without the rest, it is not needed any more
 * @property {{ config: string, seed: number, training: string }} [description] what the model is built from, the first time
 * @property {[number: number, of: number, examples: number, step: number]} share
 * @property {Float32Array<ArrayBuffer>} buffer weights and examples
 */

/**
 * @typedef {object} Answer
 * @property {Float32Array<ArrayBuffer>} buffer that of the order, now with the gradient
 * @property {[loss: number, correct: number]} [sums]
 * @property {{ code: import("./errors.js").ErrorCode, message: string }} [error]
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
   */
  async fit(handle, model, args) {
    const log = new Log();
    for (const batch of this.#instance.scheduleOf(model, args)) log.add(await this.step(handle, model, batch));
    return log.history;
  }

  /**
   * One step on a batch, which is cut into equal shares: one for each worker where there are examples enough.
   *
   * @param {number} handle
   * @param {GlueModel} model
   * @param {import("./bindings.js").Batch} batch
   * @returns {Promise<Float32Array>} loss and accuracy
   */
  async step(handle, model, batch) {
    const { call } = this.#instance;
    const [examples, shards, step] = call(model, "plan", [batch]);
    const of = Math.min(shards, 1 + this.#helpers.length);
    const describe = () => ({
      config: JSON.stringify(call(model, "getConfig", [])),
      seed: model.seed,
      training: this.#training.get(handle) ?? "",
    });
    const answers = this.#helpers.slice(0, of - 1).map((helper, index) => {
      const buffer = call(model, "writeShare", [batch, index + 1, of, helper.buffer]);
      return helper.compute(handle, describe, [index + 1, of, examples, step], buffer);
    });
    const own = (async () => call(model, "beginStep", [batch, of]))();
    // A step is over when every worker has said so, even if one of them could not do its part.
    const outcomes = await Promise.allSettled([own, ...answers]);
    const errors = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    if (errors.length > 0) throw errors.find(({ code }) => code === "trap") ?? errors[0];
    for (const [index, answer] of answers.entries()) {
      const { buffer, sums } = await answer;
      call(model, "addShare", [index + 1, buffer, ...(sums ?? [])]);
    }
    return call(model, "takeStep", []);
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
   * @param {number} handle
   * @param {() => Order["description"]} describe
   * @param {Order["share"]} share
   * @param {Order["buffer"]} buffer
   * @returns {Promise<Answer>}
   */
  async compute(handle, describe, share, buffer) {
    const description = this.#known.has(handle) ? undefined : describe();
    this.#port.postMessage({ handle, description, share, buffer }, [buffer.buffer]);
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
    instance.call(model, "compile", [description.training]);
    models.set(handle, model);
    return model;
  }

  listen(port, (/** @type {Order} */ order) => {
    const { handle, share, buffer } = order;
    if (!share) {
      const model = models.get(handle);
      models.delete(handle);
      if (model) instance.free(model);
      return;
    }
    try {
      const sums = instance.call(modelOf(order), "computeShare", [...share, buffer]);
      port.postMessage({ buffer, sums }, [buffer.buffer]);
    } catch (error) {
      const { code, message } = /** @type {import("./errors.js").EngineError} */ (error);
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
