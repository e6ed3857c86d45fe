import { DIGITS } from "../../data/files.js";
import { first } from "../../data/split.js";
import { Contestant } from "./contestant.js";
import { Batch } from "./offset-count.js";

/** @typedef {import("../../data/choice.js").DataSet} DataSet */
/** @typedef {import("../../session/drawing.js").Drawing} Drawing */
/** @typedef {"mlp" | "cnn"} Side */

/** What can be compared, by names of the catalogue; the first of each side are of like size. */
export const NETWORKS = {
  mlp: ["mlp-1-hidden", "mlp-0-hidden", "mlp-2-hidden", "mlp-3-hidden", "mlp"],
  cnn: ["convnet", "lenet5", "keras-convnet"],
};
/** MLPs that differ in depth and, but for the first, as little as can be in size. */
const DEPTHS = ["mlp-0-hidden", "mlp-1-hidden", "mlp-2-hidden", "mlp-3-hidden"];
/** Validation images that are moved. */
export const IMAGES = 200;
/** How often a count that goes on is told, in milliseconds. */
const TOLD_EVERY = 150;

/**
 * Two networks side by side and those that they are compared with. "change": a network is there, or the count went on.
 */
export class Contest extends EventTarget {
  /** What is moved and counted. @type {Batch | undefined} */
  batch;
  /** @type {Map<string, Contestant>} */
  #contestants = new Map();
  #counting = false;
  #watched = false;
  #toldAt = 0;

  constructor() {
    super();
    /** Which are side by side. @type {Record<Side, string>} */
    this.names = { mlp: NETWORKS.mlp[0], cnn: NETWORKS.cnn[0] };
  }

  /** @param {string} name */
  #contestant(name) {
    let contestant = this.#contestants.get(name);
    if (!contestant) {
      contestant = new Contestant(name);
      contestant.session.addEventListener("model", () => this.#tell());
      this.#contestants.set(name, contestant);
    }
    return contestant;
  }

  /** @param {Side} side */
  lane(side) {
    return this.#contestant(this.names[side]);
  }

  get lanes() {
    return [this.lane("mlp"), this.lane("cnn")];
  }

  /** Those in the table: all depths, and the CNN that is side by side with one of them. */
  get compared() {
    return [...DEPTHS, this.names.cnn].map((name) => this.#contestant(name));
  }

  get #all() {
    return [...new Set([...this.lanes, ...this.compared])];
  }

  /** How much of all counts is done, 0 to 1. */
  get part() {
    const all = this.#all;
    return all.reduce((sum, { count }) => sum + (count?.part ?? 0), 0) / all.length;
  }

  #tell() {
    this.#toldAt = performance.now();
    this.dispatchEvent(new Event("change"));
  }

  /** @param {boolean} on whether someone can see what is answered and counted */
  watch(on) {
    this.#watched = on;
    const { lanes } = this;
    for (const contestant of this.#contestants.values()) contestant.watch(on && lanes.includes(contestant));
  }

  /** @param {Drawing} drawing */
  read(drawing) {
    for (const lane of this.lanes) lane.read(drawing);
  }

  /** The network to count for next: the two that are side by side in turns, then the others. @param {Batch} batch */
  #next(batch) {
    const waiting = (/** @type {Contestant} */ { count }) => count && !count.finished;
    for (const contestant of this.#all) {
      if (!contestant.count?.of(batch)) contestant.startCount(batch);
    }
    const lanes = this.lanes.filter(waiting).sort((a, b) => (a.count?.done ?? 0) - (b.count?.done ?? 0));
    return lanes[0] ?? this.compared.find(waiting);
  }

  /** Counts for as long as there is something to count and someone to see it. @param {DataSet} data */
  async count({ classes, validation }) {
    if (this.#counting || classes.join() !== DIGITS.join()) return;
    this.#counting = true;
    try {
      const batch = (this.batch ??= new Batch(first(validation, IMAGES)));
      for (let next = this.#next(batch); next && this.#watched; next = this.#next(batch)) {
        await next.count?.step();
        // Other data was chosen meanwhile.
        if (batch !== this.batch) break;
        if (performance.now() - this.#toldAt > TOLD_EVERY || next.count?.finished) this.#tell();
      }
    } finally {
      this.#counting = false;
    }
    if (!this.batch) this.#tell();
  }

  /** Gives all networks back. */
  leave() {
    this.watch(false);
    for (const contestant of this.#contestants.values()) void contestant.leave();
    this.#contestants.clear();
    this.batch = undefined;
  }
}
