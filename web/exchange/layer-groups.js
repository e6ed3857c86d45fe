// Keras' layers in the groups of its documentation, each with what it does and the arguments that a new one begins with.

import { completed, numbering, snakeCase } from "./classes.js";

/**
 * @typedef {object} LayerKind
 * @property {string} className
 * @property {string} does in a few words
 * @property {Record<string, unknown>} begins the arguments of a new one
 */

const FILTERS = { filters: 16, kernel_size: 3, activation: "relu" };
const FILTERS_2D = { ...FILTERS, kernel_size: [3, 3] };

/** @type {{ title: string, rows: [string, string, Record<string, unknown>?][] }[]} */
const GROUPS = [
  {
    title: "Convolution",
    rows: [
      ["Conv2D", "kernels slide over the maps", FILTERS_2D],
      ["SeparableConv2D", "a kernel for each map, then 1×1 across maps", FILTERS_2D],
      ["DepthwiseConv2D", "a kernel of its own for each map", { kernel_size: [3, 3], activation: "relu" }],
      ["Conv2DTranspose", "makes maps larger, with weights", { ...FILTERS_2D, strides: [2, 2], padding: "same" }],
      ["Conv1D", "kernels slide along a row", FILTERS],
      ["SeparableConv1D", "the same, first each channel, then across", FILTERS],
      ["DepthwiseConv1D", "a kernel of its own for each channel", { kernel_size: 3, activation: "relu" }],
      ["Conv1DTranspose", "makes rows longer, with weights", { ...FILTERS, strides: 2, padding: "same" }],
    ],
  },
  {
    title: "Pooling",
    rows: [
      ["MaxPooling2D", "the largest of each window", { pool_size: [2, 2] }],
      ["AveragePooling2D", "the mean of each window", { pool_size: [2, 2] }],
      ["GlobalAveragePooling2D", "the mean of each map"],
      ["GlobalMaxPooling2D", "the largest of each map"],
      ["MaxPooling1D", "the largest of each window of a row", { pool_size: 2 }],
      ["AveragePooling1D", "the mean of each window of a row", { pool_size: 2 }],
      ["GlobalAveragePooling1D", "the mean along a row"],
      ["GlobalMaxPooling1D", "the largest along a row"],
    ],
  },
  {
    title: "Core",
    rows: [
      ["Dense", "every unit sees all of its input", { units: 64, activation: "relu" }],
      ["Activation", "a function of each number", { activation: "relu" }],
      ["Identity", "hands on what it gets"],
    ],
  },
  {
    title: "Reshaping",
    rows: [
      ["Flatten", "all maps as one row of numbers"],
      ["Reshape", "the same numbers in another shape", { target_shape: [-1] }],
      ["Permute", "axes in another order", { dims: [2, 1, 3] }],
      ["ZeroPadding2D", "zeros around the maps", { padding: [1, 1] }],
      [
        "Cropping2D",
        "cuts the borders off",
        {
          cropping: [
            [1, 1],
            [1, 1],
          ],
        },
      ],
      ["UpSampling2D", "repeats each cell", { size: [2, 2] }],
      ["RepeatVector", "repeats a vector", { n: 2 }],
      ["ZeroPadding1D", "zeros at both ends of a row", { padding: 1 }],
      ["Cropping1D", "cuts the ends of a row off", { cropping: [1, 1] }],
      ["UpSampling1D", "repeats each step", { size: 2 }],
    ],
  },
  {
    title: "Normalisation",
    rows: [
      ["BatchNormalization", "mean 0 and variance 1 over a batch"],
      ["LayerNormalization", "mean 0 and variance 1 within an example"],
      ["GroupNormalization", "the same within groups of maps", { groups: 4 }],
      ["UnitNormalization", "length 1"],
      ["LocalResponseNormalization", "maps compete with their neighbours (AlexNet)"],
    ],
  },
  {
    title: "Regularisation",
    rows: [
      ["Dropout", "in training some numbers become 0", { rate: 0.25 }],
      ["SpatialDropout2D", "in training some maps become 0", { rate: 0.25 }],
      ["GaussianDropout", "in training numbers are multiplied by noise", { rate: 0.25 }],
      ["GaussianNoise", "in training noise is added", { stddev: 0.1 }],
      ["AlphaDropout", "dropout for selu", { rate: 0.1 }],
      ["SpatialDropout1D", "in training some channels become 0", { rate: 0.25 }],
      ["ActivityRegularization", "a penalty on large outputs", { l2: 0.001 }],
    ],
  },
  {
    title: "Activations",
    rows: [
      ["ReLU", "negative numbers become 0"],
      ["LeakyReLU", "negative numbers become small"],
      ["PReLU", "the slope below 0 is learnt"],
      ["ELU", "smooth below 0"],
      ["Softmax", "positive numbers that add up to 1"],
    ],
  },
  {
    title: "Preprocessing and augmentation",
    rows: [
      ["Rescaling", "times a number, plus a number", { scale: 1 }],
      ["Normalization", "less a mean, by a deviation", { mean: 0.13, variance: 0.095 }],
      [
        "RandomTranslation",
        "in training pictures are moved",
        { height_factor: 0.1, width_factor: 0.1, fill_mode: "constant" },
      ],
      ["RandomRotation", "in training pictures are turned", { factor: 0.03, fill_mode: "constant" }],
      ["RandomZoom", "in training pictures grow and shrink", { height_factor: 0.1, fill_mode: "constant" }],
      ["RandomFlip", "in training pictures are mirrored", { mode: "horizontal" }],
      ["RandomContrast", "in training contrast varies", { factor: 0.2, value_range: [0, 1] }],
      ["RandomBrightness", "in training brightness varies", { factor: 0.2, value_range: [0, 1] }],
      ["Resizing", "pictures of another size", { height: 28, width: 28 }],
      ["CenterCrop", "the middle of a picture", { height: 24, width: 24 }],
    ],
  },
  {
    title: "Merging",
    rows: [
      ["Add", "adds the outputs of layers"],
      ["Concatenate", "puts maps behind each other"],
      ["Multiply", "multiplies the outputs of layers"],
      ["Average", "the mean of the outputs of layers"],
      ["Maximum", "the largest of the outputs of layers"],
      ["Minimum", "the smallest of the outputs of layers"],
      ["Subtract", "the difference of two layers"],
    ],
  },
];

/** @type {{ title: string, kinds: LayerKind[] }[]} */
export const LAYER_GROUPS = GROUPS.map(({ title, rows }) => ({
  title,
  kinds: rows.map(([className, does, begins = {}]) => ({ className, does, begins })),
}));

/** Layers by what a network can need of them, wherever it does not fit. */
export const NEEDED = {
  flat: { className: "Flatten", config: {} },
  means: { className: "GlobalAveragePooling2D", config: {} },
  classes: { className: "Dense", config: { units: 10, activation: "softmax" } },
  probabilities: { className: "Softmax", config: {} },
  matched: { className: "Conv2D", config: { filters: 16, kernel_size: [1, 1], padding: "same" } },
};

/** The layer that gives an image's numbers another shape. @param {number[]} shape @returns {{ className: string, config: Record<string, unknown> }} */
export function reshaping(shape) {
  return shape.length === 1
    ? { className: "Flatten", config: {} }
    : { className: "Reshape", config: { target_shape: shape } };
}

/** Keras' name for a new layer: `Conv2D` beside conv2d is conv2d_1. @param {string} className @param {string[]} taken */
export function newName(className, taken) {
  const number = numbering();
  for (;;) {
    const name = number(snakeCase(className));
    if (!taken.includes(name)) return name;
  }
}

/** What a layer's argument is where nothing is given, or undefined. @param {string} className @param {string} argument */
export function defaultOf(className, argument) {
  return completed(className, {})[argument];
}
