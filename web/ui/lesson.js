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
      :host {
        display: grid;
        grid-template-columns: minmax(0, 76ch) minmax(0, 60ch);
        gap: 8px 32px;
      }
      fieldset,
      details {
        grid-column: 1 / -1;
      }
      fieldset {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 10px;
        margin: 0;
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
      /* Beside the caption, where there is room: what stands below does not move. */
      [role="status"] {
        grid-area: 1 / 2;
      }
      @media (max-width: 1000px) {
        :host {
          grid-template-columns: minmax(0, 76ch);
        }
        [role="status"] {
          grid-area: auto;
        }
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

  /** @param {string[]} answers @param {Question} question */
  #revealed(answers, { right = 0, because }) {
    const { chosen } = this;
    if (chosen === undefined) return nothing;
    return chosen === right
      ? html`<span class="right">✓ Right.</span> ${because}`
      : html`<span class="wrong">✗ It is “${answers[right]}”.</span> ${because}`;
  }

  /** @param {Question} question */
  #question(question) {
    const { text, answers, because } = question;
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
      <p role="status" aria-label="Answer">${this.#revealed(answers, question)}</p>
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
