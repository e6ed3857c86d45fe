// What comes out of a layer, in Keras' sizes without the batch: writers need it where frameworks count otherwise.

import { completed, isElementwise } from "./classes.js";
import { MAX_BYTES, shown, sizeOf, unreadable } from "./model-file.js";

/** @typedef {import("./model-file.js").Json} Json */

/** @param {string} sentence */
const misfit = (sentence) => unreadable("", sentence);

/** One number for every axis, or a number for each. @param {unknown} value @param {number} axes @returns {number[]} */
export function perAxis(value, axes) {
  const list =
    Array.isArray(value) && value.length === axes
      ? value
      : Array.isArray(value) && value.length === 1
        ? Array(axes).fill(value[0])
        : Array(axes).fill(value);
  if (!list.every((size) => Number.isSafeInteger(size) && size >= 0 && size < 2 ** 31))
    throw misfit(`expected ${axes} whole numbers, got ${shown(value)}.`);
  return list;
}

/** What is put around or cut off each axis, before and behind. @param {unknown} value @param {number} axes @returns {[number, number][]} */
export function around(value, axes) {
  if (axes === 1 && Array.isArray(value) && value.length === 2)
    return [/** @type {[number, number]} */ (perAxis(value, 2))];
  const list = Array.isArray(value) ? value : Array(axes).fill(value);
  if (list.length !== axes) throw misfit(`expected ${axes} sizes or pairs, got ${shown(value)}.`);
  return list.map((size) => /** @type {[number, number]} */ (perAxis(size, 2)));
}

/**
 * The window of a sliding layer: sizes, strides, dilation, and what "same" adds before and behind.
 *
 * @param {string} className
 * @param {Json} given
 * @param {readonly number[]} sizes of the spatial axes of the input
 */
export function windowOf(className, given, sizes) {
  const config = completed(className, given);
  const axes = sizes.length;
  const size = perAxis(config.kernel_size ?? config.pool_size, axes);
  const strides = perAxis(config.strides ?? size, axes);
  const dilation = perAxis(config.dilation_rate ?? 1, axes);
  if (![...size, ...strides, ...dilation].every((value) => value > 0))
    throw misfit("sizes and strides of a window are above 0.");
  if (config.padding !== "same" && config.padding !== "valid")
    throw misfit(`padding: expected "valid" or "same", got ${shown(config.padding)}.`);
  const extent = size.map((value, axis) => (value - 1) * dilation[axis] + 1);
  if (!extent.every((length) => length < 2 ** 31)) throw misfit("its window is larger than any image.");
  const same = config.padding === "same";
  const output = sizes.map((length, axis) =>
    same ? Math.ceil(length / strides[axis]) : Math.floor((length - extent[axis]) / strides[axis]) + 1,
  );
  const padding = sizes.map((length, axis) => {
    const missing = same ? Math.max(0, (output[axis] - 1) * strides[axis] + extent[axis] - length) : 0;
    return /** @type {[number, number]} */ ([Math.floor(missing / 2), Math.ceil(missing / 2)]);
  });
  return { size, strides, dilation, padding, output, extent, same };
}

/** What a transposed convolution of one axis gives, by `keras.layers.Conv2DTranspose`. */
function transposedSize(
  /** @type {number} */ length,
  /** @type {number} */ extent,
  /** @type {number} */ stride,
  /** @type {boolean} */ same,
) {
  if (same) return length * stride;
  return length * stride + Math.max(extent - stride, 0);
}

/** @param {readonly number[]} shape @param {number} axes */
function checkAxes(shape, axes) {
  if (shape.length !== axes) throw misfit(`needs an input of ${axes} axes besides the batch, got ${shown(shape)}.`);
}

/** @param {string} className @param {Json} given @param {number[]} shape @returns {number[]} */
function convolved(className, given, shape) {
  const config = completed(className, given);
  const sizes = shape.slice(0, -1);
  const channels = /** @type {number} */ (shape.at(-1));
  const window = windowOf(className, config, sizes);
  const [groups, multiplier] = perAxis([config.groups ?? 1, config.depth_multiplier ?? 1], 2);
  const filters = /^Depthwise/.test(className) ? channels * multiplier : config.filters;
  if (!Number.isSafeInteger(filters) || filters < 1)
    throw misfit(`filters: expected a whole number above 0, got ${shown(filters)}.`);
  if (!/^Depthwise/.test(className) && (channels % groups !== 0 || filters % groups !== 0)) {
    throw misfit(`groups: ${channels} channels and ${filters} filters cannot be cut into ${groups} groups.`);
  }
  if (/Transpose$/.test(className)) {
    return [
      ...sizes.map((length, axis) => transposedSize(length, window.extent[axis], window.strides[axis], window.same)),
      filters,
    ];
  }
  return [...window.output, filters];
}

/** @param {number[][]} shapes */
function broadcast(shapes) {
  const longest = shapes.reduce((a, b) => (b.length > a.length ? b : a));
  return longest.map((_, axis) => {
    const sizes = shapes.map((shape) => shape[axis - longest.length + shape.length] ?? 1);
    const size = Math.max(...sizes);
    if (sizes.some((other) => other !== size && other !== 1))
      throw misfit(`its inputs do not fit together: ${shapes.map(shown).join(" and ")}.`);
    return size;
  });
}

/** @param {Json} config @param {number[][]} shapes */
function concatenated({ axis = -1 }, shapes) {
  const axes = shapes[0].length;
  const at = axis < 0 ? axis + axes : axis - 1;
  const fits = shapes.every(
    (shape) => shape.length === axes && shape.every((size, index) => index === at || size === shapes[0][index]),
  );
  if (!fits || !(at >= 0 && at < axes))
    throw misfit(`its inputs do not fit together: ${shapes.map(shown).join(" and ")}.`);
  return shapes[0].map((size, index) => (index === at ? shapes.reduce((sum, shape) => sum + shape[index], 0) : size));
}

/** @param {Json} config @param {number[]} shape */
function reshaped({ target_shape: target }, shape) {
  const sizes = Array.isArray(target) ? target : [target];
  const known = sizes.filter((size) => size !== -1);
  const rest = sizeOf(shape) / sizeOf(known);
  const whole = sizes.map((size) => (size === -1 ? rest : size));
  if (
    sizes.length - known.length > 1 ||
    !whole.every((size) => Number.isSafeInteger(size) && size > 0) ||
    sizeOf(whole) !== sizeOf(shape)
  ) {
    throw misfit(`target_shape: ${shown(target)} does not hold the ${sizeOf(shape)} numbers of ${shown(shape)}.`);
  }
  return whole;
}

/** @type {Record<string, (config: Json, shape: number[], shapes: number[][]) => number[]>} */
const RULES = {
  Dense: ({ units }, shape) => [...shape.slice(0, -1), units],
  Flatten: (_, shape) => [sizeOf(shape)],
  Reshape: reshaped,
  RepeatVector: ({ n }, shape) => [n, ...shape],
  Permute({ dims }, shape) {
    if (
      !Array.isArray(dims) ||
      [...dims].sort().some((axis, index) => axis !== index + 1) ||
      dims.length !== shape.length
    ) {
      throw misfit(`dims: expected the numbers 1 to ${shape.length} in another order, got ${shown(dims)}.`);
    }
    return dims.map((axis) => shape[axis - 1]);
  },
  Concatenate: (config, _, shapes) => concatenated(config, shapes),
  Resizing: ({ height, width }, shape) => [height, width, .../** @type {number[]} */ (shape.slice(2))],
  CenterCrop: ({ height, width }, shape) => [height, width, ...shape.slice(2)],
  RandomCrop: ({ height, width }, shape) => [height, width, ...shape.slice(2)],
};

/** Layers whose output has their input's shape, besides those that change each number on its own. */
const SAME =
  /^(?:PReLU|Softmax|SpatialDropout[12]D|(?:Batch|Layer|Group|Unit)?Normalization|Random(?!Crop)\w+|LocalResponseNormalization)$/;

/**
 * @param {string} className
 * @param {Json} given the layer's arguments
 * @param {number[][]} shapes of its inputs, without the batch
 * @returns {number[]}
 * @throws {import("./model-file.js").UnreadableError} if they do not fit, or the class is not known
 */
export function outputShape(className, given, shapes) {
  const [shape] = shapes;
  const config = completed(className, given);
  const output = shapeAfter(className, config, shape, shapes);
  if (!output.every((size) => Number.isSafeInteger(size) && size > 0)) {
    throw misfit(`nothing is left of the input ${shown(shape)}: its output would be ${shown(output)}.`);
  }
  if (sizeOf(output) * 4 > MAX_BYTES) throw misfit(`its output ${shown(output)} asks for more than 1 GiB.`);
  return output;
}

/** @param {string} className @param {Json} config @param {number[]} shape @param {number[][]} shapes @returns {number[]} */
function shapeAfter(className, config, shape, shapes) {
  if (config.data_format === "channels_first") throw misfit("data_format: only channels_last is read.");
  if (isElementwise(className) || SAME.test(className.replace(/^.*>/, ""))) return shape;
  if (Object.hasOwn(RULES, className)) return RULES[className](config, shape, shapes);
  if (/^(?:Add|Subtract|Multiply|Average|Maximum|Minimum)$/.test(className)) return broadcast(shapes);
  const [, kind, axes] = /^(.*?)(\d)D(?:Transpose)?$/.exec(className) ?? [];
  const count = Number(axes);
  if (count === 1 || count === 2) {
    const sizes = shape.slice(0, -1);
    const channels = shape.slice(-1);
    checkAxes(shape, count + 1);
    if (/^(?:Depthwise|Separable)?Conv$/.test(kind)) return convolved(className, config, shape);
    if (/^(?:Max|Average)Pooling$/.test(kind)) return [...windowOf(className, config, sizes).output, ...channels];
    if (/^Global(?:Max|Average)Pooling$/.test(kind))
      return config.keepdims ? [...sizes.map(() => 1), ...channels] : channels;
    if (kind === "ZeroPadding")
      return [
        ...sizes.map((size, axis) => size + around(config.padding, count)[axis].reduce((a, b) => a + b)),
        ...channels,
      ];
    if (kind === "Cropping")
      return [
        ...sizes.map((size, axis) => size - around(config.cropping, count)[axis].reduce((a, b) => a + b)),
        ...channels,
      ];
    if (kind === "UpSampling")
      return [...sizes.map((size, axis) => size * perAxis(config.size, count)[axis]), ...channels];
  }
  throw misfit(`layers of the class ${shown(className)} are not known here.`);
}
