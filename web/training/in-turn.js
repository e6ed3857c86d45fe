// Requests of a worker that are always a few ahead of its answers, so that it never waits for the page.

/**
 * What the answers are and how long each took, in the order of the requests. No further request is made once `goesOn`
 * says so; the answers to those under way still come.
 *
 * @template T
 * @param {() => Promise<T>} ask
 * @param {() => boolean} goesOn
 * @param {() => number} ahead how many requests are under way at once
 */
export async function* inTurn(ask, goesOn, ahead) {
  /** @type {Promise<T>[]} */
  const asked = [];
  let last = performance.now();
  do {
    while (goesOn() && asked.length < ahead()) asked.push(ask());
    const first = asked.shift();
    if (!first) return;
    const answer = await first;
    const now = performance.now();
    yield { answer, seconds: (now - last) / 1000 };
    last = now;
  } while (asked.length > 0 || goesOn());
}
