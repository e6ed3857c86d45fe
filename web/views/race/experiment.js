// What the race compares, without a page: who learns what, with which settings.

import { CROSS_ENTROPY } from "../../runs/losses.js";
import { OPTIMIZERS, kerasOptimizer, optimizerNamed } from "../../runs/optimizers.js";
import rates from "./rates.json" with { type: "json" };

/** @typedef {import("../../runs/optimizers.js").Optimizer} Optimizer */
/** @typedef {"optimizers" | "batches"} Subject what differs between the runners */
/**
 * @typedef {object} Lane who may race, and how its line is drawn
 * @property {string} name
 * @property {string} title
 * @property {string} line
 * @property {Optimizer} optimizer
 * @property {number} batchSize Infinity: all examples
 * @property {number} rate the learning rate
 * @property {boolean} on
 */

/** What each comparison opens with. @type {Record<Subject, { network: string, count: number, epochs: number }>} */
export const DEFAULTS = {
  optimizers: { network: "lenet5", count: 2_000, epochs: 5 },
  batches: { network: "mlp", count: 1_000, epochs: 30 },
};

/** The seed that the race opens with. */
export const SEED = 0;
/** Of all optimisers. */
export const BATCH_SIZE = 32;
/** @type {Record<string, number>} */
const SIZES = { 1: 1, 32: 32, all: Infinity };

/** @param {string} name of a subject */
export const isBatches = (name) => name === "batches";

/** @type {Lane[]} */
const OPTIMIZER_LANES = OPTIMIZERS.map((optimizer) => ({
  name: optimizer.name,
  title: optimizer.title,
  line: `line-${optimizer.line}`,
  optimizer,
  batchSize: BATCH_SIZE,
  rate: /** @type {Record<string, number>} */ (rates.optimizers)[optimizer.name],
  on: true,
}));

/** @type {Lane[]} */
const BATCH_LANES = Object.entries(SIZES).map(([name, batchSize], index) => ({
  name,
  title: `B = ${name}`,
  line: `line-${index}`,
  optimizer: optimizerNamed("sgd"),
  batchSize,
  rate: /** @type {Record<string, number>} */ (rates.batches)[name],
  on: true,
}));

/** One learning rate for all batch sizes, between the best ones of the smallest and of the largest. */
export const ONE_RATE = 0.1;

/**
 * @param {Subject} subject
 * @param {boolean} [oneRate] whether all batch sizes get the same rate
 */
export function lanesOf(subject, oneRate = false) {
  if (!isBatches(subject)) return OPTIMIZER_LANES;
  return oneRate ? BATCH_LANES.map((lane) => ({ ...lane, rate: ONE_RATE })) : BATCH_LANES;
}

/**
 * What a race is told of a runner.
 *
 * @param {Lane} lane
 * @param {object} config of the network
 * @param {{ examples: number, epochs: number }} settings
 * @returns {import("../../training/race.js").Entry}
 */
export function entryOf({ name, optimizer, batchSize, rate }, config, { examples, epochs }) {
  const settings = { loss: CROSS_ENTROPY, batchSize: Math.min(batchSize, examples), epochs };
  return { name, config, settings: { ...settings, optimizer: kerasOptimizer(optimizer, rate) } };
}
