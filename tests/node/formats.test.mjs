// Data sets in the formats that people have: what is read of each.
import assert from "node:assert/strict";
import { readFileSync, existsSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { CAPITALS, knownSet } from "../../web/data/formats/class-names.js";
import { readFiles } from "../../web/data/formats/read.js";
import { readNpy } from "../../web/data/formats/npy.js";
import { asDropped, cifar, csv, npy, png, ramp, zip } from "../data-files.mjs";

const read = (files, tell = () => {}) => readFiles(asDropped(files), tell);
const found = async (files) => (await read(files)).found;
const big = (values) => BigInt64Array.from(values, BigInt);

test("CIFAR-10’s planes become channels last, with names, and its test batch the test set", async () => {
  const set = await found({
    "cifar/data_batch_1.bin": cifar([[3], [0], [9]]),
    "cifar/data_batch_2.bin": cifar([[6], [1]]),
    "cifar/test_batch.bin": cifar([[9], [3]]),
    "cifar/batches.meta.txt": "airplane\nautomobile\n",
  });
  assert.equal(set.title, "CIFAR-10");
  assert.deepEqual(set.training.shape, [32, 32, 3]);
  assert.deepEqual(
    Array.from(set.training.labels, (label) => set.classes[label]),
    ["cat", "airplane", "truck", "frog", "automobile"],
  );
  assert.deepEqual(
    Array.from(set.test.labels, (label) => set.classes[label]),
    ["truck", "cat"],
  );
  // Red, green and blue of the second pixel of the second image.
  assert.deepEqual(Array.from(set.training.pixels.subarray(3072 + 3, 3072 + 6)), [2, 82, 162]);
});

test("CIFAR-100 is told by its size; its fine labels count", async () => {
  const set = await found({
    "train.bin": cifar([
      [11, 19],
      [0, 99],
      [1, 0],
      [2, 19],
    ]),
  });
  assert.equal(set.title, "CIFAR-100");
  assert.deepEqual(
    Array.from(set.training.labels, (label) => set.classes[label]),
    ["cattle", "worm", "apple", "cattle"],
  );
});

test("Kaggle’s train.csv is read, with or without a header, in gzip, and quoted", async () => {
  const plain = csv(6, 28);
  const quoted = plain.replace(/[a-z]+\d*/g, (name) => `"${name}"`).replaceAll("\n", "\r\n");
  for (const [name, bytes] of [
    ["train.csv", plain],
    ["q.csv", quoted],
    ["train.csv.gz", gzipSync(plain)],
    ["x.csv", csv(6, 28, { header: false })],
  ]) {
    const { training, classes } = await found({ [name]: bytes });
    assert.deepEqual(training.shape, [28, 28, 1], name);
    assert.deepEqual(classes, ["0", "1", "2"]);
    assert.deepEqual(Array.from(training.labels), [0, 1, 2, 0, 1, 2]);
    assert.deepEqual(Array.from(training.pixels.subarray(784, 788)), [31, 32, 33, 34]);
  }
});

test("a table’s labels may be names, its pixels decimals from 0 to 1 or colours", async () => {
  const named = await found({
    "animals.csv": csv(4, 3, {
      label: (index) => ["cat", "dog"][index % 2],
      value: (_, at) => (at ? at / 10 : "2.5e-1"),
    }),
  });
  assert.deepEqual(named.classes, ["cat", "dog"]);
  assert.deepEqual(Array.from(named.training.pixels.subarray(0, 3)), [64, 26, 51]);
  const header = Array.from({ length: 12 }, (_, at) => `pixel${at}`).join();
  const row = Array.from({ length: 12 }, (_, at) => at).join();
  const colour = await found({ "colour.csv": `${header},label\n${row},1\n${row},2\n${row},1\n${row},2` });
  assert.deepEqual(colour.training.shape, [2, 2, 3]);
  assert.deepEqual(colour.classes, ["1", "2"]);
});

test("sign-MNIST’s labels are letters, and a table called test is the test set", async () => {
  const label = (index) => [0, 2, 24][index % 3];
  const set = await found({
    "sign_mnist_train.csv": csv(6, 4, { label }),
    "sign_mnist_test.csv": csv(3, 4, { label }),
  });
  assert.deepEqual(set.classes, ["A", "C", "Y"]);
  assert.equal(set.test.labels.length, 3);
});

test("a table of many megabytes is read in portions that are told", async () => {
  const line = `${"7,".repeat(784)}9\n`;
  const other = `${"8,".repeat(784)}9\n`;
  const parts = [];
  const { found: set } = await read({ "train.csv": (line + other).repeat(8000) }, (part) => parts.push(part));
  assert.equal(set.training.labels.length, 16_000);
  assert.ok(parts.length > 80 && parts.every((part, index) => part >= (parts[index - 1] ?? 0)), `${parts.length}`);
});

test("mnist.npz is read: images and labels, what is learnt and what is test", async () => {
  const archive = zip({
    "x_train.npy": npy("|u1", [6, 4, 4], ramp(6, 16)),
    "y_train.npy": npy("<i8", [6], big([5, 0, 4, 1, 9, 2])),
    "x_test.npy": npy("|u1", [2, 4, 4], ramp(2, 16)),
    "y_test.npy": npy("<i8", [2], big([5, 0])),
  });
  const set = await found({ "mnist.npz": archive });
  assert.equal(set.title, "mnist");
  assert.deepEqual(set.classes, ["0", "1", "2", "4", "5", "9"]);
  assert.deepEqual(Array.from(set.training.labels), [4, 0, 3, 1, 5, 2]);
  assert.deepEqual(Array.from(set.test.labels), [4, 0]);
  assert.deepEqual(set.training.pixels, ramp(6, 16));
});

test("NumPy’s versions, types and orders give the same numbers", () => {
  const values = [0, 1, 2, 3, 4, 5];
  const swapped = new Uint8Array(12);
  values.forEach((value, index) => new DataView(swapped.buffer).setInt16(2 * index, value));
  for (const [descr, array] of [
    ["|u1", Uint8Array.from(values)],
    ["<u2", Uint16Array.from(values)],
    ["<i4", Int32Array.from(values)],
    ["<i8", big(values)],
    ["<f4", Float32Array.from(values)],
    ["<f8", Float64Array.from(values)],
    [">i2", swapped],
  ]) {
    for (const version of [1, 2, 3]) {
      assert.deepEqual(
        Array.from(readNpy("a", npy(descr, [2, 3], array, { version })).values),
        values,
        `${descr} ${version}`,
      );
    }
  }
  const fortran = readNpy("a", npy("|u1", [2, 3], Uint8Array.from([0, 3, 1, 4, 2, 5]), { fortran: true }));
  assert.deepEqual(Array.from(fortran.values), values);
});

test("decimal arrays from 0 to 1 are scaled, planes turned, one-hot labels counted", async () => {
  const planes = Float32Array.from({ length: 4 * 3 * 25 }, (_, at) => (Math.floor(at / 25) % 3) / 2);
  const oneHot = Float32Array.from([1, 0, 0, 1, 1, 0, 0, 1]);
  const set = await found({
    "data.npz": zip({ "x.npy": npy("<f4", [4, 3, 5, 5], planes), "y.npy": npy("<f4", [4, 2], oneHot) }),
  });
  assert.deepEqual(set.training.shape, [5, 5, 3]);
  assert.deepEqual(Array.from(set.training.pixels.subarray(0, 6)), [0, 128, 255, 0, 128, 255]);
  assert.deepEqual(Array.from(set.training.labels), [0, 1, 0, 1]);
});

test("pictures are of the class that their folder names, at one size that is told", async () => {
  const files = {
    "pets/train/cat/2.png": png(10, 10, [1, 2, 3]),
    "pets/train/cat/1.png": png(10, 10, [1, 2, 3]),
    "pets/train/dog/1.png": png(10, 10, [1, 2, 3]),
    "pets/readme.md": "about",
  };
  for (const dropped of [files, { "pets.zip": zip(files) }]) {
    const { album, passedOver } = await read(dropped);
    assert.deepEqual(
      album.pictures.map(({ said }) => said),
      ["cat", "cat", "dog"],
    );
    assert.deepEqual([album.size, album.alike], [{ width: 10, height: 10 }, true]);
    assert.match(passedOver, /^(Passed over: pets\/readme\.md\.)?$/);
  }
  const several = await read({ "p/a/1.png": png(100, 50, [0, 0, 0]), "p/b/1.png": png(90, 80, [0, 0, 0]) });
  assert.deepEqual([several.album.size, several.album.alike], [{ width: 64, height: 64 }, false]);
});

test("data sets are known by name or by their first labels; EMNIST’s letters begin at 1", () => {
  assert.equal(knownSet(["x"], [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]).title, "Fashion-MNIST");
  assert.equal(knownSet(["x"], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]).title, "MNIST");
  const sizes = Object.fromEntries(
    ["byclass", "bymerge", "balanced", "letters", "digits", "mnist"].map((split) => {
      const { classes, first } = knownSet([`emnist-${split}-train-images-idx3-ubyte.gz`], []);
      return [split, [classes.length, first]];
    }),
  );
  assert.deepEqual(sizes, {
    byclass: [62, 0],
    bymerge: [47, 0],
    balanced: [47, 0],
    letters: [26, 1],
    digits: [10, 0],
    mnist: [10, 0],
  });
  assert.equal(knownSet(["sign_mnist_train.csv"], []).classes[2], CAPITALS[2]);
  assert.equal(knownSet(["table.csv"], [1, 2]), undefined);
});

const folder = process.env.CONVSCOPE_DATA;
const images = folder && `${folder}/mnist/t10k-images-idx3-ubyte.gz`;
const skip = images && existsSync(images) ? false : "skipped: CONVSCOPE_DATA names no folder with mnist/";
test("MNIST as CSV and as npz is MNIST as IDX", { skip }, async () => {
  const pixels = gunzipSync(readFileSync(images)).subarray(16, 16 + 784 * 500);
  const labels = gunzipSync(readFileSync(images.replace("images-idx3", "labels-idx1"))).subarray(8, 508);
  const rows = Array.from(labels, (label, index) => [label, ...pixels.subarray(784 * index, 784 * (index + 1))].join());
  const table = await found({ "mnist.csv": rows.join("\n") });
  const arrays = await found({
    "mnist.npz": zip({ "x_train.npy": npy("|u1", [500, 28, 28], pixels), "y_train.npy": npy("|u1", [500], labels) }),
  });
  for (const { title, training, classes } of [table, arrays]) {
    assert.equal(title, "MNIST");
    assert.equal(classes.length, 10);
    assert.deepEqual(Buffer.from(training.pixels), Buffer.from(pixels));
    assert.deepEqual(Buffer.from(training.labels), Buffer.from(labels));
  }
});
