import { LitElement, css, html, svg } from "lit";
import { short } from "../../ui/numbers.js";
import { lineStyles } from "../../runs/lines.js";
import { base } from "../../ui/theme.js";
import { tell } from "../../ui/events.js";

/** @typedef {import("./surface-plot.js").Path} Path */

/** Units of the drawing. */
const WIDTH = 360;
const HEIGHT = 170;
/** Errors further from the start's are cut off: a path that diverges must not press the others flat. */
const MOST = 10;

/**
 * The error along each path against steps, on a logarithmic scale where no error is negative. A click fires
 * `convscope-step`.
 */
export class ErrorCurve extends LitElement {
  static properties = {
    paths: { attribute: false },
    step: { attribute: false },
    steps: { attribute: false },
  };

  static styles = [
    base,
    lineStyles,
    css`
      svg {
        display: block;
        width: 100%;
        height: auto;
        outline: 1px solid var(--hairline);
        cursor: col-resize;
      }
      .now {
        stroke: var(--quiet);
        stroke-width: 1;
      }
      .axes {
        display: flex;
        justify-content: space-between;
        gap: 12px;
        margin-top: 4px;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Path[]} */
    this.paths = [];
    /** The step that is marked. */
    this.step = 0;
    /** The last step of the axis. */
    this.steps = 1;
  }

  /** @param {PointerEvent} event */
  #click(event) {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    tell(this, "step", Math.round(((event.clientX - box.left) / box.width) * this.steps));
  }

  render() {
    const { paths, step, steps } = this;
    if (paths.length === 0) return;
    const errors = paths.map(({ points }) => points.filter((_, index) => index % 3 === 2));
    const all = errors.flatMap((list) => Array.from(list));
    const start = errors[0][0];
    const logarithmic = all.every((error) => error >= 0);
    const lowest = all.reduce((a, b) => Math.min(a, b));
    const [low, high] = logarithmic
      ? [Math.max(lowest, start / 1e6), Math.min(Math.max(...all), start * MOST)]
      : [Math.max(lowest, start - MOST * Math.abs(start)), Math.min(Math.max(...all), start + MOST * Math.abs(start))];
    const scale = logarithmic ? Math.log : (/** @type {number} */ error) => error;
    const x = (/** @type {number} */ at) => ((at / steps) * WIDTH).toFixed(1);
    const y = (/** @type {number} */ error) => {
      const within = Math.min(Math.max(error, low), high);
      const share = (scale(within) - scale(low)) / (scale(high) - scale(low) || 1);
      return (HEIGHT - 4 - share * (HEIGHT - 8)).toFixed(1);
    };
    return html`
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Error against steps" @click=${this.#click}>
        <path class="now" d="M${x(step)} 0V${HEIGHT}" />
        ${paths.map(({ line }, index) => {
          const points = Array.from(errors[index].subarray(0, step + 1), (error, at) => `${x(at)} ${y(error)}`);
          return svg`<path class=${`line line-${line}`} d=${`M${points.join("L")}`} />`;
        })}
      </svg>
      <div class="axes quiet small" aria-hidden="true">
        <span>↑ error, ${short(low)} to ${short(high)}${logarithmic ? ", logarithmic" : ""}</span>
        <span>→ step, 0 to ${steps}</span>
      </div>
    `;
  }
}

customElements.define("convscope-error-curve", ErrorCurve);
