// Too few examples, and what helps: the view, and what it keeps.
import assert from "node:assert/strict";
import { accessibility } from "./accessibility.mjs";
import { OWN_CODE } from "./engines.mjs";

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
    return view?.run?.state === "finished" && view.told && { loss: [...view.run.curve.loss], told: view.told };
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
    name: "overfitting: it opens with recorded runs, the penalty apart and the network that early stopping brings back",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      const rows = await browser.until(() => {
        const view = finder.one("convscope-overfitting");
        const rows = finder.all("tbody tr", view);
        return rows.length === 5 && rows.map((row) => Array.from(row.children, (cell) => cell.textContent.trim()));
      });
      const [none, stops, l2] = rows.map((cells) => cells.slice(1, -1));
      const [epochs, network, , valLoss, , penalty, , accuracy, lowest] = none;
      assert.deepEqual([epochs, network, penalty], ["40", "40", "–"]);
      assert.ok(Number(valLoss) > 1.2 * Number.parseFloat(lowest), none.join());
      // What early stopping leaves is the best epoch's network, whose numbers these are.
      assert.ok(Number(stops[1]) < Number(stops[0]), stops.join());
      assert.equal(stops[8], `${stops[3]}, epoch ${stops[1]}`);
      assert.ok(Number(l2[5]) > 0.1 && Number(l2[3]) < Number(valLoss), l2.join());
      assert.ok(Number.parseFloat(accuracy) > 60, none.join());
    },
  },
  {
    name: "overfitting: few digits are memorised, remedies are compared from one start, and a run is removed",
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      await browser.click("Train", "button");
      const plain = await finished(browser);
      assert.match(plain.told, /^After 40 epochs: /);
      const [row, ...others] = await browser.evaluate(table);
      assert.deepEqual(others, [], "the recorded runs make room");
      const [title, epochs, , loss, valLoss, , , accuracy] = row;
      assert.equal(title, "100 images, no remedy");
      assert.equal(epochs, "40");
      assert.ok(Number(loss) < 0.2 && Number(valLoss) > 2 * Number(loss), row.join());
      assert.ok(Number.parseFloat(accuracy) > 95, row.join());

      await browser.click("early stopping", "checkbox");
      assert.equal(
        await browser.evaluate(() => finder.one("convscope-overfitting").told),
        "",
        "the old finding is gone",
      );
      await browser.click("Train", "button");
      const stopped = await finished(browser);
      assert.deepEqual(stopped.loss, plain.loss.slice(0, stopped.loss.length));
      await browser.click("early stopping", "checkbox");
      await browser.click("L2", "checkbox");
      await browser.click("Train", "button");
      const penalized = await finished(browser);
      assert.ok(penalized.loss[0] > plain.loss[0]);
      const rows = await browser.evaluate(table);
      assert.deepEqual(
        rows.map(([title]) => title),
        ["100 images, no remedy", "100 images, early stopping", "100 images, L2"],
      );
      assert.ok(Number(rows[2][6]) > 0.1, "the penalty stands apart");
      await browser.click("Remove 100 images, early stopping", "button");
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
