// What the settings of the view of a network that learns do.
import assert from "node:assert/strict";
import { OWN_CODE } from "./engines.mjs";
import { open, ready, type, until } from "./train-view.mjs";

export const tests = [
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
];
