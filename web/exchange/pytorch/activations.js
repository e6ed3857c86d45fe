// Activations as PyTorch's modules; what PyTorch has under no name is written out.

import { completed } from "../classes.js";
import { isObject, shown, unreadable } from "../model-file.js";
import { literal } from "../python/literal.js";

/** @type {Record<string, string>} */
const MODULES = {
  relu: "nn.ReLU()",
  relu6: "nn.ReLU6()",
  sigmoid: "nn.Sigmoid()",
  tanh: "nn.Tanh()",
  softmax: "nn.Softmax(dim=1)",
  log_softmax: "nn.LogSoftmax(dim=1)",
  elu: "nn.ELU()",
  selu: "nn.SELU()",
  celu: "nn.CELU()",
  gelu: "nn.GELU()",
  silu: "nn.SiLU()",
  swish: "nn.SiLU()",
  mish: "nn.Mish()",
  softplus: "nn.Softplus()",
  softsign: "nn.Softsign()",
  hard_sigmoid: "nn.Hardsigmoid()",
  hard_silu: "nn.Hardswish()",
  hard_swish: "nn.Hardswish()",
  hard_tanh: "nn.Hardtanh()",
  hard_shrink: "nn.Hardshrink()",
  soft_shrink: "nn.Softshrink()",
  tanh_shrink: "nn.Tanhshrink()",
  log_sigmoid: "nn.LogSigmoid()",
  leaky_relu: "nn.LeakyReLU(0.2)",
  exponential: "Exponential()",
};

/**
 * @param {string} place
 * @param {unknown} activation a name, or a layer that is one
 * @returns {string | undefined} a module; nothing where nothing is done
 */
export function activationModule(place, activation) {
  if (activation === null || activation === undefined || activation === "linear") return undefined;
  if (typeof activation === "string" && Object.hasOwn(MODULES, activation)) return MODULES[activation];
  if (isObject(activation)) {
    const { class_name: name, config } = activation;
    if (Object.hasOwn(LAYERS, String(name)))
      return LAYERS[name](place, completed(String(name), isObject(config) ? config : {}));
    // Keras writes a function of its own as an object with its name.
    if (typeof config === "string") return activationModule(place, config);
  }
  throw unreadable(place, `PyTorch has no module for the activation ${shown(activation)}.`);
}

/** Layers that are activations. @type {Record<string, (place: string, config: Record<string, any>) => string | undefined>} */
export const LAYERS = {
  Activation: (place, { activation }) => activationModule(place, activation),
  ReLU(place, { max_value: most, negative_slope: slope, threshold }) {
    if (threshold) return `ThresholdedReLU(${literal(most)}, ${literal(slope)}, ${literal(threshold)})`;
    if (most === null || most === undefined) return slope ? `nn.LeakyReLU(${literal(slope)})` : "nn.ReLU()";
    return slope ? `ThresholdedReLU(${literal(most)}, ${literal(slope)}, 0.0)` : `nn.Hardtanh(0.0, ${literal(most)})`;
  },
  LeakyReLU: (_, { negative_slope: slope }) => `nn.LeakyReLU(${literal(slope)})`,
  ELU: (_, { alpha }) => `nn.ELU(${literal(alpha)})`,
  Softmax(place, { axis }) {
    if (axis !== -1 && axis !== null)
      throw unreadable(place, `axis: only the last axis is written, got ${shown(axis)}.`);
    return "nn.Softmax(dim=1)";
  },
};
