// What the view of activations compares, without a page: one network with each of them.

import { CROSS_ENTROPY } from "../../runs/losses.js";
import { kerasOptimizer, optimizerNamed } from "../../runs/optimizers.js";
import network from "./network.json" with { type: "json" };

/** The activations by Keras' names, with how their lines are drawn. */
export const LANES = ["sigmoid", "tanh", "relu", "leaky_relu", "elu"].map((name, index) => ({
  name,
  line: `line-${index}`,
}));

/** What the view opens with: hidden layers, learning rate of SGD, seed. */
export const DEFAULTS = { depth: 5, rate: 0.1, seed: 0 };
export const EXAMPLES = 2_000;
export const EPOCHS = 4;
const BATCH_SIZE = 32;
/** Training examples whose mean gradient is measured. */
export const MEASURED = 128;
/** Validation examples for which a unit's output is looked at. */
export const PROBED = 64;

/** The layers of the network, of which the hidden one comes again and again. */
const [input, flatten, hidden, output] = network.config.layers;
export const UNITS = Number(hidden.config.units);

/** @param {string} activation @param {number} depth how many hidden layers */
export function deep(activation, depth) {
  const layers = Array.from({ length: depth }, (_, index) => ({
    ...hidden,
    config: { ...hidden.config, name: `hidden_${index + 1}`, activation },
  }));
  return { ...network, config: { ...network.config, layers: [input, flatten, ...layers, output] } };
}

/** Plain SGD. @param {number} rate */
const descent = (rate) => kerasOptimizer(optimizerNamed("sgd"), rate);

/** What a race is told of the runners. @param {{ depth: number, rate: number }} settings */
export function entriesOf({ depth, rate }) {
  const settings = { optimizer: descent(rate), loss: CROSS_ENTROPY, batchSize: BATCH_SIZE, epochs: EPOCHS };
  return LANES.map(({ name }) => ({ name, config: deep(name, depth), settings }));
}

/** By what the gradients are read. */
export const READING = { descent: descent(1), loss: CROSS_ENTROPY };

/**
 * How many of the hidden units, over all layers, are saturated or inactive.
 *
 * @param {import("../../convscope.js").RemoteEngine} engine
 * @param {string} activation
 * @param {import("../../convscope.js").RemoteModel} model
 * @param {Float32Array} probes examples, as the network takes them
 */
export async function resting(engine, activation, model, probes) {
  const { layers } = await model.summary();
  const hidden = layers.filter(({ kernel }) => kernel).slice(0, -1);
  const counts = await Promise.all(
    hidden.map(async ({ name, outputShape: [units] }) =>
      engine.saturation(activation, await model.features(probes, name), { units }),
    ),
  );
  return counts.reduce(
    (sum, { saturated, dead }) => ({ saturated: sum.saturated + saturated, inactive: sum.inactive + dead }),
    { saturated: 0, inactive: 0 },
  );
}

/** Pixels as a network takes them. @param {Uint8Array} pixels */
export const inputOf = (pixels) => Float32Array.from(pixels, (byte) => byte / 255);
