// Pooling: its three kinds give what the engine's layers give, and what a shift changes is counted.
import assert from "node:assert/strict";
import { accessibility } from "./accessibility.mjs";
import { choose } from "./accessible.mjs";
import { OWN_CODE } from "./engines.mjs";
import { bring } from "./pictures.mjs";

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
  const { pooled, place } = part;
  const [map] = part.planes;
  const numbers = (root) => Array.from(root.querySelectorAll("data"), ({ value }) => Number(value));
  const kinds = finder.all(".kind", part).map((kind) => ({
    outputs: finder.numbers(finder.one("convscope-number-grid", kind)),
    params: numbers(kind.querySelector(".params"))[0],
    changed: numbers(kind.querySelector(".changed")),
    told: kind.querySelector("p").textContent.replace(/\s+/g, " ").trim(),
  }));
  const hidden = finder.all("convscope-number-grid", part).map((grid) => grid.scrollWidth - grid.clientWidth);
  const sees = finder.one(".sees", part).textContent;
  return {
    sees,
    kinds,
    place,
    hidden,
    map: Array.from(map),
    kernel: Array.from(view.answer.kernel),
    starts: pooled.starts,
  };
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
        first.kinds.map(({ params }) => params),
        [0, 0, 5],
        "parameters",
      );
      assert.match(first.sees, /2×2 of the input.*6×6/);
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
      const moved = await agrees(browser, 1, ({ kinds }) => kinds[0].changed.length === 2, { window: 2, stride: 2 });
      moved.kinds.forEach(({ outputs, changed: [cells, size] }, kind) => {
        const before = first.kinds[kind].outputs;
        const changes = outputs.map((value, cell) => value - before[cell]);
        assert.equal(cells, changes.filter(Boolean).length, KINDS[kind]);
        assert.ok(Math.abs(size - Math.hypot(...changes) / Math.hypot(...before)) < 1e-6, KINDS[kind]);
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
  {
    name: "pooling: what it begins with shows what the text says: kept, diluted, missed, and max changes in the fewest cells",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      const [signal, map] = [await browser.until(printed, 0), await browser.until(printed, 1)];
      assert.deepEqual(
        signal.kinds.map(({ told }) => told),
        [
          "the largest value, 9, becomes 9",
          "the largest value, 9, becomes 4.50: diluted",
          "steps over 2 of the 4 places where its kernel responds",
        ],
      );
      assert.equal(signal.kinds[0].outputs[signal.place.column], 9, "the window is where there is something to see");
      assert.equal(map.kinds[0].outputs[4 * map.place.row + map.place.column], 9);
      await browser.click("Shift right", "button");
      for (const panel of [0, 1]) {
        const kinds = await browser.until((panel) => {
          const { signal, image } = finder.one("convscope-pooling").answer;
          return signal.shifted && [signal, image][panel].pooled.kinds.map(({ changed, size }) => ({ changed, size }));
        }, panel);
        const cells = kinds.map(({ changed }) => changed);
        assert.ok(cells[0] < cells[1] && cells[1] < cells[2], `${cells}`);
        const sizes = kinds.map(({ size }) => size);
        assert.ok(sizes[2] > sizes[0] && sizes[2] > sizes[1], `${sizes}`);
      }
    },
  },
  {
    name: "pooling: a colour picture is pooled channel by channel, and a dropped one is taken",
    async run(browser, site) {
      await open(browser, site);
      const shown = (name) =>
        browser.until((name) => {
          const view = finder.one("convscope-pooling");
          const { image } = view.answer;
          if (view.imageName !== name || image.planes[0] !== view.maps.image[0] || view.isUpdatePending)
            return undefined;
          const outputs = image.pooled.kinds.map(({ outputs }) => Array.from(outputs));
          return { planes: image.planes.map((plane) => Array.from(plane)), outputs };
        }, name);
      await browser.evaluate(choose, "Map", "drawn");
      const { planes, outputs } = await shown("drawn");
      assert.equal(planes.length, 3);
      const windows = Array.from({ length: 3 * 256 }, (_, output) => {
        const [channel, row, column] = [
          Math.floor(output / 256),
          2 * Math.floor((output % 256) / 16),
          2 * (output % 16),
        ];
        return [0, 1, 32, 33].map((cell) => planes[channel][row * 32 + column + cell]);
      });
      assert.deepEqual(
        outputs[0],
        windows.map((window) => Math.max(...window)),
      );
      windows.forEach((window, output) => {
        const mean = window.reduce((sum, value) => sum + value) / 4;
        assert.ok(Math.abs(outputs[1][output] - mean) < 1e-6);
      });
      assert.equal(outputs[2].length, 256, "the convolution sums the channels");
      await bring(browser, "convscope-pooling", "drop", { colours: ["#f00", "#f00", "#00f", "#00f"] });
      const brought = await shown("brought");
      assert.deepEqual(
        [0, 31].map((column) => brought.planes.map((plane) => Math.round(100 * plane[column]))),
        [
          [100, 0, 0],
          [0, 0, 100],
        ],
      );
      await browser.click("in colour", "checkbox");
      await browser.until(() => finder.one("convscope-pooling").answer.image.planes.length === 1);
      await bring(browser, "convscope-pooling", "paste", { bytes: 5, name: "notes.txt", type: "text/plain" });
      await browser.until(() => finder.says('p[role="alert"]', "“notes.txt” is not a picture but text/plain"));
    },
  },
  {
    name: "pooling: on a phone the map and its three outputs stand on one screen",
    engines: ["chromium"],
    async run(browser, site) {
      await browser.setViewport(390, 844);
      await open(browser, site);
      await browser.drawn();
      const names = ["the map", ...KINDS.map((kind) => `${kind} of the map`)];
      const places = [];
      for (const name of names) places.push(await browser.find(name, "grid"));
      const ends = places.map(({ y, height }) => y + height);
      assert.ok(Math.max(...ends) - places[0].y < 600, `${ends}`);
      places.forEach(({ x, width }, index) => assert.ok(x >= 0 && x + width <= 390, names[index]));
    },
  },
  accessibility("pooling", open),
];
