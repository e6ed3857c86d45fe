import { LitElement, css, html, nothing } from "lit";
import { paintImage } from "../../ui/image.js";
import { exampleImage } from "../../questions/examples.js";
import { base } from "../../ui/theme.js";
import { percent } from "../../ui/numbers.js";
import { MISREAD, memorised, misread } from "./words.js";

/** @typedef {import("../../convscope.js").LabelledImages} Examples */
/** @typedef {import("../../training/validation.js").Wrong} Wrong */
/** @typedef {{ examples: Examples, index: number, text: string }} Digit */

/** So many of either kind are shown. */
export const SHOWN = 10;

/** Digits that a network has memorised, beside those that it misreads. */
export class Memorised extends LitElement {
  static properties = {
    training: { attribute: false },
    validation: { attribute: false },
    wrong: { attribute: false },
    accuracy: { attribute: false },
    classes: { attribute: false },
    dark: { attribute: false },
  };

  static styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
        gap: 12px 28px;
      }
      h2 {
        margin: 0;
        font-size: 12px;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 10px;
        margin: 4px 0 0;
        padding: 0;
        list-style: none;
      }
      li {
        font-size: 12px;
        text-align: center;
      }
      canvas {
        width: 42px;
        height: 42px;
        margin: 0 auto 2px;
        outline: 1px solid var(--hairline);
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Examples | undefined} */
    this.training = undefined;
    /** @type {Examples | undefined} */
    this.validation = undefined;
    /** @type {Wrong[]} of the validation examples */
    this.wrong = [];
    /** The part of the training examples that it reads rightly. */
    this.accuracy = 0;
    /** What the labels stand for. @type {string[]} */
    this.classes = [];
    this.dark = false;
  }

  /** @returns {Digit[]} */
  get #learnt() {
    const { training: examples } = this;
    if (!examples) return [];
    const labels = Array.from(examples.labels.subarray(0, SHOWN));
    return labels.map((label, index) => ({ examples, index, text: this.classes[label] }));
  }

  /** @returns {Digit[]} */
  get #misread() {
    const { validation: examples, wrong } = this;
    if (!examples) return [];
    return wrong.slice(0, SHOWN).map(({ index, label, answer, probability }) => ({
      examples,
      index,
      text: misread(this.classes[label], this.classes[answer], probability),
    }));
  }

  updated() {
    const digits = [...this.#learnt, ...this.#misread];
    for (const [place, canvas] of this.renderRoot.querySelectorAll("canvas").entries()) {
      const { examples, index } = digits[place];
      paintImage(canvas, exampleImage(examples, index), examples.shape, this.dark);
    }
  }

  /** @param {string} title @param {Digit[]} digits */
  #list(title, digits) {
    return html`<section>
      <h2>${title}</h2>
      <ul>
        ${digits.map(({ text }) => html`<li><canvas aria-hidden="true"></canvas>${text}</li>`)}
      </ul>
    </section>`;
  }

  render() {
    const { training, wrong } = this;
    if (!training || wrong.length === 0) return nothing;
    return html`${this.#list(memorised(SHOWN, training.labels.length, percent(this.accuracy, 0)), this.#learnt)}
    ${this.#list(MISREAD, this.#misread)}`;
  }
}

customElements.define("convscope-memorised", Memorised);
