// The last state of a run in the browser's own database, so that a reload doesn't lose it. Every page has a place of its
// own there: what one tab learns never takes the place of what another does.

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
const page = `${Date.now()}-${Math.random()}`;
/** The places that closed tabs have left, by the key of the network. @type {Map<string, string[]>} */
const left = new Map();

/** The places of pages that are open now. Where nobody can tell, none is. @returns {Promise<(string | undefined)[]>} */
async function open() {
  try {
    const { held = [] } = await navigator.locks.query();
    return held.map(({ name }) => name);
  } catch {
    return [];
  }
}

/** @type {Set<string>} */
const held = new Set();

/** Shows other tabs that a place is in use, as long as this page is open. @param {string} place */
function hold(place) {
  if (held.has(place)) return;
  held.add(place);
  navigator.locks?.request(place, () => new Promise(() => {})).catch(() => {});
}

/** @param {string} key @returns {Promise<KeptRun | undefined>} what this tab kept before, or the newest that a closed one has left */
export async function keptRun(key) {
  try {
    const [all, places] = await Promise.all([store.entries(`${key} `), open()]);
    const unused = all.filter(([place]) => !places.includes(place));
    unused.sort(([, one], [, other]) => other.keptAt - one.keptAt);
    left.set(
      key,
      unused.map(([place]) => place),
    );
    const own = sessionStorage.getItem(key);
    return (unused.find(([place]) => place === own) ?? unused[0])?.[1];
  } catch {
    // Storage that is denied holds nothing.
    return undefined;
  }
}

/**
 * Writes the newest that it is given; what comes while it writes waits, and only the last of that is written. It takes
 * the place of what closed tabs have left. Without a run, that is forgotten and so is what this page has kept.
 */
export const keepRun = latest(async (/** @type {string} */ key, /** @type {KeptRun | undefined} */ run) => {
  const place = `${key} ${page}`;
  try {
    if (run) hold(place);
    await (run ? store.set(place, { ...run, keptAt: Date.now() }) : store.delete(place));
    for (const old of left.get(key) ?? []) await store.delete(old);
    left.delete(key);
    sessionStorage.setItem(key, place);
  } catch {
    // Storage that is denied holds nothing.
  }
});
