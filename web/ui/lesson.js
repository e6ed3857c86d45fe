import { css, html, nothing } from "lit";
import { StagedElement } from "./staged-element.js";
import { base } from "./theme.js";

/**
 * @typedef {object} Question to answer before looking
 * @property {string} text
 * @property {string[]} [answers] to choose from; without them it is thought about
 * @property {number} [right] which of them is
 * @property {string} because
 */
/** @typedef {{ caption: string, question?: Question }} Lesson what a view shows, in two sentences, and a question */

/** A view's lesson. */
export class LessonElement extends StagedElement {
  static properties = {
    lesson: { attribute: false },
    chosen: { state: true },
  };

  static styles = [
    base,
    css`
      p {
        max-width: 76ch;
      }
      fieldset {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 10px;
        margin: 8px 0 0;
        padding: 0;
        border: 0;
      }
      legend {
        float: left;
        padding: 0;
        margin-right: 4px;
      }
      button[aria-pressed="true"] {
        border-color: var(--ink);
      }
      summary {
        min-height: 24px;
        cursor: pointer;
      }
      /* The room for the answer is kept, so that what stands below it does not move. */
      .answer {
        display: grid;
        margin-top: 4px;
      }
      .answer > p {
        grid-area: 1 / 1;
      }
      .kept {
        visibility: hidden;
      }
      .right {
        color: var(--accent);
      }
      .wrong {
        color: var(--alarm);
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Lesson} */
    this.lesson = { caption: "" };
    /** @type {number | undefined} */
    this.chosen = undefined;
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    if (changes.has("lesson")) this.chosen = undefined;
  }

  /** @param {string[]} answers @param {Question} question @param {boolean} isRight */
  #revealed(answers, { right = 0, because }, isRight) {
    return isRight
      ? html`<span class="right">✓ Right.</span> ${because}`
      : html`<span class="wrong">✗ It is “${answers[right]}”.</span> ${because}`;
  }

  /** @param {Question} question */
  #question(question) {
    const { text, answers, right = 0, because } = question;
    if (!answers) {
      return html`<details>
        <summary>Predict, then look: ${text}</summary>
        <p>${because}</p>
      </details>`;
    }
    return html`
      <fieldset>
        <legend class="quiet">Predict: ${text}</legend>
        ${answers.map(
          (answer, index) =>
            html`<button aria-pressed=${this.chosen === index} @click=${() => (this.chosen = index)}>
              ${answer}
            </button>`,
        )}
      </fieldset>
      <div class="answer">
        <p class="kept" aria-hidden="true">${this.#revealed(answers, question, false)}</p>
        <p role="status" aria-label="Answer">
          ${this.chosen === undefined ? nothing : this.#revealed(answers, question, this.chosen === right)}
        </p>
      </div>
    `;
  }

  render() {
    const { caption, question } = this.lesson;
    return html`
      <p>${caption}</p>
      ${question ? this.#question(question) : nothing}
    `;
  }
}

customElements.define("convscope-lesson", LessonElement);
