// Reads files of models away from the page: what a file makes long or large ends with this worker.

import { MAX_BYTES, UnreadableError, unreadable } from "./model-file.js";
import { readModel } from "./read.js";

/** @typedef {{ files: File[], options: import("./read.js").Options }} Request */
/** @typedef {{ model: import("./model-file.js").ModelFile } | { problems: import("./model-file.js").Problem[] }} Answer */

/** @param {Request} request @returns {Promise<Answer>} */
async function answer({ files, options }) {
  try {
    if (files.reduce((sum, { size }) => sum + size, 0) > MAX_BYTES)
      throw unreadable("", "files have at most 1 GiB together here.");
    const given = [];
    for (const file of files)
      given.push({ name: file.webkitRelativePath || file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
    return { model: readModel(given, options) };
  } catch (error) {
    if (error instanceof UnreadableError) return { problems: error.problems };
    const { name, message } = /** @type {Error} */ (error);
    if (error instanceof RangeError)
      return { problems: [{ place: "", sentence: "the files need more memory than the browser has for them." }] };
    return { problems: [{ place: "", sentence: `the files could not be read (${name}: ${message}).` }] };
  }
}

addEventListener("message", async ({ data }) => {
  const found = await answer(data);
  const weights = "model" in found && found.model.weights ? [...found.model.weights.values()] : [];
  const buffers = new Set(weights.map(({ values }) => values.buffer));
  postMessage(found, { transfer: /** @type {ArrayBuffer[]} */ ([...buffers]) });
});
