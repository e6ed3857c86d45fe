// A step is cut into shares for as many workers as there are: for the shipped networks, at any batch, on both builds,
// it has to come to the same bits.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

const models = new URL("../../web/models/", import.meta.url);
const LARGEST = 160;
/** Batches whose shares are of different lengths; every batch where somebody changes how steps are cut. */
const BATCHES = process.env.CONVSCOPE_EVERY_BATCH
  ? Array.from({ length: LARGEST }, (_, index) => index + 1)
  : [33, 65, 127, LARGEST];

/** Trains one step of each size on that many workers, and tells the losses and what the weights come to. */
async function trained(variant, workers, description, batches, largest) {
  const { Model, Dataset, close } = await globalThis.kit.starts.worker({ variant, workers });
  const side = 28;
  // Strokes with black borders, and here and there an image that is all black.
  const pixels = Uint8Array.from({ length: largest * side * side }, (_, index) => {
    const [image, row, column] = [Math.floor(index / side / side), Math.floor(index / side) % side, index % side];
    const lit = row > 5 && row < 22 && column > 7 && column < 20 && image % 9 !== 4;
    return lit ? Math.max(0, Math.imul(index, 2654435761) >> 23) : 0;
  });
  const labels = Uint16Array.from({ length: largest }, (_, index) => (index * 7) % 10);
  const data = await new Dataset(pixels, labels, { shape: [side, side, 1] });
  const model = await Model.fromConfig(description, { seed: 5 });
  await model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy" });
  const losses = [];
  for (const batch of batches) {
    const indices = Uint32Array.from({ length: batch }, (_, index) => (index * 37 + batch) % largest);
    losses.push((await model.trainStep(data, indices)).loss);
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await model.flatWeights()));
  await close();
  return { losses, weights: digest.join() };
}

const shares = (variant, engines) => ({
  name: `engine: shipped networks come to the same bits in 1, 2 and 4 workers on the ${variant} build, at odd batches too`,
  engines,
  seconds: 60 + 15 * BATCHES.length,
  async run(browser, site) {
    const catalogue = JSON.parse(await readFile(new URL("catalogue.json", models), "utf8"));
    for (const { name } of catalogue) {
      const description = JSON.parse(await readFile(new URL(`${name}.json`, models), "utf8"));
      await browser.open(`${site.origin}/pages/engine.html`);
      await browser.until(() => globalThis.kit);
      const on = (workers) => browser.evaluate(trained, variant, workers, description, BATCHES, LARGEST);
      const alone = await on(1);
      assert.ok(
        alone.losses.every((loss) => loss > 0 && loss < 100),
        `${name}: ${alone.losses}`,
      );
      for (const workers of [2, 4]) assert.deepEqual(await on(workers), alone, `${name}, ${workers} workers`);
    }
  },
});

export const tests = [shares("simd"), shares("relaxed", ["chromium", "firefox"])];
