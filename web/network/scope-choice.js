import { LitElement, css, html } from "lit";
import { base } from "../ui/theme.js";

/** @typedef {import("./layer-column.js").Scope} Scope */

/** @type {[Scope, string][]} */
const CHOICES = [
  ["map", "within each map"],
  ["layer", "within a layer"],
  ["all", "across all layers"],
];

/** Over which maps one colour means one number. Fires `change`. */
export class ScopeChoice extends LitElement {
  static properties = { scope: { attribute: false } };

  static styles = [
    base,
    css`
      :host {
        display: flex;
        align-items: baseline;
        gap: 8px;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Scope} */
    this.scope = "layer";
  }

  /** @param {Event} event */
  #choose(event) {
    this.scope = /** @type {Scope} */ (/** @type {HTMLSelectElement} */ (event.target).value);
    this.dispatchEvent(new Event("change"));
  }

  render() {
    return html`
      <label class="quiet" for="choice">Colours compare</label>
      <select id="choice" @change=${this.#choose}>
        ${CHOICES.map(
          ([value, text]) => html`<option value=${value} ?selected=${value === this.scope}>${text}</option>`,
        )}
      </select>
    `;
  }
}

customElements.define("convscope-scope-choice", ScopeChoice);
