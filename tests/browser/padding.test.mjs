// Padding and stride: sizes, zeros and windows.
import assert from "node:assert/strict";
import { accessibility } from "./accessibility.mjs";
import { choose } from "./accessible.mjs";
import { OWN_CODE } from "./engines.mjs";

/** The view once it shows what is set; runs inside the page. */
function state() {
  const view = finder.one("convscope-padding");
  if (!view?.answer || view.answer.setting !== view.setting) return undefined;
  const text = (selector) => finder.one(selector, view)?.textContent.replace(/\s+/g, " ").trim();
  const { windows, setting } = view.answer;
  const size = /→ (\d+)×(\d+)/.exec(text('[aria-label="Two dimensions"] h2') ?? "");
  return {
    windows,
    size: size?.slice(1).map(Number),
    setting,
    place: view.window,
    formula: text(".formula"),
    impossible: text(".impossible"),
  };
}

/** What the engine's own summary says; runs inside the page. */
async function outputs({ cells, size, stride, padding }) {
  const { loadEngine } = await import("./convscope.js");
  const engine = await loadEngine();
  const layers = [
    { class_name: "InputLayer", config: { batch_shape: [null, cells, cells, 1] } },
    { class_name: "Conv2D", config: { filters: 1, kernel_size: [size, size], strides: [stride, stride], padding } },
  ];
  const shape = engine.Model.fromConfig({ class_name: "Sequential", config: { layers } }).summary().layers[0]
    .outputShape;
  engine.close();
  return shape;
}

async function open(browser, site) {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=padding`);
  return browser.until(state);
}

async function set(browser, setting) {
  for (const [label, value] of [
    ["Input n", setting.cells],
    ["Kernel k", setting.size],
    ["Stride s", setting.stride],
  ]) {
    await browser.evaluate(choose, label, String(value));
  }
  await browser.evaluate(choose, "Padding", setting.padding);
  return browser.until(state);
}

const at = (browser, row, column) =>
  browser.until(
    (row, column) => {
      const { window } = finder.one("convscope-padding");
      return window.row === row && window.column === column;
    },
    row,
    column,
  );

const oneDimension = (output, first, last) =>
  `One dimension: output ${output} of 4 sees cells ${first} to ${last} of 8. Arrow keys move the window.`;

export const tests = [
  {
    name: "padding: sizes, zeros and skipped cells are the engine's, and the formula has the numbers in it",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      const settings = [
        { cells: 8, size: 3, stride: 2, padding: "same", starts: [0, 2, 4, 6], before: 0, after: 1, skipped: [] },
        {
          cells: 7,
          size: 4,
          stride: 1,
          padding: "same",
          starts: [-1, 0, 1, 2, 3, 4, 5],
          before: 1,
          after: 2,
          skipped: [],
        },
        { cells: 8, size: 3, stride: 2, padding: "valid", starts: [0, 2, 4], before: 0, after: 0, skipped: [7] },
        {
          cells: 9,
          size: 2,
          stride: 4,
          padding: "valid",
          starts: [0, 4],
          before: 0,
          after: 0,
          skipped: [2, 3, 6, 7, 8],
        },
        { cells: 2, size: 5, stride: 1, padding: "same", starts: [-2, -1], before: 2, after: 2, skipped: [] },
      ];
      for (const { starts, before, after, skipped, ...setting } of settings) {
        const shown = await set(browser, setting);
        assert.deepEqual(shown.windows, { starts, before, after, skipped });
        assert.deepEqual(shown.size, (await browser.evaluate(outputs, setting)).slice(0, 2));
        assert.equal(shown.size[1], starts.length);
        const { cells: n, size: k, stride: s } = setting;
        const filled = setting.padding === "same" ? `${n} / ${s}` : `(${n} − ${k} + 1) / ${s}`;
        assert.ok(shown.formula.endsWith(`ceil(${filled}) = ${starts.length}`), shown.formula);
      }
    },
  },
  {
    name: "padding: what does not fit is said in words, and another setting is shown again",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      const shown = await set(browser, { cells: 3, size: 5, stride: 1, padding: "valid" });
      assert.match(shown.impossible, /A window of 5 cells does not fit into 3 cells/);
      const again = await set(browser, { cells: 3, size: 5, stride: 1, padding: "same" });
      assert.ok(!again.impossible);
      assert.equal(again.windows.starts.length, 3);
    },
  },
  {
    name: "padding: the window follows pointer, arrow keys and Play, in one dimension and in two",
    async run(browser, site) {
      await open(browser, site);
      const { x, y, width } = await browser.reveal(oneDimension(1, 1, 3), "application");
      await browser.pointer([{ type: "move", x: x + (5.5 / 9) * width, y: y + 15 }, { type: "down" }, { type: "up" }]);
      await at(browser, 0, 2);
      for (let presses = 0; presses < 40; presses++) {
        if ((await browser.find(oneDimension(3, 5, 7), "application")).focused) break;
        await browser.key("Tab");
      }
      await browser.key("ArrowRight");
      await at(browser, 0, 3);
      await browser.find(oneDimension(4, 7, 9), "application");
      await browser.key("ArrowDown");
      await at(browser, 1, 3);
      await browser.find("Two dimensions: output row 2, column 4 of 4×4. Arrow keys move the window.", "application");
      await browser.click("Play", "button");
      await at(browser, 2, 0);
      await browser.click("Pause", "button");
    },
  },
  {
    name: "padding: a number that is refused is named with the range, and what is shown follows the last valid one",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      const alert = (words) => browser.until((words) => finder.says('p[role="alert"]:not([hidden])', words), words);
      for (const [typed, came] of [
        ["0", "“0” is not one"],
        ["", "it is empty"],
        ["33", "“33” is not one"],
        ["7,5", "“7,5” is not one"],
        ["many", "“many” is not one"],
      ]) {
        await browser.evaluate(choose, "Input n", typed);
        await alert(`Input n takes a whole number from 1 to 32; ${came}. 8 still applies.`);
        const { formula, setting } = await browser.until(state);
        assert.equal(setting.cells, 8, typed);
        assert.ok(formula.endsWith("ceil(8 / 2) = 4"), formula);
        assert.equal((await browser.find("Input n", "spinbutton")).value, "8", "what a screen reader says");
      }
      await browser.evaluate(choose, "Input n", "6");
      await browser.until(() => !finder.says('p[role="alert"]:not([hidden])', "."));
      assert.equal((await browser.until(state)).setting.cells, 6);
    },
  },
  {
    name: "padding: a number field takes what is typed, its arrow keys and its buttons",
    async run(browser, site) {
      await open(browser, site);
      const cells = (count) =>
        browser.until((count) => finder.one("convscope-padding").answer.setting.cells === count, count);
      await browser.click("Input n", "spinbutton");
      await browser.key("End");
      await browser.key("Backspace");
      for (const key of ["1", "2", "ArrowUp"]) await browser.key(key);
      await cells(13);
      await browser.key("ArrowDown");
      await cells(12);
      const field = await browser.find("Input n", "spinbutton");
      const plus = { x: field.x + field.width + 40, y: field.y + field.height / 2 };
      await browser.pointer([{ type: "move", ...plus }, { type: "down" }, { type: "up" }]);
      await cells(13);
    },
  },
  accessibility("padding", open),
];
