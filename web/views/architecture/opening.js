// Models from elsewhere: a file or a text becomes a design, with the weights that it brings.

import { readKerasJson } from "../../exchange/keras-json.js";
import { jsonOf } from "../../exchange/model-file.js";
import { readKerasCode } from "../../exchange/python/keras-code.js";
import { describedDesign, designOf } from "./design.js";

/** @typedef {import("../../exchange/model-file.js").Weights} Weights */
/**
 * @typedef {object} Opened
 * @property {import("./design.js").Design} design
 * @property {Weights} [weights]
 * @property {string[]} passedOver
 */

/** @param {string} place @param {string} text Keras code, or Keras' JSON @returns {Opened} */
export function openText(place, text) {
  const { config, passedOver } = /^\s*[{[]/.test(text)
    ? readKerasJson(place, jsonOf(place, text))
    : readKerasCode(text, { fits: false });
  return { design: designOf(config), passedOver };
}

/**
 * @param {File[]} files any mixture that makes one model
 * @param {import("./design.js").Design | undefined} design the architecture of weights that come alone
 * @returns {Promise<Opened>}
 */
export async function openFiles(files, design) {
  const [file] = files;
  if (files.length === 1 && /\.py$/i.test(file.name)) return openText(file.name, await file.text());
  const { openModel } = await import("../../exchange/open-model.js");
  const { config, weights, passedOver } = await openModel(files, { config: design && describedDesign(design) });
  return { design: designOf(config), weights, passedOver };
}

/**
 * @param {import("../../convscope.js").Layer[]} layers
 * @param {Float32Array} flat all weights in their order
 * @returns {Weights}
 */
export function weightsOf(layers, flat) {
  const tensors = layers.flatMap(({ weights }) => weights);
  return new Map(
    tensors.map(({ name, shape, first }) => {
      const count = shape.reduce((product, size) => product * size, 1);
      return [name, { shape, values: flat.slice(first, first + count) }];
    }),
  );
}
