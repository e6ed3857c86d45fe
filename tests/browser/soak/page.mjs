// The page under test, and what it and its workers hold.
import { Browser } from "../browser.mjs";
import { startPuppeteer } from "../drivers/puppeteer.mjs";
import { inWorkers } from "../in-workers.mjs";
import { memories, watchMemory } from "../memory.mjs";
import { startSite } from "../site.mjs";

/** @typedef {Awaited<ReturnType<typeof startPage>>} Page */

export const MEGABYTE = 2 ** 20;

export function inMegabytes(bytes) {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`;
}

/** Bytes of a thread's JavaScript objects and array buffers; Chromium counts WebAssembly's memories elsewhere. */
async function memoryOf(session) {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize = 0 } = await session.send("Runtime.getHeapUsage");
  return usedSize + backingStorageSize;
}

/** @param {string} executable Chromium's */
export async function startPage(executable) {
  const site = await startSite();
  const driver = await startPuppeteer("chromium", executable);
  const browser = new Browser(driver);
  const inPage = await driver.page.createCDPSession();
  await inPage.send("Performance.enable");
  await driver.page.evaluateOnNewDocument(inWorkers, String(watchMemory));
  await browser.setViewport(1280, 800);
  return {
    site,
    browser,
    page: driver.page,

    /** What the page and its workers hold once garbage is collected. */
    async held() {
      const workers = driver.page.workers();
      // A worker that ends meanwhile holds nothing any more.
      const bytes = await Promise.allSettled([inPage, ...workers.map(({ client }) => client)].map(memoryOf));
      const answers = await browser.evaluate(memories, workers.length);
      const { metrics } = await inPage.send("Performance.getMetrics");
      const metric = (name) => metrics.find((one) => one.name === name).value;
      return {
        wasm: answers.reduce((sum, { bytes }) => sum + bytes, 0),
        heap: bytes.reduce((sum, { value = 0 }) => sum + value, 0),
        nodes: metric("Nodes"),
        listeners: metric("JSEventListeners"),
        workers: workers.length,
      };
    },

    async close() {
      await driver.close();
      site.close();
    },
  };
}
