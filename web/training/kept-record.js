// Whether what the browser has kept of a run is one: every field is looked at before any is used, since a database can be
// damaged, or written by another version of the page.

import { bytes, count, finite, flag, index, integer, or, optional, record, text } from "../engine/checks.js";
import { stepsOf } from "./checkpoint.js";

/** @typedef {import("./kept-run.js").KeptRun} KeptRun */
/** @typedef {import("./course.js").RunRecord} RunRecord */
/** @typedef {import("./progress.js").Epoch} Epoch */
/** @template T @typedef {import("../engine/checks.js").Check<T>} Check */

/** @param {boolean} holds @param {string} name @param {string} needed @param {unknown} value */
function hold(holds, name, needed, value) {
  if (!holds) throw new Error(`${name}: needs ${needed}, got ${String(value).slice(0, 40)}`);
}

/** @template T @param {Check<T>} check @returns {Check<T[]>} */
const list = (check) => (value, name) => {
  hold(Array.isArray(value), name, "a list", typeof value);
  // A list can have holes, which `map` leaves out.
  return Array.from(/** @type {unknown[]} */ (value), (one, at) => check(one, `${name}[${at}]`));
};

/** @param {number} most @returns {Check<number>} */
const upTo = (most) => (value, name) => {
  hold(finite(value, name) >= 0 && finite(value, name) <= most, name, `a number from 0 to ${most}`, value);
  return finite(value, name);
};

/** @template {string} T @param {readonly T[]} words @returns {Check<T>} */
const oneOf = (words) => (value, name) => {
  hold(
    words.some((word) => word === value),
    name,
    words.join(" or "),
    value,
  );
  return /** @type {T} */ (value);
};

/** @type {Check<number>} NaN where nothing was validated */
const unlessUnknown = (value, name) => (Number.isNaN(value) ? NaN : finite(value, name));

/** @type {Check<object>} */
const object = (value, name) => {
  hold(Object.prototype.toString.call(value) === "[object Object]", name, "an object", typeof value);
  return /** @type {object} */ (value);
};

/** @type {Check<Uint32Array>} a square of counts, or none */
const square = (value, name) => {
  const isCounts = Object.prototype.toString.call(value) === "[object Uint32Array]";
  const length = isCounts ? /** @type {Uint32Array} */ (value).length : NaN;
  hold(
    Number.isInteger(Math.sqrt(length)),
    name,
    "as many rows as columns of counts",
    isCounts ? length : typeof value,
  );
  return /** @type {Uint32Array} */ (value);
};

/** @type {Check<Record<string, unknown>>} arguments by Keras' names */
const amounts = (value, name) => {
  const given = /** @type {Record<string, unknown>} */ (object(value, name));
  for (const [key, amount] of Object.entries(given)) if (typeof amount !== "boolean") finite(amount, key);
  upTo(Number.MAX_VALUE)(given["learning_rate"], "learning_rate");
  return given;
};

const amount = upTo(Number.MAX_VALUE);
const part = upTo(1);

/** @type {Check<Epoch>} */
const epoch = (value, name) => {
  const read = record({
    epoch: count,
    step: count,
    seconds: amount,
    loss: finite,
    accuracy: part,
    valLoss: unlessUnknown,
    valAccuracy: unlessUnknown,
    confusion: square,
    wrong: list(record({ index, label: index, answer: index, probability: finite })),
  })(value, name);
  const classes = Math.sqrt(read.confusion.length);
  for (const { label, answer } of read.wrong) {
    hold(label < classes && answer < classes, "label", `a number below ${classes}`, Math.max(label, answer));
  }
  return read;
};

const snapshot = record({
  step: index,
  epoch: index,
  sums: record({ examples: index, loss: finite, accuracy: finite }),
  bytes,
  metrics: optional(epoch),
  passing: optional(flag),
});

/** @type {Check<import("./curve.js").Points>} */
const curve = (value, name) => {
  const read = record({
    stride: count,
    steps: list(count),
    seconds: list(amount),
    loss: list(finite),
    accuracy: list(part),
  })(value, name);
  const { steps } = read;
  for (const values of [read.seconds, read.loss, read.accuracy]) {
    hold(values.length === steps.length, name, `${steps.length} numbers of each kind`, values.length);
  }
  hold(
    steps.every((step, at) => at === 0 || step > steps[at - 1]),
    "steps",
    "numbers that rise",
    "others",
  );
  return read;
};

const settings = record({
  optimizer: record({ class_name: text, config: amounts }),
  schedule: optional(oneOf(/** @type {const} */ (["constant", "cosine"]))),
  loss: text,
  batchSize: count,
  epochs: count,
  augmentation: optional(
    record({
      shift: optional(finite),
      rotation: optional(finite),
      scale: optional(finite),
      shear: optional(finite),
      elastic: optional(finite),
      elasticSigma: optional(finite),
    }),
  ),
  earlyStopping: optional(
    record({
      monitor: optional(oneOf(/** @type {const} */ (["loss", "accuracy", "val_loss", "val_accuracy"]))),
      min_delta: or(finite, 0),
      patience: or(index, 0),
      start_from_epoch: or(index, 0),
      baseline: optional(finite),
      restore_best_weights: optional(flag),
    }),
  ),
});

const whole = record({
  seed: integer,
  data: text,
  config: object,
  variation: record({
    l1: optional(finite),
    l2: optional(finite),
    dropout: optional(finite),
    batchNormalization: optional(flag),
  }),
  settings,
  record: record({
    snapshot,
    best: optional(snapshot),
    epochs: list(epoch),
    curve,
    changes: list(record({ step: index, rate: amount })),
  }),
  keptAt: amount,
});

/**
 * @param {unknown} value that was kept
 * @returns {KeptRun & { keptAt: number }}
 * @throws {Error} one sentence, if it is none
 */
export function readKept(value) {
  object(value, "the record");
  return whole(value, "the record");
}

/**
 * Whether the parts of a record fit each other and the run that is to go on with it.
 *
 * @param {RunRecord} record
 * @param {object} run
 * @param {import("./plan.js").Plan} run.plan
 * @param {number} run.examples to learn from
 * @param {number} run.validation examples
 * @throws {Error} one sentence, if they don't
 */
export function checkFits({ snapshot, best, epochs }, { plan, examples, validation }) {
  for (const { step, epoch, sums, bytes } of best ? [snapshot, best] : [snapshot]) {
    hold(step <= plan.totalSteps, "step", `at most ${plan.totalSteps}`, step);
    const over = plan.epochsAfter(step);
    // One that has just ended may not have been measured yet.
    const measured = step > 0 && plan.epochsAfter(step - 1) < over ? [over - 1, over] : [over];
    hold(measured.includes(epoch), "epoch", `${measured.join(" or ")} after step ${step}`, epoch);
    const seen = plan.examplesAfter(step) - epoch * examples;
    hold(sums.examples === seen, "examples", `${seen} after step ${step}`, sums.examples);
    hold(stepsOf(bytes) === step, "bytes", `the weights of step ${step}`, `those of step ${stepsOf(bytes)}`);
  }
  hold(epochs.length >= snapshot.epoch, "epochs", `${snapshot.epoch} of them`, epochs.length);
  for (const [at, { epoch, step, wrong }] of epochs.entries()) {
    hold(epoch === at + 1, "epoch", String(at + 1), epoch);
    hold(step === epoch * plan.stepsPerEpoch, "step", String(epoch * plan.stepsPerEpoch), step);
    for (const { index } of wrong) hold(index < validation, "index", `a number below ${validation}`, index);
  }
}
