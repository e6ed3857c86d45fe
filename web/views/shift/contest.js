import { areDigits } from "../../data/digits.js";
import { first } from "../../data/split.js";
import { accuracyByOffset } from "../../questions/shipped-results.js";
import { Contestant } from "./contestant.js";
import { Batch, IMAGES, OffsetShares } from "./offset-count.js";
import { SHIPPED } from "./words.js";

/** @typedef {import("../../data/choice.js").DataSet} DataSet */
/** @typedef {import("../../questions/shipped-results.js").AccuracyByOffset} AccuracyByOffset */
/** @typedef {import("../../session/drawing.js").Drawing} Drawing */
/** @typedef {import("./offset-count.js").Measured} Measured */
/** @typedef {"mlp" | "cnn"} Side */

/** What can be compared, by names of the catalogue; the first of each side are of like size. */
export const NETWORKS = {
  mlp: ["mlp-1-hidden", "mlp-0-hidden", "mlp-2-hidden", "mlp-3-hidden", "mlp"],
  cnn: ["convnet", "global-pooling", "lenet5", "keras-convnet"],
};
/** MLPs that differ in depth and, but for the first, as little as can be in size. */
const DEPTHS = ["mlp-0-hidden", "mlp-1-hidden", "mlp-2-hidden", "mlp-3-hidden"];
/** The CNN whose last layer knows no places. */
const WITHOUT_PLACES = "global-pooling";
const NOTHING = new OffsetShares();
/** How often a count that goes on is told, in milliseconds. */
const TOLD_EVERY = 150;

/**
 * Two networks side by side and those that they are compared with. What they read right of MNIST's test images is known
 * already; of other data it is counted. "change": a network is there, or the count went on.
 */
export class Contest extends EventTarget {
  /** What is moved and counted, if it is other data. @type {Batch | undefined} */
  batch;
  /** What is known of the shipped networks. @type {AccuracyByOffset | undefined} */
  known;
  /** @type {Map<string, Contestant>} */
  #contestants = new Map();
  /** @type {Map<string, OffsetShares>} */
  #recalled = new Map();
  #recalling = false;
  #title = "";
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

  /** Those in the table: all depths, a CNN with a Dense layer behind its maps, and the one with the means of its maps. */
  get compared() {
    const cnn = this.names.cnn === WITHOUT_PLACES ? NETWORKS.cnn[0] : this.names.cnn;
    return [...DEPTHS, cnn, WITHOUT_PLACES].map((name) => this.#contestant(name));
  }

  get #all() {
    return [...new Set([...this.lanes, ...this.compared])];
  }

  /** What is moved. @returns {Measured} */
  get measured() {
    return this.batch
      ? { title: this.#title, images: this.batch.labels.length }
      : { title: SHIPPED, images: this.known?.images.count ?? 0 };
  }

  /** How much of all counts is done, 0 to 1. */
  get part() {
    if (!this.batch) return this.known ? 1 : 0;
    const all = this.#all;
    return all.reduce((sum, { count }) => sum + (count?.part ?? 0), 0) / all.length;
  }

  /** What a network reads right at each offset: another object whenever that went on. @param {Contestant} contestant */
  sharesOf({ name, count }) {
    if (!this.batch) return this.#recalled.get(name) ?? NOTHING;
    return count ? new OffsetShares(count.right, count.images) : NOTHING;
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

  /** Shows what is known of the shipped networks. */
  async recall() {
    if (this.#recalling || (this.known && !this.batch)) return;
    this.#recalling = true;
    this.batch = undefined;
    try {
      this.known ??= await accuracyByOffset();
    } finally {
      this.#recalling = false;
    }
    const { images, networks } = this.known;
    for (const [name, { right }] of Object.entries(networks))
      this.#recalled.set(
        name,
        new OffsetShares(
          right,
          right.map(() => images.count),
        ),
      );
    this.#tell();
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
  async count(data) {
    const { title, validation, test = validation } = data;
    if (this.#counting || !areDigits(data)) return;
    this.#counting = true;
    try {
      const batch = (this.batch ??= new Batch(first(test, IMAGES)));
      this.#title = title;
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
