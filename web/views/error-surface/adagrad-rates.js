// What is left of AdaGrad's learning rate: it divides by the root of all squared gradients so far.

/** What Keras' `initial_accumulator_value` is where nothing else is said. */
const INITIAL = 0.1;

/**
 * The rate that a parameter really has after every step, read from its path alone: a step is rate·g / √(sum + g²), which
 * says how much g² added to the sum.
 *
 * @param {number[]} places of the parameter, the start first
 * @param {number} rate
 */
export function adagradRates(places, rate) {
  let sum = INITIAL;
  return places.map((place, step) => {
    if (step > 0) {
      const share = Math.min(((place - places[step - 1]) / rate) ** 2, 1 - Number.EPSILON);
      sum /= 1 - share;
    }
    return rate / Math.sqrt(sum);
  });
}
