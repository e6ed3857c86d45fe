// All that the view says.

import { html, nothing } from "lit";
import { CHANNELS } from "../../questions/channels.js";
import { number, percent } from "../../ui/numbers.js";

/** @typedef {import("./pooled.js").Kind} Kind */

/** @type {import("../../ui/lesson.js").Lesson} */
export const LESSON = {
  caption:
    "Pooling puts one number for each window: the largest, or the mean. Both make a map smaller without a parameter, and later layers see more of the input. Small shifts often leave the output as it is: pooling gives some invariance. A convolution with a stride makes a map smaller too, and learns what to keep.",
  question: {
    text: "the input moves by one cell. Which of the three changes in the fewest cells?",
    answers: ["max pooling", "average pooling", "strided convolution"],
    right: 0,
    because:
      "Where the largest value stays inside its window, the output stays as it is. Average pooling changes more cells, many of them by little; a strided convolution changes most. Shift the input and compare: it is a tendency, not a law. (A convolution with stride 1 is equivariant: its map shifts with the input.)",
  },
};

/** @param {(side: number) => string} size in words @param {Kind} kind any: it is the same for the three */
export const sees = (size, { sees, behind }) =>
  `One output sees ${size(sees)} of the input, and a unit with a kernel of ${size(3)} behind it ${size(behind)}: the same for all three.`;

/** @param {Kind} kind */
export const parameters = ({ params, learns }) =>
  html`<data value=${params}>${params}</data>${
      learns ? `: ${params - 1} ${params === 2 ? "weight" : "weights"} + 1 bias, here 0` : nothing
    }`;

/** @param {number} value the largest of the input @param {number | undefined} becomes */
export const peak = (value, becomes) =>
  becomes === undefined
    ? html`the largest value, ${number(value)}, is under no window`
    : html`the largest value, ${number(value)}, becomes ${number(becomes)}${becomes < value ? ": diluted" : nothing}`;

/** @param {{ missed: number, all: number }} responses of the kernel at stride 1, and how many the stride steps over */
export const missed = ({ missed, all }) =>
  all ? html`steps over ${missed} of the ${all} places where its kernel responds` : "its kernel responds nowhere";

/** @param {Kind} kind */
export const changed = ({ changed, outputs, size }) =>
  html`<data value=${changed}>${changed}</data> of ${outputs.length}
    cells${
      size === undefined ? nothing : html`, by <data value=${size}>${percent(size, 0).replace(" ", "\u00a0")}</data>`
    }`;

export const NOT_SHIFTED = "(not shifted yet)";

/** Below this a response is what rounding has left of 0. */
export const ROUNDING = 1e-5;

/** @param {number[]} values of one cell, by channel */
export const valuesHere = (values) =>
  values.length === 1
    ? number(Math.abs(values[0]) < ROUNDING ? 0 : values[0])
    : values.map((value, channel) => html`${CHANNELS[channel]} ${number(value)}${channel < 2 ? ", " : ""}`);

export const APART =
  "Pooling treats each channel by itself, so that a colour picture stays one. The convolution sums the channels into one map.";

/** @param {boolean} editable */
export const handling = (editable) =>
  `The window follows the pointer and the arrow keys.${editable ? " A click on a cell of the input lets you type its number; on a weight of the kernel it goes from 0 to 1 to −1, and any other number can be typed." : ""}`;

/** @param {unknown} weights */
export const inOneDimension = (weights) => html`in one dimension: ${weights}`;

export const KERNEL = "Kernel of the strided convolution";
