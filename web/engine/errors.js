/** @typedef {import("../convscope.js").ErrorCode} ErrorCode */
/** @typedef {import("../convscope.js").EngineError} EngineError */

/**
 * An error that programs tell apart by its `code`; `message` is one or more whole sentences for people.
 *
 * @param {ErrorCode} code
 * @param {string} message
 * @param {unknown} [cause]
 * @returns {EngineError}
 */
export function engineError(code, message, cause) {
  return Object.assign(new Error(message, { cause }), { code });
}

/**
 * @param {unknown} error
 * @returns {error is EngineError}
 */
export function isEngineError(error) {
  // A DOMException has a code too, but a number.
  return error instanceof Error && "code" in error && typeof error.code === "string";
}
