import { html } from "lit";

/** @param {string} text */
function withMinus(text) {
  return text.replaceAll("-", "−");
}

/** @param {number} value @returns {string} three significant digits at most, for legends and captions */
export function short(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1000 || size < 0.001) return withMinus(value.toExponential(1).replace("+", ""));
  return withMinus(value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3));
}

/** As {@link short}, but a small whole number needs no rounding. @param {number} value */
export function rounded(value) {
  return Number.isInteger(value) && Math.abs(value) < 1000 ? withMinus(String(value)) : short(value);
}

/** A number in a text, with all its digits behind the rounding. @param {number} value */
export function number(value) {
  return html`<data value=${value}>${rounded(value)}</data>`;
}

/**
 * In a table of numbers, with as many decimals as its neighbours: "0.53", "−0.02", "12.3", where all are small "−.023";
 * an exact 0 is "0".
 * @param {number} value
 * @param {number} limit of the table's values
 */
export function cellNumber(value, limit) {
  const size = Math.abs(value);
  if ((Number.isInteger(value) && size < 1000) || size >= 9999.5)
    return html`<data value=${value}>${rounded(value)}</data>`;
  const decimals = size >= 99.5 ? 0 : size >= 9.95 ? 1 : limit < 0.1 ? 3 : 2;
  const text = withMinus(value.toFixed(decimals));
  return html`<data value=${value}>${decimals > 2 ? text.replace("0.", ".") : text}</data>`;
}

/** A share of 1 in a text. @param {number} share */
export function percent(share, decimals = 1) {
  return `${(100 * share).toFixed(decimals)} %`;
}

/** A probability in a text: one that is rounded to 0 or 1 is neither. @param {number} value */
export function probability(value) {
  if (Number.isNaN(value)) return "–";
  if (value > 0.999) return `> ${percent(0.999)}`;
  return value < 0.001 ? `< ${percent(0.001)}` : percent(value);
}
