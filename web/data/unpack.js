// IDX files, the format of MNIST, plain or gzip: told apart by their first bytes, and read no further than their header
// promises.

import { counted } from "../ui/counted.js";

/**
 * @typedef {object} IdxFile
 * @property {string} name
 * @property {number} count how many images or labels
 * @property {[height: number, width: number] | undefined} size of the images; undefined for labels
 * @property {Uint8Array} bytes the whole file, unpacked
 */

const IMAGES = 0x0803;
const LABELS = 0x0801;
/** The longest header: that of images. */
const HEADER = 16;
/** The most that one file may hold, unpacked, in bytes. */
const MOST_BYTES = 200_000_000;

/** @param {Uint8Array} bytes */
function hex(bytes) {
  return Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/**
 * What a header says about its file.
 *
 * @param {string} name
 * @param {Uint8Array} start the file's first bytes
 * @returns {{ count: number, size: IdxFile["size"], length: number }} `length` in bytes, header included
 */
function headerOf(name, start) {
  const words = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const magic = start.length < 4 ? 0 : words.getUint32(0);
  if (magic !== IMAGES && magic !== LABELS) {
    const begins = start.length ? `it begins with ${hex(start)}` : "it is empty";
    throw new Error(
      `${name} is not an IDX file of images (which begins with 00 00 08 03) or labels (00 00 08 01): ${begins}.`,
    );
  }
  const header = magic === IMAGES ? HEADER : 8;
  if (start.length < header)
    throw new Error(`${name} is cut short: its header alone takes ${header} bytes. Download it again.`);
  const count = words.getUint32(4);
  const [height, width] = magic === IMAGES ? [words.getUint32(8), words.getUint32(12)] : [1, 1];
  const length = header + count * height * width;
  if (length > MOST_BYTES) {
    throw new Error(
      `${name} promises ${counted(length)} bytes; ${counted(MOST_BYTES)} is the most that is read.`,
    );
  }
  return { count, size: magic === IMAGES ? [height, width] : undefined, length };
}

/** @param {Blob} file @returns {Promise<ReadableStream<Uint8Array>>} */
async function contentOf(file) {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const packed = first === 0x1f && second === 0x8b;
  return packed ? file.stream().pipeThrough(new DecompressionStream("gzip")) : file.stream();
}

/**
 * @param {string} name
 * @param {Blob} file
 * @param {AbortSignal} signal
 * @returns {Promise<IdxFile>}
 * @throws in one sentence, if it is not an IDX file of bytes, or shorter or longer than its header says
 */
export async function unpack(name, file, signal) {
  const reader = (await contentOf(file)).getReader();
  const next = async () => {
    signal.throwIfAborted();
    try {
      return (await reader.read()).value;
    } catch {
      throw new Error(`${name} could not be unpacked: its gzip data is damaged or cut short. Download it again.`);
    }
  };
  try {
    let start = new Uint8Array();
    for (let chunk; start.length < HEADER && (chunk = await next());) {
      const joined = new Uint8Array(start.length + chunk.length);
      joined.set(start);
      joined.set(chunk, start.length);
      start = joined;
    }
    const { count, size, length } = headerOf(name, start);
    const bytes = new Uint8Array(length);
    let filled = 0;
    for (let chunk = /** @type {Uint8Array | undefined} */ (start); chunk; chunk = await next()) {
      if (filled + chunk.length > length) {
        throw new Error(`${name} is longer than the ${counted(length)} bytes that its header promises.`);
      }
      bytes.set(chunk, filled);
      filled += chunk.length;
    }
    if (filled < length) {
      const promised = `its header promises ${counted(length)} bytes, it holds ${counted(filled)}`;
      throw new Error(`${name} is cut short: ${promised}. Download it again.`);
    }
    return { name, count, size, bytes };
  } finally {
    void reader.cancel().catch(() => {});
  }
}
