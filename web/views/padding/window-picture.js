import { css, html } from "lit";
import { steps } from "../../ui/keys.js";
import { StagedElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { hatchingStyles } from "./hatching.js";
import { tell } from "../../ui/events.js";

/** @typedef {import("../../questions/windows.js").Windows} Windows */

/**
 * A picture of windows on cells, which pointer and arrow keys go through: `convscope-window` with `{ row, column }`.
 */
export class WindowPicture extends StagedElement {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = {
    windows: { attribute: false },
    cells: { attribute: false },
    size: { attribute: false },
    place: { attribute: false },
  };

  /** @type {import("lit").CSSResultGroup} */
  static styles = [
    base,
    hatchingStyles,
    css`
      [role="application"] {
        width: fit-content;
        max-width: 100%;
        cursor: crosshair;
      }
      svg {
        display: block;
        max-width: 100%;
        height: auto;
        overflow: visible;
      }
      text {
        fill: currentColor;
        font-size: 13px;
        text-anchor: middle;
        dominant-baseline: central;
      }
      .lines {
        fill: none;
        stroke: var(--hairline);
      }
      .real {
        fill: var(--paper);
        stroke: var(--quiet);
      }
      .fan {
        fill: color-mix(in srgb, var(--accent) 14%, transparent);
        stroke: none;
      }
      .sight {
        fill: none;
        stroke: var(--accent);
        stroke-dasharray: 4 3;
      }
      .window {
        fill: none;
        stroke: var(--accent);
        stroke-width: 2.5;
      }
      .here {
        fill: color-mix(in srgb, var(--accent) 22%, var(--paper));
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Windows} */
    this.windows = { starts: [0], before: 0, after: 0, skipped: [] };
    /** Cells along an axis of the input. */
    this.cells = 1;
    /** Cells along a side of the window. */
    this.size = 1;
    /** The output whose window is shown. */
    this.place = { row: 0, column: 0 };
  }

  /** The window whose middle is nearest. @param {number} cell where something points at on the input, in cells */
  nearest(cell) {
    const middles = this.windows.starts.map((start) => Math.abs(start + this.size / 2 - cell));
    return middles.indexOf(Math.min(...middles));
  }

  /** @param {number} row @param {number} column */
  choose(row, column) {
    const last = this.windows.starts.length - 1;
    if (row < 0 || column < 0 || row > last || column > last) return;
    if (row === this.place.row && column === this.place.column) return;
    tell(this, "window", { row, column });
  }

  /**
   * @abstract
   * @param {number} _x where a pointer is on the picture, in its units
   * @param {number} _y
   */
  point(_x, _y) {}

  /** @param {PointerEvent} event */
  #pointed(event) {
    const picture = /** @type {SVGSVGElement} */ (this.renderRoot.querySelector("svg"));
    const { left, top, width } = picture.getBoundingClientRect();
    const unit = picture.viewBox.baseVal.width / width;
    this.point((event.clientX - left) * unit, (event.clientY - top) * unit);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = steps(event);
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.choose(this.place.row + step[1], this.place.column + step[0]);
  }

  /** @param {string} label @param {unknown} picture */
  framed(label, picture) {
    return html`<div
      role="application"
      tabindex="0"
      aria-label=${label}
      @pointermove=${this.#pointed}
      @pointerdown=${this.#pointed}
      @keydown=${this.#key}
    >
      ${picture}
    </div>`;
  }
}
