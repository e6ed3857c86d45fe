// What the networks of a page learn: chosen once, for all its views.

import { DIGITS } from "./digits.js";
import { sample } from "./files.js";
import { generated } from "./generated.js";

/** @typedef {import("../convscope.js").RemoteEngine} Engine */
/** @typedef {import("../convscope.js").LabelledImages} Examples */
/** @typedef {(done: number, total: number) => void} Progress */
/**
 * @typedef {object} DataSet
 * @property {string} title
 * @property {string} note one sentence: where it comes from
 * @property {string[]} classes what the labels stand for
 * @property {Examples} training what networks learn from
 * @property {Examples} validation what settings are chosen by, and when to stop; no network learns from it
 * @property {Examples} [test] what is measured once all is chosen; too few examples have none
 * @property {boolean} [sample] whether it is the part of MNIST that the site carries
 */
/** @typedef {{ title: string, load: (progress: Progress, signal: AbortSignal) => Promise<DataSet> }} Source */

/** Validation digits for each digit to learn, and as many to test. */
const APART = 0.1;
const COUNT = 20_000;
const TITLE = "Generated digits";

/**
 * @param {Engine} engine
 * @param {{ count?: number, seed?: number }} options `seed`: which of the endless supply; the digits for validation
 *   and test are never among them
 * @returns {Source}
 */
export function generatedDigits(engine, { count = COUNT, seed = 0 } = {}) {
  const apart = Math.round(count * APART);
  return {
    title: TITLE,
    async load(progress, signal) {
      /** @param {number} before */
      const from = (before) => (/** @type {number} */ done) => {
        signal.throwIfAborted();
        progress(before + done, count + 2 * apart);
      };
      const validation = await generated(engine, { count: apart, seed: 3 * seed + 2 }, from(0));
      const test = await generated(engine, { count: apart, seed: 3 * seed + 3 }, from(apart));
      const training = await generated(engine, { count, seed: 3 * seed + 1 }, from(2 * apart));
      const note =
        "Generated in this page, pen stroke by pen stroke, in several styles of handwriting; nobody wrote them.";
      return { title: TITLE, note, classes: DIGITS, training, validation, test };
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
  /** What was chosen last, which is loaded again where it failed. @type {(engine: Engine) => Source} */
  #chosen = sample;
  /** @type {AbortController | undefined} */
  #cancel;
  /** @type {Promise<void> | undefined} */
  #choosing;

  /** @param {() => Promise<Engine>} engine */
  constructor(engine) {
    super();
    this.#engine = engine;
  }

  /** The chosen data; the sample of MNIST if nothing was chosen. @returns {Promise<DataSet>} */
  async ready() {
    if (!this.current && !this.loading) void this.choose(this.#chosen);
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
    this.#chosen = sourceIn;
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
