// Views that explain a network, beside the one in which it learns: they follow its weights.
import assert from "node:assert/strict";
import { choose } from "./accessible.mjs";
import { OWN_CODE } from "./engines.mjs";

/** Puts another view of the group above the one that is there, where it is on screen; runs inside the page. */
function add(name) {
  const view = document.createElement("conv-scope");
  view.setAttribute("view", name);
  view.setAttribute("group", "a");
  document.querySelector("conv-scope").before(view);
}

/** Notes how high a view is in every frame from now on; runs inside the page. */
function watchHeight(name) {
  const view = document.querySelector(`conv-scope[view=${name}]`);
  globalThis.heights = new Set();
  const look = () => {
    globalThis.heights.add(view.getBoundingClientRect().height);
    requestAnimationFrame(look);
  };
  look();
}

/**
 * The run, and what its network has been found to do by the view beside it: other numbers each time; runs inside the
 * page.
 */
function observed(name) {
  const inside = (view) => finder.one(`convscope-${view}`);
  const { state, step } = inside("train")?.run ?? {};
  const { seen, chart } = inside(name) ?? {};
  const numbers = seen?.found.ranking ?? chart?.coordinates;
  return (
    numbers && {
      state,
      step,
      examples: seen?.found.examples ?? chart.coordinates.length / 2,
      numbers: Array.from(numbers).join(),
    }
  );
}

/** Waits until that holds of what is observed. */
async function until(browser, name, holds) {
  for (const deadline = Date.now() + 60_000; ;) {
    const now = await browser.evaluate(observed, name);
    if (now && holds(now)) return now;
    assert.ok(
      Date.now() < deadline,
      `waited for ${holds}: ${now && JSON.stringify({ ...now, numbers: now.numbers.length })}`,
    );
  }
}

const follows = (name, all) => ({
  name: `beside training: ${name} follows the network as it learns, and looks at everything once it rests`,
  engines: OWN_CODE,
  seconds: 180,
  async run(browser, site) {
    await browser.open("about:blank");
    await browser.open(`${site.url}embed.html#view=train&model=lenet5&digit=3&group=a`);
    while ((await browser.find("Train", "button")).disabled);
    // Long enough to be looked at.
    await browser.evaluate(choose, "Epochs", "100");
    await browser.evaluate(add, name);
    const untrained = await until(browser, name, ({ examples }) => examples === all);
    await browser.evaluate(watchHeight, name);
    await browser.click("Train", "button");
    const early = await until(
      browser,
      name,
      ({ numbers, state }) => state === "running" && numbers !== untrained.numbers,
    );
    const later = await until(browser, name, ({ numbers, step }) => step > early.step && numbers !== early.numbers);
    assert.equal(later.state, "running");
    const heights = await browser.evaluate(() => Array.from(globalThis.heights));
    assert.equal(heights.length, 1, `the page below moves: ${heights}`);
    await browser.click("Pause", "button");
    await until(
      browser,
      name,
      ({ state, examples, numbers }) => state === "paused" && examples === all && numbers !== later.numbers,
    );
  },
});

export const tests = [follows("filters", 2498), follows("embedding", 1000)];
