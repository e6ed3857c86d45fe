// A training of the view that is left: offered after a reload, and kept apart from those of other tabs.
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { locate } from "./accessible.mjs";
import { damage, kept } from "./kept.mjs";
import { open, ready, rest, run, type, until, written } from "./train-view.mjs";
import { openTwice } from "./two-tabs.mjs";

export const tests = [
  {
    name: "train: after a reload it offers to go on, and goes on from where it was paused",
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(type, "Batch size", "64");
      await ready(browser);
      await browser.click("Train", "button");
      await until(browser, ({ step }) => step > 40);
      const paused = await rest(browser);
      await open(browser, site);
      const { text } = await browser.find("Training was interrupted", "status");
      assert.match(text, new RegExp(`after step ${paused.step}, in epoch \\d of 40`));
      await browser.click("Go on", "button");
      const on = await until(browser, ({ state, step }) => state === "running" && step > paused.step + 5);
      assert.ok(on.loss < 2);
      assert.equal(on.batchSize, 64);
      const later = await rest(browser);
      await browser.click("Reset", "button");
      await until(browser, ({ step }) => step === 0);
      await written(browser, later.step, false);
      await open(browser, site);
      assert.deepEqual(await browser.evaluate(locate, "Go on", "button"), []);
    },
  },
  {
    name: "train: what was kept and is damaged is told in words, and stays until somebody does without it",
    seconds: 120,
    async run(browser, site) {
      const steps = () => browser.evaluate(kept, "convscope-runs", "runs", ["record", "snapshot", "step"]);
      const train = async () => {
        await browser.click("Train", "button");
        await until(browser, ({ step }) => step > 10);
        const { step } = await rest(browser);
        await written(browser, step);
        return step;
      };
      await open(browser, site);
      const first = await train();
      // Other tests may have left runs of other networks.
      const others = await steps();
      others.splice(others.indexOf(first), 1);
      const isKept = async (...own) =>
        assert.deepEqual((await steps()).toSorted(), [...others, ...own].toSorted(), `${own} and ${others}`);
      await browser.evaluate(damage, "convscope-runs", "runs", ["record", "snapshot", "epoch"], "none");
      await open(browser, site);
      const { text } = await browser.find("A training cannot be read", "alert");
      assert.match(text, /cannot be read \(epoch: needs a whole number .*, got a string\).*It stays as it is/);
      const second = await train();
      await isKept(first, second);
      await browser.click("Start anew without it", "button");
      await browser.until(() => !finder.one("[aria-label='A training cannot be read']"));
      const most = others.length + 1;
      for (const deadline = Date.now() + 20_000; (await steps()).length > most && Date.now() < deadline;)
        await wait(50);
      await isKept(second);

      // What only the engine can tell is found when somebody goes on.
      await browser.evaluate(damage, "convscope-runs", "runs", ["record", "snapshot", "bytes"], 0xff);
      await open(browser, site);
      await browser.click("Go on", "button");
      await browser.until(() => finder.says("[role=alert]", "finite"));
      const { step, state } = await browser.evaluate(run);
      assert.deepEqual([step, state], [0, "paused"]);
      const third = await train();
      await isKept(second, third);
      await browser.click("Start anew without it", "button");
      await browser.click("Reset", "button");
      await written(browser, second, false);
      await written(browser, third, false);
    },
  },
  {
    name: "train: reloads in a row, without a pause, always get on",
    engines: ["chromium"],
    seconds: 180,
    async run(browser, site) {
      await open(browser, site);
      await browser.click("Train", "button");
      await until(browser, ({ step }) => step > 20);
      let before = 0;
      for (let reload = 0; reload < 5; reload++) {
        await open(browser, site);
        const { text } = await browser.find("Training was interrupted", "status");
        const step = Number(/after step ([\d,]+)/.exec(text)[1].replace(",", ""));
        assert.ok(step > before, `reload ${reload}: back at ${step} after ${before}`);
        before = step;
        await browser.click("Go on", "button");
        await until(browser, ({ state, step }) => state === "running" && step > before);
        await wait(1200);
      }
      await browser.click("Reset", "button");
      await until(browser, ({ step }) => step === 0);
    },
  },
  {
    name: "train: nothing is written down before other tabs can see that it is in use",
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(() => {
        const { request } = LockManager.prototype;
        LockManager.prototype.request = async function (...args) {
          if (/ \d+-0\.\d+$/.test(args[0])) await new Promise((resolve) => setTimeout(resolve, 1500));
          return request.apply(this, args);
        };
      });
      // What other tests have left was kept before.
      const begun = await browser.evaluate(() => Date.now());
      await browser.click("Train", "button");
      for (const deadline = Date.now() + 20_000; ;) {
        const times = await browser.evaluate(kept, "convscope-runs", "runs", ["keptAt"]);
        if (times.some((time) => time > begun)) break;
        assert.ok(Date.now() < deadline, "nothing is kept");
      }
      const { held } = await browser.evaluate(() => navigator.locks.query());
      assert.ok(
        held.some(({ name }) => / \d+-0\.\d+$/.test(name)),
        "it is written down, and no other tab knows whose it is",
      );
      await rest(browser);
      await browser.evaluate(() => finder.one("convscope-train").run.reset());
    },
  },
  {
    name: "train: what two tabs learn of one network is both kept, and each goes on with its own after a reload",
    seconds: 120,
    async run(browser, site) {
      await openTwice(browser, site, "embed.html#view=train&model=lenet5");
      const steps = [40, 20];
      for (const [index, least] of steps.entries()) {
        await browser.until((index) => {
          const { run } = finder.one("convscope-train", tabs[index].document) ?? {};
          return run?.state === "paused";
        }, index);
        steps[index] = await browser.evaluate(
          async (index, least) => {
            const { run } = finder.one("convscope-train", tabs[index].document);
            void run.start();
            while (run.step < least) await new Promise((resolve) => setTimeout(resolve, 20));
            await run.pause();
            return run.step;
          },
          index,
          least,
        );
        await written(browser, steps[index]);
      }
      const all = await browser.evaluate(kept, "convscope-runs", "runs", ["record", "snapshot", "step"]);
      for (const step of steps) assert.ok(all.includes(step), `${step} of ${all}`);
      // The first one closes and is opened again, while the second stays.
      await browser.evaluate(
        () =>
          new Promise(
            (resolve) => (
              Object.assign(document.querySelector("iframe"), { onload: resolve }),
              tabs[0].location.reload()
            ),
          ),
      );
      const told = await browser.until(() => {
        const frame = document.querySelector("iframe").contentDocument;
        return finder.one("[aria-label='Training was interrupted']", frame)?.textContent;
      });
      assert.match(told, new RegExp(`after step ${steps[0]},`));
      await browser.evaluate(async () => {
        for (const frame of document.querySelectorAll("iframe")) {
          for (const button of finder.all("button", frame.contentDocument)) {
            if (button.textContent === "Start anew") button.click();
          }
          const { run } = finder.one("convscope-train", frame.contentDocument);
          await run.resume(run.snapshots.all[0]);
        }
      });
      for (const step of steps) await written(browser, step, false);
    },
  },
];
