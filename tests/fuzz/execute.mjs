// Executions of a reader: each is named by its number, which is the seed of all that is chosen in it.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { Random } from "./random.mjs";

const FOUND = new URL("found/", import.meta.url);
const MOST_MILLISECONDS = 1000;
/** An execution that was too slow gets so many more tries: the machine may have been at something else. */
const TRIES = 3;
const ENOUGH = 20;

/** @param {import("./readers.mjs").Reader} reader @param {unknown} input @returns {Promise<number>} milliseconds */
async function fastest(reader, input) {
  let least = Infinity;
  for (let left = TRIES; left > 0 && least > MOST_MILLISECONDS; left--) {
    const begun = performance.now();
    await reader.read(input);
    least = Math.min(least, performance.now() - begun);
  }
  if (least > MOST_MILLISECONDS) throw new Error(`it took ${Math.round(least)} ms`);
  return least;
}

/**
 * @param {import("./readers.mjs").Reader} reader
 * @param {{ executions?: number, seconds?: number, from?: number }} bounds
 */
export async function execute(reader, { executions = Infinity, seconds = Infinity, from = 0 }) {
  const begun = performance.now();
  const failures = [];
  let [done, slowest] = [0, 0];
  for (; done < executions && failures.length < ENOUGH && performance.now() - begun < 1000 * seconds; done++) {
    const number = from + done;
    const input = reader.make(new Random(number));
    try {
      slowest = Math.max(slowest, await fastest(reader, input));
    } catch (error) {
      failures.push({ number, input, why: String(error).slice(0, 300) });
    }
  }
  return { executions: done, rate: (1000 * done) / (performance.now() - begun), slowest, failures };
}

/** Keeps the inputs that failed, each as a file that the tests read again. */
export function keep({ name }, failures) {
  for (const { number, input } of failures) {
    mkdirSync(new URL(`${name}/`, FOUND), { recursive: true });
    writeFileSync(new URL(`${name}/${number}`, FOUND), input);
  }
}

/** Reads again what failed once. @param {import("./readers.mjs").Reader} reader @returns {Promise<string[]>} what fails now */
export async function again(reader) {
  let files = [];
  try {
    files = readdirSync(new URL(`${reader.name}/`, FOUND));
  } catch {
    return [];
  }
  const failures = [];
  for (const file of files) {
    const bytes = new Uint8Array(readFileSync(new URL(`${reader.name}/${file}`, FOUND)));
    const input = typeof reader.make(new Random(0)) === "string" ? new TextDecoder().decode(bytes) : bytes;
    await fastest(reader, input).catch((error) => failures.push(`found/${reader.name}/${file}: ${error.message}`));
  }
  return failures;
}
