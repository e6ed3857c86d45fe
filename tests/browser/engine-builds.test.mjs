// The page begins with a build that knows what the shipped models need. What that refuses is asked of the complete one, and
// nobody notices but by the download.
import assert from "node:assert/strict";

const open = async (browser, site) => {
  await browser.open(`${site.origin}/pages/engine.html`);
  await browser.until(() => globalThis.kit);
};

/** Trains, asks for what only the complete build has, and trains on; runs inside the page. */
async function trainBeside(asked) {
  const { starts, network, training, bars, outcome } = globalThis.kit;
  const engine = await starts.worker({ variant: "simd", workers: 2 });
  const told = [];
  engine.restarts.addEventListener("restart", ({ detail }) => told.push(detail.message));
  const { pixels, labels, x } = bars(60);
  const data = await new engine.Dataset(pixels, labels, { shape: [8, 8, 1] });
  const model = await engine.Model.fromConfig(network, { seed: 1 });
  await model.compile(training);
  await model.fit(data, { steps: 7, batchSize: 20 });
  await model.setWeights("dense/bias", Float32Array.of(0.5), { at: 1 });
  // Both are asked for at once: what learns has begun before the engine goes on in another build.
  const [answer, history] = await Promise.all([
    asked && outcome(async () => (await engine.Model.fromConfig(asked)).summary()),
    outcome(() => model.fit(data, { steps: 5, batchSize: 20 })),
  ]);
  const rest = await outcome(() => model.fit(data, { steps: 3, batchSize: 20 }));
  const end = await outcome(() => model.predict(x.subarray(0, 64)));
  await engine.close();
  return { answer, learnt: JSON.stringify([history, rest, end]), told };
}

const layer = (class_name, config) => ({ class_name, config });
const withLayer = (added) =>
  layer("Sequential", {
    layers: [
      layer("InputLayer", { batch_shape: [null, 8, 8, 1] }),
      added,
      layer("Flatten", {}),
      layer("Dense", { units: 2 }),
    ],
  });

export const tests = [
  {
    name: "engine: what the small build does not know is asked of the complete one, and what is learnt meanwhile is the same",
    async run(browser, site) {
      await open(browser, site);
      const alone = await browser.evaluate(trainBeside, undefined);
      const beside = await browser.evaluate(trainBeside, withLayer(layer("ZeroPadding2D", { padding: 1 })));
      assert.deepEqual(beside.answer.layers[0].outputShape, [10, 10, 1]);
      assert.equal(beside.learnt, alone.learnt);
      assert.deepEqual(beside.told, []);
    },
  },
  {
    name: "engine: what no build knows is refused by the complete one, which is loaded once",
    async run(browser, site) {
      await open(browser, site);
      const loaded = await browser.evaluate(
        async (...asked) => {
          const { starts, outcome } = globalThis.kit;
          const { Model } = await starts.worker({ variant: "simd" });
          const refused = [];
          for (const config of asked) refused.push(await outcome(() => Model.fromConfig(config)));
          const names = performance.getEntriesByType("resource").map(({ name }) => name.split("/").at(-1));
          return { refused, builds: names.filter((name) => name.endsWith(".wasm")) };
        },
        withLayer(layer("Conv3D", { filters: 1 })),
        withLayer(layer("Conv4D", { filters: 1 })),
      );
      for (const [index, { code, message }] of loaded.refused.entries()) {
        assert.equal(code, "config");
        assert.match(message, new RegExp(`Conv${index + 3}D`));
      }
      assert.deepEqual(loaded.builds, ["convscope-first-simd.wasm", "convscope-simd.wasm"]);
    },
  },
  {
    name: "engine: all that is asked while the complete build is on its way is answered by it",
    async run(browser, site) {
      await open(browser, site);
      const answers = await browser.evaluate(async () => {
        const { starts, outcome } = globalThis.kit;
        const engine = await starts.worker({ variant: "simd" });
        const curve = () => outcome(() => engine.activationCurve("relu", Float32Array.of(-1, 2)));
        const first = [curve(), curve()];
        await new Promise((resolve) => setTimeout(resolve));
        const later = [curve()];
        // The download has begun by now.
        await new Promise((resolve) => setTimeout(resolve, 20));
        return Promise.all([...first, ...later, curve()]);
      });
      for (const answer of answers) assert.deepEqual(answer, answers[0]);
      assert.ok(!answers[0].error, answers[0].message);
    },
  },
];
