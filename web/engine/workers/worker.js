// The engine's own threads. Each is handed a compiled module and never resolves a URL, so it runs from a Blob anywhere.

import { closed } from "../api.js";
import { engineError } from "../errors.js";
import { Instance } from "../instance.js";
import { rowOf } from "../methods.js";
import { buffersOf, lost } from "./messages.js";
import { Team, helping } from "./team.js";

/** @typedef {import("./connection.js").Request} Request */
/** @typedef {import("../instance.js").Binding} Binding */
/** @typedef {{ number: number, request: Request }} Message */

/** @type {Instance} */
let instance;
/** @type {Team} */
let team;
/** @type {Map<number, Binding>} */
const bindings = new Map();
/** What has come in and is not begun yet. @type {Message[]} */
const waiting = [];
let working = false;

/** How often training looks what else is asked, in milliseconds: half a frame. */
const LOOK_MS = 8;
let lookedAt = 0;
const turns = new MessageChannel();

/** @param {unknown} handle */
function bindingOf(handle) {
  const binding = bindings.get(/** @type {number} */ (handle));
  if (!binding) throw closed.object();
  return binding;
}

/** Where there are locks, holds one for life, and tells its name: from then on it is noticed if this worker ends. */
async function holdForLife() {
  const held = `convscope-worker-${Date.now()}-${Math.random()}`;
  const holding = new Promise((resolve, reject) => {
    const forLife = () => {
      resolve(postMessage({ held }));
      return new Promise(() => {});
    };
    navigator.locks.request(held, forLife).catch(reject);
  });
  await holding.catch(() => {});
}

/** @param {Request} request */
function perform(request) {
  switch (request.operation) {
    case "start":
      instance = new Instance(request.module, (reason) => engineError("trap", reason));
      team = new Team(instance, letPass);
      if (request.helps) receive = helping(instance);
      return holdForLife();
    case "help":
      return team.add(request.count, request.script, request.module);
    case "create": {
      const binding = /** @type {Binding} */ (instance.call(request.method, undefined, request.args));
      bindings.set(request.handle, binding);
      return "seed" in binding ? binding.seed : undefined;
    }
    case "call":
      return call(request);
    case "free": {
      const binding = bindings.get(request.handle);
      bindings.delete(request.handle);
      if (binding) team.forget(binding);
      if (binding) instance.free(binding);
    }
  }
}

/** @param {Extract<Request, { operation: "call" }>} request */
function call({ target: handle, method, args: given }) {
  const args = "data" in given ? { ...given, data: bindingOf(given.data) } : given;
  const target = handle === undefined ? undefined : bindingOf(handle);
  const row = rowOf(method);
  if (row.share) return row.share(team, /** @type {never} */ (target), /** @type {never} */ (args));
  const answer = instance.call(method, target, args);
  if (target && row.sets === "training") team.forget(target, /** @type {string} */ (args.options));
  return answer;
}

/** @param {Message} message */
async function answer({ number, request }) {
  try {
    const value = await perform(request);
    postMessage({ number, value }, { transfer: buffersOf(value) });
  } catch (error) {
    const { code, message } = /** @type {import("../errors.js").EngineError} */ (error);
    postMessage({ number, error: { code, message } });
  }
}

/** Carries out in its order what has come in; while a step waits for the team, more does. */
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
    if (request.operation !== "call") return;
    const { sets, trains, letsPass } = rowOf(request.method);
    if (letsPass) index += 1;
    else if (sets || trains) return;
    else await answer(waiting.splice(index, 1)[0]);
  }
}

/** What is done with a message; a helper gets orders, all others requests. @type {(message: any) => void} */
let receive = (message) => {
  waiting.push(message);
  void work();
};

addEventListener("message", ({ data }) => receive(data));

addEventListener("messageerror", lost);
