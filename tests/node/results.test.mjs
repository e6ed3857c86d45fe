// What is shipped about the shipped models belongs to the weights and the images that are shipped with it.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";

const web = new URL("../../web/", import.meta.url);
const digest = async (file) =>
  createHash("md5")
    .update(await readFile(new URL(file, web)))
    .digest("hex");
const read = async (file) => JSON.parse(await readFile(new URL(file, web), "utf8"));
const again = "cargo xtask results writes them anew";

const catalogue = await read("models/catalogue.json");
const files = await readdir(new URL("models/results/", web));

test("the accuracies by offset are of the shipped weights and images, every network's", async () => {
  const { images, networks } = await read("models/results/accuracy-by-offset.json");
  assert.equal(images.digest, await digest("data/mnist-sample/t10k-images-idx3-ubyte.gz"), again);
  assert.deepEqual(Object.keys(networks).sort(), catalogue.map(({ name }) => name).sort());
  for (const [name, { weights, right }] of Object.entries(networks)) {
    assert.equal(weights, await digest(`models/${name}.safetensors`), `${name}: ${again}`);
    assert.equal(right.length, 17 * 17);
    assert.ok(right.every((count) => Number.isInteger(count) && count >= 0 && count <= images.count));
    const middle = right[8 * 17 + 8];
    assert.ok(middle > 0.85 * images.count && right[0] < middle, `${name}: ${middle}, ${right[0]}`);
  }
});

test("the strongest patches are of the shipped weights and images", async () => {
  const pixels = gunzipSync(await readFile(new URL("data/mnist-sample/train-images-idx3-ubyte.gz", web)));
  const own = await digest("data/mnist-sample/train-images-idx3-ubyte.gz");
  const strongest = files.filter((file) => file.endsWith("-strongest.json"));
  assert.ok(strongest.length >= 5, String(files));
  for (const file of strongest) {
    const { images, weights, found } = await read(`models/results/${file}`);
    const name = file.replace("-strongest.json", "");
    assert.equal(weights, await digest(`models/${name}.safetensors`), `${name}: ${again}`);
    assert.equal(images.digest, own, again);
    assert.ok(found.examples <= pixels.readUInt32BE(4));
    const units = found.layers.reduce((sum, layer) => sum + layer.units, 0);
    assert.equal(found.ranking.length, 4 * found.places * units);
    for (let at = 0; at < found.ranking.length; at += 4)
      assert.ok(found.ranking[at + 1] < found.examples, `${name}: ${found.ranking[at + 1]} of ${found.examples}`);
  }
});

test("results are small, and the build carries them", async () => {
  for (const file of files) {
    const { length } = await readFile(new URL(`models/results/${file}`, web));
    assert.ok(length < 32_000, `${file}: ${length} bytes`);
  }
  assert.match(await readFile(new URL("build.mjs", web), "utf8"), /models\/results/);
});
