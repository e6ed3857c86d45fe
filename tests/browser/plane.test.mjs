// The plane through a network's weights, where the answer is known.
import assert from "node:assert/strict";
import { frameAround, weightsAt } from "../../web/training/plane.js";

/** Points of three weights along two known directions: (3, 0, 4)/5 with much variance, (0, 1, 0) with little. */
const known = [
  [-4, 1],
  [-1, -2],
  [1, -2],
  [4, 1],
  [0, 2],
].map(([a, b]) => [1 + 0.6 * a, 2 + b, 3 + 0.8 * a]);

/** The plane as the page's engine finds it. */
async function planeThrough(browser, site, points) {
  await browser.open(`${site.origin}/pages/engine.html`);
  await browser.until(() => globalThis.kit);
  return browser.evaluate(async (points) => {
    const { planeThrough } = await import("/training/plane.js");
    const engine = await globalThis.kit.starts.worker({ variant: "simd" });
    const plane = await planeThrough(
      engine,
      points.map((point) => Float32Array.from(point)),
    );
    const lists = plane && { directions: plane.directions.map((one) => [...one]), origin: [...plane.origin] };
    return plane ? { ...plane, ...lists } : null;
  }, points);
}

export const tests = [
  {
    name: "plane: the main directions of a path are found, with its variance and its places",
    engines: ["chromium"],
    async run(browser, site) {
      const { origin, directions, places, explained } = await planeThrough(browser, site, known);
      const [first, second] = directions.map((direction) => direction.map((value) => Math.abs(value)));
      for (const [index, value] of [0.6, 0, 0.8].entries())
        assert.ok(Math.abs(first[index] - value) < 1e-5, `${first}`);
      assert.ok(second[1] > 1 - 1e-6, `${second}`);
      assert.ok(Math.abs(explained[0] + explained[1] - 1) < 1e-6);
      assert.ok(Math.abs(explained[0] - 34 / 48) < 1e-6 && places[0][0] < 0);
      // Three weights on a plane: nothing is lost.
      const plane = { origin: Float32Array.from(origin), directions };
      for (const [index, [p, q]] of places.entries()) {
        weightsAt(plane, p, q).forEach((value, at) => assert.ok(Math.abs(value - known[index][at]) < 1e-5));
      }
      const { from, to } = frameAround(places);
      assert.ok(places.every((place) => place.every((value, axis) => value > from[axis] && value < to[axis])));
    },
  },
  {
    name: "plane: a path on a line has none",
    engines: ["chromium"],
    async run(browser, site) {
      const line = [0, 1, 2, 5].map((step) => [step, 2 * step]);
      assert.equal(await planeThrough(browser, site, line), null);
    },
  },
];
