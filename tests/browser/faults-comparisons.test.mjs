// A race and a comparison of remedies, whatever happens around them: they go on, and are there when somebody comes back.
import assert from "node:assert/strict";
import { OWN_CODE } from "./engines.mjs";

/** Each view: its address, and what of it tells how far it has come; `step` runs inside the page. */
const VIEWS = [
  {
    name: "race",
    page: "view=race",
    step: () => {
      const { race, building } = finder.one("convscope-race") ?? {};
      if (!race || building) return undefined;
      return { running: race.running, step: Math.max(...race.runners.map(({ run }) => run.step)) };
    },
    seconds: () => finder.one("convscope-race").race.runners.flatMap(({ run }) => run.curve.seconds),
    pause: () => finder.one("convscope-race").race.pause(),
  },
  {
    name: "overfitting",
    page: "view=overfitting",
    step: () => {
      const { run, building } = finder.one("convscope-overfitting") ?? {};
      return building || !run ? undefined : { running: run.state === "running", step: run.step };
    },
    seconds: () => finder.one("convscope-overfitting").run.curve.seconds,
    pause: () => finder.one("convscope-overfitting").run.pause(),
  },
];

/** Opens the view with so many epochs that no machine comes to their end. */
async function open(browser, site, { page }) {
  await browser.open("about:blank");
  await browser.open(`${site.url}index.html#${page}`);
  await ready(browser);
  await browser.evaluate(() => {
    const field = finder.all("label").find(({ textContent }) => textContent.trim() === "Epochs");
    const input = field.querySelector("input");
    input.value = "500";
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await ready(browser);
}

/** Waits until the button can be pressed. */
async function ready(browser) {
  while ((await browser.find("Train", "button")).disabled);
}

async function train(browser, view, steps = 2) {
  const before = (await browser.evaluate(view.step))?.step ?? 0;
  await ready(browser);
  await browser.click("Train", "button");
  return goesOn(browser, view, before + steps);
}

/** Waits until it learns, and has taken more than so many steps. */
async function goesOn(browser, view, least) {
  for (const deadline = Date.now() + 40_000; ;) {
    const now = await browser.evaluate(view.step);
    if (now?.running && now.step > least) return now.step;
    assert.ok(Date.now() < deadline, `${JSON.stringify(now)}, not beyond step ${least}`);
  }
}

const comesBack = (view) => ({
  name: `faults: ${view.name} is there again after another view of the page, with all that it has learnt`,
  seconds: 120,
  async run(browser, site) {
    await open(browser, site, view);
    const before = await train(browser, view);
    await browser.evaluate(() => (location.hash = "#view=data"));
    await browser.until(() => finder.one("convscope-data") !== undefined);
    await browser.evaluate(() => history.back());
    const back = await browser.until(view.step);
    assert.ok(back.step >= before, `${back.step} after ${before}`);
    await train(browser, view);
    await browser.evaluate(view.pause);
  },
});

const awayAndBack = (view) => ({
  name: `faults: ${view.name} can be trained after back and forward between pages`,
  engines: ["chromium", "firefox"],
  seconds: 120,
  async run(browser, site) {
    const { page } = browser.driver;
    await open(browser, site, view);
    await train(browser, view);
    await browser.open(`${site.origin}/pages/tabs.html`);
    await page.goBack();
    // The browser may have kept the page as it was.
    if (!(await browser.evaluate(view.step))?.running) await train(browser, view);
    await browser.evaluate(view.pause);
    await page.goForward();
    await page.goBack();
    await train(browser, view);
    await browser.evaluate(view.pause);
  },
});

const hidden = (view) => ({
  name: `faults: ${view.name} goes on where the page is hidden and all its timers stand still`,
  engines: OWN_CODE,
  async run(browser, site) {
    await open(browser, site, view);
    const before = await train(browser, view);
    await browser.evaluate(() => {
      globalThis.setTimeout = () => 0;
      globalThis.requestAnimationFrame = () => 0;
      for (const [name, value] of Object.entries({ hidden: true, visibilityState: "hidden" }))
        Object.defineProperty(document, name, { value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await goesOn(browser, view, before + 200);
    await browser.evaluate(view.pause);
  },
});

const setBack = (view) => ({
  name: `faults: ${view.name} goes on where the clock is set back, and tells no time below nothing`,
  engines: OWN_CODE,
  async run(browser, site) {
    await open(browser, site, view);
    const before = await train(browser, view);
    await browser.evaluate(() => {
      const { now } = Date;
      Date.now = () => now() - 365 * 86_400_000;
    });
    await goesOn(browser, view, before + 50);
    await browser.evaluate(view.pause);
    const seconds = await browser.evaluate(view.seconds);
    assert.ok(seconds.length > 0 && seconds.every((value) => value >= 0));
    await train(browser, view);
    await browser.evaluate(view.pause);
  },
});

export const tests = VIEWS.flatMap((view) => [comesBack(view), awayAndBack(view), hidden(view), setBack(view)]);
