// The map of the data: its coordinates against the engine's features, pointed at by pointer and keys.
import assert from "node:assert/strict";
import { OWN_CODE } from "./engines.mjs";
import { accessibility } from "./accessibility.mjs";

/** What is on the map; runs inside the page. */
function charted() {
  const view = finder.one("convscope-embedding");
  const { chart, answer, near, session } = view ?? {};
  // While the digit still draws itself, the answer and what is nearest to it change.
  if (!chart || !answer || !near.length || !session.settled) return undefined;
  return {
    count: chart.answers.length,
    wrong: chart.wrong.size,
    explained: chart.explained,
    own: Array.from(answer.coordinates),
  };
}

async function open(browser, site) {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=embedding&model=lenet5`);
  return browser.until(charted);
}

function pointed() {
  const view = finder.one("convscope-embedding");
  return { pointed: view.pointed ?? -1, kept: view.kept ?? -1 };
}

export const tests = [
  {
    name: "embedding: a point is its features on the directions, nearest come first, and mistakes are counted as the engine counts them",
    engines: OWN_CODE,
    seconds: 120,
    async run(browser, site) {
      const { count, wrong, explained } = await open(browser, site);
      assert.equal(count, 1000);
      assert.ok(explained[0] >= explained[1] && explained[1] > 0 && explained[0] + explained[1] < 1, String(explained));
      const checked = await browser.evaluate(async () => {
        const view = finder.one("convscope-embedding");
        const { near, answer, session } = view;
        const choice = finder.one("form select", view);
        choice.value = "hidden";
        choice.dispatchEvent(new Event("change"));
        while (view.chart.space !== "hidden") await new Promise((resolve) => setTimeout(resolve, 20));
        const { chart } = view;
        const { images, dataset } = chart.taken;
        const image = Float32Array.from(images.pixels.subarray(784 * 5, 784 * 6), (ink) => ink / 255);
        const features = await session.model.features(image, chart.features.layer);
        const along = (direction) =>
          features.reduce(
            (sum, value, at) => sum + (value - chart.mean[at]) * chart.directions[direction * features.length + at],
            0,
          );
        session.model.compile({ optimizer: "sgd", loss: "sparse_categorical_crossentropy" });
        const { accuracy } = await session.model.evaluate(dataset, Array.from(images.labels.keys()));
        const { rows, width } = chart.features;
        const distances = Array.from(images.labels, (_, index) =>
          Math.hypot(...answer.features.map((value, at) => value - rows[index * width + at])),
        );
        return {
          told: Array.from(chart.coordinates.subarray(10, 12)),
          expected: [along(0), along(1)],
          accuracy,
          nearest: distances.indexOf(Math.min(...distances)) === near[0].index,
        };
      });
      for (const axis of [0, 1])
        assert.ok(Math.abs(checked.told[axis] - checked.expected[axis]) < 1e-3, JSON.stringify(checked));
      assert.equal(wrong, Math.round(1000 * (1 - checked.accuracy)));
      assert.ok(
        wrong <= 15,
        `${wrong} of 1,000: the picture agrees with the accuracy that the network is announced with`,
      );
      assert.ok(checked.nearest);
    },
  },
  {
    name: "embedding: the first map is of the last layer's sums, each the weights of an output on the hidden layer, and holds most of their variance",
    engines: OWN_CODE,
    async run(browser, site) {
      const { explained } = await open(browser, site);
      assert.ok(explained[0] + explained[1] > 0.4, String(explained));
      const checked = await browser.evaluate(async () => {
        const { chart, session } = finder.one("convscope-embedding");
        const { images } = chart.taken;
        const image = Float32Array.from(images.pixels.subarray(784 * 5, 784 * 6), (ink) => ink / 255);
        const layer = session.shown.columns.at(-1).name;
        const { logits } = await session.model.explainUnit(image, { layer, unit: 0 });
        const { values: biases } = await session.model.weights(`${layer}/bias`);
        const along = (direction) =>
          chart.mean.reduce(
            (sum, mean, at) => sum + (logits[at] - biases[at] - mean) * chart.directions[direction * 10 + at],
            0,
          );
        return { told: Array.from(chart.coordinates.subarray(10, 12)), expected: [along(0), along(1)] };
      });
      for (const axis of [0, 1])
        assert.ok(Math.abs(checked.told[axis] - checked.expected[axis]) < 1e-2, JSON.stringify(checked));
    },
  },
  {
    name: "embedding: the first map is there within seconds",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      const milliseconds = await browser.evaluate(() => performance.now());
      assert.ok(milliseconds < 6000, `${milliseconds} ms`);
    },
  },
  {
    name: "embedding: the drawing moves on the map as it is drawn, and examples are pointed at and kept by pointer and keys",
    seconds: 120,
    async run(browser, site) {
      const { own } = await open(browser, site);
      const { x, y, width, height } = await browser.reveal("Map of the test examples", "application");
      await browser.pointer([{ type: "move", x: x + width / 2, y: y + height / 2 }]);
      const first = (
        await browser.until(() => {
          const view = finder.one("convscope-embedding");
          return view.pointed !== undefined && { pointed: view.pointed };
        })
      ).pointed;
      await browser.pointer([{ type: "down" }, { type: "up" }]);
      await browser.until((first) => finder.one("convscope-embedding").kept === first, first);
      await browser.key("Enter");
      await browser.until(() => finder.one("convscope-embedding").kept === undefined);
      await browser.key("ArrowRight");
      const moved = await browser.evaluate(pointed);
      assert.notEqual(moved.pointed, first);
      const [before, after] = await browser.evaluate(
        (...indices) => {
          const { coordinates } = finder.one("convscope-embedding").chart;
          return indices.map((index) => coordinates[2 * index]);
        },
        first,
        moved.pointed,
      );
      assert.ok(after > before, "the next one lies to the right");
      await browser.click("Clear", "button");
      await browser.draw([
        [
          [0.5, 0.15],
          [0.5, 0.5],
          [0.5, 0.85],
        ],
      ]);
      await browser.until((own) => {
        const { answer } = finder.one("convscope-embedding");
        return answer && Math.hypot(answer.coordinates[0] - own[0], answer.coordinates[1] - own[1]) > 1;
      }, own);
    },
  },
  accessibility("embedding", open),
];
