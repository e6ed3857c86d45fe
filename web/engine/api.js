// The classes and functions of an engine, made from the table of methods: in this thread and in workers they differ only
// in who carries a call out, and whether the answer is a value or a promise of one.

import { checkArrays, dataset } from "./checks.js";
import { engineError, reading } from "./errors.js";
import { ENGINE, MODEL, rowOf } from "./methods.js";

/** @typedef {import("./methods.js").Arguments} Arguments */
/** @typedef {import("./methods.js").Method} Method */

/**
 * Carries calls out. The arguments are checked inside, so that a failed check is answered like any other failure: they
 * can be posted as they are, but for a data set.
 *
 * @template {import("../convscope.js").Where} W
 * @typedef {object} Performer
 * @property {(prototype: object, method: Method, check: () => Arguments) => import("../convscope.js").Answer<W, object>} create
 *   a new object
 * @property {(target: object | undefined, method: Method, check: () => Arguments) => import("../convscope.js").Answer<W, unknown>} call
 *   with no target for the engine's own functions
 * @property {(target: object) => import("../convscope.js").Answer<W, void>} free
 * @property {() => import("../convscope.js").Answer<W, void>} close
 */

/**
 * @template {import("../convscope.js").Where} W
 * @param {import("../convscope.js").Variant} variant
 * @param {Performer<W>} performer
 * @returns {import("../convscope.js").EngineIn<W>}
 */
export function api(variant, { create, call, free, close }) {
  /** @param {Method} method @param {object} prototype of what it makes */
  const maker =
    (method, prototype) =>
    (/** @type {unknown[]} */ ...given) =>
      create(prototype, method, () => checked(method, given, Dataset));

  class Model {
    static fromConfig = maker({ of: "make", name: "fromConfig" }, this.prototype);
    static fromSafetensors = maker({ of: "make", name: "fromSafetensors" }, this.prototype);

    free() {
      return free(this);
    }
  }
  for (const method of methodsOf("model", MODEL)) {
    /** @this {object | undefined} @param {unknown[]} given */
    const value = function (...given) {
      return call(this ?? {}, method, () => checked(method, given, Dataset));
    };
    Object.defineProperty(Model.prototype, method.name, { value });
  }

  class Dataset {
    /** @param {unknown[]} given */
    constructor(...given) {
      return /** @type {Dataset} */ (maker({ of: "make", name: "dataset" }, Dataset.prototype)(...given));
    }

    free() {
      return free(this);
    }
  }

  const functions = methodsOf("engine", ENGINE).map((method) => [
    method.name,
    (/** @type {unknown[]} */ ...given) => call(undefined, method, () => checked(method, given, Dataset)),
  ]);
  // The rows have been held to the types; that the classes are made of all rows is said above.
  return /** @type {import("../convscope.js").EngineIn<W>} */ (
    /** @type {unknown} */ (Object.freeze({ variant, Model, Dataset, ...Object.fromEntries(functions), close }))
  );
}

/**
 * @template {Method["of"]} Of
 * @param {Of} of
 * @param {object} table
 */
function methodsOf(of, table) {
  return Object.keys(table).map((name) => /** @type {Extract<Method, { of: Of }>} */ ({ of, name }));
}

/**
 * The arguments of a call by name.
 *
 * @param {Method} method
 * @param {unknown[]} given
 * @param {new () => object} Dataset this engine's
 * @returns {Arguments}
 */
function checked(method, given, Dataset) {
  const { args, onData } = rowOf(method);
  return reading(method.name, () => {
    const checks = Object.entries(onData && given[0] instanceof Dataset ? onData : args);
    if (given.slice(checks.length).some((value) => value !== undefined)) {
      throw engineError("type", `${method.name}: needs ${checks.length} arguments at most, got ${given.length}`);
    }
    if (checks[0]?.[1] === dataset && !(given[0] instanceof Dataset)) {
      throw engineError("type", "data: needs a data set of this engine");
    }
    const read = Object.fromEntries(checks.map(([name, check], index) => [name, check(given[index], name)]));
    checkArrays(read);
    return read;
  });
}

/** What a call on something that is no longer there is answered with. */
export const closed = {
  engine: () => engineError("closed", "The engine was closed. Load a new one."),
  object: () => engineError("closed", "This model or data set is not there any more, or belongs to another engine."),
};
