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
 * The accuracies at an offset: what is shown, of how many images, and what the networks' own answers to as many of
 * these, moved pixel by pixel, come to; in the page. Without images of the page's, MNIST's test images are read anew.
 */
async function accuracies([right, down]) {
  const view = finder.one("convscope-shift");
  const lanes = finder.all("convscope-shift-lane", view);
  const maps = lanes.map((lane) => finder.one("convscope-accuracy-map", lane));
  const index = (down + 8) * 17 + right + 8;
  const images = maps.map(({ counts }) => counts.images[index]);
  if (images.includes(0) || maps.some(({ isUpdatePending }) => isUpdatePending)) return undefined;
  const shown = maps.map((map) => ({
    map: map.counts.right[index] / map.counts.images[index],
    words: Number(finder.one("data", map)?.value),
  }));
  const unpacked = async (name) => {
    const { body } = await fetch(`data/mnist-sample/t10k-${name}-ubyte.gz`);
    return new Uint8Array(await new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
  };
  const { batch } = view.contest;
  const pixels = batch ? undefined : (await unpacked("images-idx3")).subarray(16);
  const labels = batch?.labels ?? (await unpacked("labels-idx1")).subarray(8);
  const counted = await Promise.all(
    lanes.map(async (lane, number) => {
      const count = images[number];
      const moved = batch?.moved([right, down], 0, count) ?? new Float32Array(784 * count);
      const place = (pixel) => [(pixel % 28) - right, (Math.floor(pixel / 28) % 28) - down];
      if (pixels)
        moved.forEach((_, pixel) => {
          const [x, y] = place(pixel);
          const inside = x >= 0 && x < 28 && y >= 0 && y < 28;
          if (inside) moved[pixel] = pixels[784 * Math.floor(pixel / 784) + 28 * y + x] / 255;
        });
      const outputs = await lane.contestant.session.model.predict(moved);
      let read = 0;
      for (let image = 0; image < count; image++) {
        const row = outputs.subarray(10 * image, 10 * image + 10);
        read += row.indexOf(Math.max(...row)) === labels[image] ? 1 : 0;
      }
      return read / count;
    }),
  );
  return { shown, counted, images };
}

/** Of how many images the two maps count at least, at all offsets; in the page. */
function least() {
  const lanes = finder.all("convscope-shift-lane", finder.one("convscope-shift"));
  return lanes.map((lane) => Math.min(...lane.counts.images));
}

/** A cell of a map is shown in its words, rounded as they are. */
const agreesWith = ({ shown, counted, images }, tolerance) =>
  shown.forEach(({ map, words }, lane) => {
    assert.equal(words.toFixed(6), map.toFixed(6));
    const off = Math.abs(map - counted[lane]) * images[lane];
    assert.ok(off <= tolerance, `${map} of ${images[lane]} is not ${counted[lane]}`);
  });

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
    name: "shift: the maps are there at once, without loading data, hold what the networks read right, and a cell moves the drawing",
    engines: OWN_CODE,
    async run(browser, site) {
      site.requests.length = 0;
      await open(browser, site);
      assert.deepEqual(await browser.until(() => finder.one("convscope-shift").contest.known && [1, 1]), [1, 1]);
      assert.deepEqual(await browser.evaluate(least), [1000, 1000]);
      assert.ok(!site.requests.some((path) => path.includes("mnist-sample")), "no images were loaded for them");
      agreesWith(await browser.until(accuracies, [0, 0]), 1);
      const { x, y, width, height } = await browser.reveal("MLP: accuracy by offset", "application");
      await browser.pointer([
        { type: "move", x: x + ((8 + 3 + 0.5) / 17) * width, y: y + ((8 - 1 + 0.5) / 17) * height },
        { type: "down" },
        { type: "up" },
      ]);
      await settledAt(browser, [3, -1]);
      // Natively sums are rounded otherwise: an image that is all but undecided may be read otherwise.
      agreesWith(await browser.until(accuracies, [3, -1]), 2);
      await browser.key("ArrowLeft");
      await settledAt(browser, [2, -1]);
    },
  },
  {
    name: "shift: all shares of a row are of one data set, which is named",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      const { heads, rows, caption, middle } = await browser.until(() => {
        const view = finder.one("convscope-shift");
        const table = finder.one("table", finder.one("convscope-distance-comparison", view));
        const rows = finder.all("tbody tr", table).map((row) => row.innerText);
        if (rows.length < 6 || !rows.every((row) => row.includes("%"))) return undefined;
        const { right, images } = view.contest.known.networks["mlp-1-hidden"]
          ? { right: view.contest.known.networks["mlp-1-hidden"].right, images: view.contest.known.images }
          : {};
        return {
          heads: finder.all("thead th", table).map(({ innerText }) => innerText.replace(/\s+/g, " ")),
          rows,
          caption: finder.one("caption", table).innerText.replace(/\s+/g, " "),
          middle: `${((100 * right[8 * 17 + 8]) / images.count).toFixed(1)} %`,
        };
      });
      const offsets = heads.filter((head) => /^\d px$/.test(head)).length;
      assert.match(caption, /1,000 images of MNIST’s test set/);
      for (const row of rows) assert.equal(row.match(/%/g).length, offsets, `each share is that of an offset: ${row}`);
      assert.ok(rows[1].includes(middle), `${rows[1]} begins with ${middle}`);
    },
  },
  {
    name: "shift: of other data the maps fill from few images, and go on from there",
    engines: OWN_CODE,
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      await browser.evaluate(choose, "Generated digits", "1000");
      // Until then the maps show the 1,000 images that were counted before.
      const first = await browser.until(() => {
        const lanes = finder.all("convscope-shift-lane", finder.one("convscope-shift"));
        const images = lanes.map((lane) => Math.min(...lane.counts.images));
        return images.every((count) => count >= 10 && count < 1000) && images;
      });
      assert.ok(Math.max(...first) < 200, String(first));
      agreesWith(await browser.until(accuracies, [0, 0]), 0);
      await browser.until(() => {
        const [lane] = finder.all("convscope-shift-lane", finder.one("convscope-shift"));
        return Math.max(...lane.counts.images) > 10;
      });
    },
  },
  {
    name: "shift: one weight of the small picture is lit wherever it is used, by pointer and by keys",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      const lit = () => {
        const picture = finder.one("convscope-weight-sharing", finder.one("convscope-shift"));
        return finder.all("svg", picture).map((svg) => svg.querySelectorAll(".lit").length);
      };
      assert.deepEqual(await browser.until(lit), [1, 5]);
      await browser.click("w₁", "button");
      await browser.until(() => {
        const picture = finder.one("convscope-weight-sharing", finder.one("convscope-shift"));
        return finder.all("svg", picture)[1].querySelectorAll(".lit").length === 4;
      });
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
      // The kernel's first row and column reach into the padding once each.
      const corner = await said(1, cnn, 4, 3);
      assert.match(corner.words, /used 27 times in this strip and 729 times in the layer/);
      const facts = await browser.evaluate(() => {
        const parts = finder.all("convscope-connections", finder.one("convscope-shift"));
        return finder.one("dl", parts[1]).innerText.replace(/\s+/g, " ");
      });
      assert.match(facts, /80,688 with pixels of the image/);
      const none = await said(1, cnn, 4, 28 + 9);
      assert.match(none.words, /not connected/);
    },
  },
  accessibility("shift", open),
];
