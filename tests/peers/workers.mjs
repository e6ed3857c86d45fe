// How much faster two workers train than one: node tests/peers/workers.mjs --executable /usr/bin/chromium
// LeNet-5 in Chromium, batch 128 from a data set, SGD with momentum 0.9. Rounds of both by turns, so that what else the
// machine does meets both; the median of the rounds' ratios counts. Both must come to the same weights, bit by bit.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { startPuppeteer } from "../browser/drivers/puppeteer.mjs";
import { startSite } from "../browser/site.mjs";

const rounds = 9;
const roundSeconds = 1;
const batch = 128;

const { values: options } = parseArgs({ options: { executable: { type: "string" } } });
const site = await startSite();
const driver = await startPuppeteer("chromium", options.executable);
await driver.open(`${site.origin}/pages/engine.html`);
const description = JSON.parse(await readFile(new URL("../../web/models/lenet5.json", import.meta.url)));
const measured = await driver.evaluate(measure, description, batch, rounds, roundSeconds);
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const [one, two] = measured.rates;
console.log(`LeNet-5, batch ${batch}, images/s, median of ${rounds} rounds`);
console.log(`1 worker   ${median(one).toFixed(0).padStart(7)}`);
console.log(`2 workers  ${median(two).toFixed(0).padStart(7)}`);
console.log(`ratio      ${median(two.map((rate, round) => rate / one[round])).toFixed(2).padStart(7)}`);
const [weights, others] = measured.digests;
assert.equal(others, weights, "the weights differ");
console.log(`the same weights after ${measured.steps} steps each`);
await driver.close();
site.close();

/** Runs inside the page. */
async function measure(description, batch, rounds, roundSeconds) {
  const { connectEngine } = await import("/notes/convscope/convscope.js");
  const pixels = Uint8Array.from({ length: 4 * batch * 784 }, (_, index) => (index * 7919) % 256);
  const labels = Uint8Array.from({ length: 4 * batch }, (_, index) => index % 10);

  async function start(workers) {
    const engine = await connectEngine({ workers });
    const model = await engine.Model.fromConfig(description, { seed: 1 });
    await model.compile({
      optimizer: { class_name: "SGD", config: { learning_rate: 1e-4, momentum: 0.9 } },
      loss: "sparse_categorical_crossentropy",
    });
    const data = await new engine.Dataset(pixels, labels, { shape: [28, 28, 1] });
    let steps = 0;
    const step = () => {
      const indices = Uint32Array.from({ length: batch }, (_, index) => (steps * batch + index) % labels.length);
      steps += 1;
      return model.trainStep(data, indices);
    };
    /** Two steps are always asked for, so that no worker waits for the page. */
    const train = async (enough) => {
      const start = performance.now();
      const before = steps;
      let pending = step();
      while (!enough(performance.now() - start)) {
        const next = step();
        await pending;
        pending = next;
      }
      await pending;
      return ((steps - before) * batch * 1000) / (performance.now() - start);
    };
    return {
      train,
      count: () => steps,
      digest: async () => {
        const digest = await crypto.subtle.digest("SHA-256", await model.toSafetensors());
        return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
      },
    };
  }

  const trainers = [await start(1), await start(2)];
  const rates = trainers.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, { train }] of trainers.entries()) {
      const rate = await train((milliseconds) => milliseconds >= roundSeconds * 1000);
      // The first round is for the browser to compile.
      if (round > 0) rates[index].push(rate);
    }
  }
  const steps = Math.max(...trainers.map(({ count }) => count()));
  for (const { train, count } of trainers) if (count() < steps) await train(() => count() >= steps);
  return { rates, steps, digests: await Promise.all(trainers.map(({ digest }) => digest())) };
}
