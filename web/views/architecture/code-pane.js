// The network as Keras code, which is an editor too: what is typed becomes the network once it can be read.

import { css, html, nothing } from "lit";
import { tell } from "../../ui/events.js";
import { StagedElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { designOf, graphOfDesign, inOrder } from "./design.js";
import { highlighted } from "./highlight.js";
import { KERAS_CODE } from "./words.js";

/** @typedef {import("./editor.js").Editor} Editor */
/** @typedef {{ name: string, line: number, lastLine: number }} LayerRange */

/** What is typed is read after a pause, in milliseconds. */
const PAUSE = 350;

/** Tells `pointlayer`. */
export class CodePane extends StagedElement {
  static properties = {
    editor: { attribute: false },
    marked: { attribute: false },
    code: { state: true },
    problem: { state: true },
  };

  static styles = [
    base,
    css`
      .page {
        position: relative;
        display: grid;
        max-height: 72vh;
        overflow: auto;
        border: 1px solid var(--hairline);
        border-radius: 3px;
        overscroll-behavior-x: contain;
      }
      .page:focus-within {
        outline: 2px solid var(--accent);
        outline-offset: 2px;
      }
      pre,
      textarea {
        grid-area: 1 / 1;
        min-width: max-content;
        margin: 0;
        padding: 8px 10px 20px;
        border: 0;
        font:
          13px/20px ui-monospace,
          "SF Mono",
          Menlo,
          Consolas,
          "Liberation Mono",
          monospace;
        font-variant-ligatures: none;
        white-space: pre;
        tab-size: 4;
      }
      pre {
        min-height: 320px;
        pointer-events: none;
      }
      textarea {
        width: 100%;
        overflow: hidden;
        resize: none;
        background: none;
        color: transparent;
        caret-color: var(--ink);
        outline: none;
      }
      .line {
        display: block;
        min-height: 20px;
        margin: 0 -10px;
        padding: 0 10px;
      }
      .line[data-marked] {
        background: color-mix(in srgb, var(--accent) 16%, transparent);
      }
      .line[data-fault] {
        background: color-mix(in srgb, var(--alarm) 16%, transparent);
      }
      .string {
        color: light-dark(#7a3e00, #f0b27a);
      }
      .number {
        color: light-dark(#0b4f9e, #8fc1ff);
      }
      .comment {
        color: var(--quiet);
      }
      .word {
        color: var(--accent);
      }
      .problem {
        margin-top: 6px;
        color: var(--alarm);
      }
    `,
  ];

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause;
  /** Where the layers stand. @type {LayerRange[]} */
  #ranges = [];
  /** The design that the code says. @type {import("./design.js").Design | undefined} */
  #written;
  /** The line that cannot be read. @type {number | undefined} */
  #faultLine;

  constructor() {
    super();
    /** @type {Editor | undefined} */
    this.editor = undefined;
    /** @type {string | undefined} */
    this.marked = undefined;
    this.code = "";
    /** Why the code is not read. */
    this.problem = "";
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#pause);
  }

  willUpdate() {
    const { editor } = this;
    if (!editor?.design) return;
    if (editor.design === this.#written) return;
    this.#written = editor.design;
    clearTimeout(this.#pause);
    if (editor.code !== undefined) {
      this.code = editor.code;
      void this.#read(editor.code);
    } else void this.#write(editor.design);
  }

  /** @param {import("./design.js").Design} design */
  async #write(design) {
    const { writeKerasCode } = await import("../../exchange/python/keras-writer.js");
    if (design !== this.#written) return;
    try {
      const { code, ranges } = writeKerasCode(graphOfDesign(design));
      this.code = code;
      this.#ranges = ranges;
      this.#become("", undefined);
    } catch (error) {
      this.code = "";
      this.#ranges = [];
      this.#become(error instanceof Error ? error.message : String(error), undefined);
    }
  }

  /** @param {string} problem @param {number | undefined} line */
  #become(problem, line) {
    this.problem = problem;
    this.#faultLine = line;
    this.requestUpdate();
  }

  /** @param {string} code */
  async #read(code) {
    const { readKerasCode } = await import("../../exchange/python/keras-code.js");
    if (code !== this.code) return;
    try {
      const { config, ranges } = readKerasCode(code, { fits: false });
      const design = inOrder(designOf(config), ranges);
      this.#ranges = ranges;
      this.#written = design;
      this.#become("", undefined);
      this.editor?.change(design);
    } catch (error) {
      const { message, line } = /** @type {Error & { line?: number }} */ (error);
      this.#become(message, line);
      this.editor?.keepCode(code);
    }
  }

  /** @param {Event} event */
  #type({ target }) {
    this.code = /** @type {HTMLTextAreaElement} */ (target).value;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.#read(this.code), PAUSE);
  }

  /** @param {number} line from 1 */
  #layerAt(line) {
    return this.#ranges.find((range) => range.line <= line && line <= range.lastLine)?.name;
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const { top } = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    tell(this, "pointlayer", this.#layerAt(Math.floor((event.clientY - top - 8) / 20) + 1));
  }

  /** @param {Event} event */
  #caret({ target }) {
    const { value, selectionStart } = /** @type {HTMLTextAreaElement} */ (target);
    tell(this, "pointlayer", this.#layerAt(value.slice(0, selectionStart).split("\n").length));
  }

  render() {
    const { code, marked, problem, editor } = this;
    const judgement = editor?.judgement?.design === this.#written ? editor?.judgement : undefined;
    const [range, misfit] = [marked, judgement?.fault?.layer].map((name) =>
      this.#ranges.find((one) => one.name === name),
    );
    const within = (/** @type {LayerRange | undefined} */ one, /** @type {number} */ line) =>
      one !== undefined && one.line <= line && line <= one.lastLine;
    const lines = highlighted(code).map((parts, at) => {
      const line = at + 1;
      return html`<span
        class="line"
        data-marked=${within(range, line) ? "true" : nothing}
        data-fault=${line === this.#faultLine || within(misfit, line) ? "true" : nothing}
        >${parts.map(({ kind, text }) => (kind ? html`<span class=${kind}>${text}</span>` : text))}</span
      >`;
    });
    return html`
      <div class="page">
        <pre aria-hidden="true">${lines}</pre>
        <textarea
          aria-label=${KERAS_CODE}
          aria-describedby="problem"
          aria-invalid=${problem ? "true" : nothing}
          spellcheck="false"
          autocapitalize="off"
          autocomplete="off"
          autocorrect="off"
          wrap="off"
          .value=${code}
          @input=${this.#type}
          @pointermove=${this.#point}
          @pointerleave=${() => tell(this, "pointlayer", undefined)}
          @keyup=${this.#caret}
          @blur=${() => tell(this, "pointlayer", undefined)}
        ></textarea>
      </div>
      <p id="problem" class="problem small" role="alert">${problem ? `⚠ ${problem}` : ""}</p>
    `;
  }
}

customElements.define("convscope-code-pane", CodePane);
