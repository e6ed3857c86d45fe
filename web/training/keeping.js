// What the browser keeps of the run on view, and what it kept of one that was interrupted. Where its database does not
// answer that is told, and it is asked again until it does.

import { latest } from "../engine/latest.js";
import { forgetDamaged, keepRun, keptRun, placeFor, setAside, settle } from "./kept-run.js";

/** @typedef {import("./kept-run.js").KeptRun} KeptRun */
/** @typedef {import("./run.js").Run} Run */

/** How long a database that has failed is left alone before it is asked again, in milliseconds. */
const AGAIN_MS = 1000;

/** Events: "change". */
export class Keeping extends EventTarget {
  /** What a reload or the closing of the page has interrupted. @type {KeptRun | undefined} */
  interrupted;
  /** Why something that was kept cannot be read. @type {string | undefined} */
  damage;
  /** Why nobody knows yet whether something was kept; empty where that is known. */
  unknown = "";
  /** Why the browser does not keep what the run on view has learnt; empty where it does. */
  unkept = "";
  /** Counts what was to be kept. */
  #asked = 0;
  /** Of what waits while something is written, only the newest is written then. */
  #write = latest(keepRun);
  /** Where it is kept, by the key of the network. @type {Map<string, string>} */
  #places = new Map();

  /** @param {string} key */
  #placeOf(key) {
    const place = this.#places.get(key) ?? placeFor(key);
    this.#places.set(key, place);
    return place;
  }

  /** @param {string} key of the network @param {() => boolean} isWanted whether it still is, once it is found */
  async lookBack(key, isWanted) {
    for (; isWanted(); await later(AGAIN_MS)) {
      try {
        const { run: interrupted, damage } = await keptRun(key, this.#placeOf(key));
        if (isWanted()) this.#become({ interrupted, damage, unknown: "" });
        return;
      } catch (error) {
        if (isWanted()) this.#become({ unknown: String(error) });
      }
    }
  }

  /**
   * Keeps the newest snapshot of a run.
   *
   * @param {string} key
   * @param {Run} run
   * @param {KeptRun | undefined} kept what there is to be kept of it, if there is anything to lose
   */
  async keep(key, run, kept) {
    const asked = ++this.#asked;
    do {
      const began = performance.now();
      const answer = await this.#write(key, this.#placeOf(key), kept);
      if (!answer) return;
      const { error } = answer;
      if (kept && !error) run.wrote((performance.now() - began) / 1000);
      this.#become({ unkept: error ? String(error) : "" });
      if (error?.name !== "TimeoutError") return;
      await later(AGAIN_MS);
    } while (asked === this.#asked);
  }

  /** Somebody goes on with it, or begins another run in its sight. @param {string} key */
  settle(key) {
    if (!this.interrupted) return;
    settle(key);
    this.#become({ interrupted: undefined });
  }

  /** Nobody can go on with it: it is not forgotten unasked. @param {string} key @param {KeptRun} kept @param {string} damage */
  setAside(key, kept, damage) {
    setAside(key, kept);
    this.#become({ interrupted: undefined, damage });
  }

  /** Leaves what cannot be read where it is. */
  leaveDamaged() {
    this.#become({ damage: undefined });
  }

  forgetDamaged() {
    this.leaveDamaged();
    forgetDamaged().catch(() => {});
  }

  /** @param {Partial<Pick<Keeping, "interrupted" | "damage" | "unknown" | "unkept">>} change */
  #become(change) {
    Object.assign(this, change);
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {number} milliseconds */
const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
