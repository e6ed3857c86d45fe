import { html } from "lit";
import { colours, css, isLight, word } from "./colour-scales.js";

/** @typedef {import("./colour-scales.js").Meaning} Meaning */

/** @param {string} text */
function withMinus(text) {
  return text.replace("-", "−");
}

/** @param {number} value @returns {string} three significant digits at most, for legends and captions */
export function short(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1000 || size < 0.001) return withMinus(value.toExponential(1));
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
 * For a cell: ".53", "−1.2", "41".
 * @param {number} value
 * @param {number} limit of the values around
 */
function narrow(value, limit) {
  const decimals = limit < 0.1 ? 3 : 2;
  const size = Math.abs(value);
  if (size < 0.5 / 10 ** decimals) return "0";
  return withMinus(value.toFixed(size >= 9.95 ? 0 : size >= 0.995 ? 1 : decimals).replace(/^(-?)0\./, "$1."));
}

/** A share of 1 in a text. @param {number} share */
export function percent(share, decimals = 1) {
  return `${(100 * share).toFixed(decimals)} %`;
}

/**
 * Draws a map with each value printed in its cell, sharp at any device pixel ratio.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values row by row
 * @param {{ width: number, height: number, cell: number, meaning: Meaning, dark: boolean, limit: number,
 *   mark?: number }} options `cell` in CSS pixels; `mark` is the index of a cell to frame
 */
export function paintNumbers(canvas, values, { width, height, cell, meaning, dark, limit, mark }) {
  const ratio = devicePixelRatio || 1;
  const side = Math.round(cell * ratio);
  if (canvas.width !== width * side || canvas.height !== height * side) {
    canvas.width = width * side;
    canvas.height = height * side;
    canvas.style.width = `${(width * side) / ratio}px`;
    canvas.style.height = `${(height * side) / ratio}px`;
  }
  const context = canvas.getContext("2d");
  if (!context) return;
  const words = colours(meaning, dark);
  const size = Math.min(13, cell * 0.36);
  context.font = `${size * ratio}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [(i % width) * side, Math.floor(i / width) * side];
    const colour = word(words, values[i], limit);
    context.fillStyle = css(colour);
    context.fillRect(x, y, side, side);
    if (size < 7) continue;
    const text = narrow(values[i], limit);
    context.globalAlpha = text === "0" ? 0.45 : 1;
    context.fillStyle = isLight(colour) ? "#000" : "#fff";
    context.fillText(text, x + side / 2, y + side / 2 + ratio / 2);
    context.globalAlpha = 1;
  }
  if (mark === undefined) return;
  const line = 2 * ratio;
  context.lineWidth = line;
  context.strokeStyle = dark ? "#52cdb0" : "#00705a";
  context.strokeRect(
    (mark % width) * side + line / 2,
    Math.floor(mark / width) * side + line / 2,
    side - line,
    side - line,
  );
}
