// Turns that are measured: those in which others used the processor are taken again.
import { tells, watched } from "./processor.mjs";

/** How much of one processor others may use in a turn. */
const most = 0.05;
/** How often a turn is taken again at most. */
const repeats = 5;

/** What came of all turns. */
const counted = { taken: 0, rejected: 0, disturbed: 0 };

/**
 * Takes a turn, again where others used the processor meanwhile; of as many turns as are allowed, all of them
 * disturbed, the one that was least.
 *
 * @template T
 * @param {number[]} processes  Those that are measured, with all that they have started.
 * @param {() => Promise<T>} measure
 * @returns {Promise<T>}
 */
export async function takeTurn(processes, measure) {
  counted.taken += 1;
  let least = { value: /** @type {T} */ (undefined), foreign: Infinity };
  for (let turn = 0; turn <= repeats; turn++) {
    if (turn > 0) counted.rejected += 1;
    const taken = await watched(processes, measure);
    if (taken.foreign <= most) return taken.value;
    if (taken.foreign < least.foreign) least = taken;
  }
  counted.disturbed += 1;
  return least.value;
}

/** What came of all turns so far, in a sentence. */
export function toldOfTurns() {
  if (!tells) return "This system does not tell whether other processes used the processor meanwhile.";
  const { taken, rejected, disturbed } = counted;
  const percent = `${100 * most} %`;
  return `Of ${taken + rejected} turns ${rejected} were rejected, since other processes used more than ${percent} of a processor \
meanwhile, and taken again; ${disturbed} of the ${taken} that count were disturbed all the same, after ${repeats} attempts more.`;
}
