// IDX files, the format of MNIST, plain or gzip: told apart by their first bytes, and read no further than their header
// promises.

import { counted } from "../ui/counted.js";
import { kindOf } from "./file-kinds.js";
import { otherKind } from "./words.js";

/**
 * @typedef {object} IdxFile
 * @property {string} name
 * @property {number} count how many images or labels
 * @property {[height: number, width: number] | undefined} size of the images; undefined for labels
 * @property {Uint8Array} bytes the whole file, unpacked
 */

/** The longest header: that of images. */
const HEADER = 16;
/** The most that one file may hold, unpacked, in bytes. */
const MOST_BYTES = 200_000_000;

/**
 * What a header says about its file.
 *
 * @param {import("../convscope.js").RemoteEngine} engine
 * @param {string} name
 * @param {Uint8Array} start the file's first bytes
 */
async function headerOf(engine, name, start) {
  const header = await engine.readIdxHeader(start.slice(0, HEADER)).catch((error) => {
    const kind = kindOf(start);
    throw new Error(kind ? otherKind(name, kind) : `${name}: ${error.message}`, { cause: error });
  });
  if (header.length > MOST_BYTES) {
    throw new Error(
      `${name} promises ${counted(header.length)} bytes; ${counted(MOST_BYTES)} is the most that is read. Take a smaller ` +
        "split or a part of it.",
    );
  }
  return header;
}

/** @param {Blob} file @returns {Promise<ReadableStream<Uint8Array>>} */
async function contentOf(file) {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const packed = first === 0x1f && second === 0x8b;
  return packed ? file.stream().pipeThrough(new DecompressionStream("gzip")) : file.stream();
}

/**
 * @param {import("../convscope.js").RemoteEngine} engine
 * @param {string} name
 * @param {Blob} file
 * @param {AbortSignal} signal
 * @returns {Promise<IdxFile>}
 * @throws in one sentence, if it is not an IDX file of bytes, or shorter or longer than its header says
 */
export async function unpack(engine, name, file, signal) {
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
    const { count, shape, length } = await headerOf(engine, name, start);
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
    return { name, count, size: shape ?? undefined, bytes };
  } finally {
    void reader.cancel().catch(() => {});
  }
}
