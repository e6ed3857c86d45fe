// Too few examples, and what helps: the view, and what it keeps.
import assert from "node:assert/strict";
import { accessibility } from "./accessibility.mjs";

/** What the view has come to; runs inside the page. */
function table() {
  const view = finder.one("convscope-overfitting");
  const rows = finder.all("tbody tr", view);
  return rows.map((row) => Array.from(row.children, (cell) => cell.textContent.trim().replace(/\s+/g, " ")));
}

/** Waits until the run on view is over. */
const finished = (browser) =>
  browser.until(() => {
    const view = finder.one("convscope-overfitting");
    return view?.run?.state === "finished" && { loss: [...view.run.curve.loss] };
  });

async function open(browser, site) {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=overfitting&model=mlp`);
  for (;;) {
    const { disabled } = await browser.find("Train", "button");
    if (!disabled) return;
  }
}

export const tests = [
  {
    name: "overfitting: few digits are learnt by heart, remedies are compared from one start, and a run is removed",
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      await browser.click("Train", "button");
      const plain = await finished(browser);
      const [row] = await browser.evaluate(table);
      const [title, epochs, loss, valLoss, , , accuracy] = row;
      assert.equal(title, "100 digits, no remedy");
      assert.equal(epochs, "40");
      assert.ok(Number(loss) < 0.2 && Number(valLoss) > 2 * Number(loss), row.join());
      assert.ok(Number.parseFloat(accuracy) > 95, row.join());

      await browser.click("early stopping", "checkbox");
      await browser.click("Train", "button");
      const stopped = await finished(browser);
      assert.deepEqual(stopped.loss, plain.loss.slice(0, stopped.loss.length));
      await browser.click("early stopping", "checkbox");
      await browser.click("L2", "checkbox");
      await browser.click("Train", "button");
      const penalized = await finished(browser);
      assert.ok(penalized.loss[0] > plain.loss[0]);
      assert.deepEqual(
        (await browser.evaluate(table)).map(([title]) => title),
        ["100 digits, no remedy", "100 digits, early stopping", "100 digits, L2"],
      );
      await browser.click("Remove 100 digits, early stopping", "button");
      await browser.until(() => {
        const view = finder.one("convscope-overfitting");
        return finder.all("tbody tr", view).length === 2;
      });
    },
  },
  accessibility("overfitting", async (browser, site) => {
    await open(browser, site);
    await browser.click("augmentation", "checkbox");
    await browser.click("Train", "button");
    await finished(browser);
  }),
];
