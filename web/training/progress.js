// How far a run has come: its steps, what they came to, and how fast they go.

import { Curve } from "./curve.js";
import { rateAfter } from "./learning-rate.js";
import { Plan } from "./plan.js";

/**
 * @typedef {object} Epoch what one epoch came to
 * @property {number} epoch from 1
 * @property {number} step steps until its end
 * @property {number} seconds of training until its end
 * @property {number} loss mean over its examples, as its steps went
 * @property {number} accuracy
 * @property {number} valLoss NaN without validation examples
 * @property {number} valAccuracy
 * @property {Uint32Array} confusion [classes, classes], what it is by what it was taken for; empty without validation
 *   examples
 * @property {import("./validation.js").Wrong[]} wrong validation examples, the most confidently wrong first
 */
/** @typedef {{ step: number, rate: number }} RateChange of the learning rate while the run went on */
/** @typedef {import("./snapshots.js").Snapshot} Snapshot */
/** @typedef {import("./validation.js").Validated} Validated */

export class Progress {
  step = 0;
  /** Of training so far, evaluation left out. */
  seconds = 0;
  curve = new Curve();
  /** Those that are over, and measured. @type {Epoch[]} */
  epochs = [];
  /** @type {RateChange[]} */
  changes = [];
  /** Images a second over the last second or so. */
  speed = 0;
  #settings;
  /** Sums over the examples of this epoch. */
  #sums = { examples: 0, loss: 0, accuracy: 0 };

  /** @param {import("./run-model.js").Settings} settings @param {number} examples to learn from */
  constructor(settings, examples) {
    this.#settings = settings;
    this.plan = new Plan(examples, settings.batchSize, settings.epochs);
  }

  get sums() {
    return { ...this.#sums };
  }

  /** Whether an epoch is over that has not been measured yet. */
  get isEpochOver() {
    return this.step === (this.epochs.length + 1) * this.plan.stepsPerEpoch;
  }

  /** The learning rate of the next step. */
  get rate() {
    const { schedule, optimizer } = this.#settings;
    const first = this.changes.at(-1)?.rate ?? optimizer.config["learning_rate"];
    return rateAfter(schedule, Number(first), this.step / this.plan.totalSteps);
  }

  /** In seconds, at the speed so far. @param {number} validating seconds that it takes to measure an epoch */
  timeLeft(validating) {
    if (!this.step) return NaN;
    const training = ((this.plan.totalSteps - this.step) * this.seconds) / this.step;
    return training + (this.#settings.epochs - this.epochs.length) * validating;
  }

  /**
   * @param {import("../convscope.js").History} history of the steps that have been taken
   * @param {number} seconds that they took
   * @returns {number | undefined} the step whose loss was no number, if there is one: it and what follows count for nothing
   */
  add({ loss, accuracy }, seconds) {
    for (const [index, value] of loss.entries()) {
      if (!Number.isFinite(value)) return this.step + index + 1;
      const at = this.seconds + (seconds * (index + 1)) / loss.length;
      this.curve.add({ step: this.step + index + 1, seconds: at, loss: value, accuracy: accuracy[index] });
      const examples = this.plan.batchAt(this.step + index);
      this.#sums.examples += examples;
      this.#sums.loss += examples * value;
      this.#sums.accuracy += examples * accuracy[index];
    }
    this.step += loss.length;
    this.seconds += seconds;
    // Browsers round their clocks: a short portion can take no time at all.
    if (loss.length > 0 && seconds > 0) {
      const weight = Math.min(1, seconds);
      const speed = (loss.length * this.#settings.batchSize) / seconds;
      this.speed = this.speed ? this.speed + weight * (speed - this.speed) : speed;
    }
    return undefined;
  }

  /** An epoch is over. @param {() => Promise<Validated>} validate @returns {Promise<Epoch>} what it came to */
  async endEpoch(validate) {
    const { examples, loss, accuracy } = this.#sums;
    this.#sums = { examples: 0, loss: 0, accuracy: 0 };
    const validated = await validate();
    const { step, seconds } = this;
    const means = { loss: loss / examples, accuracy: accuracy / examples };
    const epoch = { epoch: this.epochs.length + 1, step, seconds, ...means, ...validated };
    this.epochs.push(epoch);
    return epoch;
  }

  /** Forgets what came after. @param {Snapshot} snapshot */
  backTo({ step, epoch, sums }) {
    this.step = step;
    this.curve.cut(step);
    this.epochs = this.epochs.slice(0, epoch);
    this.seconds = Math.max(this.epochs.at(-1)?.seconds ?? 0, this.curve.seconds.at(-1) ?? 0);
    this.#sums = { ...sums };
  }
}
