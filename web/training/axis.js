// What the curves of runs are drawn over.

/** @typedef {import("./run.js").Run} Run */
/** @typedef {"step" | "epoch" | "examples" | "seconds"} Axis */

/** @type {{ value: Axis, text: string }[]} */
export const AXES = [
  { value: "step", text: "steps" },
  { value: "epoch", text: "epochs" },
  { value: "examples", text: "examples" },
  { value: "seconds", text: "seconds" },
];

/**
 * Where the points of a run's curve, and its epochs, stand on an axis.
 *
 * @param {Run} run
 * @param {Axis} axis
 */
export function along({ curve, epochs, stepsPerEpoch, settings: { batchSize } }, axis) {
  if (axis === "seconds") return { steps: [...curve.seconds], epochs: epochs.map(({ seconds }) => seconds) };
  const unit = { step: 1, epoch: 1 / stepsPerEpoch, examples: batchSize }[axis];
  return { steps: curve.steps.map((step) => step * unit), epochs: epochs.map(({ step }) => step * unit) };
}

/** Steps that an axis shows from the first on, so that the beginning of a curve does not fill it. */
const FIRST_STEPS = 60;
const FIRST_SECONDS = 3;

/**
 * How far an axis goes before there is more to show.
 *
 * @param {Run} run
 * @param {Axis} axis
 */
export function reachOf({ stepsPerEpoch, settings: { batchSize } }, axis) {
  const steps = Math.min(stepsPerEpoch, FIRST_STEPS);
  return { step: steps, epoch: steps / stepsPerEpoch, examples: steps * batchSize, seconds: FIRST_SECONDS }[axis];
}
