// What the curves of runs are drawn over.

/** @typedef {import("./run.js").Run} Run */
/** @typedef {import("./recorded.js").ShownRun} ShownRun */
/** @typedef {"step" | "epoch" | "examples" | "seconds"} Axis */

/** @type {{ value: Axis, text: string }[]} */
export const AXES = [
  { value: "step", text: "steps" },
  { value: "epoch", text: "epochs" },
  { value: "examples", text: "examples" },
  { value: "seconds", text: "seconds" },
];

/**
 * @param {ShownRun} run
 * @param {Exclude<Axis, "seconds">} axis
 * @returns {number} how far a step goes on it
 */
function unitOf({ stepsPerEpoch, settings: { batchSize } }, axis) {
  return { step: 1, epoch: 1 / stepsPerEpoch, examples: batchSize }[axis];
}

/**
 * Where the points of a run's curve, and its epochs, stand on an axis.
 *
 * @param {ShownRun} run
 * @param {Axis} axis
 */
export function along(run, axis) {
  const { curve, epochs } = run;
  if (axis === "seconds") return { steps: [...curve.seconds], epochs: epochs.map(({ seconds }) => seconds) };
  const unit = unitOf(run, axis);
  return { steps: curve.steps.map((step) => step * unit), epochs: epochs.map(({ step }) => step * unit) };
}

/**
 * Where a step stands on an axis.
 *
 * @param {Run} run
 * @param {number} step that it has taken
 * @param {Axis} axis
 */
export function placeOn(run, step, axis) {
  const { steps, seconds } = run.curve;
  if (axis === "seconds") return step ? (seconds[steps.findIndex((one) => one >= step)] ?? run.seconds) : 0;
  return step * unitOf(run, axis);
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
export function reachOf(run, axis) {
  return axis === "seconds" ? FIRST_SECONDS : Math.min(run.stepsPerEpoch, FIRST_STEPS) * unitOf(run, axis);
}
