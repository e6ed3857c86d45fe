// One wasm instance, guarded: whatever is thrown from here is an EngineError, and after a trap nothing runs any more.

import createGlue from "convscope-wasm?instance";
import { engineError, isEngineError } from "./errors.js";
import { Log, schedule } from "./schedule.js";

/** @typedef {import("convscope-wasm").Model} GlueModel */
/** @typedef {GlueModel | import("convscope-wasm").Dataset} Binding */
/** @typedef {import("convscope-wasm").Batch} Batch */
/** @typedef {ReturnType<typeof instantiate>} Instance */
/** @typedef {import("../convscope.js").Summary} Summary */
/** @typedef {(...args: any[]) => any} Method */

/**
 * @param {WebAssembly.Module} module
 * @param {(reason: string) => Error} stopped what every call throws from a trap on
 */
export function instantiate(module, stopped) {
  const glue = createGlue();
  /** @type {Error | undefined} */
  let dead;
  /** @type {WeakMap<GlueModel, Summary>} */
  const summaries = new WeakMap();

  /**
   * @template T
   * @param {() => T} work
   * @returns {T}
   */
  function guarded(work) {
    if (dead) throw dead;
    try {
      return work();
    } catch (error) {
      if (isEngineError(error)) throw error;
      dead = stopped(reason(error));
      throw dead;
    }
  }

  try {
    glue.initSync({ module });
  } catch (error) {
    throw engineError("load", `The engine could not be started (${reason(error)}).`, error);
  }

  /** What creates an object, by the name of its constructor. @type {Record<string, Method>} */
  const constructors = {
    "Model.fromConfig": glue.Model.fromConfig,
    "Model.fromSafetensors": glue.Model.fromSafetensors,
    Dataset: (...args) => Reflect.construct(glue.Dataset, args),
  };

  /**
   * @param {unknown[]} args a data set and indices, or arrays of examples and of labels or rows
   * @returns {Batch}
   */
  function batchOf([examples, targets]) {
    if (examples instanceof glue.Dataset) return glue.Batch.of(examples, /** @type {Uint32Array} */ (targets));
    const x = /** @type {Float32Array} */ (examples);
    return targets instanceof Float32Array
      ? glue.Batch.oneHot(x, targets)
      : glue.Batch.labels(x, /** @type {Uint16Array} */ (targets));
  }

  /** @param {[image: Float32Array, augmentation: string, seed: number]} args */
  function varied([image, augmentation, seed]) {
    return new glue.Augmentation(augmentation, seed).apply(image);
  }

  /** @param {GlueModel} model @param {unknown[]} args a data set and a plan */
  function scheduleOf(model, [data, plan]) {
    const { augmentation, seed } = /** @type {import("./schedule.js").Plan} */ (plan);
    const varied = augmentation === undefined ? undefined : new glue.Augmentation(augmentation, seed);
    const set = /** @type {import("convscope-wasm").Dataset} */ (data);
    return schedule(set, model.steps, /** @type {import("./schedule.js").Plan} */ (plan), (indices, epoch) =>
      glue.Batch.of(set, indices, varied?.of(epoch)),
    );
  }

  /** @param {GlueModel} model @param {unknown[]} args */
  function fit(model, args) {
    const log = new Log();
    for (const batch of scheduleOf(model, args)) {
      model.beginStep(batch, 1);
      log.add(model.takeStep());
    }
    return log.history;
  }

  /**
   * The planes of all layers come as one array; every layer gets its part of it, without a copy.
   *
   * @param {GlueModel} model
   * @param {Float32Array} x
   */
  function observe(model, x) {
    const planes = model.observe(x);
    const summary = summaries.get(model) ?? /** @type {Summary} */ (model.summary());
    summaries.set(model, summary);
    let end = 0;
    const layers = summary.layers.map(({ name, outputShape }) => {
      const start = end;
      end += outputShape.reduce((product, side) => product * side, 1);
      return { name, shape: outputShape, planes: planes.subarray(start, end) };
    });
    return { layers };
  }

  return {
    /**
     * @param {string} constructor
     * @param {unknown[]} args
     * @returns {Binding}
     */
    create: (constructor, args) => guarded(() => constructors[constructor](...args)),

    /**
     * @param {Binding | undefined} target nothing for the engine's own functions
     * @param {string} method
     * @param {unknown[]} args
     */
    call: (target, method, args) =>
      guarded(() => {
        const owner = /** @type {any} */ (target ?? glue);
        switch (method) {
          case "evaluate":
            return metricsOf(owner.evaluate(batchOf(args)));
          case "predict":
            return args.length > 1 ? owner.predictOn(...args) : owner.predict(...args);
          case "features":
            return args.length > 2 ? owner.featuresOn(...args) : owner.features(...args);
          case "trainStep":
            owner.beginStep(batchOf(args), 1);
            return metricsOf(owner.takeStep());
          case "fit":
            return fit(owner, args);
          case "augment":
            return varied(/** @type {[Float32Array, string, number]} */ (args));
          case "observe":
            return observe(owner, /** @type {Float32Array} */ (args[0]));
          default:
            return owner[method](...args);
        }
      }),

    /** @param {unknown[]} args */
    batchOf: (args) => guarded(() => batchOf(args)),
    /** @param {GlueModel} model @param {unknown[]} args */
    scheduleOf: (model, args) => guarded(() => scheduleOf(model, args)),
    metricsOf,

    /** @param {Binding} target */
    free(target) {
      // A dead instance goes with all that it holds.
      if (!dead) guarded(() => target.free());
    },
  };
}

/** @param {Float32Array} values */
function metricsOf([loss, accuracy]) {
  return { loss, accuracy };
}

/** @param {unknown} error */
function reason(error) {
  const message = error instanceof Error ? error.message : String(error);
  // Running out of memory ends in a bare trap, every other fault of the engine's own in a message.
  return error instanceof WebAssembly.RuntimeError ? `${message}; perhaps for lack of memory` : message;
}
