// Which values an argument of a layer takes, told from its name and its default: what fields to edit it look like.

import { classesOf } from "./classes.js";

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {"whole" | "number" | "sizes" | "choice" | "switch" | "list"} kind "sizes": one whole number for all axes or
 *   one for each; "list": numbers, perhaps in lists
 * @property {unknown} usual the default
 * @property {boolean} required
 * @property {boolean} more whether few change it
 * @property {string[]} [choices] "" stands for none
 * @property {number} [axes] of "sizes"
 * @property {number} [min]
 * @property {number} [max]
 * @property {boolean} [optional] whether it can be none
 */

/** What is not for an architecture to say. */
const LEFT_OUT = new Set(
  "data_format seed noise_shape dtype name lora_rank lora_alpha quantization_config renorm renorm_clipping renorm_momentum synchronized input_axes output_axes antialias".split(
    " ",
  ),
);
const SIZES = new Set(["kernel_size", "pool_size", "strides", "dilation_rate", "size", "output_padding"]);
const MAIN = new Set(
  "filters kernel_size strides padding groups depth_multiplier units activation use_bias pool_size rate size target_shape dims cropping stddev n scale offset mean variance max_value negative_slope threshold alpha axis factor height_factor width_factor mode height width interpolation l1 l2 depth_radius bias beta".split(
    " ",
  ),
);
const ACTIVATIONS =
  "linear relu sigmoid tanh softmax leaky_relu relu6 elu selu gelu silu mish softplus softsign exponential hard_sigmoid hard_silu".split(
    " ",
  );
const INITIALIZERS =
  "glorot_uniform glorot_normal he_uniform he_normal lecun_uniform lecun_normal random_normal random_uniform truncated_normal orthogonal zeros ones".split(
    " ",
  );

/** @type {Record<string, string[]>} */
const CHOICES = {
  activation: ACTIVATIONS,
  padding: ["valid", "same"],
  interpolation: ["nearest", "bilinear"],
  mode: ["horizontal", "vertical", "horizontal_and_vertical"],
  fill_mode: ["reflect", "wrap", "constant", "nearest"],
};

/**
 * @param {string} className
 * @returns {Field[]} in Keras' order
 */
export function fieldsOf(className) {
  const parameters = classesOf("layers").get(className) ?? [];
  const axes = /1D/.test(className) ? 1 : 2;
  return parameters.flatMap(({ name, required, value }) => {
    if (LEFT_OUT.has(name)) return [];
    const field = fieldOf(name, value, axes);
    return field ? [{ name, usual: value, required, more: !MAIN.has(name), ...field }] : [];
  });
}

/** @param {string} name @param {unknown} value @param {number} axes @returns {Pick<Field, "kind"> & Partial<Field> | undefined} */
function fieldOf(name, value, axes) {
  if (/_initializer$/.test(name)) return { kind: "choice", choices: INITIALIZERS };
  if (/_regularizer$/.test(name)) return { kind: "choice", choices: ["", "l1", "l2", "l1_l2"] };
  if (/_constraint$/.test(name)) return { kind: "choice", choices: ["", "max_norm", "non_neg", "unit_norm"] };
  if (name === "padding" && typeof value !== "string") return { kind: "list" };
  if (CHOICES[name]) return { kind: "choice", choices: CHOICES[name] };
  if (SIZES.has(name))
    return { kind: "sizes", axes, min: name === "output_padding" ? 0 : 1, max: 1024, optional: value === null };
  if (typeof value === "boolean") return { kind: "switch" };
  if (["filters", "units", "groups", "depth_multiplier", "n", "height", "width", "depth_radius"].includes(name))
    return { kind: "whole", min: 1, max: 65_536 };
  if (
    [
      "target_shape",
      "dims",
      "cropping",
      "axis",
      "shared_axes",
      "mean",
      "variance",
      "value_range",
      "factor",
      "height_factor",
      "width_factor",
    ].includes(name)
  )
    return { kind: "list", optional: value === null };
  if (name === "rate") return { kind: "number", min: 0, max: 0.99 };
  if (typeof value === "number" || name === "stddev" || name === "scale")
    return { kind: "number", min: -1e6, max: 1e6 };
  if (name === "max_value") return { kind: "number", min: 0, max: 1e6, optional: true };
  return undefined;
}

/** A list as code has it: `(1, 2)`. @param {unknown} value @returns {string} */
export function writtenList(value) {
  if (Array.isArray(value)) return `(${value.map(writtenList).join(", ")}${value.length === 1 ? "," : ""})`;
  return value === null || value === undefined ? "" : String(value);
}

/** @param {string} text @returns {unknown} numbers in lists; undefined where that is none; null for an empty text */
export function readList(text) {
  const json = text
    .trim()
    .replaceAll("(", "[")
    .replaceAll(")", "]")
    .replace(/,\s*\]/g, "]");
  if (json === "") return null;
  if (!/^[-\d\s.,[\]e]+$/.test(json)) return undefined;
  for (const candidate of [json, `[${json}]`]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // The other way to write it may do.
    }
  }
  return undefined;
}
