// The worker ends in the middle of each call that changes a model: what was told as done before is there again, and the
// call succeeds when it is made once more.
import assert from "node:assert/strict";
import { OWN_CODE } from "./engines.mjs";
import { catchWorkers, injecting, killWorkers, slowed } from "./page-faults.mjs";

const says = (browser, words) => browser.until((words) => finder.says("[role=alert]", words), words);
const saysNothing = (browser) => browser.until(() => !finder.says("[role=alert]", "\\w"));

/** Opens a race, and waits until it is ready. */
async function openRace(browser, site) {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=race&model=mlp`);
  await racesOn(browser, 0);
}

/** Waits until every runner has taken so many steps. */
const racesOn = (browser, least) =>
  browser.until((least) => {
    const { race, building } = finder.one("convscope-race") ?? {};
    return race && !building && race.runners.every(({ run }) => run.step >= least);
  }, least);

/** A line that somebody draws, and that it is read. */
async function draws(browser) {
  await browser.evaluate(() => void (globalThis.seen = finder.one("convscope-problem")?.session?.observation));
  await browser.draw([
    [
      [0.4, 0.2],
      [0.5, 0.8],
    ],
  ]);
}

/** Waits until a drawing is read that was not read before. */
const reads = (browser) =>
  browser.until(() => {
    const { session } = finder.one("convscope-problem");
    return session.settled && session.observation !== globalThis.seen;
  });

/** Waits until the drawing is read and nothing is told; what the restart has cut off may have to be asked for again. */
const goesOn = (browser) =>
  browser.until(() => {
    const { session } = finder.one("convscope-problem");
    session.problem?.retry?.();
    return session.settled && session.observation !== globalThis.seen && !finder.says("[role=alert]", "\\w");
  });

export const tests = [
  {
    name: "faults: the worker is killed in each call that changes a model: what was done before is there, and the call can be made again",
    engines: OWN_CODE,
    seconds: 120,
    async run(browser, site) {
      await browser.open(`${site.origin}/pages/engine.html`);
      await browser.until(() => globalThis.kit);
      await browser.evaluate(catchWorkers);
      await browser.evaluate(
        (kill) => (globalThis.killWorkers = new Function(`return ${kill}`)()),
        String(killWorkers),
      );
      const { expected, seen, missing } = await browser.evaluate(async () => {
        const { starts, network, training, bars, outcome } = globalThis.kit;
        const { MODEL } = await import("/engine/methods.js");
        const { pixels, labels } = bars(30);
        const indices = [0, 1, 2];
        const other = { ...training, optimizer: { class_name: "SGD", config: { learning_rate: 0.1, momentum: 0.9 } } };
        const file = await starts
          .thread({ variant: "simd" })
          .then(({ Model }) => Model.fromConfig(network, { seed: 9 }).toSafetensors());
        const calls = {
          compile: (model) => model.compile(other),
          setLearningRate: (model) => model.setLearningRate(0.25),
          setWeights: (model) => model.setWeights("dense/bias", Float32Array.of(3, 2, 1)),
          setFlatWeights: (model, count) => model.setFlatWeights(new Float32Array(count).fill(0.125)),
          loadSafetensors: (model) => model.loadSafetensors(file),
          reset: (model) => model.reset(),
          trainStep: (model, _, data) => model.trainStep(data, indices),
          fit: (model, _, data) => model.fit(data, { steps: 3 }),
        };
        const changing = Object.keys(MODEL).filter((name) => MODEL[name].sets || MODEL[name].trains);
        /** A model after each kind of call but training, which is told as kept once it is copied only. */
        const made = async ({ Model, Dataset }) => {
          const data = await new Dataset(pixels, labels, { shape: [8, 8, 1] });
          const model = await Model.fromConfig(network, { seed: 4 });
          const { length } = await model.flatWeights();
          await model.compile(training);
          await model.fit(data, { steps: 2 });
          await model.toSafetensors({ optimizer: true });
          await model.setWeights("dense/bias", Float32Array.of(0.5), { at: 2 });
          await model.setLearningRate(0.02);
          return { model, data, length };
        };
        /** The state, then what a step makes of it, which tells of the learning rate too. */
        const state = async ({ model, data }, steps) => {
          const bytes = [await model.flatWeights()];
          if (steps) await model.trainStep(data, indices);
          bytes.push(await model.flatWeights());
          return bytes.map((one) => Array.from(one).join()).join(" then ");
        };
        const thread = await starts.thread({ variant: "simd" });
        const worker = await starts.worker({ variant: "simd", workers: 1 });
        const [expected, seen] = [{}, {}];
        for (const name of changing.filter((name) => calls[name])) {
          const same = await made(thread);
          const before = await state(same);
          await calls[name](same.model, same.length, same.data);
          expected[name] = { code: "trap", before, after: await state(same, true) };

          const own = await made(worker);
          const pending = outcome(() => calls[name](own.model, own.length, own.data));
          globalThis.killWorkers();
          const { code } = await pending;
          const back = await state(own);
          await calls[name](own.model, own.length, own.data);
          seen[name] = { code, before: back, after: await state(own, true) };
        }
        return { expected, seen, missing: changing.filter((name) => !calls[name]) };
      });
      assert.deepEqual(missing, [], "each call that changes a model is in this list");
      assert.ok(Object.keys(seen).length >= 8);
      for (const [name, one] of Object.entries(expected)) assert.deepEqual(seen[name], one, name);
    },
  },
  ...["playground", "unit"].map((view) => ({
    name: `faults: a worker that says nothing any more is told of in the view ${view}, and another takes its place`,
    engines: OWN_CODE,
    async run(browser, site) {
      await injecting(browser, catchWorkers, async () => {
        await browser.open("about:blank");
        await browser.open(`${site.url}embed.html#view=${view}&digit=3`);
        await reads(browser);
        await browser.evaluate(() => {
          for (const worker of globalThis.workers) worker.onmessage = null;
        });
        await draws(browser);
        await says(browser, "has not answered for 20 seconds");
        await browser.click("Try again", "button");
        await goesOn(browser);
      });
    },
  })),
  {
    name: "faults: a worker that says nothing any more is told of in a race, which goes on with another",
    engines: OWN_CODE,
    async run(browser, site) {
      await injecting(browser, catchWorkers, async () => {
        await openRace(browser, site);
        await browser.click("Train", "button");
        await racesOn(browser, 5);
        await browser.evaluate(() => {
          for (const worker of globalThis.workers) worker.onmessage = null;
        });
        await says(browser, "has not answered for 20 seconds");
        await browser.click("Try again", "button");
        await browser.until(() => !finder.says("[role=alert]", "has not answered"));
        await browser.click("Reset", "button");
        await browser.click("Train", "button");
        await racesOn(browser, 5);
      });
    },
  },
  {
    name: "faults: a page whose memory may not grow says so, and goes on with what fits",
    engines: OWN_CODE,
    async run(browser, site) {
      await browser.open("about:blank");
      site.faults.set(/convscope-[\w-]+\.wasm/, "scarce");
      try {
        await browser.open(`${site.url}embed.html#view=playground&digit=3`);
        await reads(browser);
        await browser.evaluate(() => (location.hash = "#view=train&model=mlp&digit=3"));
        await says(browser, "memory");
        await browser.evaluate(() => (location.hash = "#view=playground&digit=3"));
        await browser.find("Drawing pad");
        await draws(browser);
        await reads(browser);
      } finally {
        site.faults.clear();
      }
      await browser.problems();
    },
  },
  {
    name: "faults: on a processor at a sixth a drawing is read, a unit explains itself, and a race goes on",
    engines: OWN_CODE,
    seconds: 120,
    async run(browser, site) {
      await slowed(browser, 6, async () => {
        for (const view of ["playground", "unit"]) {
          await browser.open("about:blank");
          await browser.open(`${site.url}embed.html#view=${view}&digit=3`);
          await reads(browser);
          await draws(browser);
          await reads(browser);
          if (view === "unit") await browser.until(() => finder.one("convscope-unit").answer);
          await saysNothing(browser);
        }
        await openRace(browser, site);
        await browser.click("Train", "button");
        await racesOn(browser, 5);
        await saysNothing(browser);
      });
    },
  },
  {
    name: "faults: a question of the lens that is lost is told, and no longer once one is answered",
    engines: OWN_CODE,
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(`${site.url}embed.html#view=playground&digit=3&layer=conv2d&unit=0`);
      await browser.until(() => Boolean(finder.one("convscope-lens")?.answer));
      await browser.evaluate(() => {
        const { model } = finder.one("convscope-lens").session;
        const value = async () => {
          delete model.explainUnit;
          globalThis.lost = true;
          throw new Error("the question was lost");
        };
        Object.defineProperty(model, "explainUnit", { value, configurable: true });
      });
      await draws(browser);
      await reads(browser);
      await draws(browser);
      await reads(browser);
      assert.ok(await browser.evaluate(() => globalThis.lost));
      await saysNothing(browser);
    },
  },
  ...[
    ["unit", "convscope-unit"],
    ["pooling", "convscope-pooling"],
  ].map(([view, element]) => ({
    name: `faults: an answer that the view ${view} could not have is told, and no longer once it has one`,
    engines: OWN_CODE,
    async run(browser, site) {
      await injecting(browser, catchWorkers, async () => {
        await browser.open("about:blank");
        await browser.open(`${site.url}embed.html#view=${view}&digit=3`);
        const answered = () => browser.until((element) => Boolean(finder.one(element)?.answer), element);
        await answered();
        await browser.evaluate((element) => {
          const view = finder.one(element);
          view.answer = undefined;
          void view.ask();
          for (const worker of globalThis.workers) worker.terminate();
        }, element);
        await says(browser, "started again");
        await browser.click("Try again", "button");
        await answered();
        await saysNothing(browser);
      });
    },
  })),
];
