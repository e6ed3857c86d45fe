import { css, html, nothing } from "lit";
import { Stepper } from "../../ui/stepper.js";
import { windowsAlong } from "../../questions/windows.js";
import { WorkedExample } from "../../questions/worked-example.js";
import { choiceField, fieldStyles, numberField, unsent, withheld } from "../../ui/fields.js";
import { problemOf } from "../../session/problem.js";
import { tableStyles } from "../../ui/tables.js";
import { base } from "../../ui/theme.js";
import { LESSON, covered, impossible, legend, seen, withFloor, zeros } from "./words.js";
import "../../ui/lesson.js";
import "./window-row.js";
import "./window-square.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("../../questions/windows.js").Setting} Setting */
/** @typedef {import("../../questions/windows.js").Windows} Windows */
/** @typedef {{ setting: Setting, windows: Windows | undefined }} Answer no windows where none fits */

const MOST_CELLS = 32;
const LARGEST_WINDOW = 11;
const LARGEST_STRIDE = 5;
/** A row of more cells takes the whole width. */
const SIDE_BY_SIDE = 16;

/**
 * Padding and stride: which cells each output sees, how many outputs there are, and how many zeros that takes.
 *
 * @extends {WorkedExample<Answer>}
 */
export class PaddingView extends WorkedExample {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = { ...WorkedExample.properties, setting: { state: true }, window: { state: true } };

  static styles = [
    base,
    fieldStyles,
    tableStyles,
    css`
      .view {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 16px;
      }
      form {
        padding-bottom: 12px;
        border-bottom: 1px solid var(--hairline);
      }
      .formula {
        font-size: 20px;
      }
      .formula strong {
        font-weight: 600;
      }
      .formula + p {
        margin-top: 4px;
      }
      .pictures {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr));
        gap: 24px 32px;
      }
      .pictures.long {
        grid-template-columns: minmax(0, 1fr);
      }
      h2 {
        margin: 0 0 10px;
        font-size: inherit;
        font-weight: 600;
      }
      h2 span {
        font-weight: 400;
      }
      .impossible strong {
        color: var(--alarm);
      }
    `,
  ];

  #stepper = new Stepper(this, () => this.#step());

  constructor() {
    super();
    /** @type {Setting} */
    this.setting = { cells: 8, size: 3, stride: 2, padding: "same" };
    /** The output whose window is shown. */
    this.window = { row: 0, column: 0 };
  }

  /** @returns {Promise<Answer>} */
  async work() {
    const { setting } = this;
    try {
      return { setting, windows: await windowsAlong(setting) };
    } catch (error) {
      if (problemOf(error).code !== "shape") throw error;
      return { setting, windows: undefined };
    }
  }

  /** @param {Partial<Setting>} changes */
  #set(changes) {
    this.setting = { ...this.setting, ...changes };
    this.window = { row: 0, column: 0 };
    void this.ask();
  }

  #step() {
    const last = (this.answer?.windows?.starts.length ?? 1) - 1;
    const { row, column } = this.window;
    if (column < last) this.window = { row, column: column + 1 };
    else this.window = { row: row < last ? row + 1 : 0, column: 0 };
  }

  #controls() {
    const { cells, size, stride, padding } = this.setting;
    const field = (
      /** @type {string} */ text,
      /** @type {number} */ value,
      /** @type {number} */ max,
      /** @type {(value: number) => void} */ change,
    ) => numberField({ text, value, min: 1, max, whole: true, stepped: true, change });
    return html`<form ?hidden=${this.hides("controls")} @submit=${unsent} @change=${withheld}>
      ${field("Input n", cells, MOST_CELLS, (cells) => this.#set({ cells }))}
      ${field("Kernel k", size, LARGEST_WINDOW, (size) => this.#set({ size }))}
      ${field("Stride s", stride, LARGEST_STRIDE, (stride) => this.#set({ stride }))}
      ${choiceField({
        text: "Padding",
        value: padding,
        options: ["valid", "same"].map((name) => ({ value: name, text: name })),
        change: (padding) => this.#set({ padding: padding === "same" ? "same" : "valid" }),
      })}
      <button type="button" @click=${() => this.#stepper.toggle()}>${this.#stepper.running ? "Pause" : "Play"}</button>
    </form>`;
  }

  /** @param {Setting} setting @param {Windows} windows */
  #formula({ cells, size, stride, padding }, { starts }) {
    const [letters, numbers] =
      padding === "same"
        ? ["n / s", `${cells} / ${stride}`]
        : ["(n − k + 1) / s", `(${cells} − ${size} + 1) / ${stride}`];
    return html`<p class="formula" aria-label="Size of the output">
      <span class="quiet">ceil(${letters}) =</span> ceil(${numbers}) =
      <strong><data value=${starts.length}>${starts.length}</data></strong>
    </p>`;
  }

  /** @param {Setting} setting */
  #impossible(setting) {
    return html`<p class="impossible" role="status"><strong>⚠ Impossible.</strong> ${impossible(setting)}</p>`;
  }

  /** @param {Setting} setting @param {Windows} windows */
  #table({ cells, size }, { starts }) {
    return html`<details>
      <summary class="quiet small">Windows as a table</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Windows">
        <table>
          <thead class="quiet">
            <tr>
              <th scope="col">output</th>
              <th scope="col">cells</th>
              <th scope="col">zeros</th>
            </tr>
          </thead>
          <tbody>
            ${starts.map((start, output) => {
              const [first, end] = [Math.max(0, start), Math.min(cells, start + size)];
              return html`<tr>
                <th scope="row">${output + 1}</th>
                <td>${first + 1 === end ? end : `${first + 1} to ${end}`}</td>
                <td>${size - (end - first)}</td>
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
    </details>`;
  }

  /** @param {Answer} answer */
  #shown({ setting, windows }) {
    if (!windows) return this.#impossible(setting);
    const { cells, size } = setting;
    const outputs = windows.starts.length;
    const across = windows.before + cells + windows.after;
    return html`
      <div>
        ${this.#formula(setting, windows)}
        <p>${zeros(setting, windows)}</p>
        <p>${covered(windows)}</p>
        <p class="quiet">${withFloor(setting, windows)}</p>
      </div>
      <div
        class="pictures ${across > SIDE_BY_SIDE ? "long" : ""}"
        @window=${(/** @type {Told<"window">} */ { detail }) => {
          this.#stepper.stop();
          this.window = detail;
        }}
      >
        <section aria-label="One dimension">
          <h2>One dimension <span class="quiet">· ${cells} → ${outputs}</span></h2>
          <convscope-window-row
            .windows=${windows}
            .cells=${cells}
            .size=${size}
            .place=${this.window}
          ></convscope-window-row>
        </section>
        <section aria-label="Two dimensions">
          <h2>Two dimensions <span class="quiet">· ${cells}×${cells} → ${outputs}×${outputs}</span></h2>
          <convscope-window-square
            .windows=${windows}
            .cells=${cells}
            .size=${size}
            .place=${this.window}
          ></convscope-window-square>
        </section>
      </div>
      <p>${seen(setting, windows, this.window)} <span class="quiet">${legend(windows)}</span></p>
      ${this.#table(setting, windows)}
    `;
  }

  render() {
    return html`<div class="view">
      <convscope-lesson ?hidden=${this.hides("about")} .lesson=${LESSON}></convscope-lesson>
      ${this.#controls()}${this.answer ? this.#shown(this.answer) : nothing}
    </div>`;
  }
}

customElements.define("convscope-padding", PaddingView);
