// The view of optimisers on their way over an error of two parameters.
import assert from "node:assert/strict";
import { OPTIMIZERS } from "../../web/runs/optimizers.js";
import { accessibility } from "./accessibility.mjs";
import { choose } from "./accessible.mjs";
import { OWN_CODE } from "./engines.mjs";

/** The rows of the table: what the path is called, and its error at the step that is shown. Runs inside the page. */
function paths() {
  const rows = finder.all("convscope-surface-descent").flatMap((figure) => finder.all("tbody tr", figure));
  const read = rows.map((row) => ({
    name: row.querySelector("th").textContent.trim(),
    error: Number.parseFloat(row.querySelector("td:last-child").textContent.replace("−", "-")),
  }));
  return read.length > 0 && read.every(({ error }) => !Number.isNaN(error)) && read;
}

const open = async (browser, site) => {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=error-surface`);
  return browser.until(paths);
};

/** What the mark of the start is called, which says where it is. */
const startsAt = (browser) => browser.until(() => finder.one("[aria-label^='Start at']")?.ariaLabel);

export const tests = [
  {
    name: "error-surface: all optimisers start at one point, and with all examples every one comes down",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(choose, "Surface", "regression");
      await browser.evaluate(choose, "Compare", "optimizers");
      await browser.until((count) => finder.all("tbody tr").length === count, OPTIMIZERS.length);
      const after = await browser.until(paths);
      assert.deepEqual(
        after.map(({ name }) => name),
        OPTIMIZERS.map(({ title }) => title),
      );
      await browser.click("Reset", "button");
      const before = await browser.until(paths);
      assert.equal(new Set(before.map(({ error }) => error)).size, 1);
      for (const [index, { name, error }] of after.entries()) assert.ok(error < before[index].error / 2, name);
      await browser.click("Step", "button");
      const first = await browser.until(paths);
      assert.ok(
        first.every(({ error }, index) => error < before[index].error),
        JSON.stringify(first),
      );
    },
  },
  {
    name: "error-surface: batch sizes are compared, a surface is changed, and it runs",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(choose, "Surface", "regression");
      const names = await browser.until(paths);
      assert.deepEqual(
        names.map(({ name }) => name),
        ["batch of 1", "batch of 4", "all examples"],
      );
      await browser.evaluate(choose, "Surface", "saddle");
      await browser.click("Reset", "button");
      const start = await browser.until(paths);
      await browser.click("Run", "button");
      await browser.find("Pause", "button");
      await browser.click("Pause", "button");
      const run = await browser.until(paths);
      assert.ok(
        run.every(({ error }, index) => error <= start[index].error),
        JSON.stringify(run),
      );
    },
  },
  {
    name: "error-surface: it opens with a ravine on which Momentum and Adam come far lower than SGD",
    async run(browser, site) {
      const errors = new Map((await open(browser, site)).map(({ name, error }) => [name, error]));
      for (const name of ["Momentum", "Adam"])
        assert.ok(errors.get(name) < errors.get("SGD") / 10, JSON.stringify([...errors]));
    },
  },
  {
    name: "error-surface: a path that diverges says so, and what leaves the chart or the picture is marked",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(() => {
        const field = finder.one("[aria-label='Learning rate of SGD']");
        field.value = "1.5";
        field.dispatchEvent(new Event("change", { bubbles: true }));
      });
      await browser.until(() => finder.all("tbody tr")[0].textContent.includes("diverges"));
      await browser.drawn();
      const seen = await browser.evaluate(() => {
        const [path, mark] = finder.all(".surface .line-0 path");
        return {
          chart: finder.says("p", "▲ goes on outside the chart: [^.]*SGD", finder.one("convscope-step-curve")),
          path: path.getAttribute("d"),
          mark: mark.getAttribute("transform"),
        };
      });
      assert.ok(seen.chart, "the chart does not say that SGD's curve leaves it");
      assert.match(seen.mark, /^translate/);
      // Up to where it leaves, no way back and forth over the whole picture.
      assert.ok(seen.path.split("L").length < 6, seen.path);
    },
  },
  {
    name: "error-surface: a curve that leaves its chart above or below is marked where it does, and named",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      const seen = await browser.evaluate(async () => {
        const chart = document.createElement("convscope-step-curve");
        const lines = [
          [1, 1e-3, 1e-12, 1e-3],
          [1, 5, 1e6, 1e33],
          [1, 0.5, 0.2, 0.1],
          [1, 0.5, 0, 0],
        ].map((values, line) => ({ title: `path ${line}`, line, values }));
        Object.assign(chart, { label: "error", lines, step: 3, steps: 3 });
        document.body.prepend(chart);
        await chart.updateComplete;
        return {
          marks: lines.map(({ line }) => finder.all(`.line-${line} .mark`, chart).length),
          words: finder.one("p", chart).textContent.trim().replace(/\s+/g, " "),
        };
      });
      assert.deepEqual(seen.marks, [1, 1, 0, 1]);
      assert.match(seen.words, /▲ [^▼]*: path 1\. ▼ [^▲]*: path 0, path 3\./);
    },
  },
  {
    name: "error-surface: the start follows a click and the arrow keys",
    async run(browser, site) {
      await open(browser, site);
      const first = await startsAt(browser);
      const { x, y, width, height } = await browser.find(first, "button");
      await browser.pointer([
        { type: "move", x: x + width / 2 + 60, y: y + height / 2 + 40 },
        { type: "down" },
        { type: "up" },
      ]);
      await browser.until((before) => finder.one("[aria-label^='Start at']").ariaLabel !== before, first);
      const clicked = await startsAt(browser);
      for (let presses = 0; presses < 40; presses++) {
        const { focused } = await browser.find(await startsAt(browser), "button");
        if (focused) break;
        await browser.key("Tab");
      }
      await browser.key("ArrowRight");
      await browser.find(await startsAt(browser), "button");
      const pressed = await startsAt(browser);
      assert.notEqual(pressed, clicked);
    },
  },
  {
    name: "error-surface: a network learns at once, and its path is drawn on the plane through its weights",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(choose, "Surface", "network");
      const status = (part) => {
        const text = finder.one("[role=status]", finder.one("convscope-weight-plane"))?.textContent ?? "";
        return text.includes(part) && text;
      };
      await browser.until(status, "is measured");
      const told = await browser.until(status, " steps.");
      const [first, last] = told.match(/[0-9.]+(?= (to|in))/g).map(Number);
      assert.ok(last < first / 2, told);
      await browser.click("Reset", "button");
    },
  },
  accessibility("error-surface", open),
];
