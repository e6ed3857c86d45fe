// A network while somebody builds it: layers in order, each with where its input comes from, whether they fit or not. A design
// is never changed; each change gives another.

import { configOf, isMerging, layersOf, shapeIn, unshaped } from "../../exchange/graph.js";
import { newName } from "../../exchange/layer-groups.js";

/** @typedef {import("../../convscope.js").KerasConfig} KerasConfig */
/** @typedef {import("../../exchange/model-file.js").Json} Json */
/**
 * @typedef {object} DesignedLayer
 * @property {string} name
 * @property {string} className
 * @property {Json} config its arguments, without the name
 * @property {string[]} inputs names of layers before it, or the input's
 */
/**
 * @typedef {object} Design
 * @property {string} name
 * @property {{ name: string, shape: number[] }} input
 * @property {DesignedLayer[]} layers each behind those that it takes its input from
 */

/** @param {Json} config as Keras writes it @returns {Design} @throws {Error} where it is no description of a model */
export function designOf(config) {
  const loose = layersOf(config);
  const { shape, name } = inputOf(config);
  const known = new Set(loose.map((layer) => layer.name));
  return {
    name: String(config["config"]?.name ?? "model"),
    input: { name, shape },
    layers: loose.map(({ name: own, className, config, inputs }) => ({
      name: own,
      className,
      config: plain(config),
      // What is no layer is the input, whose name is known only here.
      inputs: inputs.map((source) => (known.has(source) ? source : name)),
    })),
  };
}

/** Without what Keras writes of every layer and nobody has chosen. @param {Json} config @returns {Json} */
function plain({ trainable, ...config }) {
  delete config.dtype;
  return trainable === false ? { ...config, trainable } : config;
}

/** @param {Json} config @returns {{ name: string, shape: number[] }} */
function inputOf(config) {
  const layers = Array.isArray(config["config"]) ? config["config"] : (config["config"]?.layers ?? []);
  for (const { config: own, name } of layers) {
    if (Array.isArray(own) || own?.layers) {
      const inner = inputOf({ config: own });
      if (inner.shape.length) return inner;
      continue;
    }
    const shape = shapeIn(own ?? {});
    if (shape)
      return { name: own.batch_shape || own.batch_input_shape ? String(own.name ?? name) : "input_layer", shape };
  }
  return { name: "input_layer", shape: [28, 28, 1] };
}

/** As the writers of files and code take it. @param {Design} design @returns {import("../../exchange/graph.js").Graph} */
export function graphOfDesign({ name, input, layers }) {
  return unshaped({ name, input, layers, output: layers.at(-1)?.name ?? input.name });
}

/** Whether every layer takes what the one before gives. @param {Design} design */
export const isSequential = (design) => graphOfDesign(design).sequential;

/** @param {Design} design @returns {KerasConfig} */
export function describedDesign(design) {
  return /** @type {KerasConfig} */ (configOf(graphOfDesign(design)));
}

/** The same network up to a layer. @param {Design} design @param {number} count of layers */
export const upTo = (design, count) => ({ ...design, layers: design.layers.slice(0, count) });

/** @param {Design} design @returns {string[]} */
const namesOf = ({ input, layers }) => [input.name, ...layers.map(({ name }) => name)];

/**
 * A layer more: the next that took the output of the one before takes its output.
 *
 * @param {Design} design
 * @param {number} at its place among the layers
 * @param {{ className: string, config: Json, name?: string }} layer
 * @returns {Design}
 */
export function inserted(design, at, { className, config, name = newName(className, namesOf(design)) }) {
  const before = design.layers[at - 1]?.name ?? design.input.name;
  const merges = isMerging(className);
  // Two layers that were merged are seen at once: the one before, and the one that that came from.
  const other = merges ? (design.layers[at - 1]?.inputs[0] ?? before) : before;
  const added = { name, className, config: { ...config }, inputs: merges ? [before, other] : [before] };
  const behind = design.layers.slice(at);
  const next = behind.findIndex(({ inputs }) => inputs.includes(before));
  if (next >= 0) {
    const inputs = behind[next].inputs.map((source) => (source === before ? name : source));
    behind[next] = { ...behind[next], inputs };
  }
  return { ...design, layers: [...design.layers.slice(0, at), added, ...behind] };
}

/** @param {Design} design @param {number} at @returns {Design} */
export function removed(design, at) {
  const { name, inputs } = design.layers[at];
  const layers = design.layers
    .filter((_, index) => index !== at)
    .map((layer) => ({ ...layer, inputs: layer.inputs.map((source) => (source === name ? inputs[0] : source)) }));
  return { ...design, layers };
}

/** @param {Design} design @param {number} from @param {number} to its place afterwards @returns {Design} */
export function moved(design, from, to) {
  if (to === from || to < 0 || to >= design.layers.length) return design;
  const layer = design.layers[from];
  return inserted(removed(design, from), to, layer);
}

/** @param {Design} design @param {number} at @param {Partial<DesignedLayer>} change @returns {Design} */
export function replaced(design, at, change) {
  const before = design.layers[at];
  const renamed = (/** @type {string} */ name) => (name === before.name ? (change.name ?? name) : name);
  return {
    ...design,
    layers: design.layers.map((layer, index) =>
      index === at ? { ...layer, ...change } : { ...layer, inputs: layer.inputs.map(renamed) },
    ),
  };
}

/** @param {Design} design @param {number} at @param {Json} change arguments; undefined takes one away @returns {Design} */
export function withArguments(design, at, change) {
  const entries = Object.entries({ ...design.layers[at].config, ...change }).filter(([, value]) => value !== undefined);
  return replaced(design, at, { config: Object.fromEntries(entries) });
}

/** @param {Design} design @param {number[]} shape @returns {Design} */
export const withInput = (design, shape) => ({ ...design, input: { ...design.input, shape } });

/**
 * The layers in the order in which code has them, where each still stands behind what it takes its input from.
 *
 * @param {Design} design
 * @param {{ name: string, start: number }[]} ranges
 * @returns {Design}
 */
export function inOrder(design, ranges) {
  const starts = new Map(ranges.map(({ name, start }) => [name, start]));
  const layers = design.layers.toSorted((one, other) => (starts.get(one.name) ?? 0) - (starts.get(other.name) ?? 0));
  const places = new Map(layers.map(({ name }, at) => [name, at]));
  const fits = layers.every(({ inputs }, at) => inputs.every((source) => (places.get(source) ?? -1) < at));
  return fits && layers.at(-1)?.name === design.layers.at(-1)?.name ? { ...design, layers } : design;
}

/** @param {any} value that a browser has kept @returns {value is Design} */
export function isDesign(value) {
  const { name, input, layers } = value ?? {};
  return (
    typeof name === "string" &&
    typeof input?.name === "string" &&
    Array.isArray(input.shape) &&
    Array.isArray(layers) &&
    layers.every(
      (layer) =>
        typeof layer?.name === "string" &&
        typeof layer.className === "string" &&
        typeof layer.config === "object" &&
        Array.isArray(layer.inputs),
    )
  );
}

/** @param {Design} one @param {Design} other */
export const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
