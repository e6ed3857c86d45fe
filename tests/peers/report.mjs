// RESULTS.md: one run of the whole comparison.
import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { median } from "./statistics.mjs";
import { find, markdownTable, ratio, rounded, speedAndShare } from "./tables.mjs";
import { targets } from "./targets.mjs";
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

${markdownTable([["", "at least", "measured", "which is"], ...targets.map((target) => targetRow(target, results))])}

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

Each library has a page of its own in one browser, or a process of its own, and holds its images before the clock starts. After a second of
warming up, all take turns of at least 0.6 s, one at a time, round after round, so that a slower minute of the machine is everybody's.
The peak is measured in the same rounds: twelve chains of multiply-adds that never leave the registers, four lanes each, by
multiplication and addition (simd) or fused (relaxed). What is WebAssembly is held against the peak of its instructions.

Operations are counted from the layers' shapes, a product and its sum being two: for training, those of the forward pass three times,
but the first layer's input gradient, which nobody needs, left out. AlexNet is the one with a single tower, without local response
normalisation.

\`cargo xtask bench --burn\` measures all of it again, for half an hour once Burn is compiled, and PyTorch and Keras are installed.
\`--only TEXT\` measures the cases that contain all words of TEXT ("lenet5 train 32"), \`--ours\` this engine alone, \`--firefox\` adds
Firefox; the first two write no file.
`;
}

/** @param {import("./targets.mjs").Target} target */
function targetRow({ workload, mode, batch, who, over, least }, results) {
  const field = { workload: workloads.find(({ name }) => name === workload), mode, batch };
  const measured = ratio(find(results, field, who), find(results, field, over));
  const verdict = measured === undefined ? "not measured" : measured >= least ? "reached" : "missed";
  return [
    `${workload}, ${mode}, ${batch}: ${who} ÷ ${over}`,
    `${least} ×`,
    measured === undefined ? "" : `${rounded(measured)} ×`,
    verdict,
  ];
}

/** All tables of one mode. */
function section(mode, results) {
  const fields = [...new Map(results.map((result) => [`${result.workload.name}, ${result.batch}`, result]))];
  const candidates = [...new Set(results.map(({ candidate }) => candidate))];
  const table = (candidates, cell) =>
    markdownTable([
      ["", ...fields.map(([title]) => title)],
      ...candidates.map((candidate) => [
        candidate.name,
        ...fields.map(([, field]) => {
          const result = find(results, field, candidate.name);
          return result?.rates.length ? cell(result, field) : "–";
        }),
      ]),
    ]);
  const libraries = candidates.filter(({ spins }) => !spins);
  const [first, ...others] = libraries;
  return `## ${titles[mode]}

Images a second, at each size of batch:

${table(libraries, ({ rates }) => rounded(median(rates)))}
${refusals(results)}
${first.name} ÷ the others:

${table(others, (result, field) => `${rounded(ratio(find(results, field, first.name), result))} ×`)}

GFLOP/s, and the share of the peak:

${table(candidates, (result) => speedAndShare(result, results))}`;
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
