// One unit down to each multiply and add: its numbers are the forward pass', and the window follows pointer, keys and
// edits.
import assert from "node:assert/strict";
import { accessibility } from "./accessibility.mjs";
import { choose } from "./accessible.mjs";
import { OWN_CODE } from "./engines.mjs";

const address = (site, rest = "") => `${site.url}embed.html#view=unit&digit=3&seed=1${rest}`;

/** What the view prints about its unit, and what the forward pass says; runs inside the page. */
async function printed() {
  const view = finder.one("convscope-unit");
  const { answer: story, session, pin } = view ?? {};
  if (!story) return undefined;
  await view.updateComplete;
  const result = finder.one("convscope-unit-sum", view);
  const list = finder.one("convscope-unit-channels", view);
  const parts = finder.all("convscope-unit-channel", view);
  const gridsOf = (part) => finder.all("convscope-number-grid", part);
  // They appear one after the other, each in a task of its own.
  const needed = [result, list, ...parts, ...parts.flatMap(gridsOf)];
  if (needed.some((element) => !element || element.isUpdatePending)) return undefined;
  const channels = parts.map((part) => ({
    grids: gridsOf(part).map((grid) => finder.numbers(grid)),
    sum: finder.numbers(part).at(-1),
  }));
  const sums = finder.numbers(result, ".sums data");
  const steps = finder.numbers(result, ".steps data");
  const [sum, bias, preactivation] = steps;
  const output = steps.at(-1);
  const { maps, image } = session.observation;
  const column = session.shown.columns.find(({ name }) => name === pin.layer);
  const cell = pin.unit * column.width * column.height + pin.row * column.width + pin.column;
  const expected = maps.get(pin.layer)[cell];
  const current = (await session.model.explainUnit(image, pin)).output;
  return { pin, channels, sums, sum, bias, preactivation, output, expected, current };
}

/** Waits until what is printed belongs to that place. */
async function at(browser, holds) {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    await browser.drawn();
    const now = await browser.evaluate(printed);
    if (now && holds(now) && now.output === now.current) return now;
  }
  throw new Error(`waited for ${holds}: ${JSON.stringify(await browser.evaluate(printed))}`);
}

const close = (one, other, what) =>
  assert.ok(Math.abs(one - other) <= 1e-5 * Math.max(1, Math.abs(other)), `${what}: ${one}, not ${other}`);
const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

/** Every number of a weighted sum, from the patch to the output. */
function agrees({ channels, sums, sum, bias, preactivation, output, expected }) {
  for (const { grids, sum: printedSum } of channels) {
    const [patch, kernel, products] = grids;
    products.forEach((product, cell) => close(patch[cell] * kernel[cell], product, `product ${cell}`));
    close(total(products), printedSum, "sum of a channel");
  }
  close(total(sums.length ? sums : channels.map(({ sum }) => sum)), sum, "sum over channels");
  close(sum + bias, preactivation, "before the activation");
  close(Math.max(preactivation, 0), output, "relu");
  close(output, expected, "the map's cell");
}

export const tests = [
  {
    name: "unit: patch, kernel, products and sums add up to the forward pass, wherever pointer and keys move the window",
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(address(site, "&layer=conv2d_1&unit=2"));
      agrees(await at(browser, ({ pin }) => pin.layer === "conv2d_1" && pin.unit === 2));
      const map = "The map that conv2d_1, map 3 gives: arrow keys go from unit to unit";
      const { x, y, width, height } = await browser.reveal(map);
      await browser.pointer([
        { type: "move", x: x + (10.5 / 28) * width, y: y + (0.5 / 28) * height },
        { type: "down" },
        { type: "up" },
      ]);
      const corner = await at(browser, ({ pin }) => pin.row === 0 && pin.column === 10);
      agrees(corner);
      assert.deepEqual(corner.channels[0].grids[0].slice(0, 3), [0, 0, 0], "the padding above");
      await browser.click(map);
      const middle = await at(browser, ({ pin }) => pin.row > 5);
      await browser.key("ArrowRight");
      await browser.key("ArrowDown");
      agrees(await at(browser, ({ pin }) => pin.row === middle.pin.row + 1 && pin.column === middle.pin.column + 1));
      await browser.click("Show all", "button");
      const all = await at(browser, ({ channels }) => channels.length === 12);
      close(total(all.channels.map(({ sum }) => sum)), all.sum, "all channels");
      agrees(all);
    },
  },
  {
    name: "unit: a weight that is edited changes the maps, is undone, and a preset gives a whole kernel",
    engines: OWN_CODE,
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(address(site, "&layer=conv2d&unit=0&cell=13,13"));
      const before = await at(browser, ({ pin }) => pin.layer === "conv2d");
      await browser.click("kernel of input", "grid");
      await browser.key("5");
      await browser.key("Enter");
      const after = await at(browser, ({ channels }) => channels[0].grids[1][4] === 5);
      agrees(after);
      await browser.click("Undo change", "button");
      const undone = await at(browser, ({ channels }) => channels[0].grids[1][4] !== 5);
      assert.equal(undone.output, before.output);
      await browser.evaluate(choose, "Kernel", "plus");
      agrees(await at(browser, ({ channels }) => String(channels[0].grids[1]) === "-1,1,-1,1,1,1,-1,1,-1"));
      // The list says which kernel it is, and the page whose weights are others, in other layers too.
      const chosen = async () => (await browser.find("Kernel", "combobox")).value;
      const changed = () => finder.says("p:not([hidden])", "Changed by hand: conv2d, filter 1\\.");
      assert.equal(await chosen(), "plus");
      await browser.click("conv2d_2, map 1 of 24", "button");
      await at(browser, ({ pin }) => pin.layer === "conv2d_2");
      assert.equal(await chosen(), "");
      assert.ok(await browser.evaluate(changed));
      await browser.click("conv2d, map 1 of 12", "button");
      await at(browser, ({ pin }) => pin.layer === "conv2d");
      assert.equal(await chosen(), "plus");
      await browser.click("Reset weights", "button");
      await at(browser, ({ channels }) => channels[0].grids[1][0] !== -1);
      assert.equal(await chosen(), "");
      assert.equal(await browser.evaluate(changed), false);
      assert.equal((await browser.evaluate(printed)).channels[0].grids[1].join(), before.channels[0].grids[1].join());
    },
  },
  {
    name: "unit: a weight so large that the answer is no number is told in words, and undone",
    engines: OWN_CODE,
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(address(site, "&layer=conv2d&unit=0&cell=13,13"));
      const before = await at(browser, ({ pin }) => pin.layer === "conv2d");
      await browser.click("kernel of input", "grid");
      for (const key of ["1", "e", "3", "8", "Enter"]) await browser.key(key);
      const told = () => finder.says("[role=alert]", "The answer is no number");
      await browser.until(told);
      assert.equal(
        await browser.evaluate(() => finder.says("[role=alert]", "Try again")),
        false,
        "that would not help",
      );
      const answers = () =>
        finder.all(".row.best, .value", finder.one("convscope-prediction")).map((row) => row.textContent);
      assert.deepEqual(await browser.evaluate(answers), Array(10).fill("–"), "no digit is named");
      await browser.click("Undo change", "button");
      await browser.until(() => finder.one(".row.best", finder.one("convscope-prediction")) !== undefined);
      assert.equal(await browser.evaluate(told), false);
      assert.equal((await at(browser, ({ pin }) => pin.layer === "conv2d")).output, before.output);
    },
  },
  {
    name: "unit: a weight that is edited costs three messages",
    engines: OWN_CODE,
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(address(site, "&layer=conv2d&unit=0&cell=13,13"));
      await at(browser, ({ pin }) => pin.layer === "conv2d");
      await browser.evaluate(() => {
        const { postMessage } = Worker.prototype;
        globalThis.asked = [];
        Worker.prototype.postMessage = function (message, transfer) {
          globalThis.asked.push(message.request.method?.name);
          return postMessage.call(this, message, transfer);
        };
      });
      await browser.click("kernel of input", "grid");
      await browser.key("5");
      await browser.key("Enter");
      // The view has the answer of an edit when its kernel holds the number and its output follows from it.
      const edited = () => {
        const { answer, pin, session } = finder.one("convscope-unit");
        const { width, height } = session.shown.columns.find(({ name }) => name === pin.layer);
        const place = (pin.unit * height + pin.row) * width + pin.column;
        return answer.kernel[4] === 5 && session.observation.maps.get(pin.layer)[place] === answer.output;
      };
      await browser.until(edited);
      const asked = await browser.evaluate(() => globalThis.asked.splice(0));
      assert.deepEqual(asked, ["setWeights", "observe", "explainUnit"]);
    },
  },
  {
    name: "unit: pooling names the winner, a softmax shares out, and the address keeps the unit",
    engines: OWN_CODE,
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(address(site, "&layer=max_pooling2d&unit=1&cell=7,6"));
      const pooled = await at(browser, ({ pin }) => pin.layer === "max_pooling2d");
      assert.equal(Math.max(...pooled.channels[0].grids[0]), pooled.expected);
      await browser.open("about:blank");
      await browser.open(address(site, "&layer=dense&unit=3"));
      const dense = await at(browser, ({ pin }) => pin.layer === "dense");
      close(total(dense.sums), dense.sum, "sums of the channels");
      close(dense.output, dense.expected, "softmax");
      const hash = await browser.evaluate(() => location.hash);
      assert.match(hash, /layer=dense&unit=3/);
    },
  },
  {
    name: "unit: the first press fills the map from its first row on, within 8 seconds",
    engines: OWN_CODE,
    alone: true,
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(address(site));
      await at(browser, () => true);
      const name = "Fill the map";
      const filled = () => finder.one("convscope-unit").filled;
      await browser.click(name, "button");
      const began = Date.now();
      await browser.until(() => finder.one("convscope-unit").filled?.cell > 30);
      const { cut, first } = await browser.evaluate(() => {
        const planes = finder.all("convscope-plane", finder.one("convscope-unit"));
        const canvas = finder.one(
          "canvas",
          planes.find(({ movable }) => movable),
        );
        const alpha = (row) => canvas.getContext("2d").getImageData(0, row, 1, 1).data[3];
        return { cut: alpha(canvas.height - 1), first: alpha(0) };
      });
      assert.deepEqual([first, cut], [255, 0]);
      await browser.find("Pause", "button");
      const below = () => Math.round(finder.one("convscope-unit-trace").getBoundingClientRect().top);
      const places = new Set();
      while (await browser.evaluate(filled)) {
        places.add(await browser.evaluate(below));
        assert.ok(Date.now() - began < 8000, "it takes more than 8 s");
      }
      assert.equal(places.size, 1, "nothing jumps as numbers change");
      await browser.find(name, "button");
    },
  },
  {
    name: "unit: a layer alone is what the address says; without it a unit is shown that multiplies and responds",
    async run(browser, site) {
      await browser.open("about:blank");
      await browser.open(address(site, "&layer=conv2d_2"));
      const { pin } = await at(browser, ({ pin }) => pin.layer === "conv2d_2");
      assert.equal(new URLSearchParams(await browser.evaluate(() => location.hash.slice(1))).get("layer"), pin.layer);
      for (const model of ["lenet5", "mlp"]) {
        await browser.open("about:blank");
        await browser.open(address(site, `&model=${model}`));
        const shown = await at(browser, () => true);
        assert.ok(shown.channels[0].grids.length === 3 || model === "mlp", "patch, kernel and products");
        assert.ok(shown.output > 0, `${model} is silent`);
      }
    },
  },
  accessibility("unit", async (browser, site) => {
    await browser.open("about:blank");
    await browser.open(address(site));
    await at(browser, () => true);
  }),
];
