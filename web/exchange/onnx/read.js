// An ONNX graph as layers of Keras: its values are followed node by node, and images are turned to channels last on the way.

import { configOf, shaped } from "../graph.js";
import { numbering, snakeCase } from "../classes.js";
import { MAX_LAYERS, UnreadableError, shown, sizeOf, unreadable } from "../model-file.js";
import { outputShape } from "../shapes.js";
import { readMessages } from "./messages.js";
import { OPERATORS } from "./operators.js";

/** @typedef {import("./messages.js").Node} Node */
/** @typedef {import("./messages.js").Tensor} Tensor */
/** @typedef {import("../model-file.js").Weight} Weight */
/** @typedef {import("../graph.js").Loose} Loose */
/**
 * @typedef {object} Value what goes from node to node
 * @property {string} layer that it comes from
 * @property {number[]} shape as Keras has it: channels last, without the batch
 * @property {boolean} first whether ONNX has the channels first in it
 * @property {number[]} [rows] the shape, channels last, of an image that was flattened channels first
 */

/** Makes layers of nodes. */
export class Converter {
  /** @type {Map<string, Value>} */
  values = new Map();
  /** @type {Loose[]} */
  layers = [];
  /** @type {Map<string, Weight>} */
  weights = new Map();
  /** @type {string[]} */
  passedOver = [];
  #names = numbering();
  #used = new Set();

  /** @param {string} place @param {import("./messages.js").OnnxGraph} graph */
  constructor(place, graph) {
    this.place = place;
    this.graph = graph;
    this.constants = graph.constants;
    /** How many nodes read a value. @type {Map<string, number>} */
    this.readers = new Map();
    for (const name of [...graph.nodes.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ name }) => name)]) {
      this.readers.set(name, (this.readers.get(name) ?? 0) + 1);
    }
  }

  /** A layer's name: as the file calls it, or Keras' own. @param {string} className @param {(string | undefined)[]} wishes */
  nameOf(className, wishes) {
    const wish = wishes.find((name) => name && /^[A-Za-z][\w.-]{0,60}$/.test(name) && !this.#used.has(name));
    let name = wish;
    while (name === undefined || this.#used.has(name)) name = this.#names(snakeCase(className));
    this.#used.add(name);
    return name;
  }

  /**
   * Adds a layer behind values; the answer is what comes out of it, laid out as its first input.
   *
   * @param {Node} node @param {string} className @param {Record<string, any>} config @param {Value[]} inputs
   * @param {Record<string, Weight>} [weights] by Keras' names
   * @returns {Value}
   */
  add(node, className, config, inputs, weights = {}) {
    if (this.layers.length >= MAX_LAYERS) throw unreadable("", `a model has at most ${MAX_LAYERS} layers here.`);
    const shape = outputShape(
      className,
      config,
      inputs.map((input) => input.shape),
    );
    // PyTorch's exporter names constants by its modules: conv1.weight.
    const [, module] = /^(.+)\.(?:weight|bias)$/.exec(node.inputs[1] ?? "") ?? [];
    const name = this.nameOf(className, [/[/:]/.test(node.name) ? undefined : node.name, module]);
    this.layers.push({ name, className, config, inputs: inputs.map(({ layer }) => layer) });
    for (const [weight, value] of Object.entries(weights)) this.weights.set(`${name}/${weight}`, value);
    return {
      layer: name,
      shape,
      first: inputs[0].first && shape.length > 1,
      rows: shape.length === 1 ? inputs[0].rows : undefined,
    };
  }

  /** The layer that gave a value, where nothing else reads that: it can be completed. @param {string} name @returns {Loose | undefined} */
  sole(name) {
    const value = this.values.get(name);
    const last = this.layers.at(-1);
    return value && last && value.layer === last.name && this.readers.get(name) === 1 ? last : undefined;
  }

  /** @param {Node} node @param {number} index @returns {Value} */
  value(node, index) {
    const name = node.inputs[index];
    const value = this.values.get(name);
    if (value) return value;
    throw unreadable(
      "",
      this.constants.has(name)
        ? "it is applied to constants, where a layer’s output is expected."
        : `its input ${shown(name ?? "")} comes from nowhere.`,
    );
  }

  /** @param {Node} node @param {number} index @returns {Tensor | undefined} */
  constant(node, index) {
    return node.inputs[index] ? this.constants.get(node.inputs[index]) : undefined;
  }

  /** A constant that the layer cannot do without. @param {Node} node @param {number} index @param {string} what @returns {Weight} */
  weight(node, index, what) {
    const tensor = this.constant(node, index);
    if (!tensor) throw unreadable("", `its ${what} is computed, not stored; only constant weights are read.`);
    return { shape: tensor.shape, values: Float32Array.from(tensor.values) };
  }

  /** Whole numbers of an attribute, or of a constant. @param {Node} node @param {string} name @param {number} [index] of the input */
  integers(node, name, index) {
    const attribute = node.attributes.get(name);
    if (attribute) return attribute.ints;
    const tensor = index === undefined ? undefined : this.constant(node, index);
    return tensor ? Array.from(tensor.values) : undefined;
  }

  /** @param {Node} node @param {string} name @param {number} usual */
  integer({ attributes }, name, usual) {
    return attributes.get(name)?.i ?? usual;
  }

  /** @param {Node} node @param {string} name @param {number} usual */
  float({ attributes }, name, usual) {
    const value = attributes.get(name)?.f ?? usual;
    // 0.01 as a number of float32 is 0.009999999776482582.
    return Number(value.toPrecision(8));
  }

  /** Everything from the first node to the last. */
  run() {
    const { nodes } = this.graph;
    if (nodes.length > 20 * MAX_LAYERS)
      throw unreadable(this.place, `its graph has ${nodes.length} nodes; at most ${20 * MAX_LAYERS} are read.`);
    /** @type {import("../model-file.js").Problem[]} */
    const problems = [];
    for (const [index, node] of nodes.entries()) {
      // What stands behind a fault cannot be judged; other operators that are not known can.
      const isKnown = Object.hasOwn(OPERATORS, node.operator) && (node.domain === "" || node.domain === "ai.onnx");
      if (problems.length && isKnown) continue;
      try {
        if (!isKnown)
          throw unreadable(
            "",
            `the operator ${shown(node.domain ? `${node.domain}.${node.operator}` : node.operator)} is none of those that are read.`,
          );
        const value = OPERATORS[node.operator](this, node);
        if (value) this.values.set(node.outputs[0], value);
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error;
        const name = node.name ? ` ${shown(node.name)}` : "";
        problems.push({
          place: `node ${index + 1}${name} (${shown(node.operator)})`,
          sentence: error.problems[0].sentence,
        });
      }
    }
    if (problems.length) throw new UnreadableError(problems);
  }
}

/** Which value goes in, and how it lies. @param {Converter} converter @returns {{ name: string, shape: number[] }} */
function input({ graph, constants, place, values }) {
  const inputs = graph.inputs.filter(({ name }) => !constants.has(name));
  if (inputs.length !== 1 || graph.outputs.length !== 1) {
    throw unreadable(
      place,
      `only models with one input and one output are read, this one has ${inputs.length} and ${graph.outputs.length}.`,
    );
  }
  const [{ name, sizes }] = inputs;
  const shape = sizes.slice(1);
  if (!shape.length || shape.length > 3 || !shape.every((size) => size !== undefined && size > 0)) {
    throw unreadable(
      place,
      `its input ${shown(name)} has the shape ${shown(sizes.map((size) => size ?? "open"))}; export it with the size of the images, all but the batch.`,
    );
  }
  const fixed = /** @type {number[]} */ (shape);
  // Exporters of TensorFlow keep channels last and turn them first of all.
  const turning = graph.nodes.find(({ inputs }) => inputs.includes(name));
  const order = turning?.operator === "Transpose" ? (turning.attributes.get("perm")?.ints ?? []) : [];
  const last = order.length === shape.length + 1 && order[1] === shape.length && order[0] === 0;
  const first = !last && shape.length > 1;
  const own = first ? [...fixed.slice(1), fixed[0]] : fixed;
  const layer = /^[\w.-]{1,60}$/.test(name) ? name : "input_layer";
  values.set(name, { layer, shape: own, first });
  return { name: layer, shape: own };
}

/**
 * @param {string} place the file's name
 * @param {Uint8Array} bytes
 * @returns {import("../model-file.js").ModelFile}
 */
export function readOnnx(place, bytes) {
  const graph = readMessages(place, bytes);
  const converter = new Converter(place, graph);
  const from = input(converter);
  converter.nameOf("InputLayer", [from.name]);
  try {
    converter.run();
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    throw new UnreadableError(error.problems.map((problem) => ({ ...problem, place: `${place}: ${problem.place}` })));
  }
  const output = converter.values.get(graph.outputs[0].name);
  if (!output) throw unreadable(place, `its output ${shown(graph.outputs[0].name)} is no layer’s.`);
  if (output.rows && sizeOf(output.rows) > 1)
    throw unreadable(place, "it ends in a flattened image; a Dense layer is needed behind it.");
  const { layers, weights, passedOver } = converter;
  const name = /^[\w.-]{1,60}$/.test(graph.name) ? graph.name : "model";
  const config = configOf(
    shaped({ name, input: from, layers: withoutUnused(layers, output.layer), output: output.layer }),
  );
  if (
    layers.some(({ config }) => config.kernel_size) &&
    converter.values.size &&
    passedOver.length === 0 &&
    graph.inputs.some(({ sizes }) => sizes.length === 4)
  ) {
    passedOver.push("Images have their channels last here; kernels were turned, so that the numbers are the same.");
  }
  return { format: "an ONNX model", config, weights, passedOver };
}

/** Layers that the output does not come from are none of the model's. @param {Loose[]} layers @param {string} output */
function withoutUnused(layers, output) {
  const needed = new Set([output]);
  for (const { name, inputs } of [...layers].reverse())
    if (needed.has(name)) inputs.forEach((source) => needed.add(source));
  return layers.filter(({ name }) => needed.has(name));
}
