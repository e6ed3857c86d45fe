// How large a gradient arrives at each layer.

/** @typedef {import("../convscope.js").RemoteEngine} Engine */
/** @typedef {import("../convscope.js").RemoteModel} Model */
/** @typedef {import("../convscope.js").LabelledImages} Examples */

/** So long a step that the weights before it are lost beside it: what is left is the gradient, to the last digit. */
const RATE = 2 ** 40;
const LARGEST_PIXEL = 255;

/**
 * Reads gradients from a network of the same description: one step of plain SGD takes the learning rate times the
 * gradient away from every weight.
 */
export class GradientProbe {
  #model;
  #kernels;
  #examples;

  /**
   * @param {Model} model
   * @param {string[]} kernels
   * @param {{ x: Float32Array, y: Uint16Array }} examples
   */
  constructor(model, kernels, examples) {
    this.#model = model;
    this.#kernels = kernels;
    this.#examples = examples;
  }

  /**
   * @param {Engine} engine
   * @param {import("../convscope.js").KerasConfig} config
   * @param {Examples} examples for which the gradient is
   * @param {object} settings
   * @param {{ class_name: string, config: Record<string, unknown> }} settings.descent plain SGD, as Keras serialises it
   * @param {string} settings.loss
   */
  static async for(engine, config, { pixels, labels }, { descent, loss }) {
    const model = await engine.Model.fromConfig(config);
    await model.compile({ optimizer: { ...descent, config: { learning_rate: RATE } }, loss });
    const { layers } = await model.summary();
    const kernels = layers.flatMap(({ weights }) => weights.filter(({ role }) => role === "kernel"));
    const x = Float32Array.from(pixels, (byte) => byte / LARGEST_PIXEL);
    return new GradientProbe(
      model,
      kernels.map(({ name }) => name),
      { x, y: Uint16Array.from(labels) },
    );
  }

  /**
   * The mean size of the gradient of each layer's kernel, the first layer first.
   *
   * @param {Float32Array} weights that a network of this description has, all of them
   * @returns {Promise<number[]>}
   */
  async sizes(weights) {
    const [model, { x, y }] = [this.#model, this.#examples];
    await model.setFlatWeights(weights);
    const before = await this.#values();
    await model.trainStep(x, y);
    const after = await this.#values();
    return before.map((values, layer) => {
      const sum = values.reduce((sum, value, index) => sum + Math.abs(value - after[layer][index]), 0);
      return sum / values.length / RATE;
    });
  }

  async #values() {
    const tensors = await Promise.all(this.#kernels.map((name) => this.#model.weights(name)));
    return tensors.map(({ values }) => values);
  }

  free() {
    return this.#model.free();
  }
}
