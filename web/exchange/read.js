// Any mixture of files as one model: what each is, which belongs to which, and who reads it.

import { layersOf } from "./graph.js";
import { isKerasFile, readKeras } from "./keras-file.js";
import { readKerasJson } from "./keras-json.js";
import { archiveNotRead, kindOf, notRead } from "./kinds.js";
import { readH5 } from "./legacy-h5.js";
import { MAX_BYTES, MAX_ENTRIES, UnreadableError, isObject, jsonOf, shown, textOf, unreadable } from "./model-file.js";
import { readOnnx } from "./onnx/read.js";
import { readKerasCode } from "./python/keras-code.js";
import { readStateDict } from "./pytorch/read.js";
import { readSafetensors } from "./safetensors.js";
import { isTfjs, readTfjs } from "./tfjs.js";
import { byName } from "./weights.js";
import { readZip } from "./zip.js";

/** @typedef {import("./model-file.js").ModelFile} ModelFile */
/** @typedef {import("./model-file.js").Json} Json */
/** @typedef {{ name: string, bytes: Uint8Array }} Given */
/** @typedef {{ config?: Json }} Options `config` is the architecture for a file that has only weights: the one in the editor */

/** The files of an archive, without what computers put there for themselves. @param {import("./zip.js").Entry[]} entries */
const ownFiles = (entries) => entries.filter(({ name }) => !/(?:^|\/)(?:__MACOSX\/|\._|\.DS_Store$)/.test(name));

/** The last part of a path: what is dropped has no folders, and no path leads anywhere. @param {string} path */
const baseName = (path) => path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);

/**
 * @param {Given[]} files
 * @param {Options} [options]
 * @returns {ModelFile}
 * @throws {UnreadableError} naming what cannot be read, where, and what to use instead
 */
export function readModel(files, options = {}) {
  if (!files.length) throw unreadable("", "expected a file of a model, got none.");
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (total > MAX_BYTES || files.length > MAX_ENTRIES)
    throw unreadable("", `files have at most 1 GiB together here, and are at most ${MAX_ENTRIES}.`);
  /** @type {Given[]} */
  const plain = [];
  for (const file of files) {
    if (kindOf(file.name, file.bytes) !== "zip") plain.push(file);
    else {
      const entries = ownFiles(readZip(shown(file.name), file.bytes));
      if (isKerasFile(entries)) return beside(files, file, readKeras(shown(file.name), entries));
      const refused = archiveNotRead(entries);
      if (refused) throw unreadable(shown(file.name), refused);
      plain.push(...unpacked(file, entries));
    }
  }
  return ofFiles(plain, options);
}

/** @param {Given} archive @param {import("./zip.js").Entry[]} entries @returns {Given[]} */
function unpacked(archive, entries) {
  const files = entries.map(({ name, bytes }) => ({ name, bytes: bytes() }));
  const inside = files.find(({ name, bytes }) => kindOf(name, bytes) === "zip");
  if (inside) throw unreadable(shown(archive.name), `it holds an archive, ${shown(inside.name)}; drop that by itself.`);
  return files;
}

/** @param {Given[]} files @param {Given} main @param {ModelFile} model */
function beside(files, main, model) {
  const others = files.filter((file) => file !== main).map(({ name }) => shown(baseName(name)));
  if (others.length) model.passedOver.push(`Other files beside it were not needed: ${others.slice(0, 5).join(", ")}.`);
  return model;
}

/** @param {Given[]} files @param {Options} options @returns {ModelFile} */
function ofFiles(files, options) {
  const kinds = files.map((file) => ({ ...file, kind: kindOf(file.name, file.bytes) }));
  const jsons = kinds
    .filter(({ kind }) => kind === "json")
    .map(({ name, bytes }) => ({ name, json: jsonOf(shown(name), textOf(shown(name), bytes)) }));
  const tfjs = jsons.find(({ json }) => isTfjs(json));
  if (tfjs)
    return readTfjs(
      shown(tfjs.name),
      tfjs.json,
      (path) => files.find(({ name }) => baseName(name) === baseName(path))?.bytes,
    );
  const described = () => architecture(kinds, jsons) ?? options.config;
  const main = ["onnx", "hdf5", "safetensors"].flatMap((kind) => kinds.filter((file) => file.kind === kind))[0];
  if (main)
    return beside(
      files.filter(({ name }) => !jsons.some((json) => json.name === name)),
      files.find(({ name }) => name === main.name) ?? main,
      ofWeights(main, described),
    );
  const refused = kinds.find(({ kind, name, bytes }) => !kind && notRead(name, bytes));
  if (refused) throw unreadable(shown(refused.name), /** @type {string} */ (notRead(refused.name, refused.bytes)));
  const json = jsons[0];
  if (json) return readKerasJson(shown(json.name), json.json);
  const code = kinds.find(({ kind }) => kind === "python");
  if (code) return ofCode(code);
  const names = files.slice(0, 5).map(({ name }) => shown(name)).join(", "); // prettier-ignore
  throw unreadable(
    names,
    "it is no model that is read here: .keras, .h5, Keras’ JSON or code, TensorFlow.js’ model.json with its files, safetensors or ONNX.",
  );
}

/** @param {Given} file @returns {ModelFile} */
function ofCode({ name, bytes }) {
  const { config, training, passedOver } = readKerasCode(textOf(shown(name), bytes));
  return { format: "Keras code", config, training, passedOver };
}

/** A model's description among the files. @param {(Given & { kind: string | undefined })[]} kinds @param {{ name: string, json: unknown }[]} jsons @returns {Json | undefined} */
function architecture(kinds, jsons) {
  const json = jsons[0];
  if (json) return readKerasJson(shown(json.name), json.json).config;
  const code = kinds.find(({ kind }) => kind === "python");
  return code && ofCode(code).config;
}

/** @param {Given & { kind: string | undefined }} main @param {() => Json | undefined} described @returns {ModelFile} */
function ofWeights({ name, bytes, kind }, described) {
  const place = shown(name);
  if (kind === "onnx") return readOnnx(place, bytes);
  if (kind === "hdf5") {
    try {
      return readH5(place, bytes);
    } catch (error) {
      const config = error instanceof UnreadableError ? described() : undefined;
      if (!config) throw error;
      return readH5(place, bytes, config);
    }
  }
  return ofSafetensors(place, bytes, described);
}

/** @param {string} place @param {Uint8Array} bytes @param {() => Json | undefined} described @returns {ModelFile} */
function ofSafetensors(place, bytes, described) {
  const { tensors, metadata } = readSafetensors(place, bytes);
  if (typeof metadata.convscope === "string") {
    const inside = jsonOf(place, metadata.convscope);
    const config = isObject(inside) && isObject(inside.model) ? inside.model : undefined;
    if (!config) throw unreadable(place, "its metadata describes no model.");
    const own = Array.from(tensors).filter(([name]) => !name.startsWith("optimizer/"));
    const passedOver =
      own.length < tensors.size ? ["What the optimiser remembers is not taken over: training starts it anew."] : [];
    return { format: "a model saved here", config, weights: new Map(own), passedOver };
  }
  const config = described();
  if (!config) {
    throw unreadable(
      place,
      "it has weights and no layers; drop the model’s JSON or Keras code together with it, or open its architecture in the editor first.",
    );
  }
  const layers = layersOf(config);
  const inKeras = tensors.size > 0 && Array.from(tensors.keys()).every((name) => layers.some((layer) => name.startsWith(`${layer.name}/`))); // prettier-ignore
  if (!inKeras) return readStateDict(place, tensors, config);
  /** @type {string[]} */
  const passedOver = [];
  return { format: "weights of Keras", config, weights: byName(layers, tensors, passedOver), passedOver };
}
