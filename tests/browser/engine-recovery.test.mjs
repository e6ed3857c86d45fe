// What happens when the engine stops in the middle of a call: here, for lack of memory.
import assert from "node:assert/strict";
import { inWorkers } from "./in-workers.mjs";
import { catchWorkers } from "./page-faults.mjs";

const open = async (browser, site) => {
  await browser.open(`${site.origin}/pages/engine.html`);
  await browser.until(() => globalThis.kit);
  await browser.evaluate(() => globalThis.kit.limitMemory(64));
};

/**
 * What becomes of the workers that the page starts from now on, in their order, the last for all that follow: one may
 * "end" at once without an event, "fail" with one, "freeze" when it starts helpers, or "live"; runs inside the page.
 */
function decideWorkers(...fates) {
  const Native = globalThis.NativeWorker ?? Worker;
  globalThis.NativeWorker = Native;
  globalThis.workers = [];
  globalThis.Worker = class extends Native {
    constructor(url) {
      const fate = fates.length > 1 ? fates.shift() : fates[0];
      super(url, { name: fate });
      globalThis.workers.push(this);
      if (fate === "end") this.terminate();
      if (fate === "fail") setTimeout(() => this.dispatchEvent(new ErrorEvent("error", { message: "it was told to" })));
    }
  };
}

/** To be run in workers: some never come back from starting another. */
function freezeWhenHelped() {
  if (globalThis.name !== "freeze") return;
  globalThis.Worker = class {
    constructor() {
      for (;;);
    }
  };
}

export const tests = [
  {
    name: "engine: arguments that there is no memory for are refused, and nothing stops",
    async run(browser, site) {
      await open(browser, site);
      for (const place of ["thread", "worker"]) {
        const seen = await browser.evaluate(async (place) => {
          const { starts, network, bars, outcome } = globalThis.kit;
          const engine = await starts[place]({ variant: "simd" });
          const model = await engine.Model.fromConfig(network, { seed: 1 });
          const tooMuch = 32 * 2 ** 20;
          const [bytes, floats] = [new Uint8Array(tooMuch), new Float32Array(tooMuch / 4)];
          const answers = [
            await outcome(() => new engine.Dataset(bytes, bytes.subarray(0, tooMuch / 64), { shape: [8, 8, 1] })),
            await outcome(() => model.predict(floats)),
            await outcome(() => model.loadSafetensors(bytes)),
            await outcome(() => engine.readIdx(bytes, bytes)),
          ];
          return { answers, after: await outcome(() => model.predict(bars(6).x)) };
        }, place);
        for (const { code, message } of seen.answers)
          assert.deepEqual([code, /no memory for \d+ MiB/.test(message)], ["limit", true]);
        assert.equal(seen.after[0], "Float32Array");
      }
    },
  },
  {
    name: "engine: the worker starts again with all models and their last saved weights",
    async run(browser, site) {
      await open(browser, site);
      const seen = await browser.evaluate(async () => {
        const { starts, network, training, bars, outcome } = globalThis.kit;
        const { Model, Dataset, generateDigits } = await starts.worker({ variant: "simd" });
        const { pixels, labels, x } = bars(6);
        const data = await new Dataset(pixels, labels, { shape: [8, 8, 1] });
        const [built, loaded, freed] = [
          await Model.fromConfig(network, { seed: 1 }),
          await Model.fromConfig(network, { seed: 2 }),
          await Model.fromConfig(network, { seed: 3 }),
        ];
        await built.compile(training);
        await loaded.loadSafetensors(await built.toSafetensors());
        const read = await Model.fromSafetensors(await freed.toSafetensors());
        await freed.free();
        // Saved nowhere yet, so that it is gone afterwards.
        await built.trainStep(data, [0, 1, 2]);

        const predictions = () => Promise.all([built, loaded, read].map((model) => outcome(() => model.predict(x))));
        await built.reset();
        const before = await predictions();
        await built.trainStep(data, [0, 1, 2]);

        const pending = [built.predict(x), generateDigits({ count: 2 ** 14, seed: 0 }), loaded.predict(x)].map((call) =>
          outcome(() => call),
        );
        return {
          before,
          pending: await Promise.all(pending),
          after: await predictions(),
          step: await outcome(() => built.trainStep(data, [0, 1, 2])),
          freed: await outcome(() => freed.predict(x)),
          reset: await outcome(async () => {
            await loaded.reset();
            const seedTwo = await Model.fromConfig(network, { seed: 2 });
            return (await loaded.predict(x)).join() === (await seedTwo.predict(x)).join();
          }),
        };
      });
      assert.deepEqual(seen.after, seen.before);
      const [first, culprit, bystander] = seen.pending;
      assert.equal(first[0], "Float32Array");
      for (const { error, code, message } of [culprit, bystander]) {
        assert.deepEqual([error, code], [true, "trap"]);
        assert.match(message, /stopped .*memory.* started again with the last saved weights/);
      }
      assert.ok(seen.step.loss > 0);
      assert.equal(seen.freed.code, "closed");
      assert.equal(seen.reset, true);
    },
  },
  {
    name: "engine: weights edited by hand, and those of a training that ended with another optimiser, are there again",
    async run(browser, site) {
      await open(browser, site);
      const { before, after, codes, reset } = await browser.evaluate(async () => {
        const { starts, network, training, bars, outcome } = globalThis.kit;
        const { Model, Dataset, generateDigits } = await starts.worker({ variant: "simd" });
        const { pixels, labels } = bars(6);
        const data = await new Dataset(pixels, labels, { shape: [8, 8, 1] });
        const models = {};
        for (const name of ["edited", "trained", "both", "replaced"]) {
          models[name] = await Model.fromConfig(network, { seed: 1 });
          await models[name].compile(training);
        }
        const { edited, trained, both, replaced } = models;
        await edited.setWeights("dense/bias", Float32Array.of(1, 2, 3));
        await edited.setWeights("dense/bias", Float32Array.of(9), { at: 1 });
        await edited.setWeights("conv2d/kernel", Float32Array.of(0.5, 0.25), { at: 34 });

        await trained.fit(data, { steps: 5 });
        await trained.compile({ ...training, optimizer: "sgd" });

        await both.fit(data, { steps: 5 });
        await both.compile({ ...training, optimizer: { class_name: "SGD", config: { momentum: 0.9 } } });
        for (let value = 1; value <= 200; value++) {
          await both.setWeights("dense/kernel", Float32Array.of(value / 100), { at: value % 90 });
        }

        await replaced.setWeights("dense/bias", Float32Array.of(1, 2, 3));
        await replaced.reset();

        const weights = () =>
          Promise.all(Object.values(models).map(async (model) => Array.from(await model.toSafetensors())));
        const before = await weights();
        // Asked in the same breath, so that nothing can be saved between.
        const calls = [
          edited.setWeights("dense/bias", Float32Array.of(-1), { at: 0 }),
          generateDigits({ count: 2 ** 14, seed: 0 }),
        ];
        const codes = await Promise.all(calls.map(async (call) => (await outcome(() => call))?.code ?? "done"));
        const last = await edited.weights("dense/bias");
        await edited.setWeights("dense/bias", Float32Array.of(1), { at: 0 });
        return { before, after: await weights(), codes, reset: Array.from(last.values) };
      });
      assert.deepEqual(codes, ["done", "trap"]);
      assert.deepEqual(reset, [-1, 9, 3]);
      assert.ok(before.every((file, index) => file.join() === after[index].join()));
    },
  },
  {
    name: "engine: what was learnt before another optimiser and before an empty answer is there again, and so is a long training",
    engines: ["chromium"],
    seconds: 60,
    async run(browser, site) {
      await browser.open(`${site.origin}/pages/engine.html`);
      await browser.until(() => globalThis.kit);
      await browser.evaluate(catchWorkers);
      const seen = await browser.evaluate(async () => {
        const { starts, network, training, bars, outcome } = globalThis.kit;
        const { Model, Dataset } = await starts.worker({ variant: "simd" });
        const { pixels, labels } = bars(60);
        const data = await new Dataset(pixels, labels, { shape: [8, 8, 1] });
        const indices = Array.from(labels, (_, index) => index);
        const loss = async (model) => (await model.evaluate(data, indices, { loss: training.loss })).loss;
        const trap = async () => {
          globalThis.workers.at(-1).terminate();
        };
        const recompiled = await Model.fromConfig(network, { seed: 1 });
        await recompiled.compile(training);
        await recompiled.fit(data, { until: 100 });
        // A run asks a few portions ahead: the last of them finds nothing to do.
        await recompiled.fit(data, { until: 100 });
        await recompiled.compile({ ...training, optimizer: "sgd" });
        const long = await Model.fromConfig(network, { seed: 1 });
        await long.compile(training);
        const losses = [await loss(recompiled), await loss(long)];
        const running = outcome(() => long.fit(data, { steps: 1e9 }));
        await new Promise((resolve) => setTimeout(resolve, 11_000));
        await trap();
        const { code } = await running;
        return { losses, code, after: [await loss(recompiled), await loss(long)] };
      });
      assert.equal(seen.code, "trap");
      assert.equal(seen.after[0], seen.losses[0]);
      assert.ok(seen.after[1] < seen.losses[1] / 10, JSON.stringify(seen));
    },
  },
  {
    name: "engine: weights past saving do not take the place of those that were saved before",
    engines: ["chromium"],
    async run(browser, site) {
      await browser.open(`${site.origin}/pages/engine.html`);
      await browser.until(() => globalThis.kit);
      await browser.evaluate(catchWorkers);
      const seen = await browser.evaluate(async () => {
        const { starts, network, training, bars, outcome } = globalThis.kit;
        const { Model, Dataset, restarts } = await starts.worker({ variant: "simd" });
        const told = [];
        restarts.addEventListener("restart", ({ detail }) => told.push(detail.code));
        const { pixels, labels } = bars(60);
        const data = await new Dataset(pixels, labels, { shape: [8, 8, 1] });
        const model = await Model.fromConfig(network, { seed: 1 });
        await model.compile(training);
        await model.fit(data, { steps: 20 });
        const bytes = await model.toSafetensors({ optimizer: true });
        await model.setLearningRate(3e38);
        await model.fit(data, { steps: 20 });
        const refused = await outcome(() => model.toSafetensors({ optimizer: true }));
        const pending = outcome(() => model.fit(data, { steps: 1e6 }));
        globalThis.workers.at(-1).terminate();
        await pending;
        const after = await model.toSafetensors({ optimizer: true });
        return { refused, same: after.every((byte, at) => byte === bytes[at]), told };
      });
      assert.equal(seen.refused.code, "value");
      assert.match(seen.refused.message, /finite/);
      assert.ok(seen.same);
      assert.deepEqual(seen.told, ["trap"]);
    },
  },
  {
    name: "engine: stopped in the page's thread, it says so from then on, and another takes its place",
    async run(browser, site) {
      await open(browser, site);
      const seen = await browser.evaluate(async () => {
        const { starts, network, outcome } = globalThis.kit;
        const stopped = await starts.thread({ variant: "simd" });
        const model = stopped.Model.fromConfig(network);
        const answers = [
          await outcome(() => stopped.generateDigits({ count: 2 ** 14, seed: 0 })),
          await outcome(() => model.summary()),
        ];
        const { Model } = await starts.thread({ variant: "simd" });
        return [...answers, Model.fromConfig(network).summary().params];
      });
      for (const { error, code, message } of seen.slice(0, 2)) {
        assert.deepEqual([error, code], [true, "trap"]);
        assert.match(message, /stopped .*memory.* Load a new engine/);
      }
      assert.equal(seen[2], 151);
    },
  },
  {
    name: "engine: a worker that ends without a word is noticed, and another takes its place",
    async run(browser, site) {
      await browser.open(`${site.origin}/pages/engine.html`);
      await browser.until(() => globalThis.kit);
      await browser.evaluate(catchWorkers);
      const { stopped, after } = await browser.evaluate(async () => {
        const { starts, network, training, bars, outcome } = globalThis.kit;
        const engine = await starts.worker({ workers: 2 });
        const { pixels, labels, x } = bars(64);
        const data = await new engine.Dataset(pixels, labels, { shape: [8, 8, 1] });
        const model = await engine.Model.fromConfig(network, { seed: 1 });
        await model.compile(training);
        await model.fit(data, { steps: 5, batchSize: 64 });
        const running = outcome(() => model.fit(data, { steps: 1e9, batchSize: 64 }));
        await new Promise((resolve) => setTimeout(resolve, 300));
        // As a browser that has no memory left: no event tells of it. The first may have made room for another already.
        globalThis.workers.at(-1).terminate();
        const stopped = await running;
        const after = await outcome(() => model.predict(x));
        await engine.close();
        return { stopped, after };
      });
      assert.equal(stopped.code, "trap");
      assert.match(stopped.message, /ended without a word.* started again/);
      assert.equal(after[0], "Float32Array");
    },
  },
  {
    name: "engine: a worker that does not come back from starting helpers makes room for another, and nobody notices",
    async run(browser, site) {
      await browser.open(`${site.origin}/pages/engine.html`);
      await browser.until(() => globalThis.kit);
      await browser.evaluate(inWorkers, String(freezeWhenHelped));
      const train = async (workers) => {
        const { starts, network, training, bars, outcome } = globalThis.kit;
        const engine = await starts.worker({ variant: "simd", workers });
        const told = [];
        engine.restarts.addEventListener("restart", ({ detail }) => told.push(detail.message));
        const { pixels, labels, x } = bars(64);
        const model = await engine.Model.fromConfig(network, { seed: 1 });
        await model.compile(training);
        const data = await new engine.Dataset(pixels, labels, { shape: [8, 8, 1] });
        // Nothing is waited for before the next is asked for, but the last: what changes nothing may pass what learns.
        const answers = await Promise.all([
          outcome(() => model.predict(x)),
          outcome(() => model.fit(data, { steps: 5, batchSize: 64 })),
          outcome(() => model.trainStep(x, labels)),
        ]);
        answers.push(await outcome(() => model.predict(x)));
        await engine.close();
        return { answers, told, started: globalThis.workers?.length };
      };
      const alone = await browser.evaluate(train, 1);
      await browser.evaluate(decideWorkers, "freeze", "live");
      const { answers, told, started } = await browser.evaluate(train, 2);
      assert.deepEqual(answers, alone.answers);
      assert.deepEqual(told, []);
      assert.ok(started >= 2);
    },
  },
  {
    name: "engine: a worker that ends while it is started again is started once more, and if that is in vain, when it is asked again",
    async run(browser, site) {
      await browser.open(`${site.origin}/pages/engine.html`);
      await browser.until(() => globalThis.kit);
      await browser.evaluate(decideWorkers, "live");
      await browser.evaluate(async () => {
        const { starts, network, bars, outcome } = globalThis.kit;
        const engine = await starts.worker({ variant: "simd", workers: 1 });
        const model = await engine.Model.fromConfig(network, { seed: 1 });
        const predict = () => outcome(() => model.predict(bars(6).x));
        const before = await predict();
        /** What is answered when the worker has ended, and what then. */
        globalThis.seen = async () => {
          const restarted = new Promise((resolve) =>
            engine.restarts.addEventListener("restart", resolve, { once: true }),
          );
          globalThis.NativeWorker.prototype.terminate.call(globalThis.last);
          await restarted;
          const answers = [await predict(), await predict()];
          globalThis.last = globalThis.workers.at(-1);
          const kind = (answer) => (answer.code ? answer : answer.join() === before.join() ? "as before" : "another");
          return answers.map(kind);
        };
        globalThis.last = globalThis.workers.at(-1);
      });
      const seen = (...fates) =>
        browser.evaluate(decideWorkers, ...fates).then(() => browser.evaluate(() => globalThis.seen()));
      assert.deepEqual(await seen("fail", "live"), ["as before", "as before"]);
      assert.deepEqual(await seen("end", "live"), ["as before", "as before"]);
      const [refused, again] = await seen("fail", "fail", "fail", "live");
      assert.equal(refused.code, "load");
      assert.match(refused.message, /could not start \(it was told to\)/);
      assert.equal(again, "as before");
    },
  },
  {
    name: "engine: a worker that answers nothing for long is told of, and is started again when that is asked for",
    async run(browser, site) {
      await browser.open(`${site.origin}/pages/engine.html`);
      await browser.until(() => globalThis.kit);
      await browser.evaluate(catchWorkers);
      const seen = await browser.evaluate(async () => {
        const { starts, network, bars, outcome } = globalThis.kit;
        const engine = await starts.worker({ variant: "simd", workers: 1 });
        const told = [];
        const silence = new Promise((resolve) => {
          engine.restarts.addEventListener("silence", ({ detail }) => {
            told.push(typeof detail);
            if (detail) resolve(detail);
          });
        });
        const model = await engine.Model.fromConfig(network, { seed: 1 });
        const predict = () => outcome(() => model.predict(bars(6).x));
        const before = await predict();
        globalThis.workers.at(-1).onmessage = null;
        const pending = predict();
        (await silence)();
        const answers = [await pending, await predict()];
        await engine.close();
        return { told, before, answers };
      });
      assert.equal(seen.answers[0].code, "trap");
      assert.match(seen.answers[0].message, /did not answer.* started again/);
      assert.deepEqual(seen.answers[1], seen.before);
      assert.deepEqual(seen.told, ["function", "object"]);
    },
  },
];
