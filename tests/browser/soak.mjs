// Whether memory stays bounded while a page trains for long: node tests/browser/soak.mjs --executable /usr/bin/chromium
// --minutes 60 Half of the time somebody keeps starting anew; the other half one run goes on, looked at now and then.
// Prints what the page holds as it goes, and at the end whether anything has grown.
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { choose } from "./accessible.mjs";
import { Browser } from "./browser.mjs";
import { startPuppeteer } from "./drivers/puppeteer.mjs";
import { inWorkers } from "./in-workers.mjs";
import { memories, watchMemory } from "./memory.mjs";
import { startSite } from "./site.mjs";

const samplesPerHalf = 24;
const leastSeconds = 4;
const megabyte = 2 ** 20;

/**
 * What is measured. `growth` is the most that it may grow by in either half of the time, once its first quarter has
 * warmed the page up; `most` is the most that it may ever be.
 * @type {Record<string, { growth?: number, most?: number, shown: (value: number) => string }>}
 */
const measures = {
  wasm: { growth: 2 * megabyte, shown: inMegabytes },
  heap: { growth: 4 * megabyte, shown: inMegabytes },
  snapshotBytes: { most: 66 * megabyte, shown: inMegabytes },
  snapshots: { most: 120, shown: String },
  points: { most: 2048, shown: String },
  nodes: { growth: 300, shown: String },
  listeners: { growth: 30, shown: String },
};

function inMegabytes(bytes) {
  return `${(bytes / megabyte).toFixed(1)} MB`;
}

const { values: options } = parseArgs({
  options: { executable: { type: "string" }, minutes: { type: "string", default: "60" } },
});
const minutes = Number(options.minutes);
if (!(minutes > 0)) throw new Error(`--minutes: expected a number above 0, got ${options.minutes}`);

const site = await startSite();
const driver = await startPuppeteer("chromium", options.executable);
const browser = new Browser(driver);
const inPage = await driver.page.createCDPSession();
await inPage.send("Performance.enable");

/** The run on view; runs inside the page. */
function run() {
  const { run } = finder.one("convscope-train") ?? {};
  if (!run) return undefined;
  const { state, step, epoch, problem } = run;
  const { all } = run.snapshots;
  const snapshotBytes = all.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return { state, step, epoch, problem, snapshots: all.length, snapshotBytes, points: run.curve.steps.length };
}

/** Bytes of a thread's JavaScript objects and array buffers; Chromium counts WebAssembly's memories elsewhere. */
async function memoryOf(session) {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize = 0 } = await session.send("Runtime.getHeapUsage");
  return usedSize + backingStorageSize;
}

/** What the page and its workers hold. */
async function measured() {
  const sessions = [inPage, ...driver.page.workers().map(({ client }) => client)];
  // A worker that ends meanwhile holds nothing any more.
  const held = (await Promise.allSettled(sessions.map(memoryOf))).map(({ value = 0 }) => value);
  const answers = await browser.evaluate(memories, driver.page.workers().length);
  const { metrics } = await inPage.send("Performance.getMetrics");
  const metric = (name) => metrics.find((one) => one.name === name).value;
  const of = await browser.evaluate(run);
  return {
    ...of,
    wasm: answers.reduce((sum, { bytes }) => sum + bytes, 0),
    heap: held.reduce((sum, bytes) => sum + bytes, 0) - of.snapshotBytes,
    nodes: metric("Nodes"),
    listeners: metric("JSEventListeners"),
  };
}

const state = async () => (await browser.evaluate(run))?.state;

async function keepTraining() {
  if ((await state()) === "running") return;
  if ((await state()) === "finished") await browser.click("Reset", "button");
  await browser.click("Train", "button");
}

async function draw() {
  await browser.click("Clear", "button");
  const height = 0.3 + 0.4 * Math.random();
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

/** What grew too much or is too large, in words. */
function faults(half, samples) {
  const quarter = Math.floor(samples.length / 4);
  return Object.entries(measures).flatMap(([name, { growth, most, shown }]) => {
    const largest = (from, to) => Math.max(...samples.slice(from, to).map((sample) => sample[name]));
    const grown = largest(-quarter) - largest(quarter, 2 * quarter);
    if (growth !== undefined && grown > growth)
      return [`${half}: ${name} grew by ${shown(grown)}, ${shown(growth)} is the most`];
    if (most !== undefined && largest(0) > most)
      return [`${half}: ${name} came to ${shown(largest(0))}, ${shown(most)} is the most`];
    return [];
  });
}

async function soak(half, doings) {
  const samples = [];
  const seconds = Math.max(leastSeconds, (minutes * 60) / (2 * samplesPerHalf));
  for (let number = 0; number < samplesPerHalf; number++) {
    await keepTraining();
    await wait(1000 * seconds);
    const sample = await measured();
    samples.push(sample);
    const values = Object.entries(measures).map(([name, { shown }]) => `${name} ${shown(sample[name])}`);
    const at = ((performance.now() - start) / 60_000).toFixed(1);
    console.log(`${at} min  ${half}  epoch ${sample.epoch}  step ${sample.step}  ${values.join("  ")}`);
    await doings[number % doings.length]();
  }
  return faults(half, samples);
}

driver.page.once("error", ({ message }) => {
  console.log(`✗ the page ended: ${message}`);
  process.exit(1);
});
await driver.page.evaluateOnNewDocument(inWorkers, String(watchMemory));
await browser.setViewport(1280, 800);
await browser.open(`${site.url}embed.html#view=train&model=lenet5`);
while ((await state()) !== "paused") await wait(200);
await browser.evaluate(choose, "Epochs", "1000");
const start = performance.now();
const found = [...(await soak("starting anew", restless)), ...(await soak("one run", looking))];
found.push(...(await browser.problems()).map((problem) => `in the page: ${problem}`));
await driver.close();
site.close();
for (const fault of found) console.log(`✗ ${fault}`);
if (found.length === 0) console.log(`✓ bounded over ${minutes} min`);
process.exit(found.length ? 1 : 0);
