// `.keras`: a zip of config.json, metadata.json and model.weights.h5, as `keras.src.saving.saving_lib` of Keras 3 lays it out.

import { numbering, snakeCase, weightNames } from "./classes.js";
import { layersOf } from "./graph.js";
import { Hdf5File } from "./hdf5/read.js";
import { writeHdf5 } from "./hdf5/write.js";
import { readKerasJson } from "./keras-json.js";
import { MAX_DESCRIPTION, UnreadableError, isObject, jsonOf, shown, textOf, unreadable } from "./model-file.js";
import { inOrder } from "./weights.js";
import { writeZip } from "./zip.js";

/** @typedef {import("./model-file.js").Json} Json */
/** @typedef {import("./model-file.js").Weights} Weights */
/** @typedef {{ path: string, name: string, className: string, config: Json }} Stored a layer and its group */

const CONFIG = "config.json";
const WEIGHTS = "model.weights.h5";

/** Whether an archive is such a file. @param {import("./zip.js").Entry[]} entries */
export function isKerasFile(entries) {
  return (
    entries.some(({ name }) => name === CONFIG) &&
    entries.some(({ name }) => name === "metadata.json" || name === WEIGHTS)
  );
}

/**
 * @param {string} place the file's name
 * @param {import("./zip.js").Entry[]} entries of the archive
 * @returns {import("./model-file.js").ModelFile}
 */
export function readKeras(place, entries) {
  const entry = (/** @type {string} */ name) => entries.find((entry) => entry.name === name);
  const described = entry(CONFIG);
  if (!described) throw unreadable(place, `the archive lacks ${CONFIG}.`);
  if (described.size > MAX_DESCRIPTION) {
    throw unreadable(place, `a model’s description has at most ${MAX_DESCRIPTION} bytes, got ${described.size}.`);
  }
  const config = described.bytes();
  const read = readKerasJson(place, jsonOf(`${place}: ${CONFIG}`, textOf(`${place}: ${CONFIG}`, config)));
  const passedOver = [...read.passedOver];
  for (const { name } of entries) {
    if (name.startsWith("assets"))
      passedOver.push(`${shown(name)} is a file of a layer of its own, which no layer here needs.`);
  }
  const weights = entry(WEIGHTS)?.bytes();
  if (!weights) return { ...read, format: "a Keras file without weights", passedOver };
  return {
    ...read,
    format: "a Keras file",
    weights: readStoredWeights(`${place}: ${WEIGHTS}`, weights, read.config, passedOver),
    passedOver,
  };
}

/** Layers with the groups of their weights. @param {Json} model @param {string} [inside] @returns {Stored[]} */
export function storedLayers(model, inside = "") {
  const unique = numbering();
  const entries = Array.isArray(model.config) ? model.config : model.config?.layers;
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry) => {
    if (!isObject(entry) || typeof entry.class_name !== "string") return [];
    const { class_name: className, config } = entry;
    // A Sequential model does not count its input among its layers.
    if (className === "InputLayer" && model.class_name === "Sequential") return [];
    const path = `${inside}layers/${unique(snakeCase(className))}`;
    if (["Sequential", "Functional", "Model"].includes(className)) return storedLayers(entry, `${path}/`);
    return [{ path, name: config?.name, className, config: isObject(config) ? config : {} }];
  });
}

/**
 * @param {string} place
 * @param {Uint8Array} bytes of model.weights.h5, or of a file that `model.save_weights` wrote
 * @param {Json} config
 * @param {string[]} passedOver
 * @returns {Weights}
 */
export function readStoredWeights(place, bytes, config, passedOver) {
  const file = new Hdf5File(place, bytes);
  const names = layersOf(config).map(({ name }) => name);
  /** @type {import("./model-file.js").Problem[]} */
  const problems = [];
  /** @type {Weights} */
  const weights = new Map();
  for (const [index, stored] of storedLayers(config)
    .filter(({ className }) => className !== "InputLayer")
    .entries()) {
    const layer = { ...stored, name: stored.name ?? names[index] };
    const inside = `${stored.path}/vars`;
    try {
      const sets = file
        .names(inside)
        .filter((name) => /^\d+$/.test(name))
        .sort((a, b) => Number(a) - Number(b));
      const found = sets.map((name) =>
        /** @type {NonNullable<ReturnType<typeof file.at>>} */ (file.at(`${inside}/${name}`)).read(),
      );
      for (const [name, weight] of inOrder(layer, found)) weights.set(name, weight);
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      problems.push(...error.problems);
    }
  }
  problems.push(...unknownLayers(place, file, config));
  if (problems.length) throw new UnreadableError(problems);
  // Two of them, the number of steps and the rate, are there before anything is trained.
  if (file.names("optimizer/vars").length > 2)
    passedOver.push("What the optimiser remembers is not taken over: training starts it anew.");
  return weights;
}

/** Weights of layers that the model has not: they belong to another. @param {string} place @param {Hdf5File} file @param {Json} config */
function unknownLayers(place, file, config) {
  const known = new Set(storedLayers(config).map(({ path }) => path.split("/")[1]));
  const others = file
    .names("layers")
    .filter((name) => !known.has(name) && file.names(`layers/${name}/vars`).length > 0);
  if (!others.length) return [];
  const names = others.slice(0, 5).map(shown).join(", ");
  return [
    { place, sentence: `it has weights for layers that the model has not (${names}); it belongs to another model.` },
  ];
}

/**
 * @param {{ config: Json, weights: Weights, training?: import("./model-file.js").Training }} model
 * @returns {Uint8Array}
 */
export function writeKeras({ config, weights, training }) {
  const text = (/** @type {unknown} */ value) => new TextEncoder().encode(JSON.stringify(value));
  const compiled = training
    ? {
        compile_config: {
          ...training,
          loss_weights: null,
          metrics: ["accuracy"],
          weighted_metrics: null,
          run_eagerly: false,
          steps_per_execution: 1,
          jit_compile: false,
        },
      }
    : {};
  return writeZip({
    "metadata.json": text({ keras_version: "3.15.1", date_saved: "1980-01-01@00:00:00" }),
    [CONFIG]: text({ ...config, ...compiled }),
    [WEIGHTS]: writeKerasWeights({ config, weights }),
  });
}

/** @param {{ config: Json, weights: Weights }} model @returns {Uint8Array} what `model.load_weights` of Keras reads */
export function writeKerasWeights({ config, weights }) {
  return writeHdf5(storedTree(config, weights));
}

/** @param {Json} config @param {Weights} weights @returns {Map<string, import("./model-file.js").Weight>} data sets by path */
function storedTree(config, weights) {
  const tree = new Map();
  for (const { path, name, className, config: own } of storedLayers(config)) {
    weightNames(className, own).forEach((weight, index) => {
      const value = weights.get(`${name}/${weight}`);
      if (!value) throw unreadable(`layer ${shown(name)}`, `its ${weight} is missing.`);
      tree.set(`${path}/vars/${index}`, value);
    });
  }
  return tree;
}
