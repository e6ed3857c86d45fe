// What views have in the engine ends with them.
import assert from "node:assert/strict";
import { OWN_CODE } from "./engines.mjs";
import { inWorkers } from "./in-workers.mjs";
import { memories, watchMemory } from "./memory.mjs";
import { injecting } from "./page-faults.mjs";

/** Views in which something learns, from examples of their own. */
const LEARNING = ["train", "activations", "race"];

/** Puts another view in the place of the one that is there; runs inside the page. */
function show(name) {
  document.querySelector("conv-scope").view = name;
}

/** Whether all that the view learns with is in the engine; runs inside the page. */
function isReady(name) {
  const view = finder.one(`convscope-${name}`);
  return Boolean(view?.run ?? view?.race) && !view.building;
}

export const tests = [
  {
    name: "left views: what they had in the engine is given back, however often somebody comes and goes",
    engines: OWN_CODE,
    seconds: 180,
    async run(browser, site) {
      const { page } = browser.driver;
      const round = async () => {
        for (const name of LEARNING) {
          await browser.evaluate(show, name);
          await browser.until(isReady, name);
          await browser.evaluate(show, "draw");
          await browser.until(() => finder.one("convscope-draw")?.session?.settled);
        }
        const held = await browser.evaluate(memories, page.workers().length);
        return held.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20;
      };
      const visit = async () => {
        await browser.open(`${site.url}embed.html#view=draw&model=lenet5`);
        await browser.until(() => finder.one("convscope-draw")?.session?.settled);
        for (let warm = 0; warm < 2; warm++) await round();
        const before = await round();
        for (let more = 0; more < 3; more++) await round();
        const after = await round();
        assert.ok(after - before < 12, `from ${before} to ${after} MB in four rounds`);
        assert.deepEqual(await browser.problems(), []);
      };
      await injecting(browser, inWorkers, visit, String(watchMemory));
    },
  },
];
