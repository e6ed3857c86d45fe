// All that the view says.

import { html, nothing } from "lit";
import { percent } from "../../ui/numbers.js";

/** @type {import("../../ui/lesson.js").Lesson} */
export const LESSON = {
  caption:
    "A unit of the first layer sees only as much of the drawing as its kernel covers: its receptive field. A unit of the next layer sees all that the units in its window see together. So the field grows with depth, and faster behind each stride or pooling.",
  question: {
    text: "two convolutions of 3×3, one after the other, stride 1. How much of the drawing does a unit of the second see?",
    answers: ["3×3", "5×5", "6×6", "9×9"],
    right: 1,
    because: "r = 3 + (3 − 1) · 1 = 5: its 3×3 units of the first layer see 3×3 pixels each, and these overlap.",
  },
};

export const NO_MAPS = "This network has no maps: every unit sees the whole drawing from the first layer on.";

export const SCALES =
  "Each map has a scale of its own. Between the drawing and the unit: the map that gives most to the next one here.";

export const LETTERS =
  "k: side of the kernel or window; s: stride; j: jump, pixels from one unit to the next; r: receptive field";

/** How much the unit sees. @param {{ height: number, width: number }} seen @param {number | undefined} field */
export function pixelsSeen({ height, width }, field) {
  const cut = field !== undefined && (height < field || width < field);
  return html`<data value=${height}>${height}</data>×<data value=${width}>${width}</data> pixels
    ${cut ? html`<span class="quiet">of ${field}×${field}; the rest is padding</span>` : nothing}`;
}

/** @typedef {{ count: number, drawn: boolean }} Sample of how many digits; `drawn` for a first idea */

/** @param {Sample} sample */
const digitsOf = ({ count, drawn }) => (drawn ? `${count} generated digits` : `${count} validation images`);

/** Where no pixel matters. @param {Sample} sample */
export const silent = (sample) => `No pixel matters: this unit’s output is 0 for all ${digitsOf(sample)}.`;

/**
 * @param {Sample} sample
 * @param {{ most: number, all: number, share: number }} spread `most` of `all` pixels have that share of the gradient
 */
export const measured = (sample, { most, all, share }) =>
  html`Mean |∂output/∂pixel| over ${digitsOf(sample)}${sample.drawn ? ", more to come" : ""}. ${percent(share, 0)} of it
  is in ${most} of the ${all} pixels that the unit sees.`;

export const MEASURING = "measuring…";

export const EFFECTIVE = "Effective receptive field, with the theoretical one framed";
export const GROWTH = "How the receptive field grows";
export const SEEN = "What the unit sees of the drawing";

/** @param {string} layer @param {number} map from 0 */
export const unitOnView = (layer, map) => `Map ${map + 1} of ${layer}: the unit on view`;
/** @param {string} map its name */
export const withField = (map) => `${map}, with what the unit sees`;
