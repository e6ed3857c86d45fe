/** @typedef {import("../convscope.js").ErrorCode} ErrorCode */
/** @typedef {import("../convscope.js").EngineError} EngineError */

/** The longest message, in characters: it may repeat what a caller has passed, and that may be a book. */
const MAX_MESSAGE = 1000;

/**
 * An error that programs tell apart by its `code`; `message` is one or more whole sentences for people.
 *
 * @param {ErrorCode} code
 * @param {string} message
 * @param {unknown} [cause]
 * @returns {EngineError}
 */
export function engineError(code, message, cause) {
  const bounded =
    message.length > MAX_MESSAGE
      ? `${message.slice(0, 0.7 * MAX_MESSAGE)}…${message.slice(-0.2 * MAX_MESSAGE)}`
      : message;
  return Object.assign(new Error(bounded, { cause }), { code });
}

/**
 * @param {unknown} error
 * @returns {error is EngineError}
 */
export function isEngineError(error) {
  try {
    // A DOMException has a code too, but a number.
    return error instanceof Error && "code" in error && typeof error.code === "string";
  } catch {
    // What a caller's getter throws may throw by itself when it is looked at.
    return false;
  }
}

/**
 * Reads what a caller passed. Getters and proxies throw whatever they like, which is told like any other wrong argument.
 *
 * @template T
 * @param {string} name
 * @param {() => T} read
 * @returns {T}
 */
export function reading(name, read) {
  try {
    return read();
  } catch (error) {
    if (isEngineError(error)) throw error;
    throw engineError("type", `${name}: the arguments cannot be read (${shown(error)})`, error);
  }
}

/** @param {unknown} error */
function shown(error) {
  try {
    return String(error);
  } catch {
    return "without a reason";
  }
}
