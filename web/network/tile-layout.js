// How large maps are drawn and how many stand side by side.

import { cellSize } from "../ui/heat-map.js";

/** @typedef {import("../session/layers.js").Column} Column */
/**
 * @typedef {object} Layout
 * @property {{ width: number, height: number }} cell of a map, in CSS pixels
 * @property {number} side of a map with the gap after it, in CSS pixels
 * @property {number} perRow
 */

/** Between maps. */
export const GAP = 4;
/** A single unit, which must be large enough for a finger. */
const UNIT = 24 - GAP;
/** Between columns. */
export const COLUMN_GAP = 16;

/** What a column of maps may fill, at the smallest and at any scale. */
const HEIGHT = 424;
const TALLEST = 540;
/** What a column's numbers need. */
const HEAD = 84;
/** Weights of this many pixels across are pictures, as a dense layer's on the input; so many of them stand in a row. */
const PICTURE = 20;
const PICTURES_PER_ROW = 16;
const SCALES = [2, 1.75, 1.5, 1.25, 1];

/**
 * Deeper maps are smaller, as they are in the network, but their cells are larger.
 * @param {Column} column
 * @param {number} scale
 * @param {number} [space] CSS pixels across, for a column that stands alone
 * @returns {Layout}
 */
export function layoutOf({ width, height, count, bank }, scale, space) {
  const cells = Math.max(width, height);
  const crowded = count > 24 ? 0.8 : 1;
  const length = cellSize(cells, cells === 1 ? UNIT : (22 + cells * 1.25) * scale * crowded);
  const cell = { width: width === 1 ? UNIT : length, height: height === 1 ? UNIT : length };
  const side = Math.max(UNIT, length * cells) + GAP;
  const pictures = bank && bank.channels === 1 && bank.width >= PICTURE;
  const widest = pictures ? PICTURES_PER_ROW : space && Math.max(1, Math.floor(space / side));
  const tallest = cells === 1 ? HEIGHT : Math.min(HEIGHT * scale, TALLEST);
  const rows = widest ? Math.ceil(count / widest) : Math.floor(tallest / side);
  return { cell, side, perRow: Math.ceil(count / rows) };
}

/**
 * The largest scale at which all columns stand side by side; the smallest, if none does.
 * @param {Column[]} columns
 * @param {number} space CSS pixels across
 */
export function scaleFor(columns, space) {
  const widthAt = (/** @type {number} */ scale) =>
    columns.reduce((sum, column) => {
      const { side, perRow } = layoutOf(column, scale);
      const head = column.isInput ? 0 : HEAD;
      return sum + COLUMN_GAP + Math.max(head, side * perRow);
    }, -COLUMN_GAP);
  return SCALES.find((scale) => widthAt(scale) <= space) ?? 1;
}
