// Who used the processor while something was measured, as Linux counts it.
import { readFile, readdir } from "node:fs/promises";

/** Linux counts in hundredths of a second, whatever the kernel's own clock. */
const ticksPerSecond = 100;

/** Whether this machine tells; where it does not, nobody else is seen. */
export const tells = await readFile("/proc/stat").then(
  () => true,
  () => false,
);

/**
 * Does some work, and tells how much of one processor others than this process, the processes `roots` and all that they
 * have started took meanwhile: 0.5 is half of it.
 *
 * @template T
 * @param {number[]} roots
 * @param {() => Promise<T>} work
 * @returns {Promise<{ value: T, foreign: number }>}
 */
export async function watched(roots, work) {
  const before = await usage(roots);
  const start = performance.now();
  const value = await work();
  const seconds = (performance.now() - start) / 1000;
  const after = await usage(roots);
  const own = [...after.own].reduce((sum, [process, ticks]) => sum + ticks - (before.own.get(process) ?? 0), 0);
  return { value, foreign: Math.max(0, after.all - before.all - own) / ticksPerSecond / seconds };
}

/** Ticks of all processors, and those of each process that is measured; a process that has ended is missing. */
async function usage(roots) {
  if (!tells) return { all: 0, own: new Map() };
  const processes = await everyProcess();
  const own = new Map();
  const take = (number) => {
    const { ticks, children } = processes.get(number) ?? { ticks: 0, children: [] };
    own.set(number, ticks);
    children.forEach(take);
  };
  [process.pid, ...roots].forEach(take);
  return { all: busyTicks(await readFile("/proc/stat", "utf8")), own };
}

/** User, nice, system, interrupts and what the host of a virtual machine took: all but idle and waiting for a disk. */
function busyTicks(text) {
  const [user, nice, system, , , interrupts, softInterrupts, stolen] = text.split("\n")[0].split(/ +/).slice(1);
  return [user, nice, system, interrupts, softInterrupts, stolen].reduce((sum, ticks) => sum + Number(ticks), 0);
}

/** @returns {Promise<Map<number, { ticks: number, children: number[] }>>} */
async function everyProcess() {
  const numbers = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  // One that has ended meanwhile has nothing to tell.
  const texts = await Promise.all(numbers.map((number) => readFile(`/proc/${number}/stat`, "utf8").catch(() => "")));
  const processes = new Map(numbers.map((number) => [number, { ticks: 0, children: [] }]));
  texts.forEach((text, index) => {
    if (!text) return;
    // The name, in brackets, may hold anything.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [parent, user, system, childrenUser, childrenSystem] = [1, 11, 12, 13, 14].map((at) => Number(fields[at]));
    processes.get(numbers[index]).ticks = user + system + childrenUser + childrenSystem;
    processes.get(parent)?.children.push(numbers[index]);
  });
  return processes;
}
