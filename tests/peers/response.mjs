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
 * @param {string} options.event what the page is told
 * @param {string} options.title
 * @param {(browser: Browser) => Promise<void>} options.act does it many times
 */
export async function measureResponse({ address, event, title, act }) {
  const { values: options } = parseArgs({ options: { executable: { type: "string" } } });
  const site = await startSite();
  const driver = await startPuppeteer("chromium", options.executable);
  const browser = new Browser(driver);
  await browser.setViewport(1280, 800);
  await browser.open(site.url + address);
  await browser.evaluate((event) => {
    globalThis.delays = [];
    let told = 0;
    addEventListener(event, () => (told = performance.now()), true);
    addEventListener(
      "convscope-prediction",
      // The views draw as they hear of an answer, before this microtask.
      () => queueMicrotask(() => told && globalThis.delays.push(performance.now() - told)),
      true,
    );
  }, event);
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
