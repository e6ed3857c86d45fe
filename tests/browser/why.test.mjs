// Why a drawing is read as it is: numbers against the engine's own, by pointer and by keyboard.
import assert from "node:assert/strict";
import { OWN_CODE } from "./engines.mjs";
import { accessibility } from "./accessibility.mjs";
import { choose } from "./accessible.mjs";

/** A part of the view, with what it has found; runs inside the page. */
function found(part) {
  const view = finder.one("convscope-why");
  return Boolean(finder.one(`convscope-${part}`, view)?.answer);
}

/** The numbers that a part prints in `<data>` of that class, and its text; runs inside the page. */
function printed(part, name) {
  return finder.numbers(finder.one(`convscope-${part}`), `data${name}`);
}

/** What the engine answers with the square hidden by hand; runs inside the page. */
async function hidden(size, row, column) {
  const { session } = finder.one("convscope-why");
  const { image, digit, probabilities } = session.observation;
  const covered = Float32Array.from(image);
  const reach = (size - 1) / 2;
  for (let y = Math.max(0, row - reach); y <= Math.min(27, row + reach); y++)
    covered.fill(0, 28 * y + Math.max(0, column - reach), 28 * y + Math.min(27, column + reach) + 1);
  return probabilities[digit] - (await session.model.predict(covered))[digit];
}

async function open(browser, site, more = "") {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=why${more}`);
  for (const part of ["occlusion", "saliency", "runner-up"]) await browser.until(found, part);
}

const MAP = "Fall of the probability of 3 where the square lies";

async function agrees(browser, size, row, column) {
  const expected = await browser.evaluate(hidden, size, row, column);
  await browser.until(
    (size, row, column) => {
      const view = finder.one("convscope-why");
      const part = finder.one("convscope-occlusion", view);
      return part.cell.row === row && part.cell.column === column && part.answer.size === size && !part.isUpdatePending;
    },
    size,
    row,
    column,
  );
  const [fall] = await browser.evaluate(printed, "occlusion", ".fall");
  assert.ok(Math.abs(fall - expected) < 1e-5, `${fall} is not ${expected}`);
  return fall;
}

export const tests = [
  {
    name: "why: what falls under the square is what the network answers, by pointer, keys and another size",
    async run(browser, site) {
      await open(browser, site);
      const { size, row, column } = await browser.evaluate(() => {
        const { size, rows, columns, observation, probabilities } = finder.one("convscope-occlusion").answer;
        const places = Array.from(
          { length: rows * columns },
          (_, place) => probabilities[10 * place + observation.digit],
        );
        const deepest = places.indexOf(Math.min(...places));
        return { size, row: Math.floor(deepest / columns), column: deepest % columns };
      });
      const { x, y, width } = await browser.reveal(MAP, "application");
      const at = (cell) => ((cell + 0.5) * width) / 28;
      await browser.pointer([{ type: "move", x: x + at(column), y: y + at(row) }, { type: "down" }, { type: "up" }]);
      const fall = await agrees(browser, size, row, column);
      assert.ok(fall > 0.4, "the square hides what makes it a 3");
      await browser.key("ArrowDown");
      await browser.key("ArrowLeft");
      await agrees(browser, size, row + 1, column - 1);
      await browser.click("Side of the square", "slider");
      assert.ok((await browser.find("Side of the square", "slider")).focused);
      await browser.key("ArrowLeft");
      await agrees(browser, size - 2, row + 1, column - 1);
    },
  },
  {
    name: "why: the square opens as the smallest that changes the answer, and stays as a reader sets it",
    engines: OWN_CODE,
    async run(browser, site) {
      const opened = [];
      // Of the second, no square of 7×7 changes the answer.
      for (const digit of ["&digit=7&seed=3", "&digit=3&seed=3"]) {
        await open(browser, site, digit);
        const { size, changing } = await browser.evaluate(async () => {
          const { size, observation } = finder.one("convscope-occlusion").answer;
          const { model } = finder.one("convscope-why").session;
          const changes = async (size) => {
            const { probabilities } = await model.occlude(observation.image, { size });
            const answers = Array.from({ length: 784 }, (_, place) => {
              const here = probabilities.subarray(10 * place, 10 * place + 10);
              return here.indexOf(Math.max(...here));
            });
            return answers.some((answer) => answer !== observation.digit);
          };
          const changing = [];
          for (const side of [7, 9, 11, 13]) if (await changes(side)) changing.push(side);
          return { size, changing };
        });
        assert.equal(size, changing[0] ?? 7, digit);
        opened.push(size);
      }
      assert.ok(opened[1] > opened[0], `both open alike: ${opened}`);
      await browser.click("Side of the square", "slider");
      await browser.key("Home");
      await browser.until(() => finder.one("convscope-occlusion").answer.size === 1);
      await browser.evaluate(() => finder.one("convscope-why").session.paper.sample(5));
      await browser.until(() => {
        const { answer } = finder.one("convscope-occlusion");
        return answer.observation.digit === 5 && answer.size === 1;
      });
    },
  },
  {
    name: "why: the runner-up's lead is the logarithm of the ratio, and another digit can be asked about",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      const ratio = () => {
        const view = finder.one("convscope-why");
        const [first, second] = finder.one("convscope-runner-up", view).answer.contenders;
        const { probabilities } = view.session.observation;
        return {
          units: [first.unit, second.unit],
          log: Math.log(probabilities[first.unit] / probabilities[second.unit]),
          order: Array.from(probabilities),
        };
      };
      const { units, log, order } = await browser.evaluate(ratio);
      const sorted = order.map((probability, unit) => [probability, unit]).sort((a, b) => b[0] - a[0]);
      assert.deepEqual(
        units,
        sorted.slice(0, 2).map(([, unit]) => unit),
      );
      const [margin] = await browser.evaluate(printed, "runner-up", ".margin");
      assert.ok(Math.abs(margin - log) < 1e-2, `${margin} is not ${log}`);
      const other = units[1] === 8 ? 2 : 8;
      await browser.evaluate(choose, "Explain", String(other));
      await browser.until((other) => {
        return (
          finder.one("convscope-runner-up").answer.contenders[1].unit === other &&
          finder.one("convscope-saliency").answer.unit === other
        );
      }, other);
    },
  },
  {
    name: "why: the gradient tells how the answer changes with a pixel",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      const { told, measured } = await browser.evaluate(async () => {
        const view = finder.one("convscope-why");
        const { answer } = finder.one("convscope-saliency", view);
        const { model, shown } = view.session;
        const { name: layer } = shown.columns.at(-1);
        const pixel = answer.gradient.values.reduce((best, value, index, all) => (value > all[best] ? index : best), 0);
        const logit = async (change) => {
          const image = Float32Array.from(answer.observation.image);
          image[pixel] += change;
          return (await model.explainUnit(image, { layer, unit: answer.unit })).preactivation;
        };
        return { told: answer.gradient.values[pixel], measured: ((await logit(1e-3)) - (await logit(-1e-3))) / 2e-3 };
      });
      assert.ok(Math.abs(told - measured) < 0.05 * told, `${told} is not ${measured}`);
    },
  },
  {
    name: "why: without centring, the box stands in the middle, and the answer is the one to that image",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site, "&digit=7&seed=3");
      const way = () => {
        const view = finder.one("convscope-why");
        const { answer } = finder.one("convscope-raster-stages", view);
        return answer && { image: Array.from(answer.image), offset: answer.stages.placement.offset };
      };
      const before = await browser.until(way);
      await browser.click("centre of mass in the middle", "checkbox");
      const after = await browser.until(
        (before, text) => {
          const view = finder.one("convscope-why");
          const { answer } = finder.one("convscope-raster-stages", view);
          const { offset } = answer.stages.placement;
          return String(offset) !== before && { image: Array.from(answer.image), offset, text };
        },
        String(before.offset),
        "",
      );
      assert.deepEqual(after.offset, [4, 4]);
      const [probability] = await browser.evaluate(printed, "raster-stages", "[value]:last-of-type");
      const best = await browser.evaluate(async (image) => {
        const view = finder.one("convscope-why");
        return Math.max(...(await view.session.model.predict(Float32Array.from(image))));
      }, after.image);
      assert.ok(Math.abs(probability - best) < 1e-5, `${probability} is not ${best}`);
    },
  },
  {
    name: "why: the nearest training examples come nearest first",
    engines: OWN_CODE,
    seconds: 120,
    async run(browser, site) {
      await open(browser, site);
      await browser.until(found, "nearest-examples");
      const distances = await browser.evaluate(printed, "nearest-examples", "");
      assert.equal(distances.length, 10);
      assert.deepEqual(
        distances,
        distances.toSorted((a, b) => a - b),
      );
      // A drawing that rests on its way, where the machine is busy, is explained as well, until it goes on.
      const compared = () =>
        browser.evaluate(async () => {
          const view = finder.one("convscope-why");
          const { answer } = finder.one("convscope-nearest-examples", view);
          const { pixels } = answer.taken.images;
          const { index, distance } = answer.near[0];
          const image = Float32Array.from(pixels.subarray(784 * index, 784 * (index + 1)), (ink) => ink / 255);
          const { model, observation } = view.session;
          const features = [image, observation.image].map((x) => model.features(x, answer.layer));
          const [one, other] = await Promise.all(features);
          return { distance, measured: Math.hypot(...one.map((value, index) => value - other[index])) };
        });
      for (const deadline = Date.now() + 20_000; ;) {
        const { distance, measured } = await compared();
        if (Math.abs(distance - measured) < 1e-3 * measured) break;
        assert.ok(Date.now() < deadline, `${distance} is not ${measured}`);
      }
    },
  },
  {
    name: "why: the question is about the digit that is drawn",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site, "&digit=7&seed=3");
      await browser.until(() => finder.says("legend", "this 7", finder.one("convscope-why")));
      await browser.evaluate(() => finder.one("convscope-why").session.paper.sample(0));
      await browser.until(() => finder.says("legend", "this 0", finder.one("convscope-why")));
    },
  },
  {
    name: "why: guided backpropagation is shown where a ReLU guides it, and nowhere else",
    engines: OWN_CODE,
    async run(browser, site) {
      const titles = () => finder.all("figcaption", finder.one("convscope-saliency")).map((one) => one.textContent);
      await open(browser, site);
      assert.deepEqual(await browser.evaluate(titles), ["Gradient", "Guided backpropagation"]);
      await open(browser, site, "&model=lenet5-1998");
      assert.deepEqual(await browser.evaluate(titles), ["Gradient"]);
    },
  },
  {
    name: "why: a button leads to each part, and the focus goes with it",
    engines: OWN_CODE,
    async run(browser, site) {
      await open(browser, site);
      await browser.click("The most similar examples", "button");
      await browser.until(() => {
        const heading = finder.one("#nearest", finder.one("convscope-why"));
        return heading.matches(":focus") && heading.getBoundingClientRect().top < innerHeight;
      });
    },
  },
  accessibility("why", open),
];
