import { css, html, nothing } from "lit";
import { cellSize, paint } from "../ui/heat-map.js";
import { steps } from "../ui/keys.js";
import { PixelRatio } from "../ui/pixel-ratio.js";
import { StagedElement } from "../ui/staged-element.js";
import { base } from "../ui/theme.js";
import { frameStyles } from "../ui/frame.js";
import { tell } from "../ui/events.js";

/** @typedef {import("../ui/colour-scales.js").Meaning} Meaning */
/**
 * @typedef {{ row: number, column: number, height: number, width: number }} Window in cells; it may reach into the
 * padding
 */
/** @typedef {{ values: Float32Array, width: number, height: number }} Picture ink, row by row */
/** @typedef {{ top: number, right: number, bottom: number, left: number }} Padding in cells */

const NO_PADDING = { top: 0, right: 0, bottom: 0, left: 0 };

/** How much ink a pixel needs to lie within the edge of a drawing. */
const INKED = 0.4;

/**
 * The line between the pixels with ink and those without, where a map of other colours lies under it.
 * @param {HTMLCanvasElement} canvas with the colour of the line
 * @param {Picture} drawing
 * @param {number} side of a pixel, in CSS pixels
 */
function paintEdge(canvas, { values, width, height }, side) {
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * side * ratio);
  canvas.height = Math.round(height * side * ratio);
  const context = canvas.getContext("2d");
  if (!context) return;
  const inked = (/** @type {number} */ x, /** @type {number} */ y) =>
    x >= 0 && y >= 0 && x < width && y < height && values[y * width + x] >= INKED;
  context.scale(side * ratio, side * ratio);
  context.lineWidth = 1.5 / side;
  context.lineCap = "square";
  context.strokeStyle = getComputedStyle(canvas).color;
  context.beginPath();
  for (let y = 0; y <= height; y++) {
    for (let x = 0; x <= width; x++) {
      if (inked(x, y) !== inked(x - 1, y)) {
        context.moveTo(x, y);
        context.lineTo(x, y + 1);
      }
      if (inked(x, y) !== inked(x, y - 1)) {
        context.moveTo(x, y);
        context.lineTo(x + 1, y);
      }
    }
  }
  context.stroke();
}

/**
 * One map as a picture, with a window on it. Where it is movable, pointer and arrow keys choose a cell:
 * `convscope-cell` with `{ row, column }`; `convscope-point` tells the cell under a pointer, and `undefined` when it
 * leaves.
 */
export class Plane extends StagedElement {
  static properties = {
    values: { attribute: false },
    width: { attribute: false },
    height: { attribute: false },
    meaning: { attribute: false },
    limit: { attribute: false },
    space: { attribute: false },
    window: { attribute: false },
    cell: { attribute: false },
    padding: { attribute: false },
    movable: { attribute: false },
    follows: { attribute: false },
    filled: { attribute: false },
    drawing: { attribute: false },
    label: { attribute: false },
    dark: { attribute: false },
  };

  static styles = [
    base,
    frameStyles,
    css`
      .field {
        position: relative;
        width: var(--across);
        height: var(--along);
        outline: 1px solid var(--hairline);
        background: repeating-linear-gradient(45deg, var(--hairline) 0 1px, transparent 1px 5px);
      }
      .field:focus-visible {
        outline: 2px solid var(--accent);
      }
      .movable {
        cursor: crosshair;
      }
      canvas {
        position: absolute;
        background: var(--paper);
      }
      .partly {
        background: none;
      }
      .edge {
        color: var(--ink);
        background: none;
        pointer-events: none;
      }
      .cell {
        outline-width: 1.5px;
        outline-offset: 0.5px;
        box-shadow: inset 0 0 0 1px var(--halo, transparent);
      }
    `,
  ];

  /** Where the mouse was last. */
  #mouse = [NaN, NaN];

  constructor() {
    super();
    new PixelRatio(this);
    /** [height × width] @type {Float32Array} */
    this.values = new Float32Array(0);
    this.width = 1;
    this.height = 1;
    /** @type {Meaning} */
    this.meaning = "activation";
    /** The value of full colour. */
    this.limit = 1;
    /** CSS pixels that the longer side may take, padding included. */
    this.space = 168;
    /** What is framed. @type {Window | undefined} */
    this.window = undefined;
    /** The cell that is framed. @type {{ row: number, column: number } | undefined} */
    this.cell = undefined;
    /** Cells around the map that are drawn as padding. @type {Padding} */
    this.padding = NO_PADDING;
    /** Whether a cell can be chosen. */
    this.movable = false;
    /** Whether a mouse chooses the cell that it is on, without being pressed. */
    this.follows = false;
    /** So many cells are there yet; all if undefined. @type {number | undefined} */
    this.filled = undefined;
    /** A drawing whose edge is drawn over the map. @type {Picture | undefined} */
    this.drawing = undefined;
    this.label = "";
    this.dark = false;
  }

  updated() {
    const { width, height, padding, meaning, dark, limit } = this;
    const canvas = this.renderRoot.querySelector("canvas");
    const field = /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(".field"));
    if (!canvas || !field || this.values.length < width * height) return;
    const across = width + padding.left + padding.right;
    const along = height + padding.top + padding.bottom;
    const side = cellSize(Math.max(across, along), this.space);
    paint(canvas, this.values, { width, height, meaning, dark, limit });
    if (this.filled !== undefined) this.#cut(canvas, this.filled);
    field.style.setProperty("--across", `${across * side}px`);
    field.style.setProperty("--along", `${along * side}px`);
    /** @param {HTMLElement} element @param {Window} window */
    const place = ({ style }, window) => {
      style.left = `${(window.column + padding.left) * side}px`;
      style.top = `${(window.row + padding.top) * side}px`;
      style.width = `${window.width * side}px`;
      style.height = `${window.height * side}px`;
    };
    place(canvas, { row: 0, column: 0, height, width });
    const edge = /** @type {HTMLCanvasElement | null} */ (this.renderRoot.querySelector(".edge"));
    if (this.drawing && edge) {
      paintEdge(edge, this.drawing, side);
      place(edge, { row: 0, column: 0, height, width });
    }
    const frames = /** @type {NodeListOf<HTMLElement>} */ (this.renderRoot.querySelectorAll(".frame"));
    if (this.window) place(frames[0], this.window);
    if (this.cell) place(frames[1], { ...this.cell, height: 1, width: 1 });
  }

  /** Leaves only the first cells. @param {HTMLCanvasElement} canvas @param {number} cells */
  #cut(canvas, cells) {
    const [row, column] = [Math.floor(cells / this.width), cells % this.width];
    const context = canvas.getContext("2d");
    context?.clearRect(column, row, this.width, 1);
    context?.clearRect(0, row + 1, this.width, this.height);
  }

  /** Gives the keys to a map whose cells can be chosen. */
  focusField() {
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(".field"))?.focus({ preventScroll: true });
  }

  /** @param {number} row @param {number} column */
  #choose(row, column) {
    if (row < 0 || column < 0 || row >= this.height || column >= this.width) return;
    if (row === this.cell?.row && column === this.cell.column) return;
    tell(this, "cell", { row, column });
  }

  /** @param {PointerEvent | MouseEvent} event */
  #cellAt(event) {
    const { left, top, width, height } = /** @type {HTMLCanvasElement} */ (
      this.renderRoot.querySelector("canvas")
    ).getBoundingClientRect();
    const row = Math.floor(((event.clientY - top) / height) * this.height);
    return { row, column: Math.floor(((event.clientX - left) / width) * this.width) };
  }

  /** @param {PointerEvent | MouseEvent} event */
  #point(event) {
    const { row, column } = this.#cellAt(event);
    this.#choose(row, column);
  }

  /** Whether a mouse has moved: when the page moves under it, browsers tell of that too. @param {PointerEvent} event */
  #isMove({ pointerType, clientX, clientY }) {
    const before = this.#mouse;
    this.#mouse = [clientX, clientY];
    return pointerType === "mouse" && (clientX !== before[0] || clientY !== before[1]);
  }

  /** @param {PointerEvent} [event] none: the pointer has left */
  #hover(event) {
    tell(this, "pointcell", event && this.#cellAt(event));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = steps(event);
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { row, column } = this.cell ?? { row: 0, column: 0 };
    this.#choose(row + step[1], column + step[0]);
  }

  render() {
    const { movable, label } = this;
    const handlers = movable
      ? {
          point: (/** @type {PointerEvent} */ event) =>
            event.buttons & 1 || (this.follows && this.#isMove(event)) ? this.#point(event) : this.#hover(event),
          leave: () => this.#hover(),
          click: (/** @type {MouseEvent} */ event) => this.#point(event),
          key: (/** @type {KeyboardEvent} */ event) => this.#key(event),
        }
      : {};
    return html`
      <div
        class="field ${movable ? "movable" : ""}"
        role=${movable ? "application" : "img"}
        aria-label=${label}
        tabindex=${movable ? 0 : nothing}
        @pointerdown=${handlers.point}
        @pointermove=${handlers.point}
        @pointerleave=${handlers.leave}
        @click=${handlers.click}
        @keydown=${handlers.key}
      >
        <canvas class=${this.filled === undefined ? "" : "partly"}></canvas>
        ${this.drawing ? html`<canvas class="edge"></canvas>` : nothing}
        <div class="frame" ?hidden=${!this.window}></div>
        <div class="frame cell" ?hidden=${!this.cell}></div>
      </div>
    `;
  }
}

customElements.define("convscope-plane", Plane);
