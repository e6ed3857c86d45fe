// What the view of error surfaces says.

import { html } from "lit";

/** @typedef {import("./experiment.js").SurfaceName} SurfaceName */

/**
 * Each surface's name and formula, and what to look for on it.
 * @type {Record<SurfaceName, { title: string, formula: string, note: string }>}
 */
export const SURFACE_WORDS = {
  ravine: {
    title: "Ravine",
    formula: "p²/100 + q²",
    note:
      "Across the ravine the slope is steep, along it nearly flat. SGD jumps from wall to wall, and a rate that is small " +
      "enough for the walls is too small for the way along. Momentum and Adam average the jumps out and end far lower. " +
      "AdaGrad and RMSprop divide each parameter’s gradient by its usual size, which makes this ravine round, since it " +
      "lies along an axis. RMSprop never comes to rest at a constant learning rate: its steps do not shrink with the gradient.",
  },
  regression: {
    title: "A straight line’s error",
    formula: "mean of (w·x + b − y)² over the batch",
    note: "This bowl is nearly round: plain SGD needs no help here, and all optimisers reach the minimum.",
  },
  saddle: {
    title: "Saddle",
    formula: "p² + (q²/2 − 1)²",
    note:
      "In the middle the gradient is zero, yet it is no minimum: the way on leads up or down. SGD waits there longest, " +
      "since its steps are as small as the gradient. AdaGrad, RMSprop and Adam divide by the size of the gradient and " +
      "leave soonest.",
  },
  beale: {
    title: "Beale",
    formula: "(1.5 − p + pq)² + (2.25 − p + pq²)² + (2.625 − p + pq³)²",
    note:
      "A flat valley between steep walls, with its minimum at (3, 0.5). The walls allow only a small learning rate, with " +
      "which plain SGD moves slowly through the valley; Momentum and Adam gather speed there.",
  },
  rosenbrock: {
    title: "Rosenbrock",
    formula: "(1 − p)² + 100 (q − p²)²",
    note:
      "A curved valley: every optimiser first has to find it, then to follow it to the minimum at (1, 1). The " +
      "gradient points across the valley, hardly along it. Momentum and Adam gather speed along the floor. AdaGrad is " +
      "quick into the valley and slow in it: its learning rate only ever falls.",
  },
};

/** What to look for where batch sizes are compared. */
export const BATCH_NOTE =
  "The contours are the error over all 32 examples. A step follows the gradient of its own batch only: all examples lead " +
  "straight down, one example at a time wanders about the minimum and never quite rests. But a step of all 32 costs as " +
  "much as 32 steps of one.";

const LOWEST =
  "Each learning rate is the best of 81 from 0.001 to 10 for this surface and this start: the one with the lowest error " +
  "in the last tenth of the steps, among those whose path stays in the picture.";
const BATCH_RATE = "One learning rate for all three, at which one example at a time comes near the minimum.";

/** How the learning rates were chosen. @param {number | undefined} firstStep @param {boolean} batches */
export function ratesChosen(firstStep, batches) {
  if (batches) return BATCH_RATE;
  if (firstStep === undefined) return LOWEST;
  return `The learning rates are those at which every optimiser’s first step goes ${firstStep} along p, so that only what comes after differs.`;
}

/** @param {string} formula */
export const formulaAndStart = (formula) =>
  `Error: ${formula}. Click, or use the arrow keys on the ring, to start elsewhere.`;

export const STEP_AXIS = "step";
export const ERROR_AXIS = "error, logarithmic";
export const DIVERGES = "diverges";
export const OUTSIDE = "outside the picture";

/** @param {string} mark @param {string[]} titles of lines that are cut off */
export const leavesChart = (mark, titles) =>
  titles.length ? `${mark} goes on outside the chart: ${titles.join(", ")}.` : "";

export const ADAGRAD_RATE = "AdaGrad’s learning rate";
export const ADAGRAD_NOTE =
  "AdaGrad divides its learning rate by the root of the sum of all squared gradients. The sum only grows, so the rate " +
  "only falls: quickly where gradients are large, and never back.";

/** The rule of each optimiser, by its name. @type {Record<string, import("lit").TemplateResult>} */
export const RULES = {
  sgd: html`<var>θ</var> ← <var>θ</var> − <var>η</var> <var>g</var>`,
  momentum: html`<var>v</var> ← 0.9 <var>v</var> − <var>η</var> <var>g</var>; <var>θ</var> ← <var>θ</var> +
    <var>v</var>`,
  adagrad: html`<var>s</var> ← <var>s</var> + <var>g</var>²; <var>θ</var> ← <var>θ</var> − <var>η</var> <var>g</var> /
    √<var>s</var>`,
  rmsprop: html`<var>s</var> ← 0.9 <var>s</var> + 0.1 <var>g</var>²; <var>θ</var> ← <var>θ</var> − <var>η</var>
    <var>g</var> / √<var>s</var>`,
  adam: html`<var>m</var> ← 0.9 <var>m</var> + 0.1 <var>g</var>; <var>s</var> ← 0.999 <var>s</var> + 0.001
    <var>g</var>²; <var>θ</var> ← <var>θ</var> − <var>η</var> <var>m</var> / √<var>s</var>, both corrected for their
    start at 0`,
  adamax: html`as Adam, with <var>u</var> ← max(0.999 <var>u</var>, |<var>g</var>|) in place of √<var>s</var>`,
};
export const RULES_SUMMARY = "The rules";
export const RULES_SYMBOLS = html`<var>θ</var> is a parameter, <var>g</var> its gradient, <var>η</var> the learning
  rate.`;

export const NETWORK = {
  title: "A network’s own weights",
  empty: "Here appears the way that the weights of a small network take while it learns.",
  /** @param {string} first @param {string} second */
  explained: (first, second) =>
    `Of the variance of the saved points, the first direction holds ${first}, the second ${second}; the rest is at right ` +
    "angles to this plane and cannot be seen. Any smooth path in so many dimensions gives a high share.",
  /** @param {number} digits @param {number} epochs @param {number} measured @param {number} between */
  how: (digits, epochs, measured, between) =>
    `Two convolutions and a dense layer, ${digits} digits, ${epochs} epochs in batches of 32; the error is that of the ` +
    `same ${measured} digits everywhere. The path has a point every ${between} digits, so it looks smoother than it is.`,
  data: "The digits are loading.",
  /** @param {number} step @param {number} total */
  learns: (step, total) => `The network learns: step ${step} of ${total}.`,
  /** @param {number} columns @param {number} rows */
  measures: (columns, rows) => `The error is measured at more and more places: ${columns} × ${rows}.`,
  /** @param {string} first @param {string} last @param {number} steps */
  done: (first, last, steps) => `From an error of ${first} to ${last} in ${steps} steps.`,
  line: "The weights moved along a line, which spans no plane. Try another learning rate.",
};
