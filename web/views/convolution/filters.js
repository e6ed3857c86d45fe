// A convolution with the filters that a person has put together, and one of its filters taken apart.

import { channelsLast } from "../../questions/channels.js";
import { KERNEL } from "../../questions/patterns.js";
import { OwnModel, withArguments } from "../../questions/own-model.js";
import network from "./network.json";

/** @typedef {{ title: string, kernels: Float32Array[], bias: number }} Filter the slices of its kernel, one a channel */
/**
 * @typedef {object} Convolved
 * @property {Float32Array[]} maps one a filter
 * @property {number} width of a map, and its height
 * @property {number[]} shape of all maps
 * @property {number} params
 * @property {Float32Array[]} parts of the chosen filter: what it makes of each channel alone
 * @property {{ row: number, column: number }} place of the cell that is worked out
 * @property {import("../../convscope.js").UnitArithmetic} unit how that cell of the chosen filter's map comes about
 */

const CELLS = KERNEL * KERNEL;
const LAYER = "convolution";

/**
 * Kernels as Keras lays them out: height, width, channel, filter.
 * @param {Float32Array[][]} filters kernels by channel
 */
function weightsOf(filters) {
  const channels = filters[0].length;
  const weights = new Float32Array(CELLS * channels * filters.length);
  filters.forEach((kernels, filter) =>
    kernels.forEach((kernel, channel) =>
      kernel.forEach((weight, cell) => (weights[(cell * channels + channel) * filters.length + filter] = weight)),
    ),
  );
  return weights;
}

export class Convolution {
  #own = new OwnModel();
  models = [this.#own];

  /**
   * @param {{ planes: Float32Array[], side: number }} image
   * @param {Filter[]} filters
   * @param {number} chosen
   * @param {{ row: number, column: number }} place of the cell to work out
   * @returns {Promise<Convolved>}
   */
  async answer(image, filters, chosen, place) {
    const { planes: channels, side } = image;
    const shape = [side, side, channels.length];
    const model = await this.#own.of(withArguments(network, shape, { [LAYER]: { filters: filters.length } }));
    const x = channelsLast(channels);
    // Calls are carried out in their order: the maps are those of the new kernels.
    const [, , { shape: mapShape, planes }, apart, unit, { params }] = await Promise.all([
      model.setWeights(`${LAYER}/kernel`, weightsOf(filters.map(({ kernels }) => kernels))),
      model.setWeights(
        `${LAYER}/bias`,
        Float32Array.from(filters, ({ bias }) => bias),
      ),
      model.featureMaps(x, LAYER),
      model.channelMaps(x, { layer: LAYER, unit: chosen }),
      model.explainUnit(x, { layer: LAYER, unit: chosen, ...place }),
      model.summary(),
    ]);
    const [height, width] = mapShape;
    const cut = (/** @type {Float32Array} */ all, /** @type {number} */ map) =>
      all.slice(map * height * width, (map + 1) * height * width);
    return {
      maps: filters.map((_, filter) => cut(planes, filter)),
      width,
      shape: mapShape,
      params,
      parts: channels.map((_, channel) => cut(apart.planes, channel)),
      place,
      unit,
    };
  }
}
