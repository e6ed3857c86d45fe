// A network of 28×28 numbers that are no image, made to read one: what is drawn is an image, and its weights stay what they
// are.

import { PIXELS, SIDE, isDrawable } from "../data/image-size.js";
import { configOf, graphOf } from "../exchange/graph.js";
import { reshaping } from "../exchange/layer-groups.js";
import { pageEngine } from "./page-engine.js";

/** @typedef {import("../convscope.js").RemoteModel} Model */

/** What the pad draws, as a network reads it. */
const DRAWN = [SIDE, SIDE, 1];

/**
 * The model, or one of the same weights that reads an image where this reads its pixels as a vector or as rows. Freed is
 * then the first.
 *
 * @param {Model} model
 * @returns {Promise<Model>}
 */
export async function drawable(model) {
  const [{ inputShape, seed }, config] = await Promise.all([model.summary(), model.getConfig()]);
  const shape = /** @type {number[]} */ (inputShape);
  if (isDrawable(shape) || ![`${PIXELS}`, `${SIDE},${SIDE}`].includes(shape.join())) return model;
  const graph = graphOf(config);
  const { input, layers, output } = graph;
  const name = `${input.name}_as_image`;
  const read = { name, ...reshaping(shape), inputs: [input.name], inputShape: DRAWN, outputShape: shape };
  const rest = layers.map((layer) => ({
    ...layer,
    inputs: layer.inputs.map((source) => (source === input.name ? name : source)),
  }));
  const image = configOf({ ...graph, input: { ...input, shape: DRAWN }, layers: [read, ...rest], output });
  const { Model } = await pageEngine();
  const weights = await model.flatWeights();
  await model.free();
  const drawn = await Model.fromConfig(/** @type {import("../convscope.js").KerasConfig} */ (image), { seed });
  await drawn.setFlatWeights(weights);
  return drawn;
}
