// Where a peer runs: in a page of its own, or in a process of its own.
import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { launch } from "../browser/drivers/puppeteer.mjs";
import { writeSafetensors } from "./safetensors.mjs";
import { description, examples, initialWeights, inputShape, optimizer } from "./workloads.mjs";

/**
 * @typedef {import("./candidates.mjs").Candidate} Candidate
 * @typedef {import("./workloads.mjs").Workload} Workload
 *
 * @typedef {object} Host  One peer.
 * @property {(workload: Workload, batch: number) => Promise<number | undefined>} load  The number of weights; rejects
 *   with what the library cannot do.
 * @property {(mode: string) => Promise<number[]>} answer  What shows whether the peer computes the workload: the
 *   batch's probabilities for "infer", the loss before each of a few steps for "train".
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
  const [, version] = (await browser.version()).split("/");
  return {
    version: `${engine} ${version}`,
    /** @param {Candidate} candidate @returns {Promise<Host>} */
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
        load: ({ name }, batch) => call("load", module, { site: site.url, variant, workload: name, batch }),
        answer: (mode) => call("answer", mode),
        measure: (work, seconds) => call("measure", work, seconds),
        close: () => page.close(),
      };
    },
    close: () => browser.close(),
  };
}

const native = (path) => fileURLToPath(new URL(`native/${path}`, import.meta.url));
const exchange = new URL("../../target/peers/exchange/", import.meta.url);

/** So that no library takes more than the one thread it is to have. */
const oneThread = {
  OMP_NUM_THREADS: "1",
  MKL_NUM_THREADS: "1",
  TF_NUM_INTRAOP_THREADS: "1",
  TF_NUM_INTEROP_THREADS: "1",
};

/**
 * @param {Candidate} candidate
 * @param {string} python
 * @returns {Host}
 */
export function openProcess({ module }, python) {
  const child = spawn(python, ["-B", native("host.py"), module], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, ...oneThread },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const call = async (...request) => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`its process ended with ${child.exitCode ?? child.signalCode}`);
    const { result, error } = JSON.parse(value);
    if (error) throw new Error(error);
    return result;
  };
  return {
    async load(workload, batch) {
      const { x, labels } = examples(workload, batch);
      const tensors = new Map([
        ...initialWeights(workload),
        ["examples/x", { shape: [batch, ...inputShape(workload)], values: x }],
        ["examples/labels", { shape: [batch], values: labels }],
      ]);
      await mkdir(exchange, { recursive: true });
      const file = fileURLToPath(new URL(`${workload.name}.safetensors`, exchange));
      await writeFile(file, writeSafetensors(tensors));
      return call("load", description(workload), optimizer, file);
    },
    answer: (mode) => call("answer", mode),
    measure: (work, seconds) => call("measure", work, seconds),
    close: () => new Promise((closed) => child.once("exit", closed).stdin.end()),
  };
}
