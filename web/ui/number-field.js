import { LitElement, css, html, nothing } from "lit";
import { base } from "./theme.js";
import { refusedNumber } from "./words.js";
import { writtenNumber } from "./written-number.js";

/**
 * A labelled field for a number. What it does not take changes nothing, stays to be mended, and is named with the range.
 * It is no `<input type="number">`: there, a decimal comma is dropped in silence, and 0,5 becomes 5.
 */
export class NumberField extends LitElement {
  static properties = {
    text: { attribute: false },
    value: { attribute: false },
    min: { attribute: false },
    max: { attribute: false },
    whole: { attribute: false },
    optional: { attribute: false },
    stepped: { attribute: false },
    hint: { attribute: false },
    refused: { state: true },
  };

  static styles = [
    base,
    css`
      /* The label and what it says of a refused number are items of the form around: the words take a line there. */
      :host {
        display: contents;
      }
      div {
        display: inline-flex;
        align-items: center;
        min-height: 28px;
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      input {
        width: var(--field-width, 9ch);
        min-height: 28px;
        padding: 2px 6px;
        border: 1px solid var(--hairline);
        border-radius: 3px;
        background: var(--paper);
        color: inherit;
        font: inherit;
      }
      input[aria-invalid="true"] {
        border-color: var(--alarm);
      }
      button {
        min-width: 28px;
        margin-left: -1px;
        padding: 2px 0;
        border-radius: 0;
      }
      button:last-of-type {
        border-radius: 0 3px 3px 0;
      }
      .stepped input {
        width: var(--field-width, 5ch);
        border-radius: 3px 0 0 3px;
      }
      p {
        flex: 1 0 100%;
        order: 1;
        color: var(--alarm);
      }
    `,
  ];

  constructor() {
    super();
    this.text = "";
    /** NaN: empty. */
    this.value = NaN;
    this.min = 0;
    this.max = 1;
    /** Whether only whole numbers are taken. */
    this.whole = false;
    /** Whether it can be left empty. */
    this.optional = false;
    /** Whether buttons beside it go one up and one down. */
    this.stepped = false;
    /** What is said of it when a pointer rests on it. */
    this.hint = "";
    /** Told each number that is taken, NaN for an empty field. @type {(value: number) => void} */
    this.change = () => {};
    /** What was typed and is not taken. @type {string | undefined} */
    this.refused = undefined;
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    if (changes.has("value")) this.refused = undefined;
  }

  /** @param {string} typed */
  #typed(typed) {
    const { min, max, whole, optional } = this;
    const value = writtenNumber(typed);
    const within = value >= min && value <= max && (!whole || Number.isInteger(value));
    const taken = typed.trim() === "" ? optional : within;
    this.refused = taken ? undefined : typed;
    if (taken) this.change(value);
  }

  /** @param {number} value */
  #go(value) {
    const next = Math.max(this.min, Math.min(this.max, value));
    this.refused = undefined;
    if (next !== this.value) this.change(next);
    return next;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.whole || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (event.target);
    // What has been typed until now counts, though it has not been told yet.
    const from = Math.round(writtenNumber(field.value)) || 0;
    field.value = String(this.#go(from + (event.key === "ArrowUp" ? 1 : -1)));
  }

  /** For pointers: the arrow keys do the same in the field. @param {string} sign @param {number} step @param {number} end */
  #button(sign, step, end) {
    return html`<button
      type="button"
      tabindex="-1"
      aria-hidden="true"
      ?disabled=${this.value === end}
      @click=${() => this.#go((this.value || 0) + step)}
    >
      ${sign}
    </button>`;
  }

  render() {
    const { text, value, min, max, whole, stepped, hint, refused } = this;
    return html`
      <div class=${stepped ? "stepped" : ""} title=${hint || nothing}>
        <label
          >${text}
          <input
            autocomplete="off"
            inputmode=${whole ? "numeric" : "decimal"}
            role=${whole ? "spinbutton" : nothing}
            aria-valuemin=${whole ? min : nothing}
            aria-valuemax=${whole ? max : nothing}
            aria-valuenow=${whole && !Number.isNaN(value) ? value : nothing}
            aria-invalid=${refused === undefined ? nothing : "true"}
            aria-describedby="refused"
            .value=${refused ?? (Number.isNaN(value) ? "" : String(value))}
            @change=${(/** @type {Event} */ { target }) => this.#typed(/** @type {HTMLInputElement} */ (target).value)}
            @keydown=${this.#key}
        /></label>
        ${stepped ? [this.#button("−", -1, min), this.#button("+", 1, max)] : nothing}
      </div>
      <p id="refused" class="small" role="alert" ?hidden=${refused === undefined}>
        ${refused === undefined ? nothing : refusedNumber(refused, this)}
      </p>
    `;
  }
}

customElements.define("convscope-number-field", NumberField);
