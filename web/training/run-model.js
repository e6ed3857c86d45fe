// The model of a run in the engine, with the examples that it learns.

import { checkpointOf, stepsOf, tryOut } from "./checkpoint.js";
import { datasetsOf } from "./datasets.js";
import { scheduled } from "./learning-rate.js";
import { UNKNOWN, validate } from "./validation.js";

/** @typedef {import("../convscope.js").RemoteModel} Model */
/** @typedef {import("../convscope.js").LabelledImages} Examples */
/** @typedef {import("./datasets.js").Datasets} Datasets */
/**
 * @typedef {object} Settings
 * @property {{ class_name: string, config: Record<string, unknown> }} optimizer as Keras serialises it
 * @property {"constant" | "cosine"} [schedule] of the learning rate: as the optimiser has it throughout, which is the
 *   default, or falling from there to 0 along half a cosine by the end of the last epoch
 * @property {string} loss
 * @property {number} batchSize
 * @property {number} epochs
 * @property {import("../convscope.js").Augmentation} [augmentation]
 * @property {import("./early-stopping.js").Arguments} [earlyStopping]
 */
/**
 * @typedef {object} Options
 * @property {import("../convscope.js").RemoteEngine} engine
 * @property {object} config what `keras.Sequential.to_json()` writes
 * @property {number} seed of weights, order, dropout and augmentation
 * @property {Examples} training
 * @property {Examples} [validation]
 * @property {Settings} settings
 * @property {import("./datasets.js").Datasets} [datasets] the examples in the engine, if they are there already; whoever
 *   gives them frees them
 */

/** How long the worker takes steps before it tells what they came to. */
const PORTION_MS = 40;

export class RunModel {
  /** @type {Model | undefined} */
  model;
  #options;
  #totalSteps;
  /** @type {Datasets | undefined} */
  #datasets;

  /** @param {Options} options @param {number} totalSteps of the run */
  constructor(options, totalSteps) {
    this.#options = options;
    this.#totalSteps = totalSteps;
    this.#datasets = options.datasets;
  }

  get #built() {
    if (!this.model) throw new Error("The run is not prepared yet.");
    return this.model;
  }

  get #copied() {
    if (!this.#datasets) throw new Error("The run is not prepared yet.");
    return this.#datasets;
  }

  /** Builds it with its first weights. */
  async prepare() {
    const { engine, config, seed } = this.#options;
    this.model = await engine.Model.fromConfig(/** @type {any} */ (config), { seed });
    await this.compile();
    this.#datasets ??= await datasetsOf(engine, this.#options);
  }

  async compile() {
    const { settings } = this.#options;
    const { answers } = await this.#built.summary();
    const loss = answers === "scores" ? fromScores(settings.loss) : settings.loss;
    await this.#built.compile({ optimizer: scheduled(settings, this.#totalSteps), loss });
  }

  /** Takes steps for {@link PORTION_MS}, or until there are so many. @param {number} until */
  fit(until) {
    const { seed, settings } = this.#options;
    const { batchSize, augmentation } = settings;
    const options = { batchSize, seed, until, milliseconds: PORTION_MS, augmentation };
    const portion = this.#built.fit(this.#copied.training, options);
    portion.catch(() => {});
    return portion;
  }

  /** @param {number} rate */
  async setLearningRate(rate) {
    await this.#built.setLearningRate(rate);
  }

  /** @returns {Promise<Uint8Array | undefined>} nothing where it has no finite numbers any more */
  checkpoint() {
    return checkpointOf(this.#built);
  }

  /** @param {Uint8Array} bytes of a checkpoint */
  async load(bytes) {
    await this.#built.loadSafetensors(bytes);
  }

  /**
   * Whether it is where the newest snapshot was taken; what was edited by hand since then belongs to it from now on.
   *
   * @param {import("./snapshots.js").Snapshot} last
   */
  async isAt(last) {
    const bytes = await this.checkpoint();
    if (!bytes || stepsOf(bytes) !== last.step) return false;
    last.bytes = bytes;
    return true;
  }

  /** What it makes of the validation examples, if there are any. */
  async validate() {
    const { validation } = this.#options;
    const copied = this.#copied.validation;
    return copied && validation ? validate(this.#built, copied, validation.labels) : UNKNOWN;
  }

  /** What it makes of other examples. @param {Examples} examples */
  async measure({ pixels, labels, shape }) {
    const data = await new this.#options.engine.Dataset(pixels, labels, { shape });
    try {
      return await validate(this.#built, data, labels);
    } finally {
      await data.free();
    }
  }

  /** Takes two steps, which are no part of the run. */
  async tryOut() {
    await tryOut(this.#built, this.#copied.training, this.#options.training.labels.length);
  }

  /** Frees it, and the examples but for those that are another's. */
  async close() {
    const { training, validation } = (!this.#options.datasets && this.#datasets) || {};
    await Promise.allSettled([this.model?.free(), training?.free(), validation?.free()]);
  }
}

/** A cross-entropy of scores takes the softmax of them first. @param {string} loss by its name @returns {string | import("../convscope.js").KerasObject} */
function fromScores(loss) {
  if (loss !== "sparse_categorical_crossentropy") return loss;
  return { class_name: "SparseCategoricalCrossentropy", config: { from_logits: true } };
}
