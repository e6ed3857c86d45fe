// The engine in workers: every call is a message, every answer a promise. When one stops, others take their place with
// the same objects; and when the small build, which a page begins with, refuses what the complete one may know.

import { api, closed } from "../api.js";
import { record, variant as checkedVariant, workers as checkedWorkers } from "../checks.js";
import { engineError, reading } from "../errors.js";
import { rowOf } from "../methods.js";
import { compile } from "../variants.js";
import { Backup, CHECKPOINT_MS } from "./backup.js";
import { Connection } from "./connection.js";
import { copyOf } from "./messages.js";

/** @typedef {import("../errors.js").EngineError} EngineError */
/** @typedef {import("../api.js").Performer<"worker">} Performer */
/** @typedef {import("../methods.js").Arguments} Arguments */

/** How often workers are started before that is given up: memory may be short for a moment. */
const ATTEMPTS = 3;
/** What the small build says of what only the complete one computes. */
const INCOMPLETE = "incomplete";
/** And of a description that the complete one may know. */
const REFUSALS = ["config", "shape", "value"];

const checkedOptions = record({ variant: checkedVariant, workers: checkedWorkers });

/**
 * @param {unknown} [options]
 * @returns {Promise<import("../../convscope.js").RemoteEngine>}
 */
export async function connectEngine(options) {
  const { variant: wanted, workers } = reading("connectEngine", () => checkedOptions(options, "options"));
  const { variant, module } = await compile(wanted, !HAS_FIRST_BUILD);
  const client = new Client(variant, module, workers);
  await client.ready();
  /** @type {import("../../convscope.js").EngineIn<"worker">} */
  const engine = api(variant, client);
  return Object.freeze({ ...engine, restarts: client.restarts });
}

/** @implements {Performer} */
class Client {
  restarts = new EventTarget();
  #variant;
  #module;
  #workers;
  #isComplete = !HAS_FIRST_BUILD;
  /** That the complete build takes the small one's place. @type {Promise<void> | undefined} */
  #completed;
  /** @type {Connection | undefined} */
  #connection;
  /** What every request waits for; nothing where the workers are still to be started. @type {Promise<void> | undefined} */
  #ready;
  /** That a worker has been started again. @type {Promise<void> | undefined} */
  #recovered;
  /** Whether helpers have been asked for. */
  #helped = false;
  /** @type {EngineError | undefined} */
  #closed;
  /** @type {Map<number, Backup>} */
  #backups = new Map();
  /** @type {WeakMap<object, number>} */
  #handles = new WeakMap();
  #lastHandle = 0;
  #collected = new FinalizationRegistry((/** @type {number} */ handle) => this.#release(handle));

  /** @param {import("../../convscope.js").Variant} variant @param {WebAssembly.Module} module @param {number} workers */
  constructor(variant, module, workers) {
    this.#variant = variant;
    this.#module = module;
    this.#workers = workers;
  }

  /** Resolves when the workers have been started; if they could not be, that is tried again. */
  ready() {
    return this.#ready ?? this.#wait(this.#start());
  }

  /** @param {Promise<void>} ready what every request waits for from now on */
  #wait(ready) {
    this.#ready = ready;
    ready.catch(() => {
      if (this.#ready === ready) this.#ready = undefined;
    });
    return ready;
  }

  /** Starts the worker and builds in it whatever there was. */
  async #start() {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt();
      } catch (error) {
        if (this.#closed || attempt === ATTEMPTS) throw error;
      }
    }
  }

  async #attempt() {
    /** @type {EngineError | undefined} */
    let failed;
    let starting = true;
    const stopped = (/** @type {string} */ reason) => {
      if (!starting) return this.#recover(reason);
      failed = engineError("load", `The engine's worker could not start (${reason}).`);
      return failed;
    };
    const tellSilence = (/** @type {boolean} */ silent) => {
      const detail = silent ? () => connection.stop("it did not answer") : undefined;
      this.restarts.dispatchEvent(new CustomEvent("silence", { detail }));
    };
    const connection = new Connection(this.#module, this.#workers, stopped, tellSilence);
    this.#connection = connection;
    const started = connection.start();
    const backups = Array.from(this.#backups.values(), (backup) => backup.requests);
    const restored = backups.flat().map(async (request) => connection.request(copyOf(request)));
    // What could not be restored answers for itself when it is called.
    await Promise.allSettled([started, ...restored]);
    await started;
    if (failed) throw failed;
    starting = false;
  }

  /** Has the worker start its helpers. One that does not come back from that has to make room for another. */
  async #help() {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const connection = /** @type {Connection} */ (this.#connection);
      const comesBack = await connection.help().catch(() => undefined);
      // It has stopped by itself, and is started again already.
      if (comesBack === undefined) return this.#recovered;
      if (comesBack) return;
      connection.end(closed.engine());
      await this.#start();
    }
  }

  /** Goes on in the complete build, with all that there is. */
  #complete() {
    this.#completed ??= (async () => {
      const { module } = await compile(this.#variant, true);
      await this.#wait(this.ready().then(() => this.#moveTo(module)));
    })();
    // What could not be loaded is tried again.
    this.#completed.catch(() => (this.#completed = undefined));
    return this.#completed;
  }

  /** @param {WebAssembly.Module} module */
  async #moveTo(module) {
    const connection = /** @type {Connection} */ (this.#connection);
    const ask = (/** @type {import("./connection.js").Request} */ request) => connection.request(copyOf(request));
    // What the worker has been asked before is done.
    await ask({ operation: "free", handle: 0 });
    for (const backup of this.#backups.values()) if (backup.hasLearnt) await backup.save(ask);
    this.#module = module;
    this.#isComplete = true;
    this.#helped = false;
    connection.end(closed.engine());
    await this.#start();
  }

  /**
   * Asks the small build first, where that is what there is.
   *
   * @param {import("./connection.js").Request & { operation: "create" | "call" }} request
   */
  #ask = async (request) => {
    const isComplete = this.#isComplete;
    try {
      return await this.#request(request);
    } catch (error) {
      const { code } = /** @type {{ code: string }} */ (error);
      const describes = request.operation === "create" || rowOf(request.method).sets === "training";
      if (isComplete || !(code === INCOMPLETE || (describes && REFUSALS.includes(code)))) throw error;
      await this.#complete();
      return this.#request(request);
    }
  };

  /** @type {Performer["create"]} */
  create = async (prototype, method, check) => {
    const args = check();
    const handle = (this.#lastHandle += 1);
    const backup = new Backup({ operation: "create", handle, method, args });
    backup.seeded(/** @type {number | undefined} */ (await this.#ask({ operation: "create", handle, method, args })));
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
    if (row.share && !this.#helped && this.#workers > 1) {
      this.#helped = true;
      void this.#wait(this.ready().then(() => this.#help()));
    }
    if (row.sets && backup?.isDueBefore(row.sets)) void backup.save(this.#request);
    const succeeded = row.sets && backup?.keep(row.sets, { operation: "call", target, method, args });
    // What takes longer than that is copied meanwhile.
    const copying =
      row.letsPass && backup ? setInterval(() => void backup.save(this.#request), CHECKPOINT_MS) : undefined;
    const answer = await this.#ask({ operation: "call", target, method, args }).finally(() => clearInterval(copying));
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

  close = async () => {
    this.#closed = closed.engine();
    this.#connection?.end(this.#closed);
  };

  /** @param {import("./connection.js").Request} request @returns {Promise<unknown>} */
  #request = async (request) => {
    const message = copyOf(request);
    if (!this.#closed) await this.ready();
    if (this.#closed) throw this.#closed;
    return /** @type {Connection} */ (this.#connection).request(message);
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
    this.#helped = false;
    this.#recovered = this.#wait(this.#start());
    const error = engineError(
      "trap",
      `The engine stopped (${reason}). It was started again with the last saved weights.`,
    );
    // Whoever hears of it finds everything built again: calls are carried out in their order.
    this.restarts.dispatchEvent(new CustomEvent("restart", { detail: error }));
    return error;
  }
}
