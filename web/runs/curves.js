import { LitElement, css, html, nothing } from "lit";
import uPlot from "uplot";
import { nextTask } from "../ui/next-task.js";
import { lineStyles } from "./lines.js";
import { base } from "../ui/theme.js";
import { percent } from "../ui/numbers.js";

/**
 * @typedef {object} Line
 * @property {string} label
 * @property {string} line how it is drawn: "training", "validation" or a class of `lineStyles`
 * @property {boolean} [sparse] whether its points are few, and marked
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

/** Curves over a common axis, with their values under the pointer or where the arrow keys have moved. */
export class Curves extends LitElement {
  static properties = {
    caption: { attribute: false },
    unit: { attribute: false },
    lines: { attribute: false },
    percent: { attribute: false },
    logarithmic: { attribute: false },
    dark: { attribute: false },
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
      .plot {
        height: 170px;
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
    /** @type {number | undefined} where the cursor is */
    this.index = undefined;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  async scheduleUpdate() {
    await nextTask();
    super.scheduleUpdate();
  }

  /** @param {number} value */
  #written(value) {
    if (!Number.isFinite(value)) return "–";
    return this.percent ? percent(value) : value.toPrecision(3);
  }

  /** @param {number | null} tick which a logarithmic axis has without a number, too */
  #tick(tick) {
    if (tick === null) return "";
    return this.percent ? `${Math.round(100 * tick)} %` : String(tick);
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
    const tables = this.lines.map(({ x, y }) => /** @type {uPlot.AlignedData} */ ([x, y.map(known)]));
    return tables.length ? uPlot.join(tables) : [[]];
  }

  #options() {
    const style = getComputedStyle(this);
    const { color: quiet } = this.#drawn("", "--quiet");
    const { color: hairline } = this.#drawn("", "--hairline");
    const font = `12px ${style.fontFamily}`;
    const axis = { stroke: quiet, font, grid: { stroke: hairline, width: 1 }, ticks: { stroke: hairline, width: 1 } };
    const { clientWidth: width, clientHeight: height } = this.#place;
    return /** @type {uPlot.Options} */ ({
      width: width || 300,
      height: height || 170,
      legend: { show: false },
      cursor: { y: false, drag: { setScale: false, x: false, y: false } },
      scales: { x: { time: false }, y: { distr: this.logarithmic ? 3 : 1 } },
      axes: [
        { ...axis, size: 26 },
        { ...axis, size: 58, values: (_, ticks) => ticks.map((tick) => this.#tick(tick)) },
      ],
      series: [
        {},
        ...this.lines.map(({ label, line, sparse }) => {
          const { color, dash } = this.#drawn(line, "--line");
          return { label, stroke: color, dash, width: 2, spanGaps: true, points: { show: sparse === true, size: 5 } };
        }),
      ],
      hooks: { setCursor: [({ cursor }) => (this.index = cursor.idx ?? undefined)] },
    });
  }

  get #place() {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector(".plot"));
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    const before = /** @type {Line[] | undefined} */ (changes.get("lines"));
    const others = changes.has("lines") && drawnAs(before) !== drawnAs(this.lines);
    if (others || changes.has("dark") || changes.has("logarithmic")) this.#stale = true;
  }

  /** @param {import("lit").PropertyValues} changes */
  updated(changes) {
    if (this.#stale) {
      this.#stale = false;
      this.#plot?.destroy();
      this.#plot = new uPlot(this.#options(), this.#data, this.#place);
      this.#resized.observe(this.#place);
    } else if (changes.has("lines")) {
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

  /** What is known at the cursor, or last. */
  #values() {
    const data = this.#plot?.data;
    const at = this.index;
    const x = at === undefined || !data ? undefined : data[0][at];
    const values = this.lines.map(({ label, line, y }, number) => {
      // Where other lines have a point and this one has none, it is at its last.
      const known = Array.from(data?.[number + 1] ?? []).slice(0, (at ?? 0) + 1);
      const value = x === undefined ? y.at(-1) : known.findLast((one) => typeof one === "number");
      return html`<span class="value">
        <svg class="swatch" viewBox="0 0 26 8" aria-hidden="true"><path class="line ${line}" d="M0 4H26" /></svg
        >${label} ${this.#written(value ?? NaN)}</span
      >`;
    });
    return html`${values}${x === undefined ? nothing : html`<span class="value quiet">${this.unit} ${Number(x.toFixed(2))}</span>`}`;
  }

  render() {
    return html`
      <figure>
        <figcaption class="small"><strong>${this.caption}</strong><span>${this.#values()}</span></figcaption>
        <div
          class="plot"
          tabindex="0"
          role="img"
          aria-label="${this.caption} by ${this.unit}; the arrow keys read its values, and a table follows"
          @keydown=${this.#move}
        ></div>
      </figure>
    `;
  }
}

/** @param {Line[] | undefined} lines */
function drawnAs(lines) {
  return lines?.map(({ label, line }) => `${label} ${line}`).join();
}

/** @param {number} value what uPlot leaves out */
function known(value) {
  return Number.isFinite(value) ? value : null;
}

customElements.define("convscope-curves", Curves);
