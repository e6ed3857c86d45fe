// The last state of a run in the browser's own database, so that a reload doesn't lose it. Every view has a place of its
// own there: what one learns never takes the place of what another does, in this tab or in others.

import { BrowserStore } from "../data/browser-store.js";
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
/** What closed tabs have left, by the key of the network, then by its place. @type {Map<string, Map<string, KeptRun>>} */
const left = new Map();
/** The keys of those among them that somebody does without, or has gone on with. @type {Set<string>} */
const settled = new Set();
/** The places of what cannot be read. @type {Set<string>} */
const damaged = new Set();

/** A place that nobody else has. @param {string} key of the network */
export const placeFor = (key) => `${key} ${Date.now()}-${Math.random()}`;

/** The places of pages that are open now. Where nobody can tell, none is. @returns {Promise<(string | undefined)[]>} */
async function open() {
  try {
    const { held = [] } = await navigator.locks.query();
    return held.map(({ name }) => name);
  } catch {
    return [];
  }
}

/** @type {Map<string, Promise<void>>} */
const held = new Map();

/** Shows other tabs that a place is in use, as long as this page is open. @param {string} place */
async function hold(place) {
  const holding =
    held.get(place) ??
    new Promise((resolve) => {
      const lasting = () => (resolve(undefined), new Promise(() => {}));
      // Where there are no locks, nobody can be told.
      (navigator.locks?.request(place, lasting) ?? Promise.reject()).catch(() => resolve(undefined));
    });
  held.set(place, /** @type {Promise<void>} */ (holding));
  await holding;
}

/**
 * What this page or tab kept before, or the newest that a closed one has left; and why something that was kept cannot be read, which
 * stays until {@link forgetDamaged}.
 *
 * @param {string} key
 * @param {string} taken the place where something else is kept now
 * @returns {Promise<{ run?: KeptRun, damage?: string }>} rejects where the database does not answer, or fails: nobody knows
 *   then whether something is kept
 */
export async function keptRun(key, taken) {
  try {
    const all = await store.entries(`${key} `);
    // Asked for afterwards: whoever has written something holds its place by then.
    const places = await open();
    /** @type {[place: string, run: KeptRun & { keptAt: number }][]} */
    const unused = [];
    let damage;
    damaged.clear();
    for (const [place, value] of all) {
      if (place === taken || (places.includes(place) && !held.has(place))) continue;
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
  } catch (error) {
    // Storage that is denied holds nothing.
    if (/** @type {Error} */ (error).name === "SecurityError") return {};
    throw error;
  }
}

/** What {@link keptRun} told is not needed any more: {@link keepRun} takes its place. @param {string} key */
export function settle(key) {
  settled.add(key);
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
 * Writes the run, and forgets what closed tabs have left once that is settled; without a run, what the place has.
 *
 * @param {string} key
 * @param {string} place
 * @param {KeptRun | undefined} run
 * @returns {Promise<{ error?: Error }>} why the browser does not keep it
 */
export async function keepRun(key, place, run) {
  try {
    if (run) await hold(place);
    await (run ? store.set(place, { ...run, keptAt: Date.now() }) : store.delete(place));
    if (settled.has(key)) {
      for (const old of left.get(key)?.keys() ?? []) if (old !== place) await store.delete(old);
      left.delete(key);
      settled.delete(key);
    }
    if (run) sessionStorage.setItem(key, place);
    return {};
  } catch (error) {
    // Storage that is denied holds nothing, so that there is nothing to forget either.
    return run ? { error: /** @type {Error} */ (error) } : {};
  }
}
