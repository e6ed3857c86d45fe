// Activation functions: their curves, and what they do to a network that learns.
import assert from "node:assert/strict";
import { accessibility } from "./accessibility.mjs";

/** What the view has come to; runs inside the page. */
function state() {
  const view = finder.one("convscope-activations");
  if (!view?.race || view.building || view.still.size < 5) return undefined;
  return {
    curves: Object.fromEntries(view.curves),
    steps: view.race.runners.map(({ run }) => run.step),
    losses: view.race.runners.map(({ run }) => run.curve.loss[0]),
    running: view.race.running,
    still: Object.fromEntries(view.still),
  };
}

async function open(browser, site) {
  await browser.open("about:blank");
  await browser.open(`${site.url}embed.html#view=activations`);
  return browser.until(state);
}

/**
 * What of a layer's units stands still, found another way: from what the layer itself answers; runs inside the page.
 */
async function counted(activation, layer) {
  const view = finder.one("convscope-activations");
  const { model } = view.race.runners.find(({ name }) => name === activation).run;
  const [size, flat] = [28 * 28, []];
  const probes = Array.from({ length: view.probes.length / size }, (_, index) =>
    view.probes.slice(index * size, (index + 1) * size),
  );
  const zero = [];
  for (const probe of probes) {
    const { planes } = await model.featureMaps(probe, layer);
    planes.forEach((y, unit) => {
      const slope = activation === "relu" ? Math.sign(Math.max(0, y)) : 4 * y * (1 - y);
      flat[unit] = (flat[unit] ?? 0) + (slope < 0.05 ? 1 : 0);
      zero[unit] = (zero[unit] ?? 0) + (slope === 0 ? 1 : 0);
    });
  }
  return {
    units: flat.length,
    saturated: flat.filter((count) => count >= 0.95 * probes.length).length,
    dead: zero.filter((count) => count === probes.length).length,
  };
}

export const tests = [
  {
    name: "activations: curves and derivatives are the core's, and the network learns with each from one start",
    seconds: 120,
    async run(browser, site) {
      const { curves, steps } = await open(browser, site);
      assert.deepEqual(steps, [0, 0, 0, 0, 0]);
      const [values, derivatives] = [curves.sigmoid.values, curves.sigmoid.derivatives];
      const at = (x) => Math.round(10 * (x + 4));
      for (const x of [-4, -1, 0, 0.5, 3]) {
        const y = 1 / (1 + Math.exp(-x));
        assert.ok(Math.abs(values[at(x)] - y) < 1e-6, `f(${x})`);
        assert.ok(Math.abs(derivatives[at(x)] - y * (1 - y)) < 1e-6, `f'(${x})`);
      }
      assert.equal(curves.relu.values[at(2)], 2);
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
      for (const activation of ["relu", "sigmoid"]) {
        const { saturated, dead } = await browser.evaluate(counted, activation, "hidden_5");
        await browser.until(
          (activation, saturated, dead) => {
            const view = finder.one("convscope-activations");
            const still = view.still.get(activation).at(-1);
            return still.saturated === saturated && still.dead === dead;
          },
          activation,
          saturated,
          dead,
        );
      }
      await browser.click("Reset", "button");
      await browser.until(() => {
        const view = finder.one("convscope-activations");
        return view.race.runners.every(({ run }) => run.step === 0);
      });
    },
  },
  accessibility("activations", open),
];
