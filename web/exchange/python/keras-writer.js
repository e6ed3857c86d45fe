// A model as Keras 3 code that runs: what stands for itself in Keras is left out, and each layer has its place in the text.

import { classesOf, completed, snakeCase } from "../classes.js";
import { REGISTERED, isMerging } from "../graph.js";
import { isObject, shown, unreadable } from "../model-file.js";
import { identifiers, literal } from "./literal.js";

/** @typedef {import("../graph.js").Graph} Graph */
/** @typedef {import("../graph.js").GraphLayer} GraphLayer */
/** @typedef {import("../classes.js").Room} Room */
/** @typedef {{ code: string, ranges: { name: string, start: number, end: number, line: number, lastLine: number }[] }} WrittenCode */
/**
 * @typedef {object} Settings
 * @property {import("../model-file.js").Training} [training]
 * @property {{ epochs?: number, batch_size?: number, validation_split?: number }} [fit]
 * @property {string} [weights] a file of weights beside the code, which is loaded: "model.weights.h5"
 */

/** The rooms of what a layer or an optimiser is given besides numbers. @type {[RegExp, Room, string][]} */
const ROOMS = [
  [/_initializer$/, "initializers", "keras.initializers"],
  [/_regularizer$/, "regularizers", "keras.regularizers"],
  [/_constraint$/, "constraints", "keras.constraints"],
  [/^learning_rate$/, "schedules", "keras.optimizers.schedules"],
];
/** What is written in descriptions and says nothing. */
const SILENT = new Set(["dtype", "autocast", "sparse", "ragged", "optional", "build_config", "quantization_config", "batch_size", "input_tensor", "registered_name", "noise_shape", "lora_rank", "lora_alpha", "renorm_momentum", "synchronized", "data_format"]); // prettier-ignore
/** Arguments without a name, where Keras has defaults for them and everybody writes them so. */
const POSITIONAL = new Set(["pool_size", "size", "cropping"]);
const WIDTH = 96;
const REGISTERED_CLASS = `
@keras.saving.register_keras_serializable("convscope")
class LocalResponseNormalization(layers.Layer):
    """Strong channels damp their neighbours (Krizhevsky, Sutskever, Hinton 2012, section 3.3)."""

    def __init__(self, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5, **kwargs):
        super().__init__(**kwargs)
        self.depth_radius, self.bias, self.alpha, self.beta = depth_radius, bias, alpha, beta

    def call(self, x):
        radius, channels = self.depth_radius, x.shape[-1]
        squares = keras.ops.pad(keras.ops.square(x), [[0, 0], [0, 0], [0, 0], [radius, radius]])
        total = sum(squares[..., shift : shift + channels] for shift in range(2 * radius + 1))
        return x / (self.bias + self.alpha * total) ** self.beta

    def get_config(self):
        own = {name: getattr(self, name) for name in ("depth_radius", "bias", "alpha", "beta")}
        return {**super().get_config(), **own}


`;

/** @param {unknown} one @param {unknown} other @returns {boolean} */
function isSame(one, other) {
  const [a, b] = [one ?? null, other ?? null];
  if (JSON.stringify(a) === JSON.stringify(b)) return true;
  if (Array.isArray(a) && typeof b === "number") return a.length > 0 && a.every((value) => value === b);
  return typeof a === "number" && Array.isArray(b) && isSame(b, a);
}

/** The name of a class of Keras, whether it stands as a text or as an object without arguments of its own. @param {unknown} value */
function plainName(value) {
  if (typeof value === "string") return value;
  if (!isObject(value) || typeof value.class_name !== "string") return undefined;
  const config = isObject(value.config) ? value.config : {};
  const silent = Object.entries(config).every(([, inside]) => inside === null || inside === undefined);
  return silent ? snakeCase(value.class_name) : undefined;
}

/** @param {string} place @param {Room} room @param {string} module @param {Record<string, any>} value @returns {string} */
function object(place, room, module, value) {
  const className = String(value.class_name);
  const parameters = classesOf(room).get(className);
  if (!parameters) throw unreadable(place, `${module}.${shown(className)} is not known here.`);
  const config = isObject(value.config) ? value.config : {};
  const given = parameters.flatMap(({ name, required, value: usual }) => {
    const own = config[name];
    if (own === undefined || (!required && isSame(own, usual)) || name === "name") return [];
    return [`${name}=${argument(place, name, own)}`];
  });
  return `${module}.${className}(${given.join(", ")})`;
}

/** @param {string} place @param {string} name @param {unknown} value @returns {string} */
function argument(place, name, value) {
  if (isObject(value) && typeof value.class_name === "string") {
    const room = ROOMS.find(([pattern]) => pattern.test(name));
    if (room) return object(place, room[1], room[2], value);
    if (name === "activation")
      return layerCall(
        place,
        { className: value.class_name, config: isObject(value.config) ? value.config : {} },
        false,
      );
  }
  return literal(value);
}

/** @param {string} place @param {{ className: string, config: Record<string, any>, name?: string }} layer @param {boolean} named */
function layerCall(place, { className, config, name }, named) {
  const parameters = classesOf("layers").get(className);
  if (!parameters) throw unreadable(place, `layers of the class ${shown(className)} are not known to Keras.`);
  const given = completed(className, config);
  const known = new Set(parameters.map(({ name }) => name));
  for (const [name, value] of Object.entries(given)) {
    const isSilent =
      value === null ||
      value === false ||
      SILENT.has(name) ||
      name === "trainable" ||
      name === "name" ||
      name === "groups" ||
      name === "seed";
    if (!known.has(name) && !isSilent)
      throw unreadable(place, `${className} has no argument ${shown(name)} in Keras 3.`);
  }
  /** @type {string[]} */
  const written = [];
  let positional = true;
  for (const { name, required, value: usual } of parameters) {
    const value = given[name];
    if (name === "name" || isUsual(name, value, usual, given)) {
      positional = false;
      continue;
    }
    const short = positional && (required || POSITIONAL.has(name));
    written.push(short ? argument(place, name, value) : `${name}=${argument(place, name, value)}`);
    if (!short) positional = false;
  }
  if (config.trainable === false) written.push("trainable=False");
  if (named) written.push(`name=${literal(name)}`);
  return `${className === REGISTERED ? "" : "layers."}${className}(${written.join(", ")})`;
}

/** @param {string} name @param {unknown} value @param {unknown} usual @param {Record<string, any>} given */
function isUsual(name, value, usual, given) {
  if (isSame(value, usual)) return true;
  if (SILENT.has(name)) return true;
  if (name === "activation") return value === "linear" && usual === null;
  if (name === "strides" && usual === null) return isSame(value, given.pool_size);
  const isFunction = /_(?:initializer|regularizer|constraint)$/.test(name);
  const plain = isFunction ? plainName(value) : undefined;
  return plain !== undefined && plain === plainName(typeof usual === "string" ? snakeCase(usual) : usual);
}

/** Layers whose names are not Keras' own. @param {Graph} graph @returns {Set<string>} */
function namedLayers({ layers }) {
  /** @type {Map<string, string[]>} */
  const byBase = new Map();
  for (const { name, className } of layers) {
    const base = snakeCase(className);
    byBase.set(base, [...(byBase.get(base) ?? []), name]);
  }
  const named = new Set();
  for (const [base, names] of byBase) {
    const own = names.some((name, index) => name !== (index ? `${base}_${index}` : base));
    if (own) names.forEach((name) => named.add(name));
  }
  return named;
}

/** Collects code, and where layers stand in it. */
class Page {
  code = "";
  /** @type {WrittenCode["ranges"]} */
  ranges = [];
  #line = 1;

  /** @param {string} text */
  write(text) {
    this.code += text;
    this.#line += text.split("\n").length - 1;
  }

  /** @param {string} name of a layer @param {string} text of its call */
  layer(name, text) {
    const [start, line] = [this.code.length, this.#line];
    this.write(text);
    this.ranges.push({ name, start, end: this.code.length, line, lastLine: this.#line });
  }
}

/** A call with its arguments on lines of their own where one line is too short. @param {string} call @param {string} indent */
function folded(call, indent) {
  if (indent.length + call.length <= WIDTH) return call;
  const open = call.indexOf("(");
  /** @type {string[]} */
  const parts = [];
  let depth = 0;
  let from = open + 1;
  let quoted = false;
  for (let at = open + 1; at < call.length; at++) {
    const sign = call[at];
    if (sign === '"' && call[at - 1] !== "\\") quoted = !quoted;
    if (quoted) continue;
    if ("([{".includes(sign)) depth += 1;
    if (")]}".includes(sign)) depth -= 1;
    if ((sign === "," && depth === 0) || depth < 0) {
      if (call.slice(from, at).trim()) parts.push(call.slice(from, at).trim());
      from = at + 1;
      if (depth < 0)
        return `${call.slice(0, open + 1)}\n${parts.map((part) => `${indent}    ${part},\n`).join("")}${indent}${call.slice(at)}`;
    }
  }
  return call;
}

/**
 * @param {Graph} graph
 * @param {Settings} [settings]
 * @returns {WrittenCode}
 * @throws {import("../model-file.js").UnreadableError} for what Keras has not
 */
export function writeKerasCode(graph, settings = {}) {
  const page = new Page();
  page.write("import keras\nfrom keras import layers\n\n");
  if (graph.layers.some(({ className }) => className === REGISTERED)) page.write(REGISTERED_CLASS);
  const named = namedLayers(graph);
  const call = (/** @type {GraphLayer} */ layer) =>
    layerCall(`layer ${shown(layer.name)} (${shown(layer.className)})`, layer, named.has(layer.name));
  const inputName = graph.input.name === "input_layer" ? "" : `, name=${literal(graph.input.name)}`;
  const input = `keras.Input(${literal(graph.input.shape)}${inputName})`;
  if (graph.sequential) {
    page.write("model = keras.Sequential(\n    [\n        ");
    page.layer(graph.input.name, input);
    page.write(",\n");
    for (const layer of graph.layers) {
      page.write("        ");
      page.layer(layer.name, folded(call(layer), "        "));
      page.write(",\n");
    }
    page.write(graph.name === "sequential" ? "    ]\n)\n" : `    ],\n    name=${literal(graph.name)},\n)\n`);
  } else {
    const variable = identifiers();
    /** @type {Map<string, string>} */
    const variables = new Map([[graph.input.name, "inputs"]]);
    page.write("inputs = ");
    page.layer(graph.input.name, input);
    page.write("\n");
    for (const layer of graph.layers) {
      const sources = layer.inputs.map((source) => variables.get(source));
      const own = variable(layer.name);
      variables.set(layer.name, own);
      page.write(`${own} = `);
      page.layer(
        layer.name,
        `${folded(call(layer), "")}(${isMerging(layer.className) ? `[${sources.join(", ")}]` : sources[0]})`,
      );
      page.write("\n");
    }
    const name = graph.name === "functional" ? "" : `, name=${literal(graph.name)}`;
    page.write(`model = keras.Model(inputs, ${variables.get(graph.output)}${name})\n`);
  }
  if (settings.weights) page.write(`model.load_weights(${literal(settings.weights)})\n`);
  if (settings.training) page.write(`\n${writeTraining(settings)}`);
  return { code: page.code, ranges: page.ranges };
}

/** @param {Settings} settings @returns {string} `model.compile` and `model.fit` */
export function writeTraining({ training, fit }) {
  if (!training) return "";
  const part = (/** @type {unknown} */ value, /** @type {Room} */ room, /** @type {string} */ module) =>
    isObject(value) && typeof value.class_name === "string" ? object("training", room, module, value) : literal(value);
  const lines = [
    "model.compile(",
    `    optimizer=${part(training.optimizer, "optimizers", "keras.optimizers")},`,
    `    loss=${part(training.loss, "losses", "keras.losses")},`,
    '    metrics=["accuracy"],',
    ")",
  ];
  if (fit) {
    const given = Object.entries(fit).map(([name, value]) => `, ${name}=${literal(value)}`);
    lines.push(
      "# x_train: images as the network reads them; y_train: their labels.",
      `model.fit(x_train, y_train${given.join("")})`,
    );
  }
  return `${lines.join("\n")}\n`;
}
