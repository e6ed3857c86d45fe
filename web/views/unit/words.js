// What this view says.

import { html } from "lit";
import { unitWord } from "../../session/layers.js";

/** @typedef {import("../../session/layers.js").Column} Column */
/** @typedef {import("./weight-edits.js").Change} Change */

/** @type {import("../../ui/lesson.js").Lesson} */
export const LESSON = {
  caption:
    "Each cell of a feature map is one unit: the patch under its window times the kernel, cell by cell, summed over the window and over all channels, plus a bias, through the activation. All units of a map share the same weights; only the window moves. The kernel is not flipped: strictly, this is a cross-correlation, which the field calls a convolution.",
  question: {
    text: "a filter on a layer with 12 maps sums what its kernel gives on …",
    answers: ["one of them", "all 12 of them", "the strongest one"],
    right: 1,
    because:
      "A filter is one kernel with one slice for each input channel. What the slices give is summed into one number: one cell of one map.",
  },
};

export const NOTHING_DRAWN = "Draw a digit, or take a sample, to see a unit at work.";
export const ITS_MAP = "Its map: click, drag or use the arrow keys to move the window.";
export const IN_NETWORK = "In the whole network";
export const AS_TRAINED = "as trained";
export const BY_HAND = "changed by hand";
export const TRACE_TITLE = "What it sees: its receptive field, traced back to the drawing";
export const TRACE_LABEL = "Receptive field, from the drawing to the unit";

/** @param {Column} column @param {number} unit */
export const mapLabel = ({ name }, unit) =>
  `The map that ${name}, map ${unit + 1} gives: arrow keys go from unit to unit`;

/** @param {Column} column @param {{ unit: number, row: number, column: number }} pin */
export function unitTitle(column, { unit, row, column: across }) {
  const where = column.width * column.height === 1 ? "" : `, row ${row + 1}, column ${across + 1}`;
  return `${column.name}, ${unitWord(column)} ${unit + 1} of ${column.count}${where}`;
}

/** @param {Change[]} changes of weights by hand @param {Column[]} columns */
export function changedWords(changes, columns) {
  const isVector = (/** @type {string} */ layer) => columns.find(({ name }) => name === layer)?.shape.length === 1;
  const names = changes.map(({ layer, unit }) => `${layer}, ${isVector(layer) ? "unit" : "filter"} ${unit + 1}`);
  return html`Changed by hand: <strong>${[...new Set(names)].join("; ")}</strong>. All that follows from them is as it
    is with these weights.`;
}

/** @param {number} height @param {number} width @param {Column} column */
export const seesWords = (height, width, column) =>
  column.height * column.width === 1 ? "all of it" : `sees ${height}×${width} of ${column.height}×${column.width}`;

/** @param {[number, number]} field the whole of it @param {number} height that lies on the drawing @param {number} width */
export const borderWords = (field, height, width) =>
  `The unit is near the border: its window reaches into the padding. Of its ${field.join("×")} receptive field ${height}×${width} pixels lie on the drawing.`;
