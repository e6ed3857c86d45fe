import { css, html } from "lit";
import { SessionElement } from "../../session/session-element.js";
import { base } from "../../ui/theme.js";
import { LOSS_OF_DRAWING, lossOf } from "./words.js";

/** The loss of the drawing, as it would be in training if its label were what the student meant. */
export class DrawingLoss extends SessionElement {
  static properties = { meant: { state: true } };

  static styles = [
    base,
    css`
      :host {
        margin-top: 8px;
      }
      select {
        min-height: 24px;
        padding: 0 4px;
      }
      output {
        display: block;
        min-height: 1lh;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {number | undefined} the class of the drawing, which nobody but its author knows */
    this.meant = undefined;
  }

  /** @param {import("../../session/session.js").Kind} kind */
  changed(kind) {
    if (kind === "observation" || kind === "model") this.requestUpdate();
  }

  /** @param {Event} event */
  #choose({ target }) {
    const { value } = /** @type {HTMLSelectElement} */ (target);
    this.meant = value === "" ? undefined : Number(value);
  }

  render() {
    const { session, meant } = this;
    const probability = meant === undefined ? undefined : session?.observation?.probabilities[meant];
    const { classes = Array.from("0123456789") } = session?.shown ?? {};
    return html`
      <label class="small" title=${LOSS_OF_DRAWING}
        >meant:
        <select @change=${this.#choose}>
          <option value="">–</option>
          ${classes.map((name, label) => html`<option value=${label}>${name}</option>`)}
        </select></label
      >
      <output class="small">${probability === undefined ? "" : lossOf(probability)}</output>
    `;
  }
}

customElements.define("convscope-drawing-loss", DrawingLoss);
