/**
 * Resolves in a task of its own, so that what many elements have to draw at once doesn't become one long task.
 * @returns {Promise<void>}
 */
export function nextTask() {
  return new Promise((resolve) => setTimeout(resolve));
}
