import { runningMean } from "../training/curve.js";

/** Examples whose mean is drawn: that of a single mini-batch hides the course behind its noise. */
export const SMOOTHED = 480;

/**
 * Values of a run's curve as they are drawn: each the mean over the last examples.
 * @param {import("../training/recorded.js").ShownRun} run
 * @param {number[]} values one for each point of its curve
 * @returns {number[]} the same array where each value is such a mean already
 */
export function smoothed({ curve, settings: { batchSize } }, values) {
  const width = Math.round(SMOOTHED / batchSize / curve.stride);
  return width > 1 ? runningMean(values, width) : values;
}
