// Arithmetic with sizes alone, which exporters write in front of a Reshape: it is done here.

import { fault } from "./faults.js";

/** @typedef {import("./read.js").Converter} Converter */
/** @typedef {import("./messages.js").Node} Node */
/** @typedef {import("./operators.js").Operator} Operator */

/** A node of constants alone. @param {Converter} converter @param {Node} node @param {ArrayLike<number>} values @returns {undefined} */
export function computed(converter, node, values) {
  converter.constants.set(node.outputs[0], {
    name: node.outputs[0],
    shape: [values.length],
    values: Array.from(values),
  });
}

/** Sizes as constants; that of the batch is open. @type {Operator} */
export function shapeOf(converter, node) {
  const { shape, first } = converter.value(node, 0);
  return computed(converter, node, [
    -1,
    ...(first ? [/** @type {number} */ (shape.at(-1)), ...shape.slice(0, -1)] : shape),
  ]);
}

/** @type {Operator} */
export function gathered(converter, node) {
  const [from, at] = [converter.constant(node, 0), converter.constant(node, 1)];
  if (!from || !at) throw fault("only sizes are looked up, not numbers of layers.");
  return computed(
    converter,
    node,
    Array.from(at.values, (index) => from.values[index < 0 ? index + from.values.length : index] ?? -1),
  );
}

/** @type {Operator} */
export function sliced(converter, node) {
  const from = converter.constant(node, 0);
  if (!from) throw fault("parts of layers are not read.");
  const [start = 0] = converter.integers(node, "starts", 1) ?? [];
  const [end = Infinity] = converter.integers(node, "ends", 2) ?? [];
  return computed(converter, node, Array.from(from.values).slice(start, end > from.values.length ? undefined : end));
}
