import { html } from "lit";
import { choiceField, fieldStyles, numberField, switchField, unsent, withheld } from "../../ui/fields.js";
import { StagedElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { NEW_RUN } from "./words.js";

/** @typedef {import("../../convscope.js").Variation} Variation */
/** @typedef {import("../../training/early-stopping.js").Arguments} EarlyStopping */
/** @typedef {"l1" | "l2" | "dropout" | "patience" | "minDelta" | "startFrom"} Amount */
/** @typedef {"batchNormalization" | "stops" | "restores"} Switch */

const MONITORS = /** @type {const} */ (["val_loss", "val_accuracy", "loss", "accuracy"]);

/** What keeps a network from memorising its examples. `change` when a new run is needed. */
export class RegularizationSettings extends StagedElement {
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

  static styles = [base, fieldStyles];

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
    const {
      monitor,
      patience,
      minDelta: min_delta,
      startFrom: start_from_epoch,
      restores: restore_best_weights,
    } = this;
    return this.stops ? { monitor, patience, min_delta, start_from_epoch, restore_best_weights } : undefined;
  }

  set earlyStopping(chosen) {
    this.stops = chosen !== undefined;
    const {
      monitor = "val_loss",
      patience = 2,
      min_delta: minDelta = 0,
      start_from_epoch: startFrom = 0,
    } = chosen ?? {};
    Object.assign(this, { monitor, patience, minDelta, startFrom, restores: chosen?.restore_best_weights ?? true });
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }

  /**
   * @template {Amount | Switch | "monitor"} Name
   * @param {Name} name
   * @returns {(value: this[Name]) => void}
   */
  #set(name) {
    return (value) => {
      this[name] = value;
      this.#tell();
    };
  }

  /** @param {string} text @param {Amount} name @param {{ max: number, whole?: boolean, optional?: boolean }} options */
  #amount(text, name, options) {
    return numberField({ text, value: this[name], ...options, change: this.#set(name) });
  }

  /** @param {string} text @param {Switch} name */
  #switch(text, name) {
    return switchField({ text, checked: this[name], change: this.#set(name) });
  }

  #stopping() {
    const most = { max: 1000, whole: true };
    return html`
      ${choiceField({
        text: "monitor",
        value: this.monitor,
        options: MONITORS.map((name) => ({ value: name, text: name })),
        change: (name) => this.#set("monitor")(MONITORS.find((one) => one === name) ?? "val_loss"),
      })}
      ${this.#amount("patience", "patience", most)} ${this.#amount("min_delta", "minDelta", { max: 100 })}
      ${this.#amount("start_from_epoch", "startFrom", most)} ${this.#switch("restore_best_weights", "restores")}
    `;
  }

  render() {
    return html`
      <details>
        <summary>Regularisation and early stopping</summary>
        <form @submit=${unsent} @change=${withheld}>
          ${this.#amount("L2", "l2", { max: 10 })} ${this.#amount("L1", "l1", { max: 10 })}
          ${this.#amount("Dropout", "dropout", { max: 0.95, optional: true })}
          ${this.#switch("batch normalisation", "batchNormalization")} ${this.#switch("early stopping", "stops")}
          ${this.stops ? this.#stopping() : ""}
        </form>
        <p class="quiet small">${NEW_RUN}</p>
      </details>
    `;
  }
}

customElements.define("convscope-regularization-settings", RegularizationSettings);
