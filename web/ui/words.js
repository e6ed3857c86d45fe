// What fields say of numbers that they do not take.

/**
 * @param {string} typed
 * @param {{ text: string, value: number, min: number, max: number, whole: boolean }} field `value`: what stays
 */
export function refusedNumber(typed, { text, value, min, max, whole }) {
  const came = typed.trim() === "" ? "it is empty" : `“${typed.trim()}” is not one`;
  const stays = Number.isNaN(value) ? "" : ` ${value} still applies.`;
  return `${text} takes a ${whole ? "whole " : ""}number from ${min} to ${max}; ${came}.${stays}`;
}

/** @param {string} typed */
export const notANumber = (typed) => `“${typed.trim()}” is not a number. Write it as 2, −1 or 0.5.`;
