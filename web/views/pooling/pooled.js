// A map of one or three channels through max pooling, average pooling and a strided convolution.

import { channelsLast } from "../../questions/channels.js";
import { OwnModel, withArguments } from "../../questions/own-model.js";
import { windowsAlong } from "../../questions/windows.js";
import { ROUNDING } from "./words.js";
import networks from "./networks.json";

/** @typedef {{ size: number, stride: number }} Setting of all three, along each axis that the map has */
/** @typedef {{ planes: Float32Array[], height: number, width: number }} Pictured a map; its height is 1 for a signal */
/**
 * @typedef {object} Kind what one of the three makes of the map
 * @property {string} title
 * @property {boolean} learns whether it has a kernel
 * @property {Float32Array} outputs a plane after the other
 * @property {number} changed outputs that are others than those of the map before it was shifted
 * @property {number | undefined} size of the change: its length as a vector, by that of the outputs before; undefined
 *   where these were all 0
 * @property {number} params
 * @property {number} sees cells of the map along an axis that one output sees
 * @property {number} behind the same for a unit of a convolution with a kernel of 3 behind it
 */
/**
 * @typedef {object} Pooled
 * @property {Kind[]} kinds
 * @property {{ missed: number, all: number }} responses places where the convolution's kernel responds at stride 1, and
 *   how many of them its stride steps over
 * @property {number} height of each one's outputs
 * @property {number} width
 * @property {number[]} starts the first cell of each window along an axis
 */

const LAYER = "pooled";
const BEHIND = 3;

/** @param {ArrayLike<number>} values */
const length = (values) => Math.hypot(...Array.from(values));

/** Whether a network's layer has a kernel. @param {typeof networks[number]} network */
const learns = ({ config }) => config.layers.some((layer) => layer.config.name === LAYER && "filters" in layer.config);

/** The three layers, and the convolution a second time at stride 1. */
export class Pooling {
  #everywhere = new OwnModel();
  #three = networks.map(() => new OwnModel());
  models = [...this.#three, this.#everywhere];

  /**
   * @param {Pictured} map
   * @param {Float32Array[]} before planes of the map before it was shifted
   * @param {Setting} setting
   * @param {Float32Array} kernel of the convolution, for each channel the same
   * @returns {Promise<Pooled>}
   */
  async answer(map, before, { size, stride }, kernel) {
    const { height, width, planes } = map;
    const weights = channelsLast(planes.map(() => kernel));
    const along = { cells: width, size, stride, padding: /** @type {const} */ ("valid") };
    const asked = this.#three.map((own, index) => this.#kind(own, index, { map, before, size, stride, weights }));
    const [{ starts }, responses, ...kinds] = await Promise.all([
      windowsAlong(along),
      this.#responses(map, { size, stride, weights }),
      ...asked,
    ]);
    return { kinds, responses, starts, height: height === 1 ? 1 : starts.length, width: starts.length };
  }

  /**
   * @param {OwnModel} own
   * @param {number} index of the network
   * @param {{ height: number, width: number, planes: Float32Array[] }} map
   * @param {{ size: number, stride: number, weights: Float32Array }} setting
   */
  async #model(own, index, { height, width, planes }, { size, stride, weights }) {
    const sides = (/** @type {number} */ side) => [height === 1 ? 1 : side, side];
    const network = networks[index];
    const model = await own.of(
      withArguments(network, [height, width, planes.length], {
        [LAYER]: { [learns(network) ? "kernel_size" : "pool_size"]: sides(size), strides: sides(stride) },
        behind: { kernel_size: sides(BEHIND) },
      }),
    );
    if (learns(network)) await model.setWeights(`${LAYER}/kernel`, weights);
    return model;
  }

  /**
   * @param {OwnModel} own
   * @param {number} index
   * @param {Setting & { map: Pictured, before: Float32Array[], weights: Float32Array }} given
   * @returns {Promise<Kind>}
   */
  async #kind(own, index, { map, before, ...setting }) {
    const model = await this.#model(own, index, map, setting);
    const [{ layers }, now, then] = await Promise.all([
      model.summary(),
      model.featureMaps(channelsLast(map.planes), LAYER),
      model.featureMaps(channelsLast(before), LAYER),
    ]);
    const outputs = now.planes;
    const changes = outputs.map((value, cell) => value - then.planes[cell]);
    const [sees, further] = layers.map(({ receptiveField }) => receptiveField?.size[1] ?? map.width);
    const whole = length(then.planes);
    return {
      title: networks[index].config.name,
      learns: learns(networks[index]),
      outputs,
      changed: changes.filter((change) => change !== 0).length,
      size: whole > 0 ? length(changes) / whole : undefined,
      params: layers[0].params,
      sees,
      behind: further,
    };
  }

  /** @param {Pictured} map @param {Setting & { weights: Float32Array }} setting */
  async #responses(map, { size, stride, weights }) {
    const model = await this.#model(this.#everywhere, networks.findIndex(learns), map, { size, stride: 1, weights });
    const { planes, shape } = await model.featureMaps(channelsLast(map.planes), LAYER);
    const responding = Array.from(planes.keys()).filter((cell) => Math.abs(planes[cell]) > ROUNDING);
    const missed = responding.filter(
      (cell) => (cell % shape[1]) % stride !== 0 || Math.floor(cell / shape[1]) % stride !== 0,
    );
    return { missed: missed.length, all: responding.length };
  }
}

/**
 * What becomes of the largest value of a map: the largest output whose window is on it.
 * @param {Pictured} map of one channel
 * @param {Pooled} pooled
 * @param {Float32Array} outputs
 * @param {number} size of the window
 */
export function peakOf({ planes: [map], width, height }, { starts, width: across }, outputs, size) {
  const value = Math.max(...map);
  const cell = map.indexOf(value);
  const covering = (/** @type {number} */ place) =>
    Array.from(starts.keys()).filter((window) => starts[window] <= place && place < starts[window] + size);
  const rows = height === 1 ? [0] : covering(Math.floor(cell / width));
  const columns = covering(cell % width);
  const seen = rows.flatMap((row) => columns.map((column) => outputs[row * across + column]));
  return { value, becomes: seen.length ? Math.max(...seen) : undefined };
}
