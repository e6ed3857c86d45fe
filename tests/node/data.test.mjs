// How examples are divided, and which files belong together.
import assert from "node:assert/strict";
import { test } from "node:test";
import { filesOf } from "../../web/data/folders.js";
import { pairs, readIdx } from "../../web/data/idx.js";
import { split } from "../../web/data/split.js";

test("either part of a split has the images and labels that the engine chose, in their order", async () => {
  const examples = {
    shape: [1, 2, 1],
    pixels: Uint8Array.from({ length: 12 }, (_, index) => index),
    labels: Uint8Array.of(0, 1, 2, 3, 4, 5),
  };
  const asked = [];
  const engine = {
    async split(labels, options) {
      asked.push([labels, options]);
      return { training: Uint32Array.of(0, 2, 5), validation: Uint32Array.of(1, 3, 4) };
    },
  };
  const { training, validation } = await split(engine, examples, { validation: 0.5, seed: 7 });
  assert.deepEqual(asked, [[examples.labels, { validation: 0.5, seed: 7 }]]);
  assert.deepEqual(training, {
    ...examples,
    pixels: Uint8Array.of(0, 1, 4, 5, 10, 11),
    labels: Uint8Array.of(0, 2, 5),
  });
  assert.deepEqual(validation, {
    ...examples,
    pixels: Uint8Array.of(2, 3, 6, 7, 8, 9),
    labels: Uint8Array.of(1, 3, 4),
  });
});

test("images find their labels by count, then by name", () => {
  const file = (name, count, size) => ({ name, count, size, bytes: new Uint8Array() });
  const found = pairs([
    file("t10k-labels", 10),
    file("b-labels-idx1", 60),
    file("a-labels-idx1", 60),
    file("a-images-idx3", 60, [28, 28]),
    file("t10k-images", 10, [28, 28]),
  ]);
  assert.deepEqual(
    found.map((pair) => [pair.images.name, pair.labels.name]),
    [
      ["a-images-idx3", "a-labels-idx1"],
      ["t10k-images", "t10k-labels"],
    ],
  );
});

/** An engine that reads IDX as the real one does, and keeps the last example apart. */
const engine = {
  async readIdxHeader(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const images = view.getUint32(0) === 0x803;
    const count = view.getUint32(4);
    const shape = images ? [view.getUint32(8), view.getUint32(12)] : undefined;
    return { count, shape, length: images ? 16 + count * shape[0] * shape[1] : 8 + count };
  },
  async readIdx(images, labels) {
    const view = new DataView(images.buffer);
    return { shape: [view.getUint32(8), view.getUint32(12), 1], pixels: images.slice(16), labels: labels.slice(8) };
  },
  async split(labels) {
    const indices = Uint32Array.from(labels.keys());
    return { training: indices.subarray(0, -1), validation: indices.subarray(-1) };
  },
};
const word = (value) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const idx = (magic, sizes, content) =>
  new Blob([Uint8Array.from([magic, ...sizes].flatMap(word)), Uint8Array.from(content)]);
const read = (names, labels, pixels = labels.map(() => [1, 2, 3, 4, 5, 6])) =>
  readIdx(
    engine,
    [
      { name: `${names}-images`, content: idx(0x803, [labels.length, 2, 3], pixels.flat()) },
      { name: `${names}-labels`, content: idx(0x801, [labels.length], labels) },
    ],
    () => {},
    new AbortController().signal,
  );

test("EMNIST’s letters begin at 1, its images are turned, and images of any size are read", async () => {
  const set = await read("emnist-letters-train", [1, 26, 3, 4]);
  assert.equal(set.title, "EMNIST letters");
  assert.deepEqual([set.classes.length, set.classes[25]], [26, "Z"]);
  assert.deepEqual([...set.training.labels, ...set.validation.labels, ...set.test.labels], [0, 25, 2, 3]);
  assert.deepEqual(set.training.shape, [3, 2, 1]);
  assert.deepEqual(Array.from(set.training.pixels.subarray(0, 6)), [1, 4, 2, 5, 3, 6]);
});

test("labels that are no digits are the classes that occur; those of a known set must be its own", async () => {
  const { classes, training } = await read("shapes", [40, 7, 40, 7]);
  assert.deepEqual(classes, ["7", "40"]);
  assert.deepEqual(Array.from(training.labels), [1, 0]);
  await assert.rejects(read("emnist-letters", [0, 1, 2, 3]), /labels from 0 to 3; EMNIST letters has 1 to 26/);
});

test("a dropped folder gives the files in it, however deep, in portions as browsers hand them out", async () => {
  const file = (fullPath) => ({ isFile: true, fullPath, file: (take) => take(new Blob([fullPath])) });
  const folder = (fullPath, children) => ({
    isDirectory: true,
    fullPath,
    createReader() {
      const portions = [children.slice(0, 1), children.slice(1), []];
      return { readEntries: (take) => take(portions.shift()) };
    },
  });
  const pets = folder("/pets", [
    folder("/pets/cat", [file("/pets/cat/1.png"), file("/pets/cat/2.png")]),
    file("/pets/readme"),
  ]);
  const transfer = { files: [], items: [{ webkitGetAsEntry: () => pets }, { webkitGetAsEntry: () => null }] };
  const found = await filesOf(transfer);
  assert.deepEqual(found.map(({ name }) => name).sort(), ["pets/cat/1.png", "pets/cat/2.png", "pets/readme"]);
  const plain = await filesOf({ files: [new File(["x"], "a.csv")], items: [] });
  assert.deepEqual(
    plain.map(({ name }) => name),
    ["a.csv"],
  );
});
