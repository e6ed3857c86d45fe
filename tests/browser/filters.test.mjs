// What filters look for: the places found, against the engine's own maps.
import assert from "node:assert/strict";
import { OWN_CODE } from "./engines.mjs";
import { accessibility } from "./accessibility.mjs";
import { choose } from "./accessible.mjs";

/** How far the search is; runs inside the page. */
function searched(least) {
  const view = finder.one("convscope-filters");
  return view?.seen?.found.examples >= least && view.seen.found.examples;
}

/** What the open filter shows; runs inside the page. */
function detail(layer, unit) {
  const view = finder.one("convscope-filters");
  const element = finder.one("convscope-filter-detail", view);
  if (element.column.name !== layer || element.unit !== unit || element.isUpdatePending) return undefined;
  if (!element.patches.length || !element.maximum || !element.own) return undefined;
  const { before, after } = element.maximum;
  return {
    places: element.patches.map(({ place }) => place),
    sizes: element.patches.map(({ region }) => [region.whole.height, region.whole.width]),
    printed: finder.all("li data", element).map(({ value }) => Number(value)),
    before,
    after,
  };
}

async function open(browser, site, more) {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=filters${more}`);
  await browser.until(searched, 200);
}

/** What a layer's map holds at a place of a training example; runs inside the page. */
async function valueAt(layer, unit, { index, row, column }) {
  const view = finder.one("convscope-filters");
  const { images } = view.seen.taken;
  const image = Float32Array.from(images.pixels.subarray(784 * index, 784 * (index + 1)), (ink) => ink / 255);
  const { shape, planes } = await view.session.model.featureMaps(image, layer);
  const plane = planes.subarray(unit * shape[0] * shape[1], (unit + 1) * shape[0] * shape[1]);
  return { here: plane[row * shape[1] + column], most: Math.max(...plane) };
}

export const tests = [
  {
    name: "filters: a filter's strongest patches are where its map is largest, and another opens by pointer and keys",
    seconds: 120,
    async run(browser, site) {
      await open(browser, site, "&model=lenet5");
      // From then on no tile's name changes.
      await browser.until(searched, 2498);
      const { places, printed, sizes, before, after } = await browser.until(detail, "conv2d_1", 0);
      assert.ok(places.length > 0 && places.length <= 9);
      assert.equal(new Set(places.map(({ index }) => index)).size, places.length, "no two of one example");
      assert.ok(places.every(({ value }, rank) => rank === 0 || value <= places[rank - 1].value));
      assert.ok(printed.every((value, rank) => Math.abs(value - places[rank].value) < 1e-5));
      assert.ok(
        sizes.every(([height, width]) => height === 14 && width === 14),
        String(sizes),
      );
      assert.ok(after > before, `gradient ascent: ${before} → ${after}`);
      const { here, most } = await browser.evaluate(valueAt, "conv2d_1", 0, places[0]);
      assert.ok(
        Math.abs(here - places[0].value) < 1e-4 && Math.abs(most - here) < 1e-6,
        `${places[0].value}, ${here}, ${most}`,
      );
      const tile = (unit) =>
        browser.until((unit) => {
          const view = finder.one("convscope-filters");
          return finder.all("button", finder.one("convscope-filter-grid", view))[unit]?.getAttribute("aria-label");
        }, unit);
      await browser.click(await tile(2), "button");
      await browser.until(detail, "conv2d_1", 2);
      await browser.key("ArrowRight");
      await browser.key("Enter");
      await browser.until(detail, "conv2d_1", 3);
      await browser.until(() => location.hash.includes("layer=conv2d_1&unit=3"));
    },
  },
  {
    name: "filters: what is shipped of a network is what a search finds, and the first picture shows all layers without one",
    engines: OWN_CODE,
    seconds: 120,
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(`${site.url}embed.html#view=filters&model=lenet5`);
      // The first thing that is found is all of it.
      const first = await browser.until(() => finder.one("convscope-filters")?.seen?.found.examples);
      assert.equal(first, 2498);
      const { shipped, found } = await browser.until(async () => {
        const { seen, session } = finder.one("convscope-filters");
        const indices = Uint32Array.from(seen.taken.images.labels.keys());
        const { ranking } = await session.model.strongestPatches(seen.taken.dataset, indices);
        return { shipped: Array.from(seen.found.ranking), found: Array.from(ranking) };
      });
      assert.equal(shipped.length, found.length);
      let elsewhere = 0;
      for (let at = 0; at < found.length; at += 4) {
        const [value, index] = [Math.max(0, found[at]), found[at + 1]];
        // Shipped with six digits, and summed in another order.
        assert.ok(Math.abs(shipped[at] - value) <= 1e-4 * value + 1e-6, `${shipped[at]} is not ${value}`);
        elsewhere += shipped[at + 1] === index ? 0 : 1;
      }
      // Of two that are as strong, either may come first.
      assert.ok(elsewhere < 0.05 * (found.length / 4), `${elsewhere} of ${found.length / 4} are other examples`);
      const layers = await browser.until(() => {
        const plate = finder.one("convscope-layer-plate", finder.one("convscope-filters"));
        return plate && finder.all("h2", plate).map(({ innerText }) => innerText.replace(/\s+/g, " "));
      });
      assert.deepEqual(layers, ["conv2d each sees 5×5 pixels", "conv2d_1 each sees 14×14 pixels"]);
    },
  },
  {
    name: "filters: weights that were changed by hand are searched anew",
    engines: OWN_CODE,
    seconds: 120,
    async run(browser, site) {
      await open(browser, site, "&model=lenet5");
      const before = await browser.evaluate(() => finder.one("convscope-filters").seen.found.ranking[0]);
      await browser.evaluate(() => {
        const { session } = finder.one("convscope-filters");
        return session.setWeights("conv2d/bias", 0, Float32Array.of(5));
      });
      await browser.until((before) => {
        const { found } = finder.one("convscope-filters").seen;
        return found.examples === 2498 && found.ranking[0] > before + 1;
      }, before);
    },
  },
  {
    name: "filters: thumbnails stay within their cards",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site, "");
      for (const layer of ["conv2d", "conv2d_3", "conv2d_4"]) {
        await browser.evaluate(choose, "Layer", layer);
        const over = await browser.until((layer) => {
          const grid = finder.one("convscope-filter-grid", finder.one("convscope-filters"));
          if (grid?.column.name !== layer || grid.isUpdatePending) return undefined;
          const cards = finder.all("button", grid).map((card) => {
            const { left, right } = card.getBoundingClientRect();
            const inside = finder.all("canvas", card).map((canvas) => canvas.getBoundingClientRect());
            return inside.every((one) => one.width === 0 || (one.left >= left && one.right <= right));
          });
          return { over: cards.filter((fits) => !fits).length };
        }, layer);
        assert.deepEqual(over, { over: 0 }, layer);
      }
    },
  },
  {
    name: "filters: another layer opens with its own receptive field",
    engines: OWN_CODE,
    seconds: 120,
    async run(browser, site) {
      await open(browser, site, "&model=lenet5");
      await browser.evaluate(choose, "Layer", "conv2d");
      const { sizes } = await browser.until(detail, "conv2d", 0);
      assert.ok(
        sizes.every(([height, width]) => height === 5 && width === 5),
        String(sizes),
      );
    },
  },
  {
    name: "filters: a network without convolutions says so",
    engines: OWN_CODE,
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(`${site.url}embed.html#view=filters&model=mlp`);
      await browser.until(() => finder.says("p", "no convolutional layer", finder.one("convscope-filters")));
    },
  },
  accessibility("filters", async (browser, site) => {
    await open(browser, site, "&model=lenet5");
    await browser.until(detail, "conv2d_1", 0);
  }),
];
