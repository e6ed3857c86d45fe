// Values that are not what they seem: arrays whose memory is gone, getters that throw, lists with holes, names as long as a
// book. Each is refused in a few words, or taken for what it is, and the engine goes on.
import assert from "node:assert/strict";

const CODES = ["config", "shape", "value", "format", "limit", "type", "closed"];
/** The longest message, in characters. */
const LONGEST = 1000;

/** Tries everything; runs inside the page. */
async function tries(place) {
  const { starts, network, training, bars, outcome } = globalThis.kit;
  const engine = await starts[place]();
  const { Model, Dataset } = engine;
  const { pixels, labels, x: all } = bars(6);
  const x = all.slice(0, 64);
  const model = await Model.fromConfig(network, { seed: 1 });
  await model.compile(training);
  const data = await new Dataset(pixels, labels, { shape: [8, 8, 1] });
  const file = (await model.toSafetensors()).join();

  const resizable = (bytes) => new ArrayBuffer(bytes, { maxByteLength: 4096 });
  const filled = (view) => (view.set(x), view);
  const outOfBounds = () => {
    const view = new Float32Array(resizable(256), 128, 32);
    view.buffer.resize(128);
    return view;
  };
  const shared = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer;
  const throws = (thrown) => () => {
    throw thrown;
  };
  const throwing = (property, thrown) => Object.defineProperty({}, property, { get: throws(thrown), enumerable: true });
  const revoked = (target) => {
    const { proxy, revoke } = Proxy.revocable(target, {});
    revoke();
    return proxy;
  };
  const trapped = (target) =>
    new Proxy(target, { get: throws(new RangeError("a trap")), ownKeys: throws("text"), has: throws(null) });
  const changing = (...values) => {
    let read = 0;
    return { enumerable: true, get: () => values[Math.min(read++, values.length - 1)] };
  };
  const endless = Object.assign([0, 1], {
    *[Symbol.iterator]() {
      for (;;) yield 0;
    },
  });
  const shrinking = (target) => {
    let reads = 0;
    return new Proxy(target, {
      get: (list, name) => (name === "length" ? Math.max(0, list.length - reads++) : list[name]),
    });
  };
  const long = "x".repeat(1e6);
  const dense = (name, units = 1) => ({ class_name: "Dense", config: { name, units } });
  const withLayers = (...layers) => {
    const copy = JSON.parse(JSON.stringify(network));
    copy.config.layers.push(...layers);
    return copy;
  };
  const whileResized = (call) => {
    const view = filled(new Float32Array(resizable(256)));
    return call(view, () => view.buffer.resize(0));
  };
  const huge = new Uint8Array(4 * Math.round(2.2 * 2 ** 28));

  /** What is to be refused. */
  const refused = {
    "x: left out of bounds": () => model.predict(outOfBounds()),
    "x: left out of bounds, observed": () => model.observe(outOfBounds()),
    "pixels: left out of bounds": () => {
      const view = new Uint8Array(resizable(384), 64);
      const short = new Uint8Array(view.buffer, 0, 384);
      view.buffer.resize(32);
      return new Dataset(short, labels, { shape: [8, 8, 1] });
    },
    "labels: left out of bounds": () => {
      const view = new Uint16Array(resizable(12), 0, 6);
      view.buffer.resize(2);
      return new Dataset(pixels, view, { shape: [8, 8, 1] });
    },
    "bytes: a view left out of bounds": () => {
      const view = new Uint8Array(resizable(384), 0, 384);
      view.buffer.resize(8);
      return model.loadSafetensors(view);
    },
    "indices: left out of bounds": () => {
      const view = new Uint32Array(resizable(8), 0, 2);
      view.buffer.resize(4);
      return model.predict(data, view);
    },
    "x: shrunk to nothing": () => whileResized((view, resize) => (resize(), model.observe(view))),
    "x: shrunk by a later argument": () =>
      whileResized((view, resize) =>
        model.explainUnit(view, {
          get layer() {
            resize();
            return "conv2d";
          },
          unit: 0,
        }),
      ),
    "x: transferred by a later argument": () => {
      const view = x.slice();
      return model.explainUnit(view, {
        get layer() {
          structuredClone(view.buffer, { transfer: [view.buffer] });
          return "conv2d";
        },
        unit: 0,
      });
    },
    "x: an object with its prototype": () => model.predict(Object.create(Float32Array.prototype)),
    "x: a proxy": () => model.predict(new Proxy(x, {})),
    "x: a revoked proxy": () => model.predict(revoked(x)),
    "x: a tag that throws": () => model.predict(throwing(Symbol.toStringTag, new Error("no"))),
    "x: a data view": () => model.predict(new DataView(x.buffer)),
    "pixels: 2.2 GiB": () => new Dataset(huge, labels, { shape: [8, 8, 1] }),
    "pixels: 2.2 GiB in a buffer": () => new Dataset(huge.buffer, labels, { shape: [8, 8, 1] }),
    "bytes: 2.2 GiB": () => model.loadSafetensors(huge),
    "x: 2.2 GiB": () => model.predict(new Float32Array(huge.buffer)),
    "config: a getter that throws": () => Model.fromConfig(throwing("class_name", new Error("no"))),
    "config: a getter that throws nothing": () => Model.fromConfig(throwing("class_name", undefined)),
    "config: toJSON throws": () => Model.fromConfig({ toJSON: throws("no") }),
    "config: toJSON answers nothing": () => Model.fromConfig({ toJSON() {} }),
    "config: a BigInt": () => Model.fromConfig({ class_name: 1n }),
    "config: a revoked proxy": () => Model.fromConfig(revoked({})),
    "config: a proxy that throws": () => Model.fromConfig(trapped({})),
    "options: a getter that throws": () => model.fit(data, throwing("steps", new Error("no"))),
    "options: a getter that throws text": () => model.fit(data, throwing("steps", "no")),
    "options: a getter that throws a symbol": () => model.fit(data, throwing("steps", Symbol("no"))),
    "options: a revoked proxy": () => model.fit(data, revoked({})),
    "options: a proxy that throws": () => model.fit(data, trapped({ steps: 1 })),
    "options: a getter that throws a book": () => model.fit(data, throwing("steps", new Error(long))),
    "place: a getter that throws": () => model.explainUnit(x, throwing("layer", new Error("no"))),
    "place: a proxy that throws": () => model.explainUnit(x, trapped({ layer: "conv2d", unit: 0 })),
    "shape: a hole": () => new Dataset(pixels, labels, { shape: [8, , 1] }),
    "shape: a revoked proxy": () => new Dataset(pixels, labels, { shape: revoked([8, 8, 1]) }),
    "indices: a hole": () => model.predict(data, [0, , 1]),
    "indices: holes without end": () => model.predict(data, new Array(2 ** 32 - 1)),
    "indices: a revoked proxy": () => model.predict(data, revoked([0])),
    "indices: a proxy that throws": () => model.predict(data, trapped([0])),
    "indices: an item that throws": () => model.predict(data, Object.defineProperty([0], "0", { get: throws("no") })),
    "strokes: a hole": () => engine.rasterize([[[0, 0]], , [[1, 1]]]),
    "strokes: a hole in a stroke": () => engine.rasterize([[[0, 0], , [1, 1]]]),
    "strokes: a hole in a point": () => engine.rasterize([[[, 1]]]),
    "strokes: holes without end": () => engine.rasterize(new Array(2 ** 32 - 1)),
    "strokes: a stroke of holes without end": () => engine.rasterize([new Array(2 ** 32 - 1)]),
    "strokes: a revoked proxy": () => engine.rasterize(revoked([])),
    "strokes: a revoked stroke": () => engine.rasterize([revoked([])]),
    "strokes: a revoked point": () => engine.rasterize([[revoked([0, 0])]]),
    "strokes: a million and more without a point": () => engine.rasterize(new Array(2 ** 21).fill([])),
    "strokes: one point without end": () =>
      engine.rasterize([
        new Proxy([], {
          get: (_, name) => (name === "length" ? 2 ** 32 - 1 : [0, 0]),
        }),
      ]),
    "compile: a book": () => model.compile({ ...training, optimizer: long }),
    "compile: a loss of a book": () => model.compile({ ...training, loss: long }),
    "compile: a book as an argument": () =>
      model.compile({ ...training, optimizer: { class_name: "SGD", config: { [long]: 1 } } }),
    "options: a book as a name": () => model.fit(data, { [long]: 1 }),
    "layer: a library": () => model.featureMaps(x, "x".repeat(2 ** 28)),
    "config: a library": () => Model.fromConfig("x".repeat(2 ** 28)),
    "layer: a book": () => model.featureMaps(x, long),
    "place: a book": () => model.explainUnit(x, { layer: long, unit: 0 }),
    "rule: a book": () => model.project(x, { layer: "conv2d", unit: 0, rule: long }),
    "weights: a book": () => model.weights(long),
    "setWeights: a book": () => model.setWeights(long, x),
    "features: a book": () => model.features(x, long),
    "maximize: a book": () => model.maximize({ layer: long, unit: 0 }),
    "padding: a book": () => engine.windows({ cells: 3, size: 2, padding: long }),
    "surface: a book": () =>
      engine.surfaceGrid({ surface: { name: long.slice(0, 5e5) }, from: [0, 0], to: [1, 1], columns: 2, rows: 2 }),
    "activation: a book": () => engine.activationCurve(long.slice(0, 5e5), x),
    "saturation: a book": () => engine.saturation(long.slice(0, 5e5), x, { units: 1 }),
    "config: a class of a book": () => Model.fromConfig(withLayers({ class_name: long.slice(0, 9e5), config: {} })),
    "config: a name of a book, twice": () =>
      Model.fromConfig(withLayers(dense(long.slice(0, 4e5)), dense(long.slice(0, 4e5)))),
    "config: a wrong layer of a name of a book": () => Model.fromConfig(withLayers(dense(long.slice(0, 9e5), 0))),
    "config: an initializer of a book": () =>
      Model.fromConfig(
        withLayers({ class_name: "Dense", config: { units: 1, kernel_initializer: long.slice(0, 9e5) } }),
      ),
    "config: a regularizer of a book": () =>
      Model.fromConfig(
        withLayers({ class_name: "Dense", config: { units: 1, kernel_regularizer: long.slice(0, 9e5) } }),
      ),
    "config: a book of text": () => Model.fromConfig(`"${"\\".repeat(9e5)}`),
    "layer: none of many with long names": async () => {
      const layers = Array.from({ length: 200 }, (_, index) => dense("y".repeat(4000) + index));
      return (await Model.fromConfig(withLayers(...layers))).featureMaps(x, "conv2d_9");
    },
    "weights: none of many with long names": async () => {
      const layers = Array.from({ length: 200 }, (_, index) => dense("y".repeat(4000) + index));
      return (await Model.fromConfig(withLayers(...layers))).weights("conv2d_9");
    },
    "safetensors: a tensor of a book is missing": async () => {
      const one = await Model.fromConfig(withLayers(dense(long.slice(0, 4e5))));
      return one.loadSafetensors(await model.toSafetensors());
    },
    "safetensors: a tensor of a book is too much": async () => {
      const one = await Model.fromConfig(withLayers(dense(long.slice(0, 4e5))));
      return model.loadSafetensors(await one.toSafetensors());
    },
    "data: not of this class": () => model.predict(Object.create(Dataset.prototype), [0]),
    "data: a revoked proxy": () => model.predict(revoked(data), [0]),
    "this: a revoked proxy": () => Model.prototype.summary.call(revoked(model)),
    "this: another object": () => Model.prototype.summary.call({}),
    "this: a number": () => Model.prototype.summary.call(1),
  };
  /** What is taken for what it is: as if it were the array itself. */
  const expected = await model.predict(x);
  const subclass = class extends Float32Array {
    static get [Symbol.species]() {
      return Array;
    }
  };
  const frame = document.body.appendChild(document.createElement("iframe"));
  const taken = {
    "x: resizable": () => model.predict(filled(new Float32Array(resizable(256), 0, 64))),
    "x: follows the length of its buffer": () => model.predict(filled(new Float32Array(resizable(256)))),
    "x: shared": () => model.predict(filled(new Float32Array(shared, 64, 64))),
    "x: with a length of its own": () => model.predict(Object.defineProperty(x.slice(), "length", { value: 1 })),
    "x: of a class with another species": () => model.predict(subclass.from(x)),
    "x: with a constructor of its own": () => model.predict(Object.assign(x.slice(), { constructor: Array })),
    "x: with a buffer of its own": () =>
      model.predict(Object.defineProperty(x.slice(), "buffer", { value: new ArrayBuffer(0) })),
    "x: from another frame": () => model.predict(frame.contentWindow.Float32Array.from(x)),
    "indices: with an iterator of its own": async () => (await model.predict(data, endless)).slice(0, 3),
    "indices: read once": async () =>
      (await model.predict(data, Object.defineProperty([0], "0", changing(0, -1)))).slice(0, 3),
  };
  const others = {
    "labels from another frame": () => model.evaluate(all, frame.contentWindow.Uint16Array.from(labels)),
    "a place that changes": () =>
      model.explainUnit(x, Object.defineProperty({ layer: "conv2d" }, "unit", changing(0, -1))),
    "strokes that get shorter": () => engine.rasterize([shrinking([[0, 0], [1, 1], [2, 2]])]), // prettier-ignore
    "strokes that get fewer": () => engine.rasterize(shrinking([[[0, 0]], [[1, 1]], [[2, 2]]])),
    "a layer called __proto__": async () => {
      const model = await Model.fromConfig(withLayers(dense("__proto__", 2), dense("constructor", 3)), { seed: 1 });
      await model.compile(training);
      await model.fit(data, { steps: 2, batchSize: 3 });
      const again = await Model.fromSafetensors(await model.toSafetensors({ optimizer: true }));
      const { layers } = await again.summary();
      const { values } = await again.weights("__proto__/kernel");
      return [layers.map(({ name }) => name).slice(-2), values.length, (await again.observe(x)).layers.length];
    },
  };

  const answers = { refused: [], taken: [], others: [] };
  for (const [name, call] of Object.entries(refused)) {
    const { error, code, message } = (await outcome(call)) ?? {};
    answers.refused.push([name, { error, code, message: message?.slice(0, 2000) }]);
  }
  for (const [name, call] of Object.entries(taken)) answers.taken.push([name, await outcome(call)]);
  for (const [name, call] of Object.entries(others)) {
    const { error, code, message } = (await outcome(call)) ?? {};
    answers.others.push([name, { error, code, message }]);
  }
  answers.expected = ["Float32Array", ...expected];
  answers.indices = ["Float32Array", ...(await model.predict(data, [0]))];
  answers.same = (await model.toSafetensors()).join() === file;
  answers.afterwards = await outcome(() => model.trainStep(all, labels));
  await engine.close();
  return answers;
}

export const tests = ["thread", "worker"].map((place) => ({
  name: `engine: what is not what it seems is refused or taken for what it is, in the ${place}`,
  async run(browser, site) {
    await browser.open(`${site.origin}/pages/engine.html`);
    await browser.until(() => globalThis.kit);
    const { refused, taken, others, expected, indices, same, afterwards } = await browser.evaluate(tries, place);
    const faults = [];
    for (const [name, { error, code, message }] of refused) {
      if (!error || !CODES.includes(code) || message.length > LONGEST) {
        faults.push(`${name}: ${code}: ${message?.slice(0, 200)} (${message?.length} characters)`);
      }
    }
    for (const [name, answer] of taken) {
      const wanted = name.startsWith("x") ? expected : indices;
      if (JSON.stringify(answer) !== JSON.stringify(wanted)) faults.push(`${name}: ${JSON.stringify(answer)}`);
    }
    for (const [name, { error, code, message }] of others) {
      if (error && !CODES.includes(code)) faults.push(`${name}: ${code}: ${message}`);
    }
    assert.deepEqual(faults, []);
    for (const name of ["pixels: 2.2 GiB", "pixels: 2.2 GiB in a buffer", "bytes: 2.2 GiB", "x: 2.2 GiB"]) {
      assert.equal(new Map(refused).get(name).code, "limit", name);
    }
    assert.ok(same, "the model was changed");
    assert.ok(afterwards.loss > 0, JSON.stringify(afterwards));
  },
}));
