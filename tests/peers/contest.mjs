// One workload with one size of batch: everybody is checked, then measured round after round.
import { takeTurn } from "./turns.mjs";
import { parameterCount } from "./workloads.mjs";

const warmUpSeconds = 1;
const roundSeconds = 0.6;
/** How far from what is expected an answer may be, in parts of its largest number. */
const tolerance = 1e-4;

/**
 * @typedef {import("./candidates.mjs").Candidate} Candidate
 * @typedef {import("./hosts.mjs").Host} Host
 * @typedef {import("./workloads.mjs").Workload} Workload
 *
 * @typedef {object} Result
 * @property {Workload} workload
 * @property {string} mode
 * @property {number} batch
 * @property {Candidate} candidate
 * @property {number[]} rates  Images a second in each round; of a peak, operations a second.
 * @property {number} [needed]  The multiply-adds for one image that the candidate's method needs, where it tells.
 * @property {string} [cannot]  Why there are none.
 */

/**
 * @param {Workload} workload
 * @param {number} batch
 * @param {{ mode: string, candidates: Candidate[] }[]} fields  Who does what, one after the other.
 * @param {object} rules
 * @param {(candidate: Candidate, workload: Workload) => Promise<Host>} rules.open
 * @param {Candidate} rules.reference  Whose answers all others must agree with.
 * @param {Candidate[]} rules.peaks  Measured in the same rounds as the others.
 * @param {number} rules.rounds
 * @returns {Promise<Result[]>}
 */
export async function contest(workload, batch, fields, { open, reference, peaks, rounds }) {
  const opened = [];
  const enter = async (candidate) => {
    const host = await open(candidate, workload);
    opened.push(host);
    const parameters = await host.load(workload, batch);
    const expected = parameterCount(workload);
    if (!candidate.spins && parameters !== undefined && parameters !== expected) {
      throw new Error(`it has ${parameters} weights instead of ${expected}`);
    }
    return host;
  };
  // One for all modes: a host, or why there is none.
  const entered = new Map();
  const hostOf = (candidate) => entered.get(candidate) ?? entered.set(candidate, enter(candidate)).get(candidate);

  const judge = await enter(reference);
  const results = [];
  for (const { mode, candidates } of fields) {
    const expected = await judge.answer(mode);
    const entrants = [];
    for (const candidate of [...peaks, ...candidates]) {
      const result = { workload, mode, batch, candidate, rates: [] };
      results.push(result);
      try {
        const host = await hostOf(candidate);
        if (!candidate.spins) verify(mode, await host.answer(mode), expected);
        result.needed = await host.needed?.(workload, batch, mode);
        const measure = (seconds) => host.measure(candidate.spins ? "spin" : mode, seconds);
        await measure(warmUpSeconds);
        entrants.push({ result, measure: () => takeTurn(host.processes, () => measure(roundSeconds)) });
      } catch (error) {
        // What follows the first line is where in a library it happened.
        result.cannot = error.message.split("\n")[0];
        report(result, `cannot: ${result.cannot}`);
      }
    }
    for (let round = 1; round <= rounds; round++) {
      for (const { result, measure } of entrants) {
        const rate = (await measure()) * (result.candidate.spins ?? batch);
        result.rates.push(rate);
        report(
          result,
          `round ${round} of ${rounds}: ${result.candidate.spins ? gigaflops(rate) : `${count(rate)} images/s`}`,
        );
      }
    }
  }
  for (const host of opened) await host.close();
  return results;
}

const gigaflops = (operations) => `${(operations / 1e9).toFixed(1)} GFLOP/s`;
const count = (number) => number.toLocaleString("en", { maximumSignificantDigits: 3 });

/** @param {Result} result */
function report({ workload, mode, batch, candidate }, text) {
  console.log(`${workload.name} ${mode} ${batch} ${candidate.name} · ${text}`);
}

/** Throws unless an answer is the expected one, and losses fall. */
function verify(mode, answer, expected) {
  const largest = Math.max(...expected.map(Math.abs));
  const distance = Math.max(...expected.map((value, index) => Math.abs(value - answer[index])));
  if (answer.length !== expected.length || !(distance <= tolerance * largest)) {
    throw new Error(
      `its answer is off by ${distance.toExponential(1)}, and its largest number should be ${largest.toFixed(4)}`,
    );
  }
  if (mode === "train" && answer.at(-1) >= answer[0]) throw new Error(`its loss does not fall: ${answer.join(", ")}`);
}
