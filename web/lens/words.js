// What is said about the arithmetic of one unit.

import { html } from "lit";
import { counted } from "../ui/counted.js";
import { unitWord } from "../session/layers.js";

/** @typedef {import("../session/layers.js").Column} Column */
/** @typedef {import("../convscope.js").UnitArithmetic} UnitArithmetic */

/** @param {Column} column @param {number} map */
export const mapName = (column, map) =>
  column.count === 1 ? column.name : `${column.name}, ${unitWord(column)}\u00a0${map + 1}`;

/** What an enlarged map is called; the last layer's units are named after their classes. */
export const titleOf = (
  /** @type {Column} */ column,
  /** @type {number} */ unit,
  /** @type {string | undefined} */ className,
) =>
  className === undefined
    ? `${column.name}, ${unitWord(column)} ${unit + 1} of ${column.count}`
    : `${column.name}, unit for ${className}`;

/** @param {import("../ui/events.js").Cell} cell */
export const cellName = ({ row, column }) => `row ${row + 1}, column ${column + 1}`;

/** What a window without weights takes. @type {Record<string, string>} */
export const TAKES = { maximum: "largest", mean: "mean" };

export const CLOSE = "Close";
export const OPEN_UNIT = "Open in “One unit”";
export const MOVE = "Click or use arrow keys.";
export const NOTHING_DRAWN = "Draw a digit, or take a sample, to see the arithmetic.";
export const PIXEL =
  "A pixel of the drawing as the network sees it: 0 is paper, 1 is full ink. Nothing is computed here.";
export const SEES = "what it sees of the drawing";

/** @param {string} digit @param {string} probability */
export const answerWords = (digit, probability) => html`answer <strong>${digit}</strong>, ${probability}`;

/** @param {UnitArithmetic} story @param {Column} source @param {number} shown of its channels */
export function channelsTitle({ channels }, source, shown) {
  if (channels.length === 1) return `The window on ${source.name}`;
  if (shown === channels.length) return `All ${shown} channels of ${source.name}`;
  return `The ${shown} of ${channels.length} channels that add or take most`;
}

/** @param {Column} source @param {number} shown @param {number} all of its values */
export const contributionsTitle = (source, shown, all) =>
  `The ${shown} of ${counted(all)} values of ${source.name} that add or take most: value × weight = product`;

/** @param {Column} source @param {number} map @param {number} cell of it */
export function valueName(source, map, cell) {
  const name = source.count === 1 ? "" : `${unitWord(source)} ${map + 1}`;
  if (source.width * source.height === 1) return name;
  const place = cellName({ row: Math.floor(cell / source.width), column: cell % source.width });
  return name ? `${name}, ${place}` : place;
}

/** What stands above a kernel's numbers: a filter is one kernel with one slice for each channel. @param {number} channels */
export const kernelWord = (channels) => (channels === 1 ? "kernel" : "kernel slice");

/** @param {number} count of channels that are not shown */
export const restWords = (count) => (count === 1 ? "the other one" : `the other ${counted(count)} together`);

/** What a sum is made of. @param {UnitArithmetic} story */
export const sumWords = ({ operation, kernel }) =>
  operation in TAKES ? `${TAKES[operation]} of the window` : kernel.length > 1 ? "sum of products" : "product";

/** @param {UnitArithmetic} story */
export const beforeActivation = ({ activation, logits }) => (logits.length ? "= logit" : `= before ${activation}`);

/** @param {UnitArithmetic} story */
export const outputWords = ({ activation }) => (activation === "linear" ? "output" : `after ${activation}`);

export const SOFTMAX = html`A <em>logit</em> is the sum that goes into softmax. The unit’s share is <var>e</var
  ><sup>logit</sup>, divided by the sum of <var>e</var><sup>logit</sup> over all units.`;
