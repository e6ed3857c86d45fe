// Files that people drop on the page, as a data set.

import { readIdx } from "../idx.js";
import { split, splitInThree } from "../split.js";
import { APART_BY_CHANCE, READ_FROM } from "./words.js";
import { readInWorker } from "./reading.js";

/** @typedef {import("../../convscope.js").RemoteEngine} Engine */
/** @typedef {import("../choice.js").DataSet} DataSet */
/** @typedef {import("./found.js").Dropped} Dropped */
/** @typedef {import("./found.js").Found} Found */

/** The part that is kept for validation, and for the test, where the files keep none. */
const APART = 0.1;

/** @param {Engine} engine @param {Found} found @returns {Promise<Pick<DataSet, "training" | "validation" | "test">>} */
async function divided(engine, { training, validation, test }) {
  if (validation) return { training, validation, test };
  const options = { validation: APART, seed: 0 };
  if (test) return { ...(await split(engine, training, options)), test };
  return splitInThree(engine, training, { ...options, test: APART });
}

/** @param {import("./pictures.js").Album} album @param {import("../choice.js").Progress} progress @param {AbortSignal} signal */
async function opened(album, progress, signal) {
  const { decoded } = await import("./decoding.js");
  return decoded(album, (part) => progress(part, 1), signal);
}

/** @param {string[]} sentences */
const joined = (...sentences) => sentences.filter((sentence) => sentence).join(" ");

/**
 * @param {Engine} engine
 * @param {Dropped[]} files
 * @param {import("../choice.js").Progress} progress
 * @param {AbortSignal} signal
 * @param {(files: Dropped[], tell: (part: number) => void, signal: AbortSignal) => ReturnType<typeof readInWorker>} [read]
 *   in this thread, where there are no workers
 * @returns {Promise<DataSet>}
 * @throws in one sentence, if they hold no data set that can be read
 */
export async function readDropped(engine, files, progress, signal, read = readInWorker) {
  const answer = await read(files, (part) => progress(part, 1), signal);
  signal.throwIfAborted();
  if ("idx" in answer) {
    const set = await readIdx(engine, answer.idx, progress, signal);
    return { ...set, note: joined(set.note, answer.passedOver) };
  }
  const {
    title,
    classes,
    note = "",
    ...parts
  } = "found" in answer ? answer.found : await opened(answer.album, progress, signal);
  const apart = APART_BY_CHANCE[parts.validation ? "none" : parts.test ? "validation" : "both"];
  return {
    title,
    classes,
    note: joined(READ_FROM, apart, note, answer.passedOver),
    ...(await divided(engine, { title, classes, ...parts })),
  };
}
