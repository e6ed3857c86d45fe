// Where the windows of a layer lie on its input, along one axis.

import { pageEngine } from "../session/page-engine.js";

/** @typedef {Required<import("../convscope.js").WindowOptions>} Setting */
/**
 * @typedef {object} Windows
 * @property {number[]} starts the first cell of each, negative where it begins in the padding
 * @property {number} before zeros of the padding before the first cell
 * @property {number} after zeros behind the last one
 * @property {number[]} skipped cells that no window lies on
 */

/** @param {Setting} setting @returns {Promise<Windows>} rejects where no window fits */
export async function windowsAlong(setting) {
  const { starts, skipped, ...zeros } = await (await pageEngine()).windows(setting);
  return { ...zeros, starts: Array.from(starts), skipped: Array.from(skipped) };
}
