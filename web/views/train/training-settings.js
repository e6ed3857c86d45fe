import { css, html, nothing } from "lit";
import { choiceField, fieldStyles, numberField, switchField, unsent, withheld } from "../../ui/fields.js";
import { counted } from "../../ui/counted.js";
import { CROSS_ENTROPY, LOSSES } from "../../runs/losses.js";
import { OPTIMIZERS, kerasOptimizer, optimizerNamed } from "../../runs/optimizers.js";
import { StagedElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { tell } from "../../ui/events.js";
import { ALL_HINT, AUGMENTATION_HINT, RATE_HINT } from "./words.js";

/** @typedef {import("../../training/run-model.js").Settings} Settings */
/** @typedef {Record<string, number | boolean>} Arguments by Keras' names */

/** How digits are bent in each epoch. Where they lie, how large and how slanted they are is the data's own variety. */
const AUGMENTATION = { elastic: 0.8, elasticSigma: 3 };
/** The largest batch while it isn't known yet how many examples there are. */
const MOST_EXAMPLES = 1_000_000;
/** Images that a training takes in by default, in about a minute, where that is a sensible number of epochs. */
const IMAGES_SEEN = 100_000;
const FEWEST_EPOCHS = 2;
const MOST_EPOCHS = 40;
/** @type {{ value: "constant" | "cosine", text: string }[]} */
const SCHEDULES = [
  { value: "cosine", text: "cosine decay" },
  { value: "constant", text: "constant" },
];

/**
 * How a network is trained. `change` when a new run is needed; `rate` for a rate that can change while it
 * runs.
 */
export class TrainingSettings extends StagedElement {
  static properties = {
    optimizer: { state: true },
    arguments: { state: true },
    rate: { state: true },
    schedule: { state: true },
    loss: { state: true },
    batchSize: { state: true },
    chosenEpochs: { state: true },
    augmented: { state: true },
    seed: { attribute: false },
    examples: { attribute: false },
  };

  static styles = [
    base,
    fieldStyles,
    css`
      button {
        margin-left: -12px;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {string} */
    this.optimizer = "adam";
    /** Those of the optimiser that differ from what its name stands for. @type {Arguments} */
    this.arguments = {};
    this.rate = optimizerNamed("adam").rates.training;
    /** @type {"constant" | "cosine"} */
    this.schedule = "cosine";
    this.loss = CROSS_ENTROPY;
    this.batchSize = 32;
    /** @type {number | undefined} as many as fit the examples, until somebody chooses */
    this.chosenEpochs = undefined;
    this.augmented = true;
    /** Whether images of the data's size can be bent. */
    this.augmentable = true;
    this.seed = 0;
    /** How many there are to train on. */
    this.examples = 0;
  }

  /** @returns {Settings} */
  get settings() {
    const { class_name, config } = kerasOptimizer(optimizerNamed(this.optimizer), this.rate);
    return {
      optimizer: { class_name, config: { ...config, ...this.arguments } },
      schedule: this.schedule,
      loss: this.loss,
      batchSize: this.batchSize,
      epochs: this.epochs,
      augmentation: this.augmented && this.augmentable ? AUGMENTATION : undefined,
    };
  }

  set settings({ optimizer, schedule = "constant", loss, batchSize, epochs, augmentation }) {
    const { learning_rate: rate, ...config } = /** @type {Arguments} */ (optimizer.config);
    const named = OPTIMIZERS.filter(({ className }) => className === optimizer.class_name);
    const same = named.findLast((one) => Object.keys(one.config).every((name) => name in config));
    if (same) this.optimizer = same.name;
    Object.assign(this, {
      arguments: config,
      rate,
      schedule,
      loss,
      batchSize,
      chosenEpochs: epochs,
      augmented: augmentation !== undefined,
    });
  }

  /** Few examples are seen more often, so that a training takes about as long whatever the data. */
  get epochs() {
    const fitting = Math.round(IMAGES_SEEN / Math.max(1, this.examples));
    return this.chosenEpochs ?? Math.min(MOST_EPOCHS, Math.max(FEWEST_EPOCHS, fitting));
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }

  /**
   * @template {"schedule" | "loss" | "batchSize" | "chosenEpochs" | "seed" | "augmented"} Name
   * @param {Name} name
   * @returns {(value: this[Name]) => void}
   */
  #set(name) {
    return (value) => {
      this[name] = value;
      this.#changed();
    };
  }

  /** @param {number} rate */
  #setRate = (rate) => {
    this.rate = rate;
    tell(this, "rate", rate);
  };

  /** @param {string} name */
  #choose = (name) => {
    this.optimizer = name;
    this.rate = optimizerNamed(name).rates.training;
    this.arguments = {};
    this.#changed();
  };

  #arguments() {
    const optimizer = optimizerNamed(this.optimizer);
    return optimizer.arguments.map(({ name, value, max }) => {
      const current = this.arguments[name] ?? optimizer.config[name] ?? value;
      /** @param {number | boolean} chosen */
      const change = (chosen) => {
        const { [name]: _, ...others } = this.arguments;
        this.arguments = Number.isNaN(chosen) ? others : { ...others, [name]: chosen };
        this.#changed();
      };
      return typeof current === "boolean"
        ? switchField({ text: name, checked: current, change })
        : numberField({ text: name, value: current, max, optional: Number.isNaN(value), change });
    });
  }

  render() {
    const { examples } = this;
    const { title } = optimizerNamed(this.optimizer);
    return html`
      <form @submit=${unsent} @change=${withheld}>
        ${choiceField({
          text: "Optimiser",
          value: this.optimizer,
          options: OPTIMIZERS.map(({ name, title }) => ({ value: name, text: title })),
          change: this.#choose,
        })}
        ${numberField({
          text: this.schedule === "cosine" ? "Learning rate at first" : "Learning rate",
          value: this.rate,
          max: 1e30,
          title: RATE_HINT,
          change: this.#setRate,
        })}
        ${choiceField({
          text: "Schedule",
          value: this.schedule,
          options: SCHEDULES,
          change: (chosen) => this.#set("schedule")(chosen === "cosine" ? chosen : "constant"),
        })}
        ${numberField({ text: "Batch size", value: this.batchSize, min: 1, max: examples || MOST_EXAMPLES, whole: true, change: this.#set("batchSize") })}
        <button type="button" title=${ALL_HINT} @click=${() => this.#set("batchSize")(examples)}>
          all ${counted(examples)}
        </button>
        ${numberField({ text: "Epochs", value: this.epochs, min: 1, max: 1000, whole: true, change: this.#set("chosenEpochs") })}
        ${numberField({ text: "Seed", value: this.seed, max: 4294967295, whole: true, change: this.#set("seed") })}
        ${
          this.augmentable
            ? switchField({
                text: "augmentation",
                checked: this.augmented,
                title: AUGMENTATION_HINT,
                change: this.#set("augmented"),
              })
            : nothing
        }
      </form>
      <details>
        <summary>Loss and arguments of ${title}</summary>
        <form @submit=${unsent} @change=${withheld}>
          ${choiceField({ text: "Loss", value: this.loss, options: LOSSES.map(({ name, title }) => ({ value: name, text: title })), change: this.#set("loss") })}
          ${this.#arguments()}
        </form>
      </details>
    `;
  }
}

customElements.define("convscope-training-settings", TrainingSettings);
