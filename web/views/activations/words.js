// What the view of activations says.

import { html } from "lit";

/** @type {import("../../ui/lesson.js").Lesson} */
export const LESSON = {
  caption:
    "On its way back through a layer, the gradient is multiplied by f′ and by the layer’s weights. Sigmoid’s f′ is at " +
    "most 1/4, so after a few layers little is left, even though no unit is saturated: the first layers hardly learn. " +
    "Below, one network learns with each function from the same first weights and the same batches.",
};

/** Each activation's name, and what it is known for, by Keras' name. @type {Record<string, { title: string, note: string }>} */
export const ACTIVATIONS = {
  sigmoid: {
    title: "sigmoid",
    note:
      "f′ is at most 1/4: after ten layers (1/4)¹⁰ ≈ 1/1,000,000 of a gradient is left, unless large weights make up for it. " +
      "Far from 0 it saturates at 0 and 1.",
  },
  tanh: { title: "tanh", note: "Around 0 it passes a gradient on as it is. Far from 0 it saturates at −1 and 1." },
  relu: {
    title: "ReLU",
    note: "f′ is 1 above 0 and 0 below, with a jump between. A unit below 0 for every example is inactive.",
  },
  leaky_relu: { title: "leaky ReLU", note: "Passes a fifth of the gradient on below 0, so no unit becomes inactive." },
  elu: { title: "ELU", note: "As ReLU above 0. Below 0 it is smooth and saturates at −1." },
};

export const SOFTMAX = html`The last layer of a classifier has another activation, softmax: <var>e</var
  ><sup><var>z</var></sup> of its unit, divided by the sum of <var>e</var><sup><var>z</var></sup> over all units. It
  makes probabilities of them, and needs all units at once, so it has no curve of its own.`;

export const NETWORKS = "One network, five activations";

/** @param {number | undefined} steps that were taken; undefined: none yet */
export const gradients = (steps) =>
  `Mean |gradient| of each layer’s kernel, ${steps ? `after ${steps} steps` : "before the first step"}`;
/** @param {number} depth */
export const layerNames = (depth) => [...Array.from({ length: depth }, (_, index) => `layer ${index + 1}`), "output"];
/** @param {number} measured @param {number} units */
export const reading = (measured, units) =>
  `Layer 1 is next to the pixels, the last is the output. The scale is logarithmic: a straight line downwards to the left ` +
  `means that each layer passes only a part on. Mean over ${measured} training images, ${units} units a layer.`;
/** @param {number} probed @param {number} units */
export const inactive = (probed, units) =>
  `Inactive: units, of ${units}, whose output is 0 for all of ${probed} validation images, so that no gradient passes ` +
  `through them. Other images, or other weights, may wake them.`;
/** @param {string} data @param {number} seed */
export const recordedRun = (data, seed) => `A recorded run on the ${data}, seed ${seed}. Train runs it here and now.`;
export const COLUMNS = ["activation", "training loss", "validation accuracy"];
export const INACTIVE = "inactive";
/** @param {string} layer */
export const gradientIn = (layer) => `gradient, ${layer}`;
