// Several runs side by side: that they are fair, and the view of them.
import assert from "node:assert/strict";
import { accessibility } from "./accessibility.mjs";
import { choose, locate } from "./accessible.mjs";
import { OWN_CODE } from "./engines.mjs";

/** Races six runners, two of them alike, and tells what they did; runs inside the page. */
async function raced(seed) {
  const { Race } = await import("/training/race.js");
  const engine = await globalThis.kit.starts.worker({ variant: "simd" });
  const training = await engine.generateDigits({ count: 600, seed: 3 });
  const config = {
    class_name: "Sequential",
    config: {
      layers: [
        { class_name: "InputLayer", config: { batch_shape: [null, 28, 28, 1] } },
        { class_name: "Flatten", config: {} },
        { class_name: "Dense", config: { units: 16, activation: "relu" } },
        { class_name: "Dense", config: { units: 10, activation: "softmax" } },
      ],
    },
  };
  const entry = (name, class_name, learning_rate, batchSize = 32) => ({
    name,
    config,
    settings: {
      optimizer: { class_name, config: { learning_rate } },
      loss: "sparse_categorical_crossentropy",
      batchSize,
      epochs: 2,
    },
  });
  const entries = [
    entry("one", "Adam", 0.001),
    entry("twin", "Adam", 0.001),
    entry("sgd", "SGD", 0.05),
    entry("wild", "SGD", 1e30),
    entry("single", "SGD", 0.01, 1),
    entry("all", "SGD", 0.01, 600),
  ];
  const race = new Race({ engine, seed, training, entries });
  await race.prepare();
  const starts = await Promise.all(race.runners.map(async ({ run }) => Array.from(await run.model.toSafetensors())));
  await race.stepOnce();
  const seen = race.runners.map(({ run }) => run.examplesSeen);
  await race.start();
  const told = race.runners.map(({ name, run }) => ({
    name,
    state: run.state,
    step: run.step,
    loss: [...run.curve.loss],
    accuracy: [...run.curve.accuracy],
  }));
  await race.close();
  await engine.close();
  return { sameStart: starts.every((bytes) => bytes.join() === starts[0].join()), seen, told };
}

/** What the view's race has come to; runs inside the page. */
function state() {
  const view = finder.one("convscope-race");
  const { race, building } = view ?? {};
  if (!race || building) return undefined;
  return {
    running: race.running,
    finished: race.finished,
    runners: race.runners.map(({ name, run }) => ({
      name,
      step: run.step,
      seen: run.examplesSeen,
      epochs: run.epochs.length,
    })),
  };
}

/** Waits until each runner has come so far in each of the fields. */
const until = (browser, least) =>
  browser.until((fields) => {
    const view = finder.one("convscope-race");
    const { race, building } = view ?? {};
    return race && !building && race.runners.every(({ run }) => fields.every(([field, value]) => run[field] >= value));
  }, Object.entries(least));

async function open(browser, site) {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=race&model=mlp`);
  await until(browser, { step: 0 });
}

export const tests = [
  {
    name: "race: Train goes on from the start where it is pressed before all are back there",
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      await browser.click("Train", "button");
      await until(browser, { step: 5 });
      const seen = await browser.evaluate(async () => {
        const { race } = finder.one("convscope-race");
        const least = () => Math.min(...race.runners.map(({ run }) => run.examplesSeen));
        const before = least();
        const reset = race.reset();
        const started = race.start();
        await reset;
        const back = least();
        const again = race.running;
        await race.pause();
        await started;
        return { before, back, again };
      });
      assert.ok(seen.before > 0 && seen.back < seen.before, JSON.stringify(seen));
      assert.equal(seen.again, true);
      await browser.click("Train", "button");
      await until(browser, { step: 5 });
    },
  },
  {
    name: "race: all runners have one start and one order, move on together, and do the same again bit for bit",
    engines: OWN_CODE,
    seconds: 120,
    async run(browser, site) {
      await browser.open(`${site.origin}/pages/engine.html`);
      await browser.until(() => globalThis.kit);
      const first = await browser.evaluate(raced, 7);
      assert.equal(first.sameStart, true);
      const [one, twin, sgd, wild, single, all] = first.told;
      assert.deepEqual({ ...one, name: "" }, { ...twin, name: "" });
      assert.equal(one.loss[0], sgd.loss[0]);
      assert.notEqual(one.loss[1], sgd.loss[1]);
      assert.deepEqual(
        [one.state, sgd.state, wild.state, single.state, all.state],
        ["finished", "finished", "failed", "finished", "finished"],
      );
      assert.deepEqual([one.step, single.step, all.step], [38, 1200, 2]);
      assert.deepEqual(first.seen, [256, 256, 256, wild.step * 32, 256, 600]);
      assert.deepEqual(await browser.evaluate(raced, 7), first);
      assert.notDeepEqual((await browser.evaluate(raced, 8)).told[0].loss, one.loss);
    },
  },
  {
    name: "race: optimisers learn side by side, pause, go on, and start anew",
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      await browser.click("Train", "button");
      await until(browser, { step: 20 });
      await browser.click("Pause", "button");
      await browser.find("Train", "button");
      const paused = await browser.evaluate(state);
      assert.equal(paused.running, false);
      const seen = paused.runners.map((runner) => runner.seen);
      assert.ok(Math.max(...seen) - Math.min(...seen) <= 512, String(seen));
      await browser.click("Step", "button");
      await until(browser, { step: Math.min(...paused.runners.map(({ step }) => step)) + 1 });
      await browser.click("Reset", "button");
      await browser.until(() => {
        const view = finder.one("convscope-race");
        return view.race.runners.every(({ run }) => run.step === 0);
      });
      await browser.click("AdaGrad", "checkbox");
      await browser.until((runners) => {
        const view = finder.one("convscope-race");
        return !view.building && view.race.runners.length === runners;
      }, paused.runners.length - 1);
      assert.equal((await browser.evaluate(locate, "Learning rate of Adam")).length, 1);
    },
  },
  {
    name: "race: it opens with a recorded run, and compares batch sizes by examples, each at a rate of its own",
    engines: OWN_CODE,
    seconds: 120,
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(`${site.url}embed.html#view=race`);
      await browser.until(() => finder.all("tbody tr").length === 6);
      await browser.evaluate(choose, "Compare", "batches");
      const rows = await browser.until(() => {
        const view = finder.one("convscope-race");
        const rows = finder.all("tbody tr", view);
        const read = rows.map((row) => ({
          name: row.querySelector("th").textContent.trim(),
          rate: Number(row.querySelector("input[type=number]").value),
          cells: Array.from(row.querySelectorAll("td"), (cell) => cell.textContent.trim()),
        }));
        return rows.length === 3 && read;
      });
      const [one, some, all] = rows;
      assert.ok(one.rate < some.rate && some.rate <= all.rate, JSON.stringify(rows));
      // Learning rate, steps, examples, loss, accuracy: as many examples each, however many steps.
      assert.deepEqual(
        rows.map(({ cells }) => [cells[1], cells[2]]),
        [
          ["30,000", "30,000"],
          ["960", "30,000"],
          ["30", "30,000"],
        ],
      );
      const losses = rows.map(({ cells }) => Number(cells[3]));
      assert.ok(losses[1] < losses[2] / 10, String(losses));
      const chart = await browser.evaluate(() => {
        const [{ unit, lines }] = finder.all("convscope-curves");
        return { unit, ends: lines.filter(({ faint }) => !faint).map(({ x }) => x.at(-1)) };
      });
      assert.equal(chart.unit, "examples");
      for (const end of chart.ends) assert.ok(end > 29_000 && end < 31_000, String(chart.ends));
      // At one rate for all, single examples jump about and the whole set crawls.
      await browser.click("one rate for all", "checkbox");
      await browser.until(() => {
        const rows = finder.all("tbody tr", finder.one("convscope-race"));
        const [one, some, all] = rows.map((row) => Number(row.querySelectorAll("td")[3].textContent));
        return one > 3 * some && all > 3 * some;
      });
    },
  },
  accessibility("race", async (browser, site) => {
    await open(browser, site);
    await browser.click("Step", "button");
    await until(browser, { step: 1 });
  }),
];
