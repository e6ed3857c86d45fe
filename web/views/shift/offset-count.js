// How a network that was trained on centred digits reads them when they are moved.

import { shiftedImage } from "../../session/drawing.js";

/** @typedef {import("../../convscope.js").LabelledImages} Examples */
/** @typedef {import("../../convscope.js").RemoteModel} Model */
/** @typedef {[right: number, down: number]} Offset in pixels of the network's input */

/** How far the images are moved, either way. */
export const REACH = 8;
/** Offsets along one side of the map. */
export const ACROSS = 2 * REACH + 1;

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

/** Shares of which nothing has been counted yet. */
export const UNCOUNTED = new Float32Array(ACROSS * ACROSS).fill(NaN);

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

  /** @param {Offset} offset @returns {Float32Array} [n, height, width, 1] */
  moved(offset) {
    const size = this.#images[0].length;
    const all = new Float32Array(this.#images.length * size);
    this.#images.forEach((image, index) => all.set(shiftedImage(image, offset), index * size));
    return all;
  }
}

/** Counts, one offset after the other, how many images of a batch a network reads right. */
export class OffsetCount {
  /** The share that is right, [down, right] from −{@link REACH}; NaN where nothing has been counted yet. */
  shares = UNCOUNTED.slice();
  /** Offsets that have been counted. */
  done = 0;
  #model;
  #batch;

  /** @param {Model} model @param {Batch} batch */
  constructor(model, batch) {
    this.#model = model;
    this.#batch = batch;
  }

  /** @param {Batch} batch @returns {boolean} whether that is what it counts */
  of(batch) {
    return batch === this.#batch;
  }

  get finished() {
    return this.done === ORDER.length;
  }

  /** How much has been counted, 0 to 1. */
  get part() {
    return this.done / ORDER.length;
  }

  /** Counts at the next offset. */
  async step() {
    const index = ORDER[this.done];
    const { accuracy } = await this.#model.evaluate(this.#batch.moved(offsetAt(index)), this.#batch.labels, {
      loss: "sparse_categorical_crossentropy",
    });
    this.shares[index] = accuracy;
    this.done += 1;
  }

  /** The mean share at every distance from 0 to {@link REACH}; NaN where not all of it has been counted. */
  byDistance() {
    return Array.from({ length: ACROSS - REACH }, (_, far) => {
      const ring = this.shares.filter((_, index) => distance(offsetAt(index)) === far);
      return ring.reduce((sum, share) => sum + share, 0) / ring.length;
    });
  }
}
