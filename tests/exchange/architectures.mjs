// Networks by chance, graphs among them, and weights for them: the same seed gives the same ones.
import { completed, weightNames } from "../../web/exchange/classes.js";
import { configOf, graphOf, shaped } from "../../web/exchange/graph.js";
import { sizeOf } from "../../web/exchange/model-file.js";
import { outputShape } from "../../web/exchange/shapes.js";
import { Random } from "../fuzz/random.mjs";

/** The shapes of a layer's weights, by Keras' names. @param {import("../../web/exchange/graph.js").GraphLayer} layer */
export function weightShapes({ className, config: given, inputShape }) {
  const config = completed(className, given);
  const channels = inputShape.at(-1);
  const places = inputShape.length - 1;
  const size = Array.isArray(config.kernel_size) ? config.kernel_size : Array(places).fill(config.kernel_size);
  const multiplier = config.depth_multiplier ?? 1;
  const outputs = /^Depthwise/.test(className) ? channels * multiplier : (config.filters ?? config.units);
  const kernel = () => {
    if (className === "Dense") return [channels, config.units];
    if (/^Depthwise/.test(className)) return [...size, channels, multiplier];
    if (/Transpose$/.test(className)) return [...size, config.filters, channels];
    return [...size, channels / (config.groups ?? 1), config.filters];
  };
  const shapeOf = {
    kernel,
    depthwise_kernel: () => [...size, channels, multiplier],
    pointwise_kernel: () => [...size.map(() => 1), channels * multiplier, config.filters],
    bias: () => [outputs],
    alpha: () => inputShape.map((length, axis) => ((config.shared_axes ?? []).includes(axis + 1) ? 1 : length)),
    count: () => [],
  };
  return weightNames(className, config).map((name) => [name, shapeOf[name]?.() ?? [channels]]);
}

/** @param {import("../../web/exchange/graph.js").Graph} graph @param {number} seed */
export function randomWeights(graph, seed) {
  const random = new Random(seed);
  const weights = new Map();
  for (const layer of graph.layers) {
    for (const [name, shape] of weightShapes(layer)) {
      const spread = 1 / Math.sqrt(Math.max(1, sizeOf(shape.slice(0, -1))));
      const positive = name === "moving_variance" || name === "variance" || name === "count";
      const value = () =>
        positive ? 0.5 + random.unit() : (random.unit() * 2 - 1) * (shape.length > 1 ? 1.7 * spread : 0.5);
      weights.set(`${layer.name}/${name}`, { shape, values: Float32Array.from({ length: sizeOf(shape) }, value) });
    }
  }
  return weights;
}

/** Gathers layers as long as their shapes fit. */
class Builder {
  layers = [];

  constructor(random, shape) {
    this.random = random;
    this.input = { name: "input_layer", shape };
    this.last = { name: "input_layer", shape };
  }

  add(className, config, from = [this.last]) {
    const shape = outputShape(className, config, from.map(({ shape }) => shape)); // prettier-ignore
    const base = className.toLowerCase();
    const count = this.layers.filter((layer) => layer.className === className).length;
    const name = count ? `${base}_${count}` : base;
    this.layers.push({ name, className, config, inputs: from.map(({ name }) => name) });
    this.last = { name, shape };
    return this.last;
  }

  get config() {
    return configOf(shaped({ name: "model", input: this.input, layers: this.layers, output: this.last.name }));
  }
}

const ACTIVATIONS = [
  "relu",
  "tanh",
  "sigmoid",
  "elu",
  "selu",
  "silu",
  "softplus",
  "softsign",
  "hard_sigmoid",
  "leaky_relu",
  "linear",
  "relu6",
];

/** One step of images. @param {Builder} builder */
function step(builder) {
  const { random, last } = builder;
  const [height, width, channels] = last.shape;
  const activation = random.one(ACTIVATIONS);
  const filters = 2 * (1 + random.below(3));
  const size = [1 + random.below(Math.min(3, height)), 1 + random.below(Math.min(3, width))];
  const strides = [1 + random.below(2), 1 + random.below(2)];
  const padding = random.one(["same", "valid"]);
  const one = random.one([
    () => ["Conv2D", { filters, kernel_size: size, strides, padding, activation }],
    () => ["Conv2D", { filters, kernel_size: 3, padding: "same", dilation_rate: 2, use_bias: false }],
    () => ["Conv2D", { filters: 4, kernel_size: 2, padding, groups: channels % 2 === 0 ? 2 : 1, activation }],
    () => ["DepthwiseConv2D", { kernel_size: size, padding, depth_multiplier: 1 + random.below(2), activation }],
    () => ["SeparableConv2D", { filters, kernel_size: 2, padding, activation }],
    () => [
      "Conv2DTranspose",
      { filters, kernel_size: random.one([2, 3, [1, 3]]), strides: random.one([1, 2]), padding, activation },
    ],
    () => ["MaxPooling2D", { pool_size: random.one([2, 3]), strides: random.one([1, 2]), padding }],
    () => ["AveragePooling2D", { pool_size: random.one([2, 3]), padding }],
    () => ["BatchNormalization", { scale: random.below(3) > 0, center: random.below(3) > 0 }],
    () => ["LayerNormalization", {}],
    () => ["Activation", { activation }],
    () => ["ReLU", { max_value: random.one([null, 6]) }],
    () => ["LeakyReLU", { negative_slope: 0.1 }],
    () => ["PReLU", { shared_axes: [1, 2] }],
    () => ["ELU", {}],
    () => ["ZeroPadding2D", { padding: [[1, 0], [2, 1]] }], // prettier-ignore
    () => ["Cropping2D", { cropping: [[0, 1], [1, 0]] }], // prettier-ignore
    () => ["UpSampling2D", { size: [2, 1], interpolation: random.one(["nearest", "bilinear"]) }],
    () => ["Dropout", { rate: 0.25 }],
    () => ["SpatialDropout2D", { rate: 0.25 }],
    () => ["GaussianNoise", { stddev: 0.1 }],
    () => ["Rescaling", { scale: 0.5, offset: 0.25 }],
    () => ["Permute", { dims: [2, 1, 3] }],
    () => ["Reshape", { target_shape: [width, height, channels] }],
    () => ["Normalization", {}],
    () => ["LocalResponseNormalization", { depth_radius: 1 + random.below(3), alpha: 0.125, beta: 0.75, bias: 2 }],
  ])();
  try {
    const shape = outputShape(one[0], one[1], [last.shape]);
    // Small enough that a hundred of them are run in a minute.
    if (sizeOf(shape) < 4000) builder.add(...one);
  } catch (error) {
    if (error.name !== "UnreadableError") throw error;
  }
}

/** A residual block or two branches that join. @param {Builder} builder */
function block(builder) {
  const { random, last } = builder;
  const channels = last.shape.at(-1);
  const branch = (filters) => {
    builder.add("Conv2D", { filters, kernel_size: random.one([1, 3]), padding: "same", activation: "relu" }, [last]);
    return builder.add("BatchNormalization", {});
  };
  if (random.below(2))
    builder.add(random.one(["Add", "Multiply", "Average", "Maximum", "Subtract"]), {}, [branch(channels), last]);
  else builder.add("Concatenate", {}, [branch(2), branch(3), last]);
}

/** @param {number} seed @returns {{ config: object, weights: Map<string, object> }} */
export function randomModel(seed) {
  const random = new Random(seed);
  const builder = new Builder(random, [6 + random.below(5), 6 + random.below(5), random.one([1, 3, 4])]);
  for (let count = 2 + random.below(6); count > 0; count--) {
    if (seed % 2 && random.below(3) === 0) block(builder);
    else step(builder);
  }
  if (random.below(3)) builder.add("Flatten", {});
  else builder.add(random.one(["GlobalAveragePooling2D", "GlobalMaxPooling2D"]), {});
  if (random.below(2)) builder.add("Dropout", { rate: 0.5 });
  if (random.below(2)) builder.add("Dense", { units: 7, activation: random.one(ACTIVATIONS) });
  builder.add("Dense", { units: 5, activation: random.one(["softmax", "linear"]) });
  const graph = graphOf(builder.config);
  return { config: builder.config, weights: randomWeights(graph, seed + 1000) };
}

/** Sequences instead of images. @param {number} seed */
export function randomSequenceModel(seed) {
  const random = new Random(seed);
  const builder = new Builder(random, [20, random.one([1, 3])]);
  builder.add("Conv1D", {
    filters: 4,
    kernel_size: 3,
    padding: random.one(["same", "valid"]),
    strides: random.one([1, 2]),
    activation: "relu",
  });
  builder.add(random.one(["MaxPooling1D", "AveragePooling1D"]), { pool_size: 2 });
  builder.add(random.one(["ZeroPadding1D", "UpSampling1D", "BatchNormalization", "Identity"]), {});
  builder.add("Conv1DTranspose", { filters: 3, kernel_size: 3, strides: 2, padding: random.one(["same", "valid"]) });
  builder.add(random.one(["Flatten", "GlobalAveragePooling1D", "GlobalMaxPooling1D"]), {});
  builder.add("Dense", { units: 4, activation: "softmax" });
  return { config: builder.config, weights: randomWeights(graphOf(builder.config), seed + 1000) };
}
