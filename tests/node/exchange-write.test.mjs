// What is written is read back the same: seeded networks, graphs among them. tests/exchange/check.py runs what is written in Keras,
// PyTorch and onnxruntime, and compares its numbers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { completed, snakeCase } from "../../web/exchange/classes.js";
import { configOf, graphOf } from "../../web/exchange/graph.js";
import { Hdf5File } from "../../web/exchange/hdf5/read.js";
import { writeHdf5 } from "../../web/exchange/hdf5/write.js";
import { writeKeras } from "../../web/exchange/keras-file.js";
import { writeOnnx } from "../../web/exchange/onnx/write.js";
import { readKerasCode } from "../../web/exchange/python/keras-code.js";
import { writeKerasCode } from "../../web/exchange/python/keras-writer.js";
import { writePytorch } from "../../web/exchange/pytorch/write.js";
import { readModel } from "../../web/exchange/read.js";
import { readSafetensors, writeModel, writeSafetensors } from "../../web/exchange/safetensors.js";
import { randomModel, randomSequenceModel, randomWeights } from "../exchange/architectures.mjs";
import { bytesOf, file } from "../exchange/files.mjs";
import { predict } from "../exchange/reference.mjs";

const COUNT = 60;
const models = Array.from({ length: COUNT }, (_, seed) =>
  seed % 6 === 5 ? randomSequenceModel(seed) : randomModel(seed),
);
const TRAINING = {
  optimizer: {
    module: "keras.optimizers",
    class_name: "Adam",
    config: { learning_rate: 0.002 },
    registered_name: null,
  },
  loss: "sparse_categorical_crossentropy",
};

/** @param {Map<string, object>} found @param {Map<string, object>} right */
function sameWeights(found, right, message) {
  for (const [name, { shape, values }] of right) {
    // How often statistics were measured is no part of what PyTorch and ONNX have.
    if (name.endsWith("/count")) continue;
    assert.ok(found.has(name), `${message}: ${name} is missing`);
    assert.deepEqual(found.get(name).shape, shape, `${message}: ${name}`);
    assert.ok(
      Buffer.from(new Uint8Array(found.get(name).values.buffer)).equals(Buffer.from(values.buffer)),
      `${message}: ${name}`,
    );
  }
}

/** Layers with all their arguments, in words that do not depend on how they are written. */
const layersOf = (config) =>
  graphOf(config).layers.map(({ name, className, config, inputs, outputShape }) => {
    const whole = completed(className, config);
    // A pooling's strides are its size where they are not given.
    if ("pool_size" in whole) whole.strides ??= whole.pool_size;
    const own = (value) => {
      if (Array.isArray(value) && value.every((size) => size === value[0])) return value[0];
      if (typeof value === "string") return snakeCase(value);
      // A class without arguments of its own may be written as its name.
      if (value?.class_name && Object.values(value.config).every((inside) => inside === null))
        return snakeCase(value.class_name);
      return value;
    };
    const plain = Object.entries(whole).map(([key, value]) => [key, own(value)]);
    return JSON.stringify({
      name,
      className,
      inputs,
      outputShape,
      config: plain
        .filter(
          ([key, value]) =>
            !["dtype", "data_format", "rms_scaling"].includes(key) &&
            value !== null &&
            value !== true &&
            value !== "linear",
        )
        .sort(),
    });
  });

test("the seeded networks have graphs and sequences among them", () => {
  const graphs = models.map(({ config }) => graphOf(config));
  assert.ok(graphs.filter(({ sequential }) => !sequential).length >= 10);
  assert.ok(new Set(graphs.flatMap(({ layers }) => layers.map(({ className }) => className))).size > 35);
});

test(".keras comes back the same", () => {
  for (const [seed, { config, weights }] of models.entries()) {
    const bytes = writeKeras({ config, weights, training: TRAINING });
    const model = readModel([{ name: "model.keras", bytes }]);
    assert.deepEqual(model.config, config, String(seed));
    assert.equal(model.weights.size, weights.size);
    sameWeights(new Map([...model.weights, ["/count", {}]]), weights, `${seed}`);
    assert.deepEqual(model.training, TRAINING);
    if (seed === 0) assert.deepEqual(bytes, writeKeras({ config, weights, training: TRAINING }), "the same bytes");
  }
});

test("safetensors for the engine come back the same", () => {
  const { config, weights } = models[0];
  const { tensors, metadata } = readSafetensors("file", writeModel({ config, weights }));
  sameWeights(tensors, weights, "safetensors");
  assert.deepEqual(JSON.parse(metadata.convscope), { model: config });
  assert.deepEqual(readModel([{ name: "model.safetensors", bytes: writeModel({ config, weights }) }]).config, config);
});

test("PyTorch's state_dict comes back the same", () => {
  for (const [seed, { config, weights }] of models.entries()) {
    const { code, safetensors } = writePytorch(graphOf(config), weights);
    assert.match(code, /load_state_dict/);
    const description = new TextEncoder().encode(JSON.stringify(config));
    // Two layers of one shape are told apart by their names.
    const back = readModel([
      { name: "model.safetensors", bytes: safetensors },
      { name: "model.json", bytes: description },
    ]);
    sameWeights(back.weights, weights, `${seed}`);
  }
});

test("ONNX comes back with the same weights, or the same numbers where layers are taken apart", () => {
  let predicted = 0;
  for (const [seed, { config, weights }] of models.entries()) {
    const graph = graphOf(config);
    const back = readModel([{ name: "model.onnx", bytes: writeOnnx(graph, weights) }]);
    const again = graphOf(back.config);
    assert.deepEqual(again.layers.at(-1).outputShape, graph.layers.at(-1).outputShape);
    const kept = new Set(again.layers.map(({ name, className }) => `${name} ${className}`));
    const whole = graph.layers
      .filter(({ name, className }) => kept.has(`${name} ${className}`))
      .map(({ name }) => name);
    const shared = new Map([...weights].filter(([key]) => whole.includes(key.split("/")[0]) && back.weights.has(key)));
    sameWeights(back.weights, shared, `${seed}`);
    const x = Float32Array.from({ length: graph.input.shape.reduce((a, b) => a * b) }, (_, index) => Math.sin(index));
    try {
      const [before, after] = [predict(graph, weights, x), predict(again, back.weights, x)];
      before.forEach((value, at) =>
        assert.ok(
          Math.abs(value - after[at]) < 1e-5 * Math.max(1, Math.abs(value)),
          `${seed}: ${value} became ${after[at]}`,
        ),
      );
      predicted += 1;
    } catch (error) {
      if (!/no reference/.test(error.message)) throw error;
    }
  }
  assert.ok(predicted > 5, `${predicted} were computed`);
});

test("Keras code comes back the same, with the place of every layer", () => {
  for (const [seed, { config }] of models.entries()) {
    const graph = graphOf(config);
    const { code, ranges } = writeKerasCode(graph, { training: TRAINING, fit: { epochs: 3, batch_size: 16 } });
    const back = readKerasCode(code);
    assert.deepEqual(layersOf(back.config), layersOf(config), `${seed}\n${code}`);
    assert.equal(back.config.class_name, config.class_name);
    assert.deepEqual(back.training, TRAINING);
    assert.deepEqual(back.fit, { epochs: 3, batch_size: 16 });
    assert.deepEqual(
      back.ranges.map(({ name, line }) => `${name} ${line}`),
      ranges.map(({ name, line }) => `${name} ${line}`),
    );
    for (const { name, start, end } of ranges.slice(1)) {
      const { className } = graph.layers.find((layer) => layer.name === name);
      assert.match(code.slice(start, end), new RegExp(`^(layers\\.)?${className}\\(`));
    }
  }
});

test("files of Keras are written again and read as before", () => {
  for (const name of ["sequential.keras", "residual.keras"]) {
    const model = readModel([file(name)]);
    const again = readModel([{ name, bytes: writeKeras(model) }]);
    sameWeights(again.weights, model.weights, name);
    const code = readKerasCode(writeKerasCode(graphOf(model.config)).code);
    assert.deepEqual(layersOf(code.config), layersOf(model.config));
    assert.deepEqual(layersOf(configOf(graphOf(model.config))), layersOf(model.config));
  }
});

test("a group of HDF5 holds as many names as a large network has", () => {
  const sets = new Map(
    Array.from({ length: 700 }, (_, index) => [
      `layers/layer_${index}/vars/0`,
      { shape: [2], values: Float32Array.of(index, -index) },
    ]),
  );
  const bytes = writeHdf5(sets);
  const back = new Hdf5File("large.h5", bytes);
  assert.equal(back.names("layers").length, 700);
  for (const index of [0, 7, 8, 257, 699])
    assert.deepEqual([...back.at(`layers/layer_${index}/vars/0`).read().values], [index, -index]);
});

test("a network of as many layers as the engine takes, with its input, is read", () => {
  const layers = Array.from({ length: 255 }, (_, index) => `layers.Dense(2, name="dense_number_${index}")`);
  const { config } = readKerasCode(`model = keras.Sequential([keras.Input((2,)), ${layers.join(", ")}])`);
  const weights = randomWeights(graphOf(config), 1);
  sameWeights(readModel([{ name: "deep.keras", bytes: writeKeras({ config, weights }) }]).weights, weights, "deep");
  sameWeights(readModel([{ name: "deep.onnx", bytes: writeOnnx(graphOf(config), weights) }]).weights, weights, "deep");
});

test("numbers without a size, and names beyond ASCII, are safetensors too", () => {
  const tensors = new Map([["größe/kernel", { shape: [], values: Float32Array.of(3) }], ["b", { shape: [0, 2], values: new Float32Array() }]]); // prettier-ignore
  const bytes = writeSafetensors(tensors, { note: "ä" });
  assert.equal(bytes[0] % 8, 0);
  assert.deepEqual(readSafetensors("file", bytes).tensors, tensors);
});

test("what PyTorch and ONNX have not is named, layer by layer", () => {
  const config = { class_name: "Sequential", config: { layers: [
    { class_name: "InputLayer", config: { batch_shape: [null, 6, 6, 2] } },
    { class_name: "CenterCrop", config: { name: "cut", height: 4, width: 4 } },
    { class_name: "Activation", config: { name: "own", activation: "something" } },
    { class_name: "GroupNormalization", config: { name: "groups", groups: 2 } },
  ] } }; // prettier-ignore
  const weights = new Map(
    ["gamma", "beta"].map((name) => [`groups/${name}`, { shape: [2], values: new Float32Array(2) }]),
  );
  for (const write of [() => writePytorch(graphOf(config), weights), () => writeOnnx(graphOf(config), weights)]) {
    assert.throws(write, (error) => {
      assert.deepEqual(error.problems.map(({ place }) => place), ["layer cut (CenterCrop)", "layer own (Activation)", "layer groups (GroupNormalization)"]); // prettier-ignore
      return true;
    });
  }
});

test("the signatures are those of Keras", async () => {
  const { classesOf } = await import("../../web/exchange/classes.js");
  const right = JSON.parse(new TextDecoder().decode(bytesOf("signatures.json")));
  for (const [room, classes] of Object.entries(right)) {
    for (const [name, parameters] of classesOf(room)) {
      // Input is a function, and one layer is none of Keras'.
      if (name === "Input" || name === "LocalResponseNormalization") continue;
      const found = parameters.map(({ name, required, value }) => (required ? [name] : [name, value]));
      assert.deepEqual(found, classes[name], name);
    }
  }
});
