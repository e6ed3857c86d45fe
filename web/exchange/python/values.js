// What names stand for while code is read: Keras' modules and classes by their paths, models, layers and tensors.

import { classesOf } from "../classes.js";

/** @typedef {import("../graph.js").Loose} Loose */
/** @typedef {import("./parse.js").Expression} Expression */
/** @typedef {{ start: number, end: number }} Place */

/** Something of a library, `keras.layers.Conv2D`. */
export class Library {
  /** @param {string} path */
  constructor(path) {
    this.path = path;
  }
}

/** What is known only when the code runs. */
export class Unknown {}
export const UNKNOWN = new Unknown();

/** A function of the code. */
export class Defined {
  /** @param {import("./parse.js").Statement & { kind: "function" }} statement */
  constructor(statement) {
    this.statement = statement;
  }
}

/** A layer that is made and perhaps not called yet. */
export class MadeLayer {
  /** Where it is called, if it is. @type {Loose | undefined} */
  used;

  /** @param {string} className @param {Record<string, any>} config @param {Place} place */
  constructor(className, config, place) {
    this.className = className;
    this.config = config;
    this.place = place;
  }
}

/** What goes from layer to layer; without a layer it is the input. */
export class Tensor {
  static #made = 0;
  /** Grows from each to the next: none is made before its inputs. */
  number = (Tensor.#made += 1);

  /** @param {MadeLayer} layer @param {Tensor[]} inputs */
  constructor(layer, inputs) {
    this.layer = layer;
    this.inputs = inputs;
  }
}

export class MadeModel {
  /** @type {(MadeLayer | MadeModel)[]} */
  layers = [];
  /** Of a Functional model. @type {{ input: Tensor, output: Tensor } | undefined} */
  ends;
  /** @type {{ optimizer: unknown, loss: unknown } | undefined} */
  training;
  /** @type {Record<string, unknown> | undefined} */
  fit;

  /** @param {string | undefined} name */
  constructor(name) {
    this.name = name;
  }
}

/** An object of Keras that is no layer, as Keras serialises it. */
export class Configured {
  /** @param {string} module @param {string} className @param {Record<string, unknown>} config */
  constructor(module, className, config) {
    this.module = module;
    this.className = className;
    this.config = config;
  }

  toJSON() {
    return { module: this.module, class_name: this.className, config: this.config, registered_name: null };
  }
}

/** Names that a snippet uses without importing them. */
const KNOWN = [
  "keras",
  "layers",
  "models",
  "optimizers",
  "losses",
  "regularizers",
  "initializers",
  "constraints",
  "activations",
  "callbacks",
];

/** @param {string} name @returns {Library | undefined} what it stands for where nothing was imported under it */
export function withoutImport(name) {
  if (name === "tf" || name === "tensorflow") return new Library("tensorflow");
  if (name === "keras") return new Library("keras");
  if (KNOWN.includes(name)) return new Library(`keras.${name}`);
  if (name === "Sequential" || name === "Model" || name === "Input") return new Library(`keras.${name}`);
  if (classesOf("layers").has(name)) return new Library(`keras.layers.${name}`);
  if (classesOf("optimizers").has(name)) return new Library(`keras.optimizers.${name}`);
  return undefined;
}

/** @param {string} path @returns {string} the same in Keras 3's own rooms */
export function kerasPath(path) {
  return path
    .replace(/^(?:tensorflow\.python\.|tensorflow\.|tf\.)(?=keras(?:\.|$))/, "")
    .replace(/^tf_keras(?=\.|$)/, "keras")
    .replace(/^keras\.(?:api|legacy|models)\.(?=\w)/, "keras.")
    .replace(
      /^keras\.layers\.(?:core|convolutional|pooling|normalization|experimental\.preprocessing|advanced_activations)\.(?=[A-Z])/,
      "keras.layers.",
    )
    .replace(/^keras\.optimizers\.legacy\./, "keras.optimizers.")
    .replace(/^keras\.(Input|Layer)$/, "keras.$1");
}
