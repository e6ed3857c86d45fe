import { LitElement, css, html, nothing } from "lit";
import { colours, css as colourText, isLight, word } from "../colour-scales.js";
import { steps } from "../keys.js";
import { number } from "../numbers.js";
import { base } from "../theme.js";

/** @typedef {import("../colour-scales.js").Meaning} Meaning */

/** Up to so many cells across are wide ones. */
const FEW = 3;
/** Widths in CSS pixels. */
const FEW_CELLS = 42;
const MANY_CELLS = 35;

/**
 * A small map as a table, each cell in its colour and with its number. Events: `convscope-point` with `{ index }` when a pointer
 * is on a cell, `undefined` when it leaves; `convscope-edit` with `{ index, value }` where cells are editable.
 */
export class NumberGrid extends LitElement {
  static properties = {
    values: { attribute: false },
    width: { attribute: false },
    height: { attribute: false },
    meaning: { attribute: false },
    limit: { attribute: false },
    inside: { attribute: false },
    label: { attribute: false },
    marked: { attribute: false },
    editable: { attribute: false },
    dark: { attribute: false },
    current: { state: true },
    editing: { state: true },
  };

  static styles = [
    base,
    css`
      table {
        table-layout: fixed;
        width: var(--across);
        border-collapse: collapse;
        outline: 1px solid var(--hairline);
        font-size: 12px;
        line-height: 1;
      }
      table.many {
        font-size: 11px;
      }
      td {
        height: 34px;
        padding: 0;
        text-align: center;
        white-space: nowrap;
      }
      /* A cell of the padding: zeros that nobody drew. */
      td.outside {
        background: repeating-linear-gradient(45deg, var(--hairline) 0 1px, transparent 1px 5px) !important;
        color: var(--quiet) !important;
      }
      td.marked {
        outline: 2px solid var(--accent);
        outline-offset: -2px;
      }
      [role="grid"] td {
        cursor: pointer;
      }
      td:focus-visible {
        outline-offset: -2px;
      }
      input {
        width: 6ch;
        border: 0;
        padding: 0;
        background: var(--paper);
        color: var(--ink);
        font: inherit;
        text-align: center;
      }
    `,
  ];

  constructor() {
    super();
    /** [height × width], row by row. @type {ArrayLike<number>} */
    this.values = [];
    this.width = 1;
    this.height = 1;
    /** @type {Meaning} */
    this.meaning = "activation";
    /** The value of full colour. */
    this.limit = 1;
    /** Which cells are no padding; all if undefined. @type {Uint8Array | undefined} */
    this.inside = undefined;
    /** What the table is called. */
    this.label = "";
    /** The cell that is framed. @type {number | undefined} */
    this.marked = undefined;
    /** "number": a cell takes a number; "binary": it is switched between 0 and 1. @type {"number" | "binary" | undefined} */
    this.editable = undefined;
    this.dark = false;
    /** The cell that Tab reaches. */
    this.current = 0;
    /** The cell whose number is being typed. @type {number | undefined} */
    this.editing = undefined;
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    if (changes.has("width") || changes.has("height")) this.current = 0;
  }

  updated() {
    const { width } = this;
    this.style.setProperty("--across", `${width * (width > FEW ? MANY_CELLS : FEW_CELLS)}px`);
    const words = colours(this.meaning, this.dark);
    for (const [index, cell] of this.renderRoot.querySelectorAll("td").entries()) {
      const colour = word(words, this.values[index], this.limit);
      cell.style.backgroundColor = colourText(colour);
      cell.style.color = isLight(colour) ? "#000" : "#fff";
    }
    this.renderRoot.querySelector("input")?.select();
  }

  /** @param {string} type @param {object} detail */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  /** @param {number} index @param {number} value */
  #edit(index, value) {
    this.editing = undefined;
    if (Number.isFinite(value) && value !== this.values[index]) this.#tell("convscope-edit", { index, value });
  }

  /** @param {number} index */
  #begin(index) {
    if (!this.editable) return;
    this.current = index;
    if (this.editable === "binary") this.#edit(index, this.values[index] > 0 ? 0 : 1);
    else this.editing = index;
  }

  /** @param {number} index */
  async focusCell(index) {
    this.current = index;
    await this.updateComplete;
    this.renderRoot.querySelectorAll("td")[index]?.focus();
  }

  /** @param {KeyboardEvent} event @param {number} index */
  #key(event, index) {
    if (this.editing !== undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = steps(event);
    const [row, column] = [Math.floor(index / this.width), index % this.width];
    if (step) {
      const [across, along] = [column + step[0], row + step[1]];
      if (across >= 0 && across < this.width && along >= 0 && along < this.height) void this.focusCell(along * this.width + across);
    } else if (event.key === "Enter" || event.key === " " || /^[-.0-9]$/.test(event.key)) this.#begin(index);
    else return;
    event.preventDefault();
  }

  /** @param {KeyboardEvent} event @param {number} index */
  #typed(event, index) {
    event.stopPropagation();
    const { valueAsNumber } = /** @type {HTMLInputElement} */ (event.target);
    if (event.key === "Escape") this.editing = undefined;
    else if (event.key === "Enter") this.#edit(index, valueAsNumber);
    else return;
    void this.focusCell(index);
  }

  /** @param {number} index */
  #cell(index) {
    const place = `row ${Math.floor(index / this.width) + 1}, column ${(index % this.width) + 1}`;
    const classes = `${this.inside && !this.inside[index] ? "outside" : ""} ${this.marked === index ? "marked" : ""}`;
    const point = () => this.#tell("convscope-point", { index });
    if (!this.editable) return html`<td class=${classes} @pointerenter=${point}>${number(this.values[index])}</td>`;
    return html`<td
      class=${classes}
      tabindex=${this.current === index ? 0 : -1}
      @pointerenter=${point}
      @click=${() => this.#begin(index)}
      @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event, index)}
    >
      ${
        this.editing === index
          ? html`<input
              type="number"
              step="any"
              aria-label=${place}
              .value=${String(this.values[index])}
              @click=${(/** @type {Event} */ event) => event.stopPropagation()}
              @keydown=${(/** @type {KeyboardEvent} */ event) => this.#typed(event, index)}
              @blur=${(/** @type {Event} */ { target }) =>
                this.editing === index && this.#edit(index, /** @type {HTMLInputElement} */ (target).valueAsNumber)}
            />`
          : number(this.values[index])
      }
    </td>`;
  }

  render() {
    const { width, height, editable, label } = this;
    return html`
      <table
        class=${width > FEW ? "many" : ""}
        role=${editable ? "grid" : nothing}
        aria-label=${label}
        @pointerleave=${() => this.#tell("convscope-point", { index: undefined })}
      >
        <tbody>
          ${Array.from(
            { length: height },
            (_, row) => html`<tr>
              ${Array.from({ length: width }, (_, column) => this.#cell(row * width + column))}
            </tr>`,
          )}
        </tbody>
      </table>
    `;
  }
}

customElements.define("convscope-number-grid", NumberGrid);
