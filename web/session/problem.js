import { isEngineError } from "../engine/errors.js";

/** @typedef {import("../convscope.js").ErrorCode} ErrorCode */
/** @typedef {{ message: string, code: ErrorCode, retry?: () => void }} Problem `retry` where trying again can help */

/** @param {unknown} error @returns {Problem} */
export function problemOf(error) {
  const message = error instanceof Error ? error.message : String(error);
  const code = isEngineError(error) ? error.code : "unknown";
  return { message, code };
}
