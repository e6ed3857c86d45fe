// Several runs that learn side by side from one start and in one order, so that only what is to be compared differs.

import { datasetsOf } from "./datasets.js";
import { RUN_EVENTS, Run } from "./run.js";

/** @typedef {import("./run-model.js").Settings} Settings */
/** @typedef {import("../convscope.js").LabelledImages} Examples */
/** @typedef {import("../convscope.js").RemoteEngine} Engine */
/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {object} config the network, as `keras.Sequential.to_json()` writes it
 * @property {Settings} settings
 */
/** @typedef {{ name: string, run: Run }} Runner */

/**
 * How much one runner learns before it is the next one's turn, in examples: so few that to the eye all move on
 * together, so many that the change of turns costs little.
 */
const TURN_EXAMPLES = 256;

/** What a race tells: some runner moved on, or one began, rested, ended or failed. */
export const RACE_EVENTS = /** @type {const} */ (["progress", "state"]);

/**
 * Runs of one engine that take turns: after each round all have learnt from equally many examples, one batch more or
 * less, however large their batches are. The runner that fails drops out, the others go on.
 *
 * Events: {@link RACE_EVENTS}.
 */
export class Race extends EventTarget {
  /** @type {Runner[]} */
  runners = [];
  /** Whether it moves on. */
  running = false;
  #engine;
  #seed;
  #examples;
  #entries;
  /** @type {import("./datasets.js").Datasets | undefined} */
  #datasets;
  /** @type {Promise<void>} */
  #advancing = Promise.resolve();

  /**
   * @param {object} options
   * @param {Engine} options.engine
   * @param {number} options.seed of the first weights and of the order of the examples, for all runners
   * @param {Examples} options.training
   * @param {Examples} [options.validation]
   * @param {Entry[]} options.entries
   */
  constructor({ engine, seed, training, validation, entries }) {
    super();
    this.#engine = engine;
    this.#seed = seed;
    this.#examples = { training, validation };
    this.#entries = entries;
  }

  /** Builds all runners; they share the examples. */
  async prepare() {
    const [engine, seed, examples] = [this.#engine, this.#seed, this.#examples];
    this.#datasets = await datasetsOf(engine, examples);
    for (const { name, config, settings } of this.#entries) {
      const run = new Run({ engine, config, seed, ...examples, settings, datasets: this.#datasets });
      await run.prepare();
      for (const kind of RUN_EVENTS) run.addEventListener(kind, () => this.#tell("progress"));
      this.runners.push({ name, run });
    }
    this.#tell("state");
  }

  /** Those that can still go on. */
  get #going() {
    return this.runners.filter(({ run }) => run.state === "paused");
  }

  get finished() {
    return (
      this.runners.length > 0 && this.runners.every(({ run }) => run.state === "finished" || run.state === "failed")
    );
  }

  /** Resolves when it has come to rest. */
  start() {
    return this.#go(Infinity);
  }

  /** One turn for each of the runners. */
  stepOnce() {
    return this.#go(1);
  }

  /** Resolves when it has come to rest. */
  async pause() {
    this.running = false;
    await Promise.all(this.runners.map(({ run }) => run.pause()));
    await this.#advancing;
  }

  /** All back to the first weights. */
  async reset() {
    this.running = false;
    this.#advancing = this.#goBack(this.#advancing);
    await this.#advancing;
    this.#tell("state");
  }

  /** @param {Promise<void>} before what comes to rest first */
  async #goBack(before) {
    await Promise.all(this.runners.map(({ run }) => run.pause()));
    await before;
    for (const { run } of this.runners) await run.reset();
  }

  async close() {
    await this.pause();
    await Promise.allSettled(this.runners.map(({ run }) => run.close()));
    await Promise.allSettled([this.#datasets?.training.free(), this.#datasets?.validation?.free()]);
  }

  /** @param {number} rounds */
  async #go(rounds) {
    if (this.running) return;
    this.running = true;
    this.#tell("state");
    const advancing = this.#advance(rounds, this.#advancing);
    this.#advancing = advancing;
    await advancing;
    // Somebody may have it go back and on meanwhile.
    if (this.#advancing === advancing) this.running = false;
    this.#tell("state");
  }

  /** @param {number} rounds @param {Promise<void>} before what comes to rest first */
  async #advance(rounds, before) {
    await before;
    for (let round = 0; round < rounds && this.running && this.#going.length; round++) {
      const least = Math.min(...this.#going.map(({ run }) => run.examplesSeen));
      const until = (Math.floor(least / TURN_EXAMPLES) + 1) * TURN_EXAMPLES;
      for (const { run } of this.#going) {
        if (this.running && run.examplesSeen < until) await run.learnUntil(until);
        // The engine has stopped: whoever looks on is to start it again.
        if (run.problem && run.state === "paused") return;
      }
    }
  }

  /** @param {typeof RACE_EVENTS[number]} kind */
  #tell(kind) {
    this.dispatchEvent(new Event(kind));
  }
}
