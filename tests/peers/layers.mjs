// Where the time of a training step goes: node tests/peers/layers.mjs --executable /usr/bin/chromium
// In rounds, every part of a step by turns with the whole step and the machine's peak, in a build that can do one part
// over and over. A part finds its numbers in the nearest cache, which in a step may hold others' by then.
import { parseArgs } from "node:util";
import { startPuppeteer } from "../browser/drivers/puppeteer.mjs";
import { startSite } from "../browser/site.mjs";
import { median, medianRatio } from "./statistics.mjs";
import { aligned } from "./tables.mjs";
import { operations, workloadNamed } from "./workloads.mjs";

const { values: options } = parseArgs({
  options: {
    executable: { type: "string" },
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "9" },
    simd: { type: "boolean", default: false },
  },
});
const variant = options.simd ? "simd" : "relaxed";
/** Batches that go through the network at once are measured in parts too. */
const largestChunk = 6;
const cases = ["lenet5", "keras-convnet"]
  .flatMap((name) => [1, 6, 32, 128].map((batch) => ({ name, batch })))
  .filter(({ name, batch }) => `${name} ${batch}`.includes(options.only));
if (!cases.length) throw new Error(`--only ${options.only}: there is no such case; their names are like "lenet5 32"`);

const site = await startSite({ "/peers/": "tests/peers", "/web-profile/": "target/web-profile" });
const driver = await startPuppeteer("chromium", options.executable);
await driver.open(`${site.origin}/peers/browser/page.html`);
for (const { name, batch } of cases) {
  const measured = await driver.evaluate(inPage, variant, name, batch, batch <= largestChunk, Number(options.rounds));
  console.log(`\n${report(name, batch, measured)}`);
}
await driver.close();
site.close();

async function inPage(...values) {
  const { measure } = await import("/peers/browser/layers.mjs");
  return measure(...values);
}

/** @param {import("./browser/layers.mjs").Measured} measured */
function report(name, batch, { parts, step, peak }) {
  const micros = (times) => ((1000 * median(times)) / batch).toFixed(2);
  const row = (label, work, multiplyAdds, times, best = Math.min(...times)) => {
    const rates = times.map((time) => (2 * multiplyAdds * batch) / time);
    return [
      label,
      work,
      micros(times),
      ((1000 * best) / batch).toFixed(2),
      ...(multiplyAdds ? [(median(rates) / 1e6).toFixed(1), percent(medianRatio(rates, peak))] : ["", ""]),
      percent(medianRatio(times, step)),
    ];
  };
  const rows = shown(parts).map(({ layer, work, multiplyAdds, times, best }) =>
    row(layer ?? "", work, multiplyAdds, times, best),
  );
  if (parts.length) {
    const sums = step.map((_, round) => shown(parts).reduce((sum, { times }) => sum + times[round], 0));
    rows.push(row("sum of the parts", "", 0, sums));
  }
  rows.push(row("whole step", "", operations(workloadNamed(name), "train") / 2, step));
  const heads = [`${name}, batch ${batch}`, variant, "µs/image", "best", "GFLOP/s", "of peak", "of step"];
  return `${aligned([heads, ...rows], 2)}\npeak ${(median(peak) / 1e6).toFixed(1)} GFLOP/s`;
}

/** In place of all gradients of a layer, what the input's costs beyond the weights'. */
function shown(parts) {
  return parts.map((part) => {
    const alone = parts.find(({ layer, work }) => layer === part.layer && work === "weightGradient");
    if (part.work !== "backward" || !alone) return part;
    return {
      ...part,
      work: "inputGradient",
      multiplyAdds: part.multiplyAdds - alone.multiplyAdds,
      times: part.times.map((time, round) => time - alone.times[round]),
      best: Math.min(...part.times) - Math.min(...alone.times),
    };
  });
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
