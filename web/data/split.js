// Which examples are learnt and which are kept apart.

import { inTurns } from "./turns.js";

/** @typedef {import("../convscope.js").LabelledImages} Examples */

/**
 * @param {Examples} examples
 * @param {Uint32Array} indices
 * @returns {Promise<Examples>}
 */
async function chosen({ shape, pixels, labels }, indices) {
  const size = shape[0] * shape[1] * shape[2];
  const copy = new Uint8Array(indices.length * size);
  await inTurns(indices.length, (place) => {
    const index = indices[place];
    copy.set(pixels.subarray(index * size, (index + 1) * size), place * size);
  });
  return { shape, pixels: copy, labels: Uint8Array.from(indices, (index) => labels[index]) };
}

/**
 * Keeps a part of each class apart, as many of each as its share of all is, and at least one of a class that has two.
 * Either part stays in the order of the examples.
 *
 * @param {import("../convscope.js").RemoteEngine} engine
 * @param {Examples} examples
 * @param {{ validation: number, seed: number }} options `validation`: the part that is kept apart, 0 to 1
 */
export async function split(engine, examples, options) {
  const { training, validation } = await engine.split(examples.labels, options);
  return { training: await chosen(examples, training), validation: await chosen(examples, validation) };
}

/**
 * The three parts of examples that came as one.
 *
 * @param {import("../convscope.js").RemoteEngine} engine
 * @param {Examples} examples
 * @param {{ validation: number, test: number, seed: number }} options `validation` and `test`: each as a part of all
 */
export async function splitInThree(engine, examples, { validation, test, seed }) {
  const parts = await split(engine, examples, { validation: test, seed });
  const learnt = await split(engine, parts.training, { validation: validation / (1 - test), seed });
  return { ...learnt, test: parts.validation };
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
