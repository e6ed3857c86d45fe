// What was kept of a run and is damaged: every field, with every kind of damage. What is refused is told in one sentence;
// what is taken up trains on.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { readKept } from "../../web/training/kept-record.js";
import { Run } from "../../web/training/run.js";
import { nodeEngine } from "../experiments/engine.mjs";

const layer = (class_name, config) => ({ class_name, config });
const network = (units) => ({
  class_name: "Sequential",
  config: {
    layers: [
      layer("InputLayer", { batch_shape: [null, 28, 28, 1] }),
      layer("MaxPooling2D", { pool_size: 7 }),
      layer("Flatten", {}),
      layer("Dense", { units, activation: "tanh" }),
      layer("Dense", { units: 10, activation: "softmax" }),
    ],
  },
});

const settings = {
  optimizer: { class_name: "Adam", config: { learning_rate: 0.01 } },
  schedule: "cosine",
  loss: "sparse_categorical_crossentropy",
  batchSize: 10,
  epochs: 4,
  augmentation: undefined,
  earlyStopping: { monitor: "val_loss", patience: 3, min_delta: 0, start_from_epoch: 0, restore_best_weights: true },
};

let engine;
let examples;
/** What was kept of a run after one epoch and two steps, as it comes out of the database. */
let good;
let other;

const runOf = async ({ seed, config, settings }) => {
  const run = new Run({ engine, seed, config, settings, ...examples });
  await run.prepare();
  return run;
};

before(async () => {
  engine = await nodeEngine();
  const [training, validation] = await Promise.all(
    [60, 20].map((count, seed) => engine.generateDigits({ count, seed })),
  );
  examples = { training, validation };
  const keep = async (units) => {
    const run = await runOf({ seed: 3, config: network(units), settings });
    await run.setLearningRate(0.02);
    await run.finishEpoch();
    await run.stepOnce();
    await run.stepOnce();
    const { record } = run;
    assert.deepEqual([record.snapshot.step, record.epochs.length, record.best.step], [8, 1, 6]);
    const variation = { l1: 0, l2: 0, dropout: undefined, batchNormalization: false };
    const about = { seed: 3, data: "digits (60 images)", config: network(units), variation, settings };
    const kept = structuredClone({ ...about, record, keptAt: Date.now() });
    await run.close();
    return kept;
  };
  good = await keep(6);
  other = await keep(7);
});

/** Reads it, builds the run and takes it up as the page does. */
async function goOn(kept) {
  const read = readKept(kept);
  const run = await runOf(read);
  try {
    await run.takeUp(read.record);
    return run;
  } catch (error) {
    await run.close();
    throw error;
  }
}

/** Each place in a value, as a list of keys: of a list the first and the last. */
function* places(value, path = []) {
  if (path.length > 0) yield path;
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
  const keys = Object.keys(value);
  const some = Array.isArray(value) ? [...new Set([keys.at(0), keys.at(-1)])].filter((key) => key !== undefined) : keys;
  for (const key of some) yield* places(value[key], [...path, key]);
}

const JUNK = {
  null: () => null,
  text: () => "1",
  true: () => true,
  "-1": () => -1,
  half: () => 0.5,
  "2^53": () => 2 ** 53,
  "1e308": () => 1e308,
  NaN: () => NaN,
  infinity: () => Infinity,
  list: () => [],
  object: () => ({}),
  array: () => new Float64Array(3),
  shorter: (value) => (value?.length > 0 ? value.slice(0, -1) : undefined),
  longer: (value) =>
    Array.isArray(value) && value.length > 0
      ? [...value, value[0]]
      : ArrayBuffer.isView(value)
        ? new value.constructor([...value, 0])
        : undefined,
};

function* damages() {
  for (const path of places(good)) {
    const inside = (kept) => path.slice(0, -1).reduce((value, key) => value[key], kept);
    const last = path.at(-1);
    const without = structuredClone(good);
    delete inside(without)[last];
    yield [`${path.join(".")} missing`, without];
    for (const [kind, change] of Object.entries(JUNK)) {
      const kept = structuredClone(good);
      const damaged = change(inside(kept)[last]);
      if (damaged === undefined) continue;
      inside(kept)[last] = damaged;
      yield [`${path.join(".")} ${kind}`, kept];
    }
  }
}

/** What is wrong with a damaged record that was taken in, or with how it was refused. */
async function faultOf(kept) {
  let run;
  try {
    run = await goOn(kept);
  } catch (error) {
    const { message } = error;
    if (error instanceof TypeError || error instanceof RangeError) return `is told as ${message}`;
    return message.includes("\n") || message.length > 400 || !/ /.test(message) ? `is told as ${message}` : undefined;
  }
  const { step, totalSteps } = run;
  if (step < totalSteps) await run.stepOnce();
  const weights = await run.model.flatWeights();
  const fault =
    run.problem ?? (run.step !== Math.min(totalSteps, step + 1) ? `went from step ${step} to ${run.step}` : undefined);
  await run.close();
  return fault ?? (weights.every(Number.isFinite) ? undefined : "has no finite weights");
}

test("what was kept is taken up as it was", async () => {
  const run = await goOn(structuredClone(good));
  const { record } = run;
  assert.deepEqual(record.snapshot.bytes, good.record.snapshot.bytes);
  assert.deepEqual([run.step, run.epochs, run.rate > 0.01], [8, good.record.epochs, true]);
  await run.start();
  assert.deepEqual([run.state, run.step, run.epochs.length], ["finished", 24, 4]);
});

test("a run that was interrupted while its epoch was measured measures it when it goes on", async () => {
  const whole = await runOf(good);
  const records = [];
  whole.addEventListener("snapshot", () => records.push(structuredClone(whole.record)));
  await whole.start();
  const unmeasured = records.find(({ snapshot, epochs }) => snapshot.step === 6 && epochs.length === 0);
  assert.ok(unmeasured, "the epoch is kept before it is measured");
  const run = await goOn({ ...good, record: unmeasured });
  assert.deepEqual([run.step, run.epochs], [6, []]);
  await run.finishEpoch();
  assert.deepEqual([run.step, run.epochs.length, run.snapshots.last.metrics], [6, 1, run.epochs[0]]);
  await run.start();
  const timeless = ({ epochs }) => epochs.map(({ seconds: _, ...rest }) => rest);
  assert.deepEqual([run.state, timeless(run)], ["finished", timeless(whole)]);
});

test("every damaged field is refused in words, or does no harm", async () => {
  const faults = [];
  let count = 0;
  for (const [what, kept] of damages()) {
    count += 1;
    const fault = await faultOf(kept);
    if (fault) faults.push(`${what} ${fault}`);
  }
  assert.ok(count > 1000, String(count));
  assert.deepEqual(faults, []);
});

test("no record, and records whose parts do not fit each other, are refused", async () => {
  for (const nothing of [undefined, null, 7, "text", [], new Map(), new Date(), {}]) {
    assert.throws(() => readKept(nothing), /needs|no such property/);
  }
  const changes = {
    "another network's weights": ({ snapshot }) => (snapshot.bytes = other.record.snapshot.bytes),
    "weights of another step": ({ snapshot, best }) => (snapshot.bytes = best.bytes),
    "half of the weights": ({ snapshot }) => (snapshot.bytes = snapshot.bytes.slice(0, 700)),
    "another step": ({ snapshot }) => (snapshot.step += 1),
    "no epoch": (record) => (record.epochs = []),
    "another epoch": ({ epochs }) => (epochs[0].epoch = 2),
    "an example that is not there": ({ epochs }) =>
      (epochs[0].wrong = [{ index: 20, label: 1, answer: 2, probability: 1 }]),
    "weights beyond all measure": ({ snapshot }) => {
      const { bytes } = snapshot;
      const numbers = new Float32Array(bytes.buffer, bytes.byteOffset + bytes.length - 4 * (3 * 166), 166);
      numbers.fill(3e38);
    },
    "an average that is no number": ({ snapshot }) => snapshot.bytes.fill(0xff, -8),
  };
  for (const [what, change] of Object.entries(changes)) {
    const kept = structuredClone(good);
    change(kept.record);
    await assert.rejects(goOn(kept), /needs|finite|got|cut short|bytes/, what);
  }
});
