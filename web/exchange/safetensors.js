// safetensors, by the README of huggingface/safetensors: read from PyTorch, and written for the engine and for PyTorch.

import { halfOf } from "./numbers.js";
import { MAX_ENTRIES, checkedShape, isObject, jsonOf, shown, sizeOf, textOf, unreadable } from "./model-file.js";

/** @typedef {import("./model-file.js").Weight} Weight */
/** @typedef {import("./model-file.js").Weights} Weights */

/** The longest header that the engine reads. */
const MAX_HEADER = 2 << 20;
const METADATA = "__metadata__";
/** Bytes of a number, by the format's names of types. @type {Record<string, number>} */
const WIDTHS = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  U64: 8,
  I32: 4,
  U32: 4,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

/** @param {Uint8Array} bytes */
export function isSafetensors(bytes) {
  return bytes.length > 9 && bytes[8] === 0x7b && bytes[7] === 0 && bytes[6] === 0 && bytes[5] === 0;
}

/**
 * @param {string} place the file's name
 * @param {Uint8Array} bytes
 * @returns {{ tensors: Weights, metadata: Record<string, unknown> }}
 */
export function readSafetensors(place, bytes) {
  if (bytes.length < 8) throw unreadable(place, `a safetensors file has at least 8 bytes, got ${bytes.length}.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (length > MAX_HEADER)
    throw unreadable(place, `a safetensors header has at most ${MAX_HEADER} bytes here, this one claims ${length}.`);
  if (8 + length > bytes.length) throw unreadable(place, "the safetensors file is cut short.");
  const header = jsonOf(place, textOf(place, bytes.subarray(8, 8 + length)), MAX_HEADER);
  if (!isObject(header)) throw unreadable(place, "its header is no object.");
  const { [METADATA]: metadata, ...entries } = header;
  const names = Object.keys(entries);
  if (names.length > MAX_ENTRIES) throw unreadable(place, `it has more than ${MAX_ENTRIES} tensors.`);
  const content = bytes.subarray(8 + length);
  /** @type {Weights} */
  const tensors = new Map();
  for (const name of names) tensors.set(name, tensorOf(`${place}: ${shown(name)}`, entries[name], content));
  return { tensors, metadata: isObject(metadata) ? metadata : {} };
}

/** @param {string} place @param {unknown} entry @param {Uint8Array} content @returns {Weight} */
function tensorOf(place, entry, content) {
  const {
    dtype,
    shape: sizes,
    data_offsets: offsets,
  } = isObject(entry) ? entry : /** @type {Record<string, unknown>} */ ({});
  const width = typeof dtype === "string" && Object.hasOwn(WIDTHS, dtype) ? WIDTHS[dtype] : undefined;
  if (!width) throw unreadable(place, `numbers of the type ${shown(dtype)} are not read; save them as float32.`);
  const shape = checkedShape(place, Array.isArray(sizes) ? sizes : ["no shape"]);
  const [start, end] = Array.isArray(offsets) ? offsets : [];
  const count = sizeOf(shape);
  if (!Number.isSafeInteger(start) || start < 0 || end > content.length || end - start !== count * width) {
    throw unreadable(
      place,
      `its data_offsets ${shown(offsets)} are not the ${count * width} bytes of its shape, or not in the file.`,
    );
  }
  return { shape, values: numbersOf(/** @type {string} */ (dtype), content.slice(start, end)) };
}

/** @param {string} dtype @param {Uint8Array<ArrayBuffer>} bytes a copy @returns {Float32Array<ArrayBuffer>} */
function numbersOf(dtype, { buffer }) {
  switch (dtype) {
    case "F32":
      return new Float32Array(buffer);
    case "F64":
      return Float32Array.from(new Float64Array(buffer));
    case "F16":
      return Float32Array.from(new Uint16Array(buffer), halfOf);
    case "BF16":
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
    case "I64":
    case "U64":
      return Float32Array.from(new BigInt64Array(buffer), Number);
    case "I32":
    case "U32":
      return Float32Array.from(new Int32Array(buffer));
    case "I16":
    case "U16":
      return Float32Array.from(new Int16Array(buffer));
    default:
      return Float32Array.from(dtype === "I8" ? new Int8Array(buffer) : new Uint8Array(buffer));
  }
}

/**
 * @param {Weights} tensors
 * @param {Record<string, string>} [metadata]
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function writeSafetensors(tensors, metadata) {
  /** @type {Record<string, unknown>} */
  const header = metadata ? { [METADATA]: metadata } : {};
  let length = 0;
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [length, length + 4 * values.length] };
    length += 4 * values.length;
  }
  let text = JSON.stringify(header);
  let head = new TextEncoder().encode(text);
  // Spaces behind the header let the numbers start at a multiple of eight bytes.
  text += " ".repeat((8 - (head.length % 8)) % 8);
  head = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + head.length + length);
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, 8);
  let at = 8 + head.length;
  for (const { values } of tensors.values()) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}

/**
 * A file that `Model.fromSafetensors` of the engine reads whole: the description and the weights.
 *
 * @param {{ config: import("./model-file.js").Json, weights: Weights }} model
 */
export function writeModel({ config, weights }) {
  return writeSafetensors(weights, { convscope: JSON.stringify({ model: config }) });
}
