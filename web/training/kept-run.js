// The last state of a run in the browser's own database, so that a reload doesn't lose it. Every page has a place of its
// own there: what one tab learns never takes the place of what another does.

import { BrowserStore } from "../data/browser-store.js";
import { latest } from "../engine/latest.js";
import { readKept } from "./kept-record.js";

/**
 * @typedef {object} KeptRun
 * @property {number} seed
 * @property {string} data what it learns from
 * @property {object} config of the network, as Keras writes it
 * @property {import("../convscope.js").Variation} variation how the network differs from the one on view
 * @property {import("./run-model.js").Settings} settings
 * @property {import("./course.js").RunRecord} record
 */

const store = new BrowserStore("convscope-runs", "runs");
const page = `${Date.now()}-${Math.random()}`;
/** What closed tabs have left, by the key of the network, then by its place. @type {Map<string, Map<string, KeptRun>>} */
const left = new Map();
/** The places of what cannot be read. @type {Set<string>} */
const damaged = new Set();

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

/**
 * What this page or tab kept before, or the newest that a closed one has left; and why something that was kept cannot be read, which
 * stays until {@link forgetDamaged}.
 *
 * @param {string} key
 * @returns {Promise<{ run?: KeptRun, damage?: string }>}
 */
export async function keptRun(key) {
  try {
    const [all, places] = await Promise.all([store.entries(`${key} `), open()]);
    /** @type {[place: string, run: KeptRun & { keptAt: number }][]} */
    const unused = [];
    let damage;
    damaged.clear();
    for (const [place, value] of all.filter(([place]) => held.has(place) || !places.includes(place))) {
      try {
        unused.push([place, readKept(value)]);
      } catch (error) {
        damaged.add(place);
        damage = /** @type {Error} */ (error).message;
      }
    }
    unused.sort(([, one], [, other]) => other.keptAt - one.keptAt);
    left.set(key, new Map(unused));
    const own = sessionStorage.getItem(key);
    return { run: (unused.find(([place]) => place === own) ?? unused[0])?.[1], damage };
  } catch {
    // Storage that is denied holds nothing.
    return {};
  }
}

/**
 * Keeps what nobody can go on with from being forgotten unasked.
 *
 * @param {string} key
 * @param {KeptRun} run that {@link keptRun} told
 */
export function setAside(key, run) {
  const places = left.get(key) ?? new Map();
  for (const [place, other] of places) {
    if (other !== run) continue;
    damaged.add(place);
    places.delete(place);
  }
}

export async function forgetDamaged() {
  for (const place of damaged) await store.delete(place);
  damaged.clear();
}

/**
 * Writes the newest that it is given; what comes while it writes waits, and only the last of that is written. It takes
 * the place of what closed tabs have left. Without a run, that is forgotten and so is what this page has kept.
 * Resolves to why the browser does not keep the run, or "" where it does; to nothing where a newer one came.
 */
export const keepRun = latest(async (/** @type {string} */ key, /** @type {KeptRun | undefined} */ run) => {
  const place = `${key} ${page}`;
  try {
    if (run) hold(place);
    await (run ? store.set(place, { ...run, keptAt: Date.now() }) : store.delete(place));
    for (const old of left.get(key)?.keys() ?? []) if (old !== place) await store.delete(old);
    left.delete(key);
    sessionStorage.setItem(key, place);
    return "";
  } catch (error) {
    // Storage that is denied holds nothing, so that there is nothing to forget either.
    return run ? String(error) : "";
  }
});
