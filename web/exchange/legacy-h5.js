// `.h5` as Keras 2 saves models, and Keras 3 still can: the description in an attribute, weights in a group a layer
// (`keras.src.legacy.saving.legacy_h5_format`).

import { weightNames } from "./classes.js";
import { layersOf } from "./graph.js";
import { Hdf5File } from "./hdf5/read.js";
import { readKerasJson } from "./keras-json.js";
import { readStoredWeights } from "./keras-file.js";
import { MAX_ENTRIES, jsonOf, shown, unreadable } from "./model-file.js";
import { trainingOf } from "./training.js";
import { byName } from "./weights.js";

/** @typedef {import("./model-file.js").Json} Json */
/** @typedef {import("./model-file.js").Weights} Weights */

/**
 * @param {string} place the file's name
 * @param {Uint8Array} bytes
 * @param {Json} [given] the model's description, for a file that has only weights
 * @returns {import("./model-file.js").ModelFile}
 */
export function readH5(place, bytes, given) {
  const file = new Hdf5File(place, bytes);
  const attributes = file.at("")?.attributes() ?? new Map();
  const described = attributes.get("model_config");
  const compiled = attributes.get("training_config");
  const stored = file.names("").includes("layers");
  if (typeof described !== "string" && !given) {
    const kind =
      attributes.has("layer_names") || stored
        ? "it has weights and no description of the model"
        : "it is no file of Keras";
    throw unreadable(place, `${kind}; drop the model’s JSON (model.to_json()) together with it, or save it as .keras.`);
  }
  const { config } = given ? { config: given } : readKerasJson(place, jsonOf(place, described));
  /** @type {string[]} */
  const passedOver = [];
  const training = typeof compiled === "string" ? trainingOf(jsonOf(place, compiled), passedOver) : undefined;
  if (stored) {
    return {
      format: "weights of Keras 3",
      config,
      weights: readStoredWeights(place, bytes, config, passedOver),
      training,
      passedOver,
    };
  }
  if (file.names("optimizer_weights").length)
    passedOver.push("What the optimiser remembers is not taken over: training starts it anew.");
  const inside = file.names("").includes("model_weights") ? "model_weights" : "";
  const weights = weightsIn(place, file, inside, config, passedOver);
  return {
    format: typeof described === "string" ? "an HDF5 file of Keras" : "weights of Keras",
    config,
    weights,
    training,
    passedOver,
  };
}

/** A list of names, which Keras cuts into several attributes where it is long. @param {Map<string, unknown>} attributes @param {string} name */
function list(attributes, name) {
  const whole = attributes.get(name);
  /** @type {unknown[]} */
  const found = Array.isArray(whole) ? [...whole] : [];
  for (let part = 0; found.length < MAX_ENTRIES && attributes.has(`${name}${part}`); part++) {
    const more = attributes.get(`${name}${part}`);
    if (Array.isArray(more)) found.push(...more);
  }
  return found.map(String);
}

/** @param {string} place @param {Hdf5File} file @param {string} inside @param {Json} config @param {string[]} passedOver */
function weightsIn(place, file, inside, config, passedOver) {
  const layers = layersOf(config);
  const groups = list(file.at(inside)?.attributes() ?? new Map(), "layer_names");
  if (!groups.length) throw unreadable(place, "it lists no layers (layer_names).");
  /** @type {Weights} */
  const named = new Map();
  for (const group of groups) {
    const path = `${inside}/${group}`;
    const names = list(file.at(path)?.attributes() ?? new Map(), "weight_names");
    const layer = layers.find(({ name }) => name === group);
    const expected = layer ? weightNames(layer.className, layer.config) : [];
    names.forEach((name, index) => {
      const weight = file.at(`${path}/${name}`);
      if (!weight)
        throw unreadable(`${place}: layer ${shown(group)}`, `it lists ${shown(name)}, which is not in the file.`);
      // A layer has its weights in Keras' order, a model inside this one by their names.
      named.set(layer && names.length === expected.length ? `${group}/${expected[index]}` : name, weight.read());
    });
  }
  return byName(layers, named, passedOver);
}
