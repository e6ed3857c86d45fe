// A run: the same loss curve whatever happens in between, back to any snapshot, and out of a NaN.
import assert from "node:assert/strict";
import { OWN_CODE } from "./engines.mjs";

const network = {
  class_name: "Sequential",
  config: {
    layers: [
      { class_name: "InputLayer", config: { batch_shape: [null, 28, 28, 1] } },
      { class_name: "Conv2D", config: { filters: 8, kernel_size: 5, strides: 2, activation: "relu" } },
      { class_name: "MaxPooling2D", config: {} },
      { class_name: "Flatten", config: {} },
      { class_name: "Dense", config: { units: 10, activation: "softmax" } },
    ],
  },
};

/**
 * Gives the page `start(settings)`, which makes a run on 1,000 generated digits, and `record(run)`, all that must
 * repeat.
 */
async function open(browser, site) {
  await browser.open(`${site.origin}/pages/engine.html`);
  await browser.until(() => globalThis.kit);
  await browser.evaluate(async (network) => {
    const { Run } = await import("/training/run.js");
    const engine = await globalThis.kit.starts.worker({ variant: "simd", workers: 2 });
    const training = await engine.generateDigits({ count: 1000, seed: 1 });
    const validation = await engine.generateDigits({ count: 300, seed: 2 });
    globalThis.record = (run) => ({
      state: run.state,
      step: run.step,
      curve: [run.curve.steps, run.curve.loss, run.curve.accuracy],
      epochs: run.epochs.map(({ seconds: _, confusion, ...rest }) => ({ ...rest, confusion: [...confusion] })),
    });
    Object.assign(globalThis, { engine, validation });
    globalThis.start = async (settings, count = 1000) => {
      const run = new Run({
        engine,
        config: network,
        seed: 7,
        training: {
          ...training,
          pixels: training.pixels.slice(0, 784 * count),
          labels: training.labels.slice(0, count),
        },
        validation,
        settings: {
          optimizer: { class_name: "Adam", config: { learning_rate: 0.005 } },
          loss: "sparse_categorical_crossentropy",
          batchSize: 32,
          epochs: 3,
          ...settings,
        },
      });
      await run.prepare();
      return run;
    };
  }, network);
}

export const tests = [
  {
    name: "training: a run learns, and pausing, stepping and going back leave its curve as it is",
    async run(browser, site) {
      await open(browser, site);
      const { whole, interrupted, halfway } = await browser.evaluate(async () => {
        const { record } = globalThis;
        const run = await globalThis.start({ epochs: 5 });
        await run.start();
        const whole = record(run);
        const other = await globalThis.start({ epochs: 5 });
        await other.stepOnce();
        await other.stepOnce();
        const halfway = [other.step, other.state];
        const running = other.start();
        await new Promise((resolve) => other.addEventListener("progress", resolve, { once: true }));
        await other.pause();
        await running;
        halfway.push(other.state);
        await other.finishEpoch();
        halfway.push(other.step);
        await other.finishEpoch();
        await other.resume(other.snapshots.all.find(({ step }) => step === 16));
        halfway.push(other.step, other.epochs.length, other.curve.steps.length);
        await other.start();
        return { whole, interrupted: record(other), halfway };
      });
      assert.deepEqual(halfway, [2, "paused", "paused", 32, 16, 0, 16]);
      assert.equal(whole.state, "finished");
      assert.equal(whole.step, 160);
      const last = whole.epochs.at(-1);
      assert.ok(last.valAccuracy > 0.7 && last.loss < whole.epochs[0].loss, JSON.stringify(last));
      assert.equal(
        last.confusion.reduce((sum, count) => sum + count),
        300,
      );
      const right = last.confusion.filter((_, index) => index % 11 === 0).reduce((sum, count) => sum + count);
      assert.equal(right / 300, last.valAccuracy);
      assert.deepEqual(interrupted, whole);
    },
  },
  {
    name: "training: a step that is asked for before the run has come to rest is taken once it has, and once only",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      const [rested, stepped, state] = await browser.evaluate(async () => {
        // So many steps an epoch that some are under way whenever it is told to pause.
        const run = await globalThis.start({ batchSize: 1, epochs: 40 });
        void run.start();
        for (const kind of ["epoch", "progress"]) {
          await new Promise((resolve) => run.addEventListener(kind, resolve, { once: true }));
        }
        const resting = run.pause().then(() => run.step);
        await Promise.all([run.stepOnce(), run.stepOnce()]);
        return [await resting, run.step, run.state];
      });
      assert.deepEqual([stepped, state], [rested + 1, "paused"]);
    },
  },
  {
    name: "training: the learning rate changes while it runs, and a NaN brings the last good weights back",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      const got = await browser.evaluate(async () => {
        const run = await globalThis.start({
          optimizer: { class_name: "SGD", config: { learning_rate: 0.05 } },
          epochs: 40,
        });
        const running = run.start();
        await new Promise((resolve) => run.addEventListener("epoch", resolve, { once: true }));
        await run.setLearningRate(1e30);
        await running;
        const failed = {
          state: run.state,
          problem: run.problem,
          diverged: run.diverged,
          step: run.step,
          changes: run.changes.length,
        };
        const { values } = await run.model.weights("dense/kernel").catch(() => run.model.weights("dense_1/kernel"));
        await run.setLearningRate(0.05);
        const again = run.finishEpoch();
        await again;
        return {
          ...failed,
          finite: values.every(Number.isFinite),
          after: run.state,
          loss: run.epochs.at(-1).loss,
          epoch: run.epochs.length,
        };
      });
      assert.equal(got.state, "failed");
      assert.match(got.problem, /no finite number.*step \d+.*smaller learning rate/);
      assert.equal(got.diverged, true);
      assert.ok(got.finite && got.step % 32 === 0 && got.step > 0, JSON.stringify(got));
      assert.equal(got.after, "paused");
      assert.ok(got.loss < 2.3, String(got.loss));
    },
  },
  {
    name: "training: early stopping ends a run and brings the best weights back",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      const got = await browser.evaluate(async () => {
        const run = await globalThis.start({
          epochs: 30,
          earlyStopping: { monitor: "val_loss", min_delta: 0.5, patience: 2, restore_best_weights: true },
        });
        await run.start();
        const best = run.snapshots.all.find(({ epoch, metrics }) => metrics && epoch === run.epochs.length - 2);
        const model = await run.model.toSafetensors({ optimizer: true });
        return {
          state: run.state,
          epochs: run.epochs.length,
          same: model.every((byte, at) => byte === best.bytes[at]),
        };
      });
      assert.equal(got.state, "finished");
      assert.ok(got.epochs < 30, String(got.epochs));
      assert.ok(got.same);
    },
  },
  {
    name: "training: the best weights come back at the end of a run that is not stopped early, and what is measured is theirs",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      const got = await browser.evaluate(async () => {
        const earlyStopping = { monitor: "val_loss", min_delta: 0.5, patience: 100, restore_best_weights: true };
        const run = await globalThis.start({ epochs: 6, earlyStopping });
        await run.start();
        const { validation } = globalThis;
        const data = await new globalThis.engine.Dataset(validation.pixels, validation.labels, { shape: [28, 28, 1] });
        const indices = Uint32Array.from(validation.labels, (_, index) => index);
        const evaluated = await run.model.evaluate(data, indices);
        const { epoch, valLoss, valAccuracy } = run.measured;
        const before = { state: run.state, epochs: run.epochs.length, last: run.epochs.at(-1).valLoss };
        const restored = run.restored?.epoch;
        await run.show(run.snapshots.last);
        const newest = run.measured.epoch;
        await run.resume(run.snapshots.ofEpoch(2));
        return { ...before, epoch, valLoss, valAccuracy, evaluated, restored, newest, cleared: run.restored };
      });
      assert.deepEqual([got.state, got.epochs, got.newest, got.cleared], ["finished", 6, 6, undefined]);
      assert.ok(got.restored < 6, String(got.restored));
      assert.equal(got.restored, got.epoch);
      assert.ok(Math.abs(got.evaluated.loss - got.valLoss) < 1e-5, JSON.stringify(got));
      assert.ok(Math.abs(got.evaluated.accuracy - got.valAccuracy) < 1e-6);
      assert.notEqual(got.valLoss, got.last);
    },
  },
  {
    name: "training: an epoch's loss and accuracy are means over its examples, of which the last batch has fewer",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      const { losses, accuracies, epoch } = await browser.evaluate(async () => {
        const run = await globalThis.start({ batchSize: 16, epochs: 1 }, 100);
        await run.start();
        const [{ loss, accuracy }] = run.epochs;
        return { losses: run.curve.loss, accuracies: run.curve.accuracy, epoch: { loss, accuracy } };
      });
      assert.equal(losses.length, 7);
      const mean = (values) => values.reduce((sum, value, step) => sum + value * (step < 6 ? 16 : 4), 0) / 100;
      assert.ok(Math.abs(epoch.loss - mean(losses)) < 1e-9, `${epoch.loss}, not ${mean(losses)}`);
      assert.ok(Math.abs(epoch.accuracy - mean(accuracies)) < 1e-9);
      const unweighted = losses.reduce((sum, loss) => sum + loss, 0) / 7;
      assert.ok(Math.abs(unweighted - mean(losses)) > 1e-4, "the test could not tell the two means apart");
    },
  },
];
