// The figure of the network: legible, connected, and never cut without a hint.
import assert from "node:assert/strict";
import { choose } from "./accessible.mjs";

async function open(browser, site, rest = "") {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=playground&digit=3&seed=1${rest}`);
  await browser.until(() => Boolean(finder.one("convscope-prediction")?.session?.settled));
  await browser.drawn();
}

/** The colour of each unit in the last column, which is dense; runs inside the page. */
function unitColours() {
  const column = finder.all("convscope-layer-column").at(-1);
  const canvas = finder.one(".maps canvas", column);
  const { left, top, width } = canvas.getBoundingClientRect();
  return Array.from({ length: column.column.count }, (_, unit) => {
    const frame = column.rectOf(unit);
    const place = [frame.left + frame.width / 2 - left, frame.top + frame.height / 2 - top];
    const [x, y] = place.map((pixels) => Math.floor((pixels * canvas.width) / width));
    return canvas.getContext("2d").getImageData(x, y, 1, 1).data.join(" ");
  });
}

/** Whether the lens has an answer, and what it paints of single values: each with that of full colour; inside the page. */
function paintedAlone() {
  const lens = finder.one("convscope-lens");
  if (!lens?.answer) return undefined;
  const single = finder.all("convscope-plane, convscope-number-grid", lens).filter(({ values }) => values.length === 1);
  return single.map(({ values: [value], limit }) => [value, limit]);
}

export const tests = [
  {
    name: "figure: no header lies over the next, and the answer stands beside the last maps, linked with them",
    async run(browser, site) {
      for (const [width, height] of [
        [1280, 900],
        [1920, 1000],
      ]) {
        await browser.setViewport(width, height);
        await open(browser, site);
        const { heads, last, answer, links } = await browser.evaluate(() => {
          const columns = finder.all("convscope-layer-column");
          const right = (element) => {
            const range = document.createRange();
            range.selectNodeContents(element);
            return range.getBoundingClientRect().right;
          };
          return {
            heads: columns.map((column) => [column.getBoundingClientRect().left, right(finder.one(".name", column))]),
            last: columns.at(-1).getBoundingClientRect().right,
            answer: finder.one("convscope-prediction").getBoundingClientRect().left,
            links: finder.all(".answer path").length,
          };
        });
        heads.slice(1).forEach(([left], index) => assert.ok(heads[index][1] < left, `header ${index} at ${width}`));
        assert.ok(answer - last < 60, `${answer - last} px between the last maps and the answer at ${width}`);
        assert.ok(links > 0);
      }
      await browser.setViewport(1280, 900);
    },
  },
  {
    name: "figure: a single unit has its layer's colours, whatever colours compare, and none of its own under the lens",
    async run(browser, site) {
      await browser.setViewport(1280, 900);
      await open(browser, site, "&model=lenet5-1998");
      const compared = await browser.evaluate(unitColours);
      assert.ok(new Set(compared).size > 5, `strong and weak units look alike: ${compared.join()}`);
      await browser.evaluate(choose, "Colours compare", "map");
      await browser.drawn();
      assert.deepEqual(await browser.evaluate(unitColours), compared);
      for (const place of ["&layer=dense&unit=0", "&model=lenet5-1998&layer=dense&unit=0"]) {
        await open(browser, site, place);
        for (const [value, limit] of await browser.until(paintedAlone))
          assert.ok(Math.abs(value) < limit, `${place}: ${value} where ${limit} is full colour`);
      }
    },
  },
  {
    name: "figure: where layers go on beyond the edge it says so, and scrolls to each of them",
    async run(browser, site) {
      await browser.setViewport(390, 844);
      await open(browser, site);
      const hint = () => finder.says("p:not([hidden])", "Scroll sideways", finder.one("convscope-network-figure"));
      await browser.until(hint);
      assert.equal(await browser.evaluate(() => finder.all(".answer path").length), 0, "lines to nowhere");
      const end = await browser.evaluate(() => {
        const scroll = finder.one(".scroll", finder.one("convscope-network-figure"));
        scroll.scrollLeft = scroll.scrollWidth;
        const { right } = finder.all("convscope-layer-column").at(-1).getBoundingClientRect();
        return { right, mask: getComputedStyle(scroll).maskImage };
      });
      assert.ok(end.right <= 390, `${end.right}`);
      assert.match(end.mask, /gradient/);
      await browser.setViewport(1280, 900);
      await open(browser, site);
      assert.equal(await browser.evaluate(hint), false);
    },
  },
  {
    name: "figure: shows the kernels that can be told apart, calls dense weights weights, and says what a unit sees",
    async run(browser, site) {
      await browser.setViewport(1280, 900);
      await open(browser, site);
      const patches = await browser.evaluate(() =>
        finder.all("convscope-kernel-bank").map((picture) => {
          const frame = finder.one("canvas", picture);
          const scale = frame.getBoundingClientRect().width / frame.width;
          return scale * picture.bank.width;
        }),
      );
      assert.ok(patches.length > 0);
      for (const side of patches) assert.ok(side >= 15, `a patch of ${side} px`);
      assert.ok(await browser.evaluate(() => finder.says("p", "12 kernels 3×3")));
      await browser.evaluate(() => finder.one("button.field").focus());
      await browser.find("Each value depends on 3×3 pixels of the drawing: its receptive field.", "tooltip");
      await open(browser, site, "&model=mlp");
      assert.ok(await browser.evaluate(() => finder.says("p", "weights of 128 units, 28×28 each")));
      assert.equal(
        await browser.evaluate(() => finder.says("p", "kernels", finder.one("convscope-network-figure"))),
        false,
      );
    },
  },
];
