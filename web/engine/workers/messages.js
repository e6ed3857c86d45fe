// Messages between workers.

import { arraysIn } from "../arrays.js";
import { engineError } from "../errors.js";

/**
 * A copy of a message with arrays of its own, which can be handed over. Posting a view as it is would copy all of the
 * memory that it is a part of.
 *
 * @template T
 * @param {T} message
 * @returns {T}
 * @throws `limit` where there is no memory for it
 */
export function copyOf(message) {
  try {
    return copied(message);
  } catch (error) {
    throw engineError("limit", `There is no memory for a copy of the arguments (${error}).`, error);
  }
}

/** @param {any} value @returns {any} */
function copied(value) {
  if (ArrayBuffer.isView(value)) return /** @type {Uint8Array} */ (value).slice();
  if (!value || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copied(part)]));
}

/**
 * The memory behind all arrays of a message, which is handed over instead of copied.
 *
 * @param {unknown} value
 * @returns {ArrayBuffer[]}
 */
export function buffersOf(value) {
  return [...new Set(arraysIn(value).map(({ buffer }) => /** @type {ArrayBuffer} */ (buffer)))];
}

/** Ends the worker: whoever waits for the message would wait for ever. */
export function lost() {
  throw new Error("a message did not arrive whole");
}
