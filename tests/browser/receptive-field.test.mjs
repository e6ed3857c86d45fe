// What a unit sees of the drawing.
import assert from "node:assert/strict";
import { accessibility } from "./accessibility.mjs";
import { OWN_CODE } from "./engines.mjs";

/** What the view shows, once it answers for that unit; runs inside the page. */
async function state(layer, row, column) {
  const view = finder.one("convscope-receptive-field");
  const { place } = view?.answer ?? {};
  if (place?.layer !== layer || place.row !== row || place.column !== column || view.isUpdatePending) return undefined;
  const chain = finder.one("convscope-field-chain", view);
  const growth = finder.one("convscope-growth", view);
  if (chain.isUpdatePending || growth.isUpdatePending) return undefined;
  const { model, observation } = view.session;
  const { regions, output } = await model.explainUnit(observation.image, place);
  const { layers } = await model.summary();
  return {
    framed: finder.all("convscope-plane", chain).map(({ window }) => window ?? null),
    numbers: finder.all(".below > div:first-child data", view).map(({ value }) => Number(value)),
    fields: finder.numbers(growth),
    expected: {
      regions,
      output,
      fields: layers.flatMap(({ receptiveField, outputShape }) =>
        outputShape.length === 3 ? [receptiveField.size[0]] : [],
      ),
    },
  };
}

/** The planes are those of the engine's regions, the drawing first; the layer on view has a cell instead. */
function agrees({ framed, numbers, fields, expected }) {
  const regions = expected.regions.toReversed();
  assert.equal(framed.length, regions.length);
  assert.equal(framed.at(-1), null);
  for (const [index, window] of framed.slice(0, -1).entries()) {
    const { rows, columns } = regions[index];
    assert.deepEqual(window, {
      row: rows[0],
      column: columns[0],
      height: rows[1] - rows[0],
      width: columns[1] - columns[0],
    });
  }
  assert.deepEqual(numbers, [framed[0].height, framed[0].width, expected.output]);
  assert.deepEqual(fields, expected.fields);
}

const open = async (browser, site, hash = "") => {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=receptive-field&digit=3${hash}`);
};

export const tests = [
  {
    name: "receptive-field: a pointer on a map chooses the unit, and what it sees is framed everywhere before",
    async run(browser, site) {
      await open(browser, site, "&layer=conv2d_3&unit=5&cell=6,7");
      const before = await browser.until(state, "conv2d_3", 6, 7);
      agrees(before);
      assert.deepEqual(before.fields, [3, 5, 6, 10, 14, 16, 24]);
      const { x, y, width, height } = await browser.find("Map 6 of conv2d_3: the unit on view", "application");
      const at = (row, column) => ({
        type: "move",
        x: x + ((column + 0.5) / 14) * width,
        y: y + ((row + 0.5) / 14) * height,
      });
      await browser.pointer([at(6, 7), { type: "down" }, at(2, 9), at(0, 11), { type: "up" }]);
      const after = await browser.until(state, "conv2d_3", 0, 11);
      agrees(after);
      // In a corner a part of it lies in the padding.
      assert.ok(after.numbers[0] < before.numbers[0]);
    },
  },
  {
    name: "receptive-field: keys go deeper and move the unit",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site, "&layer=conv2d&unit=0&cell=14,14");
      const first = await browser.until(state, "conv2d", 14, 14);
      agrees(first);
      await browser.evaluate(() => {
        finder.one("input[type=range]", finder.one("convscope-receptive-field")).focus();
      });
      await browser.key("ArrowRight");
      const second = await browser.until(state, "conv2d_1", 14, 14);
      agrees(second);
      assert.deepEqual([first.numbers[0], second.numbers[0]], [3, 5]);
      await browser.click("Deeper", "button");
      agrees(await browser.until(state, "max_pooling2d", 7, 7));
      await browser.evaluate(() => {
        const planes = finder.all("convscope-plane", finder.one("convscope-field-chain"));
        finder.one(".field", planes.at(-1)).focus();
      });
      await browser.key("ArrowLeft");
      await browser.key("ArrowUp");
      agrees(await browser.until(state, "max_pooling2d", 6, 6));
    },
  },
  {
    name: "receptive-field: what counts is measured within the theoretical field, anew for another unit",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site, "&layer=conv2d_2&unit=3&cell=6,6");
      const measured = (row) =>
        browser.until((row) => {
          const view = finder.one("convscope-receptive-field");
          const effective = finder.one("convscope-effective-field", view);
          if (!effective?.field || effective.place.row !== row || view.answer.place.row !== row) return undefined;
          return { field: Array.from(effective.field), window: effective.window };
        }, row);
      const inside = ({ field, window }) => {
        // Winograd's tiles reach beyond the field, where their parts cancel out but for rounding.
        const rounding = 1e-6 * Math.max(...field);
        const counts = field.map((value, pixel) => {
          const [y, x] = [Math.floor(pixel / 28) - window.row, (pixel % 28) - window.column];
          const within = y >= 0 && y < window.height && x >= 0 && x < window.width;
          if (!within) assert.ok(value < rounding, `${pixel}: ${value}`);
          return within && value > rounding ? 1 : 0;
        });
        assert.ok(counts.reduce((sum, count) => sum + count) > 50);
      };
      const first = await measured(6);
      assert.deepEqual([first.window.height, first.window.width], [10, 10]);
      inside(first);
      await browser.evaluate(() => {
        const planes = finder.all("convscope-plane", finder.one("convscope-field-chain"));
        finder.one(".field", planes.at(-1)).focus();
      });
      await browser.key("ArrowDown");
      const second = await measured(7);
      assert.equal(second.window.row, first.window.row + 2);
      inside(second);
    },
  },
  {
    name: "receptive-field: every layer opens on a unit that responds, below maps that feed it",
    async run(browser, site) {
      const shown = () =>
        browser.until(() => {
          const view = finder.one("convscope-receptive-field");
          if (!view?.answer || view.isUpdatePending) return undefined;
          const planes = finder.all("convscope-plane", finder.one("convscope-field-chain", view));
          const { layer } = view.answer.place;
          return {
            layer,
            output: view.answer.unit.output,
            silent: planes.filter(({ values }) => !values.some(Boolean)).length,
          };
        });
      await open(browser, site);
      const { layer, output } = await shown();
      assert.equal(layer, "conv2d_2", "where the field grows faster");
      assert.ok(output > 0);
      await open(browser, site, "&layer=conv2d_4");
      const deep = await shown();
      assert.deepEqual([deep.layer, deep.output > 0, deep.silent], ["conv2d_4", true, 0]);
      await open(browser, site, "&layer=conv2d&unit=0&cell=1,1");
      await shown();
      for (const expected of ["conv2d_1", "max_pooling2d", "conv2d_2", "conv2d_3", "max_pooling2d_1", "conv2d_4"]) {
        await browser.click("Deeper", "button");
        await browser.until((layer) => finder.one("convscope-receptive-field").answer?.place.layer === layer, expected);
        assert.ok((await shown()).output > 0, expected);
      }
    },
  },
  {
    name: "receptive-field: on a phone the table keeps every letter of the formula",
    engines: ["chromium"],
    async run(browser, site) {
      await browser.setViewport(390, 844);
      await open(browser, site, "&layer=conv2d_4");
      const table = await browser.until(() => {
        const growth = finder.one("convscope-growth");
        const heads = growth && finder.all("th[scope=col]", growth);
        if (!heads?.length) return undefined;
        const scroll = finder.one(".scroll", growth);
        return {
          heads: heads.filter((head) => head.checkVisibility()).map(({ textContent }) => textContent.trim()),
          cut: scroll.scrollWidth - scroll.clientWidth,
        };
      });
      assert.deepEqual(table.heads, ["layer", "k", "s", "jump j", "receptive field r"]);
      assert.equal(table.cut, 0, "pixels that have to be scrolled to");
    },
  },
  {
    name: "receptive-field: which pixels matter is shown from a few digits at once, and refined by the page's data",
    async run(browser, site) {
      await open(browser, site, "&layer=conv2d_4");
      const sample = (drawn) =>
        browser.until((drawn) => {
          const { sample, field } = finder.one("convscope-effective-field") ?? {};
          return sample?.drawn === drawn && { count: sample.count, sum: field.reduce((sum, value) => sum + value, 0) };
        }, drawn);
      const few = await sample(true);
      assert.ok(few.sum > 0);
      const { count } = await sample(false);
      assert.ok(few.count < count);
      await browser.until(() => finder.says("p", "validation images", finder.one("convscope-effective-field")));
    },
  },
  accessibility("receptive-field", async (browser, site) => {
    await open(browser, site, "&layer=conv2d&unit=0&cell=14,14");
    await browser.until(state, "conv2d", 14, 14);
  }),
];
