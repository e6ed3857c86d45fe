// Model files of Keras, TensorFlow.js, PyTorch and ONNX are read with the very weights that they were written with.
import assert from "node:assert/strict";
import { test } from "node:test";
import { graphOf } from "../../web/exchange/graph.js";
import { readModel } from "../../web/exchange/read.js";
import { readZip, writeZip } from "../../web/exchange/zip.js";
import { bytesOf, expected, file } from "../exchange/files.mjs";
import { predict } from "../exchange/reference.mjs";

const textFile = (name, text) => ({ name, bytes: new TextEncoder().encode(text) });

/** @param {import("../../web/exchange/model-file.js").ModelFile} model @param {string} name @param {number} [tolerance] */
function sameWeights({ weights }, name, tolerance = 0) {
  const { weights: right } = expected(name);
  assert.deepEqual([...weights.keys()].sort(), [...right.keys()].sort());
  for (const [key, { shape, values }] of right) {
    const found = weights.get(key);
    assert.deepEqual(found.shape, shape, key);
    const worst = values.reduce((most, value, at) => Math.max(most, Math.abs(value - found.values[at])), 0);
    assert.ok(worst <= tolerance, `${key} differs by ${worst}`);
  }
}

/** @param {import("../../web/exchange/model-file.js").ModelFile} model @param {string} name */
function samePredictions({ config, weights }, name) {
  const { x, y } = expected(name);
  const graph = graphOf(config);
  const [count, outputs] = y.shape;
  const size = x.values.length / count;
  for (let example = 0; example < count; example++) {
    const found = predict(graph, weights, x.values.slice(example * size, (example + 1) * size));
    found.forEach((value, output) => {
      const right = y.values[example * outputs + output];
      assert.ok(Math.abs(value - right) < 1e-4 * Math.max(1, Math.abs(right)), `${value} instead of ${right}`);
    });
  }
}

test("a .keras file", () => {
  const model = readModel([file("sequential.keras")]);
  sameWeights(model, "sequential");
  assert.equal(model.format, "a Keras file");
  assert.equal(model.config.class_name, "Sequential");
  assert.equal(model.config.compile_config, undefined);
  assert.equal(model.training.loss, "sparse_categorical_crossentropy");
  assert.equal(model.training.optimizer.class_name, "SGD");
  assert.match(model.passedOver.join(), /metrics.*accuracy/);
});

test("a Functional .keras file with a model inside", () => {
  const model = readModel([file("residual.keras")]);
  sameWeights(model, "residual");
  samePredictions(model, "residual");
  assert.equal(model.training, undefined);
});

test("legacy .h5 of Keras 3, with a model inside another too", () => {
  const model = readModel([file("sequential.h5")]);
  sameWeights(model, "sequential");
  assert.equal(model.training.optimizer.class_name, "SGD");
  sameWeights(readModel([file("residual.h5")]), "residual");
});

test(".h5 of Keras 2: lists cut into parts, names with :0, packed and double numbers", () => {
  const model = readModel([file("keras2.h5")]);
  sameWeights(model, "keras2");
  assert.deepEqual(model.training.optimizer.class_name, "Adam");
  assert.deepEqual(graphOf(model.config).input.shape, [3, 3, 1]);
});

test("a file of weights alone with the description beside it, as JSON, as code, or in the editor", () => {
  const bytes = readZip("sequential.keras", bytesOf("sequential.keras"))
    .find(({ name }) => name === "model.weights.h5")
    .bytes();
  const weights = { name: "sequential.weights.h5", bytes };
  sameWeights(readModel([weights, file("sequential.json")]), "sequential");
  const config = JSON.parse(new TextDecoder().decode(bytesOf("sequential.json")));
  sameWeights(readModel([weights], { config }), "sequential");
  assert.throws(() => readModel([weights]), /it has weights and no description of the model; drop the model’s JSON/);
  const other = textFile("other.py", "model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])");
  assert.throws(
    () => readModel([weights, other]),
    /it has weights for layers that the model has not \(batch_normalization, conv2d/,
  );
});

test("Keras' JSON, bare and wrapped", () => {
  const json = JSON.parse(new TextDecoder().decode(bytesOf("sequential.json")));
  for (const wrapped of [json, { modelTopology: { model_config: json } }, { model_config: JSON.stringify(json) }]) {
    const { config, weights } = readModel([textFile("model.json", JSON.stringify(wrapped))]);
    assert.equal(weights, undefined);
    assert.deepEqual(config.config, json.config);
  }
  assert.throws(
    () => readModel([textFile("model.json", '{"a": 1}')]),
    /model\.json: expected Keras’ description of a model/,
  );
});

test("TensorFlow.js' model.json with its shards, plain and quantised, dropped or zipped", () => {
  const files = ["model.json", "group1-shard1of2.bin", "group1-shard2of2.bin"].map((name) => file(`tfjs/${name}`));
  const model = readModel(files);
  sameWeights(model, "tfjs", 1e-6);
  assert.equal(model.training.loss, "mean_squared_error");
  const zip = writeZip(Object.fromEntries(files.map(({ name, bytes }) => [`folder/${name}`, bytes])));
  sameWeights(readModel([{ name: "model.zip", bytes: zip }]), "tfjs", 1e-6);
  assert.throws(() => readModel(files.slice(0, 2)), /missing: group1-shard2of2\.bin/);
  const graph = textFile("model.json", '{"format": "graph-model", "modelTopology": {}, "weightsManifest": []}');
  assert.throws(() => readModel([graph]), /graph model, which has operations and no layers; convert/);
});

test("a state_dict of PyTorch: kernels and flattened rows are turned, names in any order", () => {
  const model = readModel([file("course.safetensors"), file("course.json")]);
  sameWeights(model, "course");
  samePredictions(model, "course");
  assert.match(model.passedOver.join("\n"), /num_batches_tracked/);
  assert.throws(() => readModel([file("course.safetensors")]), /it has weights and no layers/);
  const code = textFile("model.py", "model = keras.Sequential([keras.Input((4,)), layers.Dense(7)])");
  assert.throws(
    () => readModel([file("course.safetensors"), code]),
    /layer dense \(Dense\): the file has no tensors of its shapes \(weight \[7,4\], bias \[7\]\)/,
  );
});

test("a state_dict for Keras' own defaults of batch normalisation says whose numbers are used", () => {
  const text = new TextDecoder().decode(bytesOf("course.json")).replace('"epsilon": 1e-05', '"epsilon": 0.001');
  const { passedOver } = readModel([file("course.safetensors"), textFile("course.json", text)]);
  assert.match(
    passedOver.join("\n"),
    /norm: a state_dict does not tell epsilon and momentum; the architecture’s are used \(0\.001 and 0\.9\)/,
  );
});

for (const name of ["course-torchscript", "course-dynamo", "assorted"]) {
  test(`ONNX: ${name} gives the same numbers`, () => {
    const model = readModel([file(`${name}.onnx`)]);
    samePredictions(model, name);
    assert.ok(model.config.config.layers.length > 5);
  });
}

test("asymmetric pads of ONNX are ZeroPadding2D, and what Keras has by a name is called so", () => {
  const classes = readModel([file("assorted.onnx")]).config.config.layers.map(({ class_name: name }) => name);
  assert.ok(
    classes.includes("ZeroPadding2D") && classes.includes("DepthwiseConv2D") && classes.includes("Conv2DTranspose"),
  );
});

test("what is not read is named for what it is, with what to bring instead", () => {
  for (const [given, words] of [
    [file("course.pt"), /course\.pt: it is a PyTorch file \(pickles.*save_file/],
    [{ name: "old.pth", bytes: Uint8Array.of(0x80, 2, 0x8a) }, /old\.pth: it is a PyTorch file/],
    [{ name: "saved_model.pb", bytes: Uint8Array.of(8, 1, 18, 4) }, /SavedModel.*model\.save\("model\.keras"\)/],
    [{ name: "net.tflite", bytes: Uint8Array.of(28, 0, 0, 0, 0x54, 0x46, 0x4c, 0x33) }, /TensorFlow Lite/],
    [textFile("model.ckpt.index", "…"), /TensorFlow checkpoint/],
    [textFile("notes.ipynb", "{}"), /a notebook/],
    [textFile("picture.txt", "hello"), /picture\.txt: it is no model that is read here/],
    [{ name: "empty", bytes: new Uint8Array() }, /no model that is read here/],
  ]) {
    assert.throws(() => readModel([given]), words);
  }
  assert.throws(() => readModel([]), /expected a file/);
});
