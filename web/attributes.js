// The numbers that attributes of <conv-scope> hold. They are a stranger's words: one out of its range counts as not given.
// An attribute that was taken away leaves null.

/** The largest seed: those of the drawings after it are whole numbers, too. */
const MOST_SEED = 2 ** 52;

/** @param {string | null | undefined} text @param {number} [most] @returns {number | undefined} a whole number from 0 */
export function wholeOf(text, most = 2 ** 31) {
  const value = Number(text || NaN);
  return Number.isInteger(value) && value >= 0 && value <= most ? value : undefined;
}

/** @param {string | null | undefined} text @returns {number} */
export const seedOf = (text) => wholeOf(text, MOST_SEED) ?? 0;

/** @param {string | null | undefined} text @returns {number | undefined} 0 to 9 */
export const digitOf = (text) => wholeOf(text, 9);

/** @param {string | null | undefined} text "right,down" @returns {[right: number, down: number]} whole pixels */
export function shiftOf(text) {
  const [right, down] = (text ?? "").split(",", 2).map((steps) => Math.trunc(Number(steps)) || 0);
  return [right, down ?? 0];
}

/** @param {string | null | undefined} text "row,column" */
export function cellOf(text) {
  const [row, column] = (text ?? "").split(",", 2).map((place) => wholeOf(place));
  return row === undefined || column === undefined ? {} : { row, column };
}
