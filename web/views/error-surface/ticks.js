// Axes with ticks around a picture: numbers that keep their size however wide the picture is.

import { css, html, svg } from "lit";

/** @typedef {{ at: number, text: string }} Tick where it is on its axis, 0 to 1, and what stands there */

/** As many numbers as an axis has room for. */
const MOST = 6;

/** Round numbers within the ends of an axis. @param {number} from @param {number} to @returns {Tick[]} */
export function linearTicks(from, to) {
  const raw = (to - from) / MOST;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * /** @type {number} */ ([1, 2, 5, 10].find((factor) => factor * power >= raw));
  const [first, last] = [Math.ceil(from / step - 1e-6), Math.floor(to / step + 1e-6)];
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const value = (first + index) * step;
    return { at: (value - from) / (to - from), text: rounded(value, step) };
  });
}

/** @param {number} value @param {number} step between two ticks, which says how many decimals it takes */
function rounded(value, step) {
  return value.toFixed(Math.max(0, -Math.floor(Math.log10(step)))).replace("-", "−");
}

/** Powers of ten between the ends of a logarithmic axis, with 2 and 5 between them where they are few. @param {number} from @param {number} to @returns {Tick[]} */
export function logarithmicTicks(from, to) {
  const [low, high] = [Math.log10(from), Math.log10(to)];
  const factors = high - low > 2.5 ? [1] : [1, 2, 5];
  const every = Math.ceil((high - low) / MOST);
  const powers = Array.from({ length: Math.ceil(high) - Math.floor(low) + 1 }, (_, index) => Math.floor(low) + index);
  return powers
    .filter((power) => power % every === 0)
    .flatMap((power) => factors.map((factor) => factor * 10 ** power))
    .filter((value) => value >= from * 0.999 && value <= to * 1.001)
    .map((value) => ({ at: (Math.log10(value) - low) / (high - low), text: written(value) }));
}

/** @param {number} value a power of ten, or 2 or 5 times one */
function written(value) {
  const power = Math.floor(Math.log10(value) + 1e-9);
  const digit = Math.round(value / 10 ** power);
  if (power > -4 && power < 4) return String(Number((digit * 10 ** power).toPrecision(1)));
  const raised = Array.from(String(power), (sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("");
  return `${digit === 1 ? "" : `${digit}·`}10${raised}`;
}

export const axisStyles = css`
  .framed {
    display: grid;
    grid-template-columns: 52px minmax(0, 1fr);
    gap: 2px 6px;
  }
  .y-axis,
  .x-axis {
    width: 100%;
    overflow: visible;
    fill: var(--quiet);
    font-size: 12px;
  }
  .y-axis {
    height: 100%;
  }
  .x-axis {
    grid-column: 2;
    height: 16px;
  }
  .y-title,
  .x-title {
    grid-column: 2;
    color: var(--quiet);
    font-size: 12px;
  }
  .x-title {
    text-align: right;
  }
`;

/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(2)}%`;

/**
 * A picture with its axes.
 *
 * @param {object} parts
 * @param {unknown} parts.picture
 * @param {{ title: string, ticks: Tick[] }} parts.x
 * @param {{ title: string, ticks: Tick[] }} parts.y
 */
export const framed = ({ picture, x, y }) => html`
  <div class="framed">
    <span class="y-title" aria-hidden="true">↑ ${y.title}</span>
    <svg class="y-axis" aria-hidden="true">
      ${y.ticks.map(({ at, text }) => svg`<text x="100%" y=${percent(1 - at)} dy="4" text-anchor="end">${text}</text>`)}
    </svg>
    ${picture}
    <svg class="x-axis" aria-hidden="true">
      ${x.ticks.map(({ at, text }) => svg`<text x=${percent(at)} y="12" text-anchor=${at > 0.98 ? "end" : "middle"}>${text}</text>`)}
    </svg>
    <span class="x-title" aria-hidden="true">→ ${x.title}</span>
  </div>
`;
