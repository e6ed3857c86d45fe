// What the views need to know of a model: the engine's summary as columns of maps, with the weights as patches.

import { largest, range } from "../ui/heat-map.js";

/** @typedef {import("../convscope.js").Summary} Summary */
/** @typedef {import("../convscope.js").Layer} Layer */
/** @typedef {import("../convscope.js").MapShape} MapShape */

/**
 * Every weight that feeds a layer's units, as patches: `patch(unit, channel)` is what the unit looks for in that input
 * channel. A dense layer behind an image is the same thing with patches as large as the maps.
 * @typedef {object} KernelBank
 * @property {string} name the tensor's
 * @property {number} units
 * @property {number} channels of the input that one unit sees
 * @property {number} height of a patch
 * @property {number} width of a patch
 * @property {Float32Array | undefined} bias [units]
 * @property {number} limit largest absolute weight
 * @property {(unit: number, channel: number) => Float32Array} patch
 * @property {Float32Array} values the layer's tensor
 * @property {(unit: number, channel: number, cell: number) => number} index where a weight stands in it
 * @property {(unit: number, channel: number) => number} source which map of the column before feeds that channel
 */

/**
 * One column of the figure: the input or a layer that computes something to look at.
 * @typedef {object} Column
 * @property {string} name
 * @property {string} className Keras' name; empty for the drawing
 * @property {boolean} isInput whether it is the drawing
 * @property {Layer["operation"]} operation what a value of it is made by
 * @property {number} height of a map; 1 for a dense layer's unit
 * @property {number} width of a map
 * @property {number} count of maps or units
 * @property {number[]} shape as Keras gives it
 * @property {number} params
 * @property {[number, number] | null} receptiveField in pixels of the input; null: all of it
 * @property {string} activation "linear" where the layer has none
 * @property {boolean} signed whether values below zero can come out
 * @property {string[]} passed layers between this column and the one before that have nothing to show
 * @property {KernelBank | null} bank
 * @property {[height: number, width: number] | null} window of a pooling layer
 * @property {{ top: number, right: number, bottom: number, left: number }} padding around what its windows slide over
 */

/**
 * A unit counts as a map of one cell, a sequence as an image of one row.
 * @param {MapShape} shape
 * @returns {[height: number, width: number, count: number]}
 */
function sizesOf(shape) {
  return /** @type {[number, number, number]} */ ([1, 1, ...shape].slice(-3));
}

/** @param {Layer["window"]} window */
function paddingOf(window) {
  if (!window) return { top: 0, right: 0, bottom: 0, left: 0 };
  const { rows, columns } = window;
  const behind = (/** @type {typeof rows} */ { input, size, stride, before, output }) =>
    Math.max(0, (output - 1) * stride + size - before - input);
  return { top: rows.before, right: behind(columns), bottom: behind(rows), left: columns.before };
}

/**
 * @param {Layer} layer
 * @param {Float32Array} weights of the whole model
 * @returns {KernelBank | null}
 */
function bankOf({ kernel, bias, weights: tensors }, weights) {
  if (!kernel) return null;
  const { height, width, channels, units, groups } = kernel;
  /** @param {string | null} name @returns {Float32Array | undefined} */
  const valuesOf = (name) => {
    const tensor = tensors.find((one) => one.name === name);
    return (
      tensor && weights.subarray(tensor.first, tensor.first + tensor.shape.reduce((count, side) => count * side, 1))
    );
  };
  const values = valuesOf(kernel.name) ?? new Float32Array();
  const index = (/** @type {number} */ unit, /** @type {number} */ channel, /** @type {number} */ cell) =>
    (cell * channels + channel) * units + unit;
  return {
    name: kernel.name,
    units,
    channels,
    height,
    width,
    bias: valuesOf(bias),
    limit: largest(values) || 1,
    patch(unit, channel) {
      const patch = new Float32Array(height * width);
      for (let cell = 0; cell < patch.length; cell++) patch[cell] = values[index(unit, channel, cell)];
      return patch;
    },
    values,
    index,
    source: (unit, channel) => Math.floor(unit / (units / groups)) * channels + channel,
  };
}

/**
 * @param {Summary} summary
 * @param {Float32Array} weights all of them, in the summary's order
 * @returns {Column[]} the input first, the probabilities last
 */
export function columnsOf(summary, weights) {
  const [height, width, count] = sizesOf(summary.inputShape);
  /** @type {Column} */
  const input = {
    name: "input",
    className: "",
    isInput: true,
    operation: "copy",
    height,
    width,
    count,
    shape: summary.inputShape,
    params: 0,
    receptiveField: [1, 1],
    activation: "linear",
    signed: false,
    passed: [],
    bank: null,
    window: null,
    padding: paddingOf(null),
  };
  const columns = [input];
  /** @type {string[]} */
  let passed = [];
  for (const layer of summary.layers) {
    if (layer.passesOn) {
      passed.push(layer.name);
      continue;
    }
    const { name, className, operation, outputShape, params, activation, signed, window } = layer;
    const field = layer.receptiveField?.size;
    const [mapHeight, mapWidth, maps] = sizesOf(outputShape);
    columns.push({
      name,
      className,
      isInput: false,
      operation,
      height: mapHeight,
      width: mapWidth,
      count: maps,
      shape: outputShape,
      params,
      receptiveField: field && (field[0] < height || field[1] < width) ? field : null,
      activation: activation.name,
      signed,
      passed,
      bank: bankOf(layer, weights),
      window:
        window && (operation === "maximum" || operation === "mean") ? [window.rows.size, window.columns.size] : null,
      padding: paddingOf(window),
    });
    passed = [];
  }
  return columns;
}

/**
 * The maps of the column before that feed one map, each with how strongly: 1 for the largest kernel slice.
 * @param {Column} column
 * @param {number} unit
 * @returns {{ map: number, strength: number }[]}
 */
export function feeders(column, unit) {
  const { bank } = column;
  if (!bank) return [{ map: unit, strength: 1 }];
  const links = Array.from({ length: bank.channels }, (_, channel) => ({
    map: bank.source(unit, channel),
    strength: Math.hypot(...bank.patch(unit, channel)),
  }));
  const strongest = Math.max(...links.map(({ strength }) => strength)) || 1;
  return links.map(({ map, strength }) => ({ map, strength: strength / strongest }));
}

/** @param {Column} column @returns {string} what one of its outputs is called */
export function unitWord(column) {
  return column.shape.length === 1 ? "unit" : "map";
}

/** @param {Column} column @returns {"ink" | "activation"} what its maps show, which decides their colours */
export function meaningOf({ isInput }) {
  return isInput ? "ink" : "activation";
}

/**
 * The values of one map, row by row; zeros where nothing has been observed.
 * @param {import("./session.js").Observation | undefined} observation
 * @param {Column} column
 * @param {number} unit
 */
export function planeOf(observation, { name, width, height }, unit) {
  const cells = width * height;
  return observation?.maps.get(name)?.subarray(unit * cells, (unit + 1) * cells) ?? new Float32Array(cells);
}

/**
 * Where a map answers most strongly: of equal places, as of a map that is silent, the one nearest to the middle.
 * @param {import("./session.js").Observation | undefined} observation
 * @param {Column} column
 * @param {number} unit
 */
export function strongestPlace(observation, column, unit) {
  const values = planeOf(observation, column, unit);
  const { max } = range(values);
  const middle = [(column.height - 1) / 2, (column.width - 1) / 2];
  let [best, nearest] = [{ row: 0, column: 0 }, Infinity];
  for (const [cell, value] of values.entries()) {
    if (value < max) continue;
    const place = { row: Math.floor(cell / column.width), column: cell % column.width };
    const distance = Math.hypot(place.row - middle[0], place.column - middle[1]);
    if (distance < nearest) [best, nearest] = [place, distance];
  }
  return best;
}
