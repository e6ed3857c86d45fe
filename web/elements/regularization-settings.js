import { LitElement, css, html } from "lit";
import { base } from "./theme.js";

/** @typedef {import("../training/architecture.js").Variation} Variation */
/** @typedef {import("../training/early-stopping.js").Arguments} EarlyStopping */
/** @typedef {"l1" | "l2" | "dropout" | "patience" | "minDelta" | "startFrom"} Amount */
/** @typedef {"batchNormalization" | "stops" | "restores"} Switch */

/** What keeps a network from learning its examples by heart. `change` when a new run is needed. */
export class RegularizationSettings extends LitElement {
  static properties = {
    l1: { state: true },
    l2: { state: true },
    dropout: { state: true },
    batchNormalization: { state: true },
    stops: { state: true },
    monitor: { state: true },
    patience: { state: true },
    minDelta: { state: true },
    startFrom: { state: true },
    restores: { state: true },
  };

  static styles = [
    base,
    css`
      summary {
        min-height: 24px;
        cursor: pointer;
      }
      form {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 18px;
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-height: 28px;
      }
      input[type="number"] {
        width: 9ch;
        min-height: 28px;
        padding: 2px 6px;
        border: 1px solid var(--hairline);
        border-radius: 3px;
        background: var(--paper);
        color: inherit;
        font: inherit;
      }
    `,
  ];

  constructor() {
    super();
    this.l1 = 0;
    this.l2 = 0;
    /** NaN: as the network has it. */
    this.dropout = NaN;
    this.batchNormalization = false;
    /** Whether training stops early, with the arguments that follow. */
    this.stops = false;
    /** @type {Required<EarlyStopping>["monitor"]} */
    this.monitor = "val_loss";
    this.patience = 2;
    this.minDelta = 0;
    this.startFrom = 0;
    this.restores = true;
  }

  /** @returns {Variation} */
  get variation() {
    const { l1, l2, dropout, batchNormalization } = this;
    return { l1, l2, batchNormalization, dropout: Number.isNaN(dropout) ? undefined : dropout };
  }

  set variation({ l1 = 0, l2 = 0, dropout = NaN, batchNormalization = false }) {
    Object.assign(this, { l1, l2, dropout, batchNormalization });
  }

  /** @returns {EarlyStopping | undefined} */
  get earlyStopping() {
    const { monitor, patience, minDelta: min_delta, startFrom: start_from_epoch, restores: restore_best_weights } = this;
    return this.stops ? { monitor, patience, min_delta, start_from_epoch, restore_best_weights } : undefined;
  }

  set earlyStopping(chosen) {
    this.stops = chosen !== undefined;
    const { monitor = "val_loss", patience = 2, min_delta: minDelta = 0, start_from_epoch: startFrom = 0 } = chosen ?? {};
    Object.assign(this, { monitor, patience, minDelta, startFrom, restores: chosen?.restore_best_weights ?? true });
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }

  /** @param {string} text @param {Amount} name @param {number} max @param {string} step */
  #amount(text, name, max, step) {
    const change = (/** @type {Event} */ { target }) => {
      const { value, valueAsNumber, validity } = /** @type {HTMLInputElement} */ (target);
      if (!validity.valid || (value === "" && name !== "dropout")) return;
      this[name] = valueAsNumber;
      this.#tell();
    };
    const value = Number.isNaN(this[name]) ? "" : String(this[name]);
    return html`<label>${text} <input type="number" min="0" max=${max} step=${step} .value=${value} @change=${change} /></label>`;
  }

  /** @param {string} text @param {Switch} name */
  #switch(text, name) {
    const change = (/** @type {Event} */ { target }) => {
      this[name] = /** @type {HTMLInputElement} */ (target).checked;
      this.#tell();
    };
    return html`<label><input type="checkbox" .checked=${this[name]} @change=${change} /> ${text}</label>`;
  }

  /** @param {Event} event */
  #setMonitor({ target }) {
    this.monitor = /** @type {Required<EarlyStopping>["monitor"]} */ (/** @type {HTMLSelectElement} */ (target).value);
    this.#tell();
  }

  #stopping() {
    return html`
      <label
        >monitor
        <select @change=${this.#setMonitor}>
          ${["val_loss", "val_accuracy", "loss", "accuracy"].map(
            (name) => html`<option value=${name} ?selected=${name === this.monitor}>${name}</option>`,
          )}
        </select>
      </label>
      ${this.#amount("patience", "patience", 1000, "1")} ${this.#amount("min_delta", "minDelta", 100, "any")}
      ${this.#amount("start_from_epoch", "startFrom", 1000, "1")} ${this.#switch("restore_best_weights", "restores")}
    `;
  }

  render() {
    return html`
      <details>
        <summary>Regularisation and early stopping</summary>
        <form
          @submit=${(/** @type {Event} */ event) => event.preventDefault()}
          @change=${(/** @type {Event} */ event) => event.stopPropagation()}
        >
          ${this.#amount("L2", "l2", 10, "any")} ${this.#amount("L1", "l1", 10, "any")}
          ${this.#amount("Dropout", "dropout", 0.95, "any")} ${this.#switch("batch normalisation", "batchNormalization")}
          ${this.#switch("early stopping", "stops")} ${this.stops ? this.#stopping() : ""}
        </form>
        <p class="quiet small">
          A change here starts a new run from the same seed. An empty dropout leaves the network's own.
        </p>
      </details>
    `;
  }
}

customElements.define("convscope-regularization-settings", RegularizationSettings);
