// The last state of a run in the browser's own database, so that a reload doesn't lose it.

import { BrowserStore } from "../data/browser-store.js";
import { latest } from "../engine/latest.js";

/**
 * @typedef {object} KeptRun
 * @property {number} seed
 * @property {string} data what it learns from
 * @property {object} config of the network, as Keras writes it
 * @property {import("../convscope.js").Variation} variation how the network differs from the one on view
 * @property {import("./run.js").Settings} settings
 * @property {import("./run.js").RunRecord} record
 */

const store = new BrowserStore("convscope-runs", "runs");
/** Storage that is denied holds nothing. */
const nothing = () => undefined;

/** @param {string} key @returns {Promise<KeptRun | undefined>} */
export const keptRun = (key) => store.get(key).catch(nothing);

/** Writes the newest that it is given; what comes while it writes waits, and only the last of that is written. */
export const keepRun = latest((/** @type {string} */ key, /** @type {KeptRun | undefined} */ run) =>
  (run ? store.set(key, run) : store.delete(key)).catch(nothing),
);
