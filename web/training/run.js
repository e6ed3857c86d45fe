// One network learning one data set: its steps, what came of them, and how it was before.

import { isEngineError } from "../engine/errors.js";
import { checkpointOf, stepsOf, tryOut } from "./checkpoint.js";
import { Curve } from "./curve.js";
import { datasetsOf } from "./datasets.js";
import { EarlyStopping, monitored } from "./early-stopping.js";
import { inTurn } from "./in-turn.js";
import { checkFits } from "./kept-record.js";
import { rateAfter, scheduled } from "./learning-rate.js";
import { Pace } from "./pace.js";
import { Plan } from "./plan.js";
import { Snapshots } from "./snapshots.js";
import { validate } from "./validation.js";
import { diverged, goesOnFrom } from "./words.js";

/** @typedef {import("../convscope.js").RemoteEngine} Engine */
/** @typedef {import("../convscope.js").RemoteModel} Model */
/** @typedef {import("./datasets.js").Datasets} Datasets */
/** @typedef {import("../convscope.js").LabelledImages} Examples */
/** @typedef {import("./snapshots.js").Snapshot} Snapshot */
/**
 * @typedef {object} Settings
 * @property {{ class_name: string, config: Record<string, unknown> }} optimizer as Keras serialises it
 * @property {"constant" | "cosine"} [schedule] of the learning rate: as the optimiser has it throughout, which is the
 *   default, or falling from there to 0 along half a cosine by the end of the last epoch
 * @property {string} loss
 * @property {number} batchSize
 * @property {number} epochs
 * @property {import("../convscope.js").Augmentation} [augmentation]
 * @property {import("./early-stopping.js").Arguments} [earlyStopping]
 */
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
 * @property {Wrong[]} wrong validation examples, the most confidently wrong first
 */
/** @typedef {{ index: number, label: number, answer: number, probability: number }} Wrong an example read wrongly */
/**
 * @typedef {object} RunRecord what it takes to go on with a run elsewhere, or after a reload
 * @property {Snapshot} snapshot where it goes on
 * @property {Snapshot} [best] that early stopping would go back to
 * @property {Epoch[]} epochs
 * @property {import("./curve.js").Points} curve
 * @property {{ step: number, rate: number }[]} changes
 */
/** @typedef {"new" | "paused" | "running" | "finished" | "failed"} State */

/** How long the worker takes steps before it tells what they came to. */
const PORTION_MS = 40;
/** Portions that the worker has before it, so that a page that draws doesn't keep it waiting. */
const PORTIONS_AHEAD = 2;
/** A step on so many examples takes much longer than the page to draw; a second one under way would only delay a pause. */
const LONG_BATCH = 512;
/**
 * Listeners are told no more often: each time, the page draws much of itself anew, which training waits for where cores
 * are few.
 */
const TELL_MS = 200;

/** What is known without validation examples. */
const UNKNOWN = { valLoss: NaN, valAccuracy: NaN, confusion: new Uint32Array(), wrong: [] };

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
  step = 0;
  /** Of training so far, evaluation left out. */
  seconds = 0;
  curve = new Curve();
  /** @type {Epoch[]} */
  epochs = [];
  snapshots = new Snapshots();
  /** The snapshot that the model shows, if it isn't the newest state. @type {Snapshot | undefined} */
  shown;
  /** The epoch whose weights early stopping has brought back in the end. @type {Epoch | undefined} */
  restored;
  /** Changes of the learning rate while it ran. @type {{ step: number, rate: number }[]} */
  changes = [];
  /** Images a second over the last second or so. */
  speed = 0;

  /** @type {Model | undefined} */
  model;
  #engine;
  #config;
  #seed;
  #examples;
  #settings;
  #plan;
  /** @type {Datasets | undefined} */
  #datasets;
  /** Whether they are another's, who frees them. */
  #borrows;
  /** @type {EarlyStopping | undefined} */
  #stopping;
  /** Sums over the examples of this epoch. */
  #sums = { examples: 0, loss: 0, accuracy: 0 };
  /** What changes the model waits until the portions under way are over. @type {(() => Promise<void>)[]} */
  #waiting = [];
  /** @type {Promise<void>} */
  #advancing = Promise.resolve();
  #toldAt = 0;
  #pace = new Pace();
  /** When the last step came in. */
  #heardAt = 0;
  #underWay = false;
  /** Seconds that the last validation took. */
  #validating = 0;
  /** The step at which the loss was no number any more. @type {number | undefined} */
  #divergedAt;
  /** That the engine has started again, and the model may have other weights since. @type {Error | undefined} */
  #interruption;

  /**
   * @param {object} options
   * @param {Engine} options.engine
   * @param {object} options.config what `keras.Sequential.to_json()` writes
   * @param {number} options.seed of weights, order, dropout and augmentation
   * @param {Examples} options.training
   * @param {Examples} [options.validation]
   * @param {Settings} options.settings
   * @param {Datasets} [options.datasets] the examples in the engine, if they are there already; whoever gives them
   *   frees them
   */
  constructor({ engine, config, seed, training, validation, settings, datasets }) {
    super();
    this.#engine = engine;
    this.#config = config;
    this.#seed = seed;
    this.#examples = { training, validation };
    this.#datasets = datasets;
    this.#borrows = datasets !== undefined;
    const examples = training.labels.length;
    this.#settings = { ...settings, batchSize: Math.min(settings.batchSize, examples) };
    this.#plan = new Plan(examples, this.#settings.batchSize, settings.epochs);
  }

  /** Builds the network with its first weights. */
  async prepare() {
    const { Model } = this.#engine;
    this.model = await Model.fromConfig(/** @type {any} */ (this.#config), { seed: this.#seed });
    await this.#compile();
    this.#datasets ??= await datasetsOf(this.#engine, this.#examples);
    await this.#keep();
    this.#engine.restarts.addEventListener("restart", this.#restarted);
    this.#become("paused");
  }

  async #compile() {
    const { loss, earlyStopping } = this.#settings;
    await this.#built.compile({ optimizer: scheduled(this.#settings, this.totalSteps), loss });
    this.#stopping = earlyStopping && new EarlyStopping(earlyStopping);
  }

  get #built() {
    if (!this.model || !this.#engine) throw new Error("The run is not prepared yet.");
    return this.model;
  }

  get settings() {
    return this.#settings;
  }

  get stepsPerEpoch() {
    return this.#plan.stepsPerEpoch;
  }

  get totalSteps() {
    return this.#plan.totalSteps;
  }

  /** The last that was measured of the weights that the model shows. @returns {Epoch | undefined} */
  get measured() {
    return this.shown ? this.shown.metrics : this.epochs.at(-1);
  }

  /** Epochs that are over. */
  get epoch() {
    return this.#plan.epochsAfter(this.step);
  }

  get examplesSeen() {
    return this.#plan.examplesAfter(this.step);
  }

  /** The learning rate of the next step. */
  get rate() {
    const first = this.changes.at(-1)?.rate ?? this.#settings.optimizer.config["learning_rate"];
    return rateAfter(this.#settings.schedule, Number(first), this.step / this.totalSteps);
  }

  /** In seconds, at the speed so far, with the validation after every epoch. */
  get timeLeft() {
    if (!this.step) return NaN;
    const training = ((this.totalSteps - this.step) * this.seconds) / this.step;
    return training + (this.#settings.epochs - this.epoch) * this.#validating;
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
    return this.#go(() => (this.epoch + 1) * this.stepsPerEpoch);
  }

  /**
   * Learns until it has seen so many examples, or one batch more where they don't fill one. No snapshot is kept for the
   * rest that follows: this is one of many turns.
   *
   * @param {number} examples
   */
  learnUntil(examples) {
    return this.#go(() => this.#plan.stepsFor(examples), { keeps: false });
  }

  /** Resolves when it has come to rest. */
  pause() {
    if (this.state === "running") this.#become("paused");
    return this.#advancing;
  }

  /** @param {number} rate of the steps to come */
  async setLearningRate(rate) {
    await this.#between(async () => {
      if (this.snapshots.last && this.snapshots.last.step !== this.step) await this.#keep();
      await this.#built.setLearningRate(rate);
      this.changes.push({ step: this.step, rate });
    });
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
      await this.#return(snapshot);
      this.problem = undefined;
      this.diverged = false;
      this.#become("paused");
    } catch (error) {
      await this.#recover(error);
    }
  }

  /** @param {Snapshot} snapshot */
  async #return(snapshot) {
    await this.#compile();
    await this.#built.loadSafetensors(snapshot.bytes);
    const rate = this.changes.at(-1)?.rate;
    this.changes = this.changes.filter(({ step }) => step < snapshot.step);
    // The rate that was set last stays set: it is the one that a page shows.
    if (rate !== undefined) {
      await this.#built.setLearningRate(rate);
      if (this.changes.at(-1)?.rate !== rate) this.changes.push({ step: snapshot.step, rate });
    }
    this.step = snapshot.step;
    this.curve.cut(snapshot.step);
    this.epochs = this.epochs.filter(({ step }) => step <= snapshot.step);
    this.seconds = Math.max(this.epochs.at(-1)?.seconds ?? 0, this.curve.seconds.at(-1) ?? 0);
    this.#pace.begin(this.seconds);
    this.snapshots.cut(snapshot.step);
    this.shown = this.restored = undefined;
    this.#sums = { ...snapshot.sums };
    this.#divergedAt = undefined;
    this.epochs.forEach((epoch, index) => this.#stopping?.stopsAfter(index, monitored(epoch)));
    this.#keepBest();
  }

  /** Notes which snapshot early stopping would go back to. */
  #keepBest() {
    if (!this.#settings.earlyStopping?.restore_best_weights) return;
    this.snapshots.best = this.snapshots.ofEpoch((this.#stopping?.bestEpoch ?? -1) + 1);
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
      await this.#bringBack(snapshot);
      this.#become(this.state);
    } catch (error) {
      await this.#recover(error);
    }
  }

  /** @param {Snapshot} snapshot */
  async #bringBack(snapshot) {
    this.shown = snapshot === this.snapshots.last ? undefined : snapshot;
    await this.#built.loadSafetensors(snapshot.bytes);
  }

  /**
   * What the model makes of examples that neither learning nor any choice has seen.
   *
   * @param {Examples} examples
   */
  async measure(examples) {
    const { pixels, labels, shape } = examples;
    const { step } = this.shown ?? this;
    const data = await new this.#engine.Dataset(pixels, labels, { shape });
    try {
      return { step, ...(await validate(this.#built, data, labels)) };
    } finally {
      await data.free();
    }
  }

  /** There is one as soon as it is prepared. @returns {RunRecord | undefined} */
  get record() {
    const { last: snapshot, best } = this.snapshots;
    const { epochs, changes } = this;
    return snapshot && { snapshot, best, epochs, changes, curve: this.curve.points };
  }

  /**
   * Goes on where a run of the same network, seed, settings and examples was.
   *
   * @param {RunRecord} record
   * @throws {Error} one sentence, if it is not of such a run, or training cannot go on from there; this run is of no use then
   */
  async takeUp(record) {
    const { snapshot, best, epochs, curve, changes } = record;
    const { training, validation } = this.#examples;
    const [examples, validated] = [training.labels.length, validation?.labels.length ?? 0];
    checkFits(record, { plan: this.#plan, examples, validation: validated });
    this.curve.points = curve;
    this.epochs = epochs;
    this.changes = changes;
    if (best && best.step < snapshot.step) this.snapshots.add(best);
    this.snapshots.add(snapshot);
    await this.#return(snapshot);
    await tryOut(this.#built, /** @type {Datasets} */ (this.#datasets).training, examples);
    await this.#return(snapshot);
    this.#become("paused");
  }

  async close() {
    this.#engine.restarts.removeEventListener("restart", this.#restarted);
    await this.pause();
    const { training, validation } = (!this.#borrows && this.#datasets) || {};
    await Promise.allSettled([this.model?.free(), training?.free(), validation?.free()]);
  }

  // How it goes

  /** @param {State} state */
  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }

  /** @param {() => Promise<void>} change of the model, not to be made while steps are under way */
  async #between(change) {
    if (this.state !== "running") return change();
    const { promise, resolve, reject } = withResolvers();
    this.#waiting.push(() => change().then(resolve, reject));
    await promise;
  }

  /**
   * @param {() => number} end the step at which it comes to rest, asked for once it rests from what went before
   * @param {{ keeps?: boolean }} [rest] whether there is a snapshot of it then
   */
  async #go(end, { keeps = true } = {}) {
    if (!this.#rests) return;
    await this.#advancing;
    if (this.shown && this.snapshots.last) await this.show(this.snapshots.last);
    // Somebody else may have waited for the same rest.
    if (!this.#rests) return;
    this.problem = undefined;
    this.diverged = false;
    this.#toldAt = -Infinity;
    this.#become("running");
    this.#underWay = true;
    this.#heardAt = performance.now();
    const advancing = this.#advance(Math.min(end(), this.totalSteps), keeps);
    this.#advancing = advancing
      .catch((error) => this.#recover(error))
      .finally(() => {
        this.#underWay = false;
        this.dispatchEvent(new Event("state"));
      });
    await this.#advancing;
  }

  /** @param {number} until @param {boolean} keeps */
  async #advance(until, keeps) {
    let stops = false;
    const { last } = this.snapshots;
    if (last?.step === this.step && !(await this.#isAt(last))) await this.#return(last);
    while (this.state === "running" && this.step < until && !stops) {
      await this.#take(Math.min(until, this.#plan.stopAfter(this.step)));
      await this.#change();
      if (this.#interruption) throw this.#interruption;
      if (this.#divergedAt !== undefined) return this.#diverge(this.#divergedAt);
      if (this.#sums.examples === 0) continue;
      if (this.step % this.stepsPerEpoch === 0) stops = await this.#endEpoch();
      else if (isPowerOfTwo(this.step)) await this.#keep();
      else if (this.#pace.isDue(this.seconds)) await this.#keep({ passing: this.#pace.isEarly });
    }
    await this.#change();
    if (keeps && this.snapshots.last?.step !== this.step) await this.#keep();
    if (this.#divergedAt !== undefined) return this.#diverge(this.#divergedAt);
    if (stops || (this.state === "running" && this.step >= this.totalSteps)) await this.#finish();
    else if (this.state === "running") this.#become("paused");
  }

  /** Training is over, whether it was stopped early or not: as in Keras, the best weights come back in either case. */
  async #finish() {
    const { best } = this.snapshots;
    if (best) await this.#bringBack(best);
    this.restored = best?.metrics;
    this.#become("finished");
  }

  get #rests() {
    return this.state !== "running" && this.state !== "new";
  }

  async #change() {
    for (const change of this.#waiting.splice(0)) await change();
  }

  /** Takes steps up to `end`, unless something else is to be done first. @param {number} end */
  async #take(end) {
    const goesOn = () =>
      this.state === "running" &&
      this.step < end &&
      this.#waiting.length === 0 &&
      this.#divergedAt === undefined &&
      !this.#interruption &&
      !this.#pace.isDue(this.seconds);
    const ahead = this.#settings.batchSize < LONG_BATCH ? PORTIONS_AHEAD : 1;
    for await (const { answer, seconds } of inTurn(() => this.#portion(end), goesOn, ahead)) {
      if (this.#divergedAt === undefined) this.#note(answer, seconds);
    }
  }

  /** @param {number} until */
  #portion(until) {
    const { batchSize, augmentation } = this.#settings;
    const options = { batchSize, seed: this.#seed, until, milliseconds: PORTION_MS, augmentation };
    const { training } = /** @type {Datasets} */ (this.#datasets);
    const portion = this.#built.fit(training, options);
    portion.catch(() => {});
    return portion;
  }

  /** @param {import("../convscope.js").History} history @param {number} seconds */
  #note({ loss, accuracy }, seconds) {
    for (const [index, value] of loss.entries()) {
      if (!Number.isFinite(value)) {
        this.#divergedAt = this.step + index + 1;
        return;
      }
      const at = this.seconds + (seconds * (index + 1)) / loss.length;
      this.curve.add({ step: this.step + index + 1, seconds: at, loss: value, accuracy: accuracy[index] });
      const examples = this.#plan.batchAt(this.step + index);
      this.#sums.examples += examples;
      this.#sums.loss += examples * value;
      this.#sums.accuracy += examples * accuracy[index];
    }
    this.step += loss.length;
    this.seconds += seconds;
    if (loss.length === 0) return;
    this.#heardAt = performance.now();
    // Browsers round their clocks: a short portion can take no time at all.
    if (seconds > 0) {
      const weight = Math.min(1, seconds);
      const speed = (loss.length * this.#settings.batchSize) / seconds;
      this.speed = this.speed ? this.speed + weight * (speed - this.speed) : speed;
    }
    if (performance.now() - this.#toldAt < TELL_MS) return;
    this.#toldAt = performance.now();
    this.dispatchEvent(new Event("progress"));
  }

  /** Measures what the epoch came to. @returns {Promise<boolean>} whether early stopping ends the training here */
  async #endEpoch() {
    const { examples, loss, accuracy } = this.#sums;
    this.#sums = { examples: 0, loss: 0, accuracy: 0 };
    const { validation } = this.#examples;
    const copied = this.#datasets?.validation;
    const began = performance.now();
    const { valLoss, valAccuracy, confusion, wrong } =
      copied && validation ? await validate(this.#built, copied, validation.labels) : UNKNOWN;
    this.#validating = (performance.now() - began) / 1000;
    const metrics = {
      epoch: this.epoch,
      step: this.step,
      seconds: this.seconds,
      loss: loss / examples,
      accuracy: accuracy / examples,
      valLoss,
      valAccuracy,
      confusion,
      wrong,
    };
    this.epochs.push(metrics);
    await this.#keep({ metrics });
    const stops = this.#stopping?.stopsAfter(metrics.epoch - 1, monitored(metrics)) ?? false;
    this.#keepBest();
    this.dispatchEvent(new Event("epoch"));
    return stops;
  }

  /** @param {Pick<Snapshot, "metrics" | "passing">} [about] */
  async #keep(about) {
    const { step, epoch } = this;
    const bytes = await checkpointOf(this.#built);
    if (!bytes) {
      this.#divergedAt = step;
      return;
    }
    this.snapshots.add({ step, epoch, sums: { ...this.#sums }, bytes, ...about });
    this.#pace.keep(this.seconds);
    this.dispatchEvent(new Event("snapshot"));
  }

  /**
   * Whether the model is where the newest snapshot was taken; what was edited by hand since then belongs to it from now on.
   *
   * @param {Snapshot} last
   */
  async #isAt(last) {
    const bytes = await checkpointOf(this.#built);
    if (!bytes || stepsOf(bytes) !== last.step) return false;
    last.bytes = bytes;
    return true;
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
    if (!isEngineError(error) || error.code !== "trap" || !last) return this.#fail(reason);
    try {
      await this.#isAt(last);
      await this.#return(last);
      this.problem = goesOnFrom(reason, last.step);
      this.diverged = false;
      this.#become("paused");
    } catch (again) {
      this.#fail(messageOf(again));
    }
  }

  /** Goes back to the last good snapshot. @param {number} step where the loss was no number any more */
  async #diverge(step) {
    const change = this.changes.at(-1);
    const rate = change?.rate ?? this.#settings.optimizer.config["learning_rate"];
    // Weights can be past saving for some steps before the loss shows it, above all since the rate was changed.
    const recent = change && step - change.step <= this.stepsPerEpoch ? change.step : Infinity;
    const { all } = this.snapshots;
    await this.#return(all.filter((snapshot) => snapshot.step <= Math.min(recent, step - 2)).at(-1) ?? all[0]);
    this.diverged = true;
    this.#fail(diverged(step, this.step, Number(rate)));
  }

  /** @param {string} problem */
  #fail(problem) {
    this.problem = problem;
    this.#become("failed");
  }
}

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/** @param {number} step */
function isPowerOfTwo(step) {
  return Number.isInteger(Math.log2(step));
}

function withResolvers() {
  let resolve = () => {};
  let reject = (/** @type {unknown} */ _reason) => {};
  /** @type {Promise<void>} */
  const promise = new Promise((one, other) => ([resolve, reject] = [one, other]));
  return { promise, resolve, reject };
}
