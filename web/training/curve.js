// Loss and accuracy step by step, in bounded memory.

/** The most points that a curve keeps. */
const MOST_POINTS = 2048;

/** @typedef {{ stride: number, steps: number[], loss: number[], accuracy: number[] }} Points */

/** Means over equally many steps each. When there are too many points, every two become one. */
export class Curve {
  /** How many steps one point stands for. */
  stride = 1;
  /** The last step of each point, from 1. @type {number[]} */
  steps = [];
  /** @type {number[]} */
  loss = [];
  /** @type {number[]} */
  accuracy = [];
  #count = 0;
  #loss = 0;
  #accuracy = 0;

  /** @param {number} step from 1 @param {number} loss @param {number} accuracy */
  add(step, loss, accuracy) {
    this.#count += 1;
    this.#loss += loss;
    this.#accuracy += accuracy;
    if (this.#count < this.stride) return;
    this.steps.push(step);
    this.loss.push(this.#loss / this.#count);
    this.accuracy.push(this.#accuracy / this.#count);
    this.#count = this.#loss = this.#accuracy = 0;
    if (this.steps.length === MOST_POINTS) this.#thin();
  }

  /** What is drawn, as it can be written down. @returns {Points} */
  get points() {
    const { stride, steps, loss, accuracy } = this;
    return { stride, steps, loss, accuracy };
  }

  set points(points) {
    Object.assign(this, points);
  }

  #thin() {
    this.stride *= 2;
    this.steps = this.steps.filter((_, index) => index % 2 === 1);
    this.loss = halved(this.loss);
    this.accuracy = halved(this.accuracy);
  }

  /** @param {number} step what comes after it is forgotten */
  cut(step) {
    const kept = this.steps.filter((one) => one <= step).length;
    this.steps.length = this.loss.length = this.accuracy.length = kept;
    this.#count = this.#loss = this.#accuracy = 0;
  }
}

/** @param {number[]} values */
function halved(values) {
  return values.filter((_, index) => index % 2 === 1).map((value, index) => (value + values[2 * index]) / 2);
}
