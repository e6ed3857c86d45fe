import { css, html, nothing } from "lit";
import { StagedElement } from "./staged-element.js";
import { base } from "./theme.js";

/**
 * @typedef {object} Question
 * @property {string} text
 * @property {string[]} answers to choose from
 * @property {number} right which of them is
 * @property {string} because
 */

/** What a view shows, in two sentences, and a question to answer before looking. */
export class Lesson extends StagedElement {
  static properties = {
    caption: { attribute: false },
    question: { attribute: false },
    chosen: { state: true },
  };

  static styles = [
    base,
    css`
      :host {
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
    /** @type {unknown} text or a template */
    this.caption = "";
    /** @type {Question | undefined} */
    this.question = undefined;
    /** @type {number | undefined} */
    this.chosen = undefined;
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    const before = /** @type {Question | undefined} */ (changes.get("question"));
    if (before && before.text !== this.question?.text) this.chosen = undefined;
  }

  /** @param {Question} question */
  #revealed({ answers, right, because }) {
    const { chosen } = this;
    if (chosen === undefined) return nothing;
    return chosen === right
      ? html`<span class="right">✓ Right.</span> ${because}`
      : html`<span class="wrong">✗ It is “${answers[right]}”.</span> ${because}`;
  }

  render() {
    const { caption, question, chosen } = this;
    return html`
      <p>${caption}</p>
      ${
        question
          ? html`
              <fieldset>
                <legend class="quiet">Predict: ${question.text}</legend>
                ${question.answers.map(
                  (answer, index) =>
                    html`<button aria-pressed=${chosen === index} @click=${() => (this.chosen = index)}>
                      ${answer}
                    </button>`,
                )}
              </fieldset>
              <p role="status" aria-label="Answer">${this.#revealed(question)}</p>
            `
          : nothing
      }
    `;
  }
}

customElements.define("convscope-lesson", Lesson);
