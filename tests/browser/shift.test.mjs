// An MLP and a CNN on a digit that moves.
import assert from "node:assert/strict";
import { accessibility } from "./accessibility.mjs";
import { choose } from "./accessible.mjs";
import { OWN_CODE } from "./engines.mjs";

/** What the view shows; runs inside the page. */
function state() {
  const view = finder.one("convscope-shift");
  const lanes = finder.all("convscope-shift-lane", view);
  const predictions = lanes.flatMap((lane) => finder.one("convscope-prediction", lane) ?? []);
  if (predictions.length < 2 || predictions.some(({ session }) => !session.settled) || view.meant === undefined)
    return undefined;
  return {
    shift: [...view.session.drawing.shift],
    meant: view.meant,
    titles: predictions.map(({ session }) => session.shown.title),
    probabilities: predictions.map((prediction) =>
      finder.all("[role=meter]", prediction).map((meter) => Number(meter.ariaValueNow)),
    ),
    verdicts: predictions.map((prediction) => finder.one(".verdict", prediction).textContent),
  };
}

/**
 * What both networks answer to the drawing moved by an offset, asked another way: pixel by pixel; runs inside the page.
 */
async function answers([right, down]) {
  const view = finder.one("convscope-shift");
  const moved = Float32Array.from(view.image, (_, pixel) => {
    const [x, y] = [(pixel % 28) - right, Math.floor(pixel / 28) - down];
    return x < 0 || x > 27 || y < 0 || y > 27 ? 0 : view.image[28 * y + x];
  });
  const models = view.contest.lanes.map(({ session }) => session.model);
  return Promise.all(models.map(async (model) => Array.from(await model.predict(moved))));
}

/**
 * The accuracies at an offset: what is shown, and what the networks' own answers to the moved batch come to; in the
 * page.
 */
async function accuracies(offset) {
  const view = finder.one("convscope-shift");
  const lanes = finder.all("convscope-shift-lane", view);
  const shown = lanes.map((lane) => finder.one("data", finder.one("convscope-accuracy-map", lane))?.value);
  if (shown.includes(undefined)) return undefined;
  const { labels } = view.contest.batch;
  const images = view.contest.batch.moved(offset);
  const counted = await Promise.all(
    lanes.map(async (lane) => {
      const outputs = await lane.contestant.session.model.predict(images);
      const read = Array.from(labels, (_, index) => {
        const row = outputs.subarray(10 * index, 10 * index + 10);
        return row.indexOf(Math.max(...row));
      });
      return read.filter((digit, index) => digit === labels[index]).length / labels.length;
    }),
  );
  return { shown: shown.map(Number), counted };
}

const open = async (browser, site) => {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=shift`);
  return browser.until(state);
};

const settledAt = (browser, shift) =>
  browser.until((shift) => {
    const view = finder.one("convscope-shift");
    const sessions = view.contest.lanes.map(({ session }) => session);
    return (
      [view.session, ...sessions].every(({ drawing }) => drawing.shift.join() === shift) &&
      sessions.every(({ settled }) => settled)
    );
  }, shift.join());

const agree = (shown, expected) =>
  shown.forEach((row, lane) =>
    row.forEach((value, digit) => assert.ok(Math.abs(value - expected[lane][digit]) < 1e-4, `${lane} ${digit}`)),
  );

export const tests = [
  {
    name: "shift: the pointer drags the digit, and both networks answer to where it is",
    async run(browser, site) {
      const before = await open(browser, site);
      assert.deepEqual(before.shift, [0, 0]);
      assert.deepEqual(before.verdicts, ["✓ right", "✓ right"]);
      const { x, y, width, height } = await browser.reveal("Drag the digit", "application");
      const pixel = width / 28;
      const [across, along] = [x + width / 2, y + height / 2];
      await browser.pointer([
        { type: "move", x: across, y: along },
        { type: "down" },
        { type: "move", x: across + 3 * pixel, y: along },
        { type: "move", x: across + 5 * pixel, y: along - 4 * pixel },
        { type: "up" },
      ]);
      await settledAt(browser, [5, -4]);
      const after = await browser.evaluate(state);
      agree(after.probabilities, await browser.evaluate(answers, [5, -4]));
      assert.notDeepEqual(after.probabilities, before.probabilities);
      for (const [lane, row] of after.probabilities.entries()) {
        const right = row.indexOf(Math.max(...row)) === after.meant;
        assert.equal(after.verdicts[lane], right ? "✓ right" : "✗ wrong");
      }
    },
  },
  {
    name: "shift: arrow keys move the digit, other networks are chosen, and it goes back to the centre",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(() => {
        const view = finder.one("convscope-shift");
        finder.one("canvas", finder.one("convscope-drag-picture", view)).focus();
      });
      for (const key of ["ArrowRight", "ArrowRight", "ArrowDown"]) await browser.key(key);
      await settledAt(browser, [2, 1]);
      await browser.evaluate(choose, "MLP", "mlp-3-hidden");
      await browser.evaluate(choose, "CNN", "lenet5");
      const { titles, probabilities } = await browser.until(state);
      assert.deepEqual(titles, ["MLP 784–32–32–32–10", "LeNet-5, modern"]);
      agree(probabilities, await browser.evaluate(answers, [2, 1]));
      await browser.click("Centre", "button");
      await settledAt(browser, [0, 0]);
    },
  },
  {
    name: "shift: the maps count what the networks read right, and a cell moves the drawing",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      const middle = await browser.until(accuracies, [0, 0]);
      assert.deepEqual(
        middle.shown.map((share) => share.toFixed(4)),
        middle.counted.map((share) => share.toFixed(4)),
      );
      const { x, y, width, height } = await browser.reveal("MLP: accuracy by offset", "application");
      await browser.pointer([
        { type: "move", x: x + ((8 + 1 + 0.5) / 17) * width, y: y + ((8 - 1 + 0.5) / 17) * height },
        { type: "down" },
        { type: "up" },
      ]);
      await settledAt(browser, [1, -1]);
      const beside = await browser.until(accuracies, [1, -1]);
      assert.deepEqual(
        beside.shown.map((share) => share.toFixed(4)),
        beside.counted.map((share) => share.toFixed(4)),
      );
      await browser.key("ArrowLeft");
      await settledAt(browser, [0, -1]);
    },
  },
  {
    name: "shift: a connection is a weight of the layer's kernel, its own in the MLP and shared in the CNN",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      // Unit 4 in its row, at the pixel straight above it and in it: the kernel's middle column, first and second row.
      const said = async (lane, label, row, column) => {
        await browser.evaluate((lane) => {
          const view = finder.one("convscope-shift");
          finder.all("convscope-connections", view)[lane].scrollIntoView({ block: "center" });
        }, lane);
        const { x, y, width, height } = await browser.reveal(`Weights of the ${label} by 84 pixels`, "application");
        await browser.pointer([
          { type: "move", x: x + ((column + 0.5) / 84) * width, y: y + ((row + 0.5) / 28) * height },
        ]);
        return browser.until(
          (lane, row, column) => {
            const view = finder.one("convscope-shift");
            const part = finder.all("convscope-connections", view)[lane];
            if (part.pointed?.row !== row || part.pointed.column !== column || part.isUpdatePending) return undefined;
            const text = finder.one("p", part);
            return { words: text.textContent.replace(/\s+/g, " "), value: Number(text.querySelector("data")?.value) };
          },
          lane,
          row,
          column,
        );
      };
      const [mlp, cnn] = ["MLP: 28 of 35 units", "CNN: 28 units in a row of map 1"];
      const kernels = await browser.evaluate(async () => {
        const { contest } = finder.one("convscope-shift");
        const read = async (side, name) => Array.from((await contest.lane(side).session.model.weights(name)).values);
        return { dense: await read("mlp", "dense/kernel"), convolution: await read("cnn", "conv2d/kernel") };
      });
      const dense = await said(0, mlp, 4, 28 + 5);
      // The strip's rows of pixels are 12 to 14 of 28.
      assert.equal(dense.value, kernels.dense[(13 * 28 + 5) * 35 + 4]);
      assert.match(dense.words, /used here alone/);
      for (const row of [4, 20]) {
        const shared = await said(1, cnn, row, 28 + row);
        assert.equal(shared.value, kernels.convolution[4 * 12]);
        assert.match(shared.words, /used 28 times in this strip and 784 times in the layer/);
      }
      const none = await said(1, cnn, 4, 28 + 9);
      assert.match(none.words, /not connected/);
    },
  },
  accessibility("shift", open),
];
