import { LitElement, css, html } from "lit";
import { steps } from "../../ui/keys.js";
import { PixelRatio } from "../../ui/pixel-ratio.js";
import { base } from "../../ui/theme.js";
import {
  fitted,
  paintCharacters,
  paintDots,
  paintName,
  paintPictures,
  pictureSheet,
  ring,
  square,
} from "./point-painting.js";
import { APART, roomy } from "./room.js";
import { tell } from "../../ui/events.js";

/** @typedef {import("../../convscope.js").LabelledImages} LabelledImages */
/** @typedef {import("./point-painting.js").Spot} Spot */
/** @typedef {{ coordinates: ArrayLike<number>, name: string }} Own the drawing's place, and what it is read as */

/** How far from a point a pointer may be, in CSS pixels. */
const REACH = 24;
/** Milliseconds of a move to new places. */
const MOVE = 400;

/**
 * Examples as points on a plane, each as the character of its class or as a small picture, with the drawing among them.
 * Events: `convscope-example` with `{ index }` for the one under the pointer or the keys; `{ index, kept: true }` for
 * the one clicked.
 */
export class PointMap extends LitElement {
  static properties = {
    images: { attribute: false },
    coordinates: { attribute: false },
    wrong: { attribute: false },
    own: { attribute: false },
    current: { attribute: false },
    pictures: { attribute: false },
    label: { attribute: false },
    dark: { attribute: false },
  };

  static styles = [
    base,
    css`
      .map {
        position: relative;
        aspect-ratio: 1.25;
        outline: 1px solid var(--hairline);
      }
      .map:focus-visible {
        outline: 2px solid var(--accent);
      }
      canvas {
        width: 100%;
        height: 100%;
        cursor: crosshair;
        image-rendering: auto;
      }
      /* A canvas knows no variables: it takes its colours from these. */
      .paper {
        color: var(--paper);
      }
      .ink {
        color: var(--ink);
      }
      @media (max-width: 560px) {
        .map {
          aspect-ratio: 1;
        }
      }
    `,
  ];

  #resize = new ResizeObserver(() => this.paint());
  /** Where the points were when they began to move. @type {ArrayLike<number>} */
  #from = [];
  #moving = 0;
  #began = 0;
  /**
   * Small pictures of the examples.
   * @type {{ of: LabelledImages, dark: boolean, canvas: HTMLCanvasElement } | undefined}
   */
  #sheet;

  constructor() {
    super();
    new PixelRatio(this);
    /** @type {LabelledImages | undefined} */
    this.images = undefined;
    /** [n, 2] @type {ArrayLike<number>} */
    this.coordinates = [];
    /** Which of them are read as something else. @type {Set<number>} */
    this.wrong = new Set();
    /** @type {Own | undefined} */
    this.own = undefined;
    /** The example that is pointed at. @type {number | undefined} */
    this.current = undefined;
    /** Whether examples are drawn as pictures. */
    this.pictures = false;
    this.label = "";
    this.dark = false;
  }

  firstUpdated() {
    this.#resize.observe(/** @type {Element} */ (this.renderRoot.querySelector("canvas")));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#moving);
  }

  /** @param {import("lit").PropertyValues} changes */
  updated(changes) {
    if (changes.has("coordinates")) this.#move(changes.get("coordinates") ?? []);
    else if (!this.#moving) this.paint();
  }

  /** @param {ArrayLike<number>} from where the points were */
  #move(from) {
    const jump = from.length !== this.coordinates.length || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#from = jump ? this.coordinates : from;
    this.#began = performance.now();
    cancelAnimationFrame(this.#moving);
    const frame = () => {
      this.#moving = this.#part < 1 ? requestAnimationFrame(frame) : 0;
      this.paint();
    };
    frame();
  }

  /** How much of the move is done, 0 to 1. */
  get #part() {
    return this.#from === this.coordinates ? 1 : Math.min(1, (performance.now() - this.#began) / MOVE);
  }

  /** Where all points stand in coordinates, on their way from old places to new ones. */
  get #places() {
    const part = this.#part;
    return Float32Array.from(this.coordinates, (value, at) => this.#from[at] + part * (value - this.#from[at]));
  }

  /** Where each example stands now. @returns {Spot[]} */
  #spots() {
    const { clientWidth: width, clientHeight: height } = /** @type {HTMLCanvasElement} */ (
      this.renderRoot.querySelector("canvas")
    );
    const places = this.#places;
    const place = fitted(places, { width, height });
    return Array.from({ length: places.length / 2 }, (_, index) => place(places, index));
  }

  paint() {
    const canvas = this.renderRoot.querySelector("canvas");
    const context = canvas?.getContext("2d");
    if (!canvas || !context || !this.images) return;
    const ratio = devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = canvas;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const colour = (/** @type {string} */ name) =>
      getComputedStyle(/** @type {Element} */ (this.renderRoot.querySelector(`.${name}`))).color;
    const { fontFamily: family } = getComputedStyle(this);
    const spots = this.#spots();
    const [ink, paper] = [colour("ink"), colour("paper")];
    const front = this.current === undefined ? this.wrong : [this.current, ...this.wrong];
    const shown = roomy(spots, front, APART[this.pictures ? "picture" : "character"]);
    paintDots(context, spots, this.images, this.dark);
    if (this.pictures) paintPictures(context, spots, shown, this.#pictureSheet(this.images));
    else paintCharacters(context, spots, shown, this.images, { dark: this.dark, family, paper });
    context.strokeStyle = ink;
    context.lineWidth = 1.5;
    for (const index of this.wrong) if (spots[index]) square(context, spots[index]);
    context.lineWidth = 1.5;
    const marked = this.current === undefined ? undefined : spots[this.current];
    if (marked) ring(context, marked);
    if (!this.own) return;
    const spot = fitted(this.#places, { width, height })(this.own.coordinates);
    context.lineWidth = 3;
    ring(context, spot);
    paintName(context, spot, `drawn: ${this.own.name}`, { width, colour: ink, paper, family });
  }

  /** @param {LabelledImages} images */
  #pictureSheet(images) {
    const { dark } = this;
    if (this.#sheet?.of !== images || this.#sheet.dark !== dark)
      this.#sheet = { of: images, dark, canvas: pictureSheet(images, dark) };
    return this.#sheet.canvas;
  }

  /** @param {MouseEvent} event @returns {number | undefined} the example there */
  #at({ clientX, clientY }) {
    const { left, top } = /** @type {HTMLCanvasElement} */ (
      this.renderRoot.querySelector("canvas")
    ).getBoundingClientRect();
    const [x, y] = [clientX - left, clientY - top];
    let nearest = REACH;
    /** @type {number | undefined} */
    let found;
    for (const [index, spot] of this.#spots().entries()) {
      const distance = Math.hypot(spot.x - x, spot.y - y);
      if (distance < nearest) [nearest, found] = [distance, index];
    }
    return found;
  }

  /** @param {number | undefined} index @param {boolean} [kept] */
  #tell(index, kept = false) {
    if (index === undefined || (index === this.current && !kept)) return;
    tell(this, "example", { index, kept });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = steps(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") this.#tell(this.current, true);
    else if (step) this.#tell(this.#beside(step));
    else return;
    event.preventDefault();
  }

  /** @param {[right: number, down: number]} step @returns {number | undefined} the nearest example in that direction */
  #beside([right, down]) {
    const spots = this.#spots();
    if (this.current === undefined) return 0;
    const from = spots[this.current];
    let nearest = Infinity;
    /** @type {number | undefined} */
    let found;
    for (const [index, { x, y }] of spots.entries()) {
      const along = (x - from.x) * right + (y - from.y) * down;
      const across = Math.abs((x - from.x) * down) + Math.abs((y - from.y) * right);
      // Within 45° of the direction, the near and straight ones first.
      if (along <= 0.5 || across > along) continue;
      if (along + 2 * across < nearest) [nearest, found] = [along + 2 * across, index];
    }
    return found;
  }

  render() {
    return html`
      <div
        class="map"
        role="application"
        aria-label=${this.label}
        tabindex="0"
        @pointermove=${(/** @type {PointerEvent} */ event) => this.#tell(this.#at(event))}
        @click=${(/** @type {MouseEvent} */ event) => this.#tell(this.#at(event), true)}
        @keydown=${this.#key}
      >
        <canvas></canvas>
        ${["paper", "ink"].map((name) => html`<i class=${name} hidden></i>`)}
      </div>
    `;
  }
}

customElements.define("convscope-point-map", PointMap);
