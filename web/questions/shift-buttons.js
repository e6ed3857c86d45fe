import { LitElement, css, html } from "lit";
import { base } from "../ui/theme.js";
import { tell } from "../ui/events.js";

const DIRECTIONS = /** @type {const} */ ([
  ["left", "←", -1, 0],
  ["up", "↑", 0, -1],
  ["down", "↓", 0, 1],
  ["right", "→", 1, 0],
]);

/** Moves an input by one cell: `convscope-shift` with `{ right, down }`. */
export class ShiftButtons extends LitElement {
  static properties = { flat: { type: Boolean } };

  static styles = [
    base,
    css`
      :host {
        display: inline-flex;
        align-items: center;
        gap: 4px;
      }
      button {
        min-width: 30px;
        padding: 2px 6px;
      }
      span {
        margin-right: 2px;
      }
    `,
  ];

  constructor() {
    super();
    /** Whether there is only left and right. */
    this.flat = false;
  }

  /** @param {number} right @param {number} down */
  #shift(right, down) {
    tell(this, "shift", { right, down });
  }

  render() {
    return html`
      <span>Shift the input</span>
      ${DIRECTIONS.filter(([, , , down]) => !this.flat || down === 0).map(
        ([name, arrow, right, down]) =>
          html`<button aria-label="Shift ${name}" @click=${() => this.#shift(right, down)}>${arrow}</button>`,
      )}
    `;
  }
}

customElements.define("convscope-shift-buttons", ShiftButtons);
