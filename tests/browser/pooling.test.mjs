// Pooling: its three kinds give what the engine's layers give, and what a shift changes is counted.
import assert from "node:assert/strict";
import { accessibility } from "./accessibility.mjs";
import { choose } from "./accessible.mjs";

/** The mean's weights in a window of 2, in one dimension and in two. */
const means = [Array(2).fill(1 / 2), Array(4).fill(1 / 4)];
const KINDS = ["Max pooling", "Average pooling", "Strided convolution"];

async function open(browser, site) {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=pooling`);
  await browser.find("Max pooling of the map", "grid");
}

/** What is printed of one panel, once it is what was last asked for; runs inside the page. */
async function printed(panel) {
  const view = finder.one("convscope-pooling");
  if (!view?.answer) return undefined;
  await view.updateComplete;
  const part = finder.all("convscope-pooling-panel", view)[panel];
  const { map, pooled, place } = part;
  const numbers = (root) => Array.from(root.querySelectorAll("data"), ({ value }) => Number(value));
  const kinds = finder.all(".kind", part).map((kind) => ({
    outputs: finder.numbers(finder.one("convscope-number-grid", kind)),
    facts: numbers(kind),
    sees: Array.from(kind.querySelectorAll("dd"), (fact) => fact.textContent.trim()).slice(1, 3),
  }));
  const hidden = finder.all("convscope-number-grid", part).map((grid) => grid.scrollWidth - grid.clientWidth);
  return { kinds, place, hidden, map: Array.from(map), kernel: Array.from(view.answer.kernel), starts: pooled.starts };
}

/** The same from layers of the engine's own; runs inside the page. */
async function expected({ map, height, window, stride, kernel }) {
  const { loadEngine } = await import("./convscope.js");
  const engine = await loadEngine();
  const width = map.length / height;
  const sides = (side) => [height === 1 ? 1 : side, side];
  const layers = [
    { class_name: "MaxPooling2D", config: { name: "one", pool_size: sides(window), strides: sides(stride) } },
    { class_name: "AveragePooling2D", config: { name: "one", pool_size: sides(window), strides: sides(stride) } },
    { class_name: "Conv2D", config: { name: "one", filters: 1, kernel_size: sides(window), strides: sides(stride) } },
  ];
  const input = { class_name: "InputLayer", config: { batch_shape: [null, height, width, 1] } };
  const outputs = layers.map((layer) => {
    const model = engine.Model.fromConfig({ class_name: "Sequential", config: { layers: [input, layer] } });
    if (layer.class_name === "Conv2D") model.setWeights("one/kernel", Float32Array.from(kernel));
    return Array.from(model.featureMaps(Float32Array.from(map), "one").planes);
  });
  engine.close();
  return outputs;
}

async function agrees(browser, panel, holds, { window, stride, weights }) {
  let shown;
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    await browser.drawn();
    shown = await browser.evaluate(printed, panel);
    if (shown && holds(shown)) break;
  }
  assert.ok(holds(shown), `waited for ${holds}`);
  const height = panel === 0 ? 1 : 8;
  const { map, kernel, kinds } = shown;
  // The rows of an edge are alike: a signal's kernel is one of them.
  const own = weights ?? (height === 1 ? kernel.slice(0, window) : kernel);
  const outputs = await browser.evaluate(expected, { map, height, window, stride, kernel: own });
  KINDS.forEach((title, kind) => assert.deepEqual(kinds[kind].outputs, outputs[kind], title));
  return shown;
}

export const tests = [
  {
    name: "pooling: outputs are the engine's, windows follow pointer and keys, and a shift counts what it changes",
    async run(browser, site) {
      await open(browser, site);
      const first = await agrees(browser, 1, () => true, { window: 2, stride: 2 });
      assert.deepEqual(
        first.kinds.map(({ facts }) => facts),
        [[0], [0], [5]],
        "parameters",
      );
      assert.deepEqual(first.kinds[0].sees, ["2×2", "6×6"]);
      await agrees(browser, 0, () => true, { window: 2, stride: 2 });
      const { x, y, width, height } = await browser.reveal("the map", "grid");
      await browser.pointer([{ type: "move", x: x + (6.5 / 8) * width, y: y + (2.5 / 8) * height }]);
      await agrees(browser, 1, ({ place }) => place.row === 1 && place.column === 3, { window: 2, stride: 2 });
      const average = await browser.reveal("Average pooling of the map", "grid");
      const at = { x: average.x + 0.625 * average.width, y: average.y + 0.625 * average.height };
      await browser.pointer([{ type: "move", ...at }, { type: "down" }, { type: "up" }]);
      const there = await agrees(browser, 1, ({ place }) => place.row === 2 && place.column === 2, {
        window: 2,
        stride: 2,
      });
      await browser.key("ArrowLeft");
      await agrees(
        browser,
        1,
        ({ place }) => place.row === there.place.row && place.column === there.place.column - 1,
        { window: 2, stride: 2 },
      );
      await browser.click("Shift right", "button");
      const moved = await agrees(browser, 1, ({ kinds }) => kinds[0].facts.length === 2, { window: 2, stride: 2 });
      moved.kinds.forEach(({ outputs, facts }, kind) => {
        const changed = outputs.filter((value, cell) => value !== first.kinds[kind].outputs[cell]).length;
        assert.equal(facts[1], changed, KINDS[kind]);
      });
      await browser.evaluate(choose, "Kernel of the strided convolution", "blur");
      for (const panel of [0, 1]) {
        const { kinds } = await agrees(browser, panel, ({ kernel }) => kernel.every((weight) => weight === 1 / 4), {
          window: 2,
          stride: 2,
          weights: means[panel],
        });
        assert.deepEqual(
          kinds[2].outputs,
          kinds[1].outputs,
          "a convolution with the mean as its kernel pools averages",
        );
      }
      await browser.evaluate(choose, "Kernel of the strided convolution", "vertical-edge");
      await browser.evaluate(choose, "Stride s", "1");
      const { hidden } = await agrees(browser, 0, ({ starts }) => starts.length === 11, { window: 2, stride: 1 });
      assert.deepEqual(hidden, [0, 0, 0, 0], "every output of the signal is on view");
      await agrees(browser, 1, ({ starts }) => starts.length === 7, { window: 2, stride: 1 });
      await browser.click("Kernel of the strided convolution", "grid");
      await agrees(browser, 1, ({ kernel }) => String(kernel) !== String(first.kernel), { window: 2, stride: 1 });
    },
  },
  accessibility("pooling", open),
];
