// Runs the experiments of the views on several seeds and says whether what they claim holds: node
// tests/experiments/run.mjs [--record] [VIEW…]. What a view claims stands in its claims.js.
import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { format, resolveConfig } from "../../web/node_modules/prettier/index.mjs";

/** The first is the one that views open with, and is recorded. */
const SEEDS = [0, 1, 2];
/** How many experiments run at once. */
const LANES = 2;

const views = new URL("../../web/views/", import.meta.url);
const claimsOf = (name) => new URL(`${name}/claims.js`, views);
const { values: options, positionals } = parseArgs({
  options: { record: { type: "boolean", default: false } },
  allowPositionals: true,
});

const known = (await readdir(views)).filter((name) => existsSync(claimsOf(name)));
const unknown = positionals.find((name) => !known.includes(name));
if (unknown) throw new Error(`no view named ${unknown} has claims; there are: ${known.join(", ")}`);
const names = positionals.length ? positionals : known;

if (options.record) {
  const found = await done(names.map((name) => ({ name, task: "sweep" })));
  for (const [index, content] of found.entries()) if (content) await keep(names[index], content);
}
const tasks = names.flatMap((name) => SEEDS.map((seed) => ({ name, task: "measure", seed })));
const results = await done(tasks);
let failed = 0;
for (const name of names)
  failed += await judge(name, (seed) => results[tasks.findIndex((task) => task.name === name && task.seed === seed)]);
process.exit(failed ? 1 : 0);

/** What each of the tasks came to; some are done at once. */
async function done(tasks) {
  const waiting = [...tasks.entries()];
  const results = [];
  const lane = async () => {
    for (let next; (next = waiting.shift());) {
      const [index, task] = next;
      const began = performance.now();
      results[index] = await answer(task);
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      console.log(`${task.name}, ${task.task}${task.seed === undefined ? "" : `, seed ${task.seed}`}: ${seconds} s`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

/** What one task came to, in a thread of its own. */
function answer(workerData) {
  const worker = new Worker(fileURLToPath(new URL("worker.mjs", import.meta.url)), { workerData });
  return new Promise((resolve, reject) => {
    worker.on("message", resolve);
    worker.on("error", reject);
  });
}

/** Prints a view's figures beside its claims, and how many of these do not hold. */
async function judge(name, of) {
  const { claims, figures, record } = await import(claimsOf(name));
  let failed = 0;
  for (const seed of SEEDS) {
    console.log(`\n── ${name}, seed ${seed}`);
    printTable(figures(of(seed)));
    for (const { says, holds } of claims) {
      const held = holds(of(seed));
      console.log(`${held ? "✓" : "✗"} ${says}`);
      if (!held) failed += 1;
    }
  }
  if (options.record && record) await keep(name, record(of(SEEDS[0])));
  return failed;
}

/** Writes what the view opens with. */
async function keep(name, { file, content }) {
  const target = fileURLToPath(new URL(`${name}/${file}`, views));
  await writeFile(target, await format(JSON.stringify(content), { ...(await resolveConfig(target)), parser: "json" }));
  console.log(`written: web/views/${name}/${file}`);
}

/** @param {string[][]} rows the first has the names of the columns */
function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column])).join("  "));
}
