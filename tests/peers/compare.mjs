// This engine and others on the same work, in one run: node tests/peers/compare.mjs --executable /usr/bin/chromium
import { parseArgs } from "node:util";
import { startSite } from "../browser/site.mjs";
import { ours, peaks } from "./candidates.mjs";
import { contest } from "./contest.mjs";
import { startBrowser } from "./hosts.mjs";
import { plainTable } from "./tables.mjs";
import { workloads } from "./workloads.mjs";

const { values: options } = parseArgs({
  options: {
    executable: { type: "string" },
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "7" },
    ours: { type: "boolean", default: false },
  },
});

const candidates = ours;
const site = await startSite({ "/peers/": "tests/peers" });
const browser = await startBrowser("chromium", options.executable, site);
const rules = { open: browser.open, reference: ours[0], peaks, rounds: Number(options.rounds) };
const results = [];
for (const workload of workloads) {
  for (const batch of new Set(Object.values(workload.batches).flat())) {
    const fields = Object.keys(workload.batches)
      .filter((mode) => workload.batches[mode].includes(batch))
      .map((mode) => ({ mode, candidates: candidates.filter(({ name }) => wanted(`${workload.name} ${mode} ${batch} ${name}`)) }))
      .filter(({ candidates }) => candidates.length);
    if (fields.length) results.push(...(await contest(workload, batch, fields, rules)));
  }
}
await browser.close();
site.close();
if (!results.length) throw new Error(`--only ${options.only}: there is no such case; their names are like "lenet5 train 32 convscope relaxed"`);
console.log(`\n${plainTable(results)}`);

/** Whether all words of `--only` occur in the name of a case; a number only as a whole word. */
function wanted(name) {
  const words = name.split(" ");
  return options.only.split(" ").every((word) => (/^\d+$/.test(word) ? words.includes(word) : name.includes(word)));
}
