// Runs inside a page: loads one peer, asks it, measures it.
import { workloadNamed } from "../workloads.mjs";

const stepsOfAnAnswer = 3;

/**
 * @typedef {object} Options
 * @property {string} site  Where the built site of this project is, with a slash at its end.
 * @property {string} variant  Which of several builds or back ends; empty where there is one.
 * @property {number} [placement]  Kilobytes that are allocated before the network.
 * @property {import("../workloads.mjs").Workload} workload
 * @property {number} batch
 *
 * @typedef {object} Peer  What one library does with one workload, its images being in the library's hands already.
 * @property {number} [parameters]  How many weights it has, where the library tells.
 * @property {() => number | Promise<number>} [train]  One step of gradient descent on the batch; the loss before it.
 * @property {() => ArrayLike<number> | Promise<ArrayLike<number>>} [infer]  The batch's probabilities, [batch,
 *   classes].
 * @property {() => Promise<unknown>} [settled]  Waits for the work that was asked for ahead.
 * @property {() => number} [spin]  Work without a network.
 *
 * @typedef {(options: Options) => Promise<Peer>} Load  Throws what the library cannot do.
 */

/** @type {Peer} */
let peer;

/** @returns {Promise<number | undefined>}  The number of weights. */
export async function load(module, { workload, ...options }) {
  const { load } = await import(`./${module}.mjs`);
  peer = await load({ ...options, workload: workloadNamed(workload) });
  return peer.parameters;
}

/** The probabilities, or the loss before each of a few steps: what shows whether the peer computes the workload. */
export async function answer(mode) {
  if (!peer[mode]) throw new Error(`it does not ${mode}`);
  if (mode === "infer") return Array.from(await peer.infer());
  const losses = [];
  for (let step = 0; step < stepsOfAnAnswer; step++) losses.push(await peer.train());
  return losses;
}

/** How often a second the peer does its work, over at least so many seconds. */
export async function measure(work, seconds) {
  const start = performance.now();
  let times = 0;
  let elapsed = 0;
  while (elapsed < 1000 * seconds) {
    await peer[work]();
    times++;
    elapsed = performance.now() - start;
  }
  await peer.settled?.();
  return (1000 * times) / elapsed;
}
