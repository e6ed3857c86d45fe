// What the views are told of the model on view.

import { SIDE } from "../data/image-size.js";
import { columnsOf } from "./layers.js";

/** @typedef {import("../convscope.js").RemoteModel} Model */
/** @typedef {import("./catalogue.js").Entry} Entry */
/**
 * @typedef {object} Shown the model on view
 * @property {string} name of the catalogue; empty for a model from elsewhere
 * @property {string} title
 * @property {string} description
 * @property {Entry["accuracy"]} accuracy
 * @property {import("./layers.js").Column[]} columns
 * @property {number} params
 * @property {[height: number, width: number]} inputSize
 * @property {boolean} learning whether it is a run's, which began with random weights
 * @property {string[]} [classes] what its outputs stand for, if not digits
 */

/** What the pad draws. */
const DRAWN = [SIDE, SIDE, 1];

/**
 * Describes a model with the weights that it has now. One that the pad cannot draw for is freed.
 * @param {Model} model
 * @param {Pick<Entry, "name" | "title" | "description" | "accuracy">} entry
 * @returns {Promise<Shown>}
 */
export async function described(model, { name, title, description, accuracy }) {
  const [summary, config] = await Promise.all([model.summary(), model.getConfig()]);
  if (summary.inputShape.join() !== DRAWN.join()) {
    await model.free();
    throw new Error(`${title} takes ${summary.inputShape.join("×")}; the pad draws ${DRAWN.join("×")}.`);
  }
  const names = summary.layers.flatMap((layer) => layer.weights.map((weight) => weight.name));
  const weights = new Map(
    await Promise.all(names.map(async (name) => /** @type {const} */ ([name, await model.weights(name)]))),
  );
  const columns = columnsOf(summary, config, weights);
  const { params, inputShape } = summary;
  const [height, width = 1] = inputShape;
  return { name, title, description, accuracy, columns, params, inputSize: [height, width], learning: false };
}
