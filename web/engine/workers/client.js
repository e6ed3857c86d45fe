// The engine in workers: every call is a message, every answer a promise. When one stops, others take their place with
// the same objects.

import * as check from "../checks.js";
import { Backup } from "./backup.js";
import { Connection } from "./connection.js";
import { engineError } from "../errors.js";
import { closed, surface } from "../api.js";
import { compile } from "../variants.js";

/** @typedef {import("../errors.js").EngineError} EngineError */
/** @typedef {import("../api.js").Call} Call */

/**
 * @param {unknown} [options]
 * @returns {Promise<import("../../convscope.js").RemoteEngine>}
 */
export async function connectEngine(options) {
  const { variant: wanted, workers } = check.options(options, "options");
  const count = check.workers(workers, "workers");
  const { variant, module } = await compile(wanted);
  const client = new Client(module, count);
  await client.start();
  return /** @type {any} */ (surface(variant, client));
}

/**
 * @typedef {import("../api.js").Performer} Performer
 * @implements {Performer}
 */
class Client {
  #module;
  #workers;
  /** @type {Connection | undefined} */
  #connection;
  #starting = false;
  /** @type {EngineError | undefined} */
  #ended;
  /** @type {Map<number, Backup>} */
  #backups = new Map();
  /** @type {WeakMap<object, number>} */
  #handles = new WeakMap();
  #lastHandle = 0;
  #collected = new FinalizationRegistry((/** @type {number} */ handle) => this.#release(handle));

  /** @param {WebAssembly.Module} module @param {number} workers */
  constructor(module, workers) {
    this.#module = module;
    this.#workers = workers;
  }

  /** Starts the workers and builds in the first whatever there was. */
  async start() {
    this.#starting = true;
    try {
      this.#connection = new Connection(this.#module, this.#workers, (reason) => this.#recover(reason));
      const started = this.#connection.start();
      const backups = Array.from(this.#backups.values(), (backup) => backup.requests());
      const restored = backups.flat().map((request) => this.#request(request));
      // What could not be restored answers for itself when it is called.
      await Promise.allSettled([started, ...restored]);
      await started;
    } catch (error) {
      this.#end(/** @type {EngineError} */ (error));
      throw error;
    } finally {
      this.#starting = false;
    }
  }

  /** @param {object} prototype @param {() => Call} call */
  create = async (prototype, call) => {
    const { method, args } = call();
    const handle = (this.#lastHandle += 1);
    const backup = new Backup(handle, method, args);
    await this.#request({ operation: "create", handle, method, args });
    this.#backups.set(handle, backup);
    const object = Object.create(prototype);
    this.#handles.set(object, handle);
    this.#collected.register(object, handle, object);
    return object;
  };

  /** @param {object | undefined} object @param {() => Call} call */
  call = async (object, call) => {
    const { method, args, data } = call();
    const target = object && this.#handleOf(object);
    const backup = target === undefined ? undefined : this.#backups.get(target);
    const succeeded = backup?.follow(method, args);
    const trains = method === "trainStep" || method === "fit";
    if (trains || method === "strongestPatches") this.#connection?.help();
    const value = await this.#request({ operation: "call", target, method, data: data && this.#handleOf(data), args });
    succeeded?.();
    if (trains && Number.isFinite(method === "fit" ? value.loss.at(-1) : value.loss)) {
      const copy = () => this.#request({ operation: "call", target, method: "toSafetensors", args: [true] });
      // If the worker stops meanwhile, the copy before it still stands.
      backup?.checkpoint(copy).catch(() => {});
    }
    return value;
  };

  /** @param {object} object */
  free = async (object) => {
    const handle = this.#handles.get(object);
    this.#handles.delete(object);
    this.#collected.unregister(object);
    if (handle !== undefined) this.#release(handle);
  };

  close = async () => this.#end(closed.engine());

  /** @param {import("./connection.js").Request} request */
  async #request(request) {
    if (this.#ended || !this.#connection) throw this.#ended ?? closed.engine();
    return this.#connection.request(request);
  }

  /** @param {object} object */
  #handleOf(object) {
    const handle = this.#handles.get(object);
    if (handle === undefined) throw closed.object();
    return handle;
  }

  /** @param {number} handle */
  #release(handle) {
    this.#backups.delete(handle);
    // An engine that has ended holds nothing any more.
    this.#request({ operation: "free", handle }).catch(() => {});
  }

  /**
   * @param {string} reason
   * @returns {EngineError}
   */
  #recover(reason) {
    if (this.#starting) {
      this.#ended = engineError("load", `The engine's worker could not start (${reason}).`);
      return this.#ended;
    }
    this.start().catch(() => {});
    return engineError("trap", `The engine stopped (${reason}). It was started again with the last saved weights.`);
  }

  /** @param {EngineError} error */
  #end(error) {
    this.#ended ??= error;
    this.#connection?.end(error);
  }
}
