// Units that learn no more: what a layer's units answer to many examples tells whether a gradient still passes through
// them.

/**
 * The derivative of an activation, from its output y, as a part of the largest that it has anywhere.
 * @type {Record<string, (y: number) => number>}
 */
const SLOPES = {
  relu: (y) => (y > 0 ? 1 : 0),
  leaky_relu: (y) => (y > 0 ? 1 : 0.2),
  elu: (y) => (y > 0 ? 1 : y + 1),
  tanh: (y) => 1 - y * y,
  sigmoid: (y) => 4 * y * (1 - y),
};
/** A slope below this part of the largest lets next to nothing pass. */
const FLAT = 0.05;
/** A unit is saturated if it is flat for this part of the examples. */
const MOSTLY = 0.95;

/**
 * @param {string} activation as Keras names it
 * @param {Float32Array[]} outputs of a layer's units, one array an example
 * @returns {{ units: number, saturated: number, dead: number }} saturated: units with a slope below 5 % of the largest
 *   for at least 95 % of the examples; dead, which are among them: units with slope 0 for all, which no gradient can
 *   bring back
 */
export function stillUnits(activation, outputs) {
  const slope = SLOPES[activation];
  const units = outputs[0]?.length ?? 0;
  let [saturated, dead] = [0, 0];
  for (let unit = 0; unit < units; unit++) {
    const slopes = outputs.map((one) => slope(one[unit]));
    if (slopes.filter((one) => one < FLAT).length >= MOSTLY * slopes.length) saturated += 1;
    if (slopes.every((one) => one === 0)) dead += 1;
  }
  return { units, saturated, dead };
}
