// Activation functions: their curves, and what they do to a network that learns.
import assert from "node:assert/strict";
import { accessibility } from "./accessibility.mjs";

/** What the view has come to; runs inside the page. */
function state() {
  const view = finder.one("convscope-activations");
  if (!view?.race || view.building || view.measured.size < 5) return undefined;
  return {
    curves: Object.fromEntries(view.curves),
    steps: view.race.runners.map(({ run }) => run.step),
    losses: view.race.runners.map(({ run }) => run.curve.loss[0]),
    measured: Object.fromEntries(view.measured),
  };
}

async function open(browser, site) {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=activations`);
  return browser.until(state);
}

/** How many units of all hidden layers answer 0 to every probe, found from the maps; runs inside the page. */
async function silent(activation) {
  const view = finder.one("convscope-activations");
  const { model } = view.race.runners.find(({ name }) => name === activation).run;
  const size = 28 * 28;
  let count = 0;
  for (let layer = 1; layer <= view.depth; layer++) {
    const most = [];
    for (let start = 0; start < view.probes.length; start += size) {
      const { planes } = await model.featureMaps(view.probes.slice(start, start + size), `hidden_${layer}`);
      planes.forEach((output, unit) => (most[unit] = Math.max(most[unit] ?? 0, output)));
    }
    count += most.filter((output) => output === 0).length;
  }
  return count;
}

export const tests = [
  {
    name: "activations: curves and derivatives are the core's, ReLU's derivative jumps, and the network learns with each from one start",
    seconds: 120,
    async run(browser, site) {
      const { curves, steps } = await open(browser, site);
      assert.deepEqual(steps, [0, 0, 0, 0, 0]);
      const drawn = await browser.evaluate(() =>
        finder.all("convscope-curves").map(({ caption, lines }) => ({ caption, lines })),
      );
      const [x] = drawn.filter(({ caption }) => caption === "sigmoid").map(({ lines: [{ x }] }) => x);
      const at = (place) => x.findIndex((one) => Math.abs(one - place) < 1e-5);
      for (const place of [-4, -1, 0.5, 3]) {
        const y = 1 / (1 + Math.exp(-place));
        assert.ok(Math.abs(curves.sigmoid.values[at(place)] - y) < 1e-6, `f(${place})`);
        assert.ok(Math.abs(curves.sigmoid.derivatives[at(place)] - y * (1 - y)) < 1e-6, `f'(${place})`);
      }
      assert.equal(curves.relu.values[at(2)], 2);
      for (const [name, below] of [
        ["relu", 0],
        ["leaky_relu", 0.2],
      ]) {
        const { derivatives } = curves[name];
        const jump = derivatives.findIndex((slope) => slope === 1);
        assert.ok(Math.abs(derivatives[jump - 1] - below) < 1e-6 && x[jump] - x[jump - 1] < 1e-4, `${name} is no ramp`);
      }
      await browser.click("Step", "button");
      const stepped = await browser.until(() => {
        const view = finder.one("convscope-activations");
        const { race } = view;
        return (
          !race.running &&
          race.runners.every(({ run }) => run.step === 8) &&
          race.runners.map(({ run }) => run.curve.loss)
        );
      });
      assert.notDeepEqual(stepped[0], stepped[1]);
      const count = await browser.evaluate(silent, "relu");
      await browser.until(
        (count) => finder.one("convscope-activations").measured.get("relu").inactive === count,
        count,
      );
      await browser.click("Reset", "button");
      await browser.until(() => {
        const view = finder.one("convscope-activations");
        return view.race.runners.every(({ run }) => run.step === 0);
      });
    },
  },
  {
    name: "activations: it opens with the gradient of each layer, which with sigmoid alone vanishes on its way to the first",
    async run(browser, site) {
      const { measured } = await open(browser, site);
      for (const [name, { sizes }] of Object.entries(measured)) {
        assert.equal(sizes.length, 6, name);
        const shrinks = sizes[4] / sizes[0];
        assert.ok(name === "sigmoid" ? shrinks > 100 : shrinks < 10, `${name}: ${sizes}`);
      }
      const text = await browser.evaluate(() => finder.one("table", finder.one("convscope-activations")).textContent);
      assert.match(text, /gradient, layer 1/);
      assert.doesNotMatch(text, /still/);
      // The cause is not saturation, which is what the experiment's claims check.
      assert.ok(await browser.evaluate(() => finder.says("p", "most 1/4, so .* even though no unit is saturated")));
    },
  },
  accessibility("activations", open),
];
