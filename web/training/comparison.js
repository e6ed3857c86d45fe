// What runs came to, kept to be compared when the runs themselves are gone.

/** @typedef {import("./run.js").Run} Run */
/**
 * @typedef {object} Result
 * @property {number} place from 0, which no other of the comparison has
 * @property {string} title what was different
 * @property {number[]} loss in training, by epoch
 * @property {number[]} valLoss
 * @property {number[]} accuracy
 * @property {number[]} valAccuracy
 */

/** Results of several runs, in the order in which they began; the oldest makes room when there are too many. */
export class Comparison {
  /** @type {Result[]} */
  results = [];
  #most;

  /** @param {number} most results */
  constructor(most) {
    this.#most = most;
  }

  /** @param {string} title of a run that begins @returns {number} its place */
  begin(title) {
    if (this.results.length === this.#most) this.results = this.results.slice(1);
    const taken = new Set(this.results.map(({ place }) => place));
    const place = Array.from({ length: this.#most }, (_, one) => one).find((one) => !taken.has(one)) ?? 0;
    this.results = [...this.results, { place, title, loss: [], valLoss: [], accuracy: [], valAccuracy: [] }];
    return place;
  }

  /** @param {number} place @param {Run["epochs"]} epochs that the run at that place has come to */
  note(place, epochs) {
    /** @param {"loss" | "valLoss" | "accuracy" | "valAccuracy"} name */
    const all = (name) => epochs.map((epoch) => epoch[name]);
    const values = {
      loss: all("loss"),
      valLoss: all("valLoss"),
      accuracy: all("accuracy"),
      valAccuracy: all("valAccuracy"),
    };
    this.results = this.results.map((result) => (result.place === place ? { ...result, ...values } : result));
  }

  /** @param {number} place */
  remove(place) {
    this.results = this.results.filter((result) => result.place !== place);
  }
}

/** @param {number[]} losses @returns {number} the epoch, from 1, with the smallest; 0 if there is none */
export function bestEpoch(losses) {
  return 1 + losses.indexOf(Math.min(...losses));
}
