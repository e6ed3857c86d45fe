// Reads files in a thread of its own and tells what it has found, or why there is nothing.

import { readFiles } from "./read.js";

/** Milliseconds between two words about how far it is. */
const TELL_MS = 100;

/** @type {Partial<import("./found.js").Found>} */
const NOTHING = {};

/** @param {MessageEvent<import("./found.js").Dropped[]>} event */
onmessage = async ({ data: files }) => {
  let told = 0;
  const tell = (/** @type {number} */ progress) => {
    if (performance.now() - told < TELL_MS) return;
    told = performance.now();
    postMessage({ progress });
  };
  try {
    const answer = await readFiles(files, tell);
    const { training, validation, test } = "found" in answer ? answer.found : NOTHING;
    const buffers = [training, validation, test].flatMap((part) =>
      part ? [part.pixels.buffer, part.labels.buffer] : [],
    );
    postMessage({ answer }, { transfer: [...new Set(buffers)] });
  } catch (error) {
    postMessage({ problem: /** @type {Error} */ (error).message });
  }
};
