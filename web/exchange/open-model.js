// Opens files of models in a worker of its own, which is ended when it takes too long.

import workerText from "./worker.js?text";
import { UnreadableError, unreadable } from "./model-file.js";

/** @typedef {import("./model-file.js").ModelFile} ModelFile */

/** Reading the largest file takes a few seconds. */
const LIMIT_MS = 30_000;

/**
 * @param {File[]} files any mixture: a model, or one with the files of its weights, or an archive of them
 * @param {import("./read.js").Options & { signal?: AbortSignal, limit?: number }} [options] `limit` in milliseconds
 * @returns {Promise<ModelFile>}
 * @throws {UnreadableError} whose message has a line for each problem, and an AbortError where `signal` says so
 */
export async function openModel(files, { signal, limit = LIMIT_MS, config } = {}) {
  signal?.throwIfAborted();
  const address = URL.createObjectURL(new Blob([workerText], { type: "text/javascript" }));
  const worker = new Worker(address, { name: "convscope-files" });
  let late = 0;
  try {
    return await new Promise((resolve, reject) => {
      const refuse = (/** @type {string} */ sentence) => reject(unreadable("", sentence));
      late = Number(
        setTimeout(
          refuse,
          limit,
          `the files could not be read within ${Math.round(limit / 1000)} seconds; they are damaged, or larger than this browser can read.`,
        ),
      );
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      worker.onmessage = ({ data }) =>
        "model" in data ? resolve(data.model) : reject(new UnreadableError(data.problems));
      worker.onmessageerror = () => refuse("the files need more memory than the browser has for them.");
      worker.onerror = (event) => {
        event.preventDefault();
        refuse(`the files could not be read (${event.message || "the worker ended"}).`);
      };
      worker.postMessage({ files, options: { config } });
    });
  } finally {
    clearTimeout(late);
    worker.terminate();
    URL.revokeObjectURL(address);
  }
}
