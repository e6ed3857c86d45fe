// Runs every tests/browser/*.test.mjs in one engine: node tests/browser/run.mjs --engine chromium --executable
// /usr/bin/chromium
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Browser } from "./browser.mjs";
import { startPuppeteer } from "./drivers/puppeteer.mjs";
import { startWebKit } from "./drivers/webkit.mjs";
import { startSite } from "./site.mjs";

/**
 * @typedef {object} BrowserTest
 * @property {string} name
 * @property {string[]} [engines]  Those it runs in; all when left out.
 * @property {boolean} [alone]  Whether it measures time, so that nothing else may run beside it.
 * @property {number} [seconds]  How long it may take; 60 when left out.
 * @property {(browser: Browser, site: import("./site.mjs").Site) => Promise<void>} run  Fails by throwing. What goes
 *   wrong in its pages fails it too, unless it has taken `browser.problems()` itself.
 */

const { values: options } = parseArgs({
  options: {
    engine: { type: "string" },
    executable: { type: "string" },
    only: { type: "string", default: "" },
    report: { type: "string" },
  },
});
/** How many browsers share the tests. */
const LANES = 2;
const pictures = fileURLToPath(new URL("../../target/browser-tests/", import.meta.url));

const report = { passed: 0, failed: 0, skipped: 0, tests: [] };
const chosen = (await collect()).filter(({ engines }) => !engines || engines.includes(options.engine));
const alone = chosen.filter((test) => test.alone);
const beside = chosen.filter((test) => !test.alone);
// Most of a test's time is spent waiting, so that two browsers get more out of two cores. Each has a site of its own.
const lanes = await Promise.all(Array.from({ length: Math.min(LANES, Math.max(beside.length, 1)) }, startLane));
const first = lanes[0];
await Promise.all(lanes.map(async (lane) => void (await runAll(beside, lane))));
await Promise.all(lanes.slice(1).map(endLane));
await runAll(alone, first);
await endLane(first);
if (options.report) await writeFile(options.report, JSON.stringify(report));
process.exit(report.failed ? 1 : 0);

/** @returns {Promise<BrowserTest[]>} */
async function collect() {
  const files = (await readdir(new URL(".", import.meta.url))).filter((name) => name.endsWith(".test.mjs")).sort();
  const modules = await Promise.all(files.map((name) => import(`./${name}`)));
  const tests = modules.flatMap(({ tests }) => tests).filter(({ name }) => name.includes(options.only));
  report.skipped = tests.filter(({ engines }) => engines && !engines.includes(options.engine)).length;
  return tests;
}

/**
 * A browser, and the site that it visits.
 * @typedef {{ site: import("./site.mjs").Site, driver: import("./browser.mjs").Driver }} Lane
 */

/** @returns {Promise<Lane>} */
async function startLane() {
  const site = await startSite();
  return { site, driver: await startDriver(site) };
}

function startDriver(site) {
  return options.engine === "webkit" ? startWebKit(site) : startPuppeteer(options.engine, options.executable);
}

async function endLane({ site, driver }) {
  await within(10, driver.close()).catch(({ message }) => console.log(`  closing ${options.engine} ${message}`));
  site.close();
}

/** Takes one test after the other from the list, which other lanes take from too, until there is none left. */
async function runAll(tests, lane) {
  for (let test; (test = tests.shift());) await run(test, lane);
}

async function run(test, lane) {
  const began = performance.now();
  let failure = await attempt(test, lane);
  if (failure && (await ended(lane.driver))) {
    console.log(
      `  ! ${options.engine} ended in the middle of a test, which gets one more try in a new one: ${test.name}\n${failure}`,
    );
    lane.driver = await startDriver(lane.site);
    failure = await attempt(test, lane);
  }
  const seconds = (performance.now() - began) / 1000;
  report[failure ? "failed" : "passed"]++;
  report.tests.push({ name: test.name, seconds });
  const timed = `${test.name} (${seconds.toFixed(1)} s)`;
  console.log(failure ? `  ✗ ${options.engine}: ${timed}\n${failure}` : `  ✓ ${timed}`);
}

/** Whether the browser is gone: that can be its own fault, and must not fail all tests that follow. */
async function ended(driver) {
  if (await within(10, driver.alive()).catch(() => false)) return false;
  await within(10, driver.close()).catch(() => {});
  return true;
}

/** What went wrong, in words, or nothing. */
async function attempt(test, { site, driver }) {
  const browser = new Browser(driver);
  try {
    await within(10, driver.setViewport(1280, 800));
    await within(test.seconds ?? 60, test.run(browser, site));
    const problems = await within(10, browser.problems());
    return problems.length ? `in the page: ${problems.join("\n")}` : undefined;
  } catch (error) {
    const picture = `${pictures}${`${options.engine} ${test.name}`.replace(/[^a-z0-9]+/gi, "-")}.png`;
    await mkdir(pictures, { recursive: true });
    await within(10, driver.screenshot(picture)).catch(() => {});
    const problems = await within(10, browser.problems()).catch(() => []);
    return [error.stack, ...problems.map((problem) => `in the page: ${problem}`), `screenshot: ${picture}`].join("\n");
  }
}

/** An engine that no longer answers must not keep everything else from being tested. */
async function within(seconds, promise) {
  const timer = new AbortController();
  const late = wait(seconds * 1000, undefined, timer).then(() => {
    throw new Error(`took longer than ${seconds} s`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    late.catch(() => {});
    timer.abort();
  }
}
