// What the views are told of the model on view.

import { DIGITS } from "../data/digits.js";
import { SIDE, isDrawable } from "../data/image-size.js";
import { columnsOf } from "./layers.js";

/** @typedef {import("../convscope.js").RemoteModel} Model */
/** @typedef {import("../convscope.js").Summary} Summary */
/** @typedef {import("./catalogue.js").Entry} Entry */
/**
 * @typedef {object} Shown the model on view
 * @property {string} name of the catalogue; empty for a model from elsewhere
 * @property {boolean} [own] whether it is one of the reader's own
 * @property {string} title
 * @property {string} description
 * @property {Entry["accuracy"]} accuracy
 * @property {Summary} summary
 * @property {Float32Array} weights all of them, in the summary's order
 * @property {import("./layers.js").Column[]} columns made of both
 * @property {number} params
 * @property {[height: number, width: number]} inputSize
 * @property {import("../convscope.js").ImageShape} inputShape
 * @property {boolean} drawable whether the pad draws for it
 * @property {boolean} learning whether it is a run's, which began with random weights
 * @property {string[]} [classes] what its outputs stand for, if not digits
 */

/**
 * Describes a model with the weights that it has now. One that reads no pictures is freed.
 * @param {Model} model
 * @param {Pick<Entry, "name" | "title" | "description" | "accuracy" | "own">} entry
 * @returns {Promise<Shown>}
 */
export async function described(model, { name, title, description, accuracy, own }) {
  const [summary, weights] = await Promise.all([model.summary(), model.flatWeights()]);
  const { params, inputShape } = summary;
  const [height, width = 0, channels = 1] = inputShape;
  if (!width || (channels !== 1 && channels !== 3)) {
    await model.free();
    throw new Error(
      `${title} takes ${inputShape.join("×")}; pictures are ${SIDE}×${SIDE}×1, or height×width×3 in colour.`,
    );
  }
  const drawable = isDrawable([height, width, channels]);
  const about = { name, title, description, accuracy, own, params, drawable, learning: false };
  const sizes = { inputSize: [height, width], inputShape: [height, width, channels] };
  return {
    ...about,
    .../** @type {Pick<Shown, "inputSize" | "inputShape">} */ (sizes),
    ...withWeights({ summary }, weights),
  };
}

/** Whether it reads the digits that the generator draws. @param {Shown} shown */
export const readsDigits = ({ drawable, classes }) => drawable && (!classes || classes.join() === DIGITS.join());

/**
 * The same model with other weights.
 * @param {Pick<Shown, "summary">} shown
 * @param {Float32Array} weights
 */
export function withWeights({ summary }, weights) {
  return { summary, weights, columns: columnsOf(summary, weights) };
}

/**
 * The place of a tensor among all weights.
 * @param {Shown} shown
 * @param {string} name
 */
export function placeOf({ summary }, name) {
  return summary.layers.flatMap(({ weights }) => weights).find((tensor) => tensor.name === name)?.first ?? 0;
}
