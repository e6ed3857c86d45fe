// What the operators share: a fault of a node, and comparisons.

import { shown, unreadable } from "../model-file.js";

/** @typedef {import("./read.js").Value} Value */

/** @param {string} sentence */
export const fault = (sentence) => unreadable("", sentence);

export const isSame = (/** @type {unknown} */ a, /** @type {unknown} */ b) => JSON.stringify(a) === JSON.stringify(b);
export const one = (/** @type {number[]} */ list) => (list.length === 1 ? list[0] : list);

/** @param {Value} value @param {number} axes */
export function images(value, axes) {
  if (value.shape.length !== axes + 1 || !value.first)
    throw fault(`expected images with their channels first, got the shape ${shown(value.shape)}.`);
  return value.shape.slice(0, -1);
}
