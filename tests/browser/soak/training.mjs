// Somebody who trains for long. Half of the time they keep starting anew; the other half one run goes on, looked at now
// and then.
import { setTimeout as wait } from "node:timers/promises";
import { choose } from "../accessible.mjs";
import { run } from "./controls.mjs";
import { MEGABYTE, faults, inMegabytes, told } from "./growth.mjs";

const SAMPLES_PER_HALF = 24;
const LEAST_SECONDS = 4;

const measures = {
  wasm: { growth: 2 * MEGABYTE, shown: inMegabytes },
  heap: { growth: 4 * MEGABYTE, shown: inMegabytes },
  snapshotBytes: { most: 66 * MEGABYTE, shown: inMegabytes },
  snapshots: { most: 120, shown: String },
  points: { most: 2048, shown: String },
  nodes: { growth: 300, shown: String },
  listeners: { growth: 30, shown: String },
};

/**
 * @param {import("./page.mjs").Page} page
 * @param {number} minutes that it takes
 * @param {import("../../fuzz/random.mjs").Random} random
 * @returns {Promise<string[]>} what went wrong, in words
 */
export async function train({ browser, site, held, problems }, minutes, random) {
  const state = async () => (await browser.evaluate(run))?.state;

  async function keepTraining() {
    if ((await state()) === "running") return;
    if ((await state()) === "finished") await browser.click("Reset", "button");
    await browser.click("Train", "button");
  }

  async function draw() {
    await browser.click("Clear", "button");
    const height = 0.3 + 0.4 * random.unit();
    await browser.draw([
      [
        [0.5, 0.2],
        [0.3, height],
        [0.7, height],
      ],
      [
        [0.6, 0.3],
        [0.55, 0.85],
      ],
    ]);
  }

  async function lookBack() {
    if ((await state()) === "running") await browser.click("Pause", "button");
    await browser.click("Time machine", "slider");
  }

  const looking = [
    draw,
    lookBack,
    () => browser.evaluate(choose, "Learning rate at first", "0.0005"),
    draw,
    () => browser.evaluate(choose, "Learning rate at first", "0.001"),
  ];
  const restless = [
    ...looking,
    async () => {
      await lookBack();
      await browser.click("Go on from here", "button");
    },
    () => browser.click("Reset", "button"),
    () => browser.evaluate(choose, "Batch size", "64"),
    draw,
    () => browser.evaluate(choose, "Batch size", "32"),
  ];

  async function half(title, doings) {
    const samples = [];
    const seconds = Math.max(LEAST_SECONDS, (minutes * 60) / (2 * SAMPLES_PER_HALF));
    for (let number = 0; number < SAMPLES_PER_HALF; number++) {
      await keepTraining();
      await wait(1000 * seconds);
      const [all, of] = [await held(), await browser.evaluate(run)];
      const sample = { ...all, ...of, heap: all.heap + all.buffers - of.snapshotBytes };
      samples.push(sample);
      const at = ((performance.now() - start) / 60_000).toFixed(1);
      console.log(`${at} min  ${title}  epoch ${sample.epoch}  step ${sample.step}  ${told(measures, sample)}`);
      await doings[number % doings.length]();
    }
    return faults(title, measures, samples);
  }

  const start = performance.now();
  await browser.open(`${site.url}embed.html#view=train&model=lenet5`);
  while ((await state()) !== "paused") await wait(200);
  await browser.evaluate(choose, "Epochs", "1000");
  const found = [...(await half("starting anew", restless)), ...(await half("one run", looking))];
  return [...found, ...(await problems())];
}
