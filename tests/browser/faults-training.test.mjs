// A training in the page, whatever happens around it: at most its last ten seconds are lost, and the page says what to do.
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { OWN_CODE } from "./engines.mjs";
import { damage, forget, kept } from "./kept.mjs";
import {
  blockStorage,
  breakStorage,
  catchWorkers,
  fillStorage,
  injecting,
  killWorkers,
  refuseStorage,
  silenceStorage,
  slowed,
} from "./page-faults.mjs";

const PAGE = "embed.html#view=train&model=mlp&digit=3";
const INTERRUPTED = "Training was interrupted";

async function open(browser, site, page = PAGE) {
  await browser.open("about:blank");
  await browser.open(site.url + page);
  await ready(browser);
}

/** Forgets what the tests before have kept. */
async function clear(browser, site) {
  await browser.open(`${site.origin}/pages/tabs.html`);
  await browser.evaluate(forget, "convscope-runs");
}

/** As {@link open}, with nothing kept. */
async function begin(browser, site, page) {
  await clear(browser, site);
  await open(browser, site, page);
}

/** Waits until there is a run that rests. */
const ready = (browser) =>
  browser.until(() => {
    const view = finder.one("convscope-train");
    return view?.run && !view.building && view.run.rests && view.session.shown?.learning;
  });

const step = (browser) => browser.evaluate(() => finder.one("convscope-train").run.step);

/** Trains until it has taken so many steps more, and is on its way. */
async function train(browser, steps = 20) {
  const before = await step(browser);
  await browser.click("Train", "button");
  await goesOn(browser, before + steps);
}

const goesOn = (browser, least) =>
  browser.until((least) => {
    const { run } = finder.one("convscope-train");
    return run.state === "running" && run.step > least && Number.isFinite(run.curve.loss.at(-1));
  }, least);

/** Pauses, and tells the step at which it rests. */
async function rest(browser) {
  await browser.evaluate(() => finder.one("convscope-train").run.pause());
  return step(browser);
}

/** The steps that the browser has written down, one of each run. */
const steps = (browser) => browser.evaluate(kept, "convscope-runs", "runs", ["record", "snapshot", "step"]);

/** Trains for a moment, and tells the step at which it rests then. */
async function learns(browser) {
  await train(browser);
  return rest(browser);
}

/** Waits until the browser has that step written down; any but the first, where none is named. Returns it. */
async function written(browser, step) {
  const is = (/** @type {number} */ one) => (step === undefined ? one > 0 : one === step);
  for (const deadline = Date.now() + 20_000; ;) {
    const now = await steps(browser);
    if (now.some(is)) return now.find(is);
    assert.ok(Date.now() < deadline, `step ${step} is not kept: ${now}`);
  }
}

/** As {@link begin}, with a training that has rested and is written down. Tells at which step. */
async function beginKept(browser, site) {
  await begin(browser, site);
  return written(browser, await learns(browser));
}

/** Opens the page anew, goes on from no earlier than that step, and leaves nothing for the next test. */
async function goOnAfterReload(browser, site, least) {
  await open(browser, site);
  await goOn(browser, least);
}

async function goOn(browser, least) {
  const { text } = await browser.find(INTERRUPTED, "status");
  const from = Number(/after step ([\d,]+)/.exec(text)[1].replaceAll(",", ""));
  assert.ok(from >= least, `back at ${from}, ${least} was kept`);
  await browser.click("Go on", "button");
  await goesOn(browser, from);
  await leaveNothing(browser);
}

async function leaveNothing(browser) {
  await rest(browser);
  await browser.evaluate(() => finder.one("convscope-train").run.reset());
  for (const deadline = Date.now() + 20_000; (await browser.evaluate(kept, "convscope-runs", "runs", [])).length;)
    assert.ok(Date.now() < deadline, "a run is still kept");
}

const says = (browser, words) => browser.until((words) => finder.says("[role=alert]", words), words);
const saysNoMore = (browser, words) => browser.until((words) => !finder.says("[role=alert]", words), words);
const UNKNOWN = "storage cannot be read yet .*A training that was interrupted may be in it";
const NOT_KEPT = "does not keep this training .*stay on this page";

/**
 * A page whose database fails from the beginning, and works later: what an earlier one has learnt is offered then, and
 * another that has begun meanwhile is kept, too.
 */
const later = (name, fault) => ({
  name: `faults: a training that is kept in a database that ${name} is offered once that works, whatever is learnt meanwhile`,
  engines: OWN_CODE,
  seconds: 120,
  async run(browser, site) {
    const first = await beginKept(browser, site);
    await injecting(browser, fault, () => open(browser, site));
    await says(browser, UNKNOWN);
    const second = await learns(browser);
    await says(browser, NOT_KEPT);
    await browser.evaluate(() => globalThis.makeRoom());
    await saysNoMore(browser, UNKNOWN);
    const { text } = await browser.find(INTERRUPTED, "status");
    assert.match(text, /ends the training on view/);
    assert.ok((await steps(browser)).includes(first), "what was learnt before is still there");
    if (await browser.evaluate((words) => finder.says("[role=alert]", words), NOT_KEPT)) {
      await browser.click("Try again", "button");
    }
    await saysNoMore(browser, NOT_KEPT);
    await written(browser, second);
    await train(browser);
    await rest(browser);
    assert.ok((await steps(browser)).includes(first), "it is still there when the other goes on");
    await goOn(browser, first);
  },
});

export const tests = [
  later("does not answer", silenceStorage),
  later("cannot be opened", breakStorage),
  {
    name: "faults: a training whose database is busy for long is told as not kept, and is kept when that is over",
    engines: OWN_CODE,
    async run(browser, site) {
      await beginKept(browser, site);
      await browser.evaluate(blockStorage, "convscope-runs", "runs");
      const after = await learns(browser);
      await says(browser, NOT_KEPT);
      await browser.evaluate(() => globalThis.makeRoom());
      await saysNoMore(browser, NOT_KEPT);
      await written(browser, after);
      await goOnAfterReload(browser, site, after);
    },
  },
  {
    name: "faults: a training that was written half is told and stays, and another is kept beside it",
    engines: OWN_CODE,
    seconds: 120,
    async run(browser, site) {
      for (const path of [["record", "snapshot", "bytes"], ["record", "curve"], ["settings"]]) {
        await beginKept(browser, site);
        await browser.open(`${site.origin}/pages/tabs.html`);
        await browser.evaluate(damage, "convscope-runs", "runs", path);
        await open(browser, site);
        // That weights are cut short shows only when somebody goes on with them.
        if (path.at(-1) === "bytes") await browser.click("Go on", "button");
        const { text } = await browser.find("A training cannot be read", "alert");
        assert.match(text, /cannot be read \(.*(needs|not within).*\).*It stays as it is/, `${path}: ${text}`);
        await written(browser, await learns(browser));
        const count = () => browser.evaluate(kept, "convscope-runs", "runs", ["seed"]).then(({ length }) => length);
        assert.equal(await count(), 2, path.join());
        await browser.click("Start anew without it", "button");
        for (const deadline = Date.now() + 20_000; (await count()) > 1;) assert.ok(Date.now() < deadline);
        await leaveNothing(browser);
      }
    },
  },
  {
    name: "faults: a training where the storage is full is told as not kept, goes on, and is kept when it is tried again",
    engines: OWN_CODE,
    async run(browser, site) {
      const before = await beginKept(browser, site);
      await browser.evaluate(fillStorage);
      const after = await learns(browser);
      await says(browser, NOT_KEPT);
      await browser.evaluate(() => globalThis.makeRoom());
      await written(browser, before);
      await browser.click("Try again", "button");
      await saysNoMore(browser, NOT_KEPT);
      await written(browser, after);
      await goOnAfterReload(browser, site, after);
    },
  },
  {
    name: "faults: a training where the storage is refused is told as not kept, and goes on",
    engines: OWN_CODE,
    async run(browser, site) {
      await injecting(browser, refuseStorage, async () => {
        await open(browser, site);
        await train(browser);
        await says(browser, NOT_KEPT);
        await goesOn(browser, await step(browser));
        await rest(browser);
      });
    },
  },
  {
    name: "faults: a training whose worker is killed says where it is back, and goes on when it is told to",
    engines: OWN_CODE,
    async run(browser, site) {
      await clear(browser, site);
      await injecting(browser, catchWorkers, () => open(browser, site));
      await train(browser, 100);
      await browser.evaluate(killWorkers);
      await says(browser, "stopped .*back at step \\d+.*train on");
      await ready(browser);
      await train(browser);
      await leaveNothing(browser);
    },
  },
  {
    name: "faults: a training whose worker says nothing any more is counted as under way, and goes on after a reload",
    engines: OWN_CODE,
    async run(browser, site) {
      await clear(browser, site);
      await injecting(browser, catchWorkers, () => open(browser, site));
      await train(browser);
      const before = await rest(browser);
      await written(browser, before);
      await browser.evaluate(() => {
        for (const worker of globalThis.workers) worker.onmessage = null;
      });
      await browser.click("Train", "button");
      await browser.until(() => finder.says(".quiet", "is under way: .* s", finder.one("convscope-run-controls")));
      await goOnAfterReload(browser, site, before);
    },
  },
  {
    name: "faults: a training goes on, and is kept, where the page is hidden and all its timers stand still",
    engines: OWN_CODE,
    async run(browser, site) {
      await begin(browser, site);
      await train(browser);
      await browser.evaluate(() => {
        // As in a tab that has been hidden for minutes.
        globalThis.setTimeout = globalThis.setInterval = globalThis.requestAnimationFrame = () => 0;
        for (const [name, value] of Object.entries({ hidden: true, visibilityState: "hidden" }))
          Object.defineProperty(document, name, { value, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      });
      const hidden = await step(browser);
      await goesOn(browser, hidden + 200);
      await browser.until(
        (step) => finder.one("convscope-train").run.snapshots.all.some((one) => one.step > step),
        hidden,
      );
      await goOnAfterReload(browser, site, hidden);
    },
  },
  {
    name: "faults: a training whose clock is set back goes on, is kept, and tells no time below nothing",
    engines: OWN_CODE,
    async run(browser, site) {
      await begin(browser, site);
      await train(browser);
      await browser.evaluate(() => {
        const { now } = Date;
        Date.now = () => now() - 365 * 86_400_000;
      });
      await goesOn(browser, (await step(browser)) + 50);
      const after = await rest(browser);
      const { seconds, left } = await browser.evaluate(() => {
        const { run } = finder.one("convscope-train");
        return { seconds: run.curve.seconds, left: run.timeLeft };
      });
      assert.ok(left > 0 && seconds[0] >= 0 && seconds.every((value, at) => at === 0 || value >= seconds[at - 1]));
      await written(browser, after);
      await goOnAfterReload(browser, site, after);
    },
  },
  {
    name: "faults: a training on a processor at a sixth loses at no moment more than its last ten seconds",
    engines: OWN_CODE,
    alone: true,
    seconds: 240,
    async run(browser, site) {
      const page = "embed.html#view=train&model=lenet5";
      const least = await slowed(browser, 6, async () => {
        await begin(browser, site, page);
        await train(browser);
        // What the page has told of by when; then what a reload would bring back, all the while.
        const told = [];
        const learntBefore = (time) => told.findLast(({ at }) => at <= time - 10_000)?.step ?? 0;
        for (const end = Date.now() + 30_000; Date.now() < end; await wait(200)) {
          const before = Date.now();
          const back = Math.max(0, ...(await steps(browser)));
          assert.ok(back >= learntBefore(before), `${back} is kept, ${learntBefore(before)} was told ten seconds ago`);
          told.push({ step: await step(browser), at: Date.now() });
        }
        return learntBefore(Date.now());
      });
      assert.ok(least > 0);
      await open(browser, site, page);
      await goOn(browser, least);
    },
  },
  {
    name: "faults: a training on a processor at a sixth goes on, and can be paused",
    engines: OWN_CODE,
    seconds: 120,
    async run(browser, site) {
      await slowed(browser, 6, async () => {
        await begin(browser, site);
        await train(browser);
        await browser.click("Pause", "button");
        await ready(browser);
        await written(browser, await step(browser));
        await leaveNothing(browser);
      });
    },
  },
  {
    name: "faults: a training is there again after back and forward, in the page and away from it",
    engines: OWN_CODE,
    async run(browser, site) {
      const { page } = browser.driver;
      await begin(browser, site, "index.html#view=train&model=mlp");
      await train(browser);
      // Nobody has rested here: what is written down is the newest that must be there again.
      const before = await written(browser);
      await browser.evaluate(() => (location.hash = "#view=data"));
      await browser.until(() => finder.one("convscope-data") !== undefined);
      await browser.evaluate(() => history.back());
      await ready(browser);
      await goOn(browser, before);
      await train(browser);
      const left = await rest(browser);
      await written(browser, left);
      await browser.open(`${site.origin}/pages/tabs.html`);
      await page.goBack();
      await ready(browser);
      // A page that the browser has kept as it was has nothing to go on from.
      if ((await step(browser)) < left) return goOn(browser, left);
      await train(browser);
      await leaveNothing(browser);
    },
  },
];
