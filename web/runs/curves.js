import { LitElement, css, html, nothing } from "lit";
import uPlot from "uplot";
import { counted } from "../ui/counted.js";
import { nextTask } from "../ui/next-task.js";
import { commonRange, tickTexts, valueRange, valueText } from "./chart-axes.js";
import { drawLeaving, drawMarks } from "./chart-marks.js";
import { lineStyles } from "./lines.js";
import { base } from "../ui/theme.js";
import { BELOW_LOGARITHM, chartName, leavesChart } from "./words.js";

/** @typedef {import("./chart-marks.js").Mark} Mark */
/**
 * @typedef {object} Line
 * @property {string} label
 * @property {string} line how it is drawn: "training", "validation" or a class of `lineStyles`
 * @property {boolean} [sparse] whether its points are few, and marked
 * @property {boolean} [faint] whether it stands behind the others, thin and pale, as what they smooth
 * @property {number[]} x
 * @property {number[]} y as many; NaN where nothing is known
 */

/** How many columns a key moves the cursor by. */
const KEYS = new Map([
  ["ArrowRight", 1],
  ["ArrowLeft", -1],
  ["PageUp", 10],
  ["PageDown", -10],
]);
/** Room at an axis beside the numbers at its ticks, in CSS pixels. */
const BESIDE_TICKS = 18;

/** Curves over a common axis, with their values under the pointer or where the arrow keys have moved. */
export class Curves extends LitElement {
  static properties = {
    caption: { attribute: false },
    unit: { attribute: false },
    lines: { attribute: false },
    percent: { attribute: false },
    logarithmic: { attribute: false },
    dark: { attribute: false },
    reach: { attribute: false },
    blank: { attribute: false },
    ceiling: { attribute: false },
    marks: { attribute: false },
    at: { attribute: false },
    index: { state: true },
  };

  // uPlot positions its parts by these classes; its own style sheet has no place in a shadow root.
  static styles = [
    base,
    lineStyles,
    css`
      .training {
        --line: var(--accent);
      }
      .validation {
        --line: var(--ink);
        --dash: 6 4;
      }
      figure {
        margin: 0;
      }
      figcaption {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 16px;
        min-height: 36px;
      }
      .value {
        display: inline-block;
      }
      .value + .value {
        margin-left: 12px;
      }
      .swatch {
        margin-right: 6px;
      }
      .line.faint {
        stroke-width: 1;
        opacity: 0.5;
      }
      .plot {
        height: var(--chart-height, 200px);
        outline-offset: 0;
      }
      .uplot,
      .u-wrap {
        position: relative;
        user-select: none;
      }
      .u-over,
      .u-under,
      .u-axis,
      .u-cursor-x,
      .u-cursor-pt {
        position: absolute;
      }
      .u-cursor-x {
        top: 0;
        left: 0;
        height: 100%;
        border-right: 1px solid var(--quiet);
        pointer-events: none;
      }
      .u-cursor-pt {
        top: 0;
        left: 0;
        border-radius: 50%;
        pointer-events: none;
      }
      .u-off,
      .u-cursor-y,
      .u-select {
        display: none;
      }
      canvas {
        width: 100%;
        height: 100%;
        image-rendering: auto;
      }
    `,
  ];

  /** @type {uPlot | undefined} */
  #plot;
  /** Whether the plot has to be made anew. */
  #stale = true;
  #resized = new ResizeObserver(([{ contentRect }]) => {
    this.#plot?.setSize({ width: contentRect.width, height: contentRect.height });
  });

  constructor() {
    super();
    this.caption = "";
    /** What the common axis counts. */
    this.unit = "step";
    /** @type {Line[]} */
    this.lines = [];
    /** Whether the values are shares. */
    this.percent = false;
    /** Whether equal distances stand for equal ratios of the values, which are then above 0. */
    this.logarithmic = false;
    this.dark = false;
    /** So far the common axis goes at least. */
    this.reach = 1;
    /** The range of the values where there are none. @type {import("./chart-axes.js").Range} */
    this.blank = [0, 1];
    /** Values above it are marked at the edge, so that the others stay legible. A logarithmic axis has room for all. */
    this.ceiling = Infinity;
    /** Places of the common axis that are named. @type {Mark[]} */
    this.marks = [];
    /** Where the values are read while nothing is pointed at; undefined: at the end. @type {number | undefined} */
    this.at = undefined;
    /** @type {number | undefined} where the cursor is */
    this.index = undefined;
  }

  connectedCallback() {
    super.connectedCallback();
    this.requestUpdate();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
    // Where it was only moved, it gets another.
    this.#stale = true;
  }

  async scheduleUpdate() {
    await nextTask();
    super.scheduleUpdate();
  }

  /**
   * How the theme draws something, as a canvas takes it.
   *
   * @param {string} className
   * @param {string} name of the custom property with its colour
   */
  #drawn(className, name) {
    const probe = document.createElement("span");
    probe.className = className;
    probe.style.color = `var(${name})`;
    this.shadowRoot?.append(probe);
    const style = getComputedStyle(probe);
    const { color } = style;
    const dash = style.getPropertyValue("--dash").trim();
    probe.remove();
    return { color, dash: dash ? dash.split(/\s+/).map(Number) : undefined };
  }

  /** The lines over one axis, as uPlot takes them. @returns {uPlot.AlignedData} */
  get #data() {
    const tables = this.lines.map(
      ({ x, y }) => /** @type {uPlot.AlignedData} */ ([x, y.map((value) => this.#drawable(value))]),
    );
    const [common, ...values] = tables.length ? uPlot.join(tables) : [[]];
    // Without points, uPlot draws no axes.
    return common.length ? [common, ...values] : [[0, this.reach], ...this.lines.map(() => [null, null])];
  }

  /** @param {number} value null where uPlot is to leave it out */
  #drawable(value) {
    return Number.isFinite(value) && (!this.logarithmic || value > 0) ? value : null;
  }

  #options() {
    const { logarithmic, percent } = this;
    const style = getComputedStyle(this);
    const { color: quiet } = this.#drawn("", "--quiet");
    const { color: hairline } = this.#drawn("", "--hairline");
    const { color: paper } = this.#drawn("", "--paper");
    const font = `12px ${style.fontFamily}`;
    const axis = { stroke: quiet, font, grid: { stroke: hairline, width: 1 }, ticks: { stroke: hairline, width: 1 } };
    const { clientWidth: width, clientHeight: height } = this.#place;
    const measure = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
    measure.font = font;
    return /** @type {uPlot.Options} */ ({
      width: width || 300,
      height: height || 200,
      legend: { show: false },
      cursor: { y: false, drag: { setScale: false, x: false, y: false } },
      scales: {
        x: { time: false, range: (_, least, most) => commonRange(least, most, this.reach) },
        y: { distr: logarithmic ? 3 : 1, range: (_, least, most) => valueRange(least, most, this) },
      },
      axes: [
        {
          ...axis,
          size: 26,
          space: 64,
          values: (_, ticks) => tickTexts(ticks, false),
          label: this.unit,
          labelFont: font,
          labelSize: 18,
          labelGap: 0,
        },
        {
          ...axis,
          // As wide as the longest of its numbers, which are there after the first round.
          size: (_, texts) =>
            BESIDE_TICKS + Math.max(24, ...(texts ?? []).map((text) => measure.measureText(text).width)),
          values: (_, ticks) => tickTexts(ticks, percent),
        },
      ],
      series: [
        {},
        ...this.lines.map(({ label, line, sparse, faint }) => {
          const { color, dash } = this.#drawn(line, "--line");
          const points = { show: sparse === true, size: 6, fill: color };
          return faint
            ? { label, stroke: color, alpha: 0.25, width: 1, spanGaps: true, points }
            : { label, stroke: color, dash, width: 2, spanGaps: true, points };
        }),
      ],
      hooks: {
        setCursor: [({ cursor }) => (this.index = cursor.idx ?? undefined)],
        draw: [
          (chart) => {
            drawMarks(chart, this.marks, {
              colour: quiet,
              paper,
              font: `${12 * devicePixelRatio}px ${style.fontFamily}`,
            });
            drawLeaving(chart);
          },
        ],
      },
    });
  }

  get #place() {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector(".plot"));
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    const before = /** @type {Line[] | undefined} */ (changes.get("lines"));
    const others = changes.has("lines") && drawnAs(before) !== drawnAs(this.lines);
    const anew = ["dark", "logarithmic", "unit", "percent"].some((name) => changes.has(name));
    if (others || anew) this.#stale = true;
  }

  /** @param {import("lit").PropertyValues} changes */
  updated(changes) {
    // uPlot holds on to each plot until its end, and nobody would end one that is made after this has left the page.
    if (!this.isConnected) return;
    if (this.#stale) {
      this.#stale = false;
      this.#plot?.destroy();
      this.#plot = new uPlot(this.#options(), this.#data, this.#place);
      this.#resized.observe(this.#place);
    } else if (["lines", "reach", "blank", "ceiling", "marks"].some((name) => changes.has(name))) {
      this.#plot?.setData(this.#data);
    }
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const plot = this.#plot;
    const steps = KEYS.get(event.key);
    if (!plot || steps === undefined) return;
    event.preventDefault();
    const { length } = plot.data[0];
    const index = Math.min(length - 1, Math.max(0, (this.index ?? length - 1) + steps));
    plot.setCursor({ left: plot.valToPos(plot.data[0][index], "x"), top: 0 });
  }

  /** What is known at the cursor, or last, and where that is. */
  #values() {
    const data = this.#plot?.data;
    const rest = this.at ?? Math.max(...this.lines.flatMap(({ x }) => x.slice(-1)));
    const at = this.index === undefined || !data ? rest : (data[0][this.index] ?? rest);
    const values = this.lines.map(({ label, line, faint, sparse, x, y }) => {
      // Where other lines have a point and this one has none, it is at its last.
      const place = x.findLastIndex((one, index) => one <= at && Number.isFinite(y[index]));
      const elsewhere = sparse && place >= 0 && x[place] !== at;
      return html`<span class="value ${faint ? "quiet" : ""}">
        <svg class="swatch" viewBox="0 0 26 8" aria-hidden="true">
          <path class="line ${line} ${faint ? "faint" : ""}" d="M0 4H26" /></svg
        >${label}
        ${valueText(y[place] ?? NaN, this.percent)}${elsewhere ? html` <span class="quiet">at ${placeText(x[place])}</span>` : nothing}</span
      >`;
    });
    return html`${values}${Number.isFinite(at) ? html` <span class="value quiet">${this.unit} ${placeText(at)}</span>` : nothing}`;
  }

  /** What can't be seen, in words. */
  #hidden() {
    const values = this.lines.flatMap(({ y }) => y).filter(Number.isFinite);
    if (this.logarithmic) return values.some((value) => value <= 0) ? BELOW_LOGARITHM : "";
    const most = values.reduce((one, other) => Math.max(one, other), -Infinity);
    return most > this.ceiling ? leavesChart(valueText(most, this.percent)) : "";
  }

  render() {
    return html`
      <figure>
        <figcaption class="small">
          <strong>${this.caption}</strong><span>${this.#values()} <span class="quiet">${this.#hidden()}</span></span>
        </figcaption>
        <div
          class="plot"
          tabindex="0"
          role="img"
          aria-label=${chartName(this.caption, this.unit)}
          @keydown=${this.#move}
        ></div>
      </figure>
    `;
  }
}

/** @param {Line[] | undefined} lines */
function drawnAs(lines) {
  return lines?.map(({ label, line, faint }) => `${label} ${line} ${faint}`).join();
}

/** @param {number} x */
function placeText(x) {
  return Number.isInteger(x) ? counted(x) : String(Number(x.toFixed(2)));
}

customElements.define("convscope-curves", Curves);
