// A worker that reads files, in the hand of the page.

import workerText from "./worker.js?text";
import { WORKER_STOPPED } from "./words.js";

/** @typedef {import("./found.js").Dropped} Dropped */
/** @typedef {Awaited<ReturnType<typeof import("./read.js").readFiles>>} Answer */

/**
 * @param {Dropped[]} files
 * @param {(part: number) => void} tell
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 * @throws in one sentence, if they cannot be read
 */
export async function readInWorker(files, tell, signal) {
  const url = URL.createObjectURL(new Blob([workerText], { type: "text/javascript" }));
  const worker = new Worker(url, { name: "convscope-files" });
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      signal.throwIfAborted();
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(WORKER_STOPPED));
      };
      worker.onmessage = ({ data: { progress, answer, problem } }) => {
        if (answer) resolve(answer);
        else if (problem) reject(new Error(problem));
        else tell(progress);
      };
      worker.postMessage(files);
    });
  } finally {
    worker.terminate();
    URL.revokeObjectURL(url);
  }
}
