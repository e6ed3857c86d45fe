// Operators of ONNX that move numbers and change none: reshaping, turning, padding, enlarging. Where channels lie is followed.

import { shown, sizeOf } from "../model-file.js";
import { computed } from "./sizes.js";
import { fault, isSame, one } from "./faults.js";

/** @typedef {import("./read.js").Converter} Converter */
/** @typedef {import("./read.js").Value} Value */
/** @typedef {import("./messages.js").Node} Node */
/** @typedef {import("./operators.js").Operator} Operator */

/** A vector of what an image has at one place each: nothing changes but the axes. @param {Converter} converter @param {Node} node @param {Value} value */
export function flattened(converter, node, value) {
  if (value.shape.length === 1) return value;
  const before = converter.sole(node.inputs[0]);
  if (before?.className.startsWith("Global") && before.config.keepdims) {
    delete before.config.keepdims;
    return { ...value, shape: value.shape.slice(-1), first: false };
  }
  const places = sizeOf(value.shape.slice(0, -1));
  const flat = converter.add(node, "Flatten", {}, [value]);
  const matters = value.first && places > 1 && /** @type {number} */ (value.shape.at(-1)) > 1;
  return matters ? { ...flat, rows: value.shape } : flat;
}

/** A value whose numbers lie as ONNX has them. @param {Converter} converter @param {Node} node @param {Value} value */
function channelsFirst(converter, node, value) {
  if (!value.first || value.shape.length < 2) return value;
  const axes = value.shape.length;
  return converter.add(
    { ...node, name: "" },
    "Permute",
    { dims: [axes, ...Array.from({ length: axes - 1 }, (_, axis) => axis + 1)] },
    [value],
  );
}

/** @type {Operator} */
export function reshape(converter, node) {
  const value = converter.value(node, 0);
  const given = converter.integers(node, "shape", 1);
  if (!given) throw fault("its shape is computed from more than the shapes of layers.");
  const own = value.first ? [/** @type {number} */ (value.shape.at(-1)), ...value.shape.slice(0, -1)] : value.shape;
  const sizes = given.map((size, axis) => (size === 0 && axis > 0 ? own[axis - 1] : size)).slice(1);
  const count = sizeOf(value.shape);
  const known = sizes.filter((size) => size !== -1);
  const whole = sizes.map((size) => (size === -1 ? count / sizeOf(known) : size));
  if (sizeOf(whole) !== count)
    throw fault(`its shape ${shown(given)} does not hold the ${count} numbers of an example.`);
  if (whole.length === 1) return flattened(converter, node, value);
  if (isSame(whole, own)) return value;
  if (value.rows) throw fault("it takes a flattened image apart again, which is not read.");
  const first = channelsFirst(converter, node, value);
  const target = converter.add(node, "Reshape", { target_shape: whole }, [{ ...first, first: false }]);
  if (isImageLast(converter, node, value)) return target;
  const axes = whole.length;
  const dims = [...Array.from({ length: axes - 1 }, (_, axis) => axis + 2), 1];
  return { ...converter.add({ ...node, name: "" }, "Permute", { dims }, [target]), first: true };
}

/** Whether what a Reshape gives has its channels last, as where it had before or where they are turned next. @param {Converter} converter @param {Node} node @param {Value} value */
function isImageLast({ graph }, node, value) {
  const next = graph.nodes.find(({ inputs }) => inputs.includes(node.outputs[0]));
  return next?.operator === "Transpose" || (value.shape.length > 1 && !value.first);
}

/** @type {Operator} */
export function transpose(converter, node) {
  const value = converter.value(node, 0);
  const axes = value.shape.length;
  const order = converter.integers(node, "perm") ?? Array.from({ length: axes + 1 }, (_, axis) => axes - axis);
  const toFirst = [0, axes, ...Array.from({ length: axes - 1 }, (_, axis) => axis + 1)];
  const toLast = [0, ...Array.from({ length: axes - 1 }, (_, axis) => axis + 2), 1];
  if (isSame(order, toFirst) && !value.first && axes > 1) return { ...value, first: true };
  if (isSame(order, toLast) && value.first) return { ...value, first: false };
  if (order[0] !== 0) throw fault("it changes the place of the batch, which no layer does.");
  const first = channelsFirst(converter, node, value);
  return converter.add(node, "Permute", { dims: order.slice(1) }, [{ ...first, first: false }]);
}

/** @type {Operator} */
export function squeezed(converter, node) {
  const constant = converter.constant(node, 0);
  if (constant) return computed(converter, node, constant.values);
  const value = converter.value(node, 0);
  if (sizeOf(value.shape.slice(0, -1)) !== 1) throw fault("only images of one place are squeezed.");
  return flattened(converter, node, value);
}

/** @type {Operator} */
export function pad(converter, node) {
  const value = converter.value(node, 0);
  const mode = node.attributes.get("mode")?.s ?? "constant";
  const filled = converter.constant(node, 2)?.values[0] ?? converter.float(node, "value", 0);
  if (mode !== "constant" || filled !== 0)
    throw fault(`mode: only zeros are put around, got ${shown(mode)} with ${shown(filled)}.`);
  const pads = converter.integers(node, "pads", 1) ?? [];
  const count = value.shape.length + 1;
  if (pads.length !== 2 * count) throw fault(`pads: expected ${2 * count} numbers, got ${shown(pads)}.`);
  const spatial = Array.from({ length: count - 2 }, (_, axis) => axis + (value.first ? 2 : 1));
  const others = pads.some((size, index) => size !== 0 && !spatial.includes(index % count));
  if (others || !spatial.length) throw fault("only the places of images are padded, not channels or the batch.");
  const pairs = spatial.map((axis) => [pads[axis], pads[axis + count]]);
  const own = (/** @type {number[][]} */ list) => (list.length === 1 ? list[0] : list);
  const around = pairs.map((pair) => pair.map((size) => Math.max(0, size)));
  const cut = pairs.map((pair) => pair.map((size) => Math.max(0, -size)));
  let result = value;
  if (around.flat().some(Boolean))
    result = converter.add(node, `ZeroPadding${pairs.length}D`, { padding: own(around) }, [result]);
  if (cut.flat().some(Boolean))
    result = converter.add(node, `Cropping${pairs.length}D`, { cropping: own(cut) }, [result]);
  return result;
}

/** @type {Operator} */
export function resize(converter, node) {
  const value = converter.value(node, 0);
  const mode = node.attributes.get("mode")?.s ?? "nearest";
  const scales = converter.integers(node, "scales", node.operator === "Resize" ? 2 : 1) ?? [];
  const axes = value.shape.length - 1;
  const spatial = scales.slice(value.first ? 2 : 1, (value.first ? 2 : 1) + axes);
  if (spatial.length !== axes || !spatial.every((scale) => Number.isInteger(scale) && scale > 0)) {
    throw fault("only images made larger by whole factors are read.");
  }
  const transform = node.attributes.get("coordinate_transformation_mode")?.s ?? "half_pixel";
  if (mode !== "nearest" && (mode !== "linear" || axes !== 2 || !/half_pixel/.test(transform)))
    throw fault(`mode: ${shown(mode)} with ${shown(transform)} is not read.`);
  const interpolation = mode === "linear" ? { interpolation: "bilinear" } : {};
  return converter.add(node, `UpSampling${axes}D`, { size: one(spatial), ...interpolation }, [value]);
}
