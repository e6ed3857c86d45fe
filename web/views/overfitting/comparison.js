// What runs came to, kept to be compared when the runs themselves are gone.

/** @typedef {import("../../training/validation.js").Wrong} Wrong */
/** @typedef {import("./experiment.js").Epoch} Epoch */
/**
 * @typedef {object} Came what a run has come to
 * @property {Epoch[]} epochs
 * @property {number} [restored] the epoch that early stopping has brought back
 * @property {Wrong[]} wrong validation digits that the network reads wrongly in the end
 */
/** @typedef {Came & { place: number, title: string }} Result `place`: from 0, which no other of the comparison has */

/** Results of several runs, in the order in which they began; the oldest makes room when there are too many. */
export class Comparison {
  /** @type {Result[]} */
  results = [];
  #most;

  /** @param {number} most results */
  constructor(most) {
    this.#most = most;
  }

  /** @param {string} title of a run that begins @param {Came} [came] what it has come to, if it is over @returns {number} its place */
  begin(title, came = { epochs: [], wrong: [] }) {
    if (this.results.length === this.#most) this.results = this.results.slice(1);
    const taken = new Set(this.results.map(({ place }) => place));
    const place = Array.from({ length: this.#most }, (_, one) => one).find((one) => !taken.has(one)) ?? 0;
    this.results = [...this.results, { place, title, ...came }];
    return place;
  }

  /** @param {number} place @param {Came} came what the run at that place has come to */
  note(place, came) {
    this.results = this.results.map((result) => (result.place === place ? { ...result, ...came } : result));
  }

  /** @param {number} place */
  remove(place) {
    this.results = this.results.filter((result) => result.place !== place);
  }
}
