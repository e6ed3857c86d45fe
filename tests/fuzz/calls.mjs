// Calls of the engine as text: every method with valid arguments, and values that are not what they seem in their place.

import { editedJson, junk } from "./random.mjs";

const layer = (class_name, config) => ({ class_name, config });
export const network = {
  class_name: "Sequential",
  config: {
    layers: [
      layer("InputLayer", { batch_shape: [null, 8, 8, 1] }),
      layer("Conv2D", { name: "conv2d", filters: 4, kernel_size: [3, 3], activation: "relu" }),
      layer("MaxPooling2D", { pool_size: [2, 2] }),
      layer("Flatten", {}),
      layer("Dense", { name: "dense", units: 3, activation: "softmax" }),
    ],
  },
};
const training = { optimizer: layer("Adam", { learning_rate: 0.01 }), loss: "sparse_categorical_crossentropy" };
const made = (kind, size) => ({ $: kind, size });
const x = made("floats", 64);
const data = made("data", 6);
const strokes = [[[0.2, 0.2], [0.8, 0.7]], [[0.1, 0.9]]]; // prettier-ignore
const place = { layer: "conv2d", unit: 1, row: 1, column: 2 };

/** Of what, which method, and its arguments. */
export const CALLS = [
  ["Model", "fromConfig", network, { seed: 1 }],
  ["Model", "fromSafetensors", made("file", 0)],
  ["Dataset", "", made("bytes", 384), made("labels", 6), { shape: [8, 8, 1] }],
  ["model", "compile", training],
  ["model", "trainStep", made("floats", 128), made("labels", 2)],
  ["model", "trainStep", data, [0, 1, 2]],
  ["model", "evaluate", data, [0, 3], { loss: "sparse_categorical_crossentropy", confusion: true }],
  ["model", "evaluate", made("floats", 128), made("floats", 6), { loss: "mse" }],
  ["model", "predict", x],
  ["model", "predict", data, made("indices", 3)],
  ["model", "fit", data, { batchSize: 2, seed: 3, steps: 2, until: 9, milliseconds: 5 }],
  ["model", "setLearningRate", 0.02],
  ["model", "featureMaps", x, "conv2d"],
  ["model", "observe", x],
  ["model", "observe", { strokes, shift: [1, -2], penWidth: 2, center: true }],
  ["model", "regions", place],
  ["model", "channelMaps", x, { layer: "conv2d", unit: 1 }],
  ["model", "explainUnit", x, place],
  ["model", "project", x, { ...place, rule: "guided" }],
  ["model", "effectiveReceptiveField", data, [0, 1], place],
  ["model", "occlude", x, { size: 3, stride: 2, value: 0.5 }],
  ["model", "classActivation", x, { unit: 1 }],
  ["model", "strongestPatches", data, [0, 1, 2], { before: made("floats", 0) }],
  ["model", "maximize", { ...place, steps: 2, seed: 1 }],
  ["model", "features", x, "dense"],
  ["model", "features", data, [1], "dense"],
  ["model", "weights", "dense/kernel"],
  ["model", "setWeights", "dense/bias", made("floats", 3), { at: 0 }],
  ["model", "setFlatWeights", made("floats", 151)],
  ["model", "toSafetensors", { optimizer: true }],
  ["model", "loadSafetensors", made("file", 0)],
  ["engine", "rasterize", strokes, { penWidth: 2, center: false }],
  ["engine", "rasterizeStages", strokes, {}],
  ["engine", "generateDigit", { label: 3, seed: 5 }],
  ["engine", "generateDigits", { count: 2, seed: 5, first: 7 }],
  ["engine", "augment", made("floats", 784), { shift: 1, rotation: 0.1, elastic: 0.5, elasticSigma: 4 }, { seed: 2 }],
  ["engine", "readIdxHeader", made("idx", 0)],
  ["engine", "split", made("labels", 9), { validation: 0.3, seed: 1 }],
  ["engine", "windows", { cells: 9, size: 3, stride: 2, padding: "same" }],
  ["engine", "describe", network],
  ["engine", "varied", network, { l1: 0.1, l2: 0.1, dropout: 0.2, batchNormalization: true }],
  ["engine", "saturation", "relu", x, { units: 4 }],
  ["engine", "mergeRankings", made("floats", 0), made("floats", 0)],
  [
    "engine",
    "surfacePath",
    {
      surface: { name: "regression", examples: 8, seed: 1 },
      optimizer: "sgd",
      start: [1, 2],
      steps: 5,
      batchSize: 2,
      seed: 1,
    },
  ],
  ["engine", "surfaceGrid", { surface: { name: "beale" }, from: [-1, -1], to: [1, 1], columns: 5, rows: 4 }],
  ["engine", "activationCurve", { class_name: "LeakyReLU", config: { negative_slope: 0.1 } }, x],
  ["engine", "principalComponents", x, { width: 8, count: 2 }],
  ["engine", "coordinates", x, { mean: made("floats", 8), directions: made("floats", 16) }],
  ["engine", "nearestRows", x, made("floats", 8), { count: 3 }],
];

const thrower = () => {
  throw new Error("a getter");
};
const revoked = (target) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
const numbers = (size) => Float32Array.from({ length: size }, (_, index) => ((index * 37) % 101) / 100);
const resizable = (Class, size) => {
  const view = new Class(new ArrayBuffer(64 * Class.BYTES_PER_ELEMENT, { maxByteLength: 4096 }), 0, size);
  view.set(numbers(size));
  return view;
};
const alternating = (one, other) => {
  let reads = 0;
  return { get: () => (reads++ % 2 ? other : one), enumerable: true };
};

/** What stands in a call as `{ $: kind, size }`; `kit` is what was made before. */
const KINDS = {
  floats: (_, size) => numbers(size),
  bytes: (_, size) => Uint8Array.from({ length: size }, (_, index) => index * 7),
  labels: (_, size) => Uint8Array.from({ length: size }, (_, index) => index % 3),
  indices: (_, size) => Uint32Array.from({ length: size }, (_, index) => index),
  doubles: (_, size) => new Float64Array(size),
  file: (kit, size) => kit.file.slice(0, kit.file.length - size),
  idx: () => Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3),
  data: (kit) => kit.data,
  model: (kit) => kit.model,
  outOfBounds(_, size) {
    const view = resizable(Float32Array, size % 64);
    view.buffer.resize(0);
    return view;
  },
  resizable: (_, size) => resizable(Float32Array, size % 65),
  resizableBytes: (_, size) => resizable(Uint8Array, size % 65),
  shared: (_, size) => new Float32Array(new SharedArrayBuffer(256), 0, size % 65),
  detached(_, size) {
    const view = new Float32Array(size % 65);
    structuredClone(view, { transfer: [view.buffer] });
    return view;
  },
  lengthOfItsOwn: (_, size) => Object.defineProperty(new Float32Array(64), "length", { value: size }),
  lookalike: (_, size) => ({ length: size, [Symbol.toStringTag]: "Float32Array" }),
  revoked: () => revoked({}),
  revokedList: () => revoked([]),
  throwing: () =>
    Object.defineProperties(
      {},
      {
        layer: { get: thrower, enumerable: true },
        unit: { get: thrower, enumerable: true },
        seed: { get: thrower, enumerable: true },
      },
    ),
  throwsAll: () => new Proxy({}, { get: thrower, has: thrower, ownKeys: thrower, getPrototypeOf: thrower }),
  alternating: (_, size) => Object.defineProperty({ layer: "conv2d" }, "unit", alternating(0, size)),
  holes: (_, size) => new Array(size),
  undefined: () => undefined,
  nan: () => NaN,
  infinity: () => Infinity,
  bigint: (_, size) => BigInt(Math.trunc(size)),
  symbol: () => Symbol("a symbol"),
  function: () => thrower,
  date: () => new Date(NaN),
  book: (_, size) => "x".repeat(1000 * (size % 1000)),
  deep: () => JSON.parse(`${"[".repeat(2000)}${"]".repeat(2000)}`),
};
const SIZES = [0, 1, 2, 3, 5, 6, 8, 63, 64, 65, 128, 784, 2 ** 16, 2 ** 32 - 1];
/** Kinds that would take as much memory as their size says. */
const BOUNDED = ["floats", "bytes", "labels", "indices", "doubles"];

/** @param {import("./random.mjs").Random} random @returns {string} */
export function call(random) {
  const hostile = (random) => {
    if (random.below(3) === 0) return junk(random);
    const kind = random.one(Object.keys(KINDS));
    return made(kind, random.one(SIZES));
  };
  const [of, method, ...args] = random.one(CALLS);
  return JSON.stringify([of, method, editedJson(random, args, hostile)]);
}

/** @param {any} spec @param {object} kit */
function decoded(spec, kit) {
  if (typeof spec !== "object" || spec === null) return spec;
  if (typeof spec.$ === "string" && Object.hasOwn(KINDS, spec.$)) {
    const size = Number.isInteger(spec.size) && spec.size >= 0 && spec.size < 2 ** 32 ? spec.size : 0;
    return KINDS[spec.$](kit, BOUNDED.includes(spec.$) ? Math.min(size, 784) : size);
  }
  if (Array.isArray(spec)) return spec.map((part) => decoded(part, kit));
  return Object.fromEntries(Object.entries(spec).map(([key, part]) => [key, decoded(part, kit)]));
}

/** Training that nothing stops is what `fit` promises. @param {any[]} specs its arguments */
function bounded(specs) {
  const [, options] = specs;
  const isRecord = typeof options === "object" && options !== null && !Array.isArray(options);
  if (!isRecord || options.$ === "undefined") specs[1] = { milliseconds: 1 };
  else if (!Object.hasOwn(options, "$")) options.milliseconds = Math.min(1, Number(options.milliseconds) || 1);
}

/** @param {string} text @param {object} kit with an engine, and a model and a data set of it */
export function perform(text, kit) {
  const [of, method, specs] = JSON.parse(text);
  if (method === "fit" && Array.isArray(specs)) bounded(specs);
  const args = Array.isArray(specs) ? decoded(specs, kit) : [decoded(specs, kit)];
  if (of === "Dataset") return new kit.engine.Dataset(...args).free();
  if (of === "Model") return kit.engine.Model[method](...args).free();
  return of === "model" ? kit.model[method](...args) : kit.engine[method](...args);
}
