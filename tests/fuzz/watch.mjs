// A thread beside the executions: one that never comes back ends the process, and its input is kept.
import { writeSync } from "node:fs";
import { Worker, isMainThread, workerData } from "node:worker_threads";
import { keep } from "./execute.mjs";
import { Random } from "./random.mjs";
import { readers } from "./readers.mjs";

const FOREVER = 60_000;
const PAUSE = 1000;

/**
 * @param {import("./readers.mjs").Reader} reader
 * @returns {{ begin: (number: number) => void, end: () => void }}
 */
export function watch({ name }) {
  const numbers = new Float64Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL(import.meta.url), { workerData: { name, numbers } });
  return { begin: (number) => (numbers[0] = number), end: () => void worker.terminate() };
}

if (!isMainThread) {
  const { name, numbers } = workerData;
  let [last, since] = [numbers[0], performance.now()];
  setInterval(async () => {
    const [number] = numbers;
    if (number !== last) [last, since] = [number, performance.now()];
    if (performance.now() - since < FOREVER) return;
    since = Infinity;
    const reader = (await readers()).find((one) => one.name === name);
    keep(reader, [{ number, input: reader.make(new Random(number)) }]);
    // At once: what a thread prints otherwise goes through the one that hangs.
    writeSync(2, `${name}: execution ${number} does not come back\n`);
    process.kill(process.pid, "SIGKILL");
  }, PAUSE);
}
