// How a network that was trained on centred digits reads them when they are moved.

import { shiftedImage } from "../../session/drawing.js";

/** @typedef {import("../../convscope.js").LabelledImages} Examples */
/** @typedef {import("../../convscope.js").RemoteModel} Model */
/** @typedef {[right: number, down: number]} Offset in pixels of the network's input */
/** @typedef {{ title: string, images: number }} Measured what is moved, and how many of it */

/** How far the images are moved, either way. */
export const REACH = 8;
/** Offsets along one side of the map. */
export const ACROSS = 2 * REACH + 1;
/** Of how many images a share is known after each round: the first fills the map within a second, the last ends it. */
const ROUNDS = [10, 50, 200];
/** Images that are moved at most. */
export const IMAGES = ROUNDS[ROUNDS.length - 1];

/** @param {Offset} offset @returns {number} how far that is, in the larger of its two directions */
function distance([right, down]) {
  return Math.max(Math.abs(right), Math.abs(down));
}

/** @param {number} index in the map @returns {Offset} */
function offsetAt(index) {
  return [(index % ACROSS) - REACH, Math.floor(index / ACROSS) - REACH];
}

/** All places of the map, from the middle outwards. */
const ORDER = Array.from({ length: ACROSS * ACROSS }, (_, index) => index).sort(
  (a, b) => distance(offsetAt(a)) - distance(offsetAt(b)) || a - b,
);

const NONE = new Uint16Array(ACROSS * ACROSS);

/** How many images are read right at each offset, row by row from −{@link REACH}, and of how many. */
export class OffsetShares {
  /** @param {ArrayLike<number>} right @param {ArrayLike<number>} images */
  constructor(right = NONE, images = NONE) {
    this.right = Uint16Array.from(right);
    this.images = Uint16Array.from(images);
  }

  /** The share that is right at each offset; NaN where nothing has been counted yet. */
  get shares() {
    return Float32Array.from(this.right, (right, index) => right / this.images[index]);
  }

  /** The mean share at every distance from 0 to {@link REACH}; NaN where not all of it has been counted. */
  byDistance() {
    const { shares } = this;
    return Array.from({ length: ACROSS - REACH }, (_, far) => {
      const ring = shares.filter((_, index) => distance(offsetAt(index)) === far);
      return ring.reduce((sum, share) => sum + share, 0) / ring.length;
    });
  }
}

/** The images of a batch as numbers, to be moved by any offset. */
export class Batch {
  /** @type {Float32Array[]} */
  #images;

  /** @param {Examples} examples */
  constructor({ pixels, labels }) {
    const size = pixels.length / labels.length;
    this.labels = labels;
    this.#images = Array.from(labels, (_, index) =>
      Float32Array.from(pixels.subarray(index * size, (index + 1) * size), (byte) => byte / 255),
    );
  }

  /** @param {Offset} offset @param {number} from the first image @param {number} to the one behind the last */
  moved(offset, from = 0, to = this.#images.length) {
    const size = this.#images[0].length;
    const all = new Float32Array((to - from) * size);
    this.#images.slice(from, to).forEach((image, index) => all.set(shiftedImage(image, offset), index * size));
    return all;
  }
}

/** Counts how many images of a batch a network reads right: few of them at every offset, then more. */
export class OffsetCount extends OffsetShares {
  /** Offsets that have been counted, in all rounds. */
  done = 0;
  #model;
  #batch;
  #rounds;

  /** @param {Model} model @param {Batch} batch */
  constructor(model, batch) {
    super();
    this.#model = model;
    this.#batch = batch;
    const count = batch.labels.length;
    this.#rounds = [...new Set(ROUNDS.map((images) => Math.min(images, count)))];
  }

  /** @param {Batch} batch @returns {boolean} whether that is what it counts */
  of(batch) {
    return batch === this.#batch;
  }

  get finished() {
    return this.done === this.#rounds.length * ORDER.length;
  }

  /** How much has been counted, 0 to 1. */
  get part() {
    const images = this.images.reduce((sum, count) => sum + count, 0);
    return images / (ORDER.length * this.#rounds[this.#rounds.length - 1]);
  }

  /** Counts some images at the next offset. */
  async step() {
    const index = ORDER[this.done % ORDER.length];
    const round = Math.floor(this.done / ORDER.length);
    const [from, to] = [this.images[index], this.#rounds[round]];
    const { accuracy } = await this.#model.evaluate(
      this.#batch.moved(offsetAt(index), from, to),
      this.#batch.labels.subarray(from, to),
      { loss: "sparse_categorical_crossentropy" },
    );
    this.right[index] += Math.round(accuracy * (to - from));
    this.images[index] = to;
    this.done += 1;
  }
}
