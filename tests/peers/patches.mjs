// How long the nine strongest patches take, of all filters of the default model over 10,000 generated digits:
// node tests/peers/patches.mjs --executable /usr/bin/chromium
import { parseArgs } from "node:util";
import { Browser } from "../browser/browser.mjs";
import { startPuppeteer } from "../browser/drivers/puppeteer.mjs";
import { startSite } from "../browser/site.mjs";
import { median } from "./statistics.mjs";

const { values: options } = parseArgs({ options: { executable: { type: "string" } } });
const digits = 10_000;
const portion = 500;
const rounds = 5;

const site = await startSite();
const driver = await startPuppeteer("chromium", options.executable);
const browser = new Browser(driver);
await browser.open(`${site.url}index.html`);
const { seconds, filters, told } = await browser.evaluate(
  async (digits, portion, rounds) => {
    const { connectEngine } = await import("./convscope.js");
    const engine = await connectEngine({ workers: "auto" });
    const file = await fetch("models/convnet.safetensors");
    const model = await engine.Model.fromSafetensors(await file.arrayBuffer());
    const { pixels, labels, shape } = await engine.generateDigits({ count: digits, seed: 1 });
    const data = await new engine.Dataset(pixels, labels, { shape });
    const indices = Uint32Array.from({ length: digits }, (_, index) => index);
    const seconds = [];
    let [filters, told] = [0, 0];
    for (let round = 0; round <= rounds; round++) {
      const start = performance.now();
      let before;
      told = 0;
      for (let first = 0; first < digits; first += portion) {
        const { layers, ranking } = await model.strongestPatches(
          data,
          indices.subarray(first, first + portion),
          before ? { before } : {},
        );
        before = ranking;
        told += 1;
        filters = layers.reduce((sum, { units }) => sum + units, 0);
      }
      seconds.push((performance.now() - start) / 1000);
    }
    await engine.close();
    // The first round only starts the workers.
    return { seconds: seconds.slice(1), filters, told };
  },
  digits,
  portion,
  rounds,
);
const [middle, longest] = [median(seconds), Math.max(...seconds)].map((time) => time.toFixed(2));
console.log(`nine strongest patches of ${filters} filters over ${digits} digits, told ${told} times how far it is`);
console.log(`median ${middle} s, longest ${longest} s of ${rounds} rounds`);
await driver.close();
site.close();
