import { css, html, nothing } from "lit";
import { colours, css as colourText, isLight, word } from "../ui/colour-scales.js";
import { steps } from "../ui/keys.js";
import { cellNumber } from "../ui/numbers.js";
import { StagedElement } from "../ui/staged-element.js";
import { base } from "../ui/theme.js";
import { frameStyles } from "../ui/frame.js";
import { notANumber } from "../ui/words.js";
import { writtenNumber } from "../ui/written-number.js";
import { tell } from "../ui/events.js";

/** @typedef {import("../ui/colour-scales.js").Meaning} Meaning */
/** @typedef {import("./plane.js").Window} Window */

/** What a click makes of a cell of a kernel: whatever was typed goes back to 0. @param {number} value */
function nextOfThree(value) {
  return value === 0 ? 1 : value === 1 ? -1 : 0;
}

/** As many digits as a field has room for. @param {number} value */
const shortened = (value) => String(Number(value.toPrecision(3)));

/** Up to so many cells across are wide ones. */
const FEW = 3;

/**
 * A small map as a table, each cell in its colour and with its number. Events: `convscope-point` with `{ index }` when
 * a pointer or the keyboard is on a cell, `undefined` when a pointer leaves; `convscope-edit` with `{ index, value }`
 * where cells are editable.
 */
export class NumberGrid extends StagedElement {
  static properties = {
    values: { attribute: false },
    width: { attribute: false },
    height: { attribute: false },
    meaning: { attribute: false },
    scale: { attribute: false },
    limit: { attribute: false },
    inside: { attribute: false },
    label: { attribute: false },
    marked: { attribute: false },
    strongest: { attribute: false },
    window: { attribute: false },
    movable: { attribute: false },
    editable: { attribute: false },
    dark: { attribute: false },
    current: { state: true },
    editing: { state: true },
    refused: { state: true },
  };

  static styles = [
    base,
    frameStyles,
    css`
      table {
        table-layout: fixed;
        --usual: 42px;
        width: calc(var(--columns) * var(--cell, var(--usual)));
        border-collapse: collapse;
        outline: 1px solid var(--hairline);
        font-size: 12px;
        line-height: 1;
      }
      table.many {
        --usual: 40px;
      }
      td {
        height: var(--cell-height, var(--cell, 34px));
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
      td.strongest {
        font-size: 13px;
        font-weight: 700;
        box-shadow: inset 0 0 0 1.5px currentColor;
      }
      [role="grid"] td {
        cursor: pointer;
      }
      .field {
        position: relative;
        width: fit-content;
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
      .refused {
        max-width: 26ch;
        margin-top: 4px;
        color: var(--alarm);
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
    /** Colours instead of the meaning’s, a table as that of `colours`. @type {Uint32Array | undefined} */
    this.scale = undefined;
    /** The value of full colour. */
    this.limit = 1;
    /** Which cells are no padding; all if undefined. @type {Uint8Array | undefined} */
    this.inside = undefined;
    /** What the table is called. */
    this.label = "";
    /** The cell that is framed. @type {number | undefined} */
    this.marked = undefined;
    /** Cells that stand out by their value. @type {readonly number[]} */
    this.strongest = [];
    /** Cells that are framed together. @type {Window | undefined} */
    this.window = undefined;
    /** Whether the keyboard can go from cell to cell where nothing is editable. */
    this.movable = false;
    /**
     * "number": a cell takes a number; "binary": it is switched between 0 and 1; "three": a click goes from 0 to 1 to
     * −1, and any other number can be typed.
     * @type {"number" | "binary" | "three" | undefined}
     */
    this.editable = undefined;
    this.dark = false;
    /** The cell that Tab reaches. */
    this.current = 0;
    /** The cell whose number is being typed. @type {number | undefined} */
    this.editing = undefined;
    /** What was typed and is no number. @type {string | undefined} */
    this.refused = undefined;
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    if (changes.has("width") || changes.has("height")) this.current = 0;
  }

  /** @param {import("lit").PropertyValues} changes */
  updated(changes) {
    this.style.setProperty("--columns", String(this.width));
    const words = this.scale ?? colours(this.meaning, this.dark);
    for (const [index, cell] of this.renderRoot.querySelectorAll("td").entries()) {
      const colour = word(words, this.values[index], this.limit);
      cell.style.backgroundColor = colourText(colour);
      cell.style.color = isLight(colour) ? "#000" : "#fff";
    }
    this.#frame();
    if (!changes.has("editing")) return;
    const input = this.renderRoot.querySelector("input");
    input?.focus();
    input?.select();
  }

  #frame() {
    const { window } = this;
    if (!window) return;
    const { style } = /** @type {HTMLElement} */ (this.renderRoot.querySelector(".frame"));
    // All cells are of one size.
    const [across, along] = [100 / this.width, 100 / this.height];
    style.left = `${across * window.column}%`;
    style.top = `${along * window.row}%`;
    style.width = `${across * window.width}%`;
    style.height = `${along * window.height}%`;
  }

  /** @param {number} index @param {number} value */
  #edit(index, value) {
    this.editing = this.refused = undefined;
    if (value !== this.values[index]) tell(this, "edit", { index, value });
  }

  /** @param {number} index @param {string} typed */
  #take(index, typed) {
    // Where the shortened form still stands, the number is as it was.
    const value = typed === shortened(this.values[index]) ? this.values[index] : writtenNumber(typed);
    if (Number.isFinite(value)) return this.#edit(index, value);
    this.editing = undefined;
    this.refused = typed;
  }

  /** @param {number} index */
  #begin(index) {
    if (!this.editable) return;
    this.current = index;
    if (this.editable === "binary") this.#edit(index, this.values[index] > 0 ? 0 : 1);
    else if (this.editable === "three") this.#edit(index, nextOfThree(this.values[index]));
    else this.editing = index;
  }

  /** The key that is down goes on into the field. @param {number} index */
  #type(index) {
    if (this.editable === "binary") this.#begin(index);
    else if (this.editable) this.editing = index;
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
      if (across >= 0 && across < this.width && along >= 0 && along < this.height)
        void this.focusCell(along * this.width + across);
    } else if (/^[-−.,0-9]$/.test(event.key)) return this.#type(index);
    else if (event.key === "Enter" || event.key === " ") this.#begin(index);
    else return;
    event.preventDefault();
  }

  /** @param {KeyboardEvent} event @param {number} index */
  #typed(event, index) {
    event.stopPropagation();
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    const { value } = /** @type {HTMLInputElement} */ (event.target);
    this.editing = undefined;
    // Before anything is drawn anew: after it, the page would have to be laid out for this.
    this.renderRoot.querySelectorAll("td")[index].focus();
    if (event.key === "Enter") this.#take(index, value);
  }

  /** @param {number} index */
  #cell(index) {
    const place = `row ${Math.floor(index / this.width) + 1}, column ${(index % this.width) + 1}`;
    const outside = this.inside && !this.inside[index];
    const strongest = this.strongest.includes(index);
    const classes = `${outside ? "outside" : ""} ${this.marked === index ? "marked" : ""} ${strongest ? "strongest" : ""}`;
    const point = () => tell(this, "pointnumber", index);
    if (!this.editable && !this.movable)
      return html`<td class=${classes} @pointerenter=${point}>${cellNumber(this.values[index], this.limit)}</td>`;
    return html`<td
      class=${classes}
      tabindex=${this.current === index ? 0 : -1}
      @pointerenter=${point}
      @focus=${point}
      @click=${() => this.#begin(index)}
      @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event, index)}
    >
      ${
        this.editing === index
          ? html`<input
              inputmode="decimal"
              autocomplete="off"
              aria-label=${place}
              .value=${shortened(this.values[index])}
              @click=${(/** @type {Event} */ event) => event.stopPropagation()}
              @keydown=${(/** @type {KeyboardEvent} */ event) => this.#typed(event, index)}
              @blur=${(/** @type {Event} */ { target }) =>
                this.editing === index && this.#take(index, /** @type {HTMLInputElement} */ (target).value)}
            />`
          : cellNumber(this.values[index], this.limit)
      }
    </td>`;
  }

  render() {
    const { width, height, editable, movable, label } = this;
    return html`
      <div class="field">
        <table
          class=${width > FEW ? "many" : ""}
          role=${editable || movable ? "grid" : nothing}
          aria-label=${label}
          @pointerleave=${() => tell(this, "pointnumber")}
        >
          <tbody>
            ${Array.from(
              { length: height },
              (_, row) =>
                html`<tr>
                  ${Array.from({ length: width }, (_, column) => this.#cell(row * width + column))}
                </tr>`,
            )}
          </tbody>
        </table>
        <div class="frame" ?hidden=${!this.window}></div>
      </div>
      <p class="refused small" role="alert" ?hidden=${this.refused === undefined}>
        ${this.refused === undefined ? nothing : notANumber(this.refused)}
      </p>
    `;
  }
}

customElements.define("convscope-number-grid", NumberGrid);
