// What a network answers whose outputs are no probabilities.

/** @param {Float32Array} scores @returns {Float32Array} positive numbers that add up to 1 */
export function softmax(scores) {
  const most = scores.reduce((one, other) => Math.max(one, other), -Infinity);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((one, other) => one + other, 0);
  return powers.map((power) => power / sum);
}
