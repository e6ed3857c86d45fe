// Convolutions and poolings of ONNX: windows that slide over images, with what is put around them.

import { shown } from "../model-file.js";
import { reshaped, transposed } from "../numbers.js";
import { windowOf } from "../shapes.js";
import { fault, images, isSame, one } from "./faults.js";

/** @typedef {import("./read.js").Converter} Converter */
/** @typedef {import("./read.js").Value} Value */
/** @typedef {import("./messages.js").Node} Node */
/** @typedef {import("../model-file.js").Weight} Weight */
/** @typedef {import("./operators.js").Operator} Operator */

/** What never gives a number below 0. */
const NOT_BELOW_ZERO = new Set(["relu", "sigmoid", "softmax", "exponential", "softplus"]);

/** What a node adds around its input: before and behind each axis. @param {Converter} converter @param {Node} node @param {number} axes */
function padsOf(converter, node, axes) {
  const pads = converter.integers(node, "pads") ?? Array(2 * axes).fill(0);
  if (pads.length !== 2 * axes) throw fault(`pads: expected ${2 * axes} numbers, got ${shown(pads)}.`);
  return Array.from({ length: axes }, (_, axis) => /** @type {[number, number]} */ ([pads[axis], pads[axis + axes]]));
}

/**
 * The window of a convolution or a pooling as Keras says it, with the layer of zeros in front of it that it may need.
 *
 * @param {Converter} converter @param {Node} node @param {string} className @param {Value} value @param {number[]} size
 * @param {(pads: [number, number][]) => boolean} mayPad whether zeros around the input change nothing else
 */
function windowed(converter, node, className, value, size, mayPad) {
  const axes = size.length;
  const sizes = images(value, axes);
  const strides = converter.integers(node, "strides") ?? Array(axes).fill(1);
  const dilation = converter.integers(node, "dilations") ?? Array(axes).fill(1);
  const isPooling = className.includes("Pooling");
  if (isPooling && dilation.some((step) => step !== 1)) throw fault("dilated pooling is not read.");
  /** @type {Record<string, any>} */
  const config = isPooling
    ? { pool_size: one(size), strides: one(strides) }
    : {
        kernel_size: one(size),
        strides: one(strides),
        ...(dilation.some((step) => step !== 1) ? { dilation_rate: one(dilation) } : {}),
      };
  const auto = node.attributes.get("auto_pad")?.s ?? "NOTSET";
  if (auto === "SAME_UPPER") return { value, config: { ...config, padding: "same" } };
  if (auto === "VALID") return { value, config: { ...config, padding: "valid" } };
  if (auto !== "NOTSET") throw fault(`auto_pad: ${shown(auto)} is not read; export with explicit pads.`);
  const pads = padsOf(converter, node, axes);
  const same = windowOf(className, { ...config, padding: "same" }, sizes);
  const ceil = converter.integer(node, "ceil_mode", 0) === 1;
  const output = sizes.map((length, axis) => {
    const steps = (length + pads[axis][0] + pads[axis][1] - same.extent[axis]) / strides[axis];
    return (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1;
  });
  if (pads.flat().every((pad) => pad === 0)) {
    const valid = windowOf(className, { ...config, padding: "valid" }, sizes);
    if (isSame(valid.output, output)) return { value, config: { ...config, padding: "valid" } };
    if (isSame(same.output, output) && same.padding.every(([before]) => before === 0))
      return { value, config: { ...config, padding: "same" } };
    throw fault("ceil_mode: its last window begins where Keras has none; export with ceil_mode=False.");
  }
  const before = isSame(
    same.padding.map(([first]) => first),
    pads.map(([first]) => first),
  );
  if (isSame(same.padding, pads) || (before && isSame(same.output, output) && isPooling))
    return { value, config: { ...config, padding: "same" } };
  if (ceil || !mayPad(pads))
    throw fault(
      `pads: Keras has no such pooling around ${shown(pads)}; put a Pad in front of it, or export with count_include_pad.`,
    );
  const around = converter.add(
    { ...node, name: "", inputs: [] },
    `ZeroPadding${axes}D`,
    { padding: axes === 1 ? pads[0] : pads },
    [value],
  );
  return { value: around, config: { ...config, padding: "valid" } };
}

/** @type {Operator} */
export function conv(converter, node) {
  const given = converter.value(node, 0);
  const kernel = converter.weight(node, 1, "kernel");
  const axes = kernel.shape.length - 2;
  if (axes !== 1 && axes !== 2) throw fault(`convolutions over ${axes} axes are not read.`);
  const groups = converter.integer(node, "group", 1);
  const channels = /** @type {number} */ (given.shape.at(-1));
  const [filters, perGroup, ...size] = kernel.shape;
  if (perGroup * groups !== channels) throw fault(`needs ${perGroup * groups} input channels, got ${channels}.`);
  const isDepthwise = groups === channels && groups > 1;
  const className = `${isDepthwise ? "Depthwise" : ""}Conv${axes}D`;
  const { value, config } = windowed(converter, node, className, given, size, () => true);
  const places = size.map((_, axis) => axis + 2);
  const hasBias = Boolean(node.inputs[2]);
  const own = isDepthwise ? { depth_multiplier: filters / channels } : { filters, ...(groups > 1 ? { groups } : {}) };
  const turned = isDepthwise
    ? transposed(reshaped(kernel, [channels, filters / channels, ...size]), [...places, 0, 1])
    : transposed(kernel, [...places, 1, 0]);
  const weights = { kernel: turned, ...(hasBias ? { bias: converter.weight(node, 2, "bias") } : {}) };
  return converter.add(
    node,
    className,
    { ...own, ...config, use_bias: hasBias },
    [value],
    /** @type {Record<string, Weight>} */ (weights),
  );
}

/** @type {Operator} */
export function convTranspose(converter, node) {
  const value = converter.value(node, 0);
  const kernel = converter.weight(node, 1, "kernel");
  const axes = kernel.shape.length - 2;
  const sizes = images(value, axes);
  const [channels, filters, ...size] = kernel.shape;
  if (converter.integer(node, "group", 1) !== 1 || channels !== value.shape.at(-1))
    throw fault("grouped transposed convolutions are not read.");
  if (node.attributes.has("output_shape") || (node.attributes.get("auto_pad")?.s ?? "NOTSET") !== "NOTSET")
    throw fault("export it with explicit pads.");
  const strides = converter.integers(node, "strides") ?? Array(axes).fill(1);
  const dilation = converter.integers(node, "dilations") ?? Array(axes).fill(1);
  const rest = converter.integers(node, "output_padding") ?? Array(axes).fill(0);
  const pads = padsOf(converter, node, axes);
  const config = {
    filters,
    kernel_size: one(size),
    strides: one(strides),
    ...(dilation.some((step) => step !== 1) ? { dilation_rate: one(dilation) } : {}),
  };
  const className = `Conv${axes}DTranspose`;
  const { extent } = windowOf(className, { ...config, padding: "valid" }, sizes);
  const fits = rest.every((added, axis) => added === Math.max(0, strides[axis] - extent[axis]));
  // Rows that are added behind and cut off in front again are a row less cut off behind.
  const cut = pads.map(
    ([before, behind], axis) => /** @type {[number, number]} */ ([before, fits ? behind : behind - rest[axis]]),
  );
  if (cut.flat().some((size) => size < 0)) throw fault("output_padding: Keras has no such transposed convolution.");
  const hasBias = Boolean(node.inputs[2]);
  const places = size.map((_, axis) => axis + 2);
  const weights = {
    kernel: transposed(kernel, [...places, 1, 0]),
    ...(hasBias ? { bias: converter.weight(node, 2, "bias") } : {}),
  };
  const missing = extent.map((length, axis) => Math.max(0, length - strides[axis]));
  const same = isSame(
    cut,
    missing.map((size) => [Math.floor(size / 2), Math.ceil(size / 2)]),
  );
  const padding = same && missing.some((size) => size > 0) ? "same" : "valid";
  const full = converter.add(
    node,
    className,
    { ...config, padding, use_bias: hasBias },
    [value],
    /** @type {Record<string, Weight>} */ (weights),
  );
  if (padding === "same" || cut.flat().every((size) => size === 0)) return full;
  return converter.add({ ...node, name: "", inputs: [] }, `Cropping${axes}D`, { cropping: axes === 1 ? cut[0] : cut }, [
    full,
  ]);
}

/** @param {"Max" | "Average"} kind @returns {Operator} */
export const pooling = (kind) => (converter, node) => {
  const given = converter.value(node, 0);
  const size = converter.integers(node, "kernel_shape") ?? [];
  const counted = converter.integer(node, "count_include_pad", 0) === 1;
  const before = converter.layers.at(-1);
  const positive =
    before?.name === given.layer && (NOT_BELOW_ZERO.has(before.config.activation) || before.className === "ReLU");
  if (size.length !== 1 && size.length !== 2) throw fault(`kernel_shape: expected 1 or 2 sizes, got ${shown(size)}.`);
  const className = `${kind}Pooling${size.length}D`;
  if (kind === "Average" && counted && padsOf(converter, node, size.length).flat().some(Boolean)) {
    const pads = padsOf(converter, node, size.length);
    const around = converter.add(
      { ...node, name: "", inputs: [] },
      `ZeroPadding${size.length}D`,
      { padding: size.length === 1 ? pads[0] : pads },
      [given],
    );
    const attributes = new Map(node.attributes);
    attributes.delete("pads");
    const { value, config } = windowed(converter, { ...node, attributes }, className, around, size, () => false);
    return converter.add(node, className, config, [value]);
  }
  const { value, config } = windowed(converter, node, className, given, size, () => kind === "Max" && positive);
  return converter.add(node, className, config, [value]);
};
