// The engine's own thread. It is handed a compiled module and never resolves a URL, so it runs from a Blob anywhere.

import { instantiate } from "./bindings.js";
import { engineError } from "./errors.js";
import { closed } from "./surface.js";

/** @typedef {import("./connection.js").Request} Request */

/** @type {ReturnType<typeof instantiate>} */
let instance;
/** @type {Map<number, import("./bindings.js").Binding>} */
const bindings = new Map();

/** @param {number} handle */
function bindingOf(handle) {
  const binding = bindings.get(handle);
  if (!binding) throw closed.object();
  return binding;
}

/** @param {Request} request */
function perform(request) {
  switch (request.operation) {
    case "start":
      instance = instantiate(request.module, (reason) => engineError("trap", reason));
      return undefined;
    case "create":
      bindings.set(request.handle, instance.create(request.method, request.args));
      return undefined;
    case "call": {
      const { target, method, data, args } = request;
      const all = data === undefined ? args : [bindingOf(data), ...args];
      return instance.call(target === undefined ? undefined : bindingOf(target), method, all);
    }
    case "free": {
      const binding = bindings.get(request.handle);
      bindings.delete(request.handle);
      if (binding) instance.free(binding);
    }
  }
}

/**
 * The memory behind the arrays of an answer, which is handed over instead of copied.
 *
 * @param {unknown} value
 * @returns {ArrayBufferLike[]}
 */
function buffersOf(value) {
  if (ArrayBuffer.isView(value)) return [value.buffer];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(buffersOf);
}

addEventListener("message", ({ data: { number, request } }) => {
  try {
    const value = perform(request);
    postMessage({ number, value }, { transfer: /** @type {ArrayBuffer[]} */ ([...new Set(buffersOf(value))]) });
  } catch (error) {
    const { code, message } = /** @type {import("./errors.js").EngineError} */ (error);
    postMessage({ number, error: { code, message } });
  }
});

addEventListener("messageerror", () => {
  throw new Error("a message did not arrive whole");
});
