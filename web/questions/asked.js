import { latest } from "../engine/latest.js";
import { problemOf } from "../session/problem.js";

/**
 * A question that an element asks the engine: only the newest counts, an older one is answered by undefined. What goes
 * wrong is told by the session, unless the model that was asked about has been replaced meanwhile.
 *
 * @template {unknown[]} Arguments
 * @template Answer
 * @param {import("../session/session-element.js").SessionElement} element
 * @param {(...args: Arguments) => Promise<Answer>} task
 */
export function asked(element, task) {
  const ask = latest(task);
  /** @type {import("../session/problem.js").Problem | undefined} */
  let problem;
  /** @param {Arguments} args @returns {Promise<Answer | undefined>} */
  return async (...args) => {
    const { session } = element;
    const model = session?.model;
    try {
      const answer = await ask(...args);
      session?.over(problem);
      return model === element.session?.model ? answer : undefined;
    } catch (error) {
      if (element.isConnected && model === session?.model) session?.report((problem = problemOf(error)));
      return undefined;
    }
  };
}
