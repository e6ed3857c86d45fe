// What the view says.

import { html } from "lit";
import { counted } from "../../ui/counted.js";
import { number } from "../../ui/numbers.js";

/** @type {import("../../ui/lesson.js").Lesson} */
export const LESSON = {
  caption:
    "A filter is a pattern detector: it responds where a patch of the image looks like what it has learnt. First layers find edges, later ones combine them: bends, ends, crossings, in the end parts of digits.",
  question: {
    text: "from layer to layer, what happens to the patches that one filter likes best?",
    answers: ["they grow and become parts of digits", "they stay edges", "they shrink to a pixel"],
    right: 0,
    because:
      "Each layer looks at patches of the maps before it, so its receptive field grows and holds more of the digit.",
  },
};

export const PLATE =
  "All layers side by side: of each, the filters that respond most. A square holds the nine patches, each from another digit, to which one filter responds most. Press one to look closer.";

export const NO_LAYERS =
  "This network has no convolutional layer: each of its hidden units sees all pixels, each at its place, and has no patches to look for.";

export const WAITING = "Waiting for training examples…";

/** @param {number} height @param {number} width */
export function sees(height, width) {
  return `each sees ${height}×${width} pixels`;
}

/** @param {number} done @param {number} total */
export function searched(done, total) {
  return `${counted(done)} of ${counted(total)} examples`;
}

/**
 * @param {{ count: number, title: string, learnt: ReturnType<typeof import("../../questions/examples.js").learntFrom> }}
 *   searched
 */
export function strongestAmong({ count, title, learnt }) {
  const images = `Strongest among ${counted(count)} training images (${title})`;
  if (learnt === "shipped") return `${images}, which are among those that this network learnt from.`;
  if (learnt === "learning") return `${images}, from which this network learns.`;
  if (learnt === "unknown") return `${images}.`;
  return `${images}. This network learnt from others: MNIST and pen strokes.`;
}

/** @param {{ layer: string, unit: number, response: string | undefined }} filter */
export function filterLabel({ layer, unit, response }) {
  const told = response === undefined ? "no response" : `strongest response ${response}`;
  return `${layer}, filter ${unit + 1}, ${told}`;
}

/** @param {Parameters<typeof filterLabel>[0]} filter */
export function plateLabel(filter) {
  return `Look closer: ${filterLabel(filter)}`;
}

export const SILENT = "responds to nothing";

export const STRONGEST = html`Left, its nine strongest patches; right of each, what the filter found there: the
deconvnet projects the response back through the layers (pooling’s maxima, ReLU, transposed filters) to the pixels.
Blue: the parts that it comes back to (its negative part is left out). It is a picture of the pattern, not a gradient.`;

export const NOTHING_FOUND = "No example has made it respond.";

/** @param {number} height @param {number} width @param {number} channels */
export function kernel(height, width, channels) {
  return channels === 1
    ? `its kernel: ${height}×${width}`
    : `its kernel: ${height}×${width}×${channels}, one slice for each of ${channels} input maps`;
}

/** @param {number} before @param {number} after responses, before the activation */
export function ascent(before, after) {
  return html`an image found by gradient ascent: starting from noise, pixels were changed step by step to raise the
  response, from ${number(before)} to ${number(after)} (before the activation)`;
}

export const ASCENT_LABEL = "An image found by gradient ascent that raises the response";
export const OWN_LABEL = "The drawing, with the patch to which the filter responds most";

/** @param {number} value */
export function own(value) {
  return html`your drawing: the response to its strongest patch is ${number(value)}`;
}
