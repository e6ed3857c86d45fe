// The lens: the arithmetic of any cell of any map, in place, with the drawing and the answer in sight.
import assert from "node:assert/strict";
import { accessibility } from "./accessibility.mjs";

const close = (one, other, what) =>
  assert.ok(Math.abs(one - other) <= 1e-4 * Math.max(1, Math.abs(other)), `${what}: ${one}, not ${other}`);
const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

/** Waits for the network and a digit. */
async function open(browser, site, address = "index.html#digit=3&seed=1") {
  await browser.open("about:blank");
  await browser.open(site.url + address);
  await browser.until(() => finder.one("convscope-layer-column")?.session?.settled);
}

/** What the lens prints, and what the forward pass says; runs inside the page. */
async function printed() {
  const lens = finder.one("convscope-lens");
  const { answer, spot, session } = lens ?? {};
  if (!answer || JSON.stringify(answer.spot) !== JSON.stringify(spot)) return undefined;
  const [sum] = finder.all("convscope-unit-sum", lens);
  const [channels] = finder.all("convscope-unit-channels", lens);
  const parts = finder.all("convscope-unit-channel, convscope-contributions", lens);
  const grids = finder.all("convscope-number-grid", lens);
  if ([lens, sum, channels, ...parts, ...grids].some((element) => !element || element.isUpdatePending))
    return undefined;
  const column = session.shown.columns.find(({ name }) => name === spot.layer);
  const cell = (spot.unit * column.height + spot.row) * column.width + spot.column;
  return {
    spot,
    channels: parts.map((part) => ({
      grids: finder.all("convscope-number-grid", part).map((grid) => finder.numbers(grid)),
      rows: finder.all("tbody tr", part).map((row) => finder.numbers(row)),
      rest: finder.numbers(part, "tfoot data")[0],
      sum: finder.numbers(part).at(-1),
    })),
    rest: finder.numbers(channels, "p data")[0] ?? 0,
    steps: finder.numbers(sum, ".steps data"),
    expected: session.observation.maps.get(spot.layer)[cell],
  };
}

const clickMap = async (browser, name, [right, down], kind) => {
  const { x, y, width, height } = await browser.reveal(name, "button");
  const at = { type: "move", x: x + right * width, y: y + down * height };
  await browser.pointer([at, { type: "down" }, { type: "up" }], kind);
};

/** Whether all of an element is on the screen, and nothing lies over its middle; runs inside the page. */
function inSight(selector) {
  const [element] = finder.all(selector);
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
}

export const tests = [
  {
    name: "lens: a click on a cell shows its window times the kernel in place, and drawing and answer stay in sight",
    async run(browser, site) {
      await browser.setViewport(1280, 900);
      await open(browser, site);
      await clickMap(browser, "conv2d_1, map 1 of 12", [0.52, 0.6]);
      const { spot, channels, rest, steps, expected } = await browser.until(printed);
      assert.deepEqual([spot.layer, spot.unit], ["conv2d_1", 0]);
      assert.ok(Math.abs(spot.column - 14) <= 1 && Math.abs(spot.row - 16) <= 1, JSON.stringify(spot));
      assert.equal(channels.length, 2);
      const colours = await browser.evaluate(() => {
        const lens = finder.one("convscope-lens");
        return [finder.one("convscope-plane.map", lens).limit, lens.session.observation.limits.get("conv2d_1")];
      });
      assert.equal(colours[0], colours[1], "the layer's scale, as in its column");
      for (const { grids, sum } of channels) {
        const [patch, kernel, products] = grids;
        products.forEach((product, cell) => close(patch[cell] * kernel[cell], product, "product"));
        close(total(products), sum, "the channel's sum");
      }
      const [sum, bias, before, after] = steps;
      close(total(channels.map(({ sum }) => sum)) + rest, sum, "sum of all channels");
      close(sum + bias, before, "before the activation");
      close(after, expected, "the map's cell");
      assert.equal(await browser.evaluate(() => scrollY), 0);
      for (const selector of ["convscope-pad canvas, canvas", "convscope-prediction", "convscope-lens"])
        assert.ok(await browser.evaluate(inSight, selector), selector);
      const smallest = await browser.evaluate(() =>
        Math.min(
          ...finder.all("data", finder.one("convscope-lens")).map((one) => parseFloat(getComputedStyle(one).fontSize)),
        ),
      );
      assert.ok(smallest >= 12, `${smallest} px`);
      // The drawing goes on to be read while the lens is open.
      const focused = "Values of conv2d_1, map 1 of 12: arrow keys go from cell to cell";
      for (; !(await browser.find(focused)).focused;) await browser.drawn();
      await browser.key("ArrowRight");
      await browser.until((column) => finder.one("convscope-lens").spot.column !== column, spot.column);
      const next = await browser.until(printed);
      assert.equal(next.spot.column, spot.column + 1);
      await browser.evaluate(() => finder.one("convscope-pad").session.paper.shift(2, 0));
      await browser.until(
        (before) =>
          finder.one("convscope-lens").answer?.output !== before && finder.one("convscope-pad").session.settled,
        next.expected,
      );
      const moved = await browser.until(printed);
      close(moved.steps.at(-1), moved.expected, "the moved drawing");
    },
  },
  {
    name: "lens: pooling shows what it takes, a dense unit the values that add most, and the input its pixels",
    async run(browser, site) {
      await open(browser, site);
      await clickMap(browser, "max_pooling2d, map 2 of 12", [0.5, 0.5]);
      const pooled = await browser.until(printed);
      assert.equal(Math.max(...pooled.channels[0].grids[0]), pooled.expected);
      await browser.click("Close", "button");
      await browser.click("What adds to the answer 3", "button");
      await browser.until(() => finder.one("convscope-lens")?.spot?.layer === "dense");
      const { channels, steps, expected } = await browser.until(printed);
      const [{ rows, rest }] = channels;
      assert.equal(rows.length, 10);
      for (const [value, weight, product] of rows) close(value * weight, product, "product");
      const sizes = rows.map(([, , product]) => Math.abs(product));
      assert.deepEqual(
        sizes,
        [...sizes].sort((one, other) => other - one),
      );
      close(total(rows.map(([, , product]) => product)) + rest, steps[0], "sum of all products");
      close(steps.at(-1), expected, "the probability");
      await browser.click("Close", "button");
      await clickMap(browser, "input, map 1 of 1", [0.5, 0.5]);
      await browser.until(() => finder.says("p", "Nothing is computed here", finder.one("convscope-lens")));
    },
  },
  {
    name: "lens: from the lens to the unit at that cell and back, by the address and in an element",
    async run(browser, site) {
      await open(browser, site);
      await clickMap(browser, "conv2d_2, map 3 of 24", [0.5, 0.5]);
      const { spot } = await browser.until(printed);
      await browser.until(() => /cell=/.test(location.hash));
      await browser.click("Open in “One unit”", "button");
      const shown = () => browser.until(() => finder.one("convscope-unit")?.answer && finder.one("convscope-unit").pin);
      assert.deepEqual(await shown(), spot);
      const address = `view=unit&layer=conv2d_2&unit=2&cell=${spot.row},${spot.column}`;
      await browser.until(
        (address) =>
          [...new URLSearchParams(address)].every(
            ([key, value]) => new URLSearchParams(location.hash.slice(1)).get(key) === value,
          ),
        address,
      );
      await browser.evaluate(() => history.back());
      await browser.until(() => Boolean(finder.one("convscope-playground")));
      assert.deepEqual((await browser.until(printed)).spot, spot);
      await browser.click("Open in “One unit”", "button");
      await shown();
      await browser.click("In the whole network", "button");
      await browser.until(() => Boolean(finder.one("convscope-playground")));
      assert.deepEqual((await browser.until(printed)).spot, spot);
    },
  },
  {
    name: "lens: a finger at 390 pixels opens it over the maps, whole and on the screen",
    async run(browser, site) {
      await browser.setViewport(390, 844);
      await open(browser, site);
      await clickMap(browser, "conv2d, map 1 of 12", [0.5, 0.5], "touch");
      await browser.until(printed);
      await browser.until(() => finder.one("convscope-lens").getBoundingClientRect().bottom <= innerHeight);
      const { top, bottom, width, wide } = await browser.evaluate(() => {
        const { top, bottom, width } = finder.one("convscope-lens").getBoundingClientRect();
        return { top, bottom, width, wide: document.documentElement.scrollWidth };
      });
      assert.ok(top >= 0 && bottom <= 844 && width <= 390 && wide <= 390, `${top} to ${bottom}, ${width}, ${wide}`);
      await browser.click("Close", "button", "touch");
      await browser.until(() => !finder.one("convscope-lens"));
      await browser.setViewport(1280, 900);
    },
  },
  {
    name: "lens: loads when a map is opened, not before",
    engines: ["chromium"],
    async run(browser, site) {
      await open(browser, site);
      assert.equal(await browser.evaluate(() => Boolean(customElements.get("convscope-lens"))), false);
      await clickMap(browser, "conv2d, map 1 of 12", [0.5, 0.5]);
      await browser.until(() => Boolean(customElements.get("convscope-lens")));
    },
  },
  accessibility("lens", async (browser, site) => {
    await open(browser, site, "embed.html#view=playground&digit=3&seed=1&layer=conv2d_1&unit=2");
    await browser.until(printed);
  }),
];
