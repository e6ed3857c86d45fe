// How many images a second this engine trains and reads, in one thread of Chromium, both builds:
// node tests/peers/training.mjs --executable /usr/bin/chromium
// Medians of seven rounds of 0.6 s or more after a warm-up; random data; SGD with momentum 0.9.
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { startPuppeteer } from "../browser/drivers/puppeteer.mjs";
import { startSite } from "../browser/site.mjs";

const models = ["lenet5", "keras-convnet"];
const batches = [1, 32, 128];

const { values: options } = parseArgs({ options: { executable: { type: "string" } } });
const site = await startSite();
const driver = await startPuppeteer("chromium", options.executable);
await driver.open(`${site.url}index.html`);
console.log("model           build     batch    train, images/s    predict, images/s    train, GFLOP/s");
for (const name of models) {
  const description = JSON.parse(await readFile(new URL(`../../web/models/${name}.json`, import.meta.url)));
  for (const variant of ["simd", "relaxed"]) {
    for (const batch of batches) {
      const { train, predict, multiplyAdds } = await driver.evaluate(measure, description, variant, batch);
      const columns = [
        name.padEnd(15),
        variant.padEnd(9),
        String(batch).padStart(5),
        train.toFixed(0).padStart(18),
        predict.toFixed(0).padStart(20),
        // A training step multiplies and adds as often forward as for each of its two gradients.
        ((train * multiplyAdds * 6) / 1e9).toFixed(1).padStart(18),
      ];
      console.log(columns.join(" "));
    }
  }
}
await driver.close();
site.close();

/** Runs inside the page. */
async function measure(description, variant, batch) {
  const { loadEngine } = await import("./convscope.js");
  const engine = await loadEngine({ variant });
  const model = engine.Model.fromConfig(description, { seed: 1 });
  model.compile({
    optimizer: { class_name: "SGD", config: { learning_rate: 1e-4, momentum: 0.9 } },
    loss: "sparse_categorical_crossentropy",
  });
  const pixels = Uint8Array.from({ length: batch * 784 }, (_, index) => (index * 7919) % 256);
  const labels = Uint8Array.from({ length: batch }, (_, index) => index % 10);
  const data = new engine.Dataset(pixels, labels, { shape: [28, 28, 1] });
  const indices = Uint32Array.from({ length: batch }, (_, index) => index);
  const x = Float32Array.from(pixels, (pixel) => pixel / 255);
  const rate = (work) => {
    const round = (milliseconds) => {
      const start = performance.now();
      let images = 0;
      while (performance.now() - start < milliseconds) {
        work();
        images += batch;
      }
      return (1000 * images) / (performance.now() - start);
    };
    round(1000);
    return Array.from({ length: 7 }, () => round(600)).sort((a, b) => a - b)[3];
  };
  const { multiplyAdds } = model.summary();
  const rates = { train: rate(() => model.trainStep(data, indices)), predict: rate(() => model.predict(x)), multiplyAdds };
  engine.close();
  return rates;
}
