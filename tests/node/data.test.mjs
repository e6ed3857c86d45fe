// How examples are divided, and which files belong together.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pairs } from "../../web/data/idx.js";
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
