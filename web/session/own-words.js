// What is said of networks of the reader's own.

import { counted } from "../ui/counted.js";

export const UNREAD =
  "What was kept of this network cannot be read any more. It stays kept until you discard it in the architecture editor.";

/** @param {string} name */
export const notHere = (name) =>
  `There is no network “${name}” in this browser: a network of one's own is kept only where it was made. Ask for its file instead.`;

/** @param {number} most */
export const tooMany = (most) => `At most ${most} networks are kept here. Remove one first.`;

/** @param {string} title @param {number} count */
export const tooLarge = (title, count) =>
  `${title} has ${counted(count)} weights, more than are kept here. Export them to a file.`;

/** @param {unknown} error */
export const damaged = (error) =>
  `The weights that were kept of this network are damaged (${error instanceof Error ? error.message : error}). It has random ones now.`;

/** @param {string[]} names */
const listed = (names) => [names.slice(0, -1).join(", "), ...names.slice(-1)].filter(Boolean).join(" and ");

/** @param {unknown} error */
export const unreachable = (error) =>
  `What this network has learnt could not be read from the browser’s database (${error instanceof Error ? error.message : error}). Try again, or reload the page.`;

export const MISSING = "they are not there";

/** @param {string[]} random the layers with random weights; `*` alone: all @param {number} seed */
export function described(random, seed) {
  if (random.length === 0) return "Your own network.";
  if (random[0] === "*") return `Your own network. Untrained: all weights are random (seed ${seed}).`;
  return `Your own network. Trained in part: the weights of ${listed(random)} are random (seed ${seed}).`;
}
