import { css, html, nothing } from "lit";
import { SIDE } from "../data/image-size.js";
import { shiftWords } from "../session/drawing.js";
import { steps } from "../ui/keys.js";
import { PixelRatio } from "../ui/pixel-ratio.js";
import { SessionElement } from "../session/session-element.js";
import { base } from "../ui/theme.js";
import { Pen } from "./pen.js";
import { INVITATION, PAD_KEYS, PICTURES_ONLY, SAMPLES } from "./words.js";

/** @typedef {import("../session/drawing.js").Point} Point */

/** The pen's width as a share of the pad, for the eye only: the network's image has its own pen. */
const PEN = 0.055;
/** A line that browsers draw, and nobody sees. */
const SPECK = PEN / 100;

/**
 * A touch that draws is no gesture: it neither selects nor zooms, a quick stroke does not turn into a fling that would
 * swallow the next tap, and a pen that rests opens no menu.
 * @param {Event} event
 */
function keepDrawing(event) {
  event.preventDefault();
}

/** Where digits are drawn, with the pen or from the keyboard. */
export class Pad extends SessionElement {
  static properties = { buttons: { type: Boolean }, seen: { type: Boolean }, brings: { state: true } };

  static styles = [
    base,
    css`
      .pad {
        position: relative;
        aspect-ratio: 1;
        outline: 1px solid var(--hairline);
        user-select: none;
        -webkit-user-select: none;
        -webkit-touch-callout: none;
      }
      canvas {
        width: 100%;
        height: 100%;
        image-rendering: auto;
        cursor: crosshair;
        touch-action: none;
      }
      .invitation {
        position: absolute;
        inset: 0;
        display: grid;
        place-content: center;
        padding: 16px;
        text-align: center;
        color: var(--quiet);
        pointer-events: none;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        margin: 8px 0;
      }
      /* Without a keyboard at hand the keys are for screen readers only. */
      @media (hover: none) and (pointer: coarse) {
        .keys {
          position: absolute;
          clip-path: inset(50%);
        }
      }
      .buttons button {
        flex: 1 1 auto;
        padding: 2px 1px;
        font-size: 13px;
      }
    `,
  ];

  #resize = new ResizeObserver(() => this.paint());
  /** @type {Pen | undefined} what draws at the moment */
  #pen;

  constructor() {
    super();
    new PixelRatio(this);
    /** Whether Clear, Undo and Sample stand below. */
    this.buttons = true;
    /** Whether what the network gets of the drawing is shown beside. */
    this.seen = false;
    /** Whether pictures can be chosen here, which takes more code. */
    this.brings = false;
    for (const type of /** @type {const} */ (["dragover", "drop"])) this.addEventListener(type, this.#drop);
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener("paste", this.#pasted);
  }

  get canvas() {
    return this.renderRoot.querySelector("canvas");
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener("paste", this.#pasted);
    this.#lift();
  }

  updated() {
    if (this.canvas) this.#resize.observe(this.canvas);
    this.paint();
    if (this.#shows) void import("./picture-panel.js");
  }

  /** Whether there is a picture, or only a picture can be there. */
  get #shows() {
    const { paper } = this.session ?? {};
    return this.brings || paper?.drawing.picture || paper?.draws === false;
  }

  /** @param {File | undefined} file */
  async #bring(file) {
    if (!file || !this.session) return;
    this.brings = true;
    const { bring } = await import("./picture-panel.js");
    await bring(this.session, file);
  }

  /** @param {DragEvent} event */
  #drop = (event) => {
    // Without this the browser would leave the page for the file.
    event.preventDefault();
    if (event.type === "drop") void this.#bring(event.dataTransfer?.files[0]);
  };

  /** @param {ClipboardEvent} event */
  #pasted = (event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (!file || !(this.matches(":hover") || event.composedPath().includes(this))) return;
    event.preventDefault();
    void this.#bring(file);
  };

  /** @param {import("../session/session.js").Kind} kind */
  changed(kind) {
    if (kind === "drawing" || kind === "model") this.requestUpdate();
  }

  paint() {
    const { canvas } = this;
    const context = canvas?.getContext("2d");
    if (!canvas || !context || !this.session) return;
    // Unlike its clientWidth, this is no whole number of CSS pixels.
    const side = Math.round(canvas.getBoundingClientRect().width * devicePixelRatio);
    if (canvas.width !== side) canvas.width = canvas.height = side;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, side, side);
    const { strokes, shift } = this.session.drawing;
    context.setTransform(side, 0, 0, side, (shift[0] / SIDE) * side, (shift[1] / SIDE) * side);
    context.strokeStyle = getComputedStyle(this).color;
    context.lineWidth = PEN;
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    for (const [[x, y], ...rest] of strokes) {
      context.moveTo(x, y);
      // A pen that rests leaves a dot, but lines without length leave nothing.
      context.lineTo(x + SPECK, y);
      for (const point of rest) context.lineTo(...point);
    }
    context.stroke();
  }

  /** @param {PointerEvent} event @returns {Point} */
  #pointOf(event) {
    const { left, top, width, height } = /** @type {HTMLElement} */ (this.canvas).getBoundingClientRect();
    return [(event.clientX - left) / width, (event.clientY - top) / height];
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0 || !this.session) return;
    if (this.#pen) {
      // A pen takes over from the hand that rests beside it.
      if (event.pointerType !== "pen" || this.#pen.type !== "touch") return;
      this.#pen.withdraw();
    }
    this.#pen = new Pen(this.session.paper, event, this.#pointOf(event));
    this.canvas?.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (event.pointerId !== this.#pen?.id) return;
    const events = event.getCoalescedEvents?.() ?? [];
    this.#pen.go((events.length ? events : [event]).map((one) => this.#pointOf(one)));
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (event.pointerId === this.#pen?.id) this.#lift();
  }

  #lift() {
    this.#pen?.lift();
    this.#pen = undefined;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key } = event;
    const step = steps(event);
    if ((event.ctrlKey || event.metaKey) && key === "z") this.session?.paper.undo();
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (step) this.session?.paper.shift(...step);
    else if (/^[0-9]$/.test(key)) void this.session?.paper.sample(Number(key));
    else return;
    event.preventDefault();
  }

  render() {
    const { session } = this;
    if (!session) return;
    const { blank, draws, generates } = session.paper;
    const moved = shiftWords(session.drawing.shift);
    const shows = this.#shows;
    return html`
      <div class="pad">
        <canvas
          ?hidden=${!draws}
          role="application"
          aria-label="Drawing pad"
          aria-describedby="help"
          tabindex="0"
          @pointerdown=${this.#down}
          @pointermove=${this.#move}
          @pointerup=${this.#up}
          @pointercancel=${this.#up}
          @lostpointercapture=${this.#up}
          @touchstart=${keepDrawing}
          @contextmenu=${keepDrawing}
          @keydown=${this.#key}
        ></canvas>
        <div class="invitation" aria-hidden="true" ?hidden=${!blank}>${draws ? INVITATION : PICTURES_ONLY}</div>
        ${shows ? html`<convscope-picture .session=${session} .dark=${this.dark}></convscope-picture>` : nothing}
      </div>
      <div class="buttons" ?hidden=${!this.buttons}>
        <button @click=${() => session.paper.clear()} ?disabled=${blank}>Clear</button>
        <button @click=${() => session.paper.undo()} ?disabled=${!session.paper.canUndo}>Undo</button>
        <button @click=${() => session.paper.sample()}>Sample</button>
        <button aria-expanded=${this.brings} @click=${() => (this.brings = !this.brings)}>Picture</button>
      </div>
      ${shows && this.buttons ? html`<convscope-picture-panel .session=${session} .open=${this.brings} .seen=${this.seen} .dark=${this.dark}></convscope-picture-panel>` : nothing}
      <p id="help" class="quiet small">
        ${moved ? `Shifted ${moved}.` : ""} ${draws ? html`<span class="keys">${PAD_KEYS}</span>` : nothing}
        ${generates ? SAMPLES : nothing}
      </p>
    `;
  }
}

customElements.define("convscope-pad", Pad);
