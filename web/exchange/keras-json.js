// Keras' JSON, of Keras 3 and Keras 2, bare or as part of something else: the engine reads it, so that only wrappings come off.

import { isObject, shown, unreadable } from "./model-file.js";
import { trainingOf } from "./training.js";

/** @typedef {import("./model-file.js").Json} Json */

/**
 * @param {string} place the file's name
 * @param {unknown} json
 * @returns {import("./model-file.js").ModelFile}
 */
export function readKerasJson(place, json) {
  const model = unwrapped(json);
  if (!model)
    throw unreadable(place, `expected Keras’ description of a model (class_name and config), got ${shown(json)}.`);
  const { compile_config: compiled, ...config } = model;
  /** @type {string[]} */
  const passedOver = [];
  const beside = isObject(json) ? (json.training_config ?? json.modelTopology?.training_config) : undefined;
  const training = trainingOf(compiled, passedOver) ?? trainingOf(beside, passedOver);
  return { format: "Keras’ description of a model", config, training, passedOver };
}

/** @param {unknown} json @returns {Json | undefined} */
function unwrapped(json) {
  for (let inside = json, depth = 0; isObject(inside) && depth < 4; depth++) {
    if (typeof inside.class_name === "string" && inside.config !== undefined) return inside;
    inside = inside.modelTopology ?? inside.model_config ?? inside.model;
    // Some write the description as a text in it.
    if (typeof inside === "string") {
      try {
        inside = JSON.parse(inside);
      } catch {
        return undefined;
      }
    }
  }
  return undefined;
}
