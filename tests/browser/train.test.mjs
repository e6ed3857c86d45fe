// The view of a network that learns, as a student uses it.
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { accessibility } from "./accessibility.mjs";
import { locate } from "./accessible.mjs";
import { OWN_CODE } from "./engines.mjs";
import { dropAll, idx } from "./idx-files.mjs";
import { damage, kept } from "./kept.mjs";
import { openTwice } from "./two-tabs.mjs";

/** What the view's run has come to; runs inside the page. */
function run() {
  const view = finder.one("convscope-train");
  const { run } = view ?? {};
  if (!run) return undefined;
  const { state, step, problem, epochs, snapshots, shown } = run;
  const losses = run.curve.loss.slice(-20);
  return {
    state,
    step,
    problem,
    shown: shown ? shown.step : "newest",
    batchSize: run.settings.batchSize,
    epochs: epochs.map(({ valAccuracy }) => valAccuracy),
    snapshots: snapshots.all.map(({ step }) => step),
    loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
  };
}

/** Types into a field as a person would: the old value goes; runs inside the page. */
function type(label, value) {
  const field = finder
    .all("label", finder.one("convscope-training-settings"))
    .find((one) => one.textContent.trim().startsWith(label))
    .querySelector("input, select");
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

async function open(browser, site) {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=train&model=lenet5&digit=3`);
  await ready(browser);
}

/** Waits until the run of the settings on view is there. */
async function ready(browser) {
  for (const deadline = Date.now() + 40_000; Date.now() < deadline; await wait(100)) {
    const { disabled } = await browser.find("Train", "button");
    if (!disabled) return;
  }
  throw new Error("there is nothing to train");
}

const until = async (browser, holds) => {
  for (const deadline = Date.now() + 40_000; Date.now() < deadline; await wait(50)) {
    const now = await browser.evaluate(run);
    if (now && holds(now)) return now;
  }
  throw new Error(`waited for ${holds}: ${JSON.stringify(await browser.evaluate(run))}`);
};

/**
 * Waits until the browser has written down that a run goes on from that step, or forgotten it: a slow disk takes its
 * time.
 */
const written = async (browser, step, there = true) => {
  const steps = () => browser.evaluate(kept, "convscope-runs", "runs", ["record", "snapshot", "step"]);
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await wait(50)) {
    if ((await steps()).includes(step) === there) return;
  }
  throw new Error(`waited for step ${step} to be ${there ? "kept" : "forgotten"}: ${await steps()}`);
};

/** Pauses, and waits until the run has come to rest and that is written down. */
const rest = async (browser) => {
  await browser.click("Pause", "button");
  await browser.evaluate(() => finder.one("convscope-train").run.pause());
  const paused = await until(browser, ({ state, step, snapshots }) => state === "paused" && snapshots.at(-1) === step);
  await written(browser, paused.step);
  return paused;
};

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
    name: "train: the learning rate changes while it learns; a NaN is told in words, and the weights of before come back",
    engines: OWN_CODE,
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(type, "Optimiser", "sgd");
      await ready(browser);
      await browser.click("Train", "button");
      await until(browser, ({ step }) => step > 20);
      await browser.evaluate(type, "Learning rate", "1e30");
      const failed = await until(browser, ({ state }) => state === "failed");
      assert.match(failed.problem, /no finite number/);
      await browser.until(() => finder.says("[role=alert]", "smaller learning rate"));
      await browser.evaluate(type, "Learning rate", "0.05");
      await browser.click("Train", "button");
      await until(browser, ({ step, state }) => state === "running" && step > failed.step + 5);
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
    name: "train: a learning rate that is set while the data load counts",
    engines: OWN_CODE,
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(`${site.url}embed.html#view=train&model=lenet5&digit=3`);
      await browser.evaluate(
        () =>
          new Promise((resolve) => {
            const look = () => {
              const fields = finder.one("convscope-training-settings");
              if (!fields || !finder.all("label", fields).length) return requestAnimationFrame(look);
              const type = (label, value) => {
                const field = finder
                  .all("label", fields)
                  .find((one) => one.textContent.trim().startsWith(label))
                  .querySelector("input, select");
                field.value = value;
                field.dispatchEvent(new Event("change", { bubbles: true }));
              };
              type("Optimiser", "sgd");
              type("Learning rate", "7,5");
              resolve(Boolean(finder.one("convscope-train").run));
            };
            look();
          }),
      );
      await ready(browser);
      const rate = await browser.evaluate(() => finder.one("convscope-train").run.rate);
      assert.equal(rate, 7.5);
    },
  },
  {
    name: "train: a comma is a decimal point, and a value that is refused says so and changes nothing",
    async run(browser, site) {
      await open(browser, site);
      const rate = () =>
        browser.evaluate(() => {
          const view = finder.one("convscope-train");
          const fields = finder.one("convscope-training-settings");
          const label = finder.all("label", fields).find((one) => one.textContent.includes("Learning rate"));
          const { value } = label.querySelector("input");
          const [told] = finder.all("[role=alert]:not([hidden])", fields).map(({ textContent }) => textContent.trim());
          return { used: view.run.rate, shown: value, told: told ?? "" };
        });
      const typed = async (text) => {
        await browser.evaluate(() => {
          const fields = finder.one("convscope-training-settings");
          const label = finder.all("label", fields).find((one) => one.textContent.includes("Learning rate"));
          label.querySelector("input").focus();
          label.querySelector("input").select();
        });
        for (const key of text) await browser.key(key);
        await browser.key("Tab");
      };
      await typed("0,01");
      await browser.until(() => finder.one("convscope-train").run.changes.length === 1);
      assert.deepEqual(await rate(), { used: 0.01, shown: "0.01", told: "" });
      await typed("-1");
      const refused = await rate();
      assert.equal(refused.used, 0.01);
      assert.match(refused.told, /takes a number from 0 up; “-1” is not one. 0.01 still applies./);
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
          const { run } = finder.one("convscope-train", frame.contentDocument);
          await run.resume(run.snapshots.all[0]);
        }
      });
      for (const step of steps) await written(browser, step, false);
    },
  },
  {
    name: "train: penalties, dropout, batch normalisation and early stopping make a new network from the same seed",
    engines: ["chromium"],
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(() => {
        const settings = finder.one("convscope-regularization-settings");
        finder.one("details", settings).open = true;
        for (const [label, value] of [
          ["L2", "0.001"],
          ["Dropout", "0.5"],
        ]) {
          const field = finder.all("label", settings).find((one) => one.textContent.trim() === label);
          field.querySelector("input").value = value;
          field.querySelector("input").dispatchEvent(new Event("change", { bubbles: true }));
        }
      });
      await browser.click("batch normalisation", "checkbox");
      await browser.click("early stopping", "checkbox");
      await browser.until(() => {
        const { run, session } = finder.one("convscope-train");
        const normalized = session.shown.columns.filter(({ className }) => className === "BatchNormalization");
        return run.settings.earlyStopping && normalized.length === 4;
      });
      await browser.click("Step", "button");
      await until(browser, ({ step }) => step === 1);
      const layers = await browser.evaluate(async () => {
        const { run } = finder.one("convscope-train");
        const { config } = await run.model.getConfig();
        return config.layers.map(({ class_name, config }) => [
          class_name,
          config.kernel_regularizer?.config.l2,
          config.rate,
        ]);
      });
      const kernels = layers.filter(([name]) => name === "Conv2D" || name === "Dense");
      assert.deepEqual(
        kernels.map(([, l2]) => l2),
        [0.001, 0.001, 0.001, 0.001, 0.001],
      );
      assert.deepEqual(
        layers.filter(([name]) => name === "Dropout").map(([, , rate]) => rate),
        [0.5],
      );
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
  {
    name: "train: what early stopping brings back is what curves, mistakes, time machine and words tell of",
    engines: OWN_CODE,
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(() => {
        finder.one("details", finder.one("convscope-regularization-settings")).open = true;
      });
      await browser.click("early stopping", "checkbox");
      await browser.evaluate(() => {
        // No later epoch is better by so much: it ends after three, with the weights of the first.
        const settings = finder.one("convscope-regularization-settings");
        Object.assign(settings, { minDelta: 100 });
        settings.dispatchEvent(new Event("change"));
      });
      await ready(browser);
      await browser.until(() => finder.one("convscope-train").run.settings.earlyStopping?.min_delta === 100);
      await browser.click("Train", "button");
      await until(browser, ({ state }) => state === "finished");
      const told = await browser.until(() => {
        const view = finder.one("convscope-train");
        const words = finder.all("[role=status]", view).map(({ textContent }) => textContent.trim());
        const [first] = view.run.epochs;
        const { counts } = finder.one("convscope-confusion-matrix", view);
        const legend = finder.one("figcaption", finder.one("convscope-curves", view)).textContent.replace(/\s+/g, " ");
        const matrix = Array.from(counts).join() === Array.from(first.confusion).join();
        const sentence = words.find((text) => text.startsWith("Training ended"));
        const slider = finder.one("input[type=range]", finder.one("convscope-time-machine", view));
        const { valLoss } = first;
        return sentence && matrix && { sentence, legend, valLoss, step: first.step, past: slider.ariaValueText };
      });
      assert.match(told.sentence, /after epoch 3\. Epoch 1 was the last that improved val_loss by more than 100/);
      assert.ok(told.sentence.includes(`validation loss ${told.valLoss.toFixed(3)}`), told.sentence);
      assert.ok(told.legend.includes(`validation ${told.valLoss.toPrecision(3)}`), told.legend);
      assert.ok(told.legend.includes(`step ${told.step}`), told.legend);
      assert.equal(told.past ?? "", `step ${told.step}`);
    },
  },
  accessibility("train", async (browser, site) => {
    await open(browser, site);
    await browser.click("Step", "button");
    await until(browser, ({ step }) => step === 1);
  }),
];
