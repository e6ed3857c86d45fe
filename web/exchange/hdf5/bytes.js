// The bytes of an HDF5 file and its numbers: every address is checked, and what is looked at is counted, since a group may
// contain itself.

import { MAX_ENTRIES, checkedShape, unreadable } from "../model-file.js";
import { halfOf } from "../numbers.js";

/** An address of nothing. */
export const UNDEFINED = Number.MAX_SAFE_INTEGER;
/** The most structures that are looked at in one file. */
const MAX_STEPS = 40 * MAX_ENTRIES;

export class Bytes {
  steps = 0;

  /** @param {string} place @param {Uint8Array} bytes */
  constructor(place, bytes) {
    this.place = place;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** @param {string} sentence */
  damaged(sentence) {
    return unreadable(this.place, `the HDF5 file is damaged: ${sentence}`);
  }

  /** @param {number} at @param {number} length */
  check(at, length) {
    this.steps += 1;
    if (this.steps > MAX_STEPS) throw this.damaged("it has more parts than a model needs, or a group contains itself.");
    if (!(at >= 0 && length >= 0 && at + length <= this.bytes.length)) {
      throw this.damaged(`something lies outside of its ${this.bytes.length} bytes.`);
    }
  }

  /** @param {number} at @param {number} length */
  slice(at, length) {
    this.check(at, length);
    return this.bytes.subarray(at, at + length);
  }

  /** @param {number} at */
  u8(at) {
    this.check(at, 1);
    return this.bytes[at];
  }

  /** @param {number} at */
  u16(at) {
    this.check(at, 2);
    return this.view.getUint16(at, true);
  }

  /** @param {number} at */
  u32(at) {
    this.check(at, 4);
    return this.view.getUint32(at, true);
  }

  /** An address or a length; all ones is an address of nothing. @param {number} at */
  u64(at) {
    const low = this.u32(at);
    const high = this.u32(at + 4);
    return Math.min(high * 2 ** 32 + low, UNDEFINED);
  }

  /** @param {number} at @param {string} signature */
  expect(at, signature) {
    const found = String.fromCharCode(...this.slice(at, signature.length));
    if (found !== signature) throw this.damaged(`expected ${signature} at byte ${at}.`);
  }

  /** Text up to its first zero. @param {number} at @param {number} longest */
  text(at, longest) {
    const bytes = this.slice(at, Math.min(longest, this.bytes.length - at));
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  }
}

/** @typedef {{ kind: "float" | "integer" | "string" | "texts" | "other", size: number, signed: boolean, bigEndian: boolean }} Type */

/** @param {Bytes} file @param {number} at @returns {Type} */
export function typeAt(file, at) {
  const kind = file.u8(at) & 15;
  const flags = file.u8(at + 1);
  const size = file.u32(at + 4);
  const common = { size, signed: (flags & 8) !== 0, bigEndian: (flags & 1) !== 0 };
  if (kind === 0) return { ...common, kind: "integer" };
  if (kind === 1) return { ...common, kind: "float" };
  if (kind === 3) return { ...common, kind: "string" };
  if (kind === 9 && (flags & 15) === 1) return { ...common, kind: "texts" };
  return { ...common, kind: "other" };
}

/** @param {Bytes} file @param {number} at @returns {number[]} */
export function shapeAt(file, at) {
  const version = file.u8(at);
  const axes = file.u8(at + 1);
  if (version !== 1 && version !== 2) throw file.damaged(`a shape of version ${version}.`);
  // A null dataspace holds nothing at all.
  if (version === 2 && file.u8(at + 3) === 2) return [0];
  const start = at + (version === 1 ? 8 : 4);
  return checkedShape(
    file.place,
    Array.from({ length: axes }, (_, axis) => file.u64(start + 8 * axis)),
  );
}

/** @param {Bytes} file @param {number} at @param {Type} type */
export function numberAt(file, at, { kind, size, signed, bigEndian }) {
  const { view } = file;
  file.check(at, size);
  const little = !bigEndian;
  if (kind === "float") {
    if (size === 4) return view.getFloat32(at, little);
    if (size === 8) return view.getFloat64(at, little);
    if (size === 2) return halfOf(view.getUint16(at, little));
  } else if (kind === "integer") {
    if (size === 1) return signed ? view.getInt8(at) : view.getUint8(at);
    if (size === 2) return signed ? view.getInt16(at, little) : view.getUint16(at, little);
    if (size === 4) return signed ? view.getInt32(at, little) : view.getUint32(at, little);
    if (size === 8) return Number(signed ? view.getBigInt64(at, little) : view.getBigUint64(at, little));
  }
  throw unreadable(file.place, `numbers of this type (${size} bytes each) are not read; save the weights as float32.`);
}
