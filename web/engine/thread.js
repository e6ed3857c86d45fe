// The engine in the calling thread: every call is carried out before it returns.

import * as check from "./checks.js";
import { instantiate } from "./instance.js";
import { engineError } from "./errors.js";
import { closed, surface } from "./api.js";
import { compile } from "./variants.js";

/** @typedef {import("./instance.js").Binding} Binding */

/**
 * @param {unknown} [options]
 * @returns {Promise<import("../convscope.js").Engine>}
 */
export async function loadEngine(options) {
  const { variant, module } = await compile(check.options(options, "options").variant);
  /** @type {ReturnType<typeof instantiate> | undefined} */
  let instance = instantiate(module, (reason) =>
    engineError("trap", `The engine stopped (${reason}). Load a new engine to go on.`),
  );
  // The glue frees a binding that nothing refers to any more.
  /** @type {WeakMap<object, Binding>} */
  const bindings = new WeakMap();

  function running() {
    if (!instance) throw closed.engine();
    return instance;
  }

  /** @param {object} object */
  function bindingOf(object) {
    const binding = bindings.get(object);
    if (!binding) throw closed.object();
    return binding;
  }

  return surface(variant, {
    create(prototype, call) {
      const { method, args } = call();
      const object = Object.create(prototype);
      bindings.set(object, running().create(method, args));
      return object;
    },
    call(target, call) {
      const { method, args, data } = call();
      const instance = running();
      const all = data ? [bindingOf(data), ...args] : args;
      return instance.call(target && bindingOf(target), method, all);
    },
    free(target) {
      const binding = bindings.get(target);
      bindings.delete(target);
      if (binding && instance) instance.free(binding);
    },
    close() {
      instance = undefined;
    },
  });
}
