// A convolution with the filters that a person has put together, and one of its filters taken apart.

import { KERNEL, SIDE } from "../../questions/patterns.js";
import { OwnModel } from "../../questions/own-model.js";

/** @typedef {{ title: string, kernels: Float32Array[] }} Filter one kernel a channel */
/**
 * @typedef {object} Convolved
 * @property {Float32Array[]} maps one a filter
 * @property {number} width of a map, and its height
 * @property {number[]} shape of all maps
 * @property {number} params
 * @property {Float32Array[]} parts of the chosen filter: what it makes of each channel alone
 * @property {Float32Array[][]} products of the chosen filter, by channel and weight, a map each
 */

const CELLS = KERNEL * KERNEL;

/** @param {number} filters */
function layer(filters) {
  return {
    class_name: "Conv2D",
    config: { name: "convolution", filters, kernel_size: [KERNEL, KERNEL], use_bias: false },
  };
}

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

/** Planes as Keras takes images: the channels of a cell side by side. @param {Float32Array[]} planes */
function channelsLast(planes) {
  return Float32Array.from(
    { length: planes.length * SIDE * SIDE },
    (_, index) => planes[index % planes.length][Math.floor(index / planes.length)],
  );
}

/**
 * The kernels with all weights at 0 but those that are kept.
 * @param {Float32Array[]} kernels
 * @param {(channel: number, cell: number) => boolean} keeps
 */
function only(kernels, keeps) {
  return kernels.map((kernel, channel) => kernel.map((weight, cell) => (keeps(channel, cell) ? weight : 0)));
}

export class Convolution {
  #filters = new OwnModel();
  /**
   * A filter for each channel's share and one for each single weight: what they answer are the sums and the products.
   */
  #apart = new OwnModel();
  models = [this.#filters, this.#apart];

  /** @param {OwnModel} own @param {Float32Array[]} image @param {Float32Array[][]} filters */
  async #convolve(own, image, filters) {
    const model = await own.of([SIDE, SIDE, image.length], [layer(filters.length)]);
    const [, { shape, planes }] = await Promise.all([
      model.setWeights("convolution/kernel", weightsOf(filters)),
      model.featureMaps(channelsLast(image), "convolution"),
    ]);
    const cells = shape[0] * shape[1];
    const maps = filters.map((_, filter) => planes.slice(filter * cells, (filter + 1) * cells));
    return { model, shape, maps };
  }

  /**
   * @param {Float32Array[]} image planes
   * @param {Filter[]} filters
   * @param {number} chosen
   * @returns {Promise<Convolved>}
   */
  async answer(image, filters, chosen) {
    const { kernels } = filters[chosen];
    const channels = kernels.map((_, channel) => channel);
    const shares = channels.map((channel) => only(kernels, (from) => from === channel));
    const single = channels.flatMap((channel) =>
      Array.from({ length: CELLS }, (_, cell) => only(kernels, (from, at) => from === channel && at === cell)),
    );
    const [whole, apart] = await Promise.all([
      this.#convolve(
        this.#filters,
        image,
        filters.map((filter) => filter.kernels),
      ),
      this.#convolve(this.#apart, image, [...shares, ...single]),
    ]);
    const { params } = await whole.model.summary();
    const products = apart.maps.slice(channels.length);
    return {
      maps: whole.maps,
      width: whole.shape[1],
      shape: whole.shape,
      params,
      parts: apart.maps.slice(0, channels.length),
      products: channels.map((channel) => products.slice(channel * CELLS, (channel + 1) * CELLS)),
    };
  }
}
