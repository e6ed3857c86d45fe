// The workers of an engine and the numbered requests to them.

import workerText from "./worker.js?text";
import { engineError, isEngineError } from "../errors.js";
import { buffersOf, copyOf } from "./messages.js";

/**
 * What the client asks of the worker; of the helpers that this starts, only the first is asked. The client chooses the
 * handles, so that a new worker can be made to answer to those of an old one; the argument `data` is the handle of a
 * data set.
 *
 * @typedef {{ operation: "start", module: WebAssembly.Module, helps?: boolean }
 *   | { operation: "help", count: number, script: Blob, module: WebAssembly.Module }
 *   | { operation: "create", handle: number, method: Method, args: Arguments }
 *   | { operation: "call", target?: number, method: Method, args: Arguments }
 *   | { operation: "free", handle: number }} Request
 */

/** @typedef {import("../methods.js").Method} Method */
/** @typedef {import("../errors.js").EngineError} EngineError */
/** @typedef {Record<string, unknown>} Arguments */

export class Connection {
  /** @type {Map<number, { resolve: (value: unknown) => void, reject: (error: EngineError) => void }>} */
  #pending = new Map();
  #number = 0;
  #worker;
  #missing;
  #module;
  #stopped;
  #silenced = new AbortController();

  /**
   * @param {WebAssembly.Module} module
   * @param {number} count
   * @param {(reason: string) => EngineError} stopped called when a worker has stopped by itself, which ends the others;
   *   answers with the error that the pending requests get
   */
  constructor(module, count, stopped) {
    this.#module = module;
    this.#missing = count - 1;
    this.#stopped = stopped;
    this.#worker = this.#open();
  }

  /** Starts the worker. */
  async start() {
    await this.request({ operation: "start", module: this.#module });
  }

  /** Has the worker start its helpers, which are needed only where something takes long. */
  help() {
    if (this.#missing === 0) return;
    const count = this.#missing;
    this.#missing = 0;
    // If it stops meanwhile, every pending request is told.
    this.request({ operation: "help", count, script: workerScript(), module: this.#module }).catch(() => {});
  }

  /**
   * @param {Request} request
   * @returns {Promise<unknown>}
   */
  request(request) {
    const number = (this.#number += 1);
    return new Promise((resolve, reject) => {
      try {
        const message = copyOf(request);
        this.#worker.postMessage({ number, request: message }, buffersOf(message));
        this.#pending.set(number, { resolve, reject });
      } catch (error) {
        reject(
          isEngineError(error)
            ? error
            : engineError("type", `The arguments cannot be sent to the engine's worker (${error}).`, error),
        );
      }
    });
  }

  /**
   * Ends the workers; what is still pending fails with `error`.
   *
   * @param {EngineError} error
   */
  end(error) {
    this.#silence();
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  #open() {
    const worker = startWorker();
    worker.onmessage = ({ data }) => this.#settle(data);
    worker.onmessageerror = () => this.#stop("an answer did not arrive whole");
    worker.onerror = (event) => {
      event.preventDefault();
      this.#stop(event.message || "it was refused; a Content-Security-Policy must allow worker-src blob:");
    };
    return worker;
  }

  /**
   * A browser that runs out of memory may end a worker without an event: then it lets go of the lock that the worker held.
   *
   * @param {string} lock
   */
  #watch(lock) {
    const { signal } = this.#silenced;
    navigator.locks.request(lock, { signal }, () => this.#stop("it ended without a word")).catch(() => {});
  }

  /** @param {{ number: number, value?: unknown, error?: EngineError, held?: string }} answer */
  #settle({ number, value, error, held }) {
    if (held) return this.#watch(held);
    if (error?.code === "trap") return this.#stop(error.message);
    const pending = this.#pending.get(number);
    this.#pending.delete(number);
    if (error) pending?.reject(engineError(error.code, error.message));
    else pending?.resolve(value);
  }

  /** @param {string} reason */
  #stop(reason) {
    this.#silence();
    this.end(this.#stopped(reason));
  }

  #silence() {
    this.#silenced.abort();
    const worker = this.#worker;
    worker.terminate();
    // What it has posted before its end may still arrive.
    worker.onmessage = worker.onmessageerror = worker.onerror = null;
  }
}

/** @type {Blob | undefined} */
let script;
const workerScript = () => (script ??= new Blob([workerText], { type: "text/javascript" }));

/** One URL for all workers of a page: a worker may still be fetching it when its constructor has returned. */
let workerUrl = "";

function startWorker() {
  if (typeof Worker === "undefined") {
    throw engineError("load", "This browser has no workers, which the engine needs. loadEngine() works without.");
  }
  workerUrl ||= URL.createObjectURL(workerScript());
  try {
    // A classic worker: from a Blob, Chromium starts no other in a page opened from a disk.
    return new Worker(workerUrl, { name: "convscope" });
  } catch (error) {
    throw engineError("load", `The engine's worker was refused (${error}).`, error);
  }
}
