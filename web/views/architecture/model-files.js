// Opening a model from elsewhere, by button, drop or paste, and taking the network on view out.

import { css, html, nothing } from "lit";
import { fieldStyles } from "../../ui/fields.js";
import { StagedElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { problemOf } from "../../session/problem.js";
import { designOf } from "./design.js";
import { FORMATS, exportModel } from "./exporting.js";
import { PRESETS } from "./presets.js";
import { MANY_WEIGHTS } from "./editor.js";
import * as words from "./words.js";

/** @typedef {import("./editor.js").Editor} Editor */
/** @typedef {import("../../session/session.js").Session} Session */
/** @typedef {import("./opening.js").Opened} Opened */

/** What a dialog for files offers. */
const ACCEPTED = ".keras,.json,.py,.h5,.hdf5,.safetensors,.onnx,.zip,.bin";
/** What a text without a file's name is called. */
const PASTED = "What was pasted";

export class ModelFiles extends StagedElement {
  static properties = {
    editor: { attribute: false },
    session: { attribute: false },
    over: { state: true },
    told: { state: true },
    problem: { state: true },
  };

  static styles = [
    base,
    fieldStyles,
    css`
      .files {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 14px;
      }
      .drop {
        padding: 3px 10px;
        border: 1px dashed var(--quiet);
        border-radius: 3px;
      }
      .drop[data-over] {
        border-color: var(--accent);
        background: color-mix(in srgb, var(--accent) 12%, transparent);
      }
      select {
        max-width: 100%;
      }
      .told {
        white-space: pre-line;
      }
      .problem {
        margin-top: 6px;
        padding-left: 8px;
        border-left: 3px solid var(--alarm);
        color: var(--alarm);
        white-space: pre-line;
        overflow-wrap: anywhere;
      }
      @media (hover: none) and (pointer: coarse) {
        .drop {
          display: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Editor | undefined} */
    this.editor = undefined;
    /** @type {Session | undefined} */
    this.session = undefined;
    /** Whether a file is held above the page. */
    this.over = false;
    this.told = "";
    this.problem = "";
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("dragover", this.#hover);
    addEventListener("dragleave", this.#leave);
    addEventListener("drop", this.#drop);
    addEventListener("paste", this.#paste);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener("dragover", this.#hover);
    removeEventListener("dragleave", this.#leave);
    removeEventListener("drop", this.#drop);
    removeEventListener("paste", this.#paste);
  }

  /** @param {DragEvent} event */
  #hover = (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.over = true;
  };

  #leave = () => {
    this.over = false;
  };

  /** @param {DragEvent} event */
  #drop = (event) => {
    this.over = false;
    const files = Array.from(event.dataTransfer?.files ?? []);
    if (files.length === 0) return;
    event.preventDefault();
    void this.#openFiles(files);
  };

  /** @param {ClipboardEvent} event */
  #paste = (event) => {
    const isTyped = event
      .composedPath()
      .some((one) => one instanceof HTMLElement && /^(?:INPUT|TEXTAREA)$/.test(one.tagName));
    const files = Array.from(event.clipboardData?.files ?? []);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (isTyped || (files.length === 0 && !text.trim())) return;
    event.preventDefault();
    if (files.length) void this.#openFiles(files);
    else void this.#open(PASTED, async () => (await import("./opening.js")).openText(PASTED, text));
  };

  /** @param {File[]} files */
  #openFiles(files) {
    const { design } = this.editor ?? {};
    return this.#open(files[0].name, async () => (await import("./opening.js")).openFiles(files, design));
  }

  /** @param {string} name @param {() => Promise<Opened>} read */
  async #open(name, read) {
    this.problem = this.told = "";
    try {
      const { design, weights, passedOver } = await read();
      const title = name.replace(/\.[a-z0-9]+$/i, "");
      await this.editor?.start(design, { title: name === PASTED ? design.name : title, weights });
      this.told = [`${name} is open${weights ? "" : ", with random weights: untrained"}.`, words.passedOver(passedOver)]
        .join("\n")
        .trim();
    } catch (error) {
      this.problem = `${name}: ${problemOf(error).message}`;
    }
  }

  /** @param {Event} event */
  #choose({ target }) {
    const field = /** @type {HTMLInputElement} */ (target);
    const files = Array.from(field.files ?? []);
    field.value = "";
    if (files.length) void this.#openFiles(files);
  }

  /** @param {Event} event */
  async #preset({ target }) {
    const select = /** @type {HTMLSelectElement} */ (target);
    const preset = PRESETS.find(({ name }) => name === select.value);
    select.value = "";
    if (!preset) return;
    await this.#open(preset.title, async () => ({ design: designOf(preset.config), passedOver: [] }));
    if (!this.problem) this.told = preset.sentence;
  }

  /** @param {Event} event */
  async #export({ target }) {
    const select = /** @type {HTMLSelectElement} */ (target);
    const { value } = select;
    select.value = "";
    this.problem = this.told = "";
    try {
      if (this.session) this.told = `Written: ${(await exportModel(this.session, value)).join(" and ")}.`;
    } catch (error) {
      this.problem = problemOf(error).message;
    }
  }

  #many() {
    const { judgement, design, built, building } = this.editor ?? {};
    const params = judgement?.summary?.params ?? 0;
    const waits = !judgement?.fault && params > MANY_WEIGHTS && design !== built;
    return html`<p ?hidden=${!waits} class="small">
      ${words.manyWeights(params)}
      <button ?disabled=${building} @click=${() => this.editor?.build()}>
        ${building ? "Making them …" : words.makeWeights(params)}
      </button>
    </p>`;
  }

  render() {
    const { over, told, problem } = this;
    return html`
      <div class="files">
        <label
          >Start from
          <select @change=${this.#preset}>
            <option value="">…</option>
            ${PRESETS.map(({ name, title }) => html`<option value=${name}>${title}</option>`)}
          </select></label
        >
        <button @click=${() => this.renderRoot.querySelector("input")?.click()}>Open a model…</button>
        <input type="file" multiple hidden accept=${ACCEPTED} aria-label="Model file" @change=${this.#choose} />
        <span class="drop quiet small" data-over=${over ? "true" : nothing}>${words.DROP}</span>
        <label
          >Export
          <select @change=${this.#export}>
            <option value="">…</option>
            ${FORMATS.map(({ value, text }) => html`<option value=${value}>${text}</option>`)}
          </select></label
        >
      </div>
      ${this.#many()}
      <p class="told small quiet" role="status" aria-label="Model files">${told}</p>
      <p class="problem small" role="alert" ?hidden=${!problem}>${problem}</p>
    `;
  }
}

customElements.define("convscope-model-files", ModelFiles);
