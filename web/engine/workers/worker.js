// The engine's own threads. Each is handed a compiled module and never resolves a URL, so it runs from a Blob anywhere.

import { instantiate } from "../instance.js";
import { engineError } from "../errors.js";
import { Helpers, help, lost } from "./team.js";
import { closed } from "../api.js";

/** @typedef {import("./connection.js").Request} Request */
/** @typedef {{ number: number, request: Request }} Message */

/** @type {import("../instance.js").Instance} */
let instance;
/** @type {Helpers} */
let helpers;
/** @type {Map<number, import("../instance.js").Binding>} */
const bindings = new Map();
/** What has come in and is not begun yet. @type {Message[]} */
const waiting = [];
let working = false;

/** How often training looks what else is asked, in milliseconds: half a frame. */
const LOOK_MS = 8;
let lookedAt = 0;
const turns = new MessageChannel();
/** What changes a model, and so waits for the training before it. */
const CHANGES = new Set(["compile", "loadSafetensors", "reset", "setLearningRate", "setWeights", "trainStep"]);

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
      helpers = new Helpers(instance);
      if (request.owner) help(instance, request.owner);
      return undefined;
    case "help":
      return helpers.add(request.ports);
    case "create":
      bindings.set(request.handle, instance.create(request.method, request.args));
      return undefined;
    case "call":
      return call(request);
    case "free": {
      const binding = bindings.get(request.handle);
      bindings.delete(request.handle);
      helpers.freed(request.handle);
      if (binding) instance.free(binding);
    }
  }
}

/** @param {Extract<Request, { operation: "call" }>} request */
function call({ target, method, data, args }) {
  const all = data === undefined ? args : [bindingOf(data), ...args];
  if (target === undefined) return instance.call(undefined, method, all);
  const model = /** @type {import("../instance.js").GlueModel} */ (bindingOf(target));
  if (method === "fit") return helpers.fit(target, model, all, letPass);
  if (method === "strongestPatches") return helpers.rank(target, model, all);
  if (method === "trainStep") return helpers.step(target, model, instance.batchOf(all)).then(instance.metricsOf);
  const value = instance.call(model, method, all);
  if (method === "compile") helpers.compiled(target, /** @type {string} */ (args[0]));
  return value;
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

/** @param {Message} message */
async function answer({ number, request }) {
  try {
    const value = await perform(request);
    postMessage({ number, value }, { transfer: /** @type {ArrayBuffer[]} */ ([...new Set(buffersOf(value))]) });
  } catch (error) {
    const { code, message } = /** @type {import("../errors.js").EngineError} */ (error);
    postMessage({ number, error: { code, message } });
  }
}

/** Carries out in its order what has come in; while a step waits for helpers, more does. */
async function work() {
  if (working) return;
  working = true;
  while (waiting.length > 0) await answer(/** @type {Message} */ (waiting.shift())).catch(reportError);
  working = false;
}

/** Between two steps, lets requests come in, and answers those that change nothing: training keeps nobody waiting. */
async function letPass() {
  if (performance.now() - lookedAt < LOOK_MS) return;
  await new Promise((resolve) => {
    turns.port1.onmessage = resolve;
    turns.port2.postMessage(undefined);
  });
  lookedAt = performance.now();
  for (let index = 0; index < waiting.length;) {
    const { request } = waiting[index];
    if (request.operation !== "call" || CHANGES.has(request.method)) return;
    if (request.method === "fit") index += 1;
    else await answer(waiting.splice(index, 1)[0]);
  }
}

addEventListener("message", ({ data }) => {
  waiting.push(data);
  void work();
});

addEventListener("messageerror", lost);
