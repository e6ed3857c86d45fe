// The engine as a developer finds it: one surface, in the page's thread and in the worker.
import assert from "node:assert/strict";

const open = async (browser, site) => {
  await browser.open(`${site.origin}/pages/engine.html`);
  await browser.until(() => globalThis.kit);
};

/** Calls everything once; runs inside the page. */
async function everything(place) {
  const { starts, network, training, bars, outcome } = globalThis.kit;
  const engine = await starts[place]({ variant: "simd" });
  const { Model, Dataset } = engine;
  const { pixels, labels, x } = bars(12);
  const model = await Model.fromConfig(network, { seed: 1 });
  const data = await new Dataset(pixels, labels, { shape: [8, 8, 1] });
  const oneHot = Float32Array.from({ length: 36 }, (_, index) => Number(index % 3 === labels[Math.floor(index / 3)]));
  const strokes = [
    [
      [0.3, 0.2],
      [0.4, 0.8],
    ],
    [
      [0.2, 0.5],
      [0.7, 0.5],
    ],
  ];
  const one = x.subarray(64, 128);
  const calls = {
    variant: () => engine.variant,
    getConfig: () => model.getConfig(),
    summary: () => model.summary(),
    "evaluate before compile": () => model.evaluate(x, labels),
    "evaluate with a loss of its own": () => model.evaluate(x, labels, { loss: "sparse_categorical_crossentropy" }),
    compile: () => model.compile(training),
    trainStep: () => model.trainStep(x, labels),
    "trainStep on data": () => model.trainStep(data, [0, 1, 2, 3]),
    "evaluate on data": () => model.evaluate(data, Uint32Array.of(4, 5)),
    "categorical loss": () => model.compile(JSON.stringify({ optimizer: "sgd", loss: "categorical_crossentropy" })),
    "trainStep on one-hot": () => model.trainStep(x, oneHot),
    "evaluate on one-hot": () => model.evaluate(x, oneHot),
    "evaluate in full": () => model.evaluate(data, [0, 1, 2, 3], { loss: training.loss, confusion: true }),
    predict: () => model.predict(x),
    "predict none": () => model.predict(new Float32Array(0)),
    featureMaps: () => model.featureMaps(one, "conv2d"),
    observe: () => model.observe(one),
    "observe a drawing": async () => {
      const digits = JSON.parse(JSON.stringify(network));
      digits.config.layers[0].config.batch_shape = [null, 28, 28, 1];
      return (await Model.fromConfig(digits, { seed: 1 })).observe({ strokes, shift: [2, -1], penWidth: 3 });
    },
    "observe a drawing in the wrong size": () => model.observe({ strokes }),
    regions: () => model.regions({ layer: "conv2d", unit: 2, row: 1, column: 5 }),
    channelMaps: () => model.channelMaps(one, { layer: "conv2d", unit: 3 }),
    "explainUnit of a map": () => model.explainUnit(one, { layer: "conv2d", unit: 2, row: 1, column: 5 }),
    "explainUnit of a pool": () => model.explainUnit(one, { layer: "max_pooling2d", unit: 1, row: 2 }),
    "explainUnit of an output": () => model.explainUnit(one, { layer: "dense", unit: 0 }),
    "explainUnit nowhere": () => model.explainUnit(one, { layer: "dense", unit: 0, row: 1 }),
    project: () => model.project(one, { layer: "conv2d", unit: 0, row: 2, column: 3 }),
    "project the strongest": () => model.project(one, { layer: "max_pooling2d", unit: 1, rule: "deconvnet" }),
    "project an output": () => model.project(one, { layer: "dense", unit: 1, rule: "guided" }),
    effectiveReceptiveField: () =>
      model.effectiveReceptiveField(data, [0, 1, 2], { layer: "max_pooling2d", unit: 0, row: 1, column: 1 }),
    occlude: () => model.occlude(one, { size: 3, stride: 2, value: 0.5 }),
    "occlude each pixel": () => model.occlude(one, { size: 1 }),
    "classActivation without an average": () => model.classActivation(one, { unit: 0 }),
    classActivation: async () => {
      const description = JSON.parse(JSON.stringify(network));
      description.config.layers[3] = { class_name: "GlobalAveragePooling2D", config: {} };
      return (await Model.fromConfig(description, { seed: 0 })).classActivation(one, { unit: 2 });
    },
    strongestPatches: () => model.strongestPatches(data, Uint32Array.of(7, 3, 5)),
    "strongestPatches in portions": async () => {
      const { ranking } = await model.strongestPatches(data, [7, 3]);
      return model.strongestPatches(data, [5], { before: ranking });
    },
    mergeRankings: async () => {
      const [one, other] = [await model.strongestPatches(data, [7, 3]), await model.strongestPatches(data, [5])];
      return engine.mergeRankings(one.ranking, other.ranking);
    },
    maximize: () => model.maximize({ layer: "conv2d", unit: 1, row: 3, column: 3, steps: 8, seed: 5 }),
    features: () => model.features(x, "max_pooling2d"),
    "features on data": () => model.features(data, [2, 0], "flatten"),
    "directions of features": async () =>
      engine.principalComponents(await model.features(x, "dense"), { width: 3, count: 2 }),
    "the same directions again": async () => {
      const rows = await model.features(x, "dense");
      const { mean, directions } = await engine.principalComponents(rows, { width: 3 });
      const turned = directions.map((value) => -value);
      const { directions: before } = await engine.principalComponents(rows, { width: 3, before: turned });
      return engine.coordinates(rows.subarray(3, 9), { mean, directions: before });
    },
    nearestRows: () => engine.nearestRows(x, one, { count: 3 }),
    weights: () => model.weights("conv2d/kernel"),
    flatWeights: () => model.flatWeights(),
    setFlatWeights: async () => model.setFlatWeights((await model.flatWeights()).map((weight) => weight / 2)),
    "flatWeights, halved": () => model.flatWeights(),
    "setWeights from a place on": () => model.setWeights("conv2d/kernel", Float32Array.of(1, 2), { at: 34 }),
    "setWeights beyond the end": () => model.setWeights("conv2d/kernel", Float32Array.of(1, 2), { at: 35 }),
    "weights, edited": () => model.weights("conv2d/kernel"),
    toSafetensors: () => model.toSafetensors(),
    reset: () => model.reset(),
    "weights after reset": () => model.weights("dense/kernel"),
    "load what was saved": async () => model.loadSafetensors(await model.toSafetensors()),
    "the same from its file": async () => (await Model.fromSafetensors(await model.toSafetensors())).predict(x),
    rasterize: () => engine.rasterize(strokes),
    "rasterize wide": () => engine.rasterize(strokes, { penWidth: 4, center: false }),
    rasterizeStages: () => engine.rasterizeStages(strokes),
    "rasterize nothing": () => engine.rasterize([]),
    generateDigit: () => engine.generateDigit({ label: 7, seed: 3 }),
    readIdxHeader: () => engine.readIdxHeader(Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 20)),
    "readIdxHeader of labels": () => engine.readIdxHeader(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 5)),
    split: () => engine.split(labels, { validation: 0.25, seed: 3 }),
    windows: () => engine.windows({ cells: 7, size: 3, stride: 2, padding: "same" }),
    "windows that skip": () => engine.windows({ cells: 8, size: 2, stride: 3 }),
    describe: () => engine.describe(network),
    varied: () => engine.varied(network, { l2: 0.5, dropout: 0.25, batchNormalization: true }),
    saturation: () => engine.saturation("relu", Float32Array.of(0, 1, 0, 2), { units: 2 }),
    surfacePath: () =>
      engine.surfacePath({ surface: { name: "regression" }, optimizer: "sgd", start: [0, 1], steps: 5, batchSize: 4 }),
    surfaceGrid: () =>
      engine.surfaceGrid({ surface: { name: "beale" }, from: [0, 0], to: [3, 1], columns: 4, rows: 3 }),
    "surfaceGrid of a pit": () =>
      engine.surfaceGrid({ surface: { name: "pit" }, from: [0, 0], to: [1, 1], columns: 2, rows: 2 }),
    activationCurve: () => engine.activationCurve("tanh", Float32Array.of(-1, 0, 2)),
    free: () => model.free(),
    "free again": () => model.free(),
    "predict after free": () => model.predict(x),
    close: () => engine.close(),
    "call after close": () => engine.rasterize(strokes),
    "close again": () => engine.close(),
  };
  const answers = [];
  for (const [name, call] of Object.entries(calls)) answers.push([name, await outcome(call)]);
  return answers;
}

export const tests = [
  {
    name: "engine: thread and worker give the same answers to everything",
    async run(browser, site) {
      await open(browser, site);
      const thread = new Map(await browser.evaluate(everything, "thread"));
      const worker = new Map(await browser.evaluate(everything, "worker"));
      for (const [name, answer] of thread) assert.deepEqual({ name, ...worker.get(name) }, { name, ...answer });

      const refused = [...thread].filter(([, answer]) => answer?.error).map(([name, { code }]) => `${name}: ${code}`);
      assert.deepEqual(refused, [
        "evaluate before compile: config",
        "predict none: shape",
        "observe a drawing in the wrong size: shape",
        "explainUnit nowhere: value",
        "classActivation without an average: value",
        "setWeights beyond the end: shape",
        "surfaceGrid of a pit: config",
        "predict after free: closed",
        "call after close: closed",
      ]);
      assert.deepEqual(
        thread.get("summary").layers.map(({ outputShape }) => outputShape),
        [[6, 6, 4], [3, 3, 4], [36], [3]],
      );
      assert.deepEqual(thread.get("weights").shape, [3, 3, 1, 4]);
      assert.deepEqual(thread.get("observe").layers[0], { name: "conv2d", ...thread.get("featureMaps") });
      const { image, placement, output, class: answer } = thread.get("observe");
      assert.deepEqual(
        [image.length, placement, output],
        [1 + 64, null, ["Float32Array", ...thread.get("predict").slice(4, 7)]],
      );
      assert.equal(output[1 + answer], Math.max(...output.slice(1)));
      const drawn = thread.get("observe a drawing");
      assert.equal(drawn.image.length, 1 + 784);
      assert.ok(drawn.placement.scale > 0);
      assert.deepEqual(
        thread.get("observe").layers.map(({ planes }) => planes.length - 1),
        [144, 36, 36, 3],
      );
      const unit = thread.get("explainUnit of a map");
      assert.deepEqual(unit.window, { row: 1, column: 5, height: 3, width: 3 });
      assert.deepEqual(unit.regions.at(-1), {
        layer: "input",
        rows: [1, 4],
        columns: [5, 8],
        field: unit.window,
      });
      assert.equal(unit.output, thread.get("featureMaps").planes[1 + 2 * 36 + 1 * 6 + 5]);
      assert.deepEqual(thread.get("explainUnit of an output").sourceShape, [3, 3, 4]);
      assert.deepEqual(thread.get("strongestPatches").layers, [{ name: "conv2d", units: 4, first: 0 }]);
      assert.deepEqual(thread.get("strongestPatches in portions"), thread.get("strongestPatches"));
      assert.deepEqual(thread.get("mergeRankings"), thread.get("strongestPatches in portions").ranking);
      assert.deepEqual(thread.get("regions"), unit.regions);
      assert.deepEqual(thread.get("channelMaps").shape, [6, 6, 1]);
      const whole = thread.get("flatWeights");
      assert.deepEqual(whole.slice(1, 37), thread.get("weights").values.slice(1));
      assert.deepEqual(
        thread.get("flatWeights, halved").slice(1),
        whole.slice(1).map((weight) => weight / 2),
      );
      assert.deepEqual(thread.get("weights, edited").values.slice(-2), [1, 2]);
      const full = thread.get("evaluate in full");
      assert.deepEqual([full.confusion.length, full.predictions.length, full.probabilities.length], [10, 5, 5]);
      assert.deepEqual(thread.get("readIdxHeader"), { kind: "images", count: 2, shape: [28, 20], length: 16 + 1120 });
      assert.deepEqual(thread.get("readIdxHeader of labels"), { kind: "labels", count: 5, shape: null, length: 13 });
      assert.deepEqual(thread.get("windows"), {
        starts: ["Int32Array", -1, 1, 3, 5],
        before: 1,
        after: 1,
        skipped: ["Uint32Array"],
      });
      assert.deepEqual(thread.get("windows that skip").skipped, ["Uint32Array", 2, 5]);
      assert.deepEqual(thread.get("saturation"), { units: 2, saturated: 1, dead: 1 });
      assert.equal(thread.get("nearestRows").distances[1], 0);
      assert.equal(thread.get("rasterize").image.length, 1 + 784);
      assert.equal(thread.get("rasterize nothing").placement, null);
    },
  },
  {
    name: "engine: both have the same names, and the one in workers tells when it starts again",
    async run(browser, site) {
      await open(browser, site);
      const names = (place) =>
        browser.evaluate(async (place) => {
          const engine = await globalThis.kit.starts[place]();
          const { Model, Dataset } = engine;
          return [engine, Model, Model.prototype, Dataset, Dataset.prototype].map(Object.getOwnPropertyNames);
        }, place);
      const [engine, ...classes] = await names("thread");
      assert.deepEqual(await names("worker"), [[...engine, "restarts"], ...classes]);
    },
  },
  {
    name: "engine: training lowers the loss, and the same seed gives the same bits",
    async run(browser, site) {
      await open(browser, site);
      const train = (place, seed) =>
        browser.evaluate(
          async (place, seed) => {
            const { starts, network, training, bars } = globalThis.kit;
            const { Model, Dataset } = await starts[place]({ variant: "simd" });
            const { pixels, labels } = bars(48);
            const data = await new Dataset(pixels, labels, { shape: [8, 8, 1] });
            const model = await Model.fromConfig(network, { seed });
            await model.compile(training);
            const losses = [];
            for (let step = 0; step < 40; step++) {
              const indices = Uint32Array.from({ length: 12 }, (_, index) => (step * 12 + index) % 48);
              losses.push((await model.trainStep(data, indices)).loss);
            }
            return { losses, file: Array.from(await model.toSafetensors()) };
          },
          place,
          seed,
        );
      const first = await train("thread", 5);
      assert.ok(first.losses.at(-1) < 0.3 * first.losses[0], `from ${first.losses[0]} to ${first.losses.at(-1)}`);
      for (const place of ["thread", "worker"]) {
        const again = await train(place, 5);
        // The losses first: they tell from which step on something differs.
        assert.deepEqual(again.losses, first.losses);
        assert.deepEqual(again.file, first.file);
      }
      assert.notDeepEqual((await train("thread", 6)).losses, first.losses);
    },
  },
  {
    name: "engine: every engine is an instance of its own",
    async run(browser, site) {
      await open(browser, site);
      const codes = await browser.evaluate(async () => {
        const { starts, network, bars, outcome } = globalThis.kit;
        const { pixels, labels } = bars(6);
        const codes = [];
        for (const place of ["thread", "worker"]) {
          const [one, other] = [await starts[place](), await starts[place]()];
          const data = await new one.Dataset(pixels, labels, { shape: [8, 8, 1] });
          const model = await other.Model.fromConfig(network);
          await one.close();
          codes.push((await outcome(() => model.trainStep(data, [0]))).code);
          codes.push((await outcome(() => model.summary())).params);
        }
        return codes;
      });
      assert.deepEqual(codes, ["type", 151, "type", 151]);
    },
  },
  {
    name: 'engine: "auto" takes relaxed SIMD where there is some',
    async run(browser, site) {
      await open(browser, site);
      const { auto, relaxed } = await browser.evaluate(async () => {
        const { starts, outcome } = globalThis.kit;
        return {
          auto: (await starts.worker()).variant,
          relaxed: await outcome(async () => (await starts.thread({ variant: "relaxed" })).variant),
        };
      });
      if (auto === "relaxed") assert.equal(relaxed, "relaxed");
      else assert.equal(relaxed.code, "load");
      // At the time of writing only Chromium has it among the three.
      if (browser.engine === "chromium") assert.equal(auto, "relaxed");
      if (browser.engine === "webkit") assert.equal(auto, "simd");
    },
  },
  {
    name: "engine: what is passed in stays the caller's, and a view costs no more than itself",
    async run(browser, site) {
      await open(browser, site);
      const kept = await browser.evaluate(async () => {
        const { starts, network, bars } = globalThis.kit;
        const { Model } = await starts.worker();
        const { x } = bars(6);
        const before = x.join();
        const model = await Model.fromConfig(network);
        const whole = await model.predict(x);
        const part = await model.predict(x.subarray(64, 128));
        return [x.join() === before, whole.subarray(3, 6).join() === part.join(), whole.buffer.byteLength];
      });
      assert.deepEqual(kept, [true, true, 6 * 3 * 4]);
    },
  },
  {
    name: "engine: a task that is slower than its caller answers in order and skips what is stale",
    async run(browser, site) {
      await open(browser, site);
      const answers = await browser.evaluate(async () => {
        const releases = [];
        const task = globalThis.kit.latest((name) => new Promise((resolve) => releases.push(() => resolve(name))));
        const first = ["a", "b", "c"].map((name) => task(name));
        releases.shift()();
        const a = await first[0];
        while (!releases.length) await new Promise((resolve) => setTimeout(resolve));
        const d = task("d");
        task.drop();
        releases.shift()();
        const failing = globalThis.kit.latest(() => Promise.reject(new Error("as it should")));
        return [a, await first[1], await first[2], await d, await failing().catch(({ message }) => message)].map(
          (answer) => answer ?? null,
        );
      });
      assert.deepEqual(answers, ["a", null, null, null, "as it should"]);
    },
  },
];
