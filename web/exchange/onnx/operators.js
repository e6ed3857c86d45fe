// ONNX's operators as layers of Keras (onnx/docs/Operators.md). Each gives the value that comes out of its node; constants it
// computes itself.

import { shown, sizeOf, unreadable } from "../model-file.js";
import { rowsChannelsLast } from "../flattening.js";
import { reshaped, transposed } from "../numbers.js";
import { windowOf } from "../shapes.js";

/** @typedef {import("./read.js").Converter} Converter */
/** @typedef {import("./read.js").Value} Value */
/** @typedef {import("./messages.js").Node} Node */
/** @typedef {import("../model-file.js").Weight} Weight */
/** @typedef {(converter: Converter, node: Node) => Value | undefined} Operator */

/** @param {string} sentence */
const fault = (sentence) => unreadable("", sentence);

/** Activations without arguments, by ONNX's names. @type {Record<string, string>} */
const ACTIVATIONS = {
  Relu: "relu",
  Sigmoid: "sigmoid",
  Tanh: "tanh",
  Softplus: "softplus",
  Softsign: "softsign",
  Mish: "mish",
  HardSwish: "hard_silu",
  Exp: "exponential",
};
/** Classes that take an activation as an argument. */
const TAKES_ACTIVATION = /^(?:Dense|(?:Depthwise|Separable)?Conv\dD(?:Transpose)?)$/;
/** What never gives a number below 0. */
const NOT_BELOW_ZERO = new Set(["relu", "sigmoid", "softmax", "exponential", "softplus"]);

/** @param {Converter} converter @param {Node} node @param {string} activation */
function activated(converter, node, activation) {
  const value = converter.value(node, 0);
  const before = converter.sole(node.inputs[0]);
  if (before && TAKES_ACTIVATION.test(before.className) && before.config.activation === undefined) {
    before.config.activation = activation;
    return value;
  }
  return converter.add(node, "Activation", { activation }, [value]);
}

/** @param {Value} value @param {number} axes */
function images(value, axes) {
  if (value.shape.length !== axes + 1 || !value.first)
    throw fault(`expected images with their channels first, got the shape ${shown(value.shape)}.`);
  return value.shape.slice(0, -1);
}

/** What a node adds around its input: before and behind each axis. @param {Converter} converter @param {Node} node @param {number} axes */
function padsOf(converter, node, axes) {
  const pads = converter.integers(node, "pads") ?? Array(2 * axes).fill(0);
  if (pads.length !== 2 * axes) throw fault(`pads: expected ${2 * axes} numbers, got ${shown(pads)}.`);
  return Array.from({ length: axes }, (_, axis) => /** @type {[number, number]} */ ([pads[axis], pads[axis + axes]]));
}

const isSame = (/** @type {unknown} */ a, /** @type {unknown} */ b) => JSON.stringify(a) === JSON.stringify(b);
const one = (/** @type {number[]} */ list) => (list.length === 1 ? list[0] : list);

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
function conv(converter, node) {
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
function convTranspose(converter, node) {
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
const pooling = (kind) => (converter, node) => {
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

/** @param {"Max" | "Average"} kind @param {boolean} keepdims @param {Converter} converter @param {Node} node */
function globally(kind, keepdims, converter, node) {
  const value = converter.value(node, 0);
  const axes = value.shape.length - 1;
  if (axes !== 1 && axes !== 2) throw fault(`expected images, got the shape ${shown(value.shape)}.`);
  return converter.add(node, `Global${kind}Pooling${axes}D`, keepdims ? { keepdims: true } : {}, [value]);
}

/** @param {"Max" | "Average"} kind @returns {Operator} */
const reduced = (kind) => (converter, node) => {
  const { shape, first } = converter.value(node, 0);
  const count = shape.length + 1;
  const axes = (converter.integers(node, "axes", 1) ?? []).map((axis) => (axis < 0 ? axis + count : axis)).sort();
  const spatial = Array.from({ length: count - 2 }, (_, axis) => axis + (first ? 2 : 1));
  if (!isSame(axes, spatial))
    throw fault(`axes: only the mean or maximum over all places is read, got ${shown(axes)}.`);
  return globally(kind, converter.integer(node, "keepdims", 1) === 1, converter, node);
};

/** A vector of what an image has at one place each: nothing changes but the axes. @param {Converter} converter @param {Node} node @param {Value} value */
function flattened(converter, node, value) {
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
function reshape(converter, node) {
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
function transpose(converter, node) {
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

/** @param {Converter} converter @param {Node} node @param {Value} value @param {Weight} kernel `[in, out]` @param {Weight | undefined} bias */
function dense(converter, node, value, kernel, bias) {
  if (value.first && value.shape.length > 1)
    throw fault("a matrix is applied to an image with channels first; put a Transpose or a Flatten in front of it.");
  if (kernel.shape.length !== 2 || kernel.shape[0] !== value.shape.at(-1))
    throw fault(`its matrix has the shape ${shown(kernel.shape)}, its input ${shown(value.shape)}.`);
  const turned = value.rows ? rowsChannelsLast(kernel, value.rows) : kernel;
  const units = kernel.shape[1];
  const weights = bias ? { kernel: turned, bias: spread(bias, units) } : { kernel: turned };
  const output = converter.add(
    node,
    "Dense",
    { units, use_bias: Boolean(bias) },
    [value],
    /** @type {Record<string, Weight>} */ (weights),
  );
  return { ...output, rows: undefined };
}

/** One number for all, or one each. @param {Weight} weight @param {number} count */
function spread({ values }, count) {
  if (values.length !== 1 && values.length !== count) throw fault(`expected ${count} numbers, got ${values.length}.`);
  return { shape: [count], values: values.length === count ? values : new Float32Array(count).fill(values[0]) };
}

/** @type {Operator} */
function gemm(converter, node) {
  if (converter.integer(node, "transA", 0)) throw fault("transA turns the batch, which no layer does.");
  const matrix = converter.weight(node, 1, "matrix");
  const kernel = converter.integer(node, "transB", 0) ? transposed(matrix, [1, 0]) : matrix;
  const bias = node.inputs[2] ? converter.weight(node, 2, "bias") : undefined;
  const scaled = (/** @type {Weight} */ { shape, values }, /** @type {number} */ factor) => ({
    shape,
    values: factor === 1 ? values : values.map((value) => value * factor),
  });
  return dense(
    converter,
    node,
    converter.value(node, 0),
    scaled(kernel, converter.float(node, "alpha", 1)),
    bias && scaled(bias, converter.float(node, "beta", 1)),
  );
}

/** @type {Operator} */
function batchNormalization(converter, node) {
  const value = converter.value(node, 0);
  const [gamma, beta, mean, variance] = ["scale", "bias", "mean", "variance"].map((name, index) =>
    converter.weight(node, index + 1, name),
  );
  if (!value.first && value.shape.length > 1) throw fault("expected images with their channels first.");
  const turned = (/** @type {Weight} */ weight) =>
    value.rows
      ? reshaped(rowsChannelsLast(reshaped(weight, [weight.values.length, 1]), value.rows), weight.shape)
      : weight;
  const weights = {
    gamma: turned(gamma),
    beta: turned(beta),
    moving_mean: turned(mean),
    moving_variance: turned(variance),
  };
  const config = { epsilon: converter.float(node, "epsilon", 1e-5), momentum: converter.float(node, "momentum", 0.9) };
  const output = converter.add(node, "BatchNormalization", config, [value], weights);
  return { ...output, rows: value.rows };
}

/** @type {Operator} */
function layerNormalization(converter, node) {
  const value = converter.value(node, 0);
  const axes = value.shape.length;
  const axis = converter.integer(node, "axis", -1);
  if ((value.first && axes > 1) || value.rows || (axis !== -1 && axis !== axes))
    throw fault("it is read over the last axis alone, with the channels last.");
  const hasBias = Boolean(node.inputs[2]);
  const weights = {
    gamma: converter.weight(node, 1, "scale"),
    ...(hasBias ? { beta: converter.weight(node, 2, "bias") } : {}),
  };
  return converter.add(
    node,
    "LayerNormalization",
    { epsilon: converter.float(node, "epsilon", 1e-5), center: hasBias },
    [value],
    /** @type {Record<string, Weight>} */ (weights),
  );
}

/** Whether two values lie alike. @param {Value} a @param {Value} b */
const liesAlike = (a, b) => a.first === b.first && isSame(a.rows, b.rows);

/** @param {string} className @returns {Operator} of several values */
const merged = (className) => (converter, node) => {
  const values = node.inputs.map((_, index) => converter.value(node, index));
  if (values.length === 1) return values[0];
  if (!values.every((value) => liesAlike(value, values[0])))
    throw fault("its inputs lie in different orders; flatten them alike.");
  return { ...converter.add(node, className, {}, values), rows: values[0].rows };
};

/** @type {Operator} */
function concatenated(converter, node) {
  if (node.inputs.every((name) => converter.constants.has(name))) {
    const parts = node.inputs.map((name) =>
      Array.from(/** @type {{ values: ArrayLike<number> }} */ (converter.constants.get(name)).values),
    );
    return computed(converter, node, parts.flat());
  }
  const values = node.inputs.map((_, index) => converter.value(node, index));
  const count = values[0].shape.length + 1;
  const given = converter.integer(node, "axis", 1);
  const axis = given < 0 ? given + count : given;
  if (axis === 0 || values.some((value) => !liesAlike(value, values[0]) || value.rows))
    throw fault("its inputs lie in different orders; join images before they are flattened.");
  const own = values[0].first ? (axis === 1 ? count - 1 : axis - 1) : axis;
  return converter.add(node, "Concatenate", { axis: own === count - 1 ? -1 : own }, values);
}

/** A node of constants alone. @param {Converter} converter @param {Node} node @param {ArrayLike<number>} values @returns {undefined} */
function computed(converter, node, values) {
  converter.constants.set(node.outputs[0], {
    name: node.outputs[0],
    shape: [values.length],
    values: Array.from(values),
  });
}

/** Arithmetic between two values, or of one with a constant. @param {"Add" | "Sub" | "Mul" | "Div"} operator @returns {Operator} */
const arithmetic = (operator) => (converter, node) => {
  const constants = [converter.constant(node, 0), converter.constant(node, 1)];
  if (!constants[0] && !constants[1]) {
    const className = { Add: "Add", Sub: "Subtract", Mul: "Multiply", Div: undefined }[operator];
    if (!className) throw fault("one layer divided by another is not read.");
    return merged(className)(converter, node);
  }
  const side = constants[0] ? 1 : 0;
  const constant = /** @type {{ values: ArrayLike<number>, shape: number[] }} */ (constants[1 - side]);
  if (constants[side]) {
    const [a, b] = /** @type {{ values: ArrayLike<number> }[]} */ (constants).map(({ values }) => Array.from(values));
    const results = { Add: a[0] + b[0], Sub: a[0] - b[0], Mul: a[0] * b[0], Div: a[0] / b[0] };
    return computed(converter, node, [results[operator]]);
  }
  const value = converter.value(node, side);
  const before = converter.sole(node.inputs[side]);
  if (
    operator === "Add" &&
    before &&
    TAKES_ACTIVATION.test(before.className) &&
    before.config.use_bias === false &&
    !before.config.activation
  ) {
    const channels = /** @type {number} */ (value.shape.at(-1));
    converter.weights.set(
      `${before.name}/bias`,
      spread({ shape: constant.shape, values: Float32Array.from(constant.values) }, channels),
    );
    before.config.use_bias = true;
    return value;
  }
  if (constant.values.length !== 1)
    throw fault("a constant a channel behind no convolution is not read; use BatchNormalization.");
  const [number] = Array.from(constant.values);
  if (side === 1 && operator === "Div") throw fault("a constant divided by a layer is not read.");
  const scale = { Add: 1, Sub: side === 1 ? -1 : 1, Mul: number, Div: 1 / number }[operator];
  const offset = { Add: number, Sub: side === 1 ? number : -number, Mul: 0, Div: 0 }[operator];
  return { ...converter.add(node, "Rescaling", { scale, offset }, [value]), rows: value.rows };
};

/** @type {Operator} */
function pad(converter, node) {
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
function resize(converter, node) {
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

/** @param {Converter} converter @param {Node} node @param {number} usual the axis where none is said */
function onChannels(converter, node, usual) {
  const value = converter.value(node, 0);
  const count = value.shape.length + 1;
  const axis = converter.integer(node, "axis", converter.graph.version < 13 ? 1 : usual);
  const own = axis < 0 ? axis + count : axis;
  if (own !== (value.first ? 1 : count - 1)) throw fault(`axis: only the axis of the channels is read, got ${axis}.`);
}

/** @type {Operator} */
function prelu(converter, node) {
  const value = converter.value(node, 0);
  const slope = converter.weight(node, 1, "slope");
  const channels = /** @type {number} */ (value.shape.at(-1));
  const shape = [...value.shape.slice(0, -1).map(() => 1), channels];
  const shared = value.shape.slice(0, -1).map((_, axis) => axis + 1);
  return converter.add(node, "PReLU", shared.length ? { shared_axes: shared } : {}, [value], {
    alpha: reshaped(spread(slope, channels), shape),
  });
}

/** @type {Operator} */
function clip(converter, node) {
  const [least, most] = [
    converter.constant(node, 1)?.values[0] ?? converter.float(node, "min", -Infinity),
    converter.constant(node, 2)?.values[0] ?? converter.float(node, "max", Infinity),
  ];
  if (least !== 0) throw fault(`only numbers cut off at 0 are read, got ${shown(least)}.`);
  return converter.add(node, "ReLU", Number.isFinite(most) ? { max_value: most } : {}, [converter.value(node, 0)]);
}

/** What changes nothing outside of training. @type {Operator} */
function passed(converter, node) {
  const constant = converter.constant(node, 0);
  if (!constant) return converter.value(node, 0);
  converter.constants.set(node.outputs[0], constant);
  return undefined;
}

/** @type {Operator} */
function dropout(converter, node) {
  const rate = converter.constant(node, 1)?.values[0] ?? converter.float(node, "ratio", 0.5);
  const value = converter.value(node, 0);
  return {
    ...converter.add(node, "Dropout", { rate: Number(Number(rate).toPrecision(6)) }, [value]),
    rows: value.rows,
  };
}

/** Sizes as constants; that of the batch is open. @type {Operator} */
function shapeOf(converter, node) {
  const { shape, first } = converter.value(node, 0);
  return computed(converter, node, [
    -1,
    ...(first ? [/** @type {number} */ (shape.at(-1)), ...shape.slice(0, -1)] : shape),
  ]);
}

/** @type {Operator} */
function gathered(converter, node) {
  const [from, at] = [converter.constant(node, 0), converter.constant(node, 1)];
  if (!from || !at) throw fault("only sizes are looked up, not numbers of layers.");
  return computed(
    converter,
    node,
    Array.from(at.values, (index) => from.values[index < 0 ? index + from.values.length : index] ?? -1),
  );
}

/** @type {Operator} */
function sliced(converter, node) {
  const from = converter.constant(node, 0);
  if (!from) throw fault("parts of layers are not read.");
  const [start = 0] = converter.integers(node, "starts", 1) ?? [];
  const [end = Infinity] = converter.integers(node, "ends", 2) ?? [];
  return computed(converter, node, Array.from(from.values).slice(start, end > from.values.length ? undefined : end));
}

/** @type {Operator} */
function squeezed(converter, node) {
  const constant = converter.constant(node, 0);
  if (constant) return computed(converter, node, constant.values);
  const value = converter.value(node, 0);
  if (sizeOf(value.shape.slice(0, -1)) !== 1) throw fault("only images of one place are squeezed.");
  return flattened(converter, node, value);
}

/** @type {Record<string, Operator>} */
export const OPERATORS = {
  ...Object.fromEntries(
    Object.entries(ACTIVATIONS).map(([operator, name]) => [
      operator,
      /** @type {Operator} */ ((converter, node) => withRows(converter, node, () => activated(converter, node, name))),
    ]),
  ),
  Add: arithmetic("Add"),
  AveragePool: pooling("Average"),
  BatchNormalization: batchNormalization,
  Cast: passed,
  Clip: (converter, node) => withRows(converter, node, () => clip(converter, node)),
  Concat: concatenated,
  Constant(converter, node) {
    const { t, f, i, ints, floats } = node.attributes.get("value") ?? [...node.attributes.values()][0] ?? {};
    if (t) converter.constants.set(node.outputs[0], t);
    else computed(converter, node, ints?.length ? ints : floats?.length ? floats : [f ?? i ?? 0]);
    return undefined;
  },
  Conv: conv,
  ConvTranspose: convTranspose,
  Div: arithmetic("Div"),
  Dropout: dropout,
  Elu: (converter, node) =>
    withRows(converter, node, () =>
      converter.add(node, "ELU", { alpha: converter.float(node, "alpha", 1) }, [converter.value(node, 0)]),
    ),
  Flatten(converter, node) {
    const axis = converter.integer(node, "axis", 1);
    if (axis !== 1) throw fault(`axis: only all axes behind the batch are flattened, got ${axis}.`);
    return flattened(converter, node, converter.value(node, 0));
  },
  Gather: gathered,
  Gelu: (converter, node) => {
    if ((node.attributes.get("approximate")?.s ?? "none") !== "none")
      throw fault("approximate: only the exact function is read.");
    return withRows(converter, node, () => activated(converter, node, "gelu"));
  },
  Gemm: gemm,
  GlobalAveragePool: (converter, node) => globally("Average", true, converter, node),
  GlobalMaxPool: (converter, node) => globally("Max", true, converter, node),
  HardSigmoid(converter, node) {
    const [alpha, beta] = [converter.float(node, "alpha", 0.2), converter.float(node, "beta", 0.5)];
    if (Math.abs(alpha - 1 / 6) > 1e-6 || beta !== 0.5)
      throw fault(`Keras’ function has the slope 1/6, this one ${alpha}.`);
    return withRows(converter, node, () => activated(converter, node, "hard_sigmoid"));
  },
  Identity: passed,
  LRN(converter, node) {
    const size = converter.integer(node, "size", 0);
    if (size % 2 !== 1) throw fault(`size: expected an odd number of channels, got ${size}.`);
    const value = converter.value(node, 0);
    images(value, 2);
    // ONNX divides alpha by the number of channels.
    const alpha = Number((converter.float(node, "alpha", 1e-4) / size).toPrecision(7));
    const config = {
      depth_radius: (size - 1) / 2,
      alpha,
      beta: converter.float(node, "beta", 0.75),
      bias: converter.float(node, "bias", 1),
    };
    return converter.add(node, "LocalResponseNormalization", config, [value]);
  },
  LayerNormalization: layerNormalization,
  LeakyRelu: (converter, node) =>
    withRows(converter, node, () =>
      converter.add(node, "LeakyReLU", { negative_slope: converter.float(node, "alpha", 0.01) }, [
        converter.value(node, 0),
      ]),
    ),
  LogSoftmax(converter, node) {
    onChannels(converter, node, -1);
    return activated(converter, node, "log_softmax");
  },
  MatMul: (converter, node) =>
    dense(converter, node, converter.value(node, 0), converter.weight(node, 1, "matrix"), undefined),
  Max: merged("Maximum"),
  MaxPool: pooling("Max"),
  Mean: merged("Average"),
  Min: merged("Minimum"),
  Mul: arithmetic("Mul"),
  PRelu: prelu,
  Pad: pad,
  ReduceMax: reduced("Max"),
  ReduceMean: reduced("Average"),
  Reshape: reshape,
  Resize: resize,
  Selu: (converter, node) => withRows(converter, node, () => activated(converter, node, "selu")),
  Shape: shapeOf,
  Slice: sliced,
  Softmax(converter, node) {
    onChannels(converter, node, -1);
    return activated(converter, node, "softmax");
  },
  Squeeze: squeezed,
  Sub: arithmetic("Sub"),
  Sum: merged("Add"),
  Transpose: transpose,
  Unsqueeze(converter, node) {
    const constant = converter.constant(node, 0);
    if (!constant) throw fault("an axis of its own is not put into layers’ outputs.");
    return computed(converter, node, constant.values);
  },
  Upsample: resize,
};

/** What acts on each number alone keeps the order of a flattened image. @param {Converter} converter @param {Node} node @param {() => Value | undefined} apply @returns {Value} */
function withRows(converter, node, apply) {
  const { rows } = converter.value(node, 0);
  return { .../** @type {Value} */ (apply()), rows };
}
