// The engine in the calling thread: every call is carried out before it returns.

import { api, closed } from "./api.js";
import { record, variant as checkedVariant } from "./checks.js";
import { engineError, reading } from "./errors.js";
import { Instance } from "./instance.js";
import { compile } from "./variants.js";

/** @typedef {import("./instance.js").Binding} Binding */
/** @typedef {import("./api.js").Performer<"thread">} Performer */

/**
 * @param {unknown} [options]
 * @returns {Promise<import("../convscope.js").Engine>}
 */
export async function loadEngine(options) {
  const { variant: wanted } = reading("loadEngine", () => record({ variant: checkedVariant })(options, "options"));
  const { variant, module } = await compile(wanted, true);
  const instance = new Instance(module, (reason) =>
    engineError("trap", `The engine stopped (${reason}). Load a new engine to go on.`),
  );
  return api(variant, new Thread(instance));
}

/** @implements {Performer} */
class Thread {
  /** @type {Instance | undefined} */
  #instance;
  /** The glue frees a binding that nothing refers to any more. @type {WeakMap<object, Binding>} */
  #bindings = new WeakMap();

  /** @param {Instance} instance */
  constructor(instance) {
    this.#instance = instance;
  }

  /** @type {Performer["create"]} */
  create = (prototype, method, check) => {
    const object = Object.create(prototype);
    this.#bindings.set(object, /** @type {Binding} */ (this.#call(undefined, method, check())));
    return object;
  };

  /** @type {Performer["call"]} */
  call = (target, method, check) => this.#call(target, method, check());

  /** @type {Performer["free"]} */
  free = (target) => {
    const binding = this.#bindings.get(target);
    this.#bindings.delete(target);
    if (binding) this.#instance?.free(binding);
  };

  close = () => {
    this.#instance = undefined;
  };

  /**
   * @param {object | undefined} target
   * @param {import("./methods.js").Method} method
   * @param {import("./methods.js").Arguments} args
   */
  #call(target, method, args) {
    if (!this.#instance) throw closed.engine();
    const all = args.data ? { ...args, data: this.#bindingOf(args.data) } : args;
    return this.#instance.call(method, target && this.#bindingOf(target), all);
  }

  /** @param {object} object */
  #bindingOf(object) {
    const binding = this.#bindings.get(object);
    if (!binding) throw closed.object();
    return binding;
  }
}
