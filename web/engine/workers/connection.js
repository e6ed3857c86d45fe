// The workers of an engine and the numbered requests to them.

import workerText from "./worker.js?text";
import { engineError } from "../errors.js";
import { buffersOf } from "./messages.js";

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

/** A worker that has not started after so many milliseconds is given up: it may have ended without an event. */
const START_MS = 10_000;
/**
 * Workers are started in a moment. But in Firefox a worker that starts another one may wait for ever for the page's
 * developer tools to hear of it: their word wakes only one of two that wait for it.
 */
const HELP_MS = 3000;
/** While something is asked and so many milliseconds nothing is answered, the page is to know. */
const SILENT_MS = 20_000;

export class Connection {
  /** @type {Map<number, { resolve: (value: unknown) => void, reject: (error: EngineError) => void }>} */
  #pending = new Map();
  #number = 0;
  #worker;
  #helpers;
  #module;
  #stopped;
  #tellSilence;
  #silence = 0;
  #silent = false;
  #silenced = new AbortController();

  /**
   * @param {WebAssembly.Module} module
   * @param {number} count
   * @param {(reason: string) => EngineError} stopped called when a worker has stopped by itself, which ends the others;
   *   answers with the error that the pending requests get
   * @param {(silent: boolean) => void} tellSilence called when nothing has been answered for long, and when that is over
   */
  constructor(module, count, stopped, tellSilence) {
    this.#module = module;
    this.#helpers = count - 1;
    this.#stopped = stopped;
    this.#tellSilence = tellSilence;
    this.#worker = this.#open();
  }

  /** Starts the worker. */
  async start() {
    const late = setTimeout(() => this.stop("it did not start in time"), START_MS);
    await this.request({ operation: "start", module: this.#module }).finally(() => clearTimeout(late));
  }

  /**
   * Has the worker start its helpers, which are needed only where something takes long. Nothing else is to be asked until
   * that is done.
   *
   * @returns {Promise<boolean>} whether it has come back from that; if not, it never answers any more
   */
  async help() {
    // What it has been asked before is done.
    await this.request({ operation: "free", handle: 0 });
    const started = this.request({
      operation: "help",
      count: this.#helpers,
      script: workerScript(),
      module: this.#module,
    });
    const late = new Promise((resolve) => setTimeout(resolve, HELP_MS, false));
    return /** @type {Promise<boolean>} */ (Promise.race([started.then(() => true), late]));
  }

  /**
   * @param {Request} request whose arrays are handed over
   * @returns {Promise<unknown>}
   */
  request(request) {
    const number = (this.#number += 1);
    return new Promise((resolve, reject) => {
      try {
        this.#worker.postMessage({ number, request }, buffersOf(request));
        this.#pending.set(number, { resolve, reject });
        if (this.#pending.size === 1) this.#heard();
      } catch (error) {
        reject(engineError("type", `The arguments cannot be sent to the engine's worker (${error}).`, error));
      }
    });
  }

  /**
   * Ends the workers; what is still pending fails with `error`.
   *
   * @param {EngineError} error
   */
  end(error) {
    this.#shut();
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    this.#heard();
  }

  #open() {
    const worker = startWorker();
    worker.onmessage = ({ data }) => this.#settle(data);
    worker.onmessageerror = () => this.stop("an answer did not arrive whole");
    worker.onerror = (event) => {
      event.preventDefault();
      this.stop(event.message || "it was refused; a Content-Security-Policy must allow worker-src blob:");
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
    navigator.locks.request(lock, { signal }, () => this.stop("it ended without a word")).catch(() => {});
  }

  /** @param {{ number: number, value?: unknown, error?: EngineError, held?: string }} answer */
  #settle({ number, value, error, held }) {
    if (held) return this.#watch(held);
    if (error?.code === "trap") return this.stop(error.message);
    const pending = this.#pending.get(number);
    this.#pending.delete(number);
    this.#heard();
    if (error) pending?.reject(engineError(error.code, error.message));
    else pending?.resolve(value);
  }

  /** Waits for the next answer, where one is due. */
  #heard() {
    clearTimeout(this.#silence);
    if (this.#pending.size > 0) this.#silence = setTimeout(() => this.#tell(true), SILENT_MS);
    this.#tell(false);
  }

  /** @param {boolean} silent */
  #tell(silent) {
    if (silent !== this.#silent) this.#tellSilence((this.#silent = silent));
  }

  /** Gives the worker up, as if it had stopped by itself. @param {string} reason */
  stop(reason) {
    this.#shut();
    this.end(this.#stopped(reason));
  }

  #shut() {
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
