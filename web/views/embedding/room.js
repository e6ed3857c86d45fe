/** @typedef {import("./point-painting.js").Spot} Spot */

/** How near two characters may stand, and two pictures, in CSS pixels. */
export const APART = { character: 10, picture: 17 };

/**
 * Which examples are drawn as more than a dot: those in front in any case, then each that has room, in their order.
 *
 * @param {Spot[]} spots
 * @param {Iterable<number>} front
 * @param {number} apart how near two may stand
 * @returns {number[]}
 */
export function roomy(spots, front, apart) {
  /** What is drawn already, by squares of that side. @type {Map<string, Spot[]>} */
  const squares = new Map();
  const always = new Set(front);
  /** @type {number[]} */
  const found = [];
  for (const index of new Set([...always, ...spots.keys()])) {
    const { x, y } = spots[index];
    const [column, row] = [Math.floor(x / apart), Math.floor(y / apart)];
    const around = [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right) => `${column + right} ${row + down}`));
    const near = around.flatMap((square) => squares.get(square) ?? []);
    if (!always.has(index) && near.some((spot) => Math.hypot(spot.x - x, spot.y - y) < apart)) continue;
    const square = `${column} ${row}`;
    squares.set(square, [...(squares.get(square) ?? []), spots[index]]);
    found.push(index);
  }
  return found;
}
