// One network learning one data set: what a person does with it, how it goes on, and how it gets over what goes wrong.

import { isEngineError } from "../engine/errors.js";
import { BetweenSteps } from "./between-steps.js";
import { Course } from "./course.js";
import { diverged, goesOnFrom } from "./words.js";

/** @typedef {import("../convscope.js").LabelledImages} Examples */
/** @typedef {import("./snapshots.js").Snapshot} Snapshot */
/** @typedef {"new" | "paused" | "running" | "finished" | "failed"} State */

/**
 * Listeners are told no more often: each time, the page draws much of itself anew, which training waits for where cores
 * are few.
 */
const TELL_MS = 200;

/** What a run tells, "progress" a few times a second. */
export const RUN_EVENTS = /** @type {const} */ (["progress", "snapshot", "epoch", "state"]);

/** Events: {@link RUN_EVENTS}. */
export class Run extends EventTarget {
  /** @type {State} */
  state = "new";
  /** Why it failed or was set back, and what to do. @type {string | undefined} */
  problem;
  /** Whether that is because the loss was no finite number any more. */
  diverged = false;
  #engine;
  #settings;
  #course;
  #between = new BetweenSteps();
  /** @type {Promise<void>} */
  #advancing = Promise.resolve();
  #toldAt = 0;
  /** When the last step came in. */
  #heardAt = 0;
  #underWay = false;
  /** The step at which the loss was no number any more. @type {number | undefined} */
  #divergedAt;
  /** That the engine has started again, and the model may have other weights since. @type {Error | undefined} */
  #interruption;

  /** @param {import("./run-model.js").Options} options */
  constructor(options) {
    super();
    const { engine, training, settings } = options;
    this.#engine = engine;
    this.#settings = { ...settings, batchSize: Math.min(settings.batchSize, training.labels.length) };
    this.#course = new Course({ ...options, settings: this.#settings });
  }

  /** Builds the network with its first weights. */
  async prepare() {
    await this.#course.learner.prepare();
    await this.#keep();
    this.#engine.restarts.addEventListener("restart", this.#restarted);
    this.#become("paused");
  }

  get model() {
    return this.#course.learner.model;
  }

  /** Leaves the model to who shows it: it is not freed with the run. */
  releaseModel() {
    this.#course.learner.model = undefined;
  }

  get snapshots() {
    return this.#course.snapshots;
  }

  /** The snapshot that the model shows, if it isn't the newest state. */
  get shown() {
    return this.#course.shown;
  }

  /** The epoch whose weights early stopping has brought back in the end. */
  get restored() {
    return this.#course.restored;
  }

  /** What it takes to go on with it elsewhere; there is one as soon as it is prepared. */
  get record() {
    return this.#course.record;
  }

  get #progress() {
    return this.#course.progress;
  }

  get settings() {
    return this.#settings;
  }

  get step() {
    return this.#progress.step;
  }

  /** Of training so far, evaluation left out. */
  get seconds() {
    return this.#progress.seconds;
  }

  get curve() {
    return this.#progress.curve;
  }

  get epochs() {
    return this.#progress.epochs;
  }

  /** Those of the learning rate while it ran. */
  get changes() {
    return this.#progress.changes;
  }

  /** Images a second over the last second or so. */
  get speed() {
    return this.#progress.speed;
  }

  /** The learning rate of the next step. */
  get rate() {
    return this.#progress.rate;
  }

  get stepsPerEpoch() {
    return this.#progress.plan.stepsPerEpoch;
  }

  get totalSteps() {
    return this.#progress.plan.totalSteps;
  }

  get examplesSeen() {
    return this.#progress.plan.examplesAfter(this.step);
  }

  /** In seconds, at the speed so far, with the validation after every epoch. */
  get timeLeft() {
    return this.#course.timeLeft;
  }

  /** The last that was measured of the weights that the model shows. */
  get measured() {
    return this.shown ? this.shown.metrics : this.epochs.at(-1);
  }

  /** Whether no step is under way. */
  get rests() {
    return !this.#underWay && this.state !== "new";
  }

  /** Seconds since the last step has come in, while the next is under way. */
  get waited() {
    return this.#underWay ? (performance.now() - this.#heardAt) / 1000 : 0;
  }

  // What a person does

  start() {
    return this.#go(() => this.totalSteps);
  }

  stepOnce() {
    return this.#go(() => this.step + 1);
  }

  finishEpoch() {
    return this.#go(() => (this.epochs.length + 1) * this.stepsPerEpoch);
  }

  /**
   * Learns until it has seen so many examples, or one batch more where they don't fill one. No snapshot is kept for the
   * rest that follows: this is one of many turns.
   *
   * @param {number} examples
   */
  learnUntil(examples) {
    return this.#go(() => this.#progress.plan.stepsFor(examples), { keeps: false });
  }

  /** Resolves when it has come to rest. */
  pause() {
    if (this.state === "running") this.#become("paused");
    return this.#advancing;
  }

  /** @param {number} rate of the steps to come */
  async setLearningRate(rate) {
    const set = async () => {
      const { last } = this.snapshots;
      try {
        if (last && last.step !== this.step) await this.#keep();
        await this.#course.setLearningRate(rate);
      } catch (error) {
        if (!isTrap(error)) throw error;
        // The page shows it already: what is brought back learns at it.
        this.#course.note(rate);
        if (this.#underWay) this.#interruption ??= error;
        else await this.#recover(error);
      }
    };
    await (this.state === "running" ? this.#between.add(set) : set());
  }

  /** The newest snapshot was written down. @param {number} seconds from when it was taken */
  wrote(seconds) {
    this.#course.pace.wrote(seconds);
  }

  /** Back to the first weights. */
  async reset() {
    const [first] = this.snapshots.all;
    if (first) await this.resume(first);
  }

  /**
   * Goes back to how it was then, and forgets what came after.
   *
   * @param {Snapshot} snapshot
   */
  async resume(snapshot) {
    await this.pause();
    try {
      await this.#backTo(snapshot);
      this.problem = undefined;
      this.diverged = false;
      this.#become("paused");
    } catch (error) {
      await this.#recover(error);
    }
  }

  /** @param {Snapshot} snapshot */
  async #backTo(snapshot) {
    await this.#course.backTo(snapshot);
    this.#divergedAt = undefined;
  }

  /**
   * Gives the model the weights that it had then, to be looked at; nothing is forgotten.
   *
   * @param {Snapshot} snapshot
   */
  async show(snapshot) {
    await this.pause();
    try {
      const { last } = this.snapshots;
      if (last && last.step !== this.step) await this.#keep();
      await this.#course.show(snapshot);
      this.#become(this.state);
    } catch (error) {
      await this.#recover(error);
    }
  }

  /**
   * What the model makes of examples that neither learning nor any choice has seen.
   *
   * @param {Examples} examples
   */
  async measure(examples) {
    const { step } = this.shown ?? this;
    return { step, ...(await this.#course.learner.measure(examples)) };
  }

  /**
   * Goes on where a run of the same network, seed, settings and examples was.
   *
   * @param {import("./course.js").RunRecord} record
   * @throws {Error} one sentence, if it is not of such a run, or training cannot go on from there; this run is of no use then
   */
  async takeUp(record) {
    await this.#course.takeUp(record);
    this.#become("paused");
  }

  async close() {
    this.#engine.restarts.removeEventListener("restart", this.#restarted);
    await this.pause();
    await this.#course.learner.close();
  }

  // How it goes

  /** @param {State} state */
  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }

  /**
   * @param {() => number} end the step at which it comes to rest, asked for once it rests from what went before
   * @param {{ keeps?: boolean }} [rest] whether there is a snapshot of it then
   */
  async #go(end, { keeps = true } = {}) {
    if (!this.#canBegin) return;
    await this.#advancing;
    if (this.shown && this.snapshots.last) await this.show(this.snapshots.last);
    // Somebody else may have waited for the same rest.
    if (!this.#canBegin) return;
    this.problem = undefined;
    this.diverged = false;
    this.#toldAt = -Infinity;
    this.#course.begin();
    this.#become("running");
    this.#underWay = true;
    this.#heardAt = performance.now();
    const advancing = this.#advance(Math.min(end(), this.totalSteps), keeps);
    this.#advancing = advancing
      .catch((error) => this.#recover(error))
      .finally(async () => {
        this.#underWay = false;
        // What has waited for steps that never came to an end.
        await this.#between.come();
        this.dispatchEvent(new Event("state"));
      });
    await this.#advancing;
  }

  /** @param {number} until @param {boolean} keeps */
  async #advance(until, keeps) {
    let stops = false;
    const { last } = this.snapshots;
    if (last?.step === this.step && !(await this.#course.learner.isAt(last))) await this.#backTo(last);
    while (this.state === "running" && !stops && (this.step < until || this.#progress.isEpochOver)) {
      if (!this.#progress.isEpochOver) await this.#take(Math.min(until, this.#progress.plan.stopAfter(this.step)));
      await this.#between.come();
      if (this.#interruption) throw this.#interruption;
      if (this.#divergedAt !== undefined) return this.#diverge(this.#divergedAt);
      if (this.#progress.sums.examples === 0) continue;
      if (this.#progress.isEpochOver) stops = await this.#endEpoch();
      else if (isPowerOfTwo(this.step)) await this.#keep();
      else if (this.#course.isDue) await this.#keep({ passing: this.#course.pace.isEarly });
    }
    await this.#between.come();
    if (keeps && this.snapshots.last?.step !== this.step) await this.#keep();
    if (this.#divergedAt !== undefined) return this.#diverge(this.#divergedAt);
    if (stops || (this.state === "running" && this.step >= this.totalSteps)) {
      await this.#course.finish();
      this.#become("finished");
    } else if (this.state === "running") this.#become("paused");
  }

  get #canBegin() {
    return this.state !== "running" && this.state !== "new";
  }

  /** Takes steps up to `end`, unless something else is to be done first. @param {number} end */
  async #take(end) {
    const goesOn = () => this.state === "running" && !this.#between.isWaitedFor && !this.#interruption;
    for await (const { divergedAt, count } of this.#course.steps(end, goesOn)) {
      this.#divergedAt = divergedAt;
      if (count === 0) continue;
      this.#heardAt = performance.now();
      if (this.#heardAt - this.#toldAt < TELL_MS) continue;
      this.#toldAt = this.#heardAt;
      this.dispatchEvent(new Event("progress"));
    }
  }

  /** Measures what the epoch came to. @returns {Promise<boolean>} whether early stopping ends the training here */
  async #endEpoch() {
    if (this.#course.isDueBeforeMeasuring) await this.#keep({ passing: true });
    const { isFinite, stops } = await this.#course.endEpoch();
    this.#kept(isFinite);
    this.dispatchEvent(new Event("epoch"));
    return stops;
  }

  /** @param {{ passing?: boolean }} [about] */
  async #keep(about) {
    this.#kept(await this.#course.keep(about));
  }

  /** @param {boolean} isFinite whether there were numbers to keep */
  #kept(isFinite) {
    if (isFinite) this.dispatchEvent(new Event("snapshot"));
    else this.#divergedAt = this.step;
  }

  /** @param {Event} event whose detail is why the engine has started again */
  #restarted = (event) => {
    const interruption = /** @type {CustomEvent<Error>} */ (event).detail;
    const { last } = this.snapshots;
    if (this.#underWay) this.#interruption = interruption;
    // What rests where its newest snapshot was taken is there again, and so is what was edited since.
    else if (last && last.step !== this.step) this.#advancing = this.#recover(interruption);
  };

  /**
   * Goes back to the newest snapshot where the engine has stopped: the model has been built again from what was known then.
   *
   * @param {unknown} error
   */
  async #recover(error) {
    const { last } = this.snapshots;
    const reason = messageOf(error);
    this.#interruption = undefined;
    if (!isTrap(error) || !last) return this.#fail(reason);
    try {
      await this.#course.learner.isAt(last);
      await this.#backTo(last);
      this.problem = goesOnFrom(reason, last.step);
      this.diverged = false;
      this.#become("paused");
    } catch (again) {
      this.#fail(messageOf(again));
    }
  }

  /** Goes back to the last good snapshot. @param {number} step where the loss was no number any more */
  async #diverge(step) {
    const { rate } = this.#course;
    await this.#backTo(this.#course.goodBefore(step));
    this.diverged = true;
    this.#fail(diverged(step, this.step, rate));
  }

  /** @param {string} problem */
  #fail(problem) {
    this.problem = problem;
    this.#become("failed");
  }
}

/** Whether the engine has stopped. @param {unknown} error @returns {error is Error} */
const isTrap = (error) => isEngineError(error) && error.code === "trap";

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/** @param {number} step */
function isPowerOfTwo(step) {
  return Number.isInteger(Math.log2(step));
}
