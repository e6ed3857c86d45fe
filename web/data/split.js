// Which examples are learnt and which are kept apart.

/** @typedef {import("../convscope.js").LabelledImages} Examples */

/**
 * Whole numbers from 0 to 2³² − 1; the same seed gives the same (mulberry32).
 *
 * @param {number} seed
 */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/**
 * The numbers from 0 to count − 1 in an order that the seed gives (Fisher, Yates).
 *
 * @param {number} count
 * @param {number} seed
 */
function shuffled(count, seed) {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  const random = randomNumbers(seed);
  for (let last = count - 1; last > 0; last--) {
    const other = random() % (last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/**
 * @param {Examples} examples
 * @param {Uint32Array} indices
 * @returns {Examples}
 */
function chosen({ shape, pixels, labels }, indices) {
  const size = shape[0] * shape[1] * shape[2];
  const copy = new Uint8Array(indices.length * size);
  indices.forEach((index, place) => copy.set(pixels.subarray(index * size, (index + 1) * size), place * size));
  return { shape, pixels: copy, labels: Uint8Array.from(indices, (index) => labels[index]) };
}

/**
 * Keeps a part of each class apart, as many of each as its share of all is, and at least one of a class that has two.
 * Either part stays in the order of the examples.
 *
 * @param {Examples} examples
 * @param {{ validation: number, seed: number }} options `validation`: the part that is kept apart, 0 to 1
 */
export function split(examples, { validation, seed }) {
  const { labels } = examples;
  const counts = new Uint32Array(256);
  for (const label of labels) counts[label] += 1;
  const left = counts.map((count) => (count < 2 ? 0 : Math.max(1, Math.round(count * validation))));
  const apart = new Uint8Array(labels.length);
  for (const index of shuffled(labels.length, seed)) {
    if (left[labels[index]] === 0) continue;
    left[labels[index]] -= 1;
    apart[index] = 1;
  }
  const all = Uint32Array.from(labels.keys());
  return {
    training: chosen(
      examples,
      all.filter((index) => !apart[index]),
    ),
    validation: chosen(
      examples,
      all.filter((index) => apart[index]),
    ),
  };
}

/**
 * So many of the examples, as the seed draws them: a larger subset of the same seed contains a smaller one.
 *
 * @param {Examples} examples
 * @param {number} count
 * @param {number} seed
 */
export function subset(examples, count, seed) {
  return chosen(examples, shuffled(examples.labels.length, seed).subarray(0, count));
}

/**
 * The first of the examples, in the order in which they came; a view of them, no copy.
 *
 * @param {Examples} examples
 * @param {number} count at most; all if there are fewer
 * @returns {Examples}
 */
export function first({ pixels, labels, shape }, count) {
  const size = pixels.length / labels.length;
  return { shape, pixels: pixels.subarray(0, count * size), labels: labels.subarray(0, count) };
}
