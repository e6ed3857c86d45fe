// How long after a person has done something all maps are drawn that follow from it.
import { parseArgs } from "node:util";
import { Browser } from "../browser/browser.mjs";
import { startPuppeteer } from "../browser/drivers/puppeteer.mjs";
import { startSite } from "../browser/site.mjs";

const frame = 1000 / 60;

/**
 * Prints the milliseconds from the moment the page is told of something to the last map that is drawn because of it.
 * @param {object} options
 * @param {string} options.address of the built site
 * @param {string} options.event what is told in the page
 * @param {string} [options.by] the element that tells it, named as `finder` finds it; without it, any
 * @param {string} options.title
 * @param {(browser: Browser) => Promise<void>} options.act does it many times
 */
export async function measureResponse({ address, event, by, title, act }) {
  const { values: options } = parseArgs({ options: { executable: { type: "string" } } });
  const site = await startSite();
  const driver = await startPuppeteer("chromium", options.executable);
  const browser = new Browser(driver);
  await browser.setViewport(1280, 800);
  await browser.open(site.url + address);
  await browser.until(
    (event, by) => {
      const element = by ? finder.one(by) : globalThis;
      element?.addEventListener(event, () => (globalThis.toldAt = performance.now()), true);
      return element !== undefined;
    },
    event,
    by,
  );
  await browser.evaluate(() => {
    globalThis.delays = [];
    addEventListener(
      "convscope-prediction",
      // The views draw as they hear of an answer, before this microtask.
      () => queueMicrotask(() => globalThis.toldAt && globalThis.delays.push(performance.now() - globalThis.toldAt)),
      true,
    );
  });
  await act(browser);
  const delays = (await browser.evaluate(() => globalThis.delays)).sort((a, b) => a - b);
  const quantile = (share) => delays[Math.floor(share * (delays.length - 1))].toFixed(1);
  console.log(`${title} → all maps drawn, default model, ${delays.length} times`);
  console.log(
    `median ${quantile(0.5)} ms, p95 ${quantile(0.95)} ms, longest ${quantile(1)} ms; a frame is ${frame.toFixed(1)} ms`,
  );
  await driver.close();
  site.close();
}
