// A layer of Keras as modules of PyTorch, with its weights in PyTorch's names and layouts. Inside everything has channels
// first; `images` are (channels, height, width), sequences (channels, length).

import { completed } from "../classes.js";
import { shown, sizeOf, unreadable } from "../model-file.js";
import { reshaped, transposed } from "../numbers.js";
import { literal } from "../python/literal.js";
import { around, perAxis, windowOf } from "../shapes.js";
import { rowsChannelsFirst } from "../flattening.js";
import { LAYERS as ACTIVATIONS, activationModule } from "./activations.js";

/** @typedef {import("../model-file.js").Weight} Weight */
/** @typedef {import("../graph.js").GraphLayer} GraphLayer */
/**
 * @typedef {object} Module
 * @property {string} suffix what its name has behind the layer's; most have none
 * @property {string} code `nn.Conv2d(1, 8, 3)`
 * @property {Record<string, Weight>} [weights] by PyTorch's names, "weight"
 * @property {string} [note] what is said of it
 */
/**
 * @typedef {object} Given what modules are made of
 * @property {GraphLayer} layer
 * @property {Record<string, any>} config with all defaults
 * @property {(name: string) => Weight} weight
 * @property {boolean} turned whether a flattening keeps PyTorch's order
 * @property {number[] | undefined} rows the shape of the flattened image that a Dense layer reads
 * @property {string} place
 */

/** The axes behind the batch, as `permute` takes them, from channels first to last. @param {number} axes */
const toLast = (axes) => [...Array.from({ length: axes - 1 }, (_, axis) => axis + 2), 1];
/** @param {number} axes */
const toFirst = (axes) => [axes, ...Array.from({ length: axes - 1 }, (_, axis) => axis + 1)];

/** @param {readonly number[]} axes @param {string} suffix @returns {Module} */
const permuted = (axes, suffix) => ({ suffix, code: `Permute(${axes.join(", ")})` });

/** One size, or one an axis. @param {readonly number[]} sizes */
const sized = (sizes) => (sizes.every((size) => size === sizes[0]) ? String(sizes[0]) : literal([...sizes]));

/** What is put around, from the last axis on, as PyTorch counts. @param {readonly (readonly [number, number])[]} pairs */
const padded = (pairs) => `nn.ZeroPad${pairs.length}d(${literal([...pairs].reverse().flat())})`;

/** @param {Given} given @returns {Module[]} the activation that many layers have */
function activated({ config, place }) {
  const code = activationModule(place, config.activation);
  return code ? [{ suffix: "activation", code }] : [];
}

/** @param {Given} given @returns {Record<string, Weight>} */
const biasOf = ({ config, weight }) => (config.use_bias === false ? {} : { bias: weight("bias") });

/** Keyword arguments that are not PyTorch's own defaults. @param {Record<string, [string, string]>} given value and default */
const keywords = (given) => Object.entries(given).filter(([, [value, usual]]) => value !== usual).map(([name, [value]]) => `, ${name}=${value}`).join(""); // prettier-ignore

/**
 * A convolution, with what it needs around its input.
 *
 * @param {Given} given @param {{ suffix: string, inputs: number, outputs: number, groups: number, weights: Record<string, Weight> }} parts
 * @returns {Module[]}
 */
function convolution({ layer, config }, { suffix, inputs, outputs, groups, weights }) {
  const sizes = layer.inputShape.slice(0, -1);
  const { size, strides, dilation, padding } = windowOf(layer.className, config, sizes);
  const isEven = padding.every(([before, behind]) => before === behind);
  const code = `nn.Conv${sizes.length}d(${inputs}, ${outputs}, ${sized(size)}${keywords({
    stride: [sized(strides), "1"],
    padding: [isEven ? sized(padding.map(([before]) => before)) : "0", "0"],
    dilation: [sized(dilation), "1"],
    groups: [String(groups), "1"],
    bias: [weights.bias ? "True" : "False", "True"],
  })})`;
  const around = isEven ? [] : [{ suffix: "padding", code: padded(padding) }];
  return [...around, { suffix, code, weights }];
}

/** Axes of a kernel: from the places of its window, then in, out, to out, in, places. @param {number} axes */
const kernelOrder = (axes) => [axes + 1, axes, ...Array.from({ length: axes }, (_, axis) => axis)];

/** A depthwise kernel `[places, channels, multiplier]` as one group a channel. @param {Weight} kernel @returns {Weight} */
function depthwise(kernel) {
  const axes = kernel.shape.length - 2;
  const [channels, multiplier] = kernel.shape.slice(-2);
  const turned = transposed(kernel, [axes, axes + 1, ...Array.from({ length: axes }, (_, axis) => axis)]);
  return reshaped(turned, [channels * multiplier, 1, ...kernel.shape.slice(0, -2)]);
}

/** @param {Given} given @returns {Module[]} */
function conv(given) {
  const { layer, config, weight } = given;
  const kernel = weight("kernel");
  const inputs = /** @type {number} */ (layer.inputShape.at(-1));
  const weights = { weight: transposed(kernel, kernelOrder(layer.inputShape.length - 1)), ...biasOf(given) };
  return [
    ...convolution(given, { suffix: "", inputs, outputs: config.filters, groups: config.groups ?? 1, weights }),
    ...activated(given),
  ];
}

/** @param {Given} given @returns {Module[]} */
function depthwiseConv(given) {
  const kernel = given.weight("kernel");
  const [channels, multiplier] = kernel.shape.slice(-2);
  const weights = { weight: depthwise(kernel), ...biasOf(given) };
  return [
    ...convolution(given, { suffix: "", inputs: channels, outputs: channels * multiplier, groups: channels, weights }),
    ...activated(given),
  ];
}

/** @param {Given} given @returns {Module[]} */
function separableConv(given) {
  const { config, weight } = given;
  const [deep, point] = [weight("depthwise_kernel"), weight("pointwise_kernel")];
  const axes = deep.shape.length - 2;
  const [channels, multiplier] = deep.shape.slice(-2);
  const between = channels * multiplier;
  const pointwise = { weight: transposed(point, kernelOrder(axes)), ...biasOf(given) };
  const bias = keywords({ bias: [config.use_bias === false ? "False" : "True", "True"] });
  return [
    ...convolution(given, {
      suffix: "depthwise",
      inputs: channels,
      outputs: between,
      groups: channels,
      weights: { weight: depthwise(deep) },
    }),
    { suffix: "pointwise", code: `nn.Conv${axes}d(${between}, ${config.filters}, 1${bias})`, weights: pointwise },
    ...activated(given),
  ];
}

/** @param {Given} given @returns {Module[]} */
function convTranspose(given) {
  const { layer, config, weight, place } = given;
  if (config.output_padding !== null && config.output_padding !== undefined)
    throw unreadable(place, "output_padding is not written; leave it out.");
  const sizes = layer.inputShape.slice(0, -1);
  const { strides, dilation, size, extent, same } = windowOf(layer.className, config, sizes);
  const kernel = weight("kernel");
  const inputs = /** @type {number} */ (layer.inputShape.at(-1));
  // Kernels lie as [places, out, in] in Keras, as [in, out, places] here.
  /** @type {Record<string, Weight>} */
  const weights = { weight: transposed(kernel, kernelOrder(sizes.length)), ...biasOf(given) };
  const rest = strides.map((stride, axis) => Math.max(0, stride - extent[axis]));
  const code = `nn.ConvTranspose${sizes.length}d(${inputs}, ${config.filters}, ${sized(size)}${keywords({
    stride: [sized(strides), "1"],
    output_padding: [sized(rest), "0"],
    dilation: [sized(dilation), "1"],
    bias: [weights.bias ? "True" : "False", "True"],
  })})`;
  const cut = sizes.map((_, axis) => Math.max(0, same ? extent[axis] - strides[axis] : 0));
  const cropping = cut.map(
    (missing) => /** @type {[number, number]} */ ([-Math.floor(missing / 2), -Math.ceil(missing / 2)]),
  );
  const cropped = cut.some((missing) => missing > 0) ? [{ suffix: "cropping", code: padded(cropping) }] : [];
  return [{ suffix: "", code, weights }, ...cropped, ...activated(given)];
}

/** @param {Given} given @returns {Module[]} */
function pooling({ layer, config }) {
  const sizes = layer.inputShape.slice(0, -1);
  const { size, strides, padding, output } = windowOf(layer.className, config, sizes);
  const isMax = layer.className.startsWith("Max");
  // One missing place more behind than before is a last window that begins inside and ends outside.
  const beyond = padding.some(([before, behind]) => behind > before);
  const before = padding.map(([first]) => first);
  const reached = sizes.every(
    (length, axis) => Math.ceil((length + 2 * before[axis] - size[axis]) / strides[axis]) + 1 === output[axis],
  );
  if (beyond && !reached) return pooledApart(layer, { size, strides, padding });
  const code = `nn.${isMax ? "Max" : "Avg"}Pool${sizes.length}d(${sized(size)}${keywords({
    stride: [sized(strides), sized(size)],
    padding: [sized(before), "0"],
    ceil_mode: [beyond ? "True" : "False", "False"],
    count_include_pad: [isMax || !padding.flat().some(Boolean) ? "" : "False", ""],
  })})`;
  return [{ suffix: "", code }];
}

/**
 * Pooling whose padding PyTorch's modules have not.
 *
 * @param {GraphLayer} layer
 * @param {{ size: number[], strides: number[], padding: [number, number][] }} window
 * @returns {Module[]}
 */
function pooledApart({ className }, { size, strides, padding }) {
  const axes = size.length;
  const pads = literal([...padding].reverse().flat());
  if (className.startsWith("Average")) {
    return [{ suffix: "", code: `AveragePooling(${pads}, ${literal(size)}, ${literal(strides)})` }];
  }
  return [
    { suffix: "padding", code: `nn.ConstantPad${axes}d(${pads}, -torch.inf)` },
    { suffix: "", code: `nn.MaxPool${axes}d(${sized(size)}${keywords({ stride: [sized(strides), sized(size)] })})` },
  ];
}

/** @param {Given} given @returns {Module[]} */
function globalPooling({ layer, config }) {
  const axes = layer.inputShape.length - 1;
  const code = `nn.Adaptive${layer.className.includes("Max") ? "Max" : "Avg"}Pool${axes}d(1)`;
  return [{ suffix: "", code }, ...(config.keepdims ? [] : [{ suffix: "flatten", code: "nn.Flatten()" }])];
}

/** @param {Given} given @returns {Module[]} */
function dense(given) {
  const { layer, config, weight, rows } = given;
  const kernel = weight("kernel");
  const inputs = /** @type {number} */ (layer.inputShape.at(-1));
  /** @type {Record<string, Weight>} */
  const weights = { weight: transposed(rows ? rowsChannelsFirst(kernel, rows) : kernel, [1, 0]), ...biasOf(given) };
  const linear = {
    suffix: "",
    code: `nn.Linear(${inputs}, ${config.units}${keywords({ bias: [weights.bias ? "True" : "False", "True"] })})`,
    weights,
  };
  const axes = layer.inputShape.length;
  const turned =
    axes > 1 ? [permuted(toLast(axes), "channels_last"), linear, permuted(toFirst(axes), "channels_first")] : [linear];
  return [...turned, ...activated(given)];
}

/** @param {Given} given @returns {Module[]} */
function batchNormalization({ layer, config, weight }) {
  const channels = /** @type {number} */ (layer.inputShape.at(-1));
  const all = (/** @type {number} */ value) => ({ shape: [channels], values: new Float32Array(channels).fill(value) });
  const affine = config.scale !== false || config.center !== false;
  const learnt = affine
    ? {
        weight: config.scale === false ? all(1) : weight("gamma"),
        bias: config.center === false ? all(0) : weight("beta"),
      }
    : {};
  const weights = { ...learnt, running_mean: weight("moving_mean"), running_var: weight("moving_variance") };
  // Keras' momentum is one minus PyTorch's.
  const momentum = Number((1 - config.momentum).toPrecision(12));
  const code = `nn.BatchNorm${Math.max(1, layer.inputShape.length - 1)}d(${channels}, eps=${literal(config.epsilon)}, momentum=${literal(momentum)}${keywords({ affine: [affine ? "True" : "False", "True"] })})`;
  return [{ suffix: "", code, weights: /** @type {Record<string, Weight>} */ (weights) }];
}

/** @param {Given} given @returns {Module[]} */
function layerNormalization({ layer, config, weight, place }) {
  const axes = layer.inputShape.length;
  const axis = Array.isArray(config.axis) && config.axis.length === 1 ? config.axis[0] : config.axis;
  if (axis !== -1 && axis !== axes)
    throw unreadable(place, `axis: only the last axis is written, got ${shown(config.axis)}.`);
  const channels = /** @type {number} */ (layer.inputShape.at(-1));
  const all = (/** @type {number} */ value) => ({ shape: [channels], values: new Float32Array(channels).fill(value) });
  const weights = {
    weight: config.scale === false ? all(1) : weight("gamma"),
    bias: config.center === false ? all(0) : weight("beta"),
  };
  const own = { suffix: "", code: `nn.LayerNorm(${channels}, eps=${literal(config.epsilon)})`, weights };
  return axes > 1 ? [permuted(toLast(axes), "channels_last"), own, permuted(toFirst(axes), "channels_first")] : [own];
}

/** @param {Given} given @returns {Module[]} */
function normalization({ layer, config, weight, place }) {
  const channels = /** @type {number} */ (layer.inputShape.at(-1));
  if (config.invert) throw unreadable(place, "invert is not written.");
  const isGiven = config.mean !== null && config.mean !== undefined;
  /** @param {string} name @returns {Weight} */
  const statistics = (name) => {
    const values = isGiven ? [config[name]].flat(4).map(Number) : Array.from(weight(name).values);
    if (values.length !== channels && values.length !== 1)
      throw unreadable(place, `${name}: expected a number, or one a channel.`);
    return {
      shape: [channels],
      values: Float32Array.from({ length: channels }, (_, channel) => values[channel % values.length]),
    };
  };
  return [
    {
      suffix: "",
      code: `Normalization(${channels})`,
      weights: { mean: statistics("mean"), variance: statistics("variance") },
    },
  ];
}

/** @param {Given} given @returns {Module[]} */
function prelu({ layer, weight, place }) {
  const alpha = weight("alpha");
  const channels = /** @type {number} */ (layer.inputShape.at(-1));
  if (sizeOf(alpha.shape) !== channels)
    throw unreadable(
      place,
      "PyTorch’s PReLU has one slope a channel: set shared_axes to the places of the image, [1, 2].",
    );
  return [{ suffix: "", code: `nn.PReLU(${channels})`, weights: { weight: reshaped(alpha, [channels]) } }];
}

/** @param {Given} given @returns {Module[]} */
function reordered({ layer, turned }) {
  const { className, inputShape: before, outputShape: after, config } = layer;
  if (className === "Flatten" && (turned || before.length === 1)) return [{ suffix: "", code: "nn.Flatten()" }];
  const last = before.length > 1 ? [permuted(toLast(before.length), "channels_last")] : [];
  const first = after.length > 1 ? [permuted(toFirst(after.length), "channels_first")] : [];
  const own =
    className === "Permute"
      ? permuted(config.dims, "")
      : { suffix: "", code: className === "Flatten" ? "nn.Flatten()" : `Reshape(${after.join(", ")})` };
  return [...last, own, ...first];
}

/** @param {(config: Record<string, any>, layer: GraphLayer) => string} write @returns {(given: Given) => Module[]} */
const single =
  (write) =>
  ({ config, layer }) => [{ suffix: "", code: write(config, layer) }];

const augmentation = () => [
  {
    suffix: "",
    code: "nn.Identity()",
    note: "acts in training only; put torchvision.transforms in front of the network instead",
  },
];

/** @type {Record<string, (given: Given) => Module[]>} */
const LAYERS = {
  Conv1D: conv,
  Conv2D: conv,
  DepthwiseConv1D: depthwiseConv,
  DepthwiseConv2D: depthwiseConv,
  SeparableConv1D: separableConv,
  SeparableConv2D: separableConv,
  Conv1DTranspose: convTranspose,
  Conv2DTranspose: convTranspose,
  MaxPooling1D: pooling,
  MaxPooling2D: pooling,
  AveragePooling1D: pooling,
  AveragePooling2D: pooling,
  GlobalMaxPooling1D: globalPooling,
  GlobalMaxPooling2D: globalPooling,
  GlobalAveragePooling1D: globalPooling,
  GlobalAveragePooling2D: globalPooling,
  Dense: dense,
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  Normalization: normalization,
  PReLU: prelu,
  Flatten: reordered,
  Reshape: reordered,
  Permute: reordered,
  Dropout: single(({ rate }) => `nn.Dropout(${literal(rate)})`),
  AlphaDropout: single(({ rate }) => `nn.AlphaDropout(${literal(rate)})`),
  SpatialDropout1D: single(({ rate }) => `nn.Dropout1d(${literal(rate)})`),
  SpatialDropout2D: single(({ rate }) => `nn.Dropout2d(${literal(rate)})`),
  GaussianNoise: single(({ stddev }) => `GaussianNoise(${literal(stddev)})`),
  GaussianDropout: single(({ rate }) => `GaussianDropout(${literal(rate)})`),
  LocalResponseNormalization: single(({ depth_radius: radius, bias, alpha, beta }) => {
    // PyTorch divides alpha by the number of channels.
    const size = 2 * radius + 1;
    return `nn.LocalResponseNorm(${size}, alpha=${literal(alpha * size)}, beta=${literal(beta)}, k=${literal(bias)})`;
  }),
  Identity: single(() => "nn.Identity()"),
  ActivityRegularization: single(() => "nn.Identity()"),
  ZeroPadding1D: single(({ padding }) => padded(around(padding, 1))),
  ZeroPadding2D: single(({ padding }) => padded(around(padding, 2))),
  Cropping1D: single(({ cropping }) => padded(around(cropping, 1).map(([a, b]) => [-a, -b]))),
  Cropping2D: single(({ cropping }) => padded(around(cropping, 2).map(([a, b]) => [-a, -b]))),
  UpSampling1D: single(({ size }) => `nn.Upsample(scale_factor=${perAxis(size, 1)[0]})`),
  UpSampling2D({ config, place }) {
    const scale = sized(perAxis(config.size, 2));
    if (config.interpolation === "nearest") return [{ suffix: "", code: `nn.Upsample(scale_factor=${scale})` }];
    if (config.interpolation === "bilinear")
      return [{ suffix: "", code: `nn.Upsample(scale_factor=${scale}, mode="bilinear")` }];
    throw unreadable(place, `interpolation: expected nearest or bilinear, got ${shown(config.interpolation)}.`);
  },
  Rescaling({ config, place }) {
    if (typeof config.scale !== "number" || typeof config.offset !== "number")
      throw unreadable(place, "only one scale and one offset are written.");
    return [{ suffix: "", code: `Rescaling(${literal(config.scale)}, ${literal(config.offset)})` }];
  },
  RandomFlip: augmentation,
  RandomRotation: augmentation,
  RandomTranslation: augmentation,
  RandomZoom: augmentation,
  RandomContrast: augmentation,
  RandomBrightness: augmentation,
};

/** How layers with several inputs are written. @type {Record<string, (inputs: string[], layer: GraphLayer, place: string) => string>} */
export const MERGING = {
  Add: (inputs) => inputs.join(" + "),
  Subtract: (inputs) => inputs.join(" - "),
  Multiply: (inputs) => inputs.join(" * "),
  Average: (inputs) => `(${inputs.join(" + ")}) / ${inputs.length}`,
  Maximum: (inputs) => inputs.reduce((a, b) => `torch.maximum(${a}, ${b})`),
  Minimum: (inputs) => inputs.reduce((a, b) => `torch.minimum(${a}, ${b})`),
  Concatenate(inputs, { config, inputShape }) {
    const axes = inputShape.length;
    const axis = config.axis ?? -1;
    const at = axis < 0 ? axis + axes + 1 : axis;
    return `torch.cat([${inputs.join(", ")}], dim=${at === axes ? 1 : at + 1})`;
  },
};

/**
 * @param {Omit<Given, "config" | "place">} given
 * @returns {Module[]}
 * @throws {import("../model-file.js").UnreadableError} for what PyTorch has not
 */
export function modulesOf(given) {
  const { className, name, config } = given.layer;
  const place = `layer ${shown(name)} (${shown(className)})`;
  const whole = { ...given, config: completed(className, config), place };
  if (Object.hasOwn(ACTIVATIONS, className)) {
    const code = ACTIVATIONS[className](place, whole.config);
    return [{ suffix: "", code: code ?? "nn.Identity()" }];
  }
  if (!Object.hasOwn(LAYERS, className)) throw unreadable(place, "PyTorch has no module for it that is written here.");
  return LAYERS[className](whole);
}
