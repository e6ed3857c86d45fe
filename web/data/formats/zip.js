// Archives: what is in them is listed and bounded before anything is unpacked.

import { Inflate } from "fflate";
import { counted } from "../../ui/counted.js";
import { MOST_BYTES, checkFile } from "./limits.js";

/** @typedef {import("./found.js").Dropped} Dropped */
/** @typedef {{ name: string, method: number, packed: number, size: number, at: number }} Entry */

const MOST_ENTRIES = 100_000;
/** No picture and no table is packed smaller than that; what claims to be would unpack for ever. */
const MOST_RATIO = 400;
/** Below so many bytes the ratio says nothing. */
const SMALL = 1_000_000;
const [END, CENTRAL, LOCAL] = [0x06054b50, 0x02014b50, 0x04034b50];
/** From the mark of the end to the end, without a comment; and the longest comment. */
const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;
/** Bytes that are unpacked at a time, so that what is larger than it says is noticed early. */
const PORTION = 1 << 16;
const STORED = 0;
const DEFLATED = 8;

/** @param {string} name @returns {never} */
function damaged(name) {
  throw new Error(`${name} is a damaged or incomplete zip archive. Download or pack it again.`);
}

/** @param {string} name @param {Uint8Array} bytes @returns {Entry[]} its files, without folders */
export function entriesOf(name, bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const last = bytes.length - END_BYTES;
  let end = last;
  while (end >= 0 && end >= last - LONGEST_COMMENT && view.getUint32(end, true) !== END) end--;
  if (end < 0 || end < last - LONGEST_COMMENT) damaged(name);
  const count = view.getUint16(end + 10, true);
  if (count === 0xffff || view.getUint32(end + 16, true) === 0xffffffff) {
    throw new Error(`${name} holds more than 65,534 files or 4 GB; pack a part of it.`);
  }
  if (count > MOST_ENTRIES) damaged(name);
  /** @type {Entry[]} */
  const entries = [];
  let at = view.getUint32(end + 16, true);
  let total = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > end || view.getUint32(at, true) !== CENTRAL) damaged(name);
    const flags = view.getUint16(at + 8, true);
    const nameLength = view.getUint16(at + 28, true);
    const path = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const entry = {
      name: path,
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    };
    if (!path.endsWith("/")) {
      checkEntry(name, entry, flags);
      entries.push(entry);
      total += entry.size;
      if (total > MOST_BYTES) {
        throw new Error(`${name} holds more than ${counted(MOST_BYTES)} bytes, unpacked; pack a part of it.`);
      }
    }
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

/** @param {string} archive @param {Entry} entry @param {number} flags */
function checkEntry(archive, { name, method, packed, size }, flags) {
  if (flags & 1) throw new Error(`${archive} is locked with a password; unpack it and drop what is inside.`);
  if (method !== STORED && method !== DEFLATED) {
    throw new Error(`${archive} is packed by a method that is not read (${method}); pack it as an ordinary zip.`);
  }
  if (size === 0xffffffff || (size > SMALL && size > MOST_RATIO * packed)) {
    throw new Error(
      `${name} in ${archive} would unpack from ${counted(packed)} to ${counted(size)} bytes, which no picture and no table does.`,
    );
  }
}

/** @param {string} archive @param {Uint8Array} bytes @param {Entry} entry @returns {Uint8Array} what is in it */
export function unpacked(archive, bytes, { name, method, packed, size, at }) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (at + 30 > bytes.length || view.getUint32(at, true) !== LOCAL) damaged(archive);
  const begin = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (begin + packed > bytes.length) damaged(archive);
  const content = bytes.subarray(begin, begin + packed);
  if (method === STORED) return packed === size ? content : damaged(archive);
  const whole = new Uint8Array(size);
  let filled = 0;
  const wrong = () =>
    new Error(`${name} in ${archive} is damaged, or not of the ${counted(size)} bytes that it promises.`);
  const inflate = new Inflate((chunk) => {
    if (filled + chunk.length > size) throw wrong();
    whole.set(chunk, filled);
    filled += chunk.length;
  });
  try {
    for (let from = 0; from < content.length; from += PORTION) {
      inflate.push(content.subarray(from, from + PORTION), from + PORTION >= content.length);
    }
  } catch {
    throw wrong();
  }
  if (filled !== size) throw wrong();
  return whole;
}

/**
 * What is in an archive, each file below the archive's name.
 *
 * @param {Dropped} file
 * @param {(name: string) => boolean} wanted
 * @param {(part: number) => void} tell
 * @returns {Promise<Dropped[]>}
 */
export async function filesIn({ name, content }, wanted, tell) {
  checkFile(name, content.size);
  const bytes = new Uint8Array(await content.arrayBuffer());
  const entries = entriesOf(name, bytes).filter((entry) => wanted(entry.name));
  return entries.map((entry, index) => {
    if (index % 100 === 0) tell(index / entries.length);
    return {
      name: `${name}/${entry.name}`,
      content: new Blob([/** @type {BlobPart} */ (unpacked(name, bytes, entry))]),
    };
  });
}
