// What calls of Keras make: layers, models, inputs, optimisers, losses and what layers are given besides.

import { EVERY_LAYER, classesOf } from "../classes.js";
import { isMerging } from "../graph.js";
import { shown } from "../model-file.js";
import { Configured, Library, MadeLayer, MadeModel, Tensor, UNKNOWN, Unknown } from "./values.js";

/** @typedef {import("./keras-code.js").Reader} Reader */
/** @typedef {import("./parse.js").Expression & { kind: "call" }} Call */
/** @typedef {import("../classes.js").Room} Room */

/** Rooms of Keras whose objects are written as module, class and config, with their module. @type {[RegExp, Room, string][]} */
const ROOMS = [
  [/^keras\.optimizers\.schedules\./, "schedules", "keras.optimizers.schedules"],
  [/^keras\.optimizers\./, "optimizers", "keras.optimizers"],
  [/^keras\.losses\./, "losses", "keras.losses"],
  [/^keras\.regularizers\./, "regularizers", "keras.regularizers"],
  [/^keras\.constraints\./, "constraints", "keras.constraints"],
  [/^keras\.initializers\./, "initializers", "keras.initializers"],
];
/** Former names of arguments. @type {Record<string, string>} */
const FORMER = { lr: "learning_rate", l: "l2", bias: "use_bias", alpha: "negative_slope" };
/** Other names that Keras has for a class: MaxPool2D, GlobalAvgPool2D, Convolution2D. @type {[RegExp, string][]} */
const OTHER_NAMES = [
  [/^(Global)?(Max)Pool(?=\dD$)/, "$1$2Pooling"],
  [/^(Global)?AvgPool(?=\dD$)/, "$1AveragePooling"],
  [/Convolution(?=\dD)/, "Conv"],
];
/** Arguments of `fit` that an experiment is repeated with. */
const FIT = ["epochs", "batch_size", "validation_split", "shuffle"];

/**
 * @param {Reader} reader
 * @param {string} path what is called
 * @param {Call} call
 * @param {MadeModel} [model] whose method it is
 * @returns {unknown}
 */
export function callable(reader, path, call, model) {
  if (path === "model.compile") return compile(reader, call, /** @type {MadeModel} */ (model));
  if (path === "model.fit") return fit(reader, call, /** @type {MadeModel} */ (model));
  if (path === "keras.Sequential") return sequential(reader, call);
  if (path === "keras.Model") return functional(reader, call);
  if (path === "keras.Input" || path === "keras.layers.Input" || path === "keras.layers.InputLayer")
    return input(reader, call, path);
  const [, layer] = /^keras\.layers\.(\w+)$/.exec(path) ?? [];
  if (layer)
    return layerCall(
      reader,
      OTHER_NAMES.reduce((name, [other, own]) => name.replace(other, own), layer),
      call,
    );
  const room = ROOMS.find(([pattern]) => pattern.test(path));
  if (room) return configured(reader, room[1], room[2], path.slice(path.lastIndexOf(".") + 1), call);
  const [, activation] =
    /^keras\.(?:activations|ops|nn)\.(\w+)$/.exec(path.replace(/^tensorflow\.nn\./, "keras.nn.")) ?? [];
  if (activation) return activated(reader, activation, call);
  const values = call.arguments.map(({ value }) => reader.value(value));
  if (path === "range" && values.every((value) => typeof value === "number"))
    return range(reader, call, /** @type {number[]} */ (values));
  if (path === "len" && Array.isArray(values[0])) return values[0].length;
  return UNKNOWN;
}

/** @param {Reader} reader @param {Call} call @param {number[]} values */
function range(reader, call, values) {
  const [start, stop, step = 1] = values.length === 1 ? [0, values[0]] : values;
  const count = Math.ceil((stop - start) / step);
  if (!(count <= 1000)) throw reader.error(call, `a loop has at most 1000 rounds here, got ${shown(count)}.`);
  return Array.from({ length: Math.max(0, count) }, (_, index) => start + index * step);
}

/**
 * The arguments of a call by their names, in Keras' order where they have none.
 *
 * @param {Reader} reader @param {string} owner @param {string[]} names in their order @param {string[]} also names only
 * @param {Call} call
 * @param {(value: unknown, name: string) => unknown} [read]
 */
function argumentsOf(reader, owner, names, also, call, read = (value) => value) {
  /** @type {Record<string, any>} */
  const found = {};
  call.arguments.forEach(({ name: given, value: expression }, index) => {
    if (!given && index >= names.length) {
      const most = names.length ? `at most ${names.length} arguments without names` : "no arguments without names";
      throw reader.error(expression, `${owner} has ${most}.`);
    }
    let name = given ?? names[index];
    if (!names.includes(name) && !also.includes(name) && names.includes(FORMER[name])) name = FORMER[name];
    if (!names.includes(name) && !also.includes(name)) {
      throw reader.error(
        expression,
        `${owner} has no argument ${shown(name)}; it has ${[...names, "name"].slice(0, 12).join(", ")}.`,
      );
    }
    if (Object.hasOwn(found, name)) throw reader.error(expression, `${owner}: ${name} is given twice.`);
    const value = read(reader.value(expression), name);
    if (holdsUnknown(value))
      throw reader.error(expression, `${name}: its value is known only when the code runs; write the value itself.`);
    found[name] = value;
  });
  return found;
}

/** @param {unknown} value @returns {boolean} */
function holdsUnknown(value) {
  if (
    value instanceof Unknown ||
    value instanceof Library ||
    value instanceof Tensor ||
    value instanceof MadeLayer ||
    value instanceof MadeModel
  )
    return true;
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return false;
}

/** @param {Reader} reader @param {string} className @param {Call} call */
function layerCall(reader, className, call) {
  // `layers.add([a, b])` is Add, `layers.concatenate` Concatenate.
  const merging = className[0].toUpperCase() + className.slice(1);
  if (className !== merging && isMerging(merging)) {
    const tensors = reader.value(call.arguments[0]?.value ?? call);
    if (!Array.isArray(tensors) || !tensors.every((tensor) => tensor instanceof Tensor))
      throw reader.error(call, `${className} takes a list of layers’ outputs.`);
    const rest = { ...call, arguments: call.arguments.slice(1) };
    return new Tensor(new MadeLayer(merging, layerConfig(reader, merging, rest), call), tensors);
  }
  return new MadeLayer(className, layerConfig(reader, className, call), { start: call.start, end: call.end });
}

/** @param {Reader} reader @param {string} className @param {Call} call */
function layerConfig(reader, className, call) {
  const parameters = classesOf("layers").get(className);
  if (!parameters) throw reader.error(call.called, `layers of the class ${shown(className)} are not known here.`);
  const names = parameters.map(({ name }) => name);
  const config = argumentsOf(reader, className, names, EVERY_LAYER, call, layerValue);
  const missing = parameters.find(({ name, required }) => required && config[name] === undefined);
  if (missing) throw reader.error(call, `${className} needs ${missing.name}.`);
  return config;
}

/** @param {unknown} value @param {string} name */
function layerValue(value, name) {
  if (value instanceof Configured) return value.toJSON();
  // A function or a class of Keras, by its name.
  if (value instanceof Library) {
    const [, room, own] = /^(?:keras\.(\w+)|tensorflow\.nn)\.(\w+)$/.exec(value.path) ?? [];
    if (name === "activation" && own) return own;
    if (room && /initializers|regularizers|constraints/.test(room)) return own;
  }
  if (value instanceof MadeLayer && name === "activation")
    return { module: "keras.layers", class_name: value.className, config: value.config, registered_name: null };
  if ((name === "input_shape" || name === "target_shape") && typeof value === "number") return [value];
  return value;
}

/** @param {Reader} reader @param {Call} call @param {string} path */
function input(reader, call, path) {
  const names = (classesOf("layers").get("Input") ?? []).map(({ name }) => name);
  const given = argumentsOf(reader, path.replace("keras.", ""), names, ["input_shape"], call, (value, name) =>
    name === "shape" && typeof value === "number" ? [value] : value,
  );
  const layer = new MadeLayer("InputLayer", given, { start: call.start, end: call.end });
  return path.endsWith("InputLayer") ? layer : new Tensor(layer, []);
}

/** @param {Reader} reader @param {Call} call */
function sequential(reader, call) {
  const name = call.arguments.find((argument) => argument.name === "name");
  const given = call.arguments.find((argument) => argument.name === "layers" || !argument.name);
  const model = new MadeModel(name ? String(reader.value(name.value)) : undefined);
  if (given) {
    const { value: expression } = given;
    const layers = reader.value(expression);
    if (!Array.isArray(layers)) throw reader.error(expression, "Sequential takes a list of layers.");
    const places = expression.kind === "list" || expression.kind === "tuple" ? expression.items : [];
    layers.forEach((layer, index) => reader.add(model, layer, places[index] ?? expression));
  }
  reader.models.push(model);
  return model;
}

/** @param {Reader} reader @param {Call} call */
function functional(reader, call) {
  const { inputs, outputs, name } = Object.fromEntries(
    call.arguments.map(({ name, value }, index) => [name ?? ["inputs", "outputs", "name"][index], reader.value(value)]),
  );
  const [one, other] = [inputs, outputs].map((end) => (Array.isArray(end) && end.length === 1 ? end[0] : end));
  if (!(one instanceof Tensor) || !(other instanceof Tensor))
    throw reader.error(call, "Model takes one input and one output: keras.Model(inputs, outputs).");
  const model = new MadeModel(typeof name === "string" ? name : undefined);
  model.ends = { input: one, output: other };
  reader.models.push(model);
  return model;
}

/** @param {Reader} reader @param {string} name @param {Call} call */
function activated(reader, name, call) {
  const tensor = reader.value(call.arguments[0]?.value ?? call);
  if (!(tensor instanceof Tensor)) return UNKNOWN;
  if (call.arguments.length > 1) throw reader.error(call, "use the layer of this activation, with its arguments.");
  return new Tensor(new MadeLayer("Activation", { activation: name }, { start: call.start, end: call.end }), [tensor]);
}

/** @param {Reader} reader @param {Room} room @param {string} module @param {string} written @param {Call} call */
function configured(reader, room, module, written, call) {
  const classes = classesOf(room);
  const name = Array.from(classes.keys()).find(
    (known) => known.toLowerCase() === written.replaceAll("_", "").toLowerCase(),
  );
  const names = name && classes.get(name)?.map(({ name }) => name);
  if (!name || !names)
    throw reader.error(
      call.called,
      `${module}.${shown(written)} is not known here; it has ${Array.from(classes.keys()).slice(0, 10).join(", ")}.`,
    );
  const config = argumentsOf(reader, written, names, ["name"], call, (value) =>
    value instanceof Configured ? value.toJSON() : value,
  );
  return new Configured(module, name, config);
}

/** @param {Reader} reader @param {Call} call @param {MadeModel} model */
function compile(reader, call, model) {
  const given = Object.fromEntries(
    call.arguments.map(({ name, value }, index) => [
      name ?? ["optimizer", "loss", "loss_weights", "metrics"][index],
      { value: reader.value(value), expression: value },
    ]),
  );
  const plain = (/** @type {string} */ name) => {
    const { value, expression } = given[name] ?? { value: undefined, expression: call };
    if (value instanceof Configured) return value.toJSON();
    if (value instanceof Library) return value.path.slice(value.path.lastIndexOf(".") + 1);
    if (value !== undefined && typeof value !== "string")
      throw reader.error(expression, `${name}: expected one of Keras’, or its name.`);
    return value;
  };
  const [optimizer, loss] = [plain("optimizer") ?? "rmsprop", plain("loss")];
  if (loss !== undefined) model.training = { optimizer, loss };
}

/** @param {Reader} reader @param {Call} call @param {MadeModel} model */
function fit(reader, call, model) {
  model.fit = {};
  for (const { name, value } of call.arguments) {
    const known = reader.value(value);
    if (name && FIT.includes(name) && (typeof known === "number" || typeof known === "boolean"))
      model.fit[name] = known;
  }
}
