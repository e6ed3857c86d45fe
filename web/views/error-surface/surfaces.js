// The error surfaces that can be shown, and which part of each.

/**
 * @typedef {object} ShownSurface
 * @property {import("../../runs/optimizers.js").SurfaceName} name
 * @property {string} title
 * @property {string} formula
 * @property {[string, string]} parameters
 * @property {[number, number]} from
 * @property {[number, number]} to
 * @property {[number, number]} start
 * @property {number} steps as many as a path takes
 * @property {string} note what to look for
 */

/** @type {ShownSurface[]} */
export const SURFACES = [
  {
    name: "regression",
    title: "A straight line's error",
    formula: "mean of (w·x + b − y)² over the batch",
    parameters: ["slope w", "intercept b"],
    from: [-2, -3],
    to: [4, 2],
    start: [-1.4, 1.4],
    steps: 120,
    note: "The contours are the error over all 32 examples. A step follows the gradient of its own batch only: all examples lead straight down, one example at a time wanders about the minimum and never quite rests.",
  },
  {
    name: "ravine",
    title: "Ravine",
    formula: "p²/20 + q²",
    parameters: ["p", "q"],
    from: [-10, -5],
    to: [10, 5],
    start: [-7, 2],
    steps: 80,
    note: "One direction is twenty times as steep as the other. SGD jumps from wall to wall; momentum averages the jumps out, and the adaptive learning rates divide them out.",
  },
  {
    name: "saddle",
    title: "Saddle",
    formula: "p² − q²",
    parameters: ["p", "q"],
    from: [-2, -2],
    to: [2, 2],
    start: [1.7, 0.01],
    steps: 60,
    note: "In the middle the gradient is zero, yet it is no minimum: SGD comes almost to rest there. AdaGrad, RMSprop and Adam give each parameter a step of its own and leave sooner.",
  },
  {
    name: "beale",
    title: "Beale",
    formula: "(1.5 − p + pq)² + (2.25 − p + pq²)² + (2.625 − p + pq³)²",
    parameters: ["p", "q"],
    from: [-0.5, -2],
    to: [4.5, 2],
    start: [0.8, 1.5],
    steps: 200,
    note: "A flat valley between steep walls, with its minimum at (3, 0.5). Where the gradient is small a fixed learning rate hardly moves; Adam and RMSprop divide by the gradient's size and go on.",
  },
  {
    name: "rosenbrock",
    title: "Rosenbrock",
    formula: "(1 − p)² + 100 (q − p²)²",
    parameters: ["p", "q"],
    from: [-2, -1],
    to: [2, 2.5],
    start: [-1.2, 1],
    steps: 400,
    note: "A curved valley: every optimiser finds it within a few steps, and then needs hundreds to follow it to the minimum at (1, 1). The gradient points across the valley, hardly along it; momentum gathers speed along the floor.",
  },
];
