// Keras' classes: their arguments in order with defaults, and the weights of layers in the order in which Keras keeps them.

import { parseSignature } from "./python/parse.js";
import { SIGNATURES } from "./signatures.js";

/** @typedef {{ name: string, required: boolean, value: unknown }} Parameter `value` is the default */
/** @typedef {keyof typeof SIGNATURES} Room */

/** @type {Map<string, Map<string, Parameter[]>>} */
const read = new Map();

/** @param {Room} room @returns {Map<string, Parameter[]>} the parameters of each class */
export function classesOf(room) {
  const known = read.get(room);
  if (known) return known;
  const lines = SIGNATURES[room].trim().split("\n");
  const classes = new Map(
    lines.map((line) => {
      const { name, parameters } = parseSignature(line.trim());
      return [name, parameters.map(({ name, value }) => ({ name, required: !value, value: value && plain(value) }))];
    }),
  );
  read.set(room, classes);
  return classes;
}

/** @param {import("./python/parse.js").Expression} expression a default, as JSON has it @returns {unknown} */
function plain(expression) {
  if (expression.kind === "constant") return expression.value;
  if (expression.kind === "tuple") return expression.items.map(plain);
  if (expression.kind === "operation") return -(/** @type {number} */ (plain(expression.right)));
  throw new Error("a default that is no value");
}

/** What every layer takes besides, in the order in which code is written. */
export const EVERY_LAYER = ["input_shape", "batch_input_shape", "input_dim", "dtype", "trainable", "name"];

/** What older descriptions call it. @type {Record<string, Record<string, string>>} */
const FORMER_NAMES = { LeakyReLU: { alpha: "negative_slope" } };

/**
 * A layer's arguments with the defaults of those that are not given.
 *
 * @param {string} className
 * @param {Record<string, any>} given
 * @returns {Record<string, any>}
 */
export function completed(className, given) {
  const complete = Object.fromEntries(
    (classesOf("layers").get(className) ?? []).map(({ name, value }) => [name, value]),
  );
  for (const [name, value] of Object.entries(given)) complete[FORMER_NAMES[className]?.[name] ?? name] = value;
  return complete;
}

/**
 * The names of a layer's weights in Keras' order, as the engine has them behind `layer/`.
 *
 * @param {string} className
 * @param {Record<string, any>} config
 * @returns {string[]}
 */
export function weightNames(className, config) {
  const { use_bias: useBias = true, scale = true, center = true } = config;
  const bias = useBias ? ["bias"] : [];
  if (/^Separable/.test(className)) return ["depthwise_kernel", "pointwise_kernel", ...bias];
  if (className === "Dense" || /^(?:Depthwise)?Conv\dD/.test(className)) return ["kernel", ...bias];
  if (className === "PReLU") return ["alpha"];
  // Given mean and variance are arguments and no weights.
  if (className === "Normalization")
    return config.mean === undefined || config.mean === null ? ["mean", "variance", "count"] : [];
  if (!/^(?:Batch|Layer|Group)Normalization$/.test(className)) return [];
  const moving = className === "BatchNormalization" ? ["moving_mean", "moving_variance"] : [];
  return [...(scale ? ["gamma"] : []), ...(center ? ["beta"] : []), ...moving];
}

/** Keras' own name of a layer of this class: `Conv2D` is conv2d, `PReLU` is p_re_lu. @param {string} className */
export function snakeCase(className) {
  return className
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/** @returns {(name: string) => string} the same name with a number from the second time on */
export function numbering() {
  /** @type {Map<string, number>} */
  const used = new Map();
  return (name) => {
    const count = used.get(name) ?? 0;
    used.set(name, count + 1);
    return count ? `${name}_${count}` : name;
  };
}

/** Whether a layer changes each number on its own, or none: it passes the order of its input on. @param {string} className */
export function isElementwise(className) {
  return ELEMENTWISE.has(className);
}
const ELEMENTWISE = new Set(["Activation", "ReLU", "LeakyReLU", "ELU", "Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout", "Identity", "Rescaling", "ActivityRegularization"]); // prettier-ignore
