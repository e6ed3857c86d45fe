// Layers in textbook loops, for one example with channels last: what a model that was read gives can be compared with what the
// framework gave that wrote it.
import { completed } from "../../web/exchange/classes.js";
import { transposed } from "../../web/exchange/numbers.js";
import { around, windowOf } from "../../web/exchange/shapes.js";

const FUNCTIONS = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  relu6: (x) => Math.min(Math.max(x, 0), 6),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  silu: (x) => x / (1 + Math.exp(-x)),
  softplus: (x) => Math.log1p(Math.exp(x)),
  softsign: (x) => x / (1 + Math.abs(x)),
  hard_sigmoid: (x) => Math.min(Math.max(x / 6 + 0.5, 0), 1),
  leaky_relu: (x) => (x < 0 ? 0.2 * x : x),
};

/** @param {{ shape: number[], values: Float32Array }} input @param {unknown} name */
function activate(input, name) {
  if (name === "softmax") {
    const channels = input.shape.at(-1);
    const values = input.values.map(Math.exp);
    return {
      ...input,
      values: values.map(
        (value, at) =>
          value / values.subarray(at - (at % channels), at - (at % channels) + channels).reduce((a, b) => a + b),
      ),
    };
  }
  if (!FUNCTIONS[name ?? "linear"]) throw new Error(`no reference for ${name}`);
  return { ...input, values: input.values.map(FUNCTIONS[name ?? "linear"]) };
}

const at = ([, width, channels], row, column, channel) => (row * width + column) * channels + channel;

/** Every place of the window that lies inside. @param {(place: object) => void} visit */
function windows(layer, config, visit) {
  const [height, width] = layer.inputShape;
  const { size, strides, dilation, padding, output } = windowOf(layer.className, config, [height, width]);
  for (let y = 0; y < output[0]; y++)
    for (let x = 0; x < output[1]; x++)
      for (let i = 0; i < size[0]; i++)
        for (let j = 0; j < size[1]; j++) {
          const row = y * strides[0] + i * dilation[0] - padding[0][0];
          const column = x * strides[1] + j * dilation[1] - padding[1][0];
          if (row >= 0 && row < height && column >= 0 && column < width) visit({ y, x, i, j, row, column });
        }
}

function convolve(layer, config, input, weights) {
  const kernel = weights("kernel");
  const output = new Float32Array(layer.outputShape.reduce((a, b) => a * b));
  const [filters, channels] = [layer.outputShape[2], layer.inputShape[2]];
  const isDepthwise = layer.className.startsWith("Depthwise");
  const perGroup = isDepthwise ? 1 : kernel.shape[2];
  const groups = channels / perGroup;
  const width = config.kernel_size[1] ?? config.kernel_size;
  windows(layer, config, ({ y, x, i, j, row, column }) => {
    for (let filter = 0; filter < filters; filter++) {
      const group = Math.floor(filter / (filters / groups));
      for (let channel = 0; channel < perGroup; channel++) {
        const place = isDepthwise
          ? (i * width + j) * filters + filter
          : ((i * width + j) * perGroup + channel) * filters + filter;
        output[at(layer.outputShape, y, x, filter)] +=
          input.values[at(layer.inputShape, row, column, group * perGroup + channel)] * kernel.values[place];
      }
    }
  });
  if (config.use_bias !== false)
    output.forEach((_, place) => (output[place] += weights("bias").values[place % filters]));
  return activate({ shape: layer.outputShape, values: output }, config.activation);
}

function spread(layer, config, input, weights) {
  const kernel = weights("kernel");
  const [rows, columns, filters, channels] = kernel.shape;
  const { strides, extent, same } = windowOf(layer.className, config, layer.inputShape.slice(0, 2));
  const cut = extent.map((length, axis) => (same ? Math.floor(Math.max(0, length - strides[axis]) / 2) : 0));
  const output = new Float32Array(layer.outputShape.reduce((a, b) => a * b));
  for (let y = 0; y < layer.inputShape[0]; y++)
    for (let x = 0; x < layer.inputShape[1]; x++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++) {
          const [row, column] = [y * strides[0] + i - cut[0], x * strides[1] + j - cut[1]];
          if (row < 0 || column < 0 || row >= layer.outputShape[0] || column >= layer.outputShape[1]) continue;
          for (let filter = 0; filter < filters; filter++)
            for (let channel = 0; channel < channels; channel++)
              output[at(layer.outputShape, row, column, filter)] +=
                input.values[at(layer.inputShape, y, x, channel)] *
                kernel.values[((i * columns + j) * filters + filter) * channels + channel];
        }
  if (config.use_bias !== false)
    output.forEach((_, place) => (output[place] += weights("bias").values[place % filters]));
  return activate({ shape: layer.outputShape, values: output }, config.activation);
}

function pool(layer, config, input) {
  const isMax = layer.className.startsWith("Max");
  const length = layer.outputShape.reduce((a, b) => a * b);
  const [sums, counts] = [new Float32Array(length).fill(isMax ? -Infinity : 0), new Float32Array(length)];
  windows(layer, config, ({ y, x, row, column }) => {
    for (let channel = 0; channel < layer.outputShape[2]; channel++) {
      const place = at(layer.outputShape, y, x, channel);
      const value = input.values[at(layer.inputShape, row, column, channel)];
      sums[place] = isMax ? Math.max(sums[place], value) : sums[place] + value;
      counts[place] += 1;
    }
  });
  return { shape: layer.outputShape, values: isMax ? sums : sums.map((sum, place) => sum / counts[place]) };
}

function moved(layer, input, [[top], [left]], sign) {
  const values = new Float32Array(layer.outputShape.reduce((a, b) => a * b));
  const [height, width, channels] = layer.outputShape;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [row, column] = [y - sign * top, x - sign * left];
      if (row < 0 || column < 0 || row >= layer.inputShape[0] || column >= layer.inputShape[1]) continue;
      for (let channel = 0; channel < channels; channel++)
        values[at(layer.outputShape, y, x, channel)] = input.values[at(layer.inputShape, row, column, channel)];
    }
  return { shape: layer.outputShape, values };
}

function multiplied(layer, config, input, weights) {
  const [inputs, units] = weights("kernel").shape;
  const values = new Float32Array((input.values.length / inputs) * units);
  values.forEach((_, place) => {
    const [row, unit] = [Math.floor(place / units), place % units];
    for (let index = 0; index < inputs; index++)
      values[place] += input.values[row * inputs + index] * weights("kernel").values[index * units + unit];
    if (config.use_bias !== false) values[place] += weights("bias").values[unit];
  });
  return activate({ shape: layer.outputShape, values }, config.activation);
}

function normalised(layer, config, input, weights) {
  const channels = layer.inputShape.at(-1);
  const part = (name, usual, is = true) => (is ? weights(name).values : new Float32Array(channels).fill(usual));
  const [gamma, beta] = [part("gamma", 1, config.scale), part("beta", 0, config.center)];
  const [mean, variance] = [part("moving_mean"), part("moving_variance")];
  const values = input.values.map((value, place) => {
    const channel = place % channels;
    return ((value - mean[channel]) / Math.sqrt(variance[channel] + config.epsilon)) * gamma[channel] + beta[channel];
  });
  return { ...input, values };
}

function pooledWhole({ className, outputShape }, input) {
  const channels = outputShape.at(-1);
  const values = Float32Array.from({ length: channels }, (_, channel) => {
    const own = input.values.filter((_, place) => place % channels === channel);
    return className.includes("Max") ? Math.max(...own) : own.reduce((a, b) => a + b) / own.length;
  });
  return { shape: outputShape, values };
}

function joined(layer, inputs) {
  const places = inputs[0].values.length / inputs[0].shape.at(-1);
  const parts = Array.from({ length: places }, (_, place) =>
    inputs.flatMap(({ shape, values }) =>
      Array.from(values.subarray(place * shape.at(-1), (place + 1) * shape.at(-1))),
    ),
  );
  return { shape: layer.outputShape, values: Float32Array.from(parts.flat()) };
}

const RULES = {
  Conv2D: convolve,
  DepthwiseConv2D: convolve,
  Conv2DTranspose: spread,
  MaxPooling2D: pool,
  AveragePooling2D: pool,
  Dense: multiplied,
  BatchNormalization: normalised,
  GlobalAveragePooling2D: (layer, _, input) => pooledWhole(layer, input),
  GlobalMaxPooling2D: (layer, _, input) => pooledWhole(layer, input),
  ZeroPadding2D: (layer, config, input) => moved(layer, input, around(config.padding, 2), 1),
  Cropping2D: (layer, config, input) => moved(layer, input, around(config.cropping, 2), -1),
  Flatten: (layer, _, input) => ({ ...input, shape: layer.outputShape }),
  Reshape: (layer, _, input) => ({ ...input, shape: layer.outputShape }),
  Permute: (_, { dims }, input) => transposed(input, dims.map((axis) => axis - 1)), // prettier-ignore
  Dropout: (_, __, input) => input,
  SpatialDropout2D: (_, __, input) => input,
  GaussianNoise: (_, __, input) => input,
  ELU: (_, __, input) => activate(input, "elu"),
  Rescaling: (_, { scale, offset }, input) => ({ ...input, values: input.values.map((x) => x * scale + offset) }),
  Activation: (_, { activation }, input) => activate(input, activation),
  ReLU: (_, { max_value: most }, input) => ({
    ...activate(input, "relu"),
    values: input.values.map((x) => Math.min(Math.max(x, 0), most ?? Infinity)),
  }),
  LeakyReLU: (_, { negative_slope: slope }, input) => ({
    ...input,
    values: input.values.map((x) => (x < 0 ? slope * x : x)),
  }),
};

/** @param {import("../../web/exchange/graph.js").Graph} graph @param {Map<string, object>} weights @param {Float32Array} x one example */
export function predict(graph, weights, x) {
  const values = new Map([[graph.input.name, { shape: graph.input.shape, values: x }]]);
  for (const layer of graph.layers) {
    const inputs = layer.inputs.map((name) => values.get(name));
    const own = (name) => weights.get(`${layer.name}/${name}`);
    const rule = RULES[layer.className];
    const pairs = {
      Add: (a, b) => a + b,
      Multiply: (a, b) => a * b,
      Subtract: (a, b) => a - b,
      Maximum: Math.max,
      Average: (a, b) => (a + b) / 2,
    }[layer.className];
    if (pairs)
      values.set(
        layer.name,
        inputs.reduce((a, b) => ({ ...a, values: a.values.map((value, place) => pairs(value, b.values[place])) })),
      );
    else if (layer.className === "Concatenate") values.set(layer.name, joined(layer, inputs));
    else if (rule) values.set(layer.name, rule(layer, completed(layer.className, layer.config), inputs[0], own));
    else throw new Error(`no reference for ${layer.className}`);
  }
  return values.get(graph.output).values;
}
