// The learning rate with which a network learns fastest, of 1, 2, 5, 10, 20, 50…

/** @type {number[]} */
const RATES = Array.from({ length: 8 }, (_, index) => index - 6).flatMap((power) =>
  [1, 2, 5].map((digit) => Number(`${digit}e${power}`)),
);

/**
 * Goes from a rate to the better one of its neighbours until neither is better.
 *
 * @param {number} from a rate of that row
 * @param {(rate: number) => Promise<number>} loss that a run with this rate comes to; not finite where it diverges
 */
export async function searchedRate(from, loss) {
  /** @type {Map<number, number>} */
  const known = new Map();
  const at = async (/** @type {number} */ index) => {
    const found = known.get(index) ?? (RATES[index] === undefined ? Infinity : await loss(RATES[index]));
    known.set(index, found);
    return Number.isFinite(found) ? found : Infinity;
  };
  let index = RATES.indexOf(from);
  if (index < 0) throw new Error(`the search begins at one of ${RATES.join(", ")}, got ${from}`);
  for (;;) {
    const here = await at(index);
    // Away from a rate that diverges leads downwards.
    if ((await at(index - 1)) < here || here === Infinity) index -= 1;
    else if ((await at(index + 1)) < here) index += 1;
    else return RATES[index];
  }
}
