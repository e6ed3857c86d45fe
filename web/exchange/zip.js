// Zip archives, by PKWARE's APPNOTE. fflate unpacks and packs; sizes are checked before, since an archive may claim any.

import { Inflate, zipSync } from "fflate";
import { MAX_BYTES, MAX_ENTRIES, shown, textOf, unreadable } from "./model-file.js";

/** @typedef {{ name: string, size: number, bytes: () => Uint8Array }} Entry */

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT = 65_535;
/** Deflate packs at most 1032 to 1; whatever claims more lies. */
const MAX_RATIO = 1100;
/** Packed bytes that are unpacked at a time. */
const PORTION = 1 << 16;

/** @param {Uint8Array} bytes */
export function isZip(bytes) {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/**
 * The files of an archive; each is unpacked when it is asked for.
 *
 * @param {string} place the archive's name
 * @param {Uint8Array} bytes
 * @returns {Entry[]}
 */
export function readZip(place, bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - END_BYTES;
  while (end >= 0 && view.getUint32(end, true) !== END)
    end -= end > bytes.length - END_BYTES - MAX_COMMENT ? 1 : Infinity;
  if (end < 0) throw unreadable(place, "the zip archive is cut short: its list of files is missing.");
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count > MAX_ENTRIES)
    throw unreadable(place, `an archive has at most ${MAX_ENTRIES} files here, this one claims ${count}.`);
  /** @type {Entry[]} */
  const entries = [];
  let total = 0;
  const names = new Set();
  for (let index = 0; index < count; index++) {
    if (at + CENTRAL_BYTES > bytes.length || view.getUint32(at, true) !== CENTRAL) {
      throw unreadable(place, `the zip archive is damaged: file ${index + 1} of ${count} is not in its list.`);
    }
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const packed = view.getUint32(at + 20, true);
    const size = view.getUint32(at + 24, true);
    const length = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    const name = textOf(place, bytes.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + length));
    at += CENTRAL_BYTES + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (name.endsWith("/")) continue;
    const inside = `${place}: ${shown(name)}`;
    if (names.has(name)) throw unreadable(inside, "the archive holds two files of this name.");
    names.add(name);
    if (flags & 1) throw unreadable(inside, "it is encrypted; save the archive without a password.");
    if (method !== 0 && method !== 8)
      throw unreadable(inside, `it is packed by method ${method}; only stored and deflated files are read.`);
    if (packed === 0xffffffff || size === 0xffffffff)
      throw unreadable(inside, "archives above 4 GiB (zip64) are not read.");
    total += size;
    if (total > MAX_BYTES) throw unreadable(place, "its files have more than 1 GiB together.");
    if (size > packed * MAX_RATIO)
      throw unreadable(inside, `${packed} packed bytes cannot hold the ${size} that it claims.`);
    entries.push({ name, size, bytes: () => unpacked(inside, view, { method, packed, size, local }) });
  }
  return entries;
}

/**
 * @param {string} place
 * @param {DataView} view
 * @param {{ method: number, packed: number, size: number, local: number }} entry
 */
function unpacked(place, view, { method, packed, size, local }) {
  if (local + LOCAL_BYTES > view.byteLength || view.getUint32(local, true) !== LOCAL) {
    throw unreadable(place, "the zip archive is damaged: the file is not where its list says.");
  }
  const start = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + packed > view.byteLength) throw unreadable(place, "the zip archive is cut short.");
  const bytes = new Uint8Array(view.buffer, view.byteOffset + start, packed);
  if (method === 0) {
    if (size !== packed) throw unreadable(place, `it has ${packed} bytes and claims ${size}.`);
    return bytes;
  }
  return inflated(place, bytes, size);
}

/**
 * @param {string} place
 * @param {Uint8Array} bytes deflated
 * @param {number} size how many they must become
 */
export function inflated(place, bytes, size) {
  const whole = new Uint8Array(size);
  const reached = { at: 0, end: false };
  const inflate = new Inflate((part, final) => {
    if (reached.at + part.length > size)
      throw unreadable(place, `it unpacks to more than the ${size} bytes that it claims.`);
    whole.set(part, reached.at);
    reached.at += part.length;
    reached.end = final;
  });
  try {
    for (let start = 0; start < bytes.length && !reached.end; start += PORTION) {
      inflate.push(bytes.subarray(start, start + PORTION), start + PORTION >= bytes.length);
    }
  } catch (error) {
    if (/** @type {Error} */ (error).name === "UnreadableError") throw error;
    throw unreadable(place, `its packed bytes are damaged (${shown(/** @type {Error} */ (error).message)}).`);
  }
  if (reached.at !== size) throw unreadable(place, `it unpacks to ${reached.at} bytes and claims ${size}.`);
  return whole;
}

/** The earliest time that an archive can tell, so that the same files give the same bytes. */
const NO_TIME = new Date(1980, 0, 1);

/** @param {Record<string, Uint8Array>} files @returns {Uint8Array} an archive that holds them unpacked, as Keras writes it */
export function writeZip(files) {
  return zipSync(files, { level: 0, mtime: NO_TIME });
}
