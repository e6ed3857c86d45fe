// ONNX's operators as layers of Keras (onnx/docs/Operators.md). Each gives the value that comes out of its node; constants it
// computes itself.

import { shown } from "../model-file.js";
import { rowsChannelsLast } from "../flattening.js";
import { reshaped, transposed } from "../numbers.js";
import { fault, images, isSame } from "./faults.js";
import { flattened, pad, reshape, resize, squeezed, transpose } from "./moving.js";
import { computed, gathered, shapeOf, sliced } from "./sizes.js";
import { conv, convTranspose, pooling } from "./windows.js";

/** @typedef {import("./read.js").Converter} Converter */
/** @typedef {import("./read.js").Value} Value */
/** @typedef {import("./messages.js").Node} Node */
/** @typedef {import("../model-file.js").Weight} Weight */
/** @typedef {(converter: Converter, node: Node) => Value | undefined} Operator */

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
