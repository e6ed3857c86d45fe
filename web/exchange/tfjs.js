// TensorFlow.js' layers format: model.json with the description and the list of weights, whose numbers lie in files beside it
// (tfjs-core, `io/types.ts` and `io/io_utils.ts`).

import { layersOf } from "./graph.js";
import { readKerasJson } from "./keras-json.js";
import { MAX_ENTRIES, checkedShape, isObject, shown, sizeOf, unreadable } from "./model-file.js";
import { halfOf } from "./numbers.js";
import { byName } from "./weights.js";

/** @typedef {import("./model-file.js").Json} Json */
/** @typedef {import("./model-file.js").Weight} Weight */

/** @type {Record<string, number>} */
const WIDTHS = { float32: 4, float16: 2, int32: 4, uint8: 1, uint16: 2, bool: 1 };

/** @param {unknown} json */
export function isTfjs(json) {
  return isObject(json) && (json.modelTopology !== undefined || Array.isArray(json.weightsManifest));
}

/**
 * @param {string} place the file's name
 * @param {Json} json
 * @param {(path: string) => Uint8Array | undefined} fileOf what was dropped together with it, by name
 * @returns {import("./model-file.js").ModelFile}
 */
export function readTfjs(place, json, fileOf) {
  if (json.format === "graph-model" || json.modelTopology?.node) {
    throw unreadable(
      place,
      "it is a TensorFlow.js graph model, which has operations and no layers; convert the Keras model with tensorflowjs_converter --output_format tfjs_layers_model, or bring the .keras file.",
    );
  }
  const read = readKerasJson(place, json);
  const format = "a TensorFlow.js layers model";
  if (!Array.isArray(json.weightsManifest) || !json.weightsManifest.length)
    return { ...read, format: `${format} without weights` };
  /** @type {Map<string, Weight>} */
  const named = new Map();
  for (const group of json.weightsManifest) {
    if (!isObject(group) || !Array.isArray(group.paths) || !Array.isArray(group.weights)) {
      throw unreadable(place, `weightsManifest: expected paths and weights, got ${shown(group)}.`);
    }
    readGroup(place, group.weights, group.paths.map(String), fileOf, named);
  }
  return { ...read, format, weights: byName(layersOf(read.config), named, read.passedOver) };
}

/**
 * @param {string} place @param {unknown[]} weights @param {string[]} paths @param {(path: string) => Uint8Array | undefined} fileOf
 * @param {Map<string, Weight>} named
 */
function readGroup(place, weights, paths, fileOf, named) {
  if (weights.length + named.size > MAX_ENTRIES || paths.length > MAX_ENTRIES)
    throw unreadable(place, `it lists more than ${MAX_ENTRIES} weights or files.`);
  const missing = paths.filter((path) => !fileOf(path));
  if (missing.length)
    throw unreadable(
      place,
      `drop its files of weights together with it; missing: ${missing.slice(0, 3).map(shown).join(", ")}.`,
    );
  const parts = paths.map((path) => /** @type {Uint8Array} */ (fileOf(path)));
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  let at = 0;
  for (const weight of weights) {
    if (!isObject(weight)) throw unreadable(place, `weightsManifest: expected a weight, got ${shown(weight)}.`);
    const inside = `${place}: ${shown(weight.name)}`;
    const shape = checkedShape(inside, Array.isArray(weight.shape) ? weight.shape : ["no shape"]);
    const dtype = String(weight.quantization?.dtype ?? weight.dtype);
    const width = Object.hasOwn(WIDTHS, dtype) ? WIDTHS[dtype] : undefined;
    if (!width) throw unreadable(inside, `numbers of the type ${shown(dtype)} are not read; save them as float32.`);
    const length = sizeOf(shape) * width;
    if (at + length > bytes.length) {
      throw unreadable(
        inside,
        `it needs ${length} bytes from place ${at} on, and the files ${paths.slice(0, 3).map(shown).join(", ")} have ${bytes.length}.`,
      );
    }
    named.set(String(weight.name), {
      shape,
      values: numbersOf(dtype, bytes.slice(at, at + length), weight.quantization),
    });
    at += length;
  }
  if (at !== bytes.length)
    throw unreadable(
      place,
      `its weights take ${at} bytes, the files have ${bytes.length}: they belong to another model.json.`,
    );
}

/** @param {string} dtype @param {Uint8Array<ArrayBuffer>} bytes a copy @param {Json | undefined} quantization */
function numbersOf(dtype, bytes, quantization) {
  const { buffer } = bytes;
  if (dtype === "float32") return new Float32Array(buffer);
  if (dtype === "float16") return Float32Array.from(new Uint16Array(buffer), halfOf);
  if (dtype === "int32") return Float32Array.from(new Int32Array(buffer));
  const { scale = 1, min = 0 } = quantization ?? {};
  return Float32Array.from(
    dtype === "uint16" ? new Uint16Array(buffer) : bytes,
    (step) => step * Number(scale) + Number(min),
  );
}
