// RESULTS.md: one run of the whole comparison.
import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { median } from "./statistics.mjs";
import { find, markdownTable, neededSpeedAndShare, ratio, rounded, speedAndShare } from "./tables.mjs";
import { targets } from "./targets.mjs";
import { toldOfTurns } from "./turns.mjs";
import { workloads } from "./workloads.mjs";

/** @typedef {import("./contest.mjs").Result} Result */

const titles = { train: "Training", infer: "Inference" };

/**
 * @param {Result[]} results
 * @param {{ browsers: string[], rounds: number }} run
 */
export async function report(results, { browsers, rounds }) {
  const date = new Date().toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
  const machine = `${cpus()[0].model}, ${cpus().length} cores`;
  return `# Measured beside others

Written by \`cargo xtask bench\` on ${date}: ${machine}, ${browsers.join(", ")}. One thread each, unless workers are named.
Speeds are medians of ${rounds} rounds, ratios are medians of the rounds' ratios.

${(await versions()).join(" · ")}

## What was to be reached

${markdownTable([["", "at least", "better still", "measured", "which is"], ...targets.map((target) => targetRow(target, results))])}

"Before" is the commit that the run was given. A peak counts as a speed of the same work.

${Object.keys(titles)
  .map((mode) =>
    section(
      mode,
      results.filter((result) => result.mode === mode),
    ),
  )
  .join("\n\n")}

## How it was measured

Everybody computes the same: the same layers, weights, images and labels, drawn from one seed (\`workloads.mjs\`); for training softmax
cross-entropy and SGD with momentum 0.9. Before anybody is measured, the probabilities for the batch, or the losses before each of
the first steps, must agree with this engine's to 1e-4 of the largest number. Who cannot do the work, or does another, is not measured.

Nothing is dropped while training: what is dropped is random, and everybody's would differ. So Keras' MNIST example and the page's
default network ("default") are measured without their dropout layers.

Each library has a page of its own in one browser, or a process of its own, and holds its images before the clock starts. After a second of
warming up, all take turns of at least 0.6 s, one at a time, round after round, so that a slower minute of the machine is everybody's.
${toldOfTurns()}
The peak is measured in the same rounds: twelve chains of multiply-adds that never leave the registers, four lanes each, by
multiplication and addition (simd) or fused (relaxed). What is WebAssembly is held against the peak of its instructions.

Operations are counted from the layers' shapes, a product and its sum being two: for training, those of the forward pass three times,
but the first layer's input gradient, which nobody needs, left out. By such a count a method that needs fewer multiplications can go
beyond the peak; so "needed" counts for this engine those that its methods come to, as its layers tell. AlexNet is the one with a single
tower, without local response normalisation.

What several workers can gain at most is what two pages with one worker each do at the same time: "2 pages of 1 worker" counts the steps
of both. AlexNet's speed here hangs on where its numbers come to lie: this engine runs it in a page for each of several placements
(${placements()} KB allocated before the network), all in every round, and the middle one of them counts.

\`cargo xtask bench --burn --before COMMIT\` measures all of it again, for an hour once Burn and this engine as of COMMIT are compiled, and
PyTorch and Keras are installed. \`--only TEXT\` measures the cases that contain all words of TEXT ("lenet5 train 32"), \`--ours\` this
engine alone, \`--firefox\` adds this engine in Firefox; the first two write no file.
`;
}

const placements = () => workloads.flatMap(({ placements = [] }) => placements).join(", ");

/** @param {import("./targets.mjs").Target} target */
function targetRow({ workload, mode, batch, who, over, least, stretch }, results) {
  const field = { workload: workloads.find(({ name }) => name === workload), mode, batch };
  const measured = ratio(find(results, field, who), find(results, field, over));
  const verdict = measured === undefined ? "not measured" : measured >= least ? "reached" : "missed";
  return [
    `${workload}, ${mode}, ${batch}: ${who} ÷ ${over}`,
    `${least} ×`,
    stretch ? `${stretch} ×` : "",
    measured === undefined ? "" : `${rounded(measured)} ×`,
    verdict,
  ];
}

/** All tables of one mode. */
function section(mode, results) {
  const fields = [...new Map(results.map((result) => [`${result.workload.name}, ${result.batch}`, result]))];
  const candidates = [...new Set(results.map(({ candidate }) => candidate))];
  const row = (candidate, cell, title = candidate.name) => [
    title,
    ...fields.map(([, field]) => {
      const result = find(results, field, candidate.name);
      return result?.rates.length ? cell(result, field) : "–";
    }),
  ];
  const head = ["", ...fields.map(([title]) => title)];
  const table = (candidates, cell) => markdownTable([head, ...candidates.map((candidate) => row(candidate, cell))]);
  const speeds = candidates.flatMap((candidate) => {
    const needed = (result) => neededSpeedAndShare(result, results);
    const tells = results.some((result) => result.candidate === candidate && result.needed !== undefined);
    return [
      row(candidate, (result) => speedAndShare(result, results)),
      ...(tells ? [row(candidate, needed, `${candidate.name}, needed`)] : []),
    ];
  });
  const libraries = candidates.filter(({ spins }) => !spins);
  const [first, ...others] = libraries;
  return `## ${titles[mode]}

Images a second, at each size of batch:

${table(libraries, ({ rates }) => rounded(median(rates)))}
${refusals(results)}
${first.name} ÷ the others:

${table(others, (result, field) => `${rounded(ratio(find(results, field, first.name), result))} ×`)}

GFLOP/s, and the share of the peak:

${markdownTable([head, ...speeds])}`;
}

/** Who was not measured, and why. */
function refusals(results) {
  const reasons = results
    .filter(({ cannot }) => cannot)
    .map(({ candidate, cannot }) => `${candidate.name} (${cannot})`);
  return reasons.length ? `\nNot measured: ${[...new Set(reasons)].join("; ")}.\n` : "";
}

/** The libraries with their versions. */
async function versions() {
  const read = (path) => readFile(new URL(path, import.meta.url), "utf8");
  const { dependencies } = JSON.parse(await read("package.json"));
  const native = [...(await read("native/requirements.txt")).matchAll(/^(torch|keras|tensorflow-cpu)==(\S+)/gm)];
  const burn = (await read("burn/Cargo.toml")).match(/^burn = .*"=(.+?)"/m)[1];
  return [
    ...Object.entries(dependencies).map(([name, version]) => `${name} ${version}`),
    ...native.map(([, name, version]) => `${name} ${version}`),
    `burn ${burn}`,
  ];
}
