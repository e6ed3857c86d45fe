// The readers of model files and of code, each on edited files as Keras, PyTorch and ONNX write them.
import assert from "node:assert/strict";
import { zipSync } from "../../web/node_modules/fflate/esm/index.mjs";
import { graphOf } from "../../web/exchange/graph.js";
import { writeKeras } from "../../web/exchange/keras-file.js";
import { sizeOf } from "../../web/exchange/model-file.js";
import { writeOnnx } from "../../web/exchange/onnx/write.js";
import { readKerasCode } from "../../web/exchange/python/keras-code.js";
import { writeKerasCode } from "../../web/exchange/python/keras-writer.js";
import { writePytorch } from "../../web/exchange/pytorch/write.js";
import { readModel } from "../../web/exchange/read.js";
import { readZip } from "../../web/exchange/zip.js";
import { randomModel } from "../exchange/architectures.mjs";
import { bytesOf } from "../exchange/files.mjs";
import { editedBytes, editedJson, editedText } from "./random.mjs";

const LONGEST_MESSAGE = 4000;
const MIB = 2 ** 20;
const textOf = (bytes) => new TextDecoder().decode(bytes);
const bytesIn = (text) => new TextEncoder().encode(text);

/** What a reader does with a file: a model whose parts fit, or a sentence. @param {() => object} read @param {boolean} used */
function whole(read, used) {
  const model = inWords(read);
  if (!model) return false;
  let total = 0;
  for (const [name, { shape, values }] of model.weights ?? []) {
    assert.ok(name.includes("/"), name);
    assert.equal(values.length, sizeOf(shape), name);
    total += values.byteLength;
  }
  assert.ok(total < 256 * MIB, `${total} bytes of weights`);
  for (const sentence of model.passedOver) assert.ok(sentence.length > 10 && sentence.length < LONGEST_MESSAGE);
  if (used) inWords(() => written(model));
  return true;
}

/** Everything that is written of a model. @param {object} model */
function written({ config, weights = new Map() }) {
  const graph = graphOf(config);
  const { code } = writeKerasCode(graph);
  inWords(() => readKerasCode(code));
  inWords(() => writeKeras({ config, weights }));
  inWords(() => writePytorch(graph, weights));
  return writeOnnx(graph, weights);
}

/** @template T @param {() => T} read @returns {T | undefined} */
function inWords(read) {
  try {
    return read();
  } catch (error) {
    if (error?.name !== "UnreadableError" && error?.name !== "CodeError") throw error;
    const { length } = error.message;
    assert.ok(length > 10 && length <= LONGEST_MESSAGE, `a message of ${length}`);
    return undefined;
  }
}

const keras = ["sequential.keras", "residual.keras"].map((name) => readZip(name, bytesOf(name)).map((entry) => ({ name: entry.name, bytes: entry.bytes() }))); // prettier-ignore
const h5 = ["keras2.h5", "residual.h5"].map(bytesOf);
const onnx = ["assorted.onnx", "course-torchscript.onnx"].map(bytesOf);
const tfjs = JSON.parse(textOf(bytesOf("tfjs/model.json")));
const shards = tfjs.weightsManifest[0].paths.map((name) => ({ name, bytes: bytesOf(`tfjs/${name}`) }));
const course = JSON.parse(textOf(bytesOf("course.json")));
const small = Array.from({ length: 8 }, (_, seed) => randomModel(seed).config);
const codes = small.map(
  (config) => writeKerasCode(graphOf(config), { training: { optimizer: "adam", loss: "mse" } }).code,
);
const PYTHON = "()[]{}=,.:\"'#\\\n\t +-*/0123456789abcdefxy_";

/** @type {import("./readers.mjs").Reader[]} */
export const exchangeReaders = [
  {
    name: "model-keras",
    make(random) {
      const files = Object.fromEntries(
        random.one(keras).map(({ name, bytes }) => {
          if (random.below(2)) return [name, bytes];
          if (name !== "config.json") return [name, editedBytes(random, bytes)];
          return [name, bytesIn(JSON.stringify(editedJson(random, JSON.parse(textOf(bytes)))))];
        }),
      );
      const zip = zipSync(files, { level: random.below(2) ? 6 : 0 });
      return random.below(3) ? zip : editedBytes(random, zip);
    },
    read: (bytes, used) => whole(() => readModel([{ name: "model.keras", bytes }]), used),
    bounded: 300,
  },
  {
    name: "model-h5",
    make: (random) => editedBytes(random, random.one(h5)),
    read: (bytes, used) => whole(() => readModel([{ name: "model.h5", bytes }]), used),
    bounded: 500,
  },
  {
    name: "model-onnx",
    make: (random) => editedBytes(random, random.one(onnx)),
    read: (bytes, used) => whole(() => readModel([{ name: "model.onnx", bytes }]), used),
    bounded: 500,
  },
  {
    name: "model-tfjs",
    make: (random) => JSON.stringify(editedJson(random, tfjs)),
    read: (text, used) => whole(() => readModel([{ name: "model.json", bytes: bytesIn(text) }, ...shards]), used),
    bounded: 500,
  },
  {
    name: "model-state-dict",
    make: (random) => editedBytes(random, bytesOf("course.safetensors")),
    read: (bytes, used) => whole(() => readModel([{ name: "model.safetensors", bytes }], { config: course }), used),
    bounded: 500,
  },
  {
    name: "model-description",
    make: (random) => JSON.stringify(editedJson(random, random.one([course, ...small]))),
    read(text, used) {
      const model = inWords(() => readModel([{ name: "model.json", bytes: bytesIn(text) }]));
      const graph = model && inWords(() => graphOf(model.config));
      if (!graph) return false;
      if (used) inWords(() => readKerasCode(writeKerasCode(graph).code));
      return true;
    },
    bounded: 500,
  },
  {
    name: "keras-code",
    make: (random) => editedText(random, random.one(codes), PYTHON),
    read(code, used) {
      const found = inWords(() => readKerasCode(code));
      if (!found) return false;
      for (const { start, end, line, lastLine } of found.ranges) assert.ok(start < end && end <= code.length && line <= lastLine); // prettier-ignore
      const { code: again } = writeKerasCode(graphOf(found.config), { training: found.training });
      if (used)
        assert.equal(writeKerasCode(graphOf(readKerasCode(again).config), { training: found.training }).code, again);
      return true;
    },
    bounded: 500,
  },
];
