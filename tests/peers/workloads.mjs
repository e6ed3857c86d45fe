// What everybody computes: networks as Keras describes them, the weights they start from, the images they are given.

const input = (...shape) => ({
  class_name: "InputLayer",
  config: { name: "input_layer", batch_shape: [null, ...shape] },
});
const convolution = (name, filters, size, { strides = 1, padding = "valid" } = {}) => ({
  class_name: "Conv2D",
  config: { name, filters, kernel_size: [size, size], strides: [strides, strides], padding, activation: "relu" },
});
const pooling = (name, size, strides = size) => ({
  class_name: "MaxPooling2D",
  config: { name, pool_size: [size, size], strides: [strides, strides], padding: "valid" },
});
const flatten = { class_name: "Flatten", config: { name: "flatten" } };
const dense = (name, units, activation = "relu") => ({ class_name: "Dense", config: { name, units, activation } });

/**
 * @typedef {{ class_name: string, config: any }} Layer
 *
 * @typedef {object} Workload
 * @property {string} name
 * @property {Layer[]} layers
 * @property {{ [mode: string]: number[] }} batches  The sizes of batches for "infer" and "train".
 * @property {number[]} [placements]  Kilobytes that are allocated before the network, where its speed hangs on where its
 *   numbers come to lie.
 */

// First what leaves the weights as they are: training starts from those that everybody shares.
const everyBatch = { infer: [1, 32, 128], train: [1, 32, 128] };

/** @type {Workload[]} */
export const workloads = [
  {
    name: "lenet5",
    batches: everyBatch,
    layers: [
      input(28, 28, 1),
      convolution("conv2d", 6, 5, { padding: "same" }),
      pooling("max_pooling2d", 2),
      convolution("conv2d_1", 16, 5),
      pooling("max_pooling2d_1", 2),
      flatten,
      dense("dense", 120),
      dense("dense_1", 84),
      dense("dense_2", 10, "softmax"),
    ],
  },
  {
    // Keras' MNIST example without its dropout: what is dropped is random, and everybody's would differ.
    name: "keras-convnet",
    batches: everyBatch,
    layers: [
      input(28, 28, 1),
      convolution("conv2d", 32, 3),
      pooling("max_pooling2d", 2),
      convolution("conv2d_1", 64, 3),
      pooling("max_pooling2d_1", 2),
      flatten,
      dense("dense", 10, "softmax"),
    ],
  },
  {
    // The page's default network, web/models/convnet.json, without its dropout.
    name: "default",
    batches: everyBatch,
    layers: [
      input(28, 28, 1),
      convolution("conv2d", 12, 3, { padding: "same" }),
      convolution("conv2d_1", 12, 3, { padding: "same" }),
      pooling("max_pooling2d", 2),
      convolution("conv2d_2", 24, 3, { padding: "same" }),
      convolution("conv2d_3", 24, 3, { padding: "same" }),
      pooling("max_pooling2d_1", 2),
      convolution("conv2d_4", 40, 3),
      flatten,
      dense("dense", 10, "softmax"),
    ],
  },
  {
    // In one tower, without local response normalisation and dropout.
    name: "alexnet",
    batches: { infer: [1] },
    placements: [0, 5, 9, 13],
    layers: [
      input(227, 227, 3),
      convolution("conv2d", 96, 11, { strides: 4 }),
      pooling("max_pooling2d", 3, 2),
      convolution("conv2d_1", 256, 5, { padding: "same" }),
      pooling("max_pooling2d_1", 3, 2),
      convolution("conv2d_2", 384, 3, { padding: "same" }),
      convolution("conv2d_3", 384, 3, { padding: "same" }),
      convolution("conv2d_4", 256, 3, { padding: "same" }),
      pooling("max_pooling2d_2", 3, 2),
      flatten,
      dense("dense", 4096),
      dense("dense_1", 4096),
      dense("dense_2", 1000, "softmax"),
    ],
  },
];

export const optimizer = { learning_rate: 1e-4, momentum: 0.9 };

/** @param {string} name */
export function workloadNamed(name) {
  const found = workloads.find((workload) => workload.name === name);
  if (!found) throw new Error(`expected a workload (${workloads.map(({ name }) => name).join(", ")}), got ${name}`);
  return found;
}

/**
 * As `keras.Sequential.to_json()` would have it.
 * @param {Workload} workload
 */
export const description = ({ name, layers }) => ({
  class_name: "Sequential",
  config: { name: name.replace("-", "_"), layers },
});

/** @param {Workload} workload @returns {number[]} */
export const inputShape = ({ layers }) => layers[0].config.batch_shape.slice(1);

/** @param {Workload} workload @returns {number} */
export const classes = ({ layers }) => layers.at(-1).config.units;

/**
 * Every layer with the shapes of what it takes and gives, of its weights, and its multiply-adds for one image.
 * @param {Workload} workload
 */
export function trace(workload) {
  let shape = inputShape(workload);
  return workload.layers.slice(1).map((layer) => {
    const before = shape;
    /** @type {{ kernel: number[], bias: number[] } | undefined} */
    let weights;
    let multiplyAdds = 0;
    const { filters, kernel_size, pool_size, strides, padding, units } = layer.config;
    const places = (size, window) =>
      padding === "same" ? Math.ceil(size / strides[0]) : Math.floor((size - window) / strides[0]) + 1;
    if (layer.class_name === "Conv2D") {
      const [height, width, channels] = before;
      shape = [places(height, kernel_size[0]), places(width, kernel_size[1]), filters];
      weights = { kernel: [...kernel_size, channels, filters], bias: [filters] };
      multiplyAdds = product(shape) * product(kernel_size) * channels;
    } else if (layer.class_name === "MaxPooling2D") {
      const [height, width, channels] = before;
      shape = [places(height, pool_size[0]), places(width, pool_size[1]), channels];
    } else if (layer.class_name === "Flatten") {
      shape = [product(before)];
    } else {
      shape = [units];
      weights = { kernel: [before[0], units], bias: [units] };
      multiplyAdds = before[0] * units;
    }
    return { ...layer, before, after: shape, weights, multiplyAdds };
  });
}

/**
 * Floating-point operations for one image. Training computes two gradients for each product, but the first layer's
 * input needs none.
 * @param {Workload} workload
 * @param {string} mode
 */
export function operations(workload, mode) {
  const layers = trace(workload).map(({ multiplyAdds }) => multiplyAdds);
  const forward = layers.reduce((sum, count) => sum + count, 0);
  return 2 * (mode === "train" ? 3 * forward - layers[0] : forward);
}

/** @param {Workload} workload */
export const parameterCount = (workload) =>
  trace(workload).reduce(
    (sum, { weights }) => sum + (weights ? product(weights.kernel) + product(weights.bias) : 0),
    0,
  );

/**
 * The weights that everybody starts from, by Keras' names and in its layouts: He's uniform distribution, and biases
 * that are not zero, so that a forgotten one is noticed.
 *
 * @param {Workload} workload
 * @returns {Map<string, { shape: number[], values: Float32Array }>}
 */
export function initialWeights(workload) {
  const random = generator(1);
  const tensors = new Map();
  for (const { config, weights } of trace(workload)) {
    if (!weights) continue;
    const limit = Math.sqrt(6 / product(weights.kernel.slice(0, -1)));
    for (const [part, range] of /** @type {const} */ ([
      ["kernel", limit],
      ["bias", 0.1],
    ])) {
      const shape = weights[part];
      const values = new Float32Array(product(shape)).map(() => range * (2 * random() - 1));
      tensors.set(`${config.name}/${part}`, { shape, values });
    }
  }
  return tensors;
}

/**
 * Random pixels, 0 to 255, and labels.
 * @param {Workload} workload
 * @param {number} batch
 */
export function examples(workload, batch) {
  const random = generator(2);
  const pixels = new Uint8Array(batch * product(inputShape(workload))).map(() => 256 * random());
  const labels = new Uint16Array(batch).map(() => classes(workload) * random());
  return { pixels, x: Float32Array.from(pixels, (pixel) => pixel / 255), labels };
}

/** @param {number[]} sizes */
export const product = (sizes) => sizes.reduce((total, size) => total * size, 1);

/** Numbers from 0 to 1, the same in every browser: Mulberry32. */
function generator(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
