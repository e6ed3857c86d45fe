// This engine and others on the same work, in one run: node tests/peers/compare.mjs --executable /usr/bin/chromium
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { startSite } from "../browser/site.mjs";
import { earlier, inFirefox, ours, others, peaks } from "./candidates.mjs";
import { isChosen } from "./chosen.mjs";
import { contest } from "./contest.mjs";
import { openProcess, startBrowser } from "./hosts.mjs";
import { report } from "./report.mjs";
import { plainTable } from "./tables.mjs";
import { toldOfTurns } from "./turns.mjs";
import { workloads } from "./workloads.mjs";

const { values: options } = parseArgs({
  options: {
    executable: { type: "string" },
    firefox: { type: "string" },
    python: { type: "string" },
    burn: { type: "boolean", default: false },
    before: { type: "string" },
    only: { type: "string", default: "" },
    ours: { type: "boolean", default: false },
    rounds: { type: "string", default: "7" },
  },
});
const rounds = Number(options.rounds);
if (!(rounds >= 1)) throw new Error(`--rounds ${options.rounds}: expected a number of rounds, 1 or more`);

const site = await startSite({
  "/peers/": "tests/peers",
  "/burn/": "target/peers/burn",
  "/web-profile/": "target/web-profile",
  ...(options.before && { "/before/": options.before }),
});
const browsers = { chromium: await startBrowser("chromium", options.executable, site) };
if (options.firefox) browsers.firefox = await startBrowser("firefox", options.firefox, site);
const withFirefox = (candidates) => (options.firefox ? candidates.flatMap(inFirefox) : candidates);

const available = ({ place, module }) => (place !== "native" || options.python) && (module !== "burn" || options.burn);
// In Firefox this engine alone: a page of every peer in two browsers at once takes more memory than most machines have.
const own = withFirefox([...ours, ...(options.before ? [earlier] : [])]);
const candidates = options.ours ? own : [...own, ...others.filter(available)];
const rules = {
  open: (candidate, workload) =>
    candidate.place === "native"
      ? openProcess(candidate, options.python)
      : browsers[candidate.place].open(candidate, workload),
  reference: ours[0],
  peaks: withFirefox(peaks),
  rounds,
};
const results = [];
for (const workload of workloads) {
  for (const batch of new Set(Object.values(workload.batches).flat())) {
    const fields = Object.keys(workload.batches)
      .filter((mode) => workload.batches[mode].includes(batch))
      .map((mode) => ({ mode, candidates: entered(`${workload.name} ${mode} ${batch}`) }))
      .filter(({ candidates }) => candidates.length);
    if (fields.length) results.push(...(await contest(workload, batch, fields, rules)));
  }
}
const versions = Object.values(browsers).map(({ version }) => version);
for (const browser of Object.values(browsers)) await browser.close();
site.close();

if (!results.length)
  throw new Error(
    `--only ${options.only}: there is no such case; their names are like "lenet5 train 32 convscope relaxed"`,
  );
console.log(`\n${plainTable(results)}\n${toldOfTurns()}`);
if (!options.only && !options.ours) {
  await writeFile(new URL("RESULTS.md", import.meta.url), await report(results, { browsers: versions, rounds }));
  console.log("\nwritten to tests/peers/RESULTS.md");
}

/** Who is to be measured at the work of that name. */
function entered(work) {
  return candidates.filter(
    ({ name, only = [work] }) => only.includes(work) && isChosen(`${work} ${name}`, options.only),
  );
}
