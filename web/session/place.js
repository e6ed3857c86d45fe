/** @typedef {import("../ui/events.js").Place} Place */

/**
 * Whether both are the same unit of the same map.
 * @param {Place | undefined} one
 * @param {Place | undefined} other
 */
export const samePlace = (one, other) =>
  one?.layer === other?.layer && one?.unit === other?.unit && one?.row === other?.row && one?.column === other?.column;
