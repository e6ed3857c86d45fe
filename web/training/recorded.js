// A run as it is shown: while it goes, or kept from an earlier time, as plain numbers.

import { thinned } from "./curve.js";

/** @typedef {import("./run.js").Run} Run */
/** @typedef {import("./progress.js").Epoch} Epoch */
/** @typedef {Pick<Epoch, "epoch" | "step" | "seconds" | "loss" | "accuracy" | "valLoss" | "valAccuracy">} EpochFigures */
/**
 * @typedef {object} ShownRun what a {@link Run} and a record of one have in common
 * @property {number} step
 * @property {number} examplesSeen
 * @property {number} seconds
 * @property {number} stepsPerEpoch
 * @property {{ batchSize: number }} settings
 * @property {{ stride: number, steps: number[], seconds: number[], loss: number[] }} curve
 * @property {EpochFigures[]} epochs
 * @property {string} [problem]
 * @property {boolean} [diverged]
 */

/** Points of a curve that are kept: more than that no chart shows. */
const MOST_POINTS = 256;

/** Four digits are more than a chart shows. @param {number} value */
const rounded = (value) => Number(value.toPrecision(4));

/**
 * What is kept of a run. How long it took is left out of its curve: another machine takes another time.
 *
 * @param {Run} run
 * @returns {ShownRun}
 */
export function recorded({
  step,
  examplesSeen,
  seconds,
  stepsPerEpoch,
  settings: { batchSize },
  curve,
  epochs,
  problem,
  diverged,
}) {
  const { stride, steps, loss } = thinned(curve.points, MOST_POINTS);
  return {
    step,
    examplesSeen,
    seconds,
    stepsPerEpoch,
    settings: { batchSize },
    curve: { stride, steps, seconds: [], loss: loss.map(rounded) },
    epochs: epochs.map(({ epoch, step, loss, accuracy, valLoss, valAccuracy }) => ({
      epoch,
      step,
      seconds: 0,
      loss: rounded(loss),
      accuracy: rounded(accuracy),
      valLoss: rounded(valLoss),
      valAccuracy: rounded(valAccuracy),
    })),
    problem,
    ...(diverged && { diverged }),
  };
}
