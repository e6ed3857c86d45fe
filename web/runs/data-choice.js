import { LitElement, css, html, nothing } from "lit";
import { generatedDigits } from "../data/choice.js";
import { beside, dropped, sample } from "../data/files.js";
import { filesOf } from "../data/folders.js";
import { Following } from "../ui/following.js";
import { counted } from "../ui/counted.js";
import { pageData } from "../session/page-data.js";
import { base } from "../ui/theme.js";
import { OR_DROP, SAMPLE, WHERE_MNIST_IS } from "./words.js";

const COUNTS = [1_000, 5_000, 20_000, 60_000];

/** Which data the networks of the page learn, and how much there is of it. */
export class DataChoiceElement extends LitElement {
  static properties = { count: { state: true }, seed: { state: true }, over: { state: true } };

  static styles = [
    base,
    css`
      :host {
        display: grid;
        gap: 8px;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 14px;
        min-height: 28px;
      }
      .files {
        padding: 8px 10px;
        border: 1px dashed var(--hairline);
        border-radius: 3px;
      }
      .over {
        border-color: var(--accent);
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      a {
        color: inherit;
      }
      progress {
        flex: 0 1 240px;
        accent-color: var(--accent);
      }
      .problem {
        color: var(--alarm);
      }
      p {
        max-width: 90ch;
        text-wrap: pretty;
      }
    `,
  ];

  #data = pageData();

  constructor() {
    super();
    this.count = 20_000;
    /** Which of the endless supply is on view. */
    this.seed = 0;
    /** Whether files are held over the place to drop them. */
    this.over = false;
    new Following(this, ["progress", "change"], () => this.#data);
  }

  /** @param {number} seed */
  #generate(seed) {
    this.seed = seed;
    const { count } = this;
    void this.#data.choose((engine) => generatedDigits(engine, { count, seed }));
    this.requestUpdate();
  }

  /** @param {Event} event */
  #setCount(event) {
    this.count = Number(/** @type {HTMLSelectElement} */ (event.target).value);
    this.#generate(this.seed);
  }

  /** @param {import("../data/formats/found.js").Dropped[]} files */
  #open(files) {
    if (files.length) void this.#data.choose((engine) => dropped(engine, files));
    this.requestUpdate();
  }

  /** @param {"multiple" | "webkitdirectory"} what */
  #ask(what) {
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(`input[${what}]`))?.click();
  }

  /** @param {Event} event */
  #pick(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const files = Array.from(input.files ?? []);
    this.#open(files.map((file) => ({ name: file.webkitRelativePath || file.name, content: file })));
    // So that the same file can be taken again once it is mended.
    input.value = "";
  }

  /** @param {DragEvent} event */
  #hold(event) {
    event.preventDefault();
    this.over = event.type === "dragover";
  }

  /** @param {DragEvent} event */
  async #drop(event) {
    event.preventDefault();
    this.over = false;
    if (event.dataTransfer) this.#open(await filesOf(event.dataTransfer));
  }

  #loading() {
    const { loading } = this.#data;
    if (!loading) return nothing;
    return html`
      <div class="row">
        Loading ${loading.title}…
        <progress max="1" .value=${loading.part} aria-label="Loading"></progress>
        <button @click=${() => this.#data.cancel()}>Cancel</button>
      </div>
    `;
  }

  #current() {
    const { current } = this.#data;
    if (!current) return nothing;
    const { title, note, classes, training, validation, test } = current;
    return html`
      <strong>${title}</strong>: ${counted(training.labels.length)} images to learn,
      ${counted(validation.labels.length)} for validation${test ? `, ${counted(test.labels.length)} to test` : ""}; each
      ${training.shape.join("×")}, of ${classes.length} classes.
      <span class="quiet">${note}</span>
    `;
  }

  render() {
    return html`
      <div class="row">
        <button @click=${() => this.#data.choose(sample)}>MNIST sample</button>
        <span class="quiet">${SAMPLE}</span>
      </div>
      <div class="row">
        <label
          >Generated digits
          <select @change=${this.#setCount}>
            ${COUNTS.map((count) => html`<option value=${count} ?selected=${count === this.count}>${counted(count)}</option>`)}
          </select>
        </label>
        <button @click=${() => this.#generate(this.seed + 1)}>New ones</button>
        <span class="quiet">seed ${this.seed}</span>
        <button @click=${() => this.#generate(this.seed)}>Generate</button>
      </div>
      <div
        class="row files ${this.over ? "over" : ""}"
        @dragover=${this.#hold}
        @dragleave=${this.#hold}
        @drop=${this.#drop}
      >
        <button @click=${() => this.#ask("multiple")}>Open files</button>
        <button @click=${() => this.#ask("webkitdirectory")}>Open a folder</button>
        <input type="file" multiple hidden aria-label="Files of images and labels" @change=${this.#pick} />
        <input type="file" webkitdirectory hidden aria-label="Folder of pictures" @change=${this.#pick} />
        <span class="quiet">${OR_DROP} ${MNIST_IS_BESIDE ? nothing : WHERE_MNIST_IS}</span>
        ${MNIST_IS_BESIDE ? html`<button @click=${() => this.#data.choose(beside)}>All of MNIST</button>` : nothing}
      </div>
      <p class="problem" role="alert">${this.#data.problem ?? ""}</p>
      ${this.#loading()}
      <p role="status" aria-label="Data">${this.#current()}</p>
    `;
  }
}

customElements.define("convscope-data-choice", DataChoiceElement);
