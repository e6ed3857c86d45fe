// A model's description as a list of layers that name where their input comes from: the same for Sequential, nested ones and
// Functional, of Keras 3 and Keras 2. Writers read it; `configOf` writes Keras 3's description of it.

import { MAX_LAYERS, UnreadableError, isObject, shown, unreadable } from "./model-file.js";
import { numbering, snakeCase } from "./classes.js";
import { outputShape } from "./shapes.js";

/** @typedef {import("./model-file.js").Json} Json */
/** @typedef {import("./model-file.js").Problem} Problem */
/**
 * @typedef {object} GraphLayer
 * @property {string} name
 * @property {string} className
 * @property {Json} config the arguments as given, without the name
 * @property {string[]} inputs names of layers; the input's own is `graph.input.name`
 * @property {number[]} inputShape of the first input, without the batch
 * @property {number[]} outputShape
 */
/**
 * @typedef {object} Graph
 * @property {string} name
 * @property {boolean} sequential whether every layer takes only what the one before gives
 * @property {{ name: string, shape: number[] }} input without the batch
 * @property {GraphLayer[]} layers each behind its inputs
 * @property {string} output the layer that the model's output comes from
 */

/** @typedef {{ name: string, className: string, config: Json, inputs: string[] }} Loose a layer whose shapes are not known yet */

/** A layer that Keras has not, registered by the code that brings it along. */
export const REGISTERED = "LocalResponseNormalization";
/** Arguments that say the shape of the input, with the number of axes of the batch in front. @type {[string, number][]} */
const SHAPES = [["batch_shape", 1], ["batch_input_shape", 1], ["build_input_shape", 1], ["shape", 0], ["input_shape", 0]]; // prettier-ignore

/** @param {Json} config @returns {number[] | undefined} */
export function shapeIn(config) {
  for (const [name, batch] of SHAPES) {
    const value = config[name];
    if (value === undefined || value === null) continue;
    const sizes = Array.isArray(value) ? value.slice(batch) : [value];
    if (sizes.length > 4 || !sizes.every((size) => Number.isSafeInteger(size) && size > 0)) {
      throw unreadable(
        "the input",
        `${name}: expected whole numbers above 0, got ${shown(value)}; give the size of the images.`,
      );
    }
    return sizes;
  }
  return Number.isSafeInteger(config.input_dim) ? [config.input_dim] : undefined;
}

/** @param {unknown} entry @param {number} index @returns {{ className: string, config: Json }} */
function layerOf(entry, index) {
  if (
    !isObject(entry) ||
    typeof entry.class_name !== "string" ||
    (!isObject(entry.config) && !Array.isArray(entry.config))
  ) {
    throw unreadable(`layer ${index + 1}`, `expected a class_name and a config, got ${shown(entry)}.`);
  }
  return { className: entry.class_name, config: entry.config };
}

const isModel = (/** @type {string} */ className) => ["Sequential", "Functional", "Model"].includes(className);

/** @param {Json} config @returns {unknown[]} */
function entriesOf(config) {
  const entries = Array.isArray(config) ? config : config.layers;
  if (!Array.isArray(entries)) throw unreadable("the model", `layers: expected a list, got ${shown(entries)}.`);
  if (entries.length > MAX_LAYERS)
    throw unreadable("the model", `a model has at most ${MAX_LAYERS} layers here, got ${entries.length}.`);
  return entries;
}

/** What a model is flattened into. */
class Flattened {
  /** @type {Loose[]} */
  layers = [];
  /** @type {number[] | undefined} */
  shape;
  inputName = "input_layer";
  depth = 0;

  /** @param {Json} model @param {string} from what goes in @returns {string} the layer that its output comes from */
  add({ class_name: className, config }, from) {
    this.depth += 1;
    if (this.depth > 20) throw unreadable("the model", "models lie in models more than 20 deep.");
    const last = className === "Sequential" ? this.#sequential(config, from) : this.#functional(config, from);
    this.depth -= 1;
    return last;
  }

  /** @param {Loose} layer */
  #push(layer) {
    if (this.layers.length >= MAX_LAYERS)
      throw unreadable("the model", `a model has at most ${MAX_LAYERS} layers here.`);
    this.layers.push(layer);
  }

  /** @param {Json} config */
  #input(config) {
    this.shape ??= shapeIn(config);
    if (this.depth === 1 && typeof config.name === "string") this.inputName = config.name;
  }

  /** @param {Json} config @param {string} from */
  #sequential(config, from) {
    if (!this.layers.length) this.shape ??= shapeIn(config);
    let last = from;
    for (const [index, entry] of entriesOf(config).entries()) {
      const { className, config } = layerOf(entry, index);
      if (className === "InputLayer") this.#input(config);
      else if (isModel(className)) last = this.add(/** @type {Json} */ (entry), last);
      else {
        if (!this.layers.length) this.shape ??= shapeIn(config);
        const name = this.#nameOf(className, config);
        this.#push({ name, className, config: withoutShape(config), inputs: [last] });
        last = name;
      }
    }
    return last;
  }

  /** @param {string} className @param {Json} config */
  #nameOf(className, config) {
    if (typeof config.name === "string" && config.name) return config.name;
    const names = numbering();
    for (;;) {
      const name = names(snakeCase(className));
      if (!this.layers.some((layer) => layer.name === name)) return name;
    }
  }

  /** @param {Json} config @param {string} from */
  #functional(config, from) {
    const [inputs, outputs] = [endsOf(config.input_layers), endsOf(config.output_layers)];
    if (inputs.length !== 1 || outputs.length !== 1) {
      throw unreadable(
        `the model ${shown(config.name)}`,
        `only models with one input and one output are read, this one has ${inputs.length} and ${outputs.length}.`,
      );
    }
    /** What stands for a name of this model, by that name. @type {Map<string, string>} */
    const given = new Map();
    /** @type {{ entry: Json, name: string, className: string, config: Json, from: string[] }[]} */
    let waiting = [];
    for (const [index, entry] of entriesOf(config).entries()) {
      const { className, config: own } = layerOf(entry, index);
      const name = String(/** @type {Json} */ (entry).name ?? own.name);
      if (className === "InputLayer") {
        this.#input(own);
        given.set(name, from);
      } else
        waiting.push({
          entry: /** @type {Json} */ (entry),
          name,
          className,
          config: own,
          from: sourcesOf(name, /** @type {Json} */ (entry).inbound_nodes),
        });
    }
    while (waiting.length) {
      const ready = waiting.filter(({ from }) => from.every((name) => given.has(name)));
      if (!ready.length) {
        const { name, from } = waiting[0];
        throw unreadable(
          `layer ${shown(name)}`,
          `its input ${shown(from.find((source) => !given.has(source)))} is no layer of the model, or the layers form a circle.`,
        );
      }
      for (const { entry, name, className, config: own, from } of ready) {
        const inputs = from.map((source) => /** @type {string} */ (given.get(source)));
        if (isModel(className)) given.set(name, this.add(entry, inputs[0]));
        else {
          this.#push({ name, className, config: withoutShape(own), inputs });
          given.set(name, name);
        }
      }
      waiting = waiting.filter((layer) => !ready.includes(layer));
    }
    const last = given.get(outputs[0]);
    if (last === undefined) throw unreadable("the model", `its output ${shown(outputs[0])} is no layer of it.`);
    return last;
  }
}

/** @param {Json} config */
function withoutShape(config) {
  const rest = { ...config };
  for (const name of ["name", "input_dim", ...SHAPES.map(([name]) => name)]) delete rest[name];
  return rest;
}

/** The names in `input_layers` or `output_layers`. @param {unknown} ends @returns {string[]} */
function endsOf(ends) {
  if (!Array.isArray(ends)) return [];
  if (typeof ends[0] === "string") return [ends[0]];
  return ends.map((end) => String(Array.isArray(end) ? end[0] : end));
}

/** @param {string} name @param {unknown} nodes `inbound_nodes` of Keras 3 or Keras 2 @returns {string[]} */
function sourcesOf(name, nodes) {
  const place = `layer ${shown(name)}`;
  if (!Array.isArray(nodes) || nodes.length === 0) throw unreadable(place, "nothing goes into it.");
  if (nodes.length > 1) throw unreadable(place, "it is used more than once; layers that share weights are not read.");
  /** @type {string[]} */
  const found = [];
  let steps = 0;
  /** @param {unknown} value */
  const look = (value) => {
    steps += 1;
    if (steps > 20_000) throw unreadable(place, "its inputs are nested too deep.");
    if (Array.isArray(value)) {
      // Keras 2 writes a source as [name, node, tensor, arguments].
      if (typeof value[0] === "string" && typeof value[1] === "number") found.push(value[0]);
      else value.forEach(look);
    } else if (isObject(value)) {
      const history = value.class_name === "__keras_tensor__" ? value.config?.keras_history : undefined;
      if (Array.isArray(history)) found.push(String(history[0]));
      else Object.values(value).forEach(look);
    }
  };
  look(nodes[0]);
  if (!found.length) throw unreadable(place, "nothing goes into it.");
  return found;
}

/**
 * Puts shapes to layers.
 *
 * @param {{ name: string, input: { name: string, shape: number[] }, layers: Loose[], output: string }} given
 * @returns {Graph}
 * @throws {UnreadableError} with a problem for each layer that does not fit
 */
export function shaped({ name, input, layers, output }) {
  /** @type {Map<string, number[]>} */
  const shapes = new Map([[input.name, input.shape]]);
  /** @type {Problem[]} */
  const problems = [];
  const found = layers.map((layer) => {
    const inputs = layer.inputs.map((source) => shapes.get(source) ?? []);
    let output = inputs[0];
    try {
      if (shapes.has(layer.name)) throw unreadable("", "another layer has this name.");
      if (!problems.length) output = outputShape(layer.className, layer.config, inputs);
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      problems.push({
        place: `layer ${shown(layer.name)} (${shown(layer.className)})`,
        sentence: error.problems[0].sentence,
      });
    }
    shapes.set(layer.name, output);
    return { ...layer, inputShape: inputs[0], outputShape: output };
  });
  if (problems.length) throw new UnreadableError(problems);
  return { name, sequential: isSequential({ input, layers, output }), input, layers: found, output };
}

/** Whether every layer takes only what the one before gives. @param {{ input: { name: string }, layers: Loose[], output: string }} given */
export function isSequential({ input, layers, output }) {
  const before = (/** @type {number} */ index) => (index ? layers[index - 1].name : input.name);
  return (
    output === before(layers.length) &&
    layers.every(({ inputs }, index) => inputs.length === 1 && inputs[0] === before(index))
  );
}

/**
 * The same without shapes, for what is still being built: its description, and its code, need none.
 *
 * @param {Parameters<typeof shaped>[0]} given
 * @returns {Graph}
 */
export function unshaped({ name, input, layers, output }) {
  const plain = layers.map((layer) => ({ ...layer, inputShape: [], outputShape: [] }));
  return { name, sequential: isSequential({ input, layers, output }), input, layers: plain, output };
}

/** @param {Json} config */
function flattened(config) {
  if (!isObject(config) || !isModel(config.class_name) || (!isObject(config.config) && !Array.isArray(config.config))) {
    throw unreadable(
      "the model",
      `expected a Sequential or Functional model, got ${shown(isObject(config) ? config.class_name : config)}.`,
    );
  }
  const flat = new Flattened();
  // The name of the input is known only once it is read.
  const start = "\u0000input";
  const output = flat.add(config, start);
  return { flat, start, output };
}

/**
 * The layers of a model and of those inside it, in their order, whatever their classes.
 *
 * @param {Json} config
 * @returns {Loose[]}
 * @throws {UnreadableError}
 */
export function layersOf(config) {
  return flattened(config).flat.layers;
}

/** @param {Json} config a model's description @returns {Graph} @throws {UnreadableError} */
export function graphOf(config) {
  const { flat, start, output } = flattened(config);
  if (!flat.shape) throw unreadable("the input", "the first layer needs the shape of the input (batch_shape).");
  const rename = (/** @type {string} */ name) => (name === start ? flat.inputName : name);
  const layers = flat.layers.map((layer) => ({ ...layer, inputs: layer.inputs.map(rename) }));
  return shaped({
    name: String(config.config.name ?? "model"),
    input: { name: flat.inputName, shape: flat.shape },
    layers,
    output: rename(output),
  });
}

/** @param {string} module @param {string} className @param {Json} config @returns {Json} */
function serialized(module, className, config) {
  const isOwn = className === REGISTERED;
  const registered = isOwn ? `convscope>${className}` : null;
  return { module: isOwn ? null : module, class_name: className, config, registered_name: registered };
}

/** @param {Graph} graph @returns {Json} its description as Keras 3 writes it */
export function configOf({ name, sequential, input, layers, output }) {
  const shapes = new Map([
    [input.name, input.shape],
    ...layers.map((layer) => /** @type {[string, number[]]} */ ([layer.name, layer.outputShape])),
  ]);
  const inputLayer = serialized("keras.layers", "InputLayer", {
    batch_shape: [null, ...input.shape],
    dtype: "float32",
    sparse: false,
    name: input.name,
  });
  const written = layers.map((layer) =>
    serialized("keras.layers", layer.className, { name: layer.name, ...layer.config }),
  );
  if (sequential) return serialized("keras", "Sequential", { name, layers: [inputLayer, ...written] });
  const tensor = (/** @type {string} */ source) => ({
    class_name: "__keras_tensor__",
    config: { shape: [null, ...(shapes.get(source) ?? [])], dtype: "float32", keras_history: [source, 0, 0] },
  });
  const nodes = layers.map(({ name, inputs }, index) => {
    const tensors = inputs.map(tensor);
    return {
      ...written[index],
      name,
      inbound_nodes: [{ args: [isMerging(layers[index].className) ? tensors : tensors[0]], kwargs: {} }],
    };
  });
  return serialized("keras.src.models.functional", "Functional", {
    name,
    layers: [{ ...inputLayer, name: input.name, inbound_nodes: [] }, ...nodes],
    input_layers: [[input.name, 0, 0]],
    output_layers: [[output, 0, 0]],
  });
}

/** Whether a layer takes a list of inputs. @param {string} className */
export function isMerging(className) {
  return ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"].includes(className);
}
