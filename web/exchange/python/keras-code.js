// Keras code read back: the model that it builds, without running it. What it cannot tell without running is refused where a
// layer needs it, with its line, and passed over everywhere else.

import { classesOf, EVERY_LAYER, numbering, snakeCase } from "../classes.js";
import { configOf, isMerging, shapeIn, shaped, unshaped } from "../graph.js";
import { MAX_LAYERS, UnreadableError, shown } from "../model-file.js";
import { callable } from "./calls.js";
import { parsePython } from "./parse.js";
import { CodeError, placeOf } from "./tokens.js";
import {
  Defined,
  Library,
  MadeLayer,
  MadeModel,
  Tensor,
  UNKNOWN,
  Unknown,
  kerasPath,
  withoutImport,
} from "./values.js";

/** @typedef {import("./parse.js").Expression} Expression */
/** @typedef {import("./parse.js").Statement} Statement */
/** @typedef {import("../model-file.js").Json} Json */
/**
 * @typedef {object} LayerRange where a layer stands in the code
 * @property {string} name of the layer
 * @property {number} start the first character's index
 * @property {number} end the index behind the last
 * @property {number} line of its first character, from 1
 * @property {number} lastLine
 */
/**
 * @typedef {object} ReadCode
 * @property {Json} config as Keras 3 writes it
 * @property {import("../model-file.js").Training} [training] of `model.compile`
 * @property {Record<string, unknown>} [fit] the numbers of `model.fit` (epochs, batch_size, validation_split)
 * @property {LayerRange[]} ranges in the order of the layers; the input first, if it is written
 * @property {string[]} passedOver
 */

/** The most expressions that are looked at: loops repeat them. */
const MAX_STEPS = 200_000;
/** The most rounds of a loop. */
const MAX_ROUNDS = 1000;

/** Blocks that may be passed over without a word: a class that a layer is made of is missed where that is made. */
const HARMLESS = new Set(["class", "except", "finally"]);

class Returned {
  /** @param {unknown} value */
  constructor(value) {
    this.value = value;
  }
}

/** Goes through code and keeps what its names stand for. */
export class Reader {
  /** @type {Map<string, unknown>} */
  names = new Map();
  /** @type {MadeModel[]} */
  models = [];
  /** @type {string[]} */
  passedOver = [];
  #steps = 0;
  #depth = 0;

  /** @param {string} code */
  constructor(code) {
    this.code = code;
  }

  /** @param {{ start: number, end: number }} place @param {string} sentence */
  error({ start, end }, sentence) {
    return new CodeError(this.code, start, end, sentence);
  }

  /** Says what was passed over. @param {{ start: number }} place @param {string} words */
  note({ start }, words) {
    this.passedOver.push(`Line ${placeOf(this.code, start).line}: ${words}.`);
  }

  /** @param {Statement[]} statements @returns {Returned | undefined} */
  run(statements) {
    for (const statement of statements) {
      const returned = this.#statement(statement);
      if (returned) return returned;
    }
    return undefined;
  }

  /** @param {Statement} statement @returns {Returned | undefined} */
  #statement(statement) {
    switch (statement.kind) {
      case "import":
        this.#import(statement);
        return undefined;
      case "expression":
        this.value(statement.value);
        return undefined;
      case "return":
        return new Returned(statement.value && this.value(statement.value));
      case "function":
        this.names.set(statement.name, new Defined(statement));
        return undefined;
      case "block":
        if (statement.word === "if") this.note(statement, "which branch runs is known only then; the first was read");
        return this.run(statement.body);
      case "passed":
        if (!HARMLESS.has(statement.word)) this.note(statement, `what stands under '${statement.word}' was not read`);
        return undefined;
      case "for":
        return this.#for(statement);
      case "assignment":
        this.#assign(statement);
        return undefined;
      default:
        return undefined;
    }
  }

  /** @param {Statement & { kind: "import" }} statement */
  #import({ path, names }) {
    for (const { name, as } of names) {
      if (name === "*") continue;
      const whole = path ? `${path}.${name}` : name;
      // `import a.b` brings the name a alone.
      if (!path && !as) this.names.set(name.split(".")[0], new Library(kerasPath(name.split(".")[0])));
      else this.names.set(as || name, new Library(kerasPath(whole)));
    }
  }

  /** @param {Statement & { kind: "for" }} statement */
  #for({ target, over, body }) {
    const rounds = this.value(over);
    if (!Array.isArray(rounds)) {
      this.run(body);
      return undefined;
    }
    if (rounds.length > MAX_ROUNDS)
      throw this.error(over, `a loop has at most ${MAX_ROUNDS} rounds here, got ${rounds.length}.`);
    for (const round of rounds) {
      this.#set(target, round);
      const returned = this.run(body);
      if (returned) return returned;
    }
    return undefined;
  }

  /** @param {Statement & { kind: "assignment" }} statement */
  #assign({ targets, value: given, sign }) {
    let value = this.value(given);
    if (sign) value = this.#operation(sign, this.value(targets[0]), value, given);
    for (const target of targets) this.#set(target, value);
  }

  /** @param {Expression} target @param {unknown} value */
  #set(target, value) {
    if (target.kind === "name") this.names.set(target.name, value);
    else if (target.kind === "tuple" || target.kind === "list") {
      target.items.forEach((item, index) =>
        this.#set(item, Array.isArray(value) && index < value.length ? value[index] : UNKNOWN),
      );
    } else if (target.kind === "attribute" && this.value(target.object) instanceof MadeLayer) {
      const layer = /** @type {MadeLayer} */ (this.value(target.object));
      if (target.name === "trainable" && typeof value === "boolean") layer.config.trainable = value;
    }
  }

  /** @param {Expression} expression @returns {unknown} */
  value(expression) {
    this.#steps += 1;
    if (this.#steps > MAX_STEPS) throw this.error(expression, "the code builds more than a model needs.");
    switch (expression.kind) {
      case "constant":
        return expression.value;
      case "name":
        if (this.names.has(expression.name)) return this.names.get(expression.name);
        return (
          withoutImport(expression.name) ??
          (expression.name === "range" || expression.name === "print" || expression.name === "len"
            ? new Library(expression.name)
            : UNKNOWN)
        );
      case "attribute":
        return this.#attribute(expression);
      case "call":
        return this.#call(expression);
      case "tuple":
      case "list":
        return expression.items.map((item) => this.value(item));
      case "dict":
        return Object.fromEntries(expression.items.map(([key, value]) => [String(this.value(key)), this.value(value)]));
      case "operation":
        return this.#operation(
          expression.sign,
          expression.left && this.value(expression.left),
          this.value(expression.right),
          expression,
        );
      case "index":
        this.value(expression.object);
        return UNKNOWN;
      default:
        return UNKNOWN;
    }
  }

  /** @param {Expression & { kind: "attribute" }} expression */
  #attribute(expression) {
    const object = this.value(expression.object);
    if (object instanceof Library) return new Library(kerasPath(`${object.path}.${expression.name}`));
    if (object instanceof MadeModel && object.ends) {
      if (expression.name === "input") return object.ends.input;
      if (expression.name === "output") return object.ends.output;
    }
    return UNKNOWN;
  }

  /** @param {string} sign @param {unknown} left @param {unknown} right @param {import("./values.js").Place} place @returns {unknown} */
  #operation(sign, left, right, place) {
    if (left instanceof Tensor || right instanceof Tensor) {
      const className = { "+": "Add", "*": "Multiply", "-": "Subtract" }[sign];
      if (!className || !(left instanceof Tensor) || !(right instanceof Tensor)) {
        throw this.error(
          place,
          `'${sign}' with a number is no layer; use layers.Rescaling, or Add and Multiply between layers.`,
        );
      }
      return new Tensor(new MadeLayer(className, {}, place), [left, right]);
    }
    if (Array.isArray(left) && Array.isArray(right) && sign === "+") return [...left, ...right];
    if (typeof left === "string" && typeof right === "string" && sign === "+") return left + right;
    if (typeof right !== "number" || (left !== undefined && typeof left !== "number")) return UNKNOWN;
    const first = left ?? 0;
    /** @type {Record<string, number>} */
    const results = {
      "+": first + right,
      "-": first - right,
      "*": first * right,
      "/": first / right,
      "//": Math.floor(first / right),
      "**": first ** right,
      "%": ((first % right) + right) % right,
    };
    return results[sign] ?? UNKNOWN;
  }

  /** @param {Expression & { kind: "call" }} call @returns {unknown} */
  #call(call) {
    const { called } = call;
    if (called.kind === "attribute") {
      const object = this.value(called.object);
      if (object instanceof MadeModel) return this.#method(object, called.name, call);
      // `layers_list.append(…)` of a list that the code makes.
      if (Array.isArray(object) && called.name === "append") {
        object.push(this.value(call.arguments[0]?.value ?? call));
        return null;
      }
    }
    const target = this.value(called);
    if (target instanceof MadeLayer || target instanceof MadeModel) return this.#apply(target, call);
    if (target instanceof Defined) return this.#defined(target, call);
    if (target instanceof Library) return callable(this, target.path, call);
    // What is not known may use what is, so that its faults are found.
    call.arguments.forEach(({ value }) => this.value(value));
    return UNKNOWN;
  }

  /** @param {Defined} target @param {Expression & { kind: "call" }} call */
  #defined({ statement }, call) {
    this.#depth += 1;
    if (this.#depth > 20) throw this.error(call, "functions call each other more than 20 deep.");
    const outer = this.names;
    const own = new Map(outer);
    statement.parameters.forEach(({ name, value }, index) => {
      const given =
        call.arguments.find((argument) => argument.name === name) ??
        (call.arguments[index]?.name ? undefined : call.arguments[index]);
      own.set(name, given ? this.value(given.value) : value ? this.value(value) : UNKNOWN);
    });
    this.names = own;
    const returned = this.run(statement.body);
    this.names = outer;
    this.#depth -= 1;
    return returned ? returned.value : null;
  }

  /** @param {MadeLayer | MadeModel} target @param {Expression & { kind: "call" }} call */
  #apply(target, call) {
    const given = this.value(call.arguments[0]?.value ?? call);
    const inputs = Array.isArray(given) ? given : [given];
    if (!inputs.length || !inputs.every((input) => input instanceof Tensor)) {
      if (target instanceof MadeModel || inputs.some((input) => input instanceof Unknown)) return UNKNOWN;
      throw this.error(call, "a layer is called with the output of another layer, or a list of them.");
    }
    if (target instanceof MadeModel) {
      if (target.ends) throw this.error(call, "a Functional model inside another is not read; write its layers out.");
      return target.layers.reduce(
        (tensor, layer) => (layer instanceof MadeLayer ? new Tensor(layer, [tensor]) : tensor),
        /** @type {Tensor} */ (inputs[0]),
      );
    }
    if (isMerging(target.className) === !Array.isArray(given)) {
      throw this.error(
        call,
        isMerging(target.className)
          ? `${target.className} takes a list of inputs: ${target.className}()([a, b]).`
          : `${target.className} takes one input.`,
      );
    }
    return new Tensor(target, inputs);
  }

  /** @param {MadeModel} model @param {string} name @param {Expression & { kind: "call" }} call */
  #method(model, name, call) {
    const [first] = call.arguments;
    if (name === "add") {
      if (model.ends) throw this.error(call, "only a Sequential model has add.");
      const layer = first && this.value(first.value);
      this.add(model, layer, first?.value ?? call);
      return null;
    }
    if (name === "pop") {
      model.layers.pop();
      return null;
    }
    if (name === "compile" || name === "fit") callable(this, `model.${name}`, call, model);
    else call.arguments.forEach(({ value }) => this.value(value));
    return UNKNOWN;
  }

  /** @param {MadeModel} model @param {unknown} layer @param {import("./values.js").Place} place */
  add(model, layer, place) {
    if (layer instanceof Tensor && layer.inputs.length === 0) model.layers.push(layer.layer);
    else if (layer instanceof MadeModel && !layer.ends) model.layers.push(...layer.layers);
    else if (layer instanceof MadeLayer) model.layers.push(layer);
    else throw this.error(place, "expected a layer of Keras here.");
    if (model.layers.length > MAX_LAYERS + 1) throw this.error(place, `a model has at most ${MAX_LAYERS} layers here.`);
  }
}

/**
 * @param {string} code
 * @param {{ fits?: boolean }} [wanted] `fits`: whether layers that do not fit each other are an error here; an editor asks the
 *   engine
 * @returns {ReadCode}
 * @throws {CodeError} with line and column
 */
export function readKerasCode(code, { fits = true } = {}) {
  const reader = new Reader(code);
  reader.run(parsePython(code));
  const named = Array.from(reader.names.values()).filter((value) => value instanceof MadeModel);
  const model =
    reader.names.get("model") instanceof MadeModel
      ? reader.names.get("model")
      : (named.at(-1) ?? reader.models.at(-1) ?? builtBy(reader));
  if (!(model instanceof MadeModel))
    throw reader.error(
      { start: 0, end: 0 },
      "no model is built here: expected keras.Sequential([...]) or keras.Model(inputs, outputs); a class of its own is not read.",
    );
  const { layers, input } = model.ends ? functionalLayers(reader, model.ends) : sequentialLayers(model);
  /** @type {Map<string, MadeLayer>} */
  const origins = new Map();
  const unique = uniqueNames(layers.map(({ layer }) => layer.config.name).filter((name) => typeof name === "string"));
  /** @type {Map<MadeLayer, string>} */
  const names = new Map();
  for (const { layer } of layers) {
    if (names.has(layer))
      throw reader.error(layer.place, "this layer is used more than once; layers that share weights are not read.");
    const name = layer.config.name ?? unique(snakeCase(layer.className));
    if (origins.has(name)) throw reader.error(layer.place, `another layer is called '${shown(name)}' already.`);
    names.set(layer, name);
    origins.set(name, layer);
  }
  const inputName = input?.config.name ?? "input_layer";
  const shape = inputShape(reader, input, layers[0]?.layer);
  const loose = layers.map(({ layer, sources }) => ({
    name: /** @type {string} */ (names.get(layer)),
    className: layer.className,
    config: withoutInput(layer.config),
    inputs: sources.map((source) => (source ? /** @type {string} */ (names.get(source)) : inputName)),
  }));
  const output = loose.at(-1)?.name ?? inputName;
  const name = model.name ?? (model.ends ? "functional" : "sequential");
  const whole = { name, input: { name: inputName, shape }, layers: loose, output };
  const config = fits ? described(reader, whole, origins) : configOf(unshaped(whole));
  const written = [...(input ? [/** @type {[string, MadeLayer]} */ ([inputName, input])] : []), ...origins];
  const ranges = written.map(([name, { place }]) => ({
    name,
    ...place,
    line: placeOf(code, place.start).line,
    lastLine: placeOf(code, place.end).line,
  }));
  return { config, training: model.training, fit: model.fit, ranges, passedOver: reader.passedOver };
}

/** A model that a function of the code would build. @param {Reader} reader */
function builtBy(reader) {
  for (const value of Array.from(reader.names.values()).reverse()) {
    if (!(value instanceof Defined)) continue;
    const { start, end, name } = value.statement;
    const built = reader.value({ kind: "call", called: { kind: "name", name, start, end }, arguments: [], start, end });
    if (built instanceof MadeModel) return built;
  }
  return undefined;
}

/** @param {string[]} taken */
function uniqueNames(taken) {
  const used = new Set(taken);
  const number = numbering();
  return (/** @type {string} */ base) => {
    for (;;) {
      const name = number(base);
      if (!used.has(name)) return name;
    }
  };
}

/** @param {Json} config */
function withoutInput(config) {
  const rest = { ...config };
  for (const name of ["name", "input_shape", "batch_input_shape", "input_dim"]) delete rest[name];
  return rest;
}

/** @param {Reader} reader @param {MadeLayer | undefined} input @param {MadeLayer | undefined} first */
function inputShape(reader, input, first) {
  const at = input ?? first;
  const place = at?.place ?? { start: 0, end: 0 };
  try {
    const shape = shapeIn(input?.config ?? {}) ?? shapeIn(first?.config ?? {});
    if (shape) return shape;
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    throw reader.error(place, error.problems[0].sentence);
  }
  throw reader.error(place, "the model needs the shape of its input: begin with keras.Input((28, 28, 1)).");
}

/** @param {Reader} reader @param {Parameters<typeof shaped>[0]} loose @param {Map<string, MadeLayer>} origins */
function described(reader, loose, origins) {
  try {
    return configOf(shaped(loose));
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    const [{ place, sentence }] = error.problems;
    const [, name] = /^layer (\S+) \(/.exec(place) ?? [];
    throw reader.error(origins.get(name)?.place ?? { start: 0, end: 0 }, `${place}: ${sentence}`);
  }
}

/** @param {MadeModel} model */
function sequentialLayers(model) {
  const all = /** @type {MadeLayer[]} */ (model.layers);
  const input = all[0]?.className === "InputLayer" ? all[0] : undefined;
  const layers = input ? all.slice(1) : all;
  return { input, layers: layers.map((layer, index) => ({ layer, sources: [index ? layers[index - 1] : undefined] })) };
}

/** The layers between the ends of a model, each behind its inputs. @param {Reader} reader @param {{ input: Tensor, output: Tensor }} ends */
function functionalLayers(reader, { input, output }) {
  /** @type {Tensor[]} */
  const found = [];
  /** @type {Set<Tensor>} */
  const seen = new Set([input]);
  const stack = [output];
  while (stack.length) {
    const tensor = /** @type {Tensor} */ (stack.at(-1));
    const next = tensor.inputs.find((before) => !seen.has(before));
    if (next) {
      stack.push(next);
      if (stack.length > MAX_LAYERS + 1)
        throw reader.error(tensor.layer.place, `a model has at most ${MAX_LAYERS} layers here.`);
      continue;
    }
    stack.pop();
    if (seen.has(tensor)) continue;
    seen.add(tensor);
    if (!tensor.inputs.length) throw reader.error(tensor.layer.place, "only models with one input are read.");
    found.push(tensor);
  }
  const layers = found
    .sort((a, b) => a.number - b.number)
    .map(({ layer, inputs }) => ({
      layer,
      sources: inputs.map((before) => (before === input ? undefined : before.layer)),
    }));
  return { input: input.layer, layers };
}

/** Whether a class of layers is known, and its parameters. @param {string} className */
export function layerParameters(className) {
  const parameters = classesOf("layers").get(className);
  return parameters && { positional: parameters, named: EVERY_LAYER };
}
