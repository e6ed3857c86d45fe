// One wasm instance, guarded: whatever is thrown from here is an EngineError, and after a trap nothing runs any more.

import createGlue from "convscope-wasm?instance";
import { arraysIn } from "./arrays.js";
import { engineError, isEngineError } from "./errors.js";
import { rowOf } from "./methods.js";

/** @typedef {import("./methods.js").Glue} Glue */
/** @typedef {import("./methods.js").GlueModel} GlueModel */
/** @typedef {GlueModel | import("./methods.js").GlueDataset} Binding */

/** From so many bytes on, it is asked whether there is memory for the arguments. */
const MUCH = 2 ** 20;

export class Instance {
  #glue = createGlue();
  #stopped;
  /** @type {Error | undefined} */
  #dead;

  /**
   * @param {WebAssembly.Module} module
   * @param {(reason: string) => Error} stopped what every call throws from a trap on
   */
  constructor(module, stopped) {
    this.#stopped = stopped;
    try {
      this.#glue.initSync({ module });
    } catch (error) {
      throw engineError("load", `The engine could not be started (${reason(error)}).`, error);
    }
  }

  /**
   * @template T
   * @param {(glue: Glue) => T} work
   * @returns {T}
   */
  guarded = (work) => {
    if (this.#dead) throw this.#dead;
    try {
      return work(this.#glue);
    } catch (error) {
      if (isEngineError(error)) throw error;
      this.#dead = this.#stopped(reason(error));
      throw this.#dead;
    }
  };

  /**
   * Carries a method out.
   *
   * @param {import("./methods.js").Method} method
   * @param {Binding | undefined} target nothing for the engine's own functions
   * @param {import("./methods.js").Arguments} args with the binding of a data set in its place
   */
  call(method, target, args) {
    return this.guarded((glue) => {
      // The glue would trap where there is no memory for an array.
      const bytes = arraysIn(args).reduce((sum, { byteLength }) => sum + byteLength, 0);
      if (bytes > MUCH) glue.checkMemory(bytes);
      return rowOf(method).run(/** @type {never} */ (target ?? glue), /** @type {never} */ (args), glue);
    });
  }

  /** @param {Binding} binding */
  free(binding) {
    // A dead instance goes with all that it holds.
    if (!this.#dead) this.guarded(() => binding.free());
  }
}

/** @param {unknown} error */
function reason(error) {
  const message = error instanceof Error ? error.message : String(error);
  // Running out of memory ends in a bare trap, every other fault of the engine's own in a message.
  return error instanceof WebAssembly.RuntimeError ? `${message}; perhaps for lack of memory` : message;
}
