// Losses that can be compared: on both parts measured in one way, with weights that rest, without penalty or dropout, on
// the examples as they are. What a run tells of an epoch is another thing: its training loss is the mean over steps.

import { datasetsOf } from "./datasets.js";

/** @typedef {import("../convscope.js").RemoteEngine} Engine */
/** @typedef {import("../convscope.js").RemoteModel} Model */
/** @typedef {import("../convscope.js").LabelledImages} Examples */
/**
 * @typedef {object} Figures of one network
 * @property {number} loss of the training examples
 * @property {number} accuracy
 * @property {number} valLoss
 * @property {number} valAccuracy
 */

export class Comparable {
  #model;
  #parts;
  #loss;

  /**
   * @param {Model} model
   * @param {{ data: import("../convscope.js").RemoteDataset, indices: Uint32Array }[]} parts training and validation
   * @param {string} loss
   */
  constructor(model, parts, loss) {
    this.#model = model;
    this.#parts = parts;
    this.#loss = loss;
  }

  /**
   * @param {Engine} engine
   * @param {import("../convscope.js").KerasConfig} config of the network without what a run adds to it
   * @param {{ training: Examples, validation: Examples }} examples
   * @param {string} loss
   */
  static async of(engine, config, { training, validation }, loss) {
    const model = await engine.Model.fromConfig(config);
    const datasets = await datasetsOf(engine, { training, validation });
    const parts = [
      { data: datasets.training, indices: all(training) },
      { data: /** @type {import("../convscope.js").RemoteDataset} */ (datasets.validation), indices: all(validation) },
    ];
    return new Comparable(model, parts, loss);
  }

  /** @param {Uint8Array} bytes a safetensors file with the weights @returns {Promise<Figures>} */
  async measure(bytes) {
    await this.#model.loadSafetensors(bytes);
    const [training, validation] = await Promise.all(
      this.#parts.map(({ data, indices }) => this.#model.evaluate(data, indices, { loss: this.#loss })),
    );
    return {
      loss: training.loss,
      accuracy: training.accuracy,
      valLoss: validation.loss,
      valAccuracy: validation.accuracy,
    };
  }

  async close() {
    await Promise.allSettled([this.#model.free(), ...this.#parts.map(({ data }) => data.free())]);
  }
}

/** @param {Examples} examples */
const all = ({ labels }) => Uint32Array.from(labels, (_, index) => index);
