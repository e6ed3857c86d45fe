// The engine in workers: every call is a message, every answer a promise. When one stops, others take their place with
// the same objects.

import { api, closed } from "../api.js";
import { record, variant as checkedVariant, workers as checkedWorkers } from "../checks.js";
import { engineError, reading } from "../errors.js";
import { rowOf } from "../methods.js";
import { compile } from "../variants.js";
import { Backup, CHECKPOINT_MS } from "./backup.js";
import { Connection } from "./connection.js";

/** @typedef {import("../errors.js").EngineError} EngineError */
/** @typedef {import("../api.js").Performer<"worker">} Performer */
/** @typedef {import("../methods.js").Arguments} Arguments */

const checkedOptions = record({ variant: checkedVariant, workers: checkedWorkers });

/**
 * @param {unknown} [options]
 * @returns {Promise<import("../../convscope.js").RemoteEngine>}
 */
export async function connectEngine(options) {
  const { variant: wanted, workers } = reading("connectEngine", () => checkedOptions(options, "options"));
  const { variant, module } = await compile(wanted);
  const client = new Client(module, workers);
  await client.start();
  /** @type {import("../../convscope.js").EngineIn<"worker">} */
  const engine = api(variant, client);
  return Object.freeze({ ...engine, restarts: client.restarts });
}

/** @implements {Performer} */
class Client {
  restarts = new EventTarget();
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
      const backups = Array.from(this.#backups.values(), (backup) => backup.requests);
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

  /** @type {Performer["create"]} */
  create = async (prototype, method, check) => {
    const args = check();
    const handle = (this.#lastHandle += 1);
    const backup = new Backup({ operation: "create", handle, method, args });
    backup.seeded(
      /** @type {number | undefined} */ (await this.#request({ operation: "create", handle, method, args })),
    );
    this.#backups.set(handle, backup);
    const object = Object.create(prototype);
    this.#handles.set(object, handle);
    this.#collected.register(object, handle, object);
    return object;
  };

  /** @type {Performer["call"]} */
  call = async (object, method, check) => {
    const args = this.#withHandle(check());
    const target = object && this.#handleOf(object);
    const row = rowOf(method);
    const backup = target === undefined ? undefined : this.#backups.get(target);
    if (row.share) this.#connection?.help();
    if (row.sets && backup?.isDueBefore(row.sets)) void backup.save(this.#request);
    const succeeded = row.sets && backup?.keep(row.sets, { operation: "call", target, method, args });
    // What takes longer than that is copied meanwhile.
    const copying =
      row.letsPass && backup ? setInterval(() => void backup.save(this.#request), CHECKPOINT_MS) : undefined;
    const answer = await this.#request({ operation: "call", target, method, args }).finally(() =>
      clearInterval(copying),
    );
    succeeded?.();
    if (row.copies?.(/** @type {never} */ (args))) backup?.saved(answer);
    if (row.trains) backup?.learnt(row.trains(/** @type {never} */ (answer)));
    if (backup?.isDue) void backup.save(this.#request);
    return answer;
  };

  /** @type {Performer["free"]} */
  free = async (object) => {
    const handle = this.#handles.get(object);
    this.#handles.delete(object);
    this.#collected.unregister(object);
    if (handle !== undefined) this.#release(handle);
  };

  close = async () => this.#end(closed.engine());

  /** @param {import("./connection.js").Request} request @returns {Promise<unknown>} */
  #request = async (request) => {
    if (this.#ended || !this.#connection) throw this.#ended ?? closed.engine();
    return this.#connection.request(request);
  };

  /** @param {Arguments} args @returns {import("./connection.js").Arguments} that can be posted */
  #withHandle(args) {
    return args.data ? { ...args, data: this.#handleOf(args.data) } : args;
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
    const error = engineError(
      "trap",
      `The engine stopped (${reason}). It was started again with the last saved weights.`,
    );
    // Whoever hears of it finds everything built again: calls are carried out in their order.
    this.restarts.dispatchEvent(new CustomEvent("restart", { detail: error }));
    return error;
  }

  /** @param {EngineError} error */
  #end(error) {
    this.#ended ??= error;
    this.#connection?.end(error);
  }
}
