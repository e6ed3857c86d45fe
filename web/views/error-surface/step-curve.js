import { LitElement, css, html, svg } from "lit";
import { lineStyles } from "../../runs/lines.js";
import { base } from "../../ui/theme.js";
import { tell } from "../../ui/events.js";
import { axisStyles, framed, linearTicks, logarithmicTicks } from "./ticks.js";
import { STEP_AXIS, leavesChart } from "./words.js";

/** @typedef {{ title: string, line: number, values: number[] }} StepLine one value for each step, the start first */

/** Units of the drawing. */
const WIDTH = 360;
const HEIGHT = 170;
/** Values further from the start's are cut off: a path that diverges must not press the others flat. */
const MOST = 10;
const LEAST = 1e-8;
/** Half of a mark's width. */
const MARK = 6;

/** Values along steps on a logarithmic scale; what leaves the chart is marked. A click tells the `step`. */
export class StepCurve extends LitElement {
  static properties = {
    label: { attribute: false },
    lines: { attribute: false },
    step: { attribute: false },
    steps: { attribute: false },
  };

  static styles = [
    base,
    lineStyles,
    axisStyles,
    css`
      .chart {
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
      .grid {
        stroke: var(--hairline);
        stroke-width: 0.7;
      }
      .mark {
        fill: var(--line);
      }
    `,
  ];

  constructor() {
    super();
    /** What the values are. */
    this.label = "";
    /** @type {StepLine[]} */
    this.lines = [];
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

  /** The ends of the axis, powers of ten about what is to be seen. @returns {[number, number]} */
  get #ends() {
    const all = this.lines.flatMap(({ values }) => values).filter((value) => value > 0);
    const start = Math.max(...this.lines.map(({ values }) => values[0]));
    const [lowest, highest] = [Math.min(...all), Math.max(...all)];
    const low = Math.floor(Math.log10(Math.max(lowest, start * LEAST)));
    const high = Math.log10(Math.min(highest, start * MOST));
    return [10 ** low, 10 ** Math.max(high, low + 1)];
  }

  /**
   * @param {StepLine} line
   * @param {(value: number) => number} y
   */
  #line({ line, values }, y) {
    const shown = values.slice(0, this.step + 1);
    const x = (/** @type {number} */ step) => (step / this.steps) * WIDTH;
    const points = shown.map(
      (value, step) => `${x(step).toFixed(1)} ${Math.min(Math.max(y(value), 0), HEIGHT).toFixed(1)}`,
    );
    const above = shown.findIndex((value) => y(value) < 0);
    const below = shown.findIndex((value) => y(value) > HEIGHT);
    return svg`<g class=${`line-${line}`}>
      <path class="line" d=${`M${points.join("L")}`} />
      ${above < 0 ? "" : svg`<path class="mark" d=${`M${x(above) - MARK} ${2 * MARK}h${2 * MARK}l${-MARK} ${-2 * MARK}z`} />`}
      ${below < 0 ? "" : svg`<path class="mark" d=${`M${x(below) - MARK} ${HEIGHT - 2 * MARK}h${2 * MARK}l${-MARK} ${2 * MARK}z`} />`}
    </g>`;
  }

  render() {
    const { lines, step, steps, label } = this;
    if (lines.length === 0) return;
    const [low, high] = this.#ends;
    const span = Math.log(high) - Math.log(low);
    const y = (/** @type {number} */ value) =>
      value > 0 ? HEIGHT - 2 - ((Math.log(value) - Math.log(low)) / span) * (HEIGHT - 4) : Infinity;
    const gone = (/** @type {(value: number) => boolean} */ test) =>
      lines.filter(({ values }) => values.slice(0, step + 1).some(test)).map(({ title }) => title);
    const ticks = logarithmicTicks(low, high);
    const now = ((step / steps) * WIDTH).toFixed(1);
    return html`
      ${framed({
        picture: html`<svg
          class="chart"
          viewBox="0 0 ${WIDTH} ${HEIGHT}"
          role="img"
          aria-label="${label} against steps"
          @click=${this.#click}
        >
          ${ticks.map(({ at }) => svg`<path class="grid" d=${`M0 ${(HEIGHT * (1 - at)).toFixed(1)}H${WIDTH}`} />`)}
          <path class="now" d="M${now} 0V${HEIGHT}" />
          ${lines.map((line) => this.#line(line, y))}
        </svg>`,
        x: { title: STEP_AXIS, ticks: linearTicks(0, steps) },
        y: { title: label, ticks },
      })}
      <p class="small quiet">
        ${leavesChart(
          "▲",
          gone((value) => y(value) < 0),
        )}
        ${leavesChart(
          "▼",
          gone((value) => y(value) > HEIGHT),
        )}
      </p>
    `;
  }
}

customElements.define("convscope-step-curve", StepCurve);
