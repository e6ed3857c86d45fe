/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The median of the rounds' ratios: what slows the machine down in one round does so to both.
 * @param {number[]} numerators
 * @param {number[]} denominators
 */
export const medianRatio = (numerators, denominators) =>
  median(numerators.map((numerator, round) => numerator / denominators[round]));
