// Numbers as people write them.

/** Thousands in groups, as in 1,000: the same could be one and no thousandths, so it is not guessed. */
const GROUPED = /^[+-]?[1-9]\d{0,2}(,\d{3})+$/;
const DECIMAL = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i;

/**
 * The number that is written: with a point or a comma before its decimals, and with either sign for minus.
 * @param {string} text
 * @returns {number} NaN where it is none, or could be two
 */
export function writtenNumber(text) {
  const plain = text.trim().replace("−", "-");
  return DECIMAL.test(plain) && !GROUPED.test(plain) ? Number(plain.replace(",", ".")) : NaN;
}
