// What fields say of numbers that they do not take.

/** A largest number from here on is none that anybody meets. */
const NO_LIMIT = 1e9;

/**
 * @param {string} typed
 * @param {{ text: string, value: number, min: number, max: number, whole: boolean }} field `value`: what stays
 */
export function refusedNumber(typed, { text, value, min, max, whole }) {
  const came = typed.trim() === "" ? "it is empty" : `“${typed.trim()}” is not one`;
  const stays = Number.isNaN(value) ? "" : ` ${value} still applies.`;
  const range = max >= NO_LIMIT ? `from ${min} up` : `from ${min} to ${max}`;
  return `${text} takes a ${whole ? "whole " : ""}number ${range}; ${came}.${stays}`;
}

/** @param {string} typed */
export const notANumber = (typed) => `“${typed.trim()}” is not a number. Write it as 2, −1 or 0.5.`;
