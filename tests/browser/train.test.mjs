// The view of a network that learns, as a student uses it.
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { accessibility } from "./accessibility.mjs";
import { dropAll, idx } from "./idx-files.mjs";
import { open, ready, rest, until } from "./train-view.mjs";

export const tests = [
  {
    name: "train: the loss falls, the drawing is read, pause and step do what they say, and the time machine goes back and on",
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      await browser.click("Train", "button");
      const early = await until(browser, ({ step }) => step > 20);
      await until(browser, ({ loss, step }) => step > early.step + 200 && loss < 0.8);
      const paused = await rest(browser);
      const spoken = async () => (await browser.find("Prediction", "status")).text;
      for (const deadline = Date.now() + 5000; (await spoken()) !== "3" && Date.now() < deadline;) await wait(50);
      assert.equal(await spoken(), "3");
      await browser.click("Step", "button");
      const stepped = await until(browser, ({ step, state }) => step > paused.step && state === "paused");
      assert.equal(stepped.step, paused.step + 1);

      await browser.click("Train", "button");
      await until(browser, ({ step, state }) => step > stepped.step && state === "running");
      const slider = await browser.find("Time machine", "slider");
      await browser.pointer([
        { type: "move", x: slider.x + 4, y: slider.y + slider.height / 2 },
        { type: "down" },
        { type: "up" },
      ]);
      await until(browser, ({ shown, state }) => shown === 0 && state === "paused");
      const first = await browser.until(() => {
        const view = finder.one("convscope-train");
        return view.session.observation?.probabilities[3] < 0.6;
      });
      assert.ok(first);
      await browser.click("Go on from here", "button");
      await until(browser, ({ step, shown }) => step === 0 && shown === "newest");
      await browser.click("Step", "button");
      // The page is left while that is written down, and the next one must find the database at rest.
      await until(browser, ({ step }) => step === 1);
    },
  },
  {
    name: "train: before the first step, kernels, maps and answer are the untrained network's, and never the trained one's",
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(`${site.url}embed.html#view=train&model=lenet5&digit=3`);
      await browser.evaluate(() => {
        globalThis.trained = 0;
        const look = () => {
          const view = finder.one("convscope-train");
          const seen = finder
            .all("convscope-layer-column, .digit:not(:empty)", view)
            .some((one) => one.checkVisibility({ visibilityProperty: true }));
          if (seen && view.session.shown && !view.session.shown.learning) globalThis.trained += 1;
          requestAnimationFrame(look);
        };
        look();
      });
      await ready(browser);
      const { banks, weights, trained } = await browser.until(() => {
        const view = finder.one("convscope-train");
        const banks = finder.all("convscope-kernel-bank", view).filter(({ bank }) => bank);
        if (!view.session.shown?.learning || !banks.length) return undefined;
        return view.run.model.flatWeights().then((weights) => ({
          banks: banks.map(({ bank }) => bank.limit),
          weights: Array.from(weights.subarray(0, 150)),
          trained: globalThis.trained,
        }));
      });
      // The first kernel bank is that of the first layer, whose weights come first.
      assert.equal(banks[0], Math.max(...weights.map(Math.abs)));
      assert.equal(trained, 0, `${trained} frames showed the trained network`);
    },
  },
  {
    name: "train: pad, answer, buttons and a curve are in sight together, on a screen and on a phone",
    engines: ["chromium"],
    alone: true,
    async run(browser, site) {
      for (const [width, height] of [
        [1280, 900],
        [390, 844],
      ]) {
        await browser.setViewport(width, height);
        await browser.open("about:blank");
        await browser.open(`${site.url}index.html#view=train&model=lenet5`);
        await ready(browser);
        const { bottoms, across } = await browser.evaluate(() => {
          const view = finder.one("convscope-train");
          // The words about keys, which only a page with a keyboard has, are none of a phone's.
          const hint = finder.one(".keys", view);
          if (hint && innerWidth < 500) hint.style.setProperty("display", "none");
          const parts = ["convscope-run-controls", ".pad", ".digit", ".plot"].map((selector) =>
            finder.one(selector, view),
          );
          const boxes = parts.map((part) => part.getBoundingClientRect());
          return { bottoms: boxes.map(({ bottom }) => bottom), across: document.documentElement.scrollWidth };
        });
        assert.ok(Math.max(...bottoms) <= height + 8, `${width}×${height}: ${bottoms}`);
        assert.ok(across <= width, `${across} px across`);
      }
      await browser.setViewport(1280, 900);
    },
  },
  {
    name: "train: a step on all images at once gives a sign of life within half a second, and Reset can be pressed",
    engines: ["chromium"],
    alone: true,
    async run(browser, site) {
      await open(browser, site);
      const count = 40_000;
      await dropAll(browser, {
        images: gzipSync(idx(count, Buffer.alloc(count * 784, 90), 28)),
        labels: gzipSync(idx(count, Buffer.from(Array.from({ length: count }, (_, index) => index % 10)))),
      });
      await browser.click("all 32,000", "button");
      await browser.until(() => finder.one("convscope-train").run?.settings.batchSize === 32_000);
      await ready(browser);
      const { waited, text, disabled } = await browser.evaluate(async () => {
        const view = finder.one("convscope-train");
        const controls = finder.one("convscope-run-controls", view);
        const button = (name) => finder.all("button", controls).find((one) => one.textContent.trim() === name);
        const began = performance.now();
        button("Train").click();
        const told = () =>
          finder
            .all("span", controls)
            .map(({ textContent }) => textContent.trim())
            .join();
        while (!/under way/.test(told()) && view.run.step === 0)
          await new Promise((resolve) => setTimeout(resolve, 10));
        const found = { waited: performance.now() - began, text: told(), disabled: button("Reset").disabled };
        button("Reset").click();
        return found;
      });
      assert.ok(waited < 500, `${waited} ms`);
      assert.match(text, /step 1 is under way: 32,000 images/);
      assert.equal(disabled, false);
      await until(browser, ({ state, step }) => state === "paused" && step === 0);
    },
  },
  {
    name: "train: it goes on learning while another tab is in front",
    engines: ["chromium", "firefox"],
    alone: true,
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(() => {
        const { run } = finder.one("convscope-train");
        globalThis.turns = [];
        const note = () =>
          globalThis.turns.push({ visibility: document.visibilityState, state: run.state, step: run.step });
        document.addEventListener("visibilitychange", note);
      });
      await browser.click("Train", "button");
      await until(browser, ({ step }) => step > 20);
      await browser.hide(3000);
      const turns = await browser.until(() => globalThis.turns.length >= 2 && globalThis.turns);
      assert.deepEqual(
        turns.map(({ visibility }) => visibility),
        ["hidden", "visible"],
      );
      const [hidden, visible] = turns;
      assert.equal(visible.state, "running");
      assert.ok(visible.step - hidden.step > 60, `${visible.step - hidden.step} steps in 3 s`);
      await browser.click("Pause", "button");
    },
  },
  {
    name: "train: the page stays free while the network learns",
    engines: ["chromium"],
    alone: true,
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(() => {
        globalThis.blocked = [];
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) globalThis.blocked.push(duration);
        }).observe({ type: "longtask" });
      });
      await browser.click("Train", "button");
      // What the page does itself comes again in every round; a processor shared with strangers holds up one or
      // another.
      const rounds = [];
      do {
        const enough = 100 * (rounds.length + 1);
        await until(browser, ({ step }) => step > enough);
        rounds.push(await browser.evaluate(() => globalThis.blocked.splice(0)));
      } while (rounds.length < 6 && rounds.at(-1).length);
      await browser.click("Pause", "button");
      assert.deepEqual(
        rounds.at(-1),
        [],
        `tasks of over 50 ms in each of ${rounds.length} rounds: ${JSON.stringify(rounds)}`,
      );
    },
  },
  accessibility("train", async (browser, site) => {
    await open(browser, site);
    await browser.click("Step", "button");
    await until(browser, ({ step }) => step === 1);
  }),
];
