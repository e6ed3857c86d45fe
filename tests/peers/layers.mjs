// Where the time of a training step, or of a forward pass, goes: node tests/peers/layers.mjs --executable
// /usr/bin/chromium In rounds, every part of it by turns with the whole and the machine's peak, in a build that can do
// one part over and over. A part finds its numbers in the nearest cache, which in a step may hold others' by then.
import { parseArgs } from "node:util";
import { startSite } from "../browser/site.mjs";
import { disjoint, sumOf } from "./browser/profile.mjs";
import { isChosen } from "./chosen.mjs";
import { startBrowser } from "./hosts.mjs";
import { median, medianRatio } from "./statistics.mjs";
import { aligned } from "./tables.mjs";
import { operations, workloads } from "./workloads.mjs";
import { takeTurn, toldOfTurns } from "./turns.mjs";

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
/** The share of the peak that every loop is to reach, in the multiply-adds that its method needs. */
const least = 0.5;

const cases = workloads
  .flatMap((workload) => {
    const [mode, batches] = workload.batches.train ? ["train", [1, 6, 32, 128]] : ["infer", [1]];
    return batches.map((batch) => ({ workload, mode, batch }));
  })
  .filter(({ workload, mode, batch }) => isChosen(`${workload.name} ${mode} ${batch}`, options.only));
if (!cases.length) {
  throw new Error(`--only ${options.only}: there is no such case; their names are like "lenet5 train 32"`);
}

const site = await startSite({ "/peers/": "tests/peers", "/web-profile/": "target/web-profile" });
const browser = await startBrowser("chromium", options.executable, site);
for (const { workload, mode, batch } of cases) {
  const page = await browser.openPage("layers");
  const parts = await page.call("prepare", variant, workload.name, mode, batch, batch <= largestChunk);
  const rounds = [];
  while (rounds.length < Number(options.rounds)) {
    rounds.push(await takeTurn(browser.processes, () => page.call("round")));
  }
  await page.close();
  const measured = parts.map((part, index) =>
    timed(
      part,
      rounds.map(({ times }) => times[index]),
    ),
  );
  console.log(`\n${report(workload, mode, batch, measured, rounds)}`);
}
console.log(`\n${toldOfTurns()}`);
await browser.close();
site.close();

/**
 * A part with its milliseconds in each round, and in the fastest.
 * @typedef {import("./browser/profile.mjs").Part & { times: number[], best: number }} TimedPart
 *
 * @param {import("./browser/profile.mjs").Part} part
 * @param {number[]} times
 * @returns {TimedPart}
 */
function timed(part, times) {
  return { ...part, times, best: Math.min(...times) };
}

/**
 * @param {import("./workloads.mjs").Workload} workload
 * @param {string} mode
 * @param {number} batch
 * @param {TimedPart[]} parts
 * @param {ReturnType<import("./browser/layers.mjs")["round"]>[]} rounds
 */
function report(workload, mode, batch, parts, rounds) {
  const peak = rounds.map(({ peak }) => peak);
  const whole = rounds.map(({ whole }) => whole);
  const shown = disjoint(parts, (both, weights) => ({
    times: both.times.map((time, round) => time - weights.times[round]),
    best: both.best - weights.best,
  }));
  /** GFLOP/s and share of the peak for so many multiply-adds an image. */
  const speed = (times, multiplyAdds) => {
    if (!multiplyAdds) return ["–", "–"];
    const rates = times.map((time) => (2 * multiplyAdds * batch) / time);
    return [(median(rates) / 1e6).toFixed(1), percent(medianRatio(rates, peak))];
  };
  const row = (label, { work, multiplyAdds, neededMultiplyAdds, times, best }) => [
    label,
    work,
    ((1000 * median(times)) / batch).toFixed(2),
    ((1000 * best) / batch).toFixed(2),
    ...(multiplyAdds === 0
      ? ["", "", "", ""]
      : [multiplyAdds, neededMultiplyAdds].flatMap((count) => speed(times, count))),
    percent(medianRatio(times, whole)),
  ];
  const rows = shown.map((part) => row(part.layer ?? "", part));
  if (parts.length) {
    const sums = whole.map((_, round) => shown.reduce((sum, { times }) => sum + times[round], 0));
    rows.push(row("sum of the parts", timed({ work: "", multiplyAdds: 0 }, sums)));
  }
  const all = {
    work: "",
    multiplyAdds: operations(workload, mode) / 2,
    neededMultiplyAdds: sumOf(mode, parts, "neededMultiplyAdds"),
  };
  rows.push(row(mode === "train" ? "whole step" : "whole pass", timed(all, whole)));
  const heads = ["µs/image", "best", "GFLOP/s", "of peak", "needed", "of peak", "of whole"];
  const table = aligned([[`${workload.name} ${mode} ${batch}`, variant, ...heads], ...rows], 2);
  return [table, `peak ${(median(peak) / 1e6).toFixed(1)} GFLOP/s`, ...verdict(shown, batch, peak)].join("\n");
}

/** Which loops are too slow by what their methods need. */
function verdict(parts, batch, peak) {
  const loops = parts
    .filter(({ neededMultiplyAdds }) => neededMultiplyAdds)
    .map(({ layer, work, neededMultiplyAdds, times }) => {
      const rates = times.map((time) => (2 * neededMultiplyAdds * batch) / time);
      return { name: `${layer} ${work}`, share: medianRatio(rates, peak) };
    });
  if (!loops.length) return [];
  const slow = loops.filter(({ share }) => share < least);
  const below = slow.map(({ name, share }) => `${name} ${percent(share)}`).join(", ");
  return [
    `${loops.length - slow.length} of ${loops.length} loops do ${percent(least)} of the peak in what they need${below && `; below: ${below}`}`,
  ];
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
