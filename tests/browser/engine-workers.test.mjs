// Several workers train one model: faster, and nothing else about it may differ.
import assert from "node:assert/strict";
import { inWorkers } from "./in-workers.mjs";
import { memories, watchMemory } from "./memory.mjs";

const open = async (browser, site) => {
  await browser.open(`${site.origin}/pages/engine.html`);
  await browser.until(() => globalThis.kit);
};

/** A life of a model, with all that could tell how many workers there are; runs inside the page. */
async function life(workers) {
  const { starts, network, bars, outcome } = globalThis.kit;
  const { Model, Dataset } = await starts.worker({ variant: "simd", workers });
  const { pixels, labels, x } = bars(150);
  const description = JSON.parse(JSON.stringify(network));
  description.config.layers.splice(3, 0, { class_name: "Dropout", config: { name: "dropout", rate: 0.2 } });
  const data = await new Dataset(pixels, labels, { shape: [8, 8, 1] });
  const model = await Model.fromConfig(description, { seed: 4 });
  const file = await (await Model.fromConfig(description, { seed: 9 })).toSafetensors();
  const oneHot = Float32Array.from({ length: 450 }, (_, index) => Number(index % 3 === labels[Math.floor(index / 3)]));
  const optimizer = (class_name, config) => ({
    optimizer: { class_name, config },
    loss: "sparse_categorical_crossentropy",
  });
  const events = [];
  // Nothing is waited for before the next is asked for.
  const add = (call) => events.push(outcome(call));
  const steps = () => {
    for (const size of [128, 1, 31, 33, 64, 65, 97, 150]) {
      add(() =>
        model.trainStep(
          data,
          Uint32Array.from({ length: size }, (_, index) => (7 * index + size) % 150),
        ),
      );
      add(() => model.trainStep(x.subarray(0, 64 * size), labels.subarray(0, size)));
    }
  };
  const rank = () => {
    const indices = Uint32Array.from({ length: 150 }, (_, index) => (7 * index) % 150);
    add(() => model.strongestPatches(data, indices));
    add(async () => {
      const { ranking: before } = await model.strongestPatches(data, indices.subarray(0, 70));
      return model.strongestPatches(data, indices.subarray(70), { before });
    });
  };
  rank();
  for (const settings of [
    optimizer("SGD", { learning_rate: 0.1 }),
    optimizer("SGD", { learning_rate: 0.02, momentum: 0.9, nesterov: true }),
    optimizer("Adam", { learning_rate: 0.003, global_clipnorm: 0.5 }),
    optimizer("RMSprop", {}),
  ]) {
    add(() => model.compile(settings));
    steps();
  }
  rank();
  add(() => model.predict(x));
  add(() => model.trainStep(data, [0, 150]));
  add(() =>
    model.trainStep(
      x,
      labels.map((label, index) => (index === 149 ? 3 : label)),
    ),
  );
  add(() =>
    model.trainStep(
      x.map((pixel, index) => (index === 9000 ? NaN : pixel)),
      labels,
    ),
  );
  steps();
  add(() => model.reset());
  steps();
  add(() => model.loadSafetensors(file));
  steps();
  add(() => model.compile({ optimizer: "adam", loss: "categorical_crossentropy" }));
  add(() => model.trainStep(x, oneHot));
  add(() => model.evaluate(x, oneHot));
  const other = Model.fromSafetensors(file);
  add(async () => (await other).compile(optimizer("Adagrad", {})));
  add(async () =>
    (await other).trainStep(
      data,
      Array.from({ length: 64 }, (_, index) => index),
    ),
  );
  add(async () => (await other).toSafetensors());
  add(() => model.toSafetensors());
  return Promise.all(events);
}

/** To be run in workers: adds up the bytes of the arrays that go to and from a helper. */
function countTraffic() {
  if (globalThis.name !== "convscope-helper") return;
  const channel = new BroadcastChannel("traffic");
  const bytesOf = (value) => {
    if (ArrayBuffer.isView(value)) return value.byteLength;
    if (typeof value !== "object" || value === null) return 0;
    return Object.values(value).reduce((sum, part) => sum + bytesOf(part), 0);
  };
  let bytes = 0;
  channel.onmessage = ({ data }) => {
    if (data === "how much?") channel.postMessage(bytes);
  };
  globalThis.addEventListener("message", ({ data }) => (bytes += bytesOf(data)));
  const { postMessage } = globalThis;
  globalThis.postMessage = (message, options) => {
    bytes += bytesOf(message);
    postMessage(message, options);
  };
}

/** To be run in workers: a helper that has had an order fails when it is told to, or ends without an event. */
function failWhenTold() {
  if (globalThis.name !== "convscope-helper") return;
  const channel = new BroadcastChannel("faults");
  const fail = ({ data }) => {
    if (data === "end") globalThis.close();
    else throw new Error("a fault outside of any call");
  };
  globalThis.addEventListener("message", ({ data }) => {
    if (data.weights) channel.onmessage = fail;
  });
}

export const tests = [
  {
    name: "engine: any number of workers gives the same bits",
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      const alone = await browser.evaluate(life, 1);
      assert.deepEqual(
        alone.filter((answer) => answer?.error).map(({ code, message }) => `${code}: ${message}`),
        [
          "value: indices go up to 149, got 150",
          "value: labels go from 0 to 2, got 3",
          "value: the examples: every number must be finite, number 9000 is NaN",
        ],
      );
      for (const workers of [2, 4, "auto"]) {
        const together = await browser.evaluate(life, workers);
        assert.equal(together.length, alone.length);
        alone.forEach((answer, index) =>
          assert.deepEqual(together[index], answer, `answer ${index}, ${workers} workers`),
        );
      }
    },
  },
  {
    name: "engine: data sets that come and go are trained on alike in several workers",
    async run(browser, site) {
      await open(browser, site);
      const run = (workers) =>
        browser.evaluate(async (workers) => {
          const { starts, network, training, bars, outcome } = globalThis.kit;
          const { Model, Dataset, close } = await starts.worker({ variant: "simd", workers });
          const { pixels, labels } = bars(128);
          const description = JSON.parse(JSON.stringify(network));
          description.config.layers[0].config.batch_shape = [null, 4, 8, 2];
          const model = await Model.fromConfig(description, { seed: 2 });
          await model.compile(training);
          const indices = Uint32Array.from({ length: 128 }, (_, index) => (5 * index) % 128);
          const answers = [];
          for (const shift of [0, 50, 100]) {
            const darker = pixels.map((pixel, index) => Math.max(pixel - shift * (index % 2), 0));
            const data = await new Dataset(darker, labels, { shape: [4, 8, 2] });
            answers.push(await outcome(() => model.fit(data, { batchSize: 64, steps: 3 })));
            answers.push(await outcome(() => model.trainStep(data, indices)));
            answers.push(await outcome(() => model.strongestPatches(data, indices)));
            if (shift === 50) await data.free();
          }
          answers.push(await outcome(() => model.flatWeights()));
          await close();
          return answers;
        }, workers);
      assert.deepEqual(await run(4), await run(1));
    },
  },
  {
    name: "engine: a data set goes to another worker once, and then only weights and indices",
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(inWorkers, String(countTraffic));
      const { bytes, params, size } = await browser.evaluate(async () => {
        const { starts, network, training, bars } = globalThis.kit;
        const channel = new BroadcastChannel("traffic");
        /** What has gone to and from the helper so far. */
        const traffic = () =>
          new Promise((resolve) => {
            channel.onmessage = ({ data }) => resolve(data);
            channel.postMessage("how much?");
            // Nobody answers before the helper is there.
            setTimeout(() => resolve(0), 1000);
          });
        const { Model, Dataset } = await starts.worker({ variant: "simd", workers: 2 });
        const model = await Model.fromConfig(network, { seed: 1 });
        await model.compile(training);
        const { pixels, labels, x } = bars(640);
        // The helper helps from when it has started.
        do await model.trainStep(x, labels);
        while ((await traffic()) === 0);
        const bytes = [];
        for (let portion = 0; portion < 2; portion++) {
          const data = await new Dataset(pixels, labels, { shape: [8, 8, 1] });
          let before = await traffic();
          for (const steps of [1, 10]) {
            await model.fit(data, { batchSize: 64, steps });
            const now = await traffic();
            bytes.push(now - before);
            before = now;
          }
        }
        return { bytes, params: (await model.summary()).params, size: pixels.length };
      });
      const ofStep = 4 * (2 * params + 32) + 24;
      assert.ok(bytes[0] >= size && bytes[2] >= size, String(bytes));
      assert.deepEqual([bytes[1], bytes[3]], [10 * ofStep, 10 * ofStep]);
    },
  },
  {
    name: "engine: in several workers a model diverges alike, and batch normalisation trains in one",
    async run(browser, site) {
      await open(browser, site);
      const run = (workers) =>
        browser.evaluate(async (workers) => {
          const { starts, network, training, bars, outcome } = globalThis.kit;
          const { Model } = await starts.worker({ variant: "simd", workers });
          const { x, labels } = bars(96);
          const normalized = JSON.parse(JSON.stringify(network));
          normalized.config.layers.splice(2, 0, {
            class_name: "BatchNormalization",
            config: { name: "normalization" },
          });
          const answers = [];
          for (const [description, rate] of [
            [network, 1e30],
            [normalized, 0.01],
          ]) {
            const model = await Model.fromConfig(description, { seed: 1 });
            await model.compile({ ...training, optimizer: { class_name: "SGD", config: { learning_rate: rate } } });
            for (let step = 0; step < 4; step++) answers.push(String((await model.trainStep(x, labels)).loss));
            answers.push(await outcome(() => model.toSafetensors()));
          }
          return answers;
        }, workers);
      const alone = await run(1);
      assert.equal(alone[3], "NaN");
      assert.ok(Number(alone[5]) > 0);
      assert.deepEqual(await run(2), alone);
    },
  },
  ...["fail", "end"].map((fault) => ({
    name: `engine: when a helper is told to ${fault}, all start again with the last saved weights`,
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(inWorkers, String(failWhenTold));
      const seen = await browser.evaluate(async (fault) => {
        const { starts, network, training, bars, outcome } = globalThis.kit;
        const { Model, Dataset, close } = await starts.worker({ variant: "simd", workers: 2 });
        const { pixels, labels, x } = bars(64);
        const data = await new Dataset(pixels, labels, { shape: [8, 8, 1] });
        const model = await Model.fromConfig(network, { seed: 1 });
        await model.compile(training);
        const all = Uint32Array.from(labels.keys());
        const before = await outcome(() => model.predict(x));
        const first = await outcome(() => model.trainStep(data, all));
        const faults = new BroadcastChannel("faults");
        const pending = await outcome(async () => {
          for (;;) {
            await model.trainStep(data, all);
            // A helper hears it once it helps.
            faults.postMessage(fault);
          }
        });
        faults.close();
        const after = await outcome(() => model.predict(x));
        const again = await outcome(() => model.trainStep(data, all));
        await close();
        return { before, first, pending, after, again, closed: await outcome(() => model.predict(x)) };
      }, fault);
      assert.equal(seen.pending.code, "trap");
      assert.match(seen.pending.message, /stopped .* started again with the last saved weights/);
      assert.deepEqual(seen.after, seen.before);
      assert.deepEqual(seen.again, seen.first);
      assert.equal(seen.closed.code, "closed");
    },
  })),
  {
    name: "engine: several workers survive a lack of memory",
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(() => globalThis.kit.limitMemory(64));
      const seen = await browser.evaluate(async () => {
        const { starts, network, training, bars, outcome } = globalThis.kit;
        const { Model } = await starts.worker({ variant: "simd", workers: 2 });
        const { x, labels } = bars(64);
        const model = await Model.fromConfig(network, { seed: 1 });
        await model.compile(training);
        const wide = JSON.parse(JSON.stringify(network));
        wide.config.layers.splice(4, 0, { class_name: "Dense", config: { name: "wide", units: 4000 } });
        const large = await outcome(async () => {
          const model = await Model.fromConfig(wide, { seed: 1 });
          await model.compile(training);
          for (let step = 0; step < 3; step++) await model.trainStep(x, labels);
        });
        return { large, small: await outcome(() => model.trainStep(x, labels)) };
      });
      assert.ok(["limit", "trap"].includes(seen.large?.code), JSON.stringify(seen.large));
      assert.ok(seen.small.loss > 0, JSON.stringify(seen.small));
    },
  },
  {
    name: "engine: ten thousand steps from a data set leave the memory of every worker as it was",
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(inWorkers, String(watchMemory));
      await browser.evaluate(async () => {
        const { starts, network, training, bars } = globalThis.kit;
        const { Model, Dataset } = await starts.worker({ workers: 2 });
        const { pixels, labels } = bars(32);
        const data = await new Dataset(pixels, labels, { shape: [8, 8, 1] });
        const model = await Model.fromConfig(network, { seed: 1 });
        await model.compile(training);
        globalThis.steps = (size, count) => {
          const indices = Uint32Array.from({ length: size }, (_, index) => index);
          return Promise.all(Array.from({ length: count }, () => model.trainStep(data, indices)));
        };
        await globalThis.steps(32, 1);
      });
      // Both workers are to have taken steps before.
      await browser.evaluate(memories, 2);
      await browser.evaluate(async () => void (await Promise.all([globalThis.steps(4, 10), globalThis.steps(32, 10)])));
      const before = await browser.evaluate(memories, 2);
      await browser.evaluate(
        async () => void (await Promise.all([globalThis.steps(4, 8_000), globalThis.steps(32, 2_000)])),
      );
      const after = await browser.evaluate(memories, 2);
      assert.equal(before.length, 2);
      const sorted = (answers) => answers.sort((a, b) => a.bytes - b.bytes);
      assert.deepEqual(sorted(after), sorted(before));
    },
  },
];
