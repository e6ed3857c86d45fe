// The page under test, and what it and its workers hold.
import { setTimeout as wait } from "node:timers/promises";
import { Browser } from "../browser.mjs";
import { startPuppeteer } from "../drivers/puppeteer.mjs";
import { inWorkers } from "../in-workers.mjs";
import { memories, watchMemory } from "../memory.mjs";
import { startSite } from "../site.mjs";

/** @typedef {Awaited<ReturnType<typeof startPage>>} Page */

/** Some nodes and listeners only go in a second round, once frames and observers have let go of them. */
const COLLECTIONS = 2;

/** Bytes of a thread's JavaScript objects and of its array buffers; Chromium counts WebAssembly's memories elsewhere. */
async function memoryOf(session) {
  for (let left = COLLECTIONS; left > 0; left--) {
    await session.send("HeapProfiler.collectGarbage");
    await wait(200);
  }
  const { usedSize, backingStorageSize = 0 } = await session.send("Runtime.getHeapUsage");
  return { heap: usedSize, buffers: backingStorageSize };
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
  const faults = [];
  // What the page's own listeners don't hear: errors inside of workers, which the client answers by starting another, and
  // its own end.
  driver.page.on("workercreated", ({ client }) =>
    client.on("Runtime.exceptionThrown", ({ exceptionDetails: { exception, text } }) =>
      faults.push(`in a worker: ${exception?.description ?? text}`),
    ),
  );
  driver.page.on("pageerror", (error) => faults.push(`in the page: ${error}`));
  // Nothing is to wait for an answer, and no file to be written.
  driver.page.on("dialog", (dialog) => dialog.dismiss());
  const inBrowser = await driver.page.browser().target().createCDPSession();
  await inBrowser.send("Browser.setDownloadBehavior", { behavior: "deny" });
  return {
    site,
    browser,
    page: driver.page,

    /** What has gone wrong since the last call, in words. */
    async problems() {
      const said = (await browser.problems()).map((problem) => `in the page: ${problem}`);
      return [...said, ...faults.splice(0)];
    },

    /** What the page and its workers hold once garbage is collected. */
    async held() {
      const workers = driver.page.workers();
      // A worker that ends meanwhile holds nothing any more.
      const settled = await Promise.allSettled([inPage, ...workers.map(({ client }) => client)].map(memoryOf));
      const threads = settled.flatMap(({ value }) => value ?? []);
      const answers = await browser.evaluate(memories, workers.length);
      const { metrics } = await inPage.send("Performance.getMetrics");
      const metric = (name) => metrics.find((one) => one.name === name).value;
      return {
        wasm: answers.reduce((sum, { bytes }) => sum + bytes, 0),
        heap: threads.reduce((sum, { heap }) => sum + heap, 0),
        buffers: threads.reduce((sum, { buffers }) => sum + buffers, 0),
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
