// The last state of a run in the browser's own database, so that a reload doesn't lose it.

import { createStore, del, get, set } from "idb-keyval";
import { latest } from "../engine/latest.js";

/**
 * @typedef {object} KeptRun
 * @property {number} seed
 * @property {string} data what it learns from
 * @property {object} config of the network, as Keras writes it
 * @property {import("./architecture.js").Variation} variation how the network differs from the one on view
 * @property {import("./run.js").Settings} settings
 * @property {import("./run.js").RunRecord} record
 */

/** @type {ReturnType<typeof createStore> | undefined} */
let store;

/**
 * Storage that is denied (private windows, sandboxed frames) holds nothing.
 *
 * @template T
 * @param {(store: ReturnType<typeof createStore>) => Promise<T>} use
 * @returns {Promise<T | undefined>}
 */
async function stored(use) {
  try {
    return await use((store ??= createStore("convscope-runs", "runs")));
  } catch {
    return undefined;
  }
}

/** @param {string} key @returns {Promise<KeptRun | undefined>} */
export const keptRun = (key) => stored((store) => get(key, store));

/** Writes the newest that it is given; what comes while it writes waits, and only the last of that is written. */
export const keepRun = latest((/** @type {string} */ key, /** @type {KeptRun | undefined} */ run) =>
  stored((store) => (run ? set(key, run, store) : del(key, store))),
);
