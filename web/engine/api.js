// The classes and functions of an engine, once for both: in this thread and in the worker they differ only in who
// carries a call out, and whether the answer is a value or a promise of one.

import * as check from "./checks.js";
import { engineError } from "./errors.js";

/** The largest count that the bindings take. */
const MOST = 0xffff_ffff;

/**
 * A call with its arguments checked: they can be posted as they are.
 *
 * @typedef {object} Call
 * @property {string} method
 * @property {unknown[]} args
 * @property {object} [data] the data set that goes before the other arguments
 */

/**
 * Carries calls out. The arguments are checked inside, so that a failed check is answered like any other failure.
 *
 * @typedef {object} Performer
 * @property {(prototype: object, call: () => Call) => any} create a new object
 * @property {(target: object | undefined, call: () => Call) => any} call `undefined` for the engine's own functions
 * @property {(target: object) => any} free
 * @property {() => any} close
 */

/**
 * @param {import("../convscope.js").Variant} variant
 * @param {Performer} performer
 */
export function surface(variant, { create, call, free, close }) {
  class Model {
    /** @param {unknown} config @param {unknown} [options] */
    static fromConfig(config, options) {
      return create(Model.prototype, () => ({
        method: "Model.fromConfig",
        args: [check.json(config, "config"), seedOf(options)],
      }));
    }

    /** @param {unknown} bytes */
    static fromSafetensors(bytes) {
      return create(Model.prototype, () => ({
        method: "Model.fromSafetensors",
        args: [check.bytes(bytes, "bytes")],
      }));
    }

    getConfig() {
      return call(this, () => ({ method: "getConfig", args: [] }));
    }

    summary() {
      return call(this, () => ({ method: "summary", args: [] }));
    }

    /** @param {unknown} options */
    compile(options) {
      return call(this, () => ({ method: "compile", args: [check.json(options, "options")] }));
    }

    /** @param {unknown} x @param {unknown} y */
    trainStep(x, y) {
      return call(this, () => onExamples("trainStep", x, y));
    }

    /** @param {unknown} x @param {unknown} y */
    evaluate(x, y) {
      return call(this, () => onExamples("evaluate", x, y));
    }

    /** @param {unknown} data @param {unknown} options */
    fit(data, options) {
      return call(this, () => ({ method: "fit", data: dataOf(data), args: [planOf(options)] }));
    }

    /** @param {unknown} rate */
    setLearningRate(rate) {
      return call(this, () => ({ method: "setLearningRate", args: [check.finite(rate, "rate")] }));
    }

    /** @param {unknown} x @param {unknown} [indices] */
    predict(x, indices) {
      return call(this, () =>
        x instanceof Dataset
          ? { method: "predict", data: x, args: [check.indices(indices, "indices")] }
          : { method: "predict", args: [check.floats(x, "x")] },
      );
    }

    /** @param {unknown} x @param {unknown} layer */
    featureMaps(x, layer) {
      return call(this, () => ({
        method: "featureMaps",
        args: [check.floats(x, "x"), check.text(layer, "layer")],
      }));
    }

    /** @param {unknown} x */
    observe(x) {
      return call(this, () => ({ method: "observe", args: [check.floats(x, "x")] }));
    }

    /** @param {unknown} x @param {unknown} place */
    explainUnit(x, place) {
      return call(this, () => ({ method: "explainUnit", args: [check.floats(x, "x"), ...placeOf(place)] }));
    }

    /** @param {unknown} x @param {unknown} options */
    project(x, options) {
      return call(this, () => {
        const { row, column, rule = "gradient" } = check.options(options, "options");
        const [layer, unit, ...place] = placeOf(options);
        const strongest = row === undefined && column === undefined;
        return {
          method: "project",
          args: [check.floats(x, "x"), layer, unit, check.text(rule, "rule"), ...(strongest ? [] : place)],
        };
      });
    }

    /** @param {unknown} data @param {unknown} indices @param {unknown} place */
    effectiveReceptiveField(data, indices, place) {
      return call(this, () => onData("effectiveReceptiveField", data, indices, placeOf(place)));
    }

    /** @param {unknown} x @param {unknown} options */
    occlude(x, options) {
      return call(this, () => {
        const { size, stride = 1, value = 0 } = check.options(options, "options");
        return {
          method: "occlude",
          args: [
            check.floats(x, "x"),
            check.count(size, "size"),
            check.count(stride, "stride"),
            check.finite(value, "value"),
          ],
        };
      });
    }

    /** @param {unknown} x @param {unknown} options */
    classActivation(x, options) {
      return call(this, () => ({
        method: "classActivation",
        args: [check.floats(x, "x"), check.integer(check.options(options, "options").unit, "unit", MOST)],
      }));
    }

    /** @param {unknown} data @param {unknown} indices @param {unknown} [options] */
    strongestPatches(data, indices, options) {
      return call(this, () => {
        const { before = none } = check.options(options, "options");
        return onData("strongestPatches", data, indices, [check.floats(before, "before")]);
      });
    }

    /** @param {unknown} options */
    maximize(options) {
      return call(this, () => {
        const { steps = 64 } = check.options(options, "options");
        return {
          method: "maximize",
          args: [...placeOf(options), check.integer(steps, "steps", MOST), seedOf(options)],
        };
      });
    }

    /** @param {unknown} x @param {unknown} indices @param {unknown} [layer] */
    features(x, indices, layer) {
      return call(this, () =>
        x instanceof Dataset
          ? { method: "features", data: x, args: [check.indices(indices, "indices"), check.text(layer, "layer")] }
          : { method: "features", args: [check.floats(x, "x"), check.text(indices, "layer")] },
      );
    }

    /** @param {unknown} name */
    weights(name) {
      return call(this, () => ({ method: "weights", args: [check.text(name, "name")] }));
    }

    /** @param {unknown} name @param {unknown} values */
    setWeights(name, values) {
      return call(this, () => ({
        method: "setWeights",
        args: [check.text(name, "name"), check.floats(values, "values")],
      }));
    }

    /** @param {unknown} [options] */
    toSafetensors(options) {
      return call(this, () => {
        const { optimizer = false } = check.options(options, "options");
        return { method: "toSafetensors", args: [check.flag(optimizer, "optimizer")] };
      });
    }

    /** @param {unknown} bytes */
    loadSafetensors(bytes) {
      return call(this, () => ({ method: "loadSafetensors", args: [check.bytes(bytes, "bytes")] }));
    }

    reset() {
      return call(this, () => ({ method: "reset", args: [] }));
    }

    free() {
      return free(this);
    }
  }

  class Dataset {
    /** @param {unknown} pixels @param {unknown} labels @param {unknown} options */
    constructor(pixels, labels, options) {
      return create(Dataset.prototype, () => ({
        method: "Dataset",
        args: [
          check.bytes(pixels, "pixels"),
          check.labels(labels, "labels"),
          ...check.imageShape(check.options(options, "options").shape, "shape"),
        ],
      }));
    }

    free() {
      return free(this);
    }
  }

  /**
   * @param {string} method
   * @param {unknown} x
   * @param {unknown} y
   * @returns {Call}
   */
  function onExamples(method, x, y) {
    if (x instanceof Dataset) return { method, data: x, args: [check.indices(y, "indices")] };
    return { method, args: [check.floats(x, "x"), check.targets(y, "y")] };
  }

  /** @param {unknown} data */
  function dataOf(data) {
    if (!(data instanceof Dataset)) throw engineError("type", "data: needs a data set of this engine");
    return data;
  }

  /**
   * @param {string} method
   * @param {unknown} data
   * @param {unknown} indices
   * @param {unknown[]} others
   * @returns {Call}
   */
  function onData(method, data, indices, others) {
    return { method, data: dataOf(data), args: [check.indices(indices, "indices"), ...others] };
  }

  return Object.freeze({
    variant,
    Model,
    Dataset,

    /** @param {unknown} strokes @param {unknown} [options] */
    rasterize: (strokes, options) => call(undefined, () => drawing("rasterize", strokes, options)),

    /** @param {unknown} strokes @param {unknown} [options] */
    rasterizeStages: (strokes, options) => call(undefined, () => drawing("rasterizeStages", strokes, options)),

    /** @param {unknown} options */
    generateDigit: (options) =>
      call(undefined, () => ({
        method: "generateDigit",
        args: [check.integer(check.options(options, "options").label, "label", 255), seedOf(options)],
      })),

    /** @param {unknown} options */
    generateDigits: (options) =>
      call(undefined, () => {
        const { count, first = 0 } = check.options(options, "options");
        return {
          method: "generateDigits",
          args: [seedOf(options), check.integer(first, "first"), check.integer(count, "count", MOST)],
        };
      }),

    /** @param {unknown} image @param {unknown} augmentation @param {unknown} [options] */
    augment: (image, augmentation, options) =>
      call(undefined, () => ({
        method: "augment",
        args: [check.floats(image, "image"), check.json(augmentation, "augmentation"), seedOf(options)],
      })),

    /** @param {unknown} images @param {unknown} labels */
    readIdx: (images, labels) =>
      call(undefined, () => ({
        method: "readIdx",
        args: [check.bytes(images, "images"), check.bytes(labels, "labels")],
      })),

    /** @param {unknown} options */
    surfacePath: (options) =>
      call(undefined, () => {
        const { surface, optimizer, start, steps, batchSize = MOST } = check.options(options, "options");
        const description = check.json({ surface, optimizer }, "options");
        const counts = [check.integer(steps, "steps", MOST), check.integer(batchSize, "batchSize", MOST)];
        return {
          method: "surfacePath",
          args: [description, ...check.pair(start, "start"), ...counts, seedOf(options)],
        };
      }),

    /** @param {unknown} options */
    surfaceGrid: (options) =>
      call(undefined, () => {
        const { surface, from, to, columns, rows } = check.options(options, "options");
        const bounds = Float32Array.of(...check.pair(from, "from"), ...check.pair(to, "to"));
        const counts = [check.integer(columns, "columns", MOST), check.integer(rows, "rows", MOST)];
        return { method: "surfaceGrid", args: [check.json(surface, "surface"), bounds, ...counts] };
      }),

    /** @param {unknown} activation @param {unknown} x */
    activationCurve: (activation, x) =>
      call(undefined, () => ({
        method: "activationCurve",
        args: [check.json({ activation }, "activation"), check.floats(x, "x")],
      })),

    /** @param {unknown} rows @param {unknown} options */
    principalComponents: (rows, options) =>
      call(undefined, () => {
        const { width, count = 2, before = none } = check.options(options, "options");
        return {
          method: "principalComponents",
          args: [
            check.floats(rows, "rows"),
            check.floats(before, "before"),
            check.count(width, "width"),
            check.count(count, "count"),
          ],
        };
      }),

    /** @param {unknown} rows @param {unknown} options */
    coordinates: (rows, options) =>
      call(undefined, () => {
        const { mean, directions } = check.options(options, "options");
        return {
          method: "coordinates",
          args: [check.floats(rows, "rows"), check.floats(mean, "mean"), check.floats(directions, "directions")],
        };
      }),

    /** @param {unknown} rows @param {unknown} row @param {unknown} [options] */
    nearestRows: (rows, row, options) =>
      call(undefined, () => {
        const { count = 9 } = check.options(options, "options");
        return {
          method: "nearestRows",
          args: [check.floats(rows, "rows"), check.floats(row, "row"), check.count(count, "count")],
        };
      }),

    close,
  });
}

/**
 * @param {unknown} options
 * @returns {import("./schedule.js").Plan}
 */
function planOf(options) {
  const { batchSize = 32, steps, until, milliseconds, augmentation } = check.options(options, "options");
  if (until === undefined) check.count(steps, "steps");
  return {
    batchSize: check.count(batchSize, "batchSize"),
    seed: seedOf(options),
    steps: steps === undefined ? undefined : check.count(steps, "steps"),
    until: until === undefined ? undefined : check.integer(until, "until"),
    milliseconds: milliseconds === undefined ? undefined : check.finite(milliseconds, "milliseconds"),
    augmentation: augmentation === undefined ? undefined : check.json(augmentation, "augmentation"),
  };
}

/** Stands for an array that was left out. */
const none = new Float32Array(0);

/**
 * @param {unknown} place
 * @returns {[layer: string, unit: number, row: number, column: number]}
 */
function placeOf(place) {
  const { layer, unit, row = 0, column = 0 } = check.options(place, "place");
  return [
    check.text(layer, "layer"),
    check.integer(unit, "unit", MOST),
    check.integer(row, "row", MOST),
    check.integer(column, "column", MOST),
  ];
}

/** @param {unknown} options */
function seedOf(options) {
  const { seed = 0 } = check.options(options, "options");
  return check.integer(seed, "seed");
}

/**
 * @param {string} method
 * @param {unknown} strokes
 * @param {unknown} options
 * @returns {Call}
 */
function drawing(method, strokes, options) {
  const { penWidth, center } = check.options(options, "options");
  return {
    method,
    args: [
      ...check.strokes(strokes, "strokes"),
      penWidth === undefined ? undefined : check.finite(penWidth, "penWidth"),
      center === undefined ? undefined : check.flag(center, "center"),
    ],
  };
}

/** What a call on something that is no longer there is answered with. */
export const closed = {
  engine: () => engineError("closed", "The engine was closed. Load a new one."),
  object: () => engineError("closed", "This model or data set is not there any more, or belongs to another engine."),
};
