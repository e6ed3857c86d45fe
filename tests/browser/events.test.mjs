// What <conv-scope> tells the page around it, and what it keeps to itself.
import assert from "node:assert/strict";

export const tests = [
  {
    name: "events: the page hears of ready, prediction, change and each epoch, and of nothing else",
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(`${site.url}embed.html#view=train&model=mlp&digit=3`);
      await browser.evaluate(() => {
        globalThis.heard = new Map();
        const names = ["ready", "prediction", "change", "epoch", "error"].map((name) => `convscope-${name}`);
        for (const name of [...names, "place", "pointmap", "open", "epoch", "ready"])
          document.addEventListener(name, ({ detail }) => globalThis.heard.set(name, detail));
      });
      while ((await browser.find("One epoch", "button")).disabled) await new Promise((go) => setTimeout(go, 50));
      await browser.click("One epoch", "button");
      const epoch = await browser.until(() => globalThis.heard.get("convscope-epoch"));
      assert.equal(epoch.epoch, 1);
      for (const name of ["loss", "accuracy", "valLoss", "valAccuracy"]) assert.ok(epoch[name] > 0, name);
      const names = await browser.evaluate(() => Array.from(globalThis.heard.keys()));
      assert.ok(names.includes("convscope-prediction"), String(names));
      assert.ok(names.includes("convscope-change"), String(names));
      assert.deepEqual(
        names.filter((name) => !name.startsWith("convscope-")),
        [],
      );
    },
  },
];
