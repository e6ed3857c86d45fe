// The course of a run: its model, how far that has come, and how it was before, which always tell of one moment.

import { EarlyStopping, monitored } from "./early-stopping.js";
import { inTurn } from "./in-turn.js";
import { checkFits } from "./kept-record.js";
import { Pace } from "./pace.js";
import { Progress } from "./progress.js";
import { RunModel } from "./run-model.js";
import { Snapshots } from "./snapshots.js";

/** @typedef {import("./progress.js").Epoch} Epoch */
/** @typedef {import("./snapshots.js").Snapshot} Snapshot */
/**
 * @typedef {object} RunRecord what it takes to go on with a run elsewhere, or after a reload
 * @property {Snapshot} snapshot where it goes on
 * @property {Snapshot} [best] that early stopping would go back to
 * @property {Epoch[]} epochs
 * @property {import("./curve.js").Points} curve
 * @property {import("./progress.js").RateChange[]} changes
 */

/** Portions that the worker has before it, so that a page that draws doesn't keep it waiting. */
const PORTIONS_AHEAD = 2;
/** A portion takes longer, in seconds, where a step does: a second one under way would only delay a pause or a snapshot. */
const LONG_PORTION = 0.5;

export class Course {
  snapshots = new Snapshots();
  /** The snapshot that the model shows, if it isn't the newest state. @type {Snapshot | undefined} */
  shown;
  /** The epoch whose weights early stopping has brought back in the end. @type {Epoch | undefined} */
  restored;
  pace = new Pace();
  #options;
  #stopping;
  /** Seconds that the last portion of steps took. */
  #portion = Infinity;
  /** Seconds that the last validation took. @type {number | undefined} */
  #validating;

  /** @param {import("./run-model.js").Options} options */
  constructor(options) {
    this.#options = options;
    this.progress = new Progress(options.settings, options.training.labels.length);
    this.learner = new RunModel(options, this.progress.plan.totalSteps);
    this.#stopping = this.#watchedEpochs();
  }

  /** The rate that was set last, whatever the schedule makes of it. */
  get rate() {
    return Number(this.progress.changes.at(-1)?.rate ?? this.#options.settings.optimizer.config["learning_rate"]);
  }

  /** In seconds, at the speed so far, with the validation after every epoch. */
  get timeLeft() {
    return this.progress.timeLeft(this.#validating ?? 0);
  }

  /** It goes on from a rest. */
  begin() {
    if (this.snapshots.last?.step === this.progress.step) this.pace.begin(seconds());
  }

  /** Whether it is time for a snapshot of what has been learnt since the last. */
  get isDue() {
    return this.snapshots.last?.step !== this.progress.step && this.pace.isDue(seconds());
  }

  /**
   * Takes steps up to `end` as long as nothing else is to be done first, and tells of each portion of them how many counted
   * and, in the end, at which the loss was no number.
   *
   * @param {number} end
   * @param {() => boolean} goesOn
   */
  async *steps(end, goesOn) {
    const { learner, progress } = this;
    /** @type {number | undefined} */
    let divergedAt;
    const isNext = () => goesOn() && progress.step < end && divergedAt === undefined && !this.isDue;
    const ahead = () => (this.#portion < LONG_PORTION ? PORTIONS_AHEAD : 1);
    for await (const { answer, seconds: took } of inTurn(() => learner.fit(end), isNext, ahead)) {
      this.#portion = took;
      if (divergedAt !== undefined) continue;
      divergedAt = progress.add(answer, took);
      yield { divergedAt, count: divergedAt === undefined ? answer.loss.length : 0 };
    }
  }

  /** @param {Pick<Snapshot, "metrics" | "passing">} [about] @returns {Promise<boolean>} whether there were numbers to keep */
  async keep(about) {
    const { step, epochs, sums } = this.progress;
    const now = seconds();
    const bytes = await this.learner.checkpoint();
    if (!bytes) return false;
    this.snapshots.add({ step, epoch: epochs.length, sums, bytes, ...about });
    this.pace.keep(now);
    return true;
  }

  /** @param {number} rate of the steps to come */
  async setLearningRate(rate) {
    await this.learner.setLearningRate(rate);
    this.note(rate);
  }

  /** Notes it alone: {@link backTo} sets it. @param {number} rate */
  note(rate) {
    this.progress.changes.push({ step: this.progress.step, rate });
  }

  /** Goes back to how it was then, and forgets what came after. @param {Snapshot} snapshot */
  async backTo(snapshot) {
    const { learner, progress } = this;
    await learner.compile();
    await learner.load(snapshot.bytes);
    const rate = progress.changes.at(-1)?.rate;
    progress.changes = progress.changes.filter(({ step }) => step < snapshot.step);
    // The rate that was set last stays set: it is the one that a page shows.
    if (rate !== undefined) {
      await learner.setLearningRate(rate);
      if (progress.changes.at(-1)?.rate !== rate) progress.changes.push({ step: snapshot.step, rate });
    }
    progress.backTo(snapshot);
    this.pace.begin(seconds());
    this.snapshots.cut(snapshot.step);
    this.shown = this.restored = undefined;
    this.#stopping = this.#watchedEpochs();
    this.#keepBest();
  }

  /** Gives the model the weights that it had then; nothing is forgotten. @param {Snapshot} snapshot */
  async show(snapshot) {
    this.shown = snapshot === this.snapshots.last ? undefined : snapshot;
    await this.learner.load(snapshot.bytes);
  }

  /** Early stopping as it is after the epochs so far, if it was asked for. */
  #watchedEpochs() {
    const { earlyStopping } = this.#options.settings;
    const stopping = earlyStopping && new EarlyStopping(earlyStopping);
    this.progress.epochs.forEach((epoch, index) => stopping?.stopsAfter(index, monitored(epoch)));
    return stopping;
  }

  /** Notes which snapshot early stopping would go back to. */
  #keepBest() {
    if (!this.#options.settings.earlyStopping?.restore_best_weights) return;
    this.snapshots.best = this.snapshots.ofEpoch((this.#stopping?.bestEpoch ?? -1) + 1);
  }

  /** Whether the epoch that is over is to be kept before it is measured, for as long as that takes. */
  get isDueBeforeMeasuring() {
    return this.pace.isDue(seconds() + (this.#validating ?? Infinity));
  }

  /** Measures what the epoch came to, and keeps that. */
  async endEpoch() {
    const metrics = await this.progress.endEpoch(async () => {
      const began = seconds();
      const validated = await this.learner.validate();
      this.#validating = seconds() - began;
      return validated;
    });
    const isFinite = await this.keep({ metrics });
    const stops = this.#stopping?.stopsAfter(metrics.epoch - 1, monitored(metrics)) ?? false;
    this.#keepBest();
    return { isFinite, stops };
  }

  /** Training is over, whether it was stopped early or not: as in Keras, the best weights come back in either case. */
  async finish() {
    const { best } = this.snapshots;
    if (best) await this.show(best);
    this.restored = best?.metrics;
  }

  /** The newest snapshot that is good where the loss was no number at that step. @param {number} step */
  goodBefore(step) {
    const change = this.progress.changes.at(-1);
    // Weights can be past saving for some steps before the loss shows it, above all since the rate was changed.
    const recent = change && step - change.step <= this.progress.plan.stepsPerEpoch ? change.step : Infinity;
    const { all } = this.snapshots;
    return all.filter((snapshot) => snapshot.step <= Math.min(recent, step - 2)).at(-1) ?? all[0];
  }

  /** There is one as soon as it is prepared. @returns {RunRecord | undefined} */
  get record() {
    const { last: snapshot, best } = this.snapshots;
    const { epochs, changes, curve } = this.progress;
    return snapshot && { snapshot, best, epochs, changes, curve: curve.points };
  }

  /**
   * Goes on where one of the same network, seed, settings and examples was.
   *
   * @param {RunRecord} record
   * @throws {Error} one sentence, if it is not of such a run, or training cannot go on from there
   */
  async takeUp(record) {
    const { snapshot, best, epochs, curve, changes } = record;
    const { training, validation } = this.#options;
    const { progress, snapshots, learner } = this;
    const counts = { examples: training.labels.length, validation: validation?.labels.length ?? 0 };
    checkFits(record, { plan: progress.plan, ...counts });
    Object.assign(progress, { epochs, changes });
    progress.curve.points = curve;
    if (best && best.step < snapshot.step) snapshots.add(best);
    snapshots.add(snapshot);
    await this.backTo(snapshot);
    await learner.tryOut();
    await this.backTo(snapshot);
  }
}

/** By a clock that nobody sets. */
const seconds = () => performance.now() / 1000;
