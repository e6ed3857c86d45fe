// What it takes to build an object of the worker again, kept outside the wasm.

/** While a model trains, its weights are copied this often. */
const CHECKPOINT_MS = 10_000;

/** @typedef {import("./connection.js").Request} Request */

export class Backup {
  #handle;
  #method;
  #args;
  /** @type {unknown[] | undefined} */
  #compiled;
  /** @type {Uint8Array | undefined} */
  #weights;
  /** @type {unknown[] | undefined} */
  #learningRate;
  #savedAt = performance.now();

  /**
   * @param {number} handle
   * @param {string} method
   * @param {unknown[]} args copied, since they belong to the caller
   */
  constructor(handle, method, args) {
    this.#handle = handle;
    this.#method = method;
    this.#args = structuredClone(args);
  }

  /**
   * Copies what a call is about to change. The answer is to be called once it has succeeded.
   *
   * @param {string} method
   * @param {unknown[]} args
   */
  follow(method, args) {
    switch (method) {
      case "setLearningRate":
        return () => (this.#learningRate = args);
      case "compile":
        return () => {
          this.#compiled = args;
          this.#learningRate = undefined;
        };
      case "loadSafetensors": {
        const weights = /** @type {Uint8Array} */ (args[0]).slice();
        return () => (this.#weights = weights);
      }
      case "reset":
        return () => (this.#weights = undefined);
      default:
        return () => {};
    }
  }

  /**
   * Copies the weights of a model that trains, unless the last copy is recent.
   *
   * @param {() => Promise<Uint8Array>} copy
   */
  async checkpoint(copy) {
    if (performance.now() - this.#savedAt < CHECKPOINT_MS) return;
    this.#savedAt = performance.now();
    this.#weights = await copy();
  }

  /** @returns {Request[]} */
  requests() {
    const handle = this.#handle;
    /** @type {Request[]} */
    const requests = [{ operation: "create", handle, method: this.#method, args: this.#args }];
    /** @param {string} method @param {unknown[]} args */
    const add = (method, args) => requests.push({ operation: "call", target: handle, method, args });
    if (this.#compiled) add("compile", this.#compiled);
    if (this.#learningRate) add("setLearningRate", this.#learningRate);
    if (this.#weights) add("loadSafetensors", [this.#weights]);
    return requests;
  }
}
