// Bad input: every kind is refused in words, with a code, and leaves the model as it was.
import assert from "node:assert/strict";

/** Tries everything that a caller can get wrong; runs inside the page. */
async function mistakes(place) {
  const { starts, network, training, bars, outcome } = globalThis.kit;
  const engine = await starts[place]();
  const { Model, Dataset } = engine;
  const { pixels, labels, x } = bars(6);
  const model = await Model.fromConfig(network, { seed: 1 });
  await model.compile(training);
  const data = await new Dataset(pixels, labels, { shape: [8, 8, 1] });
  const file = await model.toSafetensors();
  const changed = (change) => {
    const copy = JSON.parse(JSON.stringify(network));
    change(copy.config.layers);
    return copy;
  };
  const dense = (name) => ({ class_name: "Dense", config: { name, units: 60_000 } });
  const headerLength = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const withBytes = (at, ...bytes) => {
    const copy = file.slice();
    copy.set(bytes, at);
    return copy;
  };
  const detached = new Float32Array(64);
  structuredClone(detached, { transfer: [detached.buffer] });
  const cyclic = {};
  cyclic.self = cyclic;

  // The code that is expected, what is wrong, and how it is done.
  const calls = {
    "format, config: not JSON": () => Model.fromConfig("{"),
    "format, config: deeply nested": () => Model.fromConfig("[".repeat(100_000)),
    "config, config: another class": () => Model.fromConfig({ class_name: "Subclassed", config: {} }),
    "config, config: an unknown layer": () => Model.fromConfig(changed((layers) => (layers[1].class_name = "LSTM"))),
    "config, config: an unknown activation": () =>
      Model.fromConfig(changed((layers) => (layers[1].config.activation = "mish2"))),
    "config, config: no filters": () => Model.fromConfig(changed((layers) => (layers[1].config.filters = 0))),
    "shape, config: a kernel larger than its input": () =>
      Model.fromConfig(changed((layers) => (layers[1].config.kernel_size = [9, 9]))),
    "limit, config: too large": () => Model.fromConfig(changed((layers) => (layers[4].config.units = 100_000_000))),
    "config, config: larger still": () => Model.fromConfig(changed((layers) => (layers[4].config.units = 1e300))),
    "limit, config: more weights than memory": () =>
      Model.fromConfig(changed((layers) => layers.push(dense("a"), dense("b")))),
    "limit, config: larger images than memory": () =>
      Model.fromConfig(changed((layers) => (layers[0].config.batch_shape = [null, 60_000, 60_000, 1]))),
    "limit, config: endless": () => Model.fromConfig(" ".repeat(2 ** 21)),
    "type, config: a function": () => Model.fromConfig(() => {}),
    "type, config: nothing": () => Model.fromConfig(),
    "type, config: cyclic": () => Model.fromConfig(cyclic),
    "type, seed: a fraction": () => Model.fromConfig(network, { seed: 0.5 }),
    "type, seed: negative": () => Model.fromConfig(network, { seed: -1 }),
    "type, seed: a BigInt": () => Model.fromConfig(network, { seed: 1n }),
    "type, options: null": () => Model.fromConfig(network, null),

    "type, options: misspelt": () => model.fit(data, { batchsize: 3, steps: 1 }),
    "type, options: training without an end": () => model.fit(data, { batchSize: 3 }),
    "type, options: unknown": () => engine.generateDigit({ label: 1, style: "round" }),
    "type, arguments: one too many": () => model.predict(x, { batchSize: 3 }),

    "format, safetensors: empty": () => model.loadSafetensors(new Uint8Array(0)),
    "limit, safetensors: text": () => model.loadSafetensors(new TextEncoder().encode("not a safetensors file")),
    "format, safetensors: truncated": () => model.loadSafetensors(file.subarray(0, file.length - 1)),
    "format, safetensors: truncated header": () => model.loadSafetensors(file.subarray(0, headerLength)),
    "format, safetensors: oversized": () => model.loadSafetensors(Uint8Array.from([...file, 0, 0, 0, 0])),
    "limit, safetensors: a huge header": () =>
      model.loadSafetensors(withBytes(0, 255, 255, 255, 255, 255, 255, 255, 127)),
    "value, safetensors: NaN": () => model.loadSafetensors(withBytes(8 + headerLength, 0, 0, 192, 127)),
    "shape, safetensors: another model's": async () => {
      const other = await Model.fromConfig(changed((layers) => (layers[1].config.filters = 5)));
      return model.loadSafetensors(await other.toSafetensors());
    },
    "type, safetensors: a string": () => model.loadSafetensors("bytes"),
    "type, safetensors: floats": () => Model.fromSafetensors(new Float32Array(8)),

    "shape, x: too short": () => model.predict(x.subarray(0, 63)),
    "value, x: NaN": () => model.predict(new Float32Array(64).fill(NaN)),
    "value, x: infinite": () => model.observe(new Float32Array(64).fill(Infinity)),
    "shape, x: several for one": () => model.observe(x),
    "type, x: an array": () => model.predict(Array.from(x)),
    "type, x: doubles": () => model.predict(new Float64Array(64)),
    "type, x: a number": () => model.predict(64),
    "type, x: null": () => model.predict(null),
    "type, x: nothing": () => model.predict(),
    "type, x: a lookalike": () => model.predict({ length: 64, [Symbol.toStringTag]: "Float32Array" }),
    "type, x: transferred elsewhere": () => model.observe(detached),
    "value, y: a label out of range": () => model.trainStep(x, Uint8Array.of(0, 1, 2, 3, 0, 1)),
    "shape, y: too few labels": () => model.trainStep(x, labels.subarray(1)),
    "shape, y: too few rows": () => model.trainStep(x, new Float32Array(17)),
    "value, y: NaN": () => model.evaluate(x, new Float32Array(18).fill(NaN)),
    "type, y: signed": () => model.trainStep(x, new Int8Array(6)),
    "type, y: nothing": () => model.trainStep(x),
    "value, indices: out of range": () => model.trainStep(data, [0, 6]),
    "shape, indices: none": () => model.trainStep(data, []),
    "type, indices: negative": () => model.trainStep(data, [-1]),
    "type, indices: floats": () => model.trainStep(data, new Float32Array(1)),
    "shape, data: of another shape": async () =>
      model.trainStep(await new Dataset(pixels, labels, { shape: [4, 16, 1] }), [0]),
    "shape, data: pixels missing": () => new Dataset(pixels.subarray(1), labels, { shape: [8, 8, 1] }),
    "shape, data: a side of nothing": () => new Dataset(pixels, labels, { shape: [0, 8, 1] }),
    "shape, data: sides beyond memory": () =>
      new Dataset(pixels, labels, { shape: [0xffff_ffff, 0xffff_ffff, 0xffff_ffff] }),
    "type, data: no shape": () => new Dataset(pixels, labels),
    "type, data: two sides": () => new Dataset(pixels, labels, { shape: [8, 8] }),
    "type, data: another engine's": () => model.trainStep({}, [0]),

    "value, layer: unknown": () => model.featureMaps(x.subarray(0, 64), "conv2d_9"),
    "type, layer: a number": () => model.featureMaps(x.subarray(0, 64), 1),
    "value, unit: beyond the last": () => model.explainUnit(x.subarray(0, 64), { layer: "conv2d", unit: 4 }),
    "value, row: beyond the last": () => model.project(x.subarray(0, 64), { layer: "conv2d", unit: 0, row: 6 }),
    "type, place: no unit": () => model.explainUnit(x.subarray(0, 64), { layer: "conv2d" }),
    "type, place: a negative row": () => model.explainUnit(x.subarray(0, 64), { layer: "conv2d", unit: 0, row: -1 }),
    "type, place: nothing": () => model.maximize(),
    "value, rule: unknown": () => model.project(x.subarray(0, 64), { layer: "conv2d", unit: 0, rule: "relu" }),
    "value, size: even": () => model.occlude(x.subarray(0, 64), { size: 2 }),
    "type, size: none": () => model.occlude(x.subarray(0, 64)),
    "limit, steps: too many": () => model.maximize({ layer: "dense", unit: 0, steps: 1e6 }),
    "type, data: examples to be ranked": () => model.strongestPatches(x, [0]),
    "shape, before: another network's": () => model.strongestPatches(data, [0], { before: new Float32Array(3) }),
    "value, features: unknown layer": () => model.features(data, [0], "conv2d_9"),
    "value, count: more directions than axes": () => engine.principalComponents(x, { width: 2, count: 3 }),
    "type, rows: no width": () => engine.principalComponents(x),
    "shape, rows: cut short": () => engine.nearestRows(x, x.subarray(0, 63)),
    "value, weights: unknown": () => model.weights("conv2d/kernels"),
    "type, weights: a symbol": () => model.weights(Symbol("kernel")),
    "config, compile: an unknown optimiser": () => model.compile({ optimizer: "adamm", loss: training.loss }),
    "config, compile: an unknown loss": () => model.compile({ optimizer: "adam", loss: "hinge2" }),
    "config, compile: a negative rate": () =>
      model.compile({ ...training, optimizer: { class_name: "SGD", config: { learning_rate: -1 } } }),
    "type, compile: nothing": () => model.compile(),

    "type, strokes: NaN": () => engine.rasterize([[[NaN, 0]]]),
    "value, strokes: far away": () => engine.rasterize([[[1e300, 0]]]),
    "type, strokes: flat": () => engine.rasterize([[0, 1]]),
    "limit, strokes: too many points": () => engine.rasterize([Array.from({ length: 100_000 }, () => [0, 0])]),
    "type, strokes: null": () => engine.rasterize(null),
    "value, pen: too wide": () => engine.rasterize([[[0, 0]]], { penWidth: 1000 }),
    "type, pen: a string": () => engine.rasterize([[[0, 0]]], { penWidth: "2" }),
    "value, digit: ten": () => engine.generateDigit({ label: 10 }),
    "type, digit: a string": () => engine.generateDigit({ label: "7" }),
    "type, digit: nothing": () => engine.generateDigit(),
  };

  const answers = [];
  for (const [name, call] of Object.entries(calls)) {
    const answer = await outcome(call);
    const same = (await model.toSafetensors()).join() === file.join();
    answers.push([name, { ...answer, same }]);
  }
  answers.push(["afterwards", await outcome(() => model.trainStep(x, labels))]);
  await engine.close();
  return answers;
}

export const tests = [
  {
    name: "engine: a number of workers that there cannot be is refused",
    async run(browser, site) {
      await browser.open(`${site.origin}/pages/engine.html`);
      await browser.until(() => globalThis.kit);
      const answers = await browser.evaluate(async () => {
        const { starts, outcome } = globalThis.kit;
        return Promise.all(
          [0, 3, 8, 1.5, "2", null, "all"].map((workers) => outcome(() => starts.worker({ workers }))),
        );
      });
      for (const { error, code, message } of answers) {
        assert.deepEqual([error, code], [true, "type"]);
        assert.match(message, /workers: needs 1, 2, 4 or "auto", got /);
      }
    },
  },
  {
    name: "engine: mistakes are refused in words and change nothing",
    async run(browser, site) {
      await browser.open(`${site.origin}/pages/engine.html`);
      await browser.until(() => globalThis.kit);
      const thread = new Map(await browser.evaluate(mistakes, "thread"));
      const worker = new Map(await browser.evaluate(mistakes, "worker"));
      assert.ok(thread.get("afterwards").loss > 0);
      for (const [name, answer] of thread) {
        assert.deepEqual({ name, ...worker.get(name) }, { name, ...answer });
        if (name === "afterwards") continue;
        const { error, code, message, same } = answer;
        assert.deepEqual([error, code, same], [true, name.split(",")[0], true], `${name}: ${message}`);
        assert.ok(message.split(" ").length >= 4, `${name}: ${message}`);
      }
    },
  },
];
