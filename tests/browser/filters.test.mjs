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
      await browser.until(searched, 10_000);
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
