// How examples are divided, and which files belong together.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pairs } from "../../web/data/files.js";
import { split, subset } from "../../web/data/split.js";

test("a split keeps its share of each class apart, and a subset is drawn from all", () => {
  const examples = {
    shape: [1, 1, 1],
    pixels: Uint8Array.from({ length: 200 }, (_, index) => index),
    labels: Uint8Array.from({ length: 200 }, (_, index) => (index < 150 ? 0 : 1)),
  };
  const { training, validation } = split(examples, { validation: 0.1, seed: 1 });
  assert.deepEqual([validation.labels.filter((label) => label === 0).length, validation.labels.length], [15, 20]);
  const all = [...training.pixels, ...validation.pixels].sort((a, b) => a - b);
  assert.deepEqual(all, Array.from(examples.pixels));
  assert.deepEqual(split(examples, { validation: 0.1, seed: 1 }), { training, validation });
  assert.notDeepEqual(split(examples, { validation: 0.1, seed: 2 }), { training, validation });
  assert.deepEqual(subset(examples, 50, 3).pixels.subarray(0, 20), subset(examples, 20, 3).pixels);
  assert.equal(new Set(subset(examples, 50, 3).pixels).size, 50);
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
