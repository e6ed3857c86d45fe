// How the axes of a chart are ranged, and what stands at their ticks.

import uPlot from "uplot";
import { counted } from "../ui/counted.js";

/** @typedef {[from: number, to: number]} Range */

const SUPERSCRIPTS = Array.from("⁰¹²³⁴⁵⁶⁷⁸⁹");

/** @param {number} exponent */
function raised(exponent) {
  const digits = Array.from(String(Math.abs(exponent)), (digit) => SUPERSCRIPTS[Number(digit)]).join("");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

/** A number with a power of ten: "2·10⁵", "10⁻³". @param {number} value */
function withPower(value) {
  const [mantissa, exponent] = value.toExponential().split("e");
  const digits = String(Number(Number(mantissa).toPrecision(3))).replace("-", "−");
  const power = raised(Number(exponent));
  return digits === "1" ? power : `${digits}·${power}`;
}

/**
 * A value in the text of a chart, with three significant digits.
 * @param {number} value
 * @param {boolean} percent whether it is a share
 */
export function valueText(value, percent) {
  if (!Number.isFinite(value)) return "–";
  if (percent) return `${(100 * value).toFixed(1)} %`;
  const size = Math.abs(value);
  if (size >= 1e5 || (size > 0 && size < 1e-3)) return withPower(Number(value.toPrecision(3)));
  return size >= 1000 ? counted(Math.round(value)) : String(value.toPrecision(3)).replace("-", "−");
}

/**
 * What stands at the ticks of an axis: powers of ten instead of many zeros.
 * @param {(number | null)[]} ticks those of a logarithmic axis that get no number are null
 * @param {boolean} percent whether the values are shares
 */
export function tickTexts(ticks, percent) {
  const most = Math.max(...ticks.map((tick) => Math.abs(tick ?? 0)));
  const powers = !percent && (most >= 1e5 || (most > 0 && most < 1e-2));
  return ticks.map((tick) => {
    if (tick === null) return "";
    if (powers) return tick === 0 ? "0" : withPower(tick);
    // Six digits tell ticks apart, and leave out what a sum of tenths has behind them.
    const value = Number((percent ? 100 * tick : tick).toPrecision(6));
    const text = Number.isInteger(value) ? counted(value) : String(value).replace("-", "−");
    return percent ? `${text} %` : text;
  });
}

/**
 * The range of the values.
 * @param {number | null} least null: nothing is drawn
 * @param {number | null} most
 * @param {object} chart
 * @param {Range} chart.blank where nothing is drawn
 * @param {boolean} chart.percent
 * @param {boolean} chart.logarithmic
 * @param {number} chart.ceiling values above it are marked at the edge instead
 * @returns {Range}
 */
export function valueRange(least, most, { blank, percent, logarithmic, ceiling }) {
  if (least === null || most === null || least > most) return logarithmic ? [10 ** -3, 10] : blank;
  if (logarithmic) return /** @type {Range} */ (uPlot.rangeLog(least, most, 10, true));
  const [low, high] = /** @type {Range} */ (uPlot.rangeNum(Math.min(least, ceiling), most, 0.1, true));
  const bottom = least >= 0 ? Math.max(0, low) : low;
  return [bottom, Math.min(high, percent ? 1 : Infinity, most > ceiling ? ceiling : Infinity)];
}

/**
 * The range of the common axis: from 0, unless something lies on its other side.
 * @param {number | null} least null: nothing is drawn
 * @param {number | null} most
 * @param {number} reach so far it goes at least
 * @returns {Range}
 */
export function commonRange(least, most, reach) {
  return [Math.min(0, least ?? 0), Math.max(reach, most ?? reach)];
}
