// Where a peer runs: in a page of its own, or in a process of its own.
import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { launch } from "../browser/drivers/puppeteer.mjs";
import { writeSafetensors } from "./safetensors.mjs";
import { median } from "./statistics.mjs";
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
 * @property {(workload: Workload, batch: number, mode: string) => Promise<number | undefined>} [needed]  The
 *   multiply-adds for one image that the peer's method needs, where it tells.
 * @property {(work: string, seconds: number) => Promise<number>} measure  How often a second the work is done.
 * @property {number[]} processes  Those in which it runs.
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
  const processes = [browser.process().pid];

  /** A page in a window of its own, since one behind another is slowed down, and what calls a module's functions in it. */
  async function openPage(module) {
    const page = await browser.newPage({ type: "window" });
    await page.goto(`${site.origin}/peers/browser/page.html`);
    const inPage = async (module, name, values) => {
      const functions = await import(`/peers/browser/${module}.mjs`);
      return functions[name](...values);
    };
    return { call: (name, ...values) => page.evaluate(inPage, module, name, values), close: () => page.close() };
  }

  /**
   * @param {Candidate} candidate
   * @param {number} [placement]
   * @returns {Promise<Host>}
   */
  async function openPeer({ module, variant, profiled, site: other }, placement) {
    const { call, close } = await openPage("page");
    const options = { site: other ? `${site.origin}${other}` : site.url, variant, placement };
    return {
      load: ({ name }, batch) => call("load", module, { ...options, workload: name, batch }),
      answer: (mode) => call("answer", mode),
      needed: profiled ? (...work) => needed(variant, ...work) : undefined,
      measure: (work, seconds) => call("measure", work, seconds),
      processes,
      close,
    };
  }

  /** In a page that is closed again: such a build has memory of its own. */
  async function needed(variant, { name }, batch, mode) {
    const { call, close } = await openPage("profile");
    const multiplyAdds = await call("neededMultiplyAdds", variant, name, batch, mode);
    await close();
    return multiplyAdds;
  }

  return {
    version: `${engine} ${version}`,
    processes,
    openPage,
    /**
     * @param {Candidate} candidate
     * @param {Workload} workload
     * @returns {Promise<Host>}
     */
    async open(candidate, { placements }) {
      if (candidate.pages) {
        return atOnce(await Promise.all(Array.from({ length: candidate.pages }, () => openPeer(candidate))));
      }
      if (!candidate.moves || !placements) return openPeer(candidate);
      return byTurns(await Promise.all(placements.map((placement) => openPeer(candidate, placement))));
    },
    close: () => browser.close(),
  };
}

/**
 * Hosts of one peer that do their work at the same time, each all of it: how often they do it together.
 * @param {Host[]} hosts
 * @returns {Host}
 */
function atOnce(hosts) {
  const rates = (work, seconds) => Promise.all(hosts.map((host) => host.measure(work, seconds)));
  return {
    ...everyOne(hosts),
    measure: async (...values) => (await rates(...values)).reduce((sum, rate) => sum + rate, 0),
  };
}

/**
 * Hosts of one peer that do their work one after the other: how often the middle one does it.
 * @param {Host[]} hosts
 * @returns {Host}
 */
function byTurns(hosts) {
  return {
    ...everyOne(hosts),
    async measure(work, seconds) {
      const rates = [];
      for (const host of hosts) rates.push(await host.measure(work, seconds));
      return median(rates);
    },
  };
}

/**
 * What several hosts of one peer have in common: all are made ready, the first answers.
 * @param {Host[]} hosts
 */
function everyOne(hosts) {
  const [first] = hosts;
  return {
    load: async (workload, batch) => (await Promise.all(hosts.map((host) => host.load(workload, batch))))[0],
    answer: async (mode) => (await Promise.all(hosts.map((host) => host.answer(mode))))[0],
    needed: first.needed,
    processes: first.processes,
    close: async () => void (await Promise.all(hosts.map((host) => host.close()))),
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
    processes: [child.pid],
    close: () => new Promise((closed) => child.once("exit", closed).stdin.end()),
  };
}
