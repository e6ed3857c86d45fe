// Executions of a reader: each is named by its number, which is the seed of all that is chosen in it.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { Random } from "./random.mjs";

const FOUND = new URL("found/", import.meta.url);
const MOST_MILLISECONDS = 1000;
/** An execution that was too slow gets so many tries, by the processor's time: the machine may have been at something else. */
const TRIES = 3;
const ENOUGH = 20;
/** In a long run, one execution in so many does what takes longer than reading: a way back, or a real file. */
export const USED_EVERY = 16;

/**
 * Reads an input and, if `used`, uses what comes out.
 *
 * @param {import("./readers.mjs").Reader} reader
 * @param {unknown} input
 * @param {boolean} used
 * @returns {Promise<{ accepted: boolean, milliseconds: number }>}
 */
async function read(reader, input, used) {
  let [accepted, milliseconds] = [false, Infinity];
  for (let left = TRIES; left > 0 && milliseconds > MOST_MILLISECONDS; left--) {
    const begun = performance.now();
    // Asking for it takes longer than reading a short text.
    const before = left < TRIES ? process.cpuUsage() : undefined;
    const answer = reader.read(input, used);
    // A promise costs as much as reading a short text.
    accepted = Boolean(answer instanceof Promise ? await answer : answer);
    const { user, system } = before ? process.cpuUsage(before) : { user: Infinity, system: 0 };
    milliseconds = Math.min(milliseconds, performance.now() - begun, (user + system) / 1000);
  }
  if (milliseconds > MOST_MILLISECONDS) throw new Error(`it took ${Math.round(milliseconds)} ms`);
  return { accepted, milliseconds };
}

/**
 * @param {import("./readers.mjs").Reader} reader
 * @param {{ executions?: number, seconds?: number, from?: number, uses?: "always" | "at times" }} bounds
 * @param {(number: number) => void} [onBegin] told of each execution
 */
export async function execute(reader, { executions = Infinity, seconds = Infinity, from = 0, uses }, onBegin) {
  const begun = performance.now();
  const failures = [];
  let [done, accepted, slowest] = [0, 0, 0];
  for (; done < executions && failures.length < ENOUGH && performance.now() - begun < 1000 * seconds; done++) {
    const number = from + done;
    onBegin?.(number);
    const input = reader.make(new Random(number));
    try {
      const outcome = await read(reader, input, uses === "always" || number % USED_EVERY === 0);
      if (outcome.accepted) accepted++;
      slowest = Math.max(slowest, outcome.milliseconds);
    } catch (error) {
      failures.push({ number, input, why: String(error).slice(0, 300) });
    }
  }
  return { executions: done, accepted, rate: (1000 * done) / (performance.now() - begun), slowest, failures };
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
    await read(reader, input, true).catch((error) => failures.push(`found/${reader.name}/${file}: ${error.message}`));
  }
  return failures;
}
