// One map through max pooling, average pooling and a strided convolution.

import { OwnModel, withArguments } from "../../questions/own-model.js";
import { windowsAlong } from "../../questions/windows.js";
import networks from "./networks.json";

/** @typedef {{ size: number, stride: number }} Setting of all three, along each axis that the map has */
/**
 * @typedef {object} Kind what one of the three makes of the map
 * @property {string} title
 * @property {Float32Array} outputs
 * @property {number} changed outputs that are others than those of the map before it was shifted
 * @property {number} params
 * @property {number} sees cells of the map along an axis that one output sees
 * @property {number} behind the same for a unit of a convolution with a kernel of 3 behind it
 */
/**
 * @typedef {object} Pooled
 * @property {Kind[]} kinds
 * @property {number} height of each one's outputs
 * @property {number} width
 * @property {number[]} starts the first cell of each window along an axis
 */

const LAYER = "pooled";
const BEHIND = 3;

/** The three layers on maps of one size. */
export class Pooling {
  #height;
  #width;
  models = networks.map(() => new OwnModel());

  /** @param {number} height 1 for a signal @param {number} width */
  constructor(height, width) {
    this.#height = height;
    this.#width = width;
  }

  /** @param {number} across @returns {[height: number, width: number]} as large along both axes, if there are two */
  #sides(across) {
    return [this.#height === 1 ? 1 : across, across];
  }

  /**
   * @param {Float32Array} map
   * @param {Float32Array} before the map before it was shifted
   * @param {Setting} setting
   * @param {Float32Array} kernel of the convolution
   * @returns {Promise<Pooled>}
   */
  async answer(map, before, { size, stride }, kernel) {
    const along = { cells: this.#width, size, stride, padding: /** @type {const} */ ("valid") };
    const asked = this.models.map((_, index) => this.#kind(index, { map, before, size, stride, kernel }));
    const [{ starts }, ...kinds] = await Promise.all([windowsAlong(along), ...asked]);
    return { kinds, starts, height: this.#height === 1 ? 1 : starts.length, width: starts.length };
  }

  /**
   * @param {number} index
   * @param {Setting & { map: Float32Array, before: Float32Array, kernel: Float32Array }} given
   * @returns {Promise<Kind>}
   */
  async #kind(index, { map, before, size, stride, kernel }) {
    const network = networks[index];
    const [window, strides] = [this.#sides(size), this.#sides(stride)];
    const learns = network.config.layers.some(({ config }) => config.name === LAYER && "filters" in config);
    const model = await this.models[index].of(
      withArguments(network, [this.#height, this.#width, 1], {
        [LAYER]: { [learns ? "kernel_size" : "pool_size"]: window, strides },
        behind: { kernel_size: this.#sides(BEHIND) },
      }),
    );
    const [{ layers }] = await Promise.all([
      model.summary(),
      learns ? model.setWeights(`${LAYER}/kernel`, kernel) : undefined,
    ]);
    const [now, then] = await Promise.all([model.featureMaps(map, LAYER), model.featureMaps(before, LAYER)]);
    const outputs = now.planes;
    const [sees, further] = layers.map(({ receptiveField }) => receptiveField?.size[1] ?? this.#width);
    const changed = outputs.filter((value, cell) => value !== then.planes[cell]).length;
    return { title: network.config.name, outputs, changed, params: layers[0].params, sees, behind: further };
  }
}
