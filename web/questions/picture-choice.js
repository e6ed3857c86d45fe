import { html, nothing } from "lit";
import { latest } from "../engine/latest.js";
import { readPicture } from "./pictures.js";
import { NO_FILE, PICTURE_HINT } from "./words.js";

/** @typedef {import("lit").ReactiveController} ReactiveController */

/**
 * A reactive controller that takes a picture which is chosen with its button, dropped on its element, or pasted while
 * the pointer or the focus is on that.
 *
 * @implements {ReactiveController}
 */
export class PictureChoice {
  /** Why the last one was not taken. */
  problem = "";
  /** Whether a file is held over the element. */
  over = false;
  #host;
  #taken;
  #read;

  /**
   * @param {import("lit").LitElement} host
   * @param {{ side: number, taken: (planes: Float32Array[]) => void }} options `taken` is told red, green and blue of
   *   `side` × `side` pixels
   */
  constructor(host, { side, taken }) {
    this.#host = host;
    this.#taken = taken;
    this.#read = latest((/** @type {Blob} */ file) => readPicture(file, side));
    host.addController(this);
  }

  hostConnected() {
    this.#host.addEventListener("dragover", this.#dragged);
    this.#host.addEventListener("dragleave", this.#left);
    this.#host.addEventListener("drop", this.#dropped);
    document.addEventListener("paste", this.#pasted);
  }

  hostDisconnected() {
    this.#host.removeEventListener("dragover", this.#dragged);
    this.#host.removeEventListener("dragleave", this.#left);
    this.#host.removeEventListener("drop", this.#dropped);
    document.removeEventListener("paste", this.#pasted);
    this.#read.drop();
  }

  /** @param {boolean} over */
  #hold(over) {
    if (over === this.over) return;
    this.over = over;
    this.#host.requestUpdate();
  }

  /** @param {DragEvent} event */
  #dragged = (event) => {
    const types = event.dataTransfer?.types ?? [];
    if (!types.includes("Files") && !types.includes("text/uri-list")) return;
    // Without this the browser would leave the page for the file.
    event.preventDefault();
    this.#hold(true);
  };

  /** @param {DragEvent} event */
  #left = ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node) || !this.#host.contains(relatedTarget)) this.#hold(false);
  };

  /** @param {DragEvent} event */
  #dropped = (event) => {
    event.preventDefault();
    this.#hold(false);
    const file = event.dataTransfer?.files[0];
    if (file) void this.take(file);
    else this.#refuse(NO_FILE);
  };

  /** @param {ClipboardEvent} event */
  #pasted = (event) => {
    const here = this.#host.matches(":hover") || event.composedPath().includes(this.#host);
    const files = Array.from(event.clipboardData?.files ?? []);
    const file = files.find(({ type }) => type.startsWith("image/")) ?? files[0];
    if (!here || !file) return;
    event.preventDefault();
    void this.take(file);
  };

  /** @param {string} problem */
  #refuse(problem) {
    this.problem = problem;
    this.#host.requestUpdate();
  }

  /** @param {Blob} file */
  async take(file) {
    try {
      const planes = await this.#read(file);
      if (!planes) return;
      this.#refuse("");
      this.#taken(planes);
    } catch (error) {
      this.#refuse(/** @type {Error} */ (error).message);
    }
  }

  /** @param {Event} event */
  #chosen = ({ target }) => {
    const input = /** @type {HTMLInputElement} */ (target);
    if (input.files?.[0]) void this.take(input.files[0]);
    // The same file can be chosen again.
    input.value = "";
  };

  /** The button that opens the browser's own choice of files, and on a phone its camera. */
  button() {
    return html`<button
        type="button"
        title=${PICTURE_HINT}
        @click=${(/** @type {Event} */ { target }) =>
          /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (target).nextElementSibling).click()}
      >
        Your picture…
      </button>
      <input type="file" accept="image/*" aria-label="Picture file" hidden @change=${this.#chosen} />`;
  }

  /** What went wrong. */
  message() {
    return html`<p class="problem" role="alert" ?hidden=${!this.problem}>
      ${this.problem ? html`<strong>⚠</strong> ${this.problem}` : nothing}
    </p>`;
  }
}
