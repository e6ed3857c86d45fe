// The view of optimisers on their way over an error of two parameters.
import assert from "node:assert/strict";
import { accessibility } from "./accessibility.mjs";
import { choose } from "./accessible.mjs";

/** The rows of the table: what the path is called, and its error at the step that is shown. Runs inside the page. */
function paths() {
  const search = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.matches("convscope-surface-descent")) return element.shadowRoot;
      const found = element.shadowRoot && search(element.shadowRoot);
      if (found) return found;
    }
  };
  const rows = Array.from(search(document)?.querySelectorAll("tbody tr") ?? []);
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

const startsAt = async (browser) => {
  const label = await browser.until(() => {
    const search = (root) => {
      for (const element of root.querySelectorAll("*")) {
        if (element.getAttribute("aria-label")?.startsWith("Start at")) return element.getAttribute("aria-label");
        const found = element.shadowRoot && search(element.shadowRoot);
        if (found) return found;
      }
    };
    return search(document);
  });
  return label;
};

export const tests = [
  {
    name: "error-surface: all optimisers start at one point, and with all examples every one comes down",
    async run(browser, site) {
      const after = await open(browser, site);
      assert.deepEqual(
        after.map(({ name }) => name),
        ["SGD", "Momentum", "AdaGrad", "RMSprop", "Adam"],
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
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(choose, "Compare", "batches");
      const names = await browser.until(paths);
      assert.deepEqual(
        names.map(({ name }) => name),
        ["batch of 1", "batch of 4", "all examples"],
      );
      await browser.evaluate(choose, "Surface", "rosenbrock");
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
      await browser.until(
        (before, find) => {
          const search = (root) =>
            Array.from(root.querySelectorAll("*")).some((element) =>
              element.getAttribute("aria-label")?.startsWith(find)
                ? element.getAttribute("aria-label") !== before
                : element.shadowRoot && search(element.shadowRoot),
            );
          return search(document);
        },
        first,
        "Start at",
      );
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
    name: "error-surface: a network's path is drawn on the plane through its weights",
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(choose, "Surface", "network");
      await browser.click("Train", "button");
      const status = (part) => {
        const search = (root) => {
          for (const element of root.querySelectorAll("*")) {
            if (element.matches("convscope-weight-plane")) return element.shadowRoot;
            const found = element.shadowRoot && search(element.shadowRoot);
            if (found) return found;
          }
        };
        const text = search(document)?.querySelector("[role=status]").textContent ?? "";
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
