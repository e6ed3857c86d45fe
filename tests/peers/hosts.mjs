// Where a peer runs: each in a page of its own.
import { launch } from "../browser/drivers/puppeteer.mjs";

/**
 * @typedef {object} Host  One peer.
 * @property {(workload: string, batch: number) => Promise<void>} load  Rejects with what the library cannot do.
 * @property {(mode: string) => Promise<number[]>} answer  What shows whether the peer computes the workload: the batch's
 *   probabilities for "infer", the loss before each of a few steps for "train".
 * @property {(work: string, seconds: number) => Promise<number>} measure  How often a second the work is done.
 * @property {() => Promise<void>} close
 */

/**
 * @param {string} engine
 * @param {string} executable
 * @param {import("../browser/site.mjs").Site} site
 */
export async function startBrowser(engine, executable, site) {
  const browser = await launch(engine, executable);
  return {
    version: await browser.version(),
    /** @param {import("./candidates.mjs").Candidate} candidate @returns {Promise<Host>} */
    async open({ module, variant }) {
      const page = await browser.newPage();
      await page.goto(`${site.origin}/peers/browser/page.html`);
      const call = async (name, ...values) => {
        // A page behind another one is slowed down.
        await page.bringToFront();
        const inPage = async (name, values) => {
          const page = await import("/peers/browser/page.mjs");
          return page[name](...values);
        };
        return page.evaluate(inPage, name, values);
      };
      return {
        load: (workload, batch) => call("load", module, { site: site.url, variant, workload, batch }),
        answer: (mode) => call("answer", mode),
        measure: (work, seconds) => call("measure", work, seconds),
        close: () => page.close(),
      };
    },
    close: () => browser.close(),
  };
}
