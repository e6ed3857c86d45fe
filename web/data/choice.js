// What the networks of a page learn: chosen once, for all its views.

import { DIGITS } from "./files.js";
import { generated } from "./generated.js";

/** @typedef {import("../convscope.js").RemoteEngine} Engine */
/** @typedef {import("../convscope.js").LabelledImages} Examples */
/** @typedef {(done: number, total: number) => void} Progress */
/**
 * @typedef {object} DataSet
 * @property {string} title
 * @property {string} note one sentence: where it comes from
 * @property {string[]} classes what the labels stand for
 * @property {Examples} training
 * @property {Examples} validation which no network learns from
 */
/** @typedef {{ title: string, load: (progress: Progress, signal: AbortSignal) => Promise<DataSet> }} Source */

/** Validation digits for each digit to learn. */
const VALIDATION = 0.1;
const COUNT = 20_000;
const TITLE = "Generated digits";

/**
 * @param {Engine} engine
 * @param {{ count?: number, seed?: number }} options `seed`: which of the endless supply; validation digits are never
 *   among them
 * @returns {Source}
 */
export function generatedDigits(engine, { count = COUNT, seed = 0 } = {}) {
  const apart = Math.round(count * VALIDATION);
  return {
    title: TITLE,
    async load(progress, signal) {
      /** @param {number} before */
      const from = (before) => (/** @type {number} */ done) => {
        signal.throwIfAborted();
        progress(before + done, count + apart);
      };
      const validation = await generated(engine, { count: apart, seed: 2 * seed + 2 }, from(0));
      const training = await generated(engine, { count, seed: 2 * seed + 1 }, from(apart));
      const note =
        "Generated in this page, pen stroke by pen stroke, in several styles of handwriting; nobody wrote them.";
      return { title: TITLE, note, classes: DIGITS, training, validation };
    },
  };
}

/** Events: "progress" while something loads, "change" when it is there or isn't to be. */
export class DataChoice extends EventTarget {
  /** @type {DataSet | undefined} */
  current;
  /** What is loading, and how much of it is there, 0 to 1. @type {{ title: string, part: number } | undefined} */
  loading;
  /** Why the last choice failed. @type {string | undefined} */
  problem;
  #engine;
  /** @type {AbortController | undefined} */
  #cancel;
  /** @type {Promise<void> | undefined} */
  #choosing;

  /** @param {() => Promise<Engine>} engine */
  constructor(engine) {
    super();
    this.#engine = engine;
  }

  /** The chosen data; generated digits if nothing was chosen. @returns {Promise<DataSet>} */
  async ready() {
    if (!this.current && !this.loading) void this.choose(generatedDigits);
    while (this.loading) await this.#choosing;
    if (!this.current) throw new Error(this.problem ?? "No data was loaded.");
    return this.current;
  }

  /**
   * Loads other data. What was there stays until the new is complete, and if that fails.
   *
   * @param {(engine: Engine) => Source} sourceIn
   */
  choose(sourceIn) {
    this.#cancel?.abort();
    const cancel = (this.#cancel = new AbortController());
    this.problem = undefined;
    this.loading = { title: "", part: 0 };
    this.#choosing = this.#load(sourceIn, cancel.signal);
    return this.#choosing;
  }

  /** @param {(engine: Engine) => Source} sourceIn @param {AbortSignal} signal */
  async #load(sourceIn, signal) {
    try {
      const source = sourceIn(await this.#engine());
      const set = await source.load((done, total) => {
        if (signal.aborted) return;
        this.loading = { title: source.title, part: done / total };
        this.dispatchEvent(new Event("progress"));
      }, signal);
      if (signal.aborted) return;
      this.current = set;
    } catch (error) {
      if (signal.aborted) return;
      this.problem = /** @type {Error} */ (error).message;
    }
    this.loading = undefined;
    this.dispatchEvent(new Event("change"));
  }

  /** Stops loading; what was there before stays. */
  cancel() {
    this.#cancel?.abort();
    this.loading = undefined;
    this.dispatchEvent(new Event("change"));
  }
}
