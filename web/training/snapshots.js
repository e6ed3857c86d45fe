// What a run was like at steps of its past, in bounded memory.

/** The most that the snapshots of one run take, in bytes. */
const MOST_BYTES = 64 << 20;
/** So many are enough for a slider. */
const MOST_SNAPSHOTS = 120;

/**
 * @typedef {object} Snapshot
 * @property {number} step
 * @property {number} epoch epochs that were over
 * @property {{ examples: number, loss: number, accuracy: number }} sums over the examples of the epoch that had begun
 * @property {Uint8Array} bytes a safetensors file with weights and optimiser
 * @property {import("./progress.js").Epoch} [metrics] of the epoch that ended here
 * @property {boolean} [passing] whether it is there only until the next is, so that nothing is lost meanwhile
 */

export class Snapshots {
  /** In the order of their steps. @type {Snapshot[]} */
  all = [];
  /** One that stays, whatever makes room. @type {Snapshot | undefined} */
  best;

  get last() {
    return this.all.at(-1);
  }

  /** @param {Snapshot} snapshot not before any other; one of the same step makes room for it */
  add(snapshot) {
    if (this.last?.step === snapshot.step || this.last?.passing) this.all.pop();
    this.all.push(snapshot);
    const most = Math.max(3, Math.min(MOST_SNAPSHOTS, Math.floor(MOST_BYTES / snapshot.bytes.length)));
    if (this.all.length <= most) return;
    // The first and the last are always there, and those between stay evenly spread.
    const { last, best } = this;
    this.all = this.all.filter((one, index) => index % 2 === 0 || one === last || one === best);
  }

  /** @param {number} epoch from 1 @returns {Snapshot | undefined} that of its end, if it is still there */
  ofEpoch(epoch) {
    return this.all.find(({ metrics }) => metrics?.epoch === epoch);
  }

  /** @param {number} step what comes after it is forgotten */
  cut(step) {
    this.all = this.all.filter((snapshot) => snapshot.step <= step);
  }
}
