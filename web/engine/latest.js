/**
 * Keeps a task that is slower than its caller from falling behind: while one call runs, only the newest of the calls
 * made meanwhile is kept, and answers arrive in the order of the calls. A call that was passed over or dropped
 * resolves to `undefined`.
 *
 * @template {unknown[]} Arguments
 * @template Result
 * @param {(...args: Arguments) => Promise<Result>} task
 */
export function latest(task) {
  /** @type {{ args: Arguments, settle: (answer: Result | PromiseLike<Result> | undefined) => void } | undefined} */
  let waiting;
  let running = false;
  let generation = 0;

  async function run() {
    running = true;
    while (waiting) {
      const { args, settle } = waiting;
      const started = generation;
      waiting = undefined;
      const answer = (async () => task(...args))();
      await answer.catch(() => {});
      settle(started === generation ? answer : undefined);
    }
    running = false;
  }

  /**
   * @param {Arguments} args
   * @returns {Promise<Result | undefined>}
   */
  function call(...args) {
    waiting?.settle(undefined);
    return new Promise((settle) => {
      waiting = { args, settle };
      if (!running) run();
    });
  }

  /** Makes everything that was asked for until now stale. */
  function drop() {
    generation += 1;
    waiting?.settle(undefined);
    waiting = undefined;
  }

  return Object.assign(call, { drop });
}
