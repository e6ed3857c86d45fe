import { LitElement, css, html } from "lit";
import { OPTIMIZERS, kerasOptimizer, optimizerNamed } from "./optimizers.js";
import { base } from "./theme.js";

/** @typedef {import("../training/run.js").Settings} Settings */

const BATCH_SIZES = [1, 8, 32, 64, 128, 512];
/** Keras' default rates, except for SGD, which would hardly move. @type {Record<string, number>} */
const RATES = { sgd: 0.05, momentum: 0.02, adagrad: 0.02, rmsprop: 0.001, adam: 0.001 };
/** What the generator's digits are varied by, mildly: they are varied already. */
const AUGMENTATION = { shift: 1, rotation: 0.15, scale: 0.1, shear: 0.15, elastic: 0.4 };

/** How a network is trained. `change` when a new run is needed; `convscope-rate` for a rate that can change while it runs. */
export class TrainingSettings extends LitElement {
  static properties = {
    optimizer: { state: true },
    rate: { state: true },
    batchSize: { state: true },
    epochs: { state: true },
    augmented: { state: true },
    seed: { attribute: false },
    examples: { attribute: false },
  };

  static styles = [
    base,
    css`
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
    /** @type {string} */
    this.optimizer = "adam";
    this.rate = RATES["adam"];
    this.batchSize = 32;
    this.epochs = 10;
    this.augmented = false;
    this.seed = 0;
    /** How many there are to train on. */
    this.examples = 0;
  }

  /** @returns {Settings} */
  get settings() {
    return {
      optimizer: kerasOptimizer(optimizerNamed(this.optimizer), this.rate),
      loss: "sparse_categorical_crossentropy",
      batchSize: this.batchSize,
      epochs: this.epochs,
      augmentation: this.augmented ? AUGMENTATION : undefined,
    };
  }

  set settings({ optimizer, batchSize, epochs, augmentation }) {
    const { learning_rate: rate, ...config } = optimizer.config;
    const same = OPTIMIZERS.find(
      (one) => one.className === optimizer.class_name && JSON.stringify(one.config) === JSON.stringify(config),
    );
    if (same) this.optimizer = same.name;
    Object.assign(this, { rate, batchSize, epochs, augmented: augmentation !== undefined });
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }

  /** @param {Event} event */
  #choose(event) {
    this.optimizer = /** @type {HTMLSelectElement} */ (event.target).value;
    this.rate = RATES[this.optimizer];
    this.#changed();
  }

  /** @param {Event} event */
  #setRate({ target }) {
    const { valueAsNumber, validity } = /** @type {HTMLInputElement} */ (target);
    if (!validity.valid || !Number.isFinite(valueAsNumber)) return;
    this.rate = valueAsNumber;
    this.dispatchEvent(new CustomEvent("convscope-rate", { detail: { rate: valueAsNumber } }));
  }

  /** @param {"epochs" | "seed"} name @returns {(event: Event) => void} */
  #count(name) {
    return ({ target }) => {
      const { valueAsNumber, validity } = /** @type {HTMLInputElement} */ (target);
      if (!validity.valid || !Number.isInteger(valueAsNumber)) return;
      this[name] = valueAsNumber;
      this.#changed();
    };
  }

  /** @param {Event} event */
  #setBatchSize({ target }) {
    this.batchSize = Number(/** @type {HTMLSelectElement} */ (target).value);
    this.#changed();
  }

  /** @param {Event} event */
  #setAugmented({ target }) {
    this.augmented = /** @type {HTMLInputElement} */ (target).checked;
    this.#changed();
  }

  render() {
    return html`
      <form @submit=${(/** @type {Event} */ event) => event.preventDefault()} @change=${stop}>
        <label
          >Optimiser
          <select .value=${this.optimizer} @change=${this.#choose}>
            ${OPTIMIZERS.map(({ name, title }) => html`<option value=${name} ?selected=${name === this.optimizer}>${title}</option>`)}
          </select>
        </label>
        <label title="It can be changed while the network learns."
          >Learning rate
          <input type="number" min="0" max="1e30" step="any" .value=${String(this.rate)} @change=${this.#setRate} />
        </label>
        <label
          >Batch size
          <select @change=${this.#setBatchSize}>
            ${[...BATCH_SIZES, this.examples].map(
              (size, index) => html`
                <option value=${size} ?selected=${size === this.batchSize}>${index < BATCH_SIZES.length ? size : `all ${size}`}</option>
              `,
            )}
          </select>
        </label>
        <label
          >Epochs
          <input type="number" min="1" max="1000" step="1" .value=${String(this.epochs)} @change=${this.#count("epochs")} />
        </label>
        <label
          >Seed
          <input type="number" min="0" max="4294967295" step="1" .value=${String(this.seed)} @change=${this.#count("seed")} />
        </label>
        <label title="Each epoch shifts, turns and bends every digit another way.">
          <input type="checkbox" .checked=${this.augmented} @change=${this.#setAugmented} />
          augmentation
        </label>
      </form>
    `;
  }
}

/** What a field fires doesn't leave the form: this element's own `change` does. @param {Event} event */
function stop(event) {
  event.stopPropagation();
}

customElements.define("convscope-training-settings", TrainingSettings);
