import { LitElement, css, html } from "lit";
import { SIDE } from "../../data/image-size.js";
import { cellSize, paint } from "../../ui/heat-map.js";
import { steps } from "../../ui/keys.js";
import { PixelRatio } from "../../ui/pixel-ratio.js";
import { base } from "../../ui/theme.js";
import { tell } from "../../ui/events.js";

/**
 * An image of the network's input that can be taken hold of. Pointer and arrow keys move it by whole pixels:
 * `convscope-drag` with `{ right, down }`, how far it goes on.
 */
export class DragPicture extends LitElement {
  static properties = {
    image: { attribute: false },
    space: { attribute: false },
    label: { attribute: false },
    dark: { attribute: false },
  };

  static styles = [
    base,
    css`
      canvas {
        width: var(--side);
        height: var(--side);
        outline: 1px solid var(--hairline);
        cursor: grab;
        touch-action: none;
      }
      canvas:active {
        cursor: grabbing;
      }
      canvas:focus-visible {
        outline: 2px solid var(--accent);
      }
    `,
  ];

  /**
   * The pixel that a pointer took hold of, where it is now.
   * @type {{ pointer: number, column: number, row: number } | undefined}
   */
  #held;

  constructor() {
    super();
    new PixelRatio(this);
    /** [SIDE × SIDE] */
    this.image = new Float32Array(SIDE * SIDE);
    /** CSS pixels that a side may take. */
    this.space = 224;
    this.label = "";
    this.dark = false;
  }

  get #canvas() {
    return /** @type {HTMLCanvasElement} */ (this.renderRoot.querySelector("canvas"));
  }

  updated() {
    const canvas = this.#canvas;
    paint(canvas, this.image, { width: SIDE, height: SIDE, meaning: "ink", dark: this.dark, limit: 1 });
    canvas.style.setProperty("--side", `${cellSize(SIDE, this.space) * SIDE}px`);
  }

  /** @param {number} right @param {number} down */
  #move(right, down) {
    if (right || down) tell(this, "shift", { right, down });
  }

  /** @param {PointerEvent} event */
  #pixelOf(event) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - left) / width) * SIDE);
    return { pointer: event.pointerId, column, row: Math.floor(((event.clientY - top) / height) * SIDE) };
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0 || this.#held) return;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#held = this.#pixelOf(event);
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    const held = this.#held;
    if (!held || held.pointer !== event.pointerId) return;
    this.#held = this.#pixelOf(event);
    this.#move(this.#held.column - held.column, this.#held.row - held.row);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (this.#held?.pointer === event.pointerId) this.#held = undefined;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = steps(event);
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#move(...step);
  }

  render() {
    return html`<canvas
      role="application"
      aria-label=${this.label}
      tabindex="0"
      @pointerdown=${this.#down}
      @pointermove=${this.#drag}
      @pointerup=${this.#up}
      @pointercancel=${this.#up}
      @keydown=${this.#key}
    ></canvas>`;
  }
}

customElements.define("convscope-drag-picture", DragPicture);
