// Work on the page's own thread, which has its turn in between.

/** Milliseconds that are worked at a time: a quarter of what is felt. */
const TURN_MS = 12;
/** Steps between two looks at the clock. */
const STEPS = 64;

/**
 * @param {number} count of steps
 * @param {(step: number) => void} act each far shorter than a turn
 */
export async function inTurns(count, act) {
  let began = performance.now();
  for (let step = 0; step < count; step++) {
    act(step);
    if (step % STEPS || performance.now() - began < TURN_MS) continue;
    await new Promise((resolve) => setTimeout(resolve));
    began = performance.now();
  }
}
