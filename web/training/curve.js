// Loss and accuracy step by step, in bounded memory.

/** The most points that a curve keeps. */
const MOST_POINTS = 2048;

/** @typedef {{ stride: number, steps: number[], seconds: number[], loss: number[], accuracy: number[] }} Points */

/** Means over equally many steps each. When there are too many points, every two become one. */
export class Curve {
  /** How many steps one point stands for. */
  stride = 1;
  /** The last step of each point, from 1. @type {number[]} */
  steps = [];
  /** Of training until then. @type {number[]} */
  seconds = [];
  /** @type {number[]} */
  loss = [];
  /** @type {number[]} */
  accuracy = [];
  #count = 0;
  #loss = 0;
  #accuracy = 0;

  /** @param {{ step: number, seconds: number, loss: number, accuracy: number }} one step, from 1 */
  add({ step, seconds, loss, accuracy }) {
    this.#count += 1;
    this.#loss += loss;
    this.#accuracy += accuracy;
    if (this.#count < this.stride) return;
    this.steps.push(step);
    this.seconds.push(seconds);
    this.loss.push(this.#loss / this.#count);
    this.accuracy.push(this.#accuracy / this.#count);
    this.#count = this.#loss = this.#accuracy = 0;
    if (this.steps.length === MOST_POINTS) this.#thin();
  }

  /** What is drawn, as it can be written down. @returns {Points} */
  get points() {
    const { stride, steps, seconds, loss, accuracy } = this;
    return { stride, steps, seconds, loss, accuracy };
  }

  set points(points) {
    Object.assign(this, points);
  }

  #thin() {
    this.points = halfOf(this.points);
  }

  /** @param {number} step what comes after it is forgotten */
  cut(step) {
    const kept = this.steps.filter((one) => one <= step).length;
    this.steps.length = this.seconds.length = this.loss.length = this.accuracy.length = kept;
    this.#count = this.#loss = this.#accuracy = 0;
  }
}

/** @param {number} _ @param {number} index */
function isOdd(_, index) {
  return index % 2 === 1;
}

/** Every two points as one. @param {Points} points @returns {Points} */
function halfOf({ stride, steps, seconds, loss, accuracy }) {
  return {
    stride: 2 * stride,
    steps: steps.filter(isOdd),
    seconds: seconds.filter(isOdd),
    loss: halved(loss),
    accuracy: halved(accuracy),
  };
}

/** @param {Points} points @param {number} most of them @returns {Points} the same course in fewer points */
export function thinned(points, most) {
  return points.steps.length > most ? thinned(halfOf(points), most) : points;
}

/** @param {number[]} values */
function halved(values) {
  return values.filter(isOdd).map((value, index) => (value + values[2 * index]) / 2);
}

/**
 * Each value's mean with those before it, as many as stand for the same examples whatever the batch size.
 *
 * @param {number[]} values
 * @param {number} width of them at most
 */
export function runningMean(values, width) {
  let sum = 0;
  return values.map((value, index) => {
    sum += value - (index >= width ? values[index - width] : 0);
    return sum / Math.min(index + 1, width);
  });
}
