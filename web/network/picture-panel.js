import { css, html, nothing } from "lit";
import { cellSize } from "../ui/heat-map.js";
import { paintImage } from "../ui/image.js";
import { readPicture } from "../questions/pictures.js";
import { inputOf, isOnPaper } from "../session/picture.js";
import { SessionElement } from "../session/session-element.js";
import { Camera } from "./camera.js";
import { base } from "../ui/theme.js";
import { SEEN_AS, nameOf } from "./picture-words.js";
import * as words from "./picture-words.js";

/** @typedef {import("../session/picture.js").Picture} Picture */
/** @typedef {import("../session/session.js").Session} Session */

/** Pixels along a side of a picture that is brought: enough for every network here, and for its ink to be found. */
const SIDE = 224;
/** CSS pixels of what the network sees. */
const SPACE = 112;

/** Why the last picture could not be taken, by session. @type {WeakMap<Session, string>} */
const problems = new WeakMap();

/**
 * Puts a picture in the place of the drawing.
 *
 * @param {Session} session
 * @param {Blob} file
 */
export async function bring(session, file) {
  try {
    const planes = await readPicture(file, SIDE);
    const values = Float32Array.from(
      { length: 3 * SIDE * SIDE },
      (_, index) => planes[index % 3][Math.floor(index / 3)],
    );
    take(session, values, nameOf(file));
  } catch (error) {
    problems.set(session, /** @type {Error} */ (error).message);
    session.dispatchEvent(new Event("drawing"));
  }
}

/** @param {Session} session @param {Float32Array} values [224, 224, 3] @param {string} title */
function take(session, values, title) {
  problems.delete(session);
  /** @type {Picture["shape"]} */
  const shape = [SIDE, SIDE, 3];
  const picture = { values, shape, title, example: false, inverted: isOnPaper(values, shape), centred: true };
  session.paper.replace({ strokes: [], shift: [0, 0], picture });
}

/** The picture, where a drawing would be. */
export class PictureOnPad extends SessionElement {
  static styles = [
    base,
    css`
      :host {
        position: absolute;
        inset: 0;
        pointer-events: none;
      }
      canvas {
        width: 100%;
        height: 100%;
        object-fit: contain;
      }
    `,
  ];

  /** @param {import("../session/session.js").Kind} kind */
  changed(kind) {
    if (kind === "drawing") this.requestUpdate();
  }

  updated() {
    const { picture } = this.session?.drawing ?? {};
    const canvas = this.renderRoot.querySelector("canvas");
    if (canvas && picture) paintImage(canvas, picture.values, picture.shape, this.dark);
  }

  render() {
    const { picture } = this.session?.drawing ?? {};
    return picture ? html`<canvas role="img" aria-label=${words.pictureLabel(picture)}></canvas>` : nothing;
  }
}

/** Where a picture comes from, and what the network gets of it. */
export class PicturePanel extends SessionElement {
  static properties = { open: { attribute: false }, seen: { attribute: false } };

  static styles = [
    base,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-bottom: 6px;
      }
      .row button {
        flex: 1 1 auto;
        padding: 2px 6px;
      }
      video {
        width: 100%;
        aspect-ratio: 1;
        object-fit: cover;
      }
      .seen {
        margin: 6px 0;
      }
      .seen canvas {
        margin-bottom: 4px;
        outline: 1px solid var(--hairline);
      }
      label {
        display: flex;
        align-items: center;
        gap: 6px;
        min-height: 24px;
      }
      .problem {
        color: var(--alarm);
      }
    `,
  ];

  #camera = new Camera(this);

  constructor() {
    super();
    /** Whether pictures can be chosen here. */
    this.open = false;
    /** Whether what the network gets of it is shown elsewhere. */
    this.seen = false;
  }

  /** @param {import("../session/session.js").Kind} kind */
  changed(kind) {
    if (kind === "drawing" || kind === "model") this.requestUpdate();
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    if (changes.has("open") && !this.open) this.#camera.stop();
  }

  updated() {
    const { session, dark } = this;
    const { picture, shift } = session?.drawing ?? {};
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.renderRoot.querySelector(".seen canvas"));
    this.#camera.show(this.renderRoot.querySelector("video"));
    if (!session || !canvas || !picture) return;
    const shape = session.inputShape;
    paintImage(canvas, inputOf(picture, shape, shift), shape, dark);
    const cell = cellSize(Math.max(shape[0], shape[1]), SPACE);
    canvas.style.width = `${cell * shape[1]}px`;
    canvas.style.height = `${cell * shape[0]}px`;
  }

  /** @param {Event} event */
  #pick({ target }) {
    const input = /** @type {HTMLInputElement} */ (target);
    const [file] = input.files ?? [];
    if (file && this.session) void bring(this.session, file);
    // So that the same file can be taken again.
    input.value = "";
  }

  #snap() {
    const values = this.#camera.picture(SIDE);
    if (values && this.session) take(this.session, values, words.CAMERA_PICTURE);
    this.#camera.stop();
  }

  #source() {
    const camera = this.#camera;
    return html`
      <div class="row">
        <button @click=${() => /** @type {HTMLElement} */ (this.renderRoot.querySelector("input[type=file]")).click()}>
          Open a picture
        </button>
        <input type="file" accept="image/*" hidden aria-label="Picture file" @change=${this.#pick} />
        ${
          camera.on
            ? html`<button @click=${this.#snap}>Take the picture</button>
                <button @click=${() => camera.stop()}>Stop</button>`
            : html`<button @click=${() => camera.start()}>Camera</button>`
        }
      </div>
      ${camera.on ? html`<video autoplay playsinline muted aria-label="Camera"></video>` : nothing}
      <p class="quiet small">${words.SOURCES}</p>
    `;
  }

  /** @param {Picture} picture @param {"inverted" | "centred"} name @param {string} text */
  #switch(picture, name, text) {
    const { session } = this;
    const change = (/** @type {Event} */ { target }) => {
      const chosen = { ...picture, [name]: /** @type {HTMLInputElement} */ (target).checked };
      session?.paper.replace({ ...session.drawing, picture: chosen });
    };
    return html`<label class="small"
      ><input type="checkbox" .checked=${picture[name]} @change=${change} />${text}</label
    >`;
  }

  #seen() {
    const { session } = this;
    const { picture } = session?.drawing ?? {};
    if (!session || !picture || picture.example) return nothing;
    const [height, width, channels] = session.inputShape;
    return html`
      <div class="seen">
        <div ?hidden=${this.seen}>
          <canvas role="img" aria-label=${SEEN_AS}></canvas>
          <div class="quiet small">${SEEN_AS}: ${height}×${width}×${channels}</div>
        </div>
        ${channels === 1 ? this.#switch(picture, "inverted", words.INVERT) : nothing}
        ${session.paper.draws ? this.#switch(picture, "centred", words.CENTRE) : nothing}
      </div>
    `;
  }

  render() {
    const { session } = this;
    if (!session) return nothing;
    const problem = problems.get(session) ?? this.#camera.problem;
    return html`
      ${this.open ? this.#source() : nothing} ${this.#seen()}
      <p class="problem small" role="alert">${problem}</p>
    `;
  }
}

customElements.define("convscope-picture", PictureOnPad);
customElements.define("convscope-picture-panel", PicturePanel);
