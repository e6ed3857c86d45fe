// How fast the page trains, and what that comes to: node tests/peers/page.mjs --executable /usr/bin/chromium --data
// FOLDER Of the built page: the speed of training in it beside that of the same steps without it, by turns; what the
// default network comes to in a minute on the sample of MNIST and on generated digits, and LeNet-5 on MNIST. FOLDER
// holds mnist/ and pendigits-train.jsonl.gz; without it, the speed alone.
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { choose } from "../browser/accessible.mjs";
import { Browser } from "../browser/browser.mjs";
import { startPuppeteer } from "../browser/drivers/puppeteer.mjs";
import { startSite } from "../browser/site.mjs";
import { median, medianRatio } from "./statistics.mjs";

const { values: options } = parseArgs({
  options: {
    executable: { type: "string" },
    data: { type: "string" },
    seconds: { type: "string", default: "60" },
    rounds: { type: "string", default: "40" },
    only: { type: "string", default: "" },
  },
});
const seconds = Number(options.seconds);
const mnistFiles = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"].map(
  (name) => `${name}-ubyte.gz`,
);
/** Of so many writers the second is one of those that the shipped models are tested on, as `cargo xtask evaluate` has it. */
const writersInTurn = 5;

const site = await startSite(options.data ? { "/handwriting/": options.data } : {});

/** The page with a network to train, in a browser of its own, as on a machine with so many cores. */
async function page(hash, cores) {
  const driver = await startPuppeteer("chromium", options.executable);
  await driver.page.evaluateOnNewDocument((count) => {
    Object.defineProperty(navigator, "hardwareConcurrency", { get: () => count });
  }, cores);
  const browser = new Browser(driver);
  await browser.setViewport(1280, 800);
  await browser.open(`${site.url}embed.html#view=train&${hash}`);
  await prepared(browser);
  return { browser, close: () => driver.close() };
}

/** Waits until a run of at least that many examples, or of any, can begin. */
const prepared = (browser, examples) =>
  browser.until((examples) => {
    const view = document.querySelector("conv-scope")?.shadowRoot?.querySelector("convscope-train");
    return (
      view?.run?.state === "paused" && !view.building && (!examples || view.data.training.labels.length >= examples)
    );
  }, examples);

/** So many examples are learnt in one turn: about a second's, so that both of a pair meet the same machine. */
const TURN_EXAMPLES = 5000;

/**
 * Steps of a network in the page, by turns with as many on as many workers that nothing draws; who is first changes.
 */
async function speed(model, workers) {
  const { browser, close } = await page(`model=${model}`, workers);
  const { inPage, alone } = await browser.evaluate(
    async (rounds, workers, turn) => {
      const { run, data } = document.querySelector("conv-scope").shadowRoot.querySelector("convscope-train");
      const { connectEngine } = await import("./convscope.js");
      const engine = await connectEngine({ workers });
      const model = await engine.Model.fromConfig(await run.model.getConfig(), { seed: 0 });
      const { optimizer, loss, batchSize, epochs, augmentation } = run.settings;
      await model.compile({ optimizer, loss });
      const { pixels, labels, shape } = data.training;
      const examples = await new engine.Dataset(pixels, labels, { shape });
      const steps = Math.ceil(turn / batchSize);

      const rateInPage = async () => {
        if (run.state === "finished") await run.reset();
        const { seconds, examplesSeen } = run;
        await run.learnUntil(Math.min(examplesSeen + steps * batchSize, epochs * labels.length));
        return (run.examplesSeen - examplesSeen) / (run.seconds - seconds);
      };
      const rateAlone = async () => {
        const start = performance.now();
        await model.fit(examples, { batchSize, seed: 0, steps, augmentation });
        return (1000 * steps * batchSize) / (performance.now() - start);
      };

      const turns = [
        { take: rateInPage, rates: [] },
        { take: rateAlone, rates: [] },
      ];
      for (let round = 0; round <= rounds; round++) {
        for (const { take, rates } of round % 2 ? turns : turns.toReversed()) {
          const rate = await take();
          // The first round warms up.
          if (round > 0) rates.push(rate);
        }
      }
      engine.close();
      return { inPage: turns[0].rates, alone: turns[1].rates };
    },
    Number(options.rounds),
    workers,
    TURN_EXAMPLES,
  );
  await close();
  const share = Math.round(100 * medianRatio(inPage, alone));
  console.log(
    `${model}, ${workers === 1 ? "one worker" : `${workers} workers`}: ${rate(inPage)} images/s in the page, ${rate(alone)} without: ${share} %`,
  );
}

async function mnistSample() {
  const { browser, close } = await page("", 2);
  const run = await trained(browser);
  console.log(`MNIST sample, default network, two cores: ${told(run)}`);
  await tellRead(browser);
  await close();
}

async function generatedDigits() {
  const { browser, close } = await page("", 2);
  await browser.evaluate(() => {
    finder.one("details", finder.one("convscope-data-summary")).open = true;
  });
  await browser.click("Generate", "button");
  await prepared(browser, 20_000);
  const run = await trained(browser);
  console.log(`generated digits, default network, two cores: ${told(run)}`);
  await tellRead(browser);
  await close();
}

/** Prints what the page's network reads of handwriting that it has not seen. */
async function tellRead(browser) {
  const images = gunzipSync(await readFile(`${options.data}/mnist/t10k-images-idx3-ubyte.gz`));
  const labels = gunzipSync(await readFile(`${options.data}/mnist/t10k-labels-idx1-ubyte.gz`));
  const handwriting = await browser.evaluate(
    read,
    [...labels.subarray(8)],
    images.subarray(16).toString("base64"),
    undefined,
  );
  const drawings = await penStrokes();
  const pen = await browser.evaluate(
    read,
    drawings.map(({ label }) => label),
    undefined,
    drawings.map(({ strokes }) => strokes),
  );
  console.log(
    `  reads ${percent(handwriting)} of MNIST's test set and ${percent(pen)} of the test writers' pen strokes`,
  );
}

async function mnist() {
  const { browser, close } = await page("model=lenet5", 2);
  await browser.evaluate(async (names) => {
    const files = new DataTransfer();
    for (const name of names)
      files.items.add(new File([await (await fetch(`/handwriting/mnist/${name}`)).blob()], name));
    const view = document.querySelector("conv-scope").shadowRoot.querySelector("convscope-train").shadowRoot;
    const choice = view.querySelector("convscope-data-summary").shadowRoot.querySelector("convscope-data-choice");
    const place = choice.shadowRoot.querySelector(".files");
    place.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
  }, mnistFiles);
  await prepared(browser, 50_000);
  await browser.evaluate(choose, "Epochs", "6");
  await prepared(browser, 50_000);
  const run = await trained(browser);
  console.log(`MNIST, LeNet-5, two cores: ${told(run)}`);
  for (const { epoch, seconds, valAccuracy } of run.epochs) {
    console.log(`  epoch ${epoch}, ${seconds.toFixed(1)} s: ${percent(valAccuracy)} of the validation images`);
  }
  await tellRead(browser);
  await close();
}

/** Presses Train, and Pause when the time is over. */
async function trained(browser) {
  await browser.click("Train", "button");
  return browser.evaluate(async (seconds) => {
    const { run } = document.querySelector("conv-scope").shadowRoot.querySelector("convscope-train");
    const start = performance.now();
    const over = () => performance.now() - start > 1000 * seconds || run.state !== "running";
    while (!over()) await new Promise((resolve) => setTimeout(resolve, 20));
    const wall = (performance.now() - start) / 1000;
    await run.pause();
    const { step, totalSteps, examplesSeen, epochs, state, problem } = run;
    return { wall, seconds: run.seconds, step, totalSteps, examplesSeen, epochs, state, problem };
  }, seconds);
}

/** The part of images, or of drawings, that the page's network reads rightly; runs inside the page. */
async function read(labels, images, drawings) {
  const { run } = document.querySelector("conv-scope").shadowRoot.querySelector("convscope-train");
  const { connectEngine } = await import("./convscope.js");
  const engine = await connectEngine();
  const pixels = 28 * 28;
  const bytes = images && Uint8Array.from(atob(images), (character) => character.charCodeAt(0));
  const model = await engine.Model.fromSafetensors(run.snapshots.last.bytes);
  const portion = 250;
  let right = 0;
  for (let start = 0; start < labels.length; start += portion) {
    const end = Math.min(start + portion, labels.length);
    const inputs = new Float32Array((end - start) * pixels);
    for (let index = start; index < end; index++) {
      const at = (index - start) * pixels;
      if (bytes)
        inputs.set(
          Array.from(bytes.subarray(index * pixels, (index + 1) * pixels), (byte) => byte / 255),
          at,
        );
      else inputs.set((await engine.rasterize(drawings[index])).image, at);
    }
    const outputs = await model.predict(inputs);
    const classes = outputs.length / (end - start);
    for (let index = start; index < end; index++) {
      const row = outputs.subarray((index - start) * classes, (index - start + 1) * classes);
      if (row.indexOf(Math.max(...row)) === labels[index]) right += 1;
    }
  }
  engine.close();
  return right / labels.length;
}

/** Those of the test writers. */
async function penStrokes() {
  const lines = gunzipSync(await readFile(`${options.data}/pendigits-train.jsonl.gz`))
    .toString()
    .trim()
    .split("\n");
  const drawings = lines.map((line) => JSON.parse(line));
  const writers = [...new Set(drawings.map(({ writer }) => writer))];
  return drawings.filter(({ writer }) => writers.indexOf(writer) % writersInTurn === 1);
}

function told({ wall, seconds, step, totalSteps, examplesSeen, problem }) {
  const speed = Math.round(examplesSeen / seconds).toLocaleString("en");
  return `${step} of ${totalSteps} steps in ${wall.toFixed(1)} s, ${speed} images/s${problem ? `; ${problem}` : ""}`;
}

const rate = (values) => Math.round(median(values)).toLocaleString("en");
const percent = (part) => `${(100 * part).toFixed(2)} %`;

const measurements = {
  "one worker": () => speed("lenet5", 1),
  "two workers": () => speed("convnet", 2),
  "MNIST sample": mnistSample,
  "generated digits": generatedDigits,
  "all of MNIST": mnist,
};
for (const [name, measure] of Object.entries(measurements)) {
  if (!name.includes(options.only)) continue;
  if (name.includes("worker") || options.data) await measure();
}
site.close();
