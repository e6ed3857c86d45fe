// Training in portions: wherever it is cut, and whoever computes it, the same bits come out.
import assert from "node:assert/strict";

const open = async (browser, site) => {
  await browser.open(`${site.origin}/pages/engine.html`);
  await browser.until(() => globalThis.kit);
};

const convnet = {
  class_name: "Sequential",
  config: {
    layers: [
      { class_name: "InputLayer", config: { batch_shape: [null, 28, 28, 1] } },
      { class_name: "Conv2D", config: { name: "conv2d", filters: 4, kernel_size: 3, strides: 2, activation: "relu" } },
      { class_name: "MaxPooling2D", config: {} },
      { class_name: "Flatten", config: {} },
      { class_name: "Dropout", config: { rate: 0.2 } },
      { class_name: "Dense", config: { name: "dense", units: 10, activation: "softmax" } },
    ],
  },
};

/** Trains for three epochs, cut into `portions`; runs inside the page. */
async function life({ place, workers, portions, convnet }) {
  const { starts, training } = globalThis.kit;
  const { Model, Dataset, generateDigits, close } = await starts[place]({ variant: "simd", ...workers });
  const { pixels, labels, shape } = await generateDigits({ count: 150, seed: 3 });
  const data = await new Dataset(pixels, labels, { shape });
  const model = await Model.fromConfig(convnet, { seed: 1 });
  await model.compile(training);
  const options = { batchSize: 64, seed: 5, augmentation: { shift: 2, rotation: 0.1, elastic: 0.5 } };
  const losses = [];
  let taken = 0;
  for (const steps of portions) {
    const { loss, accuracy } = await model.fit(data, { ...options, steps });
    losses.push(...loss);
    if (accuracy.length !== steps) throw new Error(`${accuracy.length} accuracies`);
    taken += steps;
    if (taken === 4) {
      const bytes = await model.toSafetensors({ optimizer: true });
      await model.fit(data, { ...options, until: 7 });
      await model.loadSafetensors(bytes);
    }
    if (taken === 7) await model.setLearningRate(0.001);
  }
  const weights = [...(await model.weights("dense/kernel")).values];
  const indices = Uint32Array.from({ length: 150 }, (_, index) => index);
  const predictions = [...(await model.predict(data, indices))];
  await close();
  return { losses, weights, predictions };
}

export const tests = [
  {
    name: "engine: fit in portions, in workers and from a checkpoint gives the same bits",
    async run(browser, site) {
      await open(browser, site);
      const run = (place, workers, portions) => browser.evaluate(life, { place, workers, portions, convnet });
      const whole = await run("thread", {}, [4, 3, 2]);
      assert.equal(whole.losses.length, 9);
      assert.ok(whole.losses[8] < whole.losses[0], String(whole.losses));
      assert.deepEqual(await run("worker", { workers: 1 }, [1, 2, 1, 2, 1, 1, 1]), whole);
      assert.deepEqual(await run("worker", { workers: 2 }, [4, 3, 1, 1]), whole);
    },
  },
  {
    name: "engine: fit stops when its time is over, after one step at least",
    async run(browser, site) {
      await open(browser, site);
      const steps = await browser.evaluate(async () => {
        const { starts, network, training, bars } = globalThis.kit;
        const { Model, Dataset } = await starts.worker();
        const { pixels, labels } = bars(150);
        const data = await new Dataset(pixels, labels, { shape: [8, 8, 1] });
        const model = await Model.fromConfig(network);
        await model.compile(training);
        const none = await model.fit(data, { steps: 1000, milliseconds: 0 });
        const some = await model.fit(data, { steps: 1e9, milliseconds: 50 });
        return [none.loss.length, some.loss.length];
      });
      assert.equal(steps[0], 1);
      assert.ok(steps[1] > 1 && steps[1] < 1e6, String(steps));
    },
  },
  {
    name: "engine: while fit runs in a worker, what changes nothing is answered, and training goes on as if nothing had been asked",
    alone: true,
    async run(browser, site) {
      await open(browser, site);
      const { asked, order, steps, between, weights } = await browser.evaluate(async (convnet) => {
        const { starts, training } = globalThis.kit;
        const { Model, Dataset, generateDigits, close } = await starts.worker({ variant: "simd" });
        const { pixels, labels, shape } = await generateDigits({ count: 150, seed: 3 });
        const data = await new Dataset(pixels, labels, { shape });
        const compiled = async () => {
          const model = await Model.fromConfig(convnet, { seed: 1 });
          await model.compile(training);
          return model;
        };
        const model = await compiled();
        const order = [];
        const note = (name, answer) => answer.then((value) => (order.push(name), value));
        const fitting = note("fit", model.fit(data, { steps: 1e9, milliseconds: 500 }));
        let asked = 0;
        while (asked < 20) {
          await model.predict(new Float32Array(784));
          asked += 1;
        }
        const between = [...order];
        const later = [
          note("fit again", model.fit(data, { steps: 1 })),
          note("weights", model.weights("dense/bias")),
          note("setLearningRate", model.setLearningRate(0.5)),
          note("summary", model.summary()),
        ];
        const steps = (await fitting).loss.length + 1;
        await Promise.all(later);
        const alone = await compiled();
        await alone.fit(data, { steps });
        const weights = [];
        for (const one of [model, alone]) weights.push([...(await one.weights("dense/kernel")).values]);
        await close();
        return { asked, order, steps, between, weights };
      }, convnet);
      assert.equal(asked, 20);
      assert.deepEqual(between, [], "the answers waited for fit");
      assert.deepEqual(order, ["weights", "fit", "fit again", "setLearningRate", "summary"]);
      assert.ok(steps > 2, String(steps));
      assert.deepEqual(weights[0], weights[1]);
    },
  },
  {
    name: "engine: digits, IDX files, augmentation and single weights",
    async run(browser, site) {
      await open(browser, site);
      const got = await browser.evaluate(async () => {
        const { starts, network, bars, outcome } = globalThis.kit;
        const answers = {};
        for (const place of ["thread", "worker"]) {
          const engine = await starts[place]({ variant: "simd" });
          const { Model, Dataset } = engine;
          const { pixels, labels } = await engine.generateDigits({ count: 30, seed: 1 });
          const part = await engine.generateDigits({ count: 10, seed: 1, first: 20 });
          const image = Float32Array.from(pixels.subarray(0, 784), (pixel) => pixel / 255);
          const augmentation = { shift: 3, elastic: 1 };
          const [varied, again, other] = [
            await engine.augment(image, augmentation, { seed: 1 }),
            await engine.augment(image, augmentation, { seed: 1 }),
            await engine.augment(image, augmentation, { seed: 2 }),
          ];
          const model = await Model.fromConfig(network);
          await model.setWeights("dense/bias", Float32Array.of(1, 2, 3));
          const small = bars(3);
          const data = await new Dataset(small.pixels, small.labels, { shape: [8, 8, 1] });
          const idx = (magic, sizes, content) => {
            const bytes = new Uint8Array(4 + 4 * sizes.length + content.length);
            const view = new DataView(bytes.buffer);
            [magic, ...sizes].forEach((word, at) => view.setUint32(4 * at, word));
            bytes.set(content, 4 + 4 * sizes.length);
            return bytes;
          };
          const images = idx(0x803, [2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
          answers[place] = {
            samePart: part.pixels.every((pixel, at) => pixel === pixels[20 * 784 + at]),
            labels: labels.join(""),
            same: varied.every((value, at) => value === again[at]),
            differs: varied.some((value, at) => value !== other[at]),
            weights: await outcome(() => model.weights("dense/bias")),
            idx: await outcome(() => engine.readIdx(images, idx(0x801, [2], [7, 9]))),
            truncated: await outcome(() => engine.readIdx(images.subarray(0, 20), idx(0x801, [2], [7, 9]))),
            noise: await outcome(() => engine.readIdx(Uint8Array.of(1, 2, 3, 4, 5), idx(0x801, [2], [7, 9]))),
            none: await outcome(() => model.predict(data, [3])),
            notCompiled: await outcome(() => model.fit(data, { steps: 1 })),
            noSteps: await outcome(() => model.fit(data, {})),
            noData: await outcome(() => model.fit(image, { steps: 1 })),
            notDigits: await outcome(() => model.fit(data, { steps: 1, augmentation: { shift: 1 } })),
            wrongWeight: await outcome(() => model.setWeights("dense/bias", Float32Array.of(1))),
            tooMany: await outcome(() => engine.generateDigits({ count: 1e6 })),
            rate: await outcome(() => model.setLearningRate(0.1)),
          };
        }
        return answers;
      });
      assert.deepEqual(got.worker, got.thread);
      const { samePart, labels, same, differs, weights, idx, ...errors } = got.thread;
      assert.deepEqual([samePart, labels, same, differs], [true, "0123456789".repeat(3), true, true]);
      assert.deepEqual(weights.values.slice(1), [1, 2, 3]);
      assert.deepEqual(
        [idx.shape, idx.pixels.slice(1, 4), idx.labels],
        [
          [2, 3, 1],
          [1, 2, 3],
          ["Uint8Array", 7, 9],
        ],
      );
      for (const [name, { error, message }] of Object.entries(errors)) {
        assert.ok(error && message.length > 15, `${name}: ${message}`);
        console.log(`    ${name}: ${message}`);
      }
    },
  },
];
