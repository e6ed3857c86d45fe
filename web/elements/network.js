// What the views need to know of a model, worked out once from its summary, its Keras description and its weights.

/** @typedef {import("../convscope.js").Summary} Summary */
/** @typedef {import("../convscope.js").KerasConfig} KerasConfig */
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

/** @param {unknown} value @returns {string} */
function named(value) {
  if (typeof value === "string") return value;
  if (value && typeof value === "object" && "class_name" in value) {
    return String(value.class_name).replace(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();
  }
  return "linear";
}

/** @param {KerasConfig | undefined} layer */
function activationOf(layer) {
  if (!layer) return "linear";
  if (/^(ReLU|LeakyReLU|ELU|Softmax)$/.test(layer.class_name)) return named(layer);
  return named(layer.config["activation"]);
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
      for (let i = 0; i < patch.length; i++) patch[i] = values[(i * channels + channel) * units + unit];
      return patch;
    },
    source: (unit, channel) => Math.floor(unit / (units / groups)) * channels + channel,
  };
}

/**
 * @param {Summary} summary
 * @param {KerasConfig} description
 * @param {Map<string, Weights>} weights by "layer/kernel"
 * @returns {Column[]} the input first, the probabilities last
 */
export function columnsOf(summary, description, weights) {
  const [height, width, count] = summary.inputShape;
  /** @type {Column} */
  let before = {
    name: "input", className: "InputLayer", height, width, count, shape: summary.inputShape, params: 0, receptiveField: [1, 1],
    activation: "linear", signed: false, passed: [], bank: null, window: null,
  };
  const columns = [before];
  /** @type {string[]} */
  let passed = [];
  const described = /** @type {KerasConfig[]} */ (description.config["layers"]);
  for (const layer of summary.layers) {
    if (PASSED.has(layer.className)) {
      passed.push(layer.name);
      continue;
    }
    const keras = described.find(({ config }) => config["name"] === layer.name);
    const activation = activationOf(keras);
    const kernel = weights.get(`${layer.name}/kernel`);
    const computes = kernel !== undefined || layer.className === "BatchNormalization";
    const shape = layer.outputShape;
    const [mapHeight, mapWidth, maps] = shape.length === 1 ? /** @type {const} */ ([1, 1, shape[0]]) : shape;
    const pool = keras?.config["pool_size"];
    before = {
      name: layer.name,
      className: layer.className,
      height: mapHeight,
      width: mapWidth,
      count: maps,
      shape,
      params: layer.params,
      receptiveField: layer.receptiveField,
      activation,
      signed: !NON_NEGATIVE.has(activation) && (computes || before.signed),
      passed,
      bank: kernel ? bankOf(before, kernel, weights.get(`${layer.name}/bias`)?.values) : null,
      window: Array.isArray(pool) ? [Number(pool[0]), Number(pool[1])] : typeof pool === "number" ? [pool, pool] : null,
    };
    passed = [];
    columns.push(before);
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

/** @param {Column} column */
export function shapeText(column) {
  return column.shape.join("×");
}

/** @param {Column} column @returns {string} what one of its outputs is called */
export function unitWord(column) {
  return column.shape.length === 1 ? "unit" : "map";
}
