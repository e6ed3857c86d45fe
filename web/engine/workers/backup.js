// What it takes to build an object of the worker again, kept outside the wasm: the call that made it, and those that
// have set something since, in their order. Training is kept as copies of the weights.

/** While a model trains, its weights are copied this often. */
const CHECKPOINT_MS = 10_000;
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
    this.#made = structuredClone(request);
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
    const kept = { setting, request: structuredClone(request) };
    return () => {
      this.#kept = this.#kept.filter((before) => !replaces(kept, before));
      this.#kept.push(kept);
    };
  }

  /** @param {number} loss of the last step that it has learnt from; once that is no number, there is nothing to save */
  learnt(loss) {
    this.#learnt = Number.isFinite(loss);
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
    const target = this.#made.handle;
    this.#learnt = false;
    this.#saving = true;
    this.#savedAt = performance.now();
    try {
      const method = /** @type {const} */ ({ of: "model", name: "toSafetensors" });
      const bytes = await ask({ operation: "call", target, method, args: { options: { optimizer: true } } });
      const load = /** @type {const} */ ({ of: "model", name: "loadSafetensors" });
      this.keep("weights", { operation: "call", target, method: load, args: { bytes } })();
    } catch {
      // The worker has stopped meanwhile: the copy before still stands.
    } finally {
      this.#saving = false;
    }
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
