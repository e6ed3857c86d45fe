import { css, html, svg } from "lit";
import { contours } from "d3-contour";
import { nextTask } from "../../ui/next-task.js";
import { steps } from "../../ui/keys.js";
import { short } from "../../ui/numbers.js";
import { lineStyles } from "../../runs/lines.js";
import { StagedElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { tell } from "../../ui/events.js";
import { isShown } from "./experiment.js";
import { axisStyles, framed, linearTicks } from "./ticks.js";

/**
 * @typedef {object} Frame the part of a surface that is shown
 * @property {[string, string]} parameters
 * @property {[number, number]} from
 * @property {[number, number]} to
 */
/**
 * @typedef {{ values: Float32Array, columns: number, rows: number }} Grid errors over the whole frame, row by row from
 * below
 */
/**
 * @typedef {object} Path
 * @property {string} title
 * @property {number} line which of the line styles, from 0
 * @property {Float32Array} points both parameters and the error after every step, the start first
 */

/** Units of the drawing for the surface's whole width. */
const WIDTH = 600;
const CONTOURS = 16;
/** So many contours are drawn in one task. */
const AT_ONCE = 3;
/** Half of the mark where a path leaves what is shown. */
const MARK = 7;
/** How far an arrow key moves the start, as a share of the width. */
const KEY_STEP = 1 / 60;

/**
 * Contours of an error surface with paths over it, and the error under the pointer. A click, or an arrow key on the
 * start, moves the start unless it is `fixed`: fires `convscope-start` with `{ start }`.
 */
export class SurfacePlot extends StagedElement {
  static properties = {
    surface: { attribute: false },
    grid: { attribute: false },
    paths: { attribute: false },
    step: { attribute: false },
    start: { attribute: false },
    fixed: { type: Boolean },
    pointed: { state: true },
  };

  static styles = [
    base,
    lineStyles,
    axisStyles,
    css`
      .surface {
        display: block;
        width: 100%;
        height: auto;
        outline: 1px solid var(--hairline);
        touch-action: manipulation;
        cursor: crosshair;
      }
      .surface.fixed {
        cursor: default;
      }
      p {
        margin-top: 4px;
      }
      .contour,
      .band {
        fill: var(--quiet);
        fill-opacity: 0.045;
      }
      .contour {
        stroke: var(--quiet);
        stroke-opacity: 0.5;
        stroke-width: 0.7;
      }
      .end {
        fill: var(--line);
        stroke: var(--paper);
        stroke-width: 1.5;
      }
      .start {
        fill: var(--paper);
        stroke: var(--ink);
        stroke-width: 2;
      }
      .touch {
        fill: transparent;
      }
      g:focus-visible {
        outline: none;
      }
      g:focus-visible .start {
        stroke: var(--accent);
        stroke-width: 4;
      }
      .lowest {
        stroke: var(--ink);
        stroke-width: 1.5;
      }
      .below {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 2px 16px;
        padding-left: 58px;
      }
      .below p {
        margin: 0;
      }
      .heights {
        width: 96px;
        height: 12px;
        margin: 0 2px;
        vertical-align: -2px;
      }
    `,
  ];

  /** @type {{ lines: string[], low: number, high: number }} the contours as path data, from low to high */
  #contours = { lines: [], low: 0, high: 0 };
  /** @type {{ grid: Grid, surface: Frame } | undefined} what they are the contours of */
  #contoured;

  constructor() {
    super();
    /** @type {Frame | undefined} */
    this.surface = undefined;
    /** @type {Grid | undefined} */
    this.grid = undefined;
    /** @type {Path[]} */
    this.paths = [];
    /** How many steps of each path are shown. */
    this.step = 0;
    /** @type {[number, number]} */
    this.start = [0, 0];
    /** Whether the start stays where it is. */
    this.fixed = false;
    /** @type {[number, number] | undefined} where the pointer is */
    this.pointed = undefined;
  }

  get #height() {
    const { from, to } = /** @type {Frame} */ (this.surface);
    return (WIDTH * (to[1] - from[1])) / (to[0] - from[0]);
  }

  /** @param {number} p @param {number} q @returns {[number, number]} units of the drawing */
  #place(p, q) {
    const { from, to } = /** @type {Frame} */ (this.surface);
    return [((p - from[0]) / (to[0] - from[0])) * WIDTH, ((to[1] - q) / (to[1] - from[1])) * this.#height];
  }

  async scheduleUpdate() {
    for (let { grid, surface } = this; grid && surface; { grid, surface } = this) {
      if (grid === this.#contoured?.grid && surface === this.#contoured.surface) break;
      this.#contours = await this.#contoursOf(grid);
      this.#contoured = { grid, surface };
    }
    await super.scheduleUpdate();
  }

  /** @param {Grid} grid */
  async #contoursOf({ values, columns, rows }) {
    // Heights as roots, which turn a valley's floor and walls into straight lines: contours between the grid's points are
    // smooth then. By rank, so that they spread over any surface; squared, which puts those of a bowl at equal distances.
    const ranked = values.toSorted();
    const root = (/** @type {number} */ value) => Math.sqrt(value - ranked[0]);
    const errors = Array.from(
      { length: CONTOURS },
      (_, index) => ranked[Math.floor(((index + 0.5) / CONTOURS) ** 2 * ranked.length)],
    );
    /** @param {number[]} point of the grid, whose cells are squares about its numbers */
    const point = ([column, row]) => {
      const x = ((column - 0.5) / (columns - 1)) * WIDTH;
      const y = (1 - (row - 0.5) / (rows - 1)) * this.#height;
      return `${x.toFixed(1)} ${y.toFixed(1)}`;
    };
    const height = contours().size([columns, rows]);
    const roots = Array.from(values, root);
    /** @type {string[]} */
    const lines = [];
    for (const [index, error] of errors.entries()) {
      if (index % AT_ONCE === 0) await nextTask();
      const { coordinates } = height.contour(roots, root(error));
      lines.push(coordinates.flatMap((rings) => rings.map((ring) => `M${ring.map(point).join("L")}Z`)).join(""));
    }
    return { lines, low: errors[0], high: errors[CONTOURS - 1] };
  }

  /** @param {[number, number]} start */
  #move([p, q]) {
    const { from, to } = /** @type {Frame} */ (this.surface);
    const inside = (/** @type {number} */ value, /** @type {0 | 1} */ axis) =>
      Math.min(Math.max(value, from[axis]), to[axis]);
    tell(this, "start", [inside(p, 0), inside(q, 1)]);
  }

  /** @param {PointerEvent} event @returns {[number, number]} the parameters there */
  #under(event) {
    const { from, to } = /** @type {Frame} */ (this.surface);
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const share = [(event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height];
    const at = (/** @type {0 | 1} */ axis) => from[axis] + share[axis] * (to[axis] - from[axis]);
    return [at(0), at(1)];
  }

  /** @param {[number, number]} place @returns {number} the error there, linear between the grid's points */
  #error(place) {
    const { from, to } = /** @type {Frame} */ (this.surface);
    const { values, columns, rows } = /** @type {Grid} */ (this.grid);
    const [column, row] = [columns, rows].map(
      (count, axis) => ((place[axis] - from[axis]) / (to[axis] - from[axis])) * (count - 1),
    );
    const [left, below] = [Math.min(Math.floor(column), columns - 2), Math.min(Math.floor(row), rows - 2)];
    const at = (/** @type {number} */ right, /** @type {number} */ up) => values[(below + up) * columns + left + right];
    const [x, y] = [column - left, row - below];
    return (1 - y) * ((1 - x) * at(0, 0) + x * at(1, 0)) + y * ((1 - x) * at(0, 1) + x * at(1, 1));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const direction = steps(event);
    if (!direction || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { from, to } = /** @type {Frame} */ (this.surface);
    const [right, down] = direction;
    const step = (to[0] - from[0]) * KEY_STEP * (event.shiftKey ? 5 : 1);
    this.#move([this.start[0] + right * step, this.start[1] - down * step]);
  }

  /** A path up to where it leaves what is shown for good, which is marked. @param {Path} path */
  #path({ line, points }) {
    const surface = /** @type {Frame} */ (this.surface);
    const shown = Math.min(this.step + 1, points.length / 3);
    const isIn = (/** @type {number} */ step) => isShown(surface, points[3 * step], points[3 * step + 1]);
    const last = Array.from({ length: shown }, (_, step) => step).findLast(isIn) ?? 0;
    const drawn = Math.min(last + 2, shown);
    const places = Array.from({ length: drawn }, (_, step) => this.#place(points[3 * step], points[3 * step + 1]));
    const end = places[drawn - 1];
    return svg`<g class=${`line-${line}`}>
      <path class="line" d=${`M${places.map((place) => place.map((unit) => unit.toFixed(1)).join(" ")).join("L")}`} />
      ${drawn - 1 === last ? svg`<circle class="end" cx=${end[0]} cy=${end[1]} r="5" />` : this.#exit(places[last], end)}
    </g>`;
  }

  /** An arrow head at the border, on the way from a place inside to one outside. @param {number[]} inside @param {number[]} outside */
  #exit(inside, outside) {
    const border = [WIDTH, this.#height];
    const shares = [0, 1].map((axis) => {
      const way = outside[axis] - inside[axis];
      return way === 0 ? 1 : ((way > 0 ? border[axis] : 0) - inside[axis]) / way;
    });
    const share = Math.min(1, ...shares);
    const [x, y] = [0, 1].map((axis) => inside[axis] + share * (outside[axis] - inside[axis]));
    const turn = (Math.atan2(outside[1] - inside[1], outside[0] - inside[0]) * 180) / Math.PI;
    return svg`<path
      class="end"
      d=${`M0 0L${-2 * MARK} ${-MARK}V${MARK}Z`}
      transform=${`translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${turn.toFixed(0)})`}
    />`;
  }

  #heights() {
    const { low, high } = this.#contours;
    return html`<p class="quiet small">
      error ${short(low)}
      <svg class="heights" viewBox="0 0 ${CONTOURS} 2" preserveAspectRatio="none" aria-hidden="true">
        ${Array.from(
          { length: CONTOURS },
          (_, band) => svg`<rect class="band" x=${band} width=${CONTOURS - band} height="2" />`,
        )}
      </svg>
      ${short(high)}
    </p>`;
  }

  #lowest() {
    const { values, columns, rows } = /** @type {Grid} */ (this.grid);
    const index = values.reduce((best, value, at) => (value < values[best] ? at : best), 0);
    const [column, row] = [index % columns, Math.floor(index / columns)];
    // On the edge it is only where the picture ends.
    if (column === 0 || row === 0 || column === columns - 1 || row === rows - 1) return;
    const [x, y] = [(column / (columns - 1)) * WIDTH, (1 - row / (rows - 1)) * this.#height];
    return svg`<path class="lowest" d=${`M${x - 6} ${y}h12M${x} ${y - 6}v12`} />`;
  }

  render() {
    const { surface, grid, start } = this;
    if (!surface || !grid) return;
    const [x, y] = this.#place(...start);
    const [p, q] = surface.parameters;
    const told = (/** @type {[number, number]} */ place) =>
      `${p} ${short(place[0])}, ${q} ${short(place[1])}: error ${short(this.#error(place))}`;
    const picture = html`
      <svg
        viewBox="0 0 ${WIDTH} ${this.#height}"
        class="surface ${this.fixed ? "fixed" : ""}"
        @click=${(/** @type {PointerEvent} */ event) => this.fixed || this.#move(this.#under(event))}
        @pointermove=${(/** @type {PointerEvent} */ event) => (this.pointed = this.#under(event))}
        @pointerleave=${() => (this.pointed = undefined)}
      >
        ${this.#contours.lines.map((line) => svg`<path class="contour" d=${line} />`)} ${this.#lowest()}
        ${this.paths.map((path) => this.#path(path))}
        ${
          this.fixed
            ? svg`<circle class="start" cx=${x} cy=${y} r="5" />`
            : svg`<g
                tabindex="0"
                role="button"
                aria-label=${`Start at ${told(start)}. Arrow keys move it.`}
                @keydown=${this.#press}
              >
                <circle class="touch" cx=${x} cy=${y} r="16" />
                <circle class="start" cx=${x} cy=${y} r="5" />
              </g>`
        }
      </svg>
    `;
    return html`
      ${framed({
        picture,
        x: { title: p, ticks: linearTicks(surface.from[0], surface.to[0]) },
        y: { title: q, ticks: linearTicks(surface.from[1], surface.to[1]) },
      })}
      <div class="below">
        <p class="small" aria-hidden="true">${this.pointed ? told(this.pointed) : `Start: ${told(start)}`}</p>
        ${this.#heights()}
      </div>
    `;
  }
}

customElements.define("convscope-surface-plot", SurfacePlot);
