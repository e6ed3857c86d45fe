// What it takes to build an object of the worker again, kept outside the wasm: the call that made it, and those that
// have set something since, in their order. Training is kept as copies of the weights.

import { copyOf } from "./messages.js";

/** While a model trains, its weights are copied this often. */
export const CHECKPOINT_MS = 10_000;
/** So many calls are kept; if there are more, the weights are copied instead. */
const MAX_KEPT = 64;

/** @typedef {import("./connection.js").Request} Request */
/** @typedef {import("../methods.js").Setting} Setting */
/** @typedef {Extract<Request, { operation: "call" }>} CallRequest */

/** What needs not be repeated any more once something is set. @type {Record<Setting, Setting[]>} */
const REPLACED = {
  training: ["training", "rate"],
  rate: ["rate"],
  weights: ["weights", "part"],
  part: [],
};

export class Backup {
  #made;
  /** @type {{ setting: Setting, request: CallRequest }[]} */
  #kept = [];
  /** Whether it has learnt since the last copy. */
  #learnt = false;
  #saving = false;
  #savedAt = performance.now();

  /** @param {Extract<Request, { operation: "create" }>} request whose arguments belong to the caller */
  constructor(request) {
    this.#made = copyOf(request);
  }

  /** @param {number | undefined} seed of what was made, which may have been drawn */
  seeded(seed) {
    const { options } = this.#made.args;
    if (seed !== undefined && options) this.#made.args.options = { ...options, seed };
  }

  /**
   * Copies the arguments of a call that is about to set something. The answer is to be called once it has succeeded.
   *
   * @param {Setting} setting
   * @param {CallRequest} request
   */
  keep(setting, request) {
    const kept = { setting, request: copyOf(request) };
    return () => {
      this.#kept = this.#kept.filter((before) => !replaces(kept, before));
      this.#kept.push(kept);
    };
  }

  /**
   * @param {number | undefined} loss of the last step that it has learnt from, if it took any; once that is no number,
   *   there is nothing to save
   */
  learnt(loss) {
    if (loss !== undefined) this.#learnt = Number.isFinite(loss);
  }

  /** @param {unknown} bytes a copy of the weights with what the optimiser remembers, as they are now */
  saved(bytes) {
    this.#learnt = false;
    this.#savedAt = performance.now();
    this.keep("weights", this.#call("loadSafetensors", { bytes }))();
  }

  /** Whether it has learnt since the weights were copied. */
  get hasLearnt() {
    return this.#learnt;
  }

  /** Whether the weights are to be copied now. */
  get isDue() {
    const late = this.#learnt && performance.now() - this.#savedAt >= CHECKPOINT_MS;
    return !this.#saving && (late || this.#kept.length > MAX_KEPT);
  }

  /**
   * Whether the weights are to be copied before something is set: a copy of another optimiser's state would not do any
   * more.
   *
   * @param {Setting} setting
   */
  isDueBefore(setting) {
    return setting === "training" && this.#learnt;
  }

  /**
   * Copies the weights, with what the optimiser remembers.
   *
   * @param {(request: Request) => Promise<unknown>} ask
   */
  async save(ask) {
    this.#saving = true;
    this.#savedAt = performance.now();
    try {
      const optimizer = this.#kept.some(({ setting }) => setting === "training");
      this.saved(await ask(this.#call("toSafetensors", { options: { optimizer } })));
    } catch {
      // The worker has stopped meanwhile, or nothing can be loaded of what the model is now: the copy before stands.
    } finally {
      this.#saving = false;
    }
  }

  /** @param {keyof import("../../convscope.js").ModelMethods} name @param {CallRequest["args"]} args @returns {CallRequest} */
  #call(name, args) {
    return { operation: "call", target: this.#made.handle, method: { of: "model", name }, args };
  }

  /** @returns {Request[]} */
  get requests() {
    return [this.#made, ...this.#kept.map(({ request }) => request)];
  }
}

/**
 * Whether a call makes up for one before it.
 *
 * @param {{ setting: Setting, request: CallRequest }} now
 * @param {{ setting: Setting, request: CallRequest }} before
 */
function replaces(now, before) {
  if (REPLACED[now.setting].includes(before.setting)) return true;
  if (now.setting !== "part" || before.setting !== "part") return false;
  const [own, other] = [now, before].map(({ request }) => partOf(request.args));
  return own.name === other.name && own.start <= other.start && other.end <= own.end;
}

/** @param {import("../methods.js").Arguments} args of a call that sets a part of the weights */
function partOf(args) {
  const { name, values, options } = /** @type {import("../methods.js").PartOfWeights} */ (
    /** @type {unknown} */ (args)
  );
  return options.at === undefined
    ? { name, start: 0, end: Infinity }
    : { name, start: options.at, end: options.at + values.length };
}
