// A model as an ONNX graph: its input lies as in Keras, channels last, and is turned in front of the first layer of images.

import { completed } from "../classes.js";
import { isMerging } from "../graph.js";
import { UnreadableError, isObject, shown, unreadable } from "../model-file.js";
import { reshaped, transposed } from "../numbers.js";
import { around, perAxis, windowOf } from "../shapes.js";
import { writeMessages } from "./messages.js";

/** @typedef {import("../graph.js").Graph} Graph */
/** @typedef {import("../graph.js").GraphLayer} GraphLayer */
/** @typedef {import("../model-file.js").Weight} Weight */
/** @typedef {import("../model-file.js").Weights} Weights */
/** @typedef {import("./messages.js").Given} Attribute */
/** @typedef {{ name: string, first: boolean }} Value `first`: whether its channels are the first axis behind the batch */

/** The version of the operators: the first with LayerNormalization. */
const VERSION = 17;
/** Activations that are one operator. @type {Record<string, [string, Record<string, Attribute>?]>} */
const ACTIVATIONS = {
  relu: ["Relu"],
  sigmoid: ["Sigmoid"],
  tanh: ["Tanh"],
  softplus: ["Softplus"],
  softsign: ["Softsign"],
  elu: ["Elu"],
  selu: ["Selu"],
  exponential: ["Exp"],
  hard_sigmoid: ["HardSigmoid", { alpha: { f: 1 / 6 }, beta: { f: 0.5 } }],
  hard_silu: ["HardSwish"],
  hard_swish: ["HardSwish"],
  leaky_relu: ["LeakyRelu", { alpha: { f: 0.2 } }],
};

class Writer {
  /** @type {import("./messages.js").WrittenNode[]} */
  nodes = [];
  /** @type {import("./messages.js").Tensor[]} */
  constants = [];
  #count = 0;

  /** @param {Weights} weights */
  constructor(weights) {
    this.weights = weights;
  }

  /** @param {string} operator @param {string[]} inputs @param {Record<string, Attribute>} [attributes] @param {string} [name] @returns {string} its output */
  node(operator, inputs, attributes, name) {
    this.#count += 1;
    const output = `value_${this.#count}`;
    this.nodes.push({ operator, inputs, output, attributes, name: name ?? "" });
    return output;
  }

  /** @param {string} name @param {Weight | { shape: number[], values: number[] }} tensor @returns {string} */
  constant(name, { shape, values }) {
    this.constants.push({ name, shape, values });
    return name;
  }

  /** Numbers for one node alone. @param {number[] | Float32Array} values @param {number[]} [shape] */
  numbers(values, shape = [values.length]) {
    this.#count += 1;
    return this.constant(`constant_${this.#count}`, { shape, values: /** @type {any} */ (values) });
  }

  /** @param {Value} value @param {number} axes behind the batch @returns {Value} with channels first */
  first(value, axes) {
    if (value.first || axes < 2) return value;
    return {
      name: this.node("Transpose", [value.name], {
        perm: [0, axes, ...Array.from({ length: axes - 1 }, (_, axis) => axis + 1)],
      }),
      first: true,
    };
  }

  /** @param {Value} value @param {number} axes @returns {Value} with channels last */
  last(value, axes) {
    if (!value.first || axes < 2) return value;
    return {
      name: this.node("Transpose", [value.name], {
        perm: [0, ...Array.from({ length: axes - 1 }, (_, axis) => axis + 2), 1],
      }),
      first: false,
    };
  }
}

/** @typedef {{ writer: Writer, layer: GraphLayer, config: Record<string, any>, place: string, axes: number, weight: (name: string) => Weight }} Given */

/** @param {Given} given @param {Value} value @param {unknown} activation @param {string} [name] of the node @returns {Value} */
function activated({ writer, place, axes }, value, activation, name) {
  if (activation === null || activation === undefined || activation === "linear") return value;
  const text = isObject(activation) && typeof activation.config === "string" ? activation.config : activation;
  if (text === "softmax" || text === "log_softmax") {
    return {
      ...value,
      name: writer.node(
        text === "softmax" ? "Softmax" : "LogSoftmax",
        [value.name],
        { axis: value.first ? 1 : axes },
        name,
      ),
    };
  }
  if (text === "silu" || text === "swish") {
    const gate = writer.node("Sigmoid", [value.name], {});
    return { ...value, name: writer.node("Mul", [value.name, gate], {}, name) };
  }
  if (text === "relu6") {
    const ends = [writer.numbers(Float32Array.of(0), []), writer.numbers(Float32Array.of(6), [])];
    return { ...value, name: writer.node("Clip", [value.name, ...ends], {}, name) };
  }
  if (text === "gelu" || text === "mish") {
    throw unreadable(place, `ONNX ${VERSION} has no ${text}; use relu or silu, or export as Keras or PyTorch.`);
  }
  const known = typeof text === "string" && Object.hasOwn(ACTIVATIONS, text) ? ACTIVATIONS[text] : undefined;
  if (!known) throw unreadable(place, `the activation ${shown(activation)} is not written.`);
  return { ...value, name: writer.node(known[0], [value.name], known[1] ?? {}, name) };
}

/** @param {Given} given @param {Value} value @param {string} suffix @param {Weight} kernel @param {number} groups @param {boolean} hasBias @param {boolean} [plain] without a window of its own */
function convolved({ writer, layer, config, weight }, value, suffix, kernel, groups, hasBias, plain = false) {
  const sizes = layer.inputShape.slice(0, -1);
  const { size, strides, dilation, padding } = windowOf(layer.className, config, sizes);
  const inputs = [writer.constant(`${layer.name}${suffix}.weight`, kernel)];
  if (hasBias) inputs.push(writer.constant(`${layer.name}${suffix}.bias`, weight("bias")));
  /** @type {Record<string, Attribute>} */
  const window = {
    kernel_shape: size,
    strides,
    dilations: dilation,
    pads: [...padding.map(([before]) => before), ...padding.map(([, behind]) => behind)],
    group: groups,
  };
  const attributes = plain ? { kernel_shape: size.map(() => 1) } : window;
  return { name: writer.node("Conv", [value.name, ...inputs], attributes, suffix ? "" : layer.name), first: true };
}

/** From a window's places, then in, out, to out, in, places. @param {Weight} kernel */
const outFirst = (kernel) =>
  transposed(kernel, [
    kernel.shape.length - 1,
    kernel.shape.length - 2,
    ...kernel.shape.slice(2).map((_, axis) => axis),
  ]);

/** @param {Weight} kernel `[places, channels, multiplier]` */
function oneAGroup(kernel) {
  const [channels, multiplier] = kernel.shape.slice(-2);
  const axes = kernel.shape.length - 2;
  const turned = transposed(kernel, [axes, axes + 1, ...Array.from({ length: axes }, (_, axis) => axis)]);
  return reshaped(turned, [channels * multiplier, 1, ...kernel.shape.slice(0, -2)]);
}

/** @typedef {(given: Given, input: Value) => Value} Rule */

/** @type {Rule} */
function conv(given, input) {
  const { writer, config, layer, axes, weight } = given;
  const value = writer.first(input, axes);
  const channels = /** @type {number} */ (layer.inputShape.at(-1));
  const hasBias = config.use_bias !== false;
  if (/^Separable/.test(layer.className)) {
    const deep = convolved(given, value, "_depthwise", oneAGroup(weight("depthwise_kernel")), channels, false);
    return activated(
      given,
      convolved(given, deep, "_pointwise", outFirst(weight("pointwise_kernel")), 1, hasBias, true),
      config.activation,
    );
  }
  const isDepthwise = /^Depthwise/.test(layer.className);
  const kernel = isDepthwise ? oneAGroup(weight("kernel")) : outFirst(weight("kernel"));
  return activated(
    given,
    convolved(given, value, "", kernel, isDepthwise ? channels : (config.groups ?? 1), hasBias),
    config.activation,
  );
}

/** @type {Rule} */
function convTranspose(given, input) {
  const { writer, config, layer, axes, weight, place } = given;
  if (config.output_padding !== null && config.output_padding !== undefined)
    throw unreadable(place, "output_padding is not written; leave it out.");
  const value = writer.first(input, axes);
  const sizes = layer.inputShape.slice(0, -1);
  const { size, strides, dilation, extent, same } = windowOf(layer.className, config, sizes);
  const cut = sizes.map((_, axis) => Math.max(0, same ? extent[axis] - strides[axis] : 0));
  const inputs = [writer.constant(`${layer.name}.weight`, outFirst(weight("kernel")))];
  if (config.use_bias !== false) inputs.push(writer.constant(`${layer.name}.bias`, weight("bias")));
  const attributes = {
    kernel_shape: size,
    strides,
    dilations: dilation,
    pads: [...cut.map((missing) => Math.floor(missing / 2)), ...cut.map((missing) => Math.ceil(missing / 2))],
    output_padding: strides.map((stride, axis) => Math.max(0, stride - extent[axis])),
  };
  return activated(
    given,
    { name: writer.node("ConvTranspose", [value.name, ...inputs], attributes, layer.name), first: true },
    config.activation,
  );
}

/** @type {Rule} */
function pooling({ writer, layer, config, axes }, input) {
  const value = writer.first(input, axes);
  const { size, strides, padding } = windowOf(layer.className, config, layer.inputShape.slice(0, -1));
  const pads = [...padding.map(([before]) => before), ...padding.map(([, behind]) => behind)];
  const operator = layer.className.startsWith("Max") ? "MaxPool" : "AveragePool";
  return { name: writer.node(operator, [value.name], { kernel_shape: size, strides, pads }, layer.name), first: true };
}

/** @type {Rule} */
function globalPooling({ writer, layer, config, axes }, input) {
  const value = writer.first(input, axes);
  const pooled = writer.node(
    layer.className.includes("Max") ? "GlobalMaxPool" : "GlobalAveragePool",
    [value.name],
    {},
    layer.name,
  );
  return config.keepdims ? { name: pooled, first: true } : { name: writer.node("Flatten", [pooled], {}), first: false };
}

/** @type {Rule} */
function dense(given, input) {
  const { writer, layer, config, axes, weight } = given;
  const value = writer.last(input, axes);
  const kernel = writer.constant(`${layer.name}.weight`, weight("kernel"));
  const bias = config.use_bias === false ? [] : [writer.constant(`${layer.name}.bias`, weight("bias"))];
  if (axes === 1)
    return activated(
      given,
      { name: writer.node("Gemm", [value.name, kernel, ...bias], {}, layer.name), first: false },
      config.activation,
    );
  const product = writer.node("MatMul", [value.name, kernel], {}, layer.name);
  return activated(
    given,
    { name: bias.length ? writer.node("Add", [product, ...bias], {}) : product, first: false },
    config.activation,
  );
}

/** @param {number} channels @param {number} value */
const all = (channels, value) => ({ shape: [channels], values: new Float32Array(channels).fill(value) });

/** @type {Rule} */
function batchNormalization({ writer, layer, config, axes, weight }, input) {
  const value = writer.first(input, axes);
  const channels = /** @type {number} */ (layer.inputShape.at(-1));
  const parts = {
    weight: config.scale === false ? all(channels, 1) : weight("gamma"),
    bias: config.center === false ? all(channels, 0) : weight("beta"),
    mean: weight("moving_mean"),
    variance: weight("moving_variance"),
  };
  const inputs = Object.entries(parts).map(([name, part]) => writer.constant(`${layer.name}.${name}`, part));
  const attributes = { epsilon: { f: config.epsilon }, momentum: { f: config.momentum } };
  return {
    name: writer.node("BatchNormalization", [value.name, ...inputs], attributes, layer.name),
    first: value.first,
  };
}

/** @type {Rule} */
function layerNormalization({ writer, layer, config, axes, weight, place }, input) {
  const axis = Array.isArray(config.axis) && config.axis.length === 1 ? config.axis[0] : config.axis;
  if (axis !== -1 && axis !== axes)
    throw unreadable(place, `axis: only the last axis is written, got ${shown(config.axis)}.`);
  const value = writer.last(input, axes);
  const channels = /** @type {number} */ (layer.inputShape.at(-1));
  const inputs = [writer.constant(`${layer.name}.weight`, config.scale === false ? all(channels, 1) : weight("gamma"))];
  if (config.center !== false) inputs.push(writer.constant(`${layer.name}.bias`, weight("beta")));
  return {
    name: writer.node(
      "LayerNormalization",
      [value.name, ...inputs],
      { axis: -1, epsilon: { f: config.epsilon } },
      layer.name,
    ),
    first: false,
  };
}

/** @type {Rule} */
function reordered({ writer, layer, axes }, input) {
  const { className, name, config, outputShape } = layer;
  const value = writer.last(input, axes);
  if (className === "Permute")
    return { name: writer.node("Transpose", [value.name], { perm: [0, ...config.dims] }, name), first: false };
  if (className === "Flatten") return { name: writer.node("Flatten", [value.name], {}, name), first: false };
  return { name: writer.node("Reshape", [value.name, writer.numbers([-1, ...outputShape])], {}, name), first: false };
}

/** @param {"padding" | "cropping"} argument @param {1 | -1} sign @returns {Rule} */
const padding =
  (argument, sign) =>
  ({ writer, layer, config, axes }, input) => {
    const value = writer.first(input, axes);
    const pairs = around(config[argument], axes - 1);
    const pads = [0, 0, ...pairs.map(([before]) => sign * before), 0, 0, ...pairs.map(([, behind]) => sign * behind)];
    return { name: writer.node("Pad", [value.name, writer.numbers(pads)], {}, layer.name), first: true };
  };

/** @type {Rule} */
function upSampling({ writer, layer, config, axes }, input) {
  const value = writer.first(input, axes);
  const scales = writer.numbers(Float32Array.of(1, 1, ...perAxis(config.size, axes - 1)));
  const isLinear = config.interpolation === "bilinear";
  /** @type {Record<string, Attribute>} */
  const nearest = { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" };
  const attributes = isLinear ? { mode: "linear", coordinate_transformation_mode: "half_pixel" } : nearest;
  return { name: writer.node("Resize", [value.name, "", scales], attributes, layer.name), first: true };
}

/** @type {Rule} */
function rescaling({ writer, layer, config, place }, value) {
  if (typeof config.scale !== "number" || typeof config.offset !== "number")
    throw unreadable(place, "only one scale and one offset are written.");
  const scaled = writer.node("Mul", [value.name, writer.numbers(Float32Array.of(config.scale), [])], {}, layer.name);
  if (config.offset === 0) return { ...value, name: scaled };
  return { ...value, name: writer.node("Add", [scaled, writer.numbers(Float32Array.of(config.offset), [])], {}) };
}

/** @type {Rule} */
function normalization({ writer, layer, config, axes, weight, place }, input) {
  if (config.invert) throw unreadable(place, "invert is not written.");
  const channels = /** @type {number} */ (layer.inputShape.at(-1));
  const isGiven = config.mean !== null && config.mean !== undefined;
  const [mean, variance] = ["mean", "variance"].map((name) => {
    const values = isGiven ? [config[name]].flat(4).map(Number) : Array.from(weight(name).values);
    return Float32Array.from({ length: channels }, (_, channel) => values[channel % values.length]);
  });
  const value = writer.first(input, axes);
  // Keras lets no deviation be smaller.
  const inputs = [
    all(channels, 1).values,
    all(channels, 0).values,
    mean,
    variance.map((value) => Math.max(value, 1e-14)),
  ].map((values) => writer.numbers(values));
  return {
    name: writer.node("BatchNormalization", [value.name, ...inputs], { epsilon: { f: 0 } }, layer.name),
    first: value.first,
  };
}

/** @type {Rule} */
function prelu({ writer, layer, axes, weight }, input) {
  const value = writer.last(input, axes);
  return {
    name: writer.node("PRelu", [value.name, writer.constant(`${layer.name}.weight`, weight("alpha"))], {}, layer.name),
    first: false,
  };
}

/** @type {Rule} */
function relu({ writer, layer, config, place }, value) {
  const { max_value: most, negative_slope: slope, threshold } = config;
  if (threshold || (slope && most !== null))
    throw unreadable(place, "a threshold, or a slope with a largest value, is not written.");
  if (slope) return { ...value, name: writer.node("LeakyRelu", [value.name], { alpha: { f: slope } }, layer.name) };
  if (most === null || most === undefined) return { ...value, name: writer.node("Relu", [value.name], {}, layer.name) };
  const ends = [writer.numbers(Float32Array.of(0), []), writer.numbers(Float32Array.of(most), [])];
  return { ...value, name: writer.node("Clip", [value.name, ...ends], {}, layer.name) };
}

/** @type {Rule} */
function localResponse({ writer, layer, config, axes }, input) {
  const value = writer.first(input, axes);
  // ONNX divides alpha by the number of channels.
  const size = 2 * config.depth_radius + 1;
  const attributes = { size, alpha: { f: config.alpha * size }, beta: { f: config.beta }, bias: { f: config.bias } };
  return { name: writer.node("LRN", [value.name], attributes, layer.name), first: true };
}

/** What acts in training alone. @type {Rule} */
const passed = ({ writer, layer }, value) => ({
  ...value,
  name: writer.node("Identity", [value.name], {}, layer.name),
});

/** @param {Rule} rule @param {RegExp} pattern @returns {[RegExp, Rule]} */
const row = (rule, pattern) => [pattern, rule];

/** Which classes are written how. */
const RULES = [
  row(conv, /^(?:Depthwise|Separable)?Conv[12]D$/),
  row(convTranspose, /^Conv[12]DTranspose$/),
  row(pooling, /^(?:Max|Average)Pooling[12]D$/),
  row(globalPooling, /^Global(?:Max|Average)Pooling[12]D$/),
  row(dense, /^Dense$/),
  row(batchNormalization, /^BatchNormalization$/),
  row(layerNormalization, /^LayerNormalization$/),
  row(normalization, /^Normalization$/),
  row(reordered, /^(?:Flatten|Reshape|Permute)$/),
  row(padding("padding", 1), /^ZeroPadding[12]D$/),
  row(padding("cropping", -1), /^Cropping[12]D$/),
  row(upSampling, /^UpSampling[12]D$/),
  row(localResponse, /^LocalResponseNormalization$/),
  row(rescaling, /^Rescaling$/),
  row(prelu, /^PReLU$/),
  row(relu, /^ReLU$/),
  row(
    ({ writer, layer, config }, value) => ({
      ...value,
      name: writer.node("LeakyRelu", [value.name], { alpha: { f: config.negative_slope } }, layer.name),
    }),
    /^LeakyReLU$/,
  ),
  row(
    ({ writer, layer, config }, value) => ({
      ...value,
      name: writer.node("Elu", [value.name], { alpha: { f: config.alpha } }, layer.name),
    }),
    /^ELU$/,
  ),
  row((given, value) => activated(given, value, given.config.activation, given.layer.name), /^Activation$/),
  row((given, value) => activated(given, value, "softmax", given.layer.name), /^Softmax$/),
  row(
    ({ writer, layer, config }, value) => ({
      ...value,
      name: writer.node("Dropout", [value.name, writer.numbers(Float32Array.of(config.rate), [])], {}, layer.name),
    }),
    /^Dropout$/,
  ),
  row(passed, /^(?:SpatialDropout[12]D|Gaussian\w+|AlphaDropout|Identity|ActivityRegularization|Random(?!Crop)\w+)$/),
];

/** @type {Record<string, string>} */
const MERGING = {
  Add: "Sum",
  Subtract: "Sub",
  Multiply: "Mul",
  Average: "Mean",
  Maximum: "Max",
  Minimum: "Min",
  Concatenate: "Concat",
};

/** @param {Writer} writer @param {GraphLayer} layer @param {{ value: Value, axes: number }[]} inputs @returns {Value} */
function merged(writer, { name, className, config }, inputs) {
  const { axes } = inputs[0];
  // All lie as the first does; turning is exact.
  const { first } = inputs[0].value;
  const values = inputs.map(({ value, axes }) => (first ? writer.first(value, axes) : writer.last(value, axes)));
  const attributes = /** @type {Record<string, Attribute>} */ ({});
  if (className === "Concatenate") {
    const own = (config.axis ?? -1) < 0 ? (config.axis ?? -1) + axes + 1 : config.axis;
    attributes.axis = first && axes > 1 ? (own === axes ? 1 : own + 1) : own;
  }
  // Multiply has one operator for two.
  const operator = MERGING[className];
  if (operator !== "Mul")
    return {
      name: writer.node(
        operator,
        values.map((value) => value.name),
        attributes,
        name,
      ),
      first,
    };
  const product = values
    .map((value) => value.name)
    .reduce((one, other, index) => writer.node("Mul", [one, other], {}, index === values.length - 1 ? name : ""));
  return { name: product, first };
}

/**
 * @param {Graph} graph
 * @param {Weights} weights in Keras' names and layouts
 * @returns {Uint8Array}
 * @throws {UnreadableError} with a problem for each layer that is not written
 */
export function writeOnnx(graph, weights) {
  const writer = new Writer(weights);
  const axes = graph.input.shape.length;
  // Turned first of all, an input says by that how it lies.
  const input = writer.first({ name: graph.input.name, first: false }, axes);
  /** @type {Map<string, { value: Value, axes: number }>} */
  const values = new Map([[graph.input.name, { value: input, axes }]]);
  /** @type {import("../model-file.js").Problem[]} */
  const problems = [];
  for (const layer of graph.layers) {
    const place = `layer ${shown(layer.name)} (${shown(layer.className)})`;
    const inputs = layer.inputs.map((name) => values.get(name) ?? { value: { name: "", first: false }, axes: 1 });
    const { value, axes } = inputs[0];
    let output = value;
    try {
      const weight = (/** @type {string} */ name) => {
        const found = weights.get(`${layer.name}/${name}`);
        if (!found) throw unreadable(place, `its ${name} is missing.`);
        return found;
      };
      const rule = RULES.find(([pattern]) => pattern.test(layer.className))?.[1];
      if (isMerging(layer.className)) output = merged(writer, layer, inputs);
      else if (rule)
        output = rule({ writer, layer, config: completed(layer.className, layer.config), place, axes, weight }, value);
      else throw unreadable(place, "it is not written in ONNX; export as Keras or PyTorch.");
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      problems.push(...error.problems);
    }
    values.set(layer.name, { value: output, axes: layer.outputShape.length });
  }
  if (problems.length) throw new UnreadableError(problems);
  const last = /** @type {{ value: Value, axes: number }} */ (values.get(graph.output));
  const end = writer.last(last.value, last.axes);
  const outputShape = graph.layers.find(({ name }) => name === graph.output)?.outputShape ?? graph.input.shape;
  writer.nodes.push({ operator: "Identity", inputs: [end.name], output: "output", name: "" });
  const open = /** @type {(number | undefined)[]} */ ([undefined]);
  return writeMessages({
    name: graph.name,
    nodes: writer.nodes,
    constants: writer.constants,
    input: { name: graph.input.name, sizes: [...open, ...graph.input.shape] },
    output: { name: "output", sizes: [...open, ...outputShape] },
    version: VERSION,
  });
}
