// What the views need to know of a model, worked out once from its summary, its Keras description and its weights.

import { range } from "../ui/heat-map.js";

/** @typedef {import("../convscope.js").Summary} Summary */
/** @typedef {import("../convscope.js").KerasConfig} KerasConfig */
/** @typedef {import("../convscope.js").MapShape} MapShape */
/** @typedef {{ shape: number[], values: Float32Array }} Weights */

/**
 * Every weight that feeds a layer's units, as patches: `patch(unit, channel)` is what the unit looks for in that input
 * channel. A dense layer after Flatten is the same thing with patches as large as the maps.
 * @typedef {object} KernelBank
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
 * @property {string} className Keras' name; "InputLayer" for the drawing
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
 * @property {[number, number] | null} window of a pooling layer
 */

const PASSED = new Set(["Flatten", "Dropout"]);
const NON_NEGATIVE = new Set(["relu", "sigmoid", "softmax"]);

/**
 * The name of a layer's activation, which Keras writes as text or, with settings, as an object.
 * @param {KerasConfig | undefined} layer
 * @returns {string}
 */
function activationOf(layer) {
  const activation = layer?.config["activation"];
  if (typeof activation !== "object" || activation === null) return String(activation ?? "linear");
  const { class_name: name, config } = /** @type {KerasConfig} */ (activation);
  return String(config["name"] ?? name);
}

/**
 * A unit counts as a map of one cell.
 * @param {MapShape} shape
 * @returns {[height: number, width: number, count: number]}
 */
function sizesOf(shape) {
  return shape.length === 3 ? shape : [1, 1, shape[0]];
}

/**
 * @param {Column} before
 * @param {Weights} kernel
 * @param {Float32Array} [bias]
 * @returns {KernelBank}
 */
function bankOf(before, kernel, bias) {
  const { shape, values } = kernel;
  const units = shape[shape.length - 1];
  const convolution = shape.length === 4;
  const [height, width, channels] = convolution ? shape : [before.height, before.width, before.count];
  const groups = convolution ? Math.max(1, before.count / channels) : 1;
  const index = (/** @type {number} */ unit, /** @type {number} */ channel, /** @type {number} */ cell) =>
    (cell * channels + channel) * units + unit;
  let limit = 0;
  for (const value of values) limit = Math.max(limit, Math.abs(value));
  return {
    units,
    channels,
    height,
    width,
    bias,
    limit: limit || 1,
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

/** @param {unknown} size of a pooling window @returns {[number, number] | null} */
function windowOf(size) {
  if (size === undefined) return null;
  return Array.isArray(size) ? [Number(size[0]), Number(size[1])] : [Number(size), Number(size)];
}

/**
 * @param {Summary} summary
 * @param {KerasConfig} description
 * @param {Map<string, Weights>} weights by "layer/kernel"
 * @returns {Column[]} the input first, the probabilities last
 */
export function columnsOf(summary, description, weights) {
  const [height, width, count] = sizesOf(summary.inputShape);
  /** @type {Column} */
  const input = {
    name: "input",
    className: "InputLayer",
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
  };
  const columns = [input];
  const described = /** @type {KerasConfig[]} */ (description.config["layers"]);
  /** @type {string[]} */
  let passed = [];
  for (const { name, className, outputShape, params, receptiveField: field } of summary.layers) {
    if (PASSED.has(className)) {
      passed.push(name);
      continue;
    }
    const before = columns[columns.length - 1];
    const keras = described.find(({ config }) => config["name"] === name);
    const activation = activationOf(keras);
    const kernel = weights.get(`${name}/kernel`);
    const computes = kernel !== undefined || className === "BatchNormalization";
    const [mapHeight, mapWidth, maps] = sizesOf(outputShape);
    columns.push({
      name,
      className,
      height: mapHeight,
      width: mapWidth,
      count: maps,
      shape: outputShape,
      params,
      receptiveField: field && (field[0] < height || field[1] < width) ? field : null,
      activation,
      signed: !NON_NEGATIVE.has(activation) && (computes || before.signed),
      passed,
      bank: kernel ? bankOf(before, kernel, weights.get(`${name}/bias`)?.values) : null,
      window: windowOf(keras?.config["pool_size"]),
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
export function meaningOf({ className }) {
  return className === "InputLayer" ? "ink" : "activation";
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
 * Where a map answers most strongly.
 * @param {import("./session.js").Observation | undefined} observation
 * @param {Column} column
 * @param {number} unit
 */
export function strongestPlace(observation, column, unit) {
  const values = planeOf(observation, column, unit);
  const cell = values.indexOf(range(values).max);
  return { row: Math.floor(cell / column.width), column: cell % column.width };
}
