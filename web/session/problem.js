/** @typedef {{ message: string, code: string, retry?: () => void }} Problem `retry` where trying again can help */

/** @param {unknown} error @returns {Problem} */
export function problemOf(error) {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return { message, code };
}
