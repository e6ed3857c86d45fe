// Files that lie, ask for everything or carry what is none of theirs: a sentence each, at once, and nothing is run.
import assert from "node:assert/strict";
import { test } from "node:test";
import { zipSync } from "../../web/node_modules/fflate/esm/index.mjs";
import { writeHdf5 } from "../../web/exchange/hdf5/write.js";
import { MAX_BYTES } from "../../web/exchange/model-file.js";
import { readModel } from "../../web/exchange/read.js";
import { writeSafetensors } from "../../web/exchange/safetensors.js";
import { bytesOf, file } from "../exchange/files.mjs";
import { joined } from "../fuzz/random.mjs";

/** By the processor's time: the machine may be at something else. */
const LONGEST_MS = 1500;
const encode = (text) => new TextEncoder().encode(text);
const json = (name, value) => ({ name, bytes: encode(typeof value === "string" ? value : JSON.stringify(value)) });
const ONE = { class_name: "Sequential", config: { layers: [{ class_name: "Dense", config: { name: "dense", units: 2, input_shape: [3] } }] } }; // prettier-ignore

/** @param {{ name: string, bytes: Uint8Array }[]} files @param {RegExp} words @param {object} [options] */
function refused(files, words, options) {
  const start = process.cpuUsage();
  assert.throws(
    () => readModel(files, options),
    (error) => {
      assert.equal(error.name, "UnreadableError", error.stack);
      assert.match(error.message, words);
      assert.ok(error.message.length < 2000, `${error.message.length} characters`);
      return true;
    },
  );
  const { user, system } = process.cpuUsage(start);
  const took = (user + system) / 1000;
  assert.ok(took < LONGEST_MS, `it took ${took} ms`);
}

/** @param {Uint8Array} bytes @param {(view: DataView, bytes: Uint8Array) => void} edit @returns {Uint8Array} */
function edited(bytes, edit) {
  const copy = bytes.slice();
  edit(new DataView(copy.buffer), copy);
  return copy;
}

/** Where a text stands in bytes. */
const find = (bytes, text) => Buffer.from(bytes).indexOf(text);

test("zip bombs, by their claims and against them", () => {
  const zeros = zipSync({ "config.json": new Uint8Array(30e6), "metadata.json": encode("{}") });
  refused([{ name: "bomb.keras", bytes: zeros }], /a model’s description has at most/);
  const central = (bytes, field, value) =>
    edited(bytes, (view) =>
      view.setUint32(Buffer.from(bytes).lastIndexOf("PK\x01\x02config.json".slice(0, 4)) + field, value, true),
    );
  refused([{ name: "bomb.keras", bytes: central(zeros, 24, MAX_BYTES + 1) }], /more than 1 GiB together/);
  const small = zipSync({
    "metadata.json": encode("{}"),
    "config.json": encode(" ".repeat(5000) + JSON.stringify(ONE)),
  });
  refused([{ name: "bomb.keras", bytes: central(small, 24, 100) }], /unpacks to more than the 100 bytes|claims/);
  refused([{ name: "bomb.keras", bytes: central(small, 24, 900e6) }], /packed bytes cannot hold/);
  const many = edited(small, (view, bytes) => view.setUint16(bytes.length - 22 + 10, 60_000, true));
  refused([{ name: "many.zip", bytes: many }], /at most 10000 files here, this one claims 60000/);
  refused([{ name: "cut.zip", bytes: small.slice(0, -30) }], /cut short/);
  refused([{ name: "zip in zip.zip", bytes: zipSync({ "a.zip": small }) }], /holds an archive/);
});

test("names with HTML and paths out of the folder are names, and short", () => {
  const html = "<img src=x onerror=alert(1)>";
  refused(
    [{ name: html, bytes: zipSync({ [`../../${"a".repeat(300)}`]: encode("x"), [html]: encode("y") }) }],
    /it is no model that is read here/,
  );
  const shards = {
    format: "layers-model",
    modelTopology: { model_config: ONE },
    weightsManifest: [{ paths: ["../../../etc/passwd"], weights: [] }],
  };
  refused([json("model.json", shards)], /missing: \.\.\/\.\.\/\.\.\/etc\/passwd/);
  const long = { class_name: "x".repeat(1e5), config: {} };
  refused(
    [
      json("model.json", { class_name: "Sequential", config: { layers: [long] } }),
      { name: "a.safetensors", bytes: writeSafetensors(new Map()) },
    ],
    /the input|x{80}…/,
  );
  for (const name of ["__proto__", "constructor", "toString"]) {
    const config = {
      class_name: "Sequential",
      config: {
        layers: [
          { class_name: "InputLayer", config: { batch_shape: [null, 3] } },
          { class_name: name, config: { name } },
        ],
      },
    };
    refused(
      [
        json("model.json", config),
        {
          name: "a.safetensors",
          bytes: writeSafetensors(new Map([["x.weight", { shape: [1], values: new Float32Array(1) }]])),
        },
      ],
      /are not known here/,
    );
  }
});

test("HDF5 with sizes that lie, addresses outside, and groups that contain themselves", () => {
  const bytes = bytesOf("keras2.h5");
  const own = writeHdf5(new Map([["layers/dense/vars/0", { shape: [3, 2], values: new Float32Array(6) }], ["layers/dense/vars/1", { shape: [2], values: new Float32Array(2) }]])); // prettier-ignore
  const read = (bytes, words) => refused([{ name: "model.h5", bytes }], words, { config: ONE });
  assert.equal(readModel([{ name: "model.h5", bytes: own }], { config: ONE }).weights.size, 2);
  // The shape [3, 2] stands before the type; its first size becomes a terabyte, or the largest of all.
  const shape = find(own, Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0]));
  read(
    edited(own, (view) => view.setUint32(shape + 4, 1000, true)),
    /asks for more than 1 GiB|expected a shape/,
  );
  read(
    edited(own, (view) => view.setUint32(shape, 200e6, true)),
    /asks for more than 1 GiB/,
  );
  read(
    edited(own, (view) => view.setUint32(shape, 30_000, true)),
    /outside of its \d+ bytes/,
  );
  read(
    edited(own, (view) => view.setBigUint64(64, 1n << 50n, true)),
    /outside|expected/,
  );
  // The group vars is made to be its own member: the header of the data set is that of the root.
  const root = new DataView(own.buffer).getBigUint64(64, true);
  for (let at = own.length - 400; at < own.length - 8; at += 8) {
    const cyclic = edited(own, (view) => view.setBigUint64(at, root, true));
    try {
      readModel([{ name: "model.h5", bytes: cyclic }], { config: ONE });
    } catch (error) {
      assert.equal(error.name, "UnreadableError", error.stack);
    }
  }
  // A tree that is its own child.
  const tree = find(own, "TREE");
  read(edited(own, (view, copy) => {
    copy[tree + 5] = 1;
    view.setBigUint64(tree + 32, BigInt(tree), true);
  }), /contains itself|expected/); // prettier-ignore
  for (const length of [8, 9, 50, 96, 200, 1000, bytes.length - 1])
    refused([{ name: "cut.h5", bytes: bytes.slice(0, length) }], /cut\.h5/);
  const heading = edited(own, (view, copy) => (copy[8] = 3));
  read(heading, /libver='latest'/);
});

test("shards that lie about their sizes", () => {
  const [model, ...shards] = ["model.json", "group1-shard1of2.bin", "group1-shard2of2.bin"].map((name) =>
    file(`tfjs/${name}`),
  );
  const text = new TextDecoder().decode(model.bytes);
  refused(
    [model, { ...shards[0], bytes: shards[0].bytes.slice(0, 9) }, shards[1]],
    /needs \d+ bytes from place \d+ on/,
  );
  refused(
    [model, { ...shards[0], bytes: joined([shards[0].bytes, new Uint8Array(9)]) }, shards[1]],
    /belong to another model\.json/,
  );
  for (const [edit, words] of [
    [{ shape: [2000000, 2000000, 1, 3] }, /asks for more than 1 GiB/],
    [{ shape: [-2, 2, -1, 3] }, /expected a shape/],
    [{ shape: "x" }, /expected a shape/],
    [{ dtype: "string" }, /type string are not read/],
    [{ name: "conv/other" }, /the file lacks its kernel/],
    [{ name: "__proto__", quantization: { dtype: "constructor" } }, /type constructor are not read/],
  ]) {
    const changed = JSON.parse(text);
    Object.assign(changed.weightsManifest[0].weights[0], edit);
    refused([json("model.json", changed), ...shards], words);
  }
});

test("safetensors that lie", () => {
  const bytes = writeSafetensors(new Map([["0.weight", { shape: [2, 3], values: new Float32Array(6) }], ["0.bias", { shape: [2], values: new Float32Array(2) }]])); // prettier-ignore
  const read = (bytes, words) => refused([{ name: "a.safetensors", bytes }], words, { config: ONE });
  read(bytes.slice(0, 5), /at least 8 bytes|no model/);
  read(
    edited(bytes, (view) => view.setUint32(0, 2 ** 31, true)),
    /at most 2097152 bytes here/,
  );
  read(bytes.slice(0, -1), /data_offsets/);
  const replaced = (from, to) => joined([bytes.slice(0, 8), encode(new TextDecoder().decode(bytes.subarray(8, 8 + bytes[0])).replace(from, to)), bytes.slice(8 + bytes[0])]); // prettier-ignore
  read(replaced("[0,24]", "[0,99]"), /data_offsets/);
  read(replaced("[2,3]", "[9,3]"), /data_offsets/);
  read(replaced('"F32"', '"F99"'), /type F99/);
});

test("ONNX with sizes, lengths and graphs that lie", () => {
  const bytes = bytesOf("course-torchscript.onnx");
  const read = (bytes, words) => refused([{ name: "a.onnx", bytes }], words);
  for (let length = 0; length < bytes.length; length += 97) {
    try {
      readModel([{ name: "a.onnx", bytes: bytes.slice(0, length) }]);
    } catch (error) {
      assert.equal(error.name, "UnreadableError", error.stack);
    }
  }
  read(encode("no onnx"), /no ONNX file/);
  read(Uint8Array.of(8, 8, 58, 255, 255, 255, 255, 127), /longer than the file|damaged/);
  // The first weight's first size, of one byte, becomes another.
  const dims = find(bytes, "features.0.weight") - 40;
  for (let at = Math.max(0, dims); at < dims + 40; at++) {
    try {
      readModel([{ name: "a.onnx", bytes: edited(bytes, (_, copy) => (copy[at] = 255)) }]);
    } catch (error) {
      assert.equal(error.name, "UnreadableError", error.stack);
    }
  }
});

test("graphs in circles, layers without end, models that ask for terabytes", () => {
  const tensor = (name) => ({
    class_name: "__keras_tensor__",
    config: { shape: [null, 3], dtype: "float32", keras_history: [name, 0, 0] },
  });
  const layer = (name, from) => ({
    class_name: "Dense",
    name,
    config: { name, units: 3 },
    inbound_nodes: [{ args: [tensor(from)], kwargs: {} }],
  });
  const input = {
    class_name: "InputLayer",
    name: "in",
    config: { name: "in", batch_shape: [null, 3] },
    inbound_nodes: [],
  };
  const functional = (layers) => ({
    class_name: "Functional",
    config: { name: "net", layers, input_layers: [["in", 0, 0]], output_layers: [["a", 0, 0]] },
  });
  const weights = {
    name: "w.safetensors",
    bytes: writeSafetensors(new Map([["0.weight", { shape: [3, 3], values: new Float32Array(9) }]])),
  };
  const read = (config, words) => refused([json("model.json", config), weights], words);
  read(functional([input, layer("a", "b"), layer("b", "a")]), /form a circle/);
  read(functional([input, layer("a", "nobody")]), /is no layer of the model/);
  read(
    functional([
      input,
      { ...layer("a", "in"), inbound_nodes: [layer("a", "in").inbound_nodes[0], layer("a", "in").inbound_nodes[0]] },
    ]),
    /used more than once/,
  );
  const dense = { class_name: "Dense", config: { units: 2 } };
  read({ class_name: "Sequential", config: { layers: [input, ...Array(400).fill(dense)] } }, /at most 256 layers/);
  let nested = { class_name: "Sequential", config: { layers: [dense] } };
  for (let depth = 0; depth < 400; depth++) nested = { class_name: "Sequential", config: { layers: [nested] } };
  read(nested, /more than 20 deep/);
  const tree = (depth) => ({
    class_name: "Sequential",
    config: { layers: depth ? [tree(depth - 1), tree(depth - 1)] : [dense] },
  });
  read(tree(10), /at most 256 layers/);
  const images = (layer) => ({
    class_name: "Sequential",
    config: { layers: [{ class_name: "InputLayer", config: { batch_shape: [null, 28, 28, 1] } }, layer] },
  });
  read(images({ class_name: "Conv2D", config: { name: "c", filters: 1e12, kernel_size: 1 } }), /more than 1 GiB/);
  read(
    images({ class_name: "Conv2D", config: { name: "c", filters: 2, kernel_size: 1, groups: 1e300 } }),
    /whole numbers/,
  );
  read(
    images({ class_name: "Conv2D", config: { name: "c", filters: 2, kernel_size: 1, groups: 0 } }),
    /cannot be cut into 0 groups/,
  );
  read(images({ class_name: "UpSampling2D", config: { name: "u", size: 1e6 } }), /more than 1 GiB/);
  read(images({ class_name: "Conv2D", config: { name: "c", filters: 2, kernel_size: [3, 3], strides: 0 } }), /above 0/);
  read(
    images({ class_name: "Conv2D", config: { name: "c", filters: "many", kernel_size: {} } }),
    /expected 2 whole numbers/,
  );
  refused([json("model.json", "[".repeat(1e5))], /not JSON|no model|expected/);
  refused([json("model.json", `{"a": "${"x".repeat(2 ** 21)}"}`)], /at most 1048576/);
});
