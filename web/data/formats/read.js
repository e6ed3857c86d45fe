// From files that people drop to a data set, whatever they have it in. It runs in a worker of its own, where nothing waits
// for it: a table of a whole data set takes seconds.

import { readArrays } from "./arrays.js";
import { readCifar } from "./cifar.js";
import { readCsv } from "./csv.js";
import { together } from "./found.js";
import { BEGINNING, isWorthwhile, recognised } from "./kinds.js";
import { MOST_BYTES, checkFile } from "./limits.js";
import { albumOf } from "./pictures.js";
import { nothingRead, passedOver, withoutLabels } from "./words.js";
import { filesIn } from "./zip.js";

/** @typedef {import("./found.js").Dropped} Dropped */
/** @typedef {import("./found.js").Found} Found */
/** @typedef {import("./kinds.js").Readable} Readable */
/** @typedef {(part: number) => void} Tell how much of the work is done, 0 to 1 */
/** @typedef {{ found: Found } | { album: import("./pictures.js").Album } | { idx: Dropped[] }} Answer and files that were passed over */

/** What is read where several kinds come together, the first that is there. @type {Readable[]} */
const ORDER = ["arrays", "cifar", "table", "idx", "picture"];
/** The part of the work that opening archives is. */
const OPENING = 0.3;

/** @param {Blob} file */
async function isPacked(file) {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return first === 0x1f && second === 0x8b;
}

/**
 * What is in a file, or how that begins, without its gzip.
 *
 * @param {Dropped} file
 * @param {number} [most] bytes; all, if left out, of which there may not be more than are read
 * @returns {Promise<Blob>}
 */
async function plain({ name, content }, most = Infinity) {
  if (!(await isPacked(content))) return most < Infinity ? content.slice(0, most) : content;
  const reader = content.stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const chunks = [];
  let length = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      chunks.push(next.value);
      length += next.value.length;
      if (length >= most) break;
      if (length > MOST_BYTES) checkFile(`${name}, unpacked,`, length);
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
  return new Blob(chunks).slice(0, most);
}

/** @typedef {Dropped & { kind: import("./kinds.js").Kind }} Sorted */

/** @param {Dropped} file @returns {Promise<Sorted>} */
async function sorted(file) {
  // What cannot be unpacked is told by who reads it.
  const start = await plain(file, BEGINNING).catch(() => new Blob());
  const size = (await isPacked(file.content)) ? 0 : file.content.size;
  return { ...file, kind: recognised(file.name, new Uint8Array(await start.arrayBuffer()), size) };
}

/** Files, and in the place of archives what is in them. @param {Dropped[]} files @param {Tell} tell @returns {Promise<Sorted[]>} */
async function opened(files, tell) {
  /** @type {Sorted[]} */
  const all = [];
  for (const [index, file] of files.entries()) {
    const one = await sorted(file);
    const isZip = "readable" in one.kind && one.kind.readable === "zip";
    if (!isZip) {
      all.push(one);
      continue;
    }
    const inside = await filesIn(file, isWorthwhile, (part) => tell((index + part) / files.length));
    if (!inside.length) throw new Error(`${file.name} holds no file of data.`);
    all.push(...(await Promise.all(inside.map(sorted))));
  }
  return all;
}

/** @param {Dropped[]} tables @param {Tell} tell @returns {Promise<Found>} */
async function readTables(tables, tell) {
  /** @type {import("./found.js").Part[]} */
  const parts = [];
  /** @type {string[]} */
  const unlabelled = [];
  for (const [index, file] of tables.entries()) {
    const content = await plain(file);
    const part = await readCsv(file.name, content, (read) => tell((index + read) / tables.length));
    if (part) parts.push(part);
    else unlabelled.push(file.name);
  }
  if (!parts.length) throw new Error(withoutLabels(unlabelled[0]));
  const note = unlabelled.length ? `${unlabelled.join(", ")} has no labels and is passed over.` : undefined;
  return together(parts, { note });
}

/** @param {Readable} readable @param {Dropped[]} files @param {Tell} tell @returns {Promise<Answer>} */
async function readKind(readable, files, tell) {
  if (readable === "idx") return { idx: files };
  if (readable === "picture") return { album: await albumOf(files, tell) };
  if (readable === "table") return { found: await readTables(files, tell) };
  const unpacked = await Promise.all(files.map(async (file) => ({ name: file.name, content: await plain(file) })));
  for (const { name, content } of unpacked) checkFile(name, content.size);
  return { found: await (readable === "arrays" ? readArrays : readCifar)(unpacked, tell) };
}

/**
 * @param {Dropped[]} files
 * @param {Tell} tell
 * @returns {Promise<Answer & { passedOver: string }>}
 * @throws in one sentence, if there is no data set in them that can be read
 */
export async function readFiles(files, tell) {
  const all = await opened(files, (part) => tell(part * OPENING));
  const kindOf = (/** @type {Sorted} */ { kind }) => ("readable" in kind ? kind.readable : undefined);
  const chosen = ORDER.find((readable) => all.some((file) => kindOf(file) === readable));
  const refused = all.flatMap(({ kind }) => ("refused" in kind ? [kind.refused] : []));
  // A file that is nothing known is no reason to pass over one that is known, and not read.
  if (!chosen || (chosen === "idx" && refused.length))
    throw new Error(refused[0] ?? nothingRead(all.map(({ name }) => name)));
  const [own, others] = [true, false].map((is) => all.filter((file) => (kindOf(file) === chosen) === is));
  const answer = await readKind(chosen, own, (part) => tell(OPENING + part * (1 - OPENING)));
  return { ...answer, passedOver: passedOver(others.map(({ name }) => name)) };
}
