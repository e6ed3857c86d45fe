// A workload as an ONNX file. The numbers of fields and types are those of onnx.proto.
import { initialWeights, inputShape, trace, classes } from "../workloads.mjs";
import { message } from "./protocol-buffers.mjs";
import { flattenedChannelsFirst, outputsFirst } from "./transposed.mjs";

const irVersion = 8;
const operatorSet = 17;
const float = 1;

/**
 * @param {import("../workloads.mjs").Workload} workload
 * @param {number} batch
 * @returns {Uint8Array}
 */
export function onnxModel(workload, batch) {
  const [height, width, channels] = inputShape(workload);
  const nodes = trace(workload).flatMap(operators);
  // Each takes what the one before gives.
  const chain = nodes.map(({ operator, weights = [], attributes }, index) => {
    const input = index === 0 ? "x" : `${index - 1}`;
    const output = index === nodes.length - 1 ? "probabilities" : `${index}`;
    return message({
      1: [input, ...weights],
      2: output,
      4: operator,
      5: Object.entries(attributes ?? {}).map(attribute),
    });
  });
  const graph = message({
    1: chain,
    2: workload.name,
    5: initializers(workload),
    11: variable("x", [batch, channels, height, width]),
    12: variable("probabilities", [batch, classes(workload)]),
  });
  return message({ 1: irVersion, 7: graph, 8: message({ 2: operatorSet }) });
}

function operators({ class_name, config }) {
  const { name, kernel_size, pool_size, strides, padding, activation } = config;
  const weights = [`${name}/kernel`, `${name}/bias`];
  const pad = padding === "same" ? (kernel_size[0] - 1) / 2 : 0;
  const core = {
    Conv2D: {
      operator: "Conv",
      weights,
      attributes: { kernel_shape: kernel_size, strides, pads: [pad, pad, pad, pad] },
    },
    MaxPooling2D: { operator: "MaxPool", attributes: { kernel_shape: pool_size, strides } },
    Flatten: { operator: "Flatten" },
    Dense: { operator: "Gemm", weights },
  };
  const after = { relu: [{ operator: "Relu" }], softmax: [{ operator: "Softmax" }] };
  return [core[class_name], ...(after[activation] ?? [])];
}

function initializers(workload) {
  const weights = initialWeights(workload);
  let flattened;
  return trace(workload).flatMap(({ class_name, config, before }) => {
    const kernel = weights.get(`${config.name}/kernel`);
    const bias = weights.get(`${config.name}/bias`);
    if (class_name === "Conv2D") {
      const [height, width, channels, filters] = kernel.shape;
      kernel.values = outputsFirst(kernel);
      kernel.shape = [filters, channels, height, width];
    } else if (class_name === "Flatten") {
      flattened = before;
    } else if (flattened) {
      kernel.values = flattenedChannelsFirst(kernel, flattened);
      flattened = undefined;
    }
    return kernel ? [tensor(`${config.name}/kernel`, kernel), tensor(`${config.name}/bias`, bias)] : [];
  });
}

const tensor = (name, { shape, values }) => message({ 1: shape, 2: float, 8: name, 9: new Uint8Array(values.buffer) });

const attribute = ([name, integers]) => message({ 1: name, 8: integers, 20: 7 });

function variable(name, shape) {
  const dimensions = message({ 1: shape.map((size) => message({ 1: size })) });
  return message({ 1: name, 2: message({ 1: message({ 1: float, 2: dimensions }) }) });
}
